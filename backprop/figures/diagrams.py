"""The pictures of the network, drawn from the numbers of an example.

Lengths are in units of the viewBox, which is as narrow as a phone is.
"""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from backprop import arguments
from backprop.examples import EXAMPLES, Example
from backprop.figures.curves import draw_slope, draw_step
from backprop.figures.labels import NEURONS
from backprop.figures.map import add_map
from backprop.figures.overview import draw_parameters, draw_plain, draw_values
from backprop.figures.paths import draw_hidden, draw_meeting
from backprop.figures.svg import NO_PEN, WIDTH, Box, Words, add_box, spoken
from backprop.figures.tape import draw_tape
from backprop.symbolic.graph import Graph

STANDALONE_STYLE = (
    "svg { color: #1f2328; --bp-background: #fff; font-family: Helvetica, Arial, sans-serif }"
    " @media (prefers-color-scheme: dark)"
    " { svg { color: #e6e8ec; --bp-background: #1e2129 } }"
)


def draw(
    figure: str,
    example: str | Example,
    *,
    standalone: bool = False,
    links: Mapping[str, str] | None = None,
) -> str:
    """Return a picture of an example as an `<svg>` element.

    Args:
        figure: `plain` (the names alone), `values` (the names and the givens),
            `parameters` (the names, also of the bias that each neuron may have),
            `map` (every number of a forward pass), `hidden` (how the total error
            depends on the output of the first hidden neuron: the sum over two paths),
            `meeting` (how the net input of the first output neuron depends on the first
            input: two paths that meet in the neuron),
            `tape` (the first output neuron, one operation a step, with values
            and derivatives), `slope` (the logistic function with its slope at the net
            input of the first output neuron) or `step` (the total error against w5,
            with its slope and the way down).
        example: whose numbers and notation to use, `notes` or `lecture`; or one of
            these with other givens.
        standalone: whether colors, background and font come along, as a file
            of its own needs; in a page they are those of the page.
        links: where quantities lead to, by name.

    Raises:
        ValueError: there is no such figure, or no such example.
    """
    arguments.one_of("figure", figure, tuple(FIGURES))
    if not isinstance(example, Example):
        arguments.one_of("example", example, tuple(EXAMPLES))
        example = EXAMPLES[example]
    return draw_example(figure, example, standalone=standalone, links=links)


def draw_example(
    figure: str,
    example: Example,
    *,
    standalone: bool = False,
    key: str | None = None,
    links: Mapping[str, str] | None = None,
) -> str:
    """Do the work of `draw` for an example of another form, which may be in several samples.

    What each sample has of its own, its inputs and targets, is then drawn with its name alone.
    Its notation is that of the worked example with its name. `key` sets the picture's ids apart
    from those of other pictures in a document.
    """
    content = Element("g")
    words = FIGURES[figure](content, example)
    add_links(content, links or {})
    key = key or f"bp-{figure}-{example.name}"
    return picture(content, words, key, standalone=standalone, linked=bool(links))


def draw_map_of(
    name: str,
    notation: str,
    graph: Graph,
    learning_rate: float,
    biases: str = "frozen",
    *,
    standalone: bool = False,
) -> str:
    """Return the map of a page's own network as an `<svg>` element.

    Args:
        name: of the example, as the figure has it.
        notation: how the page writes the names, `notes` or `lecture`.
        graph: the network, of any widths, activations, loss and samples.
        learning_rate: the step size.
        biases: how they learn, `frozen`, `shared` or `per_neuron`.
        standalone: as in `draw`.

    Raises:
        ValueError: there are no labels in this notation.
    """
    arguments.one_of("notation", notation, tuple(NEURONS))
    content = Element("g")
    words = add_map(content, name, notation, graph, learning_rate, biases)
    return picture(content, words, f"bp-map-{name}", standalone=standalone)


def picture(
    content: Element, words: Words, key: str, *, standalone: bool = False, linked: bool = False
) -> str:
    """Return what has been drawn as an `<svg>` element, with its title and description."""
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "network",
            "viewBox": f"0 0 {words.width:g} {words.height:g}",
            "role": "group" if linked else "img",  # screen readers skip the content of an image
            "aria-labelledby": f"{key}-title {key}-desc",
        },
    )
    if words.width > WIDTH:  # a phone scrolls it sideways, since letters must not shrink
        svg.set("width", f"{words.width:g}")
    SubElement(svg, "title", {"id": f"{key}-title"}).text = spoken(words.title)
    SubElement(svg, "desc", {"id": f"{key}-desc"}).text = spoken(words.description)
    if standalone:
        SubElement(svg, "style").text = STANDALONE_STYLE
        add_box(svg, Box(words.width / 2, words.height / 2, words.width, words.height, 0), NO_PEN)
    svg.extend(content)
    if standalone:
        svg.text = "\n"
        for child in svg:  # one element a line, so that a change shows as a few lines
            child.tail = "\n"
    return tostring(svg, encoding="unicode")


def add_links(svg: Element, links: Mapping[str, str]) -> None:
    """Make links of the labels of some quantities, each with the name of what it leads to."""
    for group in svg.iter("g"):
        name = group.get("data-name", "")
        if name in links and group.find("text") is not None:
            group.tag = "a"
            group.attrib |= {"href": links[name], "aria-label": name}


def draw_map(svg: Element, example: Example) -> Words:
    """Draw the network with every number of its forward pass, which a page can recompute."""
    return add_map(svg, example.name, example.name, Graph.of(example), example.learning_rate)


FIGURES: dict[str, Callable[[Element, Example], Words]] = {
    "plain": draw_plain,
    "values": draw_values,
    "parameters": draw_parameters,
    "map": draw_map,
    "hidden": draw_hidden,
    "meeting": draw_meeting,
    "tape": draw_tape,
    "slope": draw_slope,
    "step": draw_step,
}

"""The pictures of the network, drawn from the numbers of an example.

Lengths are in units of the viewBox, which is as narrow as a phone is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from backprop import arguments
from backprop.arguments import Array
from backprop.examples import EXAMPLES, Example
from backprop.figures.curves import draw_slope, draw_step
from backprop.figures.labels import (
    NEURONS,
    Labels,
    bracketed,
    computed,
    given,
    joined,
    named,
    said,
)
from backprop.figures.map import add_map
from backprop.figures.svg import (
    LINE,
    MARGIN,
    NO_PEN,
    THIN_PEN,
    WIDTH,
    Box,
    Line,
    Pen,
    Point,
    Shown,
    Words,
    add_arrow,
    add_box,
    add_clear_label,
    add_group,
    add_label,
    add_line,
    add_node,
    add_text,
    spoken,
    thick,
)
from backprop.figures.tape import draw_tape
from backprop.network import Network
from backprop.symbolic.graph import Graph

INPUT_X, HIDDEN_X, OUTPUT_X = 26.0, 172.0, 336.0
BESIDE_OUTPUT, BEFORE_OUTPUT = 14.0, 100.0  # the error, and its target
ERROR_X = OUTPUT_X + BESIDE_OUTPUT
NEURON, LAYER_GAP = 80.0, OUTPUT_X - HIDDEN_X
LONGER = 30.0  # a neuron whose layer is part of its name, as in h_2,1
ROW, ROW_GAP, ERROR_GAP = 114.0, 150.0, 88.0  # the first row; to the next; to the error
SPREAD = 0.06  # how far two edges part at a node, as a share of the rows between them
ON_CROSSING_EDGE = 0.3  # the place of a label on an edge, before the edges cross
BESIDE_NEURON = 40.0
BESIDE_BIAS_ARROW, OWN_BIAS = 24.0, 33.0  # the label of a neuron's own bias, seen from the neuron
LEGEND_GAP, LEGEND_SIZE = 28.0, 13.0
HEADING_RISE, HEADING_SIZE = 29.0, 12.0
MEETING_RISE = 84.0  # there are no errors above the first row

PENS: tuple[Pen, Pen, Pen] = (  # the two paths, told apart without color too, and their sum
    thick({"stroke": "var(--bp-path-1, #1a7fd0)"}),
    thick({"stroke": "var(--bp-path-2, #d9600a)", "stroke-dasharray": "7 4"}),
    thick(THIN_PEN),
)
FAINT: Pen = {**THIN_PEN, "opacity": "0.45"}
STANDALONE_STYLE = (
    "svg { color: #1f2328; --bp-background: #fff; font-family: Helvetica, Arial, sans-serif }"
    " @media (prefers-color-scheme: dark)"
    " { svg { color: #e6e8ec; --bp-background: #1e2129 } }"
)


@dataclass(frozen=True)
class Edge:
    """A weight: its name, its value, its layer, and the numbers of the neurons it connects."""

    name: str
    value: float
    layer: int
    source: int
    neuron: int

    @property
    def label(self) -> str:
        """How the edge is labelled: w_5."""
        return self.name.replace("w", "w_")


@dataclass(frozen=True)
class Path:
    """A path of the error back into the first hidden neuron.

    Attributes:
        edge: the weight on the path.
        names: the first two factors, the derivatives of E_o and of out_o.
        factors: all three factors as printed, the weight last.
        product: what the path contributes.
    """

    edge: Edge
    names: tuple[str, str]
    factors: tuple[Shown, Shown, Shown]
    product: float

    @property
    def contribution(self) -> Shown:
        """The product as printed."""
        return computed(self.product, f"dE_o{self.edge.neuron + 1}/dout_h1")


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


def draw_plain(svg: Element, example: Example) -> Words:
    """Draw the network with its names only."""
    return draw_network(svg, example, "The network and its names", lambda name, _: [name])


def draw_parameters(svg: Element, example: Example) -> Words:
    """Draw the network with its names, and those of the biases if each neuron has its own."""
    words = draw_plain(svg, example)
    names = []
    for layer, neurons in enumerate(boxes(example.network)[1:], start=1):
        middle = (neurons[0].y + neurons[-1].y) / 2
        for k, neuron in enumerate(neurons, start=1):
            names.append(f"b{layer}_{k}")
            y = neuron.y + (OWN_BIAS if neuron.y < middle else -OWN_BIAS)
            place = neuron.x + BESIDE_BIAS_ARROW, y
            add_label(add_group(svg, names[-1]), place, [f"b_{layer},{k}"])
    description = (
        f"{words.description} Where each neuron has a bias of its own: {', '.join(names)}, "
        "by layer and neuron."
    )
    return Words("The network and its weights and biases", description, words.height)


def add_links(svg: Element, links: Mapping[str, str]) -> None:
    """Make links of the groups of some quantities, each with the name of what it leads to."""
    for group in svg.iter("g"):
        name = group.get("data-name", "")
        if name in links:
            group.tag = "a"
            group.attrib |= {"href": links[name], "aria-label": name}


def draw_values(svg: Element, example: Example) -> Words:
    """Draw the network with its names and givens."""
    return draw_network(svg, example, "The network and its givens", lambda *both: [*both])


def draw_network(
    svg: Element, example: Example, title: str, label: Callable[[str, str], list[str]]
) -> Words:
    """Draw the whole network; `label` makes lines of text of a name and a value."""
    network = example.network
    labels = Labels.of(example.name, len(network.weights))
    layers = boxes(network)
    weights = [(edge, label(edge.label, given(edge.value, edge.name))) for edge in edges(network)]

    def label_each(form: str, stem: str, numbers: Array) -> list[list[str]]:
        """Label what each sample has of its own, by its name alone where there are several."""
        names = [named(form, k) for k in range(numbers.shape[-1])]
        if numbers.ndim > 1:
            return [[name] for name in names]
        shown = (given(x, f"{stem}{k}") for k, x in enumerate(numbers, start=1))
        return [label(name, value) for name, value in zip(names, shown, strict=True)]

    inputs = label_each(labels.nodes[0], "i", example.inputs)
    targets = label_each(labels.target, "target_o", example.targets)
    biases = [
        label(f"b_{k}", shared(bias, f"b{k}")) for k, bias in enumerate(network.biases, start=1)
    ]
    for edge, lines in weights:
        group = add_group(svg, edge.name)
        add_arrow(group, *ends(layers, edge))
        add_edge_label(group, layers, edge, lines)
    for k, (box, lines) in enumerate(zip(layers[0], inputs, strict=True), start=1):
        add_node(add_group(svg, f"i{k}"), box, lines)
    for k, (layer, lines) in enumerate(zip(layers[1:], biases, strict=True), start=1):
        add_bias(add_group(svg, f"b{k}"), layer, lines)
    add_neurons(svg, layers, labels, {})
    for k, lines in enumerate(targets):
        add_target(add_group(svg, f"target_o{k + 1}"), layers[-1][k], lines)
        add_error(add_group(svg, f"E_o{k + 1}"), layers[-1][k], named(labels.error, k))
    add_headings(svg, layers)

    description = in_words(labels, network.sizes[1:], weights, inputs, biases, targets)
    width = layers[-1][0].side(1, 0)[0] + WIDTH - OUTPUT_X - NEURON / 2
    return Words(title, description, bottom(layers) + MARGIN, width)


def in_words(
    labels: Labels,
    widths: Sequence[int],
    weights: Sequence[tuple[Edge, list[str]]],
    inputs: Sequence[list[str]],
    biases: Sequence[list[str]],
    targets: Sequence[list[str]],
) -> str:
    """Return in words what a drawing of the whole network shows.

    Args:
        labels: what it calls the quantities.
        widths: the numbers of neurons, layer by layer, without the inputs.
        weights: the lines of text of each.
        inputs: the lines of text of each.
        biases: the lines of text of each.
        targets: the lines of text of each.
    """
    ways = (
        f"{' = '.join(lines)} from {named(labels.nodes[edge.layer], edge.source)}"
        f" to {named(labels.nodes[edge.layer + 1], edge.neuron)}"
        for edge, lines in weights
    )
    neurons = (
        f"{named(net, k)} into {named(out, k)}"
        for width, net, out in zip(widths, labels.nets, labels.outs, strict=True)
        for k in range(width)
    )
    errors = (named(labels.error, k) for k in range(len(targets)))
    return (
        f"Read from left to right. Inputs: {said(inputs)}. Weights: {', '.join(ways)}. "
        f"Biases, one for {'the' if len(widths) == 2 else 'each'} hidden layer and one for the "
        f"output layer: {said(biases)}. "
        "Each neuron turns its net input, in its left half, into its output, in its right half: "
        f"{', '.join(neurons)}. Each output is compared with its target, "
        f"{said(targets)}, which gives its error, {', '.join(errors)}."
    )


def draw_hidden(svg: Element, example: Example) -> Words:
    """Draw the two paths on which the error flows back into the first hidden neuron."""
    labels = Labels.of(example.name)
    layers = boxes(example.network)
    first = layers[1][0]
    paths = paths_back(example)
    used = [path.edge for path in paths]
    total = f"∂E_total/∂{named(labels.outs[0], 0)}"

    for edge in edges(example.network):
        if edge not in used:
            add_line(add_group(svg, edge.name), *ends(layers, edge), FAINT)
    for k, box in enumerate(layers[0]):
        add_node(add_group(svg, f"i{k + 1}"), box, [named(labels.nodes[0], k)])
    outputs = [layers[-1][edge.neuron] for edge in used]
    add_neurons(svg, layers, labels, dict(zip([*outputs, first], PENS, strict=True)))
    for path, output, pen in zip(paths, outputs, PENS, strict=False):
        add_path(svg, layers, path, pen)
        k = path.edge.neuron
        add_error(add_group(svg, f"E_o{k + 1}"), output, named(labels.error, k), pen)
    result = computed(sum(path.product for path in paths), "dE_total/dout_h1")
    add_label(svg, (first.x, first.y - BESIDE_NEURON), [total, result])

    legend = [legend_of(path, labels) for path in paths]
    addition = joined(" + ", [bracketed(path.contribution) for path in paths])
    legend.append([f"{total}, the sum over both paths:", [*addition, " = ", result]])
    end = add_legend(svg, bottom(layers) + LEGEND_GAP, legend)
    solid, dashed, both = (" ".join(map("".join, lines)) for lines in legend)
    description = (
        "The error flows back from right to left, along two paths that meet in the first "
        f"hidden neuron. Solid line: {solid}. Dashed line: {dashed}. There: {both}."
    )
    return Words(f"Backpropagation into the hidden layer: {total}", description, end)


def draw_meeting(svg: Element, example: Example) -> Words:
    """Draw the two paths from the first input that meet in the first output neuron."""
    labels = Labels.of(example.name)
    graph = Graph.of(example)
    layers = [
        [replace(box, y=box.y - MEETING_RISE) for box in layer] for layer in boxes(example.network)
    ]
    weights = {edge.name: edge for edge in edges(example.network)}
    paths = [(weights["w1"], weights["w5"]), (weights["w3"], weights["w6"])]
    whole = f"∂{named(labels.nets[1], 0)}/∂{named(labels.nodes[0], 0)}"

    for edge in weights.values():
        if edge not in (*paths[0], *paths[1]):
            add_line(add_group(svg, edge.name), *ends(layers, edge), FAINT)
    for k, box in enumerate(layers[0]):
        add_node(add_group(svg, f"i{k + 1}"), box, [named(labels.nodes[0], k)])
    add_neurons(svg, layers, labels, dict(zip((*layers[1], layers[2][0]), PENS, strict=True)))
    legend: list[list[Line]] = []
    for k, (path, pen) in enumerate(zip(paths, PENS, strict=False)):
        for edge in path:
            group = add_group(svg, edge.name)
            add_arrow(group, *ends(layers, edge), pen)
            add_edge_label(group, layers, edge, [edge.label, given(edge.value, edge.name)])
        first, second = (given(edge.value, edge.name) for edge in path)
        slope = float(graph.local(f"out_h{k + 1}", f"net_h{k + 1}"))
        middle = computed(slope, f"dout_h{k + 1}/dnet_h{k + 1}")
        factors = joined(" \N{MULTIPLICATION SIGN} ", [*map(bracketed, (first, middle, second))])
        legend.append([f"through {named(labels.nodes[1], k)}:", factors])
    result = computed(float(graph.derivative("net_o1", "i1")), "dnet_o1/di1")
    legend.append([f"{whole}, the sum over both paths:", [result]])
    end = add_legend(svg, layers[1][-1].side(0, 1)[1] + LEGEND_GAP, legend)
    solid, dashed, both = (" ".join(map("".join, lines)) for lines in legend)
    description = (
        "Two paths lead from the first input to the first output neuron, where they meet. "
        f"Solid line: {solid}. Dashed line: {dashed}. There: {both}."
    )
    return Words(f"Paths that meet in a neuron: {whole}", description, end)


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


def paths_back(example: Example) -> list[Path]:
    r"""Return how the error of each output depends on the output of the first hidden neuron.

    $$\frac{\partial E_o}{\partial out_{h1}} = \frac{\partial E_o}{\partial out_o}
      \frac{\partial out_o}{\partial net_o} \, w = \delta_o \, w$$
    """
    labels = Labels.of(example.name)
    graph = Graph.of(example)
    paths = []
    for edge in edges(example.network):
        if edge.layer == 1 and edge.source == 0:
            k = edge.neuron
            net, out = named(labels.nets[1], k), named(labels.outs[1], k)
            o = f"o{k + 1}"
            error = float(graph.local(f"E_{o}", f"out_{o}"))
            slope = float(graph.local(f"out_{o}", f"net_{o}"))
            factors = (
                computed(error, f"dE_{o}/dout_{o}"),
                computed(slope, f"dout_{o}/dnet_{o}"),
                given(edge.value, edge.name),
            )
            names = f"∂{named(labels.error, k)}/∂{out}", f"∂{out}/∂{net}"
            product = float(graph.derivative(f"E_{o}", "out_h1"))
            paths.append(Path(edge, names, factors, product))
    return paths


def edges(network: Network) -> Iterator[Edge]:
    """Yield the weights in the order of their numbers: neuron by neuron, layer by layer."""
    number = count(1)
    for layer, weights in enumerate(network.weights):
        for (neuron, source), value in np.ndenumerate(weights):
            yield Edge(f"w{next(number)}", float(value), layer, source, neuron)


def boxes(network: Network) -> list[list[Box]]:
    """Return the places of the nodes, layer by layer."""
    more = len(network.weights) > 2
    neuron, gap = (NEURON + LONGER, LAYER_GAP + LONGER) if more else (NEURON, LAYER_GAP)
    columns = (HIDDEN_X + LONGER / 2 * more + k * gap for k in range(len(network.weights)))
    shapes = ((INPUT_X, 44, 44, 22), *((x, neuron, 38, 12) for x in columns))
    return [
        [Box(x, ROW + k * ROW_GAP, width, height, rounding) for k in range(size)]
        for (x, width, height, rounding), size in zip(shapes, network.sizes, strict=True)
    ]


def ends(layers: list[list[Box]], edge: Edge) -> tuple[Point, Point]:
    """Return where an edge leaves its source and where it enters its neuron."""
    source, neuron = layers[edge.layer][edge.source], layers[edge.layer + 1][edge.neuron]
    shift = SPREAD * (neuron.y - source.y)
    (x1, y1), (x2, y2) = source.side(1, 0), neuron.side(-1, 0)
    return (x1, y1 + shift), (x2, y2 - shift)


def outward(output: Box) -> int:
    """Return on which side of an output its error stands: above (-1) or below (1)."""
    return -1 if output.y == ROW else 1


def error_box(output: Box) -> Box:
    """Return the place of an output's error."""
    return Box(output.x + BESIDE_OUTPUT, output.y + outward(output) * ERROR_GAP, 52, 36, 12)


def bottom(layers: list[list[Box]]) -> float:
    """Return the lower edge of the drawing: of the last error, or of a neuron below it."""
    return max(box.side(0, 1)[1] for box in (error_box(layers[-1][-1]), *(x[-1] for x in layers)))


def add_edge_label(svg: Element, layers: list[list[Box]], edge: Edge, lines: list[str]) -> None:
    """Write the label of a weight on its edge."""
    (x1, y1), (x2, y2) = ends(layers, edge)
    part = 0.5 if y1 == y2 else ON_CROSSING_EDGE
    middle = x1 + part * (x2 - x1), y1 + part * (y2 - y1)
    if y1 == y2 and len(lines) == 2:  # a level edge runs between the two lines
        add_label(svg, middle, lines, leading=LINE + 4)
    else:
        add_clear_label(svg, middle, lines)


def add_bias(svg: Element, layer: list[Box], lines: list[str]) -> None:
    """Draw the bias in the middle of its layer, or below its only neuron, with an arrow to each."""
    y = (layer[0].y + layer[-1].y) / 2 if len(layer) > 1 else layer[0].y + ROW_GAP / 2
    bias = Box(layer[0].x, y, 48, 44, 3)
    for neuron in layer:
        way = 1 if neuron.y > bias.y else -1
        add_arrow(svg, bias.side(0, way), neuron.side(0, -way))
    add_node(svg, bias, lines)


def add_neurons(
    svg: Element, layers: list[list[Box]], labels: Labels, pens: dict[Box, Pen]
) -> None:
    """Draw each neuron in two halves, its net input and its output; `pens` sets some apart."""
    rows = zip(layers[1:], labels.nets, labels.outs, labels.stems, strict=True)
    for layer, net, out, stem in rows:
        for k, box in enumerate(layer):
            add_box(svg, box, pens.get(box, THIN_PEN))
            add_line(svg, box.side(0, -1), box.side(0, 1))
            for place, form, name in ((-0.5, net, "net"), (0.5, out, "out")):
                group = add_group(svg, f"{name}_{stem}{k + 1}")
                add_label(group, box.side(place, 0), [named(form, k)])


def add_target(svg: Element, output: Box, lines: list[str]) -> None:
    """Draw the target of an output, with an arrow to the error."""
    error = error_box(output)
    target = Box(output.x - BEFORE_OUTPUT, error.y, 68, 44, 3)
    add_arrow(svg, target.side(1, 0), error.side(-1, 0))
    add_node(svg, target, lines)


def add_error(svg: Element, output: Box, name: str, pen: Pen | None = None) -> None:
    """Draw the error of an output and the arrow to it, or with a pen the arrow back."""
    error, way = error_box(output), outward(output)
    start, end = (error.x, output.side(0, way)[1]), error.side(0, -way)
    if pen is None:
        add_arrow(svg, start, end)
    else:
        add_arrow(svg, end, start, pen)
    add_node(svg, error, [name], pen or THIN_PEN)


def add_path(svg: Element, layers: list[list[Box]], path: Path, pen: Pen) -> None:
    """Draw the way from an output back along its weight, and write the factors beside it."""
    svg = add_group(svg, path.edge.name)
    output, way = layers[-1][path.edge.neuron], outward(layers[-1][path.edge.neuron])
    start, end = ends(layers, path.edge)
    add_arrow(svg, end, start, pen)
    error, slope, weight = path.factors
    between = (output.side(0, way)[1] + error_box(output).side(0, -way)[1]) / 2
    add_label(svg, (ERROR_X - 10, between), [path.names[0], error], "end")
    inward = output.y - way * BESIDE_NEURON
    add_label(svg, (WIDTH - MARGIN, inward), [path.names[1], slope], "end")
    add_edge_label(svg, layers, path.edge, [path.edge.label, weight])


def legend_of(path: Path, labels: Labels) -> list[Line]:
    """Return what a path contributes, in words and in numbers."""
    k = path.edge.neuron
    name = f"∂{named(labels.error, k)}/∂{named(labels.outs[0], 0)}"
    factors = joined(" \N{MULTIPLICATION SIGN} ", [*map(bracketed, path.factors)])
    return [
        f"{name}, through {named(labels.nodes[2], k)} and along {path.edge.label}:",
        [*factors, " = ", path.contribution],
    ]


def add_legend(svg: Element, y: float, legend: list[list[Line]]) -> float:
    """Write the legend, a sample of its pen before each entry; return where it ends."""
    for lines, pen in zip(legend, PENS, strict=True):
        add_line(svg, (MARGIN, y - 4.5), (MARGIN + 34, y - 4.5), pen)
        for line in lines:
            add_text(svg, (MARGIN + 42, y), line, "start", LEGEND_SIZE)
            y += LINE
        y += LINE / 2
    return y - LINE


def add_headings(svg: Element, layers: list[list[Box]]) -> None:
    """Write a heading above each layer, at the output layer left of the arrow to the error."""
    y = ROW - HEADING_RISE
    _, *hidden, output = (layer[0].x for layer in layers)
    for x, anchor, heading in (
        (MARGIN, "start", "inputs"),
        *(
            (x, "middle", f"hidden layer {k}" if len(hidden) > 1 else "hidden layer")
            for k, x in enumerate(hidden, start=1)
        ),
        (output + BESIDE_OUTPUT - 10, "end", "output layer"),
    ):
        add_text(svg, (x, y), heading, anchor, HEADING_SIZE)


def shared(bias: Array, name: str) -> str:
    """Return the biases of a layer, shape (neurons,), as text: one number where all are equal."""
    each = list(dict.fromkeys(given(value, name) for value in bias))
    return each[0] if len(each) == 1 else ", ".join(each)

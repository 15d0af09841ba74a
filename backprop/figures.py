"""The pictures of the network, drawn as SVG from the numbers of an example.

A label is written as text in which `_` begins a subscript: `w_5`, `out_h1`.
All lengths are in units of the viewBox, which is narrow enough for a phone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from backprop import checks
from backprop.checks import Array
from backprop.examples import EXAMPLES, Example
from backprop.gradient import backward
from backprop.network import Network, forward

WIDTH = 380.0
COLUMNS = (26.0, 172.0, 334.0)  # inputs, hidden layer, output layer
TOP_ROW, ROW_GAP = 132.0, 150.0
ERROR_X, TARGET_X, ERROR_GAP = 350.0, 238.0, 76.0  # the gap is to the neuron's row
INPUT, NEURON, BIAS, TARGET, ERROR = (44, 44), (76, 38), (46, 42), (62, 40), (52, 36)
ROUNDING = 12.0
SPREAD = 0.06  # how far two edges at one node part, as a share of the rows between them
CROSSING_LABEL, STRAIGHT_LABEL = 0.3, 0.5  # where on its edge a label stands
HEADING_GAP = 30.0
ARROW = 8.0
FONT, SMALL_FONT, SUBSCRIPT_DROP, LINE = 14.0, 11.0, 3.5, 17.0
LETTER_RISE = 4.5  # from the middle of a line of text down to its baseline

BACKGROUND = "var(--bp-background, var(--md-default-bg-color, #fff))"
INK = "currentColor"
PATH_COLORS = ("var(--bp-path-1, #1a7fd0)", "var(--bp-path-2, #d9600a)")
PATH_DASHES = ("none", "7 4")
STANDALONE_STYLE = """
svg { color: #1f2328; --bp-background: #fff; font-family: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { color: #e6e8ec; --bp-background: #1e2129; } }
"""


@dataclass(frozen=True)
class Notation:
    """What an example calls its quantities; `{}` stands for the number.

    Attributes:
        nodes: the nodes of each layer, inputs first.
        nets: the net inputs of the hidden and of the output layer.
        outs: their outputs.
        target: the target of an output.
        error: the error of an output.
    """

    nodes: tuple[str, ...]
    nets: tuple[str, ...]
    outs: tuple[str, ...]
    target: str
    error: str


NOTATIONS = {
    "notes": Notation(
        ("x_{}", "h_{}", "y_{}"), ("z_{}", "y_{}"), ("h_{}", "ŷ_{}"), "t_{}", "E_y{}"
    ),
    "lecture": Notation(
        ("i_{}", "h_{}", "o_{}"),
        ("net_h{}", "net_o{}"),
        ("out_h{}", "out_o{}"),
        "target_o{}",
        "E_o{}",
    ),
}


@dataclass(frozen=True)
class Box:
    """Where a node stands: its center and its size."""

    x: float
    y: float
    size: tuple[float, float]

    def side(self, right: float, down: float) -> tuple[float, float]:
        """Return a point of the rim, where (1, 0) is the middle of the right-hand side."""
        return self.x + right * self.size[0] / 2, self.y + down * self.size[1] / 2


@dataclass(frozen=True)
class Edge:
    """A weight: its name, its value, and the way from one layer to the next."""

    name: str
    value: float
    layer: int
    source: int
    neuron: int


def draw(figure: str, example: str, *, standalone: bool = False) -> str:
    """Return a picture of an example as an `<svg>` element.

    Args:
        figure: `plain` (the names alone), `values` (with the givens) or
            `hidden` (the derivative with respect to the output of the first
            hidden neuron, as the sum over two paths).
        example: whose numbers and notation to use, `notes` or `lecture`.
        standalone: whether to bring colors, background and font along, as a
            file of its own needs; inside a page they come from the page.

    Raises:
        ValueError: there is no such figure or no such example.
    """
    checks.one_of("figure", figure, tuple(FIGURES))
    checks.one_of("example", example, tuple(EXAMPLES))
    return draw_example(figure, EXAMPLES[example], standalone=standalone)


def draw_example(figure: str, example: Example, *, standalone: bool) -> str:
    """Do the work of `draw` for a network of two inputs, two hidden neurons, two outputs."""
    content = Element("g")
    title, description, height = FIGURES[figure](content, example)

    key = f"bp-{figure}-{example.name}"
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "network",
            "viewBox": f"0 0 {WIDTH:g} {height:g}",
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
            "font-size": f"{FONT:g}",
        },
    )
    SubElement(svg, "title", {"id": f"{key}-title"}).text = plain_text(title)
    SubElement(svg, "desc", {"id": f"{key}-desc"}).text = plain_text(description)
    if standalone:
        SubElement(svg, "style").text = STANDALONE_STYLE
        SubElement(svg, "rect", {"width": "100%", "height": "100%", "style": f"fill: {BACKGROUND}"})
    svg.extend(content)
    if standalone:
        for child in svg:  # one element a line, so that a change shows as a few lines
            child.tail = "\n"
    return tostring(svg, encoding="unicode")


def draw_plain(svg: Element, example: Example) -> tuple[str, str, float]:
    """Draw the network with its names only; return title, description and height."""
    return draw_network(svg, example, "The network and its names", values=False)


def draw_values(svg: Element, example: Example) -> tuple[str, str, float]:
    """Draw the network with its names and givens; return title, description and height."""
    return draw_network(svg, example, "The network and its givens", values=True)


def draw_network(
    svg: Element, example: Example, title: str, *, values: bool
) -> tuple[str, str, float]:
    """Draw the whole network, with or without the values of what is given."""
    notation = NOTATIONS[example.name]
    layers = boxes(example.network)

    def lines(name: str, value: str) -> list[str]:
        return [name, value] if values else [name]

    def said(name: str, value: str) -> str:
        return f"{name} = {value}" if values else name

    sentences = []
    for edge in edges(example.network):
        add_edge(svg, layers, edge, lines(edge.name, given(edge.value)))
        source = notation.nodes[edge.layer].format(edge.source + 1)
        neuron = notation.nodes[edge.layer + 1].format(edge.neuron + 1)
        sentences.append(f"{said(edge.name, given(edge.value))} from {source} to {neuron}")
    inputs = []
    for k, (box, value) in enumerate(zip(layers[0], example.inputs, strict=True)):
        name = notation.nodes[0].format(k + 1)
        add_node(svg, box, lines(name, given(value)), rounding=box.size[1] / 2)
        inputs.append(said(name, given(value)))
    biases = []
    for k, bias in enumerate(example.network.biases):
        value = ", ".join(dict.fromkeys(map(given, bias)))
        add_bias(svg, layers[k + 1], lines(f"b_{k + 1}", value))
        biases.append(said(f"b_{k + 1}", value))
    add_neurons(svg, layers, notation)
    targets = []
    for k, (box, value) in enumerate(zip(layers[-1], example.targets, strict=True)):
        name = notation.target.format(k + 1)
        error = add_error(svg, box, notation.error.format(k + 1))
        target = Box(TARGET_X, error.y, TARGET)
        add_arrow(svg, target.side(1, 0), error.side(-1, 0))
        add_node(svg, target, lines(name, given(value)), rounding=ROUNDING / 3)
        targets.append(said(name, given(value)))
    headings = zip(("inputs", "hidden layer", "output layer"), layers, strict=True)
    for heading, layer in headings:
        # The arrow to the error leaves the output layer on the right of its heading.
        x = min(layer[0].x, ERROR_X - 48)
        add_text(svg, x, TOP_ROW - HEADING_GAP, heading, **{"font-size": "12"})

    description = (
        f"Read from left to right. Inputs: {', '.join(inputs)}. "
        f"Weights: {', '.join(sentences)}. "
        f"Biases, each for its whole layer: {', '.join(biases)}. "
        f"Each neuron turns its net input (left half) into its output (right half): "
        f"{', '.join(neuron_names(example.network, notation))}. "
        f"Each output is compared with its target ({', '.join(targets)}), "
        f"which gives the errors {', '.join(map(notation.error.format, (1, 2)))}."
    )
    return title, description, layers[-1][-1].y + ERROR_GAP + ERROR[1] / 2 + 4


def draw_hidden(svg: Element, example: Example) -> tuple[str, str, float]:
    """Draw the two paths back into the first hidden neuron; return title, description, height."""
    notation = NOTATIONS[example.name]
    layers = boxes(example.network)
    below = notation.outs[0].format(1)
    factors, contributions, total = paths_into_hidden(example)

    for edge in edges(example.network):
        if edge.layer == 0 or edge.source != 0:
            add_line(svg, *ends(layers, edge), width=1, opacity="0.45")
    for k, box in enumerate(layers[0]):
        add_node(svg, box, [notation.nodes[0].format(k + 1)], rounding=box.size[1] / 2)
    add_neurons(svg, layers, notation)

    bottom = layers[-1][-1].y + ERROR_GAP + ERROR[1] / 2
    legend = bottom + 26
    outer = [edge for edge in edges(example.network) if edge.layer == 1 and edge.source == 0]
    spoken = []
    for k, edge in enumerate(outer):
        error, out, net = (
            form.format(k + 1) for form in (notation.error, notation.outs[1], notation.nets[1])
        )
        box, pen = layers[-1][k], {"stroke": PATH_COLORS[k], "stroke-dasharray": PATH_DASHES[k]}
        add_path(svg, layers, edge, error, pen)
        inward = outward(box) * -1
        names = [f"∂{error}/∂{out}", f"∂{out}/∂{net}"]
        numbers = [computed(factors[k][0]), computed(factors[k][1])]
        middle = box.y - inward * (box.size[1] + ERROR_GAP - ERROR[1] / 2) / 2
        add_lines(svg, ERROR_X - 8, middle, [names[0], numbers[0]], anchor="end")
        add_lines(svg, WIDTH - 4, box.y + inward * 38, [names[1], numbers[1]], anchor="end")
        neuron = notation.nodes[2].format(k + 1)
        lead = f"∂{error}/∂{below}, through {neuron} and along {edge.name}:"
        product = " × ".join([*map(bracketed, numbers), bracketed(given(edge.value))])
        add_legend(svg, legend, [lead, f"{product} = {computed(contributions[k])}"], pen)
        spoken.append(f"{lead} {product} = {computed(contributions[k])}")
        legend += 2 * LINE + 8
    lead = f"∂E_total/∂{below}, the sum over both paths:"
    first, *rest = map(computed, contributions)
    addition = f"{' + '.join([first, *map(bracketed, rest)])} = {computed(total)}"
    add_legend(svg, legend, [lead, addition], {"stroke": "none"})
    add_lines(svg, layers[1][0].x, layers[1][0].y - 42, [f"∂E_total/∂{below}", computed(total)])

    description = (
        f"The error flows back from right to left into {below}, along two paths. "
        f"Solid line, {spoken[0]}. Dashed line, {spoken[1]}. {lead} {addition}."
    )
    return f"Backpropagation into the hidden layer: ∂E_total/∂{below}", description, legend + 30


def paths_into_hidden(example: Example) -> tuple[Array, Array, float]:
    r"""Return how the error of each output depends on the output of the first hidden neuron.

    $$\frac{\partial E_{total}}{\partial out_{h1}}
      = \sum_o \frac{\partial E_o}{\partial out_o}
      \frac{\partial out_o}{\partial net_o} \, w_{o,h1}$$

    Returns:
        The first two factors of each path, shape (out, 2); the products with
        the weight, shape (out,); their sum.
    """
    outs = forward(example.network, example.inputs).outs[-1]
    deltas = backward(example.network, example.inputs, example.targets).deltas[-1]
    contributions = deltas * example.network.weights[-1][:, 0]
    factors = np.stack([-(example.targets - outs), outs * (1 - outs)], axis=-1)
    return factors, contributions, float(contributions.sum())


FIGURES: dict[str, Callable[[Element, Example], tuple[str, str, float]]] = {
    "plain": draw_plain,
    "values": draw_values,
    "hidden": draw_hidden,
}


def given(value: float) -> str:
    """Return a given in full, with two decimals at least."""
    return signed(np.format_float_positional(value, min_digits=2))


def computed(value: float) -> str:
    """Return a computed number, rounded to six decimals."""
    return signed(f"{value:.6f}")


def signed(number: str) -> str:
    """Return a number with a true minus sign in place of the hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def bracketed(number: str) -> str:
    """Return a number that may follow an operator: in parentheses where it is negative."""
    return f"({number})" if number.startswith("\N{MINUS SIGN}") else number


def plain_text(label: str) -> str:
    """Return a label as it is read out: w1 for w_1, and out_h1 as it is."""
    return re.sub(r"_(?=\d)", "", label)


def neuron_names(network: Network, notation: Notation) -> list[str]:
    """Return "net into out" for each neuron."""
    return [
        f"{net.format(k + 1)} into {out.format(k + 1)}"
        for size, net, out in zip(network.sizes[1:], notation.nets, notation.outs, strict=True)
        for k in range(size)
    ]


def boxes(network: Network) -> list[list[Box]]:
    """Return the places of the nodes, layer by layer."""
    shapes = (INPUT, NEURON, NEURON)
    return [
        [Box(x, TOP_ROW + k * ROW_GAP, shape) for k in range(size)]
        for x, shape, size in zip(COLUMNS, shapes, network.sizes, strict=True)
    ]


def edges(network: Network) -> Iterator[Edge]:
    """Yield the weights in the order of their numbers: neuron by neuron, layer by layer."""
    number = count(1)
    for layer, weights in enumerate(network.weights):
        for (neuron, source), value in np.ndenumerate(weights):
            yield Edge(f"w_{next(number)}", float(value), layer, source, neuron)


def ends(layers: list[list[Box]], edge: Edge) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where an edge leaves its source and where it enters its neuron."""
    source, neuron = layers[edge.layer][edge.source], layers[edge.layer + 1][edge.neuron]
    shift = SPREAD * (neuron.y - source.y)
    (x1, y1), (x2, y2) = source.side(1, 0), neuron.side(-1, 0)
    return (x1, y1 + shift), (x2, y2 - shift)


def outward(box: Box) -> int:
    """Return on which side of an output its error stands: above (-1) or below (1)."""
    return -1 if box.y == TOP_ROW else 1


def add_edge(svg: Element, layers: list[list[Box]], edge: Edge, lines: list[str]) -> None:
    """Draw a weight and its label; a crossing edge has it near its source."""
    start, end = ends(layers, edge)
    add_arrow(svg, start, end)
    add_edge_label(svg, start, end, lines)


def add_edge_label(
    svg: Element, start: tuple[float, float], end: tuple[float, float], lines: list[str]
) -> None:
    """Write a label on an edge, off the middle where another edge crosses there."""
    part = STRAIGHT_LABEL if start[1] == end[1] else CROSSING_LABEL
    x, y = (a + part * (b - a) for a, b in zip(start, end, strict=True))
    add_lines(svg, x, y, lines)


def add_path(
    svg: Element, layers: list[list[Box]], edge: Edge, error: str, pen: dict[str, str]
) -> None:
    """Draw the way back from the error of an output, through it, along a weight."""
    box = layers[edge.layer + 1][edge.neuron]
    add_error(svg, box, error, pen)
    start, end = ends(layers, edge)
    add_arrow(svg, end, start, pen)
    SubElement(svg, "rect", rectangle(box, ROUNDING) | style(fill="none", width=3, **pen))
    add_edge_label(svg, start, end, [edge.name, given(edge.value)])


def add_error(svg: Element, box: Box, name: str, pen: dict[str, str] | None = None) -> Box:
    """Draw the error of an output and the arrow to it, or with a pen the arrow back."""
    away = outward(box)
    error = Box(ERROR_X, box.y + away * ERROR_GAP, ERROR)
    start, end = (ERROR_X, box.side(0, away)[1]), error.side(0, -away)
    if pen is None:
        add_arrow(svg, start, end)
    else:
        add_arrow(svg, end, start, pen)
    add_node(svg, error, [name], rounding=ROUNDING)
    return error


def add_bias(svg: Element, layer: list[Box], lines: list[str]) -> None:
    """Draw the bias in the middle of its layer, with an arrow to each neuron."""
    bias = Box(layer[0].x, (layer[0].y + layer[-1].y) / 2, BIAS)
    for box in layer:
        away = 1 if box.y > bias.y else -1
        add_arrow(svg, bias.side(0, away), box.side(0, -away))
    add_node(svg, bias, lines, rounding=ROUNDING / 3)


def add_neurons(svg: Element, layers: list[list[Box]], notation: Notation) -> None:
    """Draw each neuron in two halves: its net input and its output."""
    for layer, net, out in zip(layers[1:], notation.nets, notation.outs, strict=True):
        for k, box in enumerate(layer):
            add_node(svg, box, [], rounding=ROUNDING)
            add_line(svg, box.side(0, -1), box.side(0, 1), width=1)
            for name, half in ((net, -0.5), (out, 0.5)):
                add_lines(svg, *box.side(half, 0), [name.format(k + 1)])


def add_node(svg: Element, box: Box, lines: list[str], *, rounding: float) -> None:
    """Draw a box with its label inside."""
    SubElement(svg, "rect", rectangle(box, rounding) | style(fill=BACKGROUND))
    add_lines(svg, box.x, box.y, lines)


def add_legend(svg: Element, y: float, lines: list[str], pen: dict[str, str]) -> None:
    """Write two lines, with a sample of the pen before them."""
    middle = y - LETTER_RISE
    add_line(svg, (6, middle), (40, middle), width=3, **pen)
    for k, line in enumerate(lines):
        add_text(svg, 48, y + k * LINE, line, **{"text-anchor": "start", "font-size": "13"})


def add_lines(svg: Element, x: float, y: float, lines: list[str], anchor: str = "middle") -> None:
    """Write lines of text, centered at a height."""
    top = y + LETTER_RISE - LINE * (len(lines) - 1) / 2
    for k, line in enumerate(lines):
        add_text(svg, x, top + k * LINE, line, **{"text-anchor": anchor})


def add_text(svg: Element, x: float, y: float, label: str, **attributes: str) -> None:
    """Write a label with true subscripts, and clear the background around its letters."""
    halo = f"fill: {INK}; stroke: {BACKGROUND}; stroke-width: 4; paint-order: stroke"
    common = {"text-anchor": "middle", "stroke-linejoin": "round", "style": halo}
    text = SubElement(svg, "text", {"x": f"{x:g}", "y": f"{y:g}"} | common | attributes)
    drop = 0.0
    for rest, base, subscript in re.findall(r"(.*?)(?:([^\W_]+)_([^\W_]+)|$)", label):
        for part, font in ((rest, {}), (base, italic(base))):
            if part:
                SubElement(text, "tspan", font | {"dy": f"{-drop:g}"}).text = part
                drop = 0.0
        if subscript:
            drop = SUBSCRIPT_DROP
            small = {"font-size": f"{SMALL_FONT:g}", "dy": f"{drop:g}"}
            SubElement(text, "tspan", small).text = subscript


def italic(name: str) -> dict[str, str]:
    """Return the font of a name: italic for a letter, upright for a word such as net."""
    return {"font-style": "italic"} if len(name) == 1 else {}


def add_arrow(
    svg: Element,
    start: tuple[float, float],
    end: tuple[float, float],
    pen: dict[str, str] | None = None,
) -> None:
    """Draw an arrow; with a pen, in its color and dashes and thicker."""
    pen = pen or {}
    width, head = (3.0, 1.5 * ARROW) if pen else (1.25, ARROW)
    direction = np.subtract(end, start) / np.hypot(*np.subtract(end, start))
    neck = end - head * direction
    aside = 0.4 * head * np.array([-direction[1], direction[0]])
    add_line(svg, start, (neck[0], neck[1]), width=width, **pen)
    corners = " ".join(f"{x:.6g},{y:.6g}" for x, y in (end, neck + aside, neck - aside))
    fill = pen.get("stroke", INK)
    SubElement(svg, "polygon", {"points": corners, "style": f"fill: {fill}"})


def add_line(
    svg: Element,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    width: float,
    **properties: str,
) -> None:
    """Draw a straight line."""
    points = zip(("x1", "y1", "x2", "y2"), (*start, *end), strict=True)
    line = {name: f"{value:.6g}" for name, value in points}
    SubElement(svg, "line", line | style(width=width, **properties))


def rectangle(box: Box, rounding: float) -> dict[str, str]:
    """Return the attributes of a box with round corners."""
    (x, y), (width, height) = box.side(-1, -1), box.size
    values = {"x": x, "y": y, "width": width, "height": height, "rx": rounding}
    return {name: f"{value:g}" for name, value in values.items()}


def style(*, width: float = 1.25, **properties: str) -> dict[str, str]:
    """Return a style attribute; the stroke is the ink unless another is named."""
    everything = {"stroke": INK, "stroke-width": f"{width:g}"} | properties
    return {"style": "; ".join(f"{name}: {value}" for name, value in everything.items())}

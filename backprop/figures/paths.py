"""Draw two paths through the network of the lesson, and how what they carry adds up.

The color and the dashes of a line say which path it is, not the sign of its weight.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from backprop.examples import Example
from backprop.figures.labels import bracketed, computed, given, joined, label_of, neuron_of
from backprop.figures.layout import BESIDE_ERROR, Layout, compact, facing, weights_of
from backprop.figures.network import Lines, add_nodes, add_wire_labels
from backprop.figures.svg import (
    LINE,
    MARGIN,
    NO_PEN,
    THIN_PEN,
    WIDTH,
    Box,
    Line,
    Pen,
    Shown,
    Words,
    add_arrow,
    add_box,
    add_group,
    add_label,
    add_line,
    add_text,
    thick,
)
from backprop.symbolic.graph import Graph

PENS: tuple[Pen, Pen, Pen] = (  # the two paths, told apart without color too, and their sum
    thick({"stroke": "var(--bp-path-1, #1a7fd0)"}),
    thick({"stroke": "var(--bp-path-2, #d9600a)", "stroke-dasharray": "7 4"}),
    thick(THIN_PEN),
)
FAINT: Pen = {**THIN_PEN, "opacity": "0.45"}
BESIDE_NEURON = 40.0
LEGEND_GAP, LEGEND_INDENT, LEGEND_SIZE = 28.0, 42.0, 13.0
MEETING_ROW = 30.0  # there are no errors above the first row


@dataclass(frozen=True)
class Path:
    """A path of the error back into the first hidden neuron.

    Attributes:
        neuron: the output neuron that it runs through.
        weight: the weight on it.
        factors: the derivatives of the error and of the output, and the weight, as printed.
        product: what the path contributes.
    """

    neuron: str
    weight: str
    factors: tuple[Shown, Shown, Shown]
    product: float


def paths_back(graph: Graph) -> list[Path]:
    r"""Return how the error of each output depends on the output of the first hidden neuron.

    $$\frac{\partial E_o}{\partial out_{h1}} = \frac{\partial E_o}{\partial out_o}
      \frac{\partial out_o}{\partial net_o} \, w = \delta_o \, w$$
    """
    paths = []
    for each in weights_of(graph.form):
        if each.below == "out_h1":
            o = each.net.removeprefix("net_")
            factors = (
                local(graph, f"E_{o}", f"out_{o}"),
                local(graph, f"out_{o}", each.net),
                given(float(graph.value(each.name)), each.name),
            )
            product = float(graph.derivative(f"E_{o}", "out_h1"))
            paths.append(Path(o, each.name, factors, product))
    return paths


def draw_hidden(svg: Element, example: Example) -> Words:
    """Draw the two paths on which the error flows back into the first hidden neuron."""
    graph = Graph.of(example)
    layout, paths = compact(graph.form), paths_back(graph)
    names = {name: label_of(example.name, name) for name in graph.names}
    total = derivative(names, "E_total", "out_h1")
    lines: dict[str, list[Line]] = {name: [names[name]] for name in drawn(layout, "inoE")}
    pens = {"h1": PENS[-1]}
    for path, pen in zip(paths, PENS, strict=False):
        pens |= dict.fromkeys((path.neuron, f"E_{path.neuron}", path.weight), pen)
        lines[path.weight] = [names[path.weight], path.factors[-1]]
        add_factors(svg, layout, path, names, pen)
    add_paths(svg, layout, lines, pens, back=True)
    result = computed(sum(path.product for path in paths), "dE_total/dout_h1")
    middle, y = layout.places["net_h1"].side(1, 0)
    add_label(svg, (middle, y - BESIDE_NEURON), [total, result])

    parts = [computed(path.product, f"dE_{path.neuron}/dout_h1") for path in paths]
    legend: list[list[Line]] = []
    for path, part in zip(paths, parts, strict=True):
        of, neuron = derivative(names, f"E_{path.neuron}", "out_h1"), path.neuron
        words = f"{of}, through {neuron_of(example.name, neuron)} and along {names[path.weight]}:"
        legend.append([words, [*product_of(path.factors), " = ", part]])
    addition = joined(" + ", [*map(bracketed, parts)])
    legend.append([f"{total}, the sum over both paths:", [*addition, " = ", result]])
    start = (
        "The error flows back from right to left, along two paths that meet in the first "
        "hidden neuron."
    )
    title = f"Backpropagation into the hidden layer: {total}"
    return explained(svg, layout.bottom, legend, title, start)


def draw_meeting(svg: Element, example: Example) -> Words:
    """Draw the two paths from the first input that meet in the first output neuron."""
    graph = Graph.of(example)
    layout = compact(graph.form, MEETING_ROW)
    names = {name: label_of(example.name, name) for name in graph.names}
    whole = derivative(names, "net_o1", "i1")
    lines: dict[str, list[Line]] = {name: [names[name]] for name in drawn(layout, "ino")}
    pens = {"o1": PENS[-1]}
    legend: list[list[Line]] = []
    for path, pen in zip((("w1", "h1", "w5"), ("w3", "h2", "w6")), PENS, strict=False):
        first, neuron, second = path
        pens |= dict.fromkeys(path, pen)
        shown = [given(float(graph.value(name)), name) for name in (first, second)]
        lines |= {name: [names[name], x] for name, x in zip((first, second), shown, strict=True)}
        factors = (shown[0], local(graph, f"out_{neuron}", f"net_{neuron}"), shown[1])
        legend.append([f"through {neuron_of(example.name, neuron)}:", product_of(factors)])
    add_paths(svg, layout, lines, pens)
    result = computed(float(graph.derivative("net_o1", "i1")), "dnet_o1/di1")
    legend.append([f"{whole}, the sum over both paths:", [result]])
    start = "Two paths lead from the first input to the first output neuron, where they meet."
    lowest = layout.places["net_h2"].side(0, 1)[1]
    return explained(svg, lowest, legend, f"Paths that meet in a neuron: {whole}", start)


def local(graph: Graph, of: str, wrt: str) -> Shown:
    """Return a local derivative as printed."""
    return computed(float(graph.local(of, wrt)), f"d{of}/d{wrt}")


def derivative(names: Mapping[str, str], of: str, wrt: str) -> str:
    """Return the name of a derivative as a label."""
    return f"\N{PARTIAL DIFFERENTIAL}{names[of]}/\N{PARTIAL DIFFERENTIAL}{names[wrt]}"


def product_of(factors: Sequence[Shown]) -> list[str]:
    """Return a product as printed."""
    return joined(" \N{MULTIPLICATION SIGN} ", [*map(bracketed, factors)])


def drawn(layout: Layout, firsts: str) -> list[str]:
    """Return the names of the nodes that begin with one of some letters."""
    return [name for name in layout.places if name[0] in firsts]


def add_paths(
    svg: Element, layout: Layout, lines: Lines, pens: Mapping[str, Pen], *, back: bool = False
) -> None:
    """Draw the network with the weights, neurons and errors set apart that have a pen."""
    for wire in layout.wires:
        if wire.label:
            [(start, end)] = wire.ways
            group = add_group(svg, wire.name)
            if wire.name not in pens:
                add_line(group, start, end, FAINT)
            elif back:
                add_arrow(group, end, start, pens[wire.name])
            else:
                add_arrow(group, start, end, pens[wire.name])
    neurons = [name for name in pens if f"net_{name}" in layout.places]
    halves = {f"{half}_{neuron}": NO_PEN for neuron in neurons for half in ("net", "out")}
    add_nodes(svg, layout.places, lines, pens={**pens, **halves})
    for neuron in neurons:
        net, out = (layout.places[f"{half}_{neuron}"] for half in ("net", "out"))
        whole = Box(*net.side(1, 0), net.width + out.width, net.height, net.rounding)
        add_box(svg, whole, {**pens[neuron], "fill-opacity": "0"})
        add_line(svg, net.side(1, -1), net.side(1, 1))
    add_wire_labels(svg, layout, lines)


def add_factors(
    svg: Element, layout: Layout, path: Path, names: Mapping[str, str], pen: Pen
) -> None:
    """Draw the arrow from an error back to its output, and write the first two factors."""
    out, error = (layout.places[f"{x}_{path.neuron}"] for x in ("out", "E"))
    start, end = facing(error, out)
    add_arrow(add_group(svg, f"E_{path.neuron}"), start, end, pen)
    between = error.x - BESIDE_ERROR, (start[1] + end[1]) / 2
    by_out = derivative(names, f"E_{path.neuron}", f"out_{path.neuron}")
    add_label(svg, between, [by_out, path.factors[0]], "end")
    inward = WIDTH - MARGIN + 2, out.y + math.copysign(BESIDE_NEURON, out.y - error.y)
    by_net = derivative(names, f"out_{path.neuron}", f"net_{path.neuron}")
    add_label(svg, inward, [by_net, path.factors[1]], "end")


def explained(
    svg: Element, lowest: float, legend: list[list[Line]], title: str, start: str
) -> Words:
    """Write the legend below a picture, a sample of its pen before each entry; tell it in words."""
    y = lowest + LEGEND_GAP
    for lines, pen in zip(legend, PENS, strict=True):
        add_line(svg, (MARGIN, y - 4.5), (MARGIN + 34, y - 4.5), pen)
        for line in lines:
            place, room = (MARGIN + LEGEND_INDENT, y), WIDTH - 2 * MARGIN - LEGEND_INDENT
            add_text(svg, place, line, "start", LEGEND_SIZE, room)
            y += LINE
        y += LINE / 2
    solid, dashed, both = (" ".join(map("".join, lines)) for lines in legend)
    description = f"{start} Solid line: {solid}. Dashed line: {dashed}. There: {both}."
    return Words(title, description, y - LINE)

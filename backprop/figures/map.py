"""Draw the map: a network with every number of its forward pass, which a page can recompute.

The lesson's network fits on a phone. In any other, each weight and bias has a place of its own
in front of its neuron, where no line runs, and the picture is as wide as its layers need.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from backprop.figures.labels import PLACES, computed, given, label_of, names_of, neuron_names, said
from backprop.figures.svg import (
    DASHES,
    DIGIT,
    FONT,
    LEAST,
    LETTER,
    LINE,
    MARGIN,
    MOST,
    NEGATIVE,
    NO_PEN,
    POSITIVE,
    THIN_PEN,
    WIDTH,
    Box,
    Pen,
    Point,
    Shown,
    Words,
    add_arrow,
    add_bent_arrow,
    add_box,
    add_group,
    add_label,
    add_line,
    add_node,
    add_text,
    weight_pen,
)
from backprop.symbolic.definitions import RATE, TOTAL, Form
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS

HEADING_SIZE = 13.0
HEAD = 9.0  # of the arrow of a weight, wider than the widest line
HALF_WIDTH, HALF_HEIGHT = 70.0, 41.0  # a neuron's net input or output, one above the other

# The lesson's network
MAP_X = (29.0, 165.0, 331.0)
MAP_ROWS, MAP_ERROR_ROWS, MAP_TOTAL_ROW = (119.0, 285.0), (28.0, 376.0), 438.0
MAP_RAIL = 374.0
ON_MAP_EDGE = (0.34, 0.4)  # where the labels of crossing edges stand, before they cross
MAP_TARGET_X, MAP_RATE_X = 216.0, 34.0

# Any other
TOP, HEADING_RISE, NODE, INPUT_WIDTH, TARGET_WIDTH = 30.0, 8.0, 44.0, 76.0, 80.0
EDGES, PORT, FAN = 48.0, 80.0, 18.0  # widths: of the edges, of a parameter, from it to its net
PORT_HEIGHT, CELL_GAP, OUTPUT_CELL = 38.0, 24.0, 124.0
TARGET_RISE, RAIL_GAP, TOTAL_GAP, NEURON = 60.0, 12.0, 30.0, 80.0

ALL = "all samples"  # the place of the total error over several samples


@dataclass(frozen=True)
class Wire:
    """A weight and the two nodes it connects, named without a sample: a node and a net input."""

    name: str
    layer: int
    source: int
    neuron: int
    below: str
    net: str


@dataclass(frozen=True)
class Layout:
    """The place of each part of a map.

    Attributes:
        places: of each node, by its name without a sample, and of what all samples share.
        ports: the place of each parameter in front of its neuron, by its name and its net; empty
            for the lesson's network, whose weights stand on their edges.
        rail: how far to the right the arrows to the total error run.
        headings: a place, an anchor and words for each layer.
    """

    places: dict[str, Box]
    ports: dict[tuple[str, str], Box]
    rail: float
    headings: list[tuple[float, float, str, str]]
    width: float


def add_map(
    svg: Element,
    example: str,
    notation: str,
    graph: Graph,
    learning_rate: float,
    biases: str = "frozen",
) -> Words:
    """Draw the map of a network, whose quantities have the labels of a notation."""
    form = graph.form
    usual = form.sizes == (2, 2, 2) and not form.samples and not any(form.own_biases)
    layout = lesson(form) if usual else spread(form)
    values = {name: value_of(graph, name) for name in graph.names}
    values[RATE] = Shown(f"{learning_rate:g}", RATE)
    words = {name: label_of(notation, name) for name in values}
    lines = {name: [words[name], value] for name, value in values.items()}

    pens = {name: weight_pen(float(graph.value(name))) for name in values if name[0] == "w"}
    (add_weights if usual else add_ports)(svg, form, layout, lines, pens)
    add_nodes(svg, form, layout, lines)
    for x, y, anchor, heading in layout.headings:
        add_text(svg, (x, y), heading, anchor, HEADING_SIZE)

    about = {"example": example, "rate": learning_rate, "biases": biases}
    names = {name: names_of(NOTATIONS[notation], name) for name in (*graph.untied().names, *values)}
    names["rate"] = names.pop(RATE)
    labels = names | neuron_names(notation, form)
    SubElement(svg, "metadata").text = json.dumps(
        {**about, **network_data(graph), "labels": labels}, ensure_ascii=False
    )
    description = (
        "Read from left to right. Each neuron has two halves, its net input and its output. "
        "From the inputs to the total error: "
        f"{said([*lines.values()])}."
    )
    boxes = (*layout.places.values(), *layout.ports.values())
    bottom = max(box.side(0, 1)[1] for box in boxes) + MARGIN
    return Words("The network and its numbers, one forward pass", description, bottom, layout.width)


def network_data(graph: Graph) -> dict[str, Any]:
    """Return a network as data for the scripts of a page."""
    form = graph.form
    return {
        "sizes": graph.sizes,
        "givens": {name: float(value) for name, value in graph.givens.items()},
        "form": {
            "activations": form.activations,
            "loss": form.loss,
            "over": form.over_samples,
        },
    }


def add_nodes(svg: Element, form: Form, layout: Layout, lines: Mapping[str, list[str]]) -> None:
    """Draw the nodes; each sample has a group of its own, of which only the first is shown."""

    def add(svg: Element, name: str, box: Box) -> None:
        add_node(add_group(svg, name), box, lines[name])

    shared = {"b1", "b2", RATE, ALL}
    for k, mark in enumerate(form.marks):
        sample = SubElement(svg, "g", {"data-sample": str(k)}) if mark else svg
        if k:
            sample.set("display", "none")  # until a reader chooses it
        add_flow(sample, form, layout, mark)
        for name, box in layout.places.items():
            if name not in shared:
                add(sample, name + mark, box)
    for name in (each for each in layout.places if each in shared):
        add(svg, TOTAL if name == ALL else name, layout.places[name])


def wires(form: Form) -> Iterator[Wire]:
    """Yield the weights in the order of their numbers: neuron by neuron, layer by layer."""
    number = count(1)
    below = [f"i{k + 1}" for k in range(form.sizes[0])]
    for layer in range(1, len(form.sizes)):
        neurons = form.neurons(layer)
        for j, neuron in enumerate(neurons):
            for k, node in enumerate(below):
                yield Wire(f"w{next(number)}", layer, k, j, node, f"net_{neuron}")
        below = [f"out_{neuron}" for neuron in neurons]


def as_data() -> dict[str, float | str]:
    """Return the sizes and colors by which the page's script draws weights and numbers."""
    look: dict[str, float | str] = {"least": LEAST, "most": MOST, "dashes": DASHES}
    look |= {"positive": POSITIVE, "negative": NEGATIVE}
    return look | {"font": FONT, "digit": DIGIT, "room": HALF_WIDTH}


def add_weights(
    svg: Element,
    form: Form,
    layout: Layout,
    lines: Mapping[str, list[str]],
    pens: Mapping[str, Pen],
) -> None:
    """Draw the weights of the lesson's network as arrows, each with its label on it."""
    places = layout.places
    ways = {
        wire: (places[wire.below].side(1, 0), places[wire.net].side(-1, 0)) for wire in wires(form)
    }
    for wire, (start, end) in ways.items():
        add_arrow(add_group(svg, wire.name), start, end, pens[wire.name], HEAD)
    for wire, (start, end) in ways.items():  # above all arrows
        group = add_group(svg, wire.name)
        x, y = on_edge(wire, start, end)
        # A patch for each line, so that little is hidden.
        for line, way in zip(lines[wire.name], (-1, 1), strict=True):
            add_box(group, Box(x, y + way * LINE / 2, LETTER * len(line) + 4, LINE - 1, 0), NO_PEN)
        add_label(group, (x, y), lines[wire.name], room=HALF_WIDTH)
    for layer in (1, 2) if form.own_biases else ():
        for neuron, way in zip(form.neurons(layer), (-1, 1), strict=True):
            ends = places[f"b{layer}"].side(0, way), places[f"net_{neuron}"].side(0, -way)
            add_arrow(add_group(svg, f"b{layer}"), *ends)


def on_edge(wire: Wire, start: Point, end: Point) -> Point:
    """Return where the label of a weight stands on its way."""
    part = 0.5 if wire.source == wire.neuron else ON_MAP_EDGE[wire.layer - 1]
    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])


def add_ports(
    svg: Element,
    form: Form,
    layout: Layout,
    lines: Mapping[str, list[str]],
    pens: Mapping[str, Pen],
) -> None:
    """Draw each weight and bias in front of its neuron, with the lines to it and from it."""
    below = {(wire.name, wire.net): wire.below for wire in wires(form)}
    for (name, net), box in layout.ports.items():
        group = add_group(svg, name)
        if (name, net) in below:
            start = layout.places[below[name, net]].side(1, 0)
            add_line(group, start, box.side(-1, 0), pens[name])
        line = pens.get(name, THIN_PEN)
        add_arrow(group, box.side(1, 0), layout.places[net].side(-1, 0), line, HEAD)
        pen = NO_PEN if (name, net) in below else THIN_PEN
        add_node(group, box, lines[name], pen)


def add_flow(svg: Element, form: Form, layout: Layout, mark: str) -> None:
    """Draw the arrows from the outputs and targets of a sample to the errors, and to the total."""
    places, rail = layout.places, layout.rail
    outputs = form.neurons(len(form.sizes) - 1)
    errors = [f"E_{neuron}" for neuron in outputs]
    for neuron, error in zip(outputs, errors, strict=True):
        for name in (f"out_{neuron}", f"target_{neuron}"):
            add_arrow(add_group(svg, name + mark), *facing(places[name], places[error]))
    for error in errors[:-1]:
        (x1, y1), (x2, y2) = places[error].side(1, 0), places[TOTAL].side(1, 0)
        corners = [(x1, y1), (rail, y1), (rail, y2), (x2, y2)]
        add_bent_arrow(add_group(svg, error + mark), corners)
    add_arrow(add_group(svg, errors[-1] + mark), *facing(places[errors[-1]], places[TOTAL]))
    if mark:
        add_arrow(add_group(svg, TOTAL + mark), *facing(places[TOTAL], places[ALL]))


def facing(start: Box, end: Box) -> tuple[Point, Point]:
    """Return the ends of an arrow from one box to another, below or above it or beside it."""
    if abs(start.x - end.x) < start.width / 2:
        way = 1 if end.y > start.y else -1
        return start.side(0, way), end.side(0, -way)
    way = 1 if end.x > start.x else -1
    return start.side(way, 0), end.side(-way, 0)


def lesson(form: Form) -> Layout:
    """Return the layout of the lesson's network, in which the nets are next to the bias."""
    middle = sum(MAP_ROWS) / 2
    places = {}
    for k, (row, error_row) in enumerate(zip(MAP_ROWS, MAP_ERROR_ROWS, strict=True), start=1):
        outer, inner = (row + way * HALF_HEIGHT / 2 for way in ((-1, 1) if k == 1 else (1, -1)))
        places[f"i{k}"] = Box(MAP_X[0], row, 56, 44, 22)
        for neuron, x in ((f"h{k}", MAP_X[1]), (f"o{k}", MAP_X[2])):
            places[f"net_{neuron}"] = Box(x, inner, HALF_WIDTH, HALF_HEIGHT, 5)
            places[f"out_{neuron}"] = Box(x, outer, HALF_WIDTH, HALF_HEIGHT, 5)
        if form.own_biases:
            places[f"b{k}"] = Box(MAP_X[k], middle, HALF_WIDTH, 62, 3)
        places[f"target_o{k}"] = Box(MAP_TARGET_X, error_row, 76, 44, 3)
        places[f"E_o{k}"] = Box(MAP_X[2], error_row, HALF_WIDTH, 44, 12)
    places[TOTAL] = Box(MAP_X[2], MAP_TOTAL_ROW, HALF_WIDTH, 44, 12)
    places[RATE] = Box(MAP_RATE_X, MAP_TOTAL_ROW, 56, 44, 3)
    headings = [
        (MAP_X[0], 89.0, "middle", "inputs"),
        (MAP_X[1], 70.0, "middle", "hidden layer"),
        (MAP_X[2] - 9, 70.0, "end", "output layer"),
    ]
    return Layout(places, {}, MAP_RAIL, headings, WIDTH)


def spread(form: Form) -> Layout:
    """Return the layout of any network: layer by layer, each neuron behind its parameters."""
    last = len(form.sizes) - 1
    step = EDGES + PORT + FAN + NEURON
    right = [MARGIN + INPUT_WIDTH + layer * step for layer in range(last + 1)]
    rows = rows_of(form)
    inputs = (MARGIN + INPUT_WIDTH / 2, *(x - NEURON / 2 for x in right[1:]))
    places = {f"i{k + 1}": Box(inputs[0], y, INPUT_WIDTH, 44, 22) for k, y in enumerate(rows[0])}
    ports: dict[tuple[str, str], Box] = {}
    for layer in range(1, last + 1):
        for y, neuron in zip(rows[layer], form.neurons(layer), strict=True):
            for half, down in (("net", -1), ("out", 1)):
                middle = y + down * HALF_HEIGHT / 2
                places[f"{half}_{neuron}"] = Box(inputs[layer], middle, NEURON, HALF_HEIGHT, 5)
            ports |= ports_of(form, layer, neuron, (right[layer] - NEURON - FAN - PORT / 2, y))
    x = right[-1] + EDGES + TARGET_WIDTH / 2
    for y, neuron in zip(rows[-1], form.neurons(last), strict=True):
        error = y + HALF_HEIGHT / 2
        places[f"target_{neuron}"] = Box(x, error - TARGET_RISE, TARGET_WIDTH, NODE, 3)
        places[f"E_{neuron}"] = Box(x, error, TARGET_WIDTH, NODE, 12)
    y = rows[-1][-1] + HALF_HEIGHT / 2 + NODE + TOTAL_GAP
    if form.samples:  # side by side, since a page makes a high picture smaller
        lowest = max(box.side(0, 1)[1] for box in (*places.values(), *ports.values()))
        y = max(y, lowest + (CELL_GAP + NODE) / 2)
        places[ALL] = Box(x - TARGET_WIDTH - TOTAL_GAP, y, TARGET_WIDTH, NODE, 12)
    places[TOTAL] = Box(x, y, TARGET_WIDTH, NODE, 12)
    places[RATE] = Box(MAP_RATE_X, max(y, rows[0][-1] + NODE + CELL_GAP), 56, NODE, 3)
    rail = x + TARGET_WIDTH / 2 + RAIL_GAP
    return Layout(places, ports, rail, headings_of(form, inputs, rows), rail + MARGIN)


def cells_of(form: Form) -> list[tuple[float, float]]:
    """Return for each layer the height of a node with its parameters, and that of its cell."""
    parameters = [(below + bool(form.own_biases)) * PORT_HEIGHT for below in form.sizes[:-1]]
    heights = [NODE, *(max(height, 2 * HALF_HEIGHT) for height in parameters)]
    cells = [height + CELL_GAP for height in heights]
    cells[-1] = max(cells[-1], OUTPUT_CELL)
    return [*zip(heights, cells, strict=True)]


def rows_of(form: Form) -> list[list[float]]:
    """Return the height of each node, layer by layer, each layer centered on the same line."""
    cells = [cell for _, cell in cells_of(form)]
    middle = TOP + max(cell * size for cell, size in zip(cells, form.sizes, strict=True)) / 2
    return [
        [middle + (k - (size - 1) / 2) * cell for k in range(size)]
        for cell, size in zip(cells, form.sizes, strict=True)
    ]


def ports_of(form: Form, layer: int, neuron: str, middle: Point) -> dict[tuple[str, str], Box]:
    """Return the places of the weights and the bias of a neuron, one below the other."""
    names = [wire.name for wire in wires(form) if wire.net == f"net_{neuron}"]
    if form.own_biases:
        names.append(form.biases(layer)[form.neurons(layer).index(neuron)])
    x, y = middle
    first = y - (len(names) - 1) / 2 * PORT_HEIGHT
    return {
        (name, f"net_{neuron}"): Box(x, first + k * PORT_HEIGHT, PORT, PORT_HEIGHT - 3, 3)
        for k, name in enumerate(names)
    }


def headings_of(
    form: Form, columns: Sequence[float], rows: list[list[float]]
) -> list[tuple[float, float, str, str]]:
    """Return the heading of each layer: place, anchor and words."""
    last = len(form.sizes) - 1
    number = " {}" if last > 2 else ""
    hidden = [f"hidden layer{number}".format(layer) for layer in range(1, last)]
    tops = [row[0] - height / 2 for row, (height, _) in zip(rows, cells_of(form), strict=True)]
    names = ["inputs", *hidden, "output layer"]
    return [
        (x, y - HEADING_RISE, "middle", name)
        for x, y, name in zip(columns, tops, names, strict=True)
    ]


def value_of(graph: Graph, name: str) -> Shown:
    """Return the value of a node as the map prints it, with as many digits as fit its box."""
    value = graph.value(name)
    if name in graph.givens:
        return given(float(value), name)
    return computed(float(value), name, max(0, PLACES - max(0, value.adjusted())))

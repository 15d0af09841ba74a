"""Where the parts of a network stand in a picture.

In a text, and on the map of the lesson's network, each weight is written on its edge, and the
picture fits on a phone. In the map of any other network, each weight and bias has a place of its
own in front of its neuron, where no other line runs, and the picture is as wide as its layers need.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from backprop.figures.svg import LINE, MARGIN, WIDTH, Box, Point
from backprop.symbolic.definitions import RATE, TOTAL, Form

Heading = tuple[float, float, str, str]  # a place, an anchor and words

HALF_WIDTH, HALF_HEIGHT = 70.0, 41.0  # a neuron's net input or output, one above the other
SPREAD = 0.06  # how far two edges part at a node, as a share of the rows between them

# In a text
EDGE, NEURON, LONGER = 76.0, 80.0, 30.0  # a neuron is longer if its layer is part of its name
ROW, ROW_GAP, ERROR_GAP = 114.0, 150.0, 88.0  # the first row; to the next; to the error
ON_EDGE, LABEL = 0.3, 56.0  # where labels of crossing edges stand, before they cross; their width
TARGET_X, BESIDE_ERROR = 102.0, 10.0

# The map of the lesson's network
MAP_X = (29.0, 165.0, 331.0)
MAP_ROWS, MAP_ERROR_ROWS, MAP_TOTAL_ROW = (119.0, 285.0), (28.0, 376.0), 438.0
MAP_RAIL = 374.0
ON_MAP_EDGE = (0.34, 0.4)
MAP_TARGET_X, MAP_RATE_X = 216.0, 34.0

# That of any other
TOP, HEADING_RISE, NODE, INPUT_WIDTH, TARGET_WIDTH = 30.0, 8.0, 44.0, 76.0, 80.0
EDGES, PORT, FAN = 48.0, 80.0, 18.0  # widths: of the edges, of a parameter, from it to its net
PORT_HEIGHT, BIAS_GAP, CELL_GAP, OUTPUT_CELL = 38.0, 3.0, 24.0, 124.0
TARGET_RISE, RAIL_GAP, TOTAL_GAP = 60.0, 12.0, 30.0

ALL = "all samples"  # the place of the total error over several samples


@dataclass(frozen=True)
class Weight:
    """A weight and the two nodes it connects, named without a sample: a node and a net input."""

    name: str
    layer: int
    source: int
    neuron: int
    below: str
    net: str


@dataclass(frozen=True)
class Wire:
    """How a weight or a bias gets into a net input.

    Attributes:
        name: of the weight or bias.
        ways: the ends of its lines, of which the last is an arrow.
        label: the place of its label, without round corners if it stands on the line; None where
            a node shows the bias.
    """

    name: str
    ways: list[tuple[Point, Point]]
    label: Box | None = None


@dataclass(frozen=True)
class Layout:
    """The place of each part of a picture.

    Attributes:
        places: of each node, by its name without a sample, and of what all samples share.
        wires: of each weight, and of each bias to each of its neurons.
        headings: one for each layer.
        width: of the picture.
        rail: how far to the right the arrows to the total error run.
    """

    places: dict[str, Box]
    wires: list[Wire]
    headings: list[Heading]
    width: float = WIDTH
    rail: float = MAP_RAIL

    @property
    def bottom(self) -> float:
        """The lower edge of the lowest part."""
        labels = (wire.label for wire in self.wires if wire.label)
        return max(box.side(0, 1)[1] for box in (*self.places.values(), *labels))


def weights_of(form: Form) -> Iterator[Weight]:
    """Yield the weights in the order of their numbers: neuron by neuron, layer by layer."""
    number = count(1)
    below = [f"i{k + 1}" for k in range(form.sizes[0])]
    for layer in range(1, len(form.sizes)):
        neurons = form.neurons(layer)
        for j, neuron in enumerate(neurons):
            for k, node in enumerate(below):
                yield Weight(f"w{next(number)}", layer, k, j, node, f"net_{neuron}")
        below = [f"out_{neuron}" for neuron in neurons]


def facing(start: Box, end: Box) -> tuple[Point, Point]:
    """Return the ends of an arrow from one box to another, below or above it or beside it."""
    if abs(start.x - end.x) < start.width / 2:
        way = 1 if end.y > start.y else -1
        return start.side(0, way), end.side(0, -way)
    way = 1 if end.x > start.x else -1
    return start.side(way, 0), end.side(-way, 0)


def compact(form: Form, top: float = ROW) -> Layout:
    """Return the layout of a network in a text, whose first row is so far down."""
    last = len(form.sizes) - 1
    half = (NEURON + LONGER * (last > 2)) / 2
    rows = [top + k * ROW_GAP for k in range(max(form.sizes))]
    left = MARGIN + 52.0
    places = {f"i{k + 1}": Box(left - 26, rows[k], 52, 44, 22) for k in range(form.sizes[0])}
    middles = []
    for layer in range(1, last + 1):
        left += EDGE
        neurons = form.neurons(layer)
        for y, neuron in zip(rows, neurons, strict=False):
            places[f"net_{neuron}"] = Box(left + half / 2, y, half, 38, 5)
            places[f"out_{neuron}"] = Box(left + 1.5 * half, y, half, 38, 5)
        if form.own_biases:  # between the neurons, or below the only one
            y = top + ROW_GAP / 2 * max(1, len(neurons) - 1)
            places[f"b{layer}"] = Box(
                left + half / 2, y, 58, LINE * (1 + max(form.sizes[1:])) + 9, 3
            )
        middles.append(left + half)
        left += 2 * half
    for k, neuron in enumerate(form.neurons(last)):
        out = places[f"out_{neuron}"]
        y = out.y + (ERROR_GAP if k else -ERROR_GAP)
        places[f"target_{neuron}"] = Box(middles[-1] - TARGET_X, y, 76, 44, 3)
        places[f"E_{neuron}"] = Box(out.x, y, 52, 36, 12)
    y = top - 29
    inputs, *hidden, output = heading_names(form)
    headings = [
        (MARGIN, y, "start", inputs),
        *((x, y, "middle", words) for x, words in zip(middles, hidden, strict=False)),
        (out.x - BESIDE_ERROR, y, "end", output),
    ]
    wires = [*on_edges(form, places, [ON_EDGE] * last, LABEL)]
    return Layout(places, wires, headings, left + MARGIN + 4)


def on_edges(
    form: Form, places: dict[str, Box], parts: Sequence[float], room: float
) -> Iterator[Wire]:
    """Yield an arrow for each weight, with its label on it, and the arrows of the biases."""
    for weight in weights_of(form):
        below, net = places[weight.below], places[weight.net]
        shift = SPREAD * (net.y - below.y)
        (x1, y1), (x2, y2) = below.side(1, 0), net.side(-1, 0)
        y1, y2 = y1 + shift, y2 - shift
        part = 0.5 if weight.source == weight.neuron else parts[weight.layer - 1]
        label = Box(x1 + part * (x2 - x1), y1 + part * (y2 - y1), room, 2 * LINE, 0)
        yield Wire(weight.name, [((x1, y1), (x2, y2))], label)
    for layer in range(1, len(form.sizes)) if form.own_biases else ():
        for neuron in form.neurons(layer):
            yield Wire(f"b{layer}", [facing(places[f"b{layer}"], places[f"net_{neuron}"])])


def lesson(form: Form) -> Layout:
    """Return the layout of the map of the lesson's network, with the nets next to the bias."""
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
    return Layout(places, [*on_edges(form, places, ON_MAP_EDGE, HALF_WIDTH)], headings)


def spread(form: Form) -> Layout:
    """Return the layout of the map of any network, each neuron behind its parameters."""
    last = len(form.sizes) - 1
    step = EDGES + PORT + FAN + NEURON
    right = [MARGIN + INPUT_WIDTH + layer * step for layer in range(last + 1)]
    rows = rows_of(form)
    inputs = (MARGIN + INPUT_WIDTH / 2, *(x - NEURON / 2 for x in right[1:]))
    places = {f"i{k + 1}": Box(inputs[0], y, INPUT_WIDTH, 44, 22) for k, y in enumerate(rows[0])}
    for layer in range(1, last + 1):
        for y, neuron in zip(rows[layer], form.neurons(layer), strict=True):
            for half, down in (("net", -1), ("out", 1)):
                middle = y + down * HALF_HEIGHT / 2
                places[f"{half}_{neuron}"] = Box(inputs[layer], middle, NEURON, HALF_HEIGHT, 5)
    wires = [*through_ports(form, places)]
    x = right[-1] + EDGES + TARGET_WIDTH / 2
    for y, neuron in zip(rows[-1], form.neurons(last), strict=True):
        error = y + HALF_HEIGHT / 2
        places[f"target_{neuron}"] = Box(x, error - TARGET_RISE, TARGET_WIDTH, NODE, 3)
        places[f"E_{neuron}"] = Box(x, error, TARGET_WIDTH, NODE, 12)
    y = rows[-1][-1] + HALF_HEIGHT / 2 + NODE + TOTAL_GAP
    if form.samples:  # side by side, since a page makes a high picture smaller
        y = max(y, Layout(places, wires, []).bottom + (CELL_GAP + NODE) / 2)
        places[ALL] = Box(x - TARGET_WIDTH - TOTAL_GAP, y, TARGET_WIDTH, NODE, 12)
    places[TOTAL] = Box(x, y, TARGET_WIDTH, NODE, 12)
    places[RATE] = Box(MAP_RATE_X, max(y, rows[0][-1] + NODE + CELL_GAP), 56, NODE, 3)
    rail = x + TARGET_WIDTH / 2 + RAIL_GAP
    tops = [row[0] - height / 2 for row, (height, _) in zip(rows, cells_of(form), strict=True)]
    headings = [
        (x, y - HEADING_RISE, "middle", name)
        for x, y, name in zip(inputs, tops, heading_names(form), strict=True)
    ]
    return Layout(places, wires, headings, rail + MARGIN, rail)


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


def through_ports(form: Form, places: dict[str, Box]) -> Iterator[Wire]:
    """Yield the lines of each weight and bias through its place in front of its neuron."""
    weights = [*weights_of(form)]
    for layer in range(1, len(form.sizes)):
        for k, neuron in enumerate(form.neurons(layer)):
            net = places[f"net_{neuron}"]
            below = {each.name: each.below for each in weights if each.net == f"net_{neuron}"}
            names = [*below, *form.biases(layer)[k : k + 1]]
            x = net.side(-1, 0)[0] - FAN - PORT / 2
            first = net.side(0, 1)[1] - (len(names) - 1) / 2 * PORT_HEIGHT
            for row, name in enumerate(names):
                y = first + row * PORT_HEIGHT
                if name in below:
                    box = Box(x, y, PORT, PORT_HEIGHT - 3, 0)
                    left, right = box.side(-1, 0), box.side(1, 0)
                    into = [(places[below[name]].side(1, 0), left), (left, right)]
                else:
                    box = Box(x, y + BIAS_GAP, PORT, PORT_HEIGHT - 3, 3)
                    into, right = [], box.side(1, 0)
                yield Wire(name, [*into, (right, net.side(-1, 0))], box)


def heading_names(form: Form) -> list[str]:
    """Return the heading of each layer."""
    last = len(form.sizes) - 1
    number = " {}" if last > 2 else ""
    hidden = [f"hidden layer{number}".format(layer) for layer in range(1, last)]
    return ["inputs", *hidden, "output layer"]

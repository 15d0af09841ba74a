"""Draw a network whose parts have their places: nodes, weights, errors, headings.

A figure says which lines of text stand in a part, by its name; a part without is left out.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from backprop.figures.layout import Layout, Wire, facing
from backprop.figures.svg import (
    LINE,
    THIN_PEN,
    Box,
    Line,
    Pen,
    add_arrow,
    add_bent_arrow,
    add_clear_label,
    add_group,
    add_label,
    add_line,
    add_node,
    add_text,
)
from backprop.symbolic.definitions import TOTAL

Lines = Mapping[str, Sequence[Line]]

HEADING_SIZE = 13.0
HEAD = 9.0  # of the arrow of a weight, wider than the widest line
AROUND_LINE = 8.0  # how much further apart a name and a number are than usual, with a line between


def add_wires(svg: Element, layout: Layout, lines: Lines, pens: Mapping[str, Pen]) -> None:
    """Draw the weights and biases with their labels; `pens` has those of weights with values."""
    for wire in layout.wires:
        group, pen = add_group(svg, wire.name), pens.get(wire.name, THIN_PEN)
        for start, end in wire.ways[:-1]:
            add_line(group, start, end, pen)
        add_arrow(group, *wire.ways[-1], pen, HEAD if wire.name in pens else None)
    add_wire_labels(svg, layout, lines)


def add_wire_labels(svg: Element, layout: Layout, lines: Lines) -> None:
    """Write the label of each weight or bias above all lines, where it hides what it stands on."""
    for wire in layout.wires:
        if wire.label and wire.name in lines:
            add_wire_label(add_group(svg, wire.name), wire, wire.label, lines[wire.name])


def add_wire_label(svg: Element, wire: Wire, box: Box, lines: Sequence[Line]) -> None:
    """Write the label of a weight or bias in its place, or around a level line."""
    (_, y1), (_, y2) = wire.ways[0]
    if box.rounding:
        add_node(svg, box, lines)
    elif y1 == y2 and len(lines) == 2 and len(wire.ways) == 1:
        add_label(svg, (box.x, box.y), lines, leading=LINE + AROUND_LINE, room=box.width)
    else:
        add_clear_label(svg, (box.x, box.y), lines, box.width)


def add_nodes(
    svg: Element,
    places: Mapping[str, Box],
    lines: Lines,
    mark: str = "",
    pens: Mapping[str, Pen] | None = None,
) -> None:
    """Draw the nodes with their labels, in the sample whose names end in the mark."""
    for name, box in places.items():
        if label := lines.get(name + mark):
            add_node(add_group(svg, name + mark), box, label, (pens or {}).get(name, THIN_PEN))


def add_flow(svg: Element, layout: Layout, outputs: Sequence[str], mark: str = "") -> None:
    """Draw the arrows from the outputs and targets of a sample to the errors, and to the total."""
    places, rail = layout.places, layout.rail
    for neuron in outputs:
        for name in (f"out_{neuron}", f"target_{neuron}"):
            way = facing(places[name], places[f"E_{neuron}"])
            add_arrow(add_group(svg, name + mark), *way)
    if TOTAL not in places:
        return
    *errors, last = (f"E_{neuron}" for neuron in outputs)
    for error in errors:
        (x1, y1), (x2, y2) = places[error].side(1, 0), places[TOTAL].side(1, 0)
        corners = [(x1, y1), (rail, y1), (rail, y2), (x2, y2)]
        add_bent_arrow(add_group(svg, error + mark), corners)
    add_arrow(add_group(svg, last + mark), *facing(places[last], places[TOTAL]))


def add_headings(svg: Element, layout: Layout) -> None:
    """Write a heading above each layer."""
    for x, y, anchor, heading in layout.headings:
        add_text(svg, (x, y), heading, anchor, HEADING_SIZE)

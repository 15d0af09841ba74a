"""Draw the shapes of the pictures, and labels with subscripts, as SVG.

A label is written as text in which `_` begins a subscript: `w_5`, `∂E_o1/∂out_h1`. A number
in it may have the name of its quantity, so that a page can find it and show another value.
Colors are those of the page around the picture, through CSS.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self, TypeAlias
from xml.etree.ElementTree import Element, SubElement

Point: TypeAlias = tuple[float, float]
Pen: TypeAlias = Mapping[str, str]

WIDTH = 380.0  # of a picture, in units of the viewBox: as narrow as a phone is
MARGIN = 6.0
INK = "currentColor"
BACKGROUND = "var(--bp-background, var(--md-default-bg-color, #fff))"
FONT, SUBSCRIPT_FONT = 14.0, 11.8
SUBSCRIPT_DROP = 3.5
LINE = 17.5  # from one baseline to the next
BASELINE = 4.5  # from the middle of a line of text down to its baseline
THIN, THICK = 1.25, 3.0
ARROW_HEAD = 6.0  # at a line one unit thick; it grows with the root of the thickness
NO_PEN: Pen = {"stroke": "none"}
THIN_PEN: Pen = {"stroke": INK, "stroke-width": f"{THIN:g}"}
POSITIVE, NEGATIVE = "var(--bp-positive, #1f5fa8)", "var(--bp-negative, #b3261e)"
LEAST, MOST = 0.8, 5.8  # how wide the line of a weight is
DASHES = "9 3"  # of a negative weight, so that its sign does not show by color only
DIGIT = 0.536  # how wide a character is, as a share of the font; too long a line is written smaller


class Shown(str):
    """A number as it is printed, with the name of its quantity.

    Attributes:
        stands_for: a name of the graph, such as `w5`, or a derivative, `dE_o1/dout_h1`.
        places: how many decimals are printed; None for a given, which is printed in full.
        bracketed: whether it stands in parentheses where it is negative.
    """

    __slots__ = ("bracketed", "places", "stands_for")

    stands_for: str
    places: int | None
    bracketed: bool

    def __new__(
        cls, text: str, stands_for: str, places: int | None = None, *, bracketed: bool = False
    ) -> Self:
        """Return the text with what it stands for."""
        shown = super().__new__(cls, text)
        shown.stands_for, shown.places, shown.bracketed = stands_for, places, bracketed
        return shown

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by which a page finds the number and knows how to print another."""
        places = {} if self.places is None else {"data-places": str(self.places)}
        brackets = {"data-bracketed": ""} if self.bracketed else {}
        return {"data-value": self.stands_for} | places | brackets


Line: TypeAlias = str | Sequence[str]
"""A line of a label: text, or pieces of it, of which some are numbers that are `Shown`."""


@dataclass(frozen=True)
class Box:
    """The box of a node: its center, its size, and the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    rounding: float

    def side(self, right: float, down: float) -> Point:
        """Return a point on the edge: (1, 0) is the middle of the right-hand side."""
        return self.x + right * self.width / 2, self.y + down * self.height / 2


@dataclass(frozen=True)
class Words:
    """The title and description of a picture for those who do not see it, and its size."""

    title: str
    description: str
    height: float
    width: float = WIDTH


def thick(pen: Pen) -> Pen:
    """Return the pen with a thick line."""
    return {**pen, "stroke-width": f"{THICK:g}"}


def weight_pen(value: float) -> Pen:
    """Return the pen for the line of a weight: as wide as it is large, in the color of its sign.

    The width is `MOST - (MOST - LEAST) / (|w| + 1)`, so that it grows however large `w` is.
    """
    width = MOST - (MOST - LEAST) / (abs(value) + 1)
    color = {"stroke": NEGATIVE if value < 0 else POSITIVE, "stroke-width": f"{width:.2f}"}
    return {**color, "stroke-dasharray": DASHES} if value < 0 else color


def add_group(svg: Element, name: str) -> Element:
    """Return a group for all that shows one quantity, by its name in the graph."""
    return SubElement(svg, "g", {"data-name": name})


def look() -> dict[str, float | str]:
    """Return the sizes and colors by which the scripts of a page draw weights and numbers."""
    look: dict[str, float | str] = {"least": LEAST, "most": MOST, "dashes": DASHES}
    look |= {"positive": POSITIVE, "negative": NEGATIVE}
    return look | {"digit": DIGIT}


def add_box(svg: Element, box: Box, pen: Pen = THIN_PEN) -> None:
    """Draw a box with round corners, filled with the background."""
    x, y = box.side(-1, -1)
    places = {"x": x, "y": y, "width": box.width, "height": box.height, "rx": box.rounding}
    SubElement(svg, "rect", numbers(places) | style({**pen, "fill": BACKGROUND}))


def add_line(svg: Element, start: Point, end: Point, pen: Pen = THIN_PEN) -> None:
    """Draw a straight line."""
    (x1, y1), (x2, y2) = start, end
    SubElement(svg, "line", numbers({"x1": x1, "y1": y1, "x2": x2, "y2": y2}) | style(pen))


def add_arrow(
    svg: Element, start: Point, end: Point, pen: Pen = THIN_PEN, head: float | None = None
) -> None:
    """Draw a straight arrow; unless `head` is given, the width of the pen sets its size."""
    head = head or ARROW_HEAD * math.sqrt(float(pen["stroke-width"]))
    length = math.dist(start, end)
    right, down = (head * (b - a) / length for a, b in zip(start, end, strict=True))
    neck = end[0] - right, end[1] - down
    add_line(svg, start, neck, pen)
    corners = (
        end,
        (neck[0] - 0.4 * down, neck[1] + 0.4 * right),
        (neck[0] + 0.4 * down, neck[1] - 0.4 * right),
    )
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)
    SubElement(svg, "polygon", {"points": points} | style({"fill": pen["stroke"]}))


def add_bent_arrow(svg: Element, corners: Sequence[Point]) -> None:
    """Draw an arrow that goes around corners."""
    for start, end in pairwise(corners[:-1]):
        add_line(svg, start, end)
    add_arrow(svg, corners[-2], corners[-1])


def add_label(
    svg: Element,
    middle: Point,
    lines: Sequence[Line],
    anchor: str = "middle",
    leading: float = LINE,
    room: float = math.inf,
) -> None:
    """Write lines of text, one below the other, vertically centered on a point."""
    x, y = middle
    first = y + BASELINE - leading * (len(lines) - 1) / 2
    for k, line in enumerate(lines):
        add_text(svg, (x, first + k * leading), line, anchor, room=room)


def add_node(svg: Element, box: Box, lines: Sequence[Line], pen: Pen = THIN_PEN) -> None:
    """Draw a box with its label inside, which keeps off round corners."""
    add_box(svg, box, pen)
    add_label(svg, (box.x, box.y), lines, room=box.width - box.rounding / 2)


def add_clear_label(
    svg: Element, middle: Point, lines: Sequence[Line], room: float = math.inf
) -> None:
    """Write lines of text on a patch of background, which hides the line behind them."""
    width = min(DIGIT * FONT * max(map(len, lines)), room) + 4
    patch = Box(*middle, width, LINE * len(lines) + SUBSCRIPT_DROP, 0)
    add_box(svg, patch, NO_PEN)
    add_label(svg, middle, lines, room=room)


def add_text(
    svg: Element,
    start: Point,
    line: Line,
    anchor: str = "middle",
    size: float = FONT,
    room: float = math.inf,
) -> None:
    """Write one line of text with subscripts, on a baseline.

    In a `room`, a line with numbers is in smaller letters where it is too long. A page does the
    same when it writes other numbers.
    """
    pieces = [line] if isinstance(line, str) else line
    places, limit = {"x": start[0], "y": start[1], "font-size": size}, {}
    if room < math.inf and any(isinstance(piece, Shown) for piece in pieces):
        limit = numbers({"data-room": room, "data-size": size})
        places["font-size"] = min(size, room / DIGIT / len("".join(pieces)))
    look = {"text-anchor": anchor} | limit | style({"fill": INK})
    text = SubElement(svg, "text", numbers(places) | look)
    drop = 0.0
    for piece in pieces:
        if isinstance(piece, Shown):
            attributes = {"dy": f"{0 - drop:g}"} | piece.attributes
            SubElement(text, "tspan", attributes).text = piece
            drop = 0.0
        else:
            drop = add_words(text, piece, size, drop)


def add_words(text: Element, label: str, size: float, drop: float) -> float:
    """Add a label to a line of text.

    Args:
        text: the line.
        label: the label.
        size: of the font.
        drop: how far below the baseline the line is at its end.

    Returns:
        How far below the baseline the line is after the label.
    """
    # Each piece: what stands before a name, then the name and its subscript.
    for before, name, subscript in re.findall(r"(.*?)(?:([^\W_]+)_([^\W_]+(?:[,;]\d+)*)|$)", label):
        for piece in filter(None, (before, name)):
            # A letter is slanted, as in equations; a word such as net is upright.
            slant = {"font-style": "italic"} if piece is name and len(name) == 1 else {}
            SubElement(text, "tspan", {"dy": f"{0 - drop:g}"} | slant).text = piece
            drop = 0.0
        if subscript:
            drop = SUBSCRIPT_DROP
            small = numbers({"dy": drop, "font-size": SUBSCRIPT_FONT * size / FONT})
            SubElement(text, "tspan", small).text = subscript
    return drop


def spoken(label: str) -> str:
    """Return a label as it is written without subscripts: w1 for w_1; out_h1 and z^(1)_1 stay."""
    return re.sub(r"(?<=\w)_(?=\d)", "", label)


def numbers(attributes: Mapping[str, float]) -> dict[str, str]:
    """Return attributes with their numbers as text, to a hundredth of a unit."""
    return {name: f"{round(value, 2):g}" for name, value in attributes.items()}


def style(properties: Mapping[str, str]) -> dict[str, str]:
    """Return the `style` attribute, the only one in which CSS variables work."""
    return {"style": "; ".join(f"{name}: {value}" for name, value in properties.items())}

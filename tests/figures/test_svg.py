import math
from xml.etree.ElementTree import Element, tostring

import pytest

from backprop.figures.svg import (
    SUBSCRIPT_DROP,
    THIN_PEN,
    Box,
    add_arrow,
    add_box,
    add_clear_label,
    add_label,
    add_text,
    spoken,
    thick,
)


def pieces(label: str) -> list[tuple[str, float, str]]:
    """Return each piece of a label: its text, how far below the line it is, its slant."""
    svg = Element("svg")
    add_text(svg, (0, 0), label)
    height, found = 0.0, []
    for piece in svg[0]:
        height += float(piece.attrib["dy"])
        found.append((piece.text or "", height, piece.get("font-style", "normal")))
    return found


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("0.15", [("0.15", 0, "normal")]),
        ("w_5", [("w", 0, "italic"), ("5", SUBSCRIPT_DROP, "normal")]),
        ("net_h1", [("net", 0, "normal"), ("h1", SUBSCRIPT_DROP, "normal")]),
        (
            "∂E_o1/∂ŷ_1, a",
            [
                ("∂", 0, "normal"),
                ("E", 0, "italic"),
                ("o1", SUBSCRIPT_DROP, "normal"),
                ("/∂", 0, "normal"),
                ("ŷ", 0, "italic"),
                ("1", SUBSCRIPT_DROP, "normal"),
                (", a", 0, "normal"),
            ],
        ),
        ("x", [("x", 0, "normal")]),
    ],
)
def test_what_follows_an_underscore_is_a_subscript(
    label: str, expected: list[tuple[str, float, str]]
) -> None:
    assert pieces(label) == expected


def test_subscripts_are_smaller() -> None:
    svg = Element("svg")
    add_text(svg, (0, 0), "w_5", size=10)
    name, subscript = svg[0]
    assert name.get("font-size") is None
    assert 5 < float(subscript.attrib["font-size"]) < 10


def test_text_is_escaped() -> None:
    svg = Element("svg")
    add_text(svg, (0, 0), '<b> & "c"')
    assert ">&lt;b&gt; &amp; " in tostring(svg, encoding="unicode")


def test_lines_stand_evenly_around_the_middle() -> None:
    svg = Element("svg")
    add_label(svg, (0, 100), ["one"])
    add_label(svg, (0, 100), ["one", "two"], leading=20)
    alone, first, second = (float(text.attrib["y"]) for text in svg)
    assert (first, second) == (alone - 10, alone + 10)


def test_a_clear_label_lies_on_a_patch_of_background() -> None:
    svg = Element("svg")
    add_clear_label(svg, (50, 50), ["w_1", "0.15"])
    assert [child.tag for child in svg] == ["rect", "text", "text"]
    assert "stroke: none" in svg[0].attrib["style"]


def test_a_box_is_centered() -> None:
    svg = Element("svg")
    box = Box(50, 40, 20, 10, 3)
    add_box(svg, box)
    assert [svg[0].get(name) for name in ("x", "y", "width", "height")] == ["40", "35", "20", "10"]
    assert box.side(1, 0) == (60, 40)
    assert box.side(0, -1) == (50, 35)


@pytest.mark.parametrize("end", [(100.0, 0.0), (0.0, -50.0), (-30.0, 40.0)])
def test_an_arrow_ends_in_its_point(end: tuple[float, float]) -> None:
    svg = Element("svg")
    add_arrow(svg, (0, 0), end, thick(THIN_PEN))
    line, head = svg
    neck = float(line.attrib["x2"]), float(line.attrib["y2"])
    tip, left, right = (
        tuple(map(float, corner.split(","))) for corner in head.attrib["points"].split()
    )
    assert tip == end
    assert math.dist((0, 0), neck) + math.dist(neck, end) == pytest.approx(
        math.dist((0, 0), end), abs=0.02
    )
    assert math.dist(left, tip) == pytest.approx(math.dist(right, tip), abs=0.03)
    assert [(a + b) / 2 for a, b in zip(left, right, strict=True)] == pytest.approx(neck, abs=0.02)


def test_a_label_is_read_out_with_the_names_of_the_pages() -> None:
    assert spoken("w_1 from i_1, out_h1, E_total") == "w1 from i1, out_h1, E_total"
    assert spoken("z^(1)_1") == "z^(1)_1"

"""Conditions, on which words of a page depend."""

from dataclasses import replace
from decimal import Decimal

import pytest

from backprop import LECTURE, NOTES
from backprop.formulas.conditions import holds, parse, with_values
from backprop.formulas.latex import LatexError
from backprop.formulas.values import Unbound
from backprop.formulas.world import World
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION

WORLD = World.of(LECTURE, LECTURE_NOTATION)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E_o1 > E_o2", True),
        ("E_{o_1} < E_{o_2}", False),
        (r"\delta_{o_2} < 0", True),
        ("delta_o2 < 0", True),
        ("0.5 * E_total <= E_o1", True),
        ("0 < out_h1 < 1", True),
        ("0 < out_h1 < 0.5", False),
        ("not delta_o1 < 0 and delta_o2 < 0", True),
        ("not (delta_o1 < 0 or delta_o2 < 0)", False),
        ("delta_o1 < 0 or delta_o2 < 0 and E_o1 < E_o2", False),
        ("(delta_o1 < 0 or delta_o2 < 0) and E_o1 > E_o2", True),
        ("(w5 + w6) * i1 > 0.04", True),
        ("w5^+ < w5", True),
        ("E_total^{(2)} < E_total^+", True),
        ("dE_total/dw5 >= dE_total/dw6", False),
        ("delta_o2/delta_o1 < 0", True),
        (r"|\delta_{o_2}| < |\delta_{o_1}|", True),
        ("b1 = 0.35", True),
        ("b1 != 0.35", False),
        ("eta = 0.5", True),
    ],
)
def test_a_condition_holds_or_does_not(text: str, *, expected: bool) -> None:
    assert holds(parse(text), WORLD) is expected


@pytest.mark.parametrize(
    "text", ["b1 < 0.35", "b1 >= 0.35", "not b1 < 0.35", "b1 > 0.35 or b1 < 0"]
)
def test_where_both_sides_are_equal_only_rounding_tells(text: str) -> None:
    assert holds(parse(text), WORLD) is None


def test_what_rounding_alone_tells_is_left_out_where_it_decides_nothing() -> None:
    assert holds(parse("b1 > 0.35 or w5 > 0"), WORLD) is True
    assert holds(parse("b1 > 0.35 and w5 < 0"), WORLD) is False
    near = replace(WORLD, learning_rate=Decimal("0.5000000001"))
    assert holds(parse("eta > 0.5"), near) is None


def test_names_are_those_of_the_notation() -> None:
    world = World.of(NOTES, NOTES_NOTATION)
    assert holds(parse("hat_y1 > t_1 and delta_y2 < 0 and E_y1 > E_y2"), world)
    with pytest.raises(Unbound, match="out_o1 is no name of this page"):
        holds(parse("out_o1 > 0"), world)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w5", "no comparison came"),
        ("(w5)", "no comparison came"),
        ("w5 < 1, w6 < 1", "no comparison came"),
        ("", "no comparison came"),
        ("w5 <", "ends too early"),
        ("w5 < 1 and", "no comparison came"),
        ("(w5 < 1", "cannot stand here|too early"),
        ("w5 < 1 " * 60, "300 at most"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, message: str) -> None:
    with pytest.raises(LatexError, match=message):
        parse(text)


def test_an_array_is_not_compared() -> None:
    with pytest.raises(Unbound, match="expected a number"):
        holds(parse(r"\mathbf{x} > 0"), WORLD)


def test_it_is_told_with_the_values_of_both_sides() -> None:
    assert with_values(parse("E_o1 > 0.5 and not w5 = 1"), WORLD) == (
        "E_o1 (0.274811083176) > 0.5, w5 (0.4) = 1"
    )

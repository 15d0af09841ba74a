"""The ways that the page lists, and their numbers, by straight-line arithmetic."""

import math
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
from networks import rounds_to
from worked import worked

from backprop import VARIANTS, variant_values
from backprop.variants.rows import ROUNDS, is_by_hand
from backprop.variants.tables import GROUPS, table


def number_of(name: str, example: str = "lecture") -> int:
    [found] = [k for k, v in enumerate(VARIANTS) if (v.name, v.example) == (name, example)]
    return found


@cache
def judged(place: int) -> dict[int, dict[str, Any]]:
    states = islice(worked(VARIANTS[place].switches, float, math), ROUNDS[-1] + 1)
    return {done: state for done, state in enumerate(states) if done in ROUNDS}


@pytest.mark.parametrize("place", [0, 3, 5, 20, 30, *range(36, 54)])
def test_all_figures_by_straight_line_arithmetic(place: int) -> None:
    for quantity in ("E_total", "out_o1", "out_o2", "w1", "w8", "b1_1"):
        for done, state in judged(place).items():
            value = variant_values(quantity, done)[place]
            if not np.isnan(value):
                # What is left of a miss has lost the digits that cancelled.
                assert value == pytest.approx(state[quantity], rel=1e-8, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "quantity", "rounds", "printed"),
    [
        ("as on these pages", "E_total", 1, "0.291027773694"),
        ("shared biases", "E_total", 1, "0.285750886699"),
        ("a bias for each neuron", "E_total", 1, "0.280471446791"),
        ("as on these pages", "E_total", 9_999, "3.51085481e-5"),
        ("as on these pages", "E_total", 10_000, "3.51018778e-5"),
        ("shared biases", "E_total", 10_000, "4.35532107e-6"),
        ("a bias for each neuron", "E_total", 10_000, "2.44756224e-6"),
        ("new weights", "E_total", 1, "0.291027923905"),
        ("new weights", "E_total", 10_000, "3.50847863e-5"),
        ("new weights", "out_o1", 10_000, "0.015912196"),
        ("new weights", "out_o2", 10_000, "0.984065734"),
        ("single precision", "E_total", 1, "0.2910278141"),
    ],
)
def test_the_figures_that_everyone_copies(
    name: str, quantity: str, rounds: int, printed: str
) -> None:
    assert rounds_to(variant_values(quantity, rounds)[number_of(name)], printed)


def test_what_is_not_computed_is_no_number() -> None:
    values = variant_values("E_total", 10_000)
    missing = [VARIANTS[k] for k in np.flatnonzero(np.isnan(values))]
    assert [v.name for v in missing if not is_by_hand(v)] == ["no slope at the outputs"]
    assert sum(map(is_by_hand, missing)) == sum(map(is_by_hand, VARIANTS)) == 7


@pytest.mark.parametrize(
    ("quantity", "rounds"), [("E", 1), ("E_total", 3), ("w1", 4), (1, "a"), ("w9", 1)]
)
def test_there_are_no_such_figures(quantity: Any, rounds: Any) -> None:
    with pytest.raises(ValueError, match="expected one such as 'E_total' after 0, 1, 2, 9999"):
        variant_values(quantity, rounds)


def test_no_two_variants_are_called_the_same() -> None:
    names = [(variant.example, variant.name) for variant in VARIANTS]
    assert len(set(names)) == len(names)
    assert VARIANTS[0].name == "as on these pages"
    assert VARIANTS[0].did == "did what these pages do"
    assert {variant.example for variant in VARIANTS} == {"lecture", "notes"}


def test_each_variant_of_the_lecture_is_in_a_table() -> None:
    for variant in VARIANTS:
        if variant.example == "lecture":
            assert any(chosen(variant) for chosen in GROUPS.values()), variant.name


@pytest.mark.parametrize(
    ("what", "rows"),
    [("choices: E 1, E 10000", 6), ("notes: E 1", 6), ("errors: E 1", 13), ("givens: E 1", 10),
     ("formulas: E 1", 7), ("digits: E 1", 7)],
)  # fmt: skip
def test_a_table_has_the_rows_of_its_group(what: str, rows: int) -> None:
    assert len(table(what).splitlines()) == rows + 2


@pytest.mark.parametrize("what", ["nobody: E 1", "choices: E 3"])
def test_there_is_no_such_table(what: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        table(what)


def test_a_cell_is_a_formula_or_a_dot() -> None:
    cells = table("formulas: E 10000")
    assert "| · |" in cells
    assert "| $0.298371109$ |" not in cells
    assert r"\times 10^{-" in cells

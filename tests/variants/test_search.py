"""How far-fetched a value is, how many fit by accident, and how an output is read."""

import numpy as np
import pytest

from backprop.variants.reading import Number, read_numbers
from backprop.variants.search import (
    LATE,
    Near,
    late_rounds,
    late_steps,
    late_values,
    look,
    pivots_of,
    placed,
    stage,
    tolerance,
    values_of,
    way_number,
)
from backprop.variants.switches import choices, pairs, singles, switches_of, threes, way_of


def number(text: str) -> Number:
    [found] = read_numbers(text)
    return found


def looked(text: str, *stages: int) -> Near:
    near = Near(number(text))
    for which in stages:
        look([near], stage(which))
    return near


def test_ways_are_numbered_the_simple_ones_first() -> None:
    ways = (*singles(), *choices(), *pairs(), *threes())
    for k in (0, 1, len(singles()), 500, 5_000, len(ways) - 1):
        assert way_number(k) == ways[k]


@pytest.mark.parametrize(
    ("text", "switches", "quantity", "done", "cost"),
    [
        ("0.291027773694", {}, 0, 1, 0),
        ("0.283547133", {}, 0, 2, 1),
        ("0.291027923905", {"order": "new"}, 0, 1, 1),
        ("0.280471446791", {"biases": "per_neuron"}, 0, 1, 1),
    ],
)
def test_the_cost_of_a_value(
    text: str, switches: dict[str, str | float], quantity: int, done: int, cost: int
) -> None:
    hit = looked(text, 0).hits[0]
    assert switches_of(way_number(int(hit[3]))) == switches
    assert (hit[5], hit[4], hit[2]) == (quantity, done, cost)


def test_more_values_fit_by_accident_the_further_one_fetches_them() -> None:
    near = looked("0.2917272634", 0, 1)
    expected = [near.expected(cost) for cost in range(5)]
    assert expected == sorted(expected)
    assert expected[4] > 10 * expected[1]


def test_more_values_fit_a_shorter_number() -> None:
    assert looked("0.29172", 0).expected(1) > 100 * looked("0.29172726", 0).expected(1)


def test_about_as_many_values_fit_by_accident_as_are_expected() -> None:
    """Of many numbers with five digits, beside each other, count the fits and compare."""
    near = [Near(number(f"0.2{k:04}")) for k in range(8_000, 9_999, 40)]
    look(near, stage(0))
    fits = sum(int((each.hits[:, 2] <= 4).any()) for each in near)
    expected = sum(min(1.0, each.expected(4)) for each in near)
    assert 0.4 * expected < fits < 2.5 * expected


def test_words_narrow_what_a_number_may_be() -> None:
    named, unnamed = looked("w5 0.35891648", 0), looked("0.35891648", 0)
    assert set(named.hits[:, 5]) == {7}
    assert named.expected(4) < unnamed.expected(4)


def test_single_precision_is_believed_only_where_float32_holds_the_number() -> None:
    single = Number("0.29102784395", 0.29102784395, 1e-11, 11)  # what float32 holds
    other = Number("0.29102785395", 0.29102785395, 1e-11, 11)
    assert tolerance(single, keep=1) > 1e-8 > tolerance(single)
    way = way_of({"precision": "float32"})
    assert placed(way, [single, single], late=()).explained == 2
    assert placed(way, [other, other], late=()).explained == 0


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("epoch 1 loss 0.298371109\nepoch 2 loss 0.291027774", [0, 1]),
        ("0.298371109 0.291027774 0.283547133", [0, 1, 2]),
        ("0.291027774 0.742088111\n0.283547133 0.732420000", [1, 1, 2, None]),
        ("0.149780716 0.358916480 0.751365070", [1, 1, 0]),
        ("0.298371109 0.260434393", [0, 5]),
    ],
)
def test_the_rounds_of_an_output(text: str, rounds: list[int | None]) -> None:
    found = placed((), read_numbers(text), late=())
    assert [place and place[1] for place in found.places] == rounds


def test_late_rounds_are_known_of_simple_ways_only() -> None:
    assert 10_000 in values_of((), late=LATE)[0]
    assert 10_000 not in values_of((), late=())[0]
    assert 10_000 not in values_of(way_of({"precision": "float32"}), late=LATE)[0]
    assert 10_000 not in values_of(pairs()[0], late=LATE)[0]


def test_late_rounds_of_these_pages_are_the_same_by_themselves() -> None:
    alone, together = late_values(stage(4)), late_values(stage(2))
    for one, all_ways in zip(alone, together, strict=True):
        [column] = np.flatnonzero(all_ways.places == 0)
        assert one.done == all_ways.done
        np.testing.assert_allclose(one.values[:, 0], all_ways.values[:, column], rtol=1e-12)


def test_late_rounds_that_are_printed_are_looked_at() -> None:
    numbers = read_numbers("epoch 0 0.298\nepoch 300 0.003\nepoch 9999 0.00003\nepoch 20000 0.0")
    late = late_rounds(numbers)
    assert {*late} - {*LATE} == {299, 300, 301, 9_998}
    assert [*late] == sorted(late)
    for way in ((), way_of({"order": "new"})):
        rounds, values, _ = values_of(way, late=late)
        assert rounds[21:] == late
        np.testing.assert_allclose(values[:21], values_of(way, late=())[1], rtol=1e-12)
        usual = values_of(way, late=LATE)[1][21:]
        kept = [rounds.index(done) for done in LATE]
        np.testing.assert_allclose(values[kept], usual, rtol=1e-12)
    assert values[rounds.index(299), 0] > values[rounds.index(300), 0]


def test_of_many_late_rounds_some_are_looked_at() -> None:
    numbers = read_numbers("\n".join(f"epoch {k} 0.291" for k in range(1_000)))
    steps = sorted(late_steps(numbers))
    assert len(steps) <= 100
    assert steps[0] == 21
    assert steps[-1] > 980


def test_a_zero_says_nothing() -> None:
    near = looked("0.000000000", 0)
    assert near.expected(4) >= 0
    assert placed((), [near.number, near.number], late=()).chances in ((), (1.0, 1.0))


def test_pivots_are_the_numbers_of_most_digits() -> None:
    numbers = read_numbers("0.29 0.2910277 0.283547133 0.2759 0.268233")
    assert [each.number.text for each in pivots_of(numbers, range(5))] == [
        "0.283547133",
        "0.2910277",
        "0.268233",
    ]

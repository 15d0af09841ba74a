"""The ways of working: switches singly, in pairs, and in threes with a plain choice."""

import pytest

from backprop.variants.switches import (
    ARITHMETIC,
    OPTIONS,
    PLAIN,
    choices,
    did,
    pairs,
    parameters,
    singles,
    switches_of,
    threes,
    way_of,
)

WAYS = (*singles(), *choices(), *pairs(), *threes())


def test_no_way_comes_twice() -> None:
    assert len(set(WAYS)) == len(WAYS) > 15_000


def test_a_way_is_told_by_its_switches() -> None:
    for way in WAYS[::7]:
        assert way_of(switches_of(way)) == way
    with pytest.raises(KeyError):
        way_of({"order": "sideways"})


@pytest.mark.parametrize(
    ("switches", "found"),
    [
        ({"order": "new", "gradient": "turned"}, True),
        ({"precision": "float32", "rounding": "4"}, False),
        ({"slope": "of_slope", "output_slope": "none"}, False),
        ({"slope": "of_slope", "paths": "one"}, True),
        ({"rate": 0.1, "order": "new", "gradient": "turned"}, True),
        ({"paths": "one", "order": "new", "gradient": "turned"}, True),
        ({"paths": "one", "hidden_slope": "none", "gradient": "turned"}, False),
        ({"precision": "float32", "order": "new", "biases": "shared"}, True),
        ({"precision": "float32", "rate": 0.1, "biases": "shared"}, True),
        ({"example": "notes", "biases": "shared", "order": "new", "rate": 0.1}, True),
        ({"example": "notes", "biases": "shared", "order": "new", "rate": 0.2}, False),
    ],
)
def test_which_switches_go_together(switches: dict[str, str | float], *, found: bool) -> None:
    assert (way_of(switches) in WAYS) == found


def test_the_later_option_has_the_last_word() -> None:
    found = parameters((way_of({"example": "notes", "biases": "none"}), ()))
    assert found["b1"].tolist() == [0, 0.35]
    both = parameters((way_of({"loss": "squared", "samples": "mean"}),))
    assert both["d"] == 1
    assert both["e"] == 2


def test_what_was_done_is_said() -> None:
    assert did(()) == PLAIN
    said = did(way_of({"biases": "per_neuron", "order": "new"}))
    assert said.startswith("let the biases learn, one for each neuron, and went back")


def test_each_option_says_what_was_done_in_its_own_words() -> None:
    assert len({option.did for option in OPTIONS}) == len(OPTIONS)
    assert len({option.name for option in OPTIONS}) == len(OPTIONS)
    assert all(not option.did.endswith(".") for option in OPTIONS)
    assert {"precision", "rounding"} == set(ARITHMETIC)

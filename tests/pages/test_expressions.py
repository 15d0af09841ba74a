"""An author's expression gives a number or one clear line, and runs no code of the author's."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop import LECTURE, forward, total_error, train
from backprop.pages.expressions import ExpressionError, result_of, values_of

OUTS = forward(LECTURE.network, LECTURE.inputs).outs[-1]
TRAINED = train(
    LECTURE.network, LECTURE.inputs, LECTURE.targets, learning_rate=0.5, biases="shared", rounds=3
)
SAMPLE = "LECTURE.network, LECTURE.inputs, LECTURE.targets"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * -3 / +4", -0.5),
        (" 0.25 ", 0.25),
        ("LECTURE.learning_rate", 0.5),
        ("EXAMPLES['notes'].network.biases[0][1]", 0.3),
        ("LECTURE.network.weights[0][1, 0]", 0.25),
        ("LECTURE.network.sizes[-1]", 2),
        ("logistic(0)", 0.5),
        ("forward(LECTURE.network, [0.05, 0.10]).outs[-1][0]", OUTS[0]),
        (
            "total_error(LECTURE.targets, forward(LECTURE.network, LECTURE.inputs).outs[-1])",
            total_error(LECTURE.targets, OUTS),
        ),
        (
            f"train({SAMPLE}, learning_rate=0.5, biases='shared', rounds=3).errors[-1]",
            TRAINED.errors[-1],
        ),
    ],
)
def test_numbers(text: str, expected: Any) -> None:
    assert values_of(text) == pytest.approx(float(expected), rel=1e-15)


def test_an_expression_may_speak_of_other_names() -> None:
    assert values_of("2 * rate", {"rate": 0.5}) == 1
    assert result_of("network", {"network": LECTURE.network}) is LECTURE.network


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no expression"),
        ("1 +", "is no expression"),
        ("1; 2", "is no expression"),
        ("\0", "is no expression"),
        ("(" * 400 + ")" * 400, "is no expression"),
        ("1" * 1001, "1001 characters came, expected 1000 at most"),
        ("unknown", "'unknown' came, expected numbers, arithmetic and"),
        ("__import__('os')", "came, expected numbers"),
        ("LECTURE.__class__", "came, expected numbers"),
        ("LECTURE.network.forward", "came, expected numbers"),
        ("LECTURE.inputs.tofile('x')", "came, expected numbers"),
        ("(lambda: 1)()", "came, expected numbers"),
        ("[x for x in 'ab']", "came, expected numbers"),
        ("2 ** 9", "came, expected numbers"),
        ("True", "came, expected numbers"),
        ("1j", "came, expected numbers"),
        ("f'{1}'", "came, expected numbers"),
        ("forward(*'ab')", "came, expected numbers"),
        ("forward(**1)", "came, expected numbers"),
        ("'a' * 3", "'a'\" came, expected a number"),
        ("100 * (1, 2)", "came, expected a number"),
        ("100001", "100001 came, expected 100000 at most"),
        ("1000 * 1000", "1000000 came, expected 100000 at most"),
        ("-1000 * 1000", "-1000000 came"),
        ("1 / 0", "fails: division by zero"),
        ("LECTURE.inputs / 0", "fails: divide by zero"),
        ("LECTURE.inputs * 1e308 * 1e9", "fails: overflow"),
        ("LECTURE.outs", "fails: 'Example' object has no attribute"),
        ("LECTURE.inputs[2]", "fails: index 2 is out of bounds"),
        ("EXAMPLES['other']", "fails: 'other'"),
        ("-'a'", "fails: bad operand"),
        ("forward()", "fails: forward.. missing"),
        ("forward(LECTURE.network, [1, 2, 3])", "fails: inputs"),
        ("1e999", "gives no finite number"),
        ("forward", "gives no finite number"),
        ("'a'", "gives no finite number"),
        ("LECTURE.network.weights[0]", "gives no finite number"),
        ("((1, 2), 3)", "gives no finite number"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        values_of(text)


def test_a_row_of_numbers_may_have_gaps() -> None:
    assert values_of("LECTURE.targets") == [0.01, 0.99]
    assert values_of("2 * 3") == 6
    first, missing = values_of("a", {"a": np.array([1.5, np.inf])})  # type: ignore[misc]
    assert first == 1.5
    assert math.isnan(missing)


@pytest.mark.parametrize("array", [[np.nan], [], [[1.0]]])
def test_no_row_of_numbers(array: list[Any]) -> None:
    with pytest.raises(ExpressionError, match="gives no finite number"):
        values_of("a", {"a": np.array(array)})


PIECES = (
    "1 0.5 1e308 + - * / ( ) [ ] , . = 'a' LECTURE forward train .inputs .network x : {".split()  # noqa: SIM905
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=20))
def test_whatever_comes_is_a_number_or_refused(text: str) -> None:
    try:
        number = values_of(text)
    except ExpressionError:
        return
    row = number if isinstance(number, list) else [number]
    assert all(isinstance(each, float) for each in row)

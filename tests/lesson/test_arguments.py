from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from backprop import arguments

REAL = "expected real numbers, as int or float"


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "message"),
    [
        (arguments.numbers, ("x", "0.5"), TypeError, f"x: '0.5' (str) came, {REAL}"),
        (arguments.numbers, ("x", ["a", 1]), TypeError, f"x: ['a', 1] (list) came, {REAL}"),
        (arguments.numbers, ("x", None), TypeError, f"x: None (NoneType) came, {REAL}"),
        (arguments.numbers, ("x", [1, None]), TypeError, f"x: [1, None] (list) came, {REAL}"),
        (arguments.numbers, ("x", True), TypeError, f"x: True (bool) came, {REAL}"),
        (arguments.numbers, ("x", 1 + 2j), TypeError, f"x: (1+2j) (complex) came, {REAL}"),
        (
            arguments.numbers,
            ("x", Fraction(1, 2)),
            TypeError,
            f"x: Fraction(1, 2) (Fraction) came, {REAL}",
        ),
        (
            arguments.numbers,
            ("x", [Decimal(1)] * 99),
            TypeError,
            f"x: [Decimal('1'), Decimal('1'), Decimal('1'), Decimal('1'), ... (list) came, {REAL}",
        ),
        (
            arguments.numbers,
            ("x", [[1, 2], [3]]),
            ValueError,
            "x: rows of different lengths came, expected a rectangular array",
        ),
        (
            arguments.numbers,
            ("x", [1, np.nan, np.inf]),
            ValueError,
            "x: nan came, expected finite numbers",
        ),
        (arguments.numbers, ("x", -np.inf), ValueError, "x: -inf came, expected finite numbers"),
        (
            arguments.numbers,
            ("x", np.empty((0, 2))),
            ValueError,
            "x: nothing came, shape (0, 2), expected numbers",
        ),
        (
            arguments.number,
            ("x", [0.5]),
            ValueError,
            "x: shape (1,) came, expected a single number",
        ),
        (arguments.vectors, ("x", 0.5), ValueError, "x: shape () came, expected (..., n)"),
        (
            arguments.vectors,
            ("x", [[1, 2, 3]], 2),
            ValueError,
            "x: shape (1, 3) came, expected (..., 2)",
        ),
        (
            arguments.whole_number,
            ("n", True),
            TypeError,
            "n: True (bool) came, expected a whole number",
        ),
        (
            arguments.whole_number,
            ("n", 3.0),
            TypeError,
            "n: 3.0 (float) came, expected a whole number",
        ),
        (arguments.whole_number, ("n", -1), ValueError, "n: -1 came, expected 0 or more"),
        (
            arguments.one_of,
            ("how", "Shared", ("frozen", "shared")),
            ValueError,
            "how: 'Shared' (str) came, expected one of frozen, shared",
        ),
        (
            arguments.one_of,
            ("how", np.array(["frozen", "shared"]), ("frozen", "shared")),
            ValueError,
            (
                "how: array(['frozen', 'shared'], dtype='<U6') (ndarray) came, "
                "expected one of frozen, shared"
            ),
        ),
        (
            arguments.leading,
            ({"network": (3,), "inputs": (4,)},),
            ValueError,
            (
                "leading axes that do not broadcast together came: network (3,), inputs (4,); "
                "expected equal axes, or 1 where one value serves all"
            ),
        ),
        (arguments.sequence, ("s", "abc"), TypeError, "s: 'abc' (str) came, expected a sequence"),
        (
            arguments.sequence,
            ("s", np.array(1.0)),
            TypeError,
            "s: array(1.) (ndarray) came, expected a sequence",
        ),
        (arguments.sequence, ("s", 5), TypeError, "s: 5 (int) came, expected a sequence"),
        (
            arguments.instance,
            ("x", None, Fraction),
            TypeError,
            "x: None (NoneType) came, expected a Fraction",
        ),
    ],
)
def test_bad_value_is_refused_in_one_clear_line(
    function: Callable[..., object], arguments: tuple[Any, ...], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        function(*arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ([1, 2], np.float64),
        (np.array([1, 2], np.uint8), np.float64),
        ([0.5, 2], np.float64),
        (np.array([1, 2], np.float32), np.float32),
        (np.array([1, 2], np.longdouble), np.longdouble),
    ],
)
def test_numbers_keep_their_values_and_floating_type(value: Any, dtype: type) -> None:
    array = arguments.numbers("x", value)
    assert array.dtype == dtype
    assert array.tolist() == list(value)


def test_numbers_are_a_copy_that_cannot_be_written() -> None:
    mine = np.array([1.0, 2.0])
    array = arguments.numbers("x", mine)
    mine[0] = 9
    assert array[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 9


def test_good_values_pass() -> None:
    assert arguments.number("x", np.float64(0.5)) == 0.5
    assert arguments.vectors("x", [[1, 2]], 2).shape == (1, 2)
    assert arguments.vectors("x", [1, 2, 3]).shape == (3,)
    assert arguments.whole_number("n", np.int64(3)) == 3
    arguments.one_of("how", "shared", ("frozen", "shared"))
    assert arguments.leading({"a": (3, 1), "b": (4,), "c": ()}) == (3, 4)
    assert arguments.sequence("s", (n for n in "ab")) == ["a", "b"]
    arguments.instance("x", 1, int)

"""Values of expressions: decimals of 40 digits, or arrays of them, and the operations on both.

A vector is a column, an array of shape (n, 1).
"""

from decimal import Decimal, localcontext
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from backprop.formulas.vectors import VECTOR_FUNCTIONS
from backprop.symbolic.functions import PRECISE, apply

Value: TypeAlias = Decimal | npt.NDArray[Any]

RELATIVE_TOLERANCE = Decimal("1e-9")  # sides that differ by less, relatively, are equal
ABSOLUTE_TOLERANCE = Decimal("1e-20")  # and what is smaller is what remains of 0 after rounding


class Unbound(ValueError):  # noqa: N818  # a condition, as StopIteration is
    """A name that the page does not know, or an operation that makes no sense."""


def equal(a: Value, b: Value) -> bool:
    """Tell whether two values of one shape agree, entry by entry, up to a relative tolerance."""
    x, y = np.asarray(a, dtype=object), np.asarray(b, dtype=object)
    if x.shape != y.shape:
        return False
    with localcontext(PRECISE):
        pairs = zip(x.flat, y.flat, strict=True)
        return all(
            abs(p - q) <= max(RELATIVE_TOLERANCE * max(abs(p), abs(q)), ABSOLUTE_TOLERANCE)
            for p, q in pairs
        )


def size(value: Value) -> Decimal:
    """Return the size of a number, or the length of a vector.

    Raises:
        Unbound: it is a matrix.
    """
    if isinstance(value, Decimal):
        return abs(value)
    if min(value.shape) > 1:
        raise Unbound("an array stands where a number is expected; a matrix has no length")
    return sum((x * x for x in value.flat), Decimal(0)).sqrt()


def array(value: Value) -> npt.NDArray[Any]:
    """Return a value that has to be an array.

    Raises:
        Unbound: it is a number.
    """
    if isinstance(value, Decimal):
        raise Unbound("a number stands where an array is expected")
    return value


def scalar(value: Value) -> Decimal:
    """Return a value that has to be a number.

    Raises:
        Unbound: it is an array.
    """
    if not isinstance(value, Decimal):
        raise Unbound("an array stands where a number is expected")
    return value


def added(values: list[Value]) -> Value:
    """Add values of one shape; a number may be added to a vector, as in 1 - h, not to a matrix.

    Raises:
        Unbound: the shapes differ, or a number is added to a matrix.
    """
    shapes = [value.shape for value in values if isinstance(value, np.ndarray)]
    if len(shapes) < len(values) and any(min(shape) > 1 for shape in shapes):
        raise Unbound("a number is added to a matrix")
    return reduce(lambda total, value: total + fitting(value, total), values)


def multiplied(values: list[Value], *, elementwise: bool) -> Value:
    """Multiply from left to right: arrays (m, n) and (n, k) as matrices, unless elementwise."""

    def times(result: Value, value: Value) -> Value:
        if elementwise or isinstance(result, Decimal) or isinstance(value, Decimal):
            return result * fitting(value, result)
        return np.asarray(result @ value)

    return reduce(times, values)


def transposed_alike(values: list[Value]) -> list[Value]:
    """Transpose vectors where that gives them the shape of the first array."""
    shape = next((value.shape for value in values if isinstance(value, np.ndarray)), ())

    def transposed(value: Value) -> Value:
        if isinstance(value, Decimal) or min(value.shape) > 1 or value.T.shape != shape:
            return value
        return value.T

    return [transposed(value) for value in values]


def fitting(value: Value, other: Value) -> Value:
    """Return the value if it is a number, or has the shape of the other.

    Raises:
        Unbound: both are arrays, and their shapes differ.
    """
    shapes = {np.shape(each) for each in (value, other) if isinstance(each, np.ndarray)}
    if len(shapes) > 1:
        raise Unbound("arrays of different shapes are added, or combined entry by entry")
    return value


def raised(base: Value, exponent: Value) -> Value:
    """Raise a number to a power; 0 to the power 0 is 1, since slopes such as w^{1-1} need it.

    Raises:
        Unbound: one of the two is an array.
    """
    number, power = scalar(base), scalar(exponent)
    return number**power if power else Decimal(1)


def called(function: str, argument: Value) -> Value:
    """Apply a function to a number or to each entry; a function of vectors to the whole array.

    Raises:
        Unbound: a function of vectors gets a number, or has no such entry or no derivative.
    """
    name, _, place = function.removesuffix("'").partition("_")
    if name in VECTOR_FUNCTIONS:
        result = _of_vector(name, argument, primed=function.endswith("'"))
        return _entry(result, place) if place else result
    if isinstance(argument, np.ndarray):
        return np.array([[called(function, x) for x in row] for row in argument])
    return apply(function, argument)


def _of_vector(name: str, argument: Value, *, primed: bool) -> Value:
    """Return a function of n numbers: a number or n of them, or its slopes, shape (n, n)."""
    entry = VECTOR_FUNCTIONS[name]
    numbers = [*array(argument).flat]
    if not primed:
        result = entry.value(numbers)
        return (
            result
            if isinstance(result, Decimal)
            else np.array(result).reshape(array(argument).shape)
        )
    if entry.slope is None:
        raise Unbound(f"{name} has no derivative here")
    return np.array(entry.slope(numbers))


def _entry(result: Value, place: str) -> Value:
    """Return the entry of a column by its number, counted from 1."""
    column = array(result)
    if not place.isdecimal() or not 1 <= int(place) <= len(column) or column.shape[1] > 1:
        raise Unbound(f"{place} is no entry of what the function gives")
    return scalar(column[int(place) - 1, 0])

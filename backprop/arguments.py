"""Check arguments once, before anything is computed, and say what came and what was expected."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


def numbers(name: str, value: object, kinds: str = "f") -> Array:
    """Return `value` as a new read-only array of finite floating-point numbers, in its own shape.

    Whole numbers become float64; float32 and longdouble stay what they are.

    Args:
        name: what the caller calls the argument.
        value: numbers in any nesting that makes a rectangle.
        kinds: NumPy's letters for the numbers allowed: "f" real, "c" complex.

    Raises:
        TypeError: `value` holds something that is not such a number.
        ValueError: `value` is ragged or empty, or holds NaN or infinity.
    """
    try:
        array = np.array(value)
    except ValueError:
        raise ValueError(
            f"{name}: rows of different lengths came, expected a rectangular array"
        ) from None
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name}: {_brief(value)} came, expected real numbers, as int or float")
    if array.size == 0:
        raise ValueError(f"{name}: nothing came, shape {array.shape}, expected numbers")
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)][0]
        raise ValueError(f"{name}: {bad} came, expected finite numbers")
    array.flags.writeable = False
    return array


def number(name: str, value: object) -> float:
    """Return `value` as a float.

    Raises:
        TypeError: `value` is not a real number.
        ValueError: `value` is not finite, or more than one number.
    """
    array = numbers(name, value)
    if array.ndim:
        raise ValueError(f"{name}: shape {array.shape} came, expected a single number")
    return float(array)


def vectors(name: str, value: object, size: int | None = None) -> Array:
    """Return `value` as an array of shape (..., size), or (..., n) where no size is given.

    Raises:
        TypeError: `value` holds something that is not a real number.
        ValueError: the last axis is not `size` long, or a number is not finite.
    """
    array = numbers(name, value)
    if array.ndim == 0 or size not in {None, array.shape[-1]}:
        raise ValueError(f"{name}: shape {array.shape} came, expected (..., {size or 'n'})")
    return array


def whole_number(name: str, value: object) -> int:
    """Return `value` as an int of 0 or more.

    Raises:
        TypeError: `value` is not a whole number.
        ValueError: `value` is negative.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: {_brief(value)} came, expected a whole number")
    if value < 0:
        raise ValueError(f"{name}: {value} came, expected 0 or more")
    return int(value)


def computed(what: str, *arrays: Array) -> None:
    """Refuse a result that is infinite or NaN although all arguments were finite.

    Raises:
        ValueError: an entry is infinite or NaN; `what` names the argument and the result.
    """
    if not all(np.isfinite(array).all() for array in arrays):
        raise ValueError(f"{what} is too large for a float, expected smaller numbers")


def one_of(name: str, value: object, choices: Sequence[str]) -> None:
    """Refuse a `value` that is not one of the `choices`.

    Raises:
        ValueError: `value` is none of them.
    """
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name}: {_brief(value)} came, expected one of {', '.join(choices)}")


def leading(shapes: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Return the shape that the leading axes of all named arguments broadcast to.

    Raises:
        ValueError: they do not broadcast; each argument is named with its axes.
    """
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        came = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(
            f"leading axes that do not broadcast together came: {came}; "
            "expected equal axes, or 1 where one value serves all"
        ) from None


def sequence(name: str, value: object) -> list[Any]:
    """Return the entries of `value` as a list.

    Raises:
        TypeError: `value` is not a sequence, or is text.
    """
    lone = isinstance(value, np.ndarray) and value.ndim == 0
    if lone or isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: {_brief(value)} came, expected a sequence")
    return list(value)


def instance(name: str, value: object, expected: type) -> None:
    """Refuse a `value` that is not of the `expected` class.

    Raises:
        TypeError: `value` is not.
    """
    if not isinstance(value, expected):
        raise TypeError(f"{name}: {_brief(value)} came, expected a {expected.__name__}")


def _brief(value: object) -> str:
    """Return `value` on one line of at most some 60 characters, with its type."""
    text = " ".join(repr(value).split())
    if len(text) > 60:
        text = text[:57] + "..."
    return f"{text} ({type(value).__name__})"

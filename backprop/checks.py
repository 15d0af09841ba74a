"""Arguments are checked once, at the door: what came, and what was expected."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


def numbers(name: str, value: object) -> Array:
    """Return `value` as a new read-only array of finite floating-point numbers.

    Whole numbers become float64; float32 and longdouble stay what they are.

    Raises:
        TypeError: `value` holds something that is not a real number.
        ValueError: `value` is ragged, or holds NaN or infinity.
    """
    try:
        array = np.array(value)
    except ValueError:
        raise ValueError(
            f"{name}: rows of different lengths came, expected a rectangular array"
        ) from None
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name}: {_brief(value)} came, expected real numbers")
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)][0]
        raise ValueError(f"{name}: {bad} came, expected finite numbers")
    array.flags.writeable = False
    return array


def vectors(name: str, value: object, size: int) -> Array:
    """Return `value` as an array of shape (..., size).

    Raises:
        TypeError: `value` holds something that is not a real number.
        ValueError: the last axis is not `size` long, or a number is not finite.
    """
    array = numbers(name, value)
    if array.ndim == 0 or array.shape[-1] != size:
        raise ValueError(f"{name}: shape {array.shape} came, expected (..., {size})")
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


def one_of(name: str, value: object, choices: Sequence[str]) -> None:
    """Refuse a `value` that is not one of the `choices`.

    Raises:
        ValueError: `value` is none of them.
    """
    if value not in choices:
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
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: {_brief(value)} came, expected a sequence")
    return list(value)


def _brief(value: object) -> str:
    """Return `value` in at most some 60 characters, with its type."""
    text = repr(value)
    if len(text) > 60:
        text = text[:57] + "..."
    return f"{text} ({type(value).__name__})"

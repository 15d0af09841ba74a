"""Slips in print: a right number that was mistyped, cut off, or has a part added twice."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop.arguments import Array
from backprop.variants.quantities import FAMOUS, NAMES, SIGNED
from backprop.variants.reading import Number
from backprop.variants.search import AROUND, HALF, ROUNDS, WELL_KNOWN, values_of
from backprop.variants.switches import Way, way_of

KINDS = {
    "digit": "typed one digit wrong",
    "swapped": "swapped two digits",
    "zero": "lost a zero",
    "cut": "cut the number off and did not round it",
    "twice": "added {part} once more",
    "sign": "gave it the opposite sign",
}
"""Each kind of slip, worded to follow "You"."""
SUMS = (
    *(("E_total", f"E_o{k}") for k in "12"),
    *((f"net_h{k}", "b1_1") for k in "12"),
    *((f"net_o{k}", "b2_1") for k in "12"),
    *((f"dE_total/dout_h{k}", f"dE_o{j}/dout_h{k}") for k in "12" for j in "12"),
)
"""Sums, each with a part that may be added twice."""


class Slip(NamedTuple):
    """A value that may have been printed wrong.

    Attributes:
        kind: what went wrong, a key of `KINDS`.
        part: what was added twice, if anything.
        way: the way in which the number is right.
        quantity: its place in `NAMES`.
        round: after how many rounds.
        value: the right value.
    """

    kind: str
    part: str
    way: Way
    quantity: int
    round: int
    value: float


def slips(number: Number, known: Sequence[Slip]) -> tuple[list[Slip], float]:
    """Return the slips that explain a number, and how many would by accident, on average.

    Args:
        number: what was printed.
        known: the values that may have been printed wrong: what `of_the_pages`, `of_the_notes`
            or `of_rounds` returns.
    """
    allowed = [each for each in known if not number.named or NAMES[each.quantity] in number.named]
    sums = np.array([each.kind == "twice" for each in allowed], bool)
    values = np.array([_printed(each) for each in allowed])
    sizes, same_sign = abs(values), (values < 0) == (number.value < 0)
    turned = ~sums & ~same_sign & np.array([each.quantity < SIGNED for each in allowed], bool)
    found, expected = [], 0.0
    for kind, size, unit in _readings(number):
        usable = turned if kind == "sign" else same_sign & (sums == (kind == "twice"))
        near = np.count_nonzero(usable & (abs(sizes - size) <= AROUND * size))
        expected += max(1, int(near)) * HALF * unit / (AROUND * size)
        fits = usable & _fits(kind, sizes - size, unit)
        found += [allowed[k]._replace(kind=kind) for k in np.flatnonzero(fits)]
    return found, expected


def of_the_pages(*, late: tuple[int, ...]) -> tuple[Slip, ...]:
    """Return the values of these pages that readers look at, and sums with a part added twice."""
    return (*_known((), (0, 1), NAMES), *_known((), (*ROUNDS, *late), FAMOUS, late=late), *_sums())


def of_the_notes() -> tuple[Slip, ...]:
    """Return the values of the example of the notes that readers look at."""
    return tuple(_known(way_of({"example": "notes"}), WELL_KNOWN, FAMOUS))


def of_rounds(rounds: Sequence[int]) -> tuple[Slip, ...]:
    """Return all values of these pages in some rounds, and the sums."""
    late = tuple(done for done in rounds if done > ROUNDS[-1])
    return (*_known((), rounds, NAMES, late=late), *_sums())


def _known(
    way: Way, rounds: Sequence[int], names: Sequence[str], *, late: tuple[int, ...] = ()
) -> Iterator[Slip]:
    """Yield the values of a way, as slips whose kind is not known yet."""
    table, values, _ = values_of(way, late=late)
    for row, done in enumerate(table):
        if done in rounds:
            for quantity, value in enumerate(values[row].tolist()):
                if NAMES[quantity] in names:
                    yield Slip("", "", way, quantity, done, value)


@cache
def _sums() -> tuple[Slip, ...]:
    """Return the sums of these pages before any update and after one round."""
    _, values, _ = values_of((), late=())
    return tuple(
        Slip("twice", part, (), NAMES.index(name), done, float(values[done, NAMES.index(name)]))
        for done in (0, 1)
        for name, part in SUMS
    )


def _printed(slip: Slip) -> float:
    """Return the value to compare with: of a sum with a part added twice, that sum."""
    if slip.kind != "twice":
        return slip.value
    _, values, _ = values_of((), late=())
    return slip.value + float(values[slip.round, NAMES.index(slip.part)])


def _fits(kind: str, over: Array, unit: float) -> npt.NDArray[np.bool_]:
    """Tell which values may have been printed as a number by a kind of slip, shape (values,).

    Args:
        kind: of slip.
        over: by how much each absolute value exceeds that of the number, shape (values,).
        unit: the place value of the number's last digit.
    """
    if kind == "twice":  # of parts that were rounded when they were added
        return np.asarray(abs(over) <= 3 * HALF * unit)
    if kind == "cut":
        return np.asarray((over >= HALF * unit) & (over < unit))
    return np.asarray(abs(over) <= HALF * unit)


def _readings(number: Number) -> Iterator[tuple[str, float, float]]:
    """Yield each number that may have been meant.

    Yields:
        The kind of slip, the absolute value, and the place value of its last digit.
    """
    size, unit = abs(number.value), number.unit
    if size:
        yield "cut", size, unit
        yield "twice", size, unit
        yield "sign", size, unit
    whole, _, decimals = number.mantissa.partition(".")
    digits, point = whole + decimals, len(whole)

    def read(meant: str) -> tuple[float, float]:
        value = float(f"{meant[:point]}.{meant[point:]}e{number.power}")
        return value, max(float(f"1e{number.power - len(meant) + point}"), value * 1e-12)

    for k, digit in enumerate(digits):
        for other in "0123456789":
            if other != digit and (value := read(digits[:k] + other + digits[k + 1 :]))[0]:
                yield "digit", *value
        if digits[k + 1 : k + 2] not in ("", digit):
            yield "swapped", *read(f"{digits[:k]}{digits[k + 1]}{digit}{digits[k + 2 :]}")
        if k >= point and digit != "0" and size:
            yield "zero", *read(f"{digits[:k]}0{digits[k:]}")

"""The search: which way of working explains the numbers that were printed?

The ways are trained side by side, in four stages from simple to far-fetched, and each value is
compared with up to three of the numbers that right programs do not print. A way that has one of
these is then compared with all numbers. How far-fetched a value is, is its *cost*: a point for
each switch, one for a quantity that few readers look at, and one for a round that few look at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import comb, log10

import numpy as np

from backprop.arguments import Array
from backprop.variants.quantities import FAMOUS, NAMES, SIGNED, every, famous, trained
from backprop.variants.reading import Number
from backprop.variants.switches import (
    ARITHMETIC,
    KEEPS,
    OPTIONS,
    Way,
    choices,
    pairs,
    parameters,
    singles,
    threes,
)

ROUNDS = tuple(range(21))
LATE = (50, 99, 100, 101, 500, 999, 1_000, 1_001, 5_000, 9_999, 10_000, 10_001)
WELL_KNOWN = (0, 1, 10_000)  # rounds at which readers look first
HALF = 0.501  # a half of the last digit, and what floats make of it
SURE = 0.01  # accidental fits that are expected: below, a way is blamed
FARTHEST = 4  # the highest cost of a value that is searched
NEAR = 0.02  # of a number: how far the values lie that tell how densely they do
FEWEST_NEAR = 3  # values in a narrower window, before it counts
PIVOTS = 3  # numbers by which ways are found
COMPARED = 60  # ways that are compared with all numbers
AROUND = 0.1  # of a number: where the values of one way may lie that could fit it
LEFT_OVER = 3.0  # powers of ten that a number costs which a way leaves unexplained
SINGLE_DIGITS = 7  # from which on single precision is told from double
SINGLE_PART = 4e-7  # how far float32 may be from what we compute, as a part of it: sums have an order
HALF_PART = 2e-3  # the same for float16

_SIGNED = np.arange(len(NAMES)) < SIGNED
_QUANTITY_COST = np.array([0 if name in FAMOUS else 1 for name in NAMES])


def tolerance(number: Number, keep: float = 0) -> float:
    """Return how far a value may be from a number that it fits."""
    part = {KEEPS["float32"]: SINGLE_PART, KEEPS["float16"]: HALF_PART}.get(int(keep), 0.0)
    return max(HALF * number.unit, part * abs(number.value))


@dataclass(frozen=True)
class Hit:
    """A value that fits a number, and how many would by accident.

    Attributes:
        way: who has it.
        quantity: its place in `NAMES`.
        round: after how many rounds.
        cost: how far-fetched it is.
    """

    way: Way
    quantity: int
    round: int
    cost: int


@dataclass
class Near:
    """The values in the neighborhood of one number, batch by batch."""

    number: Number
    values: list[Array] = field(default_factory=list)
    costs: list[Array] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note how far the neighborhood reaches, and which quantities are meant."""
        number = self.number
        self.reach = max(20 * HALF * number.unit, NEAR * abs(number.value))
        self.allowed = np.array([not number.named or name in number.named for name in NAMES])

    def look(self, values: Array, done: int, places: Array, ways: Sequence[Way], keep: float) -> None:
        """Compare the values of a batch, shape (quantities, ways), with the number."""
        count = len(values)
        signed = _SIGNED[:count, None]
        found = np.where(signed, values, abs(values))
        wanted = np.where(signed, self.number.value, abs(self.number.value))
        distance = abs(found - wanted)
        quantity, column = np.nonzero((distance <= self.reach) & self.allowed[:count, None])
        if not len(quantity):
            return
        lengths = np.array([len(ways[place]) for place in places])
        cost = lengths[column] + (done not in WELL_KNOWN)
        if not self.number.named:
            cost = cost + _QUANTITY_COST[quantity]
        within = cost <= FARTHEST
        quantity, column, cost = quantity[within], column[within], cost[within]
        self.values.append(found[quantity, column])
        self.costs.append(cost)
        if keep == KEEPS["float32"] and not _is_single(self.number):
            return
        fits = distance[quantity, column] <= tolerance(self.number, keep)
        self.hits += [
            Hit(ways[places[k]], int(q), done, int(c))
            for q, k, c in zip(quantity[fits], column[fits], cost[fits], strict=True)
        ]

    def expected(self, cost: int) -> float:
        """Return how many values up to a cost fit such a number by accident, on average.

        Those that fit count for nothing. All others within a distance d of the number are spread
        over 2 d, of which an interval as wide as two tolerances would have fitted. The densest
        of some windows counts, since values lie in clusters.
        """
        if not self.values:
            return 0.0
        values = np.concatenate(self.values)[np.concatenate(self.costs) <= cost]
        width = 2 * tolerance(self.number)
        wanted = self.number.value
        distances = np.minimum(abs(values - wanted), abs(values - abs(wanted)))
        others = np.unique([float(f"{v:.9e}") for v in values[distances > width / 2]])
        distances = np.minimum(abs(others - wanted), abs(others - abs(wanted)))
        found, window = 0.0, self.reach
        while window >= 10 * width or window == self.reach:
            count = int(np.count_nonzero(distances <= window))
            if count >= FEWEST_NEAR or window == self.reach:
                found = max(found, count * width / (2 * window))
            window /= 10
        return found


@dataclass(frozen=True, eq=False)
class Placed:
    """What the numbers would be in one way of working.

    Attributes:
        way: the way.
        places: for each number the quantity and the round that fit it, or None.
        chances: for each number that fits, how probable it is by accident.
        views: how many ways of reading the rounds were tried.
    """

    way: Way
    places: tuple[tuple[int, int] | None, ...]
    chances: tuple[float, ...]
    views: int

    @property
    def explained(self) -> int:
        """How many numbers fit."""
        return sum(place is not None for place in self.places)

    @property
    def score(self) -> float:
        """The power of ten of the chance of all fits, and a price for what is left over."""
        left = len(self.places) - self.explained
        return log10(self.views) + sum(map(log10, self.chances)) + LEFT_OVER * left


def stages() -> Iterator[tuple[str, tuple[Way, ...]]]:
    """Yield the ways in the order in which they are tried."""
    yield "early", (*singles(), *choices())
    yield "early", pairs()
    yield "late", tuple(way for way in (*singles(), *choices()) if _is_exact(way))
    yield "early", threes()


def _is_exact(way: Way) -> bool:
    """Tell whether a way computes in doubles; later, the order of other sums shows."""
    return not any(OPTIONS[k].switch in ARITHMETIC for k in way)


def look(near: Sequence[Near], when: str, ways: tuple[Way, ...]) -> None:
    """Compare the values of some ways with some numbers."""
    if when == "late":
        for done, values in late_values(ways).items():
            for each in near:
                each.look(values, done, np.arange(len(ways)), ways, 0)
        return
    shortest = min(map(len, ways))
    with np.errstate(all="ignore"):
        for done, places, state in trained(ways, ROUNDS[-1]):
            rest = FARTHEST - shortest - (done not in WELL_KNOWN)
            values = every(state) if rest else famous(state)
            keep = state.keep
            for each in near:
                each.look(values, done, places, ways, keep)


@cache
def late_values(ways: tuple[Way, ...]) -> dict[int, Array]:
    """Return all quantities of some ways at the late rounds, shape (quantities, ways)."""
    with np.errstate(all="ignore"):
        return {
            done: every(state) for done, _, state in trained(ways, LATE[-1]) if done in LATE
        }


@cache
def early_values(way: Way) -> dict[int, Array]:
    """Return all quantities of one way at the early rounds, shape (quantities,)."""
    with np.errstate(all="ignore"):
        return {done: every(state)[:, 0] for done, _, state in trained((way,), ROUNDS[-1])}


def values_of(way: Way, *, late: bool) -> dict[int, Array]:
    """Return all quantities of one way, at the early rounds and if wanted at the late ones."""
    found = dict(early_values(way))
    _, ways = list(stages())[2]
    if late and way in ways:
        place = ways.index(way)
        found |= {done: values[:, place] for done, values in late_values(ways).items()}
    return found


def placed(way: Way, numbers: Sequence[Number], *, late: bool) -> Placed:
    """Return where the numbers of an output fit a way, in the view that explains most.

    The rounds are those that are printed beside the numbers, give or take one; or all numbers
    are of one round; or each line, or each number, is one round further than the one before; or
    each is of any round.
    """
    table = values_of(way, late=late)
    rounds = sorted(table)
    values = np.array([table[done] for done in rounds])  # (rounds, quantities)
    keep = float(parameters((way,))["keep"][0])
    fits = [_fits(values, number, keep) for number in numbers]
    candidates = [
        _placed_in(way, numbers, values, rounds, fits, view, len(options))
        for options in _views(numbers, rounds)
        for view in options
    ]
    return min(candidates, key=lambda each: each.score)


def _is_single(number: Number) -> bool:
    """Tell whether a number is one that float32 holds, with all the digits that were printed."""
    if number.digits < SINGLE_DIGITS:
        return False
    return abs(float(np.float32(number.value)) - number.value) <= HALF * number.unit


def _fits(values: Array, number: Number, keep: float) -> Array:
    """Tell which values fit a number, shape (rounds, quantities)."""
    allowed = np.array([not number.named or name in number.named for name in NAMES])
    distance = np.where(
        _SIGNED, abs(values - number.value), abs(abs(values) - abs(number.value))
    )
    return np.asarray((distance <= tolerance(number, keep)) & allowed)


View = tuple[tuple[int, ...], ...]
"""For each number the rounds of which it may be."""


def _views(numbers: Sequence[Number], rounds: Sequence[int]) -> Iterator[list[View]]:
    """Yield ways to read the rounds, each with its options, of which one is taken."""
    yield [tuple((done, done + 1) for _ in numbers) for done in rounds]
    if all(number.step is not None for number in numbers):
        steps = [number.step or 0 for number in numbers]
        yield [tuple((step + off, step + off + 1) for step in steps) for off in (-1, 0)]
    if len(numbers) > 1:
        lines = sorted({number.line for number in numbers})
        of_lines = [lines.index(number.line) for number in numbers]
        for order in (of_lines, list(range(len(numbers)))):
            yield [tuple((first + k, first + k + 1) for k in order) for first in rounds[:3]]
    yield [tuple(tuple(rounds) for _ in numbers)]


def _placed_in(
    way: Way,
    numbers: Sequence[Number],
    values: Array,
    rounds: Sequence[int],
    fits: Sequence[Array],
    view: View,
    options: int,
) -> Placed:
    """Return where the numbers fit in one view."""
    row_of = {done: row for row, done in enumerate(rounds)}
    places: list[tuple[int, int] | None] = []
    chances = []
    for number, fitting, allowed in zip(numbers, fits, view, strict=True):
        rows = [row_of[done] for done in allowed if done in row_of]
        found = np.argwhere(fitting[rows])
        if not len(found):
            places.append(None)
            continue
        row, quantity = found[0]
        places.append((int(quantity), rounds[rows[row]]))
        chances.append(_chance(values[rows], number))
    return Placed(way, tuple(places), tuple(chances), options * 5)


def _chance(values: Array, number: Number) -> float:
    """Return how probable it is that one of these values fits a number by accident."""
    reach = AROUND * abs(number.value)
    if not reach:
        return 1.0
    allowed = [not number.named or name in number.named for name in NAMES]
    near = abs(abs(values[:, allowed]) - abs(number.value)) <= reach
    return float(min(1.0, max(1, np.count_nonzero(near)) * tolerance(number) / reach))


@dataclass(frozen=True, eq=False)
class Explanation:
    """A way of working, and how well it explains the numbers.

    Attributes:
        placed: where the numbers fit.
        cost: how far-fetched it is.
        chance: how many ways as far-fetched would explain as much by accident.
    """

    placed: Placed
    cost: int
    chance: float

    @property
    def rank(self) -> tuple[float, ...]:
        """What comes first: what explains more, is less far-fetched, then the order of options."""
        return (-self.placed.explained, self.cost, len(self.placed.way), *self.placed.way)


def explanations(
    near: Sequence[Near], numbers: Sequence[Number], departing: Sequence[int], *, late: bool
) -> list[Explanation]:
    """Return the ways that have one of the pivots, and how well each explains all numbers."""
    found: dict[Way, Explanation] = {}
    seen = {}
    for each in near:
        for hit in sorted(each.hits, key=lambda hit: (hit.cost, len(hit.way), hit.way)):
            key = hit.way, each.number.start
            if key not in seen:
                seen[key] = hit
    expected = {
        (each.number.start, cost): each.expected(cost)
        for each in near
        for cost in {hit.cost for hit in each.hits}
    }
    order = sorted(seen.items(), key=lambda item: (item[1].cost, len(item[1].way), item[1].way))
    for (way, start), hit in order:
        if way in found:
            continue
        if len(found) == COMPARED:
            break
        fit = placed(way, numbers, late=late) if len(numbers) > 1 else _lone(hit)
        chance = expected[start, hit.cost] * _others(fit, numbers, departing, start)
        found[way] = Explanation(fit, hit.cost, chance)
    return sorted(found.values(), key=lambda each: each.rank)


def _lone(hit: Hit) -> Placed:
    return Placed(hit.way, ((hit.quantity, hit.round),), (1.0,), 1)


def _others(
    fit: Placed, numbers: Sequence[Number], departing: Sequence[int], start: int
) -> float:
    """Return how probable it is that a way explains the other departing numbers by accident."""
    fitted = [k for k, place in enumerate(fit.places) if place is not None]
    chance_of = dict(zip(fitted, fit.chances, strict=True))
    others = [k for k in departing if numbers[k].start != start]
    explained = [k for k in others if k in chance_of]
    chosen = comb(len(others), len(explained))
    return float(np.prod([chance_of[k] for k in explained]) * chosen)


def pivots_of(numbers: Sequence[Number], departing: Iterable[int]) -> list[Near]:
    """Return the neighborhoods of the numbers by which ways are found: those of most digits."""
    order = sorted(departing, key=lambda k: -numbers[k].digits)
    return [Near(numbers[k]) for k in order[:PIVOTS]]

"""The search: which way of working explains the numbers that were printed?

The ways are trained side by side, in four stages from simple to far-fetched, and each value is
compared with up to three of the numbers that right programs do not print. A way that has one of
these is then compared with all numbers. The *cost* of a value says how far-fetched it is: one for
each switch, one for a quantity that few readers look at, and one for such a round.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import log10
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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
    way_of,
)

ROUNDS = tuple(range(21))
LATE = (50, 99, 100, 101, 500, 999, 1_000, 1_001, 5_000, 9_999, 10_000, 10_001)
MOST_STEPS = 100  # counts of late rounds, printed beside numbers, that are looked at
WELL_KNOWN = (0, 1, 10_000)  # rounds at which readers look first
HALF = 0.501  # half of the last digit, with room for floating-point error
SURE = 0.01  # a way is blamed if fewer accidental fits are expected
FARTHEST = 4  # the highest cost of a value that is searched
NEAR = 0.02  # relative distance in which values are counted to find their density
FEWEST_NEAR = 3  # the fewest values by which a narrower window gives a density
PIVOTS = 3  # numbers by which ways are found
COMPARED = 60  # ways that are compared with all numbers
AROUND = 0.1  # relative distance in which values of one way are near a number
FIRST = 3  # rounds at which a series may begin
KINDS_OF_VIEWS = 5  # the kinds of assumption on the rounds of an output
HIGHEST_POWER = 300.0  # the highest power of ten of a chance; a float holds 308
UNEXPLAINED = 3.0  # the price of an unexplained number, in powers of ten
SINGLE_DIGITS = 7  # the fewest digits in which single precision differs from double

SINGLE = way_of({"precision": "float32"})
SINGLE_NUMBER = singles().index(SINGLE)  # among all ways

_USUAL = {*ROUNDS, *LATE}
_SIGNED = np.arange(len(NAMES)) < SIGNED
_QUANTITY_COST = np.array([0 if name in FAMOUS else 1 for name in NAMES])
PARTS = {KEEPS["float32"]: 4e-7, KEEPS["float16"]: 2e-3}  # relative errors that are allowed
_ROUNDED = {k for k, option in enumerate(OPTIONS) if option.switch in ARITHMETIC}
_TYPES = {KEEPS["float32"]: np.float32, KEEPS["float16"]: np.float16}


def tolerance(number: Number, keep: int = 0) -> float:
    """Return how far a value may be from a number and still fit it."""
    return max(HALF * number.unit, PARTS.get(keep, 0.0) * abs(number.value))


def _is_kept(number: Number, keep: int) -> bool:
    """Tell whether a number could be a float32 or float16, judged by the digits printed."""
    if keep not in _TYPES:
        return True
    kept = np.array(number.value).astype(_TYPES[keep])
    return bool(abs(float(kept) - number.value) <= HALF * number.unit)


def _tells(number: Number, keep: int) -> bool:
    """Tell whether a number could be kept so, and has digits in which that shows."""
    enough = keep != KEEPS["float32"] or number.digits >= SINGLE_DIGITS
    return enough and _is_kept(number, keep)


def _allowed(number: Number) -> npt.NDArray[np.bool_]:
    """Tell which quantities the words beside a number allow, shape (quantities,)."""
    return np.array([not number.named or name in number.named for name in NAMES])


class Stage(NamedTuple):
    """Ways that are tried together.

    Attributes:
        ways: all ways of the stage.
        first: the number of the first way; all ways are numbered, the simple ones first.
        late: the late rounds that are looked at; if there are none, the early ones are.
    """

    ways: tuple[Way, ...]
    first: int
    late: tuple[int, ...] = ()


@cache
def stage(number: int, late: tuple[int, ...] = LATE) -> Stage:
    """Return what is tried: simple ways (0), pairs (1), late rounds (2), threes (3).

    The last stage (4) has the late rounds of these pages alone.
    """
    simple = (*singles(), *choices())
    if number == 4:
        return Stage(((),), 0, late)
    if number == 1:
        return Stage(pairs(), len(simple))
    if number == 2:
        return Stage(simple, 0, late)
    return Stage(simple, 0) if number == 0 else Stage(threes(), len(simple) + len(pairs()))


def late_steps(numbers: Iterable[Number]) -> set[int]:
    """Return the late rounds printed beside numbers that are looked at, spread over all of them."""
    counts = {number.step for number in numbers if number.step is not None}
    steps = sorted(step for step in counts if ROUNDS[-1] < step <= LATE[-1])
    return {*steps[:: max(1, -(-len(steps) // MOST_STEPS))]}


def late_rounds(numbers: Iterable[Number]) -> tuple[int, ...]:
    """Return the late rounds at which readers look, and those printed, give or take one."""
    near = {step + off for step in late_steps(numbers) for off in (-1, 0, 1)}
    return tuple(sorted({*LATE, *(done for done in near if ROUNDS[-1] < done < LATE[-1])}))


def way_number(number: int) -> Way:
    """Return the way with a number."""
    found = next(s for s in map(stage, (0, 1, 3)) if number < s.first + len(s.ways))
    return found.ways[number - found.first]


class Near:
    """The values close to one number, and which of them fit it.

    Attributes:
        number: the number.
        rows: for each value, the value itself, its distance, its cost, its way, round and
            quantity, and whether it fits; shape (values, 7).
    """

    def __init__(self, number: Number) -> None:
        self.number = number
        self.reach = max(20 * HALF * number.unit, NEAR * abs(number.value))
        self.allowed = _allowed(number)
        self._rows: list[Array] = []

    @property
    def rows(self) -> Array:
        """All values close to the number, shape (values, 7)."""
        self._rows = [np.concatenate([*self._rows, np.empty((0, 7))])]
        return self._rows[0]

    @property
    def hits(self) -> Array:
        """The rows of the values that fit, shape (hits, 7), sorted by cost, way and round."""
        rows = self.rows[self.rows[:, 6] == 1]
        return np.asarray(rows[np.lexsort((rows[:, 4], rows[:, 3], rows[:, 2]))])

    def look(self, values: Array, done: int, ways: Array, lengths: Array, keep: int) -> None:
        """Compare the values of a batch, shape (quantities, ways), with the number.

        Args:
            values: shape (quantities, ways).
            done: after how many rounds.
            ways: the number of each way, shape (ways,).
            lengths: how many switches each way has, shape (ways,).
            keep: the number in `KEEPS` of how results are rounded.
        """
        value = self.number.value
        cost = lengths + (done not in WELL_KNOWN)
        for places, found, wanted in (
            (slice(0, SIGNED), values[:SIGNED], value),
            (slice(SIGNED, None), abs(values[SIGNED:]), abs(value)),
        ):
            rows = np.flatnonzero(self.allowed[places][: len(found)])
            distance = abs(found[rows] - wanted)
            row, column = np.nonzero(distance <= self.reach)
            if not len(row):
                continue
            quantity = rows[row] + places.start
            costs = cost[column] + (0 if self.number.named else _QUANTITY_COST[quantity])
            away = distance[row, column]
            fits = (away <= tolerance(self.number, keep)) & _tells(self.number, keep)
            once = np.full(len(row), done)
            batch = (found[rows[row], column], away, costs, ways[column], once, quantity, fits)
            self._rows.append(np.column_stack(batch)[costs <= FARTHEST])

    def expected(self, cost: float, keep: int = 0) -> float:
        """Return how many values up to a cost fit such a number by accident, on average.

        Values that fit do not count. The others within a distance d of the number are
        spread over 2 d, of which an interval as wide as two tolerances would have fitted. Values
        lie in clusters, so the densest of several windows is taken.
        """
        width = 2 * tolerance(self.number, keep)
        rows = self.rows
        others = rows[(rows[:, 2] <= cost) & (rows[:, 1] > width / 2)]
        _, first = np.unique(np.rint(others[:, 0] / (self.reach * 1e-8)), return_index=True)
        distances = others[first, 1]
        found, window = 0.0, self.reach
        while window == self.reach or window >= 10 * width:
            count = int(np.count_nonzero(distances <= window))
            if window == self.reach:
                found = max(1, count) * width / (2 * window)  # no window is known to be empty
            elif count >= FEWEST_NEAR:
                found = max(found, count * width / (2 * window))
            window /= 10
        return found


class Values(NamedTuple):
    """The quantities of some ways after some rounds.

    Attributes:
        done: the rounds.
        places: the indices of the ways in their stage, shape (ways,).
        values: shape (quantities, ways).
        keep: the number in `KEEPS` of how results are rounded.
    """

    done: int
    places: Array
    values: Array
    keep: int


def look(near: Sequence[Near], tried: Stage) -> None:
    """Compare the values of the ways of a stage with some numbers."""
    lengths = np.array([len(way) for way in tried.ways])
    for done, places, values, keep in values_in(tried):
        for each in near:
            each.look(values, done, places + tried.first, lengths[places], keep)


def values_in(tried: Stage) -> Iterable[Values]:
    """Return the values of a stage; those of simple ways are kept for the next call."""
    if tried.late:
        return late_values(tried)
    if tried == stage(0):
        return _simple_values()
    # Whether the cost leaves room for a quantity and a round that both are rare.
    return _early_values(tried.ways, rare=FARTHEST - min(map(len, tried.ways)) > 1)


def _early_values(ways: tuple[Way, ...], *, rare: bool = True) -> Iterator[Values]:
    """Yield the values of some ways at the early rounds.

    If not `rare`, only rounds at which readers look have values beyond `FAMOUS`.
    """
    with np.errstate(all="ignore"):
        for done, places, state in trained(ways, ROUNDS[-1]):
            values = every(state) if rare or done in WELL_KNOWN else famous(state)
            yield Values(done, places, values, state.keep)


@cache
def _simple_values() -> tuple[Values, ...]:
    return tuple(_early_values(stage(0).ways))


@lru_cache(maxsize=4)
def late_values(tried: Stage) -> tuple[Values, ...]:
    """Return the values of a stage at its late rounds.

    Only of ways in double precision: by then, others depend on the order of the sums.
    """
    if tried.ways == ((),):
        pages, place = of_these_pages(), np.zeros(1, int)
        return tuple(Values(done, place, pages[done][:, None], 0) for done in tried.late)
    return tuple(_trained_late(tried))


@cache
def of_these_pages() -> Array:
    """Return all quantities of these pages at every round, shape (rounds, quantities)."""
    return np.array([every(state)[:, 0] for _, _, state in trained(((),), LATE[-1])])


def _trained_late(tried: Stage) -> Iterator[Values]:
    exact = np.array([k for k, way in enumerate(tried.ways) if not set(way) & _ROUNDED])
    # Sorted so, the ways that go back through new weights are a slice, which is fast.
    order = parameters(tuple(tried.ways[k] for k in exact))["order"]
    places = exact[np.argsort(order, kind="stable")]
    with np.errstate(all="ignore"):
        for done, _, state in trained(tuple(tried.ways[k] for k in places), LATE[-1]):
            if done in tried.late:
                yield Values(done, places, every(state), state.keep)


@cache
def values_of(way: Way, *, late: tuple[int, ...]) -> tuple[tuple[int, ...], Array, int]:
    """Return all quantities of one way at the early rounds, and of a simple one at late ones.

    Returns:
        The rounds, the values, shape (rounds, quantities), and the number in `KEEPS`.
    """
    simple = way in _places()
    place = _places().get(way, 0)
    batches = list(values_in(stage(0)) if simple else _early_values((way,)))
    if late and simple:
        batches += late_values(stage(2 if way else 4, late))
    found = [
        (batch.done, batch.values[:, column], batch.keep)
        for batch in batches
        for column in np.flatnonzero(batch.places == place)
    ]
    rounds, values, keeps = zip(*found, strict=True)
    return rounds, np.array(values), keeps[0]


@cache
def _places() -> dict[Way, int]:
    """Return the index of each simple way in its stage."""
    return {way: place for place, way in enumerate(stage(0).ways)}


@dataclass(frozen=True, eq=False)
class Placed:
    """Where the numbers of an output occur in one way of working, and how well it explains them.

    Attributes:
        way: the way.
        places: for each number the quantity and the round that fit it, or None.
        chances: for each number that fits, how probable it is by accident.
        views: how many ways of reading the rounds were tried.
        cost: how far-fetched it is.
        chance: how many ways as far-fetched would explain as much by accident.
    """

    way: Way
    places: tuple[tuple[int, int] | None, ...]
    chances: tuple[float, ...]
    views: int
    cost: int = 0
    chance: float = 1.0

    @property
    def explained(self) -> int:
        """How many numbers fit."""
        return len(self.places) - len(self.left)

    @property
    def left(self) -> list[int]:
        """The indices of the numbers that do not fit."""
        return [k for k, place in enumerate(self.places) if place is None]

    @property
    def score(self) -> float:
        """The power of ten of the chance of all fits, plus a price for each unexplained number."""
        left = len(self.left)
        return log10(self.views) + sum(map(log10, self.chances)) + UNEXPLAINED * left

    @property
    def rank(self) -> tuple[float, ...]:
        """A key for sorting: explains more, is less far-fetched, then the order of options."""
        return (self.cost + 2 * len(self.left), self.cost, len(self.way), *self.way)


View = Sequence[tuple[int, ...]]
"""For each number the rounds of which it may be."""


def placed(way: Way, numbers: Sequence[Number], *, late: tuple[int, ...]) -> Placed:
    """Return where the numbers of an output fit a way, under the assumption that explains most.

    The rounds are those that are printed beside the numbers, give or take one; or all numbers
    are of one at which readers look; or each line, or each number, is one round further than the
    one before; or each is of any round.
    """
    rounds, values, keep = values_of(way, late=late)
    # An output may print the same number hundreds of times.
    compared = {number: _fits(values, number, keep) for number in {*numbers}}
    fits = [
        compared[number]._replace(again=again)
        for number, again in zip(numbers, repeated(numbers), strict=True)
    ]
    row_of = dict(zip(rounds, range(len(rounds)), strict=True))
    candidates = [
        _placed_in(way, view, fits, row_of, options) for options, view in _views(numbers, rounds)
    ]
    return min(candidates, key=lambda each: each.score)


class Fit(NamedTuple):
    """How a number compares with the values of one way, round by round.

    Attributes:
        quantity: the first that fits, or -1, for each round.
        near: how many values lie around the number, for each round.
        part: what part of the surroundings one value takes.
        again: whether the number was printed before, so that it proves nothing more.
    """

    quantity: list[int]
    near: list[int]
    part: float
    again: bool = False


def _fits(values: Array, number: Number, keep: int) -> Fit:
    """Compare a number with the values of one way, shape (rounds, quantities)."""
    size, reach, allowed = abs(number.value), AROUND * abs(number.value), _allowed(number)
    distance = np.where(_SIGNED, abs(values - number.value), abs(abs(values) - size))
    fitting = (distance <= tolerance(number, keep)) & allowed & _is_kept(number, keep)
    near = (abs(abs(values) - size) <= reach) & allowed
    first = np.where(fitting.any(axis=1), fitting.argmax(axis=1), -1)
    part = tolerance(number, keep) / reach if reach else 1.0
    return Fit(first.tolist(), near.sum(axis=1).tolist(), part)


def _views(numbers: Sequence[Number], rounds: tuple[int, ...]) -> Iterator[tuple[int, View]]:
    """Yield each assumption on the rounds of the numbers, with the number of its kind."""
    usual = [done for done in rounds if done in _USUAL]
    for done in usual:
        yield len(usual), [(done, done + 1)] * len(numbers)
    steps = [number.step for number in numbers if number.step is not None]
    if len(steps) == len(numbers):
        for off in (-1, 0):
            yield 2, [(step + off, step + off + 1) for step in steps]
    lines = sorted({number.line for number in numbers})
    of_lines = [lines.index(number.line) for number in numbers]
    for order in (of_lines, range(len(numbers))):
        for first in rounds[:FIRST]:
            yield FIRST, [(first + k, first + k + 1) for k in order]
    yield 1, [rounds] * len(numbers)


def _placed_in(
    way: Way, view: View, fits: Sequence[Fit], row_of: Mapping[int, int], options: int
) -> Placed:
    places: list[tuple[int, int] | None] = []
    chances = []
    known = {allowed: [done for done in allowed if done in row_of] for allowed in {*view}}
    for fit, allowed in zip(fits, view, strict=True):
        rounds = known[allowed]
        found = [done for done in rounds if fit.quantity[row_of[done]] >= 0]
        if not found:
            places.append(None)
            continue
        places.append((fit.quantity[row_of[found[0]]], found[0]))
        near = sum(fit.near[row_of[done]] for done in rounds)
        chances.append(1.0 if fit.again else min(1.0, max(1, near) * fit.part))
    return Placed(way, tuple(places), tuple(chances), options * KINDS_OF_VIEWS)


def explanations(
    near: Sequence[Near],
    numbers: Sequence[Number],
    departing: Sequence[int],
    *,
    late: tuple[int, ...],
) -> list[Placed]:
    """Return the ways that have one of the pivots, and how well each explains all numbers."""
    found = []
    for number, hits in _ways_of(near):
        way = way_number(number)
        if len(numbers) == 1:
            ((_, hit),) = hits
            fit = Placed(way, ((int(hit[5]), int(hit[4])),), (1.0,), 1)
        else:
            fit = placed(way, numbers, late=late)
        keep = values_of(way, late=())[2] if set(way) & _ROUNDED else 0
        chance, cost = min(
            (_expected(each, hit, keep) * _others(fit, numbers, departing, each.number), hit[2])
            for each, hit in hits
        )
        found.append(replace(fit, cost=int(cost), chance=chance))
    return sorted(found, key=lambda each: each.rank)


def _expected(near: Near, hit: Array, keep: int) -> float:
    """Return how many values of the cost of a hit, shape (7,), fit as closely by accident."""
    exact = hit[1] <= tolerance(near.number)
    return near.expected(hit[2], 0 if exact else keep)


def _ways_of(near: Sequence[Near]) -> list[tuple[int, list[tuple[Near, Array]]]]:
    """Return the ways, those with most pivots first, with their best hit for each, shape (7,)."""
    ways: dict[int, list[tuple[Near, Array]]] = {}
    for each in near:
        hits = each.hits
        _, first = np.unique(hits[:, 3], return_index=True)
        for hit in hits[first]:
            ways.setdefault(int(hit[3]), []).append((each, hit))

    def rank(item: tuple[int, list[tuple[Near, Array]]]) -> tuple[float, ...]:
        number, hits = item
        return (-len(hits), min(hit[2] for _, hit in hits), number)

    return sorted(ways.items(), key=rank)[:COMPARED]


def _others(
    fit: Placed, numbers: Sequence[Number], departing: Sequence[int], pivot: Number
) -> float:
    """Return the probability that a way explains the other departing numbers by accident."""
    fitted = [k for k, place in enumerate(fit.places) if place is not None]
    chance_of = dict(zip(fitted, fit.chances, strict=True))
    others = [k for k in departing if numbers[k] is not pivot]
    explained = [k for k in others if k in chance_of]
    power = sum(log10(chance_of[k]) for k in explained)
    for k in range(len(explained)):  # times the number of ways to choose them
        power += log10((len(others) - k) / (k + 1))
    return ten_to(power)


def ten_to(power: float) -> float:
    """Return a power of ten, limited to the range of floats."""
    return float(10 ** min(power, HIGHEST_POWER))


def repeated(numbers: Sequence[Number]) -> list[bool]:
    """Tell which numbers were printed before, to as many digits."""
    printed = [(number.value, number.unit) for number in numbers]
    first = {each: k for k, each in reversed([*enumerate(printed)])}
    return [first[each] < k for k, each in enumerate(printed)]


def pivots_of(numbers: Sequence[Number], departing: Iterable[int]) -> list[Near]:
    """Return the neighborhoods of the numbers by which ways are found: those of most digits."""
    again = repeated(numbers)
    order = sorted((k for k in departing if not again[k]), key=lambda k: -numbers[k].digits)
    return [Near(numbers[k]) for k in order[:PIVOTS]]

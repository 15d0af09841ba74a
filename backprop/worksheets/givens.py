"""Givens for an exercise: drawn from a seed, and taken if the exercise that they make is fair."""

import random
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import count, islice
from typing import TypeAlias, TypeVar

from backprop.worksheets.formulas import DIGITS, rounded, value
from backprop.worksheets.steps import LEVELS, STEPS, solved

Givens: TypeAlias = dict[str, Decimal]
T = TypeVar("T")

TWENTIETHS = 20  # inputs, weights and biases are multiples of 0.05
TARGETS = ("0.01", "0.05", "0.10", "0.90", "0.95", "0.99")
RATES = ("0.20", "0.30", "0.40", "0.50", "0.60", "0.80")

SATURATED = Decimal("0.20")  # how near to 0 or to 1 no output comes
MISS = Decimal("0.10")  # how far from its target each output is, at least
SMALLEST = Decimal("0.0020")  # of the derivatives, so that each shows two digits
MOVE = Decimal("0.0005")  # the least that an update changes
TIE = Decimal("0.03")  # of a last place, how far each result is from a half
APART = 3 * DIGITS  # how far a slip leads from what is right


def exercises(seed: int, number: int) -> list[Givens]:
    """Return givens for as many exercises as asked for, the same ones for the same seed.

    Args:
        seed: a whole number, 0 or more.
        number: how many exercises.
    """
    return list(islice(_fair_ones(seed), number))


def _fair_ones(seed: int) -> Iterator[Givens]:
    # Of all that a generator offers, Python promises for `random` alone that it gives
    # the same numbers in all versions.
    dice = random.Random(seed)  # noqa: S311  # an exercise is no secret
    return (givens for _ in count() if is_fair(givens := _drawn(dice)))


def _drawn(dice: random.Random) -> Givens:
    """Draw the givens of a network: eight weights of different size, two or three negative."""
    sizes = _some(dice, range(2, 19), 8)
    weights = [Decimal(size) / TWENTIETHS for size in sizes]
    for k in _some(dice, range(8), 2 + _below(dice, 2)):
        weights[k] = -weights[k]
    inputs, biases = (_some(dice, range(2, top), 2) for top in (20, 13))
    targets = _some(dice, TARGETS, 2)
    numbers = {
        **{f"i{k}": Decimal(x) / TWENTIETHS for k, x in enumerate(inputs, start=1)},
        **{f"w{k}": w for k, w in enumerate(weights, start=1)},
        **{f"b{k}": Decimal(b) / TWENTIETHS for k, b in enumerate(biases, start=1)},
        **{f"target_o{k}": Decimal(t) for k, t in enumerate(targets, start=1)},
        "learning_rate": Decimal(RATES[_below(dice, len(RATES))]),
    }
    return {name: rounded(number, Decimal("0.01")) for name, number in numbers.items()}


def _below(dice: random.Random, number: int) -> int:
    """Draw a whole number from 0 up to, and without, a small one."""
    return int(dice.random() * number)


def _some(dice: random.Random, choices: Iterable[T], number: int) -> list[T]:
    """Draw some of several, none of them twice."""
    left = list(choices)
    return [left.pop(_below(dice, len(left))) for _ in range(number)]


def is_fair(givens: Givens) -> bool:
    """Tell whether whoever computes with four decimals gets what the key says, and sees a slip."""
    true = solved(givens)
    return all(check(givens, true) for check in FAIR)


def is_moderate(_: Givens, true: Givens) -> bool:
    """Tell whether no neuron is saturated, and no output near its target."""
    outs = [true[f"out_{neuron}"] for neuron in ("h1", "h2", "o1", "o2")]
    misses = [abs(true[f"target_{o}"] - true[f"out_{o}"]) for o in ("o1", "o2")]
    return all(SATURATED <= out <= 1 - SATURATED for out in outs) and min(misses) >= MISS


def shows_its_digits(_: Givens, true: Givens) -> bool:
    """Tell whether each result has two digits to show, and each update moves its weight."""
    moves = [abs(true[f"w{k}+"] - true[f"w{k}"]) for k in range(1, 9)]
    return min(moves) >= MOVE and all(abs(true[step.name]) >= SMALLEST for step in STEPS)


def has_no_tie(_: Givens, true: Givens) -> bool:
    """Tell whether no result is near a tie of rounding."""
    return not any(is_near_tie(true[step.name]) for step in STEPS)


def is_robust(givens: Givens, true: Givens) -> bool:
    """Tell whether rounding on the way costs at most one unit of the last place."""
    by_hand = solved(givens, by_hand=True)
    printed = givens | {step.name: rounded(true[step.name]) for step in STEPS}
    line_by_line = {step.name: rounded(value(step.formula, printed)) for step in STEPS}
    return all(
        abs(found[step.name] - printed[step.name]) <= DIGITS
        for found in (by_hand, line_by_line)
        for step in STEPS
    )


def shows_its_slips(_: Givens, true: Givens) -> bool:
    """Tell whether each slip leads clearly away from what is right, and to no tie."""
    slips = [slip for level in LEVELS.values() for slip in level.slips]
    wrong = [(value(slip.formula, true), true[slip.name]) for slip in slips]
    return all(abs(number - right) >= APART and not is_near_tie(number) for number, right in wrong)


FAIR: tuple[Callable[[Givens, Givens], bool], ...] = (
    is_moderate,
    shows_its_digits,
    has_no_tie,
    is_robust,
    shows_its_slips,
)
"""What makes an exercise fair, each told from the givens and from all numbers."""


def is_near_tie(number: Decimal) -> bool:
    """Tell whether the digits behind the fourth decimal are close to a half."""
    rest = abs(number) / DIGITS % 1
    return abs(rest - Decimal("0.5")) < TIE

"""Givens for an exercise: drawn from a seed, and taken if the exercise that they make is fair."""

import random
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import count, islice
from typing import TypeAlias, TypeVar

from backprop.symbolic.definitions import ACTIVATIONS, Form, net_of
from backprop.symbolic.expressions import Expression
from backprop.worksheets.formulas import DIGITS, rounded, value
from backprop.worksheets.steps import (
    LEVELS,
    Level,
    levels_of,
    solved,
    steps_of,
    target_of,
    weights_into,
)

Givens: TypeAlias = dict[str, Decimal]
T = TypeVar("T")

TWENTIETHS = 20  # inputs, weights and biases are multiples of 0.05
TARGETS = ("0.01", "0.05", "0.10", "0.90", "0.95", "0.99")
RATES = ("0.20", "0.30", "0.40", "0.50", "0.60", "0.80")

LEAST_SLOPE = Decimal("0.16")  # of a neuron: a logistic output lies between 0.2 and 0.8
LEAST_NET = Decimal("0.20")  # the net input of a ReLU that is on
LEAST_MISS = Decimal("0.10")  # the distance of an output from its target
LEAST_RESULT = Decimal("0.0020")  # so that each derivative shows two digits
LEAST_STEP = Decimal("0.0005")  # of an update
TIE = Decimal("0.03")  # units of the last place between a result and half-way
LEAST_DIFFERENCE = 3 * DIGITS  # between a slip and the right result


HARDEST = LEVELS["hidden"]  # of the lesson's network


def exercises(seed: int, number: int, level: Level = HARDEST) -> list[Givens]:
    """Return givens for as many exercises as asked for, the same ones for the same seed.

    Args:
        seed: a whole number, 0 or more.
        number: how many exercises.
        level: what they ask for; levels with networks of one form have the same ones.
    """
    return list(islice(_fair_ones(seed, level), number))


def _fair_ones(seed: int, level: Level) -> Iterator[Givens]:
    # `random` is the only method whose numbers Python promises never to change.
    dice = random.Random(seed)  # noqa: S311  # not for security
    return (givens for _ in count() if is_fair(givens := _drawn(dice, level), level))


def _drawn(dice: random.Random, level: Level) -> Givens:
    """Draw the givens of a network: weights of different sizes, two or three of them negative."""
    form = level.form
    layers = range(1, len(form.sizes))
    number = sum(len(weights_into(form, layer)) for layer in layers)
    sizes = _some(dice, range(2, 19), number)
    weights = [Decimal(size) / TWENTIETHS for size in sizes]
    for k in _some(dice, range(number), 2 + _below(dice, 2)):
        weights[k] = -weights[k]
    inputs = [_some(dice, range(2, 20), form.sizes[0]) for _ in form.marks]
    biases = _some(dice, range(2, 13), len(layers))
    targets = _targets(dice, level)
    numbers = {
        **{
            f"i{k}{mark}": Decimal(x) / TWENTIETHS
            for mark, sample in zip(form.marks, inputs, strict=True)
            for k, x in enumerate(sample, start=1)
        },
        **{f"w{k}": w for k, w in enumerate(weights, start=1)},
        **{f"b{k}": Decimal(b) / TWENTIETHS for k, b in enumerate(biases, start=1)},
        **{target_of(out): Decimal(t) for out, t in zip(form.outputs, targets, strict=True)},
        "learning_rate": Decimal(RATES[_below(dice, len(RATES))]),
    }
    return {name: rounded(number, Decimal("0.01")) for name, number in numbers.items()}


def _targets(dice: random.Random, level: Level) -> list[str]:
    """Draw the targets, two that sum to 1 if the loss needs shares."""
    if level.form.loss_entry.targets != "shares":
        return _some(dice, TARGETS, len(level.form.outputs))
    [first] = _some(dice, TARGETS, 1)
    return [first, str(1 - Decimal(first))]


def _below(dice: random.Random, number: int) -> int:
    """Draw a whole number of at least 0 and less than `number`."""
    return int(dice.random() * number)


def _some(dice: random.Random, choices: Iterable[T], number: int) -> list[T]:
    """Draw some of several choices, all different."""
    left = list(choices)
    return [left.pop(_below(dice, len(left))) for _ in range(number)]


def is_fair(givens: Givens, level: Level = HARDEST) -> bool:
    """Tell whether computing with four decimals gives the numbers of the key, and a slip shows."""
    true = _Results(givens, level.form)
    return all(check(givens, true, level) for check in FAIR)


class _Results(dict[str, Decimal]):
    """Givens and results by name; a result is computed when it is first asked for.

    Most draws are unfair for the first results that are looked at, so the others never count.
    """

    def __init__(self, givens: Givens, form: Form) -> None:
        super().__init__(givens)
        self._formulas = _formulas(form)

    def __missing__(self, name: str) -> Decimal:
        self[name] = result = value(self._formulas[name], self)
        return result


@cache
def _formulas(form: Form) -> dict[str, Expression]:
    """Return the formula of each result by its name."""
    return {step.name: step.formula for step in steps_of(form)}


def is_moderate(_: Givens, true: Givens, level: Level = HARDEST) -> bool:
    """Tell whether no neuron is saturated, each ReLU is as meant, and no output near its target."""
    form = level.form
    nets = {name: net_of(name) for name in _formulas(form) if name.startswith("out_")}
    relu = [out for out in nets if form.activation_of(out) is ACTIVATIONS["relu"]]
    off = [f"out_{label}" for label in level.off]
    as_meant = all(
        true[nets[out]] <= -LEAST_MISS if out in off else true[nets[out]] >= LEAST_NET
        for out in relu
    )
    slopes = [true[f"d{out}/d{net}"] for out, net in nets.items() if out not in relu]
    misses = [abs(true[target_of(out)] - true[out]) for out in form.outputs]
    return as_meant and min(slopes) >= LEAST_SLOPE and min(misses) >= LEAST_MISS


def shows_its_digits(_: Givens, true: Givens, level: Level = HARDEST) -> bool:
    """Tell whether each result has two digits to show, and each update changes its weight.

    Results that depend on a ReLU that is off are exactly 0, and are left out.
    """
    weights = [name for name in true if name.startswith("w") and not name.endswith("+")]
    moves = (abs(true[f"{name}+"] - true[name]) for name in weights)
    results = (abs(true[name]) for name in _formulas(level.form))
    shown = all(move >= LEAST_STEP for move in moves if move or not level.off)
    return shown and all(size >= LEAST_RESULT for size in results if size or not level.off)


def has_no_tie(_: Givens, true: Givens, level: Level = HARDEST) -> bool:
    """Tell whether no result is close to half-way between two roundings."""
    return not any(is_near_tie(true[name]) for name in _formulas(level.form))


def is_robust(givens: Givens, true: Givens, level: Level = HARDEST) -> bool:
    """Tell whether rounding on the way changes the last place by at most one unit."""
    steps = steps_of(level.form)
    by_hand = solved(givens, by_hand=True, form=level.form)
    printed = givens | {step.name: rounded(true[step.name]) for step in steps}
    line_by_line = {step.name: rounded(value(step.formula, printed)) for step in steps}
    return all(
        abs(found[step.name] - printed[step.name]) <= DIGITS
        for found in (by_hand, line_by_line)
        for step in steps
    )


def shows_its_slips(_: Givens, true: Givens, level: Level = HARDEST) -> bool:
    """Tell whether each slip gives a clearly different result, and none close to half-way."""
    slips = [slip for each in levels_of(level.form) for slip in each.slips]
    wrong = [(value(slip.formula, true), true[slip.name]) for slip in slips]
    return all(
        abs(number - right) >= LEAST_DIFFERENCE and not is_near_tie(number)
        for number, right in wrong
    )


FAIR: tuple[Callable[[Givens, Givens, Level], bool], ...] = (
    is_moderate,
    shows_its_digits,
    has_no_tie,
    is_robust,
    shows_its_slips,
)
"""What makes an exercise fair, each told from the givens, from all numbers, and from the level."""


def is_near_tie(number: Decimal) -> bool:
    """Tell whether the digits after the fourth decimal are close to a half."""
    rest = abs(number) / DIGITS % 1
    return abs(rest - Decimal("0.5")) < TIE

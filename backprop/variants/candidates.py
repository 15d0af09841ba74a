"""What readers do otherwise, by choice or by mistake, and the figures that come of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from typing import Any, Literal

import numpy as np

from backprop import arguments
from backprop.arguments import Array
from backprop.examples import LECTURE, NOTES, Example
from backprop.network import Network
from backprop.variants.rounds import Keep, Rule, State, everything, run_rule

ROUNDS = (0, 1, 2, 9_999, 10_000, 10_001)  # where readers look, on purpose or one off
DECIMALS = 4  # of those who work by hand
QUANTITIES = (
    *("E_total", "out_o1", "out_o2"),
    *(f"w{k}" for k in range(1, 9)),
    *("b1", "b1_1", "b1_2", "b2", "b2_1", "b2_2"),
)
PLAIN = "did what these pages do"  # who does nothing otherwise
NOISE = 1e-25  # a smaller error is what rounding has left of 0

Arithmetic = Literal["double", "single", "rounded", "cut"]


@dataclass(frozen=True, eq=False)
class Difference:
    """One thing that a reader does otherwise.

    Attributes:
        name: in a few words.
        did: the same as what follows "You", without the full stop.
        rule: the switches of `Rule` that it sets.
        givens: what it makes of the example.
        arithmetic: in which numbers it computes.
    """

    name: str
    did: str
    rule: Mapping[str, Any] = field(default_factory=dict)
    givens: Callable[[Example], Example] = lambda example: example
    arithmetic: Arithmetic = "double"


@dataclass(frozen=True, eq=False)
class Variant:
    """A worked example, and what somebody does otherwise than these pages."""

    example: Example
    differences: tuple[Difference, ...] = ()

    @property
    def name(self) -> str:
        """The differences in a few words."""
        return ", ".join(each.name for each in self.differences) or "as on these pages"

    @property
    def did(self) -> str:
        """All that was done otherwise, as what follows "You"."""
        return ", and ".join(each.did for each in self.differences) or PLAIN

    @property
    def givens(self) -> Example:
        """The example as this reader has it."""
        example = self.example
        for each in self.differences:
            example = each.givens(example)
        return example

    @property
    def rule(self) -> Rule:
        """A round as this reader goes through it."""
        rule = Rule()
        for each in self.differences:
            rule = replace(rule, **each.rule)
        return rule

    @property
    def arithmetic(self) -> Arithmetic:
        """In which numbers this reader computes."""
        return next((d.arithmetic for d in self.differences if d.arithmetic != "double"), "double")


def _weights(change: Callable[[Array], Array]) -> Callable[[Example], Example]:
    """Return what changes each layer's weights."""

    def changed(example: Example) -> Example:
        weights = [change(weight) for weight in example.network.weights]
        return replace(example, network=Network(weights, example.network.biases))

    return changed


def _without_biases(example: Example) -> Example:
    return replace(example, network=Network(example.network.weights, [0.0, 0.0]))


def _rate(rate: float) -> Difference:
    return Difference(
        f"rate {rate:g}",
        f"took a learning rate of {rate:g}",
        givens=lambda example: replace(example, learning_rate=rate),
    )


BIASES = (
    Difference("shared biases", "let the biases learn, one value for each layer",
               {"learn": True, "share": True}),
    Difference("a bias for each neuron", "let the biases learn, one for each neuron",
               {"learn": True}),
)  # fmt: skip
NEW_WEIGHTS = Difference(
    "new weights",
    "went back to the hidden layer through output weights that had already changed",
    {"new_weights": True},
)
SUM = Difference(
    "sum of squares",
    "left out the half: the error is the sum of squares, and each derivative is doubled",
    {"slope": 2.0, "error": 2.0},
)
MEAN = Difference(
    "mean of half squares",
    "divided the half sum by the number of outputs, so that each derivative is halved",
    {"slope": 0.5, "error": 0.5},
)
SLIPS = (
    Difference("sum printed",
               "followed the derivatives of the half sum, but printed the sum of squares",
               {"error": 2.0}),
    _rate(0.001),
    _rate(0.01),
    _rate(0.05),
    _rate(0.1),
    _rate(1.0),
    Difference("targets swapped", "swapped the two targets",
               givens=lambda e: replace(e, targets=e.targets[::-1])),
    Difference("inputs swapped", "swapped the two inputs",
               givens=lambda e: replace(e, inputs=e.inputs[::-1])),
    Difference("a small i1", "took i1 = 0.005, as one of the slides prints it",
               givens=lambda e: replace(e, inputs=arguments.numbers("inputs", [0.005, 0.10]))),
    Difference("no biases", "left the biases out of the sums", givens=_without_biases),
    Difference("matrices turned",
               "let w1 and w3 lead into h1, and w5 and w7 into o1, "
               "as in x @ W with the rows of these pages",
               givens=_weights(np.transpose)),
    Difference("no minus in the exponent", "left out the minus in the exponent",
               {"sign": 1.0}),
    Difference("a step uphill", "added the derivatives, or lost the minus of -(target - out)",
               {"slope": -1.0}),
    Difference("no slope at the outputs",
               "left out the slope out (1 - out) at the outputs, "
               "as is right for cross-entropy, another error",
               {"flat": True}),
    Difference("squashed twice", "took the slope at sigma(out) where out itself belongs",
               {"twice": True}),
    Difference("one path", "carried only the error of o1 back to the hidden layer",
               {"one_path": True}),
    Difference("no transpose",
               "went back through w5 and w6 to h1, where w5 and w7 belong", {"turned": True}),
    Difference("hidden layer at rest", "updated w5 to w8 only", {"only_last": True}),
)  # fmt: skip
SINGLE = Difference("single precision", "computed in float32", arithmetic="single")
ROUNDED = Difference(
    "four decimals, rounded",
    "rounded each result to four decimals before going on",
    arithmetic="rounded",
)
CUT = Difference(
    "four decimals, cut off",
    "cut each result off after four decimals before going on",
    arithmetic="cut",
)


def _variants() -> Iterator[Variant]:
    """Yield choices that go together in all ways, then slips, each by itself."""
    orders = ((), (NEW_WEIGHTS,))
    biases = ((), *((each,) for each in BIASES))
    errors = ((), (SUM,), (MEAN,))
    for example, error, order, bias in product((LECTURE, NOTES), errors, orders, biases):
        yield Variant(example, (*order, *bias, *error))
    for slip in SLIPS:
        yield Variant(LECTURE, (slip,))
    for bias in biases:
        yield Variant(LECTURE, (*bias, SINGLE))
    for example, digits in product((LECTURE, NOTES), (ROUNDED, CUT)):
        yield Variant(example, (digits,))


VARIANTS = tuple(_variants())
"""All variants; the pages number them from 1, in this order."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A number that a reader may have.

    Attributes:
        value: the number.
        quantity: such as `E_total`, `out_o1`, `w1` or `b1`.
        round: after how many rounds.
        variant: the place in `VARIANTS`, from 0.
    """

    value: float
    quantity: str
    round: int
    variant: int


@cache
def figures() -> tuple[Figure, ...]:
    """Return all figures of all variants: by round, then by quantity, then as in `VARIANTS`.

    Weights and biases are listed after 1 and after 10,000 rounds, biases only
    where they learn; what is worked by hand, after one round.
    """
    found: list[Figure] = []
    for arithmetic in ARITHMETICS:
        of = [k for k, variant in enumerate(VARIANTS) if variant.arithmetic == arithmetic]
        found += _figures_of(of, *ARITHMETICS[arithmetic])
    found.sort(key=lambda f: (f.round, QUANTITIES.index(f.quantity), f.variant))
    return tuple(found)


def variant_values(quantity: str, rounds: int) -> Array:
    """Return one quantity of every variant after some rounds, NaN where it has none.

    Args:
        quantity: `E_total`, `out_o1`, `out_o2`, or `w1` to `w8`.
        rounds: 0, 1, 2, 9,999, 10,000 or 10,001; for weights 1 or 10,000.

    Returns:
        Shape (variants,), in the order of `VARIANTS`.

    Raises:
        ValueError: there are no such figures.
    """
    values = np.full(len(VARIANTS), np.nan)
    for figure in figures():
        if (figure.quantity, figure.round) == (quantity, rounds):
            values[figure.variant] = figure.value
    if np.isnan(values).all():
        raise ValueError(
            f"quantity, rounds: {quantity!r} after {rounds!r} came, "
            f"expected one such as 'E_total' after {', '.join(map(str, ROUNDS))}"
        )
    return values


def rounded(result: Array) -> Array:
    """Round to four decimals, half-way cases away from zero, as by hand."""
    return _shortened(result, 0.5)


def cut(result: Array) -> Array:
    """Cut off after four decimals, as one who copies digits does."""
    return _shortened(result, 0.0)


def _shortened(result: Array, half: float) -> Array:
    # What is computed from four decimals has at most twelve: less than that is noise of the floats.
    noise = 1e-9
    whole = np.floor(abs(result) * 10**DECIMALS + half + noise)
    return np.asarray(np.copysign(whole / 10**DECIMALS, result))


ARITHMETICS: Mapping[Arithmetic, tuple[type, Keep, Sequence[int]]] = {
    "double": (np.float64, everything, ROUNDS),
    "single": (np.float32, everything, ROUNDS[:2]),  # later, the order of the sums shows
    "rounded": (np.float64, rounded, ROUNDS[:2]),
    "cut": (np.float64, cut, ROUNDS[:2]),
}


def _figures_of(
    places: Sequence[int], dtype: type, keep: Keep, rounds: Sequence[int]
) -> Iterator[Figure]:
    """Train some variants side by side, and yield the figures of each."""
    variants = [VARIANTS[k] for k in places]
    givens = [variant.givens for variant in variants]
    layers = range(len(givens[0].network.weights))
    network = Network(
        [np.array([g.network.weights[k] for g in givens], dtype) for k in layers],
        [np.array([g.network.biases[k] for g in givens], dtype) for k in layers],
    )
    states = run_rule(
        Rule.side_by_side([variant.rule for variant in variants], dtype),
        network,
        np.array([g.inputs for g in givens], dtype),
        np.array([g.targets for g in givens], dtype),
        np.array([[g.learning_rate] for g in givens], dtype),
        keep,
    )
    for done, state in zip(range(rounds[-1] + 1), states, strict=False):
        if done in rounds:
            errors = state.error
            for row, place in enumerate(places):
                named = {"E_total": errors[row]} if errors[row] > NOISE else {}
                named |= _named(state, row, done, VARIANTS[place].rule)
                yield from (Figure(float(x), name, done, place) for name, x in named.items())


def _named(state: State, row: int, done: int, rule: Rule) -> dict[str, float]:
    """Name what one network gives and holds after some rounds."""
    named = {f"out_o{k}": out for k, out in enumerate(state.outs[-1][row], start=1)}
    if done in (1, 10_000):
        flat = (w for weight in state.weights for w in weight[row].flat)
        named |= {f"w{k}": w for k, w in enumerate(flat, start=1)}
        for layer, biases in enumerate(state.biases if rule.learn else (), start=1):
            if rule.share:
                named[f"b{layer}"] = biases[row, 0]
            else:
                named |= {f"b{layer}_{k}": b for k, b in enumerate(biases[row], start=1)}
    return named

"""The variants that the page lists, and their values after the rounds where readers look."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from backprop.arguments import Array
from backprop.variants.quantities import NAMES, every, trained
from backprop.variants.switches import OPTIONS, PLAIN, Way, did, switches_of, way_of

ROUNDS = (0, 1, 2, 9_999, 10_000, 10_001)  # where readers look, or would with a count one off
BY_HAND = ROUNDS[:2]  # nobody works by hand for longer; float32 then depends on the order of sums
NOISE = 1e-25  # a smaller error is 0 but for rounding


@dataclass(frozen=True)
class Variant:
    """A way of working that the page lists.

    Attributes:
        way: the switches in which it differs from the lecture.
    """

    way: Way

    @property
    def switches(self) -> dict[str, str | float]:
        """The switches in which it differs from the lecture."""
        return switches_of(self.way)

    @property
    def example(self) -> str:
        """The name of the worked example."""
        return str(self.switches.get("example", "lecture"))

    @property
    def slips(self) -> Way:
        """Its options, except for the choice of the example."""
        return tuple(k for k in self.way if OPTIONS[k].switch != "example")

    @property
    def name(self) -> str:
        """The differences in a few words."""
        return ", ".join(OPTIONS[k].name for k in self.slips) or "as on these pages"

    @property
    def did(self) -> str:
        """The differences, worded to follow "You"."""
        return did(self.slips) if self.slips else PLAIN


def _variants() -> Iterator[Variant]:
    """Yield each combination of choices, then each slip on its own."""
    examples: tuple[dict[str, str | float], ...] = ({}, {"example": "notes"})
    losses = ("", "squared", "half_mean_squared")
    biases = ("", "shared", "per_neuron")
    for example, loss, order, bias in product(examples, losses, ("", "new"), biases):
        chosen = {"biases": bias, "order": order, "loss": loss}
        yield Variant(way_of(example | {name: value for name, value in chosen.items() if value}))
    for switch, values in SLIPS.items():
        for value in values:
            yield Variant(way_of({switch: value}))
    for bias in biases:
        yield Variant(way_of({"precision": "float32"} | ({"biases": bias} if bias else {})))
    for example, rounding in product(examples, ("4", "cut_4")):
        yield Variant(way_of(example | {"rounding": rounding}))


SLIPS: dict[str, tuple[str | float, ...]] = {
    "loss": ("printed_squared",),
    "rate": (0.001, 0.01, 0.05, 0.1, 1.0),
    "targets": ("swapped",),
    "inputs": ("swapped", "small_i1"),
    "biases": ("none",),
    "weights": ("turned",),
    "activation": ("no_minus",),
    "step": ("uphill",),
    "output_slope": ("none",),
    "slope": ("of_slope",),
    "paths": ("one",),
    "gradient": ("turned",),
    "layers": ("output",),
}
"""The slips that are listed, each by itself."""
VARIANTS = tuple(_variants())
"""All variants; the pages number them from 1, in this order."""


def is_by_hand(variant: Variant) -> bool:
    """Tell whether a variant rounds on the way, so that it is listed after one round only."""
    return bool({"precision", "rounding"} & variant.switches.keys())


def variant_values(quantity: str, rounds: int) -> Array:
    """Return one quantity of every variant after some rounds, NaN if it is not listed there.

    Args:
        quantity: by its name in the graph, such as `E_total`, `out_o1`, `w1` or `b1_1`.
        rounds: 0, 1, 2, 9,999, 10,000 or 10,001.

    Returns:
        Shape (variants,), in the order of `VARIANTS`.

    Raises:
        ValueError: there is no such quantity, or it is not listed after so many rounds.
    """
    if quantity not in NAMES or rounds not in ROUNDS:
        raise ValueError(
            f"quantity, rounds: {quantity!r} after {rounds!r} came, "
            f"expected one such as 'E_total' after {', '.join(map(str, ROUNDS))}"
        )
    values = _values()[rounds][NAMES.index(quantity)].copy()
    if quantity == "E_total":
        values[values <= NOISE] = np.nan
    return np.asarray(values)


@cache
def _values() -> dict[int, Array]:
    """Return all quantities of all variants at each of `ROUNDS`, shape (quantities, variants)."""
    found = {done: np.full((len(NAMES), len(VARIANTS)), np.nan) for done in ROUNDS}
    with np.errstate(all="ignore"):
        for by_hand, rounds in ((True, BY_HAND), (False, ROUNDS)):
            chosen = np.array([k for k, v in enumerate(VARIANTS) if is_by_hand(v) == by_hand])
            ways = tuple(VARIANTS[k].way for k in chosen)
            for done, places, state in trained(ways, rounds[-1]):
                if done in rounds:
                    found[done][:, chosen[places]] = every(state)
    return found

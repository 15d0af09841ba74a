"""Networks of every kind, drawn at random."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import mpmath
import numpy as np
from judge import Judge

from backprop.symbolic.graph import Graph

HIDDEN = ("logistic", "tanh", "relu", "linear")
SQUARED = ("half_squared", "squared", "mean_squared")
ENDS = (
    *((last, loss) for last in (*HIDDEN, "softmax") for loss in SQUARED),
    ("logistic", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
)
"""Each activation of the last layer with each loss that goes with it."""


@dataclass(frozen=True)
class Kind:
    """A network's form.

    Attributes:
        sizes: the width of each layer, inputs first.
        activations: of each layer but the first.
        loss: the name of the loss.
        biases: "shared", "own" or "none".
        samples: how many; 0 where the one bears no number.
        over: "sum" or "mean" over the samples.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    biases: str = "shared"
    samples: int = 0
    over: str = "sum"

    @property
    def marks(self) -> list[str]:
        """What the names of a sample end in."""
        return [f"_s{k + 1}" for k in range(self.samples)] or [""]

    def graph(self, seed: int = 1) -> Graph:
        """Return a network of this kind with random numbers."""
        chance = np.random.default_rng(seed)
        weights = sum(m * n for m, n in pairwise(self.sizes))
        givens = {f"w{k + 1}": _drawn(chance, -12, 12) for k in range(weights)}
        for layer, width in enumerate(self.sizes[1:], start=1):
            if self.biases == "shared":
                givens[f"b{layer}"] = _drawn(chance, -9, 9)
            for k in range(width if self.biases == "own" else 0):
                givens[f"b{layer}_{k + 1}"] = _drawn(chance, -9, 9)
        for mark in self.marks:
            givens |= {f"i{k + 1}{mark}": _drawn(chance, -15, 15) for k in range(self.sizes[0])}
            givens |= self._targets(chance, mark)
        return self.of(givens)

    def of(self, givens: Mapping[str, Decimal]) -> Graph:
        """Return a network of this kind with some numbers."""
        kind = {"activations": self.activations, "loss": self.loss, "samples": self.over}
        return Graph(self.sizes, givens, **kind)  # type: ignore[arg-type]  # one of each

    def error(self, givens: Mapping[str, mpmath.mpf]) -> mpmath.mpf:
        """Return the total error, computed by mpmath."""
        sample: dict[str, list[float]] = {"inputs": [], "targets": []}  # those are among the givens
        form = {"sizes": self.sizes, "activations": self.activations, "loss": self.loss}
        samples = {"samples": [sample] * self.samples, "reduction": self.over}
        return Judge({**form, **samples, "givens": {}}).values(givens)["E_total"]

    def _targets(self, chance: np.random.Generator, mark: str) -> dict[str, Decimal]:
        names = [f"target_o{k + 1}{mark}" for k in range(self.sizes[-1])]
        parts = chance.integers(1, 10, len(names)).tolist()
        if self.loss != "cross_entropy":
            return {name: Decimal(part) / 10 for name, part in zip(names, parts, strict=True)}
        shares = [Decimal(part) / 100 for part in parts]
        shares[0] += 1 - sum(shares)
        return dict(zip(names, shares, strict=True))


def _drawn(chance: np.random.Generator, least: int, most: int) -> Decimal:
    """Return a number with one decimal, and one more digit so that no net input is 0."""
    return (
        Decimal(int(chance.integers(least, most))) / 10
        + Decimal(int(chance.integers(1, 10))) / 1000
    )


def _kinds() -> Iterator[Kind]:
    """Yield each hidden activation with each end, and some networks of other forms."""
    for last, loss in ENDS:
        for hidden in HIDDEN:
            yield Kind((2, 2, 2), (hidden, last), loss)
    yield Kind((3, 4, 2, 3), ("relu", "tanh", "softmax"), "cross_entropy", "own")
    yield Kind((2, 3, 1), ("tanh", "logistic"), "binary_cross_entropy", "none")
    yield Kind((2, 3), ("softmax",), "mean_squared", "none")
    yield Kind((2, 2, 2), ("tanh", "softmax"), "cross_entropy", "shared", 3, "mean")
    yield Kind((2, 2, 1), ("relu", "linear"), "mean_squared", "own", 4, "sum")
    yield Kind((2, 2, 1), ("logistic", "logistic"), "half_squared", "none", 2, "mean")


KINDS = tuple(_kinds())
FEW = (*(KINDS[4 * k + k % 4] for k in range(len(ENDS))), *KINDS[4 * len(ENDS) :])
"""Each end once, the hidden activations in turn, and the networks of other forms."""


def name_of(kind: Kind) -> str:
    """Return a name for a test."""
    sizes: Sequence[object] = kind.sizes
    parts = ("-".join(map(str, sizes)), *kind.activations, kind.loss, kind.biases)
    return " ".join(parts) + f" {kind.over} of {kind.samples}" * bool(kind.samples)

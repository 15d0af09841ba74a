r"""Functions of several numbers at once: `\max(0, z)` and `\mathrm{softmax}(z_1, z_2)`.

The functions of one number are in `backprop.symbolic.functions`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Values = Sequence[Decimal]


@dataclass(frozen=True)
class VectorFunction:
    """A function of several numbers.

    Attributes:
        symbol: the LaTeX by which a formula names it.
        value: takes n numbers, and gives one or n.
        slope: the n x n matrix of its derivatives, a row for each number that it gives; None for
            a function that gives one.
    """

    symbol: str
    value: Callable[[Values], Decimal | list[Decimal]]
    slope: Callable[[Values], list[list[Decimal]]] | None = None


def softmax(nets: Values) -> list[Decimal]:
    r"""Return $e^{net_k} / \sum_j e^{net_j}$ for each net input."""
    # The largest is subtracted, so that no power of e overflows.
    powers = [(net - max(nets)).exp() for net in nets]
    return [power / sum(powers) for power in powers]


def softmax_slopes(nets: Values) -> list[list[Decimal]]:
    r"""Return $out_j (1 - out_j)$ on the diagonal, and $-out_j\,out_k$ beside it."""
    outs = softmax(nets)
    return [
        [out * ((j == k) - other) for k, other in enumerate(outs)] for j, out in enumerate(outs)
    ]


VECTOR_FUNCTIONS = {
    "max": VectorFunction(r"\max", max),
    "softmax": VectorFunction(r"\mathrm{softmax}", softmax, softmax_slopes),
}
"""These functions by the name that a `Call` has; `softmax_1` is the first entry of the result."""

"""The givens of a graph as the arrays that the lesson computes with."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, SupportsFloat

from backprop.arguments import Array, numbers
from backprop.symbolic.layered import weight_names

Rows = list[list[float]]


class Arrays(NamedTuple):
    """The weights and biases of a network, and its samples.

    Attributes:
        weights: of each layer, shape (out, in).
        biases: of each layer, shape (out,); None for a network without biases.
        inputs: shape (in,), or (samples, in) for several samples.
        targets: shape (out,), or (samples, out).
    """

    weights: list[Rows]
    biases: Rows | None
    inputs: Array
    targets: Array


def arrays_of(sizes: Sequence[int], givens: Mapping[str, SupportsFloat]) -> Arrays:
    """Return the givens of a network as arrays: inputs (..., in) and targets (..., out).

    Args:
        sizes: the size of each layer, inputs first.
        givens: by name; of several samples with the number of each, such as `i1_s2`.
    """
    weights = [
        [[float(givens[name]) for name in row] for row in layer] for layer in weight_names(sizes)
    ]
    biases = [
        [float(givens.get(f"b{layer}_{k + 1}", givens.get(f"b{layer}", 0))) for k in range(width)]
        for layer, width in enumerate(sizes[1:], start=1)
    ]
    has_biases = any(name.startswith("b") for name in givens)
    inputs, targets = _rows("i", sizes[0], givens), _rows("target_o", sizes[-1], givens)
    return Arrays(weights, biases if has_biases else None, inputs, targets)


def _rows(stem: str, width: int, givens: Mapping[str, SupportsFloat]) -> Array:
    """Return the inputs or the targets, shape (samples, width), or (width,) of one sample."""
    if f"{stem}1" in givens:
        return numbers(stem, [float(givens[f"{stem}{k + 1}"]) for k in range(width)])
    samples = sum(1 for name in givens if name.startswith(f"{stem}1_s"))
    rows = [
        [float(givens[f"{stem}{k + 1}_s{sample}"]) for k in range(width)]
        for sample in range(1, samples + 1)
    ]
    return numbers(stem, rows)

"""The backward pass: how much each weight and each bias moves the error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop import checks
from backprop.checks import Array
from backprop.network import Network, run_forward, weighted_sums


@dataclass(frozen=True, eq=False)
class Gradient:
    """The derivatives of the total error, layer by layer.

    Attributes:
        deltas: with respect to each net, shape (..., out).
        weights: with respect to each weight, in the shape of the weights.
        biases: with respect to each bias, in the shape of the biases.
    """

    deltas: tuple[Array, ...]
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


def backward(network: Network, inputs: npt.ArrayLike, targets: npt.ArrayLike) -> Gradient:
    r"""Return the gradient of the total error by the chain rule, output layer first.

    $$\delta_{last} = -(target - out) \cdot out\,(1 - out)$$
    $$\delta_{below} = (W^T \delta) \cdot out\,(1 - out)$$
    $$\frac{\partial E}{\partial W} = \delta\; out_{below}^T
      \qquad \frac{\partial E}{\partial b} = \delta$$

    A derivative has the shape of its parameter. Where one network sees many
    samples, their contributions are added up, since the error is their sum.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).

    Raises:
        TypeError: a value is not a real number.
        ValueError: the shapes do not fit, or a value is not finite.

    Source:
        D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning
        representations by back-propagating errors", Nature 323 (1986).
    """
    inputs, targets = samples(network, inputs, targets)
    _, outs = run_forward(network.weights, network.biases, inputs)
    deltas = run_backward(network.weights, outs, targets)
    below = [inputs, *outs[:-1]]
    return Gradient(
        tuple(deltas),
        tuple(map(weight_gradient, network.weights, deltas, below)),
        tuple(map(sum_to, network.biases, deltas)),
    )


def samples(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    **others: tuple[int, ...],
) -> tuple[Array, Array]:
    """Check inputs and targets against the network, and give both the same leading axes.

    Args:
        network: the network that is to see them.
        inputs: shape (..., in).
        targets: shape (..., out).
        others: further leading axes that have to fit, by argument name.

    Raises:
        TypeError: a value is not a real number.
        ValueError: the shapes do not fit, or a value is not finite.
    """
    sizes = network.sizes
    x = checks.vectors("inputs", inputs, sizes[0])
    t = checks.vectors("targets", targets, sizes[-1])
    shapes = {"inputs": x.shape[:-1], "targets": t.shape[:-1]}
    checks.leading({"network": network.leading, **others, **shapes})
    lead = checks.leading(shapes)
    return np.broadcast_to(x, lead + x.shape[-1:]), np.broadcast_to(t, lead + t.shape[-1:])


def run_backward(weights: Sequence[Array], outs: Sequence[Array], targets: Array) -> list[Array]:
    """Return the delta of each layer, given the outs of a forward pass."""
    out = outs[-1]
    delta = -(targets - out) * (out * (1 - out))
    deltas = [delta]
    for weight, out in zip(weights[:0:-1], outs[-2::-1], strict=True):
        delta = weighted_sums(weight.swapaxes(-1, -2), delta) * (out * (1 - out))
        deltas.append(delta)
    return deltas[::-1]


def weight_gradient(weights: Array, delta: Array, below: Array) -> Array:
    """Return delta times out_below for each weight, summed over the samples that share it."""
    if weights.ndim == 2:  # one network: the sum over all samples is one matrix product
        rows, columns = weights.shape
        return delta.reshape(-1, rows).T @ below.reshape(-1, columns)
    return sum_to(weights, np.einsum("...j,...i->...ji", delta, below))


def sum_to(parameter: Array, derivative: Array) -> Array:
    """Add up a derivative over the leading axes along which its parameter was broadcast."""
    shape = parameter.shape
    if derivative.shape == shape:
        return derivative
    extra = derivative.ndim - len(shape)
    axes = [axis for axis in range(derivative.ndim) if axis < extra or shape[axis - extra] == 1]
    return np.asarray(derivative.sum(axis=tuple(axes))).reshape(shape)

"""The backward pass: the derivative of the error with respect to each weight and each bias."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.activations import ACTIVATIONS
from backprop.arguments import Array
from backprop.losses import LOSSES, check_pair, check_range
from backprop.network import Network, checked_forward, weighted_sums


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


def backward(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    loss: str = "half_squared",
) -> Gradient:
    r"""Return the gradient of the total error by the chain rule, output layer first.

    $$\delta_{last} = -(target - out) \cdot out\,(1 - out)$$
    $$\delta_{below} = (W^T \delta) \cdot out\,(1 - out)$$
    $$\frac{\partial E}{\partial W} = \delta\; out_{below}^T
      \qquad \frac{\partial E}{\partial b} = \delta$$

    Here out (1 - out) is the slope of the logistic function, and the first factor that of the loss;
    others have others, and with a cross-entropy the last delta is out - target. A derivative has
    the shape of its parameter. Where one network sees many samples, their contributions are added
    up, since the error is their sum.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        loss: how the error is measured, as in `output_errors`.

    Raises:
        TypeError: a value is not a real number, or `network` not a Network.
        ValueError: the shapes do not fit, a value is not finite, the loss is unknown or does not
            fit the last layer or the targets, or a net input or a derivative is too large for a
            float.

    Source:
        D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
        back-propagating errors", Nature 323 (1986).
    """
    inputs, targets = checked_samples(network, inputs, targets, loss)
    nets, outs = checked_forward(network, inputs)
    with np.errstate(over="ignore", invalid="ignore"):
        deltas = run_backward(network.weights, nets, outs, targets, network.activations, loss)
        weights = [*map(weight_gradient, network.weights, deltas, [inputs, *outs[:-1]])]
        biases = [*map(sum_to, network.biases, deltas)]
    arguments.computed("network: a derivative", *deltas, *weights, *biases)
    return Gradient(tuple(deltas), tuple(weights), tuple(biases))


def checked_samples(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    loss: str = "half_squared",
    **others: tuple[int, ...],
) -> tuple[Array, Array]:
    """Check inputs (..., in) and targets (..., out), and give both all the leading axes.

    `others` are further leading axes that have to fit, by argument name.

    Raises:
        TypeError: a value is not a real number, or `network` not a Network.
        ValueError: the shapes do not fit, a value is not finite, or the loss is unknown or does not
            fit the last layer or the targets.
    """
    arguments.instance("network", network, Network)
    check_pair(loss, network.activations[-1])
    sizes = network.sizes
    x = arguments.vectors("inputs", inputs, sizes[0])
    t = arguments.vectors("targets", targets, sizes[-1])
    check_range(loss, "targets", t)
    shapes = {"inputs": x.shape[:-1], "targets": t.shape[:-1]}
    lead = arguments.leading({"network": network.leading, **others, **shapes})
    return np.broadcast_to(x, lead + x.shape[-1:]), np.broadcast_to(t, lead + t.shape[-1:])


def run_backward(
    weights: Sequence[Array],
    nets: Sequence[Array],
    outs: Sequence[Array],
    targets: Array,
    activations: Sequence[str],
    loss: str,
) -> list[Array]:
    """Return the delta of each layer, shape (..., out), given what a forward pass has computed."""
    slope, out = LOSSES[loss].slope, outs[-1]
    if slope:
        delta = ACTIVATIONS[activations[-1]].back(slope(targets, out), nets[-1], out)
    else:
        delta = out - targets
    deltas = [delta]
    for k in range(len(weights) - 2, -1, -1):
        by_out = weighted_sums(weights[k + 1].swapaxes(-1, -2), delta)
        delta = ACTIVATIONS[activations[k]].back(by_out, nets[k], outs[k])
        deltas.append(delta)
    return deltas[::-1]


def weight_gradient(weights: Array, delta: Array, below: Array) -> Array:
    r"""Return $\delta\; out_{below}^T$, summed over the samples that share a weight.

    Of delta (..., out) and the outputs below (..., in), in the shape of the weights, (..., out,
    in).
    """
    if weights.ndim == 2:  # one network: the sum over all samples is one matrix product
        rows, columns = weights.shape
        return np.asarray(delta.reshape(-1, rows).T.dot(below.reshape(-1, columns)))
    if weights.shape[:-2] == delta.shape[:-1]:  # no two samples share a weight
        return np.asarray(delta[..., None] * below[..., None, :])
    # Axes are numbers here; einsum sums over the axes that are absent from the result.
    lead = range(delta.ndim - 1)
    j, i = delta.ndim, delta.ndim + 1
    summed = shared_axes(weights.shape[:-2], delta.shape[:-1])
    kept = [axis for axis in lead if axis not in summed]
    products = np.einsum(delta, [*lead, j], below, [*lead, i], [*kept, j, i])
    return np.asarray(products).reshape(weights.shape)


def sum_to(parameter: Array, derivative: Array) -> Array:
    """Return a derivative summed over the axes along which its parameter was broadcast.

    The result has the shape of the parameter, which broadcasts to that of the derivative.
    """
    if derivative.shape == parameter.shape:
        return derivative
    axes = shared_axes(parameter.shape, derivative.shape)
    return np.asarray(derivative.sum(axis=axes)).reshape(parameter.shape)


def shared_axes(own: tuple[int, ...], full: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes along which an array of shape `own` is broadcast to shape `full`."""
    spread = (1,) * (len(full) - len(own)) + own
    return tuple(axis for axis, size in enumerate(full) if size != spread[axis])

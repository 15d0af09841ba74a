"""The network: layers of weights and biases, the forward pass, the error.

A layer is stored as the lecture draws it: row j of `weights` holds the weights
into neuron j. Leading axes, where there are any, are separate networks or
separate samples; every function broadcasts over them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array


def logistic(net: npt.ArrayLike) -> Array:
    r"""Squash any number into the range 0 to 1.

    $$\sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^{\min(z, 0)}}{1 + e^{-|z|}}$$

    The right-hand form never raises e to a positive power, so that nothing
    overflows, and it keeps full relative precision where the result is tiny.

    Args:
        net: any shape, real or complex.

    Returns:
        An array of the same shape; for real numbers in [0, 1].

    Raises:
        TypeError: a value is not a number.
        ValueError: a value is not finite, or the rows differ in length.

    Source:
        Both forms are the same fraction, the right one multiplied above and
        below by e^z where z is negative.
    """
    return run_logistic(arguments.numbers("net", net, kinds="fc"))


def run_logistic(net: Array) -> Array:
    """Return `logistic(net)`, in the shape of `net`, for an array that has been checked."""
    # min(z, -z) is -|z|, and unlike abs() it is right for the complex step too.
    small = np.exp(np.minimum(net, -net))
    return np.asarray(np.exp(np.minimum(net, 0.0)) / (1.0 + small))


@dataclass(frozen=True, eq=False)
class Network:
    """A feed-forward network: the weights and the biases of each layer.

    Attributes:
        weights: one array a layer, shape (..., out, in); row j holds the
            weights into neuron j.
        biases: one array a layer, shape (..., out), or one number that
            serves the whole layer.

    Raises:
        TypeError: an entry is not a real number.
        ValueError: there is no layer, a layer is empty, two layers do not fit
            together, a bias does not fit its layer, or a number is not finite.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    def __init__(self, weights: Sequence[npt.ArrayLike], biases: Sequence[npt.ArrayLike]) -> None:
        checked = _weights(arguments.sequence("weights", weights))
        object.__setattr__(self, "weights", checked)
        object.__setattr__(self, "biases", _biases(arguments.sequence("biases", biases), checked))
        _ = self.leading  # refuses layers whose leading axes do not broadcast

    @property
    def sizes(self) -> tuple[int, ...]:
        """The width of each layer, inputs first: (2, 2, 2) on these pages."""
        return (self.weights[0].shape[-1], *(w.shape[-2] for w in self.weights))

    @property
    def leading(self) -> tuple[int, ...]:
        """The shape of the leading axes: () for one network, (1000,) for a thousand."""
        shapes = {f"weights[{k}]": w.shape[:-2] for k, w in enumerate(self.weights)}
        shapes |= {f"biases[{k}]": b.shape[:-1] for k, b in enumerate(self.biases)}
        return arguments.leading(shapes)


@dataclass(frozen=True, eq=False)
class Activations:
    """All that a forward pass computes, layer by layer.

    Attributes:
        inputs: what was fed in, shape (..., in).
        nets: the total net input of each layer, shape (..., out).
        outs: the output of each layer, shape (..., out); the last one is the
            network's answer.
    """

    inputs: Array
    nets: tuple[Array, ...]
    outs: tuple[Array, ...]


def forward(network: Network, inputs: npt.ArrayLike) -> Activations:
    r"""Carry the inputs through the network, keeping every net and out.

    $$net = W\,out_{below} + b \qquad out = \sigma(net)$$

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).

    Raises:
        TypeError: an input is not a real number, or `network` not a Network.
        ValueError: the inputs do not fit the network, or are not finite.
    """
    arguments.instance("network", network, Network)
    inputs = arguments.vectors("inputs", inputs, network.sizes[0])
    arguments.leading({"network": network.leading, "inputs": inputs.shape[:-1]})
    nets, outs = run_forward(network.weights, network.biases, inputs)
    return Activations(inputs, tuple(nets), tuple(outs))


def output_errors(targets: npt.ArrayLike, outs: npt.ArrayLike) -> Array:
    r"""Return the error of each output neuron.

    $$E_o = \tfrac{1}{2} (target_o - out_o)^2$$

    Args:
        targets: shape (..., out).
        outs: shape (..., out), the network's answer.

    Raises:
        TypeError: a value is not a real number.
        ValueError: the shapes do not fit, or a value is not finite.
    """
    outs = arguments.vectors("outs", outs)
    targets = arguments.vectors("targets", targets, outs.shape[-1])
    arguments.leading({"targets": targets.shape[:-1], "outs": outs.shape[:-1]})
    return squared_errors(targets, outs)


def total_error(targets: npt.ArrayLike, outs: npt.ArrayLike) -> Array:
    r"""Return the error of the whole network, the sum over its outputs.

    $$E_{total} = \sum_o \tfrac{1}{2} (target_o - out_o)^2$$

    Args:
        targets: shape (..., out).
        outs: shape (..., out), the network's answer.

    Returns:
        Shape (...), 0 or more.

    Raises:
        TypeError: a value is not a real number.
        ValueError: the shapes do not fit, or a value is not finite.
    """
    return np.asarray(output_errors(targets, outs).sum(axis=-1))


def run_forward(
    weights: Sequence[Array], biases: Sequence[Array], inputs: Array
) -> tuple[list[Array], list[Array]]:
    """Return the nets and the outs of each layer, shape (..., out), from checked arrays.

    Args:
        weights: one array a layer, shape (..., out, in).
        biases: one array a layer, shape (..., out).
        inputs: shape (..., in).
    """
    nets, outs = [], []
    out = inputs
    for weight, bias in zip(weights, biases, strict=True):
        net = weighted_sums(weight, out) + bias
        out = run_logistic(net)
        nets.append(net)
        outs.append(out)
    return nets, outs


def weighted_sums(weights: Array, out: Array) -> Array:
    """Return W out, shape (..., out), for weights (..., out, in) and out (..., in)."""
    if weights.ndim == 2:  # one network: all samples in one matrix product
        # On a few numbers, dot takes half the time of @; it knows no further axes.
        return out.dot(weights.T) if out.ndim <= 2 else out @ weights.T
    return np.asarray(np.einsum("...ji,...i->...j", weights, out))


def squared_errors(targets: Array, outs: Array) -> Array:
    """Return `output_errors`, shape (..., out), for arrays of that shape that have been checked."""
    return np.asarray(0.5 * (targets - outs) ** 2)


def _weights(weights: list[Any]) -> tuple[Array, ...]:
    """Return each layer's weights as an array of shape (..., out, in).

    Raises:
        ValueError: there is none, or a layer does not take what the one below gives.
    """
    if not weights:
        raise ValueError("weights: no layer came, expected at least one")
    arrays = tuple(arguments.numbers(f"weights[{k}]", w) for k, w in enumerate(weights))
    for k, array in enumerate(arrays):
        if array.ndim < 2:
            raise ValueError(f"weights[{k}]: shape {array.shape} came, expected (..., out, in)")
        below = arrays[k - 1].shape[-2] if k else array.shape[-1]
        if array.shape[-1] != below:
            raise ValueError(
                f"weights[{k}]: shape {array.shape} came, expected (..., out, {below}), "
                f"since the layer below has {below} outputs"
            )
    return arrays


def _biases(biases: list[Any], weights: tuple[Array, ...]) -> tuple[Array, ...]:
    """Return each layer's biases as an array of shape (..., out); one number serves the layer.

    Raises:
        ValueError: they do not fit the weights.
    """
    if len(biases) != len(weights):
        raise ValueError(
            f"biases: {len(biases)} came, expected {len(weights)}, one for each layer of weights"
        )
    arrays = []
    for k, (bias, weight) in enumerate(zip(biases, weights, strict=True)):
        array = arguments.numbers(f"biases[{k}]", bias)
        if array.ndim == 0:
            array = np.broadcast_to(array, weight.shape[-2:-1])
        arrays.append(arguments.vectors(f"biases[{k}]", array, weight.shape[-2]))
    return tuple(arrays)

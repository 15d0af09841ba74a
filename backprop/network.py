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
from backprop.activations import ACTIVATIONS
from backprop.arguments import Array
from backprop.losses import LOSSES, check_range, run_total


@dataclass(frozen=True, eq=False)
class Network:
    """A feed-forward network: the weights, the biases and the activation of each layer.

    Attributes:
        weights: one array a layer, shape (..., out, in); row j holds the weights into neuron j.
        biases: one array a layer, shape (..., out), or one number that serves the whole layer;
            None, kept as (), for no biases.
        activations: one name a layer, or one that serves all: "logistic", "tanh", "relu", "linear",
            or "softmax" for the last layer.

    Raises:
        TypeError: an entry is not a real number.
        ValueError: there is no layer, a layer is empty, two layers do not fit together, a bias or
            an activation does not fit its layer, or a number is not finite.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activations: tuple[str, ...]

    def __init__(
        self,
        weights: Sequence[npt.ArrayLike],
        biases: Sequence[npt.ArrayLike] | None,
        activations: str | Sequence[str] = "logistic",
    ) -> None:
        checked = _weights(arguments.sequence("weights", weights))
        object.__setattr__(self, "weights", checked)
        given = [] if biases is None else arguments.sequence("biases", biases)
        object.__setattr__(self, "biases", _biases(given, checked))
        object.__setattr__(self, "activations", _activations(activations, len(checked)))
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
        outs: the output of each layer, shape (..., out); the last one is the network's answer.
    """

    inputs: Array
    nets: tuple[Array, ...]
    outs: tuple[Array, ...]


def forward(network: Network, inputs: npt.ArrayLike) -> Activations:
    r"""Carry the inputs through the network, keeping every net and out.

    $$net = W\,out_{below} + b \qquad out = f(net)$$

    Here f is the activation of the layer, such as $\sigma$.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).

    Raises:
        TypeError: an input is not a real number, or `network` not a Network.
        ValueError: the inputs do not fit the network, or are not finite, or a net input is too
            large for a float.
    """
    arguments.instance("network", network, Network)
    inputs = arguments.vectors("inputs", inputs, network.sizes[0])
    arguments.leading({"network": network.leading, "inputs": inputs.shape[:-1]})
    nets, outs = checked_forward(network, inputs)
    return Activations(inputs, tuple(nets), tuple(outs))


def output_errors(
    targets: npt.ArrayLike, outs: npt.ArrayLike, *, loss: str = "half_squared"
) -> Array:
    r"""Return the error of each output neuron.

    $$E_o = \tfrac{1}{2} (target_o - out_o)^2$$

    This is "half_squared". "squared" is without the half, and so is "mean_squared", of which
    `total_error` takes the mean. With t for the target, "binary_cross_entropy" is
    $-t \ln out_o - (1 - t) \ln(1 - out_o)$ and "cross_entropy" $-t \ln out_o$. These two are
    infinite where an output is exactly 0 or 1 and its target is not; `backward` and `train`
    compute with the net inputs instead, and stay finite.

    Args:
        targets: shape (..., out).
        outs: shape (..., out), the network's answer.
        loss: one of these names.

    Raises:
        TypeError: a value is not a real number.
        ValueError: the shapes do not fit, a value is not finite or not of the range that the loss
            wants, the loss is unknown, or a square is too large for a float.
    """
    arguments.one_of("loss", loss, (*LOSSES,))
    outs = arguments.vectors("outs", outs)
    targets = arguments.vectors("targets", targets, outs.shape[-1])
    arguments.leading({"targets": targets.shape[:-1], "outs": outs.shape[:-1]})
    check_range(loss, "targets", targets)
    check_range(loss, "outs", outs)
    with np.errstate(over="ignore"):
        errors = np.asarray(LOSSES[loss].errors(targets, outs))
    _check_errors(loss, errors)
    return errors


def total_error(
    targets: npt.ArrayLike, outs: npt.ArrayLike, *, loss: str = "half_squared"
) -> Array:
    r"""Return the error of the whole network, the sum over its outputs, or the mean.

    $$E_{total} = \sum_o E_o = \sum_o \tfrac{1}{2} (target_o - out_o)^2$$

    Args:
        targets: shape (..., out).
        outs: shape (..., out), the network's answer.
        loss: as in `output_errors`, which says where it is infinite.

    Returns:
        Shape (...), 0 or more.

    Raises:
        TypeError: a value is not a real number.
        ValueError: as of `output_errors`.
    """
    errors = output_errors(targets, outs, loss=loss)
    with np.errstate(over="ignore"):
        total = run_total(loss, errors)
    _check_errors(loss, total)
    return total


def _check_errors(loss: str, errors: Array) -> None:
    """Refuse infinite errors, of any shape, except of a loss that may be infinite."""
    if not LOSSES[loss].activation:
        arguments.computed("outs: an error", errors)


def run_forward(
    weights: Sequence[Array],
    biases: Sequence[Array],
    inputs: Array,
    activations: Sequence[str],
) -> tuple[list[Array], list[Array]]:
    """Return the nets and the outs of each layer, shape (..., out), from checked arrays.

    There may be no biases; there is one activation for each layer.
    """
    nets, outs = [], []
    out = inputs
    for k, (weight, name) in enumerate(zip(weights, activations, strict=True)):
        net = weighted_sums(weight, out)
        if biases:
            net = net + biases[k]
        out = ACTIVATIONS[name].out(net)
        nets.append(net)
        outs.append(out)
    return nets, outs


def checked_forward(network: Network, inputs: Array) -> tuple[list[Array], list[Array]]:
    """Return `run_forward` of a network: nets and outs of each layer, shape (..., out).

    Raises:
        ValueError: a net input is too large for a float.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        nets, outs = run_forward(network.weights, network.biases, inputs, network.activations)
    arguments.computed("network: a net input", *nets)
    return nets, outs


def weighted_sums(weights: Array, out: Array) -> Array:
    """Return W out, shape (..., out), for weights (..., out, in) and out (..., in)."""
    if weights.ndim == 2:  # one network: all samples in one matrix product
        # On a few numbers, dot takes half the time of @; it knows no further axes.
        return out.dot(weights.T) if out.ndim <= 2 else out @ weights.T
    return np.asarray(np.einsum("...ji,...i->...j", weights, out))


def _weights(weights: list[Any]) -> tuple[Array, ...]:
    """Return each layer's weights as an array of shape (..., out, in)."""
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
    """Return each layer's biases as an array of shape (..., out); one number serves the layer."""
    if not biases:
        return ()
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


def _activations(given: str | Sequence[str], depth: int) -> tuple[str, ...]:
    """Return the name of the activation of each layer; one name serves all layers."""
    one = isinstance(given, str)
    names: list[Any] = [given] * depth if one else arguments.sequence("activations", given)
    if len(names) != depth:
        raise ValueError(
            f"activations: {len(names)} came, expected {depth}, one for each layer of weights"
        )
    for name in names:
        arguments.one_of("activations", name, (*ACTIVATIONS,))
    if "softmax" in names[:-1]:
        raise ValueError(
            f"activations: {', '.join(names)} came, expected softmax in the last layer only"
        )
    return tuple(names)

"""The losses: how far the outputs are from the targets. Each is an entry of the last table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop import arguments
from backprop.arguments import Array

Function = Callable[[Array, Array], Any]


@dataclass(frozen=True)
class Loss:
    r"""A loss, which training minimizes, as a sum or mean over outputs; all shapes are (..., out).

    Attributes:
        errors: takes targets and outs, and gives the error of each output.
        slope: takes the same, and gives $\partial E / \partial out$; None for a loss that takes
            the outputs for probabilities: after the one activation that it goes with, both
            slopes cancel to $\partial E / \partial net = out - target$.
        net_errors: takes targets and nets, and gives the same errors as if no out were rounded
            to 0 or 1; None where that is no danger.
        over: makes the total of the errors of the outputs, along an axis.
        activation: the only one that it goes with, and why; None if it goes with all.
    """

    errors: Function
    slope: Function | None = None
    net_errors: Function | None = None
    over: Callable[..., Any] = np.sum
    activation: tuple[str, str] | None = None


def surprise(probability: Array, out: Array) -> Array:
    r"""Return $-p \ln(out)$, shape (..., out), 0 where p is 0 and infinite where only out is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(probability == 0, 0.0, probability * abs(np.log(out)))


def logistic_surprise(net: Array) -> Array:
    r"""Return $-\ln \sigma(z) = \max(-z, 0) + \ln(1 + e^{-|z|})$, in the shape of z.

    Any z will do, real or complex.
    """
    return np.asarray(np.maximum(-net, 0) + np.log1p(np.exp(np.minimum(net, -net))))


def softmax_surprise(net: Array) -> Array:
    r"""Return $-\ln out_j$ of a layer of softmax, shape (..., out), for real or complex nets.

    $$-\ln out_j = m - net_j + \ln(1 + \sum_{others} e^{net_k - m}), \quad m = \max_k net_k$$

    The others are all but the largest net, so that a small sum keeps its digits.
    """
    below = net - net.max(axis=-1, keepdims=True)
    others = np.sort(np.exp(below), axis=-1)[..., :-1]
    return np.asarray(np.log1p(others.sum(axis=-1, keepdims=True)) - below)


LOSSES = {
    "half_squared": Loss(lambda t, out: 0.5 * (t - out) ** 2, lambda t, out: out - t),
    "squared": Loss(lambda t, out: (t - out) ** 2, lambda t, out: 2 * (out - t)),
    "mean_squared": Loss(
        lambda t, out: (t - out) ** 2,
        lambda t, out: 2 * (out - t) / out.shape[-1],
        over=np.mean,
    ),
    "binary_cross_entropy": Loss(
        lambda t, out: surprise(t, out) + surprise(1 - t, 1 - out),
        net_errors=lambda t, z: t * logistic_surprise(z) + (1 - t) * logistic_surprise(-z),
        activation=("logistic", "takes each output for a probability of its own"),
    ),
    "cross_entropy": Loss(
        surprise,
        net_errors=lambda t, z: t * softmax_surprise(z),
        activation=("softmax", "takes the outputs for probabilities that sum to 1"),
    ),
}
"""The losses by name."""


def run_errors(loss: str, targets: Array, nets: Array, outs: Array) -> Array:
    """Return the error of each output of the last layer, with all digits; shapes (..., out)."""
    entry = LOSSES[loss]
    errors = entry.net_errors(targets, nets) if entry.net_errors else entry.errors(targets, outs)
    return np.asarray(errors)


def run_total(loss: str, errors: Array) -> Array:
    """Return the total of the errors of the outputs: shape (...) for errors of shape (..., out)."""
    return np.asarray(LOSSES[loss].over(errors, axis=-1))


def check_pair(loss: str, activation: str) -> None:
    """Refuse a loss that does not exist, or does not go with the activation of the last layer.

    Raises:
        ValueError: it does not; the message says why.
    """
    arguments.one_of("loss", loss, (*LOSSES,))
    wanted, reason = LOSSES[loss].activation or (activation, "")
    if activation != wanted:
        raise ValueError(
            f"loss: {loss} came with a last layer of {activation}, expected a last layer of "
            f"{wanted}, since {loss} {reason}"
        )


def check_range(loss: str, name: str, values: Array) -> None:
    """Refuse targets or outs, shape (..., out), outside of the range of a loss.

    Raises:
        ValueError: one is not from 0 to 1, or the targets of a sample do not sum to 1.
    """
    if LOSSES[loss].activation:
        outside = (values < 0) | (values > 1)
        _refuse(outside, values, f"{name}{{}}: {{}} came, expected 0 to 1, as {loss} wants")
    if loss == "cross_entropy" and name == "targets":
        sums = values.sum(axis=-1)
        off = abs(sums - 1) > values.shape[-1] * np.finfo(values.dtype).eps
        _refuse(off, sums, f"{name}{{}}: a sum of {{}} came, expected 1, as {loss} wants")


def _refuse(wrong: Array, values: Array, message: str) -> None:
    """Raise a ValueError that names the first wrong value and its place, if there is one.

    `wrong` and `values` have the same shape.
    """
    for index in np.argwhere(wrong)[:1].tolist():
        raise ValueError(message.format(index or "", values[tuple(index)]))

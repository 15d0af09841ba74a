"""The activations, which turn net inputs into outputs. Each is an entry of the last table."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array


@dataclass(frozen=True)
class Activation:
    r"""What turns the net inputs of a layer into its outputs; all shapes are (..., out).

    Attributes:
        out: takes the nets, real or complex, and gives the outs.
        back: takes $\partial E / \partial out$, the nets and the outs, and gives
            $\partial E / \partial net$, most often by a product with the slope.
        side: takes the nets, and tells on which side of a kink each is, if there is one.
    """

    out: Callable[[Array], Array]
    back: Callable[[Array, Array, Array], Array]
    side: Callable[[Array], Array] | None = None


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


def run_softmax(net: Array) -> Array:
    r"""Return the shares of a layer's neurons, shape (..., out), which sum to 1.

    $$out_j = \frac{e^{net_j}}{\sum_k e^{net_k}} = \frac{e^{net_j - m}}{\sum_k e^{net_k - m}},
      \quad m = \max_k net_k$$

    The right-hand form never raises e to a positive power.
    """
    powers = np.exp(net - net.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def softmax_back(by_out: Array, _net: Array, out: Array) -> Array:
    r"""Return the derivative of the error with respect to the nets of a layer of softmax.

    Each output depends on every net of its layer, so that there are cross terms:

    $$\frac{\partial out_k}{\partial net_j} = out_k\,([j = k] - out_j) \qquad
      \frac{\partial E}{\partial net_j} = out_j \left(\frac{\partial E}{\partial out_j}
      - \sum_k \frac{\partial E}{\partial out_k}\, out_k\right)$$

    All arrays have shape (..., out).
    """
    return np.asarray(out * (by_out - (by_out * out).sum(axis=-1, keepdims=True)))


ACTIVATIONS = {
    "logistic": Activation(run_logistic, lambda by_out, _net, out: by_out * (out * (1.0 - out))),
    "tanh": Activation(np.tanh, lambda by_out, _net, out: by_out * ((1.0 - out) * (1.0 + out))),
    "relu": Activation(  # at 0, where ReLU has a kink, its slope is taken to be 0
        lambda net: np.maximum(net, 0),
        lambda by_out, net, _out: by_out * (net > 0),
        side=lambda net: net > 0,
    ),
    "linear": Activation(np.positive, lambda by_out, _net, _out: by_out),
    "softmax": Activation(run_softmax, softmax_back),  # of the last layer only
}
"""The activations by name."""

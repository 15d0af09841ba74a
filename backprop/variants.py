"""Other rules that people use, some by mistake, to learn which figure comes from which."""

import numpy.typing as npt

from backprop import checks
from backprop.checks import Array
from backprop.gradient import samples, weight_gradient
from backprop.network import Network, run_forward, weighted_sums


def train_sequentially(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    learning_rate: float,
    rounds: int,
) -> Network:
    r"""Train with the slip of updating each layer before the one below has its gradient.

    The error is carried back through the weights that have just been changed,

    $$\delta_{below} = (W^{+T} \delta) \cdot out\,(1 - out),$$

    and so what the lower layers follow is not the gradient. The biases are
    frozen.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        learning_rate: the step size, one for all.
        rounds: the number of updates, 0 or more.

    Raises:
        TypeError: a value is not a real number, or `rounds` not a whole one.
        ValueError: the shapes do not fit, or a value is not finite.

    Source:
        An early version of the program by Matt Mazur (2015), which gave the
        widely copied error of 0.291027924 after one round.
    """
    x, t = samples(network, inputs, targets)
    rate = float(checks.numbers("learning_rate", learning_rate))
    weights = list(network.weights)
    for _ in range(checks.whole_number("rounds", rounds)):
        _, outs = run_forward(weights, network.biases, x)
        weights = _sequential_step(weights, [x, *outs], t, rate)
    return Network(weights, network.biases)


def _sequential_step(
    weights: list[Array], outs: list[Array], targets: Array, rate: float
) -> list[Array]:
    """Change the weights from the last layer down, each before it is used to go further."""
    changed = list(weights)
    out = outs[-1]
    delta = -(targets - out) * (out * (1 - out))
    for layer in reversed(range(len(weights))):
        below = outs[layer]
        changed[layer] = weights[layer] - rate * weight_gradient(weights[layer], delta, below)
        if layer:  # the inputs have no delta
            delta = weighted_sums(changed[layer].swapaxes(-1, -2), delta) * (below * (1 - below))
    return changed

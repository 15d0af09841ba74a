"""A round of training with a switch for each step that people take differently.

With all switches off it is backpropagation. Each switch may be an array with an
entry for each network, so that networks that learn by different rules train side
by side, along the same leading axis.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array
from backprop.gradient import samples, sum_to, weight_gradient
from backprop.network import Network, run_forward, run_logistic, squared_errors, weighted_sums

Keep = Callable[[Array], Array]
"""What is kept of a result: all of it, or some of its digits."""


@dataclass(frozen=True, eq=False)
class Rule:
    r"""How a round goes; each switch is one value, or an array of shape (..., 1).

    Attributes:
        learn: the biases learn.
        share: the neurons of a layer share one bias.
        new_weights: the error is carried back through weights that have
            already changed: $W^{+T} \delta$ for $W^T \delta$.
        turned: the transpose on the way back is forgotten: $W \delta$.
        one_path: only the error of the first output is carried back.
        only_last: the layers below the last stay as they are.
        flat: the slope at the outputs is left out: $\delta = out - target$.
        twice: the slope is taken at $\sigma(out)$, which stands for out.
        sign: what net is multiplied by in the exponent: -1, or 1 where the minus is left out.
        slope: what the derivatives are multiplied by.
        error: what the error is multiplied by when it is measured.
    """

    learn: Any = False
    share: Any = False
    new_weights: Any = False
    turned: Any = False
    one_path: Any = False
    only_last: Any = False
    flat: Any = False
    twice: Any = False
    sign: Any = -1.0
    slope: Any = 1.0
    error: Any = 1.0

    @classmethod
    def side_by_side(cls, rules: Sequence["Rule"], dtype: type = float) -> "Rule":
        """Return one rule with an entry for each of several, or one for all where it is off."""
        columns = {
            each.name: np.array([[getattr(rule, each.name)] for rule in rules])
            for each in fields(cls)
        }
        factors: dict[str, Any] = {
            name: columns.pop(name).astype(dtype) for name in ("sign", "slope", "error")
        }
        switches: dict[str, Any] = {n: on if on.any() else False for n, on in columns.items()}
        return cls(**switches, **factors)


class State(NamedTuple):
    """Where networks stand after some rounds.

    Attributes:
        weights: one array a layer, shape (..., out, in).
        biases: one array a layer, shape (..., out).
        outs: the output of each layer, the inputs first, shape (..., out).
        measure: returns the total error of these outputs.
    """

    weights: list[Array]
    biases: list[Array]
    outs: list[Array]
    measure: Callable[[Array], Array]

    @property
    def error(self) -> Array:
        """The total error, shape (...); of most rounds nobody asks for it."""
        return self.measure(self.outs[-1])


def everything(result: Array) -> Array:
    """Keep all of a result."""
    return result


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
    rate = arguments.numbers("learning_rate", arguments.number("learning_rate", learning_rate))
    weights = list(network.weights)
    for _ in range(arguments.whole_number("rounds", rounds)):
        _, outs = run_forward(weights, network.biases, x)
        below = [x, *outs]
        delta = -(t - outs[-1]) * (outs[-1] * (1 - outs[-1]))
        for layer in reversed(range(len(weights))):
            gradient = weight_gradient(weights[layer], delta, below[layer])
            weights[layer] = weights[layer] - rate * gradient
            if layer:  # the inputs have no delta
                back = weights[layer].swapaxes(-1, -2)  # already changed: this is the slip
                delta = weighted_sums(back, delta) * (below[layer] * (1 - below[layer]))
    return Network(weights, network.biases)


def run_rule(
    rule: Rule,
    network: Network,
    inputs: Array,
    targets: Array,
    rate: Array,
    keep: Keep = everything,
) -> Iterator[State]:
    """Yield the state after 0, 1, 2, ... rounds, for arguments that have been checked.

    Args:
        rule: how a round goes.
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        rate: the step size, shape () or (..., 1).
        keep: what is kept of each result.
    """

    def measure(out: Array) -> Array:
        return keep(keep(rule.error * squared_errors(targets, out)).sum(axis=-1))

    weights, biases = list(network.weights), list(network.biases)
    rates = [_either(rule.only_last, 0 * rate, rate)] * (len(weights) - 1) + [rate]
    bias_rates = [_either(rule.learn, each, 0 * each) for each in rates]
    while True:
        outs = [inputs]
        for weight, bias in zip(weights, biases, strict=True):
            outs.append(_out(rule, weight, bias, outs[-1], keep))
        yield State(weights, biases, outs, measure)
        deltas, weights = _update_weights(rule, weights, outs, targets, rates, keep)
        if _any(rule.learn):
            biases = _update_biases(rule, biases, deltas, bias_rates, keep)


def _out(rule: Rule, weight: Array, bias: Array, below: Array, keep: Keep) -> Array:
    r"""Return $out = \sigma(W out_{below} + b)$."""
    net = keep(weighted_sums(weight, below) + bias)
    return keep(run_logistic(-rule.sign * net))


def _slope(rule: Rule, out: Array, keep: Keep) -> Array:
    r"""Return $out\,(1 - out)$."""
    if _any(rule.twice):
        out = _either(rule.twice, run_logistic(out), out)
    return keep(out * (1 - out))


def _update_weights(
    rule: Rule,
    weights: list[Array],
    outs: list[Array],
    targets: Array,
    rates: list[Array],
    keep: Keep,
) -> tuple[list[Array], list[Array]]:
    """Return each layer's delta, and its weights after the round, each layer by its own rate."""
    new_weights = list(weights)
    slope = _either(rule.flat, 1, _slope(rule, outs[-1], keep))
    delta = rule.slope * keep(-(targets - outs[-1])) * slope
    deltas = [delta]
    for layer in reversed(range(len(weights))):
        gradient = keep(weight_gradient(weights[layer], delta, outs[layer]))
        new_weights[layer] = keep(weights[layer] - rates[layer][..., None] * gradient)
        if layer:  # the inputs have no delta
            back = _either(_wide(rule.new_weights), new_weights[layer], weights[layer])
            delta = _carried(rule, back, delta, keep) * _slope(rule, outs[layer], keep)
            deltas.insert(0, delta)
    return deltas, new_weights


def _update_biases(
    rule: Rule, biases: list[Array], deltas: list[Array], rates: list[Array], keep: Keep
) -> list[Array]:
    """Return the biases after the round; the rate of a layer is 0 where they do not learn."""
    return [
        keep(bias - rate * _bias_gradient(rule, bias, keep(delta)))
        for bias, delta, rate in zip(biases, deltas, rates, strict=True)
    ]


def _carried(rule: Rule, back: Array, delta: Array, keep: Keep) -> Array:
    r"""Return $W^T \delta$: for each neuron below, the sum over its paths."""
    if _any(rule.turned):
        back = _either(_wide(rule.turned), back.swapaxes(-1, -2), back)
    if _any(rule.one_path):
        delta = delta.copy()
        delta[_narrow(rule.one_path), 1:] = 0
    return keep(np.einsum("...ji->...i", keep(back * delta[..., None])))


def _bias_gradient(rule: Rule, bias: Array, delta: Array) -> Array:
    """Return the derivative of each neuron's bias, or of the one value that a layer shares."""
    gradient = sum_to(bias, delta)
    return _either(rule.share, gradient.sum(axis=-1, keepdims=True), gradient)


def _either(switch: Any, yes: Any, no: Any) -> Array:  # noqa: ANN401  # one value, or an array
    """Return one of two results, network by network where there is a switch for each."""
    if isinstance(switch, np.ndarray):
        return np.asarray(np.where(switch, yes, no))
    return np.asarray(yes if switch else no)


def _any(switch: Any) -> bool:  # noqa: ANN401  # as above
    """Tell whether a switch is on, in one network at least: an array is never off in all."""
    return isinstance(switch, np.ndarray) or bool(switch)


def _wide(switch: Any) -> Any:  # noqa: ANN401  # as above
    """Give a switch the axes of a layer's weights."""
    return switch[..., None] if isinstance(switch, np.ndarray) else switch


def _narrow(switch: Any) -> Any:  # noqa: ANN401  # as above
    """Return what picks the networks in which a switch is on."""
    return switch[..., 0] if isinstance(switch, np.ndarray) else ...

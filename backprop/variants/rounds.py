"""Train many ways of working side by side, where each step of a round may be changed.

With the default parameters a round is ordinary backpropagation. Each parameter is an array with
one entry for each way, so that thousands of ways train at once along the last axis. The network
is that of both worked examples: two inputs, two hidden neurons, two outputs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array
from backprop.examples import LECTURE
from backprop.gradient import checked_samples, weight_gradient
from backprop.network import Network, run_forward, weighted_sums
from backprop.variants.switches import KEEPS

ZERO, HALF, ONE = (np.full((), value) for value in (0.0, 0.5, 1.0))
"""Arrays, since an operation of a small array and a Python number takes three times as long."""

Keep = Callable[[Array], Array]
"""A function that rounds a result or cuts it off, or returns all of it."""


class State(NamedTuple):
    """The weights and biases after some rounds, and what the next round computes from them.

    Attributes:
        weights: of both layers, shape (out, in, ways).
        biases: of both layers, shape (out, ways).
        nets: of both layers, shape (out, ways).
        outs: of both layers, shape (out, ways).
        slopes: of both layers, d out / d net, shape (out, ways).
        miss: the derivative of the error with respect to each out, shape (out, ways).
        deltas: with respect to each net, of both layers, shape (out, ways).
        carried: the derivative of each output's error with respect to each hidden out, shape
            (out, hidden, ways).
        gradients: the derivative with respect to each weight, of both layers, shape
            (out, in, ways).
        inputs: shape (in, ways).
        keep: the number in `KEEPS` of what is kept of each result.
        measure: returns the error of each output, shape (out, ways), and their sum.
    """

    weights: tuple[Array, Array]
    biases: tuple[Array, Array]
    nets: tuple[Array, Array]
    outs: tuple[Array, Array]
    slopes: tuple[Array, Array]
    miss: Array
    deltas: tuple[Array, Array]
    carried: Array
    gradients: tuple[Array, Array]
    inputs: Array
    keep: int
    measure: Callable[[Array], tuple[Array, Array]]

    @property
    def errors(self) -> Array:
        """The error of each output, shape (out, ways)."""
        return self.measure(self.outs[1])[0]

    @property
    def total(self) -> Array:
        """The total error, shape (ways,)."""
        return self.measure(self.outs[1])[1]


def train_with_new_output_weights(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    learning_rate: float,
    rounds: int,
) -> Network:
    r"""Train with a mistake: each layer is updated before the one below gets its gradient.

    The error is carried back through the weights that have just been changed,

    $$\delta_{below} = (W^{+T} \delta) \cdot out\,(1 - out),$$

    so that the lower layers do not follow the gradient. The biases are frozen.

    Args:
        network: weights (..., out, in) and biases (..., out), logistic in every layer.
        inputs: shape (..., in).
        targets: shape (..., out).
        learning_rate: the step size, one for all.
        rounds: the number of updates, 0 or more.

    Raises:
        TypeError: a value is not a real number, or `rounds` not a whole one.
        ValueError: the shapes do not fit, a value is not finite, or a layer has another activation.

    Source:
        An early version of the program by Matt Mazur (2015), which gave the
        widely copied error of 0.291027924 after one round.
    """
    x, t = checked_samples(network, inputs, targets)
    if {*network.activations} != {"logistic"}:
        names = ", ".join(network.activations)
        raise ValueError(f"network: activations {names} came, expected logistic in every layer")
    rate = arguments.numbers("learning_rate", arguments.number("learning_rate", learning_rate))
    weights = list(network.weights)
    for _ in range(arguments.whole_number("rounds", rounds)):
        _, outs = run_forward(weights, network.biases, x, network.activations)
        below = [x, *outs]
        delta = -(t - outs[-1]) * (outs[-1] * (1 - outs[-1]))
        for layer in reversed(range(len(weights))):
            gradient = weight_gradient(weights[layer], delta, below[layer])
            weights[layer] = weights[layer] - rate * gradient
            if layer:  # the inputs have no delta
                back = weights[layer].swapaxes(-1, -2)  # already changed: this is the slip
                delta = weighted_sums(back, delta) * (below[layer] * (1 - below[layer]))
    return Network(weights, network.biases)


def keeper(kind: int) -> Keep:
    """Return the function that rounds each result, by its number in `KEEPS`."""
    if kind == 0:
        return lambda result: result
    if kind in (KEEPS["float32"], KEEPS["float16"]):
        dtype = np.float32 if kind == KEEPS["float32"] else np.float16
        return lambda result: np.asarray(result.astype(dtype), float)
    places, half = kind % 10, 0.5 if kind < KEEPS["cut_3"] else 0.0
    return lambda result: _shortened(result, places, half)


def _shortened(result: Array, places: int, half: float) -> Array:
    """Round a result of any shape to so many decimals, with half = 0.5, or cut it off, with 0."""
    # A result computed from a few decimals has at most three times as many; the rest is noise.
    noise = 1e-9
    whole = np.floor(abs(result) * 10**places + half + noise)
    return np.asarray(np.copysign(whole / 10**places, result))


def run(parameters: Mapping[str, Array]) -> Iterator[State]:
    """Yield the state of some ways after 0, 1, 2, ... rounds.

    Args:
        parameters: those of `switches.DEFAULTS`, each of shape (ways,), and `keep` with equal
            entries.
    """
    steps = _Steps(parameters)
    weights, biases = steps.start()
    while True:
        state = steps.passed(weights, biases)
        yield state
        weights, biases = steps.updated(state)


class _Activation:
    """The activation of a layer and its slope, by the parameters of each way."""

    def __init__(self, kinds: Array, slopes: Array, fine: Keep) -> None:
        self.fine = fine
        self.sign = _per_neuron(np.where(kinds == 1, 1.0, -1.0))  # of the exponent
        self.tanh, self.relu, self.linear = (_where(kinds == kind) for kind in (2, 3, 4))
        self.flat = _where((slopes == 1) | (kinds == 4))
        self.of_net = _where(slopes == 2)
        self.of_slope = _where(slopes == 3)
        if self.of_slope is not None:
            self.again = _Activation(kinds[self.of_slope], ZERO, fine)

    def squash(self, net: Array) -> Array:
        """Return the activation of each net, shape (out, ways)."""
        out = ONE / self.fine(ONE + self.fine(np.exp(self.sign * net)))
        if self.tanh is not None:
            out[:, self.tanh] = np.tanh(net[:, self.tanh])
        if self.relu is not None:
            out[:, self.relu] = np.maximum(net[:, self.relu], ZERO)
        if self.linear is not None:
            out[:, self.linear] = net[:, self.linear]
        return np.asarray(out)

    def slope(self, net: Array, out: Array) -> Array:
        """Return d out / d net as each way computes it, shape (out, ways)."""
        at = out
        if self.of_net is not None or self.of_slope is not None:
            at = out.copy()
        if self.of_net is not None:
            at[:, self.of_net] = net[:, self.of_net]
        if self.of_slope is not None:
            at[:, self.of_slope] = self.again.squash(out[:, self.of_slope])
        slope = at * self.fine(ONE - at)
        if self.tanh is not None:
            slope[:, self.tanh] = ONE - at[:, self.tanh] ** 2
        if self.relu is not None:
            slope[:, self.relu] = at[:, self.relu] > ZERO
        if self.flat is not None:
            slope[:, self.flat] = ONE
        return slope


class _Steps:
    """The steps of a round for some ways, each changed by the parameters of its way."""

    def __init__(self, parameters: Mapping[str, Array]) -> None:
        p = self.p = dict(parameters)
        self.kept = int(p["keep"][0])
        self.keep = keeper(self.kept)
        # Single and half precision round every operation; people round only each result.
        in_floats = self.kept in (KEEPS["float32"], KEEPS["float16"])
        fine = self.fine = self.keep if in_floats else keeper(0)
        for name in ("i1", "i2", "t1", "t2", "b1", "b2", "rate"):
            p[name] = fine(p[name])
        self.inputs = np.stack([p["i1"], p["i2"]])
        self.targets = np.stack([p["t1"], p["t2"]])
        self.layers = [_Activation(p[f"act_{k}"], p[f"slope_{k}"], fine) for k in "ho"]
        # The steps for the ways that run a second forward pass, without the other ways.
        self.refreshed = _where(p["order"] == 2)
        if self.refreshed is not None:
            chosen = {name: values[self.refreshed] for name, values in p.items()}
            self.refresh = _Steps(chosen | {"order": 0 * chosen["order"]})
        self.ahead = _where(p["order"] > 0)
        self.back = _where(p["back"] == 1)
        self.one_path = _where(p["one_path"] == 1)
        self.entropy = _where(p["entropy"] == 1)
        self.share = p["share"] if p["share"].any() else None
        self.factor = _per_neuron(p["d"])
        rates = p["rate"] * (1 - p["only_out"]), p["rate"]
        self.rates = [_per_neuron(_per_neuron(rate)) for rate in rates]
        self.bias_rates = [_per_neuron(p["learn"] * rate) for rate in rates]

    def start(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Return the weights, shape (out, in, ways), and biases, (out, ways), before any update."""
        layers = []
        for weight, turn in zip(LECTURE.network.weights, ("turn_h", "turn_o"), strict=True):
            turned = self.p[turn] == 1
            layers.append(np.where(turned, weight.T[..., None], weight[..., None]))
        biases = _per_neuron(self.p["b1"]), _per_neuron(self.p["b2"])
        return (self.keep(layers[0]), self.keep(layers[1])), biases

    def passed(self, weights: tuple[Array, Array], biases: tuple[Array, Array]) -> State:
        """Return all that a round computes, before it updates weights and biases.

        Args:
            weights: of both layers, shape (out, in, ways).
            biases: of both layers, shape (out, ways).
        """
        keep = self.keep
        net_h, out_h = self._layer(0, weights[0], biases[0], self.inputs)
        net_o, out_o = self._layer(1, weights[1], biases[1], out_h)
        miss, slope_o, delta_o = self._output_delta(net_o, out_o)
        gradient_o = keep(delta_o[:, None] * out_h)
        back, delta_back = self._back(weights[1], biases[1], out_h, delta_o, gradient_o)
        carried = keep(back * delta_back[:, None])
        slope_h = keep(self.layers[0].slope(net_h, out_h))
        delta_h = self.fine(keep(carried[0] + carried[1]) * slope_h)
        gradient_h = keep(delta_h[:, None] * self.inputs)
        return State(
            weights, biases, (net_h, net_o), (out_h, out_o), (slope_h, slope_o), miss,
            (delta_h, delta_o), carried, (gradient_h, gradient_o),
            self.inputs, self.kept, self.measured,
        )  # fmt: skip

    def updated(self, state: State) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Return the weights, shape (out, in, ways), and biases, (out, ways), after the round."""
        (weight_h, weight_o), (gradient_h, gradient_o) = state.weights, state.gradients
        (bias_h, bias_o), (delta_h, delta_o) = state.biases, state.deltas
        weights = (
            self._new_weight(0, weight_h, gradient_h),
            self._new_weight(1, weight_o, gradient_o),
        )
        return weights, (self._new_bias(0, bias_h, delta_h), self._new_bias(1, bias_o, delta_o))

    def _layer(self, layer: int, weight: Array, bias: Array, below: Array) -> tuple[Array, Array]:
        r"""Return $net = W out_{below} + b$ and $out = \sigma(net)$, each of shape (out, ways)."""
        parts = self.fine(weight * below)
        net = self.keep(self.fine(parts[:, 0] + parts[:, 1]) + bias)
        return net, self.keep(self.layers[layer].squash(net))

    def _output_delta(self, net: Array, out: Array) -> tuple[Array, Array, Array]:
        """Return dE/dout, dout/dnet and dE/dnet of the outputs, each of shape (out, ways)."""
        miss = self.factor * self.keep(out - self.targets)
        slope = self.keep(self.layers[1].slope(net, out))
        return miss, slope, self.fine(miss * slope)

    def _back(
        self, weight: Array, bias: Array, out_h: Array, delta: Array, gradient: Array
    ) -> tuple[Array, Array]:
        """Return the weights and deltas through which the error is carried back.

        Returns:
            The weights, shape (out, hidden, ways), and the deltas, shape (out, ways).
        """
        if self.ahead is not None:
            new = self._new_weight(1, weight, gradient)
            if self.refreshed is not None:
                ways = self.refreshed
                delta = delta.copy()
                delta[:, ways] = self.refresh.delta(
                    new[..., ways], bias[:, ways], out_h[:, ways], delta[:, ways]
                )
            weight = weight.copy()
            weight[..., self.ahead] = new[..., self.ahead]
        if self.back is not None:
            weight = weight.copy()
            weight[..., self.back] = weight[..., self.back].swapaxes(0, 1)
        if self.one_path is not None:
            delta = delta.copy()
            delta[1, self.one_path] = ZERO
        return weight, delta

    def delta(self, weight: Array, bias: Array, out_h: Array, delta: Array) -> Array:
        """Return the deltas of the outputs, shape (out, ways), after the output layer's update."""
        net, out = self._layer(1, weight, self._new_bias(1, bias, delta), out_h)
        return self._output_delta(net, out)[2]

    def _new_weight(self, layer: int, weight: Array, gradient: Array) -> Array:
        """Return the updated weights of a layer, shape (out, in, ways)."""
        return self.keep(weight - self.fine(self.rates[layer] * gradient))

    def _new_bias(self, layer: int, bias: Array, delta: Array) -> Array:
        """Return the updated biases of a layer, shape (out, ways)."""
        delta = self.keep(delta)
        if self.share is not None:
            delta = self.fine(delta + self.share * delta[::-1])
        return self.keep(bias - self.fine(self.bias_rates[layer] * delta))

    def measured(self, out: Array) -> tuple[Array, Array]:
        """Return the error of each output, shape (out, ways), and their sum, shape (ways,)."""
        squares = self.fine(self.fine(self.targets - out) ** 2)
        errors = self.keep(self.p["e"] * (HALF * squares))
        if self.entropy is not None:
            t, o = self.targets[:, self.entropy], out[:, self.entropy]
            errors[:, self.entropy] = -t * np.log(o) - (1 - t) * np.log(1 - o)
        return errors, self.keep(errors[0] + errors[1])


def _per_neuron(values: Array) -> Array:
    """Return values, shape (...), repeated for both neurons of a layer, shape (2, ...)."""
    return np.stack([values, values])


def _where(chosen: Array) -> Any:  # noqa: ANN401  # a slice, or an array of indices
    """Return an index of the chosen ways, as a slice if they are adjacent; None if there are none.

    Args:
        chosen: whether each way is, shape (ways,).
    """
    places = np.flatnonzero(chosen)
    if not len(places):
        return None
    first, last = int(places[0]), int(places[-1]) + 1
    return slice(first, last) if last - first == len(places) else places

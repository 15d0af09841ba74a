"""Rounds of training in which each step may be taken otherwise, for many ways side by side.

With the parameters of the pages a round is backpropagation. Each parameter is an array with
an entry for each way, so that thousands of ways train at once along the last axis. The network
is that of both worked examples: two inputs, two hidden neurons, two outputs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array
from backprop.examples import LECTURE
from backprop.gradient import samples, weight_gradient
from backprop.network import Network, run_forward, weighted_sums
from backprop.variants.switches import KEEPS

Keep = Callable[[Array], Array]
"""What is kept of a result: all of it, or some of its digits."""


class State(NamedTuple):
    """Where the networks stand after some rounds, and what the next round computes.

    Attributes:
        weights: of both layers, shape (out, in, ways).
        biases: of both layers, shape (out, ways).
        nets: of both layers, shape (out, ways).
        outs: of both layers, shape (out, ways).
        slopes: of both layers, d out / d net, shape (out, ways).
        miss: the derivative of the error with respect to each out, shape (out, ways).
        deltas: with respect to each net, of both layers, shape (out, ways).
        carried: what each output hands back to each hidden out, shape (out, hidden, ways).
        gradients: with respect to each weight, of both layers, shape (out, in, ways).
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
        """The error of each output, shape (out, ways); of most rounds nobody asks for it."""
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


def keeper(kind: int) -> Keep:
    """Return what keeps of each result what the option with this number of `KEEPS` keeps."""
    if kind == 0:
        return lambda result: result
    if kind in (KEEPS["float32"], KEEPS["float16"]):
        dtype = np.float32 if kind == KEEPS["float32"] else np.float16
        return lambda result: np.asarray(result.astype(dtype), float)
    places, half = kind % 10, 0.5 if kind < KEEPS["cut_3"] else 0.0
    return lambda result: _shortened(result, places, half)


def _shortened(result: Array, places: int, half: float) -> Array:
    # What is computed from a few decimals has at most thrice as many; less than that is noise.
    noise = 1e-9
    whole = np.floor(abs(result) * 10**places + half + noise)
    return np.asarray(np.copysign(whole / 10**places, result))


def run(parameters: Mapping[str, Array]) -> Iterator[State]:
    """Yield the state of some ways after 0, 1, 2, ... rounds.

    Args:
        parameters: those of `switches.DEFAULTS`, each of shape (ways,); `keep` is one for all.
    """
    steps = _Steps(parameters)
    weights, biases = steps.start()
    while True:
        state = steps.passed(weights, biases)
        yield state
        weights, biases = steps.updated(state)


class _Steps:
    """The steps of a round for some ways; each is taken otherwise where a parameter says so."""

    def __init__(self, parameters: Mapping[str, Array]) -> None:
        p = self.p = dict(parameters)
        self.kept = int(p["keep"][0])
        self.keep = keeper(self.kept)
        # In single and half precision, each step is rounded: by hand only each result is.
        in_floats = self.kept in (KEEPS["float32"], KEEPS["float16"])
        fine = self.fine = self.keep if in_floats else keeper(0)
        for name in ("i1", "i2", "t1", "t2", "b1", "b2", "rate"):
            p[name] = fine(p[name])
        self.inputs = np.stack([p["i1"], p["i2"]])
        self.targets = np.stack([p["t1"], p["t2"]])
        kinds = {
            name: {int(kind): _where(p[name] == kind) for kind in np.unique(p[name]) if kind}
            for name in ("act_h", "act_o", "slope_h", "slope_o", "order")
        }
        self.activations = kinds["act_h"], kinds["act_o"]
        self.slopes = kinds["slope_h"], kinds["slope_o"]
        self.orders = kinds["order"]
        # The steps of those ways alone that squash once more, or pass forward once more.
        self.squashed_again = [
            self._only(kinds[3], slope_h=0, slope_o=0, order=0) if 3 in kinds else self
            for kinds in self.slopes
        ]
        self.refreshed = self._only(self.orders[2], order=0) if 2 in self.orders else None
        self.back = _where(p["back"] == 1)
        self.one_path = _where(p["one_path"] == 1)
        self.entropy = _where(p["entropy"] == 1)
        self.share = p["share"] if p["share"].any() else None
        self.hidden_rate = p["rate"] * (1 - p["only_out"])

    def _only(self, ways: Any, **others: float) -> "_Steps":  # noqa: ANN401  # as `_where`
        """Return the steps of some of the ways, with other parameters."""
        chosen = {name: values[ways] for name, values in self.p.items()}
        return _Steps(chosen | {name: 0 * chosen[name] + value for name, value in others.items()})

    def start(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Return the weights and biases before any update."""
        count = len(self.p["rate"])
        layers = []
        for weight, turn in zip(LECTURE.network.weights, ("turn_h", "turn_o"), strict=True):
            turned = self.p[turn] == 1
            layers.append(np.where(turned, weight.T[..., None], weight[..., None]))
        biases = [np.broadcast_to(self.p[name], (2, count)) for name in ("b1", "b2")]
        return (self.keep(layers[0]), self.keep(layers[1])), (biases[0], biases[1])

    def passed(self, weights: tuple[Array, Array], biases: tuple[Array, Array]) -> State:
        """Return all that a round computes from weights and biases, before it updates them."""
        keep = self.keep
        net_h, out_h = self._layer(0, weights[0], biases[0], self.inputs)
        net_o, out_o = self._layer(1, weights[1], biases[1], out_h)
        miss, slope_o, delta_o = self._output_delta(net_o, out_o)
        gradient_o = keep(delta_o[:, None] * out_h)
        back, delta_back = self._back(weights[1], biases[1], out_h, delta_o, gradient_o)
        carried = keep(back * delta_back[:, None])
        slope_h = self._slope(0, net_h, out_h)
        delta_h = self.fine(keep(carried[0] + carried[1]) * slope_h)
        gradient_h = keep(delta_h[:, None] * self.inputs)
        return State(
            weights, biases, (net_h, net_o), (out_h, out_o), (slope_h, slope_o), miss,
            (delta_h, delta_o), carried, (gradient_h, gradient_o),
            self.inputs, self.kept, self.measured,
        )  # fmt: skip

    def updated(self, state: State) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Return the weights and biases after the round."""
        rates = self.hidden_rate, self.p["rate"]
        weights = [
            self.keep(weight - self.fine(rate * gradient))
            for weight, gradient, rate in zip(state.weights, state.gradients, rates, strict=True)
        ]
        biases = [
            self._new_bias(bias, delta, rate)
            for bias, delta, rate in zip(state.biases, state.deltas, rates, strict=True)
        ]
        return (weights[0], weights[1]), (biases[0], biases[1])

    def _layer(self, layer: int, weight: Array, bias: Array, below: Array) -> tuple[Array, Array]:
        r"""Return $net = W out_{below} + b$ and $out = \sigma(net)$."""
        fine = self.fine
        total = fine(fine(weight[:, 0] * below[0]) + fine(weight[:, 1] * below[1]))
        net = self.keep(total + bias)
        return net, self.keep(self.squash(layer, net))

    def squash(self, layer: int, net: Array) -> Array:
        """Return what the activation of a layer makes of net."""
        out = 1 / self.fine(1 + self.fine(np.exp(-net)))
        for kind, ways in self.activations[layer].items():
            out[:, ways] = _squashed(kind, net[:, ways])
        return np.asarray(out)

    def _slope(self, layer: int, net: Array, out: Array) -> Array:
        """Return d out / d net, as each way has it."""
        at = out
        kinds = self.slopes[layer]
        if kinds:
            at = out.copy()
        if 2 in kinds:
            at[:, kinds[2]] = net[:, kinds[2]]
        if 3 in kinds:
            at[:, kinds[3]] = self.squashed_again[layer].squash(layer, out[:, kinds[3]])
        slope = at * self.fine(1 - at)
        for kind, ways in self.activations[layer].items():
            slope[:, ways] = _slope_of(kind, at[:, ways])
        if 1 in kinds:
            slope[:, kinds[1]] = 1
        return self.keep(slope)

    def _output_delta(self, net: Array, out: Array) -> tuple[Array, Array, Array]:
        """Return the derivatives of the error by out, of out by net, and of the error by net."""
        miss = self.p["d"] * self.keep(out - self.targets)
        slope = self._slope(1, net, out)
        return miss, slope, self.fine(miss * slope)

    def _back(
        self, weight: Array, bias: Array, out_h: Array, delta: Array, gradient: Array
    ) -> tuple[Array, Array]:
        """Return the weights through which the error goes back, and the deltas that do."""
        if self.orders:
            new = self.keep(weight - self.fine(self.p["rate"] * gradient))
            if self.refreshed:
                ways = self.orders[2]
                delta = delta.copy()
                delta[:, ways] = self.refreshed.refresh(
                    new[..., ways], bias[:, ways], out_h[:, ways], delta[:, ways]
                )
            weight = weight.copy()
            for ways in self.orders.values():
                weight[..., ways] = new[..., ways]
        if self.back is not None:
            weight = weight.copy()
            weight[..., self.back] = weight[..., self.back].swapaxes(0, 1)
        if self.one_path is not None:
            delta = delta.copy()
            delta[1, self.one_path] = 0
        return weight, delta

    def refresh(self, weight: Array, bias: Array, out_h: Array, delta: Array) -> Array:
        """Return the deltas of the outputs after the output layer was updated."""
        bias = self._new_bias(bias, delta, self.p["rate"])
        net, out = self._layer(1, weight, bias, out_h)
        return self._output_delta(net, out)[2]

    def _new_bias(self, bias: Array, delta: Array, rate: Array) -> Array:
        delta = self.keep(delta)
        if self.share is not None:
            delta = self.fine(delta + self.share * delta[::-1])
        return self.keep(bias - self.fine(self.p["learn"] * rate * delta))

    def measured(self, out: Array) -> tuple[Array, Array]:
        """Return the error of each output, and their sum."""
        squares = self.fine(self.fine(self.targets - out) ** 2)
        errors = self.keep(self.p["e"] * (0.5 * squares))
        if self.entropy is not None:
            t, o = self.targets[:, self.entropy], out[:, self.entropy]
            errors[:, self.entropy] = -t * np.log(o) - (1 - t) * np.log(1 - o)
        return errors, self.keep(errors[0] + errors[1])


def _where(chosen: Array) -> Any:  # noqa: ANN401  # what picks columns: a slice, or places
    """Return what picks the ways that are chosen, a slice where they lie side by side."""
    places = np.flatnonzero(chosen)
    if not len(places):
        return None
    first, last = int(places[0]), int(places[-1]) + 1
    return slice(first, last) if last - first == len(places) else places


def _squashed(kind: int, net: Array) -> Array:
    """Return what an activation other than the logistic function makes of net."""
    if kind == 1:
        return np.asarray(1 / (1 + np.exp(net)))
    if kind == 2:
        return np.asarray(np.tanh(net))
    return np.maximum(net, 0.0) if kind == 3 else net


def _slope_of(kind: int, at: Array) -> Array:
    """Return the slope of an activation, from its output."""
    if kind == 1:
        return np.asarray(at * (1 - at))
    if kind == 2:
        return np.asarray(1 - at**2)
    return np.where(at > 0, 1.0, 0.0) if kind == 3 else np.ones_like(at)

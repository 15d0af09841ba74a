"""Learning by gradient descent: one update (`step`), or many (`train`)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array
from backprop.gradient import run_backward, samples, sum_to, weight_gradient
from backprop.network import Network, run_forward, squared_errors
from backprop.progress import counted

BiasChoice = Literal["frozen", "shared", "per_neuron"]
"""How the biases learn: not at all, as one value a layer, or one value a neuron."""


@dataclass(frozen=True, eq=False)
class Training:
    """What `train` gives back.

    Attributes:
        network: the network after the last round.
        rounds: the round numbers at which the error was kept, shape (kept,);
            round 0 is before any update.
        errors: the total error at these rounds, shape (kept, ...), one column
            for each network.
    """

    network: Network
    rounds: Array
    errors: Array


def step(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    learning_rate: npt.ArrayLike,
    biases: BiasChoice,
) -> Network:
    r"""Return the network after one update, every gradient taken before any weight moves.

    $$w^+ = w - \eta \frac{\partial E_{total}}{\partial w}$$

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        learning_rate: shape (...); a rate for each network, or one for all.
        biases: "frozen" leaves them alone, "shared" moves the one value of a
            layer by the sum of its neurons' derivatives, "per_neuron" moves
            each by its own.

    Raises:
        TypeError: a value is not a real number, or `network` not a Network.
        ValueError: the shapes do not fit, a value is not finite, the bias
            choice is unknown, "shared" meets a layer of unequal biases, or the
            learning rate drives a weight to infinity.
    """
    return train(
        network,
        inputs,
        targets,
        learning_rate=learning_rate,
        biases=biases,
        rounds=1,
        keep=(),
    ).network


def train(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    learning_rate: npt.ArrayLike,
    biases: BiasChoice,
    rounds: int,
    keep: Iterable[int] | None = None,
) -> Training:
    r"""Repeat `step`, and keep the error on the way.

    The error at round 0 is the one before any update; the error at round n is
    the one after n updates. A thousand networks or a hundred learning rates
    train at once, along the leading axes of the parameters and of
    `learning_rate`; samples that one network shares add up.

    A run that takes long shows a progress bar on a terminal.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        learning_rate: shape (...).
        biases: "frozen", "shared" or "per_neuron", as in `step`.
        rounds: the number of updates, 0 or more.
        keep: the rounds whose error is kept, each from 0 to `rounds`; all of
            them when not given. Memory grows with their number only.

    Raises:
        TypeError: a value is not a real number, a round not a whole one, or
            `network` not a Network.
        ValueError: the shapes do not fit, a value is not finite, a round is
            out of range, the bias choice is unknown, "shared" meets a layer of
            unequal biases, or the learning rate drives a weight to infinity.
    """
    arguments.one_of("biases", biases, get_args(BiasChoice))
    rounds = arguments.whole_number("rounds", rounds)
    kept = _kept(keep, rounds)
    rate = arguments.numbers("learning_rate", learning_rate)
    x, t = samples(network, inputs, targets, learning_rate=rate.shape)
    lead = arguments.leading({"network": network.leading, "learning_rate": rate.shape})

    kind = np.result_type(x, t, *network.weights, *network.biases)
    weights = [_laid_out(w.astype(kind), lead, 2) for w in network.weights]
    offsets = [_laid_out(b.astype(kind), lead, 1) for b in network.biases]
    if biases == "shared":
        _check_shared(offsets)
    if lead:
        x, t = np.asfortranarray(x), np.asfortranarray(t)

    errors = np.empty((len(kept), *lead), kind)
    rounds_to_keep = {done: k for k, done in enumerate(kept)}
    # In the type of the parameters: a plain number leaves float32 networks float32.
    answers = _learn(weights, offsets, x, t, rate.astype(kind), biases, rounds)
    for done, answer in enumerate(answers):
        if done in rounds_to_keep:
            errors[rounds_to_keep[done]] = _error(t, answer, lead)
    if not all(np.isfinite(parameter).all() for parameter in weights + offsets):
        raise ValueError(
            "learning_rate: one came that drives a weight to infinity, expected a smaller one"
        )
    return Training(Network(weights, offsets), np.array(kept, dtype=np.int64), errors)


def _learn(
    weights: list[Array],
    biases: list[Array],
    inputs: Array,
    targets: Array,
    rate: Array,
    choice: BiasChoice,
    rounds: int,
) -> Iterator[Array]:
    """Update weights and biases in place; yield the network's answer, shape (..., out), each round.

    The first answer is that before any update, the last one that after all of them.

    Args:
        weights: one array a layer, shape (..., out, in).
        biases: one array a layer, shape (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        rate: the learning rate, shape () or (...).
        choice: how the biases learn.
        rounds: the number of updates.
    """
    # One rate for all stays a single number, with which NumPy is quicker.
    single = weights[0].ndim == 2
    weight_rate, bias_rate = (rate, rate) if single else (rate[..., None, None], rate[..., None])
    for done in counted(rounds):
        _, outs = run_forward(weights, biases, inputs)
        yield outs[-1]
        if done < rounds:
            deltas = run_backward(weights, outs, targets)
            _move_weights(weights, weight_rate, deltas, [inputs, *outs[:-1]])
            if choice != "frozen":
                _move_biases(biases, bias_rate, deltas, choice)


def _move_weights(
    weights: Sequence[Array], rate: Array, deltas: Sequence[Array], below: Sequence[Array]
) -> None:
    r"""Set $W$ to $W - \eta\; \delta\; out_{below}^T$ in each layer, in place.

    Args:
        weights: one array a layer, shape (..., out, in).
        rate: the learning rate, shape () or (..., 1, 1).
        deltas: one array a layer, shape (..., out).
        below: the outputs of the layer below each, shape (..., in).
    """
    for weight, delta, out in zip(weights, deltas, below, strict=True):
        np.subtract(weight, rate * weight_gradient(weight, delta, out), out=weight)


def _move_biases(
    biases: Sequence[Array], rate: Array, deltas: Sequence[Array], choice: BiasChoice
) -> None:
    r"""Set $b$ to $b - \eta\, \delta$ in each layer, in place; `choice` says how biases learn.

    Args:
        biases: one array a layer, shape (..., out).
        rate: the learning rate, shape () or (..., 1).
        deltas: one array a layer, shape (..., out).
        choice: "shared" or "per_neuron".
    """
    for bias, delta in zip(biases, deltas, strict=True):
        np.subtract(bias, rate * _bias_gradient(bias, delta, choice), out=bias)


def _bias_gradient(bias: Array, delta: Array, choice: BiasChoice) -> Array:
    """Return the derivative with respect to each neuron's bias, or to the one that they share.

    Args:
        bias: shape (..., out).
        delta: shape (..., out), with the axes of the samples in front.
        choice: "shared" for a result of shape (..., 1), "per_neuron" for (..., out).
    """
    gradient = sum_to(bias, delta)
    if choice == "shared":
        return np.asarray(gradient.sum(axis=-1, keepdims=True))
    return gradient


def _error(targets: Array, outs: Array, lead: tuple[int, ...]) -> Array:
    """Return the total error of each network, shape `lead`, summed over its samples.

    Args:
        targets: shape (..., out).
        outs: shape (..., out).
        lead: the leading axes of the networks.
    """
    errors = squared_errors(targets, outs).sum(axis=-1)
    return sum_to(np.empty(lead), errors)


def _laid_out(parameter: Array, lead: tuple[int, ...], own_axes: int) -> Array:
    """Return a parameter with a copy for each network, shape `lead` and then its own last axes.

    The networks are made neighbors in memory: NumPy then works along a
    thousand of them at a time, and not along two weights.
    """
    shape = parameter.shape[parameter.ndim - own_axes :]
    return np.array(np.broadcast_to(parameter, lead + shape), order="F" if lead else "C")


def _check_shared(biases: Sequence[Array]) -> None:
    """Refuse a layer, shape (..., out), whose neurons have different biases and cannot share one.

    Raises:
        ValueError: a layer has.
    """
    for k, bias in enumerate(biases):
        if (bias != bias[..., :1]).any():
            raise ValueError(
                f"biases: 'shared' came with unequal values in biases[{k}], "
                "expected one value for the whole layer"
            )


def _kept(keep: Iterable[int] | None, rounds: int) -> Sequence[int]:
    """Return the rounds to keep in rising order, each once.

    Raises:
        TypeError: one is not a whole number.
        ValueError: one is not from 0 to `rounds`.
    """
    if keep is None:
        return range(rounds + 1)
    wanted = arguments.sequence("keep", keep)
    kept = sorted({arguments.whole_number("keep", done) for done in wanted})
    if kept and kept[-1] > rounds:
        raise ValueError(f"keep: round {kept[-1]} came, expected 0 to {rounds}")
    return kept

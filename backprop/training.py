"""Learning by gradient descent: one update (`step`), or many (`train`)."""

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from backprop import arguments
from backprop.arguments import Array
from backprop.gradient import checked_samples, run_backward, sum_to, weight_gradient
from backprop.losses import run_errors, run_total
from backprop.network import Network, run_forward
from backprop.progress import counted

BiasChoice = Literal["frozen", "shared", "per_neuron"]
"""How the biases learn: not at all, as one value a layer, or one value a neuron."""

SampleChoice = Literal["sum", "mean", "online"]
"""What an update follows: the error of all samples, their mean, or one sample after the other."""


@dataclass(frozen=True, eq=False)
class Training:
    """The result of `train`.

    Attributes:
        network: the network after the last round.
        rounds: the round numbers at which the error was kept, shape (kept,); round 0 is before any
            update.
        errors: the total error at these rounds, shape (kept, ...), one column for each network.
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
    loss: str = "half_squared",
) -> Network:
    r"""Return the network after one update, every gradient taken before any weight moves.

    $$w^+ = w - \eta \frac{\partial E_{total}}{\partial w}$$

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        learning_rate: shape (...); a rate for each network, or one for all.
        biases: "frozen" leaves them alone, "shared" moves the one value of a layer by the sum of
            its neurons' derivatives, "per_neuron" moves each by its own.
        loss: how the error is measured, as in `output_errors`.

    Raises:
        TypeError: a value is not a real number, or `network` not a Network.
        ValueError: as of `train`.
    """
    one = train(
        network,
        inputs,
        targets,
        learning_rate=learning_rate,
        biases=biases,
        rounds=1,
        keep=(),
        loss=loss,
    )
    return one.network


def train(
    network: Network,
    inputs: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    learning_rate: npt.ArrayLike,
    biases: BiasChoice,
    rounds: int,
    keep: Iterable[int] | None = None,
    loss: str = "half_squared",
    samples: SampleChoice = "sum",
    momentum: float = 0.0,
) -> Training:
    r"""Repeat `step`, and keep the error on the way.

    The error at round 0 is the one before any update; the error at round n is the one after n
    updates. A thousand networks or a hundred learning rates train at once, along the leading axes
    of the parameters and of `learning_rate`; samples that one network shares add up.

    With momentum m, an update keeps a part of the one before it:

    $$v^+ = m\,v + \frac{\partial E_{total}}{\partial w} \qquad w^+ = w - \eta\,v^+$$

    A run that takes long shows a progress bar on a terminal.

    Args:
        network: weights (..., out, in) and biases (..., out).
        inputs: shape (..., in).
        targets: shape (..., out).
        learning_rate: shape (...).
        biases: "frozen", "shared" or "per_neuron", as in `step`.
        rounds: the number of updates, 0 or more; with "online", how often each sample is seen.
        keep: the rounds whose error is kept, each from 0 to `rounds`; all of them when not given.
            Memory grows with their number only.
        loss: how the error is measured, as in `output_errors`.
        samples: "sum" follows the sum of the samples' errors, "mean" their mean, and "online" one
            sample after the other, with an update for each. For "online" the samples are the last
            leading axis of `inputs` and `targets`, and the axes before it are networks; networks
            and rates may have an axis of 1 in its place. What is kept is the sum or the mean.
        momentum: m, from 0 up to but not including 1.

    Raises:
        TypeError: a value is not a real number, a round not a whole one, or `network` not a
            Network.
        ValueError: the shapes do not fit, a value is not finite or out of range, a choice is
            unknown, biases cannot learn as chosen, or the loss does not fit the last layer or the
            targets; or a weight, or the error of a sample, becomes infinite.

    Source:
        B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
        Computational Mathematics and Mathematical Physics 4 (1964), for momentum.
    """
    arguments.instance("network", network, Network)
    arguments.one_of("biases", biases, get_args(BiasChoice))
    arguments.one_of("samples", samples, get_args(SampleChoice))
    rounds = arguments.whole_number("rounds", rounds)
    kept = _kept(keep, rounds)
    rate = arguments.numbers("learning_rate", learning_rate)
    how = _How(biases, loss, samples, arguments.number("momentum", momentum))
    if not 0 <= how.momentum < 1:
        raise ValueError(f"momentum: {how.momentum} came, expected 0 or more, and less than 1")
    run = _Run(network, inputs, targets, rate, how)
    errors = np.empty((len(kept), *run.lead), run.kind)
    places = {done: k for k, done in enumerate(kept)}
    with np.errstate(over="ignore", invalid="ignore"):  # such results are refused below
        for done, of_samples in run.learn(rounds, places):
            errors[places[done]] = sum_to(np.empty(run.lead), of_samples) / run.number
        if not (run.is_finite and np.isfinite(errors).all()):
            raise ValueError(_first_overflow(_Run(network, inputs, targets, rate, how), rounds))
    errors = errors[..., 0] if run.added else errors
    return Training(run.network, np.array(kept, dtype=np.int64), errors)


class _How(NamedTuple):
    """How networks learn: those arguments of `train`."""

    biases: BiasChoice
    loss: str
    samples: SampleChoice
    momentum: float


class _Run:
    """Networks with leading axes `lead` that learn, their parameters changed in place."""

    def __init__(
        self,
        network: Network,
        inputs: npt.ArrayLike,
        targets: npt.ArrayLike,
        rate: Array,
        how: _How,
    ) -> None:
        """Check that the arguments of `train`, in the shapes given there, fit, and lay them out."""
        self.how, self.activations, online = how, network.activations, how.samples == "online"
        own = arguments.leading({"network": network.leading, "learning_rate": rate.shape})
        if online and own and own[-1] != 1:
            weights = [w[..., None, :, :] for w in network.weights]
            network = Network(weights, [b[..., None, :] for b in network.biases], self.activations)
            rate = rate[..., None]
        x, t = checked_samples(network, inputs, targets, how.loss, learning_rate=rate.shape)
        networks = (*x.shape[:-2], 1) if online and x.ndim > 2 else ()
        lead = self.lead = np.broadcast_shapes(network.leading, rate.shape, networks)
        self.added = online and lead != () and own[-1:] != (1,)  # the axis of 1 for the samples
        _check_biases(network.biases, how.biases)

        kind = self.kind = np.result_type(x, t, *network.weights, *network.biases)
        self.weights = [_laid_out(w.astype(kind), lead, 2) for w in network.weights]
        self.biases = [_laid_out(b.astype(kind), lead, 1) for b in network.biases]
        self.velocities = [np.zeros_like(p) for p in self.weights + self.biases]
        self.inputs, self.targets = map(np.asfortranarray, (x, t)) if lead else (x, t)
        # How many samples the mean of a network is over.
        self.number = math.prod(x.shape[:-1]) // math.prod(lead) if how.samples == "mean" else 1
        self.in_turn = [
            (self.inputs[..., k : k + 1, :], self.targets[..., k : k + 1, :])
            for k in range(x.shape[-2] if online and x.ndim > 1 else 0)
        ]
        # In the type of the parameters: a plain number leaves float32 networks float32. The
        # gradient of the mean is that of the sum over the number of samples.
        rate = np.asarray(rate.astype(kind) / self.number)
        # One rate for all stays a single number, with which NumPy is quicker.
        self.rates = (rate[..., None, None], rate[..., None]) if lead else (rate, rate)

    def learn(self, rounds: int, kept: Container[int]) -> Iterator[tuple[int, Array]]:
        """Update the parameters `rounds` times; yield each round kept, with its samples' errors.

        The errors have shape (...). Round 0 is before any update, the last one after all of them.
        """
        for done in counted(rounds):
            if done in kept or not self.in_turn:
                nets, outs = self.forward(self.inputs)
            if done in kept:
                errors = run_errors(self.how.loss, self.targets, nets[-1], outs[-1])
                yield done, run_total(self.how.loss, errors)
            if done < rounds and not self.in_turn:
                self.update(self.inputs, self.targets, nets, outs)
            elif done < rounds:
                for x, t in self.in_turn:
                    self.update(x, t, *self.forward(x))

    def forward(self, inputs: Array) -> tuple[list[Array], list[Array]]:
        """Return the nets and the outs of each layer, shape (..., out)."""
        return run_forward(self.weights, self.biases, inputs, self.activations)

    def update(
        self, inputs: Array, targets: Array, nets: Sequence[Array], outs: Sequence[Array]
    ) -> None:
        """Move the parameters once.

        Args:
            inputs: shape (..., in).
            targets: shape (..., out).
            nets: of each layer in the forward pass, shape (..., out).
            outs: of each layer in the forward pass, shape (..., out).
        """
        deltas = run_backward(self.weights, nets, outs, targets, self.activations, self.how.loss)
        gradients = map(weight_gradient, self.weights, deltas, [inputs, *outs[:-1]])
        self.move(self.weights, gradients, self.velocities, self.rates[0])
        if self.how.biases != "frozen":
            gradients = map(_bias_gradient, self.biases, deltas, [self.how.biases] * len(deltas))
            self.move(self.biases, gradients, self.velocities[len(deltas) :], self.rates[1])

    def move(
        self,
        parameters: list[Array],
        gradients: Iterable[Array],
        velocities: list[Array],
        rate: Array,
    ) -> None:
        r"""Set $v$ to $m\,v + \partial E / \partial w$ and $w$ to $w - \eta\,v$, in place.

        A parameter, its gradient and its velocity have the same shape; the rate broadcasts to it.
        """
        momentum = self.how.momentum
        for k, gradient in enumerate(gradients):
            change = gradient
            if momentum:
                velocities[k] *= momentum
                velocities[k] += gradient
                change = velocities[k]
            parameters[k] -= rate * change

    @property
    def is_finite(self) -> bool:
        """Whether no parameter is infinite or NaN."""
        return all(np.isfinite(parameter).all() for parameter in self.weights + self.biases)

    @property
    def network(self) -> Network:
        """The networks as they are, with the leading axes that the caller knows."""
        weights, biases = self.weights, self.biases
        if self.added:
            weights, biases = [w[..., 0, :, :] for w in weights], [b[..., 0, :] for b in biases]
        return Network(weights, biases, self.activations)


def _first_overflow(run: _Run, rounds: int) -> str:
    """Return a message on what becomes infinite first in a run, and in which round."""
    learning = run.learn(rounds, range(rounds + 1))
    done, errors = next(learning)
    while run.is_finite and np.isfinite(errors).all():
        done, errors = next(learning)
    if not run.is_finite:
        what = f"learning_rate: one came that drives a weight to infinity in round {done}"
        return f"{what}, expected a smaller one"
    *network, sample = np.argwhere(~np.isfinite(errors))[0].tolist() or [0]
    where = f"sample {sample + 1}" + (f" of network {network}" if network else "")
    hint = "a smaller learning_rate" if done else "smaller weights, inputs or targets"
    return f"loss: {run.how.loss} is infinite at round {done} for {where}, expected {hint}"


def _bias_gradient(bias: Array, delta: Array, choice: BiasChoice) -> Array:
    """Return the derivative for each neuron's bias, shape (..., out), or for a shared one."""
    gradient = sum_to(bias, delta)
    return gradient.sum(axis=-1, keepdims=True) if choice == "shared" else gradient


def _laid_out(parameter: Array, lead: tuple[int, ...], own_axes: int) -> Array:
    """Return a parameter with a copy for each network, shape `lead` and then its own last axes.

    The networks are made neighbors in memory: NumPy then works along a thousand of them at a time,
    and not along two weights.
    """
    shape = parameter.shape[parameter.ndim - own_axes :]
    return np.array(np.broadcast_to(parameter, lead + shape), order="F" if lead else "C")


def _check_biases(biases: Sequence[Array], choice: BiasChoice) -> None:
    """Refuse biases, shape (..., out) a layer, that cannot learn as chosen."""
    if choice != "frozen" and not biases:
        raise ValueError(f"biases: {choice!r} came for a network without any, expected 'frozen'")
    for k, bias in enumerate(biases if choice == "shared" else ()):
        if (bias != bias[..., :1]).any():
            raise ValueError(
                f"biases: 'shared' came with unequal values in biases[{k}], "
                "expected one value for the whole layer"
            )


def _kept(keep: Iterable[int] | None, rounds: int) -> Sequence[int]:
    """Return the rounds to keep in rising order, each once."""
    if keep is None:
        return range(rounds + 1)
    wanted = arguments.sequence("keep", keep)
    kept = sorted({arguments.whole_number("keep", done) for done in wanted})
    if kept and kept[-1] > rounds:
        raise ValueError(f"keep: round {kept[-1]} came, expected 0 to {rounds}")
    return kept

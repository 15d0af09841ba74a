"""Every activation and every loss that fits, compared with independent judges.

These are an autodiff library, the complex step, arithmetic with fifty digits, and PyTorch where
it is installed. Each writes activations and losses down in its own way.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise, product
from typing import Any, NamedTuple, get_args

import autograd
import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from networks import Array, alone

from backprop import (
    Network,
    backward,
    central_differences,
    check_gradient,
    complex_step,
    forward,
    total_error,
    train,
)
from backprop.activations import ACTIVATIONS
from backprop.losses import LOSSES
from backprop.training import SampleChoice

HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]
PAIRS = [
    (last, loss)
    for last, loss in product(ACTIVATIONS, LOSSES)
    if (loss, last) in {("binary_cross_entropy", "logistic"), ("cross_entropy", "softmax")}
    or loss.endswith("squared")
]
COMBINATIONS = [(hidden, last, loss) for hidden in HIDDEN for last, loss in PAIRS]
EVERY = pytest.mark.parametrize(("hidden", "last", "loss"), COMBINATIONS)
SIZES = [[2, 3, 2], [2, 4, 3, 3], [3, 5, 5, 5, 5, 4]]


class Case(NamedTuple):
    """A network, and samples that it learns from."""

    network: Network
    inputs: Array
    targets: Array


def case(sizes: list[int], hidden: str, last: str, loss: str, samples: int = 16) -> Case:
    """Return random numbers with which each neuron's net is above 0 for some samples only."""
    rng = np.random.default_rng(sum(sizes))
    names = [hidden] * (len(sizes) - 2) + [last]
    weights = [rng.normal(size=(n, m)) / m**0.5 for m, n in pairwise(sizes)]
    inputs = rng.normal(size=(samples, sizes[0]))
    targets = rng.uniform(0.05, 0.95, (samples, sizes[-1]))
    if loss == "cross_entropy":
        targets /= targets.sum(axis=-1, keepdims=True)
    out, biases = inputs, []
    for weight, name in zip(weights, names, strict=True):
        ordered = np.sort(out @ weight.T, axis=0)
        biases.append(-(ordered[samples // 2 - 1] + ordered[samples // 2]) / 2)
        net = out @ weight.T + biases[-1]
        if name == "relu":  # on both sides of the kink, and farther from it than any step
            assert ((net > 0).any(axis=0) & (net < 0).any(axis=0)).all()
            assert abs(net).min() > 3e-5
        out = PLAIN[name](net)
    return Case(Network(weights, biases, names), inputs, targets)


PLAIN: dict[str, Callable[[Any], Any]] = {
    "logistic": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": lambda z: (anp.exp(z) - anp.exp(-z)) / (anp.exp(z) + anp.exp(-z)),
    "relu": lambda z: anp.where(z > 0, z, 0 * z),
    "linear": lambda z: 1 * z,
    "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z), axis=-1, keepdims=True),
}
PLAIN_LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared": lambda t, o: anp.sum((t - o) ** 2, axis=-1) / 2,
    "squared": lambda t, o: anp.sum((t - o) ** 2, axis=-1),
    "mean_squared": lambda t, o: anp.mean((t - o) ** 2, axis=-1),
    "binary_cross_entropy": lambda t, o: (
        -anp.sum(t * anp.log(o) + (1 - t) * anp.log(1 - o), axis=-1)
    ),
    "cross_entropy": lambda t, o: -anp.sum(t * anp.log(o), axis=-1),
}


def plain_errors(
    weights: Any, biases: Any, inputs: Array, targets: Array, names: Any, loss: str
) -> Any:
    """Return the error of each sample, in the language of the autodiff library."""
    out = inputs
    for k, (weight, name) in enumerate(zip(weights, names, strict=True)):
        out = PLAIN[name](anp.dot(out, weight.T) + (biases[k] if len(biases) else 0))
    return PLAIN_LOSSES[loss](targets, out)


def plain_gradient(c: Case, loss: str, reduce: Callable[[Any], Any] = anp.sum) -> Any:
    """Return the derivatives with respect to weights and to biases, by the autodiff library."""

    def error(weights: Any, biases: Any) -> Any:
        errors = plain_errors(weights, biases, c.inputs, c.targets, c.network.activations, loss)
        return reduce(errors)

    return autograd.grad(error, (0, 1))(list(c.network.weights), list(c.network.biases))


def assert_close(found: Any, expected: Any) -> None:
    """Compare arrays one by one, to some units in the last place of the largest entries."""
    for x, y in zip(found, expected, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-10, atol=1e-13 * max(1, abs(y).max()), strict=True)


@EVERY
def test_error_and_gradient_agree_with_an_autodiff_library(
    subtests: pytest.Subtests, hidden: str, last: str, loss: str
) -> None:
    for sizes in SIZES:
        with subtests.test(sizes=sizes):
            c = case(sizes, hidden, last, loss)
            start, names = (c.network.weights, c.network.biases), c.network.activations
            expected = plain_errors(*start, c.inputs, c.targets, names, loss)
            outs = forward(c.network, c.inputs).outs[-1]
            found = total_error(c.targets, outs, loss=loss)
            np.testing.assert_allclose(found, expected, rtol=1e-11)
            gradient = backward(*c, loss=loss)
            by_weights, by_biases = plain_gradient(c, loss)
            assert_close(gradient.weights, by_weights)
            assert_close(gradient.biases, by_biases)


@EVERY
def test_the_gradient_is_that_of_the_complex_step(hidden: str, last: str, loss: str) -> None:
    c = case([2, 3, 2], hidden, last, loss, samples=6)
    worst = check_gradient(*c, slope=complex_step(), loss=loss)
    assert worst.difference < 1e-11
    assert worst.kinks == ()
    assert check_gradient(*c, slope=central_differences(), loss=loss).difference < 1e-4


def exact_error(c: Case, parameters: list[Any], loss: str) -> Any:
    """Return the error of all samples, with the digits that mpmath is told to keep."""
    total = mpmath.mpf(0)
    for sample, targets in zip(c.inputs.tolist(), c.targets.tolist(), strict=True):
        rest, outs = iter(parameters), [mpmath.mpf(x) for x in sample]
        for weights, name in zip(c.network.weights, c.network.activations, strict=True):
            below, rows = outs, range(len(weights))
            nets = [mpmath.fsum([next(rest) * out for out in below] + [next(rest)]) for _ in rows]
            outs = exact_outs(name, nets)
        total += exact_loss(loss, targets, outs)
    return total


def exact_outs(name: str, nets: list[Any]) -> list[Any]:
    """Return the outputs of a layer."""
    powers = [mpmath.exp(net) for net in nets]
    match name:
        case "softmax":
            return [power / mpmath.fsum(powers) for power in powers]
        case "logistic":
            return [power / (power + 1) for power in powers]
        case "tanh":
            return [mpmath.tanh(net) for net in nets]
        case "relu":
            return [max(net, mpmath.mpf(0)) for net in nets]
    return nets


def exact_loss(loss: str, targets: list[float], outs: list[Any]) -> Any:
    """Return the error of a sample."""
    pairs = list(zip(map(mpmath.mpf, targets), outs, strict=True))
    match loss:
        case "cross_entropy":
            return -mpmath.fsum(t * mpmath.log(o) for t, o in pairs)
        case "binary_cross_entropy":
            return -mpmath.fsum(t * mpmath.log(o) + (1 - t) * mpmath.log(1 - o) for t, o in pairs)
    share = {"half_squared": 2, "squared": 1, "mean_squared": len(outs)}[loss]
    return mpmath.fsum((t - o) ** 2 for t, o in pairs) / share


def in_reading_order(weights: Any, biases: Any) -> Iterator[float]:
    """Yield the numbers of each neuron: the weights into it, and its bias."""
    for weight, bias in zip(weights, biases, strict=True):
        for row, own in zip(weight.tolist(), bias.tolist(), strict=True):
            yield from (*row, own)


@EVERY
def test_error_and_gradient_agree_with_fifty_digits(hidden: str, last: str, loss: str) -> None:
    c = case([2, 2, 2], hidden, last, loss, samples=4)
    gradient = backward(*c, loss=loss)
    found = list(in_reading_order(gradient.weights, gradient.biases))
    largest = max(map(abs, found))
    with mpmath.workdps(50):
        at = [mpmath.mpf(x) for x in in_reading_order(c.network.weights, c.network.biases)]
        for k, slope in enumerate(found):

            def error(x: Any, k: int = k) -> Any:
                return exact_error(c, [*at[:k], x, *at[k + 1 :]], loss)

            assert abs(mpmath.diff(error, at[k]) - slope) < 1e-14 * largest
        kept = train(*c, learning_rate=0.1, biases="frozen", rounds=0, loss=loss).errors[0]
        assert abs(kept / exact_error(c, at, loss) - 1) < 1e-14


OPTIONS = [*product(get_args(SampleChoice), [0.0, 0.9])]


def trained(c: Case, loss: str, samples: SampleChoice, momentum: float) -> Network:
    return train(
        *c,
        learning_rate=0.05,
        biases="per_neuron" if c.network.biases else "frozen",
        rounds=4,
        loss=loss,
        samples=samples,
        momentum=momentum,
    ).network


def batches(c: Case, samples: SampleChoice) -> Iterator[Case]:
    """Yield the samples of each update of a round."""
    if samples != "online":
        yield c
        return
    for x, t in zip(c.inputs, c.targets, strict=True):
        yield Case(c.network, x, t)


def without_biases(c: Case) -> Case:
    return c._replace(network=Network(c.network.weights, None, c.network.activations))


def plain_training(c: Case, loss: str, samples: SampleChoice, momentum: float) -> Network:
    """Train one network by the autodiff library's derivatives."""
    parameters = [*c.network.weights, *c.network.biases]
    depth, velocities = len(c.network.weights), [0 * p for p in parameters]
    for _ in range(4):
        for batch in batches(c, samples):
            network = Network(parameters[:depth], parameters[depth:], c.network.activations)
            reduce = anp.mean if samples == "mean" else anp.sum
            by_weights, by_biases = plain_gradient(batch._replace(network=network), loss, reduce)
            gradient = [*by_weights, *by_biases]
            velocities = [momentum * v + g for v, g in zip(velocities, gradient, strict=True)]
            parameters = [p - 0.05 * v for p, v in zip(parameters, velocities, strict=True)]
    return Network(parameters[:depth], parameters[depth:], c.network.activations)


@pytest.mark.parametrize(("last", "loss"), PAIRS)
def test_training_agrees_with_an_autodiff_library(
    subtests: pytest.Subtests, last: str, loss: str
) -> None:
    with_biases = case([2, 3, 2], "tanh", last, loss, samples=5)
    for c, (samples, momentum) in product((with_biases, without_biases(with_biases)), OPTIONS):
        with subtests.test(biases=bool(c.network.biases), samples=samples, momentum=momentum):
            found = trained(c, loss, samples, momentum)
            expected = plain_training(c, loss, samples, momentum)
            assert_close(found.weights + found.biases, expected.weights + expected.biases)


@EVERY
def test_training_agrees_with_pytorch(
    subtests: pytest.Subtests, hidden: str, last: str, loss: str
) -> None:
    torch = pytest.importorskip("torch")
    c = case([2, 3, 2], hidden, last, loss, samples=5)
    for samples, momentum in OPTIONS:
        with subtests.test(samples=samples, momentum=momentum):
            found = trained(c, loss, samples, momentum)
            expected = torch_training(torch, c, loss, samples, momentum)
            assert_close(found.weights + found.biases, expected)


def torch_training(
    torch: Any, c: Case, loss: str, samples: SampleChoice, momentum: float
) -> list[Array]:
    """Train one network by PyTorch's own activations, losses and SGD."""
    functional = torch.nn.functional
    activations = {
        "logistic": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "linear": lambda net: net,
        "softmax": lambda net: torch.softmax(net, -1),
    }

    def error(parameters: list[Any], inputs: Array, targets: Array) -> Any:
        out, t = torch.tensor(inputs).reshape(-1, inputs.shape[-1]), torch.tensor(targets)
        t = t.reshape(-1, targets.shape[-1])
        depth = len(parameters) // 2
        for weight, bias, name in zip(
            parameters[:depth], parameters[depth:], c.network.activations, strict=True
        ):
            net = functional.linear(out, weight, bias)
            out = activations[name](net)
        rows = len(t)
        squared = functional.mse_loss(out, t, reduction="sum")
        sums = {
            "half_squared": lambda: squared / 2,
            "squared": lambda: squared,
            "mean_squared": lambda: functional.mse_loss(out, t, reduction="mean") * rows,
            "binary_cross_entropy": lambda: functional.binary_cross_entropy_with_logits(
                net, t, reduction="sum"
            ),
            "cross_entropy": lambda: functional.cross_entropy(net, t, reduction="sum"),
        }
        return sums[loss]() / (rows if samples == "mean" else 1)

    parameters = [torch.tensor(p, requires_grad=True) for p in c.network.weights + c.network.biases]
    optimizer = torch.optim.SGD(parameters, lr=0.05, momentum=momentum)
    for _ in range(4):
        for batch in batches(c, samples):
            optimizer.zero_grad()
            error(parameters, batch.inputs, batch.targets).backward()
            optimizer.step()
    return [p.detach().numpy() for p in parameters]


@pytest.mark.parametrize(
    ("networks", "shared"), [((7,), True), ((7, 1), True), ((7,), False), ((3, 7), True)]
)
def test_many_networks_train_online_as_if_each_were_alone(
    networks: tuple[int, ...], *, shared: bool
) -> None:
    rng = np.random.default_rng(3)
    sizes, lead = [2, 3, 2], networks[:-1] if networks[-1] == 1 else networks
    network = Network(
        [rng.normal(size=(*networks, n, m)) for m, n in pairwise(sizes)],
        [rng.normal(size=(*networks, n)) for n in sizes[1:]],
        ["tanh", "logistic"],
    )
    axes = () if shared else lead
    inputs, targets = rng.normal(size=(*axes, 4, 2)), rng.uniform(size=(*axes, 4, 2))
    together = train(
        network,
        inputs,
        targets,
        learning_rate=0.3,
        biases="per_neuron",
        rounds=3,
        samples="online",
        momentum=0.5,
    )
    assert together.network.leading == networks
    assert together.errors.shape == (4, *networks)
    for index in np.ndindex(networks):
        own = index[: len(axes)]
        single = train(
            alone(network, index),
            inputs[own],
            targets[own],
            learning_rate=0.3,
            biases="per_neuron",
            rounds=3,
            samples="online",
            momentum=0.5,
        )
        assert_close(alone(together.network, index).weights, single.network.weights)
        np.testing.assert_allclose(together.errors[(slice(None), *index)], single.errors)

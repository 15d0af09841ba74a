"""How fast the package trains, beside its peers: `pytest -n0 tests/benchmarks`.

Every peer takes the same rounds from the same start in float64, on one thread,
and has to arrive at the same weights.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from backprop import LECTURE, Network, train
from backprop.arguments import Array

X, T, RATE = LECTURE.inputs, LECTURE.targets, LECTURE.learning_rate
NETWORKS = 1_000
ROUNDS = 200
BATCHES = 50

one = pytest.mark.benchmark(group="one 2-2-2 network", warmup=True, min_rounds=10)
many = pytest.mark.benchmark(group="1,000 networks of 2-2-2", warmup=True, min_rounds=10)
wide = pytest.mark.benchmark(group="784-128-10, batch of 256", warmup=True, min_rounds=10)


USUAL = ("logistic", "logistic", "half_squared")
KINDS = (  # each activation, and each loss, beside those of the lesson
    ("tanh", "tanh", "squared"),
    ("relu", "linear", "mean_squared"),
    ("tanh", "logistic", "binary_cross_entropy"),
    ("relu", "softmax", "cross_entropy"),
)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=" ".join)


def trained(network: Network, loss: str = USUAL[-1]) -> Network:
    how: dict[str, Any] = {"learning_rate": RATE, "biases": "frozen", "rounds": ROUNDS}
    return train(network, X, T, keep=(), loss=loss, **how).network


def single(kind: Sequence[str]) -> Network:
    return Network(LECTURE.network.weights, LECTURE.network.biases, kind[:-1])


def thousand(kind: Sequence[str] = USUAL) -> Network:
    random = np.random.default_rng(1)
    weights = random.normal(size=(2, NETWORKS, 2, 2))
    biases = random.normal(size=(2, NETWORKS, 2))
    return Network(tuple(weights), tuple(biases), kind[:-1])


def assert_same(weights: Any, expected: Network) -> None:
    for ours, theirs in zip(expected.weights, weights, strict=True):
        np.testing.assert_allclose(np.asarray(theirs), ours, rtol=1e-9, atol=1e-12)


@pytest.fixture
def torch() -> Any:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    return torch


@one
def test_backprop_one(measure: Any) -> None:
    measure.extra_info["work"] = ROUNDS
    measure(trained, LECTURE.network)


@one
def test_micrograd_one(measure: Any) -> None:
    engine = pytest.importorskip("micrograd.engine")

    def logistic(net: Any) -> Any:
        """Give micrograd the activation that it lacks, in the style of its relu."""
        out = engine.Value(1 / (1 + np.exp(-net.data).item()), (net,), "logistic")

        def backward() -> None:
            net.grad += out.data * (1 - out.data) * out.grad

        out._backward = backward  # noqa: SLF001
        return out

    def run() -> Any:
        layers = [
            [[engine.Value(w) for w in row] for row in weights.tolist()]
            for weights in LECTURE.network.weights
        ]
        parameters = [w for layer in layers for row in layer for w in row]
        biases = [bias.tolist() for bias in LECTURE.network.biases]
        for _ in range(ROUNDS):
            outs = X.tolist()
            for layer, bias in zip(layers, biases, strict=True):
                outs = [
                    logistic(sum((w * o for w, o in zip(row, outs, strict=True)), b))
                    for row, b in zip(layer, bias, strict=True)
                ]
            error = sum((o - t) ** 2 * 0.5 for o, t in zip(outs, T.tolist(), strict=True))
            for w in parameters:
                w.grad = 0
            error.backward()
            for w in parameters:
                w.data -= RATE * w.grad
        return [[[w.data for w in row] for row in layer] for layer in layers]

    measure.extra_info["work"] = ROUNDS
    assert_same(measure(run), trained(LECTURE.network))


def torch_error(torch: Any, loss: str, t: Any, net: Any, out: Any) -> Any:
    """Return the error of all outputs by PyTorch, the cross-entropies from the net inputs."""
    if loss == "cross_entropy":
        return -(t * torch.log_softmax(net, -2)).sum()
    if loss == "binary_cross_entropy":
        entropy = torch.nn.functional.binary_cross_entropy_with_logits
        return entropy(net, t.expand_as(net), reduction="sum")
    factor = {"half_squared": 0.5, "squared": 1.0, "mean_squared": 1 / len(t)}[loss]
    return factor * ((t - out) ** 2).sum()


def torch_sgd(
    torch: Any, network: Network, inputs: Array, targets: Array, loss: str = USUAL[-1]
) -> Any:
    """Return a run of `ROUNDS` updates by PyTorch's autograd and its SGD."""
    x, t = torch.tensor(inputs), torch.tensor(targets)
    biases = [torch.tensor(b)[..., None] for b in network.biases]
    by_name = {
        "logistic": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "linear": lambda net: net,
        "softmax": lambda net: torch.softmax(net, -2),
    }
    activations = [by_name[name] for name in network.activations]

    def run() -> Any:
        weights = [torch.tensor(w, requires_grad=True) for w in network.weights]
        optimizer = torch.optim.SGD(weights, lr=RATE)
        for _ in range(ROUNDS):
            out = x[:, None]
            for weight, bias, activation in zip(weights, biases, activations, strict=True):
                net = weight @ out + bias
                out = activation(net)
            error = torch_error(torch, loss, t[:, None], net, out)
            optimizer.zero_grad()
            error.backward()
            optimizer.step()
        return [w.detach() for w in weights]

    return run


@one
def test_torch_one(measure: Any, torch: Any) -> None:
    measure.extra_info["work"] = ROUNDS
    weights = measure(torch_sgd(torch, LECTURE.network, X, T))
    assert_same(weights, trained(LECTURE.network))


@many
def test_backprop_many(measure: Any) -> None:
    measure.extra_info["work"] = ROUNDS * NETWORKS
    measure(trained, thousand())


@many
def test_torch_batched_many(measure: Any, torch: Any) -> None:
    """Matrix products over the leading axis."""
    measure.extra_info["work"] = ROUNDS * NETWORKS
    assert_same(measure(torch_sgd(torch, thousand(), X, T)), trained(thousand()))


@many
def test_torch_networks_last_many(measure: Any, torch: Any) -> None:
    """Sums over the inputs, the networks along the last axis, as in memory they are fastest."""
    network = thousand()
    x, t = torch.tensor(X)[None, :, None], torch.tensor(T)[:, None]
    biases = [torch.tensor(b.T.copy()) for b in network.biases]

    def run() -> Any:
        weights = [
            torch.tensor(w.transpose(1, 2, 0).copy(), requires_grad=True) for w in network.weights
        ]
        optimizer = torch.optim.SGD(weights, lr=RATE)
        for _ in range(ROUNDS):
            out = torch.sigmoid((weights[0] * x).sum(1) + biases[0])
            out = torch.sigmoid((weights[1] * out).sum(1) + biases[1])
            error = 0.5 * ((t - out) ** 2).sum()
            optimizer.zero_grad()
            error.backward()
            optimizer.step()
        return [w.detach().permute(2, 0, 1) for w in weights]

    measure.extra_info["work"] = ROUNDS * NETWORKS
    assert_same(measure(run), trained(network))


@many
def test_torch_vmap_many(measure: Any, torch: Any) -> None:
    network = thousand()
    x, t = torch.tensor(X), torch.tensor(T)
    biases = [torch.tensor(b) for b in network.biases]

    def error(weights: Any, biases: Any) -> Any:
        out = x
        for weight, bias in zip(weights, biases, strict=True):
            out = torch.sigmoid(weight @ out + bias)
        return 0.5 * ((t - out) ** 2).sum()

    gradient = torch.func.vmap(torch.func.grad(error))

    def run() -> Any:
        weights = [torch.tensor(w) for w in network.weights]
        for _ in range(ROUNDS):
            derivatives = gradient(weights, biases)
            weights = [w - RATE * d for w, d in zip(weights, derivatives, strict=True)]
        return weights

    measure.extra_info["work"] = ROUNDS * NETWORKS
    assert_same(measure(run), trained(network))


@every_kind
@pytest.mark.parametrize("networks", [1, NETWORKS])
@pytest.mark.parametrize("by", ["backprop", "torch"])
def test_kinds(
    measure: Any, request: pytest.FixtureRequest, by: str, kind: Any, networks: int
) -> None:
    """Train networks of other activations and losses, one or a thousand at once."""
    measure.group = f"{networks:,} x 2-2-2, {' '.join(kind)}"
    measure.extra_info["work"] = ROUNDS * networks
    network, loss = single(kind) if networks == 1 else thousand(kind), kind[-1]
    if by == "backprop":
        measure(trained, network, loss)
        return
    run = torch_sgd(request.getfixturevalue("torch"), network, X, T, loss)
    assert_same(measure(run), trained(network, loss))


def digits() -> tuple[Network, Array, Array]:
    """Return a network and a batch of the size that digit images call for."""
    random = np.random.default_rng(1)
    weights = (random.normal(size=(128, 784)) / 28, random.normal(size=(10, 128)) / 11)
    inputs, targets = random.uniform(size=(256, 784)), random.uniform(size=(256, 10))
    return Network(weights, (0.0, 0.0)), inputs, targets


@wide
def test_backprop_wide(measure: Any) -> None:
    network, inputs, targets = digits()
    measure.extra_info["work"] = BATCHES
    measure(
        train,
        network,
        inputs,
        targets,
        learning_rate=0.001,
        biases="per_neuron",
        rounds=BATCHES,
        keep=(),
    )


@wide
def test_matrix_products_wide(measure: Any) -> None:
    """The products that no implementation can do without: two forward, three backward."""
    network, inputs, targets = digits()
    first, last = network.weights
    hidden = np.random.default_rng(1).uniform(size=(256, 128))

    def run() -> None:
        for _ in range(BATCHES):
            _ = inputs @ first.T
            _ = hidden @ last.T
            _ = targets @ last
            _ = targets.T @ hidden
            _ = hidden.T @ inputs

    measure.extra_info["work"] = BATCHES
    measure(run)

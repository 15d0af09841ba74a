"""What the tests of several modules share: random networks, and an independent judge."""

from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple, SupportsFloat

import autograd
import autograd.numpy as anp
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from backprop import BiasChoice, Example, Gradient, Network, Training, train
from backprop.gradient import run_backward, weight_gradient
from backprop.network import run_forward

Array = npt.NDArray[Any]
SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=5)
SEEDS = st.integers(0, 2**32 - 1)


class Case(NamedTuple):
    """A network with what it learns from."""

    network: Network
    inputs: Array
    targets: Array


def case(
    sizes: list[int],
    seed: int,
    networks: tuple[int, ...] = (),
    samples: tuple[int, ...] = (),
) -> Case:
    """Return random networks, of moderate weights, and samples for them."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> Array:
        return rng.uniform(-1.5, 1.5, shape)

    return Case(
        Network(
            [numbers(*networks, n, m) for m, n in pairwise(sizes)],
            [numbers(*networks, n) for n in sizes[1:]],
        ),
        numbers(*samples, sizes[0]),
        numbers(*samples, sizes[-1]),
    )


CASES = st.builds(case, SIZES, SEEDS)
SAMPLED_CASES = st.builds(case, SIZES, SEEDS, samples=st.sampled_from([(), (1,), (3,), (2, 3)]))


def learned(example: Example, rounds: int, biases: BiasChoice = "frozen", **how: Any) -> Training:
    """Train an example, at its own learning rate unless another is given."""
    how = {"learning_rate": example.learning_rate, **how}
    sample = example.inputs, example.targets
    return train(example.network, *sample, biases=biases, rounds=rounds, **how)


def one_value_a_layer(network: Network) -> Network:
    """Return the network with the first bias of each layer in the place of all."""
    return Network(network.weights, [b[..., :1] + np.zeros_like(b) for b in network.biases])


def alone(network: Network, index: tuple[int, ...]) -> Network:
    """Return one of the networks that lie along the leading axes."""
    return Network(
        [w[index] for w in network.weights], [b[index] for b in network.biases], network.activations
    )


def same_network(a: Network, b: Network, rtol: float = 1e-13) -> None:
    """Compare the parameters of two networks."""
    for x, y in zip(a.weights + a.biases, b.weights + b.biases, strict=True):
        np.testing.assert_allclose(x, y, rtol=rtol, atol=1e-15, strict=True)


def rounds_to(value: SupportsFloat, printed: str) -> bool:
    """Tell whether `printed` is the correct rounding of a value, to its own digits."""
    return Decimal(repr(float(value))).quantize(Decimal(printed)) == Decimal(printed)


def judge_error(weights: list[Array], biases: list[Array], inputs: Array, targets: Array) -> Any:
    """Return the error of one network in the language of the autodiff library.

    A bias is one number or one number a neuron, as it comes.
    """
    out = inputs
    for weight, bias in zip(weights, biases, strict=True):
        out = 1 / (1 + anp.exp(-(anp.dot(out, weight.T) + bias)))
    return anp.sum((targets - out) ** 2) / 2


judge_gradient = autograd.grad(judge_error, (0, 1))


def judge_training(  # one network, as plainly as can be
    network: Network, inputs: Array, targets: Array, rate: float, rounds: int, choice: BiasChoice
) -> Network:
    """Train one network by the autodiff library's derivatives."""
    weights, biases = list(network.weights), list(network.biases)
    if choice == "shared":
        biases = [bias[0] for bias in biases]
    for _ in range(rounds):
        by_weights, by_biases = judge_gradient(weights, biases, inputs, targets)
        weights = [w - rate * d for w, d in zip(weights, by_weights, strict=True)]
        if choice != "frozen":
            biases = [b - rate * d for b, d in zip(biases, by_biases, strict=True)]
    return Network(weights, biases)


def magnitudes(network: Network, inputs: Array, targets: Array) -> Gradient:
    """Return, for each derivative, the sum of the sizes of what it is added up from.

    Where contributions cancel, rounding leaves an error in proportion to
    these and not to what is left.
    """
    nets, outs = run_forward(network.weights, network.biases, inputs, network.activations)
    weights = [abs(w) for w in network.weights]
    against = -abs(targets)  # |target| + out
    deltas = run_backward(weights, nets, outs, against, network.activations, "half_squared")
    below = [abs(inputs), *outs[:-1]]
    return Gradient(
        tuple(deltas),
        tuple(map(weight_gradient, weights, deltas, below)),
        tuple(d.reshape(-1, d.shape[-1]).sum(axis=0) for d in deltas),
    )

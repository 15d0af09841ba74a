from collections.abc import Callable
from tracemalloc import get_traced_memory, start, stop
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from networks import (
    CASES,
    SAMPLED_CASES,
    SEEDS,
    SIZES,
    Array,
    Case,
    alone,
    case,
    judge_gradient,
    magnitudes,
)

from backprop import LECTURE, Gradient, Network, backward
from backprop.gradient import weight_gradient
from backprop.losses import LOSSES
from backprop.network import run_forward


def same_gradient(found: Gradient, expected: Gradient) -> None:
    for x, y in zip(found.weights + found.biases, expected.weights + expected.biases, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-15, strict=True)


@given(SAMPLED_CASES)
def test_gradient_agrees_with_an_autodiff_library(c: Case) -> None:
    found = backward(*c)
    expected = judge_gradient(c.network.weights, c.network.biases, c.inputs, c.targets)
    noise = magnitudes(*c)
    for part, judged in zip(("weights", "biases"), expected, strict=True):
        for x, y, size in zip(getattr(found, part), judged, getattr(noise, part), strict=True):
            assert x.shape == y.shape
            # To 1e-10 of each component itself; what cancels leaves its rounding behind.
            assert (abs(x - y) <= 1e-10 * abs(y) + 1e-14 * size).all()


@given(CASES)
def test_delta_is_the_slope_of_the_error_along_net(c: Case) -> None:
    def error(k: int, j: int, h: complex) -> complex:
        """Return the error with net j of layer k moved by h, which a bias does as well."""
        biases = [b.astype(complex) for b in c.network.biases]
        biases[k][j] += h
        _, outs = run_forward(c.network.weights, biases, c.inputs, c.network.activations)
        return complex(LOSSES["half_squared"].errors(c.targets, outs[-1]).sum())

    for k, delta in enumerate(backward(*c).deltas):
        slopes = [error(k, j, 1e-100j).imag / 1e-100 for j in range(len(delta))]
        np.testing.assert_allclose(delta, slopes, rtol=1e-10, atol=1e-15)


@given(SIZES, SEEDS)
def test_each_network_learns_as_if_alone(sizes: list[int], seed: int) -> None:
    network, inputs, targets = case(sizes, seed, networks=(2, 3), samples=(2, 3))
    together = backward(network, inputs, targets)
    for at in np.ndindex(2, 3):
        expected = backward(alone(network, at), inputs[at], targets[at])
        same_gradient(
            Gradient(
                tuple(d[at] for d in together.deltas),
                tuple(d[at] for d in together.weights),
                tuple(d[at] for d in together.biases),
            ),
            expected,
        )


@pytest.mark.parametrize(
    ("networks", "samples"),
    [
        ((), (4,)),  # one network, all samples
        ((), (3, 4)),
        ((1,), (4,)),
        ((5, 1), (4,)),  # each network, all samples
        ((5, 1), (1, 4)),
        ((5, 1), (5, 4)),  # each network, samples of its own
        ((5, 1, 1), (3, 4)),
        ((1, 5), (3, 1)),
        ((5,), (1,)),
        ((5,), ()),
    ],
)
def test_samples_of_one_network_add_up(networks: tuple[int, ...], samples: tuple[int, ...]) -> None:
    network, inputs, targets = case([3, 2, 4], 7, networks, samples)
    together = backward(network, inputs, targets)
    lead = np.broadcast_shapes(networks, samples)

    def spread(x: Array, axes: int) -> Array:
        return np.broadcast_to(x, lead + x.shape[x.ndim - axes :])

    weights = [np.zeros_like(w) for w in network.weights]
    biases = [np.zeros_like(b) for b in network.biases]
    for at in np.ndindex(lead):
        single = Network(
            [spread(w, 2)[at] for w in network.weights], [spread(b, 1)[at] for b in network.biases]
        )
        gradient = backward(single, spread(inputs, 1)[at], spread(targets, 1)[at])
        # The place of this network: index 0 along the axes that it shares with others.
        own = tuple(
            0 if size == 1 else k
            for k, size in zip(at[len(lead) - len(networks) :], networks, strict=True)
        )
        for total, part in zip(weights + biases, gradient.weights + gradient.biases, strict=True):
            total[own] += part
    same_gradient(together, Gradient((), tuple(weights), tuple(biases)))


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("part", ["weights", "biases"])
def test_one_layer_may_differ_between_networks_that_share_the_rest(part: str, at: int) -> None:
    shared, inputs, targets = case([2, 3, 1, 2], 3)
    parameters = {"weights": list(shared.weights), "biases": list(shared.biases)}
    own = parameters[part][at] + np.arange(5.0).reshape(5, *[1] * parameters[part][at].ndim)
    parameters[part][at] = own
    together = backward(Network(parameters["weights"], parameters["biases"]), inputs, targets)

    singles = []
    for k in range(5):
        parameters[part][at] = own[k]
        singles.append(
            backward(Network(parameters["weights"], parameters["biases"]), inputs, targets)
        )
    for kind in ("weights", "biases"):
        for layer, found in enumerate(getattr(together, kind)):
            each = np.array([getattr(single, kind)[layer] for single in singles])
            expected = each if (kind, layer) == (part, at) else each.sum(axis=0)
            np.testing.assert_allclose(found, expected, rtol=1e-12, strict=True)


def test_no_array_holds_a_product_for_each_sample() -> None:
    network, inputs, targets = case([30, 30], 0, networks=(2, 1), samples=(2000,))
    below, delta = inputs + np.zeros((2, 1, 1)), targets + np.zeros((2, 1, 1))

    start()
    weight_gradient(network.weights[0], delta, below)
    _, peak = get_traced_memory()
    stop()
    assert peak < 2 * 2000 * 30 * 30 * 8 / 100


@pytest.mark.parametrize("dtype", [np.float32, np.longdouble])
def test_the_floating_type_is_kept(dtype: type) -> None:
    network, inputs, targets = case([2, 3, 2], 5)
    other = Network(
        [w.astype(dtype) for w in network.weights], [b.astype(dtype) for b in network.biases]
    )
    found = backward(other, inputs.astype(dtype), targets.astype(dtype))
    expected = backward(network, inputs, targets)
    for x, y in zip(found.weights + found.biases, expected.weights + expected.biases, strict=True):
        assert x.dtype == dtype
        np.testing.assert_allclose(x, y, rtol=2e-5)


def test_the_gradient_does_not_change_with_its_arguments() -> None:
    inputs, targets = LECTURE.inputs.copy(), LECTURE.targets.copy()
    gradient = backward(LECTURE.network, inputs, targets)
    np.testing.assert_array_equal(inputs, LECTURE.inputs)
    np.testing.assert_array_equal(targets, LECTURE.targets)
    inputs[:] = targets[:] = 9
    same_gradient(gradient, backward(LECTURE.network, LECTURE.inputs, LECTURE.targets))


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "message"),
    [
        (
            backward,
            ([[1]], [1], [1]),
            TypeError,
            "network: [[1]] (list) came, expected a Network",
        ),
        (
            backward,
            (LECTURE.network, [1, 2, 3], [1, 2]),
            ValueError,
            "inputs: shape (3,) came, expected (..., 2)",
        ),
        (
            backward,
            (LECTURE.network, [1, 2], [1]),
            ValueError,
            "targets: shape (1,) came, expected (..., 2)",
        ),
        (
            backward,
            (LECTURE.network, [1, 2], [1, np.inf]),
            ValueError,
            "targets: inf came, expected finite numbers",
        ),
        (
            backward,
            (LECTURE.network, np.ones((3, 2)), np.ones((4, 2))),
            ValueError,
            (
                "leading axes that do not broadcast together came: "
                "network (), inputs (3,), targets (4,); "
                "expected equal axes, or 1 where one value serves all"
            ),
        ),
    ],
)
def test_bad_input_is_named(
    function: Callable[..., object], arguments: tuple[Any, ...], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        function(*arguments)
    assert str(caught.value) == message

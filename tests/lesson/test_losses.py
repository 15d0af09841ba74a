"""Activations and losses at the ends of their ranges, and what input of the wrong kind gets."""

from collections.abc import Callable
from typing import Any, cast

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop import (
    Network,
    backward,
    central_differences,
    check_gradient,
    complex_step,
    forward,
    output_errors,
    step,
    total_error,
    train,
)
from backprop.activations import ACTIVATIONS, Activation, run_logistic
from backprop.losses import LOSSES, logistic_surprise, softmax_surprise

FITTING = [
    (name, loss)
    for name in ACTIVATIONS
    for loss, entry in LOSSES.items()
    if entry.activation is None or entry.activation[0] == name
]


def one_layer(net: float, activation: str) -> Network:
    """Return a network of two outputs whose nets are a number and its opposite."""
    return Network([[[net], [-net]]], None, activation)


def test_these_pairs_fit() -> None:
    assert len(FITTING) == 5 * 3 + 2
    assert {("logistic", "binary_cross_entropy"), ("softmax", "cross_entropy")} < {*FITTING}


@pytest.mark.parametrize(("activation", "loss"), FITTING)
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("net", [1000.0, -1000.0, 40.0])
def test_nothing_overflows_far_from_zero(
    net: float, target: float, activation: str, loss: str
) -> None:
    network, targets = one_layer(net, activation), [target, 1 - target]
    with np.errstate(all="raise", under="ignore"):
        gradient = backward(network, [1.0], targets, loss=loss)
        training = train(
            network, [1.0], targets, learning_rate=1e-3, biases="frozen", rounds=2, loss=loss
        )
    assert np.isfinite(gradient.weights[0]).all()
    assert np.isfinite(training.errors).all()
    if loss.endswith("entropy"):  # where the right answer has a share of 0, each nat of net costs
        share = 2 * (1 - target if net > 0 else target)
        np.testing.assert_allclose(training.errors[0], share * abs(net), rtol=1e-12, atol=1e-15)


@given(st.floats(-1000, 1000))
def test_surprise_is_right_to_the_last_digits(z: float) -> None:
    with mpmath.workdps(900):
        expected = mpmath.log(1 + mpmath.exp(-mpmath.mpf(z)))
        for found in (logistic_surprise(np.array([z]))[0], softmax_surprise(np.array([z, 0.0]))[0]):
            assert abs(mpmath.mpf(float(found)) - expected) <= 4e-16 * expected + mpmath.mpf(5e-324)


def test_softmax_sums_to_one_and_does_not_see_a_shift() -> None:
    network = Network([[[1.0], [2.0], [-1.0]]], [[0.0, 1.0, 2.0]], "softmax")
    out = forward(network, [0.5]).outs[0]
    assert out.sum() == pytest.approx(1, rel=1e-15)
    shifted = forward(Network(network.weights, [[700.0, 701.0, 702.0]], "softmax"), [0.5]).outs[0]
    np.testing.assert_allclose(shifted, out, rtol=1e-12)


def test_the_slope_of_relu_at_its_kink_is_zero() -> None:
    network = Network([[[0.0]], [[1.0]]], None, ["relu", "linear"])
    assert backward(network, [1.0], [1.0]).deltas[0] == 0
    assert backward(Network([[[1e-300]], [[1.0]]], None, ["relu", "linear"]), [1.0], [1.0]).deltas[
        0
    ] == pytest.approx(-1)


@pytest.mark.parametrize(
    ("loss", "targets", "outs", "expected"),
    [
        ("half_squared", [0, 1], [1, 0], 1.0),
        ("squared", [0, 1], [1, 0], 2.0),
        ("mean_squared", [0, 1], [1, 0], 1.0),
        ("binary_cross_entropy", [0, 1], [0, 1], 0.0),
        ("binary_cross_entropy", [0, 1], [0, 0], np.inf),
        ("binary_cross_entropy", [0.5, 1], [1, 1], np.inf),
        ("cross_entropy", [0, 1], [0, 1], 0.0),
        ("cross_entropy", [0, 1], [1, 0], np.inf),
        ("cross_entropy", [0.5, 0.5], [0.5, 0.5], np.log(2)),
    ],
)
def test_an_output_of_exactly_0_or_1(
    loss: str, targets: list[float], outs: list[float], expected: float
) -> None:
    found = total_error(targets, outs, loss=loss)
    assert found == pytest.approx(expected)
    assert not np.signbit(found)
    errors = output_errors(targets, outs, loss=loss)
    assert (errors.mean() if loss == "mean_squared" else errors.sum()) == found


def test_a_network_without_biases() -> None:
    network = Network([[[0.5, -1.0]], [[2.0]]], None)
    zero = Network(network.weights, [0, 0])
    assert network.biases == ()
    assert Network(network.weights, network.biases).biases == ()
    x, t = [[1.0, 2.0], [0.0, 1.0]], [[1.0], [0.0]]
    np.testing.assert_array_equal(forward(network, x).outs[-1], forward(zero, x).outs[-1])
    gradient = backward(network, x, t)
    np.testing.assert_array_equal(gradient.weights[0], backward(zero, x, t).weights[0])
    assert gradient.biases == ()
    moved = step(network, x, t, learning_rate=0.5, biases="frozen")
    assert moved.biases == ()
    worst = check_gradient(network, x, t, slope=complex_step())
    assert worst.difference < 1e-12


def test_a_network_keeps_its_activations() -> None:
    network = Network([[[1.0]], [[1.0], [2.0]]], None, ("tanh", "softmax"))
    assert network.activations == ("tanh", "softmax")
    after = step(
        network, [1.0], [0.0, 1.0], learning_rate=0.1, biases="frozen", loss="cross_entropy"
    )
    assert after.activations == network.activations
    assert Network([[[1.0]], [[1.0]]], [0, 0]).activations == ("logistic", "logistic")
    assert Network([[[1.0]], [[1.0]]], [0, 0], "relu").activations == ("relu", "relu")


def test_an_entry_is_all_that_another_activation_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    softplus = Activation(
        lambda net: np.log1p(np.exp(net)), lambda by_out, net, _out: by_out * run_logistic(net)
    )
    monkeypatch.setitem(ACTIVATIONS, "softplus", softplus)
    network = Network([[[0.5], [-1.0]], [[1.0, 2.0]]], [0.1, 0.2], ("softplus", "linear"))
    assert check_gradient(network, [0.7], [0.3], slope=complex_step()).difference < 1e-13


TWO = Network([[[1.0], [2.0]]], None)
HUGE = Network([[[1e150]], [[1e150]]], None, "linear")
LARGE = Network([[[1e200]]], None, "linear")
SOFT = Network([[[1.0], [2.0]]], None, "softmax")
RIGHT = "expected one of half_squared, squared, mean_squared, binary_cross_entropy, cross_entropy"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            lambda: Network([[[1]]], None, "sigmoid"),
            (
                "activations: 'sigmoid' (str) came, "
                "expected one of logistic, tanh, relu, linear, softmax"
            ),
        ),
        (
            lambda: Network([[[1]]], None, cast("Any", [1])),
            "activations: 1 (int) came, expected one of",
        ),
        (
            lambda: Network([[[1]]], None, cast("Any", None)),
            "activations: None (NoneType) came, expected a seq",
        ),
        (
            lambda: Network([[[1]]], None, ["tanh"] * 2),
            "activations: 2 came, expected 1, one for each layer of weights",
        ),
        (
            lambda: Network([[[1]], [[1]]], None, "softmax"),
            "activations: softmax, softmax came, expected softmax in the last layer only",
        ),
        (lambda: total_error([1], [1], loss="mse"), f"loss: 'mse' (str) came, {RIGHT}"),
        (lambda: backward(TWO, [1], [0, 1], loss="mse"), f"loss: 'mse' (str) came, {RIGHT}"),
        (
            lambda: backward(TWO, [1], [0, 1], loss="cross_entropy"),
            (
                "loss: cross_entropy came with a last layer of logistic, expected a last layer "
                "of softmax, since cross_entropy takes the outputs for probabilities that sum to 1"
            ),
        ),
        (
            lambda: backward(SOFT, [1], [0, 1], loss="binary_cross_entropy"),
            (
                "loss: binary_cross_entropy came with a last layer of softmax, expected a last "
                "layer of logistic, since binary_cross_entropy takes each output for a "
                "probability of its own"
            ),
        ),
        (
            lambda: backward(TWO, [1], [[0.0, 1.0], [0.5, 1.5]], loss="binary_cross_entropy"),
            "targets[1, 1]: 1.5 came, expected 0 to 1, as binary_cross_entropy wants",
        ),
        (
            lambda: backward(SOFT, [[1], [2]], [[0.0, 1.0], [0.5, 0.25]], loss="cross_entropy"),
            "targets[1]: a sum of 0.75 came, expected 1, as cross_entropy wants",
        ),
        (
            lambda: total_error([0.5, 0.25], [0.5, 0.5], loss="cross_entropy"),
            "targets: a sum of 0.75 came, expected 1, as cross_entropy wants",
        ),
        (
            lambda: total_error([0.5, -0.5], [0.5, 0.5], loss="cross_entropy"),
            "targets[1]: -0.5 came, expected 0 to 1, as cross_entropy wants",
        ),
        (
            lambda: total_error([0, 1], [0.5, 1.5], loss="binary_cross_entropy"),
            "outs[1]: 1.5 came, expected 0 to 1, as binary_cross_entropy wants",
        ),
        (
            lambda: forward(Network([[[1e308, 1e308]]], None), [1, 1]),
            "network: a net input is too large for a float, expected smaller numbers",
        ),
        (
            lambda: backward(Network([[[1e308, 1e308]]], None), [1, 1], [1]),
            "network: a net input is too large for a float, expected smaller numbers",
        ),
        (
            lambda: backward(HUGE, [1e5], [0]),
            "network: a derivative is too large for a float, expected smaller numbers",
        ),
        (
            lambda: output_errors([1e200], [-1e200], loss="squared"),
            "outs: an error is too large for a float, expected smaller numbers",
        ),
        (
            lambda: total_error([1e154] * 9, [0.0] * 9),
            "outs: an error is too large for a float, expected smaller numbers",
        ),
        (
            lambda: check_gradient(HUGE, [1e5], [0], slope=complex_step()),
            "network: a derivative is too large for a float, expected smaller numbers",
        ),
        (
            lambda: check_gradient(LARGE, [1], [0], slope=central_differences()),
            "slope of w1: nan came, expected finite numbers",
        ),
        (
            lambda: check_gradient(TWO, [1], [0, 1], slope=cast("Any", lambda _error, _x: None)),
            "slope of w1: None (NoneType) came, expected real numbers, as int or float",
        ),
    ],
)
def test_bad_input_is_named(function: Callable[[], Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        function()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("number", [3, 7, 10, 1000])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_targets_that_sum_to_one_but_for_rounding_are_taken(number: int, kind: Any) -> None:
    targets = np.full(number, 1 / number, kind)
    assert np.isfinite(total_error(targets, targets, loss="cross_entropy"))


@pytest.mark.parametrize(("activation", "loss"), FITTING)
@pytest.mark.parametrize("samples", ["sum", "mean", "online"])
def test_float32_stays_float32(samples: Any, activation: str, loss: str) -> None:
    single = np.float32
    network = Network(
        [np.array([[0.5], [-0.25]], single)], [np.array([0.1, 0.2], single)], activation
    )
    training = train(
        network,
        np.array([[1.0], [0.5]], single),
        np.array([[0.25, 0.75], [1.0, 0.0]], single),
        learning_rate=0.1,
        biases="per_neuron",
        rounds=2,
        loss=loss,
        samples=samples,
        momentum=0.5,
    )
    assert training.errors.dtype == single
    assert {p.dtype for p in training.network.weights + training.network.biases} == {
        np.dtype(single)
    }

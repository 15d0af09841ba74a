import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from networks import CASES, SEEDS, SIZES, Array, Case, alone, case

from backprop import LECTURE, Network, forward, logistic, output_errors, total_error

BELOW = np.finfo(float).smallest_subnormal


def exact_logistic(z: Any) -> Any:
    with mpmath.workdps(60):
        return 1 / (1 + mpmath.exp(-mpmath.mpmathify(z)))


@given(st.floats(-800, 800))
@example(-745.13)  # half of the smallest subnormal number
@example(-744.4)
@example(-708.5)  # subnormal from here on down
@example(-708.3)
@example(-40.0)
@example(0.0)
@example(BELOW)
@example(36.7)
@example(37.5)
def test_logistic_is_right_to_a_few_units_in_the_last_place(z: float) -> None:
    expected = float(exact_logistic(z))
    assert abs(logistic(z) - expected) <= 3 * np.spacing(expected)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_logistic_keeps_the_floating_type_and_its_precision(dtype: type[np.floating[Any]]) -> None:
    z = np.array([-11.5, -3.25, -0.5, 0, 0.5, 3.25, 11.5], dtype)
    out = logistic(z)
    assert out.dtype == dtype
    for x, found in zip(z, out, strict=True):
        with mpmath.workdps(60):
            expected = exact_logistic(float(x))
            error = mpmath.mpf(str(found)) / expected - 1  # str keeps a long double's digits
        assert abs(error) <= 3 * float(np.finfo(dtype).eps)


@pytest.mark.parametrize("z", [1e6, 1e308, np.finfo(np.longdouble).max, np.float32(1e38)])
def test_logistic_neither_overflows_nor_warns(z: Any) -> None:
    with np.errstate(all="raise", under="ignore"):  # e^-z may well become 0
        assert logistic(z) == 1
        assert logistic(-z) == 0


@given(st.complex_numbers(max_magnitude=30))
@example(1e-100j)
@example(-1e-100j)
@example(2 + 1e-100j)
@example(-2 - 1e-100j)
def test_logistic_continues_into_the_complex_plane(z: complex) -> None:
    with mpmath.workdps(60):
        if abs(1 + mpmath.exp(-mpmath.mpc(z))) < 1e-3:  # near a pole
            return
    expected = exact_logistic(z)
    found = complex(logistic(z))
    assert abs(found - complex(expected)) <= 1e-12 * abs(complex(expected))
    if abs(z.imag) == 1e-100:  # the complex step reads the imaginary part alone
        assert math.isclose(found.imag, float(expected.imag), rel_tol=1e-15)


@pytest.mark.parametrize("kind", [int, np.int8, np.uint8, np.uint64])
def test_logistic_of_a_whole_number(kind: Callable[[int], Any]) -> None:
    assert logistic(kind(5)) == logistic(5.0)


@given(CASES)
def test_forward_is_the_weighted_sums_and_their_logistic(c: Case) -> None:
    activations = forward(c.network, c.inputs)
    out = c.inputs.tolist()
    np.testing.assert_array_equal(activations.inputs, out)
    layers = zip(c.network.weights, c.network.biases, strict=True)
    for k, (weights, biases) in enumerate(layers):
        net = [
            sum(w * o for w, o in zip(row, out, strict=True)) + b
            for row, b in zip(weights.tolist(), biases.tolist(), strict=True)
        ]
        out = [1 / (1 + math.exp(-z)) for z in net]
        np.testing.assert_allclose(activations.nets[k], net, rtol=1e-13, atol=1e-15, strict=True)
        np.testing.assert_allclose(activations.outs[k], out, rtol=1e-13, strict=True)


@given(SIZES, SEEDS)
def test_each_network_sees_each_sample_as_if_alone(sizes: list[int], seed: int) -> None:
    network, inputs, _ = case(sizes, seed, networks=(3, 1), samples=(4,))
    outs = forward(network, inputs).outs[-1]
    assert outs.shape == (3, 4, sizes[-1])
    for p, n in np.ndindex(3, 4):
        expected = forward(alone(network, (p, 0)), inputs[n]).outs[-1]
        np.testing.assert_allclose(outs[p, n], expected, rtol=1e-13, strict=True)


@given(CASES)
def test_error_is_half_the_sum_of_squares(c: Case) -> None:
    outs = forward(c.network, c.inputs).outs[-1]
    expected = [(t - o) ** 2 / 2 for t, o in zip(c.targets, outs, strict=True)]
    np.testing.assert_allclose(output_errors(c.targets, outs), expected, rtol=1e-15)
    np.testing.assert_allclose(total_error(c.targets, outs), math.fsum(expected), rtol=1e-14)


def test_errors_broadcast() -> None:
    outs, targets = np.arange(6.0).reshape(3, 1, 2), np.ones((4, 2))
    assert output_errors(targets, outs).shape == (3, 4, 2)
    assert total_error(targets, outs).tolist() == [[0.5] * 4, [2.5] * 4, [12.5] * 4]


def test_two_outputs_make_half_the_sum_of_squares_an_average() -> None:
    outs = forward(LECTURE.network, LECTURE.inputs).outs[-1]
    average = np.mean((LECTURE.targets - outs) ** 2)
    assert math.isclose(total_error(LECTURE.targets, outs), average, rel_tol=1e-15)
    three = np.array([0.1, 0.2, 0.4])
    assert not math.isclose(total_error(three, 0 * three), np.mean(three**2), rel_tol=0.1)


def test_network_knows_its_shape() -> None:
    network = case([3, 4, 1, 2], seed=0, networks=(5, 1)).network
    assert network.sizes == (3, 4, 1, 2)
    assert network.leading == (5, 1)
    assert LECTURE.network.leading == ()


def test_one_number_serves_as_the_bias_of_a_whole_layer() -> None:
    network = Network([np.ones((3, 2)), np.ones((4, 1, 3))], [0.5, 2])
    assert [b.tolist() for b in network.biases] == [[0.5] * 3, [2.0]]


def test_network_is_its_own_and_cannot_be_written() -> None:
    weights, bias, inputs = np.ones((2, 2)), np.ones(2), np.ones(2)
    network = Network([weights], [bias])
    activations = forward(network, inputs)
    for mine in (weights, bias, inputs):
        mine[...] = 9
    assert network.weights[0].max() == network.biases[0].max() == activations.inputs.max() == 1
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0][0, 0] = 9
    with pytest.raises(AttributeError):
        network.weights = ()  # type: ignore[misc]


ONE = Network([[[1.0, 2.0]]], [0.0])


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "message"),
    [
        (logistic, ("big",), TypeError, "net: 'big' (str) came"),
        (logistic, (None,), TypeError, "net: None (NoneType) came"),
        (logistic, ([1, np.nan],), ValueError, "net: nan came"),
        (logistic, ([[1], [1, 2]],), ValueError, "net: rows of different lengths came"),
        (Network, ([], []), ValueError, "weights: no layer came, expected at least one"),
        (Network, ("w", [0]), TypeError, "weights: 'w' (str) came"),
        (Network, (None, [0]), TypeError, "weights: None (NoneType) came"),
        (
            Network,
            ([[1, 2]], [0]),
            ValueError,
            "weights[0]: shape (2,) came, expected (..., out, in)",
        ),
        (Network, ([[[]]], [0]), ValueError, "weights[0]: nothing came, shape (1, 0)"),
        (Network, ([[[1, "a"]]], [0]), TypeError, "weights[0]: [[1, 'a']] (list) came"),
        (Network, ([[[1, 2], [3]]], [0]), ValueError, "weights[0]: rows of different"),
        (Network, ([[[1]], [[np.inf]]], [0, 0]), ValueError, "weights[1]: inf came"),
        (
            Network,
            ([np.ones((3, 2)), np.ones((2, 2))], [0, 0]),
            ValueError,
            (
                "weights[1]: shape (2, 2) came, expected (..., out, 3), "
                "since the layer below has 3 outputs"
            ),
        ),
        (
            Network,
            ([np.ones((3, 2))], [0, 0]),
            ValueError,
            "biases: 2 came, expected 1, one for each layer of weights",
        ),
        (
            Network,
            ([np.ones((3, 2))], [[0, 0]]),
            ValueError,
            "biases[0]: shape (2,) came, expected (..., 3)",
        ),
        (Network, ([[[1]]], [np.nan]), ValueError, "biases[0]: nan came"),
        (
            Network,
            ([np.ones((5, 1, 1)), np.ones((4, 1, 1))], [0, 0]),
            ValueError,
            (
                "leading axes that do not broadcast together came: "
                "weights[0] (5,), weights[1] (4,), biases[0] (), biases[1] ()"
            ),
        ),
        (forward, (None, [1]), TypeError, "network: None (NoneType) came"),
        (forward, (ONE, [1]), ValueError, "inputs: shape (1,) came, expected (..., 2)"),
        (forward, (ONE, 1), ValueError, "inputs: shape () came, expected (..., 2)"),
        (forward, (ONE, [1, np.nan]), ValueError, "inputs: nan came"),
        (forward, (ONE, [1, True, "a"]), TypeError, "inputs: [1, True, 'a'] (list) came"),
        (
            forward,
            (Network([np.ones((5, 1, 2))], [0]), np.ones((4, 2))),
            ValueError,
            "leading axes that do not broadcast together came: network (5,), inputs (4,)",
        ),
        (total_error, (0.01, 0.75), ValueError, "outs: shape () came, expected (..., n)"),
        (total_error, ([1], [1, 2]), ValueError, "targets: shape (1,) came, expected (..., 2)"),
        (output_errors, ([1, None], [1, 2]), TypeError, "targets: [1, None] (list) came"),
        (
            output_errors,
            (np.ones((5, 1)), np.ones((4, 1))),
            ValueError,
            "leading axes that do not broadcast together came: targets (5,), outs (4,)",
        ),
    ],
)
def test_bad_input_is_named(
    function: Callable[..., object], arguments: tuple[Any, ...], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        function(*arguments)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_results_do_not_depend_on_memory_layout() -> None:
    network, inputs, _ = case([3, 4, 2], seed=1, networks=(6,), samples=(6,))
    turned = Network([np.asfortranarray(w) for w in network.weights], network.biases)

    def last(of: Network, x: Array) -> Array:
        return forward(of, x).outs[-1]

    np.testing.assert_allclose(
        last(turned, np.asfortranarray(inputs)), last(network, inputs), rtol=1e-14
    )

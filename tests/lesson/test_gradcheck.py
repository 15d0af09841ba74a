from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from networks import SAMPLED_CASES, SEEDS, SIZES, Array, Case, case, magnitudes

from backprop import (
    LECTURE,
    Gradient,
    GradientCheck,
    Network,
    backward,
    central_differences,
    check_gradient,
    complex_step,
    forward,
)
from backprop.gradcheck import Slope

COMPLEX = complex_step()
NONE: Any = ([None, 1], [1, 1])
GRADIENT = backward(LECTURE.network, LECTURE.inputs, LECTURE.targets)
ROADS = pytest.mark.parametrize("slope", [central_differences(), complex_step()])


def checked(inputs: Any, targets: Any, gradient: Any = None, slope: Any = COMPLEX) -> GradientCheck:
    return check_gradient(LECTURE.network, inputs, targets, slope=slope, gradient=gradient)


def lecture(gradient: Any, slope: Any = COMPLEX) -> GradientCheck:
    return checked(LECTURE.inputs, LECTURE.targets, gradient, slope)


def changed(part: str, layer: int, at: tuple[int, ...], value: float) -> Gradient:
    """Return the lecture's gradient with one component replaced."""
    arrays = [array.copy() for array in getattr(GRADIENT, part)]
    arrays[layer][at] = value
    return replace(GRADIENT, **{part: tuple(arrays)})


def flat(gradient: Gradient) -> Array:
    """Return all components, in the order in which they are checked."""
    return np.concatenate([d.ravel() for d in gradient.weights + gradient.biases])


def slopes(c: Case, slope: Slope) -> Array:
    """Return the derivatives that `check_gradient` finds on its own."""
    found = []

    def overheard(f: Callable[[complex], complex], x: float) -> float:
        found.append(slope(f, x))
        return found[-1]

    check_gradient(*c, slope=overheard)
    return np.array(found)


@given(SAMPLED_CASES)
def test_the_complex_step_agrees_to_the_last_digits(c: Case) -> None:
    found, expected = slopes(c, complex_step()), flat(backward(*c))
    # What cancels keeps the rounding of what it was added up from.
    assert (abs(found - expected) <= 1e-13 * abs(expected) + 1e-15 * flat(magnitudes(*c))).all()


@given(SAMPLED_CASES)
def test_central_differences_agree_to_some_digits(c: Case) -> None:
    # The error is of order 1 and is rounded at 1e-16; the step of 1e-5 makes 1e-11 of that.
    found, expected = slopes(c, central_differences()), flat(backward(*c))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


@given(SAMPLED_CASES)
def test_the_worst_component_is_reported(c: Case) -> None:
    found, expected = flat(backward(*c)), slopes(c, complex_step())
    worst = check_gradient(*c, slope=complex_step())
    differences = abs(found - expected) / np.maximum(abs(found), abs(expected))
    assert worst.difference == differences.max()
    at = differences.argmax()
    assert (worst.found, worst.expected) == (found[at], expected[at])


@ROADS
def test_the_right_gradient_passes(slope: Any) -> None:
    assert lecture(None, slope).difference < 1e-6
    assert lecture(GRADIENT, slope) == lecture(None, slope)


PLACES = {
    **{
        f"w{1 + 4 * layer + 2 * row + column}": ("weights", layer, (row, column))
        for layer, row, column in np.ndindex(2, 2, 2)
    },
    **{f"b{layer + 1}_{row + 1}": ("biases", layer, (row,)) for layer, row in np.ndindex(2, 2)},
}


@ROADS
@pytest.mark.parametrize("name", PLACES)
def test_a_wrong_sign_is_caught_by_name(name: str, slope: Any) -> None:
    part, layer, at = PLACES[name]
    right = float(getattr(GRADIENT, part)[layer][at])
    worst = lecture(changed(part, layer, at, -right), slope)
    assert worst.name == name
    assert worst.found == -right
    np.testing.assert_allclose(worst.expected, right, rtol=1e-6)
    np.testing.assert_allclose(worst.difference, 2, rtol=1e-6)


@ROADS
def test_swapped_hidden_neurons_are_caught(slope: Any) -> None:
    out_h1, out_h2 = forward(LECTURE.network, LECTURE.inputs).outs[0]
    right = GRADIENT.weights[1]
    wrong = replace(GRADIENT, weights=(GRADIENT.weights[0], right[:, ::-1]))
    worst = lecture(wrong, slope)
    assert worst.name in {"w5", "w6", "w7", "w8"}
    np.testing.assert_allclose(worst.difference, 1 - out_h1 / out_h2, rtol=1e-6)


@ROADS
def test_new_output_weights_in_the_hidden_layer_are_caught(slope: Any) -> None:
    output = LECTURE.network.weights[1] - LECTURE.learning_rate * GRADIENT.weights[1]
    out = forward(LECTURE.network, LECTURE.inputs).outs[0]
    delta = output.T @ GRADIENT.deltas[1] * out * (1 - out)
    wrong = replace(GRADIENT, weights=(np.outer(delta, LECTURE.inputs), GRADIENT.weights[1]))
    worst = lecture(wrong, slope)
    assert worst.name in {"w1", "w2"}  # both off by one factor, the larger one in neuron h1
    assert worst.difference > 0.01


def test_a_gradient_of_zero_agrees_with_zero() -> None:
    network = Network([[[0.0]]], [0.0])  # its answer is 0.5, whatever comes
    worst = check_gradient(network, [1.0], [0.5], slope=complex_step())
    assert (worst.expected, worst.found, worst.difference) == (0, 0, 0)


@settings(max_examples=15)
@given(SIZES, SEEDS)
def test_every_parameter_has_its_name(sizes: list[int], seed: int) -> None:
    c = case(sizes, seed)
    gradient = backward(*c)
    names = []
    for part in ("weights", "biases"):
        for layer, array in enumerate(getattr(gradient, part)):
            for at in np.ndindex(array.shape):
                arrays = [a.copy() for a in getattr(gradient, part)]
                arrays[layer][at] = -array[at] or 1.0
                wrong = replace(gradient, **{part: tuple(arrays)})
                names.append(check_gradient(*c, slope=complex_step(), gradient=wrong).name)
    count = sum(m * n for m, n in pairwise(sizes))
    assert names == [
        *(f"w{k + 1}" for k in range(count)),
        *(f"b{k + 1}_{j + 1}" for k, width in enumerate(sizes[1:]) for j in range(width)),
    ]


@pytest.mark.parametrize(
    ("part", "layer", "at", "name"),
    [("weights", 1, (2, 0, 1, 0), "(2, 0) w10"), ("biases", 0, (0, 1, 2), "(0, 1) b1_3")],
)
def test_one_of_many_networks_is_named(
    part: str, layer: int, at: tuple[int, ...], name: str
) -> None:
    c = case([2, 3, 2], 4, networks=(3, 2), samples=(2,))
    gradient = backward(*c)
    assert check_gradient(*c, slope=complex_step()).difference < 1e-12
    getattr(gradient, part)[layer][at] *= -1
    worst = check_gradient(*c, slope=complex_step(), gradient=gradient)
    assert worst.name == name


@ROADS
def test_a_float32_network_is_checked_in_double_precision(slope: Any) -> None:
    def single(arrays: tuple[Array, ...]) -> list[Array]:
        return [array.astype(np.float32) for array in arrays]

    network = Network(single(LECTURE.network.weights), single(LECTURE.network.biases))
    x, t = single((LECTURE.inputs, LECTURE.targets))
    assert check_gradient(network, x, t, slope=slope).difference < 1e-5


@pytest.mark.parametrize("road", [central_differences, complex_step])
@pytest.mark.parametrize(
    ("step", "kind", "message"),
    [
        (0, ValueError, "step: 0.0 came, expected a number above 0"),
        (-1e-5, ValueError, "step: -1e-05 came, expected a number above 0"),
        (np.nan, ValueError, "step: nan came, expected finite numbers"),
        ([1e-5], ValueError, "step: shape (1,) came, expected a single number"),
        ("1", TypeError, "step: '1' (str) came, expected real numbers, as int or float"),
    ],
)
def test_a_bad_step_is_named(
    road: Callable[[Any], object], step: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        road(step)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "message"),
    [
        (
            lecture,
            (changed("weights", 1, (0, 1), np.nan),),
            ValueError,
            "gradient.weights[1]: nan came, expected finite numbers",
        ),
        (
            lecture,
            (replace(GRADIENT, biases=NONE),),
            TypeError,
            "gradient.biases[0]: [None, 1] (list) came, expected real numbers, as int or float",
        ),
        (
            lecture,
            (replace(GRADIENT, weights=GRADIENT.weights[:1]),),
            ValueError,
            (
                "gradient: shapes [(2, 2), (2,), (2,)] came, "
                "expected those of the network, [(2, 2), (2, 2), (2,), (2,)]"
            ),
        ),
        (lecture, ([1, 2],), TypeError, "gradient: [1, 2] (list) came, expected a Gradient"),
        (checked, ([1], [1]), ValueError, "inputs: shape (1,) came, expected (..., 2)"),
        (checked, ([1, 2], [1, np.inf]), ValueError, "targets: inf came, expected finite numbers"),
        (
            lecture,
            (GRADIENT, "complex"),
            TypeError,
            "slope: 'complex' came, expected central_differences() or complex_step()",
        ),
    ],
)
def test_bad_input_is_named(
    function: Callable[..., object], arguments: tuple[Any, ...], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        function(*arguments)
    assert str(caught.value) == message


RELUS = ["relu", "linear"]


@pytest.mark.parametrize(
    ("weight", "slope", "kinks"),
    [
        (1e-7, central_differences(), ("w1", "b1_1")),  # from both sides
        (1e-7, central_differences(1e-9), ()),
        (1e-7, complex_step(), ()),
        (-1e-7, central_differences(), ("w1", "b1_1")),
        (0.0, central_differences(), ("w1", "b1_1")),
        (0.0, complex_step(), ("w1", "b1_1")),  # one step up from the kink itself
        (0.5, central_differences(), ()),
    ],
)
def test_a_difference_across_a_kink_is_named_and_not_compared(
    weight: float, slope: Slope, kinks: tuple[str, ...]
) -> None:
    network = Network([[[weight]], [[1.0], [2.0]]], [0.0, 0.3], RELUS)
    worst = check_gradient(network, [1.0], [0.5, 0.25], slope=slope)
    assert worst.kinks == kinks
    assert worst.name not in kinks
    assert abs(worst.found - worst.expected) < 1e-8


def test_a_wrong_component_is_found_beside_one_across_a_kink() -> None:
    network = Network([[[1e-7]], [[1.0], [2.0]]], [0.0, 0.3], RELUS)
    gradient = backward(network, [1.0], [0.5, 0.25])
    gradient.weights[1][1, 0] *= 1.001
    worst = check_gradient(
        network, [1.0], [0.5, 0.25], slope=central_differences(), gradient=gradient
    )
    assert (worst.name, worst.kinks) == ("w3", ("w1", "b1_1"))


def test_where_every_difference_is_across_a_kink_the_worst_of_them_is_named() -> None:
    network = Network([[[1e-7]]], [0.0], "relu")
    worst = check_gradient(network, [1.0], [0.5], slope=central_differences())
    assert worst.kinks == ("w1", "b1_1")
    assert worst.name in worst.kinks
    assert worst.difference > 0.4


def test_a_dead_neuron_is_on_no_kink() -> None:
    network = Network([[[-1.0]], [[1.0]], [[1.0]]], None, ["relu", "relu", "linear"])
    worst = check_gradient(network, [1.0], [0.5], slope=central_differences())
    assert worst.kinks == ()
    assert worst.difference == 0

"""Numbers that remember agree with the backward pass, with the graph and with a library."""

import doctest
import math
import operator
from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import CASES, Array, Case, judge_gradient, magnitudes

from backprop import EXAMPLES, autodiff, backward, total_error
from backprop import forward as forward_pass
from backprop.autodiff import Scalar, backpropagate, exp, tape
from backprop.pages.included import code
from backprop.symbolic.graph import Graph

NUMBERS = st.floats(-3, 3).filter(lambda x: abs(x) > 0.1)


def scalars(array: Array) -> Any:
    """Return an array as nested lists of `Scalar`."""
    return [*map(scalars, array)] if array.ndim else Scalar(float(array))


def grads(nested: Any) -> Any:
    """Return the `grad` of each, in the same nesting."""
    return [*map(grads, nested)] if isinstance(nested, list) else nested.grad


def traced(c: Case) -> tuple[Scalar, Any, Any, list[Scalar]]:
    """Return the error of a network with all that it was computed from."""
    weights, biases = ([*map(scalars, p)] for p in (c.network.weights, c.network.biases))
    inputs = scalars(c.inputs)
    outs = inputs
    for weight, bias in zip(weights, biases, strict=True):
        nets = [
            sum((w * out for w, out in zip(row, outs, strict=True)), b)
            for row, b in zip(weight, bias, strict=True)
        ]
        outs = [1 / (1 + exp(-net)) for net in nets]
    misses = [float(t) - out for t, out in zip(c.targets, outs, strict=True)]
    return sum((miss * miss / 2 for miss in misses), Scalar(0.0)), weights, biases, inputs


@given(CASES)
def test_a_network_has_the_gradient_of_the_backward_pass(c: Case) -> None:
    error, weights, biases, _ = traced(c)
    backpropagate(error)
    expected = total_error(c.targets, forward_pass(c.network, c.inputs).outs[-1])
    np.testing.assert_allclose(error.value, expected, rtol=1e-13)
    gradient, sizes = backward(*c), magnitudes(*c)
    for part, found in (("weights", weights), ("biases", biases)):
        rows = zip(found, getattr(gradient, part), getattr(sizes, part), strict=True)
        for mine, theirs, size in rows:
            # What cancels keeps the rounding of what it was added up from.
            assert (abs(grads(mine) - theirs) <= 1e-13 * abs(theirs) + 1e-15 * size).all()


@given(CASES)
def test_a_network_has_the_gradient_of_an_autodiff_library(c: Case) -> None:
    error, weights, biases, _ = traced(c)
    backpropagate(error)
    by_weights, by_biases = judge_gradient([*c.network.weights], [*c.network.biases], *c[1:])
    sizes = magnitudes(*c)
    pairs = zip(
        [*weights, *biases],
        [*by_weights, *by_biases],
        [*sizes.weights, *sizes.biases],
        strict=True,
    )
    for mine, theirs, size in pairs:
        assert (abs(grads(mine) - theirs) <= 1e-13 * abs(theirs) + 1e-15 * size).all()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_a_worked_example_has_the_derivatives_of_its_graph(example: Any) -> None:
    c = Case(example.network, example.inputs, example.targets)
    error, weights, biases, inputs = traced(c)
    backpropagate(error)
    graph = Graph.of(example)
    found = {
        **{f"w{k}": w for k, w in enumerate((w for layer in weights for r in layer for w in r), 1)},
        **{f"i{k}": i for k, i in enumerate(inputs, 1)},
    }
    assert len(found) == 10
    for name, number in found.items():
        assert number.grad == pytest.approx(float(graph.derivative("E_total", name)), rel=1e-14)
    for k, layer in enumerate(biases, 1):
        shared = sum(bias.grad for bias in layer)
        assert shared == pytest.approx(float(graph.derivative("E_total", f"b{k}")), rel=1e-14)


@pytest.mark.parametrize(
    "operation",
    [operator.add, operator.sub, operator.mul, operator.truediv],
    ids=lambda f: f.__name__,
)
@given(u=NUMBERS, v=NUMBERS)
def test_each_operation_has_its_slopes(
    operation: Callable[[Any, Any], Any], u: float, v: float
) -> None:
    expected = [float(autograd.grad(operation, k)(u, v)) for k in (0, 1)]
    x, y = Scalar(u), Scalar(v)
    result = operation(x, y)
    backpropagate(result)
    assert result.value == pytest.approx(operation(u, v), rel=1e-15)
    assert [x.grad, y.grad] == pytest.approx(expected, rel=1e-14)
    for number, mixed in ((x, operation(x, v)), (y, operation(u, y))):
        backpropagate(mixed)
        assert mixed.value == result.value
        assert number.grad == pytest.approx(expected[number is y], rel=1e-14)


@given(NUMBERS)
def test_functions_of_one_number_have_their_slopes(u: float) -> None:
    for mine, theirs in (
        (exp, anp.exp),
        (operator.neg, operator.neg),
        (lambda x: x * x * x, lambda x: x**3),  # a parent may come more than once
        (lambda x: 1 / (1 + exp(-x)), lambda x: 1 / (1 + anp.exp(-x))),
    ):
        x = Scalar(u)
        result = mine(x)
        backpropagate(result)
        assert result.value == pytest.approx(theirs(u), rel=1e-15)
        assert x.grad == pytest.approx(autograd.grad(theirs)(u), rel=1e-12)


def test_the_tape_holds_each_number_once_after_its_parents() -> None:
    u, v, other = Scalar(2.0), Scalar(3.0), Scalar(5.0)
    product = u * v
    result = product + u
    _ = product * other  # not behind the result
    assert tape(result) == [u, v, product, result]


def test_two_ways_to_a_number_add_up() -> None:
    u = Scalar(3.0)
    left, right = 2 * u, 5 * u
    result = left * right
    backpropagate(result)
    assert (left.grad, right.grad, u.grad) == (15, 6, 60)


def test_a_second_walk_forgets_the_first() -> None:
    u = Scalar(3.0)
    square = u * u
    result = 2 * square
    for _ in range(2):
        backpropagate(result)
        assert (result.grad, square.grad, u.grad) == (1, 2, 12)
    backpropagate(square)
    assert (square.grad, u.grad) == (1, 6)


def test_a_given_alone_is_its_own_result() -> None:
    u = Scalar(3.0)
    backpropagate(u)
    assert (u.grad, u.parents, tape(u)) == (1, (), [u])


def test_a_long_computation_needs_no_deep_stack() -> None:
    u = Scalar(1.0)
    result: Scalar = sum((u for _ in range(100_000)), Scalar(0.0))
    backpropagate(result)
    assert u.grad == 100_000


def test_what_has_no_value_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        _ = 1 / Scalar(0.0)
    with pytest.raises(OverflowError):
        exp(Scalar(1000.0))
    assert exp(Scalar(-1000.0)).value == 0
    assert math.isnan((Scalar(math.inf) - math.inf).value)


def test_the_example_in_the_module_is_right() -> None:
    failed, tried = doctest.testmod(autodiff)
    assert (failed, tried > 0) == (0, True)


def test_it_is_as_short_as_the_pages_say() -> None:
    blocks = (code("autodiff Scalar scalar exp"), code("autodiff tape backpropagate"))
    lines = [line.strip() for block in blocks for line in block.split("\n")]
    own = [line for line in lines if line and not line.startswith(('"""', "```", "import", "from"))]
    assert 45 <= len(own) <= 55  # "some fifty lines"

"""Without a switch a rule is backpropagation; the slip is not, and gives its known figures."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from networks import CASES, SAMPLED_CASES, Case, case, same_network

from backprop import (
    LECTURE,
    BiasChoice,
    Network,
    backward,
    forward,
    step,
    total_error,
    train_with_new_output_weights,
)
from backprop.variants.rounds import Rule, State, run_rule


def error(network: Network) -> float:
    outs = forward(network, LECTURE.inputs).outs[-1]
    return float(total_error(LECTURE.targets, outs))


def trained(rounds: Any, learning_rate: Any = LECTURE.learning_rate) -> Network:
    sample = LECTURE.inputs, LECTURE.targets
    return train_with_new_output_weights(LECTURE.network, *sample, learning_rate=learning_rate, rounds=rounds)


def test_no_round_changes_nothing() -> None:
    assert error(trained(0)) == error(LECTURE.network)


def test_the_widely_copied_error() -> None:
    assert error(trained(1)) == pytest.approx(0.291027924, abs=5e-10)
    assert error(trained(1)) != pytest.approx(0.291027774, abs=5e-10)


def test_the_widely_copied_outputs() -> None:
    outs = forward(trained(10_000), LECTURE.inputs).outs[-1]
    np.testing.assert_allclose(outs, [0.015912196, 0.984065734], atol=5e-10)


def test_only_the_last_layer_follows_the_gradient() -> None:
    gradient = backward(LECTURE.network, LECTURE.inputs, LECTURE.targets).weights
    steps = [
        (before - after) / LECTURE.learning_rate
        for before, after in zip(LECTURE.network.weights, trained(1).weights, strict=True)
    ]
    np.testing.assert_allclose(steps[1], gradient[1], rtol=1e-12)
    assert not np.allclose(steps[0], gradient[0], rtol=1e-3)
    np.testing.assert_array_equal(trained(1).biases[0], LECTURE.network.biases[0])


@pytest.mark.parametrize(
    ("rounds", "learning_rate", "error"),
    [(-1, 0.5, ValueError), (1.5, 0.5, TypeError), (1, "a", TypeError)],
)
def test_arguments(rounds: Any, learning_rate: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        trained(rounds, learning_rate)


def after_one_round(c: Case, rule: Rule, rate: float = 0.5) -> State:
    states = run_rule(rule, *c, np.asarray(rate))
    next(states)
    return next(states)


@given(SAMPLED_CASES)
def test_without_a_switch_it_is_backpropagation(c: Case) -> None:
    state = after_one_round(c, Rule(learn=True), 0.1)
    expected = step(*c, learning_rate=0.1, biases="per_neuron")
    same_network(Network(state.weights, state.biases), expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("rule", "biases"), [(Rule(), "frozen"), (Rule(learn=True, share=True), "shared")]
)
def test_the_biases_are_those_of_train(rule: Rule, biases: BiasChoice) -> None:
    c = Case(LECTURE.network, LECTURE.inputs, LECTURE.targets)
    state = after_one_round(c, rule)
    same_network(Network(state.weights, state.biases), step(*c, learning_rate=0.5, biases=biases))


@given(CASES)
def test_the_slip_is_a_step_in_which_the_last_layer_has_gone_ahead(c: Case) -> None:
    """Layer by layer, each with the layers above it as they will be."""
    found = train_with_new_output_weights(*c, learning_rate=0.5, rounds=1)
    ahead = list(c.network.weights)
    deltas = list(backward(*c).deltas)
    outs = [c.inputs, *forward(c.network, c.inputs).outs]
    for layer in reversed(range(len(ahead))):
        ahead[layer] = ahead[layer] - 0.5 * np.outer(deltas[layer], outs[layer])
        if layer:
            out = outs[layer]
            deltas[layer - 1] = (ahead[layer].T @ deltas[layer]) * out * (1 - out)
    same_network(found, Network(ahead, c.network.biases), rtol=1e-12)


@given(CASES)
def test_the_slip_is_that_of_the_rule(c: Case) -> None:
    found = train_with_new_output_weights(*c, learning_rate=0.5, rounds=3)
    states = run_rule(Rule(new_weights=True), *c, np.array(0.5))
    *_, state = (state for state, _ in zip(states, range(4), strict=False))
    same_network(found, Network(state.weights, state.biases), rtol=1e-12)


def test_rules_side_by_side_are_each_by_itself() -> None:
    rules = [
        Rule(),
        Rule(learn=True, share=True, turned=True),
        Rule(new_weights=True, one_path=True, slope=2.0),
        Rule(flat=True, twice=True, sign=1.0, only_last=True, error=3.0),
    ]
    rates = np.array([[0.1], [0.2], [0.3], [0.4]])
    # Turned weights need layers that are as wide as the one below.
    square = case([2, 2, 2], 1, networks=(4,), samples=(4,))
    states = run_rule(Rule.side_by_side(rules), *square, rates)
    next(states)
    together = next(states)
    for k, rule in enumerate(rules):
        alone = Network(
            [w[k] for w in square.network.weights], [b[k] for b in square.network.biases]
        )
        c = Case(alone, square.inputs[k], square.targets[k])
        state = after_one_round(c, rule, rates[k, 0])
        same_network(
            Network(state.weights, state.biases),
            Network([w[k] for w in together.weights], [b[k] for b in together.biases]),
        )
        assert state.error == pytest.approx(together.error[k], rel=1e-13)

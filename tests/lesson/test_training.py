from collections.abc import Callable, Iterable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import (
    SAMPLED_CASES,
    SEEDS,
    SIZES,
    Case,
    alone,
    case,
    judge_training,
    one_value_a_layer,
    rounds_to,
    same_network,
)

from backprop import (
    LECTURE,
    BiasChoice,
    Network,
    Training,
    backward,
    forward,
    step,
    total_error,
    train,
)
from backprop.network import run_forward

CHOICES = st.sampled_from(get_args(BiasChoice))


def lecture(rounds: int, biases: BiasChoice, keep: Iterable[int] | None = None) -> Training:
    return train(
        LECTURE.network,
        LECTURE.inputs,
        LECTURE.targets,
        learning_rate=LECTURE.learning_rate,
        biases=biases,
        rounds=rounds,
        keep=keep,
    )


def frozen(*, rounds: int = 3, **changed: Any) -> Training:
    """Train the lecture's example, with some arguments changed."""
    arguments: dict[str, Any] = {
        "network": LECTURE.network,
        "inputs": LECTURE.inputs,
        "targets": LECTURE.targets,
        "learning_rate": LECTURE.learning_rate,
        "biases": "frozen",
    }
    return train(**(arguments | changed), rounds=rounds)


@given(SAMPLED_CASES, CHOICES, st.floats(0.01, 2), st.integers(0, 4))
def test_training_agrees_with_an_autodiff_library(
    c: Case, biases: BiasChoice, rate: float, rounds: int
) -> None:
    network = one_value_a_layer(c.network)
    found = train(
        network, c.inputs, c.targets, learning_rate=rate, biases=biases, rounds=rounds
    ).network
    expected = judge_training(network, c.inputs, c.targets, rate, rounds, biases)
    for x, y in zip(found.weights + found.biases, expected.weights + expected.biases, strict=True):
        # A parameter near 0 is what is left of its steps, each of rounded terms of order 1.
        np.testing.assert_allclose(x, y, rtol=1e-10, atol=1e-14, strict=True)


@given(SAMPLED_CASES)
def test_a_step_goes_down_the_gradient(c: Case) -> None:
    gradient = backward(*c)
    expected = Network(
        [w - 0.1 * d for w, d in zip(c.network.weights, gradient.weights, strict=True)],
        [b - 0.1 * d for b, d in zip(c.network.biases, gradient.biases, strict=True)],
    )
    same_network(step(*c, learning_rate=0.1, biases="per_neuron"), expected)


@given(SIZES, SEEDS, CHOICES)
def test_each_network_and_each_rate_trains_as_if_alone(
    sizes: list[int], seed: int, biases: BiasChoice
) -> None:
    network, inputs, targets = case(sizes, seed, networks=(3, 1, 1), samples=(4,))
    network = one_value_a_layer(network)
    rates = np.array([0.1, 0.5])[:, None]
    together = train(network, inputs, targets, learning_rate=rates, biases=biases, rounds=3)
    assert together.network.leading == (3, 2, 1)
    assert together.errors.shape == (4, 3, 2, 1)
    for p, r in np.ndindex(3, 2):
        single = train(
            alone(network, (p, 0, 0)),
            inputs,
            targets,
            learning_rate=rates[r, 0],
            biases=biases,
            rounds=3,
        )
        same_network(alone(together.network, (p, r, 0)), single.network)
        np.testing.assert_allclose(together.errors[:, p, r, 0], single.errors, rtol=1e-12)


@given(SAMPLED_CASES, CHOICES)
def test_the_error_at_a_round_is_that_after_as_many_steps(c: Case, biases: BiasChoice) -> None:
    network = one_value_a_layer(c.network)
    training = train(network, c.inputs, c.targets, learning_rate=0.5, biases=biases, rounds=3)
    assert training.rounds.tolist() == [0, 1, 2, 3]
    for error in training.errors:  # the first one before any step
        expected = total_error(c.targets, forward(network, c.inputs).outs[-1]).sum()
        np.testing.assert_allclose(error, expected, rtol=1e-12)
        final = network
        network = step(network, c.inputs, c.targets, learning_rate=0.5, biases=biases)
    same_network(training.network, final)


@pytest.mark.parametrize(
    "keep", [[], [0], [7], [0, 3, 7], [3, 0, 3], range(2, 8, 2), {5}, np.array([1, 2])]
)
def test_kept_errors_are_a_slice_of_all(keep: Iterable[int]) -> None:
    some, every = lecture(7, "shared", keep), lecture(7, "shared")
    rounds = sorted({int(k) for k in keep})
    assert some.rounds.tolist() == rounds
    assert some.errors.tolist() == every.errors[rounds].tolist()
    same_network(some.network, every.network, rtol=0)


def test_no_round_leaves_the_network_as_it_is() -> None:
    training = lecture(0, "per_neuron")
    same_network(training.network, LECTURE.network, rtol=0)
    assert training.errors.shape == (1,)


@pytest.mark.parametrize(
    ("biases", "first", "last"),
    [
        ("frozen", "0.291027773694", "3.51018778e-5"),
        ("shared", "0.285750886699", "4.35532107e-6"),
        ("per_neuron", "0.280471446791", "2.44756224e-6"),
    ],
)
def test_the_lecture_after_1_and_10_000_rounds(biases: BiasChoice, first: str, last: str) -> None:
    training = lecture(10_000, biases, keep=(1, 10_000))
    assert rounds_to(training.errors[0], first)
    assert rounds_to(training.errors[1], last)


def test_the_lecture_before_and_at_the_end_of_10_000_rounds() -> None:
    training = lecture(10_000, "frozen", keep=(0, 9_999, 10_000))
    for error, printed in zip(
        training.errors, ("0.298371109", "0.0000351085", "0.0000351018778"), strict=True
    ):
        assert rounds_to(error, printed)
    outs = forward(training.network, LECTURE.inputs).outs[-1]
    assert rounds_to(outs[0], "0.015913620")
    assert rounds_to(outs[1], "0.984064274")


def updated_in_turn(rounds: int) -> Network:
    """Make the slip: update the output layer first, and the hidden one through the new weights."""
    (hidden, output), biases = LECTURE.network.weights, LECTURE.network.biases
    rate, inputs = LECTURE.learning_rate, LECTURE.inputs
    for _ in range(rounds):
        _, (out_h, out_o) = run_forward((hidden, output), biases, inputs, ("logistic",) * 2)
        delta_o = -(LECTURE.targets - out_o) * out_o * (1 - out_o)
        output = output - rate * delta_o[:, None] * out_h
        delta_h = (output.T @ delta_o) * out_h * (1 - out_h)
        hidden = hidden - rate * delta_h[:, None] * inputs
    return Network((hidden, output), biases)


def test_new_output_weights_in_the_hidden_layer_give_the_widely_copied_figures() -> None:
    outs = forward(updated_in_turn(1), LECTURE.inputs).outs[-1]
    assert rounds_to(total_error(LECTURE.targets, outs), "0.291027924")
    outs = forward(updated_in_turn(10_000), LECTURE.inputs).outs[-1]
    assert rounds_to(outs[0], "0.015912196")
    assert rounds_to(outs[1], "0.984065734")
    assert total_error(LECTURE.targets, outs) < 3.51018778e-5  # the slip ends lower, by chance


def test_float32_stays_float32() -> None:
    single = np.float32
    training = frozen(
        network=Network(
            [w.astype(single) for w in LECTURE.network.weights],
            [b.astype(single) for b in LECTURE.network.biases],
        ),
        inputs=LECTURE.inputs.astype(single),
        targets=LECTURE.targets.astype(single),
        rounds=1,
    )
    assert training.errors.dtype == single
    assert {p.dtype for p in training.network.weights + training.network.biases} == {
        np.dtype(single)
    }
    assert rounds_to(training.errors[1], "0.2910278141")


def test_errors_are_as_precise_as_the_most_precise_argument() -> None:
    biases = [b.astype(np.longdouble) for b in LECTURE.network.biases]
    training = frozen(network=Network(LECTURE.network.weights, biases))
    assert training.errors.dtype == np.longdouble


def test_training_does_not_change_with_its_arguments() -> None:
    inputs, targets = LECTURE.inputs.copy(), LECTURE.targets.copy()
    rates = np.array([0.5, 1.0])
    given = (inputs, targets, rates)
    before = [array.copy() for array in given]
    first = frozen(inputs=inputs, targets=targets, learning_rate=rates)
    for array, was in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, was)
        array[:] = 9
    again = frozen(learning_rate=before[2])
    same_network(first.network, again.network, rtol=0)
    np.testing.assert_array_equal(first.errors, again.errors)


@pytest.mark.parametrize(
    ("changed", "kind", "message"),
    [
        ({"network": None}, TypeError, "network: None (NoneType) came, expected a Network"),
        ({"inputs": [1]}, ValueError, "inputs: shape (1,) came, expected (..., 2)"),
        ({"inputs": [0, np.nan]}, ValueError, "inputs: nan came, expected finite numbers"),
        ({"targets": "01"}, TypeError, "targets: '01' (str) came, expected real numbers"),
        ({"targets": [[1, 2], [3]]}, ValueError, "targets: rows of different lengths came"),
        ({"learning_rate": np.inf}, ValueError, "learning_rate: inf came"),
        ({"learning_rate": None}, TypeError, "learning_rate: None (NoneType) came"),
        ({"learning_rate": True}, TypeError, "learning_rate: True (bool) came"),
        ({"learning_rate": []}, ValueError, "learning_rate: nothing came"),
        (
            {"learning_rate": [1, 2], "inputs": np.ones((3, 2))},
            ValueError,
            (
                "leading axes that do not broadcast together came: "
                "network (), learning_rate (2,), inputs (3,), targets ()"
            ),
        ),
        (
            {"biases": "per-neuron"},
            ValueError,
            "biases: 'per-neuron' (str) came, expected one of frozen, shared, per_neuron",
        ),
        ({"biases": None}, ValueError, "biases: None (NoneType) came, expected one of frozen"),
        (
            {"biases": "shared", "network": Network([[[1], [1]]], [[1, 2]]), "inputs": [1]},
            ValueError,
            (
                "biases: 'shared' came with unequal values in biases[0], "
                "expected one value for the whole layer"
            ),
        ),
        ({"rounds": -1}, ValueError, "rounds: -1 came, expected 0 or more"),
        ({"rounds": 1.5}, TypeError, "rounds: 1.5 (float) came, expected a whole number"),
        ({"rounds": True}, TypeError, "rounds: True (bool) came, expected a whole number"),
        ({"rounds": "3"}, TypeError, "rounds: '3' (str) came, expected a whole number"),
        ({"keep": 1}, TypeError, "keep: 1 (int) came, expected a sequence"),
        ({"keep": [4]}, ValueError, "keep: round 4 came, expected 0 to 3"),
        ({"keep": [-1]}, ValueError, "keep: -1 came, expected 0 or more"),
        ({"keep": [0.5]}, TypeError, "keep: 0.5 (float) came, expected a whole number"),
    ],
)
def test_bad_input_is_named(changed: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        frozen(**changed)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rate", [1e308, [0.5, 1e308]])
def test_a_rate_that_leads_to_infinity_is_named(rate: Any) -> None:
    with pytest.raises(
        ValueError, match=r"learning_rate: .* drives a weight to infinity in round 1"
    ):
        frozen(learning_rate=rate, targets=[1e9, 1e9])


def test_step_needs_what_train_needs() -> None:
    wrong: Callable[..., Network] = step
    with pytest.raises(TypeError, match="'biases'"):  # no silent default
        wrong(LECTURE.network, LECTURE.inputs, LECTURE.targets, learning_rate=0.5)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"samples": "batch"},
            "samples: 'batch' (str) came, expected one of sum, mean, online",
        ),
        ({"momentum": 1.0}, "momentum: 1.0 came, expected 0 or more, and less than 1"),
        ({"momentum": -0.1}, "momentum: -0.1 came, expected 0 or more, and less than 1"),
        ({"momentum": "much"}, "momentum: 'much' (str) came, expected real numbers"),
        ({"loss": "mse"}, "loss: 'mse' (str) came, expected one of half_squared, squared"),
        (
            {"network": Network(LECTURE.network.weights, None), "biases": "per_neuron"},
            "biases: 'per_neuron' came for a network without any, expected 'frozen'",
        ),
        (
            {"network": Network(LECTURE.network.weights, None), "biases": "shared"},
            "biases: 'shared' came for a network without any, expected 'frozen'",
        ),
    ],
)
def test_a_choice_that_does_not_fit_is_named(changed: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        frozen(**changed)
    assert str(caught.value).startswith(message)


LINE = Network([[[1.0]]], [0.0], "linear")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"network": LINE, "inputs": [[1], [2], [1e200]], "targets": [[0], [0], [0]]},
            (
                "loss: half_squared is infinite at round 0 for sample 3, "
                "expected smaller weights, inputs or targets"
            ),
        ),
        (
            {"network": LINE, "inputs": [1e200], "targets": [0]},
            "loss: half_squared is infinite at round 0 for sample 1, expected smaller weights",
        ),
        (
            # The weight is turned and multiplied by 3e80 each round: 3e160, squared, is too much.
            {"network": LINE, "inputs": [[0], [1]], "targets": [[0], [0]], "learning_rate": 3e80},
            (
                "loss: half_squared is infinite at round 2 for sample 2, "
                "expected a smaller learning_rate"
            ),
        ),
        (
            {
                "network": Network([np.ones((2, 1, 1, 1))], [0.0], "linear"),
                "inputs": [[[0.0], [1.0]], [[1.0], [1e160]]],
                "targets": [[0.0], [0.0]],
                "learning_rate": 0.1,
            },
            "loss: half_squared is infinite at round 0 for sample 2 of network [1]",
        ),
        (
            {"network": LINE, "inputs": [1], "targets": [0], "learning_rate": 1e200},
            "loss: half_squared is infinite at round 1 for sample 1, expected a smaller learning",
        ),
    ],
)
def test_what_becomes_infinite_is_named_with_its_round_and_sample(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match="infinit") as caught:
        frozen(**changed)
    assert str(caught.value).startswith(message)


def test_mean_follows_the_sum_at_a_rate_over_the_number_of_samples() -> None:
    x, t = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.5]], [[0.1, 0.9]] * 4
    mean = frozen(inputs=x, targets=t, samples="mean", learning_rate=2.0)
    total = frozen(inputs=x, targets=t, learning_rate=0.5)
    same_network(mean.network, total.network)
    np.testing.assert_allclose(mean.errors * 4, total.errors, rtol=1e-13)


def test_online_takes_the_samples_in_their_order() -> None:
    x, t = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.1, 0.9]] * 3)
    found = frozen(inputs=x, targets=t, samples="online", rounds=2)
    network = LECTURE.network
    for k in (0, 1, 2, 0, 1, 2):
        network = step(network, x[k], t[k], learning_rate=0.5, biases="frozen")
    same_network(found.network, network)
    last = frozen(inputs=x, targets=t, samples="online", rounds=2, keep=[2])
    same_network(last.network, network)
    assert last.errors[0] == found.errors[2]
    turned = frozen(inputs=x[::-1], targets=t, samples="online", rounds=2)
    assert abs(turned.network.weights[0] - network.weights[0]).max() > 1e-6
    assert found.errors[0] == total_error(t, forward(LECTURE.network, x).outs[-1]).sum()


def test_online_with_one_sample_is_a_step() -> None:
    same_network(frozen(samples="online").network, frozen().network, rtol=0)
    many = frozen(samples="online", learning_rate=[0.1, 0.5])
    same_network(alone(many.network, (1,)), frozen().network)


def test_online_one_network_learns_from_each_set_of_samples_apart() -> None:
    x, t = np.arange(12.0).reshape(2, 3, 2) / 12, [0.1, 0.9]
    found = frozen(inputs=x, targets=t, samples="online")
    assert found.network.leading == (2,)
    for k in range(2):
        alone_ = frozen(inputs=x[k], targets=t, samples="online")
        same_network(alone(found.network, (k,)), alone_.network)
        np.testing.assert_allclose(found.errors[:, k], alone_.errors, rtol=1e-13)


def test_momentum_keeps_a_part_of_the_last_update() -> None:
    start = LECTURE.network.weights[0]
    first, second = (frozen(rounds=n).network.weights[0] for n in (1, 2))
    found = frozen(rounds=2, momentum=0.25).network.weights[0]
    np.testing.assert_allclose(found, second + 0.25 * (first - start), rtol=1e-14)
    np.testing.assert_array_equal(frozen(rounds=1, momentum=0.25).network.weights[0], first)

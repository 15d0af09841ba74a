"""The slip gives the figures that it is known for, and is not the gradient."""

from typing import Any

import numpy as np
import pytest

from backprop import LECTURE, Network, backward, forward, total_error, train_sequentially


def error(network: Network) -> float:
    outs = forward(network, LECTURE.inputs).outs[-1]
    return float(total_error(LECTURE.targets, outs))


def trained(rounds: Any, learning_rate: Any = LECTURE.learning_rate) -> Network:
    sample = LECTURE.inputs, LECTURE.targets
    return train_sequentially(LECTURE.network, *sample, learning_rate=learning_rate, rounds=rounds)


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

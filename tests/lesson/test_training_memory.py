"""A long training needs no more memory than a short one, unless its errors are kept."""

import tracemalloc

import numpy as np

from backprop import LECTURE, Network, train

NETWORKS = 1_000
ERRORS_OF_A_ROUND = 8 * NETWORKS  # bytes


def peak(rounds: int, keep: tuple[int, ...] | None) -> int:
    """Return the most bytes that a training of many networks holds at once."""
    weights = [np.ones((NETWORKS, 1, 1)) * w for w in LECTURE.network.weights]
    network = Network(weights, LECTURE.network.biases)
    tracemalloc.start()
    try:
        train(
            network,
            LECTURE.inputs,
            LECTURE.targets,
            learning_rate=LECTURE.learning_rate,
            biases="frozen",
            rounds=rounds,
            keep=keep,
        )
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_rounds() -> None:
    peak(1, ())  # what is loaded once is loaded now
    assert abs(peak(400, (0, 400)) - peak(20, (0, 20))) < ERRORS_OF_A_ROUND


def test_memory_grows_with_the_rounds_kept() -> None:
    assert peak(400, None) - peak(20, None) > 350 * ERRORS_OF_A_ROUND

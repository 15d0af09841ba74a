"""Each way of working, by straight-line arithmetic in one number after the other."""

import math
import random
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from itertools import islice
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from networks import CASES, Case, same_network
from worked import worked

from backprop import (
    LECTURE,
    Network,
    backward,
    forward,
    step,
    total_error,
    train,
    train_with_new_output_weights,
)
from backprop.arguments import Array
from backprop.symbolic.graph import Graph
from backprop.variants.quantities import DERIVATIVES, FAMOUS, NAMES, every, famous, trained
from backprop.variants.rounds import keeper
from backprop.variants.switches import (
    ARITHMETIC,
    KEEPS,
    OPTIONS,
    Way,
    choices,
    pairs,
    singles,
    switches_of,
    threes,
    way_of,
)

ROUNDS = 4


def is_exact(way: Way) -> bool:
    return not any(OPTIONS[k].switch in ARITHMETIC for k in way)


def values(way: Way, rounds: int = ROUNDS) -> list[Array]:
    with np.errstate(all="ignore"):
        return [every(state)[:, 0] for _, _, state in trained((way,), rounds)]


def agrees(way: Way, rounds: int = ROUNDS) -> None:
    judged = worked(switches_of(way), float, math)
    for done, (found, expected) in enumerate(zip(values(way, rounds), judged, strict=False)):
        for name, value in expected.items():
            got = found[NAMES.index(name)]
            assert got == pytest.approx(value, rel=1e-10, abs=1e-14), (name, done)


def sample() -> list[Way]:
    """Return all single ways, and some of those with two and three switches."""
    dice = random.Random(1)  # noqa: S311  # any do, but the same in every run
    more = [*choices(), *dice.sample(pairs(), 150), *dice.sample(threes(), 150)]
    return [way for way in (*singles(), *more) if is_exact(way)]


def test_ways_by_straight_line_arithmetic(subtests: pytest.Subtests) -> None:
    for way in sample():
        with subtests.test(str(switches_of(way))):
            agrees(way)


def test_a_switch_that_does_nothing_is_noticed() -> None:
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(values(()), values(way_of({"gradient": "turned"})))


@pytest.mark.parametrize("way", [(), way_of({"order": "new"})])
def test_ten_thousand_rounds_with_thirty_digits(way: Way) -> None:
    with mpmath.workdps(30):
        states = worked(switches_of(way), mpmath.mpf, mpmath)
        state = next(islice(states, 10_000, None))
    found = values(way, 10_000)[-1]
    for name in ("E_total", "out_o1", "out_o2", "w1", "w5"):
        assert found[NAMES.index(name)] == pytest.approx(float(state[name]), rel=1e-11)


def test_without_a_switch_it_is_what_the_lesson_does() -> None:
    """Every value and derivative is that of the graph, which has them with forty digits."""
    graph = Graph.of(LECTURE)
    for done, found in enumerate(values((), 2)):
        for name, value in zip(NAMES, found, strict=True):
            if name in DERIVATIVES:
                of, wrt = (part.removeprefix("d") for part in name.split("/"))
                expected = graph.derivative(of, wrt)
            else:
                expected = graph.value(name.partition("_")[0] if name[0] == "b" else name)
            assert value == pytest.approx(float(expected), rel=1e-12), (name, done)
        graph = graph.updated(Decimal("0.5"))


def test_what_readers_look_at_comes_first() -> None:
    for _, _, state in trained(singles()[:8], 1):
        np.testing.assert_array_equal(famous(state), every(state)[: len(FAMOUS)])
    assert len(every(state)) == len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize(
    ("rounding", "how"), [("4", ROUND_HALF_UP), ("cut_4", ROUND_DOWN), ("3", ROUND_HALF_UP)]
)
def test_by_hand_with_decimals(rounding: str, how: str) -> None:
    places = Decimal(f"1e-{rounding[-1]}")
    maths = SimpleNamespace(exp=Decimal.exp)
    with localcontext(prec=40):
        states = worked({}, Decimal, maths, lambda x: x.quantize(places, how))
        expected = list(islice(states, 3))
    for found, state in zip(values(way_of({"rounding": rounding}), 2), expected, strict=True):
        for name in FAMOUS:
            got = Decimal(str(round(float(found[NAMES.index(name)]), 9)))
            assert got == state[name], name


@pytest.mark.parametrize(
    ("biases", "switches"),
    [("frozen", {}), ("shared", {"biases": "shared"}), ("per_neuron", {"biases": "per_neuron"})],
)
def test_single_precision_is_that_of_train(biases: Any, switches: dict[str, str | float]) -> None:
    network = Network(
        [w.astype(np.float32) for w in LECTURE.network.weights],
        [b.astype(np.float32) for b in LECTURE.network.biases],
    )
    training = train(
        network,
        LECTURE.inputs.astype(np.float32),
        LECTURE.targets.astype(np.float32),
        learning_rate=0.5,
        biases=biases,
        rounds=2,
    )
    found = values(way_of({"precision": "float32"} | switches), 2)
    ulp = float(np.spacing(np.float32(0.25)))
    for done in range(3):
        assert found[done][0] == pytest.approx(training.errors[done], abs=2.01 * ulp)


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        ("4", 0.00005, 0.0001),
        ("4", -0.00005, -0.0001),
        ("cut_4", -0.12349, -0.1234),
        ("cut_4", 0.29, 0.29),
        ("6", 0.1 + 0.2 - 1e-16, 0.3),
        ("float16", 0.1, 0.0999755859375),
        ("float32", 0.1, 0.10000000149011612),
    ],
)
def test_what_is_kept(kind: str, number: float, kept: float) -> None:
    assert keeper(KEEPS[kind])(np.array(number)) == kept


# The slip of the widely copied figures


def error(network: Network) -> float:
    outs = forward(network, LECTURE.inputs).outs[-1]
    return float(total_error(LECTURE.targets, outs))


def slipped(rounds: Any, learning_rate: Any = LECTURE.learning_rate) -> Network:
    sample = LECTURE.inputs, LECTURE.targets
    return train_with_new_output_weights(
        LECTURE.network, *sample, learning_rate=learning_rate, rounds=rounds
    )


def test_no_round_changes_nothing() -> None:
    assert error(slipped(0)) == error(LECTURE.network)


def test_the_widely_copied_error() -> None:
    assert error(slipped(1)) == pytest.approx(0.291027924, abs=5e-10)
    assert error(slipped(1)) != pytest.approx(0.291027774, abs=5e-10)


def test_the_widely_copied_outputs() -> None:
    outs = forward(slipped(10_000), LECTURE.inputs).outs[-1]
    np.testing.assert_allclose(outs, [0.015912196, 0.984065734], atol=5e-10)
    assert error(slipped(10_000)) == pytest.approx(0.000035085, abs=5e-10)


def test_only_the_last_layer_follows_the_gradient() -> None:
    gradient = backward(LECTURE.network, LECTURE.inputs, LECTURE.targets).weights
    steps = [
        (before - after) / LECTURE.learning_rate
        for before, after in zip(LECTURE.network.weights, slipped(1).weights, strict=True)
    ]
    np.testing.assert_allclose(steps[1], gradient[1], rtol=1e-12)
    assert not np.allclose(steps[0], gradient[0], rtol=1e-3)
    np.testing.assert_array_equal(slipped(1).biases[0], LECTURE.network.biases[0])


@pytest.mark.parametrize(
    ("rounds", "learning_rate", "error"),
    [(-1, 0.5, ValueError), (1.5, 0.5, TypeError), (1, "a", TypeError)],
)
def test_arguments(rounds: Any, learning_rate: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        slipped(rounds, learning_rate)


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


def test_the_slip_is_that_of_the_switch() -> None:
    found = values(way_of({"order": "new"}), 3)[-1]
    weights = np.concatenate([weight.ravel() for weight in slipped(3).weights])
    np.testing.assert_allclose(found[NAMES.index("w1") : NAMES.index("b1_1")], weights, rtol=1e-12)


def test_a_round_is_a_step_of_the_lesson() -> None:
    network = step(
        LECTURE.network, LECTURE.inputs, LECTURE.targets, learning_rate=0.5, biases="per_neuron"
    )
    found = values(way_of({"biases": "per_neuron"}), 1)[-1]
    weights = [w.ravel() for w in network.weights]
    expected = np.concatenate([*weights, *network.biases])
    np.testing.assert_allclose(found[NAMES.index("w1") : len(FAMOUS)], expected, rtol=1e-13)


def test_the_slip_is_known_for_logistic_networks_only() -> None:
    network = Network(LECTURE.network.weights, LECTURE.network.biases, ("logistic", "tanh"))
    message = "network: activations logistic, tanh came, expected logistic in every layer"
    with pytest.raises(ValueError, match=message):
        train_with_new_output_weights(
            network, LECTURE.inputs, LECTURE.targets, learning_rate=0.5, rounds=1
        )

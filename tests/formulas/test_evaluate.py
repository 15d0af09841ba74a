"""Every expression of a page has one value, or none and a reason."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from networks import learned

from backprop import LECTURE, NOTES, Network, forward
from backprop.examples import Example
from backprop.formulas.evaluate import evaluate
from backprop.formulas.latex import parse
from backprop.formulas.values import Unbound, Value, equal
from backprop.formulas.world import World
from backprop.symbolic.expressions import Name
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION

NOTES_WORLD = World.of(NOTES, NOTES_NOTATION)
LECTURE_WORLD = World.of(LECTURE, LECTURE_NOTATION)
DEEP = Network([[[0.1], [0.2], [0.3]], [[0.1, 0.2, 0.3]] * 2, [[0.5, -0.5]]], [[1, 2, 3], 4, 5])
DEEP_WORLD = World.of(
    Example("deep", DEEP, np.array([0.5]), np.array([0.9]), 0.1), LECTURE_NOTATION
)


def value(source: str, world: World = NOTES_WORLD) -> Value:
    [chain] = parse(source)
    [side] = chain.sides
    return evaluate(side, world)


def as_floats(result: Value) -> Any:
    return np.asarray(result, dtype=float)


OUTS = forward(NOTES.network, NOTES.inputs).outs


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("0.5 - 2 + 0.25", -1.25),
        (r"2 \times 3 / 4", 1.5),
        (r"-2^2", -4),
        (r"0^{1-1}", 1),
        (r"|1 - 3|", 2),
        (r"\exp(1)", np.e),
        (r"\sigma(0)", 0.5),
        (r"\sigma'(0)", 0.25),
        (r"\max(0, -2, 0.5)", 0.5),
        (r"\max(h)", max(OUTS[0])),
        (r"\mathrm{softmax}(0, 1)", [[1 / (1 + np.e)], [np.e / (1 + np.e)]]),
        (r"\mathrm{softmax}(1000, 1001)_2", np.e / (1 + np.e)),
        (r"\mathrm{softmax}'(0, 0)", [[0.25, -0.25], [-0.25, 0.25]]),
        (r"\alpha", 0.5),
        ("x_2", 0.1),
        ("h_1", OUTS[0][0]),
        (r"\hat{y}_2", OUTS[1][1]),
        (r"\delta_{y_1}", 0.1388521007),
        (r"\frac{\partial E_{total}}{\partial w_5}", 0.08069403),
        ("h", OUTS[0][:, np.newaxis]),
        (r"\mathbf{b}_1", [[0.3], [0.3]]),
        ("W_1", [[0.15, 0.2], [0.25, 0.3]]),
        ("W_1^T", [[0.15, 0.25], [0.2, 0.3]]),
        (r"W_1 \mathbf{x}", [[0.0275], [0.0425]]),
        (r"W_1 \odot W_1 / 2", [[0.01125, 0.02], [0.03125, 0.045]]),
        (r"1 - \mathbf{x}", [[0.95], [0.9]]),
        (r"1 - \mathbf{x}^T", [[0.95, 0.9]]),
        (r"\frac{\partial}{\partial x_1} 2", 0),
        (r"e^{0 \mathbf{x}}", [[1], [1]]),
        (r"\frac{\partial z_1}{\partial \mathbf{x}}", [[0.15], [0.2]]),
        (r"\sum_{k=2}^{3} w_k", 0.45),
        (r"\sum_k w_k", 2.8),
        (r"\sum_i w_i x_i", 0.0275),
        (r"\sum (target - output)", 1 - OUTS[1].sum()),
        (r"\frac{\partial}{\partial x_1} x_1^2 \alpha z_1", 0.5 * (0.1 * 0.3275 + 0.0025 * 0.15)),
    ],
)
def test_values(source: str, expected: Any) -> None:
    np.testing.assert_allclose(as_floats(value(source)), expected, rtol=1e-7)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"out_{h_{2,1}}", forward(DEEP, [0.5]).outs[1][0]),
        (r"W_1", DEEP.weights[0]),
        (r"W_2", DEEP.weights[1]),
        (r"\mathbf{b}_1", [[1], [2], [3]]),
        (r"\mathbf{b}_2", [[4], [4]]),
        (r"b_{1,2}", 2),
    ],
)
def test_any_number_of_layers(source: str, expected: Any) -> None:
    np.testing.assert_allclose(as_floats(value(source, DEEP_WORLD)), expected)


@pytest.mark.parametrize("rounds", [[1], [3], [40, 30, 40, 41]])
def test_rounds(rounds: list[int]) -> None:
    world = World.of(LECTURE, LECTURE_NOTATION)
    for number in rounds:
        trained = learned(LECTURE, number).network
        found = value(f"W_1^{{({number})}}", world)
        np.testing.assert_allclose(as_floats(found), trained.weights[0], rtol=1e-13)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("q", "q is no name of this page"),
        ("x_3", "x3 is no name"),
        ("W_3", "W3 is no name"),
        (r"\mathbf{b}_3", "vec_b3 is no name"),
        (r"\frac{\partial E_{total}}{\partial q}", "q is no name"),
        (r"\frac{\partial E_{total}}{\partial \alpha}", "with respect to alpha"),
        (r"\frac{\partial E_{total}}{\partial \delta_{y_1}}", "with respect to delta_y1"),
        (r"\frac{\partial \alpha}{\partial w_1}", "nothing that has a derivative"),
        (r"\frac{\partial W_1}{\partial w_1}", "nothing that has a derivative"),
        (r"\frac{\partial z_1^{+}}{\partial w_1}", "nothing that has a derivative"),
        (r"\frac{\partial}{\partial W_1} W_1", "an array stands where a number"),
        (r"\frac{\partial}{\partial w_1} z_1^{+}", "before any update"),
        ("z_1'", "no variable by which"),
        ("1 / 0", "no finite value"),
        ("0^{-1}", "no finite value"),
        ("9^{9^{9^9}}", "no finite value"),
        ("W_1^0", "an array stands where a number"),
        ("W_1^2", "an array stands where a number"),
        ("|W_1|", "an array stands where a number"),
        (r"\begin{bmatrix} W_1 \end{bmatrix}", "an array stands where a number"),
        ("z_1^T", "a number stands where an array"),
        (r"W_1 + \mathbf{x}", "different shapes"),
        (r"W_1 - 1", "a number is added to a matrix"),
        (r"\sum_{k=1}^{2} W_1 w_k + w_1", "a number is added to a matrix"),
        (r"W_1 \odot \mathbf{x}", "different shapes"),
        (r"\mathbf{x} / W_1", "different shapes"),
        (r"\mathbf{x} W_1", "shapes in the expression do not fit"),
        (r"\sum_k 2", "not clear what the sum runs over"),
        (r"\sum z_1", "not clear what the sum runs over"),
        (r"\sum_l E_{total}", "not clear what the sum runs over"),
        ("w_1^{(20001)}", "round 20001 came, expected 20000 at most"),
        (r"\max'(0, z_1)", "max has no derivative here"),
        (r"\mathrm{softmax}(y_1, y_2)_3", "3 is no entry"),
        (r"\mathrm{softmax}(y_1, y_2)_{k}", "k is no entry"),
        (r"\mathrm{softmax}'(y_1, y_2)_1", "1 is no entry"),
        (r"\mathrm{softmax}(y_1)", "a number stands where an array"),
        (r"\max(0, z_1)_1", "a number stands where an array"),
    ],
)
def test_without_a_value(source: str, message: str) -> None:
    with pytest.raises(Unbound, match=message):
        value(source)


@pytest.mark.parametrize(
    ("free", "source", "expected"),
    [
        ({"z": 2}, "z", 2),
        ({"q": 3, "q'": 5}, "q'", 5),
        ({"q": 3}, "(q^2)'", 6),
        ({"q": 3, "q'": 5}, "(q^2)'", 30),
        ({"q": 3}, "p'", 6),
        ({"q": 3}, r"(p q)'", 27),
        ({"q": 3}, r"\frac{\partial}{\partial q} q^2 x_1", 0.3),
        ({"q": 3}, r"\frac{\partial}{\partial p} p^2", 18),
    ],
)
def test_variables(free: dict[str, int], source: str, expected: float) -> None:
    """`p` is defined as q squared."""
    [chain] = parse("q^2")
    free_values = {name: Decimal(x) for name, x in free.items()}
    world = replace(NOTES_WORLD, free=free_values, defined={"p": chain.sides[0]})
    assert equal(value(source, world), Decimal(str(expected)))


def test_a_page_may_bind_names() -> None:
    world = replace(NOTES_WORLD, extra={("tilde_E_total", 1): Decimal(3)})
    assert value(r"\tilde{E}_{total}^{+}", world) == 3
    with pytest.raises(Unbound):
        value(r"\tilde{E}_{total}", world)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("1", "1.0000000009", True),
        ("1", "1.000000002", False),
        ("0.00001", "0.0000100001", False),
        ("0", "0." + "0" * 25 + "1", True),
    ],
)
def test_equal(a: str, b: str, *, same: bool) -> None:
    assert equal(Decimal(a), Decimal(b)) is same
    assert not equal(Decimal(a), np.array([[Decimal(a)]]))


@pytest.mark.parametrize(
    ("key", "label"), [("h1", True), ("h", True), ("sigma", True), ("t", False)]
)
def test_labels(key: str, *, label: bool) -> None:
    assert LECTURE_WORLD.is_label(Name(key)) is label


def test_other_worlds_have_other_numbers() -> None:
    numbers = [world.graph.givens["w1"] for world in NOTES_WORLD.others]
    assert len({Decimal("0.15"), *numbers}) == 4
    assert Graph.of(NOTES).sizes == NOTES_WORLD.others[0].graph.sizes


SIZES, WEIGHTS = (1, 2), {"i1": 1, "w1": 1, "w2": -1, "b1": 0}


def others(loss: str, activation: str, targets: list[str]) -> list[list[Decimal]]:
    """Return the targets of the networks in which the formulas of a page are tried too."""
    named = {f"target_o{k}": Decimal(x) for k, x in enumerate(targets, start=1)}
    givens = {name: Decimal(x) for name, x in WEIGHTS.items()} | named
    graph = Graph(SIZES, givens, activations=activation, loss=loss)
    worlds = World(graph, Decimal(1), NOTES_NOTATION).others
    return [[world.graph.givens[name] for name in named] for world in worlds]


def test_other_targets_are_shares_where_those_of_the_page_are() -> None:
    for targets in others("cross_entropy", "softmax", ["0.25", "0.75"]):
        assert sum(targets) == 1
        assert 0 < min(targets) != Decimal("0.25")


def test_other_targets_are_one_hot_where_those_of_the_page_are_and_hot_in_turn() -> None:
    assert others("cross_entropy", "softmax", ["0", "1"]) == [[1, 0], [0, 1], [1, 0]]


def test_other_targets_are_fractions_or_0_and_1_as_those_of_the_page() -> None:
    assert others("binary_cross_entropy", "logistic", ["0", "1"]) == [[1, 0], [0, 1], [1, 0]]
    for targets in others("binary_cross_entropy", "logistic", ["0.5", "1"]):
        assert all(0 < each < 1 for each in targets)


def test_each_relu_is_met_on_both_sides_of_0() -> None:
    names = [f"i{k}" for k in (1, 2)] + [f"w{k}" for k in range(1, 13)]
    names += ["b1", "b2", "b3", "target_o1", "target_o2"]
    givens = {name: Decimal("0.5") for name in names}
    graph = Graph((2, 2, 2, 2), givens, activations="relu")
    worlds = World(graph, Decimal(1), NOTES_NOTATION).others
    assert 3 <= len(worlds) < 10
    for net in (name for name in graph.names if name.startswith("net_")):
        assert {world.graph.value(net) > 0 for world in worlds} == {True, False}

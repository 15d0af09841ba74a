"""A formula written out is worth the same, in the example and in any other network."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from backprop import LECTURE, Network
from backprop.examples import Example
from backprop.formulas.bind import text_of
from backprop.formulas.evaluate import evaluate
from backprop.formulas.forms import PATHS, written_out
from backprop.formulas.latex import parse
from backprop.formulas.values import equal
from backprop.formulas.world import World
from backprop.symbolic.expressions import Derivative, Expression, Name
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION

WORLD = World.of(LECTURE, LECTURE_NOTATION)
DEEP = Network([[[0.1, 0.3], [0.2, 0.3]], [[0.1, 0.2]] * 2, [[0.5, -0.5]] * 2], [1, 2, 3])
DEEP_WORLD = World.of(
    Example("deep", DEEP, np.array([0.0, 0.5]), np.array([0.1, 0.9]), 0.1), LECTURE_NOTATION
)


def side_of(source: str) -> Expression:
    [chain] = parse(source)
    return chain.sides[0]


def d(of: str, wrt: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {wrt}}}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("net_{h1}", ["w1 * i1 + w2 * i2 + b1"]),
        ("net_{o1}^+", ["w5+ * out_h1+ + w6+ * out_h2+ + b2+"]),
        ("out_{o1}", ["sigma(net_o1)"]),
        (r"\sigma(net_{o1})", ["(1) / (1 + exp(-net_o1))"]),
        ("E_{o1}", ["(1) / (2) * (target_o1 - out_o1)^2", "((target_o1 - out_o1)^2) / (2)"]),
        ("E_{total}", ["E_o1 + E_o2"]),
        (r"\sum_k E_{o_k}", ["E_o1 + E_o2"]),
        (r"\delta_{o1}", ["dE_total/dout_o1 * dout_o1/dnet_o1"]),
        ("w_5^+", ["w5 - eta * dE_total/dw5"]),
        ("w_5^{(3)}", ["w5^(2) - eta^(2) * dE_total^(2)/dw5^(2)"]),
        (d("out_{o1}", "net_{o1}"), ["out_o1 * (1 - out_o1)"]),
        (d("E_{o2}", "out_{o2}"), ["-(target_o2 - out_o2)"]),
        (d("E_{total}", "out_{o2}"), ["-(target_o2 - out_o2)"]),
        (d("net_{o1}", "w_5"), ["out_h1"]),
        (d("net_{o1}", "out_{h1}"), ["w5"]),
        (d("net_{o1}", "b_2"), ["1"]),
        (
            d("E_{total}", "w_5"),
            ["dE_total/dout_o1 * dout_o1/dnet_o1 * dnet_o1/dw5", "delta_o1 * out_h1"],
        ),
        (
            d("E_{total}", "w_1"),
            [
                "dE_o1/dw1 + dE_o2/dw1",
                "dE_total/dout_h1 * dout_h1/dnet_h1 * dnet_h1/dw1",
                "delta_h1 * i1",
            ],
        ),
        (
            d("E_{total}", "out_{h2}"),
            ["dE_o1/dout_h2 + dE_o2/dout_h2", "delta_o1 * w6 + delta_o2 * w8"],
        ),
        (d("E_{total}", "b_2"), ["dE_o1/db2 + dE_o2/db2", "delta_o1 * 1 + delta_o2 * 1"]),
        (d("E_{o1}", "out_{h1}"), ["dE_o1/dout_o1 * dout_o1/dnet_o1 * dnet_o1/dout_h1"]),
        (d("E_{total}", "E_{o1}"), []),
        (d("E_{o1}", "out_{o2}"), []),
        (d("E_{total}", "q"), []),
        (d("E_{total}", r"\eta"), []),
        ("w_5", []),
        ("q", []),
        ("w_1 + w_2", []),
        (r"net_{h1}^T", []),
    ],
)
def test_written_out(source: str, expected: list[str]) -> None:
    assert [text_of(form) for form in written_out(side_of(source), WORLD)] == expected


ARRAYS = ["W_1", "W_2^T", r"\mathbf{b}_1", r"\mathbf{x}", "out_h", d("E_{total}", "W_1")]


@pytest.mark.parametrize("source", ARRAYS)
def test_a_matrix_is_its_entries(source: str) -> None:
    [form] = written_out(side_of(source), WORLD)
    assert equal(evaluate(form, WORLD), evaluate(side_of(source), WORLD))


@pytest.mark.parametrize("world", [WORLD, DEEP_WORLD, *WORLD.others[:1]])
def test_every_form_is_worth_the_same(world: World) -> None:
    names = [Name(world.notation.key(name)) for name in world.graph.names]
    known = [Name(name.key, round=rounds) for name in names for rounds in (0, 1)]
    slopes = [Derivative(of, wrt) for of in names for wrt in names]
    checked = 0
    for expression in (*known, *slopes):
        for form in written_out(expression, world):
            checked += 1
            assert equal(evaluate(form, world), evaluate(expression, world)), text_of(expression)
    assert checked > 100


def test_a_defined_or_free_name_has_no_other_formula() -> None:
    free = World(WORLD.graph, Decimal(1), LECTURE_NOTATION, free={"net_h1": Decimal(2)})
    assert list(written_out(Name("net_h1"), free)) == []


def test_no_chain_is_written_through_thousands_of_paths() -> None:
    sizes = (1, 40, 40, 1)
    assert np.prod(sizes) > PATHS
    count = sum(a * b for a, b in pairwise(sizes))
    givens = {f"w{k + 1}": Decimal(1) for k in range(count)}
    givens |= {name: Decimal(1) for name in ("i1", "b1", "b2", "b3", "target_o1")}
    world = World(Graph(sizes, givens), Decimal(1), LECTURE_NOTATION)
    assert list(written_out(side_of(d("E_{total}", "w_1")), world)) == []

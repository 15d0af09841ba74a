"""What a browser gets of the tables is worth what the graph finds."""

import math
from collections.abc import Callable

import pytest
from kinds import ENDS, Kind

from backprop.symbolic.definitions import ACTIVATIONS, LOSSES
from backprop.symbolic.graph import Graph
from backprop.symbolic.trees import Tree, activation, loss

FUNCTIONS: dict[str, Callable[..., float]] = {
    "+": lambda *x: sum(x),
    "*": lambda *x: math.prod(x),
    "-": lambda x: -x,
    "/": lambda x, y: x / y,
    "^": lambda x, y: x**y,
    "exp": math.exp,
    "ln": math.log,
    "sigma": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "step": lambda x: float(x > 0),
}


def worth(tree: Tree, roles: dict[str, object], k: int = 0) -> float:
    """Return the value of a tree, by a few lines of its own."""
    if isinstance(tree, str):
        role, _, index = tree.partition("_")
        found = roles[role][k] if index else roles[role]  # type: ignore[index]
        return float(found)  # type: ignore[arg-type]
    if not isinstance(tree, list):
        return tree
    kind, *parts = tree
    if kind == "sum":
        [body] = parts
        role = next(each for each in ("nets", "others", "E") if f"{each}_k" in str(body))
        return math.fsum(worth(body, roles, j) for j in range(len(roles[role])))  # type: ignore[arg-type]
    return FUNCTIONS[str(kind)](*(worth(part, roles, k) for part in parts))


def numbers(graph: Graph, *names: str) -> list[float]:
    return [float(graph.value(name)) for name in names]


@pytest.mark.parametrize(("last", "name"), ENDS)
def test_the_trees_are_worth_what_the_graph_finds(last: str, name: str) -> None:
    graph = Kind((2, 3, 2), ("tanh", last), name, "own").graph(seed=5)
    nets, outs = numbers(graph, "net_o1", "net_o2"), numbers(graph, "out_o1", "out_o2")
    entry, own = activation(ACTIVATIONS[last]), loss(LOSSES[name])
    roles: dict[str, object] = {"net": nets[0], "nets": nets, "out": outs[0], "other": outs[1]}
    roles |= {"others": outs[1:], "target": numbers(graph, "target_o1")[0]}
    roles |= {"E": numbers(graph, "E_o1", "E_o2"), "count": 2}
    expected = {
        "out": outs[0],
        "slope": float(graph.local("out_o1", "net_o1")),
        "cross": float(graph.local("out_o2", "net_o1")),
        "complement": 1 - outs[0],
    }
    assert ("cross" in entry) == (last == "softmax")
    for key in entry.keys() & expected.keys():
        assert worth(entry[key], roles) == pytest.approx(expected[key], rel=1e-12), key
    assert worth(own["error"], roles) == pytest.approx(numbers(graph, "E_o1")[0], rel=1e-12)
    slope = float(graph.local("E_o1", "out_o1"))
    assert worth(own["slope"], roles) == pytest.approx(slope, rel=1e-12)
    total = float(graph.value("E_total"))
    assert worth(own["total"], roles) == pytest.approx(total, rel=1e-12)

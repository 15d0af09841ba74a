"""What is written by layer and neuron is the number that the graph has under its own name."""

import re
from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from networks import CASES, Case

from backprop import LECTURE, Example, backward, forward, output_errors, total_error
from backprop.formulas.latex import parse
from backprop.pages.check import check_text
from backprop.symbolic.graph import Graph
from backprop.symbolic.layered import PACKAGE, PYTORCH, names, nielsen, places
from backprop.symbolic.notation import key_of

PAGE = "---\nbackprop: {example: lecture, notation: nielsen}\n---\n"


def graph_of(case: Case) -> Graph:
    return Graph.of(Example("case", *case, 0.25)).untied()


def true(graph: Graph, name: str) -> float:
    """Return the graph's value of a name, which may be that of a slope or a delta."""
    if name == "learning_rate":
        return 0.25
    of, _, wrt = name.partition("/")
    if wrt:
        return float(graph.derivative(of.removeprefix("d"), wrt.removeprefix("d")))
    if name.startswith("delta_"):
        return float(graph.derivative("E_total", f"net_{name.removeprefix('delta_')}"))
    return float(graph.value(name))


@given(CASES)
def test_every_name_of_a_graph_has_its_place(case: Case) -> None:
    graph = graph_of(case)
    named = {place.name for place in places(graph.sizes)}
    assert named >= {*graph.names}
    assert {name for name in named if not name.startswith(("delta", "dE", "learn"))} == {
        *graph.names
    }


@given(CASES)
def test_the_package_has_what_its_names_say(case: Case) -> None:
    network, inputs, targets = case
    answer = forward(network, inputs)
    known = {
        "network": network,
        "inputs": inputs,
        "targets": targets,
        "answer": answer,
        "outs": answer.outs[-1],
        "gradient": backward(network, inputs, targets),
        "output_errors": output_errors,
        "total_error": total_error,
        "learning_rate": 0.25,
    }
    graph = graph_of(case)
    for name, code in names(PACKAGE, graph.sizes).items():
        np.testing.assert_allclose(eval(code, known), true(graph, name), 1e-9, 1e-14, err_msg=code)  # noqa: S307


@given(CASES)
def test_nielsen_has_what_his_equations_say(case: Case) -> None:
    """The judge computes each quantity by the equations of the book, by its own indices."""
    sizes, judge = case.network.sizes, by_the_book(case)
    graph = graph_of(case)
    for name, latex in nielsen(sizes).symbols.items():
        symbol = re.sub(r"[{}\\]", "", latex)
        np.testing.assert_allclose(judge[symbol], true(graph, name), 1e-9, 1e-14, err_msg=latex)


def by_the_book(case: Case) -> dict[str, float]:
    """Return all quantities by their names, computed number by number."""
    sizes = dict(enumerate(case.network.sizes, start=1))
    last = len(sizes)
    q = {"eta": 0.25, "C": 0.0}
    q |= {f"a^1_{j}": float(x) for j, x in enumerate(case.inputs, start=1)}
    for m in range(2, last + 1):
        for j in range(1, sizes[m] + 1):
            q[f"b^{m}_{j}"] = q[f"z^{m}_{j}"] = float(case.network.biases[m - 2][j - 1])
            for k in range(1, sizes[m - 1] + 1):
                q[f"w^{m}_{j}{k}"] = float(case.network.weights[m - 2][j - 1, k - 1])
                q[f"z^{m}_{j}"] += q[f"w^{m}_{j}{k}"] * q[f"a^{m - 1}_{k}"]
            q[f"a^{m}_{j}"] = 1 / (1 + exp(-q[f"z^{m}_{j}"]))
    for j in range(1, sizes[last] + 1):
        q[f"y_{j}"] = float(case.targets[j - 1])
        q[f"C_{j}"] = (q[f"y_{j}"] - q[f"a^{last}_{j}"]) ** 2 / 2
        q["C"] += q[f"C_{j}"]
    for m in range(last, 1, -1):
        for j in range(1, sizes[m] + 1):
            a = q[f"a^{m}_{j}"]
            slope = (
                a - q[f"y_{j}"]
                if m == last
                else sum(
                    q[f"w^{m + 1}_{i}{j}"] * q[f"delta^{m + 1}_{i}"]
                    for i in range(1, sizes[m + 1] + 1)
                )
            )
            q[f"delta^{m}_{j}"] = slope * a * (1 - a)
    return q


@given(CASES)
def test_pytorch_has_what_its_names_say(case: Case) -> None:
    torch: Any = pytest.importorskip("torch")
    layers = []
    for weights, biases in zip(case.network.weights, case.network.biases, strict=True):
        linear = torch.nn.Linear(*weights.shape[::-1], dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(weights), torch.tensor(biases)
        layers += [linear, torch.nn.Sigmoid()]
    model, x, t = (
        torch.nn.Sequential(*layers),
        torch.tensor(case.inputs),
        torch.tensor(case.targets),
    )
    y = model(x)
    ((t - y) ** 2 / 2).sum().backward()
    graph = graph_of(case)
    known = {"model": model, "x": x, "t": t, "y": y, "lr": 0.25}
    for name, code in names(PYTORCH, graph.sizes).items():
        value = float(torch.as_tensor(eval(code, known)).detach())  # noqa: S307
        np.testing.assert_allclose(value, true(graph, name), 1e-9, 1e-14, err_msg=code)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("i2", "a^{1}_{2}"),
        ("w2", "w^{2}_{12}"),
        ("w7", "w^{3}_{21}"),
        ("b1_1", "b^{2}_{1}"),
        ("net_h1", "z^{2}_{1}"),
        ("out_o2", "a^{3}_{2}"),
        ("target_o1", "y_{1}"),
        ("E_total", "C"),
        ("delta_h2", r"\delta^{2}_{2}"),
        ("learning_rate", r"\eta"),
    ],
)
def test_nielsen_of_the_lecture(name: str, latex: str) -> None:
    assert nielsen((2, 2, 2)).latex(name) == latex


@pytest.mark.parametrize("sizes", [(2, 2, 2), (1, 1), (3, 12, 4, 2)])
def test_there_and_back(sizes: tuple[int, ...]) -> None:
    notation = nielsen(sizes)
    assert len({*notation.symbols.values()}) == len(notation.symbols)
    for name, latex in notation.symbols.items():
        [chain] = parse(latex)
        [symbol] = chain.sides
        assert symbol.key == notation.key(name) == key_of(latex)  # type: ignore[attr-defined]
        assert notation.canonical(notation.key(name)) == name


def test_wide_layers_part_their_indices() -> None:
    notation = nielsen((12, 11))
    assert notation.latex("w1") == "w^{2}_{1,1}"
    assert notation.latex("w13") == "w^{2}_{2,1}"
    assert notation.latex("w11") == "w^{2}_{1,11}"


# A page in this notation


@pytest.mark.parametrize(
    "line",
    [
        r"$z^2_1 = w^2_{11} a^1_1 + w^2_{12} a^1_2 + b^2_1 = 0.3775$",
        r"$z^{2}_{1} = 0.15 \times 0.05 + 0.20 \times 0.10 + 0.35 = 0.3775$",
        r"$(a^2_1)^2 = 0.351969$ and ${a^2_1}^2 = 0.351969$",
        r"$C = \frac{1}{2} ((y_1 - a^3_1)^2 + (y_2 - a^3_2)^2) = 0.298371$",
        r"$\delta^2_1 = (w^3_{11} \delta^3_1 + w^3_{21} \delta^3_2) a^2_1 (1 - a^2_1) = 0.0087714$",
        r"$\frac{\partial C}{\partial w^3_{11}} = a^2_1 \delta^3_1 = 0.082167$",
        # Each neuron has a bias of its own here, so its slope is that of one neuron.
        r"$\frac{\partial C}{\partial b^2_1} = \delta^2_1 = 0.00877135$",
    ],
)
def test_a_right_line_passes(line: str) -> None:
    checked = check_text(PAGE + line, "page.md")
    assert not checked.findings
    assert checked.bound


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("$z^2_1 = 0.3776$", "it stands for z^2_1, which is 0.3775; print 0.3775"),
        ("$z_1^2 = 0.3775$", "z1 is no name of this page"),
        ("$a^4_1 = 0.5$", "a^4_1 is no name of this page"),
        ("$w^2_{13} = 0.5$", "w^2_13 is no name of this page"),
        ("$w^3_{12} = 0.50$", "it stands for w^3_12, which is 0.45"),
        ("$(a^3_1)^2 = 0.751365$", "(a^3_1)^2, which is 0.5645"),
        ("$w_5 = 0.40$", "w5 is no name of this page"),
        ("$b_1 = 0.35$", "b1 is no name of this page"),
        (r"$\frac{\partial C}{\partial b^2_1} = 0.01858$", "which is 0.0087713"),
    ],
)
def test_a_wrong_line_is_found(line: str, message: str) -> None:
    [finding] = check_text(PAGE + line, "page.md").findings
    assert message in finding.message


def test_a_layer_above_means_nothing_to_other_notations() -> None:
    page = PAGE.replace("nielsen", "lecture") + "$w^2_5 = 0.16$"
    [finding] = check_text(page, "page.md").findings
    assert finding.message == (
        "w^2_5 is no name of this page; write one that it has, or add "
        "names: {'w^2_5': ...} to the front matter"
    )


def test_a_network_of_ones_own_in_this_notation() -> None:
    page = """---
backprop:
  notation: nielsen
  sizes: [1, 1]
  givens: {"a^1_1": 0.5, "w^2_11": 0.4, b1: 0.3, y1: 1, eta: 0.1}
---
$z^2_1 = w^2_{11} a^1_1 + b^2_1 = 0.40 \\times 0.50 + 0.30 = 0.50$"""
    assert not check_text(page, "page.md").findings


def test_the_lecture_has_its_bias_shared_and_nielsen_does_not() -> None:
    assert "b1" in Graph.of(LECTURE).givens
    assert {"b1_1", "b1_2"} <= {*Graph.of(LECTURE).untied().givens}

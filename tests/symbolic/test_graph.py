"""The graph agrees with the arrays, with finite differences and with an autodiff library."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import mpmath
import numpy as np
import pytest
from autograd import grad
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import (
    LECTURE,
    NOTES,
    BiasChoice,
    Example,
    Network,
    backward,
    forward,
    step,
    total_error,
)
from backprop.arguments import Array
from backprop.symbolic.functions import PRECISE
from backprop.symbolic.graph import Graph, Path

HALF = Decimal("0.5")


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Draw a network of one to four layers with a sample; each layer shares its bias or not."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = [rng.normal(size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.normal(size=draw(st.sampled_from([(), (n,)]))) for n in sizes[1:]]
    return Example(
        name="random",
        network=Network(weights, biases),
        inputs=rng.normal(size=sizes[0]),
        targets=rng.uniform(size=sizes[-1]),
        learning_rate=0.5,
    )


def values(graph: Graph, stem: str, count: int) -> list[float]:
    return [float(graph.value(f"{stem}{k + 1}")) for k in range(count)]


def derivatives(graph: Graph, stem: str, count: int) -> list[float]:
    return [float(graph.derivative("E_total", f"{stem}{k + 1}")) for k in range(count)]


def stems(graph: Graph) -> list[str]:
    """Return the name of each layer's neurons, without their number."""
    hidden = len(graph.sizes) - 2
    return [*(["h"] if hidden == 1 else [f"h{k + 1}_" for k in range(hidden)]), "o"]


def parameters(graph: Graph) -> list[str]:
    return [name for name in graph.givens if name[0] in "wb"]


def close(actual: Any, expected: Any) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-14)


def test_lecture_by_name() -> None:
    graph = Graph.of(LECTURE)
    assert graph.names == (
        *("i1", "i2"),
        *("w1", "w2", "b1", "net_h1", "out_h1", "w3", "w4", "net_h2", "out_h2"),
        *("w5", "w6", "b2", "net_o1", "out_o1", "w7", "w8", "net_o2", "out_o2"),
        *("target_o1", "E_o1", "target_o2", "E_o2", "E_total"),
    )
    assert graph.value("w1") == Decimal("0.15")
    assert graph.value("net_h1") == Decimal("0.3775")
    # 1 / (1 + e^-0.3775), from bc -l with scale=45.
    assert graph.value("out_h1") == Decimal("0.5932699921071872551736545615794028154577")
    assert graph.derivative("net_o1", "out_h1") == Decimal("0.40")


@pytest.mark.parametrize(
    ("biases", "error"),
    [("frozen", "0.291027773694"), ("shared", "0.285750886699"), ("per_neuron", "0.280471446791")],
)
def test_lecture_after_one_round(biases: BiasChoice, error: str) -> None:
    after = Graph.of(LECTURE).updated(HALF, biases).value("E_total")
    assert f"{after:.12f}" == error


@given(examples())
def test_forward_agrees_with_the_arrays(example: Example) -> None:
    graph = Graph.of(example)
    expected = forward(example.network, example.inputs)
    for stem, net, out in zip(stems(graph), expected.nets, expected.outs, strict=True):
        close(values(graph, f"net_{stem}", len(net)), net)
        close(values(graph, f"out_{stem}", len(out)), out)
    error = total_error(example.targets, expected.outs[-1])
    close(float(graph.value("E_total")), error)
    close(sum(values(graph, "E_o", len(example.targets))), error)


@given(examples())
def test_derivatives_agree_with_the_arrays(example: Example) -> None:
    graph = Graph.of(example)
    expected = backward(example.network, example.inputs, example.targets)
    for stem, delta in zip(stems(graph), expected.deltas, strict=True):
        close(derivatives(graph, f"net_{stem}", len(delta)), delta)
    weights = np.concatenate([w.ravel() for w in expected.weights])
    close(derivatives(graph, "w", len(weights)), weights)
    for layer, bias in enumerate(expected.biases, start=1):
        if f"b{layer}" in graph.givens:
            close(float(graph.derivative("E_total", f"b{layer}")), bias.sum())
        else:
            close(derivatives(graph, f"b{layer}_", len(bias)), bias)


@given(examples())
def test_derivatives_agree_with_autograd(example: Example) -> None:
    graph = Graph.of(example)
    names = list(graph.givens)

    def error(givens: Array) -> Any:
        given = dict(zip(names, givens, strict=True))
        outs = [given[f"i{k + 1}"] for k in range(graph.sizes[0])]
        weights = (given[name] for name in names if name.startswith("w"))
        for layer, width in enumerate(graph.sizes[1:], start=1):
            below, outs = outs, []
            for k in range(width):
                bias = given.get(f"b{layer}", given.get(f"b{layer}_{k + 1}"))
                net = sum(next(weights) * out for out in below) + bias
                outs.append(0.5 + 0.5 * anp.tanh(net / 2))
        return sum((given[f"target_o{k + 1}"] - out) ** 2 / 2 for k, out in enumerate(outs))

    expected = grad(error)(np.array([float(graph.value(name)) for name in names]))
    close([float(graph.derivative("E_total", name)) for name in names], expected)


@settings(max_examples=25)
@given(examples(), st.data())
def test_derivatives_agree_with_central_differences(example: Example, data: st.DataObject) -> None:
    graph = Graph.of(example)
    wrt = data.draw(st.sampled_from(sorted(graph.givens)))
    of = data.draw(st.sampled_from(graph.names))
    h = Decimal("1e-12")
    with localcontext(PRECISE):
        up, down = (
            Graph(graph.sizes, graph.givens | {wrt: graph.value(wrt) + move}).value(of)
            for move in (h, -h)
        )
        assert abs(graph.derivative(of, wrt) - (up - down) / (2 * h)) < Decimal("1e-18")


@given(examples(), st.data())
def test_products_of_the_paths_sum_to_the_derivative(example: Example, data: st.DataObject) -> None:
    graph = Graph.of(example)
    of, wrt = (data.draw(st.sampled_from(graph.names)) for _ in range(2))
    paths = graph.paths(of, wrt)
    with localcontext(PRECISE):
        total = sum((path.product for path in paths), Decimal(0))
        assert abs(total - graph.derivative(of, wrt)) <= Decimal("1e-36") * (1 + abs(total))
    assert len({path.nodes for path in paths}) == len(paths)
    for path in paths:
        assert (path.nodes[0], path.nodes[-1]) == (of, wrt)
        assert path.factors == tuple(map(graph.local, path.nodes, path.nodes[1:]))


def test_two_paths_into_a_hidden_neuron() -> None:
    graph = Graph.of(LECTURE)
    paths = graph.paths("E_total", "out_h1")
    assert [path.nodes for path in paths] == [
        ("E_total", "E_o1", "out_o1", "net_o1", "out_h1"),
        ("E_total", "E_o2", "out_o2", "net_o2", "out_h1"),
    ]
    assert [f"{path.product:.9f}" for path in paths] == ["0.055399425", "-0.019049118"]


def test_no_path() -> None:
    graph = Graph.of(LECTURE)
    for of, wrt in [("net_h1", "w3"), ("w1", "w2"), ("net_h1", "E_total"), ("out_h1", "target_o1")]:
        assert graph.derivative(of, wrt) == 0
        assert graph.paths(of, wrt) == []
        assert graph.local(of, wrt) == 0


def test_a_node_moves_itself_by_one() -> None:
    graph = Graph.of(LECTURE)
    (path,) = graph.paths("out_h1", "out_h1")
    assert path == Path(nodes=("out_h1",), factors=())
    assert path.product == 1
    assert graph.derivative("out_h1", "out_h1") == 1


def test_local_is_one_factor() -> None:
    graph = Graph.of(LECTURE)
    out = graph.value("out_o1")
    with mpmath.workdps(60):
        true = 1 / (1 + mpmath.exp(-mpmath.mpf(str(graph.value("net_o1")))))
        found = mpmath.mpf(str(graph.local("out_o1", "net_o1")))
        assert abs(found - true * (1 - true)) < mpmath.mpf("1e-40")
    with localcontext(PRECISE):
        assert graph.local("E_o1", "out_o1") == -(graph.value("target_o1") - out)
    assert graph.local("E_total", "w5") == 0


def test_the_slope_of_a_saturated_neuron_has_all_its_digits() -> None:
    """Of 1 - out, 40 digits leave none where net is 100: the logistic function of -net has them."""
    graph = Graph([1, 1], {"i1": Decimal(1), "w1": Decimal(60), "b1": Decimal(40),
                           "target_o1": Decimal(0)})  # fmt: skip
    with mpmath.workdps(100):
        out = 1 / (1 + mpmath.exp(-100))
        slope = Decimal(mpmath.nstr(out * (1 - out), 45))
    assert abs(graph.local("out_o1", "net_o1") / slope - 1) < Decimal("1e-27")
    assert slope.adjusted() == -44


@settings(max_examples=50)
@given(examples(), st.sampled_from(["frozen", "per_neuron"]))
def test_round_agrees_with_the_arrays(example: Example, biases: BiasChoice) -> None:
    graph = Graph.of(example).updated(Decimal("0.3"), biases)
    network = step(
        example.network, example.inputs, example.targets, learning_rate=0.3, biases=biases
    )
    same = Graph.of(replace(example, network=network))
    for name in parameters(graph):
        shared = name if name in same.givens else name.partition("_")[0]
        close(float(graph.value(name)), float(same.value(shared)))


def test_rounds_of_a_shared_bias_agree_with_the_arrays() -> None:
    graph, network = Graph.of(NOTES), NOTES.network
    for _ in range(5):
        graph = graph.updated(HALF, "shared")
        network = step(network, NOTES.inputs, NOTES.targets, learning_rate=0.5, biases="shared")
    for name, value in Graph.of(replace(NOTES, network=network)).givens.items():
        close(float(graph.value(name)), float(value))


def test_an_update_leaves_its_graph_alone() -> None:
    graph = Graph.of(LECTURE)
    before = {name: graph.value(name) for name in graph.names}
    graph.updated(HALF, "per_neuron")
    assert {name: graph.value(name) for name in graph.names} == before


def test_a_slope_keeps_its_digits_where_the_output_is_close_to_1() -> None:
    givens = {"i1": Decimal(1), "w1": Decimal(80), "b1": Decimal(0), "target_o1": Decimal(0)}
    graph = Graph((1, 1), givens)
    with mpmath.workdps(80):
        true = 1 / (1 + mpmath.exp(-80))
        ratio = mpmath.mpf(str(graph.local("out_o1", "net_o1"))) / (true * (1 - true))
        assert abs(ratio - 1) < mpmath.mpf("1e-37")


def test_saturated_neurons_are_no_error() -> None:
    tiny = Graph(
        (1, 1),
        dict.fromkeys(("i1", "target_o1"), Decimal(1))
        | {"w1": -Decimal("1e300"), "b1": Decimal(0)},
    )
    assert tiny.value("out_o1") == 0
    assert tiny.derivative("E_total", "w1") == 0


def test_long_chain() -> None:
    sizes = (1,) * 400
    weights = {f"w{k}": Decimal("0.5") for k in range(1, 400)}
    biases = {f"b{k}": Decimal("0.1") for k in range(1, 400)}
    graph = Graph(sizes, {"i1": HALF, "target_o1": HALF} | weights | biases)
    (path,) = graph.paths("E_total", "i1")
    assert len(path.nodes) == 2 * 399 + 3


@pytest.mark.parametrize(
    "ask",
    [
        lambda graph: graph.value("net_h3"),
        lambda graph: graph.local("net_h3", "w1"),
        lambda graph: graph.local("net_h1", "net_h3"),
        lambda graph: graph.derivative("net_h3", "w1"),
        lambda graph: graph.derivative("E_total", "net_h3"),
        lambda graph: graph.paths("net_h3", "w1"),
        lambda graph: graph.paths("E_total", "net_h3"),
    ],
)
def test_unknown_name(ask: Callable[[Graph], object]) -> None:
    with pytest.raises(ValueError, match=r"^name: 'net_h3' came, .*net_h2"):
        ask(Graph.of(LECTURE))


def test_a_name_like_no_other() -> None:
    with pytest.raises(ValueError, match=r"'!' came, expected a name such as i1, i2, w1, \.\.\.$"):
        Graph.of(LECTURE).value("!")


GIVENS = Graph.of(LECTURE).givens


@pytest.mark.parametrize(
    ("sizes", "givens", "message"),
    [
        ((2,), GIVENS, r"^sizes: \(2,\) came, expected two"),
        ((2, 0, 2), GIVENS, r"^sizes: \(2, 0, 2\) came, expected two"),
        ((2, 2, 3), GIVENS, "^givens: w9 is missing, expected a number$"),
        ((2, 2, 2), GIVENS | {"w9": HALF}, "^givens: 'w9' came, expected a name such as w"),
        ((2, 2, 2), GIVENS | {"out_h1": HALF}, "^givens: 'out_h1' came"),
        ((2, 2, 2), GIVENS | {"b1_2": HALF}, "^givens: 'b1_2' came"),
        ((2, 2, 2), GIVENS | {"w5": Decimal("NaN")}, "^givens: w5 = NaN came, expected a finite"),
        ((2, 2, 2), GIVENS | {"w5": Decimal("-1e309")}, "^givens: w5 = -1E[+]309 came"),
    ],
)
def test_bad_givens(sizes: tuple[int, ...], givens: dict[str, Decimal], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Graph(sizes, givens)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (
            {"activations": "step"},
            r"^activations: 'step' \(str\) came, expected one of logistic, tanh, relu, linear, so",
        ),
        ({"activations": ["logistic"]}, "^activations: 1 came, expected one for each of 2 layers$"),
        (
            {"loss": "cubic"},
            r"^loss: 'cubic' \(str\) came, expected one of half_squared, squared, mean_squared, ",
        ),
    ],
)
def test_an_unknown_form(form: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Graph((2, 2, 2), GIVENS, **form)


def test_one_network_at_a_time() -> None:
    many = Network([np.zeros((5, 2, 2))], [0])
    with pytest.raises(ValueError, match=r"^example: leading axes came, expected one network"):
        Graph.of(replace(LECTURE, network=many))
    several = np.zeros((5, 2))
    for example in (replace(LECTURE, inputs=several), replace(LECTURE, targets=several)):
        with pytest.raises(ValueError, match=r"^example: leading axes came"):
            Graph.of(example)


def test_bad_bias_choice() -> None:
    with pytest.raises(ValueError, match=r"^biases: 'tied'"):
        Graph.of(LECTURE).updated(HALF, "tied")  # type: ignore[arg-type]  # wrong on purpose
    untied = Graph.of(LECTURE).updated(HALF, "per_neuron")
    with pytest.raises(ValueError, match=r"^biases: 'shared' came with b1_1, expected one bias"):
        untied.updated(HALF, "shared")


def test_a_rate_out_of_range() -> None:
    with pytest.raises(ValueError, match=r"^givens: w1 = .* expected a finite number"):
        Graph.of(LECTURE).updated(Decimal("1e999"))


def test_the_graph_of_an_example_has_its_activations() -> None:
    network = Network(LECTURE.network.weights, LECTURE.network.biases, ["tanh", "logistic"])
    graph = Graph.of(replace(LECTURE, network=network))
    assert graph.form.activations == ("tanh", "logistic")

"""The browser computes what the package does."""

import random
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from browsers import serving
from builds import scripts
from numpy.testing import assert_allclose
from playwright.sync_api import Browser, Error, Page
from softplus import FORM, extended_tables
from softplus import graph as softplus_graph

from backprop import LECTURE, NOTES, BiasChoice, Network, train, train_with_new_output_weights
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

CHOICES: list[BiasChoice] = ["frozen", "shared", "per_neuron"]
CLOSE = 1e-12
ROUNDS = [0, 1, 10, 100, 1000, 10_000]
LONG = [[2, 2, 2], [1, 1], [3, 1, 2], [1, 3, 2, 2], [4, 5, 3]]
rng = np.random.default_rng(7)


def ask(page: Page, body: str, given: object = None) -> Any:
    """Run the body of a function of `engine`, the module, and `given`; return what it returns."""
    module = 'const engine = await import("/engine.js");'
    return page.evaluate(f"async (given) => {{ {module} {body} }}", given)


class Networks(NamedTuple):
    """Random networks of one shape, side by side, each with its own sample and rate."""

    sizes: list[int]
    network: Network
    inputs: np.ndarray
    targets: np.ndarray
    rates: np.ndarray

    @classmethod
    def draw(cls, sizes: list[int], count: int, *, one_bias: bool) -> "Networks":
        """Draw numbers of both signs."""

        def numbers(*shape: int) -> np.ndarray:
            return rng.uniform(-2, 2, (count, *shape))

        biases = [numbers(1) + np.zeros(n) if one_bias else numbers(n) for n in sizes[1:]]
        weights = [numbers(n, m) for m, n in pairwise(sizes)]
        network = Network(weights, biases)
        targets = rng.uniform(0, 1, (count, sizes[-1]))
        return cls(sizes, network, numbers(sizes[0]), targets, rng.uniform(0.01, 1, count))

    def givens(self, *, one_bias: bool) -> list[dict[str, float]]:
        """Return the numbers of each network by name."""
        named = []
        for k in range(len(self.rates)):
            weights = np.concatenate([w[k].ravel() for w in self.network.weights])
            groups = {"i": self.inputs[k], "w": weights, "target_o": self.targets[k]}
            for layer, bias in enumerate(self.network.biases, start=1):
                groups |= {} if one_bias else {f"b{layer}_": bias[k]}
            shared = {f"b{j}": float(b[k][0]) for j, b in enumerate(self.network.biases, start=1)}
            each = {
                f"{stem}{j}": float(x)
                for stem, numbers in groups.items()
                for j, x in enumerate(numbers, start=1)
            }
            named.append(each | (shared if one_bias else {}))
        return named


def by_name(networks: Network, *, one_bias: bool) -> list[dict[str, float]]:
    """Return the weights and biases of each of several networks."""
    named = []
    for k in range(len(networks.weights[0])):
        weights = np.concatenate([w[k].ravel() for w in networks.weights])
        each = {f"w{j}": float(x) for j, x in enumerate(weights, start=1)}
        for layer, bias in enumerate(networks.biases, start=1):
            if one_bias:
                each[f"b{layer}"] = float(bias[k][0])
            else:
                each |= {f"b{layer}_{j}": float(x) for j, x in enumerate(bias[k], start=1)}
        named.append(each)
    return named


TRAIN = """
  const { sizes, all, rates, rounds, options } = given;
  return all.map((givens, k) => engine.train(sizes, givens, rates[k], rounds, options));
"""


def hold(found: list[dict[str, Any]], expected: list[dict[str, float]]) -> None:
    """Hold trained weights against the package's.

    A weight that has come close to 0 carries the rounding of the larger ones it was moved by, so
    the size of a network's largest weight is what the difference is measured by.
    """
    for mine, theirs in zip(found, expected, strict=True):
        names = [*theirs]
        a = np.array([mine["givens"][name] for name in names])
        b = np.array([theirs[name] for name in names])
        assert abs(a - b).max() <= CLOSE * abs(b).max()


@pytest.mark.parametrize("sizes", LONG, ids=str)
@pytest.mark.parametrize("biases", CHOICES)
def test_training_is_the_same_for_10000_rounds(
    modules: Page, sizes: list[int], biases: BiasChoice
) -> None:
    drawn = Networks.draw(sizes, 40, one_bias=biases == "shared")
    expected = train(
        drawn.network,
        drawn.inputs,
        drawn.targets,
        learning_rate=drawn.rates,
        biases=biases,
        rounds=ROUNDS[-1],
        keep=ROUNDS,
    )
    one_bias = biases == "shared"
    given = {
        "sizes": sizes,
        "all": drawn.givens(one_bias=one_bias),
        "rates": drawn.rates.tolist(),
        "rounds": ROUNDS[-1],
        "options": {"biases": biases, "keep": ROUNDS},
    }
    found = ask(modules, TRAIN, given)
    hold(found, by_name(expected.network, one_bias=one_bias))
    # An error is half a squared distance. Distances are compared, in units of the outputs: where
    # a network hits its targets to the last digit, nothing of the distance is left but rounding.
    errors = np.array([each["errors"] for each in found]).T
    assert_allclose(np.sqrt(2 * errors), np.sqrt(2 * expected.errors), rtol=CLOSE, atol=CLOSE)


FORMS = {
    "binary_cross_entropy": ["tanh", "logistic"],
    "cross_entropy": ["relu", "softmax"],
    "half_squared": ["tanh", "softmax"],
}


@pytest.mark.parametrize("loss", FORMS)
@pytest.mark.parametrize("factor", [1, 30, 800])
@pytest.mark.parametrize("biases", CHOICES)
def test_training_is_the_same_where_an_output_is_rounded_to_0_or_1(
    modules: Page, loss: str, factor: int, biases: BiasChoice
) -> None:
    one_bias = biases == "shared"
    drawn = Networks.draw([2, 3, 2], 40, one_bias=one_bias)
    weights = [drawn.network.weights[0], factor * drawn.network.weights[1]]
    network = Network(weights, drawn.network.biases, FORMS[loss])
    targets = drawn.targets[:, :1] * [1, -1] + [0, 1]  # which sum to 1
    targets[:20] = targets[:20].round()
    expected = train(
        network,
        drawn.inputs,
        targets,
        learning_rate=0.1,
        biases=biases,
        loss=loss,
        rounds=5,
        keep=[0, 1, 5],
    )
    given = {
        "sizes": drawn.sizes,
        "all": drawn._replace(network=network, targets=targets).givens(one_bias=one_bias),
        "rates": [0.1] * 40,
        "rounds": 5,
        "options": {
            "biases": biases,
            "keep": [0, 1, 5],
            "form": {"activations": FORMS[loss], "loss": loss},
        },
    }
    found = ask(modules, TRAIN, given)
    hold(found, by_name(expected.network, one_bias=one_bias))
    errors = np.array([each["errors"] for each in found]).T
    # Where it is close to 0, the logarithm of a sum close to 1 has the rounding of that sum.
    assert_allclose(errors, expected.errors, rtol=1e-10, atol=1e-15)
    assert factor == 1 or (errors[0] > factor / 10).any() or loss == "half_squared"


@pytest.mark.parametrize("sizes", LONG, ids=str)
def test_the_slip_is_the_same_for_10000_rounds(modules: Page, sizes: list[int]) -> None:
    drawn = Networks.draw(sizes, 40, one_bias=False)
    expected = train_with_new_output_weights(
        drawn.network, drawn.inputs, drawn.targets, learning_rate=0.5, rounds=ROUNDS[-1]
    )
    given = {
        "sizes": sizes,
        "all": drawn.givens(one_bias=False),
        "rates": [0.5] * len(drawn.rates),
        "rounds": ROUNDS[-1],
        "options": {"order": "new"},
    }
    hold(ask(modules, TRAIN, given), by_name(expected, one_bias=False))


GRAPHS = """
  return given.map(({ sizes, givens }) => {
    const net = engine.graph(sizes, givens);
    const slopes = net.names.map((wrt) => net.derivative("E_total", wrt));
    return { names: net.names, values: net.names.map(net.value), slopes };
  });
"""


def test_graphs_of_any_widths_have_the_same_values_and_derivatives(modules: Page) -> None:
    chance = random.Random(5)  # noqa: S311
    cases = []
    for _ in range(2000):
        sizes = [chance.randint(1, 4) for _ in range(chance.randint(2, 5))]
        one_bias = chance.random() < 0.5
        givens = Networks.draw(sizes, 1, one_bias=one_bias).givens(one_bias=one_bias)[0]
        cases.append({"sizes": sizes, "givens": givens})
    for case, found in zip(cases, ask(modules, GRAPHS, cases), strict=True):
        givens = {name: Decimal(x) for name, x in case["givens"].items()}  # type: ignore[attr-defined, misc]
        graph = Graph(case["sizes"], givens)  # type: ignore[arg-type]
        assert tuple(found["names"]) == graph.names
        for name, value, slope in zip(graph.names, found["values"], found["slopes"], strict=True):
            off = abs(value - float(graph.value(name)))
            # What the numbers are added up from is looked for only where it makes a difference.
            assert off <= CLOSE * abs(value) or off <= CLOSE * scale(graph, name)
            true = float(graph.derivative("E_total", name))
            if abs(slope - true) > CLOSE * max(abs(true), 1e-3):
                # Parts that cancel leave the rounding of the parts, as does a target that is hit.
                parts = [abs(float(path.product)) for path in graph.paths("E_total", name)]
                assert abs(slope - true) <= CLOSE * max(parts)


def scale(graph: Graph, name: str) -> float:
    """Return the size of what a value is added up from, of which rounding leaves a share."""
    own = abs(float(graph.value(name)))
    if name.startswith("net_"):
        below = [other for other in graph.names if graph.local(name, other)]
        return max(own, *(abs(float(graph.value(other))) for other in below))
    return max(own, 1e-3) if name.startswith("E_") else own


@pytest.mark.parametrize("example", [NOTES, LECTURE], ids=lambda example: example.name)
def test_each_derivative_by_each_is_that_of_the_graph(modules: Page, example: Any) -> None:
    graph = Graph.of(example)
    pairs = [*product(graph.names, repeat=2)]
    body = """
      const net = engine.graph(given.sizes, given.givens);
      return given.pairs.map(([of, wrt]) => [net.local(of, wrt), net.derivative(of, wrt)]);
    """
    givens = {name: float(value) for name, value in graph.givens.items()}
    found = ask(modules, body, {"sizes": graph.sizes, "givens": givens, "pairs": pairs})
    expected = [[float(graph.local(*pair)), float(graph.derivative(*pair))] for pair in pairs]
    assert_allclose(found, expected, rtol=CLOSE)


def test_what_is_added_to_the_tables_is_known_to_the_browser(
    browser: Browser, tmp_path: Path
) -> None:
    body = """
      const { sizes, givens, form, pairs } = given;
      const { double } = await import("/decimal.js");
      const net = engine.graph(sizes, givens, double, form);
      const { value } = engine.graph(sizes, givens, BigInt, form);
      const softplus = double(engine.evaluate(["softplus", ["+", "net_h1", 1]], value));
      const slope = double(engine.evaluate(["softplus'", "net_h1"], value));
      const slopes = pairs.map(([of, wrt]) => net.derivative(of, wrt));
      return { values: net.names.map(net.value), names: net.names, slopes, softplus, slope };
    """
    with extended_tables(), serving(scripts(tmp_path)) as address:
        expected = softplus_graph()
        pairs = [*product(expected.names, repeat=2)]
        page = browser.new_page()
        page.goto(f"{address}/site.css")
        givens = {name: float(value) for name, value in expected.givens.items()}
        given = {"sizes": expected.sizes, "givens": givens, "form": FORM, "pairs": pairs}
        found = ask(page, body, given)
        page.close()
        assert tuple(found["names"]) == expected.names
        values = [float(expected.value(name)) for name in expected.names]
        assert_allclose(found["values"], values, rtol=CLOSE)
        slopes = [float(expected.derivative(*pair)) for pair in pairs]
        assert_allclose(found["slopes"], slopes, rtol=CLOSE)
        net = float(expected.value("net_h1"))
        assert found["softplus"] == pytest.approx(np.log1p(np.exp(net + 1)), rel=CLOSE)
        assert found["slope"] == pytest.approx(1 / (1 + np.exp(-net)), rel=CLOSE)


@pytest.mark.parametrize("biases", CHOICES)
def test_one_round_is_that_of_the_graph(modules: Page, biases: BiasChoice) -> None:
    graph = Graph.of(LECTURE)
    expected = graph.updated(Decimal("0.5"), biases).givens
    body = "return engine.train(given.sizes, given.givens, 0.5, 1, { biases: given.biases }).givens"
    givens = {name: float(value) for name, value in graph.givens.items()}
    found = ask(modules, body, {"sizes": graph.sizes, "givens": givens, "biases": biases})
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(float(value), rel=CLOSE)


@pytest.mark.parametrize("biases", CHOICES)
def test_with_the_slip_biases_follow_the_same_deltas_as_weights(
    modules: Page, biases: BiasChoice
) -> None:
    drawn = Networks.draw([2, 3, 2], 20, one_bias=biases == "shared")
    before = drawn.givens(one_bias=biases == "shared")
    options = {"biases": biases, "order": "new"}
    given = {"sizes": drawn.sizes, "all": before, "rates": [0.5] * 20, "rounds": 1}
    for old, new in zip(before, ask(modules, TRAIN, given | {"options": options}), strict=True):
        # The weight into a hidden neuron from i1 moves by rate * delta * i1.
        moves = [(old[f"w{k}"] - new["givens"][f"w{k}"]) / old["i1"] for k in (1, 3, 5)]
        names = {"frozen": ["b1_1"], "shared": ["b1"], "per_neuron": ["b1_1", "b1_2", "b1_3"]}
        expected = {"frozen": [0], "shared": [sum(moves)], "per_neuron": moves}[biases]
        found = [old[name] - new["givens"][name] for name in names[biases]]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_numbers_are_rounded_as_the_checker_rounds_them(modules: Page) -> None:
    chance = random.Random(3)  # noqa: S311
    texts = ["0", "-0.0", "0.5", "1.5", "-0.5", "2.675", "1.005", "-1.005", "9.995", "-0.004"]
    texts += ["99999999.5", "1e21", "-1e-300", "123456789012345678", "0.000000125"]
    for _ in range(5000):  # half-way cases, and numbers of any size with all their digits
        digits = chance.randint(0, 8)
        texts.append(f"{chance.uniform(-20, 20):.{digits}f}5")
        texts.append(repr(chance.uniform(-1, 1) * 10 ** chance.randint(-12, 9)))
    asked = [(float(text), places) for text in texts for places in (0, 1, 2, 6, 8)]
    found = ask(modules, "return given.map(([x, places]) => engine.rounded(x, places))", asked)
    for (x, places), text in zip(asked, found, strict=True):
        value = Decimal(f"{x:.14e}")  # the 15 digits that a double is good for
        expected = rounded(value, Decimal(1).scaleb(-places))
        assert text == f"{expected or abs(expected):.{places}f}", (x, places)


def test_no_net_input_is_too_large(modules: Page) -> None:
    nets = [0, 1, -1, 40, -40, 709, -709, -745, 800, -800, 1e308, -1e308]
    found = ask(modules, "return given.map(engine.logistic)", nets)
    from backprop.activations import logistic  # noqa: PLC0415

    assert_allclose(found, logistic(np.array(nets, float)), rtol=CLOSE, atol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("graph([2, 2, 2], { ...g, w5: undefined })", "w5 = undefined came"),
        ("graph([2, 2, 2], { ...g, w5: Infinity })", "w5 = Infinity came"),
        ("graph([2, 2, 2], { ...g, w9: 1 })", "w9 came, expected one of i1, i2"),
        ("graph([2, 2, 3], g)", "w9 = undefined came"),
        ("graph([2, 2, 2], g).value('net_h3')", "net_h3 came"),
        ("train([2, 2, 2], g, 1, 1, { biases: 'thawed' })", "biases: thawed came"),
        ("train([2, 2, 2], g, 1, 1, { order: 'odd' })", "order: odd came"),
        ("train([2, 2, 2], own, 1, 1, { biases: 'shared' })", "'shared' came with b1_1"),
        ("train([2, 2, 2], { ...g, target_o1: 1e10 }, 1e308, 9)", "drives a weight to infinity"),
    ],
)
def test_what_is_wrong_is_said(modules: Page, call: str, message: str) -> None:
    graph = Graph.of(LECTURE)
    givens = {name: float(value) for name, value in graph.givens.items()}
    own = "const { b1, ...rest } = g; const own = { ...rest, b1_1: b1, b1_2: b1 };"
    with pytest.raises(Error, match=message.replace("[", r"\[")):
        ask(modules, f"const g = given; {own} return engine.{call}", givens)

"""The browser computes the numbers of pages of other kinds as the checker does."""

import base64
import json
import math
import random
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from browsers import serving
from builds import build, own_warnings, write
from kinds import FEW, Kind, name_of
from playwright.sync_api import Page

from backprop import Network
from backprop.pages.check import check, check_text
from backprop.pages.commands import pages_in
from backprop.pages.expressions import NAMES, values_of
from backprop.pages.live import live, python_tree
from backprop.pages.page import Page as Source
from backprop.pages.reader import read
from backprop.pages.render import render
from backprop.pages.rewrite import Bound, span
from backprop.site.mathml import to_mathml
from backprop.symbolic.arrays import arrays_of
from backprop.symbolic.definitions import RATE
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

PAGES = pages_in(Path(__file__).parents[1] / "pages" / "kinds")
NAMED_PAGES = pages_in(Path(__file__).parents[1] / "pages" / "named")
all_pages = pytest.mark.parametrize("path", [*PAGES, *NAMED_PAGES], ids=lambda path: path.stem)
WRITTEN = """async ({ numbers, exprs, worlds, names, where }) => {
  const { namesOf } = await import("/names.js");
  const { valuesOf, written } = await import("/numbers.js");
  const of = worlds.map((world) => valuesOf(world, namesOf({ names, where }, world)));
  return numbers.map(([expr, world, , form, mode]) => {
    const { negative, digits } = written(of[world](exprs[expr]), form, mode, 0);
    return [negative, digits];
  });
}"""


def printed(bound: Bound) -> list[Any]:
    text = bound.binding.number.text
    return [span(bound).signed and any(digit in text for digit in "123456789"), text]


def draw(names: list[str], dice: random.Random) -> dict[str, Decimal]:
    return {name: Decimal(dice.randint(-150, 150)).scaleb(-2) for name in names}


@all_pages
def test_all_numbers_are_written_as_python_writes_them(modules: Page, path: Path) -> None:
    page, dice = read(path), random.Random(1)  # noqa: S311  # the same ones in every run
    checked = check(path)
    data = {key: live(checked).data[key] for key in DATA}
    assert modules.evaluate(WRITTEN, data) == [printed(bound) for bound in checked.bound]
    [world] = data["worlds"]
    for _ in range(3):
        changes = draw([name for name in world["givens"] if not name.startswith("target")], dice)
        rate = Decimal(dice.randint(1, 100)).scaleb(-2)
        new = render(page, changes | {RATE: rate}, "new.md", run=False, longer=False)
        expected = check_text(new.checked.page.file, "new.md").bound
        givens = world["givens"] | {name: float(x) for name, x in changes.items()}
        now = {**data, "worlds": [{**world, "givens": givens, "rate": float(rate)}]}
        assert modules.evaluate(WRITTEN, now) == [printed(bound) for bound in expected]


DATA = ("numbers", "exprs", "worlds", "names", "where")
NAMED = """async ([trees, world]) => {
  const { namesOf } = await import("/names.js");
  const worth = namesOf({ names: trees.map((tree) => ["", tree]), where: {} }, world);
  return trees.map((_, k) => {
    try {
      return worth(k);
    } catch ({ message }) {
      return message;
    }
  });
}"""


def world_data(graph: Graph, biases: str = "frozen") -> dict[str, Any]:
    """Return a network as the browser gets it."""
    form = graph.form
    return {
        "sizes": graph.sizes,
        "givens": {name: float(x) for name, x in graph.givens.items()},
        "rate": 0.5,
        "biases": biases,
        "form": {
            "activations": form.activations,
            "loss": form.loss,
            "over": form.over_samples,
        },
    }


def named(kind: Kind) -> list[str]:
    """Return expressions over a network of a kind."""
    at, loss = ("[1]" if kind.samples else ""), f"loss='{kind.loss}'"
    how = f"learning_rate=0.25, rounds=3, keep=[0, 3], samples='{kind.over}', {loss}"
    biases = ("'frozen'", "'per_neuron'")[kind.biases != "none"]
    trained = f"train(network, inputs, targets, biases={biases}, {how})"
    outs = "forward(network, inputs).outs[-1]"
    return [
        f"total_error(targets, {outs}, {loss}){at}",
        f"total_error(targets, {outs}){at}",
        f"output_errors(targets, {outs}, {loss}){at}[0]",
        f"forward(network, inputs).nets[0]{at}[-1] * learning_rate",
        f"{trained}.errors[-1] - {trained}.errors[0]",
        f"forward({trained}.network, inputs).outs[0]{at}[0]",
        f"{trained}.network.weights[-1][0][-1]",
        f"{trained}.network.biases[0][0]" if kind.biases != "none" else "network.weights[0][0][0]",
        "network.sizes[1] / 3",
        "forward(Network([[[0.3, -0.2]]], [[0.1]], 'tanh'), [1, 2]).outs[0][0]",
        "forward(Network([[[0.3]]], [[0.1]], activations=['relu']), [-1]).outs[0][0]",
    ]


@pytest.mark.parametrize("kind", FEW, ids=name_of)
def test_a_name_of_a_page_is_what_the_package_says(modules: Page, kind: Kind) -> None:
    graph, texts = kind.graph(), named(kind)
    weights, biases, inputs, targets = arrays_of(graph.sizes, graph.givens)
    network = Network(weights, biases, graph.form.activations)
    page = {"network": network, "inputs": inputs, "targets": targets, "learning_rate": 0.5}
    expected = [values_of(text, {**NAMES, **page}) for text in texts]
    trees = [python_tree(text) for text in texts]
    found = modules.evaluate(NAMED, [trees, world_data(graph)])
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-13)


TRAINED = "train(network, inputs, targets, learning_rate=0.1, biases='frozen', rounds=1, keep=[1], "


@pytest.mark.parametrize(
    "text",
    [
        f"{TRAINED} momentum=0.5).errors[0]",
        f"{TRAINED} samples='online').errors[0]",
        f"{TRAINED.replace('train', 'train_with_new_output_weights')}).weights[0][0][0]",
        "inputs",
        "total_error([0.5], [0.2], loss='none')",
    ],
)
def test_a_name_that_the_browser_cannot_compute_is_left_alone(modules: Page, text: str) -> None:
    graph = Kind((2, 2, 1), ("tanh", "linear"), "squared").graph()
    [found] = modules.evaluate(NAMED, [[python_tree(text)], world_data(graph)])
    assert isinstance(found, str)


@pytest.fixture(scope="module")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of these pages, with all that the real one has."""
    folder = tmp_path_factory.mktemp("site")
    site = folder / "site"
    site.mkdir()
    pages = {path.name: path.read_text("utf-8") for path in (*PAGES, *NAMED_PAGES)}
    pages["index.md"] = "---\ndescription: Pages of each kind.\n---\n\n# Pages\n"
    with serving(site) as address:
        result = build(write(folder, pages), site)
        assert own_warnings(result.stderr) == []
        assert result.returncode == 0, result.stderr
        yield address


ASKED = """async (example) => {
  history.replaceState(null, "", "?biases=shared&order=new");
  const { storeOf } = await import("/store.js");
  const { biases, order } = storeOf(example).get();
  history.replaceState(null, "", "?");
  return [biases, order];
}"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind((2, 2, 2), ("tanh", "tanh"), "squared"), ["shared", "new"]),
        (Kind((2, 2, 1), ("tanh", "tanh"), "squared", "own"), ["frozen", "new"]),
        (Kind((2, 2, 1), ("tanh", "tanh"), "squared", "none"), ["frozen", "new"]),
        (Kind((2, 1), ("tanh",), "squared", "shared", 2), ["shared", "old"]),
    ],
    ids=lambda kind: name_of(kind) if isinstance(kind, Kind) else "",
)
def test_an_address_asks_for_nothing_that_a_network_cannot_do(
    modules: Page, kind: Kind, expected: list[str]
) -> None:
    example = {"example": name_of(kind), **world_data(kind.graph())}
    assert modules.evaluate(ASKED, example) == expected


TYPE = """async (givens) => {
  await import("/assets/names.js"); // which the page asks for when a number changes
  for (const [name, number] of Object.entries(givens)) {
    const field = document.getElementById(`bp-${name}`);
    field.value = number;
    field.dispatchEvent(new Event("input"));
  }
  await new Promise((done) => setTimeout(done, 100));
  const formulas = document.querySelectorAll(".md-content .bp-part .math math");
  return [...formulas].map((math) => math.textContent);
}"""


def shown(page: Source) -> list[str]:
    """What a reader sees of each formula, spaces aside."""
    return ["".join(to_mathml(math.latex, "inline").itertext()) for math in page.math]


@all_pages
def test_a_reader_may_change_every_given(tab: Page, path: Path) -> None:
    tab.goto(f"/{path.stem}/")
    tab.wait_for_selector(".bp-open", state="attached")
    tab.click(".bp-open")
    page = read(path)
    fields = tab.locator(".bp-given input[type=text]").all()
    names = [str(each.get_attribute("id")).removeprefix("bp-") for each in fields]
    [world] = {id(bound.world): bound.world for bound in check(path).bound}.values()
    assert sorted(names) == sorted([*world.graph.givens, "rate"])
    changes = draw([name for name in world.graph.givens if name[0] in "wb"], random.Random(2))  # noqa: S311
    live_texts = tab.evaluate(TYPE, {name: str(x) for name, x in changes.items()})
    assert live_texts == shown(render(page, changes, "new.md", run=False).checked.page)
    tab.locator("[data-n]").last.hover()
    card = tab.locator(".bp-card").inner_text()
    assert "=" in card
    assert "NaN" not in card


STEPS = """async ([world, order]) => {
  const { sayingOf, stepsOf } = await import("/steps.js");
  const labels = new Proxy({}, { get: (_, name) => [String(name), `<mi>${name}</mi>`] });
  return stepsOf({ ...world, order }).map((step) => ({
    ...step, formula: null, line: sayingOf(step, labels).text,
  }));
}"""
WRITTEN_AS = {"\u00d7": "*", "\u2212": "-", "\u00b2": "**2", "\u00bd": "0.5 * ", "\u03c3": "sigma"}
FUNCTIONS = {
    "sigma": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "ReLU": lambda x: max(0.0, x),
    "step": lambda x: float(x > 0),
    "exp": math.exp,
    "ln": math.log,
}


def result_of(line: str) -> str:
    """Return what the line of a step says that its numbers give, which they do."""
    for sign, operator in WRITTEN_AS.items():
        line = line.replace(sign, operator)
    *_, numbers, result = line.split(" = ")
    found = eval(numbers, {"__builtins__": {}}, FUNCTIONS)  # noqa: S307
    assert found == pytest.approx(float(result), abs=2e-5, rel=2e-5), line
    return result


def compare_steps(modules: Page, graph: Graph, rate: Decimal, biases: Any, data: Any) -> int:
    """Compare all steps of a round with a graph, and each line with its own arithmetic.

    Return how many paths lead from the error of one output, and are its derivative.
    """
    after = graph.updated(rate, biases)
    graph = graph.updated(Decimal(0), biases)  # each neuron has its own bias where it learns one
    numbers = {
        "value": graph.value,
        "slope": lambda of: graph.derivative("E_total", of),
        "new": after.value,
    }
    steps = modules.evaluate(STEPS, [data, "old"])
    paths = {"path"} if len(graph.sizes) > 2 else set[str]()
    assert {step["kind"] for step in steps} == {*numbers} | paths
    parts: dict[str, list[float]] = {}
    own = 0
    for step in steps:
        printed, of, line = result_of(step["line"]), step["of"], step["line"]
        if step["kind"] == "path":
            parts.setdefault(of, []).append(step["value"])
            if not (error := re.search(rf"derivative of (E_o\w+) with respect to {of} =", line)):
                continue
            own += 1
            true = graph.derivative(error[1], of)
        else:
            true = numbers[step["kind"]](of)
        assert step["value"] == pytest.approx(float(true), rel=1e-11, abs=1e-15), line
        shown = rounded(true, Decimal("1e-6" if step["kind"] == "value" else "1e-8"))
        assert printed == f"{shown or abs(shown):f}", line
    for name, each in parts.items():
        sum_ = sum(each)
        assert sum_ == pytest.approx(float(graph.derivative("E_total", name)), rel=1e-11, abs=1e-15)
    assert [step["of"] for step in steps if step["kind"] == "value"] == sorted(
        (name for name in graph.names if name not in graph.givens),
        key=lambda name: (name.startswith("E_"), name == "E_total"),
    )
    moved = {name for name in graph.givens if name[0] in ("w" if biases == "frozen" else "wb")}
    assert moved == {step["of"] for step in steps if step["kind"] == "new"}
    assert moved < {step["of"] for step in steps if step["kind"] == "slope"}
    return own


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_each_step_of_a_round_says_what_the_graph_says(modules: Page, path: Path) -> None:
    checked = check(path)
    [data] = live(checked).data["worlds"]
    world = checked.bound[0].world
    compare_steps(modules, world.graph, world.learning_rate, world.biases, data)


LEARN = {  # how the biases of a network may learn
    "none": ["frozen"],
    "shared": ["frozen", "shared", "per_neuron"],
    "own": ["frozen", "per_neuron"],
}


@pytest.mark.parametrize(
    ("kind", "biases"),
    [
        pytest.param(kind, biases, id=f"{name_of(kind)} {biases}")
        for kind in FEW
        for biases in LEARN[kind.biases]
    ],
)
def test_each_step_is_the_graphs_in_other_networks(modules: Page, kind: Kind, biases: str) -> None:
    graph = kind.graph()
    own = compare_steps(modules, graph, Decimal("0.5"), biases, world_data(graph, biases))
    if kind == FEW[0]:  # of the form of the lesson
        assert own == 4


@pytest.mark.parametrize("kind", [kind for kind in FEW if not kind.samples], ids=name_of)
def test_with_the_slip_each_step_follows_from_those_before(modules: Page, kind: Kind) -> None:
    graph = kind.graph()
    steps = modules.evaluate(STEPS, [world_data(graph), "new"])
    slopes = {step["of"]: step["value"] for step in steps if step["kind"] == "slope"}
    order = [step["kind"] for step in steps]
    assert len(graph.sizes) == 2 or order.index("new") < order.index("path")
    for step in steps:
        result_of(step["line"])
        if step["kind"] == "new":
            expected = float(graph.givens[step["of"]]) - 0.5 * slopes[step["of"]]
            assert step["value"] == pytest.approx(expected, rel=1e-11, abs=1e-14), step["line"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_map_steps_through_the_network_of_its_page(tab: Page, path: Path) -> None:
    world = check(path).bound[0].world
    graph = world.graph
    tab.goto(f"/{path.stem}/")
    tab.wait_for_selector(".bp-live")

    def compare(graph: Graph) -> None:
        for name in graph.names:
            places = tab.locator(f'[data-figure="map"] [data-value="{name}"]').all_text_contents()
            assert places
            for text in places:
                value = float(text.replace("\u2212", "-"))
                assert value == pytest.approx(float(graph.value(name)), abs=1e-5), name

    compare(graph)
    tab.click('[data-figure="map"] [data-rounds="1"]')
    tab.wait_for_function("document.querySelector('.bp-say').textContent.includes('Round 1')")
    compare(graph.updated(world.learning_rate, world.biases))
    tab.click("[data-do=restart]")
    last = int(str(tab.locator(".bp-controls input").get_attribute("max")))
    tab.keyboard.press("End")
    said = tab.locator(".bp-controls input").get_attribute("aria-valuetext")
    assert said == f"{last} of {last}, update"
    assert tab.locator("[data-phase='3']").is_visible() == (len(graph.sizes) > 2)


def test_a_reader_chooses_the_sample_that_a_map_shows(tab: Page) -> None:
    tab.goto("/mean/")
    choice = tab.get_by_role("combobox", name="Sample")
    shown = tab.locator("[data-figure=map] [data-name^=net_o1]")
    seen = "els => els.filter(el => el.getBoundingClientRect().width).map(el => el.dataset.name)"
    assert shown.evaluate_all(seen) == ["net_o1_s1"]
    choice.select_option(label="3")
    assert shown.evaluate_all(seen) == ["net_o1_s3"]
    # The next steps are of the first sample, and then of the second
    tab.click("[data-do=next]")
    assert choice.input_value() == "0"
    said = tab.locator(".bp-say > .bp-said").inner_text()
    assert said.startswith("y1;1 adds up what comes in: y1;1 = w1")
    tab.click("[data-do=next]")
    tab.click("[data-do=next]")
    assert shown.evaluate_all(seen) == ["net_o1_s2"]
    # What is changed is of the sample that is shown
    slider = tab.locator("[data-figure=map] [data-name=i1_s2]")
    assert slider.get_attribute("aria-label") == "x1;2"
    slider.focus()
    tab.keyboard.press("ArrowUp")
    assert slider.get_attribute("aria-valuenow") == "1.01"


def test_a_page_is_taken_along_as_a_notebook_with_its_map(served_site: str) -> None:
    with urlopen(f"{served_site}/tanh/tanh.ipynb") as answer:  # noqa: S310  # of this machine
        cells = json.load(answer)["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    words = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert ["math.tanh(1)" in each for each in code] == [True]
    assert r"\tanh'(z_1) = 1 - h_1^2" in "".join(words)
    [attached] = [cell["attachments"] for cell in cells if cell.get("attachments")]
    [picture] = [
        base64.b64decode("".join(data)) for each in attached.values() for data in each.values()
    ]
    assert b'data-value="out_h1"' in picture

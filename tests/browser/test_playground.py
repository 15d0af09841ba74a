"""The playground: how the network learns, and the table of every number."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from mkdocs.utils.meta import get_data
from playwright.sync_api import Page, expect

from backprop import LECTURE, forward, total_error, train, train_with_new_output_weights
from backprop.pages.settings import world_of
from backprop.site.live import mathml
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

ROOT = Path(__file__).parents[2]
OpenTab = Callable[..., Page]
OTHERS = {"w5": -0.3, "i1": 0.8, "target_o2": -0.5, "b1": -0.75}
EIGHT = Decimal("1e-8")


def opened(page: Page, query: str = "") -> Page:
    page.goto(f"/playground/{query}")
    page.wait_for_selector("[data-playground=bar] button")
    return page


def table(page: Page) -> dict[str, tuple[str, str]]:
    """Return the value and the derivative of each name, as they stand in the live table."""
    texts = page.locator("[data-playground=table] tbody :is(th, td)").all_text_contents()
    cells = [text.strip().replace("\N{MINUS SIGN}", "-") for text in texts]
    rows = zip(cells[::3], cells[1::3], cells[2::3], strict=True)
    return {name: (value, slope) for name, value, slope in rows}


def graph_of(givens: dict[str, float]) -> Graph:
    graph = Graph.of(LECTURE)
    return Graph(graph.sizes, graph.givens | {k: Decimal(str(v)) for k, v in givens.items()})


@pytest.mark.parametrize("givens", [{}, OTHERS], ids=["lecture", "others"])
def test_the_table_is_the_graph(tab: Page, givens: dict[str, float]) -> None:
    opened(tab, "?" + "&".join(f"{name}={value}" for name, value in givens.items()))
    graph = graph_of(givens)
    rows = table(tab)
    assert len(rows) == len(graph.names)
    for name in graph.names:
        value, slope = rows[name.replace("_", "")]
        if name in graph.givens:
            assert Decimal(value) == graph.value(name)
        else:
            assert Decimal(value) == rounded(graph.value(name), EIGHT)
        assert Decimal(slope) == rounded(graph.derivative("E_total", name), EIGHT)


def test_the_table_without_javascript_is_the_same(tab: Page, open_tab: OpenTab) -> None:
    live = table(opened(tab))
    plain = open_tab(java_script_enabled=False)
    plain.goto("/playground/")
    assert not plain.locator(".md-content button:visible, .md-content input:visible").count()
    rows = plain.locator("[data-playground=table] tbody tr")
    assert rows.count() == len(live)
    expect(rows.first).to_be_visible()
    # Of what is not laid out until it comes near the screen, the inner text is empty.
    texts_of = (
        "all => all.map((row) => [...row.querySelectorAll('td')].map((td) => td.textContent))"
    )
    shown: list[list[str]] = rows.evaluate_all(texts_of)
    for row, (value, slope) in zip(shown, live.values(), strict=True):
        cells = ["".join(text.split()) for text in row]
        texts = [text.replace("\N{MINUS SIGN}", "-") for text in cells]
        assert Decimal(texts[1]) == Decimal(value)
        assert Decimal(texts[2].split("=")[-1]) == Decimal(slope)


def test_it_is_saved_with_all_its_digits(tab: Page) -> None:
    opened(tab, "?w5=-0.3")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "backprop-round-0.csv"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    graph = graph_of({"w5": -0.3})
    assert rows[0] == ["name", "value", "dE_total/dname"]
    assert [row[0] for row in rows[1:]] == list(graph.names)
    for name, value, slope in rows[1:]:
        assert float(value) == pytest.approx(float(graph.value(name)), rel=1e-14)
        assert float(slope) == pytest.approx(float(graph.derivative("E_total", name)), rel=1e-12)
    tab.get_by_text("Saved as backprop-round-0.csv").wait_for()


def test_it_is_copied_for_a_spreadsheet(open_tab: OpenTab) -> None:
    tab = opened(open_tab(permissions=["clipboard-read", "clipboard-write"]))
    tab.get_by_role("button", name="Copy", exact=True).click()
    tab.get_by_text("Copied: paste it").wait_for()
    lines = tab.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0] == "name\tvalue\tdE_total/dname"
    assert lines[1].split("\t")[:2] == ["i1", "0.05"]


def test_a_browser_that_copies_nothing_says_so(tab: Page) -> None:
    opened(tab)
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error('no')); }")
    tab.get_by_role("button", name="Copy", exact=True).click()
    tab.get_by_text("does not let the page copy").wait_for()


BIASES = {"frozen": "stay as they are", "shared": "each layer", "per_neuron": "each neuron"}


@pytest.mark.parametrize("biases", BIASES)
def test_each_way_to_treat_biases_is_that_of_the_package(tab: Page, biases: str) -> None:
    opened(tab)
    tab.get_by_role("radio", name=BIASES[biases]).check()
    tab.get_by_role("button", name="+10 rounds").click()
    tab.get_by_role("button", name="+1 round", exact=True).click()
    trained = train(
        LECTURE.network,
        LECTURE.inputs,
        LECTURE.targets,
        learning_rate=0.5,
        biases=biases,  # type: ignore[arg-type]
        rounds=11,
    )
    expect(tab.locator("[data-playground=bar] strong")).to_have_text("Round 11")
    rows = table(tab)
    assert Decimal(rows["Etotal"][0]) == rounded(Decimal(float(trained.errors[-1])), EIGHT)
    second = "b2,2" if biases == "per_neuron" else "b2"
    assert float(rows[second][0]) == pytest.approx(trained.network.biases[1][1], abs=6e-9)


def test_the_slip_is_that_of_the_package(tab: Page) -> None:
    opened(tab)
    tab.get_by_role("radio", name="just changed").check()
    tab.get_by_role("button", name="+1,000 rounds").click()
    trained = train_with_new_output_weights(
        LECTURE.network, LECTURE.inputs, LECTURE.targets, learning_rate=0.5, rounds=1000
    )
    expect(tab.locator("[data-playground=bar] strong")).to_have_text("Round 1,000")
    rows = table(tab)
    for k, weight in enumerate(trained.weights[0].ravel(), start=1):
        assert float(rows[f"w{k}"][0]) == pytest.approx(weight, abs=6e-9)


def test_a_choice_is_kept_in_the_link(tab: Page) -> None:
    opened(tab)
    tab.get_by_role("radio", name="each neuron").check()
    expect(tab).to_have_url(re.compile(r"\?biases=per_neuron$"))
    tab.reload()
    assert tab.get_by_role("radio", name="each neuron").is_checked()


FRONT = get_data((ROOT / "docs" / "playground.md").read_text("utf-8"))[1]
NETWORKS = FRONT["networks"]


def off_screen(page: Page, *selectors: str) -> list[str]:
    """Return which of some elements are not wholly in the viewport."""
    size = page.viewport_size
    assert size is not None
    off = []
    for selector in selectors:
        box = page.locator(selector).first.bounding_box()
        assert box is not None, selector
        across = box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
        down = box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
        if not (across and down):
            off.append(f"{selector} {box}")
    return off


NETWORK = ".bp-live svg.network"
STEPS = (
    ".bp-error",
    ".bp-say",
    "[aria-label='Steps of a round']",
    "[aria-label='Parts of a round']",
)
TRAINING = ("[aria-label=Training]", ".bp-curve > svg")
NUMBERS = (".bp-lab .bp-panel", ".bp-lab [data-given=rate]", ".bp-lab .bp-foot")


def test_all_is_on_one_screen_of_a_laptop(tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 800})
    opened(tab)
    tab.get_by_role("button", name="Hidden layer").click()
    assert off_screen(tab, NETWORK, *STEPS, *TRAINING, *NUMBERS) == []
    tab.get_by_role("button", name="+10 rounds").click()
    assert tab.evaluate("scrollY") == 0
    assert off_screen(tab, NETWORK, *STEPS, *TRAINING, *NUMBERS) == []


def test_all_is_on_two_screens_of_a_phone(tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    opened(tab)
    for top, parts in ((NETWORK, (NETWORK, *STEPS)), (TRAINING[0], TRAINING)):
        tab.evaluate(
            "(top) => scrollBy(0, document.querySelector(top).getBoundingClientRect().y - 48)",
            top,  # below the header
        )
        assert off_screen(tab, *parts) == []


# Of all steps: those wider than their place, those that end below the screen, those whose numbers
# are not below the symbols or not those that are read out, and what is read out.
STEP_THROUGH = """() => {
  const say = document.querySelector('.bp-say');
  const slider = document.querySelector('.bp-controls input');
  const box = (element) => element.getBoundingClientRect();
  const found = { wide: [], low: [], differs: [], text: [] };
  for (let k = 1; k <= slider.max; k++) {
    slider.value = k;
    slider.dispatchEvent(new Event('input'));
    const [seen, said] = say.children;
    const text = said.textContent;
    const [, symbols, numbers] = seen.querySelector('.bp-formula').children;
    const rights = [...seen.querySelectorAll('math')].map((math) => box(math).right);
    if (Math.max(...rights) > box(say).right + 0.5) found.wide.push(text);
    if (box(seen).bottom > innerHeight || box(numbers).bottom > innerHeight) found.low.push(text);
    const whole = [...numbers.querySelectorAll('mn')].map((mn) => mn.textContent);
    const decimals = whole.filter((each) => each.includes('.')).join();
    const isBelow = box(numbers).top >= box(symbols).bottom - 1;
    const isSame = decimals === text.match(/\\d+\\.\\d+/g).join();
    if (!isBelow || !isSame || seen.ariaHidden !== 'true') found.differs.push(text);
    found.text.push(text + seen.textContent);
  }
  return found;
}"""


@pytest.mark.parametrize("name", ["", *NETWORKS])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_formula_of_each_step_stands_in_symbols_above_numbers(
    tab: Page, name: str, width: int
) -> None:
    """Of each network of the menu: no formula is cut off, and none lacks a digit."""
    tab.set_viewport_size({"width": width, "height": 800 if width == 1280 else 844})
    opened(tab, f"?network={name}&biases=per_neuron" if name != "deeper" else "?network=deeper")
    found = tab.evaluate(STEP_THROUGH)
    assert len(found["text"]) > 25
    assert found["wide"] == []
    assert width == 390 or found["low"] == []
    assert found["differs"] == []
    assert not any("undefined" in text or "NaN" in text for text in found["text"])


@pytest.mark.parametrize("name", ["", *NETWORKS])
@pytest.mark.parametrize("width", [1280, 390])
def test_letters_of_a_network_are_large_enough_to_read(tab: Page, name: str, width: int) -> None:
    """Of every name, number and heading; an index is smaller, as everywhere."""
    tab.set_viewport_size({"width": width, "height": 844})
    opened(tab, f"?network={name}")
    sizes = tab.locator(f"{NETWORK} text").evaluate_all(
        """all => all.filter((text) => text.getBoundingClientRect().width).map((text) => {
          const first = text.querySelector('[data-value]') ?? text;
          const size = first.getAttribute('font-size') ?? getComputedStyle(first).fontSize;
          return parseFloat(size) * text.getScreenCTM().a;
        })"""
    )
    assert len(sizes) > 20
    assert min(sizes) >= 12


def test_a_formula_is_mathml_with_the_symbols_of_the_pages(tab: Page) -> None:
    opened(tab)
    step = tab.get_by_role("button", name="Step forward")
    tab.get_by_role("button", name="Update").click()
    symbols = tab.locator(".bp-formula > *").nth(1).inner_html()
    assert "<mfrac>" in symbols
    for latex in ("w_5", r"\eta", r"E_{\mathrm{total}}"):
        assert mathml(latex) in symbols.replace("<mo>\u2202</mo>", "")
    said = tab.locator(".bp-say > .bp-said")
    assert (said.text_content() or "").startswith(
        "w5 takes a step against its slope: new w5 = w5 \u2212 \u03b7 \u00d7 "
        "derivative of E_total with respect to w5 = 0.40 \u2212 0.5 \u00d7 0.08216704 ="
    )
    step.click()
    assert mathml("w_6") in tab.locator(".bp-formula > *").nth(1).inner_html()
    assert mathml(r"\mathrm{net}_{h_1}") in tab.locator("[data-playground=table]").inner_html()
    assert mathml("w_5") in tab.locator(".bp-given label").nth(8).inner_html()


def test_the_button_of_several_hidden_layers_says_so(tab: Page) -> None:
    button = tab.locator("[data-phase='3']")
    opened(tab)
    expect(button).to_have_text("Hidden layer")
    opened(tab, "?network=deeper")
    expect(button).to_have_text("Hidden layers")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_menu_brings_the_networks_of_other_pages(tab: Page, name: str) -> None:
    tab.set_viewport_size({"width": 1280, "height": 800})
    opened(tab)
    tab.get_by_label("Network", exact=True).select_option(NETWORKS[name]["title"])
    tab.wait_for_url(f"**/playground/?network={name}")
    tab.wait_for_selector(".bp-live")
    entry = NETWORKS[name]
    front = entry
    if "backprop" not in entry and entry["page"].endswith(".md"):
        front = get_data((ROOT / "docs" / entry["page"]).read_text("utf-8"))[1]
    section = dict(said.split("=", 1) for said in entry.get("section", "").split())
    world = world_of({"backprop": front["backprop"]}, section)
    assert world is not None
    rows = table(tab)
    assert len(rows) == len(world.graph.names)
    error = rounded(world.graph.value("E_total"), EIGHT)
    assert Decimal(rows["Etotal"][0]) == error
    found = tab.locator(".bp-live svg [data-value=E_total]").text_content() or ""
    assert float(found) == pytest.approx(float(error), abs=1e-6)
    assert off_screen(tab, NETWORK, *STEPS, *TRAINING) == []
    tab.get_by_role("button", name="+10 rounds").click()
    expect(tab.locator(".bp-controls strong")).to_have_text("Round 10")
    tab.get_by_role("link", name="its page").click()
    tab.wait_for_url(f"**/{Path(entry['page']).stem}/")


def test_the_network_of_four_samples_is_that_of_its_page() -> None:
    world = world_of(NETWORKS["samples"], {})
    assert world is not None
    questions, answers = (
        np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
        np.array([[0, 0], [0, 1], [0, 1], [1, 1]]),
    )
    errors = total_error(answers, forward(LECTURE.network, questions).outs[-1])
    assert float(world.graph.value("E_total")) == pytest.approx(errors.sum(), rel=1e-12)
    assert "questions = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])" in (
        ROOT / "docs" / "samples.ipynb"
    ).read_text("utf-8")


def test_the_curve_has_its_first_point_at_once_and_keeps_earlier_runs(tab: Page) -> None:
    opened(tab)
    assert tab.locator(".bp-curve .bp-dot").count() == 1
    runs = tab.locator(".bp-curve polyline.bp-earlier")
    assert runs.count() == 0
    tab.get_by_role("button", name="Start over").click()  # of nothing, nothing is kept
    assert runs.count() == 0
    for rate in ("1", "2", "3", "4"):
        field = tab.locator("#bp-rate")
        field.fill(rate)
        tab.get_by_role("button", name="+10 rounds").click()
    assert runs.count() == 3
    tab.get_by_role("radio", name="each neuron").check()
    keys = tab.locator(".bp-earlier-key").all_inner_texts()
    assert [re.findall(r"= ([\d.]+),", key) for key in keys] == [["2.0"], ["3.0"], ["4.0"]]
    trained = train(
        LECTURE.network,
        LECTURE.inputs,
        LECTURE.targets,
        learning_rate=4,
        biases="frozen",
        rounds=10,
    )
    assert f"{trained.errors[-1]:.6g} after 10 rounds" in keys[-1]
    dashes = {run.get_attribute("stroke-dasharray") for run in runs.all()}
    assert len(dashes) == 3


def test_decimal_points_of_the_table_stand_one_below_the_other(tab: Page) -> None:
    opened(tab)
    cells = tab.locator("[data-playground=table] tbody td").all_text_contents()
    assert {len(cell) - cell.index(".") for cell in cells} == {9}


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab)
    tab.get_by_role("button", name="Hidden layer").click()
    tab.get_by_role("button", name="Step forward").click()
    tab.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    tab.add_style_tag(content="* { transition: none !important }")
    wcag = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    # In dark, only what is asked of colors can be different.
    contrast = {"type": "rule", "values": ["color-contrast"]}
    for scheme, name, rules in (("light", "default", wcag), ("dark", "slate", contrast)):
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.wait_for_selector(f"body[data-md-color-scheme={name}]")
        # Of what is in order, only the number is told: to hand it over takes seconds.
        results = Axe().run(tab, options={"runOnly": rules, "resultTypes": ["violations"]})
        assert results.violations_count == 0, results.generate_report()


def test_no_script_of_the_site_stands_in_a_page(built_site: Path) -> None:
    html = (built_site / "playground" / "index.html").read_text(encoding="utf-8")
    assert 'src="../assets/site.js" type="module"' in html
    assert " onclick=" not in html

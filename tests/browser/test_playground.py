"""The playground: how the network learns, and the table of every number."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backprop import LECTURE, train, train_with_new_output_weights
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

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
    texts_of = "all => all.map((row) => [...row.querySelectorAll('td')].map((td) => td.innerText))"
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(tab: Page, scheme: Any, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.emulate_media(color_scheme=scheme)
    opened(tab)
    tab.get_by_role("button", name="Hidden layer").click()
    tab.get_by_role("button", name="Step forward").click()
    tab.get_by_text("What to try").click()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    # Of what is in order, only the number is told: to hand it over takes seconds.
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    results = Axe().run(tab, options=options)
    assert results.violations_count == 0, results.generate_report()


def test_no_script_of_the_site_stands_in_a_page(built_site: Path) -> None:
    html = (built_site / "playground" / "index.html").read_text(encoding="utf-8")
    assert 'src="../assets/site.js" type="module"' in html
    assert " onclick=" not in html

"""A worksheet in a real browser: on paper, and on screens small and large."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import VIEWPORT, as_opened, watch
from playwright.sync_api import Browser, Page

from backprop.worksheets import html
from backprop.worksheets.sheets import Sheet, sheet
from backprop.worksheets.steps import LEVELS

Opened: TypeAlias = Callable[..., Page]
Make: TypeAlias = Callable[[Sheet], str]

# An exercise is a page, or both sides of one.
PAGES = dict.fromkeys(LEVELS, 2) | {"forward": 1, "output": 1}
SEEDS = (7, 8)
COUNT = 3

each_level = pytest.mark.parametrize("level", LEVELS)


@pytest.fixture(scope="module")
def sheet_tab(browser: Browser) -> Iterator[Page]:
    """A tab for all sheets, each of which is loaded anew and keeps nothing."""
    page = browser.new_page(viewport=VIEWPORT)
    yield page
    page.close()


@pytest.fixture
def opened(sheet_tab: Page, tmp_path: Path) -> Iterator[Opened]:
    """Open a text as a file in a tab, whose faults are those of the test."""
    problems = watch(sheet_tab, f"file://{tmp_path}")

    def open_one(text: str, width: int = VIEWPORT["width"]) -> Page:
        file = tmp_path / "sheet.html"
        file.write_text(text, "utf-8")
        sheet_tab.set_viewport_size({"width": width, "height": VIEWPORT["height"]})
        sheet_tab.goto(file.as_uri())
        return sheet_tab

    yield open_one
    found = problems.copy()
    as_opened(sheet_tab, viewport=VIEWPORT)
    assert found == []


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@each_level
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_an_exercise_is_a_page_or_both_sides_of_one(opened: Opened, level: str, paper: str) -> None:
    for seed in SEEDS:
        page = opened(html.questions(sheet(seed, level, COUNT)))
        assert pages_of(page.pdf(format=paper)) == COUNT * PAGES[level]


def test_a_sheet_that_is_longer_has_more_pages(opened: Opened) -> None:
    text = html.questions(sheet(7, "forward", 1)).replace(
        "<footer>", '<footer style="margin-top: 60em">'
    )
    assert pages_of(opened(text).pdf(format="A4")) == 2


@each_level
@pytest.mark.parametrize("make", [html.questions, html.answers])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_screen_holds_it(opened: Opened, level: str, make: Make, width: int) -> None:
    page = opened(make(sheet(7, level, 1)), width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title() == page.inner_text("h1")


def test_a_line_to_write_on_is_left_for_every_result(opened: Opened) -> None:
    page = opened(html.questions(sheet(7, "hidden", 1)))
    page.emulate_media(media="print")
    lines = page.locator(".line").evaluate_all("all => all.map(each => each.offsetWidth)")
    assert len(lines) == sum(len(part.steps) for part in LEVELS["hidden"].parts)
    assert min(lines) > 60  # pixels, for six digits by hand


@pytest.mark.parametrize("make", [html.questions, html.answers])
def test_axe_finds_nothing(opened: Opened, make: Make) -> None:
    page = opened(make(sheet(7, "hidden", 2)))
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.response["violations"] == []

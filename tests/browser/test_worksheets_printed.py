"""A worksheet in a real browser: on paper, and on screens small and large."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import OpenTab
from playwright.sync_api import Page

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
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sheets are."""
    return tmp_path_factory.mktemp("sheets")


@pytest.fixture
def opened(open_tab: OpenTab, folder: Path) -> Opened:
    """Open a text as a file in a tab, whose faults are those of the test."""
    tab = open_tab(base_url=f"file://{folder}")

    def open_one(text: str) -> Page:
        file = folder / "sheet.html"
        file.write_text(text, "utf-8")
        tab.goto(file.as_uri())
        return tab

    return open_one


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@each_level
def test_an_exercise_is_a_page_or_both_sides_of_one(
    opened: Opened, subtests: pytest.Subtests, level: str
) -> None:
    for seed in SEEDS:
        page = opened(html.questions(sheet(seed, level, COUNT)))
        for paper in ("A4", "Letter"):
            with subtests.test(paper, seed=seed):
                assert pages_of(page.pdf(format=paper)) == COUNT * PAGES[level]


def test_a_sheet_that_is_longer_has_more_pages(opened: Opened) -> None:
    text = html.questions(sheet(7, "forward", 1)).replace(
        "<footer>", '<footer style="margin-top: 60em">'
    )
    assert pages_of(opened(text).pdf(format="A4")) == 2


@each_level
@pytest.mark.parametrize("make", [html.questions, html.answers])
def test_a_screen_holds_it(
    opened: Opened, subtests: pytest.Subtests, level: str, make: Make
) -> None:
    page = opened(make(sheet(7, level, 1)))
    assert page.title() == page.inner_text("h1")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        with subtests.test(width=width):
            assert page.evaluate("document.documentElement.scrollWidth") <= width


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

"""A page on paper: a handout, without what only a screen can use, and cut where it may be."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from browsers import Tabs, visit
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

PAGES = ("lecture", "notes", "training", "errata", "matrix-form")
MOST_SHEETS = 19  # of the lecture
LINE = 22  # points from the top of a heading to below its foot
# Each table and formula begins and ends with a heading of no size, which the PDF's outline lists
# with its sheet; one that is higher than a sheet has to be cut.
PROBES = """() => {
  const probed = ".md-content :is(div.math, table)";
  const all = [...document.querySelectorAll(probed)].filter((each) => each.offsetHeight < 800);
  all.forEach((each, k) => {
    for (const end of ["first", "last"]) {
      const cells = [...each.querySelectorAll("th, td")];
      const place = cells.at(end === "first" ? 0 : -1) ?? each;
      const probe = document.createElement("h6");
      probe.textContent = `probe ${k} ${end}`;
      probe.style = "all: unset; display: block; font-size: 1px; break-after: auto";
      place[end === "first" ? "prepend" : "append"](probe);
    }
  });
  return all.length;
}"""
# A paragraph that is bold stands for a heading; the outline lists it as one.
BOLD = """() => {
  for (const strong of document.querySelectorAll(".md-content p > strong:only-child")) {
    if (strong.textContent.trim() !== strong.parentElement.textContent.trim()) continue;
    const heading = document.createElement("h6");
    heading.textContent = strong.textContent;
    heading.style = "all: unset; display: block; break-after: auto";
    strong.replaceChildren(heading);
  }
}"""
CONTROLS = """() => [...document.querySelectorAll(
    "button, input, textarea, select, form, nav, label, header, .headerlink, .bp-tools, .bp-ways")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height > 0)
  .map((each) => each.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => [...document.querySelectorAll(".md-content :is(div.math, table, pre)")]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 120))"""
PAPER = 794 - 106  # pixels of CSS: the width of A4 without its margins


class Printed(NamedTuple):
    """A page as it was loaded, and as it is printed then."""

    name: str
    page: Page
    pdf: PdfReader


@pytest.fixture(scope="module", params=PAGES)
def printed(request: pytest.FixtureRequest, tabs: Tabs, served_site: str) -> Iterator[Printed]:
    """A page on a laptop's screen, and on paper."""
    with tabs.lend(base_url=served_site) as (page, _):
        visit(page, f"/{request.param}/").evaluate(BOLD)
        yield Printed(request.param, page, paper(page))


def paper(page: Page) -> PdfReader:
    """Return a page as Chromium prints it, with its headings in the outline."""
    return PdfReader(BytesIO(page.pdf(format="A4", outline=True, tagged=True)))


def headings(pdf: PdfReader) -> list[tuple[str, int, float]]:
    """Return each heading: its words, its sheet, and how high it stands there, in points."""
    found: list[tuple[str, int, float]] = []

    def walk(entries: Any) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry)
            else:
                sheet = pdf.get_destination_page_number(entry)
                assert sheet is not None
                found.append((str(entry.title), sheet, float(entry.top)))

    walk(pdf.outline)
    return found


def lowest(pdf: PdfReader, sheet: int) -> float:
    """Return how high the lowest text of a sheet stands."""
    heights: list[float] = []

    def visit(text: str, matrix: list[float], place: list[float], *_: object) -> None:
        if text.strip():
            heights.append(place[4] * matrix[1] + place[5] * matrix[3] + matrix[5])

    pdf.pages[sheet].extract_text(visitor_text=visit)
    return min(heights)


def stranded(pdf: PdfReader) -> list[str]:
    """Return the headings with nothing below them on their sheet."""
    found = headings(pdf)
    lowest_of = {sheet: lowest(pdf, sheet) for sheet in {sheet for _, sheet, _ in found}}
    return [words for words, sheet, top in found if lowest_of[sheet] > top - LINE]


def split(page: Page) -> tuple[int, list[str]]:
    """Return how many tables and formulas a page has, and which of them are on two sheets."""
    count: int = page.evaluate(PROBES)
    probes = [each for each in headings(paper(page)) if each[0].startswith("probe")]
    assert len(probes) == 2 * count
    ends = zip(probes[::2], probes[1::2], strict=True)
    return count, [first[0] for first, last in ends if first[1] != last[1]]


def test_nothing_is_on_paper_that_only_a_screen_can_use(printed: Printed) -> None:
    printed.page.emulate_media(media="print")
    printed.page.set_viewport_size({"width": PAPER, "height": 1000})
    assert printed.page.evaluate(CONTROLS) == []
    assert printed.page.evaluate(TOO_WIDE) == []


def test_the_home_page_prints_no_ways_in(tab: Page) -> None:
    tab.goto("/")
    tab.emulate_media(media="print")
    assert tab.evaluate(CONTROLS) == []


def test_no_heading_is_the_last_of_its_sheet(printed: Printed) -> None:
    assert len(headings(printed.pdf)) > 5
    assert stranded(printed.pdf) == []
    assert printed.name != "lecture" or len(printed.pdf.pages) <= MOST_SHEETS


def test_no_table_and_no_formula_is_split(printed: Printed) -> None:
    count, parted = split(printed.page)
    assert count > 1
    assert parted == []


def test_what_is_wrong_on_paper_is_seen(browser: Browser) -> None:
    row = "<tr><td>a<br>b<br>c<br>d<br>e<br>f</td></tr>"
    page = browser.new_page()
    page.set_content(
        "<h1>Head</h1><div style='height: 900px'></div><h2>Stranded</h2>"
        f"<div style='height: 200px'></div>Text<div style='height: 600px'></div>"
        f"<main class='md-content'><table>{row * 4}</table><button>x</button></main>"
    )
    assert stranded(paper(page)) == ["Stranded"]
    assert split(page) == (1, ["probe 0 first"])
    assert len(page.evaluate(CONTROLS)) == 1
    page.close()

"""What a small screen shows: no page is wider, nor is one of the course very long.

And code is read without scrolling sideways.
"""

from pathlib import Path
from typing import NamedTuple

from browsers import OpenTab, visit
from builds import ROOT
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import Page, expect
from sitecheck import kinds

# With all that is out of sight laid out.
LAY_OUT = """() => {
  const style = document.createElement("style");
  style.textContent = ".bp-part { content-visibility: visible !important }";
  document.head.append(style);
}"""
SCREENS = "() => document.documentElement.scrollHeight / innerHeight"
OPEN = "() => document.querySelectorAll('details').forEach((each) => (each.open = true))"
# Of each block of code: whether it scrolls.
CODE = """() => [...document.querySelectorAll("pre > code, .output > pre")]
  .filter((code) => code.checkVisibility())
  .map((code) => code.scrollWidth > code.clientWidth + 1)"""
# Of each formula of a block: whether it scrolls.
FORMULAS = """() => [...document.querySelectorAll("div.math")]
  .filter((block) => block.checkVisibility() && block.scrollWidth > block.clientWidth + 1)
  .map((block) => block.textContent)"""
# The headings whose link stands alone on a line.
LONELY = """() => [...document.querySelectorAll(".headerlink")].filter((link) => {
  const text = document.createRange();
  text.setStart(link.parentElement, 0);
  text.setEndBefore(link);
  return link.getBoundingClientRect().top >= text.getBoundingClientRect().bottom;
}).map((link) => link.parentElement.textContent)"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
# How many elements are laid out, which are not skipped since they are far away or hidden.
LAID_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length"""
MOST_LAID_OUT = 2000
MOST_SCREENS = 20  # of a page of the course, with all folds closed


class Seen(NamedTuple):
    """What a page is like on a phone.

    Args:
        laid_out: how many elements are laid out as the page opens.
        screens: how many screens it fills, with what is folded closed.
        scrolls: of each block of code, whether it scrolls, once all of the page is laid out.
        formulas: those that scroll.
        wider: whether it is wider than a small phone.
        lonely: the headings whose link stands alone on a line of a small phone.
    """

    laid_out: int
    screens: float
    scrolls: list[bool]
    formulas: list[str]
    wider: bool
    lonely: list[str]


def phone(open_tab: OpenTab, width: int) -> Page:
    """Open a tab of the size of a phone."""
    return open_tab(viewport={"width": width, "height": 844}, is_mobile=True, has_touch=True)


def look(tab: Page, address: str) -> Seen:
    """Open a page on a phone, then all that is folded on it, then turn to a smaller phone."""
    tab.set_viewport_size({"width": 390, "height": 844})
    laid_out = visit(tab, address).evaluate(LAID_OUT)
    tab.evaluate(LAY_OUT)
    screens = tab.evaluate(SCREENS)
    tab.evaluate(OPEN)
    scrolls, formulas = tab.evaluate(CODE), tab.evaluate(FORMULAS)
    tab.set_viewport_size({"width": 320, "height": 844})
    return Seen(laid_out, screens, scrolls, formulas, tab.evaluate(WIDER), tab.evaluate(LONELY))


def course() -> list[str]:
    """Return the addresses of the pages of the course."""
    nav = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    [learn] = [group["Learn"] for group in nav if "Learn" in group]
    names = [Path(file).stem for page in learn for file in page.values()]
    return ["/index.html" if name == "index" else f"/{name}/index.html" for name in names]


def test_a_phone_shows_each_page(open_tab: OpenTab, built_site: Path) -> None:
    """It lays out a small part of a page, on which depends the time until it answers.

    Formulas and nine of ten blocks of code need no scrolling, a page is no wider than a small
    phone, and no link to a section stands on a line of its own below its heading.
    """
    tab = phone(open_tab, 390)
    addresses = [f"/{page.relative_to(built_site).as_posix()}" for page in kinds(built_site)]
    seen = {address: look(tab, address) for address in addresses}
    assert {at: each.laid_out for at, each in seen.items() if each.laid_out > MOST_LAID_OUT} == {}
    screens = {address: seen[address].screens for address in course()}
    assert len(screens) > 5
    assert {at: many for at, many in screens.items() if not 1 < many < MOST_SCREENS} == {}
    scrolls = [scrolls for each in seen.values() for scrolls in each.scrolls]
    assert len(scrolls) > 200
    assert sum(scrolls) <= len(scrolls) / 10
    assert {at: each.formulas for at, each in seen.items() if each.formulas} == {}
    assert [address for address, each in seen.items() if each.wider] == []
    assert {at: each.lonely for at, each in seen.items() if each.lonely} == {}


def test_what_does_not_fit_a_phone_is_seen(open_tab: OpenTab) -> None:
    tab = phone(open_tab, 390)
    scrolls = len(look(tab, "/notes/").scrolls)
    assert tab.evaluate(LAID_OUT) > MOST_LAID_OUT  # since `look` has laid all of it out
    wrong = "pre > code { white-space: pre !important } div.math { width: 100px }"
    tab.add_style_tag(content=wrong)
    assert sum(tab.evaluate(CODE)) > scrolls / 10
    assert tab.evaluate(FORMULAS)
    assert not tab.evaluate(WIDER)
    tab.evaluate("document.querySelector('h1').style.width = '400px'")
    assert tab.evaluate(WIDER)
    tab.add_style_tag(content=".headerlink { display: block !important }")
    assert tab.evaluate(LONELY)


def test_what_is_added_counts_and_what_is_folded_does_not(open_tab: OpenTab) -> None:
    tab = visit(phone(open_tab, 390), "/playground/")
    add = "(html) => document.querySelector('article').insertAdjacentHTML('beforeend', html)"
    tall = f'<div style="height: {844 * MOST_SCREENS}px"></div>'
    tab.evaluate(add, f"<details><summary>More</summary>{tall}</details>")
    assert tab.evaluate(SCREENS) < MOST_SCREENS
    tab.evaluate(add, tall)
    assert tab.evaluate(SCREENS) > MOST_SCREENS


def test_the_navigation_of_a_phone_is_there_when_it_is_opened(open_tab: OpenTab) -> None:
    tab = phone(open_tab, 390)
    tab.goto("/notes/")
    link = tab.locator(".md-nav--primary a[href='../training/']")
    shown = "(link) => link.checkVisibility()"
    assert not link.evaluate(shown)
    tab.locator(".md-header [for=__drawer]").click()
    expect(link).to_be_in_viewport()
    link.click()
    expect(tab.locator("h1")).to_contain_text("Training")


# Of each deep line of code: its indent in letters, and where its further rows begin.
ROWS = """(lines) => {
  const rangeOf = (node, end) => {
    const range = document.createRange();
    range.setStart(node, 0);
    range.setEnd(node, end);
    return range;
  };
  const first = (node) => document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode();
  const letter = rangeOf(first(document.querySelector("pre > code")), 1).getBoundingClientRect();
  return lines.map((line) => {
    const { left, top } = line.getBoundingClientRect();
    const boxes = [...rangeOf(line, line.childNodes.length).getClientRects()];
    const rows = boxes.filter((box) => box.width && box.top > top + letter.height);
    const indent = /^ */.exec(line.textContent)[0].length;
    return [indent, rows.map((row) => (row.left - left) / letter.width)];
  });
}"""


def test_a_line_of_code_goes_on_further_in_than_it_begins(open_tab: OpenTab) -> None:
    """So that the blocks of Python can be told on a phone."""
    tab = phone(open_tab, 390)
    tab.goto("/lecture/")
    lines = tab.locator(".language-python [class^=bp-in]").evaluate_all(ROWS)
    wrapped = [(indent, rows) for indent, rows in lines if rows]
    assert len(wrapped) > 1
    assert all(min(rows) > indent + 3 for indent, rows in wrapped)

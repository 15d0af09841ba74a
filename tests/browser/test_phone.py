"""What a small screen shows: no page is wider, and code is read without scrolling sideways."""

from pathlib import Path
from typing import NamedTuple

from browsers import OpenTab, visit
from playwright.sync_api import Page, expect
from sitecheck import kinds

# With all that is folded opened, and all that is out of sight laid out.
OPEN = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const style = document.createElement("style");
  style.textContent = ".bp-part { content-visibility: visible !important }";
  document.head.append(style);
}"""
# Of each block of code: whether it scrolls.
CODE = """() => [...document.querySelectorAll("pre > code, .output > pre")]
  .filter((code) => code.checkVisibility())
  .map((code) => code.scrollWidth > code.clientWidth + 1)"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
# How many elements are laid out, which are not skipped since they are far away or hidden.
LAID_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length"""
MOST = 2000


class Seen(NamedTuple):
    """What a page is like on a phone.

    Args:
        laid_out: how many elements are laid out as the page opens.
        scrolls: of each block of code, whether it scrolls, once all of the page is laid out.
        wider: whether it is wider than a small phone.
    """

    laid_out: int
    scrolls: list[bool]
    wider: bool


def phone(open_tab: OpenTab, width: int) -> Page:
    """Open a tab of the size of a phone."""
    return open_tab(viewport={"width": width, "height": 844}, is_mobile=True, has_touch=True)


def look(tab: Page, address: str) -> Seen:
    """Open a page on a phone, then all that is folded on it, then turn to a smaller phone."""
    tab.set_viewport_size({"width": 390, "height": 844})
    laid_out = visit(tab, address).evaluate(LAID_OUT)
    tab.evaluate(OPEN)
    scrolls = tab.evaluate(CODE)
    tab.set_viewport_size({"width": 320, "height": 844})
    return Seen(laid_out, scrolls, tab.evaluate(WIDER))


def test_a_phone_shows_each_page(open_tab: OpenTab, built_site: Path) -> None:
    """It lays out a small part of a page, which its time to answer depends on, and fits it in.

    Nine of ten blocks of code need no scrolling, and a page is no wider than a small phone.
    """
    tab = phone(open_tab, 390)
    addresses = [f"/{page.relative_to(built_site).as_posix()}" for page in kinds(built_site)]
    seen = {address: look(tab, address) for address in addresses}
    assert {at: each.laid_out for at, each in seen.items() if each.laid_out > MOST} == {}
    scrolls = [scrolls for each in seen.values() for scrolls in each.scrolls]
    assert len(scrolls) > 200
    assert sum(scrolls) <= len(scrolls) / 10
    assert [address for address, each in seen.items() if each.wider] == []


def test_what_does_not_fit_a_phone_is_seen(open_tab: OpenTab) -> None:
    tab = phone(open_tab, 390)
    scrolls = len(look(tab, "/notes/").scrolls)
    assert tab.evaluate(LAID_OUT) > MOST  # since `look` has laid all of it out
    tab.add_style_tag(content="pre > code { white-space: pre !important }")
    assert sum(tab.evaluate(CODE)) > scrolls / 10
    assert not tab.evaluate(WIDER)
    tab.evaluate("document.querySelector('h1').style.width = '400px'")
    assert tab.evaluate(WIDER)


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

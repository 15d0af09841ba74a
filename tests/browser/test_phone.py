"""What a small screen shows: no page is wider, and code is read without scrolling sideways."""

from pathlib import Path

from browsers import OpenTab
from playwright.sync_api import Page
from sitecheck import kinds

# With all that is folded opened, and all that is out of sight laid out.
OPEN = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const style = document.createElement("style");
  style.textContent = ".bp-resting .bp-part { content-visibility: visible !important }";
  document.head.append(style);
}"""
# Of each block of code: whether it scrolls.
CODE = """() => [...document.querySelectorAll("pre > code, .output > pre")]
  .filter((code) => code.checkVisibility())
  .map((code) => code.scrollWidth > code.clientWidth + 1)"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def phone(open_tab: OpenTab, width: int) -> Page:
    """Open a tab of the size of a phone."""
    return open_tab(viewport={"width": width, "height": 844}, is_mobile=True, has_touch=True)


def addresses(site: Path) -> list[str]:
    """The pages, and one of each kind of those that code makes alike."""
    return [f"/{page.relative_to(site).as_posix()}" for page in kinds(site)]


def look(tab: Page, address: str) -> Page:
    """Open all of a page."""
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    tab.evaluate(OPEN)
    return tab


def test_nine_of_ten_blocks_of_code_need_no_scrolling(open_tab: OpenTab, built_site: Path) -> None:
    tab = phone(open_tab, 390)
    scrolls: list[bool] = []
    for address in addresses(built_site):
        scrolls += look(tab, address).evaluate(CODE)
    assert len(scrolls) > 200
    assert sum(scrolls) <= len(scrolls) / 10
    look(tab, "/notes/").add_style_tag(content="pre > code { white-space: pre !important }")
    assert sum(found := tab.evaluate(CODE)) > len(found) / 10  # the test would have seen it


def test_no_page_is_wider_than_a_small_phone(open_tab: OpenTab, built_site: Path) -> None:
    tab = phone(open_tab, 320)
    assert [at for at in addresses(built_site) if look(tab, at).evaluate(WIDER)] == []
    tab.evaluate("document.querySelector('h1').style.width = '400px'")
    assert tab.evaluate(WIDER)  # the test would have seen it

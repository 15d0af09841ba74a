"""What a small screen shows: no page is wider, and code is read without scrolling sideways."""

from pathlib import Path

from browsers import OpenTab
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


def test_a_phone_lays_out_a_small_part_of_a_page(open_tab: OpenTab, built_site: Path) -> None:
    """Whatever the page holds: which is what the time until it answers depends on."""
    tab = phone(open_tab, 390)
    found = {}
    for address in addresses(built_site):
        tab.goto(address)
        tab.wait_for_load_state("networkidle")
        found[address] = tab.evaluate(LAID_OUT)
    assert {address: count for address, count in found.items() if count > MOST} == {}
    assert look(tab, "/notes/").evaluate(LAID_OUT) > MOST  # the test would have seen it


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

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


def test_formulas_and_nine_of_ten_blocks_of_code_need_no_scrolling(
    open_tab: OpenTab, built_site: Path
) -> None:
    tab = phone(open_tab, 390)
    scrolls: list[bool] = []
    formulas: dict[str, list[str]] = {}
    for address in addresses(built_site):
        scrolls += look(tab, address).evaluate(CODE)
        formulas[address] = tab.evaluate(FORMULAS)
    assert {address: wide for address, wide in formulas.items() if wide} == {}
    assert len(scrolls) > 200
    assert sum(scrolls) <= len(scrolls) / 10
    wrong = "pre > code { white-space: pre !important } div.math { width: 100px }"
    look(tab, "/notes/").add_style_tag(content=wrong)
    assert sum(found := tab.evaluate(CODE)) > len(found) / 10  # the test would have seen it
    assert tab.evaluate(FORMULAS)


def test_no_page_is_wider_than_a_small_phone(open_tab: OpenTab, built_site: Path) -> None:
    """And no link to a section stands on a line of its own below its heading."""
    tab = phone(open_tab, 320)
    wider, lonely = [], {}
    for address in addresses(built_site):
        if look(tab, address).evaluate(WIDER):
            wider.append(address)
        lonely[address] = tab.evaluate(LONELY)
    assert wider == []
    assert {address: headings for address, headings in lonely.items() if headings} == {}
    tab.evaluate("document.querySelector('h1').style.width = '400px'")
    assert tab.evaluate(WIDER)  # the test would have seen it
    tab.add_style_tag(content=".headerlink { display: block !important }")
    assert tab.evaluate(LONELY)


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

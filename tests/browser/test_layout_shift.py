"""Nothing moves while a page loads, as Cumulative Layout Shift says: https://web.dev/articles/cls.

Shifts depend on what comes late, not on when. So besides a slow network and processor, the font of
the formulas and the scripts come last of all.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from browsers import MOUNTED, OpenTab, visit
from playwright.sync_api import Browser, Error, Page, Route
from sitecheck import kinds

MOST = 0.01
OpenSlow = Callable[[str, int, int], list[Page]]
PHONE = {"width": 390, "height": 844}
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
    "laptop": {"viewport": {"width": 1280, "height": 800}},
}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 9e4}
STILL = """async () => {
  await document.fonts.ready;
  const frame = () => new Promise(requestAnimationFrame);
  for (let k = 0; k < 6; k++) {
    await frame();
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
# The shifts of a session follow each other within a second, and take five at most.
SCORE = """() => new Promise((done) => {
  const observer = new PerformanceObserver((list) => {
    const shifts = list.getEntriesByType("layout-shift").filter((entry) => !entry.hadRecentInput);
    let [most, sum, first, last] = [0, 0, -Infinity, -Infinity];
    for (const { startTime, value } of shifts) {
      if (startTime - last > 1000 || startTime - first > 5000) [sum, first] = [0, startTime];
      [sum, last] = [sum + value, startTime];
      most = Math.max(most, sum);
    }
    const moved = shifts.map(({ value, sources }) => [value, ...sources.map(({ node }) =>
      `${node?.nodeName} ${node?.textContent.trim().slice(0, 40)}`)]);
    done([most, moved]);
  });
  observer.observe({ type: "layout-shift", buffered: true });
  observer.observe({ type: "navigation", buffered: true }); // or none calls it where nothing moves
})"""


def addresses(site: Path) -> list[str]:
    """The pages of a site, and one of each kind of those that code makes alike."""
    found = [page for page in kinds(site) if page.name == "index.html"]
    found.sort(key=lambda page: page.stat().st_size)  # a small page waits for no large one
    return [f"/{page.parent.relative_to(site)}/".replace("/./", "/") for page in found]


@pytest.fixture
def open_slow(open_tab: OpenTab) -> Iterator[OpenSlow]:
    """Open tabs of a device on a bad network, with nothing kept, on a processor so much slower."""
    sessions = []

    def opened(device: str, count: int, rate: int) -> list[Page]:
        tabs = [open_tab(**DEVICES[device]) for _ in range(count)]
        for tab in tabs:
            session = tab.context.new_cdp_session(tab)
            session.send("Network.enable")
            session.send("Network.setCacheDisabled", {"cacheDisabled": True})
            session.send("Network.emulateNetworkConditions", SLOW)
            session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            sessions.append(session)
        return tabs

    yield opened
    for session in sessions:
        session.detach()  # which ends all that it has set


# It returns at once, so that pages come to rest side by side.
REST = f"() => {{ window.atRest = ({STILL})(); }}"


def moving(tabs: Mapping[str, Page]) -> dict[str, list[Any]]:
    """Wait until each tab has loaded its page; say what has moved on which page."""
    for tab in tabs.values():
        tab.wait_for_load_state("networkidle")  # nothing that comes late is left out
        tab.wait_for_function(MOUNTED)
        tab.evaluate(REST)
    found = {}
    for page, tab in tabs.items():
        tab.evaluate("() => window.atRest")
        found[page] = tab.evaluate(SCORE)
    return {page: moved for page, (score, moved) in found.items() if score > MOST}


def all_moving(tabs: Sequence[Page], pages: Sequence[str]) -> dict[str, list[Any]]:
    """Load pages in several tabs at once, since a bad network lets them wait; say what moves."""
    found: dict[str, list[Any]] = {}
    for first in range(0, len(pages), len(tabs)):
        some = dict(zip(pages[first : first + len(tabs)], tabs, strict=False))
        for page, tab in some.items():
            tab.goto(page, wait_until="commit")
        found |= moving(some)
    return found


@pytest.mark.parametrize("device", DEVICES)
def test_nothing_moves_while_a_page_loads(
    open_slow: OpenSlow, built_site: Path, device: str
) -> None:
    pages = addresses(built_site)
    assert len(pages) > 12
    assert all_moving(open_slow(device, 12, 1), pages) == {}


@pytest.mark.full  # to slow the processor down takes as much of its time
@pytest.mark.parametrize("device", DEVICES)
def test_nothing_moves_on_any_page_on_a_slow_processor(
    open_slow: OpenSlow, built_site: Path, device: str
) -> None:
    assert all_moving(open_slow(device, 1, 4), addresses(built_site)) == {}


def test_nothing_moves_on_some_pages_on_a_slow_processor(open_slow: OpenSlow) -> None:
    assert all_moving(open_slow("phone", 2, 4), ("/notes/", "/playground/")) == {}


PAINTED = """async () => {
  if (document.readyState === "loading") return false;
  for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
  return performance.getEntriesByName("first-contentful-paint").length > 0;
}"""


@pytest.mark.parametrize("late", ["woff2", "js"])
def test_nothing_moves_when_fonts_or_scripts_come_last(open_tab: OpenTab, late: str) -> None:
    """However fast the machine, what is late comes after the page has been painted."""
    pages = ("/notes/", "/lecture/", "/playground/", "/your-number/")
    tabs = {page: open_tab(**DEVICES["phone"]) for page in pages}
    held: dict[str, list[Route]] = {page: [] for page in pages}

    def hold(page: str, route: Route) -> None:
        if page in held:
            held[page].append(route)
        else:
            route.continue_()

    for page, tab in tabs.items():
        tab.route(re.compile(rf"/assets/(?!f)[\w-]+\.{late}$"), partial(hold, page))
        tab.goto(page, wait_until="commit")
    for page, tab in tabs.items():
        tab.wait_for_function(PAINTED)
        assert held[page]
        for route in held.pop(page):
            route.continue_()
    assert moving(tabs) == {}


PLANTED = """() => new Promise((done) => {
  const banner = document.createElement("p");
  banner.style.height = "150px";
  setTimeout(() => {
    document.querySelector(".md-content").prepend(banner);
    requestAnimationFrame(() => setTimeout(done, 50));
  }, 100);
})"""


@pytest.mark.parametrize("device", DEVICES)
def test_a_notice_that_pushes_the_text_down_is_seen(open_tab: OpenTab, device: str) -> None:
    tab = visit(open_tab(**DEVICES[device]), "/notes/")
    tab.evaluate(STILL)  # what has not been painted yet does not move
    tab.evaluate(PLANTED)
    score, moved = tab.evaluate(SCORE)
    assert score > MOST
    assert moved


# What the means to that must not break

TOPS = """([address]) => {
  const heading = document.querySelector(decodeURIComponent(address));
  return [heading.getBoundingClientRect().top, document.querySelector(".md-header").offsetHeight];
}"""


@pytest.mark.parametrize("device", DEVICES)
def test_an_address_with_an_anchor_leads_to_its_heading(
    open_tab: OpenTab, built_site: Path, device: str
) -> None:
    tab = open_tab(**DEVICES[device])
    for page in ("/notes/", "/every-weight/", "/lecture/"):
        html = (built_site / page.strip("/") / "index.html").read_text("utf-8")
        ids = re.findall('<h2 id="(.*?)"', html)
        anchor = ids[len(ids) // 2]
        for way in ("load", "jump"):
            tab.goto(f"{page}#{anchor}" if way == "load" else page)
            tab.wait_for_selector(".bp-open", state="attached")
            if way == "jump":
                tab.evaluate("(id) => { location.hash = id; }", anchor)
            tab.evaluate(STILL)
            top, header = tab.evaluate(TOPS, [f"#{anchor}"])
            assert header - 5 <= top <= header + 60, (page, way)


def test_text_waits_for_no_font_that_does_not_come(browser: Browser, served_site: str) -> None:
    with browser.new_context(base_url=served_site) as context:
        tab = context.new_page()
        errors: list[Error] = []
        tab.on("pageerror", lambda error: errors.append(error))  # noqa: PLW0108  # Playwright marks it
        tab.route("**/*.woff2", lambda route: route.abort())
        tab.goto("/notes/")
        tab.wait_for_selector("html.bp-font")
        tab.wait_for_selector(".bp-open", state="attached")
        visible = "getComputedStyle(document.querySelector('.bp-part:has(math)')).visibility"
        assert tab.evaluate(visible) == "visible"
        assert not errors


def test_on_paper_all_parts_are_printed(open_tab: OpenTab) -> None:
    tab = open_tab(**DEVICES["laptop"])
    tab.goto("/notes/")
    tab.wait_for_selector(".bp-open", state="attached")
    tab.emulate_media(media="print")
    hidden = """[...document.querySelectorAll('.bp-part')].filter((part) =>
      getComputedStyle(part).contentVisibility !== 'visible'
      || getComputedStyle(part).visibility !== 'visible').length"""
    assert tab.evaluate(hidden) == 0

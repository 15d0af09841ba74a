"""What the tests in a real browser share."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browsers import NAMES, OPTIONS, VIEWPORT, OpenTab, Tabs, chromium, serving
from builds import scripts
from engines import (
    FIREFOX_NAMES,
    WEBKIT_NAMES,
    PlaywrightTab,
    Tab,
    WebKitTab,
    firefox,
    required,
    started_webkit,
    webkit,
)
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sitecheck import base_path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives Chromium and Firefox, one for all tests of a process."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium without a window, one for all tests of a process."""
    path = required(chromium(), NAMES)
    browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
    yield browser
    browser.close()


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest, served_copy: str) -> Iterator[Tab]:
    """A tab of each engine in turn, one for all tests of a module, which has to serve a site."""
    if request.param == "webkit":
        with started_webkit(required(webkit(), WEBKIT_NAMES)) as driver:
            yield WebKitTab(driver, served_copy)
        return
    if request.param == "chromium":
        browser = request.getfixturevalue("browser")
    else:
        path = required(firefox(), FIREFOX_NAMES)
        playwright = request.getfixturevalue("playwright")
        browser = playwright.firefox.launch(executable_path=path, channel="moz-firefox")
    page = browser.new_page(viewport=VIEWPORT)
    yield PlaywrightTab(page, served_copy)
    page.close()
    if request.param == "firefox":
        browser.close()


@pytest.fixture(scope="session")
def modules(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that has the scripts of the site within reach, and nothing else."""
    with serving(scripts(tmp_path_factory.mktemp("scripts"))) as address:
        page = browser.new_page()
        page.goto(f"{address}/site.css")
        yield page
        page.close()


@pytest.fixture(scope="session")
def served_site(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site, without a slash at its end.

    It is there at the path of SITE_URL as well, which the page for missing pages refers to.
    """
    folder = tmp_path_factory.mktemp("host")
    for entry in built_site.resolve().iterdir():
        (folder / entry.name).symlink_to(entry)
    if path := base_path().strip("/"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(built_site.resolve())
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    """The tabs of Chromium, which all tests of a process share."""
    return Tabs(browser)


@pytest.fixture
def open_tab(tabs: Tabs, served_site: str) -> Iterator[OpenTab]:
    """Open tabs, each with the options of a browser context; what goes wrong in one fails the test.

    Paths such as `/notes/` are those of the served site; `base_url` is another one.
    """
    found: list[list[str]] = []
    with ExitStack() as lent:

        def open_one(**options: object) -> Page:
            page, problems = lent.enter_context(tabs.lend(**{"base_url": served_site, **options}))
            found.append(problems)
            return page

        yield open_one
    problems = [problem for each in found for problem in each]
    assert not problems, "\n".join(problems)


@pytest.fixture
def tab(open_tab: OpenTab) -> Page:
    """A tab of the size of a small laptop, as if newly opened; what goes wrong fails the test."""
    return open_tab()

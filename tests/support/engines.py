"""The three engines that readers have, each with the same few operations of a tab.

Playwright drives an installed Chromium and, over WebDriver BiDi, an installed Firefox. It drives
WebKit, which every iPhone has, only in a build of its own; WebKitGTK is driven by Selenium.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from browsers import VIEWPORT, watch
from playwright.sync_api import Page
from selenium.webdriver import WebKitGTK, WebKitGTKOptions, WebKitGTKService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

FIREFOX_NAMES = ("firefox-esr", "firefox")
WEBKIT_NAMES = ("WebKitWebDriver", "Xvfb", "MiniBrowser")
Found = TypeVar("Found")
# WebKitGTK gives nobody its console: each page itself has to note what goes wrong on it.
LISTENER = """<script>
  window.problems = [];
  const note = (text) => window.problems.push(text);
  for (const [method, kind] of [["error", "error"], ["warn", "warning"]]) {
    const say = console[method];
    console[method] = (...all) => {
      note(`${kind} on the console: ${all.join(" ")}`);
      say(...all);
    };
  }
  addEventListener("error", ({ message, target }) => {
    note(message ? `uncaught: ${message}` : `not loaded: ${target.src ?? target.href}`);
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => note(`uncaught: ${reason}`));
</script>"""


class PlaywrightTab:
    """A tab of Chromium or Firefox.

    Args:
        page: the tab as Playwright has it.
        host: the address from which all that it shows has to come.
    """

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.host = host
        self._problems = watch(page, host)

    def goto(self, path: str) -> None:
        """Open a page of the host, and wait until it is loaded."""
        self.page.goto(f"{self.host}{path}")

    def evaluate(self, function: str) -> Any:
        """Return the result of a JavaScript function without arguments, which may be async."""
        return self.page.evaluate(function)

    def click(self, selector: str) -> None:
        """Click the element that fits the selector."""
        self.page.click(selector)

    def fill(self, selector: str, text: str) -> None:
        """Replace the text of a field."""
        self.page.fill(selector, text)

    def problems(self) -> list[str]:
        """Return the errors and warnings since this was last asked."""
        # Firefox says so of a formula, too, the rest of which has not yet come from the server.
        found = [each for each in self._problems if "Incorrect number of children" not in each]
        self._problems.clear()
        return found


class WebKitTab:
    """A tab of WebKit, with the same operations; the pages of the host have the `LISTENER`."""

    def __init__(self, driver: WebKitGTK, host: str) -> None:
        self.driver = driver
        self.host = host

    def goto(self, path: str) -> None:
        """Open a page of the host, and wait until it is loaded."""
        self.driver.get(f"{self.host}{path}")

    def evaluate(self, function: str) -> Any:
        """Return the result of a JavaScript function without arguments, which may be async."""
        return self.driver.execute_script(f"return ({function})()")

    def click(self, selector: str) -> None:
        """Press the button that fits the selector, by its key.

        A click of WebDriver goes to where the button has been, and now and then misses it.
        """
        self.driver.find_element(By.CSS_SELECTOR, selector).send_keys(Keys.ENTER)

    def fill(self, selector: str, text: str) -> None:
        """Replace the text of a field."""
        field = self.driver.find_element(By.CSS_SELECTOR, selector)
        field.clear()
        field.send_keys(text)

    def problems(self) -> list[str]:
        """Return the errors and warnings of the page since this was last asked."""
        return list(self.evaluate("() => window.problems.splice(0)"))


Tab = PlaywrightTab | WebKitTab


def required(found: Found | None, names: Iterable[str]) -> Found:
    """Return what was found; skip the test where nothing was, or let it fail in CI."""
    if found is None:
        message = f"no browser: {' or '.join(names)} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def firefox() -> str | None:
    """The path of an installed Firefox, None where there is none."""
    return next((path for name in FIREFOX_NAMES if (path := shutil.which(name))), None)


def webkit() -> tuple[str, ...] | None:
    """The paths of what `WEBKIT_NAMES` names, None where one of them is missing."""
    # Debian keeps the browser outside the path, in a folder that is named by architecture.
    browsers = sorted(Path("/usr/lib").glob("*/webkit*gtk-*/MiniBrowser"))
    found = [*map(shutil.which, WEBKIT_NAMES[:2]), str(browsers[-1]) if browsers else None]
    paths = tuple(path for path in found if path)
    return paths if len(paths) == len(WEBKIT_NAMES) else None


@contextmanager
def invisible_screen(path: str) -> Iterator[str]:
    """Start an X server that shows nothing to anyone; the number of its display is free."""
    command = [path, "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    # Not xvfb-run, whose server now and then stays behind when the driver ends the browser.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        try:
            yield f":{server.stdout.readline().decode().strip()}"
        finally:
            server.terminate()


@contextmanager
def started_webkit(paths: tuple[str, ...]) -> Iterator[WebKitGTK]:
    """Start WebKit on a screen of its own."""
    driver_path, screen_path, browser = paths
    options = WebKitGTKOptions()
    options.binary_location = browser
    options.add_argument("--automation")
    # Its sandbox does not start as root, and all that it opens are pages of this machine.
    environment = {**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    with invisible_screen(screen_path) as environment["DISPLAY"]:
        driver = WebKitGTK(options, WebKitGTKService(driver_path, env=environment))
        try:
            inner = "return [outerWidth - innerWidth, outerHeight - innerHeight]"
            width, height = driver.execute_script(inner)
            driver.set_window_size(VIEWPORT["width"] + width, VIEWPORT["height"] + height)
            yield driver
        finally:
            driver.quit()


def with_listener(site: Path, copy: Path) -> Path:
    """Copy a site, with the `LISTENER` first in each page."""
    shutil.copytree(site, copy)
    for page in copy.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(html.replace("<head>", f"<head>{LISTENER}", 1), encoding="utf-8")
    return copy

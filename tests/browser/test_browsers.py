"""The tests' own eyes: what a page does wrong must be seen."""

from pathlib import Path

import pytest
from browsers import serving, watch
from engines import required
from playwright.sync_api import Browser, Page

FAULTS = {
    "console.error('bad')": "error on the console: bad",
    "console.warn('odd')": "warning on the console: odd",
    "throw new Error('oops')": "uncaught: oops",
    "new Image().src = 'http://127.0.0.2:9/a.png'": "request to http://127.0.0.2:9/a.png",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_page_is_seen(tmp_path: Path, browser: Browser, fault: str) -> None:
    (tmp_path / "index.html").write_text(
        f'<link rel="icon" href="data:,"><script>{fault}</script>', encoding="utf-8"
    )
    with serving(tmp_path) as address, browser.new_context() as context:
        page = context.new_page()
        problems = watch(page, address)
        page.goto(f"{address}/index.html")
    assert problems[0] == FAULTS[fault]


def test_headers_are_sent(tmp_path: Path, browser: Browser) -> None:
    policy = "script-src 'none'"
    (tmp_path / "index.html").write_text("<script>document.title = 'ran'</script>", "utf-8")
    with (
        serving(tmp_path, {"Content-Security-Policy": policy}) as address,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(f"{address}/index.html")
        assert page.title() == ""


def test_a_missing_browser_fails_in_ci_and_skips_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser: a or b is not installed"):
        required(None, ["a", "b"])
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="no browser: a or b is not installed"):
        required(None, ["a", "b"])
    assert required("path", ["a"]) == "path"


def test_the_site_opens(tab: Page) -> None:
    tab.goto("/notes/")
    assert "One round by hand" in tab.inner_text("h1")

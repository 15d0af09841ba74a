"""Look at a built site in a real browser: a server, a Chromium, and tabs that note problems."""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize

OpenTab = Callable[..., Page]
# Whether the scripts of a page have done all that they do before a reader acts. What comes last is
# that a number becomes a stop for the keyboard, and on the playground the fields of the panel.
MOUNTED = """() => document.readyState === "complete" && document.fonts.status === "loaded"
  && !document.querySelector("figure[data-figure=map]:not(.bp-live), form.your-number[hidden]")
  && !document.querySelector("[data-playground=panel]:empty")
  && (!document.querySelector("[data-n]") || document.querySelector("[data-n][tabindex]"))"""
VIEWPORT = ViewportSize(width=1280, height=800)
NAMES = ("chromium", "chromium-browser", "google-chrome")
MOST_FREE = 2  # tabs with the same options that wait for a test: each takes 100 MB
# Only what the pages ask for goes over the network, and nothing is asked of a graphics card.
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The path of an installed Chromium, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Handler(SimpleHTTPRequestHandler):
    """Serves files without a word, and with the headers of a test."""

    def __init__(self, *args: Any, headers: Mapping[str, str], **kwargs: Any) -> None:
        self.extra = headers
        super().__init__(*args, **kwargs)

    def end_headers(self) -> None:
        """Add the headers of the test."""
        for name, value in self.extra.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(site: Path, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a folder on a free port of this machine; the address has no slash at its end."""
    handler = partial(Handler, directory=str(site), headers=headers or {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def watch(page: Page, host: str) -> list[str]:
    """Return a list that fills with what a page does wrong: errors, warnings, foreign requests."""
    problems: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"{message.type} on the console: {message.text}")

    def raised(error: Error) -> None:
        problems.append(f"uncaught: {error.message}")

    page.on("console", said)
    page.on("pageerror", raised)
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((f"{host}/", "data:", "blob:"))
            else problems.append(f"request to {request.url}")
        ),
    )
    return problems


def visit(page: Page, address: str) -> Page:
    """Open an address, and wait until the scripts and fonts of its page are at work."""
    page.goto(address)
    page.wait_for_function(MOUNTED)
    return page


def as_opened(page: Page, **options: Any) -> None:
    """Bring a tab back to the state in which it was opened with these options.

    What it has loaded stays in the cache of its context.
    """
    page.unroute_all()
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.context.clear_permissions()
    page.context.grant_permissions(options.get("permissions", []))
    page.emulate_media(media="null", color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(options["viewport"])
    page.mouse.move(0, 0)


class Tabs:
    """The tabs of a browser, each of which is opened once and used by one test after the other.

    Opening a tab takes as much processor time as loading two pages.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._free: dict[str, list[tuple[Page, list[str]]]] = {}

    @contextmanager
    def lend(self, **options: Any) -> Iterator[tuple[Page, list[str]]]:
        """Lend a tab with these options of a context, and a list of what goes wrong in it.

        It is the size `VIEWPORT`, where the options name no other one.
        """
        options.setdefault("viewport", VIEWPORT)
        free = self._free.setdefault(repr(sorted(options.items())), [])
        if not free:
            page = self.browser.new_context(**options).new_page()
            free.append((page, watch(page, options["base_url"])))
        page, problems = free.pop()
        problems.clear()
        yield page, problems
        found = problems.copy()
        if len(free) < MOST_FREE:
            as_opened(page, **options)
            free.append((page, problems))
        else:
            page.context.close()
        problems[:] = found

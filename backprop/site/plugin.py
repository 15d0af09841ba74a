"""The MkDocs plugin, which passes each step of a build to the parts that take part in it.

    plugins:
      - backprop:
          glossary: docs/.glossary.yml  # words whose meaning is shown where a page first uses them
          spreadsheets: true  # offer the package's examples as files, under downloads/
          sharing: true  # add a picture for shared pages, robots.txt, llms.txt, a page for errors
          minutes: {Learn: 35}  # the longest reading time of a page in this group of the navigation

While a site is served, the package is imported again when one of its files has changed. This module
is the exception: when it changes, the terminal says to start MkDocs again.
"""
# mypy: untyped-calls-exclude=mkdocs

import importlib
import logging
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.plugins.backprop")
PACKAGE = Path(__file__).parents[1]
# In this order, since each part gets a page as the parts before it have left it.
PARTS = (
    "package",
    "ahead",
    "made",
    "lookup",
    "extensions",
    "scripts",
    "mathfont",
    "mathml",
    "glossary",
    "listings",
    "reading",
    "bound",
    "words",
    "sections",
    "live",
    "notebooks",
    "reuse",
    "pictures",
    "spreadsheets",
    "variants",
    "descriptions",
    "sharing",
    "search_index",
    "slim",
    "hanging",
    "downloads",
)


class Options(base.Config):
    """The options of the plugin in `mkdocs.yml`."""

    glossary = options.Optional(options.File(exists=True))
    """A file of words and their meanings."""
    spreadsheets = options.Type(bool, default=False)
    """Whether the package's examples are offered as spreadsheets and tables."""
    sharing = options.Type(bool, default=False)
    """Whether pages have a picture for sharing, and the site a page for wrong addresses."""
    minutes = options.DictOfItems(options.Type(int), default={})
    """The longest reading time of a page in minutes, by the group of the navigation."""


def state() -> dict[Path, bytes]:
    """Return the content of each file of the package that is code or grammar."""
    files = (path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".lark"})
    return {path: path.read_bytes() for path in files}


imported = state()


def import_anew() -> None:
    """Forget all modules of the package but this one, if a file has changed since the import."""
    global imported  # noqa: PLW0603  # modules belong to the process, not to a plugin
    now = state()
    if now == imported:
        return
    own = Path(__file__)
    if now.get(own) != imported.get(own):
        log.info("%s has changed: start mkdocs again for that to take effect", own)
    imported = now
    for name in [name for name in sys.modules if name.split(".")[0] == "backprop"]:
        if name != __name__:
            del sys.modules[name]
    importlib.invalidate_caches()


def passed(step: str, priority: int = 0) -> Any:  # noqa: ANN401  # MkDocs's events differ in type
    """Return a method that passes a step of MkDocs's on to the parts, in its turn among plugins."""

    @event_priority(priority)
    def method(self: "Plugin", item: Any = None, /, **given: Any) -> Any:  # noqa: ANN401
        return self.each(step, item, **given)

    return method


class Plugin(BasePlugin[Options]):
    """Passes each step of a build to the parts."""

    parts: Sequence[ModuleType] = ()  # empty until they are imported, which may fail

    def on_config(self, config: MkDocsConfig) -> None:
        """Import the parts, and let them add to the site's settings."""
        import_anew()
        self.parts = [importlib.import_module(f"backprop.site.{name}") for name in PARTS]
        self.each("on_config", config)

    def each(self, step: str, item: Any = None, **given: Any) -> Any:  # noqa: ANN401  # as MkDocs passes it
        """Let each part that has a function for a step change the item, one after another."""
        for part in self.parts:
            if change := getattr(part, step, None):
                changed = change(**given) if item is None else change(item, **given)
                item = item if changed is None else changed
        return item

    def on_serve(self, server: LiveReloadServer, /, **_: object) -> LiveReloadServer:
        """Build again when the package changes."""
        server.watch(str(PACKAGE))
        return server

    on_files = passed("on_files")
    on_nav = passed("on_nav")
    on_pre_page = passed("on_pre_page", -50)  # after mkdocs-jupyter
    on_page_markdown = passed("on_page_markdown")

    @event_priority(100)  # before another plugin changes the HTML of a block
    def on_page_content(self, html: str, /, *, page: Page, **given: Any) -> Any:  # noqa: ANN401
        """Change the HTML of a page."""
        make = partial(self.each, "on_page_content", html, page=page, **given)
        return importlib.import_module("backprop.site.reuse").content(page, make)

    on_env = passed("on_env")
    # Before the search plugin reads the page, and after it has read it
    on_page_context = CombinedEvent(passed("before_search", 100), passed("after_search", -100))
    on_post_page = passed("on_post_page")
    on_build_error = passed("on_build_error")
    on_post_build = passed("on_post_build")

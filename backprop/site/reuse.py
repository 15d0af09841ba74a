"""While a site is served, reuse each page of the previous build that has not changed.

A page is rendered again if its source has changed, or anything else that it may depend on: the
settings, the package, what the site watches, the list of pages, or a file that is not a page.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging.handlers import BufferingHandler
from pathlib import Path
from types import MethodType
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from backprop.site.package import digest

INCLUDES = "pymdownx.snippets"  # may include any file in a page


@dataclass
class Made:
    """A page as a build has rendered it.

    Attributes:
        key: what it depends on.
        attributes: the attributes of the page that rendering has set.
        content: the HTML of the page.
        records: the warnings about it.
    """

    key: tuple[object, ...]
    attributes: dict[str, Any]
    content: str | None = None
    records: list[logging.LogRecord] = field(default_factory=list)


made: dict[str, Made] = {}  # by the path of the page in the sources
around: list[object] = []  # what all pages of this build depend on


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Note what all pages of this build depend on."""
    glossary = config.plugins["backprop"].config["glossary"]
    beside = [Path(file.abs_src_path) for file in files.media_files() if file.abs_src_path]
    watched = [path for root in config.watch for path in (Path(root), *Path(root).rglob("*"))]
    around[:] = [
        settings(config),
        digest(config, ["numpy"]),
        [(file.src_uri, file.url) for file in files],
        [(path, path.stat().st_mtime_ns) for path in (*beside, *watched) if path.is_file()],
        Path(glossary).read_bytes() if glossary else b"",
    ]


def settings(config: MkDocsConfig) -> str:
    """Return the settings of `mkdocs.yml` that change the HTML of a page."""
    extensions = [each for each in config.markdown_extensions if isinstance(each, str)]
    plugins = {name: dict(plugin.config) for name, plugin in config.plugins.items()}
    about = (config.docs_dir, config.site_url, config.theme.name)
    return repr((extensions, config.mdx_configs, plugins, about))


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Replace the method that renders a page by one that reuses an unchanged page."""
    if INCLUDES not in config.markdown_extensions:
        page.render = MethodType(rendering(page.render), page)  # type: ignore[method-assign]
    return page


def rendering(
    render: Callable[[MkDocsConfig, Files], None],
) -> Callable[[Page, MkDocsConfig, Files], None]:
    """Return a method that renders a page, or restores what the previous build rendered."""

    def rendered(page: Page, config: MkDocsConfig, files: Files) -> None:
        key = (page.file.content_bytes, page.markdown, *around)
        before = made.get(page.file.src_uri)
        if before and before.key == key and before.content is not None:
            vars(page).update(before.attributes)
            return
        old = dict(vars(page))
        new = made[page.file.src_uri] = Made(key, {})
        with recorded(new.records):
            render(config, files)
        new.attributes = {name: x for name, x in vars(page).items() if old.get(name) is not x}

    return rendered


def content(page: Page, make: Callable[[], str]) -> str:
    """Return the content of a rendered page, made again only if the page has changed."""
    before = made.get(page.file.src_uri)
    if before is None:
        return make()
    if before.content is None:
        with recorded(before.records):
            before.content = make()
    else:
        for record in before.records:
            logging.getLogger(record.name).handle(record)
    return before.content


@contextmanager
def recorded(records: list[logging.LogRecord]) -> Iterator[None]:
    """Collect the warnings that are logged in the block."""
    handler = BufferingHandler(sys.maxsize)
    handler.setLevel(logging.WARNING)
    handler.buffer = records
    log = logging.getLogger("mkdocs")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)

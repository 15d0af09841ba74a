"""Check every number of each page, and count what is checked where a page asks for a count.

A finding is a warning at its place, `docs/page.md:LINE:COLUMN: message`. The result for a
page is kept in .cache/digits, and used again as long as neither page nor package changes.
"""

import logging
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from backprop.pages.check import check_page
from backprop.pages.code import blocks
from backprop.pages.dialects import BUILT
from backprop.pages.live import live
from backprop.pages.page import ReadError
from backprop.pages.reader import read_text
from backprop.site.findings import report
from backprop.site.made import path_of, source_of
from backprop.site.package import digest, remembered
from backprop.site.reading import minutes

log = logging.getLogger("mkdocs.plugins.backprop")
LIBRARIES = ("numpy", "lark", "Markdown", "pymdown-extensions", "PyYAML")  # of the checker
COUNTS = ("pages", "equations", "numbers", "blocks", "optional", "cells", "exemptions")
MINUTES = "minutes"  # of the page alone
PLACEHOLDER = re.compile(r'<span data-count="([^"]*)"></span>')

counts: dict[str, dict[str, int]] = {}  # by page


def on_config(config: MkDocsConfig) -> None:
    """Reset the counts, since a page may have been removed."""
    counts.clear()


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Report what is wrong on a page."""
    whole = source_of(page, config).text
    outcome = outcome_of(page.file.content_string, path_of(page, config), whole, config)
    for finding in outcome["findings"]:
        log.warning("%s", finding)
    counts[page.file.src_uri] = outcome["counts"]
    page.meta["bound"] = outcome["live"]  # for the parts that render it
    return markdown


def outcome_of(text: str, path: Path, whole: str, config: MkDocsConfig) -> Any:  # noqa: ANN401  # JSON
    """Return the result of checking a page, from the cache if all it depends on is the same.

    Args:
        text: the page as its author wrote it.
        path: its file.
        whole: the text with what code makes in it.
        config: the settings of the site.
    """
    root = Path(config.config_file_path).parent
    name = os.path.relpath(path, root)
    key = [digest(config, LIBRARIES), text, whole]
    cache = root / ".cache" / "digits" / f"{quote(name, safe='')}.json"
    return remembered(cache, key, lambda: checked(text, path, name))


def checked(text: str, path: Path, name: str) -> dict[str, Any]:
    """Check a page.

    Args:
        text: the page.
        path: its file.
        name: its path from the root of the site, by which findings name it.
    """
    try:
        read = read_text(text, path, BUILT)  # what code makes may need data beside the page
        read.path = name
        found = check_page(read)
    except ReadError as error:
        line = f"{name}:{error.place}: {error.message}"
        return {"findings": [line], "counts": dict.fromkeys(COUNTS, 0), "live": None}
    code = sum(block.language == "python" for block in found.page.code)
    optional = sum(len(block.codes) for block in blocks(found.page) if block.needs)
    notebook = name.endswith(".ipynb")
    counts = {
        "pages": 1,
        "equations": found.equations,
        "numbers": len(found.bound),
        "blocks": 0 if notebook else code - optional,
        "optional": optional,
        "cells": code if notebook else 0,
        "exemptions": found.exempt,
    }
    return {"findings": [*map(str, found.findings)], "counts": counts, "live": asdict(live(found))}


def on_env(env: Environment, files: Files, **_: object) -> Environment:
    """Fill in the counts, now that all pages have been checked."""
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    totals = {what: sum(each[what] for each in counts.values()) for what in COUNTS}
    for page in pages:
        page.content = filled(page, totals)
    return env


def filled(page: Page, totals: dict[str, int]) -> str:
    """Return the content of a page with its counts and its reading time filled in."""

    def count(placeholder: re.Match[str]) -> str:
        name = placeholder[1]
        number = minutes(page) if name == MINUTES else totals.get(name)
        if number is None:
            known = ", ".join((*COUNTS, MINUTES))
            report(page, f"no count {name!r}, expected one of {known}", placeholder[0])
            return placeholder[0]
        return f'<span data-count="{name}">{number:,}</span>'

    return PLACEHOLDER.sub(count, page.content or "")

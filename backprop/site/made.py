"""Put the parts that code makes into each page before any other part of the plugin reads it.

The text is the one that `backprop check` reads; see backprop/pages/made.py.
"""

from dataclasses import dataclass, field
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from backprop.pages.dialects import BUILT
from backprop.pages.page import ReadError
from backprop.pages.reader import read_text

MARK = "<!-- made by "


@dataclass(frozen=True)
class Source:
    """What a page says.

    Attributes:
        text: the source, with the parts that code makes in it.
        lines: the line of the file, from 1, that each line comes from; empty if nothing is made.
    """

    text: str
    lines: list[int] = field(default_factory=list)

    def line(self, number: int) -> int:
        """Return the line of the file that a line of the text comes from."""
        return self.lines[number - 1] if self.lines else number


def path_of(page: Page, config: MkDocsConfig) -> Path:
    """Return where the source of a page is, or would be if it were a file."""
    return Path(page.file.abs_src_path or Path(config.docs_dir, page.file.src_uri))


def source_of(page: Page, config: MkDocsConfig) -> Source:
    """Return the source of a page; as its author wrote it where it cannot be read."""
    text = page.file.content_string
    if MARK not in text or page.file.src_uri.endswith(".ipynb"):
        return Source(text)
    try:
        read = read_text(text, path_of(page, config), BUILT)
    except ReadError:  # reported by backprop/site/bound.py
        return Source(text)
    whole = read.parts[0].text
    starts = [0, *(k for k, letter in enumerate(whole, 1) if letter == "\n")]
    return Source(whole, [read.place(0, start).line for start in starts])


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Return the text of a page with what code makes in it."""
    source = source_of(page, config)
    return get_data(source.text)[0] if source.lines else markdown

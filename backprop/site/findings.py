"""Report a fault of a page at its place in the source, so that a strict build fails."""

import json
import logging
import os
import re
from pathlib import Path

from mkdocs.structure.pages import Page

# MkDocs counts what is logged below `mkdocs`; any other logger would let a strict build pass.
log = logging.getLogger("mkdocs.plugins.backprop")


def report(page: Page, message: str, snippet: str = "") -> None:
    """Log one line, `docs/page.md:LINE: message`, for the place where the snippet stands."""
    source = page.file.abs_src_path
    where = place(Path(source), snippet) if source else page.file.src_uri
    log.error("%s: %s", where, message)


def place(path: Path, snippet: str) -> str:
    """Return the file, with the line (in a notebook, the cell) of the snippet if it has one."""
    name = os.path.relpath(path)
    # The snippet has lost the indentation and the quote marks of its lines.
    words = r"[\s>]+".join(re.escape(word) for word in snippet.split())
    text = path.read_text(encoding="utf-8")
    if not words:
        return name
    if path.suffix == ".ipynb":
        for number, cell in enumerate(json.loads(text)["cells"], 1):
            if re.search(words, "".join(cell["source"])):
                return f"{name}: cell {number}"
    elif found := re.search(words, text):
        return f"{name}:{text.count(chr(10), 0, found.start()) + 1}"
    return name

"""Give the search index the words of a page without the markup of its formulas and pictures.

The index then holds no axis labels, and is made in half the time: a formula is a dozen elements.
"""

import re
from typing import Any

from mkdocs.structure.pages import Page

shown: dict[str, str] = {}  # what readers get, while the index is made of something else


def words(html: str) -> str:
    """The page with formulas as plain text, and without drawings and their buttons."""
    html = re.sub(r"<(svg|template)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(
        r"<math\b.*?</math>", lambda math: re.sub("<[^>]+>", "", math[0]), html, flags=re.DOTALL
    )


def before_search(context: dict[str, Any], /, page: Page, **_: object) -> dict[str, Any]:
    """Put the words in the place of the page."""
    shown[page.file.src_uri] = page.content or ""
    page.content = words(page.content or "")
    return context


def after_search(context: dict[str, Any], /, page: Page, **_: object) -> dict[str, Any]:
    """Put the page back."""
    page.content = shown.pop(page.file.src_uri)
    return context

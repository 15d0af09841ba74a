"""The pages of this site, each read once for all tests of a process."""

from functools import cache
from pathlib import Path

from backprop.pages.page import Page
from backprop.pages.reader import read


@cache
def our_page(path: Path) -> Page:
    """Return a page to look at. To check one, read it anew, since a page counts what it costs."""
    return read(path)

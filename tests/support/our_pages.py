"""The pages of this site, each read once for all tests of a process."""

from functools import cache
from pathlib import Path

from backprop.pages.page import Page
from backprop.pages.reader import read


@cache
def our_page(path: Path) -> Page:
    """Read a page to look at. To check it, read it anew: what that costs is counted on the page."""
    return read(path)

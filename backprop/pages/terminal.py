"""How a finding looks on a terminal: its line of the page, and a caret under the place."""

import os
import re
import shutil
from unicodedata import combining, east_asian_width

from backprop.pages.check import Finding
from backprop.pages.page import Page

RED, BOLD, PLAIN = "\033[31m", "\033[1m", "\033[0m"
BEFORE = 20  # characters in front of the place that a cut line keeps


def printable(text: str) -> str:
    """Return a text on one line, without control characters."""
    return "".join(char if char.isprintable() else " " for char in text)


def excerpt(finding: Finding, page: Page) -> str:
    """Return a finding with its line and a caret, as wide as the terminal."""
    red, bold, plain = ("", "", "") if os.environ.get("NO_COLOR") else (RED, BOLD, PLAIN)
    text, origin = page.origin(finding.part, finding.start) if page.parts else ("", 0)
    start = origin - finding.place.column + 1
    end = re.compile(r"[\r\n]|$").search(text, origin)
    line = printable(text[start : end.start() if end else None])
    column = finding.place.column - 1
    size = max(1, min(finding.end - finding.start, len(line) - column))
    width = shutil.get_terminal_size().columns - 4
    if _width(line) > width:
        fits = _width(line[: column + size]) <= width
        first = 0 if fits else max(0, column - BEFORE)
        line, column = line[first : first + width], column - first
        size = max(1, min(size, len(line) - column))
    head = f"{bold}{printable(f'{finding.path}:{finding.place}:')}{plain}"
    caret = " " * _width(line[:column]) + "^" * max(1, _width(line[column : column + size]))
    return f"{head} {printable(finding.message)}\n    {line}\n    {red}{caret}{plain}"


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if combining(char) else 1 + (east_asian_width(char) in "WF") for char in text)

"""Twice the page is twice the work: counted in calls, which are the same on every machine."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from backprop.formulas import latex
from backprop.pages.check import check_text
from backprop.pages.page import ReadError
from backprop.pages.rendered import shown

ROOT = Path(__file__).parents[2]
NOTES = (ROOT / "docs" / "notes.md").read_text("utf-8")
FRONT, BODY = NOTES[: (cut := NOTES.index("\n---\n") + 5)], NOTES[cut:]
SECTIONS = BODY[: BODY.index("\n## ", 4_000)]

PAGES: dict[str, Callable[[int], str]] = {
    "the notes": lambda n: SECTIONS * n,
    "one long line": lambda n: "a" * 20_000 * n,
    "words": lambda n: "word " * 4_000 * n,
    "formulas in one line": lambda n: "$x_1 = 0.05$ " * 50 * n,
    "dollars": lambda n: "$" * 3_000 * n,
    "dollars apart": lambda n: "$ " * 3_000 * n,
    "dollars behind letters": lambda n: "a$ " * 3_000 * n,
    "one long sum": lambda n: f"$x_1 = {'x_1 + ' * 100 * n}1$",
    "braces": lambda n: f"${'{' * 300 * n}x_1{'}' * 300 * n}$",
    "parentheses without end": lambda n: f"${'(' * 500 * n}$",
    "matrices without end": lambda n: "$" + r"\begin{matrix}" * 100 * n + "$",
    "alignments without end": lambda n: "\\begin{align}\n" * 100 * n,
    "lists in lists": lambda n: "\n".join("    " * k + "- a" for k in range(10 * n)),
    "notes in notes": lambda n: "\n".join("    " * k + "!!! note\n" for k in range(10 * n)),
    "quotes in quotes": lambda n: ">" * 500 * n + " a",
    "longer and longer quotes": lambda n: "\n".join(">" * k + " a" for k in range(25 * n)),
    "longer and longer code": lambda n: " ".join("`" * k + "a" for k in range(40 * n)),
    "brackets": lambda n: "[" * 1_000 * n,
    "formulas that touch": lambda n: "5$x_1$" * 100 * n,
    "spaces behind formulas": lambda n: f"$x_1${' ' * 3_000 * n}5{' ' * 3_000 * n}$x_1$",
    "code that is numbers": lambda n: "`0.5` " * 200 * n,
    "links by label": lambda n: "0.[5][x]" * 200 * n + "\n\n[x]: y",
    "links in numbers": lambda n: "0.[5](x)" * 200 * n,
    "marks in numbers": lambda n: "0*" * 1_000 * n,
    "links without end": lambda n: "[a](" * 500 * n,
    "tags without end": lambda n: '<a b="' * 500 * n,
    "comments without end": lambda n: "<!--" * 500 * n,
    "emphasis without end": lambda n: "**a*" * 500 * n,
    "a table": lambda n: "|a|b|\n|-|-|\n" + "|a|$x_1 = 0.05$|\n" * 50 * n,
    "sections of their own": lambda n: (
        "# a\n\n<!-- backprop: example=notes -->\n\n$x_1$\n\n" * (20 * n)
    ),
    "exemptions": lambda n: "0.5 <!-- exempt: a year -->\n\n" * 50 * n,
    "decimals": lambda n: "0.5 " * 300 * n,
    "empty lines": lambda n: "\n" * 3_000 * n + "a",
    "tabs": lambda n: "\t" * 3_000 * n + "a",
    "fences": lambda n: "```\n" * 202 * n,
}


def work(text: str) -> int:
    """Count the calls, of Python and of C, that it takes to check a page."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    latex._read_once.cache_clear()  # noqa: SLF001  # a formula is read once, here each time
    latex._parse.cache_clear()  # noqa: SLF001
    shown.cache_clear()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        check_text(FRONT + text, "page.md")
    except ReadError:
        pass
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", PAGES)
def test_work_grows_no_faster_than_the_page(name: str) -> None:
    page = PAGES[name]
    work(page(1))  # what is made once and kept
    one, four = page(1), page(4)
    assert work(four) <= 1.2 * len(four) / len(one) * work(one)

"""Estimate how long it takes to read a page, and report pages that take too long.

    plugins:
      - backprop:
          minutes: {Learn: 35} # the most that a page of this group of the navigation may take

What is folded does not count, since a first reader skips it, and neither do drawings. A page shows
its reading time where it has
`<span data-count="minutes"></span>`, which bound.py fills in.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from bs4 import BeautifulSoup
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from backprop.site.findings import report

WORDS_A_MINUTE = 130  # in a foreign language, with time to think
SECONDS_A_FORMULA_LINE = 6
SECONDS_A_CODE_LINE = 3
UNREAD = "svg, script, style, template, .bp-controls, details:not([open]) > :not(summary)"


@dataclass(frozen=True)
class Amount:
    """How much there is to read on a page.

    Attributes:
        words: how many words; a formula in a sentence counts as one.
        formula_lines: lines of the formulas that stand by themselves.
        code_lines: lines of code, and of what it prints, that are not empty.
    """

    words: int
    formula_lines: int
    code_lines: int

    @property
    def minutes(self) -> int:
        """The reading time in minutes, rounded up."""
        seconds = (
            60 * self.words / WORDS_A_MINUTE
            + SECONDS_A_FORMULA_LINE * self.formula_lines
            + SECONDS_A_CODE_LINE * self.code_lines
        )
        return math.ceil(seconds / 60)


@lru_cache(maxsize=100)  # called by two parts of the build, and a served site is built often
def amount(html: str) -> Amount:
    """Return how much there is to read in the HTML of a page, without its folded parts."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select(UNREAD):
        element.extract()
    formula_lines = sentences = code_lines = 0
    for formula in page.find_all("math"):
        if formula.get("display") == "block":
            table = formula.find("mtable")
            formula_lines += len(table.find_all("mtr", recursive=False)) if table else 1
        else:
            sentences += 1
        formula.extract()
    for code in page.find_all("pre"):
        code_lines += sum(1 for line in code.get_text().splitlines() if line.strip())
        code.extract()
    return Amount(len(page.get_text().split()) + sentences, formula_lines, code_lines)


def minutes(page: Page) -> int:
    """Return how long it takes to read a page, in minutes."""
    return amount(page.content or "").minutes


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Report each page that takes longer than its group of the navigation allows."""
    most: dict[str, int] = config.plugins["backprop"].config["minutes"]
    for file in files.documentation_pages():
        page = file.page
        limit = most.get(page.parent.title or "") if page and page.parent else None
        if page and limit and (takes := minutes(page)) > limit:
            report(page, f"it takes {takes} minutes to read, expected {limit} at most; fold or cut")
    return env

"""Let pytest test each formula of a page, and say in one line what is wrong with it.

    pytest -p backprop.pages.pytest_plugin notes/

An item is a formula in its line, such as `notes/lesson.md::line 42: equation`. What
is outside of formulas, such as decimals, marks and settings, is the item `whole page`.
"""

import os
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from backprop.pages.check import Finding, check_page
from backprop.pages.reader import Math, Page, Place, ReadError, read

DECIMAL = re.compile(r"\d\.\d")


class Wrong(Exception):  # noqa: N818  # it is the page that is wrong, not the code
    """What is wrong with an item, a line for each finding."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "PageFile | None":
    """Collect Markdown pages and notebooks."""
    if file_path.suffix in (".md", ".ipynb"):
        file: PageFile = PageFile.from_parent(parent, path=file_path)
        return file
    return None


class PageFile(pytest.File):
    """A page. It is checked once, when its first item is run."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each formula, and one for all that is outside of them."""
        try:
            names = _names(self.page, self.formulas)
        except ReadError:  # running the last item says why
            names = []
        for k, name in enumerate(names):
            yield PageItem.from_parent(self, name=name, formula=k)
        yield PageItem.from_parent(self, name="whole page", formula=None)

    @cached_property
    def page(self) -> Page:
        """What the page says."""
        return read(os.path.relpath(self.path))

    @cached_property
    def formulas(self) -> list[Math]:
        """The formulas that are checked, in their order."""
        exempt = {id(mark.of) for mark in self.page.exemptions}
        return [math for math in self.page.math if id(math) not in exempt]

    @cached_property
    def findings(self) -> dict[int | None, list[Finding]]:
        """What is wrong, by the number of the formula; None is all outside."""
        starts = [(math.part, math.start) for math in self.formulas]
        found: dict[int | None, list[Finding]] = {}
        checked = check_page(self.page)
        for finding in (*checked.findings, *checked.again):
            k = bisect_right(starts, (finding.part, finding.start)) - 1
            inside = k >= 0 and finding.part == starts[k][0]
            inside = inside and finding.start < self.formulas[k].end
            found.setdefault(k if inside else None, []).append(finding)
        return found


class PageItem(pytest.Item):
    """A formula of a page, or all that is outside of formulas."""

    def __init__(self, *, formula: int | None, **kwargs: Any) -> None:  # noqa: ANN401  # pytest's own
        super().__init__(**kwargs)
        self.formula = formula

    def runtest(self) -> None:
        """Fail with what is wrong here."""
        page = self.getparent(PageFile)
        assert page is not None
        try:
            found = page.findings.get(self.formula, [])
        except ReadError as error:
            raise Wrong(str(error)) from None
        if found:
            raise Wrong("\n".join(map(str, found)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:  # noqa: ANN401
        """Show the findings alone: where in the checker they were made helps no author."""
        if isinstance(excinfo.value, Wrong):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Say where the item is."""
        return self.path, None, self.name


def _names(page: Page, formulas: Sequence[Math]) -> list[str]:
    """Name each formula by its line, and by its column where it is not alone in it."""
    places = [page.place(math.part, math.start) for math in formulas]
    shared = Counter((place.cell, place.line) for place in places)
    return [
        f"{_where(place, alone=shared[place.cell, place.line] == 1)}: {_kind(math)}"
        for place, math in zip(places, formulas, strict=True)
    ]


def _where(place: Place, *, alone: bool) -> str:
    cell = f"cell {place.cell}, " if place.cell else ""
    return f"{cell}line {place.line}" + ("" if alone else f", column {place.column}")


def _kind(math: Math) -> str:
    if math.cell is not None:
        return "table cell"
    if math.display:
        return "equation"
    return "number" if DECIMAL.search(math.latex) else "formula"

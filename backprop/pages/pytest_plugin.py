"""Let pytest test each section of a page, and report each finding in a line.

    pytest --backprop notes/

An item is a section, such as `notes/lesson.md::line 42: The update`; the text before the first
heading, with the front matter, is the item `top`. A skipped code block names the library that is
missing.
"""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from backprop.pages.check import Finding, check_page
from backprop.pages.page import Heading, Page, ReadError
from backprop.pages.reader import PAGES, read

TOP = "top"


class Wrong(Exception):  # noqa: N818  # it is the page that is wrong, not the code
    """The findings of a section, one on each line."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "PageFile | None":
    """Collect the pages that `backprop check` reads, notebooks among them."""
    if file_path.suffix in PAGES:
        file: PageFile = PageFile.from_parent(parent, path=file_path)
        return file
    return None


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Skip the code blocks that need a library which is not installed, and name it."""
    for item in items:
        needs = getattr(getattr(item, "obj", None), "importorskip", None)
        if needs and find_spec(needs) is None:
            item.add_marker(pytest.mark.skip(reason=f"{needs} is not installed"))


class PageFile(pytest.File):
    """A page. It is checked once, when its first item is run."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for the top of the page, and one for each section."""
        try:
            headings = self.page.headings
        except ReadError:  # running the first item says why
            headings = []
        names = [TOP, *(_name(self.page, heading) for heading in headings)]
        for section, name in enumerate(names):
            yield PageItem.from_parent(self, name=name, section=section)

    @cached_property
    def page(self) -> Page:
        """The page, read."""
        return read(os.path.relpath(self.path))

    @cached_property
    def findings(self) -> dict[int, list[Finding]]:
        """The findings by the number of the section; 0 is the top."""
        starts = [(heading.part, heading.start) for heading in self.page.headings]
        found: dict[int, list[Finding]] = {}
        checked = check_page(self.page)
        for finding in (*checked.findings, *checked.again):
            section = bisect_right(starts, (finding.part, finding.start))
            found.setdefault(section, []).append(finding)
        return found


class PageItem(pytest.Item):
    """A section of a page."""

    def __init__(self, *, section: int, **kwargs: Any) -> None:  # noqa: ANN401  # pytest's own
        super().__init__(**kwargs)
        self.section = section

    def runtest(self) -> None:
        """Fail with the findings of the section."""
        page = self.getparent(PageFile)
        assert page is not None
        try:
            found = page.findings.get(self.section, [])
        except ReadError as error:
            raise Wrong(str(error)) from None
        if found:
            raise Wrong("\n".join(map(str, found)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:  # noqa: ANN401
        """Show the findings without a traceback, which helps no author."""
        if isinstance(excinfo.value, Wrong):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Say where the item is."""
        return self.path, None, self.name


def _name(page: Page, heading: Heading) -> str:
    """Name a section by the line of its heading, and by the first line of its words."""
    place = page.place(heading.part, heading.start)
    cell = f"cell {place.cell}, " if place.cell else ""
    return f"{cell}line {place.line}: {heading.text.splitlines()[0].strip('# ')}"

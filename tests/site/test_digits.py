"""A wrong number is a warning at its place, and a page shows how many are checked."""

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from backprop.site import bound, package

FRONT = "---\nbackprop: {example: lecture}\n---\n"
COUNTS = "".join(f'{name}: <span data-count="{name}"></span>\n\n' for name in bound.COUNTS)
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "It is $i_2 = 0.1$."},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "source": "1",
            "outputs": [],
            "execution_count": None,
        },
    ],
    "metadata": {"backprop": {"example": "lecture"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class Site:
    """A site of a few pages, with the package beside it."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.root, self.log = root, caplog
        (root / "docs").mkdir()
        settings = {
            "site_name": "A site",
            "theme": "mkdocs",
            "plugins": [],
            "hooks": [bound.__file__],
            "watch": ["lesson"],
        }
        (root / "mkdocs.yml").write_text(yaml.safe_dump(settings))
        self.grammar = root / "lesson" / "grammar.lark"
        self.grammar.parent.mkdir()
        self.grammar.write_text("")

    def write(self, name: str, text: str) -> None:
        (self.root / "docs" / name).write_text(text, encoding="utf-8")

    def warnings(self) -> list[str]:
        """Build; return what is reported."""
        self.log.clear()
        with self.log.at_level(logging.WARNING, "mkdocs"):
            build(load_config(str(self.root / "mkdocs.yml")))
        return [record.getMessage() for record in self.log.records]

    def counts(self) -> dict[str, str]:
        """Return the counts that the first page shows."""
        html = (self.root / "site" / "index.html").read_text("utf-8")
        return dict(re.findall(r'<span data-count="(\w+)">([^<]*)</span>', html))


@pytest.fixture
def site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Site:
    made = Site(tmp_path, caplog)
    made.write("index.md", f"{FRONT}# A\n\n{COUNTS}Here $i_1 = 0.05$, and\n$i_2 = 0.1$.\n")
    return made


def test_all_pages_are_counted_together(site: Site) -> None:
    site.write("b.md", f"{FRONT}# B\n\n$w_1$\n\n```python\n1\n```\n\n```text\n2\n```\n")
    site.write("c.md", f"{FRONT}# C\n\n0.5 <!-- exempt: no reason -->\n")
    needs = "<!--pytest-codeblocks:importorskip(torch)-->\n\n"
    site.write("d.md", f"{FRONT}# D\n\n{needs}```python\nimport torch\n```\n\n```python\n1\n```\n")
    assert site.warnings() == []
    assert site.counts() == {
        "pages": "4",
        "equations": "3",
        "numbers": "2",
        "blocks": "2",
        "optional": "1",
        "cells": "0",
        "exemptions": "1",
    }


def test_notebooks_are_checked_and_their_cells_counted(site: Site) -> None:
    site.write("n.ipynb", json.dumps(NOTEBOOK))
    page = File(
        "n.ipynb", str(site.root / "docs"), str(site.root / "site"), use_directory_urls=True
    )
    config = load_config(str(site.root / "mkdocs.yml"))
    bound.on_config(config)
    notebook = Page(None, page, config)
    assert bound.on_page_markdown("as it was", notebook, config, Files([page])) == "as it was"
    assert bound.counts["n.ipynb"] == {
        "pages": 1,
        "equations": 1,
        "numbers": 1,
        "blocks": 0,
        "optional": 0,
        "cells": 1,
        "exemptions": 0,
    }
    site.log.clear()
    site.write("n.ipynb", json.dumps(NOTEBOOK).replace("$i_2 = 0.1$", "$i_2 = 0.2$"))
    bound.on_page_markdown("", notebook, config, Files([page]))
    assert [record.getMessage() for record in site.log.records] == [
        (
            "docs/n.ipynb:cell 1:1:14: 0.2 is printed; it stands for i2, which is 0.1; "
            "print 0.1 (0.2 is w2)"
        ),
    ]


def test_a_wrong_number_is_a_warning_at_its_place(site: Site) -> None:
    site.write("b.md", f"{FRONT}# B\n\nHere $i_1 = 0.06$, and 0.5.\n")
    expected = [
        "docs/b.md:6:13: 0.06 is printed; it stands for i1, which is 0.05; print 0.05",
        (
            "docs/b.md:6:24: 0.5 stands outside of a formula and is bound to nothing; "
            "write what it is, as in $a = 0.5$"
        ),
    ]
    assert site.warnings() == expected
    assert site.warnings() == expected  # kept from the build before
    site.write("b.md", f"{FRONT}# B\n\nHere $i_1 = 0.05$.\n")
    assert site.warnings() == []


def test_a_page_that_cannot_be_read_is_a_warning(site: Site) -> None:
    site.write("b.md", "# B\n\n$$\nno end\n")
    [warning] = site.warnings()
    assert warning.startswith("docs/b.md:3:1: unclosed $$")


def test_a_count_that_does_not_exist_is_an_error(site: Site) -> None:
    site.write("b.md", '# B\n\n<span data-count="sheep"></span>\n')
    [warning] = site.warnings()
    assert "b.md:3: no count 'sheep', expected one of pages, equations" in warning


def test_what_is_kept_serves_until_the_page_or_the_package_changes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[str] = []

    def checked(text: str, path: Path, name: str) -> dict[str, Any]:
        checks.append(name)
        return real(text, path, name)

    real = bound.checked
    monkeypatch.setattr(bound, "checked", checked)
    config = load_config(str(site.root / "mkdocs.yml"))
    source = site.root / "docs" / "index.md"

    def again(made: str = "") -> int:
        checks.clear()
        package.sources.cache_clear()  # as at each build
        text = source.read_text("utf-8")
        bound.outcome_of(text, source, text + made, config)
        return len(checks)

    assert again() == 1
    assert again() == 0
    site.grammar.write_text("changed")
    assert again() == 1
    source.write_text(FRONT)
    assert again() == 1
    assert again() == 0
    assert again(made="$i_1 = 0.05$") == 1
    assert again(made="$i_1 = 0.05$") == 0

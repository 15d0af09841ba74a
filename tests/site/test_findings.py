"""A finding names its place in the source."""

import json
from pathlib import Path

import pytest

from backprop.site.findings import place


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_line_of_a_page(folder: Path) -> None:
    page = folder / "page.md"
    page.write_text("# Title\n\n> $$\n> a\n> + b\n> $$\n")
    assert place(page, "a\n+ b") == "page.md:4"
    assert place(page, "not there") == "page.md"
    assert place(page, "") == "page.md"


def test_cell_of_a_notebook(folder: Path) -> None:
    notebook = folder / "a.ipynb"
    cells = [{"source": "# Title"}, {"source": ["first\n", "second $a$"]}]
    notebook.write_text(json.dumps({"cells": cells}))
    assert place(notebook, "$a$") == "a.ipynb: cell 2"
    assert place(notebook, "not there") == "a.ipynb"

"""The site shows what code makes, and says at the mark what is wrong with it."""
# mypy: untyped-calls-exclude=nbformat

from pathlib import Path

import nbformat
import pytest
from builds import build, own_warnings, write
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from backprop.site import made

FRONT = "---\ndescription: A page.\nbackprop: {example: lecture}\n---\n# A\n\n"
CODE = "<!-- made by code: autodiff Scalar scalar exp -->"
W5 = "<!-- made by explain: lecture w5 -->"


def test_a_page_and_its_notebook_show_what_is_made(tmp_path: Path) -> None:
    text = f"{FRONT}{CODE}\n\n{W5}\n\n$w_5 = 0.40$\n"
    result = build(write(tmp_path, {"index.md": text}), tmp_path / "site")
    assert (result.returncode, own_warnings(result.stderr)) == (0, [])
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "Scalar" in html
    assert "leads from" in html
    assert "made by" not in html
    notebook = nbformat.read(tmp_path / "site" / "index.ipynb", as_version=4)
    assert any("class Scalar:" in cell.source for cell in notebook.cells)
    assert any("The update" in cell.source for cell in notebook.cells)


def test_what_is_wrong_with_a_part_is_a_warning_at_its_mark(tmp_path: Path) -> None:
    front = FRONT.replace("lecture}", "lecture, givens: {w5: 0.41}}")
    unknown = "<!-- made by sheep: x -->"
    text = f"{front}{W5}\n\n{unknown}\n\n```python\nprint(1)\n```\n"
    result = build(write(tmp_path, {"index.md": text}), tmp_path / "site")
    warnings = own_warnings(result.stderr)
    assert result.returncode == 1
    assert "docs/index.md:7:1: in what explain makes: 0.40 is printed" in "\n".join(warnings)
    assert "docs/index.md:9:1: nothing is made here: made by: 'sheep'" in "\n".join(warnings)
    assert "docs/index.md:11: this block prints '1'" in "\n".join(warnings)


def page_of(folder: Path, text: str) -> tuple[Page, MkDocsConfig]:
    config = load_config(str(write(folder, {"index.md": text})), hooks=[])
    file = File("index.md", config.docs_dir, config.site_dir, use_directory_urls=True)
    return Page(None, file, config), config


def test_a_line_behind_a_part_is_that_of_the_file(tmp_path: Path) -> None:
    page, config = page_of(tmp_path, f"{FRONT}{W5}\n\nEnd\n")
    source = made.source_of(page, config)
    lines = source.text.split("\n")
    assert source.line(lines.index("End") + 1) == 9
    assert source.line(lines.index("One path leads from $w_5$ to the error:") + 1) == 7
    assert source.line(3) == 3


@pytest.mark.parametrize("text", ["# A\n\n```\nopen\n", f"# A\n\n{W5}\n\n```\nopen\n"])
def test_what_cannot_be_read_stays_as_it_is(tmp_path: Path, text: str) -> None:
    page, config = page_of(tmp_path, text)
    assert made.source_of(page, config) == made.Source(text)
    assert made.on_page_markdown("as it was", page, config) == "as it was"

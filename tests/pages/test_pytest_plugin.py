"""Pytest tests each section of a page, and says in a line each what is wrong in it."""

import json
import os
import shutil
from pathlib import Path

import pytest
from builds import run_pytest
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data

from backprop.pages import pytest_plugin
from backprop.pages.reader import read

ROOT = Path(__file__).parents[2]
SITE = load_config(str(ROOT / "mkdocs.yml"))
PAGES = sorted(path for path in (ROOT / "docs").rglob("*") if path.suffix in (".md", ".ipynb"))
PAGE = """---
backprop: {example: lecture}
---
# A page

Given $w_1 = 0.15$ and $w_2 = 0.20$,

$$
w_1 + w_2 = 0.35
$$

## A table

| | value |
| --- | --- |
| $w_5$ | $0.40$ |

The name $w_6$, 3.11 <!-- exempt: a version -->, and $q$ <!-- exempt: no name -->.
"""
NAMES = ["top", "line 4: A page", "line 12: A table"]


def collected(folder: Path, *arguments: str) -> list[str]:
    result = run_pytest(folder, "--collect-only", "-q", *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    return [line for line in result.stdout.splitlines() if "::" in line]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small copy of the project, with one page and its options."""
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("tests", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "README.md").write_text("# Read me\n")
    (tmp_path / "docs" / "page.md").write_text(PAGE)
    return tmp_path


def test_each_section_is_an_item_with_the_name_of_its_heading(project: Path) -> None:
    ours = [f"docs/page.md::{name}" for name in NAMES]
    assert collected(project) == [*ours, "README.md::top", "README.md::line 1: Read me"]


@pytest.mark.parametrize("name", ["a.markdown", "a.mdx", "a.qmd"])
def test_a_page_with_another_ending_is_collected(name: str, project: Path) -> None:
    (project / "docs" / name).write_text("# A page\n")
    assert collected(project, f"docs/{name}") == [
        f"docs/{name}::top",
        f"docs/{name}::line 1: A page",
    ]


def test_a_block_that_is_skipped_names_the_library_that_it_lacks(project: Path) -> None:
    blocks = (f"<!--pytest-codeblocks:importorskip({name})-->\n\n```python\nassert 1\n```\n"
              for name in ("no_such_library", "numpy"))  # fmt: skip
    (project / "docs" / "page.md").write_text("\n".join(blocks))
    result = run_pytest(project, "-n0", "docs/page.md")
    assert "no_such_library is not installed" in result.stdout
    assert "2 passed, 1 skipped" in result.stdout


def test_a_single_item_can_be_run_by_its_name(project: Path) -> None:
    result = run_pytest(project, "-q", "docs/page.md::line 12: A table")
    assert result.returncode == 0
    assert "1 passed" in result.stdout


def test_cells_of_notebooks_are_named(project: Path) -> None:
    cells = [
        {"cell_type": "markdown", "id": k, "metadata": {}, "source": "# One\n$w_1 = 0.15$"}
        for k in "ab"
    ]
    notebook = {"cells": cells, "metadata": {"backprop": {"example": "lecture"}}}
    (project / "docs" / "n.ipynb").write_text(json.dumps(notebook))
    assert collected(project, "docs/n.ipynb") == [
        "docs/n.ipynb::top",
        "docs/n.ipynb::cell 1, line 1: One",
        "docs/n.ipynb::cell 2, line 1: One",
    ]


BROKEN = [
    (
        ("w_2 = 0.20", "w_2 = 0.21"),
        "line 4: A page",
        (
            "6:31: 0.21 is printed; it stands for w2, which is 0.2; print 0.20 "
            "(a new one is written w_2^+)"
        ),
    ),
    (
        ("$0.40$", "$0.41$"),
        "line 12: A table",
        (
            "16:12: 0.41 is printed; it stands for w5, which is 0.4; print 0.40, "
            "or if the table means another, write what it is, as in a = b"
        ),
    ),
    (
        ("w_1 + w_2 = 0.35", "w_1 - w_2 = 0.35"),
        "line 4: A page",
        "9:13: 0.35 is printed; it stands for w1 - w2, which is -0.05; print -0.05 (0.35 is b1)",
    ),
    (
        ("example: lecture", "example: lecturer"),
        "top",
        "2:1: example: 'lecturer' came, expected notes or lecture",
    ),
    (
        ("| value |", "| value 2.5 |"),
        "line 12: A table",
        (
            "14:11: 2.5 stands outside of a formula and is bound to nothing; "
            "write what it is, as in $a = 2.5$"
        ),
    ),
    (
        ("example: lecture", "example: ["),
        "top",
        "2:22: front matter that is not YAML: did not find expected node content",
    ),
]


@pytest.mark.parametrize(("change", "name", "line"), BROKEN)
def test_an_item_fails_with_what_is_wrong_and_no_other_does(
    change: tuple[str, str], name: str, line: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = tmp_path / "page.md"
    assert PAGE.count(change[0]) == 1
    page.write_text(PAGE.replace(*change))
    file = pytest_plugin.pytest_collect_file(page, request.session)
    assert file is not None
    failures = {}
    for item in file.collect():
        assert item.location[2] == item.name
        try:
            item.runtest()
        except pytest_plugin.Wrong:
            failures[item.name] = item.repr_failure(pytest.ExceptionInfo.from_current())
    assert failures == {name: f"{os.path.relpath(page)}:{line}"}


def test_other_files_are_left_to_others(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    assert pytest_plugin.pytest_collect_file(tmp_path / "a.txt", request.session) is None


def test_an_error_in_the_checker_itself_is_shown_with_its_place(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(pytest_plugin, "check_page", broken)
    (tmp_path / "page.md").write_text(PAGE)
    file = pytest_plugin.pytest_collect_file(tmp_path / "page.md", request.session)
    assert file is not None
    item = next(file.collect())
    with pytest.raises(RuntimeError) as caught:
        item.runtest()
    shown = str(item.repr_failure(caught))
    assert "RuntimeError: no such thing" in shown
    assert "test_pytest_plugin.py" in shown


def test_broken_pages_fail_the_plain_run_in_one_line_each(project: Path) -> None:
    for k, (change, _, _) in enumerate(BROKEN):
        (project / "docs" / f"page{k}.md").write_text(PAGE.replace(*change))
    result = run_pytest(project)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{len(BROKEN)} failed" in result.stdout
    for k, (_, name, line) in enumerate(BROKEN):
        assert f"FAILED docs/page{k}.md::{name}" in result.stdout
        assert f"\ndocs/page{k}.md:{line}\n" in result.stdout
    assert "Traceback" not in result.stdout
    assert "pytest_plugin.py" not in result.stdout


def shown_formulas(path: Path) -> int:
    """Count the formulas that the site shows on a page, by its own Markdown extensions."""
    text = path.read_text("utf-8")
    parts = [get_data(read(path).parts[0].text)[0]]
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        parts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    md = Markdown(extensions=SITE.markdown_extensions, extension_configs=SITE.mdx_configs)
    return sum(md.reset().convert(part).count('class="arithmatex"') for part in parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_all_formulas_that_the_site_shows_are_checked(path: Path) -> None:
    assert len(read(path).math) == shown_formulas(path)


def test_each_page_has_its_items() -> None:
    items = collected(ROOT, *(str(path.relative_to(ROOT)) for path in PAGES), "README.md")
    assert len(items) == len(set(items))
    assert {f"{path.relative_to(ROOT).as_posix()}::top" for path in PAGES} < {*items}

"""Two builds of the site are compared file by file."""

from pathlib import Path

import pytest
from compared import differences

PAGE = '<meta name="generator" content="mkdocs-1.6.1"><p>{}</p>'


@pytest.fixture
def sites(tmp_path: Path) -> list[Path]:
    """Two folders with the same page, made by two generators."""
    folders = [tmp_path / name for name in ("one", "other")]
    for folder, name in zip(folders, ("mkdocs-1.6.1", "another"), strict=True):
        folder.mkdir()
        (folder / "index.html").write_text(PAGE.format("0.1").replace("mkdocs-1.6.1", name))
    return folders


def test_the_name_of_the_generator_may_differ(sites: list[Path]) -> None:
    assert differences(*sites) == []


def test_what_a_page_says_may_not(sites: list[Path]) -> None:
    (sites[1] / "index.html").write_text(PAGE.format("0.2"))
    assert differences(*sites) == ["index.html differs"]


def test_no_file_may_be_missing(sites: list[Path]) -> None:
    (sites[0] / "more.html").write_text("")
    assert differences(*sites) == ["more.html is in one of the two only"]

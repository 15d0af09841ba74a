"""An edit of the package or of a page reaches the next build; what is kept serves until then."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from builds import ROOT, write

from backprop.site.package import remembered

FIGURES = """
def draw(figure: str, example: str, *, standalone: bool = False, links: object = None) -> str:
    return "<svg><text>{value}</text></svg>"
"""
# What serving does at each change of a file, without the waiting: builds in one process.
BUILDS = f"""
import logging
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

logging.basicConfig(level=logging.INFO)

def change(name, old, new):
    path = Path(name)
    text = path.read_text("utf-8")
    assert old in text, (name, old)
    path.write_text(text.replace(old, new), "utf-8")

def built(name):
    print("build", name)
    build(load_config("mkdocs.yml", site_dir=f"site-{{name}}"))

figures = Path("backprop/figures/diagrams.py")
rest = figures.read_text("utf-8")
figures.write_text(rest + {FIGURES!r}.replace("{{value}}", "0.111"))
built("first")
figures.write_text(rest + {FIGURES!r}.replace("{{value}}", "0.2222"))
built("package")
change("docs/index.md", "a word", "another word")
built("page")
change("backprop/site/sections.py", "bp-part", "bp-portion")
built("part")
change("backprop/site/plugin.py", "Change the HTML of a page.", "Change the HTML.")
built("plugin")
"""
CELL: dict[str, object] = {
    "cell_type": "code",
    "id": "a",
    "metadata": {},
    "outputs": [],
    "execution_count": None,
    "source": 'from backprop.figures.diagrams import draw\nprint(draw("a", "b"))',
}
PAGES = {
    "index.md": (
        "---\ndescription: Start.\n---\n# Start\n\n"
        '<figure data-figure="a" data-example="b"></figure>\n\nHere is a word.\n'
    ),
    "a.ipynb": json.dumps(
        {
            "cells": [CELL],
            "metadata": {"description": "A."},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The sites after each change, and what the terminal said at each build."""
    folder = tmp_path_factory.mktemp("served")
    write(folder, PAGES)
    shutil.copytree(ROOT / "backprop", folder / "backprop")
    command = [sys.executable, "-u", "-c", BUILDS]
    result = subprocess.run(
        command,
        cwd=folder,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=240,
    )
    assert result.returncode == 0, result.stdout
    _, *said = re.split(r"^build (\w+)\n", result.stdout, flags=re.MULTILINE)
    return folder, dict(zip(said[::2], said[1::2], strict=True))


def html(folder: Path, build: str, page: str = "index.html") -> str:
    return (folder / f"site-{build}" / page).read_text(encoding="utf-8")


def test_no_build_shows_an_earlier_state_of_the_package(
    served: tuple[Path, dict[str, str]],
) -> None:
    folder, _ = served
    for page in ("index.html", "a/index.html"):
        assert "0.111" in html(folder, "first", page)
        for build in ("package", "page", "part", "plugin"):
            assert "0.2222" in html(folder, build, page), (build, page)
            assert "0.111" not in html(folder, build, page), (build, page)
    kept = list((folder / ".cache" / "mkdocs-jupyter").iterdir())
    assert len(kept) == 1, "results for the earlier package stay in the cache"


def test_no_build_shows_an_earlier_state_of_a_page(served: tuple[Path, dict[str, str]]) -> None:
    folder, _ = served
    assert "Here is a word." in html(folder, "package")
    assert "Here is another word." in html(folder, "page")


def test_a_part_of_the_plugin_is_imported_anew_too(served: tuple[Path, dict[str, str]]) -> None:
    folder, _ = served
    assert "bp-part" in html(folder, "page")
    assert "bp-portion" in html(folder, "part")


def test_where_a_change_needs_a_new_start_it_says_so(served: tuple[Path, dict[str, str]]) -> None:
    _, said = served
    note = "plugin.py has changed: start mkdocs again for that to take effect"
    assert [build for build in said if note in said[build]] == ["plugin"]
    assert said["plugin"].count(note) == 1


def test_what_is_kept_serves_until_its_key_changes(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        return {"number": len(made)}

    file = tmp_path / "folder" / "kept.json"
    assert remembered(file, ["a"], make) == {"number": 1}
    assert remembered(file, ["a"], make) == {"number": 1}
    assert remembered(file, ["b"], make) == {"number": 2}
    assert remembered(file, ["a"], make, keep=lambda _: False) == {"number": 3}
    assert remembered(file, ["b"], make) == {"number": 2}
    assert [path.name for path in file.parent.iterdir()] == ["kept.json"]

"""While the site is served, an edit of the package reaches the next build."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from builds import ROOT, write

FIGURES = """
def draw(figure: str, example: str, *, standalone: bool = False) -> str:
    return "<svg><text>{value}</text></svg>"
"""
# What serving does at each change of a file, without the waiting: two builds in one process.
TWO_BUILDS = f"""
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

for value in ("0.111", "0.2222"):
    Path("backprop/figures/diagrams.py").write_text({FIGURES!r}.replace("{{value}}", value))
    build(load_config("mkdocs.yml", site_dir=f"site-{{value}}"))
"""


def test_no_build_shows_an_earlier_state_of_the_package(tmp_path: Path) -> None:
    figure = '<figure data-figure="a" data-example="b"></figure>'
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": 'from backprop.figures.diagrams import draw\nprint(draw("a", "b"))',
    }
    about = {"metadata": {"description": "A."}, "nbformat": 4, "nbformat_minor": 5}
    pages = {
        "index.md": f"---\ndescription: Start.\n---\n# Start\n\n{figure}\n",
        "a.ipynb": json.dumps({"cells": [cell], **about}),
    }
    write(tmp_path, pages)
    shutil.copytree(ROOT / "backprop", tmp_path / "backprop")
    subprocess.run([sys.executable, "-c", TWO_BUILDS], cwd=tmp_path, check=True, timeout=120)
    for value in ("0.111", "0.2222"):
        for page in ("index.html", "a/index.html"):
            html = (tmp_path / f"site-{value}" / page).read_text(encoding="utf-8")
            assert value in html, (value, page)
    kept = list((tmp_path / ".cache" / "mkdocs-jupyter").iterdir())
    assert len(kept) == 1, "results for the earlier package stay in the cache"

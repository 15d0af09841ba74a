"""Build the site, or a tiny one with the site's own settings."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from mkdocs.utils.yaml import yaml_load

from backprop.site.scripts import tables

ROOT = Path(__file__).parents[2]


def build(config: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Run the build as a reader would, from the folder of its configuration."""
    root = config.parent
    path = os.pathsep.join([str(root), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config.name, "-d", str(site)],
        cwd=root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=600,  # a hang; a busy machine takes minutes
        check=False,
    )


def finished_site() -> Path | None:
    """Return the folder that BACKPROP_SITE names, None where it names none.

    Raises:
        FileNotFoundError: there is no site in it.
    """
    folder = os.environ.get("BACKPROP_SITE")
    if not folder:
        return None
    if not (ROOT / folder / "index.html").is_file():
        raise FileNotFoundError(
            f"BACKPROP_SITE: {folder} came, expected the folder of a built site"
        )
    return ROOT / folder


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder as a user would, by itself."""
    alone = ["-n0", "-p", "no:cacheprovider", "--no-cov"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", *alone, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def scripts(folder: Path) -> Path:
    """Copy the scripts into a folder, and write the tables that a build gives them."""
    shutil.copytree(ROOT / "backprop" / "site" / "assets", folder, dirs_exist_ok=True)
    (folder / "tables.js").write_text(tables(), encoding="utf-8")
    return folder


def own_warnings(output: str) -> list[str]:
    """The warnings and errors of the build, not those that a notebook's kernel writes between."""
    return re.findall(r"^(?:WARNING|ERROR|CRITICAL)\b.*$", output, re.MULTILINE)


def write(folder: Path, pages: dict[str, str], **settings: object) -> Path:
    """Write a site of these pages with the settings of the real one, or with others."""
    docs = folder / "docs"
    for name, text in pages.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    plugins = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["plugins"]
    ours = next(each["backprop"] for each in plugins if "backprop" in each)
    ours |= {"glossary": str(ROOT / ours["glossary"]), "spreadsheets": False}
    settings = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "nav": [name for name in pages if not name.startswith("unlisted")],
        "plugins": plugins,
        **settings,
    }
    config = folder / "mkdocs.yml"
    config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML, too
    share_cache(folder)
    return config


def share_cache(folder: Path) -> None:
    """Let a site use the font and the picture of the real one, which take seconds to make."""
    (folder / ".cache").mkdir()
    for name in ("fonts", "pictures"):
        (ROOT / ".cache" / name).mkdir(parents=True, exist_ok=True)
        (folder / ".cache" / name).symlink_to(ROOT / ".cache" / name)

"""Let what runs the code of pages import the package that builds them."""

import hashlib
import os
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig


def on_config(config: MkDocsConfig) -> None:
    """Let notebooks' kernels find the package, and what lies beside the pages."""
    root = str(Path(config.config_file_path).parent)
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if paths[0] != root:
        os.environ["PYTHONPATH"] = os.pathsep.join(path for path in (root, *paths) if path)


def digest(root: Path, distributions: Iterable[str], files: Iterable[Path]) -> str:
    """What a kept result depends on: Python, what is installed, the package, and these files."""
    recipe = hashlib.sha256(repr((sys.version, [*map(version, distributions)])).encode())
    for path in sorted([*(root / "backprop").rglob("*.py"), *files]):
        recipe.update(path.name.encode() + path.read_bytes())
    return recipe.hexdigest()[:16]

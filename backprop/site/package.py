"""Digests of all that the cached results of pages depend on, and the files of the cache."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

PACKAGE = Path(__file__).parents[1]
READ = {".py", ".lark"}  # what Python and the parser of formulas read


def on_config(config: MkDocsConfig) -> None:
    """Let notebooks import the package that builds the site, and modules of the site's folder."""
    sources.cache_clear()
    roots = [str(PACKAGE.parent), str(Path(config.config_file_path).parent)]
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if paths[: len(roots)] != roots:
        os.environ["PYTHONPATH"] = os.pathsep.join(path for path in (*roots, *paths) if path)


def digest(config: MkDocsConfig, distributions: Iterable[str], files: Iterable[Path] = ()) -> str:
    """Return a digest of Python, some installed distributions, the code, and some files.

    The code is the package without `backprop/site`, and what the site watches.
    """
    recipe = hashlib.sha256(repr((sys.version, [*map(version, distributions)])).encode())
    recipe.update(sources(tuple(config.watch)))
    for path in sorted(files):
        recipe.update(path.name.encode() + path.read_bytes())
    return recipe.hexdigest()[:16]


def kept(folder: Path, recipe: bytes, suffix: str, make: Callable[[], bytes]) -> Path:
    """Return the file in a folder that is kept for a recipe; make it if it is not there yet."""
    path = folder / f"{hashlib.sha256(recipe).hexdigest()[:16]}{suffix}"
    if not path.exists():
        _write(path, make())
    return path


def remembered(
    file: Path, key: Sequence[str], make: Callable[[], Any], *, keep: Callable[[Any], bool] = bool
) -> Any:  # noqa: ANN401  # whatever JSON holds
    """Return the result kept in a file if its key is the same; otherwise make it and keep it.

    Args:
        file: where it is kept.
        key: all that it depends on.
        make: makes it, as JSON data.
        keep: tells whether a result may be used again.
    """
    if file.exists():
        old = json.loads(file.read_text(encoding="utf-8"))
        if old["key"] == [*key]:
            return old["made"]
    made = make()
    if keep(made):
        _write(file, json.dumps({"key": [*key], "made": made}).encode())
    return made


def _write(path: Path, content: bytes) -> None:
    """Write a file of the cache, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")  # another process may read or write it now
    fresh.write_bytes(content)
    fresh.replace(path)


@cache  # for one build
def sources(watched: tuple[str, ...]) -> bytes:
    """Return a digest of all code that blocks and checks may run."""
    recipe = hashlib.sha256()
    site = Path(__file__).parent
    found = {path for root in (PACKAGE, *map(Path, watched)) for path in (root, *root.rglob("*"))}
    for path in sorted(path for path in found if path.suffix in READ and site not in path.parents):
        recipe.update(path.name.encode() + path.read_bytes())
    return recipe.digest()

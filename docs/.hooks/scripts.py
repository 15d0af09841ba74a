"""Give the scripts the package's tables, and leave their comments in the repository.

A reader of the site need not wait for comments: a script runs the same with and without. Only
these go, and spaces that say nothing.
"""

import importlib
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from rjsmin import jsmin

ENGINE, TABLES = "assets/engine.js", "assets/tables.js"


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Write what each quantity and each function is, where the script is that computes it."""
    if files.get_file_from_path(ENGINE):
        # Imported here, since the package hook forgets the package before each build.
        content = importlib.import_module("backprop.symbolic.trees").module()
        files.append(File.generated(config, TABLES, content=content))


def on_post_build(config: MkDocsConfig) -> None:
    """Shorten each script of ours where it has been copied to."""
    for source in Path(config.docs_dir).glob("assets/*.js"):
        copy = Path(config.site_dir) / "assets" / source.name
        copy.write_text(jsmin(source.read_text("utf-8")), "utf-8")

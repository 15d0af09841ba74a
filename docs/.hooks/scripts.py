"""Give the scripts the package's tables, and make them short for those who load them.

A script runs the same without its comments, and with short names for what it does not export.
"""

import importlib
from pathlib import Path

import minify
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ENGINE, TABLES = "assets/engine.js", "assets/tables.js"


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Write what each quantity and each function is, where the script is that computes it."""
    if files.get_file_from_path(ENGINE):
        # Imported here, since the package hook forgets the package before each build.
        content = importlib.import_module("backprop.symbolic.trees").module()
        files.append(File.generated(config, TABLES, content=content))


def on_post_build(config: MkDocsConfig) -> None:
    """Shorten each script of ours where it has been copied to."""
    for script in Path(config.site_dir).glob("assets/*.js"):
        short = minify.string("application/javascript", script.read_text("utf-8"))
        script.write_text(short, "utf-8")

"""Shorten our scripts for the site: a reader need not wait for comments, spaces and long names.

A script runs the same with and without; what it exports keeps its name.
"""

from pathlib import Path

import minify
from mkdocs.config.defaults import MkDocsConfig


def on_post_build(config: MkDocsConfig) -> None:
    """Shorten each script of ours where it has been copied to."""
    for source in Path(config.docs_dir).glob("assets/*.js"):
        copy = Path(config.site_dir) / "assets" / source.name
        short = minify.string("application/javascript", source.read_text("utf-8"))
        copy.write_text(short, "utf-8")

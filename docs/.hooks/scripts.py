"""Leave the comments of our scripts in the repository: a reader of the site need not wait for them.

A script runs the same with and without. Only comments go, and spaces that say nothing.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from rjsmin import jsmin


def on_post_build(config: MkDocsConfig) -> None:
    """Shorten each script of ours where it has been copied to."""
    for source in Path(config.docs_dir).glob("assets/*.js"):
        copy = Path(config.site_dir) / "assets" / source.name
        copy.write_text(jsmin(source.read_text("utf-8")), "utf-8")

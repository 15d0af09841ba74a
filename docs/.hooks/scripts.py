"""Leave the comments of our scripts in the repository: a reader of the site need not wait for them.

A script runs the same with and without. Only comments go, and indentation.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

BLOCK = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)
# At the end of a line; two slashes inside of a string have its closing quote after them.
TAIL = re.compile(r""" // [^"'`]*$""")


def bare(script: str) -> str:
    """Return a script without comments, indentation and empty lines."""
    lines = (TAIL.sub("", line.strip()) for line in BLOCK.sub("", script).splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def on_post_build(config: MkDocsConfig) -> None:
    """Shorten each script of ours where it has been copied to."""
    for source in Path(config.docs_dir).glob("assets/*.js"):
        copy = Path(config.site_dir) / "assets" / source.name
        copy.write_text(bare(source.read_text("utf-8")), "utf-8")

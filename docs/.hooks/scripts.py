"""Leave the comments of our scripts in the repository: a reader of the site need not wait for them.

A script runs the same with and without. Only whole lines that are comments go, and indentation.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig


def bare(script: str) -> str:
    """Return a script without comments, indentation and empty lines."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(("//", "/*", "*")))


def on_post_build(config: MkDocsConfig) -> None:
    """Shorten each script of ours where it has been copied to."""
    for source in Path(config.docs_dir).glob("assets/*.js"):
        copy = Path(config.site_dir) / "assets" / source.name
        copy.write_text(bare(source.read_text("utf-8")), "utf-8")

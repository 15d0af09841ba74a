"""Add the scripts and styles of the pages to the site, which come with the package.

The tables of functions and definitions, from which the scripts compute, become a script as well,
and with them how the pictures draw weights and numbers.

Scripts and styles are minified, so that readers do not wait for comments, spaces and long names.
What a script exports keeps its name. On a Mac with a processor of Apple's, for which the minifier
has no build, they are served as they are.
"""

import importlib
import json
from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from backprop.figures.svg import look
from backprop.symbolic import trees

FOLDER = Path(__file__).with_name("assets")
SHORTENED = {".js": "application/javascript", ".css": "text/css"}


def on_config(config: MkDocsConfig) -> None:
    """Let each page load the package's script and style sheet before the site's own."""
    script = ExtraScriptValue("assets/site.js")
    script.type = "module"  # which does not hold up the page
    config.extra_javascript.insert(0, script)
    config.extra_css.insert(0, "assets/site.css")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files of `assets`, with scripts and style sheets minified."""
    for path in sorted(FOLDER.iterdir()):
        name = f"assets/{path.name}"
        if kind := SHORTENED.get(path.suffix):
            text = shortened(path.read_text("utf-8"), kind)
            files.append(File.generated(config, name, content=text))
        else:
            files.append(File.generated(config, name, abs_src_path=str(path)))
    files.append(File.generated(config, "assets/tables.js", content=shortened(tables())))
    return files


def tables() -> str:
    """Return the script with the data that the package shares with its scripts."""
    return f"{trees.module()}export const LOOK = {json.dumps(look())};\n"


def shortened(text: str, kind: str = SHORTENED[".js"]) -> str:
    """Return a minified text, or the text itself where the minifier is not installed."""
    try:
        minify = importlib.import_module("minify")
    except ModuleNotFoundError:
        return text
    short: str = minify.string(kind, text)
    return short

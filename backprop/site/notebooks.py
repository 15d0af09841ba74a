"""Render an executed notebook as one of the site's own Markdown pages.

mkdocs-jupyter runs the cells and keeps the result. Its template is replaced by one that hands the
executed notebook over, and Markdown made of that is rendered like any page: the same math, code
blocks, links and table of contents, and neither a second style sheet nor a script.
"""

import html
import json
import re
import shutil
from collections.abc import Callable
from copy import copy
from itertools import groupby
from pathlib import Path
from textwrap import indent
from types import MethodType
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs_jupyter.config import settings
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from backprop.site import ahead, package
from backprop.site.findings import report
from backprop.site.inline_svg import plot

FOLDED = "hide-input"  # the tag of cells whose code a first reader can skip
TEMPLATES = Path(__file__).parent / "templates"


def on_config(config: MkDocsConfig) -> None:
    """Point mkdocs-jupyter at the template, and at a cache that belongs to this very package."""
    if "mkdocs-jupyter" not in config.plugins:
        return  # the site has no notebooks
    settings.templates_dir = str(TEMPLATES)
    options = config.plugins["mkdocs-jupyter"].config
    options["cache_dir"] = str(cache_root(config) / digest(config))
    if "mathjax_version" in options:
        options["mathjax_version"] = 2  # from 0.27 on, any other loads MathJax on every page


def cache_root(config: MkDocsConfig) -> Path:
    """Return the folder in which results are kept between builds."""
    return Path(config.config_file_path).parent / ".cache" / "mkdocs-jupyter"


def digest(config: MkDocsConfig) -> str:
    """Return a digest of what a result depends on besides its notebook."""
    return package.digest(config, ["numpy", "matplotlib"], TEMPLATES.rglob("*.j2"))


def is_notebook(page: Page) -> bool:
    """Return whether a page is made from a notebook."""
    return page.file.src_uri.endswith(".ipynb")


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Let mkdocs-jupyter start to run all notebooks; it caches the results."""
    jupyter = config.plugins.get("mkdocs-jupyter")
    for file in files.documentation_pages():
        if jupyter and file.page and is_notebook(file.page):
            page = copy(file.page)
            jupyter.on_pre_page(page, config=config, files=files)
            ahead.begin(f"cells of {file.src_uri}", page.render, config, files)


def on_pre_page(page: Page, **_: object) -> Page:
    """Let mkdocs-jupyter run the cells, and the site render the results."""
    if is_notebook(page):
        execute = page.render  # mkdocs-jupyter has put its own here
        page.render = MethodType(rendered_by_site(execute), page)  # type: ignore[method-assign]
    return page


def rendered_by_site(
    execute: Callable[[MkDocsConfig, Files], None],
) -> Callable[[Page, MkDocsConfig, Files], None]:
    """Return the method that renders a notebook's page."""

    def render(page: Page, config: MkDocsConfig, files: Files) -> None:
        try:
            ahead.finish(f"cells of {page.file.src_uri}")
            execute(config, files)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise PluginError(f"docs/{page.file.src_uri}: {explain(error)}") from error
        executed = (page.content or "").partition(">")[2].partition("</script>")[0]
        page.markdown = to_markdown(json.loads(executed), page)
        Page.render(page, config, files)

    return render


def explain(error: Exception) -> str:
    """Return on one line which cell failed and why; 3 is the cell that Jupyter calls `In[3]`."""
    text = without_colors(str(error))
    cell = re.search(r"In\s?\[(\d+)\](?:, line (\d+))?", text)
    place = f"code cell {cell[1]}, line {cell[2] or '?'}: " if cell else ""
    if isinstance(error, CellExecutionError):
        return f"{place}{error.ename}: {' '.join(error.evalue.split())}"
    return f"{place}{type(error).__name__}: {text.splitlines()[0]}"


def to_markdown(notebook: dict[str, Any], page: Page) -> str:
    """Return the Markdown of a notebook: its text, its code as fences, the outputs below them."""
    parts = []
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == "markdown":
            parts.append(cell["source"])
        elif cell["cell_type"] == "code":
            parts.append(code(cell))
            parts += [result(output, cell, number, page) for output in joined(cell["outputs"])]
    return "\n\n".join(parts)


def code(cell: dict[str, Any]) -> str:
    """Return the code of a cell, folded if it has the tag that Jupyter Book uses for this."""
    block = fenced("python", cell["source"])
    if FOLDED not in cell["metadata"].get("tags", ()):
        return block
    return f'??? example "Code"\n\n{indent(block, " " * 4)}'


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return outputs with consecutive ones of a stream joined: a busy kernel splits them."""
    whole: list[dict[str, Any]] = []
    # A stream is named stdout or stderr; what is no stream has no name.
    for name, group in groupby(outputs, key=lambda output: output.get("name")):
        run = [*group]
        whole += [{"text": "".join(output["text"] for output in run)}] if name else run
    return whole


def fenced(language: str, text: str) -> str:
    """Return a code block; its fence is longer than any in the text."""
    return f"``````````{language}\n{text}\n``````````"


def result(output: dict[str, Any], cell: dict[str, Any], number: int, page: Page) -> str:
    """Return an output of a cell in the richest form that the page can show."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    if "image/svg+xml" in data:
        label = html.escape(alternative(cell, number, page))
        svg = plot(data["image/svg+xml"], f"plot-{number}-")
        return f'<div class="output picture" role="img" aria-label="{label}">{svg}</div>'
    if "image/png" in data:
        label = html.escape(alternative(cell, number, page))
        source = f"data:image/png;base64,{data['image/png'].strip()}"
        return f'<div class="output picture"><img alt="{label}" src="{source}"></div>'
    if "text/html" in data:
        return f'<div class="output">{data["text/html"]}</div>'
    return fenced("{ .text .output .no-copy }", without_colors(data["text/plain"]).strip("\n"))


def alternative(cell: dict[str, Any], number: int, page: Page) -> str:
    """Return the description of a picture from the metadata of its cell."""
    if not (words := str(cell["metadata"].get("alt") or "")):
        report(page, f'cell {number} draws a picture and has no "alt" in its metadata')
    return words


def without_colors(text: str) -> str:
    """Return a text without the codes that color it in a terminal."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Take the description of a notebook, and report a cell stored with its output."""
    if is_notebook(page):
        notebook: dict[str, Any] = json.loads(Path(page.file.abs_src_path or "").read_text("utf-8"))
        page.meta["description"] = notebook["metadata"].get("description")
        for number, cell in enumerate(notebook["cells"], 1):
            if cell.get("outputs") or cell.get("execution_count"):
                report(page, f"cell {number} is stored with its output; clear it before saving")
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Delete the cached results of earlier states of the package."""
    if "mkdocs-jupyter" not in config.plugins:
        return
    current = Path(config.plugins["mkdocs-jupyter"].config["cache_dir"])
    for other in cache_root(config).iterdir() if cache_root(config).is_dir() else ():
        if other != current:
            shutil.rmtree(other)

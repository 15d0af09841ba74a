"""Offer each page with Python as a notebook, which is stored beside the page and linked on it.

A notebook page is offered as it is. Any other is turned into Markdown that Jupyter understands,
and jupytext makes the notebook of that.
"""
# mypy: untyped-calls-exclude=nbformat

import base64
import html
import mimetypes
import posixpath
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import jupytext
import material
import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from backprop import DISTRIBUTION
from backprop.site.inventory import OPTIONAL
from backprop.site.made import source_of
from backprop.site.pictures import drawn
from backprop.site.portable import Converter, Site
from backprop.site.reuse import around

PYTHON = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
WIDTH = 480  # pixels
COUNT = re.compile(r'<span data-count="([^"]*)">([^<]*)</span>')

addresses: dict[str, str] = {}  # of the pages and files of the site, by their path in the sources
notebooks: dict[str, tuple[list[object], str]] = {}  # by page, with what it depends on


def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    """Note the address of each page and file."""
    addresses.clear()
    if config.site_url:
        addresses.update({file.src_uri: urljoin(config.site_url, file.url) for file in files})


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Write the notebook of a page beside it, and link it."""
    text = notebook(page, config)
    if not text:
        return output
    name = f"{Path(page.file.src_uri).stem}.ipynb"
    path = Path(page.file.abs_dest_path).with_name(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return linked(output, name)


def notebook(page: Page, config: MkDocsConfig) -> str:
    """Return the notebook of a page, or nothing if there is no Python on the page."""
    source = source_of(page, config).text
    if page.file.src_uri.endswith(".ipynb"):
        return source
    text, first = counted(get_data(source)[0], page), opening(page, config, source)
    key = [text, first, *around]
    if notebooks.get(page.file.src_uri, ([], ""))[0] != key:
        notebooks[page.file.src_uri] = key, made(text, first, site(page))
    return notebooks[page.file.src_uri][1]


def counted(markdown: str, page: Page) -> str:
    """Return the text with the counts that bound.py has filled in."""
    counts = dict(COUNT.findall(page.content or ""))
    return COUNT.sub(lambda count: counts.get(count[1], ""), markdown)


def made(markdown: str, first: str, site: Site) -> str:
    """Return a notebook of a page's Markdown with a text before it, or nothing without Python."""
    converter = Converter(site)
    text = converter.convert(markdown)
    made = jupytext.reads(
        f"{first}\n\n{text}", fmt={"extension": ".md", "split_at_heading": True}, as_version=4
    )
    if not any(cell.cell_type == "code" for cell in made.cells):
        return ""
    for number, cell in enumerate(made.cells, 1):
        cell.id = f"cell-{number}"  # the same at every build
        if names := [name for name in converter.pictures if f"(attachment:{name})" in cell.source]:
            cell.attachments = {name: attachment(name, converter.pictures[name]) for name in names}
    made.metadata = nbformat.NotebookNode(
        kernelspec=PYTHON, language_info={"name": "python", "file_extension": ".py"}
    )
    made.nbformat, made.nbformat_minor = 4, 5
    nbformat.validate(made)
    return f"{nbformat.writes(made)}\n"


def attachment(name: str, picture: bytes) -> dict[str, str]:
    """Return a picture as an attachment of a cell."""
    kind, _ = mimetypes.guess_type(name)
    return {kind or "image/png": base64.b64encode(picture).decode()}


def opening(page: Page, config: MkDocsConfig, source: str) -> str:
    """Return the text of the first cell: where this comes from, and what it needs."""
    extra = "[check]" if "backprop.pages" in source else ""  # it brings lark and PyYAML
    title = f"**{page.title}**"
    if page.canonical_url:
        title = f"[{title}]({page.canonical_url})"
    folder = f"'.{extra}'" if extra else "."
    install = f"`pip install {folder}` in a copy of the book's repository"
    if config.repo_url:
        install = f'`pip install "{DISTRIBUTION}{extra} @ git+{config.repo_url}"`, or {install}'
    text = (
        f"> This notebook is the page {title} of *{config.site_name}*. Run its cells from top to "
        f"bottom. They need the package `backprop`: {install}."
    )
    needs = " and ".join(OPTIONAL[name] for name in OPTIONAL if f"importorskip({name})" in source)
    return f"{text} Some cells need {needs} as well, and fail without." if needs else text


def site(page: Page) -> Site:
    """Return what a page refers to."""
    folder = posixpath.dirname(page.file.src_uri)
    sources = Path(page.file.src_dir or "")

    def address(target: str) -> str:
        parts = urlsplit(target)
        if parts.scheme:
            return target
        uri = posixpath.normpath(posixpath.join(folder, parts.path))
        found = addresses.get(uri if parts.path else page.file.src_uri, "")
        return f"{found}#{parts.fragment}" if found and parts.fragment else found

    def picture(place: str) -> bytes:
        path = sources / folder / place
        return path.read_bytes() if path.is_file() else b""  # MkDocs says what is missing

    def drawing(figure: str, example: str) -> str:
        try:
            svg = drawn(page, figure, example, standalone=True)
        except ValueError:
            return ""  # pictures.py says why
        # Without a width, it would fill the notebook from side to side.
        return svg.replace("<svg ", f'<svg width="{WIDTH}" ', 1)

    return Site(address, picture, drawing)


def linked(output: str, name: str) -> str:
    """Return a page with a button beside its title, and a line at its end."""
    icons = Path(material.__file__).parent / "templates" / ".icons" / "material"
    icon = (icons / "notebook-outline.svg").read_text(encoding="utf-8")
    words = "Take this page with you as a notebook"
    attributes = f'href="{html.escape(name)}" download'
    named = f'title="{words}" aria-label="{words}"'
    button = f'<a {attributes} {named} class="md-content__button md-icon">{icon}</a>'
    line = f'<p class="take-away">Take this page with you: <a {attributes}>notebook</a></p>'
    output = output.replace("<h1", f"{button}<h1", 1)
    return output.replace("</article>", f"{line}</article>", 1)

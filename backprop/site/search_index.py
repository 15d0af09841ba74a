"""Give the search index the words of a page without the markup of its formulas and pictures.

The index then has no axis labels, and is built in half the time, since a formula has a dozen
elements. While a site is served, the entries of a page that has not changed are used again.

Many words of these pages are numbers, which expose a fault of Material's search. It names each
node of its tree of words by joining a letter and the number of the next node. Digits make two
names equal ("1" and 23, "12" and 3), and the search fails. A comma in between keeps them apart.
"""

import logging
import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from backprop.site.linear import linear

log = logging.getLogger("mkdocs.plugins.backprop")
# A drawing, what is kept for the scripts, and the buttons of a map; not another author's section.
DRAWN = r'<(svg|template)\b.*?</\1>|<section class="bp-controls">.*?</section>'
# Lunr's TokenSet.toString, which names a node by its edges: `e = e + s + o.id`.
NAMING = re.compile(r"(TokenSet\.prototype\.toString=function\(\)\{.*?(\w)=\2\+\w\+\w\.id)(?=\})")

# By page, while the index is built from its words: its content for readers, the `search` of its
# front matter, what its entries depend on, and where in the index they begin.
waiting: dict[str, tuple[str, object, object, int]] = {}
indexed: dict[
    str, tuple[object, list[Any]]
] = {}  # by page: what its entries depend on; the entries


def words(html: str) -> str:
    """Return a page with each formula on one line, and without drawings and their buttons.

    A hit shows the paragraph that it is in. So that it shows no whole table, a row becomes one.
    """
    html = re.sub(DRAWN, "", html, flags=re.DOTALL)
    html = re.sub(r"<(/?)tr\b[^>]*>", r"<\1p>", html)
    return re.sub(r"<math\b.*?</math>", lambda math: escape(linear(math[0])), html, flags=re.DOTALL)


def before_search(context: dict[str, Any], /, page: Page, config: MkDocsConfig, **_: object) -> Any:  # noqa: ANN401
    """Replace the content of a page by its words, or use its entries from the build before."""
    name, shown, search = page.file.src_uri, page.content or "", page.meta.get("search")
    page.content = words(shown)
    key = (page.content, page.url, page.title, search, page.meta.get("tags"))
    entries = entries_of(config)
    before, kept = indexed.get(name, (None, []))
    if before == key:
        entries += kept
        page.meta["search"] = {"exclude": True}
    waiting[name] = shown, search, key, len(entries)
    return context


def after_search(context: dict[str, Any], /, page: Page, config: MkDocsConfig, **_: object) -> Any:  # noqa: ANN401
    """Restore the content of the page, and keep its entries for the next build."""
    page.content, search, key, start = waiting.pop(page.file.src_uri)
    if new := entries_of(config)[start:]:
        indexed[page.file.src_uri] = key, new
    page.meta["search"] = search
    if search is None:
        del page.meta["search"]
    return context


def entries_of(config: MkDocsConfig) -> list[Any]:
    """Return the entries of Material's index; with another plugin, or none, a list of its own."""
    index = getattr(config.plugins.get("material/search"), "search_index", None)
    return getattr(index, "entries", [])


def on_post_build(config: MkDocsConfig) -> None:
    """Mend the names of nodes in the script of the search."""
    if "material/search" not in config.plugins:
        return
    for worker in Path(config.site_dir, "assets/javascripts/workers").glob("search.*.js"):
        script, count = NAMING.subn(r'\1+","', worker.read_text("utf-8"))
        worker.write_text(script, "utf-8")
        if not count:
            log.warning("%s names the nodes of its words in another way now", worker.name)

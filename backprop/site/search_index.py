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

shown: dict[str, str] = {}  # the content for readers, while the index is built from the words
said: dict[str, object] = {}  # the `search` of a page's front matter, meanwhile
indexed: dict[
    str, tuple[object, list[Any]]
] = {}  # by page: what its entries depend on, and the entries


def words(html: str) -> str:
    """Return a page with each formula on one line, and without drawings and their buttons.

    A hit shows the paragraph that it is in. So that it shows no whole table, a row becomes one.
    """
    html = re.sub(DRAWN, "", html, flags=re.DOTALL)
    html = re.sub(r"<(/?)tr\b[^>]*>", r"<\1p>", html)
    return re.sub(r"<math\b.*?</math>", lambda math: escape(linear(math[0])), html, flags=re.DOTALL)


def before_search(context: dict[str, Any], /, page: Page, config: MkDocsConfig, **_: object) -> Any:  # noqa: ANN401
    """Replace the content of a page by its words, or use its entries from the build before."""
    name = page.file.src_uri
    shown[name] = page.content or ""
    page.content = words(page.content or "")
    entries = entries_of(config)
    if entries is None:
        return context
    said[name] = page.meta.get("search")
    key = (page.content, page.url, page.title, said[name], page.meta.get("tags"))
    if name in indexed and indexed[name][0] == key:
        entries += indexed[name][1]
        page.meta["search"] = {"exclude": True}
    else:
        indexed[name] = key, [len(entries)]
    return context


def after_search(context: dict[str, Any], /, page: Page, config: MkDocsConfig, **_: object) -> Any:  # noqa: ANN401
    """Restore the content of the page, and keep its entries for the next build."""
    name = page.file.src_uri
    page.content = shown.pop(name)
    entries = entries_of(config)
    if entries is None:
        return context
    key, kept = indexed[name]
    if isinstance(kept[0] if kept else None, int):
        indexed[name] = key, entries[kept[0] :]
    if (search := said.pop(name)) is None:
        page.meta.pop("search", None)
    else:
        page.meta["search"] = search
    return context


def entries_of(config: MkDocsConfig) -> list[Any] | None:
    """Return the entries of Material's index; None with another plugin, or none."""
    index = getattr(config.plugins.get("material/search"), "search_index", None)
    return getattr(index, "entries", None)


def on_post_build(config: MkDocsConfig) -> None:
    """Mend the names of nodes in the script of the search."""
    if entries_of(config) is None:
        return
    for worker in Path(config.site_dir, "assets/javascripts/workers").glob("search.*.js"):
        script, count = NAMING.subn(r'\1+","', worker.read_text("utf-8"))
        worker.write_text(script, "utf-8")
        if not count:
            log.warning("%s names the nodes of its words in another way now", worker.name)

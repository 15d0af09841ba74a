"""Render a page with its site's Markdown, and note fences, raw HTML and link titles on the way.

The extensions and settings are those of the site, except for what does not change the text of a
page: colors in code, links to headings.
"""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.md_in_html import (
    HtmlBlockPreprocessor,
    HTMLExtractorExtra,
    MarkdownInHTMLPostprocessor,
    MarkdownInHtmlProcessor,
)
from markdown.htmlparser import HTMLExtractor
from markdown.inlinepatterns import ESCAPE_RE, EscapeInlineProcessor
from markdown.util import AtomicString
from pymdownx.highlight import Highlight, HighlightExtension
from pymdownx.superfences import SuperFencesBlockPreprocessor, SuperFencesCodeExtension

from backprop.pages.marking import ESCAPED, MARKDOWN, RAW, Marks

BUILT_IN = ("toc", "tables", "fenced_code")  # MkDocs has them on every site
Extensions: TypeAlias = tuple[tuple[str, str], ...]  # each with its settings as JSON


@dataclass(frozen=True)
class Fence:
    """A fenced block of code: its lines, from the fence to the line after, and its code."""

    first: int
    stop: int
    language: str
    text: str


@dataclass
class Rendered:
    """The rendering of a page.

    Attributes:
        html: the page. A fenced block is an element `pre` with its number.
        fences: in their order.
        unclosed: the outermost HTML element that is not closed, and the line it opens in.
        titles: those of the links that are defined, shown or not.
    """

    html: str = ""
    fences: list[Fence] = field(default_factory=list)
    unclosed: tuple[str, int] | None = None
    titles: list[str] = field(default_factory=list)


class _Fences(SuperFencesBlockPreprocessor):  # type: ignore[misc]  # pymdownx has no types
    """Finds the fences, and keeps their places."""

    def _store(self, source: str, _: str, start: int, end: int) -> None:
        text = "".join(f"{line}\n" for line in self.rebuild_block(self.code).split("\n"))
        shown = self.md.rendered
        language = self.lang or ("math" if "math" in self.attrs else "")
        found = Fence(start, end, language, text if self.code else "")
        shown.fences.append(found)
        super()._store(source, f'<pre data-fence="{len(shown.fences) - 1}"></pre>', start, end)


class _Extractor(HTMLExtractorExtra):
    """Sets raw HTML aside, and notes an element that is not closed."""

    mdstack: list[str]
    md: "_Markdown"
    opened = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ANN401
        was_open = bool(self.stack or self.mdstack)
        super().handle_starttag(tag, attrs)
        if not was_open:
            self.opened = self.getpos()[0]

    def close(self) -> None:
        HTMLExtractor.close(self)
        if unclosed := self.mdstack or self.stack:
            self.md.rendered.unclosed = unclosed[0], self.opened - 1
        super().close()


class _Html(HtmlBlockPreprocessor):
    def run(self, lines: list[str]) -> list[str]:
        parser = _Extractor(self.md)
        parser.feed("\n".join(lines))
        parser.close()
        return "".join(parser.cleandoc).split("\n")


class _Raw(MarkdownInHTMLPostprocessor):
    """Puts raw HTML back, between characters that distinguish it from Markdown's own."""

    def stash_to_string(self, text: str | ET.Element) -> str:
        html = super().stash_to_string(text)
        return html if html.startswith("<pre data-fence") else f"{RAW}{html}{MARKDOWN}"

    def isblocklevel(self, html: str) -> bool:
        return super().isblocklevel(html.lstrip(RAW))


class _Inside(MarkdownInHtmlProcessor):
    """Parses Markdown in HTML, and distinguishes raw HTML in it from Markdown's own."""

    def parse_element_content(self, element: ET.Element) -> None:
        raw = element.get("markdown", "off") not in ("block", "span")
        super().parse_element_content(element)
        if raw:
            element.text = AtomicString(f"{RAW}{element.text}")
            if len(element):
                element[-1].tail = AtomicString(f"{element[-1].tail or ''}{MARKDOWN}")
            else:
                element.text = AtomicString(f"{element.text}{MARKDOWN}")


class _Escapes(EscapeInlineProcessor):
    """Distinguishes escaped characters from others."""

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override]  # noqa: N802, ANN401
        if special := ESCAPED.get(m[1]):
            return special, m.start(), m.end()
        return super().handleMatch(m, data)


class _Uncolored(Highlight):  # type: ignore[misc]  # pymdownx has no types
    def highlight(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        self.use_pygments = False
        return super().highlight(*args, **options)


class _Labels(dict[str, tuple[str, str | None]]):
    """The links that a page defines, found by their labels with or without marks."""

    def __init__(self, marks: Marks | None) -> None:
        super().__init__()
        self._plain = marks.plain if marks else str

    def __setitem__(self, label: str, link: tuple[str, str | None]) -> None:
        super().__setitem__(self._plain(label), link)

    def __getitem__(self, label: str) -> tuple[str, str | None]:
        return super().__getitem__(self._plain(label))

    def __contains__(self, label: object) -> bool:
        return super().__contains__(self._plain(str(label)))


class _Listening(Extension):
    """Replaces processors of Markdown by those above, which note what they find."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        for extension in md.registeredExtensions:
            if isinstance(extension, SuperFencesCodeExtension):
                fences = _Fences(md)
                fences.config, fences.extension = extension.getConfigs(), extension
                extension.superfences[0]["formatter"] = lambda **_: ""
                md.preprocessors.register(fences, "fenced_code_block", 25)
            elif isinstance(extension, HighlightExtension):
                extension.get_pymdownx_highlighter = lambda: _Uncolored
        md.treeprocessors.deregister("indent-highlight", strict=False)
        md.treeprocessors.deregister("toc")  # it repeats headings, and a mark changes its anchors
        md.preprocessors.register(_Html(md), "html_block", 20)
        md.parser.blockprocessors.register(_Inside(md.parser), "markdown_block", 105)
        md.postprocessors.register(_Raw(md), "raw_html", 30)
        md.inlinePatterns.register(_Escapes(ESCAPE_RE, md), "escape", 180)


class _Markdown(Markdown):
    rendered: Rendered


@lru_cache(maxsize=8)
def _markdown(extensions: Extensions) -> _Markdown:
    names = dict.fromkeys((*BUILT_IN, *(name for name, _ in extensions)))
    settings = {name: json.loads(said) for name, said in extensions}
    md = _Markdown(extensions=[*names, _Listening()], extension_configs=settings)
    inline: Any = md.treeprocessors["inline"]
    inline.inlinePatterns = [*md.inlinePatterns]  # a list is quicker than Markdown's registry
    return md


def render(text: str, extensions: Extensions, marks: Marks | None = None) -> Rendered:
    """Render a page, which may have marks, with a site's Markdown."""
    md = _markdown(extensions)
    md.reset()
    md.references = _Labels(marks)  # type: ignore[assignment]  # a link may have no title
    md.rendered = Rendered()
    try:
        md.rendered.html = md.convert(text)
    except BaseException:
        _markdown.cache_clear()  # this converter is in an undefined state
        raise
    md.rendered.titles = [title for _, title in md.references.values() if title]
    return md.rendered

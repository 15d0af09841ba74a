"""Mark a word of the glossary where a page first uses it, so that its meaning is at hand.

On a page that defines the word, in bold, the mark comes only after the section of the definition.
Headings, bold, code, formulas, links, buttons and boxes of the class `glossary` get no marks.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig

from backprop.pages.glossary import Glossary, load

PLAIN = re.compile("h[1-6]|th|a|abbr|button|code|label|math|pre|script|strong|style|summary|svg")
NEVER = 10**9  # no page has as many sections
CLASSES = {"arithmatex", "admonition-title", "glossary"}


class Marks(Extension):
    """The Markdown extension that marks the words."""

    def __init__(self, glossary: Glossary) -> None:
        """Mark the words of a glossary."""
        super().__init__()
        self.glossary = glossary

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Run after the inline patterns, which find bold words, and after the formulas."""
        md.treeprocessors.register(Marker(md, self.glossary), "glossary", 8)


class Marker(Treeprocessor):
    """Marks the words of one page after another."""

    def __init__(self, md: Markdown, glossary: Glossary) -> None:
        super().__init__(md)
        self.glossary = glossary

    def run(self, root: Element) -> None:
        """Go through a page, section by section."""
        # A section begins with h2.
        sections = list(zip(accumulate(block.tag == "h2" for block in root), root, strict=True))
        # The section from which on a word gets its mark; `NEVER` once it has one.
        self.wait = dict.fromkeys(self.glossary.terms, 0) | {
            term: section + 1 for section, block in sections for term in self.defined(block)
        }
        for section, block in sections:
            self.section = section
            self.mark(block)

    def defined(self, block: Element) -> Iterator[str]:
        """Yield the words that stand in bold."""
        for bold in block.iter("strong"):
            if "".join(bold.itertext()) == "".join(block.itertext()):
                return  # a block that is all bold is a title
            if term := self.glossary.term("".join(bold.itertext())):
                yield term

    def mark(self, element: Element) -> None:
        """Mark words in an element and its descendants."""
        classes = {*element.get("class", "").split()}
        if PLAIN.fullmatch(str(element.tag)) or CLASSES & classes:
            return
        children: list[Element] = []
        element.text, marks = self.cut(element.text)
        children += marks
        for child in list(element):
            self.mark(child)
            child.tail, marks = self.cut(child.tail)
            children += [child, *marks]
        element[:] = children

    def cut(self, text: str | None) -> tuple[str | None, list[Element]]:
        """Return the text up to the first mark, and the marks, each with the text after it."""
        if not text or isinstance(text, AtomicString):
            return text, []
        marks: list[Element] = []
        before, end = text, 0
        for match in self.glossary.pattern.finditer(text):
            term = self.glossary.spelling[match[1].lower()]
            if term in self.glossary.unmarked or self.wait[term] > self.section:
                continue
            self.wait[term] = NEVER
            mark = Element("abbr", {"title": self.glossary.terms[term], "tabindex": "0"})
            mark.text = AtomicString(match[0])
            if marks:
                marks[-1].tail = text[end : match.start()]
            else:
                before = text[: match.start()]
            marks.append(mark)
            end = match.end()
            mark.tail = text[end:]
        return before, marks


def on_config(config: MkDocsConfig) -> None:
    """Add the extension to the site's own, if there is a glossary."""
    file = config.plugins["backprop"].config["glossary"]
    if file:
        config.markdown_extensions.append(Marks(load(Path(file))))  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too

"""Wrap what stands between two headings in an element, or in several where it is long.

A browser skips the layout of parts that are out of sight (assets/site.css), so that a page with
thousands of numbers opens and recomputes as fast as a short one. What may be on the first screen
is laid out at once, since a part that is laid out later would shift what is below it.
"""

import re
from xml.etree import ElementTree as ET

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, STX
from mkdocs.config.defaults import MkDocsConfig

MOST = 150  # elements, after which a new part may begin
FIRST = 3500  # letters that fill even a large first screen
LINE = 90  # letters, for the space around a block and the rest of its last line
TAG = re.compile("<[^>]*>")
# Blocks with the same margins as a part, so that a part may begin or end with them.
EVEN = {("p", ""), ("ul", ""), ("ol", ""), ("table", ""), ("div", "math")}


class Parts(Extension):
    """The Markdown extension that divides a page into parts."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Run last, when the page is complete."""
        md.treeprocessors.register(Parter(md), "parts", -100)


class Parter(Treeprocessor):
    """Divides one page after another."""

    def run(self, root: ET.Element) -> None:
        """Wrap what stands between two headings."""
        blocks = list(root)
        root[:] = []
        part = None
        letters = 0
        for block in blocks:
            is_below = letters > FIRST
            letters += LINE + self.letters(block)
            if re.fullmatch("h[1-6]", str(block.tag)):
                root.append(block)
                part = None
                continue
            if part is None or (ends(part) and is_even(block)):
                part = ET.SubElement(root, "div", {"class": "bp-part"})
                if is_below:
                    part.set("class", "bp-part bp-below")
                part.text = part.tail = "\n"
            part.append(block)

    def letters(self, block: ET.Element) -> int:
        """Return the length of a block's text, with the code that Markdown has in its stash."""
        aside = self.md.htmlStash.rawHtmlBlocks
        text = "".join(block.itertext())
        return len(HTML_PLACEHOLDER_RE.sub(lambda at: TAG.sub("", str(aside[int(at[1])])), text))


def ends(part: ET.Element) -> bool:
    """Return whether a part is full, and may end with its last block."""
    return sum(1 for _ in part.iter()) > MOST and is_even(part[-1])


def is_even(block: ET.Element) -> bool:
    """Return whether a block is a paragraph, list, table or equation, and not raw HTML or code."""
    has_room = (block.tag, block.get("class", "")) in EVEN
    return has_room and not (block.text or "").startswith(STX)


def on_config(config: MkDocsConfig) -> None:
    """Add the extension to the site's own."""
    config.markdown_extensions.append(Parts())  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too

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
MOST_LETTERS = 800  # or letters: a part that is higher than the space kept for it covers the next
FIRST = 3500  # letters that fill even a large first screen
LINE = 90  # letters, for the space around a block and the rest of its last line
TAG = re.compile("<[^>]*>")
# Blocks with the same margins as a part, so that a part may begin or end with them.
EVEN = {("p", ""), ("ul", ""), ("ol", ""), ("table", ""), ("div", "math")}
EVEN_BOX = re.compile("details|div admonition")


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
            if part is None or (self.ends(part) and is_even(block)):
                part = ET.SubElement(root, "div", {"class": "bp-part"})
                if is_below:
                    part.set("class", "bp-part bp-below")
                part.text = part.tail = "\n"
            part.append(block)

    def ends(self, part: ET.Element) -> bool:
        """Whether a part holds enough, and another one may follow its last block."""
        is_full = sum(1 for _ in part.iter()) > MOST or self.letters(part) > MOST_LETTERS
        return is_full and is_even(part[-1])

    def letters(self, block: ET.Element) -> int:
        """Return the length of a block's text, with the code that Markdown has in its stash."""
        aside = self.md.htmlStash.rawHtmlBlocks
        text = "".join(block.itertext())
        return len(HTML_PLACEHOLDER_RE.sub(lambda at: TAG.sub("", str(aside[int(at[1])])), text))


def is_even(block: ET.Element) -> bool:
    """Return whether a block is a paragraph, list, table, equation or box, not HTML or code."""
    kind = block.get("class", "")
    has_room = (block.tag, kind) in EVEN or EVEN_BOX.match(f"{block.tag} {kind}")
    return bool(has_room) and not (block.text or "").startswith(STX)


def on_config(config: MkDocsConfig) -> None:
    """Add the extension to the site's own."""
    config.markdown_extensions.append(Parts())  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too

"""Put what stands between two headings into a part of its own.

A browser spares itself the layout of the parts that are out of sight, once it knows their heights
(assets/live.js): a page with thousands of numbers then follows its givens as a short one does.
"""

import re
from xml.etree import ElementTree as ET

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig


class Parts(Extension):
    """The Markdown extension that parts a page."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Run last, when the page is complete."""
        md.treeprocessors.register(Parter(md), "parts", -100)


class Parter(Treeprocessor):
    """Parts one page after another."""

    def run(self, root: ET.Element) -> None:
        """Move what is between two headings into an element."""
        blocks = list(root)
        root[:] = []
        part = None
        for block in blocks:
            if re.fullmatch("h[1-6]", str(block.tag)):
                root.append(block)
                part = None
                continue
            if part is None:
                part = ET.SubElement(root, "div", {"class": "bp-part"})
                part.text = part.tail = "\n"
            part.append(block)


def on_config(config: MkDocsConfig) -> None:
    """Add the extension to the site's own."""
    config.markdown_extensions.append(Parts())  # type: ignore[arg-type]  # MkDocs lists names, Markdown takes instances too

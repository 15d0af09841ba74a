"""The words of the glossary, where the pages define them, and the list that the site shows."""

import re
from collections.abc import Iterator
from pathlib import Path

from markdown.extensions.toc import slugify
from mkdocs.utils.yaml import yaml_load

from backprop.pages.reader import Page, read
from backprop.site import glossary

ROOT = Path(__file__).parents[2]
BOLD = re.compile(r"(?<![*\w])\*\*(?=\S)([^*]+?)(?<=\S)\*\*(?!\*)")
LABEL = re.compile(r"[.:?!]$|\$|^\W")
LONGEST = 3  # words; a longer one is a sentence that is stressed
# Bold for itself is a title, and at the head of an item it is the item's.
TITLE = re.compile(
    r"^[ \t]*(?:[-*]|\d+\.)[ \t]+\*\*[^*\n]*|^[ \t]*\*\*[^*\n]*\*\*[ \t]*$", re.MULTILINE
)


def pages() -> list[Page]:
    """Return the pages in their reading order."""
    nav = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    paths = [next(iter(item.values())) if isinstance(item, dict) else item for item in nav]
    return [read(ROOT / "docs" / path) for path in paths]


def bold(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each bold word of a page that is no label, with the heading that it stands under."""
    for k, part in enumerate(page.parts):
        if part.kind != "markdown":
            continue
        apart = [(block.start, block.end) for block in page.code if block.part == k]
        apart += [title.span() for title in TITLE.finditer(part.text)]
        for match in BOLD.finditer(part.text):
            word = " ".join(match[1].split())
            if (
                not LABEL.search(word)
                and len(word.split()) <= LONGEST
                and not any(a <= match.start() < b for a, b in apart)
            ):
                above = [
                    heading.text
                    for heading in page.headings
                    if (heading.part, heading.start) < (k, match.start()) and heading.level > 1
                ]
                yield word, above[-1] if above else ""


def table(_: str) -> str:
    """Make the list: each word, linked to where it is first explained, and what it means."""
    words = glossary.load(ROOT / "docs" / ".glossary.yml")
    homes: dict[str, str] = {}
    for page in pages()[1:]:  # the start page only introduces them
        for word, heading in bold(page):
            name = Path(page.path).name
            anchor = "" if "$" in heading else slugify(heading.lstrip("# "), "-")
            homes.setdefault(words.term(word), f"{name}#{anchor}" if anchor else name)
    lines = ["| word | what it means |", "| --- | --- |"]
    for term, meaning in words.terms.items():
        shown = f"[{term}]({homes[term]})" if term in homes else term
        lines.append(f"| {shown} | {meaning} |")
    return "\n".join(['<div class="glossary" markdown>', "", *lines, "", "</div>"])

"""The glossary: its words, where pages define them, and the list of their meanings.

The words are in `.glossary.yml` beside the pages. A page defines a word where it sets it in bold.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from markdown.extensions.toc import slugify

from backprop import arguments
from backprop.pages.dialects import CONFIG, SiteLoader
from backprop.pages.page import Page
from backprop.pages.reader import read

FILE = ".glossary.yml"
BOLD = re.compile(r"(?<![*\w])\*\*(?=\S)([^*]+?)(?<=\S)\*\*(?!\*)")
LABEL = re.compile(r"[.:?!]$|\$|^\W")
LONGEST = 3  # words; longer bold text is a stressed sentence
# Bold text that fills a line is a title, and so is bold text at the head of an item.
TITLE = re.compile(
    r"^[ \t]*(?:[-*]|\d+\.)[ \t]+\*\*[^*\n]*|^[ \t]*\*\*[^*\n]*\*\*[ \t]*$", re.MULTILINE
)


class Glossary:
    """The words and what they mean.

    Args:
        data: the file, read.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.terms = {str(term): str(meaning) for term, meaning in dict(data["terms"]).items()}
        self.unmarked: list[str] = list(data["unmarked"])
        self.others: dict[str, str] = dict(data["others"])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """A pattern for the words, in the singular or the plural, the longest first."""
        longest = sorted(self.terms, key=len, reverse=True)
        return re.compile(rf"\b({'|'.join(map(re.escape, longest))})(?:s|es)?\b", re.IGNORECASE)

    def term(self, text: str) -> str:
        """Return the word of the glossary that a text is, as spelled there, or nothing."""
        match = self.pattern.fullmatch(" ".join(text.split()))
        return self.spelling[match[1].lower()] if match else ""

    @cached_property
    def spelling(self) -> dict[str, str]:
        """How the glossary spells a word, by the word in small letters."""
        return {term.lower(): term for term in self.terms}


def load(file: Path) -> Glossary:
    """Read a glossary from its file.

    Raises:
        ValueError: there is none, or it is not understood.
    """
    data = _data(file)
    try:
        return Glossary(data)
    except (LookupError, TypeError) as error:
        raise ValueError(
            f"{file.name} is not understood: {type(error).__name__}: {error}"
        ) from None


def _data(path: Path) -> Any:  # noqa: ANN401  # YAML
    try:
        return yaml.load(path.read_text("utf-8"), SiteLoader)  # noqa: S506  # a safe loader
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"{path} is not understood: {' '.join(str(error).split())}") from None


def pages(folder: Path) -> list[Page]:
    """Return the pages of a folder in their reading order, which the site's settings have.

    Raises:
        ValueError: there are no settings beside the folder, or they name no pages.
    """
    settings = _data(folder / ".." / CONFIG)
    nav = settings.get("nav") if isinstance(settings, dict) else None
    if not nav:
        raise ValueError(f"{CONFIG}: no nav came, expected it to name the pages")
    names = [name for name in dict.fromkeys(_named(nav)) if _is_page(name)]
    try:
        return [read(folder / name, complete=False) for name in names]
    except OSError as error:
        raise ValueError(f"{CONFIG}: nav: {error.filename}: {error.strerror}") from None


def _is_page(name: str) -> bool:
    """Tell whether a name is that of a page in the folder, and no address."""
    path = Path(name)
    return path.suffix in (".md", ".ipynb") and not path.is_absolute() and ".." not in path.parts


def _named(nav: Any) -> Iterator[str]:  # noqa: ANN401  # YAML
    """Yield the pages of a navigation, group by group."""
    if isinstance(nav, str):
        yield nav
    for item in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _named(item)


def bold(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each bold word of a page that is no label, with the heading above it."""
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


def table(given: str, folder: Path) -> str:
    """Return the list: each word, linked to where it is first explained, and what it means.

    Args:
        given: `terms`, since this is the list of the terms.
        folder: that of the page.

    Raises:
        ValueError: anything else is asked for, or there is no glossary beside the page.
    """
    arguments.one_of("words", given, ("terms",))
    words = load(folder / FILE)
    homes: dict[str, str] = {}
    for page in pages(folder)[1:]:  # the start page only introduces them
        for word, heading in bold(page):
            name = Path(page.path).name
            anchor = "" if "$" in heading else slugify(heading.lstrip("# "), "-")
            homes.setdefault(words.term(word), f"{name}#{anchor}" if anchor else name)
    lines = ["| word | what it means |", "| --- | --- |"]
    for term, meaning in words.terms.items():
        shown = f"[{term}]({homes[term]})" if term in homes else term
        lines.append(f"| {shown} | {meaning} |")
    return "\n".join(['<div class="glossary" markdown>', "", *lines, "", "</div>"])

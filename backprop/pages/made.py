"""Parts of a page that code makes, each asked for by a mark in the page.

    <!-- made by explain: lecture w5 -->

The mark is alone in its line. The checker, `render`, the tests, the site and the downloads all find
in its place what the maker returns for the arguments, with the indentation of the mark. A finding
in such a part names the line of the mark.

The makers are functions of the package, listed here by name. They run no code of the page; those
that need data read it from files beside the page.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from textwrap import indent

from backprop import arguments
from backprop.pages.page import Comment, Made, Page, Unmade

MAKERS = {  # loaded when they are needed
    "all_names": "backprop.symbolic.translation:everything",
    "changes": "backprop.pages.included:changes",
    "code": "backprop.pages.included:code",
    "count": "backprop.pages.errata:count",
    "errors": "backprop.pages.errata:errors",
    "explain": "backprop.pages.lookup:derivation",
    "glossary": "backprop.pages.glossary:table",
    "names": "backprop.symbolic.translation:examples",
    "quantities": "backprop.figures.quantities:table",
    "readers": "backprop.variants.tables:table",
}
READ_DATA = ("changes", "count", "errors", "glossary")  # which get the folder of the page
MOST_PARTS = 100  # of a page
MOST_CHARACTERS = 1_000_000  # in all parts of a page together

WORD = "made by"
LIKE_A_MARK = re.compile(rf"{WORD}\b")
MARK = re.compile(rf"{WORD} (?P<maker>\w+): (?P<arguments>[^\r\n]*\S)")


def written_out(page: Page) -> tuple[str, list[Made], list[Unmade]]:
    """Replace each mark by the part that it asks for.

    Args:
        page: as its author wrote it.

    Returns:
        The text of the page, the parts in it, and the marks that stay.
    """
    made: list[Made] = []
    unmade: list[Unmade] = []
    pieces: list[str] = []
    position = grown = 0
    for mark in page.comments:
        if not LIKE_A_MARK.match(mark.text):
            continue
        start = mark.start + grown
        try:
            maker, text = _part(page, mark)
            _within_bounds(made, text)
        except ValueError as error:
            unmade.append(Unmade(mark.part, start, mark.end + grown, str(error)))
            continue
        pieces += [page.file[position : mark.start], text]
        made.append(Made(maker, mark.start, mark.end, start, start + len(text)))
        position = mark.end
        grown = made[-1].end - position
    return "".join([*pieces, page.file[position:]]), made, unmade


def _part(page: Page, mark: Comment) -> tuple[str, str]:
    """Return the maker of a part, and the part.

    Raises:
        ValueError: the part cannot be made; the message says why.
    """
    match = MARK.fullmatch(mark.text)
    if match is None:
        raise ValueError("expected a maker and its arguments, as in made by explain: lecture w5")
    source = page.parts[mark.part].text
    margin = re.split(r"[\r\n]", source[: mark.start])[-1]
    behind = re.compile(r"[ \t]*(\r?\n|$)").match(source, mark.end)
    if page.path.endswith(".ipynb") or margin.strip(" \t") or behind is None:
        raise ValueError("expected the mark alone in a line of a Markdown page")
    arguments.one_of("made by", match["maker"], tuple(MAKERS))
    maker, given = match["maker"], match["arguments"]
    module, _, name = MAKERS[maker].partition(":")
    make = getattr(import_module(module), name)
    folder = (Path(page.path).parent,) if maker in READ_DATA else ()
    try:
        text = indent(f"\n{make(given, *folder)}\n", margin)
    except ValueError as error:
        raise ValueError(f"{maker}: {error}") from None
    return maker, text.replace("\n", "\r\n") if behind[1] == "\r\n" else text


def _within_bounds(made: Sequence[Made], text: str) -> None:
    """Check the number and the length of the parts of a page.

    Raises:
        ValueError: one of the two is more than a page may have.
    """
    if len(made) == MOST_PARTS:
        raise ValueError(f"one more part came, expected at most {MOST_PARTS} on a page")
    characters = sum(part.end - part.start for part in made) + len(text)
    if characters > MOST_CHARACTERS:
        raise ValueError(
            f"the parts have {characters:,} characters with this one, "
            f"expected at most {MOST_CHARACTERS:,} on a page"
        )

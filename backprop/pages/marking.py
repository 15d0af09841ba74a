r"""Replace characters of a page, one for one, by marks that tell their places.

Markdown moves text about and keeps no offsets. So a character that only stands for itself (a
digit, a letter of a formula) is replaced by one that occurs nowhere else, which can be found again
where the page shows it. A letter's mark is a letter too (a rare ideograph), since Markdown asks in
places whether something is a letter; the mark of a sign is a character for private use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

LETTERS = ((0x20000, 0x2A6D0), (0x2A700, 0x2B730), (0x2B820, 0x2CEA0), (0x30000, 0x31340))
SIGNS = ((0xF0000, 0xFFFF0), (0x100000, 0x10FFF0))
MARK = re.compile("[\U00020000-\U0010ffff]")
RAW, MARKDOWN = "\U0010fff1", "\U0010fff2"  # before and after raw HTML
ESCAPED = {"$": "\U0010fff3", "\\": "\U0010fff4"}  # characters shown after a backslash

STRUCTURE = re.compile(
    r"""^[ \t>*+-]*\d+\.(?=[ \t])                 # the number of an item
    |^[ \t>]*(?:`{3,}[^`\n]*|~{3,}[^~\n]*)$       # a fence
    |^[ \t>]*\*\[[^\]\n]*\]                       # an abbreviation
    |\[\^[^\]\n]*\]                               # a footnote
    |&\#?\w+;                                     # an entity
    |</?[a-zA-Z][\w-]*|markdown\s*=\s*["']?\w+    # a tag
    |\\(?:begin|end)\{[^}\n]*\}
    |\\[\\`*_{}\[\]()>\#+.!$|-]                   # an escape""",
    re.VERBOSE | re.MULTILINE,
)
"""Markdown's own syntax, of which no character may be replaced."""

ABBREVIATION = re.compile(r"^[ \t>]*\*\[([^\]\n]+)\] ?:", re.MULTILINE)
NAMED = re.compile(  # what a formula, code, comment, heading or line of code begins with
    r"""(?:\$|\\[(\[]|\\begin\{[a-z]+\*?\}|`|<!--|^[^\w\n]*\#|^[ \t>]*(?:[ ]{4}|\t))
        (?=[^\w`$]{0,40}?([^\W_]))
    |([^\W_])(?=[^\w\n]{0,20}\$)
    |^[^\w\n]*([^\W_])[^\n]*\n[ >\t]*(?:=+|-+)[ ]*$""",
    re.VERBOSE | re.MULTILINE,
)
DIGITS = re.compile(r"(?:(?<=\d[eE])|(?<![^\W_\d]))\d+")
FORMULA = re.compile(r"(?<!\\)\$(?!\s)(?:\\.|[^\\$])+?(?<!\s)\$")
BARE_COMMENT = re.compile(r"<!--[^\w\n>-]*([^\w\s<>-])[^\w\n]*?-->")
UNUSUAL = (  # signs that mean nothing to Markdown
    r"\u2010-\u2013\u2212\u00b1\u00d7\u00b7\u22c5\u2219\u00f7\u2248\u2260\u2264\u2265\u221a\u2217"
    r"\u2715\u2a2f\u2044\u2215\u2030\uff05\uff0d\ufe63\u066b\u2024\u2027\u3002\uff0e\uff61"
    r"\u00b2\u00b3\u00b9\u2070-\u208e\u00b0\u00bc-\u00be\u2150-\u215e"
)
SIGN = re.compile(
    rf"""(?<![-+|:\\<!])[-+](?=[*_`]*(?:[\d.$]|\\\())
    |(?<![\w.\\])\.(?=\d)|(?<!\\)%|[{UNUSUAL}]""",
    re.VERBOSE,
)


class Marks:
    """The marks of a page, with the character that each replaces, and its place."""

    def __init__(self, source: str) -> None:
        """Start without marks; no character of the source becomes one."""
        self.places: dict[str, int] = {}
        self._characters = {mark: character for character, mark in ESCAPED.items()}
        present = set(source)
        self._letters = _unused(LETTERS, present)
        self._signs = _unused(SIGNS, present)

    def new(self, character: str, place: int) -> str:
        """Return the mark of a character at a place.

        Raises:
            OverflowError: there are no more.
        """
        mark = next(self._letters if character.isalnum() else self._signs, "")
        if not mark:
            raise OverflowError
        self.places[mark] = place
        self._characters[mark] = character
        return mark

    def plain(self, text: str) -> str:
        """Return a text with its marks replaced by their characters."""
        characters = self._characters
        return MARK.sub(lambda mark: characters.get(mark[0], mark[0]), text)


def _unused(ranges: Iterable[tuple[int, int]], present: set[str]) -> Iterator[str]:
    codes = chain.from_iterable(range(*ends) for ends in ranges)
    return (character for character in map(chr, codes) if character not in present)


def candidates(source: str, start: int) -> list[int]:
    """Return the places of the characters that may be replaced, from `start` on."""
    names = {match[1] for match in ABBREVIATION.finditer(source, start)}
    kept: set[int] = set()
    for match in STRUCTURE.finditer(source, start):
        kept.update(range(*match.span()))
    if names:
        for match in re.finditer("|".join(map(re.escape, names)), source):
            kept.update(range(*match.span()))
    found: set[int] = set()
    for match in DIGITS.finditer(source, start):
        found.update((match.start(), match.end() - 1))
    for match in SIGN.finditer(source, start):
        found.add(match.start())
    found.update(match.start(match.lastindex) for match in NAMED.finditer(source, start))  # type: ignore[arg-type]
    found -= kept
    found.update(
        match.end() - 2
        for match in FORMULA.finditer(source, start)
        if not re.search(r"\w", match[0])  # no letter, no digit in it
    )
    found.update(match.start(1) for match in BARE_COMMENT.finditer(source, start))
    return sorted(found)


def marked(source: str, places: Iterable[int], marks: Mapping[int, str]) -> str:
    """Return a source with the characters at some places replaced by marks."""
    pieces, position = [], 0
    for place in places:
        pieces += [source[position:place], marks[place]]
        position = place + 1
    return "".join(pieces) + source[position:]

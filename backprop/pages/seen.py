r"""Find the numbers in text as a reader sees them, and what readers take for part of a formula."""

import re
from collections.abc import Iterator
from functools import cached_property

SHOWN_NAMES = (  # of attributes whose values generators show
    *("alt", "caption", "description", "heading", "label", "subtitle", "summary", "text", "title"),
    *("fig-alt", "fig-cap", "fig-scap", "fig-subcap", "lst-cap", "tbl-cap"),
)

HOLE = "\x02"  # stands in a text for code, and for what is in a formula
OPEN, CLOSE = "\x04", "\x05"  # the first and the last character of a formula

VISIBLE = re.compile(
    r"[^\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ufff9-\ufffb]++"
)
ALONE = r"(?<![^\W_])"  # no letter and no digit before
POINT = r".\u00b7\u066b\u2024\u2027\u2219\u22c5\u3002\uff0e\uff61"  # and what looks like one
TIMES = r"[\u00d7\u00b7\u22c5\u2219\u00f7\u2217\u2715\u2a2f/\u2044\u2215]"
RELATION = r"[=<>\u2248\u2260\u2264\u2265]"
# Powers, degrees, halves
MARKS = r"\u00b2\u00b3\u00b9\u2070-\u208e\u00b0\u00bc-\u00be\u2150-\u215e"
SPACE = r"[ \u00a0\u202f]"
PERCENT = rf"{SPACE}?(?:[%\u2030\uff05]|per[ ]?cent\b)"
POWER = r"10(?:[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]++|\^[-+\u2212]?\d++)"
FRACTION = r"[\u00bc-\u00be\u2150-\u215e]"
UNIT = re.compile(rf"{POWER}|{FRACTION}")  # beside a formula, it multiplies that
NUMBER = re.compile(
    rf"""(?:{ALONE}[-+\u2212])?
        (?:(?<!\d)\d{{1,3}},(?:\d{{3}},)*+(?=\d{{3}}(?!\d)))?
        (?:(?<!\d)\d++{SPACE}?[{POINT}xX*\u00d7]{SPACE}?{POWER}
            |(?<!\d)\d++(?:[{POINT}]\d++)++
            |{ALONE}(?<!\.)(?:\.\d++|\d++(?=[eE][-+\u2212]?\d++(?![^\W_])))
            |(?<![^\W_])(?<![\d.,])(?:0,\d++|0\.{SPACE}\d++(?!\w))
            |{ALONE}{POWER}|(?:{ALONE}\d++{SPACE}?)?{FRACTION}
            |{ALONE}\d++(?={PERCENT}))
        (?:[eE][-+\u2212]?\d++(?![^\W_]))?
        (?:{SPACE}?[xX*\u00d7]{SPACE}?{POWER})?
        (?:{PERCENT})?""",
    re.VERBOSE,
)
"""A number that is no whole one, as its point, its exponent or its percent sign says.

A comma is that of a decimal behind 0 only; else it is that of a list, or of thousands.
"""

TOUCHING = re.compile(
    rf"""(?<={CLOSE}){HOLE}?(?:
            [{POINT}]?(?={OPEN})
            |(?:[{POINT},^]|[eE]?[-+\u2212]?)\d[\d.,]*+
            |\s?[{MARKS}]++
            |\)*+\s*+\\?[%\u2030\uff05]
            |\s*+(?:{TIMES}|[xX])\s*+\d[\d.,]*+
            |\s*+(?:(?:hundred|thousand|[mb]illion|trillion)(?:ths?|s)?|per[ ]?cent)\b
            |\s++\*\s++\d[\d.,]*+|\s++[+\u2212]\s++\d[\d.,]*+
            |\s*+(?:{TIMES}|[+\u2212]|{RELATION})\s*+(?={OPEN})
            |\s*+{RELATION}\s*+[-+\u2212]?\d[\d.,]*+
        )
        |(?:\d[{POINT},eE]?(?:(?<=[eE])[-+\u2212])?|\d\s*+(?:{TIMES}|\*|{RELATION})\s*+
            |[{MARKS}\u221a]|(?<![\w.])\.
            |(?<![^\W_\d])(?:[-+\u00b1\uff0d\ufe63]|\u2212\s?)
            |(?<![^\W_\d])(?<![{CLOSE}{HOLE}])[\u2010-\u2013]){HOLE}?(?={OPEN})""",
    re.VERBOSE,
)
"""What a reader takes for a part of the formula next to it: digits, a sign, a factor, a unit."""

FIGURES = r"[-+\u2212.,%\deE\s]*"  # code of numbers only, which a reader sees as such


def _blank(number: re.Match[str]) -> str:
    """Return as many spaces as a number is long, unless it is a half or a power of ten."""
    return number[0] if UNIT.fullmatch(number[0]) else " " * len(number[0])


class Seen:
    """The text that a reader sees, with its places in the source.

    Formulas, between OPEN and CLOSE, and code are holes in it.
    """

    def __init__(self, source: str, at: int = 0) -> None:
        """Take a text that is shown as it stands, and begins at a place."""
        runs = [*VISIBLE.finditer(source)]
        self.text = "".join(run[0] for run in runs)
        self._places = [at + k for run in runs for k in range(*run.span())]

    def place(self, k: int) -> int:
        """Return where the k-th character stands in the source."""
        return self._places[k]

    def end(self, k: int) -> int:
        """Return where the k-th character ends in the source."""
        return self.place(k) + 1

    def numbers(self) -> Iterator[tuple[int, int, str]]:
        """Yield each decimal: its start and end in the source, and its text."""
        taken = {k for match in self._touching for k in range(*match.span())}
        for match in NUMBER.finditer(self.text):
            start, end = match.span()
            if start not in taken:
                yield self.place(start), self.end(end - 1), match[0]

    def touching(self) -> Iterator[tuple[int, int, str]]:
        """Yield what touches a formula and is read with it, decimals excluded, like `numbers`.

        The text is empty where two formulas touch.
        """
        for match in self._touching:
            start, end = match.span()
            said = match[0].strip(f"{HOLE} \n\u00a0\u202f")
            if not said:
                start, end = start - 1, end + 1  # the ends of two formulas
            yield self.place(start), self.end(end - 1), said

    @cached_property
    def _touching(self) -> list[re.Match[str]]:
        if OPEN not in self.text:
            return []
        return [*TOUCHING.finditer(NUMBER.sub(_blank, self.text))]

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Yield the start and end in the source of each match of a pattern."""
        for match in pattern.finditer(self.text):
            yield self.place(match.start()), self.end(match.end() - 1)

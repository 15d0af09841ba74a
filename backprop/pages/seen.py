r"""What a reader takes for a number in text, and for a part of the formula beside it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

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
NUMBER = re.compile(
    rf"""(?:{ALONE}[-+\u2212])?
        (?:(?<!\d)\d++(?:[{POINT}]\d++)++
            |{ALONE}(?<!\.)(?:\.\d++|\d++(?=[eE][-+\u2212]?\d++(?![^\W_]))))
        (?:[eE][-+\u2212]?\d++(?![^\W_]))?
        (?:[ \u00a0\u202f]?%)?""",
    re.VERBOSE,
)
"""A decimal: a number with a point or an exponent, its sign, its percent sign."""

TOUCHING = re.compile(
    rf"""(?<={CLOSE}){HOLE}?(?:
            [{POINT}]?(?={OPEN})
            |(?:[{POINT},^]|[eE]?[-+\u2212]?)\d[\d.,]*+
            |\s?[{MARKS}]++
            |\)*+\s*+\\?[%\u2030\uff05]
            |\s*+{TIMES}\s*+\d[\d.,]*+|\s++\*\s++\d[\d.,]*+|\s++[+\u2212]\s++\d[\d.,]*+
            |\s*+(?:{TIMES}|[+\u2212]|{RELATION})\s*+(?={OPEN})
            |\s*+{RELATION}\s*+[-+\u2212]?\d[\d.,]*+
        )
        |(?:\d[{POINT},eE]?(?:(?<=[eE])[-+\u2212])?|\d\s*+(?:{TIMES}|\*|{RELATION})\s*+
            |[{MARKS}\u221a]|(?<![\w.])\.
            |(?<![^\W_\d])(?:[-+\u00b1\uff0d\ufe63]|\u2212\s?)
            |(?<![^\W_\d])(?<![{CLOSE}{HOLE}])[\u2010-\u2013]){HOLE}?(?={OPEN})""",
    re.VERBOSE,
)
"""What a reader takes for a part of the formula beside it: digits, a sign, a factor, a unit."""

FIGURES = r"[-+\u2212.,%\deE\s]*"  # code that is nothing but numbers is seen as such


class Seen:
    """The text that a reader sees, and where it stands in the source.

    Formulas are holes in it, between OPEN and CLOSE, and so is code.
    """

    def __init__(self, source: str, at: int = 0) -> None:
        """Take a text that is shown as it stands, and begins at a place."""
        pieces = [(piece[0], at + piece.start()) for piece in VISIBLE.finditer(source)]
        self.text = "".join(piece for piece, _ in pieces)
        self._starts = list(accumulate((len(piece) for piece, _ in pieces), initial=0))
        self._places = [place for _, place in pieces]

    def place(self, k: int) -> int:
        """Return where the k-th character stands in the source."""
        part = bisect_right(self._starts, k, hi=len(self._places)) - 1
        return self._places[part] + k - self._starts[part]

    def end(self, k: int) -> int:
        """Return where the k-th character ends in the source."""
        return self.place(k) + 1

    def numbers(self) -> Iterator[tuple[int, int, str]]:
        """Yield each decimal: where it stands in the source, and how it is seen."""
        text = self.text
        for match in NUMBER.finditer(text):
            start, end = match.span()
            whole = start
            while text[whole - 1 : whole] == "," and re.match(
                r"\d{3}(?!\d)", text[whole : whole + 4]
            ):
                digits = text[max(whole - 4, 0) : whole - 1]
                digits = digits[len(digits.rstrip("0123456789")) :]
                if not digits:
                    break
                whole -= 1 + len(digits)
            yield self.place(whole), self.end(end - 1), text[whole:end]

    def touching(self) -> Iterator[tuple[int, int, str]]:
        """Yield what touches a formula and is read with it, decimals aside, like `numbers`.

        It is empty where two formulas touch.
        """
        text = NUMBER.sub(lambda match: " " * len(match[0]), self.text)
        for match in TOUCHING.finditer(text) if OPEN in text else ():
            start, end = match.span()
            said = match[0].strip(f"{HOLE} \n\u00a0\u202f")
            if not said:
                start, end = start - 1, end + 1  # the ends of two formulas
            yield self.place(start), self.end(end - 1), said

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Yield where what matches a pattern stands in the source."""
        for match in pattern.finditer(self.text):
            yield self.place(match.start()), self.end(match.end() - 1)

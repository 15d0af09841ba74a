r"""What stands in a line: code, math, comments, and the text that a reader sees.

Markdown's order is kept: code first, then math, then escapes, links and HTML, each
blind to what an earlier one has taken. Searches go forward only, so that the time
grows with the length of the text and no faster.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from backprop.pages.blocks import BLOCK_TAGS, CLOSE, ENVIRONMENT, HOLE, OPEN, TAG, label

SHOWN_ATTRIBUTES = ("alt", "title", "aria-label")
UNSEEN_TAGS = ("script", "style", "pre", "code", "textarea")
ESCAPED = frozenset("\\`*_{}[]()>#+-.!$|")

TICKS = re.compile("`+")
DOLLARS = re.compile(r"\$(?!\s)((?:\\.|[^\\$\x02-\x05])++)(?<!\s)\$", re.DOTALL)
ROUND = re.compile(r"\\\(((?:\\[^)]|[^\\\x02-\x05])++)", re.DOTALL)
OPENING = re.compile(r"\\+|\$")
SPECIAL = re.compile(
    r"""\\.|<|!?\[|\]|&|\{|\$+|[*_]+|https?://[^\s<>()\[\]{}|"',;\x02-\x05]+""", re.DOTALL
)
WEB_TAG = re.compile(
    r"""</?[a-zA-Z][^\s"'<>@]*+
        (?:\s+[^\s"'=<>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>]++))?+)*+
        \s*+/?>""",
    re.VERBOSE,
)
MATH_TAG = re.compile(r"<(?:math(?![\w-])|script\s[^>]*type=.?math/)", re.IGNORECASE)
TAG_NAME = re.compile(r"</?([\w-]+)")
ADDRESS = re.compile(r"<(?:[A-Za-z][\w+.-]*+://[^<>]*+|[^<> !]++@[^@<> ]++)>", re.ASCII)
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z0-9]+);", re.ASCII)
NESTED = r"""[^\s()<>\[\]"'\x02-\x05]*+"""
TARGET = re.compile(
    rf"""\(\s*+(?:<[^<>\n]*+>|{NESTED}(?:\({NESTED}\){NESTED})*+)
        (?:\s++(?P<title>"[^"\x02-\x05]*+"|'[^'\x02-\x05]*+'))?\s*+\)""",
    re.VERBOSE,
)
ATTRIBUTE = re.compile(
    r"""(?P<name>[A-Za-z_][\w:-]*+)(?:\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s"'=<>{}]++))?"""
)
ATTRIBUTES = re.compile(
    rf"""\{{:?[ ]*+(?:(?:[.#][A-Za-z_][\w:.-]*+|{ATTRIBUTE.pattern})[ ]*+)++\}}"""
)
VISIBLE = re.compile(
    r"[^\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufff9-\ufffb]++"
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

LABEL = re.compile(r"[ \n]?\[([^\[\]]*+)\]")  # behind the text of a link
LONGEST = 200  # label of a link
ROLE = re.compile(r"(?:\{math\}|:math:)\Z")  # before code, in MyST and in reStructuredText
DOUBLED = re.compile(rf"\\[(\[][^\n{HOLE}]{{0,30}}|:{{3,}} ?\{{math\}}")
"""A formula in the Markdown of others, which is shown as text here: \\(...\\), \\[...\\]."""
RAW = re.compile(
    rf"(?:\\[(\[]|\\begin\{{)[^\n{HOLE}]{{0,30}}"
    rf"|\$\$[^{HOLE}]+?\$\$|\$(?![\s$])[^${HOLE}]*(?<!\s)\$(?!\d)"
)
"""A formula in raw HTML, where Markdown finds none."""
FIGURES = r"[-+\u2212.,%\deE\s]*"  # code that is nothing but numbers is seen as such
CODE_FIGURES = re.compile(rf"{FIGURES}</code", re.IGNORECASE)
SPAN_FIGURES = re.compile(
    rf"\\*(?P<ticks>`+)(?:(?:#!|:::)[\w#.+-]+[ ]+)?(?P<figures>{FIGURES})(?P=ticks)"
)
INSIDE = re.compile(rf"[\d{POINT},+\-\u2212{CLOSE}][\d{POINT}%{OPEN}]")
"""What is within a number, so that a mark of Markdown between is not seen: **0**.5 is 0.5."""


class InlineError(ValueError):
    """A formula that is not closed; `offset` says where it opens."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class Formula(NamedTuple):
    """A formula: where it stands with its delimiters, and without."""

    start: int
    end: int
    inner_start: int
    inner_end: int


class Piece(NamedTuple):
    """A piece of text that a reader sees, and where it stands in the source.

    `mark` says that it is a mark of Markdown, which is not seen within a number.
    """

    text: str
    place: int
    mark: bool = False


@dataclass
class Seen:
    """The text that a reader sees, and where each piece of it stands.

    Formulas are holes in it, between OPEN and CLOSE, and code is a hole.
    """

    pieces: list[Piece] = field(default_factory=list)
    asides: list[Piece] = field(default_factory=list)  # titles and the like, apart from the text
    unread: list[tuple[int, int]] = field(default_factory=list)  # formulas, in the source

    def add(self, text: str, place: int, *, mark: bool = False) -> None:
        """Note text that is seen, and where it stands."""
        for visible in VISIBLE.finditer(text):
            self.pieces.append(Piece(visible[0], place + visible.start(), mark))

    def aside(self, text: str, place: int) -> None:
        """Note a text of its own, which parts nothing."""
        self.asides += [Piece(HOLE, place), Piece(text, place)]

    @cached_property
    def _joined(self) -> tuple[str, list[int], list[int]]:
        """The text; and of each piece, where it begins in it and in the source."""
        joined: list[Piece] = []
        marks: list[Piece] = []
        for piece in (*self.pieces, Piece(HOLE, 0), *self.asides):
            if piece.mark:
                marks.append(piece)
            elif piece.text:
                if marks and not (joined and INSIDE.fullmatch(joined[-1].text[-1] + piece.text[0])):
                    joined += marks
                joined.append(piece)
                marks = []
        lengths = accumulate((len(piece.text) for piece in joined), initial=0)
        return (
            "".join(piece.text for piece in joined),
            list(lengths)[:-1],
            [piece.place for piece in joined],
        )

    def place(self, k: int) -> int:
        """Return where the k-th character stands in the source."""
        _, starts, places = self._joined
        part = bisect_right(starts, k) - 1
        return places[part] + k - starts[part]

    def mark(self, pattern: re.Pattern[str]) -> None:
        """Note what is a formula to its author, and text on the page."""
        text, _, _ = self._joined
        for match in pattern.finditer(text):
            self.unread.append((self.place(match.start()), self.place(match.end() - 1) + 1))

    def numbers(self) -> Iterator[tuple[int, int, str]]:
        """Yield each decimal: where it stands in the source, and how it is seen."""
        text, _, _ = self._joined
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
            yield self.place(whole), self.place(end - 1) + 1, text[whole:end]

    def touching(self) -> Iterator[tuple[int, int, str]]:
        """Yield what touches a formula and is read with it, decimals aside, like `numbers`.

        It is empty where two formulas touch.
        """
        text, _, _ = self._joined
        text = NUMBER.sub(lambda match: " " * len(match[0]), text)
        for match in TOUCHING.finditer(text):
            start, end = match.span()
            said = match[0].strip(f"{HOLE} \n\u00a0\u202f")
            if not said:
                start, end = start - 1, end + 1  # the ends of two formulas
            yield self.place(start), self.place(end - 1) + 1, said


@dataclass
class Inline:
    """What stands in a run of text; all offsets are into that text."""

    math: list[Formula] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)


def display(text: str) -> Formula:
    """Return the formula that is all of a text."""
    end = len(text.rstrip(" "))
    return Formula(0, end, 0, end) if ENVIRONMENT.match(text) else Formula(0, end, 2, end - 2)


def shown(text: str) -> Seen:
    """Return text that is shown as it stands."""
    seen = Seen()
    seen.add(text, 0)
    return seen


def raw(text: str) -> Seen:
    """Return what is seen of raw HTML: its text, but for code, and what describes pictures."""
    seen = Seen()
    absent: set[str] = set()
    position = 0
    for start in (match.start() for match in re.finditer("[<&]", text)):
        if start < position:
            continue
        seen.add(text[position:start], position)
        position = start
        tag = TAG.match(text, start)
        if text.startswith("<!--", start):
            position = _find(text, "-->", start, absent) or start
        elif tag is not None:
            position = _tag(seen, text, start, tag.end())
            name = tag["name"].lower()
            opens = not tag["close"] and not tag["attributes"].endswith("/")
            figures = name == "code" and CODE_FIGURES.match(text, position)
            if name in UNSEEN_TAGS and opens and not figures:
                position = _find(text, f"</{name}", position, absent) or len(text)
        elif entity := ENTITY.match(text, start):
            position = _entity(seen, entity)
    seen.add(text[position:], position)
    seen.mark(RAW)
    return seen


def inline(text: str, *, title: bool = False, labels: AbstractSet[str] = frozenset()) -> Inline:
    """Find what stands in a run of text.

    Args:
        text: the run.
        title: whether it is a heading or a table cell, whose attributes stand at its end.
        labels: of the links that the page defines.

    Raises:
        InlineError: a formula is not closed.
    """
    found = Inline()
    code = [_as_math(text, start, end) for start, end in _code(text)]
    found.seen.unread += [(start, end) for start, end, is_math in code if is_math]
    holes_of_code = ((start, end, _code_hole(text[start:end])) for start, end, _ in code)
    text = _filled(text, holes_of_code)
    math = list(_math(text))
    holes = ((start, end, OPEN + HOLE * (end - start - 2) + CLOSE) for start, end, _, _ in math)
    _Line(_filled(text, holes), found, title=title, labels=labels).read()
    found.seen.mark(DOUBLED)
    # A comment hides the formulas in it.
    ends = [end for _, end in found.comments]
    for formula in math:
        k = bisect_left(ends, formula.end)
        if k == len(ends) or formula.start < found.comments[k][0]:
            found.math.append(formula)
    return found


def _filled(text: str, holes: Iterable[tuple[int, int, str]]) -> str:
    """Return the text with holes from where to where, and what fills them."""
    pieces, position = [], 0
    for start, end, hole in holes:
        pieces += [text[position:start], hole]
        position = end
    return "".join(pieces) + text[position:]


def _as_math(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Return where a code span stands with what makes it a formula elsewhere, and whether it is.

    That is a role before it, or a dollar on either side.
    """
    if role := ROLE.search(text, max(start - len("{math}"), 0), start):
        return role.start(), end, True
    if text[start - 1 : start] == "$" and text[end : end + 1] == "$":
        return start - 1, end + 1, True
    return start, end, False


def _code_hole(code: str) -> str:
    """Return what is seen of a code span: numbers, if that is all, between holes."""
    figures = SPAN_FIGURES.fullmatch(code)
    if figures is None:
        return HOLE * len(code)
    start, end = figures.span("figures")
    return HOLE * start + figures["figures"] + HOLE * (len(code) - end)


def _find(text: str, closing: str, start: int, absent: set[str]) -> int | None:
    """Return where `closing` ends; None, without a second search, if it does not come."""
    at = -1 if closing in absent else text.find(closing, start)
    if at < 0:
        absent.add(closing)
        return None
    return at + len(closing)


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Yield the code spans: a run of backticks to the next one of the same length.

    Where there is none, a shorter run further on closes; the longest one does.
    """
    runs = [match.span() for match in TICKS.finditer(text)]
    places: dict[int, list[int]] = {}
    for k, (start, end) in enumerate(runs):
        places.setdefault(end - start, []).append(k)
    longest = [len(runs)] * (len(runs) + 1)  # from here on; the first of them
    for k in range(len(runs) - 1, -1, -1):
        best = longest[k + 1]
        longer = best == len(runs) or _size(runs[k]) >= _size(runs[best])
        longest[k] = k if longer else best
    k = 0
    while k < len(runs):
        start, end = runs[k]
        escapes = 0
        while text[start - escapes - 1 : start - escapes] == "\\":
            escapes += 1
        escaped = escapes % 2  # then the first backtick is
        same = places.get(end - start - escaped, [])
        after = bisect_left(same, k + 1)
        close = same[after] if after < len(same) else longest[k + 1]
        if close < len(runs) and _size(runs[close]) <= end - start - escaped:
            yield start + escaped if escaped else start - escapes, runs[close][1]
            k = close
        elif not escaped:
            yield start - escapes, start
        k += 1


def _size(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _math(text: str) -> Iterator[Formula]:
    r"""Yield the formulas in a line: $...$ and \(...\), with no space inside the dollars."""
    position = blocked = 0
    while match := OPENING.search(text, position):
        start, position = match.span()
        if match[0] == "$":
            formula = DOLLARS.match(text, start)
            if formula:
                position = formula.end()
                yield Formula(start, position, start + 1, position - 1)
        elif len(match[0]) % 2 == 0:
            continue
        elif text.startswith("$", position):
            position += 1
        elif text.startswith("(", position) and position > blocked:
            start = position - 1
            body = ROUND.match(text, start)
            end = body.end() if body else position + 1
            if body and text.startswith("\\)", end):
                position = end + 2
                yield Formula(start, position, start + 2, end)
            else:
                blocked = end


class _Line:
    """Reads a run of text in which code and math are holes."""

    def __init__(self, text: str, found: Inline, *, title: bool, labels: AbstractSet[str]) -> None:
        self.text = text
        self.labels = labels
        self.title = title
        self.found = found
        self.seen = found.seen
        self.brackets: list[int] = []  # those that are open: which piece, -1 for a picture's
        self.element_end = -1  # where the last element ended, so that attributes may follow
        self.absent: set[str] = set()

    def read(self) -> None:
        """Read from start to end."""
        rules: dict[str, Callable[[re.Match[str]], int]] = {
            "\\": self._escape,
            "<": self._angle,
            "[": self._open,
            "!": self._open,
            "]": self._close,
            "&": self._entity,
            "{": self._attributes,
            "$": self._stray,
            "*": self._emphasis,
            "_": self._emphasis,
            "h": self._address,
        }
        position = 0
        while match := SPECIAL.search(self.text, position):
            self._plain(position, match.start())
            position = rules[match[0][0]](match)
        self._plain(position, len(self.text))

    def _plain(self, start: int, end: int) -> int:
        if start < end:
            self.seen.add(self.text[start:end], start)
            if self.text[end - 1] in (HOLE, CLOSE):
                self.element_end = end
        return end

    def _escape(self, match: re.Match[str]) -> int:
        start = match.start()
        if match[0][1] in ESCAPED:
            return self._plain(start + 1, match.end())
        if ENVIRONMENT.match(self.text, start):
            raise InlineError(
                start,
                f"{match[0][0]}begin stands in a line; a formula of its own needs blank lines",
            )
        return self._plain(start, start + 1)

    def _stray(self, match: re.Match[str]) -> int:
        mark = match[0]
        if len(mark) == 1 and not self.text.startswith((HOLE, OPEN), match.end()):
            message = (
                "$ without its partner: a formula stands between two, with no space inside;"
                " a dollar is written \\$"
            )
        else:
            message = (
                "unclosed $$: a formula of its own stands between two, with blank lines around"
            )
        raise InlineError(match.start(), message)

    def _angle(self, match: re.Match[str]) -> int:
        start = match.start()
        if self.text.startswith("<!--", start):
            end = _find(self.text, "-->", start + 4, self.absent)
            if end is None or self.text.find("<!--", start + 4, end) >= 0:
                return self._plain(start, start + 1)
            self.found.comments.append((start, end))
            self.element_end = end
            return end
        if address := ADDRESS.match(self.text, start):
            self.seen.add(" ", start)
            self.element_end = address.end()
            return address.end()
        if tag := WEB_TAG.match(self.text, start):
            self.element_end = tag.end()
            return _tag(self.seen, self.text, start, tag.end())
        return self._plain(start, start + 1)

    def _open(self, match: re.Match[str]) -> int:
        end = self._plain(*match.span())
        self.brackets.append(len(self.seen.pieces) - 1 if match[0] == "[" else -1)
        return end

    def _close(self, match: re.Match[str]) -> int:
        end = match.end()
        if not self.brackets:
            return self._plain(*match.span())
        opening = self.brackets.pop()
        target = TARGET.match(self.text, end)
        last = target.end() if target else self._defined(opening, end)
        if last is None or opening < 0:
            self._plain(*match.span())
        else:
            # The brackets of a link are not seen.
            self.seen.pieces[opening] = Piece("", 0)
        if target and target["title"]:
            self.seen.aside(target["title"], target.start("title"))
        self.element_end = last or end
        return self.element_end

    def _defined(self, opening: int, end: int) -> int | None:
        """Return where a link ends that the page defines elsewhere; None if it does not."""
        if not self.labels or opening < 0:
            return None
        start = max(self.seen.pieces[opening].place + 1, end - LONGEST)
        text = label(self.text[start : end - 1])
        own = LABEL.match(self.text, end)
        if own and (label(own[1]) or text) in self.labels:
            return own.end()
        return end if text in self.labels else None

    def _entity(self, match: re.Match[str]) -> int:
        entity = ENTITY.match(self.text, match.start())
        return _entity(self.seen, entity) if entity else self._plain(*match.span())

    def _attributes(self, match: re.Match[str]) -> int:
        attributes = ATTRIBUTES.match(self.text, match.start())
        if attributes is None:
            return self._plain(*match.span())
        start, end = attributes.span()
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        last = not self.text[end:].strip(" ") and (self.title or not line.strip(" "))
        if not last and self.element_end != start:
            return self._plain(*match.span())
        _attributes(self.seen, self.text, *attributes.span())
        return attributes.end()

    def _emphasis(self, match: re.Match[str]) -> int:
        self.seen.add(match[0], match.start(), mark=True)
        self.element_end = match.end()
        return match.end()

    def _address(self, match: re.Match[str]) -> int:
        self.seen.add(" ", match.start())
        return match.end()


def _tag(seen: Seen, text: str, start: int, end: int) -> int:
    """Note what a tag shows, and whether it parts words."""
    name = TAG_NAME.match(text, start)
    if name is not None and name[1].lower() in (*BLOCK_TAGS, "br", "img"):
        seen.add("\n", start)
    if MATH_TAG.match(text, start, end):
        seen.unread.append((start, end))
    _attributes(seen, text, start, end)
    return end


def _attributes(seen: Seen, text: str, start: int, end: int) -> None:
    """Note the attributes that a reader sees or hears."""
    for attribute in ATTRIBUTE.finditer(text, start, end):
        if attribute["name"].lower() in SHOWN_ATTRIBUTES and attribute["value"]:
            seen.aside(attribute["value"], attribute.start("value"))


def _entity(seen: Seen, entity: re.Match[str]) -> int:
    """Note the character that an entity stands for."""
    seen.add(html.unescape(entity[0])[:1], entity.start())
    return entity.end()

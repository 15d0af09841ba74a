r"""What stands in a line: code, math, comments, and the text that a reader sees.

Markdown's order is kept: code first, then math, then escapes, links and HTML, each
blind to what an earlier one has taken. Searches go forward only, so that the time
grows with the length of the text and no faster.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from backprop.prose.blocks import BLOCK_TAGS, ENVIRONMENT, HOLE, TAG

SHOWN_ATTRIBUTES = ("alt", "title", "aria-label")
UNSEEN_TAGS = ("script", "style", "pre", "code", "textarea")
ESCAPED = frozenset("\\`*_{}[]()>#+-.!$|")

TICKS = re.compile("`+")
DOLLARS = re.compile(r"\$(?!\s)((?:\\.|[^\\$\x02])++)(?<!\s)\$", re.DOTALL)
ROUND = re.compile(r"\\\(((?:\\[^)]|[^\\\x02])++)", re.DOTALL)
OPENING = re.compile(r"\\+|\$")
SPECIAL = re.compile(
    r"""\\.|<|!?\[|\]|&|\{|\$+|[*_]+|https?://[^\s<>()\[\]{}|"',;\x02]+""", re.DOTALL
)
WEB_TAG = re.compile(
    r"""</?[a-zA-Z][^\s"'<>@]*+
        (?:\s+[^\s"'=<>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>]++))?+)*+
        \s*+/?>""",
    re.VERBOSE,
)
TAG_NAME = re.compile(r"</?([\w-]+)")
ADDRESS = re.compile(r"<(?:[A-Za-z][\w+.-]*+://[^<>]*+|[^<> !]++@[^@<> ]++)>", re.ASCII)
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z0-9]+);", re.ASCII)
NESTED = r"""[^\s()<>\[\]"'\x02]*+"""
TARGET = re.compile(
    rf"""\(\s*+(?:<[^<>\n]*+>|{NESTED}(?:\({NESTED}\){NESTED})*+)
        (?:\s++(?P<title>"[^"\x02]*+"|'[^'\x02]*+'))?\s*+\)""",
    re.VERBOSE,
)
ATTRIBUTE = re.compile(
    r"""(?P<name>[A-Za-z_][\w:-]*+)(?:\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s"'=<>{}]++))?"""
)
ATTRIBUTES = re.compile(
    rf"""\{{:?[ ]*+(?:(?:[.#][A-Za-z_][\w:.-]*+|{ATTRIBUTE.pattern})[ ]*+)++\}}"""
)
ALONE = r"(?<![^\W_])"  # no letter and no digit before
NUMBER = re.compile(
    rf"""(?:{ALONE}[-+\u2212])?
        (?:(?<!\d)\d++(?:\.\d++)++
            |{ALONE}(?<!\.)(?:\.\d++|\d++(?=[eE][-+\u2212]?\d++(?![^\W_]))))
        (?:[eE][-+\u2212]?\d++(?![^\W_]))?
        (?:[ \u00a0\u202f]?%)?""",
    re.VERBOSE,
)
"""A decimal: a number with a point or an exponent, its sign, its percent sign."""


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


@dataclass
class Seen:
    """The text that a reader sees, and where each part of it stands."""

    parts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # of each part, in the seen text
    places: list[int] = field(default_factory=list)  # of each part, in the source
    length: int = 0

    def add(self, text: str, place: int) -> None:
        """Note text that is seen, and where it stands."""
        self.parts.append(text)
        self.starts.append(self.length)
        self.places.append(place)
        self.length += len(text)

    def place(self, k: int) -> int:
        """Return where the k-th character stands in the source."""
        part = bisect_right(self.starts, k) - 1
        return self.places[part] + min(k - self.starts[part], len(self.parts[part]) - 1)

    def numbers(self) -> Iterator[tuple[int, int, str]]:
        """Yield each decimal: where it stands in the source, and how it is seen."""
        text = "".join(self.parts)
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
            if name in UNSEEN_TAGS and not tag["close"] and not tag["attributes"].endswith("/"):
                position = _find(text, f"</{name}", position, absent) or len(text)
        elif entity := ENTITY.match(text, start):
            position = _entity(seen, entity)
    seen.add(text[position:], position)
    return seen


def inline(text: str, *, title: bool = False) -> Inline:
    """Find what stands in a run of text.

    Args:
        text: the run.
        title: whether it is a heading or a table cell, whose attributes stand at its end.

    Raises:
        InlineError: a formula is not closed.
    """
    found = Inline()
    text = _filled(text, _code(text))
    math = list(_math(text))
    _Line(
        _filled(text, [(formula.start, formula.end) for formula in math]), found, title=title
    ).read()
    # A comment hides the formulas in it.
    ends = [end for _, end in found.comments]
    for formula in math:
        k = bisect_left(ends, formula.end)
        if k == len(ends) or formula.start < found.comments[k][0]:
            found.math.append(formula)
    return found


def _filled(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with holes where the spans are."""
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], HOLE * (end - start)]
        position = end
    return "".join(pieces) + text[position:]


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

    def __init__(self, text: str, found: Inline, *, title: bool) -> None:
        self.text = text
        self.title = title
        self.found = found
        self.seen = found.seen
        self.brackets = 0
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
            if self.text[end - 1] == HOLE:
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
        if len(mark) == 1 and not self.text.startswith(HOLE, match.end()):
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
        self.brackets += 1
        return self._plain(match.start(), match.end())

    def _close(self, match: re.Match[str]) -> int:
        end = self._plain(match.start(), match.end())
        if self.brackets:
            self.brackets -= 1
            self.element_end = end
            if target := TARGET.match(self.text, end):
                if target["title"]:
                    self.seen.add(" ", end)
                    self._plain(*target.span("title"))
                self.element_end = end = target.end()
        return end

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
        # Within a number its marks are not seen: **0**.5 is 0.5.
        around = (
            self.text[match.start() - 1 : match.start()] + self.text[match.end() : match.end() + 1]
        )
        if not re.fullmatch(r"[\d.]{2}", around):
            self._plain(*match.span())
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
    _attributes(seen, text, start, end)
    return end


def _attributes(seen: Seen, text: str, start: int, end: int) -> None:
    """Note the attributes that a reader sees or hears."""
    for attribute in ATTRIBUTE.finditer(text, start, end):
        if attribute["name"].lower() in SHOWN_ATTRIBUTES and attribute["value"]:
            seen.add(HOLE, start)
            seen.add(attribute["value"], attribute.start("value"))
            seen.add(HOLE, end - 1)


def _entity(seen: Seen, entity: re.Match[str]) -> int:
    """Note the character that an entity stands for."""
    seen.add(html.unescape(entity[0])[:1], entity.start())
    return entity.end()

"""Find the places in the source of what a page shows, by the marks in it."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import TypeAlias

from backprop.pages.marking import MARK, Marks
from backprop.pages.page import Cell, Math, line_starts
from backprop.pages.seen import VISIBLE, Seen

NEXT_LINE = re.compile(r"([ \t]*(?:\r\n?|\n))[> \t]*")
PREFIX = re.compile(r"[> \t]*")  # of a line in a list or a quote
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z0-9]+);", re.ASCII)
HASHES = re.compile(r"(#{1,6})(.*?)#*$")
UNDERLINE = re.compile(r"[> \t]*(?:=+|-+)[ \t]*$")
ADDRESS = re.compile(r"https?://[^\s<>()\[\]{}|\"',;\x02-\x05]+")
Pairs: TypeAlias = tuple[tuple[str, str], ...]
DISPLAY: Pairs = (("$$", "$$"), ("\\[", "\\]"))
INLINE: Pairs = (("$", "$"), ("\\(", "\\)"))
BARE: Pairs = (("", ""),)  # \begin{align} and the like are part of the formula
LINE_PREFIX = re.compile(r"[> \t]*(?:(?:[-*+]|\d+\.)[ \t]+)*")


class UnreadableError(ValueError):
    """Something that the site does not render as it was meant, at an offset."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class Source:
    """A page's source, its lines, and the marks of its characters."""

    def __init__(self, text: str, start: int, marks: Marks) -> None:
        self.text = text
        self.start = start
        self.marks = marks
        self.lines = line_starts(text, start)

    def line(self, offset: int) -> int:
        """Return the number, from 0, of the line of an offset."""
        return bisect_right(self.lines, offset) - 1

    def line_text(self, number: int) -> str:
        """Return a line without its end."""
        stop = self.lines[number + 1] if number + 1 < len(self.lines) else len(self.text)
        return self.text[self.lines[number] : stop].rstrip("\r\n")

    def line_end(self, number: int) -> int:
        """Return where a line ends."""
        return self.lines[number] + len(self.line_text(number))

    def first(self, text: str) -> tuple[int, int] | None:
        """Return the index of the first mark in a text, and the mark's place in the source."""
        places = self.marks.places
        found = (mark for mark in MARK.finditer(text) if mark[0] in places)
        return next(((mark.start(), places[mark[0]]) for mark in found), None)

    def formula(self, shown: str, after: int, cell: Cell | None, *, display: bool) -> Math | None:
        """Return a shown formula with its place, None if its place cannot be found."""
        lines = self.marks.plain(shown).split("\n")
        try:
            start = self._formula_start(shown, lines[0], after)
            latex, close = self._followed(start, lines)
            pairs = DISPLAY if display else INLINE
            if display and lines[0].startswith("\\begin{") and start == self._text_start(start):
                pairs = BARE
            opening, closing = next(
                (opening, closing)
                for opening, closing in pairs
                if self.text.endswith(opening, 0, start) and self.text.startswith(closing, close)
            )
        except (StopIteration, ValueError):
            return None
        ends = start - len(opening), close + len(closing)
        return Math(0, *ends, latex, start, display, cell)

    def _formula_start(self, shown: str, line: str, after: int) -> int:
        """Return where a formula with this first line may begin."""
        first = self.first(shown)
        if first is None:
            return self.text.index(line, after)
        k, place = first
        if number := shown.count("\n", 0, k):
            return self.line_end(max(self.line(place) - number, 0)) - len(line)
        return place - k

    def _text_start(self, offset: int) -> int:
        """Return where the text of an offset's line begins, after the marks of quotes and lists."""
        begin = self.lines[self.line(offset)]
        return min(LINE_PREFIX.match(self.text, begin).end(), offset)  # type: ignore[union-attr]

    def _followed(self, start: int, lines: list[str]) -> tuple[str, int]:
        """Return the source of a formula with blanks before its lines, and where it closes.

        Raises:
            ValueError: it is not what the page shows.
        """
        end = self._same(start, lines[0])
        pieces = [self.text[start:end]]
        for line in lines[1:]:
            between = NEXT_LINE.match(self.text, end)
            if between is None:
                raise ValueError
            said = line.lstrip(" ")
            begin, at = between.end(1), between.end() - (len(said) - len(said.lstrip("> \t")))
            stop = self._same(at, said)
            pieces += [self.text[end:begin], " " * (at - begin), self.text[at:stop]]
            end = stop
        latex = "".join(pieces)
        return latex if lines[-1] else latex.rstrip(" "), end

    def _same(self, start: int, text: str) -> int:
        """Return the end of a text that begins at `start`.

        Raises:
            ValueError: another text begins there.
        """
        if self.text.startswith(text, start):
            return start + len(text)
        k, n = start, 0
        while n < len(text):
            there = self.text[k : k + 1]
            entity = ENTITY.match(self.text, k)
            if there == text[n]:
                k, n = k + 1, n + 1
            elif entity and html.unescape(entity[0]) == text[n]:
                k, n = entity.end(), n + 1
            elif there == "\t" and text[n] == " ":
                k, n = k + 1, n + len(text[n : n + 4]) - len(text[n : n + 4].lstrip(" "))
            elif there in ("\x02", "\x03"):
                k += 1
            else:
                raise ValueError
        return k

    def comment(self, shown: str, after: int, inside: int | None) -> tuple[int, int] | None:
        """Return the place of a comment, None if it cannot be found.

        Args:
            shown: the text of the comment.
            after: the end of the comment before it.
            inside: the beginning of the first fence in it, if there is one.
        """
        start = -1
        if first := self.first(shown):
            k, inside = first
            start = inside - k - 4
        elif inside is None:
            inside = start = self.text.find(f"<!--{shown}-->", after)
        if start < 0 or not self.text.startswith("<!--", start):
            start = self.text.rfind("<!--", 0, inside)
        end = self.text.find("-->", inside) + 3
        return (start, end) if start >= 0 and end >= 3 else None

    def indented(self, shown: str, after: int) -> tuple[int, int, str] | None:
        """Return the place of indented code and its text, None if it cannot be found.

        The page may show more or fewer blank lines than the source has.
        """
        lines = [line for line in self.marks.plain(shown).split("\n") if line.strip()]
        if first := self.first(shown):
            before = sum(bool(line.strip()) for line in shown[: first[0]].split("\n")[:-1])
            number = self.line(first[1])
        else:
            before, start = 0, self.text.find(f"    {lines[0]}", after)
            number = self.line(start)
        filled = [k for k in range(len(self.lines)) if self.line_text(k).strip("> \t")]
        at = bisect_right(filled, number) - 1 - before
        numbers = filled[max(at, 0) : at + len(lines)]
        there = [self.line_text(k).expandtabs(4).rstrip() for k in numbers]
        same = map(str.endswith, there, (line.rstrip() for line in lines))
        if at < 0 or number < 0 or len(there) < len(lines) or not all(same):
            return None
        texts = dict(zip(numbers, lines, strict=True))
        whole = range(numbers[0], numbers[-1] + 1)
        margin = len(there[0]) - len(lines[0].rstrip())
        start = min(self.lines[numbers[0]] + margin, self.line_end(numbers[0]))
        if "\t" in self.line_text(numbers[0])[:margin]:
            start = self.line_end(numbers[0]) - len(self.line_text(numbers[0]).lstrip("> \t"))
        text = "".join(f"{texts.get(k, '')}\n" for k in whole)
        return start, self.line_end(numbers[-1]), text

    def heading(self, shown: str, level: int, after: int) -> tuple[int, int, int] | None:
        """Return the place of a heading's text, and its line; None for a heading that is HTML."""
        first = self.first(shown)
        if first is None:
            for number in range(after + 1, len(self.lines)):
                line = self.line_text(number).lstrip("> \t")
                match = HASHES.fullmatch(line)
                if match and len(match[1]) == level and not re.search(r"[^\W_]", match[2]):
                    start = self.line_end(number) - len(line)
                    return start + match.start(2), start + match.end(2), number
            return None
        number = self.line(first[1])
        text, start = self.line_text(number), self.lines[number]
        match = HASHES.search(text)
        if match and len(match[1]) == level and start + match.start(2) <= first[1]:
            return start + match.start(2), start + match.end(2), number
        if number + 1 < len(self.lines) and UNDERLINE.match(self.line_text(number + 1)):
            own = self.marks.plain(shown).lstrip()[:1]  # a mark of a list may be text, too
            prefix = 0 if text.startswith(own) else LINE_PREFIX.match(text).end()  # type: ignore[union-attr]
            return min(start + prefix, first[1]), start + len(text), number
        return None

    def span(self, code: str) -> tuple[int, int] | None:
        """Return the place of inline code with its backticks, None if it cannot be found."""
        first = self.first(code)
        opening = self.text.rfind("`", 0, first[1]) + 1 if first else 0
        if first is None or not opening:
            return None
        start = len(self.text[:opening].rstrip("`"))
        end = self.text.find(self.text[start:opening], first[1])
        return (start, end + opening - start) if end >= 0 else None


def _spelled(text: str) -> re.Pattern[str]:
    """Return a pattern for a text in the source, where white space and line prefixes may differ."""

    def spaces(run: re.Match[str]) -> str:
        # One pattern for all spaces of a run: several would match the same ones in many ways.
        return r"[ \t]*" + r"(?:\r\n?|\n)[> \t]*" * run[0].count("\n")

    words = re.finditer(r"(?P<run>[ \n]+)|[^ \n]+", text[-200:])
    return re.compile(
        "".join(spaces(word) if word["run"] else re.escape(word[0]) for word in words)
    )


class MarkedText(Seen):
    """Text that the page shows, with marks that tell its places in the source."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.marked = "".join(VISIBLE.findall(text))
        self.text = source.marks.plain(self.marked)
        for address in ADDRESS.finditer(self.text) if "://" in self.text else ():  # says no number
            start, end = address.span()
            self.marked = self.marked[:start] + " " * (end - start) + self.marked[end:]
            self.text = self.text[:start] + " " * (end - start) + self.text[end:]

    def place(self, k: int) -> int:
        """Return the place of the k-th character in the source.

        Raises:
            UnreadableError: it may be in several places.
        """
        marks, source = self.source.marks.places, self.source.text
        if (place := marks.get(self.marked[k])) is not None:
            return place
        text, after = self.text, len(self.text)
        left = next((i for i in range(k - 1, -1, -1) if self.marked[i] in marks), -1)
        right = next((j for j in range(k + 1, after) if self.marked[j] in marks), after)
        low = marks[self.marked[left]] + 1 if left >= 0 else self.source.start
        high = marks[self.marked[right]] if right < after else len(source)
        found = list(self._like(self.marked[k], low, high))
        before, behind = _spelled(text[left + 1 : k]), _spelled(text[k:right])
        near = chain(
            (at for at in found if left >= 0 and before.fullmatch(source, low, at)),
            (at for at in found[::-1] if right < after and behind.fullmatch(source, at, high)),
        )
        if (at := next(near, None)) is not None:
            return at
        if left >= 0 or right < after:
            found = found[:1] if left >= 0 else found[-1:]
        elif source.count(whole := text.strip(), low) == 1:
            found = [source.find(whole, low) + k - text.find(whole)]
        if len(found) != 1:
            said = " ".join(text.split())[:40]
            message = f"cannot tell where {said!r} stands; write it in other words"
            raise UnreadableError(low, message)
        return found[0]

    def _like(self, character: str, low: int, high: int) -> Iterator[int]:
        """Yield the places of a character or its entity between two places."""
        pattern = f"{re.escape(self.source.marks.plain(character))}|{ENTITY.pattern}"
        for match in re.compile(pattern).finditer(self.source.text, low, high):
            escaped = character == "$" and self.source.text[match.start() - 1] == "\\"
            if html.unescape(match[0]) == self.source.marks.plain(character) and not escaped:
                yield match.start()

    def end(self, k: int) -> int:
        """Return where the k-th character ends in the source."""
        place = self.place(k)
        entity = ENTITY.match(self.source.text, place)
        return entity.end() if entity and self.text[k] != "&" else place + 1

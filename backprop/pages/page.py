"""What a page says: its parts, and each formula, number, mark and heading with its place."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from backprop.formulas.kinds import Kind
from backprop.pages.budget import Budget
from backprop.pages.dialects import Dialect, dialect_of


@dataclass(frozen=True)
class Place:
    """A line and a column, both from 1; in a notebook, of the cell with this number."""

    line: int
    column: int
    cell: int | None = None

    def __str__(self) -> str:
        """Return the place as a finding shows it: `12:5`, or `cell 3:12:5`."""
        return f"{f'cell {self.cell}:' if self.cell else ''}{self.line}:{self.column}"


class ReadError(ValueError):
    """A page cannot be read.

    Attributes:
        path: the file.
        message: what came and what was expected, in one line.
        place: line and column in the file.
    """

    def __init__(self, path: str, message: str, place: Place = Place(1, 1)) -> None:
        super().__init__(f"{path}:{place}: {message}")
        self.path = path
        self.place = place
        self.message = message


@dataclass(frozen=True)
class Part:
    """A text with its own offsets: a Markdown file, or one cell of a notebook.

    Attributes:
        text: as it is in the file, line ends and all.
        kind: "markdown", "code", or "alt" (plain words: the description of a cell's picture or
            of the notebook).
        cell: the number of a notebook's cell, from 1.
        spans: where its strings stand in a notebook's file.
    """

    text: str
    kind: str = "markdown"
    cell: int | None = None
    spans: tuple[tuple[int, int], ...] = ()


LINE_END = re.compile(r"\r\n?|\n")


class Cell(NamedTuple):
    """A cell of a table: which table of the part, which row (0 is the heading), which column."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Item:
    """Something on a page: its part, and where it begins and ends there."""

    part: int
    start: int
    end: int


@dataclass(frozen=True)
class Math(Item):
    """A formula.

    Attributes:
        latex: without its delimiters; character k is at offset `latex_start + k`. What is
            between its lines but no part of it, such as the `>` of a quote, is blank.
        latex_start: where it begins.
        display: whether it is on lines of its own.
        cell: its cell, if it is in a table.
    """

    latex: str
    latex_start: int
    display: bool
    cell: Cell | None = None


@dataclass(frozen=True)
class Number(Item):
    """A decimal outside formulas, or what touches a formula and is read as part of it.

    Attributes:
        text: as a reader sees it, with its sign and its percent sign; Markdown may make the
            source differ, as in `0**.5**`.
        cell: its cell, if it is in a table.
        touches: whether it touches a formula; then it may be a digit, a sign, a factor, a unit,
            or nothing, where two formulas touch.
    """

    text: str
    cell: Cell | None = None
    touches: bool = False


@dataclass(frozen=True)
class Fault(Item):
    """Something that the site does not show as it was meant.

    Attributes:
        message: what is wrong, in one line.
        kind: NOT_READ for a formula that the site shows as code or as text.
    """

    message: str
    kind: Kind = Kind.NOT_UNDERSTOOD


@dataclass(frozen=True)
class Comment(Item):
    """An HTML comment, which no reader sees, and its text."""

    text: str


@dataclass(frozen=True)
class Exemption(Item):
    """A mark that exempts a number or a formula from the check.

    Attributes:
        reason: why; empty where none is given.
        of: what it exempts; None where it follows nothing.
    """

    reason: str
    of: Math | Number | None


@dataclass(frozen=True)
class Switch(Item):
    """A mark with settings of a section."""

    settings: Mapping[str, str]


@dataclass(frozen=True)
class Heading(Item):
    """A heading: its level, from 1, and its Markdown."""

    level: int
    text: str


@dataclass(frozen=True)
class Code(Item):
    """A code block, or a notebook's code cell.

    Attributes:
        language: as its fence says; "" where it says nothing.
        text: the code, without the indentation of its container.
        code_start: where the code begins, after the line of the fence.
        code_end: where it ends, before the closing fence.
        fenced: False where only its indentation makes it code.
    """

    language: str
    text: str
    code_start: int
    code_end: int
    fenced: bool


@dataclass(frozen=True)
class Made:
    """A part that has been made.

    Attributes:
        maker: its name.
        mark: where in the file its mark begins.
        mark_end: where the mark ends.
        start: where in the text of the page the part begins.
        end: where it ends.
    """

    maker: str
    mark: int
    mark_end: int
    start: int
    end: int


@dataclass(frozen=True)
class Unmade(Item):
    """A mark that stays on the page, with the reason why its part could not be made."""

    reason: str


@dataclass(frozen=True)
class Edit:
    """A new text in place of a part's characters from `start` to `end`."""

    part: int
    start: int
    end: int
    text: str


@dataclass
class Page:
    """All that a page says, each list in the order of the source.

    Attributes:
        path: its file.
        file: the content of the file.
        parts: its texts, in which made parts replace the marks that ask for them.
        front: the front matter, or the metadata of a notebook.
        front_end: where the front matter ends.
        seconds: of processor time that reading it took.
        budget: what reading it has cost so far.
        made: the parts that code has made, and where they come from.
        unmade: the marks for parts that could not be made.
        faults: what the site does not show as it was meant.
        left_out: how many formulas and decimals marks take out of the check.
        given: the dialect to read it in; None for that of its front matter and its site.
    """

    path: str
    file: str
    parts: list[Part] = field(default_factory=list)
    front: dict[str, Any] = field(default_factory=dict)
    front_end: int = 0
    math: list[Math] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    exemptions: list[Exemption] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    code: list[Code] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    unmade: list[Unmade] = field(default_factory=list)
    left_out: int = 0
    seconds: float = 0.0
    budget: Budget = field(default_factory=Budget, repr=False)
    given: Dialect | None = field(default=None, repr=False)

    @cached_property
    def dialect(self) -> Dialect:
        """How its Markdown is read."""
        return self.given or dialect_of(self.path, self.front)

    def place(self, part: int, offset: int) -> Place:
        """Return the line and the column in the file of an offset in a part."""
        if not self.parts:  # a notebook without a cell
            return Place(1, 1)
        text, offset = self.origin(part, offset)
        starts = line_starts(text)
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1, self.parts[part].cell)

    def place_in_file(self, part: int, offset: int) -> Place:
        """Return line and column as an editor counts them, in a notebook those of its JSON."""
        if not self.parts or not self.parts[part].spans:
            return self.place(part, offset)
        before = self.file[: self._offsets(self.parts[part])[offset]]
        return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))

    def origin(self, part: int, offset: int) -> tuple[str, int]:
        """Return the author's text, and the place in it that an offset in a part comes from.

        A place in a made part comes from its mark.
        """
        if not self.made:
            return self.parts[part].text, offset
        made = self._made_before(offset)
        if made is None:
            return self.file, offset
        return self.file, made.mark if offset < made.end else made.mark_end + offset - made.end

    def maker(self, part: int, offset: int) -> str:
        """Return the name of the maker of a place in a part, empty where the author wrote it."""
        made = self._made_before(offset) if not part else None
        return made.maker if made and offset < made.end else ""

    def _made_before(self, offset: int) -> Made | None:
        """Return the last made part that begins at an offset or before it."""
        k = bisect_right(self.made, offset, key=lambda made: made.start)
        return self.made[k - 1] if k else None

    def plain(self) -> "Page":
        """Return the page as it would be if the author had written what is made."""
        text = self.parts[0].text if self.made else self.file
        return replace(self, file=text, made=[])

    def settings(self, part: int, offset: int) -> dict[str, str]:
        """Return the settings at a place, from the switches of all sections around it."""
        k = bisect_right(self._sections, (part, offset), key=itemgetter(0))
        return self._sections[k - 1][1] if k else {}

    @cached_property
    def _sections(self) -> list[tuple[tuple[int, int], dict[str, str]]]:
        """The settings from each heading and each switch on."""
        settings: list[tuple[tuple[int, int], dict[str, str]]] = []
        sections: list[tuple[int, dict[str, str]]] = [(0, {})]
        marks: list[Heading | Switch] = [*self.headings, *self.switches]
        for mark in sorted(marks, key=order):
            if isinstance(mark, Switch):
                sections[-1][1].update(mark.settings)
            else:
                while sections[-1][0] >= mark.level:
                    sections.pop()
                sections.append((mark.level, {}))
            merged = {key: value for _, section in sections for key, value in section.items()}
            settings.append((order(mark), merged))
        return settings

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the file with some edits made, and all else unchanged.

        Raises:
            ValueError: two edits overlap, or one is in what is made.
        """
        pieces, position = [], 0
        for start, end, text in sorted(self._in_file(edit) for edit in edits):
            if start < position:
                raise ValueError(f"edits: two at offset {start} came, expected no overlap")
            pieces += [self.file[position:start], text]
            position = end
        return "".join(pieces) + self.file[position:]

    def _in_file(self, edit: Edit) -> tuple[int, int, str]:
        """Return an edit as start, end and text in the file."""
        part = self.parts[edit.part]
        if maker := self.maker(edit.part, edit.start):
            raise ValueError(f"edits: one in what {maker} makes came, expected none")
        if not part.spans:
            start, end = (self.origin(edit.part, k)[1] for k in (edit.start, edit.end))
            return start, end, edit.text
        offsets = self._offsets(part)
        return offsets[edit.start], offsets[edit.end], json.dumps(edit.text)[1:-1]

    def _offsets(self, part: Part) -> list[int]:
        """Return the offset in a notebook's file of each character of a part, and of its end."""
        offsets = [at for span in part.spans for at in json_offsets(self.file, *span)]
        return [*offsets, part.spans[-1][1]]


def order(item: Item) -> tuple[int, int]:
    """Return the key that sorts items in the order of the source."""
    return item.part, item.start


@lru_cache(64)
def line_starts(text: str, start: int = 0) -> list[int]:
    """Return where each line of a text begins, from `start` on; callers must not change it."""
    return [start, *(match.end() for match in LINE_END.finditer(text, start))]


def json_offsets(file: str, start: int, end: int) -> Iterator[int]:
    """Yield the offset of each character of a JSON string."""
    pattern = r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|."
    for match in re.compile(pattern, re.DOTALL).finditer(file, start, end):
        yield match.start()

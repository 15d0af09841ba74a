r"""Read a page: its formulas, decimals, code and sections, each with its place.

A page is read as the site renders it, from its source, so that each place is exact.
It has parts: a Markdown file is one, and so is each Markdown cell of a notebook. All
offsets count the characters of their part.

A **formula** stands in a line, `$...$` or `\(...\)`, or on lines of its own,
`$$...$$`, `\[...\]` or `\begin{align}...\end{align}`, with blank lines around it. A
**decimal** is a number with a point or an exponent, in text outside code and math, in a
title or a description too, in the comments of code, which no run compares, and in code
in a line that is nothing but numbers. What **touches** a formula and is read with it, such
as a digit, a sign or a percent sign, is listed with the decimals.

Marks are HTML comments, which a reader does not see:

- `<!-- exempt: reason -->` exempts the decimal or the formula that it follows. Nothing
  may stand between them but white space (a blank line only after a formula on lines of
  its own) and the closing marks of emphasis and code.
- `<!-- backprop: off -->` takes what follows out of the check, up to `<!-- backprop: on -->`.
- `<!-- backprop: example=notes notation=notes -->` sets what a section is about, from
  where it stands to the next heading of the same or a higher level.
"""

import json
import math
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from json.decoder import scanstring  # type: ignore[attr-defined]  # left out of the stubs
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from operator import itemgetter
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from backprop.formulas.kinds import Kind
from backprop.pages import budget
from backprop.pages.budget import Budget
from backprop.pages.dialects import Dialect, dialect_of
from backprop.pages.made import Made, Unmade, origin, part_at, written_out
from backprop.pages.places import LINE_END, UnreadableError
from backprop.pages.rendered import Cell, shown
from backprop.pages.seen import Seen

__all__ = [
    "Cell",
    "Code",
    "Comment",
    "Edit",
    "Exemption",
    "Fault",
    "Heading",
    "Math",
    "Number",
    "Page",
    "Place",
    "ReadError",
    "Switch",
    "read",
    "read_text",
]

Shown = TypeVar("Shown", bound="Item")

FRONT = re.compile(r"\ufeff?-{3}[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)(?:-{3}|\.{3})[ \t]*\r?(?:\n|$)")
EXEMPT = re.compile(r"exempt\b\s*:?\s*(.*)", re.DOTALL)
SWITCH = re.compile(r"backprop\s*:\s*(.*)", re.DOTALL)
ONOFF = re.compile(r"backprop\s*:\s*(on|off)")
SETTING = re.compile(r"""([\w-]+)=("[^"]*"|[^\s"=]+)(?:\s+|$)""")
BETWEEN = re.compile(r"[\s*_>`]*")
FORMULA = re.compile(r"(?:\A|\n\s*\n)\s*(?:\$\$|\\\[|\\begin\{)")  # in indented code
# Of the front matter, by readers and by search engines.
SEEN = ("title", "subtitle", "description", "summary", "abstract")
NOT_SHOWN = (
    "begins a formula that is not read, and that the site does not show as one; "
    "write it as $...$, or between two lines of $$ with blank lines around"
)
LONGEST_MARK = 1000  # characters
LONGEST_NUMBER = 100  # characters of a number in the front matter
LONGEST_GAP = 200  # characters between a mark and what it marks


class ReadError(ValueError):
    """A page cannot be read.

    Attributes:
        path: the file.
        place: line and column in it.
        message: what came and what was expected, in one line.
    """

    def __init__(self, path: str, place: "Place", message: str) -> None:
        super().__init__(f"{path}:{place}: {message}")
        self.path = path
        self.place = place
        self.message = message


@dataclass(frozen=True)
class Place:
    """A line and a column, both from 1; in a notebook, of the cell with this number."""

    line: int
    column: int
    cell: int | None = None

    def __str__(self) -> str:
        """Return the place as a finding shows it: `12:5`, or `cell 3:12:5`."""
        return f"{f'cell {self.cell}:' if self.cell else ''}{self.line}:{self.column}"


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
    _line_starts: dict[int, list[int]] = field(default_factory=dict, repr=False)

    @cached_property
    def dialect(self) -> Dialect:
        """How its Markdown is read."""
        return self.given or dialect_of(self.path, self.front)

    def place(self, part: int, offset: int) -> Place:
        """Return the line and the column in the file of an offset in a part."""
        if not self.parts:  # a notebook without a cell
            return Place(1, 1)
        text, offset = self.origin(part, offset)
        if part not in self._line_starts:
            ends = re.finditer(r"\r\n?|\n", text)
            self._line_starts[part] = [0, *(match.end() for match in ends)]
        starts = self._line_starts[part]
        line = bisect_right(starts, offset)
        return Place(line, offset - starts[line - 1] + 1, self.parts[part].cell)

    def place_in_file(self, part: int, offset: int) -> Place:
        """Return line and column as an editor counts them, in a notebook those of its JSON."""
        if not self.parts or not self.parts[part].spans:
            return self.place(part, offset)
        before = self.file[: self._offsets(self.parts[part])[offset]]
        return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))

    def origin(self, part: int, offset: int) -> tuple[str, int]:
        """Return the author's text, and the place in it that an offset in a part comes from."""
        if self.made:
            return self.file, origin(self.made, offset)
        return self.parts[part].text, offset

    def maker(self, part: int, offset: int) -> str:
        """Return the name of the maker of a place in a part, empty where the author wrote it."""
        found = part_at(self.made, offset) if not part else None
        return found.maker if found else ""

    def plain(self) -> "Page":
        """Return the page as it would be if the author had written what is made."""
        text = self.parts[0].text if self.made else self.file
        return replace(self, file=text, made=[], _line_starts={})

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
        for mark in sorted(marks, key=_order):
            if isinstance(mark, Switch):
                sections[-1][1].update(mark.settings)
            else:
                while sections[-1][0] >= mark.level:
                    sections.pop()
                sections.append((mark.level, {}))
            merged = {key: value for _, section in sections for key, value in section.items()}
            settings.append((_order(mark), merged))
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
        offsets = [at for span in part.spans for at in _json_offsets(self.file, *span)]
        return [*offsets, part.spans[-1][1]]


def read(path: str | Path, *, complete: bool = True) -> Page:
    """Read a page from its file, a notebook where the name ends in `.ipynb`.

    Args:
        path: the file.
        complete: whether to put in the parts that code makes, or to leave their marks.

    Raises:
        OSError: the file cannot be opened.
        ReadError: it is not UTF-8, its front matter is not YAML or its notebook not JSON,
            or a formula or a fence is not closed.
    """
    with Path(path).open("rb") as file:
        data = file.read(budget.BYTES + 1)
    if len(data) > budget.BYTES:
        message = f"more than {budget.BYTES:,} bytes came, expected as many at most"
        raise ReadError(str(path), Place(1, 1), message)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = Page(str(path), before, [Part(before)]).place(0, len(before))
        raise ReadError(str(path), place, f"byte {error.start} is not UTF-8") from None
    return read_text(text, path) if complete else _parsed(Page(str(path), text), text)


def read_text(text: str, path: str | Path, dialect: Dialect | None = None) -> Page:
    """Read a page from its text.

    Args:
        text: the page.
        path: its file.
        dialect: how its Markdown is read; by default as its front matter and its site say.

    Raises:
        ReadError: as `read`.
    """
    try:
        page = _read(str(path), text, Budget(), dialect)
    except budget.OverBudgetError as over:
        raise ReadError(str(path), Place(1, 1), f"reading this page {over}") from None
    page.seconds = page.budget.seconds
    return page


def _read(path: str, text: str, spent: Budget, dialect: Dialect | None = None) -> Page:
    """Read a page, and replace the marks that ask for made parts by these."""
    page = _parsed(Page(path, text, budget=spent, given=dialect), text)
    whole, made, unmade = written_out(page)
    if made:
        page = _parsed(Page(path, text, made=made, budget=spent, given=dialect), whole)
    page.unmade = unmade
    return page


def _parsed(page: Page, text: str) -> Page:
    """Read a text into a page, and leave marks that ask for parts as they are."""
    if page.path.endswith(".ipynb"):
        _read_notebook(page)
    else:
        page.parts.append(Part(text))
        _read_front(page)
    if (length := sum(len(part.text) for part in page.parts)) > budget.CHARACTERS:
        message = f"{length:,} characters came, expected {budget.CHARACTERS:,} at most"
        raise ReadError(page.path, Place(1, 1), message)
    for k, part in enumerate(page.parts):
        if part.kind == "markdown":
            _read_markdown(page, k, page.front_end)
        elif part.kind == "alt":
            found = Seen(part.text).numbers()
            page.numbers += [Number(k, start, end, text) for start, end, text in found]
        else:
            end = len(part.text)
            page.code.append(Code(k, 0, end, "python", part.text, 0, end, fenced=True))
    page.math, page.numbers = _sorted(page.math), _sorted(page.numbers)
    page.code, page.headings = _sorted(page.code), _sorted(page.headings)
    page.comments, page.faults = _sorted(page.comments), _sorted(page.faults)
    _read_marks(page)
    return page


def _sorted(items: Iterable[Shown]) -> list[Shown]:
    """Return items in the order of the source, once each: a page may show one of them twice."""
    return sorted(dict.fromkeys(items), key=_order)


def _order(item: Item) -> tuple[int, int]:
    return item.part, item.start


def _read_front(page: Page) -> None:
    """Read the front matter."""
    match = FRONT.match(page.file)
    if match is None:
        return
    if len(match["yaml"]) > budget.FRONT:
        message = (
            f"front matter: more than {budget.FRONT:,} characters came, expected as many at most"
        )
        raise ReadError(page.path, Place(1, 1), message)
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        root = yaml.compose(match["yaml"], loader)
        _check_values(page, root, within_itself=1)
        if settings := _settings(root):
            _check_values(page, settings, within_itself=math.inf)
        front = yaml.load(match["yaml"], loader)  # noqa: S506
    except ReadError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(mark.line + 2, mark.column + 1) if mark else Place(1, 1)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ReadError(page.path, place, f"front matter that is not YAML: {reason}") from None
    except (AttributeError, LookupError):
        message = "front matter that is not YAML: a value is not what its tag says, as in !!bool x"
        raise ReadError(page.path, Place(1, 1), message) from None
    if twice := _twice(root):
        place = Place(twice.start_mark.line + 2, twice.start_mark.column + 1)
        message = f"front matter: {twice.value!r} came twice, expected it once"
        raise ReadError(page.path, place, message)
    if isinstance(front, dict):  # all else the site shows as text
        page.front = front
        page.front_end = match.end()
        pairs = root.value  # type: ignore[union-attr]  # a mapping
        page.numbers += _front_numbers(pairs, match["yaml"], match.start("yaml"))


def _settings(root: yaml.Node | None) -> yaml.Node | None:
    """Return the settings in the front matter."""
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == "backprop"), None)


def _check_values(page: Page, root: yaml.Node | None, within_itself: float) -> None:
    """Refuse front matter with huge numbers, or with aliases that stand for too many values.

    Args:
        page: the page.
        root: all of the front matter, or a part of it.
        within_itself: how many values an alias within its own anchor counts for.

    Raises:
        ReadError: it has these.
    """
    counts: dict[int, float] = {}
    for node in _innermost_first(root):
        number = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))
        if number and len(node.value) > LONGEST_NUMBER:
            came = f"a number of {len(node.value):,} characters came"
            _refuse_value(page, node, f"{came}, expected {LONGEST_NUMBER} at most")
        counts[id(node)] = 1 + sum(counts.get(id(part), within_itself) for part in _parts(node))
        if counts[id(node)] > budget.VALUES:
            message = (
                f"more than {budget.VALUES:,} values came, aliases written out, expected fewer"
            )
            _refuse_value(page, node, message)


def _refuse_value(page: Page, node: yaml.Node, message: str) -> NoReturn:
    place = Place(node.start_mark.line + 2, node.start_mark.column + 1)
    raise ReadError(page.path, place, f"front matter: {message}")


def _innermost_first(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield each node once, its parts before it."""
    waiting = [(root, False)] if root is not None else []
    known: set[int] = set()
    while waiting:
        node, done = waiting.pop()
        if done:
            yield node
        elif id(node) not in known:
            known.add(id(node))
            waiting += [(node, True), *((part, False) for part in _parts(node))]


def _parts(node: yaml.Node) -> list[yaml.Node]:
    """Return the parts of a node: entries, or keys and values."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _twice(root: yaml.Node | None) -> yaml.Node | None:
    """Return a key that a mapping has twice; YAML would silently keep the last."""
    for node in _innermost_first(root):
        if isinstance(node, yaml.MappingNode):
            keys: set[tuple[str, str]] = set()
            key: yaml.Node
            for key, _ in node.value:
                said = key.tag, str(key.value)
                if said in keys:
                    return key
                keys.add(said)
    return None


def _front_numbers(
    pairs: Iterable[tuple[yaml.Node, yaml.Node]], source: str, start: int
) -> Iterator[Number]:
    """Yield the decimals in the front matter that readers see, as in the title or description."""
    said = {id(value): value for key, value in pairs if key.value in SEEN}  # an alias once
    for value in said.values():
        if isinstance(value, yaml.ScalarNode):
            first, last = value.start_mark.index, value.end_mark.index
            for begin, end, text in Seen(source[first:last]).numbers():
                yield Number(0, start + first + begin, start + first + end, text)


def _read_markdown(page: Page, part: int, start: int) -> None:
    """Read a part in Markdown from `start` on into the page."""
    source = page.parts[part].text
    try:
        page.budget.look()
        found = shown(source, start, page.dialect)
        for seen, cell in found.seen:
            page.numbers += [Number(part, *number, cell) for number in seen.numbers()]
            page.numbers += [Number(part, *piece, cell, touches=True) for piece in seen.touching()]
    except UnreadableError as error:
        raise ReadError(page.path, page.place(part, error.offset), str(error)) from None
    page.math += [Math(part, *formula, display, cell) for formula, display, cell in found.math]
    page.headings += [
        Heading(part, start, end, level, source[start:end].strip())
        for start, end, level in found.headings
    ]
    page.comments += [
        Comment(part, start, end, source[start + 4 : end - 3].strip())
        for start, end in found.comments
    ]
    page.code += [Code(part, *code) for code in found.code]
    as_code = (
        (code.start, code.end)
        for code in found.code
        if code.language == "math" or (not code.fenced and FORMULA.search(code.text))
    )
    page.faults += [Fault(part, at, at + 1, message) for at, message in found.faults]
    for first, last in (*found.unread, *as_code):
        form = LINE_END.split(source[first:last])[0][:40].strip()
        page.faults.append(Fault(part, first, last, f"{form} {NOT_SHOWN}", Kind.NOT_READ))


def _read_marks(page: Page) -> None:
    """Read the marks among the comments."""
    _leave_out(page)
    items: list[Math | Number] = sorted([*page.math, *page.numbers], key=lambda i: (i.part, i.end))
    ends = [(item.part, item.end) for item in items]
    for comment in page.comments:
        place = comment.part, comment.start, comment.end
        if match := EXEMPT.fullmatch(comment.text):
            k = bisect_right(ends, place[:2])
            of = items[k - 1] if k and _directly(page, items[k - 1], comment) else None
            page.exemptions.append(Exemption(*place, match[1].strip(), of))
        elif ONOFF.fullmatch(comment.text):
            continue
        elif match := SWITCH.fullmatch(comment.text):
            try:
                page.switches.append(Switch(*place, settings_in(match[1])))
            except ValueError as error:
                raise ReadError(page.path, page.place(*place[:2]), str(error)) from None


def settings_in(mark: str) -> dict[str, str]:
    """Read the settings in a mark.

    Raises:
        ValueError: they are not understood.
    """
    if len(mark) > LONGEST_MARK:
        came = f"a mark of {len(mark):,} characters came"
        raise ValueError(f"{came}, expected {LONGEST_MARK} at most")
    settings = SETTING.findall(mark)
    if len(dict(settings)) < len(settings):
        raise ValueError(f"the mark says {mark!r}, expected each name once")
    if SETTING.sub("", mark).strip() or not settings:
        raise ValueError(f"the mark says {mark!r}, expected name=value, as in example=notes")
    return {key: value.strip('"') for key, value in settings}


def _leave_out(page: Page) -> None:
    """Remove what is between the marks `off` and `on` from a page, and count it."""
    off: list[tuple[int, int, int]] = []
    start: tuple[int, int] | None = None
    for comment in page.comments:
        if not (match := ONOFF.fullmatch(comment.text)):
            continue
        if match[1] == "off" and start is None:
            start = comment.part, comment.end
        elif match[1] == "on" and start is not None:
            off.append((*start, comment.start if comment.part == start[0] else sys.maxsize))
            start = None
    if start is not None:
        off.append((*start, sys.maxsize))

    def stays(item: Item) -> bool:
        return not any(part == item.part and a <= item.start < b for part, a, b in off)

    if off:
        before = len(page.math) + len(page.numbers)
        page.math, page.numbers = [*filter(stays, page.math)], [*filter(stays, page.numbers)]
        page.faults = [*filter(stays, page.faults)]
        page.left_out = before - len(page.math) - len(page.numbers)


def _directly(page: Page, item: Math | Number, comment: Comment) -> bool:
    """Tell whether a comment follows an item directly."""
    if item.part != comment.part or comment.start - item.end > LONGEST_GAP:
        return False
    between = page.parts[item.part].text[item.end : comment.start]
    blank = len(re.findall(r"\r\n?|\n", between)) - 1
    alone = isinstance(item, Math) and item.display
    return BETWEEN.fullmatch(between) is not None and blank <= alone


# Notebooks


class _Located(str):
    """A string of a JSON file with its place there, quotes not included."""

    __slots__ = ("span",)
    span: tuple[int, int]


def _located(text: str, start: int, strict: bool = True) -> tuple[_Located, int]:  # noqa: FBT001, FBT002 - as json calls it
    value, end = scanstring(text, start, strict)
    located = _Located(value)
    located.span = start, end - 1
    return located, end


class _TwiceError(ValueError):
    """A key that a JSON object has twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, and refuse two values under one key."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for k, key in enumerate(keys) if key in keys[:k])
        raise _TwiceError(f"not a notebook: {twice!r} came twice, expected it once")
    return found


class _Decoder(json.JSONDecoder):
    """Reads JSON, and keeps the place of each string."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_once)
        self.parse_string = _located
        self.scan_once = py_make_scanner(self)


def _json_offsets(file: str, start: int, end: int) -> Iterator[int]:
    """Yield the offset of each character of a JSON string."""
    pattern = r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|."
    for match in re.compile(pattern, re.DOTALL).finditer(file, start, end):
        yield match.start()


def _read_notebook(page: Page) -> None:
    """Read the cells of a notebook."""
    if sum(map(page.file.count, ",[{")) > budget.JSON_VALUES:
        message = f"more than {budget.JSON_VALUES:,} values came, expected as many at most"
        raise ReadError(page.path, Place(1, 1), message)
    try:
        notebook = _Decoder().decode(page.file)
        cells = list(notebook["cells"])
        page.front = dict(notebook["metadata"])
        for number, cell in enumerate(cells, start=1):
            alternative = cell["metadata"].get("alt", "")
            if cell["cell_type"] != "raw":
                page.parts.append(_part(cell["source"], cell["cell_type"], number))
            if alternative:
                page.parts.append(_part(alternative, "alt", number))
        said = [page.front[key] for key in SEEN if isinstance(page.front.get(key), str)]
        page.parts += [_part(text, "alt", None) for text in said]
    except json.JSONDecodeError as error:
        place = Place(error.lineno, error.colno)
        raise ReadError(page.path, place, f"not JSON: {error.msg}") from None
    except _TwiceError as error:
        raise ReadError(page.path, Place(1, 1), str(error)) from None
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise ReadError(
            page.path, Place(1, 1), "not a notebook: expected cells with type, source and metadata"
        ) from None


def _part(source: _Located | list[_Located], kind: str, cell: int | None) -> Part:
    """Return a part from the file's one string or list of lines."""
    strings = source if isinstance(source, list) else [source]
    spans = tuple(string.span for string in strings)
    return Part("".join(strings), kind, cell, spans)

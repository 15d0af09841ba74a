r"""Read what a page shows from its rendering by the site's Markdown, with places in the source.

A page is rendered twice: as it is, and with marks (`marking`) in place of some characters. Where
both renderings are equal except for the marks, each mark tells the place of its character in the
source, from which the places next to it follow. Characters whose marks change the rendering are
found by bisection, and keep their place unmarked.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

from backprop.formulas.kinds import Kind
from backprop.pages import rendering
from backprop.pages.dialects import ANY, Dialect
from backprop.pages.marking import MARK, MARKDOWN, RAW, Marks, candidates, marked
from backprop.pages.page import LINE_END, Cell, Code, Comment, Fault, Heading, Math, Number
from backprop.pages.places import PREFIX, MarkedText, Source, UnreadableError
from backprop.pages.rendering import Rendered
from backprop.pages.seen import CLOSE, FIGURES, HOLE, OPEN, SHOWN_NAMES, Seen

RENDERINGS = 300  # of a short page, at most
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote details div dl fieldset figcaption figure footer form h1"
        " h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section table ul canvas colgroup"
        " dd body dt group html iframe li legend math map noscript output object option progress"
        " script style summary tbody td textarea tfoot th thead tr video center label",
    )
)
PIECES = frozenset(("script", "style", "pre", "textarea", "code"))
SHOWN_ATTRIBUTES = (*SHOWN_NAMES, "aria-label", "placeholder")
WITH_VALUE = ("input", "meter", "progress")  # elements that show their value
BLOCK = re.compile(r"\S(?:[^\n]|\n(?![ \t]*\n))*")  # lines without a blank one between them
OPEN_TAG = re.compile(r"<[a-zA-Z/!?](?=[^<>]*(?:<|\Z))")
LINE = re.compile(r"^(?P<indent>[ \t>]*)[^ \t>\r\n]", re.MULTILINE)
BRACKET = re.compile(r"[][()]")
OPENING = str.maketrans("])", "[(")
MOST_NESTED = 25  # lines that are each indented more than the one before
MOST_OPEN = 200  # brackets: from each, Markdown looks for the one that closes it
MOST_LINES = 5_000
MOST_TAGS = 200_000_000  # times characters of the page: from each, Markdown looks for its end
RAW_OR_MARKDOWN = re.compile(f"([{RAW}{MARKDOWN}])")
CONTROL = re.compile("[\x02-\x05]")
LATEX = re.compile(r"\\\((.*?)\\\)", re.DOTALL)  # in an attribute
MATH_TAG = re.compile(r"<(?:math(?![\w-])|script\s[^>]*type=.?math/)[^>]*>?", re.IGNORECASE)
FENCE = re.compile(r"[> \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>.*?)[ \t]*$")
FENCE_MARK = re.compile(r'<pre data-fence="(\d+)"')
HEAD = re.compile(  # the line of a fence, and the options after it
    r"""[^{\n]*\{[\w:.+-]+\}.*
    (?:\n[ \t>]*(?::[\w-]+:|(?:\#|//|%%)\|).*)*(?:\n[ \t>]*---\r?(?:\n.*)*?\n[ \t>]*---)?|.*""",
    re.VERBOSE,
)
MARP = re.compile(r"(?:^|<!--)[ \t]*_?(?:header|footer):(.*?)(?:-->|$)", re.MULTILINE)
FENCE_TITLE = re.compile(
    r"""(?<![\w-])(?:caption|lst-cap|title)=(?:"([^"]*)"|'([^']*)'|([^\s"'}]+))
    |^(?P<indent>[ \t>]*)(?:(?P<cell>\#\||//\||%%\|)[ ]|:)?
        (?:alt|caption|title|(?:fig|lst|tbl)-(?:alt|s?cap|subcap)):[ ]
        (.*(?:\n(?P=indent)[ \t].*)*)""",
    re.VERBOSE | re.MULTILINE,
)
DOUBLED = re.compile(rf"\\[(\[][^\n{HOLE}]{{0,30}}|:{{3,}} ?\{{math\}}")
"""A formula in the Markdown of others, which is shown as text here: \\(...\\), \\[...\\]."""
IN_RAW = re.compile(
    rf"(?:\\[(\[]|\\begin\{{)[^\n{HOLE}]{{0,30}}"
    rf"|\$\$[^{HOLE}]+?\$\$|\$(?![\s$])[^${HOLE}]*(?<!\s)\$(?!\d)"
)
"""A formula in raw HTML, where Markdown finds none."""
ROLE = re.compile(rf"(?:\{{math\}}|:math:){HOLE}[^{HOLE}]*{HOLE}|\${HOLE}[^{HOLE}]*{HOLE}\$")
"""Code that is a formula in MyST and in reStructuredText."""
STRAY = re.compile(r"\$+|\\begin\{[a-z]+\*?\}")
FORMULA = re.compile(r"(?:\A|\n\s*\n)\s*(?:\$\$|\\\[|\\begin\{)")  # in indented code
NOT_SHOWN = (
    "begins a formula that is not read, and that the site does not show as one; "
    "write it as $...$, or between two lines of $$ with blank lines around"
)
UNCLOSED = {
    "$$": "unclosed $$: a formula on lines of its own stands between two, with blank lines around",
    "$": "$ without its partner: a formula stands between two, with no space inside;"
    " a dollar is written \\$",
    "\\": "\\begin stands in a line; a formula on lines of its own needs blank lines around",
}


@dataclass
class Shown:
    """What a text in Markdown shows: the items of a page with one part, not yet in order.

    Attributes:
        seen: the text, block for block, each with the cell of a table that it stands in.
    """

    math: list[Math] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    code: list[Code] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[Seen, Cell | None]] = field(default_factory=list)


@lru_cache(256)  # a page is read again for what others tell of it
def shown(text: str, start: int, dialect: Dialect) -> Shown:
    """Return what a page shows; callers must not change it.

    Args:
        text: the page.
        start: where its front matter ends.
        dialect: how its Markdown is read.

    Raises:
        UnreadableError: a formula, a fence or an element of HTML is not closed, or the site's
            Markdown fails on the page, or it does not tell where something stands.
    """
    if text.startswith("\ufeff", start):
        start += 1
    _check_size(text, start)
    faults: list[Fault] = []
    if dialect.name == ANY:
        from backprop.pages import commonmark  # noqa: PLC0415  # no page of a site needs it

        text, faults = commonmark.prepared(text, start, modules=dialect.modules)
    source = Source(text, start, Marks(text))
    try:
        plain = _rendered(text[start:], dialect)
        if dialect.name != ANY:
            _check(source, plain, dialect)
        reading = _Reading(source, plain, dialect)
        reading.found.faults += faults
        reading.feed(_with_marks(source, plain.html, dialect))
        reading.close()
    except RecursionError:
        raise UnreadableError(start, "lists and quotes nest too deeply for the site") from None
    except OverflowError:
        message = "more numbers and formulas came than one page may have; split it"
        raise UnreadableError(start, message) from None
    return reading.finish()


def _rendered(text: str, dialect: Dialect, marks: Marks | None = None) -> Rendered:
    if dialect.name == ANY:
        from backprop.pages import commonmark  # noqa: PLC0415  # as above

        return commonmark.render(text)
    return rendering.render(text, dialect.extensions, marks)


def _check_size(text: str, start: int) -> None:
    """Refuse a page for which Markdown's time grows faster than the page."""
    nested: list[int] = []
    for match in LINE.finditer(text, start):
        indent = len(match["indent"].expandtabs(4))
        while nested and nested[-1] >= indent:
            nested.pop()
        nested.append(indent)
        if len(nested) > MOST_NESTED:
            message = f"lines nest more than {MOST_NESTED} deep, expected fewer"
            raise UnreadableError(match.start(), message)
    for block in BLOCK.finditer(text, start):
        if (lines := block[0].count("\n") + 1) > MOST_LINES:
            came = f"{lines:,} lines without a blank one between them came"
            raise UnreadableError(block.start(), f"{came}, expected {MOST_LINES:,} at most")
        depths = {"[": 0, "(": 0}
        for bracket in BRACKET.finditer(block[0]):
            opening = bracket[0].translate(OPENING)
            depth = depths[opening] + (1 if bracket[0] == opening else -1)
            depths[opening] = max(depth, 0)
            if depth > MOST_OPEN:
                came = f"more than {MOST_OPEN} {opening} came that are open at once"
                place = block.start() + bracket.start()
                raise UnreadableError(place, f"{came}, expected fewer")
    if (tags := len(OPEN_TAG.findall(text, start))) * len(text) > MOST_TAGS:
        what = f"{tags:,} tags of HTML that are not closed with >"
        raise UnreadableError(start, f"{what} are more than the site can read in time")


def _with_marks(source: Source, plain: str, dialect: Dialect) -> str:
    """Return the rendering with all marks that do not change it."""
    marks = source.marks
    places = candidates(source.text, source.start)
    of = {place: marks.new(source.text[place], place) for place in places}
    expected, found = marks.plain(plain), list(plain)
    groups = [places] if places else []
    for _ in range(min(RENDERINGS, 2 + 2_000_000 // (len(plain) + 1))):
        if not groups:
            break
        group = groups.pop()
        trial = _rendered(marked(source.text, group, of)[source.start :], dialect, marks).html
        if marks.plain(trial) == expected:
            for match in MARK.finditer(trial):
                if match[0] in marks.places:
                    found[match.start()] = match[0]
        elif len(group) > 1:
            middle = len(group) // 2
            groups += [group[middle:], group[:middle]]
    return "".join(found)


def _check(source: Source, plain: Rendered, dialect: Dialect) -> None:
    """Refuse a page on which a fence or an element of HTML is not closed."""
    closed = {line for fence in plain.fences for line in range(fence.first, fence.stop)}
    for number in range(len(source.lines)):
        line = source.line_text(number)
        match = FENCE.match(line) if number not in closed else None
        if match and match["fence"][0] not in match["info"]:
            place = source.lines[number] + match.start("fence")
            if _rendered(f"{line}\n{line[: match.end('fence')]}", dialect).fences:
                raise UnreadableError(place, f"{match['fence']} is not closed")
            said = line[match.start("fence") :].strip()
            raise UnreadableError(place, f"the site does not take {said!r} for a fence")
    if plain.unclosed:
        tag, number = plain.unclosed
        for fence in plain.fences:  # each is one line where HTML is looked for
            number += fence.stop - fence.first - 1 if fence.first < number else 0
        number = min(number, len(source.lines) - 1)
        place = source.lines[number] + max(source.line_text(number).lower().find(f"<{tag}"), 0)
        message = f"<{tag}> is not closed, so the rest would be no Markdown"
        raise UnreadableError(place, message)


class _Reading(HTMLParser):
    """Reads a page from its HTML."""

    def __init__(self, source: Source, rendered: Rendered, dialect: Dialect) -> None:
        super().__init__()
        self.of_site = dialect.name != ANY
        self.source = source
        self.rendered = rendered
        self.found = Shown()
        self.run: list[str] = []  # the text of a block, so far
        self.run_is_raw = False
        self.raw = 0  # how deep in raw HTML
        self.piece = ""  # what is read as one piece
        self.open: list[str] = []  # its open tags
        self.inside: list[str] = []  # its text
        self.level = 0  # of the heading
        self.heading_line = -1  # of the last one
        self.table = self.row = self.column = -1
        self.suggests = False  # whether options stand in a list of suggestions
        self.cell: Cell | None = None
        self.fences: set[int] = set()
        self.last = source.start  # where the last formula, comment or code ended

    def finish(self) -> Shown:
        """Return all that has been found."""
        self._flush()
        for title in self.rendered.titles:
            self._aside(title)
        self._fenced()
        if self.open:
            self._fault(self.last, f"<{self.open[0]}> is not closed")
        for code in self.found.code:
            if code.language == "math" or (not code.fenced and FORMULA.search(code.text)):
                self._not_read((code.start, code.end))
        for seen, cell in self.found.seen:
            self.found.numbers += [Number(0, *each, cell) for each in seen.numbers()]
            self.found.numbers += [Number(0, *each, cell, touches=True) for each in seen.touching()]
        return self.found

    # Elements

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "data-fence" in attributes:
            self._fence(int(attributes["data-fence"]))
        if any("<span class=" in value for value in attributes.values()):
            message = "a formula stands in a tag of HTML, which breaks it"
            raise UnreadableError(self.last, message)
        if self.open:
            self.open += [tag] if self.open[-1] == tag else []
            return
        if tag in ("br", "img"):
            self.run.append("\n")
        elif tag in BLOCKS:
            self._flush()
        if tag == "math" or attributes.get("type", "").startswith("math/"):
            self._math_tag()
        self._opened(tag, attributes, attributes.get("class", "").split())

    def _opened(self, tag: str, attributes: dict[str, str], classes: list[str]) -> None:
        """Note what an element shows besides its text, and how its text is read."""
        if tag in ("datalist", "select"):
            self.suggests = tag == "datalist"  # whose options show their values
        valued = tag in WITH_VALUE and attributes.get("type") != "hidden"
        valued = valued or (tag == "option" and self.suggests)
        for name in (*SHOWN_ATTRIBUTES, *["value"] * valued):
            if attributes.get(name) and "footnote-backref" not in classes:
                self._aside(attributes[name])
        if "arithmatex" in classes and not self.raw:
            self.piece, self.open = "formula", [tag]
        elif "footnote-ref" in classes:
            self.piece, self.open = "footnote", [tag]
        elif tag in PIECES:
            self.piece, self.open = tag, [tag]
        elif not self.raw:
            self._enter(tag)

    def _enter(self, tag: str) -> None:
        """Keep count of headings and of the cells of tables."""
        if tag == "table":
            self.table, self.row = self.table + 1, -1
        elif tag == "tr":
            self.row, self.column = self.row + 1, -1
        elif tag in ("td", "th"):
            self.column += 1
            self.cell = Cell(self.table, self.row, self.column)
        elif re.fullmatch("h[1-6]", tag):
            self.level = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            if self.open[-1] == tag:
                self.open.pop()
            if not self.open:
                inside, self.inside = "".join(self.inside), []
                self._ended(inside, tag)
            return
        if tag in BLOCKS:
            self._flush()
        if tag in ("td", "th"):
            self.cell = None

    def _ended(self, inside: str, tag: str) -> None:
        """Note a formula or code that has been read to its end."""
        if self.piece == "formula":
            formula = self._formula(inside[2:-2], display=tag == "div")
            if formula and tag != "div":
                self.run.append(self._hole(formula.start, formula.end))
        elif self.piece == "code":
            code = RAW_OR_MARKDOWN.sub("", inside)
            figures = re.fullmatch(FIGURES, self.source.marks.plain(code))
            span = None if self.raw else self.source.span(code)
            new = self.source.marks.new
            ends = (new(HOLE, span[0]), new(HOLE, span[1] - 1)) if span else (HOLE, HOLE)
            self.run += [ends[0], code if figures else "", ends[1]]
        elif self.piece == "pre" and not self.raw and inside.strip() and RAW not in inside:
            self._indented(inside)
        elif self.piece == "textarea":
            self._aside(inside)
        elif self.piece == "footnote":
            self.run.append("[")

    def _hole(self, start: int, end: int) -> str:
        new = self.source.marks.new
        return f"{new(OPEN, start)}{HOLE}{new(CLOSE, end - 1)}"

    # Text

    def handle_data(self, data: str) -> None:
        if self.open:
            self.inside.append(data)
            return
        for piece in RAW_OR_MARKDOWN.split(data):
            if piece in (RAW, MARKDOWN):
                self.raw += 1 if piece == RAW else -1
            else:
                self.run.append(CONTROL.sub("", piece))
                if piece.strip():
                    self.run_is_raw = self.raw > 0

    def _flush(self) -> None:
        """End a block of text."""
        text, self.run = "".join(self.run), []
        if self.level:
            heading = self.source.heading(text, self.level, self.heading_line)
            if heading:
                start, end, self.heading_line = heading
                said = self.source.text[start:end].strip()
                self.found.headings.append(Heading(0, start, end, self.level, said))
            elif self.of_site and not self.source.first(text):
                self._fault(self.last, "cannot tell where a heading stands")
            self.level = 0
        if not text.strip():
            return
        seen = self._seen(text)
        if self.run_is_raw:
            self._not_read(*seen.matches(IN_RAW))
            return
        self._not_read(*seen.matches(ROLE), *seen.matches(DOUBLED))
        roles = [match.span() for match in ROLE.finditer(seen.text)]
        for match in STRAY.finditer(seen.marked):
            if not any(start <= match.start() < end for start, end in roles):
                self._stray(seen, match)
                return

    def _stray(self, seen: MarkedText, match: re.Match[str]) -> None:
        """Note a delimiter of a formula without its partner."""
        try:
            place = seen.place(match.start())
        except UnreadableError:
            place = self.last
        said = "$$" if self.source.text.startswith("$$", place) else match[0][0]
        self._fault(place, UNCLOSED[said])

    def _seen(self, text: str) -> MarkedText:
        seen = MarkedText(self.source, text)
        self.found.seen.append((seen, self.cell))
        return seen

    def _aside(self, text: str) -> None:
        """Note a separate text, such as a title."""
        text = CONTROL.sub("", RAW_OR_MARKDOWN.sub("", text))
        pieces, position = [], 0
        for match in LATEX.finditer(text):
            if formula := self._formula(match[1], aside=True):
                pieces += [text[position : match.start()], self._hole(formula.start, formula.end)]
                position = match.end()
        self._not_read(*self._seen("".join([*pieces, text[position:]])).matches(DOUBLED))

    # What is found

    def _formula(self, latex: str, *, display: bool = False, aside: bool = False) -> Math | None:
        formula = self.source.formula(latex, self.last, self.cell, display=display)
        if formula:
            self.found.math.append(formula)
            self.last = formula.end
        elif not aside:
            said = " ".join(self.source.marks.plain(latex).split())[:40]
            message = f"cannot tell where the formula {said!r} stands; write it in other words"
            self._fault(self.last, message)
        return formula

    def handle_comment(self, data: str) -> None:
        place = None
        for match in FENCE_MARK.finditer(data):
            self._fence(int(match[1]))
            place = place or self.source.lines[self.rendered.fences[int(match[1])].first]
        comment = self.source.comment(data, self.last, place)
        if comment:
            start, self.last = comment
            said = self.source.text[start + 4 : self.last - 3].strip()
            self.found.comments.append(Comment(0, start, self.last, said))
            for match in () if self.of_site else MARP.finditer(self.source.text, *comment):
                self.found.seen.append((Seen(match[1], match.start(1)), None))
        else:
            self._fault(self.last, "cannot tell where a comment stands; rewrite it")

    def _math_tag(self) -> None:
        """Note a formula that is HTML."""
        text = self.source.text  # a footnote is shown after what follows it
        match = MATH_TAG.search(text, self.last) or MATH_TAG.search(text)
        start, end = match.span() if match else (self.last, self.last)
        self._not_read((start, end))
        self.last = max(self.last, end)

    def _fault(self, place: int, message: str) -> None:
        """Note what is not shown as it was meant."""
        self.found.faults.append(Fault(0, place, place + 1, message))

    def _not_read(self, *places: tuple[int, int]) -> None:
        """Note formulas that the page shows as code or as text."""
        for start, end in places:
            form = LINE_END.split(self.source.text[start:end])[0][:40].strip()
            self.found.faults.append(Fault(0, start, end, f"{form} {NOT_SHOWN}", Kind.NOT_READ))

    def _indented(self, inside: str) -> None:
        """Note code that only its indentation makes code."""
        found = self.source.indented(inside, self.last)
        if found:
            start, end, text = found
            self.found.code.append(Code(0, start, end, "", text, start, end, fenced=False))
            self.last = end
        else:
            self._fault(self.last, "cannot tell where indented code stands; fence it")

    def _fence(self, number: int) -> None:
        self.fences.add(number)
        if self.piece == "formula" and self.open:
            self.piece = ""
            first = self.rendered.fences[number].first
            self._fault(self.source.lines[first], "a fence stands in a formula")

    def _fenced(self) -> None:
        """Note the fenced code that the page shows."""
        source = self.source
        for number, fence in enumerate(self.rendered.fences):
            line = source.line_text(fence.first)
            start = source.lines[fence.first] + PREFIX.match(line).end()  # type: ignore[union-attr]
            end, last = source.line_end(fence.stop - 1), source.lines[fence.stop - 1]
            if number in self.fences:
                inside = source.lines[fence.first + 1], last
                what = fence.language, fence.text
                self.found.code.append(Code(0, start, end, *what, *inside, fenced=True))
                head = HEAD.match(source.text, source.lines[fence.first], inside[1])
                for title in FENCE_TITLE.finditer(source.text, *head.span()):  # type: ignore[union-attr]
                    if title["cell"] == "#|" and "py" in fence.language:
                        continue  # a comment of Python is read as such
                    at = title.start(title.lastindex)  # type: ignore[arg-type]
                    self.found.seen.append((Seen(title[title.lastindex], at), None))  # type: ignore[index]
            elif not any(code.start <= start < code.end for code in self.found.code):
                message = (
                    "this fence follows indented code without a blank line,"
                    " and would be shown as text"
                )
                self._fault(source.lines[fence.first], message)

"""Where the text of a page stands: its blocks, as Python-Markdown cuts them.

Markdown's offsets must be exact, and its parser keeps none. So the rules by which
the site's extensions cut a page into blocks are followed here on the source: first
fences, then raw HTML, then the blocks proper, each container's content again as a
page. What is left are runs of text, each of which Markdown reads in one go.
Where a page is stranger than these rules, text is taken for prose rather than code.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

DEPTH = 40  # how deep lists and quotes may nest; what is deeper counts as plain text
HOLE = "\x02"  # stands in a line for what is no text of it: a fence, code, math
ELEMENT = "\x03"  # stands on a line of its own for raw HTML
OPEN, CLOSE = "\x04", "\x05"  # the first and the last character of the hole of a formula

BLOCK_TAGS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote details div dl fieldset figcaption figure footer form h1"
        " h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section table ul canvas colgroup"
        " dd body dt group html iframe li legend math map noscript output object option progress"
        " script style summary tbody td textarea tfoot th thead tr video center",
    )
)
LINE_TAGS = frozenset(
    re.findall(r"\w+", "address dd dt h1 h2 h3 h4 h5 h6 legend li p summary td th")
)
RAW_TAGS = frozenset(("canvas", "math", "option", "pre", "script", "style", "textarea", "hr"))

FENCE = re.compile(r"(?P<prefix>[> ]*)(?P<fence>`{3,}|~{3,}) *(?P<info>.*?) *$")
FENCE_INFO = re.compile(
    r"""(?:\.?(?P<language>[\w#.+-]+)(?=\s|$))?\s*
        (?:\{(?P<braces>.*)\}
        |(?:(?:^|\s*)(?:title(?:_mode)?=(?:"[^"]*"|'[^']*')|hl_lines=(?:"[\d -]+"|'[\d -]+')
            |linenums=(?:"\d[\d ]*"|'\d[\d ]*'))(?=\s|$))*)$""",
    re.VERBOSE,
)
FENCE_TITLE = re.compile(r"""(?<![\w-])title=(?:"([^"]*)"|'([^']*)'|([^\s"'}]+))""")
MARKER = re.compile(
    r"""!!!\ ?(?P<note>[\w-]+(?:\ +[\w-]+)*)(?:\ +"(?P<note_title>.*?)")?\ *$
    |\?{3}\+?\ ?(?:(?:[\w-]+(?:\ +[\w-]+)*?)?\ +"(?P<fold_title>.*?)"|[\w-]+(?:\ +[\w-]+)*?)\ *$
    |={3}(?:\+!?|!\+?)?\ +"(?P<tab_title>.*?)"\ *$""",
    re.VERBOSE,
)
HEADING = re.compile(r"(#{1,6})(.*?)#*$")
UNDERLINE = re.compile(r"(?:=+|-+) *$")
RULE = re.compile(r" {0,3}([-_*])(?: {0,2}\1){2,} *$")
ITEM = re.compile(r" {0,3}(?:\d+\.|[*+-]) +(?=(.*))")
NESTED_ITEM = re.compile(r" {4,7}(?:\d+\.|[*+-]) ")
QUOTE = re.compile(r" {0,3}> ?")
FOOTNOTE = re.compile(r" {0,3}\[\^[^\]]*\]: *")
ABBREVIATION = re.compile(r"\*\[[^\\\]]*\] ?: *(\S.*)")
REFERENCE = re.compile(r""" {0,3}\[[^\[\]]*\]: *\S+ *(?:"(.*)" *|'(.*)' *|\((.*)\) *)?$""")
TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>"'<`]*)
        (?P<attributes>(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+)>""",
    re.VERBOSE,
)
TAG_OPENING = re.compile(r"<(?:!--|/?[a-zA-Z]|\?|![a-zA-Z\[])")
MARKDOWN = re.compile(r"""(?:^|\s)markdown(?:\s*=\s*["']?(\w+)|(?=[\s/]|$))""")
BARS = re.compile(r"\\\\|(?P<escape>\\)?(?P<ticks>`+)|\\\||\|")
FILLED = re.compile(f"[> ]*{HOLE}")
BLANK = re.compile(r"(?: *\n){2}")
BRACKETS = re.compile(r"(?:\\[^\]]|[^\\])*+\\\]")
ENVIRONMENT = re.compile(r"\\begin\{([a-z]+\*?)\}")


class BlockError(ValueError):
    """Something that the site does not render as it was meant; `offset` says where."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class Line(NamedTuple):
    """A piece of one line, and where it starts."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def cut(self, start: int, end: int | None = None) -> "Line":
        """Return the piece from `start` to `end` within this one."""
        return Line(self.start + start, self.text[start:end])


class Cell(NamedTuple):
    """A cell of a table: which table of the page, which row (0 is the heading), which column."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Run:
    """Text that Markdown reads in one go.

    Attributes:
        kind: "text", "display" (a formula on lines of its own), "html" (raw), or
            "plain" (text that is shown as it stands, such as a title).
        lines: the text, without the marks of the containers around it.
        level: that of a heading; 0 for all else.
        cell: where in a table it stands.
    """

    kind: str
    lines: list[Line]
    level: int = 0
    cell: Cell | None = None


class Fence(NamedTuple):
    """A code block: where it and its code stand, its lines without indentation, its title."""

    start: int
    end: int
    code_start: int
    code_end: int
    language: str
    text: str
    fenced: bool
    title: Line | None = None


@dataclass
class Blocks:
    """What a page consists of."""

    runs: list[Run] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)  # of the links that are defined


@dataclass(eq=False)
class Node:
    """A container or block, as far as the blocks behind it need to know."""

    kind: str
    last: "Node | None" = None

    def add(self, kind: str) -> "Node":
        """Put a new node behind the others."""
        self.last = Node(kind)
        return self.last


def cut(text: str, start: int) -> Blocks:
    """Cut a page into its blocks.

    Args:
        text: the page, with newlines as only line ends and without tabs.
        start: where its front matter ends.

    Raises:
        BlockError: a fence is not closed, or not one that the site knows.
    """
    blocks = Blocks()
    lines = list(_split(text, start, len(text)))
    filled = text[:start] + "\n".join(_fences(lines, blocks))
    _Cutter(text, blocks).page(_without_html(filled, start, blocks))
    return blocks


def _split(text: str, start: int, end: int) -> Iterator[Line]:
    for piece in text[start:end].split("\n"):
        yield Line(start, piece)
        start += len(piece) + 1


# Fences


def _fences(lines: Sequence[Line], blocks: Blocks) -> Iterator[str]:
    """Yield the lines with each fence and its code filled with holes."""
    k = 0
    while k < len(lines):
        opening = _opening(lines[k])
        if opening is None:
            yield lines[k].text
            k += 1
            continue
        prefix, fence, language, title = opening
        last = _closing(lines, k, prefix, fence)
        code = [line.text[len(prefix) :] for line in lines[k + 1 : last]]
        blocks.fences.append(
            Fence(
                start=lines[k].start + len(prefix),
                end=lines[last].end,
                code_start=lines[k].end + 1,
                code_end=lines[last].start,
                language=language,
                text="".join(line + "\n" for line in code),
                fenced=True,
                title=title,
            )
        )
        yield prefix + HOLE * (lines[last].end - lines[k].start - len(prefix))
        k = last + 1


def _opening(line: Line) -> tuple[str, str, str, Line | None] | None:
    """Return what stands before a fence, the fence, its language and its title.

    None if it is no fence.
    """
    match = FENCE.match(line.text)
    if match is None or match["fence"][0] in match["info"]:
        return None
    info = FENCE_INFO.match(match["info"])
    if info is None:
        raise BlockError(
            line.start + match.start("fence"),
            f"the site does not take {match[0].strip()!r} for a fence",
        )
    language = info["language"] or ""
    if not language and info["braces"]:
        classes = re.findall(r"(?:^|\s)\.([\w#.+-]+)", info["braces"])
        named = "math" if info["braces"].strip() == "math" else ""  # a directive of MyST
        language = classes[0] if classes else named
    said = FENCE_TITLE.search(line.text, match.start("info"))
    title = line.cut(*said.span(said.lastindex)) if said and said.lastindex else None
    return match["prefix"], match["fence"], language, title


def _closing(lines: Sequence[Line], first: int, prefix: str, fence: str) -> int:
    """Return the line that closes a fence."""
    quotes = prefix.count(">")
    width = len(prefix)
    for k in range(first + 1, len(lines)):
        text = lines[k].text
        before = re.match("[> ]*", text[:width])
        indent = before[0] if before else ""
        content = text[len(indent) :]
        level = indent.count(">")
        if not content.strip(" >" if quotes else " ") and level <= quotes:
            continue
        if level != quotes or len(indent) < width:
            break  # the container ends before its fence does
        if content.rstrip(" ") == fence:
            return k
    raise BlockError(lines[first].start + width, f"{fence} is not closed")


# Raw HTML


def _without_html(text: str, start: int, blocks: Blocks) -> list[Line]:
    """Return the lines between raw HTML, which stands as a block of its own among them."""
    lines: list[Line] = []
    for first, end in _Html(text, start, blocks).elements():
        lines += _split(text, start, first)
        lines += [Line(first, ""), Line(first, ELEMENT), Line(end, "")]
        start = end
    lines += _split(text, start, len(text))
    return lines


class _Html:
    """Finds the HTML that Markdown sets aside before it reads the text."""

    def __init__(self, text: str, start: int, blocks: Blocks) -> None:
        self.text = text
        self.blocks = blocks
        self.position = start  # all before it has been read
        self.line_start = start
        self.tail = False  # behind an element, on its last line
        self.tag_end = start
        self.open: list[tuple[str, str]] = []  # tags; what is in them: "block", "span" or "off"
        self.count: Counter[str] = Counter()  # how often a tag is open
        self.raw_start = start
        self.opened = start  # the outermost open tag
        self.absent: set[str] = set()  # what does not come any more

    @property
    def raw(self) -> bool:
        """Whether we are in HTML that is no Markdown."""
        return bool(self.open) and self.open[-1][1] == "off"

    def elements(self) -> Iterator[tuple[int, int]]:
        """Yield where raw HTML, and the tags of HTML around Markdown, begin and end."""
        at = self.position
        while match := TAG_OPENING.search(self.text, self.position):
            if self.text.find("\n", self.position, match.start()) >= 0:
                self.tail = False
            self.line_start = self.text.rfind("\n", at, match.start()) + 1 or self.line_start
            at = match.start()
            self.position = at + 1
            before = self.text[self.line_start : min(at, self.line_start + 4)]
            first = len(before) <= 3 and not before.strip(" ")
            if match[0] == "<!--":
                yield from self._comment(at, starts=first or self.tail)
            elif match[0][1] in "?!":
                yield from self._declaration(at, "?>" if match[0] == "<?" else ">", first=first)
            elif tag := TAG.match(self.text, at):
                self.position = tag.end()
                if tag["close"]:
                    yield from self._closing(tag)
                else:
                    yield from self._opening(tag, starts=first or self.tail)
        if self.open:
            name, _ = self.open[0]
            raise BlockError(
                self.opened, f"<{name}> is not closed, so the rest would be no Markdown"
            )

    def _comment(self, at: int, *, starts: bool) -> Iterator[tuple[int, int]]:
        end = self._find("-->", at + 4)
        if end is None:
            return
        self.position = end
        if self.raw or starts:
            self.blocks.comments.append((at, end))
        if starts and not self.raw:
            self._leave(end)
            yield at, end

    def _declaration(self, at: int, closing: str, *, first: bool) -> Iterator[tuple[int, int]]:
        end = self._find(closing, at)
        if first and not self.raw and end is not None:
            self.position = end
            yield at, end

    def _opening(self, tag: re.Match[str], *, starts: bool) -> Iterator[tuple[int, int]]:
        name = tag["name"].lower()
        alone = tag["attributes"].endswith("/") or name == "hr"
        starts = starts or (bool(self.open) and not self.text[self.tag_end : tag.start()].strip())
        if not self.raw and not (name in BLOCK_TAGS and starts):
            return
        inside = "off" if self.raw else self._inside(name, tag["attributes"])
        if not self.raw:
            self.tag_end = tag.end()
            if alone or inside != "off":
                yield self._html(tag.start(), tag.end())
            else:
                self.raw_start = tag.start()
        if not alone:
            self.opened = self.opened if self.open else tag.start()
            self.open.append((name, inside))
            self.count[name] += 1
            if name in ("script", "style"):
                self.position = (
                    (self._find(f"</{name}", tag.end()) or len(self.text)) - len(name) - 2
                )

    def _inside(self, name: str, attributes: str) -> str:
        """Return how Markdown reads what is in this element."""
        mode = MARKDOWN.search(attributes)
        asked = (mode[1] or "1") if mode else "0"
        if asked == "markdown":
            asked = "1"
        if self.open and self.open[-1][1] == "span" and asked != "0":
            asked = "span"
        if name in RAW_TAGS or asked not in ("1", "block", "span"):
            return "off"
        if asked == "1":
            return "span" if name in LINE_TAGS else "block"
        return asked

    def _closing(self, tag: re.Match[str]) -> Iterator[tuple[int, int]]:
        name = tag["name"].lower()
        if not self.count[name]:
            return
        was_raw = self.raw
        closed = ""
        while closed != name:
            closed, _ = self.open.pop()
            self.count[closed] -= 1
        self.tag_end = tag.end()
        if was_raw and not self.raw:
            yield self._html(self.raw_start, tag.end())
        elif not was_raw:
            yield tag.span()
        if not self.open:
            self._leave(tag.end())

    def _leave(self, end: int) -> None:
        """Note whether text stands behind an element, on the same line."""
        self.tail = not BLANK.match(self.text, end)

    def _html(self, start: int, end: int) -> tuple[int, int]:
        self.blocks.runs.append(Run("html", [Line(start, self.text[start:end])]))
        return start, end

    def _find(self, closing: str, start: int) -> int | None:
        """Return where `closing` ends; None, without a second search, if it does not come."""
        found = -1 if closing in self.absent else self.text.find(closing, start)
        if found < 0:
            self.absent.add(closing)
            return None
        return found + len(closing)


# Blocks


class _Cutter:
    """Follows Markdown from block to block."""

    def __init__(self, text: str, blocks: Blocks) -> None:
        self.text = text
        self.blocks = blocks
        self.footnotes: list[list[Line]] = []
        self.tables = 0
        self.depth = 0

    def page(self, lines: Iterable[Line]) -> None:
        """Cut a page, its footnotes last."""
        self.chunk(Node("page"), lines)
        for footnote in self.footnotes:  # a footnote in a footnote comes at the end
            self.chunk(Node("page"), footnote)

    def chunk(self, parent: Node, lines: Iterable[Line], state: str = "") -> None:
        """Cut lines that may be parted by blank ones."""
        groups: list[list[Line]] = []
        blank = 1
        for line in lines:
            if not line.text.strip(" "):
                blank += 1
                continue
            if blank:
                # An empty line in front says that there is more than one.
                groups.append([Line(line.start, "")] if blank > 1 else [])
            groups[-1].append(line)
            blank = 0
        groups.reverse()
        while groups:
            group = groups.pop()
            self.block(parent, group if group[0].text else group[1:], state, groups)

    def block(self, parent: Node, lines: list[Line], state: str, later: list[list[Line]]) -> None:
        """Cut lines without a blank one among them; `later` holds the blocks behind, last first."""
        if self.depth == DEPTH or all(line.text[0].isalpha() for line in lines):
            self.paragraph(parent, lines, state)  # no rule begins with a letter
            return
        self.depth += 1
        _Block(self, parent, lines, state).cut(0, len(lines), later)
        self.depth -= 1

    def paragraph(self, parent: Node, lines: list[Line], state: str) -> None:
        """Note a paragraph, which in a list without blank lines is no block of its own."""
        self.run("text", lines)
        if state != "list":
            parent.add("paragraph")

    def run(self, kind: str, lines: list[Line], level: int = 0, cell: Cell | None = None) -> None:
        """Note a run of text."""
        self.blocks.runs.append(Run(kind, lines, level, cell))


class _Block:
    """Lines without a blank one among them, in a container.

    A rule of Markdown may find its line anywhere in a block; then what stands before
    is a block of its own, and so is what stands behind.
    """

    def __init__(self, cutter: _Cutter, parent: Node, lines: list[Line], state: str) -> None:
        self.cutter = cutter
        self.parent = parent
        self.lines = lines
        self.state = state  # "list": a list without blank lines; "detabbed": indentation is cut off
        self._places: dict[int, list[int]] = {}  # by the identity of the pattern: its hash is slow

    def next(self, pattern: re.Pattern[str], first: int, end: int) -> int | None:
        """Return the next line from `first` on that matches, None if there is none before `end`."""
        places = self._places.get(id(pattern))
        if places is None:
            places = [k for k, line in enumerate(self.lines) if pattern.match(line.text)]
            self._places[id(pattern)] = places
        k = bisect_left(places, first)
        return places[k] if k < len(places) and places[k] < end else None

    def cut(self, first: int, end: int, later: list[list[Line]]) -> None:
        """Cut all lines from `first` to `end`."""
        while first < end:
            marker = self.next(MARKER, first, end)
            if marker is None:
                first = self._plain(first, end, later)
            else:
                self.cut(first, marker, [])
                first = self._admonition(marker, end)

    def _admonition(self, first: int, end: int) -> int:
        """Cut an admonition, a fold or a tab."""
        match = _matched(MARKER, self.lines[first])
        if title := match.lastgroup:
            self.cutter.run("text", [self.lines[first].cut(*match.span(title))])
        return self._indented(self.parent.add("admonition"), 4, first + 1, end)

    def _indented(self, node: Node, indent: int, first: int, end: int) -> int:
        """Cut the lines that are indented as the content of a container; return the first other."""
        stop = self._stop(" " * indent, first, end)
        self.cutter.chunk(node, [line.cut(indent) for line in self.lines[first:stop]], self.state)
        return stop

    def _stop(self, indent: str, first: int, end: int) -> int:
        while first < end and self.lines[first].text.startswith(indent):
            first += 1
        return first

    def _plain(  # noqa: C901, PLR0911 - one rule after the other
        self, first: int, end: int, later: list[list[Line]]
    ) -> int:
        """Cut what comes first in lines without a marker; return the first line behind it.

        The rules come in Markdown's order.
        """
        text = self.lines[first].text
        if text == ELEMENT:
            self.parent.add("element")
            return first + 1
        if text.startswith("    "):
            return self._deep(first, end)
        if self._is_display(first, end):
            self._display(self.lines[first:end])
            return end
        if columns := _columns(self.lines, first, end):
            self._table(columns, [self.lines[first], *self.lines[first + 2 : end]])
            return end
        heading = self.next(HEADING, first, end)
        if heading is not None:
            return self._heading(first, heading)
        if first + 1 < end and UNDERLINE.match(self.lines[first + 1].text):
            self.parent.add("heading")
            level = 1 if self.lines[first + 1].text[0] == "=" else 2
            self.cutter.run("text", [self.lines[first]], level)
            return first + 2
        rule = self.next(RULE, first, end)
        if rule is not None:
            self.cut(first, rule, [])
            self.parent.add("rule")
            return rule + 1
        if ITEM.match(text):
            self._list(self.lines[first:end])
            return end
        quote = self.next(QUOTE, first, end)
        if quote is not None:
            self.cut(first, quote, [])
            self._quote(self.lines[quote:end])
            return end
        footnote = self.next(FOOTNOTE, first, end)
        if footnote is not None:
            self.cut(first, footnote, [])
            stop = self.next(FOOTNOTE, footnote + 1, end) or end
            self._footnote(self.lines[footnote:stop], later if stop == end else [])
            return stop
        return self._definition(first, end)

    def _definition(self, first: int, end: int) -> int:
        """Cut a definition, of which only the title is shown, or a paragraph."""
        for pattern in (ABBREVIATION, REFERENCE):
            place = self.next(pattern, first, end)
            if place is not None:
                self.cut(first, place, [])
                match = _matched(pattern, self.lines[place])
                if pattern is REFERENCE:
                    said = self.lines[place].text
                    self.cutter.blocks.labels.add(label(said[said.find("[") + 1 : said.find("]")]))
                if match.lastindex:
                    title = self.lines[place].cut(*match.span(match.lastindex))
                    self.cutter.run("plain", [title])
                return place + 1
        self.cutter.paragraph(self.parent, self.lines[first:end], self.state)
        return end

    def _is_display(self, first: int, end: int) -> bool:
        """Whether lines are one formula from their first character to their last."""
        opening, closing = self.lines[first].text, self.lines[end - 1].text.rstrip(" ")
        if opening.startswith("\\["):
            match = BRACKETS.match(closing)
            if match is None or match.end() < len(closing) or closing == "\\[\\]":
                return False
            return self.next(BRACKETS, first, end) == end - 1  # the first bracket closes
        environment = ENVIRONMENT.match(opening)
        if environment:
            start, mark = environment[0], f"\\end{{{environment[1]}}}"
        elif opening.startswith("$$"):
            start, mark = "$$", "$$"
        else:
            return False
        before = closing[: -len(mark)]
        if first == end - 1 and len(before) <= len(start):
            return False
        escapes = len(before) - len(before.rstrip("\\"))
        return closing.endswith(mark) and escapes % 2 == 0

    def _display(self, lines: list[Line]) -> None:
        """Note a formula."""
        for line in lines:
            if HOLE in line.text:
                raise BlockError(line.start, "a fence stands in a formula")
        self.parent.add("display")
        self.cutter.run("display", lines)

    def _heading(self, first: int, place: int) -> int:
        """Cut a heading, and what stands before it."""
        self.cut(first, place, [])
        self.parent.add("heading")
        match = _matched(HEADING, self.lines[place])
        self.cutter.run("text", [self.lines[place].cut(*match.span(2))], len(match[1]))
        return place + 1

    def _deep(self, first: int, end: int) -> int:
        """Cut indented lines: they belong to the container before them, or are code."""
        text = self.lines[first].text
        last = self.parent.last
        if last and last.kind == "admonition":
            indent = 4
            while (
                (items := last.last)
                and items.kind == "list"
                and items.last
                and text.startswith(" " * (indent + 4))
            ):
                last, indent = items.last, indent + 4
            return self._indented(last, indent, first, end)
        listed = self.parent.kind == "item" or (last and last.kind == "list")
        if listed and self.state != "detabbed":
            level, node = _level(self.parent, text, 1 if self.state == "list" else 0)
            if self.parent.kind == "item":
                node = last if last and last.kind == "list" else self.parent
            elif node.kind == "list":
                node = node.last or node.add("item")
            lines = [_detabbed(line, 4 * level) for line in self.lines[first:end]]
            self.cutter.block(node, lines, "detabbed", [])
            return end
        stop = self._stop("    ", first, end)
        fence = self.next(FILLED, stop, end)
        if fence is not None:
            raise BlockError(
                self.lines[fence].start,
                "this fence follows indented code without a blank line, and would be shown as text",
            )
        self.parent.add("code")
        self._code(self.lines[first:stop])
        return stop

    def _code(self, lines: list[Line]) -> None:
        """Note code that is marked by its indentation; a fence in it is shown as it stands."""
        blocks = self.cutter.blocks
        start, end = lines[0].start + 4, lines[-1].end
        if any(HOLE in line.text for line in lines):
            blocks.fences = [f for f in blocks.fences if not start <= f.start < end]
        code = (self.cutter.text[line.start + 4 : line.end] for line in lines)
        text = "".join(piece.replace("\n    ", "\n") + "\n" for piece in code)
        blocks.fences.append(Fence(start, end, start, end, "", text, fenced=False))

    def _quote(self, lines: list[Line]) -> None:
        """Cut a quote, as part of the one before it where there is one."""
        last = self.parent.last
        node = last if last and last.kind == "quote" else self.parent.add("quote")
        self.cutter.chunk(node, [_unquoted(line) for line in lines], "quote")

    def _list(self, lines: list[Line]) -> None:
        """Cut the items of a list."""
        items: list[list[Line]] = []
        for line in lines:
            if match := ITEM.match(line.text):
                items.append([line.cut(match.end())])
            elif NESTED_ITEM.match(line.text) and not items[-1][0].text.startswith("    "):
                items.append([line])
            else:
                items[-1].append(line)
        last = self.parent.last
        loose = last if last and last.kind == "list" else None
        node = loose or (self.parent if self.parent.kind == "list" else self.parent.add("list"))
        for k, item in enumerate(items):
            nested = node.last if item[0].text.startswith("    ") else None
            state = "loose" if loose and k == 0 else "list"
            self.cutter.chunk(nested or node.add("item"), item, state)

    def _footnote(self, lines: list[Line], later: list[list[Line]]) -> None:
        """Set a footnote aside, with the indented blocks behind it."""
        body = [lines[0].cut(_matched(FOOTNOTE, lines[0]).end())]
        body += [_detabbed(line, 4) for line in lines[1:]]
        while later and later[-1][0].text.startswith("    "):
            group = later.pop()
            stop = next((k for k, line in enumerate(group) if FOOTNOTE.match(line.text)), None)
            body += [Line(group[0].start, ""), *(_detabbed(line, 4) for line in group[:stop])]
            if stop is not None:
                later.append(group[stop:])
        self.cutter.footnotes.append(body)

    def _table(self, columns: int, rows: list[Line]) -> None:
        """Cut the rows of a table into cells."""
        self.parent.add("table")
        border = _border(rows[0])
        for number, row in enumerate(rows):
            for column, cell in enumerate(_cells(row, border=border)[:columns]):
                place = Cell(self.cutter.tables, number, column)
                self.cutter.run("text", [cell], cell=place)
        self.cutter.tables += 1


def label(text: str) -> str:
    """Return the label of a link, of which case and white space do not count."""
    return " ".join(text.lower().split())


def _matched(pattern: re.Pattern[str], line: Line) -> re.Match[str]:
    """Match a line that is known to match."""
    return cast("re.Match[str]", pattern.match(line.text))


def _level(parent: Node, text: str, level: int) -> tuple[int, Node]:
    """Return how deep in the lists before it a block belongs, and there to what."""
    depth = (len(text) - len(text.lstrip(" "))) // 4
    while depth > level and parent.last and parent.last.kind in ("list", "item"):
        parent = parent.last
        level += parent.kind == "list"
    return level, parent


def _detabbed(line: Line, indent: int) -> Line:
    return line.cut(indent) if line.text.startswith(" " * indent) else line


def _unquoted(line: Line) -> Line:
    match = QUOTE.match(line.text)
    return line.cut(match.end()) if match else line


def _border(row: Line) -> bool:
    """Whether a table's rows begin or end with a bar."""
    text = row.text.strip(" ")
    return text.startswith("|") or _ends_with_bar(text)


def _ends_with_bar(text: str) -> bool:
    before = text[:-1]
    return text.endswith("|") and (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _columns(lines: list[Line], first: int, end: int) -> int:
    """Return how many columns a table has; 0 if the lines are no table."""
    if first + 1 >= end or not set(lines[first + 1].text) <= set("|:- "):
        return 0
    border = _border(lines[first])
    columns = len(_cells(lines[first], border=border))
    if columns != len(_cells(lines[first + 1], border=border)):
        return 0
    if columns == 1 and not (border and all(_border(lines[k]) for k in range(first + 1, end))):
        return 0
    return columns


def _cells(row: Line, *, border: bool) -> list[Line]:
    """Return the cells of a row, without the spaces around them."""
    text = row.text.rstrip(" ")
    start, end = len(text) - len(text.lstrip(" ")), len(text)
    if border:
        end -= _ends_with_bar(text)
        start += text.startswith("|", start)
    cells = []
    for bar in [*_bars(text, start, end), end]:
        cell = text[start:bar]
        cells.append(
            row.cut(start + len(cell) - len(cell.lstrip(" ")), start + len(cell.rstrip(" ")))
        )
        start = bar + 1
    return cells


def _bars(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the bars that part cells: neither escaped nor in code."""
    found = list(BARS.finditer(text, start, end))
    ticks = [match for match in found if match["ticks"]]
    places: dict[int, list[int]] = {}
    for k, match in enumerate(ticks):
        places.setdefault(len(match["ticks"]), []).append(k)
    code: list[tuple[int, int]] = []
    k = 0
    while k < len(ticks):
        # A backslash takes the first tick of an opening run, and none of a closing one.
        same = places.get(len(ticks[k]["ticks"]) - bool(ticks[k]["escape"]), [])
        after = bisect_left(same, k + 1)
        if after < len(same):
            code.append((ticks[k].start(), ticks[same[after]].end()))
            k = same[after]
        k += 1
    ends = [stop for _, stop in code]
    for match in found:
        if match[0] == "|":
            region = bisect_left(ends, match.end())
            if region == len(code) or match.start() < code[region][0]:
                yield match.start()

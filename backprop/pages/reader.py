r"""Read a page: its formulas, decimals, code and sections, each with its place.

A page is read as the site renders it, from its source, so that each place is exact.
It has parts: a Markdown file is one, and so is each Markdown cell of a notebook. All
offsets count the characters of their part.

A **formula** stands in a line, `$...$` or `\(...\)`, or on lines of its own,
`$$...$$`, `\[...\]` or `\begin{align}...\end{align}`, with blank lines around it. A
**decimal** is a number with a point or an exponent, in text outside code and math, in a
title or a description too, in the comments of code, which no run compares, and in inline
code that is nothing but numbers. What **touches** a formula and is read with it, such as a
digit, a sign or a percent sign, is listed with the decimals.

Marks are HTML comments, which a reader does not see:

- `<!-- exempt: reason -->` exempts the decimal or the formula that it follows. Nothing
  may stand between them but white space (a blank line only after a formula on lines of
  its own) and the closing marks of emphasis and code.
- `<!-- backprop: off -->` takes what follows out of the check, up to `<!-- backprop: on -->`.
- `<!-- backprop: example=notes notation=notes -->` sets what a section is about, from
  where it stands to the next heading of the same or a higher level.
"""

import re
from bisect import bisect_right
from dataclasses import replace
from pathlib import Path

from backprop.pages import budget
from backprop.pages.dialects import Dialect
from backprop.pages.front import read_front
from backprop.pages.made import written_out
from backprop.pages.notebook import read_notebook
from backprop.pages.page import (
    Code,
    Comment,
    Exemption,
    Item,
    Math,
    Number,
    Page,
    Part,
    ReadError,
    Switch,
    order,
)
from backprop.pages.places import UnreadableError
from backprop.pages.rendered import shown
from backprop.pages.seen import Seen

PAGES = (".md", ".markdown", ".mdx", ".qmd", ".ipynb")  # the endings of what is read
EXEMPT = re.compile(r"exempt\b\s*:?\s*(.*)", re.DOTALL)
SWITCH = re.compile(r"backprop\s*:\s*(.*)", re.DOTALL)
ONOFF = re.compile(r"backprop\s*:\s*(on|off)")
SETTING = re.compile(r"""([\w-]+)=("[^"]*"|[^\s"=]+)(?:\s+|$)""")
BETWEEN = re.compile(r"[\s*_>`]*")
LISTED = ("math", "numbers", "comments", "headings", "code", "faults")
"""The lists of a page that hold what its Markdown shows."""
LONGEST_MARK = 1000  # characters
LONGEST_GAP = 200  # characters between a mark and what it marks


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
        message = f"more than {budget.BYTES:,} bytes came, expected fewer"
        raise ReadError(str(path), message)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = Page(str(path), before, [Part(before)]).place(0, len(before))
        raise ReadError(str(path), f"byte {error.start} is not UTF-8", place) from None
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
    page = Page(str(path), text, given=dialect)
    try:
        whole, made, unmade = written_out(_parsed(page, text))
        if made:
            page = Page(str(path), text, made=made, budget=page.budget, given=dialect)
            _parsed(page, whole)
    except budget.OverBudgetError as over:
        raise ReadError(str(path), f"reading this page {over}") from None
    page.unmade = unmade
    page.seconds = page.budget.seconds
    return page


def _parsed(page: Page, text: str) -> Page:
    """Read a text into a page, and leave marks that ask for parts as they are."""
    if page.path.endswith(".ipynb"):
        read_notebook(page)
    else:
        page.parts.append(Part(text))
        read_front(page)
    if (length := sum(len(part.text) for part in page.parts)) > budget.CHARACTERS:
        message = f"{length:,} characters came, expected {budget.CHARACTERS:,} at most"
        raise ReadError(page.path, message)
    for k, part in enumerate(page.parts):
        if part.kind == "markdown":
            _read_markdown(page, k)
        elif part.kind == "alt":
            found = Seen(part.text).numbers()
            page.numbers += [Number(k, start, end, text) for start, end, text in found]
        else:
            end = len(part.text)
            page.code.append(Code(k, 0, end, "python", part.text, 0, end, fenced=True))
    for name in LISTED:  # once each, since a page may show one of them twice
        setattr(page, name, sorted(dict.fromkeys(getattr(page, name)), key=order))
    _read_marks(page)
    return page


def _read_markdown(page: Page, part: int) -> None:
    """Read a part in Markdown into the page."""
    try:
        page.budget.check_time()
        found = shown(page.parts[part].text, page.front_end, page.dialect)
    except UnreadableError as error:
        raise ReadError(page.path, str(error), page.place(part, error.offset)) from None
    for name in LISTED:
        getattr(page, name).extend(replace(item, part=part) for item in getattr(found, name))


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
                raise ReadError(page.path, str(error), page.place(*place[:2])) from None


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
    switches = [
        (comment, match[1] == "off")
        for comment in page.comments
        if (match := ONOFF.fullmatch(comment.text))
    ]
    if not switches:
        return
    starts = [order(comment) for comment, _ in switches]

    def stays(item: Item) -> bool:
        k = bisect_right(starts, order(item))
        return not (k and switches[k - 1][1] and switches[k - 1][0].part == item.part)

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

"""Lists of the errors in sources, made from data beside the page that shows them.

The data of a source, such as `.sources/notes.yaml`, has every equation and figure of a document as
printed, with its errors; the top of the file describes its keys. A list has the errors of a group:
figures in a table, formulas one by one. What a source printed is exempt from the check; the
correction is bound like any number.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backprop import arguments
from backprop.symbolic.notation import NOTATIONS, Notation

FOLDER = ".sources"
LONGEST = 200_000  # bytes of a source's file
DECIMAL = re.compile(r"\d+\.\d+")
EXEMPT = " <!-- exempt: as printed -->"
OURS = [  # how the sources set a name or a sign, and how the pages do
    (r"\\hat\{y(\d)\}", r"\\hat{y}_\1"),
    (r"E_y(\d)", r"E_{y_\1}"),
    (r"E_\{total\}", r"E_{\\mathrm{total}}"),
    (r"\b(net|out|target|output)\b|\b(net|out|target|output)(?=_)", r"\\mathrm{\1\2}"),
    (r"_\{([ho])(\d)\}", r"_{\1_\2}"),
    (r"\b([a-z])(\d)\b", r"\1_\2"),
    (r"(?<=\d) x (?=\d)|\s*\*\s*", r" \\times "),
    (r"\^\+", r"^{+}"),
    (r"\^T", r"^{\\top}"),
    (r"\s+", " "),
]


@dataclass(frozen=True)
class Error:
    """A wrong piece of an entry; the attributes are the keys of the file."""

    kind: str
    group: str
    printed: str
    right: str
    cause: str
    times: int = 1
    truth: str = ""
    reproduced_by: str = ""


@dataclass(frozen=True)
class Entry:
    """An equation, or figures in words."""

    id: str
    where: str
    form: str
    printed: str
    errors: tuple[Error, ...]
    means: tuple[str, ...] = ()

    def corrected(self, but: Error | None = None) -> str:
        """Return the entry with its errors mended, all or all but one."""
        text = self.printed
        for error in self.errors:
            if error is not but:
                text = text.replace(error.printed, error.right)
        return text


@dataclass(frozen=True)
class Source:
    """A document."""

    name: str
    example: str
    notation: Notation
    settings: Mapping[str, str]
    kinds: Mapping[str, str]
    entries: tuple[Entry, ...]

    @property
    def errors(self) -> list[tuple[Entry, Error]]:
        """All errors, each with its entry."""
        return [(entry, error) for entry in self.entries for error in entry.errors]


def source(name: str, folder: Path) -> Source:
    """Read the data of a source beside the pages of a folder.

    Raises:
        ValueError: there is none of this name, or it is not understood.
    """
    files = sorted((folder / FOLDER).glob("*.yaml"))
    arguments.one_of("source", name, [path.stem for path in files] or ["no file is there"])
    path = folder / FOLDER / f"{name}.yaml"
    if path.stat().st_size > LONGEST:
        raise ValueError(f"{path}: it is longer than {LONGEST:,} bytes")
    return _source(name, path.read_text("utf-8"))


@lru_cache(maxsize=4)  # a page asks for a list of each group
def _source(name: str, text: str) -> Source:
    try:
        data = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        entries = tuple(_entry(name, k, item) for k, item in enumerate(data["equations"], start=1))
        settings = data["settings"]
        notation = NOTATIONS[settings["notation"]]
        return Source(name, settings["example"], notation, settings, data["kinds"], entries)
    except (yaml.YAMLError, LookupError, TypeError, AttributeError, RecursionError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ValueError(f"{FOLDER}/{name}.yaml is not understood: {reason}") from None


def _entry(name: str, number: int, item: dict[str, Any]) -> Entry:
    errors = tuple(Error(**error) for error in item["errors"])
    where, line = item["where"], item["line"]
    means = tuple(item.get("means", ()))
    label = f"{name} {number}: {where}, line {line}"
    return Entry(label, where, item["as"], item["printed"], errors, means)


def named(meaning: str, notation: Notation) -> str:
    """Return the LaTeX of `E_total after 1`."""
    name, _, rounds = meaning.partition(" after ")
    mark = {"": "", "1": "^{+}"}.get(rounds, f"^{{({rounds})}}")
    return notation.latex(name) + mark


def errors(given: str, folder: Path) -> str:
    """Return the list of a group: its formulas, then its figures.

    Args:
        given: the source and the group: `notes, minus`.
        folder: that of the page.

    Raises:
        ValueError: there is no such source or group, or the data is not understood.
    """
    name, _, group = given.partition(", ")
    of = source(name, folder)
    found = [(entry, error) for entry, error in of.errors if error.group == group]
    arguments.one_of("group", group, sorted({error.group for _, error in of.errors}))
    figures = [(entry, error) for entry, error in found if error.truth]
    entries = dict.fromkeys(entry for entry, error in found if not error.truth)
    try:
        blocks = [*_formulas([*entries], group), *(_table(of, figures) if figures else ())]
    except (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ValueError(f"{FOLDER}/{name}.yaml, {group}: {reason}") from None
    return "\n\n".join(blocks)


def count(name: str, folder: Path) -> str:
    """Return how much of a source was gone through, and how much of it is wrong.

    Raises:
        ValueError: there is no such source, or its data is not understood.
    """
    of = source(name, folder)
    wrong = sum(bool(entry.errors) for entry in of.entries)
    return (
        f"We went through {len(of.entries)} equations and figures, one by one. "
        f"In {wrong} of them something is wrong, {len(of.errors)} errors in all."
    )


def _formulas(entries: list[Entry], group: str) -> Iterator[str]:
    """Yield an item for each formula, with what is wrong in it."""
    items: dict[str, list[str]] = {}
    for entry in entries:
        errors = [error for error in entry.errors if error.group == group and not error.truth]
        printed, right = _sides(entry, errors)
        lines = [f"- **Printed:** ${printed}${EXEMPT}", f"- **Right:** ${ours(right)}$"]
        whys = Counter((error.kind.capitalize(), error.cause) for error in errors)
        lines += [f"- **{kind}{_times(n)}:** {cause}" for (kind, cause), n in whys.items()]
        items.setdefault("\n".join(lines), []).append(entry.where)
    for item, places in items.items():
        yield f"**{'; '.join(places)}**\n\n{item}"


def _sides(entry: Entry, errors: list[Error]) -> tuple[str, str]:
    """Return the wrong sides of a formula, as printed and with all errors mended."""
    mended = entry.printed
    for error in errors:
        mended = mended.replace(error.printed, error.right)
    sides = list(zip(*map(_split, (entry.printed, mended, entry.corrected())), strict=True))
    wrong = {k for k, (printed, right, _) in enumerate(sides) if printed != right}
    shown = [side for k, side in enumerate(sides) if k in {0, *(wrong - {0} or {1})}]
    return " = ".join(side[0] for side in shown), " = ".join(side[2] for side in shown)


def _split(formula: str) -> list[str]:
    return [side.strip() for side in formula.replace(r"\\", "").split("=")]


def _table(source: Source, figures: list[tuple[Entry, Error]]) -> Iterator[str]:
    """Yield a table of wrong figures; what all rows have in common stands before it."""
    rows: dict[tuple[str, str, str], Counter[str]] = {}
    for entry, error in figures:
        name, right = _statement(source, entry, error)
        printed = f"${error.printed}${EXEMPT}" if DECIMAL.search(error.printed) else error.printed
        why = f"{error.kind.capitalize()}: {error.cause}"
        places = rows.setdefault((printed, right, why), Counter())
        places[_place(entry, error, name)] += error.times
    whys = {why for _, _, why in rows}
    if len(whys) == 1:
        yield f"{min(whys)}."
    last = "where, and why" if len(whys) > 1 else "where"
    table = [("printed", "right", last), ("---", "---", "---")]
    for (printed, right, why), places in rows.items():
        where = "; ".join(place + _times(n) for place, n in places.items())
        table.append((printed, right, f"{where}. {why}" if len(whys) > 1 else where))
    yield "\n".join(f"| {' | '.join(row)} |" for row in table)


def _statement(source: Source, entry: Entry, error: Error) -> tuple[str, str]:
    """Return the name of a figure, and the right figure under its name."""
    if entry.means and error.truth.startswith("["):
        return "", ", ".join(f"${ours(each.strip())}$" for each in error.right.split(","))
    name = _name(source, error.truth)
    return name, f"${name} = {DECIMAL.findall(error.right)[-1]}$"


def _name(source: Source, truth: str) -> str:
    """Return the LaTeX of what an expression is about, such as `derivative("E_total", "w5")`."""
    match ast.parse(truth, mode="eval").body:
        case ast.Call(func=ast.Name(id=function), args=args):
            first, *rest = map(ast.literal_eval, args)
        case _:
            raise ValueError(f"truth: {truth!r} came, expected a call such as value('E_total')")
    if function == "derivative":
        above, below = source.notation.latex(first), source.notation.latex(rest[0])
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    rounds = f" after {(rest or [1])[0]}" if function == "after" else ""
    return named(first + rounds, source.notation)


def _place(entry: Entry, error: Error, name: str) -> str:
    """Return where a figure stands: the section, and the equation if it is about another name."""
    parts = zip(entry.printed.split(";"), entry.corrected().split(";"), strict=True)
    right = next(right for printed, right in parts if error.printed in printed)
    left = ours(_split(right)[0]) if "=" in right else name
    result = left == name or not name or "frac" in left
    return entry.where if result else f"{entry.where}, in ${left}$"


def _times(number: int) -> str:
    return ", twice" if number == 2 else ""


def ours(latex: str) -> str:
    """Set a formula as the pages do."""
    for theirs, pages in OURS:
        latex = re.sub(theirs, pages, latex)
    return latex.strip()

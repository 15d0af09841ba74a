"""Make the lists of docs/errata.md from the data, for `python tests/support/generated.py`.

A list holds the errors of a group, `notes, minus` for example. Figures come as a table,
formulas one by one. What is printed is marked as exempt from the checker; what is right is
bound like any number.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from printed import DECIMAL, Entry, Error, Source, named, source

PAGE = Path(__file__).parents[2] / "docs" / "errata.md"
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


def errors(group: str) -> str:
    """Return the list of a group, given as `notes, minus`."""
    name, _, group = group.partition(", ")
    return errors_of(source(name), group)


def errors_of(source: Source, group: str) -> str:
    """Return the list of a group: its formulas, then its figures."""
    errors = [(entry, error) for entry, error in source.errors if error.group == group]
    figures = [(entry, error) for entry, error in errors if error.truth]
    entries = dict.fromkeys(entry for entry, error in errors if not error.truth)
    blocks = [*_formulas(list(entries), group), *(_table(source, figures) if figures else ())]
    return "\n\n".join(blocks)


def count(name: str) -> str:
    """Return how much of a source was gone through, and how much of it is wrong."""
    entries, errors = source(name).entries, source(name).errors
    wrong = sum(bool(entry.errors) for entry in entries)
    return (
        f"We went through {len(entries)} equations and figures, one by one. "
        f"In {wrong} of them something is wrong, {len(errors)} errors in all."
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
    """Return what a formula says where errors are, as printed and with all errors mended."""
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
    call = ast.parse(truth, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    first, *rest = map(ast.literal_eval, call.args)
    if call.func.id == "derivative":
        above, below = source.notation.latex(first), source.notation.latex(rest[0])
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    rounds = f" after {(rest or [1])[0]}" if call.func.id == "after" else ""
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

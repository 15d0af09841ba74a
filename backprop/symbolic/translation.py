"""Make the tables of the page about notation, which show a name in several notations.

A mark before each cell tells the checker the notation in which to read it.
"""

import re
from collections.abc import Callable

from backprop import arguments
from backprop.examples import LECTURE
from backprop.symbolic.layered import PACKAGE, PYTORCH, names, nielsen
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION, Notation

SIZES = LECTURE.network.sizes
NIELSEN_NOTATION = nielsen(SIZES)
BACK_TO_LECTURE = "<!-- backprop: notation=lecture -->"


def latex(notation: Notation) -> Callable[[str], str]:
    """Return a function that writes a name in a notation."""
    own_bias = "b@" not in notation.symbols

    def written(name: str) -> str:
        of, _, wrt = name.removeprefix("d").partition("/d") if "/" in name else (name, "", "")
        symbols = [symbol(each, own_bias=own_bias) for each in (of, wrt) if each]
        parts = [notation.latex(each) for each in symbols]
        if wrt:
            return rf"$\frac{{\partial {parts[0]}}}{{\partial {parts[1]}}}$"
        return f"${parts[0]}$"

    return written


def symbol(name: str, *, own_bias: bool) -> str:
    """Return a name, of a bias without its neuron (b1 for b1_2) unless each has its own."""
    return name if own_bias or not name.startswith("b") else name.partition("_")[0]


def code(forms: dict[str, str]) -> Callable[[str], str]:
    """Return a function that writes a name as code which may be broken to fit a phone."""
    known = names(forms, SIZES)

    def written(name: str) -> str:
        broken = re.sub(r"(?<=.)(?=\.\w|\[[^[]*$)", "<wbr>", known.get(name, ""))
        broken = broken.replace(", ", ",&nbsp;")
        broken = broken.replace("[", "&#91;")  # else `[...](...)` is a link in Markdown
        return f"<code>{broken}</code>" if broken else "no name"

    return written


WRITERS = {
    "notes": ("notes", latex(NOTES_NOTATION)),
    "lecture": ("lecture", latex(LECTURE_NOTATION)),
    "Nielsen": ("nielsen", latex(NIELSEN_NOTATION)),
    "package": ("", code(PACKAGE)),
    "PyTorch": ("", code(PYTORCH)),
}


def mark(notation: str) -> str:
    """Return the mark that tells the checker the notation of what follows."""
    return f"<!-- backprop: notation={notation} --> " if notation else ""


def examples(given: str) -> str:
    """Make a table of some quantities, with a row for each notation.

    Args:
        given: names, each with the heading of its column: `w2 from i2; w7 from h1`.

    Raises:
        ValueError: the network has no quantity with such a name.
    """
    columns = [argument.partition(" ")[::2] for argument in given.split("; ")]
    for name, _ in columns:
        arguments.one_of("name", name, tuple(names(PACKAGE, SIZES)))
    heads = " | ".join(words for _, words in columns)
    lines = [f"| text | {heads} |", "| --- |" + " --- |" * len(columns)]
    for who, (notation, write) in WRITERS.items():
        cells = " | ".join(write(name) for name, _ in columns)
        lines.append(f"| {mark(notation)}{who} | {cells} |")
    return "\n".join([*lines, "", BACK_TO_LECTURE])


def everything(given: str) -> str:
    """Make the table of all quantities of the network, with a column for each notation.

    Args:
        given: the word `formulas`.

    Raises:
        ValueError: another word came.
    """
    arguments.one_of("names", given, ("formulas",))
    lines = ["| lecture | notes | Nielsen |", "| --- | --- | --- |"]
    for name in names(PACKAGE, SIZES):
        if "/" not in name:
            writers = [WRITERS[notation] for notation in ("lecture", "notes", "Nielsen")]
            cells = [f"{mark(notation)}{write(name)}" for notation, write in writers]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", BACK_TO_LECTURE])

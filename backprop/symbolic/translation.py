"""Make the tables of the page about notation: each name in every way of writing it.

A mark before each notation tells the checker how to read what follows.
"""

import re
from collections.abc import Callable, Iterator

from backprop import arguments
from backprop.examples import LECTURE
from backprop.symbolic.layered import PACKAGE, PYTORCH, names, nielsen
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION, Notation

SIZES = LECTURE.network.sizes
NIELSEN_NOTATION = nielsen(SIZES)
BACK = "<!-- backprop: notation=lecture -->"


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
    """Return the name of a bias where a layer shares it: b1 for b1_2."""
    return name if own_bias or not name.startswith("b") else name.partition("_")[0]


def code(forms: dict[str, str]) -> Callable[[str], str]:
    """Return a function that writes a name as code, with line breaks allowed for phones."""
    known = names(forms, SIZES)

    def written(name: str) -> str:
        broken = re.sub(r"(?<=.)(?=\.\w|\[[^[]*$)", "<wbr>", known.get(name, ""))
        broken = broken.replace(", ", ",&nbsp;")
        broken = broken.replace("[", "&#91;")  # or a slice that is called looks like a link
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
    """Make a small table: two quantities of one kind, a row for each way of writing.

    Args:
        given: names, each with the words that head its column: `w2 from i2; w7 from h1`.

    Raises:
        ValueError: the network has no quantity of such a name.
    """
    columns = [argument.partition(" ")[::2] for argument in given.split("; ")]
    for name, _ in columns:
        arguments.one_of("name", name, tuple(names(PACKAGE, SIZES)))
    heads = " | ".join(words for _, words in columns)
    lines = [f"| text | {heads} |", "| --- |" + " --- |" * len(columns)]
    for who, (notation, write) in WRITERS.items():
        cells = " | ".join(write(name) for name, _ in columns)
        lines.append(f"| {mark(notation)}{who} | {cells} |")
    return "\n".join([*lines, "", BACK])


def everything(given: str) -> str:
    """Make the table of all quantities of the network, a column for each notation.

    Args:
        given: `formulas`, since this is the table of names in formulas.

    Raises:
        ValueError: anything else is asked for.
    """
    arguments.one_of("names", given, ("formulas",))
    return "\n".join(["| lecture | notes | Nielsen |", "| --- | --- | --- |", *_rows(), "", BACK])


def _rows() -> Iterator[str]:
    for name in names(PACKAGE, SIZES):
        if "/" not in name:
            cells = [
                f"{mark(notation)}{write(name)}"
                for notation, write in map(WRITERS.__getitem__, ("lecture", "notes", "Nielsen"))
            ]
            yield f"| {' | '.join(cells)} |"

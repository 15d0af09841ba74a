"""Feed the grammar and the binder with anything: `python tests/fuzz/fuzz_latex.py -runs=100000`.

It starts from the formulas of the project's own pages, and looks for one that raises anything
but a LatexError from the parser, or anything at all from the binder, or with a place outside of
the formula. Atheris does the guessing (the extra `fuzz`); its options are those of libFuzzer.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["backprop.formulas"]):
    from backprop.formulas.judge import Binder
    from backprop.formulas.latex import LatexError, parse
    from backprop.formulas.world import World
    from backprop.pages.reader import read

from seeds import PAGES, seeded

from backprop import LECTURE
from backprop.symbolic.notation import LECTURE_NOTATION

WORLD = World.of(LECTURE, LECTURE_NOTATION)


def fuzz(data: bytes) -> None:
    """Parse one formula, and bind it behind one that it may refer to."""
    source = data.decode("utf-8", "ignore")
    try:
        parse(source)
    except LatexError as error:
        offset = error.offset
        assert 0 <= offset <= len(source), offset
    binder = Binder(WORLD)
    binder.read(r"\mathrm{net}_{h_1} = w_1 i_1 + w_2 i_2 + b_1")
    report = binder.read(source)
    for problem in report.problems:
        assert 0 <= problem.start <= problem.end <= len(source), problem
        assert "\n" not in problem.message
    for binding in report.bindings:
        number = binding.number
        assert source[number.start : number.end] == number.text, number


if __name__ == "__main__":
    formulas = sorted({math.latex for page in PAGES for math in read(page).math})
    atheris.Setup(seeded(sys.argv, formulas, Path(__file__).stem), fuzz)
    atheris.Fuzz()

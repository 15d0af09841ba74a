"""Wrong pages, made from right ones: one formula at a time, by one small change of its text.

The changes are made in the text alone, without the checker's own reading of it, so that
what it overlooks is still changed.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from backprop.formulas.judge import Binder
from backprop.pages.budget import Budget
from backprop.pages.check import Checked, _Checker, check_text
from backprop.pages.page import Edit, Math, Page

DECIMAL = re.compile(r"\d*\.\d+")
INDEX = re.compile(r"(?P<letter>[A-Za-z])\}?_\{?(?P<digit>\d)(?!\d)")
PLUS_OR_MINUS = re.compile(r"(?<!\^\{)[+-]")  # the + of w^{+} is no sign
TIMES = re.compile(r"\\times|\\cdot|\\odot")
BLANK = r"\square"
LONE = re.compile(r"-?\s*\d*\.?\d+")
CLAIM = re.compile(r"=|\\approx|<|>|\\[lg]eq?\b|\\neq?\b|\d\.\d")
# What may stand there without a difference, by algebra alone: zero times anything is zero,
# anything to the power of zero is one, and a zero adds nothing and takes nothing away. The slope
# of a sum of errors by each of them is one.
NOTHING = (
    (re.compile(r"(?<![\d.])0\s*\\times\s*(?:0|\([^()]*\))(?![.\d^])"), "0"),
    (re.compile(r"[+-](?=\s*0\s*\\times)"), ""),
    (re.compile(r"[A-Za-z]_\d\^\{1-1\}"), "1"),
    (re.compile(r"[+-]\s*0(?![.\d^(]|\s*\\times)"), ""),
    (re.compile(r"\\frac\{\\partial E_\{\\mathrm\{total\}\}\}\{\\partial E_\{[oy]_\d\}\}"), "1"),
)
# Two numbers may be swapped without a difference where they are factors of one product, all
# terms of a sum, or the two of a difference that is squared, or where they are the exponents of
# all terms of a sum. Alignment says nothing.
SPACE = r"(?:\s|\\\\|&|\\quad)*"
FACTORS = re.compile(
    rf"\)?{SPACE}\\(?:times|cdot){SPACE}(?:\(?-?[\d.]+\)?{SPACE}\\(?:times|cdot){SPACE})*\(?-?"
)
SUM = re.compile(rf"{SPACE}\+{SPACE}")
SUM_OF_POWERS = re.compile(r"\} \+ e\^\{")
DIFFERENCE = re.compile(rf"{SPACE}-{SPACE}")


@dataclass(frozen=True)
class Mutant:
    """A formula with a change: what stands from `start` to `end` is now `text`."""

    math: Math
    kind: str
    start: int
    end: int
    text: str

    @property
    def latex(self) -> str:
        """The changed formula."""
        return self.math.latex[: self.start] + self.text + self.math.latex[self.end :]

    @property
    def says_the_same(self) -> bool:
        """Whether the change is in what makes no difference, so that nothing is wrong."""
        if self.kind == "swap":
            return self._commutes
        return _essence(self.latex) == _essence(self.math.latex)

    @property
    def _commutes(self) -> bool:
        """Whether two swapped numbers give the same value in either order."""
        before = self.math.latex[: self.start].rstrip(" &")
        after = self.math.latex[self.end :].lstrip()
        numbers = [*DECIMAL.finditer(self.text)]
        between = self.text[numbers[0].end() : numbers[-1].start()]
        if FACTORS.fullmatch(between):
            return not after.lstrip(")").startswith("^")
        if SUM.fullmatch(between):
            return before.endswith(("=", "(")) and not after.startswith((r"\times", "^"))
        if SUM_OF_POWERS.fullmatch(between):
            return before.endswith("{e^{") and after.startswith("}}")
        squared = after.startswith((")^2", ")^{2}"))
        return bool(DIFFERENCE.fullmatch(between)) and before.endswith("(") and squared

    def __str__(self) -> str:
        """Return the change, for a message."""
        return f"{self.kind}: {' '.join(self.math.latex.split())} -> {' '.join(self.latex.split())}"


def mutants(page: Page) -> Iterator[Mutant]:
    """Yield all changes of the formulas of a page that are not exempt and claim something.

    A name in a sentence ("the weight w_5 ...") and an operator claim nothing that could be
    wrong: without a relation and without a decimal there is no statement. At the head of the
    row or the column of a lone number a name does: it says what the number is about.
    """
    exempt = {id(mark.of) for mark in page.exemptions}
    cells = {(m.part, m.cell.table, m.cell.row, m.cell.column): m for m in page.math if m.cell}
    heads = {
        id(cells.get((part, table, *head)))
        for (part, table, row, column), math in cells.items()
        if LONE.fullmatch(math.latex) and id(math) not in exempt
        for head in ((row, 0), (0, column))
    }
    for math in page.math:
        if id(math) not in exempt and (id(math) in heads or CLAIM.search(math.latex)):
            for kind, changes in KINDS.items():
                # With a blank, another index asks another question, which may be as good.
                if kind != "index" or BLANK not in math.latex:
                    yield from (Mutant(math, kind, *change) for change in changes(math.latex))


def _essence(latex: str) -> list[str]:
    for pattern, plain in NOTHING:
        latex = pattern.sub(plain, latex)
    return latex.split()


def _digits(latex: str) -> Iterator[tuple[int, int, str]]:
    for number in DECIMAL.finditer(latex):
        for place in range(*number.span()):
            old = latex[place]
            yield from ((place, place + 1, new) for new in "0123456789" if old not in (new, "."))


def _minus_before(latex: str) -> Iterator[tuple[int, int, str]]:
    return ((number.start(), number.start(), "-") for number in DECIMAL.finditer(latex))


def _other_signs(latex: str) -> Iterator[tuple[int, int, str]]:
    for sign in PLUS_OR_MINUS.finditer(latex):
        yield *sign.span(), "-" if sign[0] == "+" else "+"


def _minus_dropped(latex: str) -> Iterator[tuple[int, int, str]]:
    for sign in PLUS_OR_MINUS.finditer(latex):
        if sign[0] == "-":
            yield *sign.span(), " " if sign.start() else ""  # no formula begins with a space


def _indices(latex: str) -> Iterator[tuple[int, int, str]]:
    for name in INDEX.finditer(latex):
        digit = int(name["digit"])
        others = (digit - 1, digit + 1) if name["letter"] == "w" else (3 - digit,)
        yield from ((*name.span("digit"), str(k)) for k in others if 1 <= k <= 8)


def _operators(latex: str) -> Iterator[tuple[int, int, str]]:
    for times in TIMES.finditer(latex):
        yield *times.span(), "+"
    for plus in PLUS_OR_MINUS.finditer(latex):
        if plus[0] == "+":
            yield *plus.span(), r"\times "


def _swaps(latex: str) -> Iterator[tuple[int, int, str]]:
    for one, other in combinations(DECIMAL.finditer(latex), 2):
        if float(one[0]) != float(other[0]):  # 0.5 and 0.50 are the same number
            between = latex[one.end() : other.start()]
            yield one.start(), other.end(), f"{other[0]}{between}{one[0]}"


KINDS = {
    "digit": _digits,
    "minus before": _minus_before,
    "other sign": _other_signs,
    "minus dropped": _minus_dropped,
    "index": _indices,
    "operator": _operators,
    "swap": _swaps,
}


class Probe:
    """Tells what would come of the mutants of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.mutants = list(mutants(page))

    def survivors(self, chosen: Iterable[Mutant]) -> Iterator[Mutant]:
        """Yield those in which nothing is found: first in the formula, then on the whole page."""
        trial = _Trial(self.page, chosen)
        trial.run()
        return (mutant for mutant in trial.survivors if not self.whole(mutant).findings)

    def whole(self, mutant: Mutant) -> Checked:
        """Return what comes of the whole changed page, read from its text."""
        start = mutant.math.latex_start
        edit = Edit(mutant.math.part, start + mutant.start, start + mutant.end, mutant.text)
        return check_text(self.page.edited([edit]), self.page.path)


class _Trial(_Checker):
    """Checks a page, and tries at each formula its mutants first.

    What a formula's numbers stand for depends on the formulas before it alone, so a finding
    in a changed formula, with all before it as they are, is one on the whole changed page.
    """

    def __init__(self, page: Page, chosen: Iterable[Mutant]) -> None:
        # Its mutants are as many pages, each with a budget of its own.
        super().__init__(page, Budget(spent=-1e6, rounds=-(10**9)))
        self.chosen: dict[int, list[Mutant]] = {}
        for mutant in chosen:
            self.chosen.setdefault(id(mutant.math), []).append(mutant)
        self.survivors: list[Mutant] = []

    def _math(self, math: Math) -> None:
        for mutant in self.chosen.get(id(math), ()):
            fork = self._fork()
            _Checker._math(fork, replace(math, latex=mutant.latex))  # noqa: SLF001
            if not fork.checked.findings:
                self.survivors.append(mutant)
        super()._math(math)

    def _fork(self) -> "_Trial":
        """Return a checker that goes on from where this one is, and leaves it as it is."""
        fork = copy(self)
        fork.checked = Checked(self.page)
        fork.variables = []
        fork.binders = {key: binder and _fork(binder) for key, binder in self.binders.items()}
        return fork


def _fork(binder: Binder) -> Binder:
    fork = copy(binder)
    vars(fork).update({name: _copied(value) for name, value in vars(binder).items()})
    return fork


def _copied(value: Any) -> Any:
    """Copy what is remembered; what that consists of never changes."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return copy(value) if isinstance(value, list | set | deque) else value

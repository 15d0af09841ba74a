"""Tell what a lone number in a table stands for, by the names that head its row and its column."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from backprop.formulas import latex
from backprop.formulas.bind import is_lone
from backprop.formulas.latex import LatexError
from backprop.formulas.world import World
from backprop.pages.page import Cell, Math, Page
from backprop.pages.rendered import shown
from backprop.pages.seen import CLOSE, OPEN, Seen
from backprop.symbolic.expressions import Chain, Derivative, Expression, Name

Where: TypeAlias = tuple[int, int, int, int]  # of a cell: part, table, row, column

BEFORE_AND_AFTER = (  # the words over columns of values before a round, and after it
    re.compile(r"(?:before|old|initial|start)(?: (?:value|weight)s?)?", re.IGNORECASE),
    re.compile(r"(?:after|new|updated)(?: (?:value|weight)s?)?", re.IGNORECASE),
)
SIGN = r"[-+\u2212\u2013=/\d]"


class Tables:
    """The tables of a page: the formulas that head rows and columns, and the text of each cell.

    Args:
        page: the page.
        math: its formulas.
    """

    def __init__(self, page: Page, math: Iterable[Math]) -> None:
        self._heads: dict[Where, list[Math]] = {}
        self._lone: dict[Where, set[Cell]] = {}  # the cells of a row or a column with one number
        self._texts: dict[Where, list[Seen]] = {}
        parts: set[int] = set()
        for each in math:
            if (cell := each.cell) is None:
                continue
            parts.add(each.part)
            if not (cell.row and cell.column):
                self._heads.setdefault((each.part, *cell), []).append(each)
            if any(map(is_lone, _sides(each.latex))):
                self._lone.setdefault((each.part, cell.table, cell.row, 0), set()).add(cell)
                self._lone.setdefault((each.part, cell.table, 0, cell.column), set()).add(cell)
        for k in parts:
            for seen, cell in shown(page.parts[k].text, page.front_end, page.dialect).seen:
                if cell is not None:
                    self._texts.setdefault((k, *cell), []).append(seen)

    def subject(self, math: Math, world: World) -> tuple[Expression | None, bool]:
        """Return the subject of a lone number in a table, and whether nothing else can be meant.

        The subject is the name that heads its row or its column.

        If that name is a list, the number in the other head is that of the entry. Any other name
        must fill its head, and the other head must be words or the label of a neuron: for $E$ in
        row $1$ it is unclear what the 1 means. It is unclear, too, where one name heads several
        numbers, such as those before and after a round.
        """
        cell = math.cell
        if cell is None or not cell.row or not cell.column or self._goes_on(math):
            return None, True
        table = math.part, cell.table
        wheres = (*table, cell.row, 0), (*table, 0, cell.column)
        found = [(name, where) for where in wheres if (name := self._head(where, world))]
        if len(found) != 1:
            return None, True
        [(name, where)] = found
        round_ = self._round_over(wheres[1]) if world.freely and where == wheres[0] else None
        if isinstance(name, Name) and round_ is not None:
            return replace(name, round=round_), True
        others = self._heads.get(wheres[where == wheres[0]], [])
        if isinstance(name, Name) and world.is_list(name):
            numbers = [other.latex.strip() for other in others]
            entries = [name.entry(int(k)) for k in numbers if re.fullmatch(r"[1-9]\d{0,5}", k)]
            return (entries[0] if entries else name), True
        clear = self._fills_its_cell(self._heads[where][0]) and len(self._lone.get(where, ())) < 2
        clear = clear and all(_is_neuron(other.latex, world) for other in others)
        return (name if clear else None), False

    def _round_over(self, where: Where) -> int | None:
        """Return the round that the words over a column say: 0 before one, 1 after it."""
        head = " ".join(seen.text.strip() for seen in self._texts.get(where, ()))
        return next((k for k, words in enumerate(BEFORE_AND_AFTER) if words.fullmatch(head)), None)

    def _head(self, where: Where, world: World) -> Expression | None:
        """Return the one name that heads a row or a column, if it is no label of a neuron."""
        heads = self._heads.get(where, [])
        if len(heads) != 1 or _is_neuron(heads[0].latex, world):
            return None
        return _name_in(heads[0].latex, world)

    def _fills_its_cell(self, math: Math) -> bool:
        """Tell whether a formula is alone in its cell."""
        return not "".join(self._beside(math)).strip()

    def _goes_on(self, math: Math) -> bool:
        """Tell whether a sign or a digit next to a formula makes it part of a longer one."""
        before, after = self._beside(math)
        return bool(re.search(rf"{SIGN}[ \t]*$", before) or re.match(rf"[ \t]*{SIGN}", after))

    def _beside(self, math: Math) -> tuple[str, str]:
        """Return what the page shows in a cell before and after a formula."""
        assert math.cell is not None
        texts = self._texts.get((math.part, *math.cell), ())
        for seen in texts:
            for opening in re.finditer(OPEN, seen.text):
                if seen.place(opening.start()) == math.start:
                    end = seen.text.index(CLOSE, opening.end()) + 1
                    return seen.text[: opening.start()], seen.text[end:]
        return " ".join(seen.text for seen in texts), ""  # a formula on lines of its own


def _is_neuron(source: str, world: World) -> bool:
    """Tell whether a formula is the label of a neuron, which has no value of its own."""
    name = _name_in(source, world)
    return isinstance(name, Name) and world.is_neuron(name) and not world.knows(name)


def _name_in(source: str, world: World) -> Expression | None:
    """Return the name or derivative that a formula consists of, if that is all."""
    sides = _sides(source, world)
    return sides[0] if len(sides) == 1 and isinstance(sides[0], Name | Derivative) else None


def _sides(source: str, world: World | None = None) -> list[Expression]:
    """Return the only side of a formula that is no equation, in a list; else none."""
    chains = chains_of(source, world)
    return [*chains[0].sides] if len(chains) == 1 and len(chains[0].sides) == 1 else []


def chains_of(source: str, world: World | None) -> Sequence[Chain]:
    """Return the chains of a formula, none where it is not understood."""
    try:
        return world.chains(source) if world else latex.parse(source)
    except LatexError:
        return ()

"""Render a page for other givens: its numbers, words, front matter, and what its code prints.

A sentence that does not hold in the new network gets a note that says so, and is named as missed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from backprop.formulas.bind import text_of
from backprop.formulas.conditions import holds, with_values
from backprop.formulas.values import Unbound
from backprop.formulas.world import World
from backprop.pages import code
from backprop.pages.check import Checked, Finding, check_page
from backprop.pages.front import with_givens
from backprop.pages.page import Code, Edit, Page
from backprop.pages.reader import read_text
from backprop.pages.rewrite import Bound, is_fixed, rewritten
from backprop.pages.run import run
from backprop.pages.settings import world_of
from backprop.symbolic import givens
from backprop.symbolic.definitions import RATE
from backprop.symbolic.givens import SettingsError
from backprop.symbolic.rounding import unit_of

TOO_FEW_DIGITS = "print more digits"  # says the checker where a reader cannot recompute a number
MOST_ADDED = 6  # digits that are added, one by one, where those of the page do not suffice
FIGURE = re.compile(r"<[a-z]+\b[^>]*\bdata-figure=[\"']?(?!plain)([\w-]+)[^>]*>")
EXAMPLE = re.compile(r"\bdata-example=[\"']?([\w-]+)")


@dataclass
class Rendered:
    """The result of rendering a page.

    Attributes:
        checked: the new page, checked with its own givens.
        numbers: how many numbers in formulas have been computed anew.
        missed: what could not be rendered, in order: `page:line:column: why`.
    """

    checked: Checked
    numbers: int = 0
    missed: list[str] = field(default_factory=list)


def changes_in(arguments: Iterable[str], page: Page) -> dict[str, Decimal]:
    """Read givens, each as `NAME=NUMBER`, by the names of the graph or of the page.

    Raises:
        SettingsError: one is not understood, or the page has no example.
    """
    world = _world(page, page.front, {})
    return givens.changes_in(arguments, world.graph, world.notation)


def render(
    page: Page, changes: Mapping[str, Decimal], path: str, *, run: bool, longer: bool = True
) -> Rendered:
    """Return a page with other givens.

    Args:
        page: the page.
        changes: its new givens, by canonical name.
        path: where the new page is to be.
        run: whether to run its code.
        longer: whether to print more digits where a reader needs them to recompute a result.

    Raises:
        SettingsError: the page cannot have these givens.
    """
    renderer = _Renderer(page, changes, path, run=run)
    return renderer.render(MOST_ADDED if longer else 0)


class _Renderer:
    """Renders one page."""

    def __init__(self, page: Page, changes: Mapping[str, Decimal], path: str, *, run: bool) -> None:
        self.source = page
        self.page = page = page.plain()
        self.path = path
        self.run = run
        self.before = check_page(page)
        self.old = _world(page, page.front, {})
        self.changes = changes
        self.front = read_text(self._with_givens(page), path).front
        self.worlds: dict[tuple[tuple[str, str], ...], World] = {}
        self.givens = _givens(self._world_at(0, 0))
        self.missed: dict[tuple[int, int], str] = {}
        self.formula = {id(math): k for k, math in enumerate(page.math)}

    def render(self, most: int) -> Rendered:
        """Render the page, with up to `most` more digits where a reader needs them to recompute."""
        wrong = self._name_what_stays()
        bounds = [b for b in self.before.bound if self.formula[id(b.math)] not in wrong]
        printed = [*self._code(bounds), *self._words()]
        more: Counter[int] = Counter()
        spent = self.before.seconds
        while True:
            numbers = list(self._numbers(bounds, more))
            file = self.page.edited([*numbers, *printed])
            file = self._with_givens(read_text(file, self.page.path))
            checked = check_page(read_text(file, self.path), spent)
            spent = checked.seconds
            found = [(_formula_at(checked.page, finding), finding) for finding in checked.findings]
            short = {
                k for k, finding in found if TOO_FEW_DIGITS in finding.message and more[k] < most
            }
            if not short - wrong:
                break
            more.update(short)
        missed = [
            f"{self.page.path}:{self.source.place(*where)}: {why}"
            for where, why in sorted(self.missed.items())
        ]
        missed += [str(finding) for k, finding in found if k not in wrong | {-1}]
        return Rendered(checked, len(numbers), missed)

    def _name_what_stays(self) -> set[int]:
        """Note what will stay as it is; return which formulas are already wrong."""
        page = self.page
        for mark in page.exemptions:
            if mark.of is not None:
                self._miss(mark.of.part, mark.of.start, f"exempt: {mark.reason}")
        for k, part in enumerate(page.parts):
            for figure in FIGURE.finditer(part.text):
                example = EXAMPLE.search(figure[0])
                if example and example[1] != page.front["backprop"].get("example", "page"):
                    self._miss(k, figure.start(), f"the figure {figure[1]!r} has its own givens")
        for switch in page.switches:
            for key in switch.settings:
                if key == "example" or self.old.notation.given(key) in self.changes:
                    self._miss(switch.part, switch.start, f"this section has its own {key}")
        for finding in self.before.findings:
            self._miss(finding.part, finding.start, finding.message)
        return {k for f in self.before.findings if (k := _formula_at(page, f)) >= 0}

    def _miss(self, part: int, offset: int, why: str) -> None:
        self.missed.setdefault((part, offset), why)

    def _with_givens(self, page: Page) -> str:
        return with_givens(page, self.changes, self.old.notation)

    def _world_at(self, part: int, offset: int) -> World:
        """Return the world of a section of the new page."""
        section = self.page.settings(part, offset)
        key = tuple(sorted(section.items()))
        if key not in self.worlds:
            self.worlds[key] = _world(self.page, self.front, section)
        return self.worlds[key]

    def _numbers(self, bounds: Iterable[Bound], more: Mapping[int, int]) -> Iterator[Edit]:
        """Yield each bound number with its new value."""
        for bound in bounds:
            math = bound.math
            world = self._world_at(math.part, math.start)
            if bound.world.defined:
                world = replace(world, defined=bound.world.defined)
            k = self.formula[id(math)]
            extra = 0 if is_fixed(bound) else more.get(k, 0)
            try:
                yield rewritten(bound, world, extra)
            except Unbound as error:
                number = bound.binding.number
                self._miss(math.part, math.latex_start + number.start, f"{number.text}: {error}")

    def _words(self) -> Iterator[Edit]:
        """Yield the edits that make words right, and those that add a note to a false sentence."""
        for words, old in self.before.words:
            world = replace(self._world_at(words.part, words.start), defined=old.defined)
            try:
                first = holds(words.condition, world)
                values = with_values(words.condition, world)
            except Unbound as error:
                self._miss(words.part, words.start, f"{words.now or 'a sentence'}: {error}")
                continue
            if first is None:
                self._miss(words.part, words.start, f"{values}: both sides are equal")
            elif words.sentence and not first:
                self._miss(words.part, words.start, f"this sentence does not hold: {values}")
            yield from words.written(first=bool(first))

    def _code(self, bounds: Iterable[Bound]) -> list[Edit]:
        """Return the edits of the blocks: the givens that they type, and what they print."""
        old = self._old_numbers(bounds)
        edits: list[Edit] = []
        stays: set[int] = set()
        for k, block in enumerate(code.blocks(self.page)):
            try:
                edits += [edit for each in block.codes for edit in self._typed(each, old)]
            except _NotRendered as reason:
                self._miss(block.codes[0].part, block.codes[0].start, f"this block {reason}")
                stays.add(k)
        now = read_text(self.page.edited(edits), self.page.path)
        pairs = zip(code.blocks(self.page), code.blocks(now), strict=True)
        shown = [
            (block.codes[0], "\n".join(each.text for each in again.codes), block.output)
            for k, (block, again) in enumerate(pairs)
            if block.output is not None and k not in stays
        ]
        if self.run:
            return [*edits, *self._outputs(shown)]
        for first, _, _ in shown:
            self._miss(first.part, first.start, "this block is not run")
        return edits

    def _outputs(self, shown: Sequence[tuple[Code, str, Code]]) -> Iterator[Edit]:
        """Run blocks, each with its first fence, code and output; yield the new outputs."""
        if not shown:
            return
        example = self.page.front["backprop"].get("example", "")
        results = run([text for _, text, _ in shown], example=example, givens=self.givens)
        for (first, _, output), result in zip(shown, results, strict=True):
            if result.error:
                self._miss(first.part, first.start, f"this block fails: {result.error}")
            else:
                yield code.with_output(self.page, output, result.output)

    def _old_numbers(self, bounds: Iterable[Bound]) -> dict[Decimal, str]:
        """Return the printed numbers that change, with what they stand for."""
        old = {}
        for bound in bounds:
            world = self._world_at(bound.math.part, bound.math.start)
            with suppress(Unbound):
                if bound.binding.true(world) != bound.binding.true(bound.world):
                    old[abs(bound.binding.number.value)] = text_of(bound.binding.stands_for)
        givens = _givens(self.old).items()
        return old | {abs(x): name for name, x in givens if x != self.givens.get(name)}

    def _typed(self, block: Code, old: Mapping[Decimal, str]) -> Iterator[Edit]:
        """Yield an edit for each given that a block types.

        Raises:
            _NotRendered: it types a number that changes, and it is unclear what is meant.
        """
        try:
            literals = list(code.typed(block, self.page.parts[block.part].text, self.old))
        except SyntaxError as error:
            raise _NotRendered(f"is no Python: {error.msg}") from None
        givens = _givens(self.old)
        for literal in literals:
            text = literal.text.replace("_", "").replace(" ", "")
            new = self.givens.get(literal.given)
            if literal.given and new is not None and givens[literal.given] == Decimal(text):
                places = len(text.partition(".")[2])
                unit = min(Decimal(1).scaleb(-places), unit_of(new.normalize()))
                yield Edit(block.part, literal.start, literal.end, f"{new.quantize(unit):f}")
            elif abs(Decimal(text)) in old and not literal.given:
                raise _NotRendered(f"types {literal.text}, which may be {old[abs(Decimal(text))]}")


class _NotRendered(ValueError):  # noqa: N818  # a reason, not an error
    """Why a block cannot be rendered."""


def _formula_at(page: Page, finding: Finding) -> int:
    """Return the number of the formula that a finding is in; -1 where it is in none."""
    for k, math in enumerate(page.math):
        if math.part == finding.part and math.start <= finding.start < math.end:
            return k
    return -1


def _givens(world: World) -> dict[str, Decimal]:
    return {**world.graph.givens, RATE: world.learning_rate}


def _world(page: Page, front: Mapping[str, Any], section: Mapping[str, str]) -> World:
    """Return the world of a section of a page.

    Raises:
        SettingsError: its settings are not understood, or it has none.
    """
    world = world_of(front, section)
    if world is None:
        raise SettingsError(f"{page.path}: no example; write backprop: in its front matter")
    return world

"""Check a page: every formula, every number in it, and every decimal outside of formulas."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from backprop.formulas.bind import Problem, text_of
from backprop.formulas.chains import is_nameless
from backprop.formulas.conditions import holds, with_values
from backprop.formulas.judge import Binder
from backprop.formulas.kinds import Kind
from backprop.formulas.latex import LatexError
from backprop.formulas.networks import OTHER_NETWORKS, round_kept_before
from backprop.formulas.values import Unbound
from backprop.formulas.world import World
from backprop.pages.budget import SECTION_ROUNDS, SMALL_NETWORK, Budget, OverBudgetError
from backprop.pages.code import remarks
from backprop.pages.page import Code, Comment, Exemption, Item, Math, Number, Page, Place
from backprop.pages.proposed import advice
from backprop.pages.reader import read, read_text
from backprop.pages.rewrite import Bound, corrected
from backprop.pages.settings import world_of
from backprop.pages.tables import Tables, chains_of
from backprop.pages.words import NOTE, MarkError, Words, words_in
from backprop.symbolic import expressions
from backprop.symbolic.expressions import Name
from backprop.symbolic.givens import SettingsError

Section: TypeAlias = tuple[tuple[str, str], ...]  # the settings of its marks

ROUND = re.compile(r"\^\s*\{\s*\(")  # as in w^{(10)}
LATEX = re.compile(r"\$\$|\\[(\[]|\\begin\{|\$[^$\n`]*[\\_^=][^$\n`]*\$")  # a formula begins
SUPPOSED = re.compile(r"\b(?:if|when|whenever|unless|suppose|assume|assuming)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Finding(Problem):
    """A problem on a page; its start and end are offsets in a part of the page.

    Attributes:
        path: the page.
        part: the number of the part.
        place: line and column of its start, in the cell of a notebook.
        span: line and column of its start and of its end in the file.
        printed: what is printed there and is a wrong number, as the page writes it.
    """

    path: str
    part: int
    place: Place
    span: tuple[Place, Place]
    printed: str = ""

    @property
    def wrong(self) -> bool:
        """Whether something is wrong for sure, and not merely not understood or not compared."""
        return self.sure and (self.binding is not None or self.false)

    @property
    def stands_for(self) -> str:
        """What a wrong number stands for; empty where no number is wrong."""
        return text_of(self.binding.stands_for) if self.binding else ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.path}:{self.place}: {self.message}"


class BoundWords(NamedTuple):
    """Bound words of a page, with the world in which their condition is evaluated."""

    words: Words
    world: World


@dataclass
class Checked:
    """The result of checking a page: what is wrong, and how much was checked.

    Attributes:
        page: the page.
        equations: how many were evaluated.
        exempt: how many numbers and formulas are exempt.
        bound: the bound numbers.
        words: the bound words and sentences.
        findings: what is wrong; an unknown name is reported once.
        again: the findings at further places of unknown names.
        seconds: of processor time, for reading and checking.
    """

    page: Page
    equations: int = 0
    exempt: int = 0
    bound: list[Bound] = field(default_factory=list)
    words: list[BoundWords] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    again: list[Finding] = field(default_factory=list)
    seconds: float = 0.0


def check(path: str | Path) -> Checked:
    """Check the page in a file.

    Raises:
        OSError: the file cannot be opened.
        ReadError: it cannot be read as a page.
    """
    return check_page(read(path))


def check_text(text: str, path: str | Path) -> Checked:
    """Check a page that has been read from its file.

    Raises:
        ReadError: it cannot be read as a page.
    """
    return check_page(read_text(text, path))


def check_page(page: Page, spent: float = 0.0) -> Checked:
    """Check a page, as far as the budget of a page goes.

    Args:
        page: the page.
        spent: seconds of processor time spent on it before, besides those for reading it.
    """
    budget = Budget(page.seconds + spent)
    checked = _Checker(page, budget).run()
    checked.seconds = budget.seconds
    return checked


class _Checker:
    """Goes through a page once, from top to bottom."""

    def __init__(self, page: Page, budget: Budget) -> None:
        self.page = page
        self.budget = budget
        self.trained: set[tuple[int, int]] = set()
        self.at = _place_of_settings(page)  # what is being checked
        self.checked = Checked(page, exempt=page.left_out)
        self.exempted = {id(mark.of) for mark in page.exemptions if mark.of is not None}
        self.binders: dict[Section, Binder | None] = {}
        self.variables: list[tuple[Binder, str, Finding]] = []
        self.told_no_example = False

    def run(self) -> Checked:
        """Check the whole page, or report where the budget ended."""
        try:
            self._check()
        except OverBudgetError as over:
            message = f"checking this page {over}; from here on, it was not checked"
            self._find(self.at, message, Kind.BUDGET)
        self.checked.findings = [self._in_made(finding) for finding in self.checked.findings]
        self.checked.findings.sort(key=lambda finding: (finding.part, finding.start))
        self._unknown_once()
        return self.checked

    def _check(self) -> None:
        for mark in self.page.exemptions:
            self._exemption(mark)
        for number in self.page.numbers:
            self._number(number)
        if left_out := self.page.dialect.left_out:
            message = f"not loaded, so what it makes of the page is not read: {', '.join(left_out)}"
            self._find(Item(0, 0, 0), message)
        for fault in self.page.faults:
            self._find(fault, fault.message, fault.kind)
        for left in self.page.unmade:
            self._find(left, f"nothing is made here: {left.reason}", Kind.SETTINGS)
        for code in self.page.code:
            self._remarks(code)
        self._none_read()
        self._settings()
        self.tables = Tables(self.page, self._affordable())
        for math in self._affordable():
            self._math(math)
        for words in words_in(self.page):
            self._words(words)
        # A name may be met before the identity that brings it in.
        self.checked.findings += [
            finding for binder, name, finding in self.variables if name not in binder.variables
        ]

    def _affordable(self) -> Iterator[Math]:
        """Yield the formulas of the page, as long as there is time."""
        for math in self.page.math:
            self.at = math
            self.budget.check_time()
            yield math

    def _in_made(self, finding: Finding) -> Finding:
        """Name the maker in a finding in a made part, since the author cannot correct it there."""
        maker = self.page.maker(finding.part, finding.start)
        if not maker:
            return finding
        message = f"in what {maker} makes: {finding.message}"
        return replace(finding, message=message, instead="")

    def _unknown_once(self) -> None:
        """Keep the first finding of each unknown name, and set the further ones aside."""
        found, told = self.checked.findings, set[str]()
        self.checked.findings = []
        for finding in found:
            again = finding.unknown in told
            (self.checked.again if again else self.checked.findings).append(finding)
            told |= {finding.unknown} - {""}

    def _exemption(self, mark: Exemption) -> None:
        """Count an exemption; it needs a reason, and something to exempt."""
        if not mark.reason:
            message = "an exemption without a reason; write <!-- exempt: why -->"
            self._find(mark, message, Kind.EXEMPTION)
        elif mark.of is None:
            message = "an exemption that follows nothing; write it after a decimal or a formula"
            self._find(mark, message, Kind.EXEMPTION)
        else:
            self.checked.exempt += 1

    def _number(self, number: Number) -> None:
        """Report a decimal outside of formulas, or what touches one: it is bound to nothing."""
        if id(number) not in self.exempted:
            message = (
                f"{number.text} stands outside of a formula and is bound to nothing; "
                f"write what it is, as in $a = {number.text}$"
            )
            if number.touches:
                message = (
                    f"{number.text or 'a formula'} touches a formula, and a reader takes both for "
                    "one; write all of it in one formula, or set them apart"
                )
            self._find(number, message, Kind.LOOSE_NUMBER)

    def _none_read(self) -> None:
        """Report a page with settings and LaTeX of which no formula is read."""
        page = self.page
        if page.math or page.left_out or page.faults:
            return
        if page.front.get("backprop") is None:
            return
        for k, part in enumerate(page.parts):
            codes = [each for each in page.code if each.part == k]
            for match in LATEX.finditer(part.text, page.front_end if k == 0 else 0):
                if not any(each.start <= match.start() < each.end for each in codes):
                    message = "no formula of this page is read; is it written for another Markdown?"
                    self._find(Item(k, *match.span()), message)
                    return

    def _remarks(self, code: Code) -> None:
        """Report the decimals in comments of code, which nothing compares."""
        for start, end, text in remarks(code, self.page.parts[code.part].text):
            message = f"{text} stands in a comment, which no run compares; let the code print it"
            self._find(Item(code.part, start, end), message, Kind.LOOSE_NUMBER)

    def _settings(self) -> None:
        """Read the settings of the front matter and of each section, in this order."""
        sections: list[tuple[Item, Mapping[str, str]]] = [(_place_of_settings(self.page), {})]
        sections += [
            (mark, self.page.settings(mark.part, mark.start)) for mark in self.page.switches
        ]
        for mark, settings in sections:
            if _section(settings) in self.binders:
                continue
            self.at = mark
            self.budget.check_time()
            self.budget.count_rounds(SECTION_ROUNDS)
            try:
                world = world_of(self.page.front, settings)
            except SettingsError as error:
                self._find(mark, str(error), Kind.SETTINGS)
                self.binders[_section(settings)] = None
                if not settings:  # nothing that a section says can mend the front matter
                    return
            else:
                self.binders[_section(settings)] = Binder(world) if world else None
                self.budget.count_rounds(world.rounds if world else 0)

    def _binder_at(self, item: Item) -> Binder | None:
        return self.binders.get(_section(self.page.settings(item.part, item.start)))

    def _math(self, math: Math) -> None:
        """Check a formula by the world of its section."""
        if id(math) in self.exempted:
            return
        binder = self._binder_at(math)
        if binder is None:
            self._unchecked(math)
            return
        self._count_rounds_of(math, binder.world)
        if self._supposes(math, binder.world):
            return
        subject, sure = self.tables.subject(math, binder.world)
        sure = sure or not any(map(is_nameless, chains_of(math.latex, binder.world)))
        report = binder.read(math.latex, subject)
        self.checked.equations += report.chains
        bound = [Bound(math, *each) for each in report.bound]
        self.checked.bound += bound
        for problem in report.problems:
            more = advice(math.latex, problem, binder.world, self.page.front.get("backprop"))
            told = problem if sure else _left_to_author(problem)
            start, end = (math.latex_start + k for k in (problem.start, problem.end))
            told = replace(told, start=start, end=end, message=told.message + more)
            told = _as_fixed(told, bound)
            finding = self._finding(math.part, told)
            if problem.variable:
                self.variables.append((binder, problem.variable, finding))
            else:
                self.checked.findings.append(finding)

    def _supposes(self, math: Math, world: World) -> bool:
        """Tell whether an equation between two names is only supposed, as in: when $t = a$."""
        before = self.page.parts[math.part].text[max(0, math.start - 20) : math.start]
        if not SUPPOSED.search(before):
            return False
        chains = chains_of(math.latex, world)
        return len(chains) == 1 and all(isinstance(side, Name) for side in chains[0].sides)

    def _words(self, words: Words | tuple[Comment, MarkError]) -> None:
        """Check words or a sentence by the condition that they are bound to."""
        if not isinstance(words, Words):
            mark, error = words
            self._find(mark, f"a mark that binds nothing: {error}")
            return
        self.at = words.mark
        self.budget.check_time()
        binder = self._binder_at(words)
        if binder is None:
            message = "no example to check these words by; write backprop: in the front matter"
            self._find(words.mark, message)
            return
        try:
            self._count_rounds(words.condition.names, 1, binder.world)
            first = holds(words.condition, binder.world)
            values = with_values(words.condition, binder.world)
        except (LatexError, Unbound) as error:
            self._find(words.mark, f"the condition {words.text!r} is not understood: {error}")
            return
        self.checked.words.append(BoundWords(words, binder.world))
        if first is None:
            message = f"{values}: both sides are equal, so that only rounding decides the words"
            self._find(words.mark, message)
        elif first != words.first:
            self.checked.findings.append(self._false(words, values))

    def _false(self, words: Words, values: str) -> Finding:
        """Return the finding for words that contradict their condition."""
        start, end, instead = words.start, words.end, words.phrases[words.first]
        hold = "does not hold" if words.first else "holds"
        message = f"{words.now!r} stands where {values} {hold}; write {instead!r}"
        if words.sentence:
            message = f"this sentence is false, for {values} does not hold; write another"
            if not words.first:
                message = f"{NOTE} stands after a sentence that holds: {values}"
            start, end, instead = words.mark.start, words.mark.end, ""
        kind = Kind.FALSE_WORDS
        problem = Problem(start, end, message, instead=instead, kind=kind, false=True)
        return self._finding(words.part, problem)

    def _count_rounds_of(self, math: Math, world: World) -> None:
        """Count the rounds of training that a formula needs, an equation in other networks too."""
        if not ROUND.search(math.latex):
            return
        named = [
            [found for side in chain.sides if (found := {*expressions.names(side)})]
            for chain in chains_of(math.latex, world)
        ]
        names = [name for sides in named for side in sides for name in side]
        others = OTHER_NETWORKS if any(len(sides) > 1 for sides in named) else 0
        self._count_rounds(names, 1 + others, world)

    def _count_rounds(self, names: Iterable[Name], networks: int, world: World) -> None:
        """Count the rounds of training that names need and no earlier formula has needed."""
        size = max(1, len(world.graph.givens) // SMALL_NETWORK)
        for last in {name.round for name in names}:
            done = last
            while done > 1 and (key := (id(world.graph), done)) not in self.trained:
                self.trained.add(key)
                before = round_kept_before(done)
                self.budget.count_rounds(networks * size * (done - before))
                done = before

    def _unchecked(self, math: Math) -> None:
        """Report once that there is no example; settings in error have been reported already."""
        if self.page.front.get("backprop") is None and not self.told_no_example:
            message = (
                "no example to check this formula by, nor those that follow; "
                "write backprop: {example: lecture} in the front matter"
            )
            self._find(math, message, Kind.SETTINGS)
            self.told_no_example = True

    def _finding(self, part: int, problem: Problem) -> Finding:
        """Return the finding of a problem, whose start and end are offsets in a part."""
        path, place = self.page.path, self.page.place(part, problem.start)
        start, end = (self.page.place_in_file(part, k) for k in (problem.start, problem.end))
        printed = problem.binding and self.page.parts[part].text[problem.start : problem.end]
        more = {"place": place, "span": (start, end), "printed": printed or ""}
        return Finding(**{**vars(problem), **more}, path=path, part=part)

    def _find(self, item: Item, message: str, kind: Kind = Kind.NOT_UNDERSTOOD) -> None:
        problem = Problem(item.start, item.end, message, kind=kind)
        self.checked.findings.append(self._finding(item.part, problem))


def _section(settings: Mapping[str, str]) -> Section:
    """Return the key of a section, which sections with equal settings share."""
    return tuple(sorted(settings.items()))


def _place_of_settings(page: Page) -> Item:
    """Return where the front matter has the page's settings."""
    said = re.compile(r"^backprop[ \t]*:.*", re.MULTILINE).search(page.file, 0, page.front_end)
    return Item(0, *said.span()) if said else Item(0, 0, 0)


def _as_fixed(problem: Problem, bound: Iterable[Bound]) -> Problem:
    """Correct a wrong number as `backprop fix` does, and not at all where that does not."""
    wrong = next((each for each in bound if each.binding is problem.binding), None)
    if wrong is None:
        return problem
    try:
        edit = corrected(wrong)
    except Unbound:
        return replace(problem, instead="")
    return replace(problem, start=edit.start, end=edit.end, instead=problem.instead and edit.text)


def _left_to_author(problem: Problem) -> Problem:
    """Leave the correction to the author, since the words of a table may change its meaning."""
    if problem.binding is None:
        return problem
    hint = ", or if the table means another, write what it is, as in a = b"
    said, prints, digits = problem.message.partition("; print ")
    message = said + prints + digits.partition(" (")[0] + hint
    return replace(problem, message=message, instead="", sure=False)

"""Bind each printed number of a formula to what it stands for, and judge it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
import random

import numpy as np

from backprop.graph import PRECISE
from backprop.prose import latex
from backprop.prose.evaluate import RATE, Unbound, Value, World, draw, equal, evaluate
from backprop.prose.formulas import written_out
from backprop.prose.latex import Chain, Expression, LatexError, Name, Negative, Number, Product

DEPTH = 3  # how many formulas deep a name may be written out to meet printed numbers


@dataclass(frozen=True)
class Binding:
    """A printed number, and the expression whose value it shows.

    Attributes:
        number: as printed, without a minus before it.
        negated: whether a minus stands before it.
        stands_for: in the names of the page.
    """

    number: Number
    negated: bool
    stands_for: Expression

    def true(self, world: World) -> Decimal:
        """Return the value that the printed digits should show, the minus left to the page."""
        value = evaluate(self.stands_for, world)
        if not isinstance(value, Decimal):
            raise Unbound("a number stands where the formula has an array")
        return -value if self.negated else value


@dataclass(frozen=True)
class Problem:
    """Something wrong in a formula, at a place in it."""

    start: int
    end: int
    message: str
    binding: Binding | None = None
    instead: str = ""
    stranger: str = ""


@dataclass
class Report:
    """What came of a formula: how much was checked, and what is wrong."""

    chains: int = 0
    bindings: list[Binding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Binder:
    """Reads the formulas of a page in their order, and remembers what was said in symbols."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._said: dict[Expression, list[Expression]] = {}
        self._chains: list[Chain] = []
        self.variables: set[str] = set()

    def read(self, source: str, subject: Expression | None = None) -> Report:
        """Check one formula.

        Args:
            source: LaTeX without its dollars.
            subject: what a number that stands alone is about, such as the
                heading of its table column.
        """
        report = Report()
        try:
            chains = latex.parse(source)
        except LatexError as error:
            end = min(error.offset + 1, len(source))
            report.problems.append(Problem(error.offset, end, f"not understood: {error}"))
            return report
        for chain in chains:
            report.chains += 1
            if subject is not None and not chain.relations:
                chain = Chain((subject, *chain.sides), ("=",))  # noqa: PLW2901
            self._chain(chain, report)
        return report

    def _chain(self, chain: Chain, report: Report) -> None:
        """Check one chain: its symbols against each other, its numbers against the symbols."""
        sides = list(chain.sides)
        exact = [side for k, side in enumerate(sides) if not _is_printed(side, chain, k)]
        printed = [side for k, side in enumerate(sides) if _is_printed(side, chain, k)]
        if set(chain.relations) & _ORDERS.keys():
            self._order(chain, report)
            return
        true = self._agreeing(exact, report, alone=not printed)
        if true is None:
            return
        if not exact and printed:
            self._numbers_alone(chain, report)
            return
        for side in printed:
            self._printed(side, true, report)
        self._recompute(printed, report)
        self._remember(chain, true)

    def _agreeing(
        self, exact: list[Expression], report: Report, *, alone: bool
    ) -> list[Expression] | None:
        """Return the sides in symbols if all agree, here and in other networks; else report."""
        if alone and len(exact) == 1 and isinstance(exact[0], Name):
            if self.world.is_label(exact[0]):
                return exact
        strangers = {n.key: n for side in exact for n in latex.names(side) if self._unknown(n)}
        if alone and self._defines(exact, strangers):
            return exact
        identity = alone and len(exact) > 1
        if strangers and not identity:
            report.problems += [
                Problem(n.start, n.end, f"{n.key} is no name of this page", stranger=n.key)
                for n in strangers.values()
            ]
            return None
        self.variables |= strangers.keys()
        try:
            for world in self._worlds(exact, list(strangers)):
                values = [evaluate(side, world) for side in exact]
                for side, value in zip(exact[1:], values[1:], strict=True):
                    if not equal(values[0], value):
                        start, end = _extent(side)
                        left, right = _show(values[0]), _show(value)
                        report.problems.append(
                            Problem(
                                start,
                                end,
                                f"the sides are not equal: {_text(exact[0])} is {left}, "
                                f"{_text(side)} is {right}",
                            )
                        )
                        return None
        except Unbound as error:
            start, end = _extent(exact[0])
            report.problems.append(Problem(start, end, f"not understood: {error}"))
            return None
        return exact

    def _worlds(self, exact: list[Expression], strangers: list[str]) -> Iterator[World]:
        """Yield the page's world, and others if there is an identity to test."""
        dice = random.Random(1)  # noqa: S311  # any numbers do, but the same ones in every run
        plain = all(isinstance(side, Number) for side in exact[1:])
        for world in (self.world, *(() if len(exact) < 2 or plain else self.world.others)):
            primes = [f"{name}'" for name in strangers]
            free = {**world.free, **{name: draw(dice) for name in [*strangers, *primes]}}
            yield replace(world, free=free) if strangers else world

    def _defines(self, exact: list[Expression], strangers: dict[str, Name]) -> bool:
        """Take `v = 1 + e^{-z}` as a definition, if v is a variable of an identity before."""
        if len(exact) != 2 or not isinstance(exact[0], Name):
            return False
        key = exact[0].key
        if key not in self.variables or key not in strangers:
            return False
        if any(name.key == key for name in latex.names(exact[1])):
            return False
        self.variables |= strangers.keys()
        self.world = replace(self.world, defined={**self.world.defined, key: exact[1]})
        return True

    def _unknown(self, name: Name) -> bool:
        try:
            self.world.value(name)
        except Unbound:
            return True
        return False

    def _printed(self, side: Expression, exact: list[Expression], report: Report) -> None:
        """Bind the numbers of a side to the formula that they are put into, and judge them."""
        bindings = self._bind(side, exact)
        if bindings is None:
            start, end = _extent(side)
            report.problems.append(
                Problem(start, end, "not bound: no formula before has these numbers in its places")
            )
            return
        report.bindings += bindings
        report.problems += [problem for b in bindings if (problem := self._judge(b))]

    def _bind(self, side: Expression, exact: list[Expression]) -> list[Binding] | None:
        """Return the bindings by the formula that fits the side best, None where none fits."""
        best: list[Binding] | None = None
        fewest = 0
        for formula in self._formulas(exact):
            for bindings in self._match(formula, side, DEPTH):
                wrong = sum(self._judge(binding) is not None for binding in bindings)
                if best is None or wrong < fewest:
                    best, fewest = bindings, wrong
                if not wrong:
                    return bindings
        return best

    def _formulas(self, exact: list[Expression]) -> Iterator[Expression]:
        """Yield what the numbers of a chain may have been put into, nearest first."""
        yield from reversed(exact)
        for side in exact:
            yield from self._said.get(_bare(side), ())

    def _match(self, formula: Expression, side: Expression, depth: int) -> Iterator[list[Binding]]:
        """Yield the ways in which a side is a formula with numbers in the places of its parts."""
        formula, side = _without_ones(formula), _without_ones(side)
        if not any(number.is_decimal for number in latex.numbers(side)):
            if self._same(formula, side):
                yield []
                return
        if isinstance(side, Number):
            if isinstance(formula, Number):
                return
            if self._is_scalar(formula):
                yield [Binding(side, negated=False, stands_for=formula)]
            return
        if (
            isinstance(side, Negative)
            and isinstance(side.body, Number)
            and not isinstance(formula, Negative)
        ):
            if self._is_scalar(formula):
                yield [Binding(side.body, negated=True, stands_for=formula)]
            return
        if type(formula) is type(side):
            yield from self._match_parts(formula, side, depth)
        if depth:
            for longer in written_out(formula, self.world):
                yield from self._match(longer, side, depth - 1)

    def _match_parts(
        self, formula: Expression, side: Expression, depth: int
    ) -> Iterator[list[Binding]]:
        """Match two expressions of one kind part by part, in order."""
        parts = list(zip(_parts(formula), _parts(side), strict=False))
        if len(_parts(formula)) != len(_parts(side)) or not parts:
            return
        found: list[Binding] = []
        for one, other in parts:
            # The first way that fits a part is the plain one; others differ in depth only.
            bindings = self._best(self._match(one, other, depth))
            if bindings is None:
                return
            found += bindings
        yield found

    def _best(self, ways: Iterator[list[Binding]]) -> list[Binding] | None:
        best: list[Binding] | None = None
        for bindings in ways:
            if all(self._judge(binding) is None for binding in bindings):
                return bindings
            best = best if best is not None else bindings
        return best

    def _same(self, formula: Expression, side: Expression) -> bool:
        try:
            return equal(evaluate(formula, self.world), evaluate(side, self.world))
        except Unbound:
            return False

    def _is_scalar(self, formula: Expression) -> bool:
        try:
            return isinstance(evaluate(formula, self.world), Decimal)
        except Unbound:
            return False

    def _judge(self, binding: Binding) -> Problem | None:
        """Return what is wrong with a bound number: it must be exact if given, else rounded."""
        number = binding.number
        true = binding.true(self.world)
        what = ("-" if binding.negated else "") + _text(binding.stands_for)
        if self._is_given(binding.stands_for):
            if number.value == true:
                return None
            message = f"{number.text} is printed; it stands for {what}, which is {_show(true)}"
            return Problem(number.start, number.end, message, binding, _show(true))
        right = rounded(true, number.unit)
        if number.value == right:
            return None
        instead = like(number, right)
        message = (
            f"{number.text} is printed; it stands for {what}, which is {_show(true)}; "
            f"print {instead}"
        )
        return Problem(number.start, number.end, message, binding, instead)

    def _is_given(self, expression: Expression) -> bool:
        if not isinstance(expression, Name) or expression.round:
            return False
        canonical = self.world.canonical(expression)
        return canonical == RATE or canonical in self.world.graph.givens

    def _recompute(self, printed: list[Expression], report: Report) -> None:
        """Hold results against what a reader gets from the printed digits: one unit off at most."""
        if report.problems:
            return
        results = [side for side in printed if _lone(side)]
        for side in printed:
            if _lone(side):
                continue
            try:
                value = evaluate(side, self.world)
            except Unbound:
                continue
            for result in results:
                number = next(latex.numbers(result))
                shown = evaluate(result, self.world)
                if not isinstance(value, Decimal) or not isinstance(shown, Decimal):
                    continue
                if abs(rounded(value, number.unit) - shown) > number.unit:
                    message = (
                        f"{number.text} is printed, but the digits before it give {_show(value)}; "
                        "print more digits there"
                    )
                    report.problems.append(Problem(number.start, number.end, message))

    def _numbers_alone(self, chain: Chain, report: Report) -> None:
        """Bind a chain without names to the nearest chain in symbols of the same form."""
        best: list[Binding] | None = None
        fewest = 0
        for earlier in reversed(self._chains):
            bindings = self._match_chain(earlier, chain)
            if bindings is None:
                continue
            wrong = sum(self._judge(binding) is not None for binding in bindings)
            if best is None or wrong < fewest:
                best, fewest = bindings, wrong
            if not wrong:
                break
        if best is None:
            start, end = _extent(chain.sides[0])
            message = "not bound: a number without a name; write what it is, as in a = b"
            report.problems.append(Problem(start, end, message))
            return
        report.bindings += best
        report.problems += [problem for b in best if (problem := self._judge(b))]

    def _match_chain(self, formula: Chain, chain: Chain) -> list[Binding] | None:
        """Return the bindings of a chain in numbers by one in symbols, side by side."""
        if len(formula.sides) != len(chain.sides):
            return None
        found: list[Binding] = []
        for one, other in zip(formula.sides, chain.sides, strict=True):
            bindings = self._best(self._match(one, other, 1))
            if bindings is None:
                return None
            found += bindings
        return found

    def _order(self, chain: Chain, report: Report) -> None:
        """Check relations such as a < b, between neighbors."""
        try:
            values = [evaluate(side, self.world) for side in chain.sides]
        except Unbound as error:
            start, end = _extent(chain.sides[0])
            report.problems.append(Problem(start, end, f"not understood: {error}"))
            return
        for k, relation in enumerate(chain.relations):
            left, right = values[k], values[k + 1]
            holds = _ORDERS.get(relation, equal)
            if not isinstance(left, Decimal) or not isinstance(right, Decimal):
                outcome = False
            else:
                outcome = holds(left, right)
            if not outcome:
                start, end = _extent(chain.sides[k + 1])
                message = f"not true: {_show(left)} {relation} {_show(right)}"
                report.problems.append(Problem(start, end, message))

    def _remember(self, chain: Chain, exact: list[Expression]) -> None:
        """Keep what was said in symbols, for numbers that follow."""
        if len(exact) == len(chain.sides):
            self._chains.append(chain)
        for side in exact:
            others = [other for other in exact if other is not side and not _lone(other)]
            known = self._said.setdefault(_bare(side), [])
            known[:0] = [other for other in others if other not in known]


_ORDERS = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\lt": lambda a, b: a < b,
    r"\gt": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b,
    r"\leq": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
    r"\geq": lambda a, b: a >= b,
    r"\ne": lambda a, b: not equal(a, b),
    r"\neq": lambda a, b: not equal(a, b),
}


def rounded(value: Decimal, unit: Decimal) -> Decimal:
    """Round to a unit in the last place; half-way cases go away from zero, as taught at school."""
    with localcontext(PRECISE):
        return value.quantize(unit, ROUND_HALF_UP)


def like(number: Number, value: Decimal) -> str:
    """Write a value in the form of a printed number: as many digits, the same power of ten."""
    mantissa, times, power = number.text.partition("\\")
    if times:
        exponent = int(number.unit.adjusted()) + _places(mantissa)
        return f"{value.scaleb(-exponent):f}{mantissa[len(mantissa.rstrip()):]}{times}{power}"
    return f"{value:f}"


def _places(mantissa: str) -> int:
    return len(mantissa.strip().partition(".")[2])


def _is_printed(side: Expression, chain: Chain, k: int) -> bool:
    """Tell whether a side shows decimals; after an approximate sign a whole number does too."""
    about = k > 0 and chain.relations[k - 1] in (r"\approx", r"\simeq")
    return any(n.is_decimal for n in latex.numbers(side)) or (about and _lone(side))


def _lone(side: Expression) -> bool:
    """Tell whether a side is one number, with or without a minus."""
    return isinstance(side.body if isinstance(side, Negative) else side, Number)


def _bare(expression: Expression) -> Expression:
    """Return an expression without the places of its names, so that equal ones are equal."""
    if isinstance(expression, Name):
        return Name(expression.key, round=expression.round)
    if isinstance(expression, latex.Derivative):
        return latex.Derivative(_bare(expression.of), _bare(expression.wrt))  # type: ignore[arg-type]
    return expression


def _without_ones(expression: Expression) -> Expression:
    """Drop factors of 1, which some write and some do not: b \\times 1."""
    if not isinstance(expression, Product):
        return expression
    factors = [
        f for f in expression.factors if not (isinstance(f, Number) and f.text == "1")
    ]
    if len(factors) == len(expression.factors) or not factors:
        return expression
    return Product(tuple(factors), expression.elementwise) if len(factors) > 1 else factors[0]


def _parts(expression: Expression) -> Sequence[Expression]:
    """Return what an expression is made of, in order."""
    parts: list[Expression] = []
    for each in fields(expression):
        value = getattr(expression, each.name)
        for item in value if isinstance(value, tuple) else (value,):
            parts += item if isinstance(item, tuple) else (item,)
    return [part for part in parts if isinstance(part, Expression)]  # type: ignore[misc, arg-type]


def _extent(expression: Expression) -> tuple[int, int]:
    """Return where an expression stands in its formula."""
    places = [
        (node.start, node.end)
        for node in latex.walk(expression)
        if isinstance(node, Number | Name) and node.end
    ]
    return (min(p[0] for p in places), max(p[1] for p in places)) if places else (0, 1)


def _show(value: Value) -> str:
    """Write a value with twelve digits, without needless zeros."""
    if isinstance(value, np.ndarray):
        rows = ["[" + ", ".join(_show(entry) for entry in row) + "]" for row in value]
        return "[" + ", ".join(rows) + "]"
    return f"{float(value):.12g}"


def _text(expression: Expression) -> str:
    """Write an expression as plain text, for messages."""
    match expression:
        case Number():
            return expression.text
        case Name():
            mark = {0: "", 1: "+"}.get(expression.round, f"^({expression.round})")
            return expression.key + mark
        case latex.Derivative(of, wrt):
            return f"d{_text(of)}/d{_text(wrt)}"
        case Negative(body):
            return f"-({_text(body)})" if isinstance(body, latex.Sum) else f"-{_text(body)}"
        case latex.Sum(terms):
            return " + ".join(map(_text, terms)).replace("+ -", "- ")
        case Product(factors):
            return " * ".join(
                f"({_text(f)})" if isinstance(f, latex.Sum | Negative) else _text(f)
                for f in factors
            )
        case latex.Quotient(above, below):
            return f"({_text(above)}) / ({_text(below)})"
        case latex.Power(base, exponent):
            return f"({_text(base)})^{_text(exponent)}"
        case latex.Call(function, argument):
            return f"{function}({_text(argument)})"
        case _:
            return "the expression"

"""Check formulas: bind each printed number to what it stands for, and compare the two."""

import random
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

import numpy as np

from backprop.formulas.bind import (
    Binding,
    Problem,
    is_given,
    is_lone,
    is_percentage,
    problem_of,
    show,
    text_of,
)
from backprop.formulas.chains import (
    ORDERS,
    Reader,
    as_equation,
    claims,
    first_without_blank,
    is_exact,
    is_printed,
    primed_names,
    recomputable,
    split,
    with_deltas,
    with_listed,
)
from backprop.formulas.doubt import doubt, is_a_round_later
from backprop.formulas.evaluate import evaluate, names_in, value_if_any
from backprop.formulas.forms import with_targets
from backprop.formulas.kinds import Kind
from backprop.formulas.latex import ABOUT, LESS, MORE, STRICT, UNEQUAL, LatexError
from backprop.formulas.match import best_way, equal_in, identical, writes_given
from backprop.formulas.networks import draw
from backprop.formulas.values import Unbound, Value, equal
from backprop.formulas.world import World
from backprop.symbolic import expressions
from backprop.symbolic.expressions import (
    Blank,
    Chain,
    Derivative,
    Expression,
    Matrix,
    Name,
    Negative,
    Number,
    has_blank,
    has_names,
)
from backprop.symbolic.letters import symbol_key
from backprop.symbolic.rounding import rounded

FORMULAS_KEPT = 12  # for each side, of those that it is said to equal
CHAINS_KEPT = 50  # of those in symbols
DIGITS_OF_ROUNDING = 3  # a number beside < with as many digits is a rounding, not a chosen bound

EDGE_VALUES = ("0", "0.001", "-0.001", "5", "-5", "50", "-50")  # where an inequality may fail


@dataclass
class Report:
    """The result of checking a formula.

    Attributes:
        chains: how many chains were checked.
        sides: the bindings of each side, with the world they are compared with.
        problems: what is wrong.
    """

    chains: int = 0
    sides: list[tuple[list[Binding], World]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def bound(self) -> list[tuple[Binding, World]]:
        """The bindings, each with the world it is compared with."""
        return [(binding, world) for side, world in self.sides for binding in side]

    @property
    def bindings(self) -> list[Binding]:
        """The bindings alone."""
        return [binding for binding, _ in self.bound]


_INDEX = re.compile(r"(?<![A-Za-z])[ijklmnL](?![A-Za-z])")


class Binder:
    r"""Checks the formulas of a page in order, and remembers those in symbols.

    Attributes:
        world: the true values, and what the page has defined.
        variables: the names that an identity has brought in.
        functions: those of them that have appeared with a prime, such as u in u'. Each is
            defined once, possibly as a constant: u = 1.
        constants: the value last given to any other variable, as in x = 2. It is put in where
            numbers follow, as in x^2 = 4; an identity must hold for every x.
        other_givens: whether several of the givens last put into a formula differ from those of
            the page, which then goes on with another sample or another network.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.variables: set[str] = set()
        self.functions: set[str] = set()
        self.constants: dict[str, Expression] = {}
        self.other_givens = False
        self._reader = Reader()
        self._lists = False  # whether a side of the chain lists numbers
        self._formulas: dict[Expression, list[Expression]] = {}  # what each side is said to equal
        self._chains: deque[Chain] = deque(maxlen=CHAINS_KEPT)

    def read(self, source: str, subject: Expression | None = None) -> Report:
        """Check one formula.

        Args:
            source: LaTeX without its dollars.
            subject: what a lone number stands for, such as the heading of its table column.
        """
        report = Report()
        try:
            chains = self.world.chains(source)
        except LatexError as error:
            end = min(error.offset + 1, len(source))
            report.problems.append(Problem(error.offset, end, f"not understood: {error}"))
            return report
        for chain, listed in with_listed(chains, source):
            report.chains += 1
            meant = as_equation(subject, self._reader.meant(chain, self.world))
            self._chain(meant, report)
            if listed:  # a number that is wrong for one name may be right for another
                report.problems += self._each(listed, chain)
                report.problems = [replace(each, certain=False) for each in report.problems]
        _doubt_all(report)
        self._note_other_givens(report)
        return report

    def _each(self, names: Sequence[Name], chain: Chain) -> list[Problem]:
        """Return what is wrong with `a, b = 2` for a; its numbers are bound to b."""
        other = Report()
        for name in names:
            if self.world.knows(name):
                meant = replace(chain, sides=(name, *chain.sides[1:]))
                self._chain(self._reader.meant(meant, self.world), other)
        messages = (problem.message.partition("; print ")[0] for problem in other.problems)
        return [
            replace(problem, message=f"{said}; write a = b of each", instead="")
            for problem, said in zip(other.problems, messages, strict=True)
        ]

    def _note_other_givens(self, report: Report) -> None:
        """Report no number as surely wrong where a formula uses other givens than the page's."""
        for side, world in report.sides:
            given = [each.right(world) for each in side if is_given(each.stands_for, world)]
            if len(given) > 1:
                self.other_givens = given.count(False) > 1
        if self.other_givens:
            report.problems = [
                replace(problem, sure=False, certain=False) for problem in report.problems
            ]

    def _is_opposite(self, exact: list[Expression]) -> bool:
        """Tell whether sides are equal only after the sign of each delta is changed."""
        sides = with_deltas((*exact,), self.world, negated=True)
        return sides != (*exact,) and identical(sides, self.world)

    def _chain(self, chain: Chain, report: Report) -> None:
        """Check one chain, split where one side is less than the next."""
        if all(isinstance(side, Blank) for side in chain.sides):
            return
        equations, orders = split(chain)
        try:
            for equation in equations:
                if (len(equation.sides) > 1 or not orders) and not self._records_constant(equation):
                    self._equation(equation, report)
            if orders:
                self._order([first_without_blank(equation) for equation in equations], orders)
                self._order_in_print(equations, orders)
        except _WrongChain as stop:
            report.problems += stop.problems

    def _records_constant(self, chain: Chain) -> bool:
        """Record `x = 2` as the value of x, if an earlier identity has introduced x."""
        if len(chain.sides) != 2 or chain.relations != ("=",):
            return False
        name, side = chain.sides
        plain = is_exact(side) and not has_names(side)
        if not plain or not isinstance(name, Name) or name.key in self.functions:
            return False
        if name.key not in self.variables & self._unknown_names([name]).keys():
            return False
        if isinstance(side, Matrix) or not isinstance(_value(side, self.world), Decimal):
            return False
        self.constants[name.key] = side
        return True

    def _equation(self, chain: Chain, report: Report) -> None:
        """Judge a chain: in numbers, by the values that its variables were given."""
        self._lists = any(isinstance(side, Matrix) for side in chain.sides)
        in_symbols = [side for side in chain.sides if has_names(side)]
        if len(in_symbols) == len(chain.sides) or not self._has_constants(in_symbols):
            self._judge(chain, report)
            return
        plain = [side for side in in_symbols if is_exact(side)]
        if len(plain) > 1:
            self._agree(plain, alone=True)
        general = self.world
        self.world = replace(general, defined={**general.defined, **self.constants})
        try:
            self._judge(chain, report)
        finally:
            self.world = general

    def _has_constants(self, sides: list[Expression]) -> bool:
        names = [name for side in sides for name in expressions.names(side)]
        return not self._by_key(names).keys().isdisjoint(self.constants)

    def _by_key(self, names: Iterable[Name]) -> dict[str, Name]:
        """Return names, and those in the definitions of some of them, by their keys."""
        found = {name.key: name for name in names}
        for key in found.keys() & self.world.defined.keys():
            found |= {name.key: name for name in expressions.names(self.world.defined[key])}
        return found

    def _judge(self, chain: Chain, report: Report) -> None:
        """Check that the sides in symbols agree, then bind the numbers and judge them."""
        exact, printed = self._parted(chain)
        problems: list[Problem] = []
        if not exact and printed:
            sides = [self._numbers_alone(chain)]
        else:
            self._agree(exact, alone=not printed)
            sides, problems = self._bound(printed, exact)
            self._remember(chain, exact)
        report.sides += ((side, self.world) for side in sides)
        problems += [
            problem_of(binding, self.world)
            for side in sides
            for binding in side
            if not binding.right(self.world)
        ]
        report.problems += problems or self._recompute(chain)

    def _parted(self, chain: Chain) -> tuple[list[Expression], list[tuple[Expression, bool]]]:
        """Return the sides in symbols, and those in numbers with whether they are approximate."""
        exact, printed = [], []
        named = [side for side in chain.sides if has_names(side)]
        if self._unknown_names(named):
            named = []
        for relation, side in zip(("=", *chain.relations), chain.sides, strict=False):
            about = relation == ABOUT and (is_lone(side) or is_percentage(side))
            # Whole numbers are givens too, unless the side is the same in every network.
            given = bool(named) and not has_names(side)
            if given and not is_lone(side):
                given = not identical((named[0], side), self.world)
            if given and not about and any(writes_given(x, side, self.world) for x in named):
                continue
            if not is_exact(side) or about or given:
                printed.append((side, about))
            else:
                exact.append(side)
        return exact, printed

    def _agree(self, exact: list[Expression], *, alone: bool) -> None:
        """Check that the sides in symbols are equal, here and in other networks."""
        if alone and len(exact) == 1 and self._is_mention(exact[0]):
            return
        unknown = self._unknown_names(exact)
        if alone and self._records_definition(exact, unknown):
            return
        if unknown and not (alone and len(exact) > 1):
            raise self._stopped_by(unknown.values(), alone=alone)
        for one, other in pairwise(exact):
            if one == other:
                raise _WrongChain(
                    _problem(other, "both sides are the same, which says nothing", Kind.UNBOUND)
                )
        try:
            for world in self._worlds(exact, unknown):
                self._compare(exact, world)
        except _WrongChain:
            mistaken = self._mistaken(exact, unknown)
            if not mistaken:
                raise
            raise self._stopped_by(mistaken) from None
        if self.world.keeps_targets and not unknown:
            self._agree_for_any_targets(exact)
        self.variables |= unknown.keys()
        self.functions |= unknown.keys() & primed_names(exact)

    def _agree_for_any_targets(self, exact: list[Expression]) -> None:
        """Check that sides that name a target are equal for other targets than 0 and 1, too.

        A side without a name of theirs may have them put in, and is left out.

        Raises:
            _WrongChain: they are not.
        """
        targets = {side: self._targets_in(side) for side in exact}
        named = [side for side in exact if targets[side] or isinstance(side, Name | Derivative)]
        drawn = frozenset[str]().union(*targets.values())
        if not drawn or len(named) < 2:
            return
        others: list[Iterable[str]] = [()]
        if self.world.graph.form.loss_entry.targets != "shares":  # which change together
            others.append(self.world.targets.keys() - drawn)  # which the sides may have put in
        if any(equal_in(self.world.with_any_targets(kept), named) for kept in others):
            return
        message = "the sides are equal only since a target is 0 or 1; put it in, or keep all terms"
        raise _WrongChain(_problem(next(s for s in named if targets[s]), message, Kind.UNEQUAL))

    def _targets_in(self, side: Expression) -> frozenset[str]:
        """Return the graph's names of the targets that a side names, its sums written out."""
        found: set[str] = set()
        for name in self._names([side]):
            if canonical := self.world.canonical(name):
                found.add(canonical)
            elif isinstance(self.world.value(name), np.ndarray):
                found.update(entry for row in self.world.entries(name) for entry in row)
        return frozenset(found & self.world.targets.keys())

    def _mistaken(self, exact: list[Expression], unknown: Mapping[str, Name]) -> list[Name]:
        """Return the unknown names of a false equation that are mistakes, not variables.

        A variable has been introduced by an identity, or occurs on two sides: with q on one side
        only, q = 10 and q = (t - y)^2 cannot be identities. Next to names of the page, every
        unknown name is a mistake.
        """
        if self._mixes_names(exact, unknown):
            return [*unknown.values()]
        new = [name for key, name in unknown.items() if key not in self.variables]
        sides = [set(expressions.names(side)) for side in exact]
        return [name for name in new if not all(sides) or sum(name in s for s in sides) < 2]

    def _mixes_names(self, sides: Sequence[Expression], unknown: Mapping[str, Name]) -> bool:
        """Tell whether both names of the page and unknown names occur in sides."""
        names = {name.key: name for side in sides for name in expressions.names(side)}
        known = [key for key in names.keys() - unknown.keys() if self._is_known(names[key])]
        return bool(unknown and known)

    def _compare(self, exact: list[Expression], world: World) -> None:
        """Check that sides are equal in a world."""
        values = [_value(side, world) for side in exact]
        for side, value in zip(exact[1:], values[1:], strict=True):
            if equal(values[0], value):
                continue
            one, other = text_of(exact[0]), text_of(side)
            says = (
                f"{one} is {show(values[0])}, {other} is {show(value)}{_for_variables(world.free)}"
            )
            if world.graph is not self.world.graph:
                says = f"{one} and {other} agree for the numbers of this page, not for others"
            problem = _problem(side, f"the sides are not equal: {says}", Kind.UNEQUAL)
            false = world.graph is self.world.graph and not self._is_opposite(exact)
            raise _WrongChain(replace(problem, false=false))

    def _is_mention(self, side: Expression) -> bool:
        """Tell whether a formula only mentions a name, and claims nothing."""
        if isinstance(side, Derivative):
            return self._is_mention(side.of) and self._is_mention(side.wrt)
        return isinstance(side, Name) and (
            self.world.is_label(side) or self.world.knows(side) or self._is_any(side)
        )

    def _is_any(self, name: Name) -> bool:
        """Tell whether a name stands for any of several: a_j where a_1 is one, or the index j."""
        if not self.world.freely:
            return False
        if _INDEX.fullmatch(name.key):
            return True
        key = name.key if "^" in name.key else f"{name.base}_{{{name.subscript.replace('_', ',')}}}"
        numbered = {_INDEX.sub(digit, key) for digit in "123456789"} - {key} | {f"{key}_1"}
        return any(self.world.knows(Name(symbol_key(each))) for each in numbered)

    def _unknown_names(self, exact: Sequence[Expression]) -> dict[str, Name]:
        """Return the names that have no value on this page: variables, or mistakes."""
        names = self._by_key(self._names(exact))
        unknown = {key: name for key, name in names.items() if not self._is_known(name)}
        arrays = [key for key in names.keys() - unknown.keys() if self._is_array(names[key])]
        if not self._lists and len(arrays) == 1 and len(arrays[0]) == 1 and arrays[0].islower():
            # A lone z is any z, not all of them.
            unknown[arrays[0]] = names[arrays[0]]
        return unknown

    def _names(self, sides: Sequence[Expression]) -> list[Name]:
        """Return the names in sides, sums written out."""
        try:
            return [name for side in sides for name in names_in(side, self.world)]
        except Unbound as error:
            raise _WrongChain(_problem(sides[0], f"not understood: {error}")) from None

    def _stopped_by(self, names: Iterable[Name], *, alone: bool = False) -> "_WrongChain":
        """Return what stops the check of a chain with names that the page does not have."""
        return _WrongChain(*(self._unknown(name, alone=alone) for name in names))

    def _unknown(self, name: Name, *, alone: bool) -> Problem:
        message = unknown = ""
        try:
            self.world.value(name)
        except Unbound as error:
            message = str(error)
        if message in ("", f"{name.key} is no name of this page"):
            unknown, message = name.key, f"{name.key} is no name of this page"
        variable = name.key if alone else ""
        kind = Kind.UNKNOWN_NAME if unknown else Kind.NOT_UNDERSTOOD
        where = name.start, name.end
        return Problem(*where, message, variable=variable, unknown=unknown, kind=kind)

    def _is_known(self, name: Name) -> bool:
        return name.key in self.world.defined or self.world.knows(name)

    def _is_array(self, name: Name) -> bool:
        return name.key not in self.world.defined and isinstance(self.world.value(name), np.ndarray)

    def _worlds(self, exact: list[Expression], unknown: dict[str, Name]) -> Iterator[World]:
        """Yield the page's world, and others if there is an identity to test."""
        dice = random.Random(1)  # noqa: S311  # any numbers do, but the same ones in every run
        primed = sorted(primed_names(exact) & unknown.keys())
        variables = [*unknown, *(f"{name}'" for name in primed)]
        for world in (self.world, *(self.world.others if len(exact) > 1 else ())):
            free = {name: draw(dice) for name in variables}
            yield replace(world, free=free) if free else world

    def _records_definition(self, exact: list[Expression], unknown: dict[str, Name]) -> bool:
        """Record `v = 1 + e^{-z}` as a definition, if an earlier identity has introduced v."""
        if len(exact) != 2 or not isinstance(exact[0], Name):
            return False
        key = exact[0].key
        inside = {name.key for name in expressions.names(exact[1])}
        if key not in self.variables & unknown.keys() or inside & {key, *self.world.defined}:
            return False
        if not inside and key not in self.functions:
            return False
        self.constants.pop(key, None)
        self.variables |= unknown.keys()
        self.world = replace(self.world, defined={**self.world.defined, key: exact[1]})
        return True

    def _bound(
        self, printed: list[tuple[Expression, bool]], exact: list[Expression]
    ) -> tuple[list[list[Binding]], list[Problem]]:
        """Bind the numbers of each side to the formula that they are substituted into."""
        formulas = [*reversed(exact), *(f for one in exact for f in self._formulas.get(one, ()))]
        if self.world.freely:
            formulas += [with_targets(formula, self.world) for formula in formulas]
        # Where the chain has its formula in symbols, the numbers stand in the order of these.
        reorder = self.world.freely or all(isinstance(one, Name | Derivative) for one in exact)
        sides: list[list[Binding]] = []
        problems: list[Problem] = []
        for side, about in printed:
            way = best_way(formulas, side, self.world, reorder=reorder)
            if way is None:
                if unknown := self._unknown_names([side]):
                    raise self._stopped_by(unknown.values())
                message = "not bound: no earlier formula has numbers in these places"
                if has_blank(side):
                    message = message.replace("numbers", "numbers and blanks")
                problems.append(_problem(side, message, Kind.UNBOUND))
            else:
                sides.append([replace(b, exact=b.exact and not about) for b in way])
        return sides, problems

    def _recompute(self, chain: Chain) -> Iterator[Problem]:
        """Compare results with what the printed digits give: they may differ by one unit."""
        sides, results = recomputable(chain)
        for side in sides:
            value = _value(side, self.world)
            if isinstance(value, Decimal):
                yield from _far_from(value, results)

    def _numbers_alone(self, chain: Chain) -> list[Binding]:
        """Bind a chain without names to the nearest chain in symbols of the same form."""
        earlier = self._chains if chain.relations else ()
        found = [way for each in earlier if (way := self._match_chain(each, chain)) is not None]
        if not found:
            message = "not bound: a number without a name; write what it is, as in a = b"
            raise _WrongChain(_problem(chain.sides[0], message, Kind.UNBOUND))
        return min(found, key=lambda way: sum(not binding.right(self.world) for binding in way))

    def _match_chain(self, formula: Chain, chain: Chain) -> list[Binding] | None:
        """Return the bindings of a chain in numbers by one in symbols, side by side."""
        if len(formula.sides) != len(chain.sides):
            return None
        found: list[Binding] = []
        for one, other in zip(formula.sides, chain.sides, strict=True):
            bindings = best_way([one], other, self.world, steps=1)
            if bindings is None:
                return None
            found += bindings
        return found

    def _order(self, sides: list[Expression], orders: Sequence[str]) -> None:
        """Check relations such as a < b, between neighbors."""
        unknown = self._unknown_names(sides)
        if not any(name for side in sides for name in expressions.names(side)):
            message = "not bound: numbers without a name; write what one of them is"
            raise _WrongChain(_problem(sides[0], message, Kind.UNBOUND))
        try:
            for world in self._worlds(sides, unknown) if unknown else [self.world]:
                for one, relation, other in claims(sides, orders):
                    self._check_relation(relation, one, other, world)
            self._order_at_edges(sides, orders, unknown)
        except _WrongChain:
            alone = [side for side in sides if isinstance(side, Name)]
            mistaken = [name for name in alone if name.key in unknown.keys() - self.variables]
            if self._mixes_names(sides, unknown):
                mistaken = [*unknown.values()]
            if not mistaken:
                raise
            raise self._stopped_by(mistaken) from None

    def _order_at_edges(
        self, sides: list[Expression], orders: Sequence[str], unknown: Mapping[str, Name]
    ) -> None:
        """Check relations in free variables at values near 0 and far from it."""
        for edge in map(Decimal, EDGE_VALUES if unknown else ()):
            world = replace(self.world, free=dict.fromkeys(unknown, edge))
            for one, relation, other in claims(sides, orders):
                # z \ne 0 is a condition, not a claim about each z.
                values = (value_if_any(side, world) for side in (one, other))
                if relation in (*LESS, *MORE) and all(value is not None for value in values):
                    self._check_relation(relation, one, other, world)

    def _check_relation(
        self, relation: str, one: Expression, other: Expression, world: World
    ) -> None:
        """Check a relation by the values of its sides."""
        left, right = _value(one, world), _value(other, world)
        if _is_true(relation, left, right):
            return
        says = f"{show(left)} {relation} {show(right)}{_for_variables(world.free)}"
        if world.graph is not self.world.graph:
            says = "it holds for the numbers of this page, not for others"
        raise _WrongChain(_problem(other, f"not true: {says}", Kind.UNEQUAL))

    def _order_in_print(self, equations: Sequence[Chain], orders: Sequence[str]) -> None:
        """Check that the digits printed beside a relation are in that order too."""
        for (before, after), relation in zip(pairwise(equations), orders, strict=True):
            left = next(filter(is_printed, reversed(before.sides)), None)
            right = next(filter(is_printed, after.sides), None)
            if left is None or right is None or relation == UNEQUAL:
                self._differs_in_print(before, relation, right)
                self._differs_in_print(after, relation, left)
            if left is None or right is None:
                continue
            values = _value(left, self.world), _value(right, self.world)
            if not _is_true(relation, *values):
                one, other = map(show, values)
                message = (
                    f"{one} {relation} {other} is printed, which is not true; print more digits"
                )
                raise _WrongChain(_problem(right, message, Kind.DIGITS))

    def _differs_in_print(self, said: Chain, relation: str, side: Expression | None) -> None:
        r"""Check that a number beside `<`, `>` or `\ne` is not what the other side is rounded to.

        A bound of one or two digits, as in E < 0.3, is chosen and not rounded; whole numbers
        are exact.
        """
        if side is None or not is_lone(side) or relation not in (*STRICT, UNEQUAL):
            return
        [number] = expressions.numbers(side)
        bound = relation in STRICT and len(number.value.as_tuple().digits) < DIGITS_OF_ROUNDING
        named = next((one for one in said.sides if has_names(one)), None)
        if named is None or bound or not number.is_decimal or self._unknown_names([named]):
            return
        value, shown = _value(named, self.world), _value(side, self.world)
        source = text_of(side)
        if isinstance(value, Decimal) and rounded(value, number.unit) == shown:
            message = (
                f"{source} is printed, and {text_of(named)} prints the same with so many digits; "
                "print more digits"
            )
            raise _WrongChain(_problem(side, message, Kind.DIGITS))

    def _remember(self, chain: Chain, exact: list[Expression]) -> None:
        """Keep the sides in symbols, to bind the numbers of later chains to them."""
        if len(exact) == len(chain.sides) > 1 and chain not in self._chains:
            self._chains.appendleft(chain)
        forms = [side for side in exact if not is_lone(side)]
        for side in forms:
            known = self._formulas.get(side, [])
            others = [other for other in forms if other != side]
            self._formulas[side] = list(dict.fromkeys([*others, *known]))[:FORMULAS_KEPT]


class _WrongChain(Exception):  # noqa: N818  # it stops the check of one chain
    """A chain that is wrong in a way that leaves nothing more to check.

    All checks of the binder raise it where what they check does not hold or has no value.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = list(problems)


def _doubt_all(report: Report) -> None:
    """Add to each wrong number what else it may mean; if one may, no correction is certain."""
    wrong = [
        (binding, side, world)
        for side, world in report.sides
        for binding in side
        if not binding.right(world)
    ]
    doubts = {id(each): doubt(each, side, report.bound, world) for each, side, world in wrong}
    hints = {each: f" ({hint})" for each, hint in doubts.items() if hint}
    later = {id(each) for each, _, world in wrong if is_a_round_later(each, world)}
    certain = not hints and not later
    report.problems = [
        replace(
            problem,
            message=problem.message + hints.get(id(problem.binding), ""),
            certain=problem.certain and certain,
            sure=problem.sure and id(problem.binding) not in later,
        )
        for problem in report.problems
    ]


def _far_from(value: Decimal, results: Sequence[Expression]) -> Iterator[Problem]:
    """Yield a problem for each result that differs from a recomputed value by over one unit."""
    for result in results:
        [number] = expressions.numbers(result)
        shown = number.value.copy_negate() if isinstance(result, Negative) else number.value
        if abs(rounded(value, number.unit) - shown) > number.unit:
            message = (
                f"{number.text} is printed, but the digits before it give {show(value)}; "
                "print more digits there"
            )
            yield Problem(number.start, number.end, message, kind=Kind.DIGITS)


def _for_variables(free: Mapping[str, Decimal]) -> str:
    """Return the values of the free variables, for the end of a message."""
    values = [f"{name} = {show(value)}" for name, value in free.items()]
    return f", for {', '.join(values)}" if values else ""


def _is_true(relation: str, left: Value, right: Value) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return ORDERS[relation](left, right)
    return False


def _value(side: Expression, world: World) -> Value:
    """Return the value of a side."""
    try:
        return evaluate(side, world)
    except Unbound as error:
        raise _WrongChain(_problem(side, f"not understood: {error}")) from None


def _problem(side: Expression, message: str, kind: Kind = Kind.NOT_UNDERSTOOD) -> Problem:
    """Return a problem with a whole side."""
    places = [
        (part.start, part.end)
        for part in expressions.walk(side)
        if isinstance(part, Number | Name) and part.end
    ]
    start = min((start for start, _ in places), default=0)
    return Problem(start, max((end for _, end in places), default=1), message, kind=kind)

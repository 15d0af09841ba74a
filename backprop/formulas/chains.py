"""Read a chain as its author means it, and take it apart at its relations.

Authors differ in what a prime means, in whether a change is the new value less the old one, and
in the sign of a delta.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from backprop.formulas.bind import is_lone, is_percentage
from backprop.formulas.evaluate import evaluate
from backprop.formulas.latex import LESS, MORE, STRICT, UNEQUAL
from backprop.formulas.match import identical
from backprop.formulas.values import Unbound, equal
from backprop.formulas.world import World
from backprop.symbolic import expressions
from backprop.symbolic.expressions import (
    Chain,
    Expression,
    Name,
    Negative,
    Prime,
    Product,
    Sum,
    has_blank,
    has_names,
    replaced,
)

Sides: TypeAlias = tuple[Expression, ...]

ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
    UNEQUAL: lambda a, b: not equal(a, b),
}

SPACE = r"(?:\s|~|\\[,:;!> ])*"
LISTED = re.compile(  # what stands between names of a list
    rf"{SPACE},{SPACE}(?:\\[cl]?dots{SPACE},{SPACE})?|{SPACE}\\text\{{,?\s*and\s*\}}{SPACE}"
)


@dataclass
class Reader:
    """Reads the chains of a page in order, and remembers the signs that its author uses.

    Attributes:
        change_negated: whether the change of a weight is the old value less the new one; None up
            to the first chain that tells.
        delta_negated: whether a delta is minus the derivative of the error; None likewise.
        updated: the weights and biases for which the page has written an update.
    """

    change_negated: bool | None = None
    delta_negated: bool | None = None
    updated: set[str] = field(default_factory=set)

    def meant(self, chain: Chain, world: World) -> Chain:
        """Return a chain with new values, changes and deltas written as the graph has them."""
        sides = self._with_new_values(chain, world)
        self.change_negated = _is_negated(sides, with_changes, world, before=self.change_negated)
        sides = with_changes(sides, world, negated=bool(self.change_negated))
        if world.freely:
            self.delta_negated = _is_negated(sides, with_deltas, world, before=self.delta_negated)
        return replace(chain, sides=with_deltas(sides, world, negated=bool(self.delta_negated)))

    def _with_new_values(self, chain: Chain, world: World) -> Sides:
        """Read w' as a weight or a bias after an update.

        On a page in a notation of its own, w = w - ... defines the new value, too.
        """

        def put(part: Expression) -> Expression | None:
            match part:
                case Prime(Name() as name) if _is_parameter(name, world):
                    return replace(name, round=name.round + 1)
            return None

        sides = replaced(chain.sides, put)
        if world.freely and chain.relations[:1] == ("=",):
            first, *others = sides
            old = isinstance(first, Name) and not first.round and _is_parameter(first, world)
            if isinstance(first, Name) and old and self._is_new(others[0], first, world):
                sides = (replace(first, round=1), *others)
        if sides and isinstance(sides[0], Name) and sides[0].round:
            self.updated.add(sides[0].key)
        return sides

    def _is_new(self, side: Expression, name: Name, world: World) -> bool:
        """Tell whether a side is the new value of a name, and not the old one.

        It is the old value less something, or a number nearer to the new value than to the old.
        """
        said = side.terms[0] if isinstance(side, Sum) else side
        if said == name or has_names(said) or has_blank(said):
            return said == name and side != name
        try:
            values = (evaluate(each, world) for each in (said, name, replace(name, round=1)))
            number, old, new = (np.asarray(value, dtype=object).ravel() for value in values)
        except Unbound:
            return False
        if isinstance(side, Sum):
            return equal(number, old)
        nearer = len(number) == len(old) and all(abs(number - new) < abs(number - old))
        return name.key in self.updated and nearer


def with_changes(sides: Sides, world: World, *, negated: bool) -> Sides:
    r"""Replace \Delta w by the new value of a parameter minus the old one, or by its opposite."""
    return replaced(sides, lambda part: _change(part, world, negated=negated))


def with_deltas(sides: Sides, world: World, *, negated: bool) -> Sides:
    """Return sides as they are, or with the opposite sign of each delta."""

    def put(part: Expression) -> Expression | None:
        canonical = world.canonical(part) if isinstance(part, Name) else None
        return Negative(part) if (canonical or "").startswith("delta_") else None

    return replaced(sides, put) if negated else sides


def _is_negated(
    sides: Sides, read: Callable[..., Sides], world: World, *, before: bool | None
) -> bool | None:
    """Tell whether sides are equal only when they are read with the opposite sign.

    If that cannot be told from these sides, or the page has told before, the answer is as before.
    """
    shown = tuple(side for side in sides if is_exact(side))
    plain, negated = (read(shown, world, negated=way) for way in (False, True))
    if before is not None or len(shown) < 2 or plain == negated:
        return before
    ways = identical(plain, world), identical(negated, world)
    return before if ways[0] == ways[1] else ways[1]


def _change(part: Expression, world: World, *, negated: bool) -> Expression | None:
    r"""Return a product with \Delta w written out, None for any other expression."""
    factors = part.factors if isinstance(part, Product) else ()
    for k, (sign, old) in enumerate(pairwise(factors)):
        if sign == Name("Delta") and isinstance(old, Name) and _is_parameter(old, world):
            new = replace(old, round=old.round + 1)
            terms = (old, Negative(new)) if negated else (new, Negative(old))
            rest = (*factors[:k], Sum(terms), *factors[k + 2 :])
            return Product(rest) if len(rest) > 1 else rest[0]
    return None


def _is_parameter(name: Name, world: World) -> bool:
    """Tell whether a name is that of a weight or a bias, or of a matrix or vector of them."""
    canonical = world.canonical(name)
    rows = world.notation.rows(name.key) if canonical is None else [[canonical]]
    entries = [entry for row in rows or [] for entry in row]
    return bool(entries) and all(entry.startswith(("w", "b")) for entry in entries)


def with_listed(chains: Sequence[Chain], source: str) -> Iterator[tuple[Chain, list[Name]]]:
    """Yield each chain with the names before it that share its claim, as a does in `a, b = 2`."""
    names: list[Name] = []
    waiting = [*chains]
    while waiting:
        chain = waiting.pop(0)
        first = chain.sides[0] if chain.sides else None
        if not isinstance(first, Name):
            yield chain, []
            names = [] if first else names  # dots go on with a list
            continue
        if not (names and LISTED.fullmatch(source, names[-1].end, first.start)):
            names = []
        if paired := _paired([*names, first], chain, waiting):
            yield from ((each, []) for each in paired)
            del waiting[: len(names)]
        else:
            yield chain, names if chain.relations else []
        names = [] if chain.relations else [*names, first]


def _paired(names: Sequence[Name], chain: Chain, following: Sequence[Chain]) -> list[Chain]:
    """Return a = 1 and b = 2 for `a, b = 1, 2`; none where it does not list as many numbers."""
    values = chain.sides[1:]
    for each in following[: len(names) - 1]:
        values += each.sides
    if len(names) < 2 or len(values) != len(names) or not all(map(is_lone, values)):
        return []
    pairs = zip(names, values, strict=True)
    return [Chain(pair, chain.relations) for pair in pairs]


def as_equation(subject: Expression | None, chain: Chain) -> Chain:
    """Make a lone number an equation with its subject."""
    if subject is None or not is_nameless(chain):
        return chain
    return Chain((subject, *chain.sides), ("=",))


def is_nameless(chain: Chain) -> bool:
    """Tell whether a chain is one side without names, which only a table head can give meaning."""
    return len(chain.sides) == 1 and not has_names(chain.sides[0])


def split(chain: Chain) -> tuple[list[Chain], list[str]]:
    """Split a chain at its inequalities: a = b < c = d."""
    cuts = [k for k, relation in enumerate(chain.relations) if relation in ORDERS]
    starts, ends = [0, *(k + 1 for k in cuts)], [*cuts, len(chain.relations)]
    equations = [
        Chain(chain.sides[start : end + 1], chain.relations[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    return equations, [chain.relations[k] for k in cuts]


def recomputable(chain: Chain) -> tuple[list[Expression], Sequence[Expression]]:
    """Return the sides that a reader can recompute, and the printed results."""
    results = [side for side in chain.sides if is_lone(side)]
    sides = [side for side in chain.sides if not is_lone(side)]
    sides = [side for side in sides if not is_percentage(side)]
    return [side for side in sides if not is_exact(side) and not has_blank(side)], results


def primed_names(sides: Sequence[Expression]) -> set[str]:
    """Return the names with a prime, which are functions of a variable."""
    return {
        part.body.key
        for side in sides
        for part in expressions.walk(side)
        if isinstance(part, Prime) and isinstance(part.body, Name)
    }


def first_without_blank(equation: Chain) -> Expression:
    """Return the first side without a blank, if there is one."""
    return next((side for side in equation.sides if not has_blank(side)), equation.sides[0])


def claims(
    sides: Sequence[Expression], orders: Sequence[str]
) -> Iterator[tuple[Expression, str, Expression]]:
    """Yield neighboring sides with their relation, skipping blanks between two of one direction."""
    shown = [k for k, side in enumerate(sides) if not has_blank(side)]
    for left, right in pairwise(shown):
        between = orders[left:right]
        if len(between) == 1 or any({*between} <= {*way} for way in (LESS, MORE)):
            strict = [relation for relation in between if relation in STRICT]
            yield sides[left], (strict or between)[0], sides[right]


def is_printed(side: Expression) -> bool:
    """Tell whether a side is in digits alone."""
    return not (has_blank(side) or has_names(side))


def is_exact(side: Expression) -> bool:
    """Tell whether neither a rounded number nor a blank stands in a side."""
    return not has_blank(side) and not any(one.is_decimal for one in expressions.numbers(side))

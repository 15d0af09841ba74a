"""Compare a side with numbers with a formula, to learn what each number stands for.

A number may stand in the place of any part of the formula: `0.0075 + 0.3200` is
`w_1 x_1 + (w_2 x_2 + b_1)` as well as any other sum of two. What makes this safe
is that each way is tried backwards: with the parts of the formula put back for
the numbers, the side must be equal to the formula in other networks too. A blank
may stand in the place of any part as well, except that a minus is always printed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, product
from typing import TypeAlias

from backprop.formulas.bind import Binding, Gap, bind, is_given, is_lone, is_percentage, start_of
from backprop.formulas.evaluate import agree, evaluate, value_if_any
from backprop.formulas.forms import written_out
from backprop.formulas.values import Unbound, equal
from backprop.formulas.world import World
from backprop.symbolic import expressions
from backprop.symbolic.derivatives import negative
from backprop.symbolic.expressions import (
    Blank,
    Expression,
    Matrix,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    has_blank,
    has_names,
    replaced,
    whole,
)

Way: TypeAlias = list[Binding | Gap]
Pair: TypeAlias = tuple[Expression, Expression]  # a formula, and a side with numbers

STEPS = 3  # how many formulas deep a name may be written out to meet printed numbers


def best_way(
    formulas: Sequence[Expression],
    side: Expression,
    world: World,
    steps: int = STEPS,
    *,
    reorder: bool = False,
) -> list[Binding] | None:
    """Return the bindings of a side by the formula that leaves the fewest of them wrong.

    Args:
        formulas: into which the numbers may have been put.
        side: with the numbers.
        world: the true values.
        steps: how many formulas deep names are written out.
        reorder: whether terms, factors and a difference that is squared may stand in another
            order than in the formula, where not all numbers are right in its own.

    Returns:
        None where no formula has numbers in these places.
    """
    best: Way | None = None
    fewest = 0, 0
    orders = (False, True) if reorder else (False,)
    for order, formula, each in product(orders, formulas, _with_transposes(side, world)):
        for way in _Matcher(world, order).ways(formula, each, steps):
            wrong = _wrong(way, world, reorder=order)
            if (best is None or wrong < fewest) and _holds(formula, each, way, world):
                best, fewest = way, wrong
            if best is not None and not fewest[0]:
                return _printed(best)
    return None if best is None else _printed(best)


def _wrong(way: Way, world: World, *, reorder: bool = False) -> tuple[int, int]:
    """Count the wrong numbers of a way, then those of the wrong sign: 0.8 is meant as 0.7.

    A 0.0 in another order may be the rounding of any small value, and counts as wrong.
    """
    right = sum(each.right(world) and (each.tells(world) or not reorder) for each in way)
    signs = [each.number.value * each.true(world) < 0 for each in _printed(way)]
    return len(way) - right, sum(signs)


def _with_transposes(side: Expression, world: World) -> Iterator[Expression]:
    """Yield a side, then the same with its vectors transposed, as authors often write them."""
    yield side

    def transposed(part: Expression) -> Expression | None:
        if isinstance(part, Matrix) and 1 in (len(part.rows), len(part.rows[0])):
            return Matrix(tuple(zip(*part.rows, strict=True)))
        return None

    if world.freely and (other := expressions.replaced(side, transposed)) != side:
        yield other


def _printed(way: Way) -> list[Binding]:
    return [each for each in way if isinstance(each, Binding)]


def identical(sides: Sequence[Expression], world: World) -> bool:
    """Tell whether sides are equal, in other networks too."""
    return equal_in((world, *world.others), sides)


def equal_in(worlds: Iterable[World], sides: Sequence[Expression]) -> bool:
    """Tell whether sides are equal in each of some worlds."""
    try:
        for each in worlds:
            first, *rest = (evaluate(side, each) for side in sides)
            if not all(equal(first, value) for value in rest):
                return False
    except Unbound:
        return False
    return True


def _holds(formula: Expression, side: Expression, way: Way, world: World) -> bool:
    """Tell whether a side equals its formula when what its numbers stand for is put in."""
    meant = {each.start: each.meant for each in way}

    def put(part: Expression) -> Expression | None:
        match part:
            case Number() | Blank():
                return meant.get(part.start)
            case Quotient() | Power():  # a given, written exactly
                return meant.get(start_of(part))
        return None

    back = replaced(side, put)
    return back == formula or identical((formula, back), world)


@dataclass(frozen=True)
class _Matcher:
    """Finds the ways in which a side is a formula with numbers in the places of its parts.

    Attributes:
        world: the true values.
        reorder: whether terms, factors and a difference that is squared may be in any order.
    """

    world: World
    reorder: bool

    def ways(self, formula: Expression, side: Expression, steps: int) -> Iterator[Way]:
        """Yield the ways in which a side is a formula with numbers in the places of its parts."""
        plain = _without_ones(formula), _without_ones(side)
        if plain != (formula, side):  # a factor of 1 may be a number that is put in: t is 1
            yield from self._by_part(formula, side, steps)
        formula, side = _without_percent(*plain)
        if _same(formula, side, self.world):
            yield []
        elif isinstance(side, Blank) or writes_given(formula, side, self.world):
            if not isinstance(formula, Negative):
                yield [Gap(side, formula)]
        elif is_lone(side):
            yield from _bound(side, formula, self.world)
        else:
            signed = _sign_inside(formula), _sign_inside(side)
            forms = [(formula, side), signed]
            if not has_blank(side):  # the sign of what goes into a blank is asked for
                forms.append((_cancelled(formula, self.world), _cancelled(side, self.world)))
            yield from self._in_forms(forms, steps)
            if steps:
                longer_ones = written_out(formula, self.world), _flattened(*signed, self.world)
                for longer in chain(*longer_ones, _spread(formula, side, self.world)):
                    yield from self.ways(longer, side, steps - 1)

    def _in_forms(self, forms: Iterable[Pair], steps: int) -> Iterator[Way]:
        """Match two expressions with their signs in several places, in order and then in any."""
        forms = dict.fromkeys(forms)
        for formula, side in forms:
            yield from self._by_part(formula, side, steps)
        for formula, side in forms if self.reorder else ():
            yield from self._in_any_order(formula, side, steps)

    def _by_part(self, formula: Expression, side: Expression, steps: int) -> Iterator[Way]:
        """Match two expressions of one kind part by part, in order."""
        if _form(formula) != _form(side) or isinstance(side, expressions.Name):
            return
        found: Way = []
        for one, other in zip(
            expressions.parts_of(formula), expressions.parts_of(side), strict=True
        ):
            way = self._best(self.ways(one, other, steps))
            if way is None:
                return
            found += way
        yield found

    def _in_any_order(self, formula: Expression, side: Expression, steps: int) -> Iterator[Way]:
        """Match the terms of a sum or the factors of a product in any order, and b - a for a - b.

        Each part of the side is matched with one of the formula that makes all its numbers right.
        If one part of the side remains, it is matched with the one that remains of the formula.
        """
        if (reversed_ := _reversed(formula)) is not None:
            yield from self._by_part(reversed_, side, steps)
        if _form(formula) != _form(side) or not isinstance(side, Sum | Product):
            return
        found: Way = []
        free, unmatched = expressions.parts_of(formula), []
        for part in expressions.parts_of(side):
            for k, one in enumerate(free):
                way = self._best(self.ways(one, part, steps))
                if way is not None and all(binding.right(self.world) for binding in way):
                    found += way
                    del free[k]
                    break
            else:
                unmatched.append(part)
        ways = [self._best(self.ways(*pair, steps)) for pair in zip(free, unmatched, strict=True)]
        if len(ways) < 2 and None not in ways:
            yield [*found, *(each for way in ways if way for each in way)]

    def _best(self, ways: Iterator[Way]) -> Way | None:
        """Return the first way without a wrong number, or else the first of the least wrong."""
        best: Way | None = None
        fewest = 0, 0
        for way in ways:
            wrong = _wrong(way, self.world)
            if best is None or wrong < fewest:
                best, fewest = way, wrong
            if not fewest[0]:
                break
        return best


def _without_percent(formula: Expression, side: Expression) -> tuple[Expression, Expression]:
    """Return a hundred times the formula, and the number before a percent sign."""
    if is_percentage(side):
        return Product((whole(100), formula)), side.above
    return formula, side


def _flattened(formula: Expression, side: Expression, world: World) -> Iterator[Expression]:
    """Yield a product with one factor written out as a product, where the side has more factors."""
    if not isinstance(formula, Product) or not isinstance(side, Product):
        return
    if len(formula.factors) >= len(side.factors) or formula.elementwise or side.elementwise:
        return
    for k, factor in enumerate(formula.factors):
        for longer in written_out(factor, world):
            if isinstance(longer, Product) and not longer.elementwise:
                before, after = formula.factors[:k], formula.factors[k + 1 :]
                yield Product((*before, *longer.factors, *after))


def _spread(formula: Expression, side: Expression, world: World) -> Iterator[Expression]:
    """Yield a bias that a layer shares as the vector that an author adds: it in each entry."""
    canonical = world.canonical(formula) if isinstance(formula, expressions.Name) else None
    if isinstance(side, Matrix) and (canonical or "").startswith("b"):
        yield Matrix(tuple((formula,) * len(row) for row in side.rows))


def _reversed(formula: Expression) -> Expression | None:
    """Return (b - a)^2 for (a - b)^2 and b - a for -(a - b), and None for all else."""
    match formula:
        case Power(Sum((a, Negative(b))), Number(text="2") as two):
            return Power(Sum((b, Negative(a))), two)
        case Negative(Sum((a, Negative(b)))):
            return Sum((b, Negative(a)))
    return None


def _bound(side: Number | Negative, formula: Expression, world: World) -> Iterator[Way]:
    """Bind a number to what it stands for, unless that is a number itself, or an array."""
    number = next(expressions.numbers(side))
    negated = isinstance(side, Negative)
    if negated and isinstance(formula, Negative):
        formula, negated = formula.body, False
    if not isinstance(formula, Number) and isinstance(value_if_any(formula, world), Decimal):
        yield [bind(number, formula, world, negated=negated)]


def _same(formula: Expression, side: Expression, world: World) -> bool:
    """Tell whether a side repeats the formula, so that no number in it is to be bound."""
    if formula == side:
        return True
    bindable = has_names(formula) and not has_names(side)
    if bindable or any(number.is_decimal for number in expressions.numbers(side)):
        return False
    return agree(formula, side, world)


def writes_given(formula: Expression, side: Expression, world: World) -> bool:
    r"""Tell whether a side is a given, written exactly: as \frac{1}{2}, or as 10^{-1}."""
    numbers = [*expressions.numbers(side)]
    if not isinstance(side, Quotient | Power) or any(number.is_decimal for number in numbers):
        return False
    if any(expressions.names(side)) or has_blank(side) or not is_given(formula, world):
        return False
    return agree(side, formula, world)


def _without_ones(expression: Expression) -> Expression:
    r"""Drop factors of 1, which some write and some do not: b \times 1."""
    if not isinstance(expression, Product):
        return expression
    factors = [f for f in expression.factors if not (isinstance(f, Number) and f.text == "1")]
    if len(factors) > 1:
        return Product(tuple(factors), expression.elementwise)
    return factors[0] if factors else expression


def _sign_inside(expression: Expression) -> Expression:
    """Give the minus before a product to its first factor: -(a b) is (-a) b."""
    match expression:
        case Negative(Product(factors, elementwise)):
            first, *rest = factors
            signed = first.body if isinstance(first, Negative) else Negative(first)
            return Product((signed, *rest), elementwise)
    return expression


def _cancelled(expression: Expression, world: World) -> Expression:
    """Write a product in positive factors, with one minus before it or none: (-a) (-b) is a b."""
    negated = isinstance(expression, Negative)
    body = expression.body if isinstance(expression, Negative) else expression
    if not isinstance(body, Product):
        return expression
    sizes = []
    for factor in body.factors:
        value = value_if_any(factor, world)
        below = isinstance(value, Decimal) and value < 0
        negated = negated != below
        sizes.append(negative(factor) if below else factor)
    product = Product((*sizes,), body.elementwise)
    return Negative(product) if negated else product


def _form(expression: Expression) -> object:
    """Return the kind of an expression, and how many parts it has where."""
    return type(expression), *(_outline(getattr(expression, name)) for name in expression.__slots__)


def _outline(value: object) -> object:
    if isinstance(value, Expression):
        return None
    return tuple(map(_outline, value)) if isinstance(value, tuple) else value

r"""Differentiate any expression with respect to each name in it.

Sum, product, quotient, power with a whole exponent, and chain:

$$\frac{d\,f(u)}{dx} = f'(u)\,\frac{du}{dx}$$

Results are simplified as on a page: factors of 1 are left out, a minus stands in front of a
product, and numbers are multiplied, so that the 2 of a square cancels the half before it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from backprop.symbolic.expressions import (
    ONE,
    Call,
    Expression,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    whole,
)
from backprop.symbolic.functions import slope

Slopes = dict[Name, Expression]
"""The derivative of an expression with respect to each name in it, in order of appearance."""


def slopes(  # noqa: PLR0911  # a line for each rule
    expression: Expression, of_call: Callable[[Call], Expression] = slope
) -> Slopes:
    """Return the derivative of an expression with respect to each name in it.

    Args:
        expression: a definition.
        of_call: returns the derivative of a function with respect to its argument.
    """

    def inner(part: Expression) -> Slopes:
        return slopes(part, of_call)

    match expression:
        case Number():
            return {}
        case Name():
            return {expression: ONE}
        case Negative(body):
            return _scaled(inner(body), Negative(ONE))
        case Sum(terms):
            return _added(map(inner, terms))
        case Product(factors):
            return _added(
                _scaled(inner(factor), *factors[:k], *factors[k + 1 :])
                for k, factor in enumerate(factors)
            )
        case Quotient(above, below):
            return _added(_by_halves(inner(above), inner(below), expression))
        case Power(base, Number(value=exponent)):
            return _scaled(inner(base), whole(int(exponent)), _power(base, int(exponent) - 1))
    assert isinstance(expression, Call)  # all that a definition may hold
    return _scaled(inner(expression.argument), of_call(expression))


def _by_halves(above: Slopes, below: Slopes, whole: Quotient) -> Iterator[Slopes]:
    """Yield the terms of the quotient rule: first those of the numerator."""
    yield {name: Quotient(each, whole.below) for name, each in above.items()}
    for name, each in below.items():
        if each == ONE:
            yield {name: negative(Quotient(whole.above, whole.below**2))}
        else:  # keep the quotient, which may have a name
            yield {name: negative(product(whole, Quotient(each, whole.below)))}


def _power(base: Expression, exponent: int) -> Expression:
    """Return a power, simplified where the exponent is 0 or 1."""
    return (ONE, base)[exponent] if exponent in (0, 1) else Power(base, whole(exponent))


def _scaled(each: Slopes, *factors: Expression) -> Slopes:
    return {name: product(*factors, own) for name, own in each.items()}


def _added(parts: Iterable[Slopes]) -> Slopes:
    """Add up derivatives with respect to the same name."""
    terms: dict[Name, list[Expression]] = {}
    for part in parts:
        for name, own in part.items():
            terms.setdefault(name, []).append(own)
    return {name: _gathered(*own) for name, own in terms.items()}


def _gathered(first: Expression, *others: Expression) -> Expression:
    """Return a sum, with its first term factored out if all others have it as a factor."""
    left = [_without(first, other) for other in others]
    if not left or None in left:
        return total(first, *others)
    return product(first, Sum((ONE, *filter(None, left))))


def _without(factor: Expression, term: Expression) -> Expression | None:
    """Return a product with one of its factors removed, None if the factor is not there."""
    match term:
        case Negative(body):
            left = _without(factor, body)
            return left and Negative(left)
        case Product(factors) if factor in factors:
            k = factors.index(factor)
            return product(*factors[:k], *factors[k + 1 :])
    return None


def total(*terms: Expression) -> Expression:
    """Return the sum of some terms; a single term is returned as it is."""
    return Sum(terms) if len(terms) != 1 else terms[0]


def negative(body: Expression) -> Expression:
    """Return minus an expression; two signs cancel."""
    return body.body if isinstance(body, Negative) else Negative(body)


def product(*factors: Expression) -> Expression:
    """Return a product as a page writes it: sign and number first, no factor of 1.

    What is multiplied by 1 over something is written over it.
    """
    sign, numbers, others, below = 1, list[Expression](), list[Expression](), list[Expression]()
    waiting = [*reversed(factors)]
    while waiting:
        factor = waiting.pop()
        match factor:
            case Negative(body):
                sign = -sign
                waiting.append(body)
            case Product(inner):
                waiting += reversed(inner)
            case Number() | Quotient(Number(), Number()):
                numbers += [factor] * (factor != ONE)
            case Quotient(above, under) if above == ONE:
                below.append(under)
            case _:
                others.append(factor)
    kept = [*_coefficient(numbers), *others] or [ONE]
    body = _joined(kept)
    body = Quotient(body, _joined(below)) if below else body
    return body if sign > 0 else Negative(body)


def _joined(factors: Sequence[Expression]) -> Expression:
    return Product(tuple(factors)) if len(factors) > 1 else factors[0]


def _coefficient(numbers: Sequence[Expression]) -> list[Expression]:
    """Multiply numbers: no factor for a product of 1, and a single number as it is written."""
    result = Fraction(1)
    for number in numbers:
        above, below = (
            (number.above, number.below) if isinstance(number, Quotient) else (number, ONE)
        )
        assert isinstance(above, Number)
        assert isinstance(below, Number)
        result *= Fraction(above.value) / Fraction(below.value)
    if result == 1:
        return []
    if len(numbers) == 1:
        return [numbers[0]]
    above, below = whole(result.numerator), whole(result.denominator)
    return [above if below == ONE else Quotient(above, below)]

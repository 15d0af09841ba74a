r"""Formulas over named numbers: what they are worth, and how they are written.

A name is that of a page in plain letters: a given or a node of the network
(`w5`, `out_h1`), a derivative (`dE_total/dw5`), or a weight after its update
(`w5+`). One formula serves for the line in symbols, for the line in numbers,
and for the result.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from backprop.graph import PRECISE
from backprop.notation import LECTURE_NOTATION

DIGITS = Decimal("0.0001")  # the last place of a result
GIVEN_DIGITS = Decimal("0.01")


class Formula:
    """A part of a formula."""


@dataclass(frozen=True)
class Name(Formula):
    """A named number."""

    name: str


@dataclass(frozen=True)
class Whole(Formula):
    """A whole number."""

    number: int


@dataclass(frozen=True)
class Negative(Formula):
    """Minus something."""

    body: Formula


@dataclass(frozen=True)
class Sum(Formula):
    """Terms added up."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True)
class Product(Formula):
    """Factors multiplied."""

    factors: tuple[Formula, ...]


@dataclass(frozen=True)
class Fraction(Formula):
    """One over another."""

    above: Formula
    below: Formula


@dataclass(frozen=True)
class Square(Formula):
    """Something times itself."""

    body: Formula


@dataclass(frozen=True)
class Exponential(Formula):
    """A power of e."""

    exponent: Formula


def names(*all_names: str) -> list[Name]:
    """Return names as parts of a formula."""
    return [Name(name) for name in all_names]


def plus(*terms: Formula) -> Formula:
    """Return a sum."""
    return Sum(terms)


def minus(first: Formula, second: Formula) -> Formula:
    """Return a difference."""
    return Sum((first, Negative(second)))


def times(*factors: Formula) -> Formula:
    """Return a product."""
    return Product(factors)


def value(formula: Formula, values: Mapping[str, Decimal]) -> Decimal:
    """Return what a formula is worth, to 40 digits."""
    with localcontext(PRECISE):
        return _value(formula, values)


def _value(formula: Formula, values: Mapping[str, Decimal]) -> Decimal:  # noqa: PLR0911  # a line a kind
    def of(part: Formula) -> Decimal:
        return _value(part, values)

    match formula:
        case Name(name):
            return values[name]
        case Whole(number):
            return Decimal(number)
        case Negative(body):
            return -of(body)
        case Sum(terms):
            return sum(map(of, terms), Decimal(0))
        case Product(factors):
            return math.prod(map(of, factors), start=Decimal(1))
        case Fraction(above, below):
            return of(above) / of(below)
        case Square(body):
            return of(body) ** 2
    assert isinstance(formula, Exponential)  # all that is left
    return of(formula.exponent).exp()


def latex(formula: Formula, show: Callable[[str], str]) -> str:  # noqa: PLR0911  # a line a kind
    r"""Write a formula in LaTeX.

    Args:
        formula: what to write.
        show: how to write a name: as a symbol, or as a number.
    """

    def written(part: Formula) -> str:
        return latex(part, show)

    def grouped(part: Formula) -> str:
        text = written(part)
        return f"({text})" if isinstance(part, Sum) or text.startswith("-") else text

    match formula:
        case Name(name):
            return show(name)
        case Whole(number):
            return str(number)
        case Negative(body):
            return f"-{grouped(body)}"
        case Sum(terms):
            first, *rest = terms
            signed = (
                f" - {grouped(term.body)}" if isinstance(term, Negative) else f" + {grouped(term)}"
                for term in rest
            )
            return written(first) + "".join(signed)
        case Product(factors):
            return r" \times ".join(map(grouped, factors))
        case Fraction(above, below):
            return rf"\frac{{{written(above)}}}{{{written(below)}}}"
        case Square(body):
            return f"{grouped(body)}^2"
    assert isinstance(formula, Exponential)  # all that is left
    return f"e^{{{written(formula.exponent)}}}"


def symbol(name: str) -> str:
    r"""Return a name in the notation of the lecture, such as `\frac{\partial E}{\partial w_5}`."""
    of, _, wrt = name.partition("/")
    if wrt:
        above, below = (LECTURE_NOTATION.latex(each.removeprefix("d")) for each in (of, wrt))
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    latex = LECTURE_NOTATION.latex(name.removesuffix("+"))
    return latex + "^{+}" * name.endswith("+")


def rounded(number: Decimal, unit: Decimal = DIGITS) -> Decimal:
    """Return a number at four decimals; half-way cases go away from zero, as taught at school."""
    return number.quantize(unit, ROUND_HALF_UP, PRECISE)

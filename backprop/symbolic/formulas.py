r"""Formulas over named numbers: what they are worth, and how they are written.

A name is that of a given or a node of the graph (`w5`, `out_h1`), a derivative
(`dE_total/dw5`), or a parameter after its update (`w5+`). One formula serves for
the line in symbols, for the line in numbers, and for the result.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from backprop.symbolic.graph import PRECISE
from backprop.symbolic.notation import Notation


class Formula:
    """A part of a formula."""


@dataclass(frozen=True)
class Name(Formula):
    """A named number."""

    name: str


@dataclass(frozen=True)
class Worth(Formula):
    """A part that is shown as the one number that it is worth."""

    body: Formula


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


def times(*factors: Formula) -> Formula:
    """Return a product."""
    return Product(factors)


def minus(first: Formula, second: Formula) -> Formula:
    """Return a difference."""
    return Sum((first, Negative(second)))


def derivative(of: str, wrt: str) -> Name:
    """Return the name of a derivative."""
    return Name(f"d{of}/d{wrt}")


Numbers = Callable[
    ["Name | Worth"], Decimal
]  # gives the number that a name, or a worth, stands for


def value(formula: Formula, of: Numbers) -> Decimal:
    """Return what a formula is worth, to 40 digits."""
    with localcontext(PRECISE):
        return _value(formula, of)


def _value(formula: Formula, of: Numbers) -> Decimal:  # noqa: PLR0911  # a line a kind
    match formula:
        case Name() | Worth():
            return of(formula)
        case Whole(number):
            return Decimal(number)
        case Negative(body):
            return -_value(body, of)
        case Sum(terms):
            return sum((_value(term, of) for term in terms), Decimal(0))
        case Product(factors):
            return math.prod((_value(factor, of) for factor in factors), start=Decimal(1))
        case Fraction(above, below):
            return _value(above, of) / _value(below, of)
        case Square(body):
            return _value(body, of) ** 2
    assert isinstance(formula, Exponential)  # all that is left
    return _value(formula.exponent, of).exp()


@dataclass(frozen=True)
class Style:
    """How a formula is written: as LaTeX, or as plain text.

    Attributes:
        times: the sign between two factors.
        over: the quotient of `{0}` and `{1}`.
        exponential: the power `{0}` of e.
        slope: the derivative of `{0}` by `{1}`.
        new: what marks a parameter after its update.
        scientific: a number with the digits `{0}` and the power of ten `{1}`.
        symbol: how a notation writes the name of a node.
        symbols: how many derivatives fit on a line.
        numbers: how many numbers fit on a line.
    """

    times: str
    over: str
    exponential: str
    slope: str
    new: str
    scientific: str
    symbol: Callable[[Notation, str], str]
    symbols: int
    numbers: int

    def name(self, name: str, notation: Notation) -> str:
        """Write a name as a symbol."""
        above, slash, below = name.partition("/")
        if slash:
            pair = (self.symbol(notation, each.removeprefix("d")) for each in (above, below))
            return self.slope.format(*pair)
        return self.symbol(notation, name.removesuffix("+")) + self.new * name.endswith("+")

    def number(self, printed: Decimal) -> str:
        """Write a number with the digits that it has; one very near to 0, with a power of ten."""
        if not printed or printed.adjusted() >= SMALLEST:
            return f"{printed:f}"
        power = printed.adjusted()
        return self.scientific.format(f"{printed.scaleb(-power):f}", power)


SMALLEST = -8  # the power of ten down to which a number is written without one
LATEX = Style(
    times=r"\times",
    over=r"\frac{{{0}}}{{{1}}}",
    exponential="e^{{{0}}}",
    slope=r"\frac{{\partial {0}}}{{\partial {1}}}",
    new="^{+}",
    scientific=r"{0} \times 10^{{{1}}}",
    symbol=Notation.latex,
    symbols=3,
    numbers=2,
)
"""What pages are written in; its lines fit on a telephone."""

PLAIN = Style(
    times="*",
    over="({0}) / ({1})",
    exponential="exp({0})",
    slope="d{0}/d{1}",
    new="+",
    scientific="{0}e{1}",
    symbol=Notation.plain,
    symbols=3,
    numbers=5,
)
"""What a terminal shows."""

Show = Callable[
    ["Name | Worth"], str
]  # writes a name as a symbol or as its number, a worth as a number


def written(formula: Formula, style: Style, show: Show) -> str:  # noqa: PLR0911  # a line a kind
    """Write a formula on one line."""

    def grouped(part: Formula) -> str:
        return _grouped(part, style, show)

    match formula:
        case Name() | Worth():
            return show(formula)
        case Whole(number):
            return str(number)
        case Negative(body):
            return f"-{grouped(body)}"
        case Sum((first, *rest)):
            text = written(first, style, show)
            for term in rest:
                sign, body = ("-", term.body) if isinstance(term, Negative) else ("+", term)
                text += f" {sign} {grouped(body)}"
            return text
        case Product(factors):
            return f" {style.times} ".join(map(grouped, factors))
        case Fraction(above, below):
            return style.over.format(*(written(part, style, show) for part in (above, below)))
        case Square(body):
            return f"{grouped(body)}^2"
    assert isinstance(formula, Exponential)  # all that is left
    return style.exponential.format(written(formula.exponent, style, show))


def rows(formula: Formula, style: Style, show: Show, width: int) -> list[str]:
    """Write a formula on as many lines as it needs, with so many factors on a line at most."""
    match formula:
        case Product(factors):
            texts = [_grouped(factor, style, show) for factor in factors]
            signed = [texts[0], *(f"{style.times} {text}" for text in texts[1:])]
            return [*_lines(signed, width)]
        case Sum((Product(), *_) as terms):
            first, *others = (rows(term, style, show, width) for term in terms)
            return [*first, *(line for head, *rest in others for line in (f"+ {head}", *rest))]
        case Sum((Worth(), *_) as terms):
            texts = [_grouped(term, style, show) for term in terms]
            return [*_lines([texts[0], *(f"+ {text}" for text in texts[1:])], width)]
    return [written(formula, style, show)]


def _lines(texts: list[str], width: int) -> Iterator[str]:
    """Yield texts joined to lines, so many a line."""
    for k in range(0, len(texts), width):
        yield " ".join(texts[k : k + width])


def _grouped(formula: Formula, style: Style, show: Show) -> str:
    """Write a part of a formula, in parentheses where a sign would stand in the wrong place."""
    text = written(formula, style, show)
    return f"({text})" if isinstance(formula, Sum) or text.startswith("-") else text

r"""Write expressions as LaTeX for pages, as plain text for terminals, and as spreadsheet formulas.

The same expression is written once in symbols and once in numbers: the caller gives the text of
each name, each derivative, and each part that is shown as one number.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from backprop.symbolic.expressions import (
    Call,
    Derivative,
    Evaluated,
    Expression,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from backprop.symbolic.functions import FUNCTIONS, Function, written_out
from backprop.symbolic.notation import Notation
from backprop.symbolic.rounding import WIDE

Show = Callable[[Expression], str]
"""Writes a name or a derivative as a symbol or as its number, and all that is no arithmetic."""


@dataclass(frozen=True)
class Style:
    """How the parts of an expression are written.

    Attributes:
        times: the sign between two factors.
        over: the quotient of `{0}` and `{1}`.
        exponent: the exponent `{0}` of a power, if it has more than one character.
        call: returns the text of a function at `{0}`, empty if it is written out instead.
        slope: the derivative of `{0}` with respect to `{1}`.
        new: the mark of a parameter after its update.
        scientific: a number with the digits `{0}` and the power of ten `{1}`.
        symbol: returns the symbol of a name in a notation.
        numbers: the number of numbers that fit on a line.
        space: the space around a sign.
        on_one_line: whether a quotient is written on one line, with parentheses around sums.
    """

    times: str
    over: str
    exponent: str
    call: Callable[[Function], str]
    slope: str
    new: str
    scientific: str
    symbol: Callable[[Notation, str], str]
    numbers: int
    space: str = " "
    on_one_line: bool = False

    def name(self, name: Name | Derivative, notation: Notation) -> str:
        """Write a name as a symbol."""
        if isinstance(name, Derivative):
            pair = (self.symbol(notation, each.key) for each in (name.of, name.wrt))
            return self.slope.format(*pair)
        return self.symbol(notation, name.key) + self.new * name.round

    def number(self, printed: Decimal) -> str:
        """Write a number with its digits, and a power of ten where it is very small or large."""
        if not printed or SMALLEST <= printed.adjusted() <= LARGEST:
            return f"{printed:f}"
        power = printed.adjusted()
        return self.scientific.format(f"{printed.scaleb(-power, WIDE):f}", power)


SMALLEST, LARGEST = -8, 15  # powers of ten of the numbers that are written without a power of ten
LATEX = Style(
    times=r"\times",
    over=r"\frac{{{0}}}{{{1}}}",
    exponent="^{{{0}}}",
    call=lambda function: function.latex or f"{function.symbol}({{0}})",
    slope=r"\frac{{\partial {0}}}{{\partial {1}}}",
    new="^{+}",
    scientific=r"{0} \times 10^{{{1}}}",
    symbol=Notation.latex,
    numbers=2,
)
"""The style of pages; its lines fit on a phone."""

PLAIN = Style(
    times="*",
    over="({0}) / ({1})",
    exponent="^{0}",
    call=lambda function: function.plain,
    slope="d{0}/d{1}",
    new="+",
    scientific="{0}e{1}",
    symbol=Notation.plain,
    numbers=5,
)
"""The style of terminals."""

SHEET = replace(
    PLAIN,
    over="{0}/{1}",
    exponent="^({0})",
    call=lambda function: function.spreadsheet,
    space="",
    on_one_line=True,
)
"""The style of a spreadsheet's formulas."""


def written(expression: Expression, style: Style, show: Show) -> str:  # noqa: C901, PLR0911  # a case for each kind
    """Write an expression on one line."""

    def grouped(part: Expression, *also: type[Expression]) -> str:
        return _grouped(part, style, show, also)

    match expression:
        case Number(text):
            return text
        case Negative(body):
            return f"-{grouped(body)}"
        case Sum((first, *rest)):
            terms = (f"{sign}{style.space}{grouped(body)}" for sign, body in map(_signed, rest))
            return style.space.join([written(first, style, show), *terms])
        case Product(factors):
            sign = f"{style.space}{style.times}{style.space}"
            return sign.join(grouped(factor, Product) for factor in factors)
        case Quotient(above, below):
            if style.on_one_line:
                # A function may be written as a quotient
                below_line = grouped(below, Product, Quotient, Call)
                return style.over.format(grouped(above), below_line)
            return style.over.format(*(written(part, style, show) for part in (above, below)))
        case Power(base, exponent):
            raised = written(exponent, style, show)
            form = "^{0}" if len(raised) == 1 else style.exponent
            text = grouped(base, Product, Quotient)
            has_script = "^" in text and not text.startswith("(")  # a power, or a name as a^2_1
            return (f"({text})" if has_script else text) + form.format(raised)
        case Call(function, argument) if entry := FUNCTIONS.get(function):
            if form := style.call(entry):
                return form.replace("{0}", written(argument, style, show))
            longer = written_out(expression)
            assert longer is not None  # a function without a form of its own is written out
            return written(longer, style, show)
    return show(expression)


def rows(expression: Expression, style: Style, show: Show, width: int) -> list[str]:
    """Write an expression on as many lines as it needs, with at most `width` factors on a line."""
    match expression:
        case Product(factors):
            texts = [_grouped(factor, style, show, (Product,)) for factor in factors]
            return _lines(texts, style.times, width)
        case Negative(Product() as inner):
            head, *rest = rows(inner, style, show, width)
            return [f"-{head}", *rest]
        case Sum((Product() | Negative(Product()) as first, *others)):
            lines = rows(first, style, show, width)
            for sign, body in map(_signed, others):
                whole = [_grouped(body, style, show)]
                head, *rest = rows(body, style, show, width) if isinstance(body, Product) else whole
                lines += [f"{sign} {head}", *rest]
            return lines
        case Sum((Evaluated(), *_) as terms):
            return _lines([_grouped(term, style, show) for term in terms], "+", width)
    return [written(expression, style, show)]


def _signed(term: Expression) -> tuple[str, Expression]:
    """Return the sign before a term in a sum, and what follows it."""
    return ("-", term.body) if isinstance(term, Negative) else ("+", term)


def _lines(texts: list[str], sign: str, width: int) -> list[str]:
    """Join texts by a sign, a given number of them on a line."""
    signed = [texts[0], *(f"{sign} {text}" for text in texts[1:])]
    return [" ".join(signed[k : k + width]) for k in range(0, len(signed), width)]


def _grouped(
    expression: Expression, style: Style, show: Show, also: tuple[type[Expression], ...] = ()
) -> str:
    """Write a part of an expression, in parentheses where it needs them."""
    text = written(expression, style, show)
    return f"({text})" if isinstance(expression, (Sum, *also)) or text.startswith("-") else text

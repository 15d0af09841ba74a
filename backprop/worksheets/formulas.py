"""How a worksheet computes and writes formulas: with few digits, in the letters of the lecture."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from backprop.symbolic import functions, rounding
from backprop.symbolic.expressions import Derivative, Expression, Name, named, text_of_name
from backprop.symbolic.notation import LECTURE_NOTATION
from backprop.symbolic.styles import LATEX, written

DIGITS = Decimal("0.0001")  # the last place of a result


def value(formula: Expression, values: Mapping[str, Decimal]) -> Decimal:
    """Return what a formula is worth, to 40 digits."""
    return functions.value(formula, lambda part: values[_name(part)])


def latex(formula: Expression, show: Callable[[str], str]) -> str:
    """Write a formula in LaTeX.

    Args:
        formula: what to write.
        show: how to write a name: as a symbol, or as a number.
    """
    return written(formula, LATEX, lambda part: show(_name(part)))


def symbol(name: str) -> str:
    r"""Return a name in the notation of the lecture, such as `\frac{\partial E}{\partial w_5}`."""
    return LATEX.name(named(name), LECTURE_NOTATION)


def rounded(number: Decimal, unit: Decimal = DIGITS) -> Decimal:
    """Return a number at four decimals; half-way cases go away from zero, as taught at school."""
    return rounding.rounded(number, unit)


def _name(part: Expression) -> str:
    """Return the name of a part, of which a worksheet has no other kind."""
    assert isinstance(part, Name | Derivative)
    return text_of_name(part)

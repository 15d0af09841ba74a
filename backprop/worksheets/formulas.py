"""How a worksheet computes and writes formulas: with few digits, in the letters of the lecture."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from backprop.symbolic import functions, rounding
from backprop.symbolic.expressions import Derivative, Expression, Name, named, text_of_name
from backprop.symbolic.notation import LECTURE_NOTATION
from backprop.symbolic.styles import LATEX, written

DIGITS = Decimal("0.0001")  # the last place of a result


def value(formula: Expression, values: Mapping[str, Decimal]) -> Decimal:
    """Return the value of a formula to 40 digits."""
    return functions.value(formula, lambda part: values[_name(part)])


def latex(formula: Expression, show: Callable[[str], str]) -> str:
    """Write a formula in LaTeX.

    Args:
        formula: what to write.
        show: how to write a name: as a symbol, or as a number.
    """
    return written(formula, LATEX, lambda part: show(_name(part)))


def symbol(name: str) -> str:
    r"""Return the LaTeX of a name in the notation of the lecture."""
    return LATEX.name(named(name), LECTURE_NOTATION)


def rounded(number: Decimal, unit: Decimal = DIGITS) -> Decimal:
    """Round a number, by default to four decimals; half-way cases go away from zero."""
    return rounding.rounded(number, unit)


def _name(part: Expression) -> str:
    assert isinstance(part, Name | Derivative)
    return text_of_name(part)

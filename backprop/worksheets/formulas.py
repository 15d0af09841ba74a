"""How a worksheet computes and writes formulas: with few digits, in the letters of the lecture."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from backprop.symbolic import formulas, rounding
from backprop.symbolic.formulas import LATEX, Formula, Name, Worth
from backprop.symbolic.notation import LECTURE_NOTATION

DIGITS = Decimal("0.0001")  # the last place of a result


def value(formula: Formula, values: Mapping[str, Decimal]) -> Decimal:
    """Return what a formula is worth, to 40 digits."""
    return formulas.value(formula, lambda part: values[_name(part)])


def latex(formula: Formula, show: Callable[[str], str]) -> str:
    """Write a formula in LaTeX.

    Args:
        formula: what to write.
        show: how to write a name: as a symbol, or as a number.
    """
    return formulas.written(formula, LATEX, lambda part: show(_name(part)))


def symbol(name: str) -> str:
    r"""Return a name in the notation of the lecture, such as `\frac{\partial E}{\partial w_5}`."""
    return LATEX.name(name, LECTURE_NOTATION)


def rounded(number: Decimal, unit: Decimal = DIGITS) -> Decimal:
    """Return a number at four decimals; half-way cases go away from zero, as taught at school."""
    return rounding.rounded(number, unit)


def _name(part: Name | Worth) -> str:
    """Return the name of a part, of which a worksheet has no other kind."""
    assert isinstance(part, Name)
    return part.name

r"""The table of functions: what each is, how it is derived, and how each language writes it.

To add a function is to add an entry here; that the parser reads it, that the checker evaluates it
and that a spreadsheet and a browser compute it follow from the entry. Its vectorised form in the
lesson, a line in `backprop.activations`, stays independent, since it judges the table.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, localcontext

from backprop.symbolic.expressions import (
    ONE,
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
    minus,
    plus,
    replaced,
    times,
)

# Overflow is no error: where e^-net grows beyond all bounds, out is 0.
PRECISE = Context(prec=40, traps=[InvalidOperation, DivisionByZero])

X, Y = Name("x"), Name("y")
"""In the table: the argument of a function, and its value there."""


@dataclass(frozen=True)
class Function:
    """A function of one argument.

    Attributes:
        value: its value in decimals, in the context's precision.
        derivative: its derivative, in the argument X and the function's own value Y, as a page
            writes it.
        computed: the same in a form that loses no digits; None where `derivative` loses none.
        symbol: the LaTeX by which a formula names it.
        latex: the LaTeX of its value at `{0}`; empty where that is the symbol and parentheses.
        plain: the text of its value at `{0}`.
        written_out: what it is in other functions of X, None where that says no more.
        spreadsheet: the formula of its value at `{0}`; empty where it is that of `written_out`.
        javascript: a function of one double.
    """

    value: Callable[[Decimal], Decimal]
    derivative: Expression
    symbol: str
    plain: str
    javascript: str
    latex: str = ""
    written_out: Expression | None = None
    spreadsheet: str = ""
    computed: Expression | None = None


FUNCTIONS: dict[str, Function] = {
    "exp": Function(
        value=Decimal.exp,
        derivative=Y,
        symbol=r"\exp",
        latex="e^{{0}}",
        plain="exp({0})",
        spreadsheet="EXP({0})",
        javascript="Math.exp",
    ),
    "sigma": Function(
        value=lambda x: 1 / (1 + (-x).exp()),
        derivative=times(Y, minus(ONE, Y)),
        # 1 - y is the function at -x, which keeps all digits where y is close to 1.
        computed=times(Y, Call("sigma", Negative(X))),
        symbol=r"\sigma",
        plain="sigma({0})",
        written_out=Quotient(ONE, plus(ONE, Call("exp", Negative(X)))),
        # Written so that e is never raised to a positive power.
        javascript=(
            "(x) => { const small = Math.exp(-Math.abs(x)); "
            "return (x < 0 ? small : 1) / (1 + small); }"
        ),
    ),
}
"""The functions by the name that a `Call` has."""


def written_out(call: Call) -> Expression | None:
    """Return what a call is in other functions, None where there is nothing more to say."""
    entry = FUNCTIONS.get(call.function)
    return _at(entry.written_out, call) if entry and entry.written_out else None


def slope(call: Call) -> Expression:
    """Return the derivative of a function by its argument, in the argument and the call."""
    return _at(FUNCTIONS[call.function].derivative, call)


def computed_slope(call: Call) -> Expression:
    """Return the derivative of a function in the form that loses no digits."""
    entry = FUNCTIONS[call.function]
    return _at(entry.computed or entry.derivative, call)


def _at(form: Expression, call: Call) -> Expression:
    """Return an expression of the table with an argument, and the value there, put in."""
    put: dict[Expression, Expression] = {X: call.argument, Y: call}
    at: Expression = replaced(form, put.get)
    return at


def apply(function: str, argument: Decimal) -> Decimal:
    """Return the value of a function, or with a prime, as in `sigma'`, of its derivative."""
    if not function.endswith("'"):
        return FUNCTIONS[function].value(argument)
    entry = FUNCTIONS[function.removesuffix("'")]
    known: dict[Expression, Decimal] = {X: argument, Y: entry.value(argument)}
    return _value(entry.computed or entry.derivative, known.__getitem__)


Numbers = Callable[[Expression], Decimal]
"""Gives the number that a name, a derivative or an evaluated part stands for."""


def value(expression: Expression, of: Numbers) -> Decimal:
    """Return the value of an expression to 40 digits."""
    with localcontext(PRECISE):
        return _value(expression, of)


def _value(expression: Expression, of: Numbers) -> Decimal:  # noqa: PLR0911  # a line a kind
    match expression:
        case Name() | Derivative() | Evaluated():
            return of(expression)
        case Number():
            return expression.value
        case Product():
            return math.prod((_value(each, of) for each in expression.factors), start=Decimal(1))
        case Sum():
            return sum((_value(term, of) for term in expression.terms), Decimal(0))
        case Negative():
            return -_value(expression.body, of)
        case Call():
            return apply(expression.function, _value(expression.argument, of))
        case Quotient():
            return _value(expression.above, of) / _value(expression.below, of)
    assert isinstance(expression, Power)  # all that has a value
    return _value(expression.base, of) ** _value(expression.exponent, of)

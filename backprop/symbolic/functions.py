r"""The table of functions: their values and derivatives, and how each language writes them.

To add a function, add an entry: the parser, the checker, the spreadsheet and the browser use it.
Its vectorized form in the lesson, a line in `backprop.activations`, is independent of this table,
so that tests can compare the two.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    localcontext,
)

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
    replaced,
    whole,
)

# Overflow is no error: where e^-net is infinite, out is 0.
PRECISE = Context(prec=40, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation, DivisionByZero])

X, Y = Name("x"), Name("y")
"""In the table: the argument of a function, and its value there."""
TWICE = 2 * X


@dataclass(frozen=True)
class Function:
    """A function of one argument.

    Attributes:
        value: its value in decimals, in the context's precision.
        derivative: its derivative, in the argument X and the function's own value Y, as a page
            writes it.
        computed: the derivative in a form that loses no digits; None if `derivative` loses none.
        symbol: its name in LaTeX.
        latex: the LaTeX of its value at `{0}`; empty where that is the symbol and parentheses.
        written_out: its value in terms of other functions of X, None if there is no such form.
        spreadsheet: the formula of its value at `{0}`; empty where it is that of `written_out`.
        javascript: a function of one double.
    """

    value: Callable[[Decimal], Decimal]
    derivative: Expression
    symbol: str
    javascript: str
    latex: str = ""
    written_out: Expression | None = None
    spreadsheet: str = ""
    computed: Expression | None = None

    @property
    def plain(self) -> str:
        """The text of its value at `{0}`: the symbol without LaTeX, and parentheses."""
        return re.sub(r"\\mathrm|[\\{}]", "", self.symbol) + "({0})"


def _near_x(form: Callable[[Decimal], Decimal], power: int) -> Callable[[Decimal], Decimal]:
    """Return a function that is x itself where x is below a power of ten.

    Elsewhere it computes with twice the digits, since a sum such as 1 + x loses some.
    """

    def value(x: Decimal) -> Decimal:
        if x.adjusted() < -power:
            return +x
        with localcontext() as finer:
            finer.prec *= 2
            result = form(x)
        return +result

    return value


def _tanh(x: Decimal) -> Decimal:
    small = (-2 * abs(x)).exp()  # never above 1
    return ((1 - small) / (1 + small)).copy_sign(x)


FUNCTIONS: dict[str, Function] = {
    "exp": Function(
        value=Decimal.exp,
        derivative=Y,
        symbol=r"\exp",
        latex="e^{{0}}",
        spreadsheet="EXP(MAX({0},-700))",  # never 0, by which a slope may be divided
        javascript="Math.exp",
    ),
    "sigma": Function(
        value=lambda x: 1 / (1 + (-x).exp()),
        derivative=Y * (1 - Y),
        # 1 - y is the function at -x, which keeps all digits where y is close to 1.
        computed=Y * Call("sigma", -X),
        symbol=r"\sigma",
        written_out=1 / (1 + Call("exp", -X)),
        spreadsheet="1/(1+EXP(-MAX({0},-700)))",  # e^710 is too large for a cell
        # Written so that e is never raised to a positive power.
        javascript=(
            "(x) => { const small = Math.exp(-Math.abs(x)); "
            "return (x < 0 ? small : 1) / (1 + small); }"
        ),
    ),
    "tanh": Function(
        value=_near_x(_tanh, PRECISE.prec // 2),
        derivative=1 - Y**2,
        computed=4 * Call("sigma", TWICE) * Call("sigma", -TWICE),
        symbol=r"\tanh",
        written_out=(Call("exp", X) - Call("exp", -X)) / (Call("exp", X) + Call("exp", -X)),
        spreadsheet="TANH({0})",
        javascript="Math.tanh",
    ),
    "relu": Function(
        value=lambda x: max(x, Decimal(0)),
        derivative=Call("step", X),
        symbol=r"\mathrm{ReLU}",
        spreadsheet="MAX(0,{0})",
        javascript="(x) => Math.max(0, x)",
    ),
    "step": Function(  # 0 at 0, which is what the slope of ReLU is taken to be there
        value=lambda x: Decimal(x > 0),
        derivative=whole(0),
        symbol=r"\mathrm{step}",
        spreadsheet="IF({0}>0,1,0)",
        javascript="(x) => (x > 0 ? 1 : 0)",
    ),
    "ln": Function(
        value=Decimal.ln,
        derivative=1 / X,
        symbol=r"\ln",
        spreadsheet="LN({0})",
        javascript="Math.log",
    ),
    "ln1p": Function(  # which keeps all digits where x is small
        value=_near_x(lambda x: (1 + x).ln(), PRECISE.prec),
        derivative=1 / (1 + X),
        symbol=r"\mathrm{ln1p}",
        written_out=Call("ln", 1 + X),
        javascript="Math.log1p",
    ),
}
"""The functions by the name that a `Call` has."""


def written_out(call: Call) -> Expression | None:
    """Return a call written in other functions, None if there is no such form.

    A derivative, as in `sigma'`, is written in the values of its function.
    """
    if call.function.endswith("'"):
        original = Call(call.function.removesuffix("'"), call.argument)
        return slope(original) if original.function in FUNCTIONS else None
    entry = FUNCTIONS.get(call.function)
    return _at(entry.written_out, call) if entry and entry.written_out else None


def slope(call: Call) -> Expression:
    """Return the derivative of a call with respect to its argument, in terms of both."""
    return _at(FUNCTIONS[call.function].derivative, call)


def computed_slope(call: Call) -> Expression:
    """Return the derivative of a function in the form that loses no digits."""
    entry = FUNCTIONS[call.function]
    return _at(entry.computed or entry.derivative, call)


def _at(form: Expression, call: Call) -> Expression:
    """Put an argument, and the function's value there, into an expression of the table."""
    put: dict[Expression, Expression] = {X: call.argument, Y: call}
    return replaced(form, put.get)


def apply(function: str, argument: Decimal) -> Decimal:
    """Return the value of a function, or with a prime, as in `sigma'`, of its derivative."""
    if not function.endswith("'"):
        return FUNCTIONS[function].value(argument)
    entry = FUNCTIONS[function.removesuffix("'")]
    known: dict[Expression, Decimal] = {X: argument, Y: entry.value(argument)}
    return _value(entry.computed or entry.derivative, known.__getitem__)


Numbers = Callable[[Expression], Decimal]
"""Returns the value of a name, a derivative or an evaluated part."""


def value(expression: Expression, of: Numbers) -> Decimal:
    """Return the value of an expression to 40 digits."""
    with localcontext(PRECISE):
        return _value(expression, of)


def _value(expression: Expression, of: Numbers) -> Decimal:  # noqa: PLR0911  # a line for each kind
    match expression:
        case Name() | Derivative() | Evaluated():
            return of(expression)
        case Number():
            return expression.value
        case Product():
            return math.prod([_value(each, of) for each in expression.factors], start=Decimal(1))
        case Sum():
            return sum([_value(term, of) for term in expression.terms], Decimal(0))
        case Negative():
            return -_value(expression.body, of)
        case Call():
            return apply(expression.function, _value(expression.argument, of))
        case Quotient():
            return _value(expression.above, of) / _value(expression.below, of)
    assert isinstance(expression, Power)  # no other kind of expression has a value
    return _value(expression.base, of) ** _value(expression.exponent, of)

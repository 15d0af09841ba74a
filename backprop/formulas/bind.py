"""Printed numbers, what they stand for, and how messages write both."""

import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeGuard

import numpy as np

from backprop.formulas import latex
from backprop.formulas.evaluate import evaluate
from backprop.formulas.forms import written_out
from backprop.formulas.kinds import Kind
from backprop.formulas.values import Unbound, Value
from backprop.formulas.world import World
from backprop.symbolic import expressions
from backprop.symbolic.definitions import RATE
from backprop.symbolic.expressions import Derivative, Expression, Name, Negative, Number, Quotient
from backprop.symbolic.functions import PRECISE
from backprop.symbolic.rounding import rounded
from backprop.symbolic.styles import PLAIN, written

ROUNDING = Decimal("2e-15")  # the relative error that several operations on floats may add up to


@dataclass(frozen=True)
class Binding:
    """A printed number, and the expression whose value it shows.

    Attributes:
        number: as printed, without a minus before it.
        negated: whether a minus stands before it.
        stands_for: in the names of the page.
        exact: whether all digits are printed, as those of a given or of a whole number.
    """

    number: Number
    negated: bool
    stands_for: Expression
    exact: bool

    def true(self, world: World) -> Decimal:
        """Return the value that the printed digits should show, without the minus before them.

        Raises:
            Unbound: it stands for an array.
        """
        value = evaluate(self.stands_for, world)
        if not isinstance(value, Decimal):
            raise Unbound("a number stands where the formula has an array")
        return value.copy_negate() if self.negated else value

    @property
    def start(self) -> int:
        """Where the number stands."""
        return self.number.start

    @property
    def meant(self) -> Expression:
        """What the digits show, without the minus before them."""
        return Negative(self.stands_for) if self.negated else self.stands_for

    def right(self, world: World) -> bool:
        """Tell whether an exact number is printed in full, and any other is correctly rounded."""
        true = self.true(world)
        shown = true if self.exact else rounded(true, self.number.unit)
        return self.number.value == shown and not self.wrong_sign_of_zero(true)

    def tells(self, world: World) -> bool:
        """Tell whether it prints a digit of its value, and not just 0.0 for a small one."""
        return self.number.value != 0 or self.true(world) == 0

    @property
    def printed(self) -> str:
        """The number as it is printed, with its minus."""
        return "-" * self.negated + self.number.text

    def wrong_sign_of_zero(self, true: Decimal) -> bool:
        """Tell whether -0.000 is printed for a value above 0."""
        return self.negated and true < 0 and not rounded(true, self.number.unit)


def start_of(part: Expression) -> int:
    """Return the place of a blank; for a given written exactly, -1 minus that of its first number.

    A number within such a given may be bound on its own, so the two need different keys.
    """
    number = next(expressions.numbers(part), None)
    return -1 - number.start if number else getattr(part, "start", 0)


@dataclass(frozen=True)
class Gap:
    """A blank, or a given written exactly as in 1/2, and what it stands for."""

    blank: Expression
    meant: Expression

    @property
    def start(self) -> int:
        """The place of the blank, or of the given."""
        return start_of(self.blank)

    def right(self, _: World) -> bool:
        """Return True: a blank prints nothing, and the given has been compared already."""
        return True

    tells = right


@dataclass(frozen=True)
class Problem:
    """Something wrong in a formula, at a place in it.

    Attributes:
        start: from where.
        end: to where.
        message: what is wrong, in one line.
        binding: that of the wrong number, if a number is wrong.
        instead: what to print there; empty where that is not known.
        certain: whether nothing else can be meant, so that `fix` may print it.
        variable: an unknown name that stands alone, and may be a variable.
        unknown: a name that the page does not have, if that is what is wrong.
        kind: what kind of thing is wrong.
        value: what the number that is wrong should be, if it is one.
        false: whether an equation, a word or a sentence is surely false.
        sure: whether the number is wrong for everything else that it may mean.
    """

    start: int
    end: int
    message: str
    binding: Binding | None = None
    instead: str = ""
    certain: bool = True
    variable: str = ""
    unknown: str = ""
    kind: Kind = Kind.NOT_UNDERSTOOD
    value: str = ""
    false: bool = False
    sure: bool = True


def bind(number: Number, stands_for: Expression, world: World, *, negated: bool) -> Binding:
    """Bind a number to an expression that has one value."""
    exact = not number.is_decimal or is_given(stands_for, world)
    return Binding(number, negated, stands_for, exact)


def is_given(expression: Expression, world: World) -> bool:
    """Tell whether a value is given: an input is, and so is the slope d net / d w, which is one."""
    if isinstance(expression, Derivative):
        forms = list(written_out(expression, world))
        return isinstance(forms[0], Name) and is_given(forms[0], world) if forms else False
    if not isinstance(expression, Name):
        return False
    canonical = world.canonical(expression)
    learned = expression.round and canonical and canonical.startswith(world.learning)
    return canonical == RATE or (canonical in world.graph.givens and not learned)


def problem_of(binding: Binding, world: World) -> Problem:
    """Return the problem with a wrong number in a formula, and its correction."""
    number, true = binding.number, binding.true(world)
    digits = instead(binding, true)
    value = show(-true if binding.negated else true)
    message = (
        f"{binding.printed} is printed; it stands for {text_of(binding.stands_for)}, "
        f"which is {value}"
    )
    if digits:
        message += f"; print {_negated(digits) if binding.negated else digits}"
    sure = not _is_as_exact_as_a_float(binding, true)
    if not sure:
        message += ", or fewer digits, since the last ones of a float are rounding errors"
    kind = Kind.WRONG_NUMBER
    return Problem(
        number.start, number.end, message, binding, digits, sure, kind=kind, value=value, sure=sure
    )


def _is_as_exact_as_a_float(binding: Binding, true: Decimal) -> bool:
    """Tell whether a number is what a program may print that computes in double precision."""
    digits = len(binding.number.value.as_tuple().digits)
    return digits > sys.float_info.dig and abs(binding.number.value - true) <= ROUNDING * abs(true)


def instead(binding: Binding, true: Decimal) -> str:
    """Return the true value in the printed form; empty where an exact one has too many digits."""
    if binding.wrong_sign_of_zero(true):
        return f"-{like(binding.number, true).removeprefix('-')}"
    if not binding.exact or rounded(true, binding.number.unit) == true:
        return like(binding.number, true)
    return f"{true.normalize(PRECISE):f}" if len(true.as_tuple().digits) <= latex.DIGITS else ""


def _negated(text: str) -> str:
    return text.removeprefix("-") if text.startswith("-") else f"-{text}"


def like(number: Number, value: Decimal) -> str:
    """Write a value in the form of a printed number: its places, power of ten and separators."""
    mantissa, times, power = number.text.partition("\\")
    if times:
        places = sum(map(str.isdigit, mantissa)) - 1
        shown = f"{rounded(value, Decimal(1).scaleb(value.adjusted() - places)):.{places}e}"
        digits, _, exponent = shown.partition("e")
        head, _, old = power.partition("^")
        space = mantissa[len(mantissa.rstrip()) :]
        new = str(int(exponent))
        bare = "{" not in old and len(new) == 1  # as in 10^3
        return f"{digits}{space}{times}{head}^{new if bare else f'{{{new}}}'}"
    plain = rounded(value, number.unit)
    if number.point != ".":
        return f"{plain:f}".replace(".", number.point)
    if number.text.startswith("."):  # as in .35
        return f"{plain:f}".replace("0.", ".", 1) if abs(plain) < 1 else f"{plain:f}"
    return f"{plain:,f}".replace(",", "{,}") if "{,}" in number.text else f"{plain:f}"


def show(value: Value) -> str:
    """Write a value, of any shape, with twelve digits and without trailing zeros."""
    if isinstance(value, np.ndarray):
        rows = ["[" + ", ".join(show(entry) for entry in row) + "]" for row in value]
        return "[" + ", ".join(rows) + "]"
    return f"{float(value):.12g}"


def text_of(expression: Expression) -> str:
    """Write an expression as plain text, for messages."""
    return written(expression, PLAIN, _part)


def _part(part: Expression) -> str:
    """Write a name, or another part that is no arithmetic, as plain text."""
    match part:
        case Name(round=rounds):
            return part.key + {0: "", 1: "+"}.get(rounds, f"^({rounds})")
        case Derivative(of, wrt):
            return f"d{_part(of)}/d{_part(wrt)}"
        case expressions.Call(function, argument):
            return f"{function}({text_of(argument)})"
        case expressions.Absolute(body):
            return f"|{text_of(body)}|"
        case expressions.Matrix():
            return ", ".join(map(text_of, expressions.parts_of(part)))
    return "the expression"


def is_lone(side: Expression) -> TypeGuard[Number | Negative]:
    """Tell whether a side is one number, with or without a minus."""
    return isinstance(side.body if isinstance(side, Negative) else side, Number)


def is_percentage(side: Expression) -> TypeGuard[Quotient]:
    """Tell whether a side is a percentage."""
    below = side.below if isinstance(side, Quotient) else None
    return isinstance(below, Number) and below.text == latex.PERCENT

r"""Rewrite a bound number for another value: digits, sign and parentheses.

A minus belongs to a number where the number is all of a side, or is bound with it
(`a + b` printed as `0.3 - 0.2`); else it belongs to the formula, as in $e^{-z}$. A
negative number has parentheses wherever it does not begin a side, a group or a cell
that ends with it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from backprop.formulas.bind import Binding, is_given, like
from backprop.formulas.latex import DIGITS
from backprop.formulas.layout import RELATION, blanked
from backprop.formulas.values import Unbound
from backprop.formulas.world import World
from backprop.pages.page import Edit, Math
from backprop.symbolic.expressions import Expression, Negative, Number, names
from backprop.symbolic.functions import PRECISE
from backprop.symbolic.rounding import rounded

DIGITS_OF_DOUBLES = 10  # digits in which two programs agree after many rounds in doubles
MOST_ADDED = 8  # digits that may be added where a value was printed in full, to print it so again
MOST_DECIMALS = 6  # of a number that is whole on the page and not in the new network

# The modes of a number: which digits it shows. The scripts of live pages know them by these values.
ROUNDED = 0  # as many as are printed
GIVEN = 1  # all
IN_FULL = 2  # all if they end soon, else as many as are printed
DOUBLE = 3  # no more than doubles are good for
WHOLE = 4  # all if they end soon, else `MOST_DECIMALS`

_SEPARATOR = r"[,;]|\\\\|\\q?quad(?![A-Za-z])|\\text\{[^{}]*\}"
_SIDE_BEGINS = re.compile(rf"(?:^|{RELATION}|{_SEPARATOR})$")
_OPENS = re.compile(rf"(?:^|{RELATION}|{_SEPARATOR}|[(\[{{|&]|\\begin\{{[pbvBV]?matrix\}})$")
_OPERATOR = re.compile(r"(?:[-+*/\u2212\u00d7]|\\(?:times|cdot|ast|odot|circ|div))$")
_SIDE_ENDS = re.compile(rf"$|{RELATION}|{_SEPARATOR}|\.\s*$")
_CLOSES = re.compile(rf"$|{RELATION}|{_SEPARATOR}|[-+\u2212)\]}}|&]|\\end\{{|\.\s*$")
_SIZED = re.compile(r"\\(?:left|[bB]igg?l?)\s*$")


@dataclass(frozen=True)
class Bound:
    """A bound number of a page, with the world that it is compared with."""

    math: Math
    binding: Binding
    world: World


def rewritten(bound: Bound, world: World, more: int = 0) -> Edit:
    """Return the edit that makes a bound number show its value in a world.

    Args:
        bound: the number.
        world: in which it is evaluated.
        more: how many digits to print beyond those of the page.

    Raises:
        Unbound: it has no value in this world, or one of too many digits.
    """
    number, math, kind = bound.binding.number, bound.math, mode(bound)
    true = bound.binding.true(world)
    shape = _Shape(bound)
    signed = true.copy_negate() if shape.signed else true
    model = _longer(number, _more(number, true, kind, more))
    most = DIGITS_OF_DOUBLES if kind == DOUBLE else DIGITS
    if true and "\\" not in number.text and true.adjusted() >= model.unit.adjusted() + most:
        raise Unbound(f"it takes more than {most} digits")
    size = like(model, signed.copy_abs())
    negative = signed < 0 and any(digit in size.partition("\\")[0] for digit in "123456789")
    start, end, text = shape.written(size, negative=negative)
    return Edit(math.part, math.latex_start + start, math.latex_start + end, text)


def corrected(bound: Bound) -> Edit:
    """Return the edit that `backprop fix` makes for a wrong number, with the minus before it.

    Raises:
        Unbound: as `rewritten`.
    """
    number, math = bound.binding.number, bound.math
    edit = rewritten(bound, bound.world)
    shape = _Shape(bound)
    minus = shape.minus if shape.signed and shape.direct else None
    if minus is None or edit.start < math.latex_start + number.start:
        return edit
    return replace(
        edit, start=math.latex_start + minus, text=math.latex[minus : number.start] + edit.text
    )


@dataclass(frozen=True)
class Span:
    """What changes in a formula when a number gets another value.

    Attributes:
        start: where it begins.
        end: where it ends.
        sign: the place of the sign, if something is between it and the number.
        forms: what is written for a positive and for a negative value, `#` for the digits.
        signed: whether the minus on the page belongs to the number.
    """

    start: int
    end: int
    sign: int | None
    forms: tuple[str, str]
    signed: bool


def span(bound: Bound) -> Span:
    """Return what changes in a formula when a bound number gets another value."""
    number, source = bound.binding.number, bound.math.latex
    shape = _Shape(bound)
    written = [shape.written("#", negative=negative) for negative in (False, True)]
    start, end = min(each[0] for each in written), max(each[1] for each in written)
    forms = [
        re.sub(r"\s", "", source[start:first] + text + source[last:end])
        for first, last, text in written
    ]
    if len(forms[1]) > 2 and not forms[1].startswith("("):  # as in -(0.2)
        ends = forms[0][:1].replace("#", ""), forms[1][:1]
        signs = tuple(f"{sign}#" if sign in "+-" else "#" for sign in ends)
        return Span(number.start, number.end, start, (signs[0], signs[1]), shape.signed)
    return Span(start, end, None, (forms[0], forms[1]), shape.signed)


class _Shape:
    """The surroundings of a number in its formula.

    Attributes:
        signed: whether there is a minus before it that belongs to it.
        direct: whether a minus stands right before it.
        plus: the place of a plus right before it that is a minus where the value is negative.
        is_side: whether the number, with its sign, is all of a side.
    """

    def __init__(self, bound: Bound) -> None:
        number, self.source = bound.binding.number, bound.math.latex
        self.plain = blanked(self.source)
        self.start, self.end = number.start, number.end
        self.minus = self._minus_before(number.start)
        self.direct = self.minus == len(self._before(number.start)) - 1
        self.outer = self.start if self.minus is None else self.minus
        self.plus = self._plus_before(bound.binding.stands_for)
        before, after = self._before(self.outer), self._after(self.end)
        self.is_side = bool(_SIDE_BEGINS.search(before) and _SIDE_ENDS.match(after))
        self.wrapped = self._is_wrapped(before, after)
        self.signed = self.minus is not None and (
            bound.binding.negated or self.is_side or self.wrapped
        )

    def written(self, size: str, *, negative: bool) -> tuple[int, int, str]:
        """Return the start, the end and the text of the edit that shows a value."""
        if negative == self.signed:
            return self.start, self.end, size
        if negative:
            return self._negative(size)
        before = self._before(self.outer)
        if self.wrapped:
            close = self.plain.index(")", self.end)
            return len(before) - 1, close + 1, size
        between = self.source[self.outer + 1 : self.start]
        if _OPENS.search(before) or _OPERATOR.search(before):
            return self.outer, self.end, between.lstrip() + size
        return self.outer, self.end, f"+{between}{size}"

    def _negative(self, size: str) -> tuple[int, int, str]:
        """Return the edit that shows a negative value where no minus belongs to the number."""
        if self.direct and _OPERATOR.search(self._before(self.outer)):  # as in 0.4 - -0.45
            return self.outer, self.end, size
        if self.plus is not None:
            return self.plus, self.end, f"-{self.source[self.plus + 1 : self.start]}{size}"
        alone = _OPENS.search(self._before(self.start)) and _CLOSES.match(self._after(self.end))
        return self.start, self.end, f"-{size}" if alone else f"(-{size})"

    def _minus_before(self, offset: int) -> int | None:
        """Return the place of the minus before an offset, also of the one in `-(0.2)`."""
        before = self._before(offset)
        if before.endswith("(") and self._after(self.end).startswith(")"):
            before = before[:-1].rstrip()
        return len(before) - 1 if before.endswith(("-", "\u2212")) else None

    def _plus_before(self, stands_for: Expression) -> int | None:
        """Return the place of a plus that is no operator, or one where the formula subtracts."""
        before = self._before(self.start)
        if not before.endswith("+") or self._after(self.end).startswith("^"):
            return None
        turns = isinstance(stands_for, Negative) or _OPENS.search(before[:-1].rstrip())
        return len(before) - 1 if turns else None

    def _is_wrapped(self, before: str, after: str) -> bool:
        """Tell whether parentheses are there for the sign only."""
        if not self.direct or not before.endswith("(") or not after.startswith(")"):
            return False
        outside = before[:-1].rstrip()
        sized = _SIZED.search(self.source[: len(before) - 1])
        return not sized and bool(_OPENS.search(outside) or _OPERATOR.search(outside))

    def _before(self, offset: int) -> str:
        return self.plain[:offset].rstrip()

    def _after(self, offset: int) -> str:
        return self.plain[offset:].lstrip()


def is_fixed(bound: Bound) -> bool:
    """Tell whether a number never gets more digits for the sake of a reader who recomputes."""
    return _Shape(bound).is_side or (bound.binding.exact and mode(bound) == GIVEN)


def mode(bound: Bound) -> int:
    """Return the mode of a number, which says how many digits it shows.

    A number that is exact and no given is printed without decimals, as its value is whole. With
    other givens it may not be whole: the delta of a dead neuron may become any number.
    """
    binding, world = bound.binding, bound.world
    if binding.exact:
        return GIVEN if is_given(binding.stands_for, world) else WHOLE
    if in_doubles(binding.stands_for, world):
        return DOUBLE
    return IN_FULL if binding.number.value == binding.true(world) else ROUNDED


def in_doubles(expression: Expression, world: World) -> bool:
    """Tell whether a value is computed in doubles: by several rounds of training, or on the page.

    All else is computed in decimals of 40 digits.
    """
    return any(
        name.round > 1
        or (name.key, name.round) in world.extra
        or (name.key in world.defined and in_doubles(world.defined[name.key], world))
        for name in names(expression)
    )


def _more(number: Number, true: Decimal, kind: int, wanted: int) -> int:
    """Return how many digits to print beyond those of the page; a negative number means fewer."""
    if kind != DOUBLE:
        missing = _missing(number, true)
        if kind == WHOLE:
            return max(0, missing) if missing <= MOST_ADDED else MOST_DECIMALS + wanted
        if kind == ROUNDED or (kind == IN_FULL and missing > MOST_ADDED):
            missing = 0
        return max(0, wanted, missing)
    mantissa, power, _ = number.text.partition("\\")
    places = len(mantissa.strip().partition(number.point)[2])
    first = true.adjusted() if true and not power else 0
    return min(wanted, max(1, DIGITS_OF_DOUBLES - 1 - first) - places)


def _missing(number: Number, true: Decimal) -> int:
    """Return how many more digits a value needs to be printed in full."""
    short = true.normalize(PRECISE)
    if not short:
        return 0
    if "\\" in number.text:
        printed = sum(map(str.isdigit, number.text.partition("\\")[0]))
        return len(short.as_tuple().digits) - printed
    return number.unit.adjusted() - int(short.as_tuple().exponent)


def _longer(number: Number, more: int) -> Number:
    """Return a number with zeros after its last digit, or with fewer digits."""
    mantissa = number.text.partition("\\")[0].rstrip()
    point = "." if more > 0 and number.point not in mantissa else ""
    kept = mantissa[: min(more, 0) or None]
    text = f"{kept}{point}{'0' * more}{number.text[len(mantissa) :]}"
    return replace(number, text=text, value=rounded(number.value, number.unit.scaleb(-more)))

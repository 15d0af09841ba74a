"""Expressions: the trees of formulas, which are parsed, evaluated, derived and written.

An expression is an immutable tree. A printed number keeps its text and its place in the source,
which the checker judges and the rewriter changes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, overload

Parts = TypeVar("Parts", tuple["Expression", ...], None)
Result = TypeVar("Result")


def _from_left(
    operator: Callable[["Expression", "Expression"], Result],
) -> Callable[["Expression", int], Result]:
    """Return an operator for a whole number on the left, as in `1 - x`."""
    return lambda right, number: operator(whole(number), right)


class Expression:
    """A part of a formula. Two are equal if they say the same, wherever they stand.

    Python's operators combine expressions with each other and with whole numbers: `2 * x - y`.
    """

    __slots__: tuple[str, ...] = ()

    def __add__(self, other: "Expression | int") -> "Sum":
        """Return a sum; a sum on the left gets one more term."""
        return Sum((*(self.terms if isinstance(self, Sum) else (self,)), expression(other)))

    __radd__ = _from_left(__add__)

    def __sub__(self, other: "Expression | int") -> "Sum":
        """Return a difference, which is a sum with a negative term."""
        return self + Negative(expression(other))

    __rsub__ = _from_left(__sub__)

    def __mul__(self, other: "Expression | int") -> "Product":
        """Return a product; a product on the left gets one more factor."""
        factors = self.factors if isinstance(self, Product) else (self,)
        return Product((*factors, expression(other)))

    __rmul__ = _from_left(__mul__)

    def __truediv__(self, other: "Expression | int") -> "Quotient":
        """Return a quotient."""
        return Quotient(self, expression(other))

    __rtruediv__ = _from_left(__truediv__)

    def __pow__(self, exponent: int) -> "Power":
        """Return a power."""
        return Power(self, whole(exponent))

    def __neg__(self) -> "Negative":
        """Return minus the expression."""
        return Negative(self)


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A printed number: its text, its value, and its place in the source."""

    text: str
    value: Decimal
    start: int = field(compare=False)
    end: int = field(compare=False)

    @property
    def unit(self) -> Decimal:
        """One unit in the last place that is printed: 0.01 for 0.35."""
        return Decimal(1).scaleb(int(self.value.as_tuple().exponent))

    @property
    def is_decimal(self) -> bool:
        """Whether a point or a power of ten is printed; 2 is exact, 2.0 is a rounding."""
        return "." in self.text or "\\" in self.text or self.value.as_tuple().exponent != 0

    @property
    def point(self) -> str:
        """The decimal point as it is printed: a point, or a comma."""
        fraction = int(self.value.as_tuple().exponent) < 0
        comma = fraction and "." not in self.text and "," in self.text
        return "{,}" if comma and "{,}" in self.text else "," if comma else "."


@dataclass(frozen=True, slots=True)
class Blank(Expression):
    r"""A `\square` in place of a number or another part, for the reader to fill in."""

    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Name(Expression):
    r"""A symbol: its letters, its subscript, and the round after which its value is meant.

    The key joins letters and subscript by rule: `w` and `5` to `w5`, `net` and
    `h1` to `net_h1`, `\hat{y}` and `1` to `hat_y1`.
    """

    base: str
    subscript: str = ""
    round: int = 0
    start: int = 0
    end: int = 0

    @property
    def key(self) -> str:
        """The name without its round, as a notation knows it."""
        return join_key(self.base, self.subscript)

    def entry(self, number: int) -> "Name":
        """Return the name of an entry of the list with this name: `E_4` of `E`."""
        return Name(self.base, f"{self.subscript}{number}", self.round)

    def __eq__(self, other: object) -> bool:
        """Tell whether both have the same key and round."""
        return isinstance(other, Name) and (self.key, self.round) == (other.key, other.round)

    def __hash__(self) -> int:
        """Return a hash of the key and the round."""
        return hash((self.key, self.round))


@lru_cache(maxsize=4096)
def join_key(base: str, subscript: str) -> str:
    """Join letters and subscript: directly if a number follows a single letter, else by `_`.

    In a table of names, `#` or `@` stands for the number.
    """
    if not subscript:
        return base
    letter, first = base.rpartition("_")[2], subscript[0]
    joined = first == "_" or (len(letter) == 1 and (first.isdigit() or first in "#@"))
    return base + ("" if joined else "_") + subscript


@dataclass(frozen=True, slots=True)
class Derivative(Expression):
    """A partial derivative of one name with respect to another."""

    of: Name
    wrt: Name


@dataclass(frozen=True, slots=True)
class Slope(Expression):
    """The derivative of an expression with respect to a name."""

    body: Expression
    wrt: Name


@dataclass(frozen=True, slots=True)
class Negative(Expression):
    """Minus something."""

    body: Expression


@dataclass(frozen=True, slots=True)
class Sum(Expression):
    """Terms added up."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product(Expression):
    r"""Factors multiplied; `elementwise` where they are joined by \odot."""

    factors: tuple[Expression, ...]
    elementwise: bool = False


@dataclass(frozen=True, slots=True)
class Quotient(Expression):
    """One expression over another."""

    above: Expression
    below: Expression


@dataclass(frozen=True, slots=True)
class Power(Expression):
    """A base and its exponent."""

    base: Expression
    exponent: Expression


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A function of one argument: `sigma`, `sigma'` or `exp`."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Absolute(Expression):
    """The absolute value of a number, or the length of a vector."""

    body: Expression


@dataclass(frozen=True, slots=True)
class Transpose(Expression):
    """A matrix with its rows made columns."""

    body: Expression


@dataclass(frozen=True, slots=True)
class Matrix(Expression):
    """Rows of entries, all of one length."""

    rows: tuple[tuple[Expression, ...], ...]


@dataclass(frozen=True, slots=True)
class Summation(Expression):
    """A sum over an index; `last` is None for an index that runs over a whole list."""

    index: str
    first: int
    last: int | None
    body: Expression


@dataclass(frozen=True, slots=True)
class Prime(Expression):
    """The derivative of an expression with respect to its only variable."""

    body: Expression


@dataclass(frozen=True, slots=True)
class Evaluated(Expression):
    """A part whose value is written as one number in a formula with numbers put in."""

    body: Expression


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides joined by relations: `a = b = c` has three sides and two relations."""

    sides: tuple[Expression, ...]
    relations: tuple[str, ...]


def numbers(expression: Expression) -> Iterator[Number]:
    """Yield the printed numbers of an expression, from left to right."""
    return (node for node in walk(expression) if isinstance(node, Number))


def names(expression: Expression) -> Iterator[Name]:
    """Yield the names of an expression, from left to right."""
    return (node for node in walk(expression) if isinstance(node, Name))


def has_names(expression: Expression) -> bool:
    """Tell whether an expression is in symbols, at least in part."""
    return isinstance(expression, Name) or any(map(has_names, parts_of(expression)))


def has_blank(expression: Expression) -> bool:
    """Tell whether a blank stands in an expression."""
    return any(isinstance(node, Blank) for node in walk(expression))


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all its parts, from left to right."""
    waiting = [expression]
    while waiting:  # faster than nested generators
        part = waiting.pop()
        yield part
        waiting += reversed(parts_of(part))


def parts_of(expression: Expression) -> list[Expression]:
    """Return the direct parts of an expression, from left to right."""
    if isinstance(expression, Name | Number):
        return []
    return _flat([getattr(expression, name) for name in expression.__slots__])


def _flat(values: Iterable[object]) -> list[Expression]:
    parts: list[Expression] = []
    for value in values:
        if isinstance(value, Expression):
            parts.append(value)
        elif isinstance(value, tuple):
            parts += _flat(value)
    return parts


@overload
def replaced(part: "Expression", put: Callable[[Expression], Expression | None]) -> Expression: ...
@overload
def replaced(part: Parts, put: Callable[[Expression], Expression | None]) -> Parts: ...
def replaced(part: Any, put: Callable[[Expression], Expression | None]) -> Any:  # any part
    """Return an expression with some of its parts replaced.

    Args:
        part: an expression, or a tuple of some.
        put: returns the replacement of a part, or None to keep the part and go on to its own parts.
    """
    if isinstance(part, tuple):
        return tuple([replaced(item, put) for item in part])
    if not isinstance(part, Expression):
        return part
    if (other := put(part)) is not None:
        return other
    if isinstance(part, Name | Number):
        return part
    return type(part)(*[replaced(getattr(part, name), put) for name in part.__slots__])


# How the tables write expressions ---------------------------------------------------------


def named(text: str) -> Name | Derivative:
    """Return the name in a text: `w5`, `w5+` after a round, `dE_total/dw5` for a derivative."""
    above, slash, below = text.partition("/")
    if slash:
        return Derivative(Name(above.removeprefix("d")), Name(below.removeprefix("d")))
    return Name(text.removesuffix("+"), round=int(text.endswith("+")))


def text_of_name(name: Name | Derivative) -> str:
    """Return the text of a name, the inverse of `named`."""
    if isinstance(name, Derivative):
        return f"d{name.of.key}/d{name.wrt.key}"
    return name.key + "+" * name.round


def expression(part: Expression | int) -> Expression:
    """Return an expression, of a whole number the one that prints it."""
    return part if isinstance(part, Expression) else whole(part)


def whole(number: int) -> Number:
    """Return a whole number."""
    return Number(str(number), Decimal(number), 0, 0)


ONE = whole(1)


def as_quotient(expression: Expression) -> Expression | None:
    r"""Return a half times x as x over 2; None for any other expression."""
    match expression:
        case Product((Quotient(Number(text="1"), below), body)):
            return Quotient(body, below)
    return None

"""LaTeX becomes expressions: chains of sides, joined by relations.

An expression is a small tree. A printed number keeps its text and its place in
the source, since that is what the checker judges and what the rewriter changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError


class LatexError(ValueError):
    """A formula that cannot be read.

    Attributes:
        offset: where in the formula, in characters from its start.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: its text, its value, and its place in the source."""

    text: str
    value: Decimal
    start: int
    end: int

    @property
    def unit(self) -> Decimal:
        """One unit in the last place that is printed: 0.01 for 0.35."""
        return Decimal(1).scaleb(int(self.value.as_tuple().exponent))

    @property
    def is_decimal(self) -> bool:
        """Whether a point or a power of ten is printed; 2 is exact, 2.0 is a rounding."""
        return not self.text.isdigit()


@dataclass(frozen=True, slots=True)
class Name:
    """A symbol: its letters, its subscript, and the round in which it is meant.

    The key joins letters and subscript by rule: `w` and `5` to `w5`, `net` and
    `h1` to `net_h1`, `\\hat{y}` and `1` to `hat_y1`.
    """

    base: str
    subscript: str = ""
    round: int = 0
    start: int = 0
    end: int = 0

    @property
    def key(self) -> str:
        """The name without its round, as a notation knows it."""
        letter = self.base.rpartition("_")[2]
        if not self.subscript:
            return self.base
        joint = "" if len(letter) == 1 and self.subscript[0].isdigit() else "_"
        return self.base + joint + self.subscript


@dataclass(frozen=True, slots=True)
class Derivative:
    """A partial derivative of one name with respect to another."""

    of: "Expression"
    wrt: Name


@dataclass(frozen=True, slots=True)
class Slope:
    """The derivative of an expression with respect to a name."""

    body: "Expression"
    wrt: Name


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus something."""

    body: "Expression"


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added up."""

    terms: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied; `elementwise` where they are joined by \\odot."""

    factors: "tuple[Expression, ...]"
    elementwise: bool = False


@dataclass(frozen=True, slots=True)
class Quotient:
    """One expression over another."""

    above: "Expression"
    below: "Expression"


@dataclass(frozen=True, slots=True)
class Power:
    """A base and its exponent."""

    base: "Expression"
    exponent: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument: `sigma`, `sigma'` or `exp`."""

    function: str
    argument: "Expression"


@dataclass(frozen=True, slots=True)
class Absolute:
    """The size of something, without its sign."""

    body: "Expression"


@dataclass(frozen=True, slots=True)
class Transpose:
    """A matrix with its rows made columns."""

    body: "Expression"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of entries, all of one length."""

    rows: "tuple[tuple[Expression, ...], ...]"


@dataclass(frozen=True, slots=True)
class Summation:
    """A sum over an index; `last` is 0 where the index runs over all there are."""

    index: str
    first: int
    last: int
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Prime:
    """The derivative of something by the one variable in it."""

    body: "Expression"


Expression: TypeAlias = (
    Number
    | Name
    | Derivative
    | Slope
    | Negative
    | Sum
    | Product
    | Quotient
    | Power
    | Call
    | Absolute
    | Transpose
    | Matrix
    | Summation
    | Prime
)


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides joined by relations: `a = b = c` has three sides and two relations."""

    sides: tuple[Expression, ...]
    relations: tuple[str, ...]


def parse(source: str) -> tuple[Chain, ...]:
    """Read a formula.

    Args:
        source: LaTeX without its dollars.

    Returns:
        Its chains, from left to right and from top to bottom.

    Raises:
        LatexError: the formula is not understood.
    """
    return _parse(_blank(source))


def numbers(expression: Expression) -> Iterator[Number]:
    """Yield the printed numbers of an expression, from left to right."""
    return (node for node in walk(expression) if isinstance(node, Number))


def names(expression: Expression) -> Iterator[Name]:
    """Yield the names of an expression, from left to right."""
    return (node for node in walk(expression) if isinstance(node, Name))


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of."""
    yield expression
    for field in fields(expression):
        yield from _walk_value(getattr(expression, field.name))


def _walk_value(value: object) -> Iterator[Expression]:
    if isinstance(value, tuple):
        for item in value:
            yield from _walk_value(item)
    elif isinstance(value, Expression):  # type: ignore[misc, arg-type]
        yield from walk(value)  # type: ignore[arg-type]


_MATRIX = re.compile(r"\\begin\{[pbvBV]?matrix\}.*?\\end\{[pbvBV]?matrix\}", re.DOTALL)
_SILENT = re.compile(
    r"\\\\|"  # a line break is matched first, and kept: \\, is not a thin space
    r"\\(?:left|right|displaystyle|limits|nonumber|notag|[bB]igg?[lrm]?)(?![A-Za-z])"
    r"|\\[,:!> ]|~|\\(?:begin|end)\{(?:align|equation|gather|multline|split)\*?\}"
)
_ALIGNMENT = re.compile(
    # A row that goes on with a relation or an operator belongs to the row before.
    r"&|\\\\(?=[\s&]*(?:=|<|>|\+|-|\*"
    r"|\\(?:approx|simeq|equiv|[lg]eq?|neq?|[lg]t|times|cdot|odot)(?![A-Za-z])))"
)
_INDENT = re.compile(r"(?:^|(?<=\\\\))([\s&]*)\\q?quad(?![A-Za-z])")


def _blank(source: str) -> str:
    """Blank out what only sets the formula, so that every place stays where it is."""
    source = _INDENT.sub(_spaces, _SILENT.sub(_spaces_but_breaks, source))
    parts, end = [], 0
    for matrix in _MATRIX.finditer(source):
        parts += [_ALIGNMENT.sub(_spaces, source[end : matrix.start()]), matrix.group()]
        end = matrix.end()
    return "".join([*parts, _ALIGNMENT.sub(_spaces, source[end:])])


def _spaces_but_breaks(match: re.Match[str]) -> str:
    return match.group() if match.group() == r"\\" else _spaces(match)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


@lru_cache(maxsize=4096)
def _parse(source: str) -> tuple[Chain, ...]:
    try:
        return _parser().parse(source)  # type: ignore[return-value]
    except VisitError as error:
        if isinstance(error.orig_exc, LatexError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        offset = len(source) if error.pos_in_stream in (None, -1) else error.pos_in_stream
        came = source[offset : offset + 20].strip()
        what = f"{came!r} came where no formula goes on" if came else "the formula ends too early"
        raise LatexError(what, offset) from None


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder(), propagate_positions=False)


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Builds expressions while the parser reads."""

    def start(self, *chains: Chain) -> tuple[Chain, ...]:
        return chains

    def chain(self, *parts: Any) -> Chain:
        return Chain(parts[::2], tuple(map(str, parts[1::2])))

    def sum(self, *parts: Any) -> Expression:
        """Join terms by the signs between them."""
        terms, sign = [], "+"
        for part in parts:
            if isinstance(part, Token):
                sign = part
            else:
                terms.append(_signed(sign, part))
        first = terms[0]
        if isinstance(first, Sum):  # a leading sign belongs to the first term only
            terms[:1] = first.terms
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def signed(self, sign: Token, body: Expression) -> Expression:
        return _signed(sign, body)

    def operator(self, token: Token, sign: Token | None = None) -> tuple[Token, str]:
        return token, sign or "+"

    def product(self, *parts: Any) -> Expression:
        """Multiply and divide from left to right."""
        result: Expression | None = None
        factors: list[Expression] = []
        elementwise = False
        pending: tuple[Token, str] | None = None
        for part in parts:
            if isinstance(part, tuple) and isinstance(part[0], Token):
                pending = part
                continue
            if pending is None:
                if factors and isinstance(part, Number):
                    raise LatexError(
                        f"{part.text} came right behind a factor, expected \\times before it",
                        part.start,
                    )
                factors.append(part)
            else:
                token, sign = pending
                pending = None
                factor = _signed(sign, part)
                if token.type == "OVER":
                    factors = [Quotient(_product(factors, elementwise=elementwise), factor)]
                    elementwise = False
                else:
                    elementwise = elementwise or token in ("\\odot", "\\circ")
                    factors.append(factor)
        result = _product(factors, elementwise=elementwise)
        return result

    def number(self, token: Token) -> Number:
        start = int(token.start_pos or 0)
        return Number(str(token), _value(token), start, start + len(token))

    def group(self, body: Expression) -> Expression:
        return body

    def absolute(self, body: Expression) -> Expression:
        return Absolute(body)

    def fraction(self, above: Expression, below: Expression) -> Quotient:
        return Quotient(above, below)

    def fraction_digits(self, token: Token) -> Quotient:
        above, below = re.findall(r"\d", token)
        start = int(token.start_pos or 0)
        return Quotient(
            Number(above, Decimal(above), start, start),
            Number(below, Decimal(below), start, start),
        )

    def derivative(self, of: Name, *rest: Any) -> Derivative:
        return Derivative(of, rest[-1])

    def slope(self, wrt: Name, body: Expression) -> Slope:
        return Slope(body, wrt)

    def function(self, token: Token) -> Name:
        start = int(token.start_pos or 0)
        return Name(_function(token), start=start, end=start + len(token))

    def call(self, function: Token, argument: Expression) -> Call:
        return Call(_function(function), argument)

    def slope_call(self, function: Token, argument: Expression) -> Call:
        return Call(_function(function) + "'", argument)

    def power(self, base: Expression, exponent: Any) -> Power:
        return Power(base, self.number(exponent) if isinstance(exponent, Token) else exponent)

    def prime(self, body: Expression) -> Prime:
        return Prime(body)

    def mention(self, *_: Token) -> Chain:
        """An operator that a sentence speaks of says nothing that could be wrong."""
        return Chain((), ())

    def transpose(self, body: Expression, _: Token) -> Transpose:
        return Transpose(body)

    def row(self, *entries: Expression) -> tuple[Expression, ...]:
        return entries

    def matrix(self, begin: Token, *rest: Any) -> Matrix:
        rows = rest[:-1]
        if len({len(row) for row in rows}) > 1:
            raise LatexError(
                "rows of different lengths came, expected equal ones", int(begin.start_pos or 0)
            )
        return Matrix(rows)

    def summation(self, _: Token, *rest: Any) -> Summation:
        body = rest[-1]
        if len(rest) == 1:
            return Summation("", 0, 0, body)
        letter, *ends = re.findall(r"[A-Za-z]|\d+", rest[0])
        first, last = (int(ends[0]), int(ends[1])) if ends else (0, 0)
        return Summation(letter, first, last, body)

    def name(self, *parts: Any) -> Name:
        """Make a name of letters, with or without a font, and a subscript."""
        letters, sub, end = _letters_and_subscript(parts)
        return Name(letters, sub, start=_start(parts[0]), end=end)

    def accented(self, accent: Token, *parts: Any) -> Name:
        r"""Make a name with an accent, inside or outside of which the subscript may stand."""
        mark = _ACCENTS.get(str(accent), "vec")
        inner = parts[0]
        if isinstance(inner, Name):
            sub, end = parts[1] if len(parts) > 1 else (inner.subscript, inner.end)
            return Name(f"{mark}_{inner.base}", sub, start=_start(accent), end=end)
        letters, sub, end = _letters_and_subscript(parts)
        return Name(f"{mark}_{letters}", sub, start=_start(accent), end=end)

    def at_round(self, name: Name, token: Token) -> Name:
        """Set the round of a name: + is one, (n) is n."""
        digits = re.sub(r"\D", "", token.replace("{,}", "")) or "1"
        return replace(name, round=int(digits), end=int(token.end_pos or 0))

    def subscript(self, *pieces: Any) -> tuple[str, int]:
        return "".join(_text(piece) for piece in pieces), _end(pieces[-1])

    def font(self, *pieces: Any) -> tuple[str, int]:
        return "".join(_text(piece) for piece in pieces), _end(pieces[-1])


def _signed(sign: str, body: Expression) -> Expression:
    return body if sign == "+" else Negative(body)


def _product(factors: list[Expression], *, elementwise: bool) -> Expression:
    return Product(tuple(factors), elementwise) if len(factors) > 1 else factors[0]


def _function(token: Token) -> str:
    return "exp" if token == "e" else str(token).lstrip("\\")


def _value(text: str) -> Decimal:
    """Return the value of a printed number; its exponent tells the last printed place."""
    plain = text.replace("{,}", "").replace("\u2212", "-")
    mantissa, _, power = re.sub(r"\s*\\(times|cdot)\s*10\s*\^", "e", plain).partition("e")
    return Decimal(mantissa).scaleb(int(re.sub(r"[{}\s]", "", power) or 0))


_ACCENTS = {
    "\\hat": "hat",
    "\\widehat": "hat",
    "\\bar": "bar",
    "\\tilde": "tilde",
    "\\widetilde": "tilde",
}  # all others mark a vector


def _letters_and_subscript(parts: tuple[Any, ...]) -> tuple[str, str, int]:
    """Return the letters of a name, its subscript, and where it ends.

    Digits right behind the letters are a subscript too: w5 is w_5.
    """
    token = next(part for part in parts if isinstance(part, Token) and part.type != "FONT")
    letters, digits = re.fullmatch(r"(\D+)(\d*)", token.lstrip("\\")).groups()  # type: ignore[union-attr]
    sub, end = parts[-1] if isinstance(parts[-1], tuple) else ("", int(token.end_pos or 0))
    return letters, digits + sub, end


def _start(token: Token) -> int:
    return int(token.start_pos or 0)


def _text(piece: Any) -> str:
    if isinstance(piece, tuple):
        return str(piece[0])
    return "" if piece.type == "FONT" else str(piece).lstrip("\\")


def _end(piece: Any) -> int:
    return int(piece[1]) if isinstance(piece, tuple) else int(piece.end_pos or 0)

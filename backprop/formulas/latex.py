# ruff: noqa: ANN401  # lark hands on tokens and whatever has been built from them
r"""Parse LaTeX into expressions: chains of sides, joined by relations.

An expression is a small tree. A printed number keeps its text and its place in
the source, since that is what the checker judges and what the rewriter changes.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from backprop.formulas.layout import blanked
from backprop.formulas.spelling import spelled
from backprop.formulas.vectors import VECTOR_FUNCTIONS
from backprop.symbolic.expressions import (
    Absolute,
    Blank,
    Call,
    Chain,
    Derivative,
    Expression,
    Matrix,
    Name,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Slope,
    Sum,
    Summation,
    Transpose,
    parts_of,
    replaced,
    walk,
)
from backprop.symbolic.functions import FUNCTIONS
from backprop.symbolic.letters import Letters
from backprop.symbolic.notation import Notation

DIGITS = 30  # the most that a printed number may have; values are known to 40
DEEPEST = 40  # how deep a formula may be nested
LONGEST = 10_000  # characters of a formula
MOST_PARTS = 20_000  # the most that a formula may have, its sums written out
PERCENT = r"\%"  # the text of the 100 by which a percentage is divided
MOST_TERMS = 1000  # the most that sums within sums may add up to
TERMS_OF_A_SLOPE = 50  # the number of terms that a derivative taken numerically counts as

# The relations of a chain, and a table of other spellings with the one that replaces each.
ABOUT, SAME = r"\approx", ("=", r"\approx", r"\equiv")
LESS, MORE, STRICT, UNEQUAL = ("<", r"\le"), (">", r"\ge"), ("<", ">"), r"\ne"
_SPELLED = {r"\lt": "<", r"\gt": ">", r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne"}
_SPELLED |= {r"\simeq": r"\approx"}


class LatexError(ValueError):
    """A formula that cannot be read.

    Attributes:
        offset: where in the formula, in characters from its start.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse(
    source: str, notation: Notation | None = None, *, comma: bool = False
) -> tuple[Chain, ...]:
    """Read a formula.

    Args:
        source: LaTeX without its dollars.
        notation: in which its names are written; it matters where a page brings its own letters.
        comma: whether a decimal point is written as a comma.

    Returns:
        Its chains, from left to right and from top to bottom.

    Raises:
        LatexError: the formula is not understood.
    """
    letters = notation if isinstance(notation, Letters) else None
    read = _read if letters else _read_once
    return read(source, letters, comma, tuple(_functions()))


def _read(
    source: str,
    letters: Letters | None,
    comma: bool,  # noqa: FBT001  # a cache is quickest with arguments by place
    symbols: tuple[str, ...],
) -> tuple[Chain, ...]:
    """Read a formula, as `parse` says; `symbols` are what names a function."""
    if len(source) > LONGEST:
        raise LatexError(f"{len(source):,} characters came, expected {LONGEST:,} at most", 0)
    plain = blanked(source)
    if scale := _SCALE.search(plain):
        message = f"{scale['word'][:20]}... came after a number, expected a factor in digits"
        raise LatexError(message, scale.start("word"))
    if bare := _BARE.search(plain):
        sub = bare["sub"]
        raise LatexError(f"only the {sub[0]} of _{sub} is lowered; write _{{{sub}}}", bare.start())
    for point in () if comma else _COMMA.finditer(plain):
        if not _is_open(plain[: point.start()]):
            message = "a comma came between digits, expected a point, or a space after the comma"
            hint = "for decimal commas, write decimals: comma in the front matter"
            raise LatexError(f"{message}; {hint}", point.start())
    now = spelled(plain, letters, comma=comma)
    if now.places is None:
        return _parse(now.text, symbols)
    try:
        chains = _parse(now.text, symbols)
    except LatexError as error:
        at = now.places[error.offset]
        message = str(error).replace(_came(now.text, error.offset), _came(source, at))
        raise LatexError(message, at) from None
    return tuple(_relocated(chain, source, now.places) for chain in chains)


_read_once = lru_cache(maxsize=4096)(_read)  # each formula of a page is asked for several times


def _relocated(chain: Chain, source: str, places: Sequence[int]) -> Chain:
    """Return a chain with the places in the source, and numbers as they are printed there."""

    def put(one: Expression) -> Expression | None:
        if not isinstance(one, Number | Name | Blank) or not one.end:
            return None
        start, end = places[one.start], places[one.end]
        if isinstance(one, Number):
            return replace(one, text=source[start:end].rstrip(), start=start, end=end)
        return replace(one, start=start, end=end)

    return Chain(replaced(chain.sides, put), chain.relations)


_SCALE = re.compile(  # a word that makes another number of the one before it
    r"[0-9)}\]](?:\s|\\q?quad)*(?P<word>\\text\{[^A-Za-z{}]*"
    r"(?:per\s*(?:cent|mille?)|times|(?:hundred|thousand|(?:m|b|tr)illion)(?:th)?s?|pct|dozens?|[kKM])\b)",
    re.IGNORECASE,
)
_BARE = re.compile(  # LaTeX sets one letter low, and w_1 x_1 may be written without the space
    r"(?<!\\)_\s*(?P<sub>[A-Za-z][A-Za-z0-9]+|[0-9]{2,})"
)
_COMMA = re.compile("(?<=[0-9]),(?=[0-9])")


def _is_open(before: str) -> bool:
    """Tell whether a bracket is open at the end of a text, as in that of a list."""
    return sum(map(before.count, "([{")) > sum(map(before.count, ")]}"))


def _functions() -> dict[str, str]:
    r"""Return the names of the functions of the tables by their LaTeX.

    \log is the natural logarithm, as most texts on networks write it.
    """
    of_one = {function.symbol: name for name, function in FUNCTIONS.items()}
    of_several = {function.symbol: name for name, function in VECTOR_FUNCTIONS.items()}
    return {**of_one, **of_several, r"\log": "ln"}


_FONTS = re.compile(r"\\(?:mathrm|operatorname)\s*")
_SHIPPED = tuple(_functions())


@lru_cache(maxsize=4096)
def _parse(source: str, symbols: tuple[str, ...]) -> tuple[Chain, ...]:
    try:
        chains: tuple[Chain, ...] = _parser(symbols).parse(source)  # type: ignore[assignment]
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise LatexError("the formula ends too early", len(source)) from None
        raise _refusal(source, error) from None
    except UnexpectedInput as error:
        raise _refusal(source, error) from None
    for chain in chains:
        for side in chain.sides:
            _check_size(side)
    return chains


def _refusal(source: str, error: UnexpectedInput) -> LatexError:
    offset = int(error.pos_in_stream or 0)
    return LatexError(f"{_came(source, offset)} cannot stand here", offset)


def _came(source: str, offset: int) -> str:
    """Return the beginning of what stands behind an offset, as a message shows it."""
    return repr(source[offset:][:20].strip())


def _check_size(side: Expression) -> None:
    """Refuse a side that would take too much time or memory to evaluate."""
    waiting = [(side, 1, 1)]
    parts = 0
    while waiting:
        expression, depth, terms = waiting.pop()
        parts += terms
        if isinstance(expression, Summation) and expression.last is not None:
            terms *= expression.last - expression.first + 1
        if depth > DEEPEST:
            raise LatexError(f"formulas nested more than {DEEPEST} deep came", 0)
        if terms > MOST_TERMS:
            raise LatexError(f"a sum of more than {MOST_TERMS} terms came", 0)
        if parts > MOST_PARTS:
            raise LatexError(f"more than {MOST_PARTS:,} parts came, sums written out", 0)
        if isinstance(expression, Slope | Prime):
            terms *= TERMS_OF_A_SLOPE
        waiting += [(part, depth + 1, terms) for part in parts_of(expression)]


@cache
def _parser(symbols: tuple[str, ...]) -> Lark:
    """Return the parser; its tables are kept beside Python's own compiled files.

    lark keeps them with a digest of the grammar and its own version, makes them
    anew where that differs, and does without where they cannot be written. They
    are kept for the functions that come with the package.

    Args:
        symbols: what names a function.
    """
    path = Path(__file__).with_name("grammar.lark")
    grammar = path.read_text("utf-8").replace("%FUNCTIONS%", "|".join(map(_pattern, symbols)))
    tables = str(path.parent / "__pycache__" / "grammar.lark.tables")
    cached = tables if symbols == _SHIPPED else False
    return Lark(grammar, parser="lalr", transformer=_Builder(), cache=cached)


def _pattern(symbol: str) -> str:
    r"""Return a pattern for the LaTeX of a function: \ln but not \lnx, and any upright word."""
    upright, _, word = symbol.rpartition("{")
    return rf"{_FONTS.pattern}\{{{word[:-1]}\}}" if upright else rf"\{symbol}(?![A-Za-z])"


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Builds expressions while the parser reads, with a method or a class for each rule."""

    absolute, fraction, power, prime = Absolute, Quotient, Power, Prime
    slope_of, transpose = Slope, Transpose

    def start(self, *chains: Chain) -> tuple[Chain, ...]:
        return chains

    def chain(self, *parts: Any) -> Chain:
        relations = map(str, parts[1::2])
        return Chain(parts[::2], tuple(_SPELLED.get(each, each) for each in relations))

    def update(self, name: Name, _: Token, *parts: Any) -> Chain:
        r"""Read `w \leftarrow w - ...` as the value of w one round later; w^+ says so itself."""
        return self.chain(replace(name, round=name.round or 1), "=", *parts)

    def sum(self, *parts: Any) -> Expression:
        """Join terms by the signs between them."""
        first, *rest = parts
        terms = list(first.terms) if isinstance(first, Sum) else [first]
        signs = ""
        for part in rest:
            if isinstance(part, Token):
                signs += part
            else:
                terms.append(_signed(signs, part))
                signs = ""
        return Sum(tuple(terms))

    def signed(self, sign: Token, body: Expression) -> Expression:
        return _signed(sign, body)

    def step(self, operator: Token, *rest: Any) -> "_Step":
        *signs, factor = rest
        return _Step(str(operator), _signed("".join(signs), factor))

    def product(self, first: Expression, *rest: Any) -> Expression:
        r"""Multiply and divide from left to right; \odot joins whole products."""
        factors = _applied([first, *rest])
        products = [factors[:1]]
        before = ""
        for each in factors[1:]:
            operator, factor = each if isinstance(each, _Step) else _Step("", each)
            _refuse_round(products[-1][-1], operator, factor)
            _refuse_slash(before, operator, factor)
            before = operator or before
            if operator in ("/", "\\div"):
                products[-1] = [Quotient(_product(products[-1]), factor)]
            elif operator in ("\\odot", "\\circ"):
                products.append([factor])
            else:
                products[-1].append(factor)
        return _product([_product(each) for each in products], elementwise=len(products) > 1)

    def number(self, token: Token) -> Number:
        start = _start(token)
        return Number(str(token), _value(token), start, start + len(token))

    def blank(self, token: Token) -> Blank:
        return Blank(_start(token), _end(token))

    def listed(self, *each: Expression) -> Matrix:
        """List several numbers as a column."""
        return Matrix(tuple((one,) for one in each))

    def percent(self, token: Token, sign: Token) -> Quotient:
        """Read a percentage as so many hundredths."""
        return Quotient(self.number(token), Number(PERCENT, Decimal(100), _start(sign), 0))

    def fraction_digits(self, token: Token) -> Quotient:
        above, below = (
            Number(digit[0], Decimal(digit[0]), start := _start(token) + digit.start(), start + 1)
            for digit in re.finditer(r"\d", token)
        )
        return Quotient(above, below)

    def derivative(self, of: Name, *rest: Any) -> Derivative:
        return Derivative(of, rest[-1])

    def slope(self, wrt: Name, body: Expression) -> Slope:
        return Slope(body, wrt)

    def slope_of_power(self, base: Expression, exponent: Expression, wrt: Name) -> Slope:
        return Slope(Power(base, exponent), wrt)

    def function(self, token: Token) -> Name:
        return Name(_function(token), start=_start(token), end=_end(token))

    def call(self, function: Token, argument: Expression, *entry: tuple[str, int]) -> Call:
        return Call(_function(function) + _entry(*entry), argument)

    def slope_call(self, function: Token, argument: Expression, *entry: tuple[str, int]) -> Call:
        return Call(_function(function) + _entry(*entry) + "'", argument)

    def mention(self, *_: Token) -> Chain:
        """Read a lone operator, which a sentence mentions, as a chain without sides."""
        return Chain((), ())

    def row(self, *entries: Expression) -> tuple[Expression, ...]:
        return entries

    def matrix(self, begin: Token, *rest: Any) -> Matrix:
        rows = rest[:-1]
        if len({len(row) for row in rows}) > 1:
            raise LatexError("rows of different lengths came, expected equal ones", _start(begin))
        return Matrix(rows)

    def summation(self, sigma: Token, *rest: Any) -> Summation:
        *indices, body = rest
        letter, *ends = re.findall(r"[A-Za-z]|\d+", indices[0]) if indices else [""]
        if not ends:
            return Summation(letter, 0, None, body)
        first, last = (_whole(end, sigma) for end in ends)
        if last < first:
            raise LatexError(f"a sum from {first} to {last} came, which is empty", _start(sigma))
        return Summation(letter, first, last, body)

    def name(self, *parts: Any) -> Name:
        """Make a name of letters, with or without a font, and a subscript."""
        if parts[0].type == "SYMBOL":
            return Name(parts[0][1:-1], start=_start(parts[0]), end=_end(parts[0]))
        word = parts[1] if parts[0].type == "FONT" else parts[0]
        return _named("", word, parts)

    def in_layer(self, word: Token, layer: Token, sub: tuple[str, int]) -> Name:
        """Make a name of letters, the layer above them, and a subscript."""
        name = _named("", word, (word, sub))
        return replace(name, base=f"{name.base}^{re.sub(r'[^0-9]', '', layer)}")

    def accented(self, *parts: Any) -> Name:
        r"""Make a name with an accent; its subscript may stand within the accent or after it."""
        mark = f"{_ACCENTS.get(str(parts[0]), 'vec')}_"
        inner = parts[1]
        if not isinstance(inner, Name):
            return _named(mark, inner, parts)
        sub = parts[-1][0] if isinstance(parts[-1], tuple) else inner.subscript
        return Name(mark + inner.base, sub, start=_start(parts[0]), end=_end(parts[-1]))

    def at_round(self, name: Name, token: Token) -> Name:
        """Set the round of a name: + is one, (n) is n."""
        digits = re.sub(r"\D", "", token) or "1"
        return replace(name, round=_whole(digits, token), end=_end(token))

    def subscript(self, piece: Any) -> tuple[str, int]:
        return _text(piece), _end(piece)

    def pieces(self, *pieces: Any) -> tuple[str, int]:
        return "".join(map(_text, pieces)), _end(pieces[-1])


class _Step(NamedTuple):
    """An operator and the factor after it."""

    operator: str
    factor: Expression


def _signed(signs: str, body: Expression) -> Expression:
    """Put signs before an expression: an odd number of minus signs makes it negative."""
    return Negative(body) if (len(signs) - signs.count("+")) % 2 else body


def _applied(factors: list[Any]) -> list[Any]:
    r"""Put what follows a function without brackets into it: t \ln y is t times the log of y."""
    found: list[Any] = []
    bare = False
    for each in factors:
        alone = found and not isinstance(each, _Step)
        call = _put_in(found[-1], each) if alone else None
        if alone and bare:
            message = "a function and two factors can mean two things; write (...) around its own"
            raise LatexError(message, _place(each))
        found[-bool(call) or len(found) :] = [call or each]
        bare = bool(call)
    return found


def _put_in(before: Any, argument: Expression) -> Any:
    """Return a function at an argument, with the operator before it; None where there is none."""
    match before:
        case _Step(operator, factor):
            call = _put_in(factor, argument)
            return call and _Step(operator, call)
        case Negative(body):
            call = _put_in(body, argument)
            return call and Negative(call)
        case Name() if before.key in _functions().values():
            return Call(before.key, argument)
    return None


def _refuse_round(before: Expression, operator: str, factor: Expression) -> None:
    """Refuse w_5(1), which is a product here and a round to many readers."""
    named = isinstance(before, Name | Derivative)
    if named and not operator and isinstance(factor, Number) and not factor.is_decimal:
        message = f"({factor.text}) came after a name; write \\times, or the round as ^{{(n)}}"
        raise LatexError(message, factor.start)


def _refuse_slash(before: str, operator: str, factor: Expression) -> None:
    """Refuse 1/2 w, which is half of w here and the reciprocal of 2 w to many readers."""
    base = factor.base if isinstance(factor, Power) else factor
    if before in ("/", "\\div") and not operator and not isinstance(base, Sum):
        message = "a/b c can mean two things; write \\frac, or \\times before c"
        raise LatexError(message, _place(factor))


def _place(part: Expression) -> int:
    return next((each.start for each in walk(part) if isinstance(each, Name | Number)), 0)


def _product(factors: list[Expression], *, elementwise: bool = False) -> Expression:
    return Product(tuple(factors), elementwise) if len(factors) > 1 else factors[0]


def _function(word: Token) -> str:
    if word.type == "EXP":
        return "exp"
    return _functions()[_FONTS.sub(r"\\mathrm", word)]


def _entry(place: tuple[str, int] = ("", 0)) -> str:
    r"""Return the ending for an entry of a result: _1 of \mathrm{softmax}(z_1, z_2)_1."""
    return f"_{place[0]}" if place[0] else ""


def _value(token: Token) -> Decimal:
    """Return the value of a printed number; its exponent tells the last printed place."""
    plain = token.replace("{,}", "").replace("\u2212", "-")
    mantissa, _, power = re.sub(r"\s*\\(times|cdot)\s*10\s*\^", "e", plain).partition("e")
    exponent = re.sub(r"[{}\s]", "", power) or "0"
    if len(mantissa) > DIGITS + 1 or len(exponent) > 3:
        raise LatexError(f"{token[:9]}... came, expected {DIGITS} digits at most", _start(token))
    return Decimal(mantissa).scaleb(int(exponent))


def _whole(digits: str, token: Token) -> int:
    """Return the value of a round or a bound, which must not take forever."""
    if len(digits) > 6:
        raise LatexError(f"{digits[:9]}... came, expected 6 digits at most", _start(token))
    return int(digits)


_ACCENTS = {
    "\\hat": "hat",
    "\\widehat": "hat",
    "\\bar": "bar",
    "\\tilde": "tilde",
    "\\widetilde": "tilde",
}  # all others mark a vector


def _named(mark: str, word: Token, parts: tuple[Any, ...]) -> Name:
    """Make a name of a word and the subscript after it, if there is one.

    Digits right after the letters are a subscript too: w5 is w_5.
    """
    letters = word.lstrip("\\").rstrip("0123456789")
    digits = word.lstrip("\\")[len(letters) :]
    sub = parts[-1][0] if isinstance(parts[-1], tuple) else ""
    return Name(mark + letters, digits + sub, start=_start(parts[0]), end=_end(parts[-1]))


def _start(token: Token) -> int:
    return int(token.start_pos or 0)


def _text(piece: Any) -> str:
    if isinstance(piece, tuple):
        return str(piece[0])
    return {"FONT": "", "CLOSE": "", "COMMA": "_", "SEMICOLON": "_s"}.get(
        piece.type, str(piece).lstrip("\\")
    )


def _end(piece: Any) -> int:
    return int(piece[1]) if isinstance(piece, tuple) else int(piece.end_pos or 0)

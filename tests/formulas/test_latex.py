"""LaTeX becomes expressions, each number and name at its place."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop.formulas import latex
from backprop.formulas.latex import LatexError, parse
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
    names,
    numbers,
    walk,
)


def name(key: str, rounds: int = 0) -> Name:
    return Name(key, round=rounds)


def number(text: str) -> Number:
    return Number(text, Decimal(text), 0, 0)


def only(source: str) -> Any:
    """Return the one side of a formula."""
    [chain] = parse(source)
    [side] = chain.sides
    return side


A, B, C = map(name, "abc")
ONE, TWO = number("1"), number("2")
BLANK = Blank(0, 0)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a", A),
        (r"a + b - c", Sum((A, B, Negative(C)))),
        (r"- a + b", Sum((Negative(A), B))),
        (r"-(a + b) + c", Sum((Negative(Sum((A, B))), C))),
        (r"(a + b) + c", Sum((A, B, C))),
        (r"a + -b", Sum((A, Negative(B)))),
        (r"a - -b", Sum((A, B))),
        ("a \u2212 b", Sum((A, Negative(B)))),
        (r"a b \times c", Product((A, B, C))),
        (r"a \cdot b * c", Product((A, B, C))),
        ("2 x 3", Product((TWO, number("3")))),
        (r"a \times -b", Product((A, Negative(B)))),
        (r"a / b \times c", Product((Quotient(A, B), C))),
        (r"a b \div c", Quotient(Product((A, B)), C)),
        (r"a b \odot c", Product((Product((A, B)), C), elementwise=True)),
        ("(1)(2)", Product((ONE, TWO))),
        ("2 (1)", Product((TWO, ONE))),
        (r"\frac{a}{b}", Quotient(A, B)),
        (r"\frac12 a", Product((Quotient(ONE, TWO), A))),
        (r"\dfrac{1}{2}", Quotient(ONE, TWO)),
        ("a^2", Power(A, TWO)),
        ("(a + b)^{2-1}", Power(Sum((A, B)), Sum((TWO, Negative(ONE))))),
        ("2^a b".replace("^a", "^{a}"), Product((Power(TWO, A), B))),
        (r"|a - b|", Absolute(Sum((A, Negative(B))))),
        (r"\sigma(a)", Call("sigma", A)),
        (r"\sigma'(a)", Call("sigma'", A)),
        (r"\sigma", name("sigma")),
        (r"\exp(a)", Call("exp", A)),
        ("e^{-a}", Call("exp", Negative(A))),
        ("e ^ { - a }", Call("exp", Negative(A))),
        ("e^0", Call("exp", number("0"))),
        (r"\mathrm{e}^{-a}", Call("exp", Negative(A))),
        (r"\mathrm { e } ^ { - a }", Call("exp", Negative(A))),
        ("a (1.5)", Product((A, number("1.5")))),
        (r"\frac{\partial a}{\partial b}", Derivative(A, B)),
        (r"\partial a / \partial b", Derivative(A, B)),
        (r"\frac{da}{db}", Derivative(A, B)),
        (r"\dfrac{d \hat{y}_1}{d w_5}", Derivative(name("hat_y1"), name("w5"))),
        (r"\frac{d}{db} a b", Slope(Product((A, B)), B)),
        (r"\frac{d a}{b}", Quotient(Product((name("d"), A)), B)),
        (r"\frac{a}{d}", Quotient(A, name("d"))),
        (r"\frac{\partial a^{+}}{\partial b^{+}}", Derivative(name("a", 1), name("b", 1))),
        (r"\frac{\partial}{\partial b} a b", Slope(Product((A, B)), B)),
        (r"\left( \frac{a}{b} \right)'", Prime(Quotient(A, B))),
        ("a'", Prime(A)),
        (r"\sum_{k=1}^{2} a_k", Summation("k", 1, 2, name("a_k"))),
        (r"\sum_k a_k b + c", Sum((Summation("k", 0, None, Product((name("a_k"), B))), C))),
        (r"\sum a", Summation("", 0, None, A)),
        (r"\square", BLANK),
        (r"2 \times \square (1 - \square)", Product((TWO, BLANK, Sum((ONE, Negative(BLANK)))))),
        (r"\square^2", Power(BLANK, TWO)),
        (r"W_1^T", Transpose(name("W1"))),
        (r"a^{\top}", Transpose(A)),
        (r"\begin{bmatrix} a & b \\ 1 & 2 \\ \end{bmatrix}", Matrix(((A, B), (ONE, TWO)))),
        (r"\max(1, a)", Call("max", Matrix(((ONE,), (A,))))),
        (r"\max\{1, a\}", Call("max", Matrix(((ONE,), (A,))))),
        (r"\operatorname{softmax}(a)", Call("softmax", A)),
        (r"\mathrm {softmax}(a, b)_2", Call("softmax_2", Matrix(((A,), (B,))))),
        (r"\mathrm{softmax}'(a)", Call("softmax'", A)),
        (r"\exp 2", Call("exp", TWO)),
        (r"\exp 2^2", Call("exp", Power(TWO, TWO))),
        (r"\exp \square", Call("exp", BLANK)),
        (r"\exp a^2", Call("exp", Power(A, TWO))),
        (r"a \exp b", Product((A, Call("exp", B)))),
        (r"a \times -\exp b + c", Sum((Product((A, Negative(Call("exp", B)))), C))),
        (r"-\exp b \times c", Negative(Product((Call("exp", B), C)))),
    ],
)
def test_expressions(source: str, expected: Expression) -> None:
    assert only(source) == expected


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("w_5", "w5"),
        ("w5", "w5"),
        ("w_{12}", "w12"),
        (r"\hat{y}_1", "hat_y1"),
        (r"\hat{y_1}", "hat_y1"),
        (r"\hat y_1", "hat_y1"),
        (r"\widehat{y1}", "hat_y1"),
        (r"\tilde{E}_{\mathrm{total}}", "tilde_E_total"),
        (r"\tilde{\mathrm{out}}_{o_1}", "tilde_out_o1"),
        (r"\mathrm{net}_{h_1}", "net_h1"),
        (r"\text{net}_{h1}", "net_h1"),
        (r"net_{h1}", "net_h1"),
        (r"E_{\text{total}}", "E_total"),
        (r"E_\mathrm{total}", "E_total"),
        (r"\delta_{o_1}", "delta_o1"),
        (r"\delta_{h_{2,1}}", "delta_h2_1"),
        (r"\mathbf{x}", "vec_x"),
        (r"\vec{x}", "vec_x"),
        (r"\eta", "eta"),
    ],
)
def test_names(source: str, key: str) -> None:
    assert only(source).key == key


@pytest.mark.parametrize(
    ("source", "rounds"),
    [("w", 0), ("w^+", 1), ("w^{+}", 1), ("w^{(10000)}", 10000), ("w^{(10{,}000)}", 10000)],
)
def test_rounds(source: str, rounds: int) -> None:
    assert only(source).round == rounds


@pytest.mark.parametrize(
    ("source", "key", "rounds"),
    [
        ("a_{1;2}", "a1_s2", 0),
        (r"\mathrm{net}_{h_{1;12}}", "net_h1_s12", 0),
        (r"E_{\mathrm{total} ; 2}", "E_total_s2", 0),
        ("C_{;2}", "C_s2", 0),
        (r"\hat{y}_{1;2}^{+}", "hat_y1_s2", 1),
        ("a_{2,1;s}^{(1{,}000)}", "a2_1_ss", 1000),
    ],
)
def test_samples(source: str, key: str, rounds: int) -> None:
    assert (only(source).key, only(source).round) == (key, rounds)


@pytest.mark.parametrize(
    ("source", "value", "unit", "is_decimal"),
    [
        ("2", "2", "1", False),
        ("0.35", "0.35", "0.01", True),
        (".5", "0.5", "0.1", True),
        ("10{,}000", "10000", "1", False),
        ("1{,}234.5", "1234.5", "0.1", True),
        (r"3.51 \times 10^{-5}", "0.0000351", "0.0000001", True),
        (r"3 \cdot 10^2", "300", "100", True),
    ],
)
def test_numbers(source: str, value: str, unit: str, *, is_decimal: bool) -> None:
    found = only(source)
    assert (found.value, found.unit) == (Decimal(value), Decimal(unit))
    assert found.is_decimal is is_decimal
    assert (found.start, found.end) == (0, len(source))


def test_equal_expressions_may_stand_at_different_places() -> None:
    assert only("a + 0.5") == only("   a  +  0.5")
    assert hash(only("net_{h1}")) == hash(Name("net_h1"))
    assert only("0.5") != only("0.50")
    assert Name("a") != "a"


def test_places() -> None:
    source = r"\mathrm{net}_{h_1} &= \frac12 w_5^{+} \\ &\quad + 0.25"
    [chain] = parse(source)
    left, right = chain.sides
    assert [source[n.start : n.end] for n in numbers(right)] == ["1", "2", "0.25"]
    assert [source[n.start : n.end] for n in names(left)] == [r"\mathrm{net}_{h_1}"]
    assert [source[n.start : n.end] for n in names(right)] == ["w_5^{+}"]


@pytest.mark.parametrize(
    ("source", "chains"),
    [
        ("", []),
        (r"a = b \approx 1", [Chain((A, B, ONE), ("=", r"\approx"))]),
        (r"a = b, \quad c", [Chain((A, B), ("=",)), Chain((C,), ())]),
        (r"a \text{ and } b.", [Chain((A,), ()), Chain((B,), ())]),
        (r"a &= b \\ &= c \\ c &= 1", [Chain((A, B, C), ("=", "=")), Chain((C, ONE), ("=",))]),
        (r"a \\[4pt] b", [Chain((A,), ()), Chain((B,), ())]),
        (r"\begin{align} a &= b \\ &\quad + c \end{align}", [Chain((A, Sum((B, C))), ("=",))]),
        (r"a &= b &= c", [Chain((A, B, C), ("=", "="))]),
        (r"a &= b &&= c \\ a &= c", [Chain((A, B, C), ("=", "=")), Chain((A, C), ("=",))]),
        (r"a &= b & b &= c", [Chain((A, B), ("=",)), Chain((B, C), ("=",))]),
        (r"\begin{alignat}{2} a &= b \end{alignat}", [Chain((A, B), ("=",))]),
        (r"\begin{alignedat} {1} a &= b \end{alignedat}", [Chain((A, B), ("=",))]),
        (
            r"a &= b + \\[2pt] &\quad b \times \\ & c \\ &= c",
            [Chain((A, Sum((B, Product((B, C)))), C), ("=", "="))],
        ),
        (r"\begin{aligned} a &= b \; c \end{aligned}", [Chain((A, Product((B, C))), ("=",))]),
        (r"a, \dots, b", [Chain((A,), ()), Chain((), ()), Chain((B,), ())]),
        (r"\times", [Chain((), ())]),
        (r"\cdots", [Chain((), ())]),
        (r"a \leftarrow b = 1", [Chain((name("a", 1), B, ONE), ("=", "="))]),
        (r"a^{+} \gets b", [Chain((name("a", 1), B), ("=",))]),
        (r"a &= b \\ -c &= 1", [Chain((A, B), ("=",)), Chain((Negative(C), ONE), ("=",))]),
        (r"a &= b \\ & -c", [Chain((A, Sum((B, Negative(C)))), ("=",))]),
        (
            r"a &= b \\ -c \\ a &= 1",
            [Chain((A, Sum((B, Negative(C)))), ("=",)), Chain((A, ONE), ("=",))],
        ),
        (r"1 \text{ timesaver}", [Chain((ONE,), ())]),
        (r"a \text{ times } b", [Chain((A,), ()), Chain((B,), ())]),
    ],
)
def test_chains(source: str, chains: list[Chain]) -> None:
    assert list(parse(source)) == chains


@pytest.mark.parametrize(
    ("source", "offset"),
    [
        ("a = ", 4),
        ("{a", 2),
        ("a}", 1),
        ("a = = b", 4),
        (r"a = w_5 \%", 8),
        ("w_12", 1),
        ("1/2 w_5", 4),
        ("w_5 / w_6 i_1 = 0", 10),
        ("E_y1", 1),
        (r"w_5 + E_total", 7),
        (r"a \text{-} b", 8),
        (r"a \text{ and -} b", 13),
        (r"a\text{²}", 7),
        (r"a = 2\text{k}", 5),
        ("a 2", 2),
        (r"2 \square", 2),
        ("a^22", 2),
        ("2^2^2", 3),
        (r"a \text{ is 5}", 12),
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", 0),
        (r"\begin{pmatrix} 1", 17),
        ("a + 0." + "1" * 40, 4),
        ("a = 0,05", 5),  # no decimal point here, and no list
        ("a = 0.593,999", 9),
        ("a = b(0, 1) = 1,5", 15),
        (r"5 \times 10^{-999}", 0),
        ("w^{(1234567)}", 1),
        ("w^{+}^2", 4),
        ("w^{(1)}^2", 7),
        ("2 x (3)", 5),
        (r"a^{+}(1)", 6),
        (r"5 \text{ %}", 9),
        (r"5 \text{ per cent}", 2),
        (r"5 \text{, times } 10", 2),
        (r"5) \quad \text{(Thousandths)}", 9),
        (r"\sum_{k=2}^{1} a_k", 0),
        (r"\begin{Vmatrix} 1 \end{Vmatrix}", 0),
        (r"\sum_{k=1}^{1234567} a_k", 0),
        (r"\sum_{k=1}^{100} \sum_{j=1}^{100} a_k", 0),
        (r"\frac{\partial}{\partial a} " * 3 + "a", 0),
        (r"-(" * 50 + "a" + ")" * 50, 0),
        ("a" + "/b" * 50, 0),
        (r"\exp a b", 7),
        (r"\max(1, 2,)", 10),
        (r"(1, 2,)", 6),
        (r"\maxa", 0),
    ],
)
def test_refused(source: str, offset: int) -> None:
    with pytest.raises(LatexError) as refused:
        parse(source)
    assert refused.value.offset == offset


PIECES = r"""
    a w_5 0.25 2 = \approx + - \times / ( ) { } [ ] | ^ _ ' & , . < \\ − ١ \frac \frac12 \partial
    \sigma \sum \sum_{k=1}^{2} ^{+} ^T e^ \hat \mathrm \text{a} d x 10^{-3} \odot {,} \% $ \quad
    \begin{bmatrix} \end{bmatrix} \begin{align} \square
""".split()  # noqa: RUF001, SIM905  # such signs come; a list of strings is hard to read
formulas = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=40)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(formulas)
def test_whatever_comes_is_read_or_refused(source: str) -> None:
    chains: tuple[Chain, ...] = ()
    offset = 0
    try:
        chains = parse(source)
    except LatexError as error:
        offset = error.offset
    assert 0 <= offset <= len(source)
    for part in (part for chain in chains for side in chain.sides for part in walk(side)):
        assert isinstance(part, Expression)
        if isinstance(part, Number):
            assert source[part.start : part.end] == part.text


@pytest.mark.parametrize("kept", ["nothing", "a folder", "spoilt tables"])
def test_the_tables_of_the_grammar_are_made_where_they_are_not_kept(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(Path(latex.__file__).with_name("grammar.lark"), tmp_path)
    tables = tmp_path / "__pycache__" / "grammar.lark.tables"
    if kept != "nothing":
        tables.parent.mkdir()
    if kept == "spoilt tables":
        tables.write_text("spoilt")
    monkeypatch.setattr(latex, "__file__", str(tmp_path / "latex.py"))
    latex._parser.cache_clear()  # noqa: SLF001
    assert latex._parser(latex._SHIPPED).parse("w_5 = 0.40")  # noqa: SLF001
    latex._parser.cache_clear()  # noqa: SLF001
    assert tables.exists() == (kept != "nothing")
    assert latex._parser(latex._SHIPPED).parse("w_5 = 0.40")  # noqa: SLF001
    latex._parser.cache_clear()  # noqa: SLF001

from decimal import Decimal

import pytest

from backprop.symbolic.expressions import (
    Call,
    Derivative,
    Evaluated,
    Expression,
    Name,
    Negative,
    Power,
    Quotient,
    Sum,
    named,
    text_of_name,
    whole,
)
from backprop.symbolic.functions import value
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION
from backprop.symbolic.rounding import rounded, unit_of
from backprop.symbolic.styles import LATEX, PLAIN, SHEET, rows, written

A, B = Name("w1"), Name("w2")
VALUES = {"w1": Decimal("0.5"), "w2": Decimal("-0.25")}


def number(part: Expression) -> Decimal:
    return VALUES[part.key] if isinstance(part, Name) else value(part.body, number)  # type: ignore[attr-defined]


def text(expression: Expression, style: str) -> str:
    chosen = {"plain": PLAIN, "latex": LATEX, "sheet": SHEET}[style]
    return written(expression, chosen, lambda part: f"{number(part):f}")


@pytest.mark.parametrize(
    ("formula", "plain", "latex", "worth"),
    [
        (A, "0.5", "0.5", "0.5"),
        (whole(2), "2", "2", "2"),
        (Negative(B), "-(-0.25)", "-(-0.25)", "0.25"),
        (B + A, "-0.25 + 0.5", "-0.25 + 0.5", "0.25"),
        (A + B, "0.5 + (-0.25)", "0.5 + (-0.25)", "0.25"),
        (1 - A, "1 - 0.5", "1 - 0.5", "0.5"),
        (A - B, "0.5 - (-0.25)", "0.5 - (-0.25)", "0.75"),
        (Negative(A - B), "-(0.5 - (-0.25))", "-(0.5 - (-0.25))", "-0.75"),
        (B * A, "(-0.25) * 0.5", r"(-0.25) \times 0.5", "-0.125"),
        (A * (A + A), "0.5 * (0.5 + 0.5)", r"0.5 \times (0.5 + 0.5)", "0.5"),
        (Quotient(A, B), "(0.5) / (-0.25)", r"\frac{0.5}{-0.25}", "-2"),
        ((A - B) ** 2, "(0.5 - (-0.25))^2", "(0.5 - (-0.25))^2", "0.5625"),
        (B**2, "(-0.25)^2", "(-0.25)^2", "0.0625"),
        (Call("exp", A - A), "exp(0.5 - 0.5)", "e^{0.5 - 0.5}", "1"),
        (Evaluated(A * B), "-0.125", "-0.125", "-0.125"),
    ],
)
def test_a_formula_is_written_and_has_a_value(
    formula: Expression, plain: str, latex: str, worth: str
) -> None:
    assert text(formula, "plain") == plain
    assert text(formula, "latex") == latex
    assert value(formula, number) == Decimal(worth)


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        (A * A * A, ["0.5 * 0.5", "* 0.5"]),
        (A * A * B + A * A, ["0.5 * 0.5", "* (-0.25)", "+ 0.5 * 0.5"]),
        (Sum((Evaluated(A), Evaluated(B), Evaluated(A))), ["0.5 + (-0.25)", "+ 0.5"]),
        (A - A * A, ["0.5 - 0.5 * 0.5"]),
        (A, ["0.5"]),
    ],
)
def test_a_long_formula_takes_several_lines(formula: Expression, lines: list[str]) -> None:
    assert rows(formula, PLAIN, lambda part: f"{number(part):f}", 2) == lines


def test_a_long_sum_keeps_its_signs() -> None:
    terms = (Negative(A * B), B * A, Negative(A * A), Negative(A + B))
    lines = rows(Sum(terms), PLAIN, lambda part: part.key, 3)  # type: ignore[attr-defined]
    assert lines == ["-w1 * w2", "+ w2 * w1", "- w1 * w1", "- (w1 + w2)"]
    assert rows(B * A + A, PLAIN, lambda part: part.key, 3) == ["w2 * w1", "+ w1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "plain", "latex"),
    [
        ("w5", "w5", "w_5"),
        ("w5+", "w5+", "w_5^{+}"),
        ("b1_2", "b1_2", "b_{1,2}"),
        ("dE_total/dnet_h1", "dE_total/dz1", r"\frac{\partial E_{\mathrm{total}}}{\partial z_1}"),
        ("learning_rate", "α", r"\alpha"),  # noqa: RUF001
    ],
)
def test_a_name_is_written_in_a_notation(name: str, plain: str, latex: str) -> None:
    assert PLAIN.name(named(name), NOTES_NOTATION) == plain
    assert LATEX.name(named(name), NOTES_NOTATION) == latex
    assert text_of_name(named(name)) == name


def test_a_derivative_has_a_name() -> None:
    name = named("dE_total/dw5")
    assert name == Derivative(Name("E_total"), Name("w5"))
    assert PLAIN.name(name, LECTURE_NOTATION) == "dE_total/dw5"


@pytest.mark.parametrize(
    ("expression", "plain", "latex", "sheet"),
    [
        (A * (B * A), "a * (b * a)", r"a \times (b \times a)", "a*(b*a)"),
        ((A * B) ** 2, "(a * b)^2", r"(a \times b)^2", "(a*b)^2"),
        (Power(A, whole(12)), "a^12", "a^{12}", "a^(12)"),
        (Quotient(A, A * B), "(a) / (a * b)", r"\frac{a}{a \times b}", "a/(a*b)"),
        (Quotient(A - B, B), "(a - b) / (b)", r"\frac{a - b}{b}", "(a-b)/b"),
        (Quotient(A, Quotient(A, B)), "(a) / ((a) / (b))", r"\frac{a}{\frac{a}{b}}", "a/(a/b)"),
        (Call("exp", Negative(A)), "exp(-a)", "e^{-a}", "EXP(MAX(-a,-700))"),
        (
            Quotient(A, Call("sigma", A + B)),
            "(a) / (sigma(a + b))",
            r"\frac{a}{\sigma(a + b)}",
            "a/(1/(1+EXP(-MAX(a+b,-700))))",
        ),
    ],
)
def test_parentheses_stand_where_another_reading_would_be_wrong(
    expression: Expression, plain: str, latex: str, sheet: str
) -> None:
    for style, expected in ((PLAIN, plain), (LATEX, latex), (SHEET, sheet)):
        assert written(expression, style, lambda part: "ab"[part == B]) == expected


@pytest.mark.parametrize(
    ("printed", "plain", "latex"),
    [
        ("0.00000001", "0.00000001", "0.00000001"),
        ("0.000000012", "0.000000012", "0.000000012"),
        ("0.0000000012", "1.2e-9", r"1.2 \times 10^{-9}"),
        ("-0.00000000120", "-1.20e-9", r"-1.20 \times 10^{-9}"),
        ("0.000000000000", "0.000000000000", "0.000000000000"),
        ("1234.5", "1234.5", "1234.5"),
    ],
)
def test_a_number_keeps_its_digits(printed: str, plain: str, latex: str) -> None:
    assert PLAIN.number(Decimal(printed)) == plain
    assert LATEX.number(Decimal(printed)) == latex


@pytest.mark.parametrize(
    ("number", "unit", "right"),
    [
        ("0.125", "0.01", "0.13"),
        ("-0.125", "0.01", "-0.13"),
        ("0.12499", "0.01", "0.12"),
        ("2.5", "1", "3"),
    ],
)
def test_half_way_cases_go_away_from_zero(number: str, unit: str, right: str) -> None:
    assert str(rounded(Decimal(number), Decimal(unit))) == right
    assert unit_of(Decimal(right)) == Decimal(unit)


def test_there_is_no_minus_before_a_zero() -> None:
    assert str(rounded(Decimal("-0.0006"), Decimal("0.1"))) == "0.0"

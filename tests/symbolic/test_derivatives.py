"""The rules of differentiation agree with small differences, and write what a page would write."""

from collections.abc import Callable
from decimal import Decimal, localcontext

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop.formulas.bind import text_of
from backprop.formulas.latex import parse
from backprop.symbolic.derivatives import slopes
from backprop.symbolic.expressions import (
    ONE,
    Call,
    Expression,
    Name,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    replaced,
    whole,
)
from backprop.symbolic.functions import FUNCTIONS, PRECISE, X, Y, apply, value

A, B, C = map(Name, "abc")
STEP = Decimal("1e-13")


def composed(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Draw an expression of some that are smaller."""
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Negative, parts),
        st.builds(Sum, several),
        st.builds(Product, several),
        # What is divided by is never 0.
        st.builds(
            lambda a, b: Quotient(a, Sum((ONE, Call("exp", Call("sigma", b))))), parts, parts
        ),
        st.builds(lambda a, n: Power(Call("sigma", a), whole(n)), parts, st.integers(0, 3)),
        st.builds(Call, st.sampled_from(["sigma", "exp"]), parts.map(lambda a: Call("sigma", a))),
    )


EXPRESSIONS = st.recursive(
    st.sampled_from([A, B, C, whole(2), Quotient(ONE, whole(2))]), composed, max_leaves=8
)


@given(EXPRESSIONS, st.lists(st.integers(-2000, 2000), min_size=3, max_size=3))
def test_derivatives_agree_with_central_differences(
    expression: Expression, numbers: list[int]
) -> None:
    at = {name: Decimal(x).scaleb(-3) for name, x in zip((A, B, C), numbers, strict=True)}
    found = slopes(expression)
    for name in (A, B, C):
        up, down = (
            value(expression, {**at, name: at[name] + move}.__getitem__)  # type: ignore[arg-type]
            for move in (STEP, -STEP)
        )
        with localcontext(PRECISE):
            expected = (up - down) / (2 * STEP)
            mine = value(found[name], at.__getitem__) if name in found else Decimal(0)  # type: ignore[arg-type]
            assert abs(mine - expected) <= Decimal("1e-18") * max(Decimal(1), abs(expected))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\frac{1}{2} (a - b)^2", {"a": "a - b", "b": "-(a - b)"}),
        ("(a - b)^2", {"a": "2 * (a - b)", "b": "-2 * (a - b)"}),
        (r"\frac{1}{3} (a - b)^2", {"a": "(2) / (3) * (a - b)", "b": "-(2) / (3) * (a - b)"}),
        ("a b + c", {"a": "b", "b": "a", "c": "1"}),
        ("a a", {"a": "a + a"}),
        ("-(-a)", {"a": "1"}),
        ("0.3 a", {"a": "0.3"}),
        (r"0.3 \times 2 a", {"a": "(3) / (5)"}),
        ("a^3", {"a": "3 * a^2"}),
        ("a^1", {"a": "1"}),
        (r"\frac{a}{b}", {"a": "(1) / (b)", "b": "-(a) / (b^2)"}),
        (r"\sigma(a)", {"a": "sigma(a) * (1 - sigma(a))"}),
        ("e^{2 a}", {"a": "2 * exp(2 * a)"}),
        (r"\tanh(a)", {"a": "1 - tanh(a)^2"}),
        (r"b \ln(a)", {"b": "ln(a)", "a": "(b) / (a)"}),
        (
            r"\frac{e^{a}}{e^{a} + e^{b}}",
            {
                "a": "(exp(a)) / (exp(a) + exp(b)) * (1 - (exp(a)) / (exp(a) + exp(b)))",
                "b": "-(exp(a)) / (exp(a) + exp(b)) * (exp(b)) / (exp(a) + exp(b))",
            },
        ),
        ("a b + a b c", {"a": "b * (1 + c)", "b": "a * (1 + c)", "c": "a * b"}),
        ("7", {}),
    ],
)
def test_derivatives_are_written_as_on_a_page(source: str, expected: dict[str, str]) -> None:
    [chain] = parse(source)
    found = {name.key: text_of(slope) for name, slope in slopes(chain.sides[0]).items()}
    assert found == expected


KNOWN: dict[str, tuple[Callable[[mpmath.mpf], mpmath.mpf], str]] = {
    "exp": (mpmath.exp, "any"),
    "sigma": (lambda x: 1 / (1 + mpmath.exp(-x)), "any"),
    "tanh": (mpmath.tanh, "any"),
    "relu": (lambda x: max(x, mpmath.mpf(0)), "not 0"),
    "step": (lambda x: mpmath.mpf(x > 0), "not 0"),
    "ln": (mpmath.log, "above 0"),
    "ln1p": (mpmath.log1p, "above 0"),
}
"""Each function of the table as mpmath has it, and where it has a derivative."""
POINTS = ("-1000", "-40", "-3.5", "-0.25", "-1e-30", "0", "1e-60", "1e-30", "0.25", "1.5", "40")


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("x", [*POINTS, "1000"])
def test_each_function_and_its_derivative_are_those_of_mpmath(function: str, x: str) -> None:
    form, domain = KNOWN[function]
    at = Decimal(x)
    if (at <= 0 and domain == "above 0") or (not at and domain == "not 0"):
        return
    with localcontext(PRECISE), mpmath.workdps(1200):  # 1 - tanh 1000 begins with 868 zeros
        exact = mpmath.mpf(x)
        slope = mpmath.diff(form, exact, h=mpmath.mpf("1e-150") * max(1, abs(exact)), direction=0)
        for found, expected, digits in (
            (apply(function, at), form(exact), 38),
            (apply(f"{function}'", at), slope, 36),
        ):
            error = abs(mpmath.mpf(str(found)) - expected)
            assert error <= abs(expected) * mpmath.mpf(10) ** -digits, (function, x)


def test_the_slope_of_relu_at_0_is_0() -> None:
    assert apply("relu'", Decimal(0)) == apply("step", Decimal(0)) == 0


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if FUNCTIONS[name].written_out])
def test_each_function_is_what_it_is_written_out_to_be(function: str) -> None:
    form = FUNCTIONS[function].written_out
    for x in map(Decimal, ("-3.5", "0", "1.5") if KNOWN[function][1] == "any" else ("1.5",)):
        known = {X: x, Y: Decimal("NaN")}
        with localcontext(PRECISE):
            assert abs(value(form, known.__getitem__) - apply(function, x)) < Decimal("1e-38")  # type: ignore[arg-type]


def test_parts_are_replaced_anywhere() -> None:
    [chain] = parse(r"\sigma(a) + \frac{b}{2}")
    found = replaced(chain.sides[0], {A: C, whole(2): ONE}.get)
    assert text_of(found) == "sigma(c) + (b) / (1)"

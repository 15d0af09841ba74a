"""What is right passes, and each small change of it is found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import LECTURE, NOTES
from backprop.formulas.bind import Binding
from backprop.formulas.judge import Binder, Report
from backprop.formulas.values import Unbound, Value
from backprop.formulas.world import World
from backprop.symbolic.expressions import Name, Number
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION

WORLDS = {
    "notes": World.of(NOTES, NOTES_NOTATION),
    "lecture": World.of(LECTURE, LECTURE_NOTATION),
}


def read(*sources: str, of: str = "notes") -> Report:
    """Read formulas in a row, and return what came of the last."""
    binder = Binder(WORLDS[of])
    return [binder.read(source) for source in sources][-1]


def messages(*sources: str, of: str = "notes") -> list[str]:
    return [problem.message for problem in read(*sources, of=of).problems]


def messages_of(binder: Binder, source: str) -> list[str]:
    return [problem.message for problem in binder.read(source).problems]


NET = "z_1 = w_1 x_1 + w_2 x_2 + b_1"
DE_DW5 = r"\frac{\partial E_{total}}{\partial w_5}"
DE_DY2 = r"\frac{\partial E_{total}}{\partial y_2}"
DE_DW7 = r"\frac{\partial E_{total}}{\partial w_7}"


def matrix(*rows: str) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


OLD = matrix("0.40 & 0.45", "0.50 & 0.55")
SUMS = (
    r"\mathbf{z} = W_1 \mathbf{x} + b_1 = "
    f"{matrix('0.15 & 0.20', '0.25 & 0.30')} {matrix('0.05', '0.10')}"
)
DZ_DW = r"\frac{\partial z_1}{\partial w_1}"
LOGISTIC = r"\sigma(x) = \frac{1}{1 + e^{-x}}"
QUOTIENT = r"(\frac{u}{v})' = \frac{u' v - u v'}{v^2}"
SUM = r"\sum_{k=1}^{2} \frac{1}{2} (t_k - \hat{y}_k)^2"

RIGHT = [
    # A number is its side's value, correctly rounded; a given has all its digits.
    "h_1 = 0.5812",
    r"h_1 \approx 0.5812 \approx 0.58",
    r"h_1 \approx 1",
    r"h_1 = 5.812 \times 10^{-1}",
    "z_1 = 0.328",
    "w_5 = 0.4",
    r"\alpha = 0.5",
    DZ_DW + " = x_1 = 0.05",
    r"\frac{\partial z_1}{\partial b_1} = 1",
    # An arrow says what a weight becomes.
    rf"w_5 \leftarrow w_5 - \alpha {DE_DW5} = 0.4 - 0.5 \times 0.08069 = 0.3597",
    # Numbers stand in the places of a formula that is written, or that all know.
    NET + r" = 0.15 \times 0.05 + 0.20 \times 0.10 + 0.30 = 0.3275",
    "z_1 = 0.15 (0.05) + 0.20 (0.10) + 0.30 = 0.3275",
    NET + " = 0.0075 + 0.02 + 0.30",
    NET + r" = w_1 \times 0.05 + 0.02 + b_1",
    r"h_1 = \sigma(z_1) = \sigma(0.3275) = \frac{1}{1 + e^{-0.3275}} = 0.5812",
    r"E_{y_1} = \frac{1}{2} (0.01 - 0.7494)^2 = \frac{1}{2} (-0.7394)^2 = 0.2734",
    r"E_{total} = E_{y_1} + E_{y_2} = 0.2734 + 0.0240 = 0.2974",
    DE_DW5 + r" = 0.7394 \times 0.1878 \times 0.5812 = 0.0807",
    r"w_5^+ = 0.4 - 0.5 \times 0.0807 = 0.3597",
    r"w_5^{(2)} = w_5^{+} - 0.5 \times 0.0816",
    # A sign may stand before a product, its first factor, or a term.
    DE_DY2 + r" = -0.2193 \times 0.1767 = (-0.2193) \times 0.1767 = -(0.2193 \times 0.1767)",
    r"w_7^+ = w_7 - \alpha " + DE_DW7 + r" = 0.50 - 0.5 \times (-0.0225) = 0.50 - (-0.01126)",
    r"h_1 + " + DE_DY2 + " = 0.5812 - 0.0388 = 0.5812 + -0.0388 = 0.5812 + (-0.0388)",
    # So do those of a slope, of a change, of an update in matrices, and of a bias of a layer.
    r"\sigma'(z_1) = 0.5812 (1 - 0.5812) = 0.2434",
    r"w_5^+ - w_5 = -0.5 \times 0.08069 = -0.0403",
    r"w_5 - w_5^+ = 0.5 \times 0.08069",
    r"\Delta w_5 = -0.5 \times 0.08069 = -0.0403",
    f"W_2^+ = {OLD} - 0.5 {matrix('0.0807 & 0.0812', '-0.0225 & -0.0227')}",
    f"{SUMS} + {matrix('0.30', '0.30')}",
    r"dE_{total}/dw_5 = d E_{total} / d \hat{y}_1 \times d\hat{y}_1/dw_5 = 0.0807",
    # Symbols agree in any network.
    r"E_{total} = \frac{1}{2} (t_1 - \hat{y}_1)^2 + \frac{1}{2} (t_2 - \hat{y}_2)^2",
    r"E_{total} = \sum_{k=1}^{2} \frac{1}{2} (t_k - \hat{y}_k)^2 = 0.2974",
    r"E_{total} = \sum_k E_{y_k} = 0.2734 + 0.0240",
    r"E_{total} = \sum \frac{1}{2} (target - output)^2",
    r"h_1 = \sigma(z_1), \quad \sigma(z) = \frac{1}{1 + e^{-z}}",
    r"\sigma'(z) = \sigma(z) (1 - \sigma(z)) = \frac{e^{-z}}{(1 + e^{-z})^2}",
    r"\left( \frac{1}{1 + e^{-q}} \right)' = \frac{e^{-q}}{(1 + e^{-q})^2}",
    r"\sigma(0) = \frac{1}{1 + 1} = 0.5",
    r"\frac{\partial}{\partial w_5} \frac{1}{2} (t_1 - \hat{y}_1)^2 = " + DE_DW5,
    r"\mathbf{z} = W_1 \mathbf{x} + \mathbf{b}_1",
    r"\delta_z = W_2^T \delta_y \odot h \odot (1 - h)",
    r"W_1^T = \begin{bmatrix} 0.15 & 0.25 \\ 0.20 & 0.30 \end{bmatrix}",
    r"\begin{bmatrix} z_1 \\ z_2 \end{bmatrix} = \begin{bmatrix} 0.3275 \\ 0.3425 \end{bmatrix}",
    r"\frac{\partial z_1}{\partial \mathbf{x}} = \begin{bmatrix} 0.15 \\ 0.20 \end{bmatrix}",
    # One side may be less than the next.
    r"E_{total}^{+} = 0.290337 < 0.297433 = E_{total}",
    r"0 < \sigma(z) < 1",
    r"w_1 \leq w_2 \ne w_3",
    # In a variable it holds for each value, near 0 and far from it, that the sides allow.
    r"0 \leq \sigma'(z) \leq \frac{1}{4}",
    r"\frac{1}{|z|} > 0",
    r"\sigma(z) \ne 0",
    r"w_5^{+} \leftarrow w_5 - \alpha " + DE_DW5,
    r"h_1 = \frac{1}{1 + \mathrm{e}^{-z_1}}",
    r"\begin{align} z_1 &= 0.3275 \\ -(t_1 - \hat{y}_1) &= 0.739438 \end{align}",
    r"\begin{align} z_1 &= w_1 x_1 + w_2 x_2 \\ &\quad + b_1 \\ &= 0.3275 \end{align}",
    # What only mentions something claims nothing.
    r"w_1, \dots, w_8",
    "h",
    r"\sigma",
    r"\times",
    r"h_1 = 58.12 \%",
    r"h_1 = \mathbf{.5812}",
    r"2{,}000 h_1 = \boldsymbol{1{,}162.30}",
    # What is said of several names holds for each; only the last has a number of its own.
    "w_3, w_3^{+} = 0.25",
    r"x_1,\, x_2, \dots, w_8 < 0.56",
    r"w_1, \quad w_2 = 0.20",
    "w_1, w_2",
    r"w_1 = 0.15, w_2 = 0.20",
    r"w_1, w_2 = 0.15, 0.20",
    r"w_1,\, h_1,\, \delta_{y_2} \approx 0.15, 0.58, -0.04",
]

WRONG = [
    (r"\sigma'(z_1) = 0.5813 (1 - 0.5812) = 0.2434", "0.5813 is printed; it stands for sigma(z1)"),
    (r"w_5^+ - w_5 = -0.6 \times 0.08069", "0.6 is printed; it stands for alpha, which is 0.5"),
    (
        f"W_2^+ = {OLD} - 0.5 {matrix('0.0807 & 0.0812', '-0.0225 & -0.0228')}",
        "-0.0228 is printed; it stands for dE_total/dw8",
    ),
    (f"{SUMS} + {matrix('0.30', '0.31')}", "0.31 is printed; it stands for b1, which is 0.3"),
    ("dE_{total}/dw_5 = 0.0808", "it stands for dE_total/dw5"),
    (r"h_1^+ - h_1 = -0.5 \times 0.00003", "not bound"),
    (DE_DW7 + r" = -\square \times \square", "not bound"),  # the sign goes into a blank
    ("h_1 = 0.5811", "0.5811 is printed; it stands for h1, which is 0.581150964289; print 0.5812"),
    ("h_1 = 0.58115096428915123", "print 0.58115096428939378"),
    (
        "h_1 = -0.5812",
        "-0.5812 is printed; it stands for h1, which is 0.581150964289; print 0.5812",
    ),
    ("h_1 = 1", "it stands for h1"),
    (r"h_1 \approx 0", "print 1"),
    ("h_1 = 0.5812 = h_2", "the sides are not equal: h1 is"),
    ("h_1 = 0,5812", "a comma came between digits"),
    ("w_1 = 0.2", "it stands for w1, which is 0.15; print 0.15"),
    (DZ_DW + " = 0.1", "it stands for dz1/dw1, which is 0.05; print 0.05"),
    ("w_5^{+} = 0.40", "it stands for w5+, which is"),
    (r"\frac{\partial z_1}{\partial b_1} = 2", "which is 1"),
    (NET + r" = 0.15 \times 0.05 - 0.20 \times 0.10 + 0.30", "-0.20 is printed; it stands for w2"),
    (NET + r" = 0.05 \times 0.15 + 0.20 \times 0.10 + 0.30", "stands for w1"),
    (r"h_1 = \sigma(z_1) = e^{0.3275}", "not bound"),
    (r"h_1 = \frac{1}{1 - e^{-0.3275}}", "not bound"),
    (r"w_5^+ = 0.40 - w_7 \times " + DE_DW5, "not bound"),  # w_7 is the learning rate by chance
    (r"E_{total} = \frac{1}{2} 0.01", "not understood"),
    (r"E_{total} = \frac{1}{2} W_1 0.01", "not understood"),
    ("z_1 = w_1 x_1 + w_2 x_2 + b_2", "the sides are not equal"),
    ("w_4 = b_1", "the sides are not equal"),  # both are 0.30 by chance
    (r"w_5 = w_5 - \alpha " + DE_DW5, "the sides are not equal"),
    (r"w_5 \leftarrow w_5 + \alpha " + DE_DW5, "the sides are not equal: w5+ is"),
    (r"w_5 \leftarrow 0.3590", "print 0.3597"),
    ("z_1 = z_1", "says nothing"),
    ("z_1 = q", "q is no name of this page"),
    ("q = r", "q is no name of this page"),
    ("q + r = r + q + q", "the sides are not equal: q + r is"),
    (r"L = \frac{1}{2} (q - r)^2", "L is no name of this page"),
    (r"\sigma(q) = \sigma(r)", "q is no name of this page"),
    (r"\sigma(q) = \frac{1}{1 + e^{q}}", "0.796571127091, for q = -1.365"),
    ("L < 0.3", "L is no name of this page"),
    ("q = 0.5", "q is no name of this page"),
    ("q", "q is no name of this page"),
    ("z = 0.3275", "z is no name of this page"),
    (r"\sigma^{2} = 0.25", "sigma is no name"),
    ("z_1' = 1", "not understood: there is no variable by which"),
    (r"\frac{\partial E_{total}}{\partial q} = 0.5", "q is no name"),
    (r"\frac{\partial \alpha}{\partial w_1} = 0.5", "nothing that has a derivative"),
    ("0.5812", "not bound: a number without a name"),
    ("0.3 < 0.4", "not bound: numbers without a name"),
    ("z_1 < 0.3", "not true: 0.3275 < 0.3"),
    ("z_1 < W_1", "not true"),
    (r"z_1 < q", "q is no name of this page"),
    (r"\sigma(q) < 0.9", "not true: 0.993307149076 < 0.9, for q = 5"),
    (r"\sigma(q) > 0.2", "not true"),
    (r"\sigma'(q) \le 0.24", "not true"),
    ("q > -2", "q is no name of this page"),
    (r"|q| \ge 0.2", "not true"),
    (r"q^2 > 0", "not true: 0 > 0"),
    (r"\sum_{k=1}^{0} E_{y_k} = 0.2974", "a sum from 1 to 0 came, which is empty"),
    (r"W_1 + 1 = W_1", "a number is added to a matrix"),
    (r"W_1 = \begin{vmatrix} 0.15 & 0.20 \\ 0.25 & 0.30 \end{vmatrix}", "not understood"),
    ("w_5(1) = 0.40", "(1) came after a name"),
    (DE_DW5 + "(1) = 0.0807", "(1) came after a name"),
    (r"h_1 = 58.12 \text{ %}", "not understood"),
    (r"h_1 = 58.12 \text{\%}", "not understood"),
    (r"h_1 = 0.5812 \text{ per cent}", "came after a number"),
    (r"h_1 = (0.5812) \quad \text{Million}", "came after a number"),
    (r"h_1 = 0.5812 \text{ times } 10", "came after a number"),
    (r"w_5^{+}^2", "not understood"),
    (r"h_1 = 0.5812 \tag{w_5 = 0.4}", "not understood"),
    # What is said of a number is said of a name of the page.
    ("q = 10", "q is no name of this page"),
    ("q = 10^{-5}", "q is no name of this page"),
    ("q^2 = 4", "q is no name of this page"),
    ("z_1 < 1 / 0", "not understood: the expression has no finite value"),
    (r"E_{total}^{+} = 0.290337 < 0.297432 = E_{total}", "print 0.297433"),
    (r"W_1 = \begin{bmatrix} 0.15 & 0.25 \\ 0.20 & 0.30 \end{bmatrix}", "0.25 is printed"),
    (r"\sum_k \sum_j 2 = 4", "not clear what the sum runs over"),
    (SUM + " = " + SUM.replace("t_k", "0.5"), "not bound"),
    ("z_1 = w_1 q + 0.02 + 0.30", "q is no name of this page"),
    ("z_1 = 1 / 0", "not bound"),
    ("W_1 = 0.15", "not bound"),
    ("W_1 = 2 W_1 - 0.15 W_1", "not bound"),
    (r"z_1 \approx W_1", "the sides are not equal"),
    (r"\frac{\partial E_{total}}{\partial W_1} = \begin{bmatrix} 1 & 2 \end{bmatrix}", "not bound"),
    ("h_1^{(99999)} = 0.5", "round 99999 came"),
    ("w_1, w_2 = 0.20", "stands for w1, which is 0.15; write a = b of each"),
    (r"w_1 \text{ and } w_2 = 0.20", "stands for w1, which is 0.15"),
    (r"w_1, \dots, w_8 = 0.55", "stands for w1, which is 0.15"),
    (r"w_1,~x_1 < 0.1", "not true: 0.15 < 0.1; write a = b of each"),
    ("w_1, w_2 = 0.15, 0.21", "0.21 is printed; it stands for w2, which is 0.2; print 0.20"),
    ("w_1, w_2 = 0.15, 0.20, 0.3", "not bound: a number without a name"),
    ("w_1, w_2, w_3 = 0.15, 0.20", "stands for w3"),
    ("q, w_2 = 0.20", "q is no name of this page"),
    ("100 z_1 = 33", "which is 32.75; print 32.75"),
    (
        r"h_1 = 58.13 \%",
        "stands for 100 * h1, which is 58.1150964289; print 58.12",
    ),
]


@pytest.mark.parametrize("source", RIGHT)
def test_right(source: str) -> None:
    assert messages(source) == []


@pytest.mark.parametrize(("source", "message"), WRONG)
def test_wrong(source: str, message: str) -> None:
    assert message in messages(source)[0]


@pytest.mark.parametrize(
    ("sources", "right"),
    [
        # What was said in symbols holds for the numbers that follow.
        ((r"E_{total} = 0.2734 + 0.0240",), True),
        ((r"h_1 - h_2 = 0.5812 - 0.5848",), True),
        ((r"h_1 = (z_1 + h_1) - z_1", "h_1 = (0.3275 + 0.5812) - 0.3275"), True),
        (("h_1 = (0.3275 + 0.5812) - 0.3275",), False),
        ((NET, "0.3275 = 0.0075 + 0.02 + 0.30"), True),
        ((NET, "0.3276 = 0.0075 + 0.02 + 0.30"), False),
        ((NET, "z_2 = w_3 x_1 + w_4 x_2 + b_1", "0.3275 = 0.0075 + 0.02 + 0.30"), True),
        ((NET, "0.3275 = 0.5"), False),
        ((NET, "0.3275 = 0.5 = 0.3275"), False),
        ((NET, r"0.3275 = 0.5 \times 0.2"), False),
        ((r"h_1 = \sigma(z_1)", r"0.5812 = \sigma(0.3275)"), True),
        ((r"h_1 = \sigma(z_1)", r"0.5812 = \sigma(0.0075 + 0.02 + 0.30)"), True),
        ((r"h_1 = \sigma(z_1)", r"0.5812 = \frac{1}{1 + e^{-(0.0075 + 0.02 + 0.30)}}"), False),
        ((NET, "z_1 + z_2 = w_1", "0.3275 = 0.0075 + 0.02 + 0.30"), True),
        (("h_1", "0.5812"), False),
        # A variable may be defined once an identity has brought it in, by a formula only once.
        ((QUOTIENT, "u = 1, v = 1 + e^{-z}", "u' = 0, v' = -e^{-z}"), True),
        ((QUOTIENT, "u = 1, v = 1 + e^{-z}", "v' = e^{-z}"), False),
        ((QUOTIENT, "u = z^2, v = z", r"(\frac{u}{v})' = 1"), True),
        ((QUOTIENT, "u = z^2, v = z", r"(\frac{u}{v})' = 2"), False),
        ((QUOTIENT, "u = 1", "u = 2"), False),
        ((QUOTIENT, "v = z^2", "v = 2"), False),
        ((QUOTIENT, "u = 1", "v = 1 + e^{-z}", r"\sigma(z) = \frac{u}{v}"), True),
        ((QUOTIENT, "u = 2", "v = 1 + e^{-z}", r"\sigma(z) = \frac{u}{v}"), False),
        # A value serves the numbers that follow, up to the next; an identity holds for any.
        ((LOGISTIC, "x = 2", r"\sigma(x) = 0.8808"), True),
        ((LOGISTIC, "x = 2", r"\sigma(x) = \sigma(2) = \frac{1}{1 + e^{-2}} = 0.8808"), True),
        ((LOGISTIC, "x = 2", r"\sigma(x) = \frac{1}{1 + e^{-x}} = 0.8808"), True),
        ((LOGISTIC, "x = 2", r"\sigma(x) = \frac{1}{1 + e^{x}} = 0.8808"), False),
        ((LOGISTIC, "x = 2", r"\sigma(x) = 0.8809"), False),
        ((LOGISTIC, "x = 2", r"\sigma(x) = 0.8808", "x = 3", r"\sigma(x) = 0.9526"), True),
        ((LOGISTIC, "x = 2", "x = 3", r"\sigma(x) = 0.8808"), False),
        ((LOGISTIC, "x = 2", "x^2 = 4"), True),
        ((LOGISTIC, "x = 2", "x^2 = 5"), False),
        ((LOGISTIC, "x = 2", "x + 2 = 2 x"), False),
        ((LOGISTIC, "x = 2", "x + 2 = 2 x = 4"), False),
        ((QUOTIENT, "v = 1 + z", "z = 0", "v = 1"), True),
        ((QUOTIENT, "v = 1 + z", "z = 0", "v = 2"), False),
        ((LOGISTIC, "x = 0", r"\sigma(x) = \frac{1}{2}"), True),
        ((LOGISTIC, "x = 0", r"\sigma(x) = \frac{1}{2} + x"), False),
        ((LOGISTIC, "x = 0", r"\sigma'(x) = \frac{1}{2} \sigma(x)"), False),
        ((LOGISTIC, "x = 0", "e^{-x} = 1 - x"), False),
        ((LOGISTIC, "x = 0", "x = 3 q", "e^{x} = e^{3 q}"), True),
        ((LOGISTIC, "x = 0", "x = 3 q", "q = 1", "x = 3.0"), True),
        ((LOGISTIC, "x = 0", "x = 3 q", "q = 1", "x = 0.0"), False),
        ((LOGISTIC, "x = 1 / 0"), False),
        ((LOGISTIC, r"x = \begin{bmatrix} 1 \end{bmatrix}"), False),
        ((QUOTIENT, "u = 1", "z_1 = u"), False),
        ((QUOTIENT, "u = v", "v = u"), True),
        ((QUOTIENT, "u = 2 u"), False),
        (("u = 1",), False),
        ((r"\sigma(z) = \frac{1}{1 + e^{-z}}", "z = 0.3275"), False),
        # The digits of a result are those that a reader can recompute, but for one unit.
        ((r"h_1^2 = 0.581^2 = 0.338",), True),
        (("h_1 / h_2 = 0.581 / 0.585 = 0.9938",), False),
    ],
)
def test_what_was_said_before(sources: Sequence[str], *, right: bool) -> None:
    assert (messages(*sources) == []) is right


def test_an_unknown_name_alone_may_be_a_variable() -> None:
    assert [problem.variable for problem in read("q + z_1").problems] == ["q"]
    assert [problem.variable for problem in read("q = 0.5").problems] == [""]


def test_a_table_tells_what_a_number_is_about() -> None:
    binder = Binder(WORLDS["notes"])
    assert binder.read("0.5812", Name("h1")).problems == []
    assert binder.read("h_2", Name("h1")).problems == []
    assert "stands for h1" in binder.read("0.5848", Name("h1")).problems[0].message


def test_all_that_is_wrong_in_a_chain_is_found() -> None:
    found = messages(NET + r" = 0.16 \times 0.06 + 0.02 + 0.30 = 0.15 \times 2 = 0.33275")
    assert [message.partition(" is printed")[0] for message in found] == [
        "not bound: no earlier formula has numbers in these places",
        "0.16",
        "0.06",
        "0.33275",
    ]


@pytest.mark.parametrize(
    ("source", "fixed"),
    [
        ("h_1 = 0.5813", "h_1 = 0.5812"),
        (r"h_1 = 5.813 \times 10^{-2}", r"h_1 = 5.812 \times 10^{-1}"),
        ("w_1 = 0.25", "w_1 = 0.15"),
        ("w_1 = 0.1", "w_1 = 0.15"),
        ("z_1^{(10)} 10000 = 3272{,}8.5", ""),
        (r"(10000 + z_1) = 10{,}001.3275", r"(10000 + z_1) = 10{,}000.3275"),
        ("h_1 = 1", "h_1 = 1"),
    ],
)
def test_what_to_print_instead(source: str, fixed: str) -> None:
    for problem in reversed(read(source).problems):
        source = source[: problem.start] + (problem.instead or "1") + source[problem.end :]
    assert source == fixed or not fixed


GIVENS = {"i1": 0, "i2": 1, "w1": 1, "w2": -1, "w3": 2, "w4": 0, "b1": 0, "w5": 1, "w6": 1}


def own_network(givens: Mapping[str, float], *sizes: int) -> Binder:
    graph = Graph(sizes, {name: Decimal(str(value)) for name, value in givens.items()})
    return Binder(World(graph, Decimal("0.5"), LECTURE_NOTATION))


@pytest.mark.parametrize(
    ("source", "right"),
    [
        (r"net_{h1} = w_1 i_1 + w_2 i_2 + b_1 = 1 \times 0 + (-1) \times 1 + 0 = -1", True),
        (r"net_{h1} = 1 \times 0 - 1 \times 1 + 0 = -1", True),
        (r"net_{h1} = 1 \times 1 - 1 \times 0 + 0 = -1", False),
        (r"out_{h1} = \sigma(-1) = 0.2689", True),
        (r"out_{h1} = \sigma(1) = 0.2689", False),
        (r"\frac{\partial net_{h1}}{\partial w_1} = i_1 = 0", True),
        ("i_1 = 1", False),
    ],
)
def test_givens_may_be_whole_numbers(source: str, *, right: bool) -> None:
    binder = own_network(GIVENS | {"b2": -0.5, "target_o1": 1}, 2, 2, 1)
    assert (binder.read(source).problems == []) is right


def test_a_number_does_not_show_an_array() -> None:
    binding = Binding(
        Number("0.5", Decimal("0.5"), 0, 3), negated=False, stands_for=Name("vec_x"), exact=False
    )
    with pytest.raises(Unbound, match="array"):
        binding.true(WORLDS["notes"])


def test_a_page_may_bind_names_of_its_own() -> None:
    world = replace(WORLDS["lecture"], extra={("tilde_E_total", 1): Decimal("0.291027924")})
    binder = Binder(world)
    assert binder.read(r"\tilde{E}_{\mathrm{total}}^{(1)} = 0.29103").problems == []
    assert binder.read(r"\tilde{E}_{\mathrm{total}}^{(1)} = 0.2 + 0.09103").problems
    assert (
        binder.read(r"E_{\mathrm{total}}^{(1)} < \tilde{E}_{\mathrm{total}}^{(1)}").problems == []
    )
    assert binder.read(r"\tilde{E}_{\mathrm{total}}^{(1)} = E_{\mathrm{total}}^{(1)}").problems


def test_a_name_of_its_own_without_a_value_in_other_networks_stands_in_no_identity() -> None:
    binder = Binder(replace(WORLDS["lecture"], extra={("bar_E", 0): Decimal(1)}))
    assert messages_of(binder, r"2 \bar{E} = \bar{E} + \bar{E}") != []


def test_a_name_of_its_own_may_stand_in_an_identity() -> None:
    world = WORLDS["lecture"]

    def own(world: World) -> dict[tuple[str, int], Value]:
        return {("bar_E", 0): world.graph.value("E_total") / 2}

    binder = Binder(replace(world, extra=own(world), own=own))
    said = r"\bar{E} = \frac{1}{2} E_{total}"
    assert messages_of(binder, said) == []
    assert messages_of(binder, rf"{said} = \frac{{1}}{{2}} \times 0.298371 = 0.149186") == []
    assert "not equal" in messages_of(binder, r"\bar{E} = \frac{1}{3} E_{total}")[0]
    assert messages_of(binder, r"\bar{E} q = \frac{1}{2} q E_{total}") == []
    assert messages_of(binder, r"\bar{E} q = \frac{1}{2} E_{total}") != []


ORDERS = [
    # What is printed is not told apart from what it is the rounding of.
    (r"h_1 \ne 0.5812", "0.5812 is printed, and h1 prints the same with so many digits"),
    (r"0.5812 \neq h_1", "prints the same"),
    (r"h_1 \ne 0.6", "prints the same"),
    (r"h_1 = 0.581 \ne 0.5812", "prints the same"),
    ("h_1 < 0.5812", "prints the same"),
    ("0.5812 > h_1", "prints the same"),
    (r"h_1 > 0.581", "prints the same"),
    (r"\frac{\partial E_{total}}{\partial w_7} < -0.02252", "-0.02252 is printed, and dE_total"),
    (r"h_1 \le 0.5811", "not true"),
    (r"h_1 \ge 0.5812", "not true"),
    # But a bound is one, whether it is near or far, and so is a claim that can be seen.
    (r"h_1 \le 0.5812", ""),
    (r"h_1 < 0.6", ""),
    (r"h_1 \ne 1", ""),
    (r"h_1 < 1", ""),
    (r"h_1 < 0.582", ""),
    (r"h_1 \ne 0.5811", ""),
    (r"h_1 = 0.5812 < 0.582", ""),
    (r"h_1 \ne \square \ne 0.5", ""),
    (r"\sigma(q) < 1.000", ""),
]


@pytest.mark.parametrize(("source", "message"), ORDERS)
def test_a_claim_of_order_can_be_seen_in_what_is_printed(source: str, message: str) -> None:
    found = messages(source)
    assert len(found) == bool(message)
    assert message in "".join(found)


# Where a chain has no symbols but a name, no order of them is to be followed.
REORDERED = [
    r"z_1 = 0.30 + 0.05 \times 0.15 + 0.20 \times 0.10",
    r"z_1 = 0.10 \times 0.20 + 0.0075 + 0.30",
    DE_DW5 + r" = 0.5812 \times 0.1878 \times 0.7394",
    DE_DW7 + r" = 0.581151 \times (-0.038758)",
    DE_DW7 + r" = 0.581151 \cdot -0.038758",
    r"E_{y_1} = \frac{1}{2} (0.749438 - 0.01)^2",
    r"E_{y_1} = \frac{(0.749438 - 0.01)^2}{2}",
    r"\delta_{y_1} = (0.749438 - 0.01) \times 0.749438 \times (1 - 0.749438)",
    r"w_5^+ = 0.4 - 0.0807 \times 0.5",
    r"E_{total} = 0.0240 + 0.2734",
]


@pytest.mark.parametrize("source", REORDERED)
def test_numbers_of_a_name_may_stand_in_any_order(source: str) -> None:
    assert messages(source) == []
    for number in re.finditer(r"\d*\.\d+", source):
        last = str((int(source[number.end() - 1]) + 5) % 10)
        wrong = source[: number.end() - 1] + last + source[number.end() :]
        assert messages(wrong), wrong


@pytest.mark.parametrize(
    "source",
    [
        r"z_1 = 0.05 \times 0.20 + 0.15 \times 0.10 + 0.30",  # of another term
        r"h_1 - h_2 = 0.5848 - 0.5812",
        r"w_5^+ = 0.5 \times 0.0807 - 0.4",
        r"E_{y_1} = \frac{1}{2} (0.01 - 0.749438)^2 (0.01 - 0.749438)",
        r"h_1 / h_2 = 0.5848 / 0.5812",
        NET + r" = w_1 x_1 + 0.10 \times 0.20 + 0.30",  # symbols have their order
    ],
)
def test_another_order_with_another_value_is_found(source: str) -> None:
    assert messages(source) != []


# Two signs cancel: of two negative numbers their sizes may be multiplied.
CANCELLED = [
    r"w_7^+ = 0.50 + 0.5 \times 0.022524 = 0.511262",
    r"w_7^+ = 0.022524 \times 0.5 + 0.50",
    rf"w_7^+ = w_7 - \alpha \times {DE_DW7} = 0.50 + 0.5 \times 0.038758 \times 0.581151",
    r"-\delta_{y_2} w_8 = 0.038758 \times 0.55",
]


@pytest.mark.parametrize("source", CANCELLED)
def test_a_product_may_be_written_without_signs_that_cancel(source: str) -> None:
    assert messages(source) == []
    for number in re.finditer(r"\d*\.\d+", source):
        last = str((int(source[number.end() - 1]) + 5) % 10)
        [message] = messages(source[: number.end() - 1] + last + source[number.end() :])
        assert number[0] in message


@pytest.mark.parametrize(
    "source",
    [
        r"w_7^+ = 0.50 - 0.5 \times 0.022524",
        r"w_5^+ = 0.40 + 0.5 \times 0.0807",
        r"-\delta_{y_2} w_8 = -0.038758 \times 0.55",
        r"-\delta_{y_1} w_6 = 0.138851 \times 0.45",
    ],
)
def test_a_sign_that_does_not_cancel_is_missed(source: str) -> None:
    assert messages(source) != []


CHAINS = [
    ("notes", NET + r" = 0.15 \times 0.05 + 0.20 \times 0.10 + 0.30 = 0.3275"),
    ("notes", r"h_1 = \sigma(z_1) = \frac{1}{1 + e^{-0.3275}} = 0.581151"),
    ("notes", r"y_1 = 0.40 \times 0.5812 + 0.45 \times 0.5848 + 0.60 = 1.096"),
    ("notes", r"y_1 = w_5 \times h_1 + w_6 \times h_2 + b_2"),
    ("notes", DE_DW5 + r" = 0.7394 \times 0.1878 \times 0.5812 = 0.0807"),
    ("notes", r"w_7^{+} = w_7 - \alpha " + DE_DW7 + r" = 0.50 - 0.5 \times (-0.022524) = 0.511262"),
    ("lecture", r"E_{o_1} = \frac{1}{2} (target_{o_1} - out_{o_1})^2"),
    ("lecture", r"E_{o_1} = \frac{1}{2} (0.01 - 0.751365)^2 = 0.274811"),
    ("lecture", r"\delta_{o_1} = -(target_{o_1} - out_{o_1}) out_{o_1} (1 - out_{o_1}) = 0.138499"),
    (
        "lecture",
        r"\frac{\partial E_{o_1}}{\partial out_{h_1}} = \delta_{o_1} \times w_5 = 0.0553994",
    ),
    ("lecture", r"\delta_{h_1} = 0.03635031 \times 0.24130071 = 0.00877135"),
    ("lecture", r"E_{total}^{(10000)} = 0.0000351018778"),
]
OTHER = {"+": "-", "-": "+", r"\times": "+", "1": "2", "2": "1", "5": "6", "6": "5"}


def mutants(source: str) -> Iterator[str]:
    """Yield a formula with one digit of a decimal, one sign, or one index changed."""
    for number in re.finditer(r"\d*\.\d+", source):
        for k in range(*number.span()):
            for digit in "0123456789" if source[k] != "." else "":
                if digit != source[k]:
                    yield source[:k] + digit + source[k + 1 :]
    for sign in re.finditer(r"(?<!\^\{)[+-]|\\times", source):
        yield source[: sign.start()] + OTHER[sign[0]] + " " + source[sign.end() :]
    for index in re.finditer(r"(?<=_)[1256](?!\d)|(?<=_\{[ho]_)[12]", source):
        yield source[: index.start()] + OTHER[index[0]] + source[index.end() :]


@pytest.mark.parametrize(("of", "source"), CHAINS)
def test_each_small_change_is_found(of: str, source: str) -> None:
    assert messages(source, of=of) == []
    assert [mutant for mutant in mutants(source) if not messages(mutant, of=of)] == []


DE_DW6 = r"\frac{\partial E_{total}}{\partial w_6}"
DELTA = r"\delta_{y_1} \times h_2"
STEP = rf"w_6^{{+}} = w_6 - \alpha \times {DE_DW6} = "


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        (r"\square", 0),
        (r"\square = \square", 0),
        (rf"{DE_DW6} = \square", 0),
        (rf"{DE_DW6} = {DELTA} = \square \times \square", 0),
        (rf"{DE_DW6} = {DELTA} = \delta_{{y_1}} \times \square = 0.0812", 1),
        (rf"{DE_DW6} = \square \times \square \times \square", 0),
        (STEP + r"0.45 - \square \times 0.0812 = \square", 2),
        (STEP + r"0.45 - \square", 1),
        (r"\hat{y}_1 = \sigma(\square) = \frac{1}{1 + e^{-\square}} = 0.749", 1),
        (r"E_{y_1} = \frac{1}{2} (\square - 0.7494)^2", 1),
        (r"E_{y_1} = \frac{1}{2} (\square)^2", 0),
        (NET + r" = 0.15 \times \square + \square \times 0.10 + 0.30", 3),
        (r"0.0812 = \square \times \square", 1),
        (r"\hat{y}_1 > \square > 0.5", 0),
        (r"\hat{y}_1 > \square \ge \square > 0.5", 0),
        (r"\hat{y}_1 > \square < 0.9", 0),
        (r"0.5 < \square = \hat{y}_1", 0),
        (
            r"\begin{matrix} z_1 & w_5 \end{matrix} = \begin{matrix} 0.3 & \square \end{matrix}",
            1,
        ),
        (r"W_1 = \square", 0),
    ],
)
def test_a_blank_is_bound_to_nothing(source: str, bound: int) -> None:
    report = read(f"{DE_DW6} = {DELTA}", source)
    assert report.problems == []
    assert len(report.bindings) == bound


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (STEP + r"0.45 - \square \times 0.0813 = \square", "0.0813 is printed"),
        (STEP + r"0.40 - \square", "0.40 is printed; it stands for w6"),
        (STEP + r"\square - 0.5 \times 0.0822", "0.0822 is printed"),
        (rf"{DE_DW6} = {DELTA} = \square \times 0.5812", "0.5812 is printed"),
        (
            rf"{DE_DW6} = {DELTA} = \delta_{{y_2}} \times \square",
            "numbers and blanks in these places",
        ),
        (STEP + r"0.45 + \square \times 0.0812", "not bound"),  # the minus is no part of a blank
        (STEP + r"\square + 0.5 \times 0.0812", "print -0.5"),
        (STEP + r"\square \times \square", "not bound"),
        (r"\hat{y}_1 = \frac{1}{1 + e^{\square}}", "not bound"),
        (r"E_{y_1} = \frac{1}{2} (\square - 0.7495)^2", "0.7495 is printed"),
        (r"q = \square", "q is no name of this page"),
        (r"\square < 0.5", "numbers without a name"),
        (r"\hat{y}_1 > 0.8 > \square", "not true"),
        (r"\hat{y}_1 < \square < 0.5", "not true"),
        (r"\hat{y}_1 \le \square < \hat{y}_1", "not true"),
        (r"0.8 < \square = \hat{y}_1", "not true"),
        (r"0.0813 = \square \times \square", "0.0813 is printed"),
        # It is the learning rate, and not the derivative, of which one decimal is 0.
        (r"w_1^{+} = 0.15 - 0.0 \times \square", "0.0 is printed; it stands for alpha"),
    ],
)
def test_what_is_wrong_beside_a_blank_is_found(source: str, message: str) -> None:
    problems = read(f"{DE_DW6} = {DELTA}", source).problems
    assert message in " ".join(problem.message for problem in problems)


PIECES = r"""
    z_1 w_5 h_2 x_1 b_1 E_{total} \hat{y}_1 W_1 \mathbf{x} q u' z h t_k 0.5 0.15 1 2 0 = = < \approx
    + - \times / ( ) \frac{1}{2} \frac{\partial E_{total}}{\partial w_5} \frac{\partial}{\partial z}
    \sigma(z) \sum_k \sum_{k=1}^{2} ^{+} ^2 ^T e^{-z} \begin{bmatrix} \end{bmatrix} & \\ ,
    \odot ^{(3)} ^{9999} ' | \square
""".split()  # noqa: SIM905  # a list of strings is hard to read


@settings(deadline=None, derandomize=True, max_examples=600)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join), max_size=3))
def test_whatever_comes_is_judged(sources: list[str]) -> None:
    binder = Binder(WORLDS["notes"])
    for source in sources:
        report = binder.read(source)
        for problem in report.problems:
            assert 0 <= problem.start <= problem.end <= max(len(source), 1)
            assert problem.message

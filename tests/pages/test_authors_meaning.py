# ruff: noqa: RUF001  # signs that authors write
"""What authors write in their own way is understood, and a wrong number in it is found."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from backprop.pages.check import check_text
from backprop.pages.fix import fix
from backprop.pages.reader import read_text

DATA = yaml.safe_load(Path(__file__).with_name("authors_meaning.yaml").read_text("utf-8"))
on_each = pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case["name"])


def page(case: dict[str, Any], text: str) -> str:
    return str(case.get("front", DATA["front"])) + text


def messages(text: str) -> list[str]:
    return [finding.message for finding in check_text(text, "page.md").findings]


@on_each
def test_the_right_page_is_clean(case: dict[str, Any]) -> None:
    assert messages(page(case, case["page"])) == []


@on_each
def test_the_wrong_number_is_found_with_the_right_one(case: dict[str, Any]) -> None:
    found = messages(page(case, case["wrong"]))
    assert any(case["right"] in message for message in found)
    assert found


@on_each
def test_fix_makes_the_right_page_or_leaves_it(case: dict[str, Any]) -> None:
    wrong, right = page(case, case["wrong"]), page(case, case["page"])
    assert fix(read_text(wrong, "page.md")).checked.page.file in (wrong, right)


FRONT = """---
backprop:
  sizes: [2, 2, 1]
  givens: {i1: 0.6, i2: 0.2, w1: 0.3, w2: -0.4, w3: 0.5, w4: 0.1, b1: 0.25, w5: 0.7, w6: -0.2,
    b2: 0.15, target_o1: 0.9, eta: 0.4}%s
---
"""
NET = "net_{h1} = w_1 i_1 + w_2 i_2 + b_1"
SLOPE = r"\frac{\partial E_{total}}{\partial w_5}"

RIGHT = [
    r"w_{5,new} = w_5 - \eta " + SLOPE + " = 0.7164",
    r"w_{5,\text{new}} = 0.7164",
    r"w_5^{\text{new}} = w_5^{old} - 0.4 \cdot (-0.0411) = 0.7164",
    r"w_5 := w_5 - \eta " + SLOPE + " = 0.7164",
    r"w_5 = w_5 - \eta " + SLOPE + " = 0.7164",
    r"w_5^{\prime} = 0.7164",
    r"w_5 \gets 0.7164",
    r"out_{o1} \approx 61 \%",
    r"\boxed{net_{h1} = 0.35}",
    r"net_{h1} = \boxed{0.35} \tag{1}",
    r"net_{h1} = \textcolor{red}{0.35}",
    r"net_{h1} = {\color{red} 0.35}",
    r"\begin{eqnarray} net_{h1} &=& w_1 i_1 + w_2 i_2 + b_1 \\ &=& 0.35 \end{eqnarray}",
    r"\begin{cases} net_{h1} = 0.35 \\ net_{h2} = 0.57 \end{cases}",
    r"net_{h1} = 0.35 \therefore out_{h1} = 0.5866",
    r"net_{h1} := 0.35",
    r"out_{h1} = \frac{1}{1 + 0.7047} = 0.5866",
    r"out_{h1} = {1 \over 1 + e^{-0.35}} = 0.5866",
    r"out_{h1} = σ(net_{h1}) ≈ 0.5866",
    r"net_{h₁} = w₁ · i₁ + w₂ · i₂ + b₁ = 0.3 · 0.6 − 0.4 · 0.2 + 0.25 = 0.35",
    r"δ_{o1} = -0.0700 ≈ -7.0 × 10⁻²",
    r"(net_{h1}, net_{h2}) = (0.35, 0.57)",
    r"\mathbf{x}^T \mathbf{x} = i_1^2 + i_2^2 = 0.4",
    r"½ (target_{o1} - out_{o1})² = E_{total} = 0.0431",
    r"\Delta w_5 = -\eta " + SLOPE + " = 0.0164",
    r"\Delta w_5 = 0.0164, \quad w_5 + \Delta w_5 = w_5^{new}",
    r"\Delta w_5 = \eta " + SLOPE + r" = -0.0164, \quad w_5 - \Delta w_5 = w_5^{new}",
    r"\| \mathbf{x} \| = \lVert \mathbf{x}^T \rVert_2 = 0.6325",
    r"\mathcal{E}_{o1} + E_{total} = E_{total} + \mathcal{E}_{o1}",
    NET + r" = 0.25 + 0.6 \cdot 0.3 - 0.4 \cdot 0.2 = 0.35",
    r"\delta_{o1} = (out_{o1} - target_{o1}) \sigma'(net_{o1}) = -0.2934 \cdot 0.6066 (1 - 0.6066)",
]
WRONG = [
    (r"w_{5,new} = 0.7165", "print 0.7164"),
    (r"w_5 = w_5 + \eta " + SLOPE, "the sides are not equal"),
    (r"w_5 := w_5 + \eta " + SLOPE, "the sides are not equal"),
    (r"w_5' = 0.70", "print 0.72"),
    (r"\boxed{net_{h1} = 0.36}", "print 0.35"),
    (r"net_{h1} = \boxed{0.36}", "print 0.35"),
    (r"\begin{cases} net_{h1} = 0.35 \\ net_{h2} = 0.58 \end{cases}", "print 0.57"),
    (r"out_{h1} = \frac{1}{1 + 0.7048}", "print 0.7047"),
    (r"out_{h1} = {1 \over 1 + e^{-0.36}}", "print 0.35"),
    (r"δ_{o1} ≈ -7.1 × 10⁻²", "print -0.070"),
    (r"(net_{h1}, net_{h2}) = (0.57, 0.35)", "stands for net_h1"),
    (NET + r" = 0.25 + 0.6 \cdot 0.5 - 0.4 \cdot 0.2 = 0.35", "0.5 is printed"),
    # What is not understood does not pass.
    (r"net_{h1} = \cancel{0.35}", "not understood"),
    (r"net_{h1} = \begin{cases} 0.35 & i_1 > 0 \\ 0 \end{cases}", "not understood"),
    (r"net_{h1} = \underbrace{0.35}_{0.36}", "not understood"),
    (r"net_{h1} = \underbrace{0.35}_{\text{36 \%}}", "not understood"),
    (r"net_{h1} = 0.35 \Rightarrow 0.36", "not bound"),
    (r"\mathbf{x}^T \mathbf{x} = i_1^2 - i_2^2", "the sides are not equal"),
    (r"\mathbf{x}^T \mathbf{x} = 0.5", "print 0.4"),
    (r"\mathbf{x} \mathbf{x}^T = 0.4", "not bound"),
    ("½ (target_{o1} - out_{o1})² = 0.0432", "print 0.0431"),
    ("1½ (target_{o1} - out_{o1})² = 0.0646", "not understood"),
    (r"\Delta w_5 = -0.0164", "print 0.0164"),
    (r"\Delta w_5 = -\eta " + SLOPE + " = 0.0165", "print 0.0164"),
    (r"\Delta w_5 = 2 \eta " + SLOPE, "the sides are not equal"),
    ("é = 0.5", "not understood"),
    (r"\Delta i_1 = 0.0164", "Delta is no name"),
    (r"\| \mathbf{x} \| = 0.6324", "print 0.6325"),
    (r"\| W_1 \| = 0.35", "a matrix has no length"),
    (r"E_{total} = \frac{1}{2} \|target_{o1} - out_{o1}\|_1^2 = 0.0431", "not understood"),
    (r"net_{h1}' = 0.35", "no variable by which"),
    (r"out_{o1} = 60.67\%", "print 60.66"),
    (r"out_{o1} \approx 60 \%", "print 61"),
]


def found(formula: str, more: str = "") -> list[str]:
    return messages(FRONT % more + f"${formula}$\n")


@pytest.mark.parametrize("formula", RIGHT)
def test_what_is_right_passes(formula: str) -> None:
    assert found(formula) == []


@pytest.mark.parametrize(("formula", "message"), WRONG)
def test_what_is_wrong_or_not_understood_is_found(formula: str, message: str) -> None:
    assert message in "".join(found(formula))


COMMA = "\n  decimals: comma"


@pytest.mark.parametrize("formula", ["net_{h1} = 0,35", "net_{h1} = 0{,}35"])
def test_a_comma_may_be_the_decimal_point(formula: str) -> None:
    assert found(formula, COMMA) == []
    assert found(formula.replace("35", "36"), COMMA) != []


def test_fix_writes_a_decimal_comma() -> None:
    text = FRONT % COMMA + "$net_{h1} = 0,36$\n"
    assert fix(read_text(text, "page.md")).checked.page.file == text.replace("0,36", "0,35")


def test_the_worked_examples_say_no_weight_by_itself() -> None:
    text = "---\nbackprop: {example: notes}\n---\n"
    formula = rf"$w_5 = w_5 - \alpha {SLOPE}$"
    assert "not equal" in "".join(messages(text + formula))

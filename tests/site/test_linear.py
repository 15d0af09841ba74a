"""Formulas on a line, as the search has them."""

from xml.etree import ElementTree as ET

import pytest

from backprop.site.linear import linear
from backprop.site.mathml import to_mathml


@pytest.mark.parametrize(
    ("latex", "typed"),
    [
        ("w_5 = 0.40", "w5 = 0.40"),
        ("w_5^+", "w5+"),
        (r"\mathrm{out}_{h_1}", "out_h1"),
        (r"\frac{\partial E_{\mathrm{total}}}{\partial w_5}", "\u2202E_total / \u2202w5"),
        (r"\frac{1}{1 + e^{-z}}", "1 / (1 + e^\u2212z)"),
        (r"\begin{bmatrix} 0.008771 \\ 0.009954 \end{bmatrix}", "[0.008771; 0.009954]"),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "[1 2; 3 4]"),
        (r"\delta_{o_1} \times 2", "\u03b4_o1 \u00d7 2"),
        (r"\sum_{k=1}^{2} x_k^2", "\u2211_(k = 1)^2 x_k^2"),
        (r"\sqrt{x + y}", "sqrt(x + y)"),
    ],
)
def test_a_formula_is_written_on_a_line(latex: str, typed: str) -> None:
    assert linear(ET.tostring(to_mathml(latex, "inline"), encoding="unicode")) == typed

"""Pages of each kind: other activations, other losses, no biases, several samples, more layers.

That each changed number on them is found is tested with the pages of the site, in
`test_mutants.py`.
"""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import mpmath
import pytest
from judge import Judge, rounds_to

from backprop.pages.check import Checked, check, check_text
from backprop.pages.commands import pages_in
from backprop.pages.fix import fix
from backprop.pages.reader import read, read_text
from backprop.pages.render import changes_in, render

PAGES = {path.stem: path for path in pages_in(Path(__file__).with_name("kinds"))}
on_each_page = pytest.mark.parametrize("name", PAGES)


@cache
def checked(name: str) -> Checked:
    return check(PAGES[name])


def messages(text: str) -> list[str]:
    return [finding.message for finding in check_text(text, "page.md").findings]


@on_each_page
def test_nothing_is_found_and_every_number_is_bound(name: str) -> None:
    found = checked(name)
    assert [str(finding) for finding in found.findings] == []
    decimals = sum(len(re.findall(r"\d\.\d", math.latex)) for math in found.page.math)
    assert decimals > 15
    assert sum(bound.binding.number.is_decimal for bound in found.bound) == decimals


def by_another_road(found: Checked) -> None:
    """Compare each bound number of a page with what an independent network gives."""
    with mpmath.workdps(60):
        judge = Judge(found.page.front["backprop"])
        for bound in found.bound:
            number, sign = bound.binding.number, -1 if bound.binding.negated else 1
            value = sign * judge.worth(bound.binding.stands_for, bound.world)
            assert rounds_to(value, number.value), f"{number.text} in {bound.math.latex}"


@on_each_page
def test_every_number_is_what_an_independent_network_gives(name: str) -> None:
    by_another_road(checked(name))


SLOPE = r"\frac{\partial E_{\mathrm{total}}}{\partial %s}"
Y = r"\hat{y}_1"
FALSE = {
    "binary": [
        r"E_{\mathrm{total}} = -\ln \hat{y}_1",  # as long as the target is 1
        r"\delta_{y_1} = t_1 - \hat{y}_1",
        r"E_{\mathrm{total}} = -t_1 \ln \hat{y}_1",
        r"E_{\mathrm{total}} = \frac{1}{2} (t_1 - \hat{y}_1)^2",
    ],
    "deep": [
        r"h_{1,1} = z_{1,1}",  # as long as it is above 0
        r"\delta_{z_{1,1}} = \delta_{z_{2,1}} w_5 + \delta_{z_{2,2}} w_7",
        r"h_{2,1} = \sigma(z_{2,1})",
        r"\delta_{z_{2,1}} = \delta_{y_1} w_9 h_{2,1} (1 - h_{2,1})",
    ],
    "mean": [
        r"E_{\mathrm{total}} = \sum_{s=1}^{3} E_{\mathrm{total};s}",
        r"E_{\mathrm{total}} = \frac{1}{2} \sum_{s=1}^{3} E_{\mathrm{total};s}",
        r"\hat{y}_{1;2} = \sigma(y_{1;1})",
        r"x_{1;2} = x_{2;1}",  # both are 1 here
    ],
    "no-biases": [
        r"\mathbf{b}_1 = 0",
        r"z_1 = w_1 x_1 + w_2 x_2 + b_1",
        r"z_1 = w_1 x_1",
    ],
    "relu": [
        r"h_1 = z_1",
        r"h_2 = 0 \times z_2",
        r"\mathrm{ReLU}'(z_1) = 0",
        r"\mathrm{ReLU}'(z_2) = \mathrm{ReLU}'(z_1) - 1",
        r"\mathrm{ReLU}(z_1) = \max(1, z_1)",
        r"\mathrm{ReLU}(q) = q",
    ],
    "softmax": [
        r"E_{\mathrm{total}} = -\ln \hat{y}_2",  # as long as the second target is 1
        r"E_{\mathrm{total}} = -t_1 \ln \hat{y}_1 - t_2 \ln \hat{y}_1",
        r"\hat{y}_1 = \sigma(y_1)",
        r"\hat{y}_1 = \mathrm{softmax}(y_1, y_2)_2",
        r"\mathrm{softmax}(y_1, y_2)_3 = \frac{e^{0.412802}}{e^{0.412802} + e^{1.052314}}",
        r"\frac{\partial \hat{y}_1}{\partial y_2} = \hat{y}_1 \hat{y}_2",
        rf"\delta_{{y_1}} = {SLOPE % Y} {Y} (1 - {Y})",
        r"t_1 = 0 \times t_2",
    ],
    "sum": [
        r"E_{\mathrm{total}} = \frac{1}{3} \sum_s E_{\mathrm{total};s}",
        rf"{SLOPE % 'w_1'} = \frac{{\partial E_{{\mathrm{{total}};1}}}}{{\partial w_1}}",
        r"E_{\mathrm{total}} = \sum_{s=1}^{2} E_{\mathrm{total};s}",
        r"\hat{y}_{1;2} = \hat{y}_{1;1}",
    ],
    "tanh": [
        r"h_1 = \sigma(z_1)",
        r"\tanh'(z_1) = 1 - z_1^2",
        r"\tanh(q) = \frac{e^{q} - e^{-q}}{e^{q} + e^{q}}",
        r"\hat{y}_1 = \tanh(y_1)",
        r"\frac{\partial h_1}{\partial z_1} = h_1 (1 - h_1)",
    ],
}


@pytest.mark.parametrize(
    ("name", "formula"), [(name, each) for name in FALSE for each in FALSE[name]]
)
def test_a_false_formula_is_found(name: str, formula: str) -> None:
    text = PAGES[name].read_text("utf-8")
    assert messages(f"{text}\n${formula}$\n") != []


@on_each_page
def test_a_wrong_digit_is_repaired(name: str) -> None:
    path = PAGES[name]
    text = path.read_text("utf-8")
    wrong = re.sub(r"(\d\.\d*)(\d)(?=\s*\n\$\$)", lambda m: m[1] + str((int(m[2]) + 3) % 10), text)
    assert wrong != text
    assert fix(read_text(wrong, path)).checked.page.file == text


GIVENS = {"w1": "0.7125", "w2": "-0.43", "learning_rate": "0.3"}


@on_each_page
def test_a_page_for_other_givens_has_nothing_wrong(name: str) -> None:
    page = read(PAGES[name])
    givens = GIVENS | ({"i1_s2": "0.75"} if name in ("sum", "mean") else {"i1": "0.75"})
    new = render(
        page, changes_in([f"{k}={x}" for k, x in givens.items()], page), "new.md", run=True
    )
    assert new.missed == []
    assert new.checked.findings == []
    again = check_text(new.checked.page.file, "new.md")
    assert again.findings == []
    assert {bound.world.graph.givens["w1"] for bound in again.bound} == {Decimal("0.7125")}
    by_another_road(again)

"""A name that a page binds by itself is worked out for other networks too."""

from typing import Any

import pytest

from backprop.pages.check import check_text
from backprop.pages.settings import world_of

FRONT = """---
backprop:
  example: notes
  givens: {%s}
  where:
    half: targets[0] / 2
  names:
    x: inputs[0]
    \\bar{c}: 1
    \\bar{h}: half
    \\bar{t}: targets
    \\bar{r}: learning_rate * 1e308 * 100
---
"""


def found(formula: str, givens: str = "i1: 1, t2: 0.01, alpha: 1e-10") -> list[str]:
    findings = check_text(FRONT % givens + f"${formula}$", "page.md").findings
    return [finding.message for finding in findings]


@pytest.mark.parametrize(
    "formula",
    [
        "z_1 = w_1 x + w_2 x_2 + b_1",
        r"2 \bar{h} = t_1",
        r"\bar{t}_1 = t_1, \bar{t}_2 = t_2",
        r"\bar{c} w_1 = w_1",
        r"\bar{c} x = x_1 = 1",
    ],
)
def test_what_holds_for_any_network_passes(formula: str) -> None:
    assert found(formula) == []


@pytest.mark.parametrize(
    "formula",
    [
        "z_1 = w_1 x^3 + w_2 x_2 + b_1",
        "z_1 = w_1 + w_2 x_2 + b_1 x",
        r"\bar{t}_1 = t_2",
        r"4 \bar{h} = t_1 + t_2 x",
        r"\bar{c} = x_1",  # the name does not follow the network, so this is so by chance
    ],
)
def test_what_holds_because_two_numbers_are_equal_is_found(formula: str) -> None:
    [message] = found(formula)
    assert message.startswith("the sides are not equal: ")
    assert message.endswith(" agree for the numbers of this page, not for others")


def test_a_name_without_a_value_in_other_networks_is_found_and_does_not_pass() -> None:
    [message] = found(r"\bar{r} = 2 \bar{r} - \bar{r}")
    assert message.startswith("not understood: bar_r has no value in other networks")
    assert "gives no finite number" in message


def test_a_list_that_is_shorter_in_other_networks_has_no_value_there() -> None:
    front: dict[str, Any] = {"example": "notes", "names": {r"\bar{t}": "targets"}}
    world = world_of({"backprop": front}, {})
    assert world is not None
    assert world.own is not None
    names = world.own(world.others[0])
    assert ("bar_t1", 0) in names
    assert ("bar_t3", 0) not in names
    assert world.own(world.others[0]) is names  # each network once, as a name may train


SLOPES = """---
backprop:
  example: notes
  names:
    Q: total_error(targets, forward(network, inputs).outs[-1]) * 3
    q: forward(network, inputs).nets[0][0]
    r: targets[0] + inputs[1]
---
"""


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial Q}{\partial w_5} = 3 \frac{\partial E_{total}}{\partial w_5} = 0.2421",
        r"\frac{\partial Q}{\partial z_1} = 3 \delta_{z_1}",
        r"\frac{\partial Q}{\partial \hat{y}_1} = -3 (t_1 - \hat{y}_1) = 2.2183",
        r"\frac{\partial Q}{\partial q} = 3 \delta_{z_1}",
        r"\frac{\partial E_{total}}{\partial q} = \delta_{z_1}",
        r"\frac{\partial}{\partial w_5} Q^2 = 2 Q \frac{\partial Q}{\partial w_5}",
        r"\frac{\partial r}{\partial t_1} = 1",
        r"\frac{\partial q}{\partial w_5} = 0",
    ],
)
def test_a_name_of_its_own_has_derivatives_and_may_be_used_in_them(formula: str) -> None:
    assert check_text(f"{SLOPES}${formula}$\n", "page.md").findings == []


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\frac{\partial Q}{\partial w_5} = 0.2422", "print 0.2421"),
        (r"\frac{\partial Q}{\partial w_5} = \frac{\partial E_{total}}{\partial w_5}", "not equal"),
        (r"\frac{\partial}{\partial w_5} Q^2 = 0", "which is 0.432"),
        (r"\frac{\partial Q}{\partial E_{total}} = 3", "no derivative of Q with respect to E"),
        (r"\frac{\partial Q}{\partial \alpha} = 0", "no derivative of Q with respect to alpha"),
        (r"\frac{\partial E_{total}}{\partial r} = 1", "r is no name"),
        (r"\frac{\partial q}{\partial w_5} = 0.1", "which is 0"),
        (r"\frac{\partial Q}{\partial w_5^{+}} = 1", "there is no derivative of Q"),
    ],
)
def test_a_wrong_slope_of_a_name_of_its_own_is_found(formula: str, message: str) -> None:
    found = check_text(f"{SLOPES}${formula}$\n", "page.md").findings
    assert message in "".join(each.message for each in found)


def test_a_name_with_a_kink_close_by_has_no_slope_that_is_sure() -> None:
    front = """---
backprop:
  sizes: [1, 1]
  activations: relu
  givens: {i1: 1, w1: 0.01, b1: -0.005, target_o1: 1}
  names: {Q: "total_error(targets, forward(network, inputs).outs[-1])"}
---
"""
    found = check_text(front + r"$\frac{\partial Q}{\partial w_1} = -0.995$", "page.md").findings
    assert "it is not smooth enough" in found[0].message

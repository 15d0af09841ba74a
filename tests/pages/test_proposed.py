"""The letters that a page is likely to have are proposed, and what is not clear is said."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from backprop.cli import main
from backprop.pages.check import check, check_text
from backprop.pages.proposed import proposal

KINDS = Path(__file__).with_name("kinds")
FRONT = """---
backprop:
  sizes: [2, 2, 1]
  givens: {i1: 0.6, i2: 0.2, w1: 0.3, w2: -0.4, w3: 0.5, w4: 0.1, b1: 0.25, w5: 0.7, w6: -0.2,
    b2: 0.15, target_o1: 0.9, eta: 0.4}
"""


def symbols(*formulas: str) -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(proposal(formulas))["backprop"]["symbols"]
    return said


def test_the_letters_of_a_page_are_those_that_it_has() -> None:
    page = check(KINDS / "letters.md").page
    said = symbols(*(math.latex for math in page.math))
    own = page.front["backprop"]["symbols"]
    plain = {kind: pattern.replace("_<neuron>", "_{<neuron>}") for kind, pattern in own.items()}
    assert said.items() >= {k: plain[k] for k in ("net", "out", "weight", "error", "rate")}.items()
    assert said["input"] == "x_{<from>}"
    assert said["answer"] == r"\hat{y}"
    assert said["activation"] == "g"


def test_what_is_not_decided_is_said() -> None:
    lines = proposal([r"z^{[1]}_1 = w_{1,2} q_1 + \mathbf{u}", r"z^{[l]}_j + \text{net of } q_2"])
    assert "    net: 'z^{[<layer>]}_{<neuron>}'" in lines.splitlines()
    assert "    weight: 'w_{<neuron>,<from>}'" in lines.splitlines()
    assert "    # not decided: q (2)" in lines.splitlines()
    assert r"    # not decided: \mathbf{u} (1)" in lines.splitlines()


def test_weights_with_one_index_come_from_it_or_count_through() -> None:
    assert symbols(r"z = \theta_1 x_1 + \theta_2 x_2")["weight"] == r"\theta_{<from>}"
    assert symbols("z = w_1 x_1 + w_2 x_2") == {"net": "z", "input": "x_{<from>}"}
    text = FRONT + proposal(["z^{[1]}_1 = w_1 x_1"]).partition("\n")[2]
    formula = "z^{[1]}_1 = w_1 x_1 + w_2 x_2 + b_1 = 0.35"
    assert check_text(f"{text}\n---\n${formula}$\n", "page.md").findings == []


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--letters", str(KINDS / "letters.md")]) == 0
    assert "net: 'z^{(<layer>)}_{<neuron>}'" in capsys.readouterr().out


def found(formula: str, more: str = "") -> list[str]:
    text = f"{FRONT}{more}---\n${formula}$\n"
    return [each.message for each in check_text(text, "page.md").findings]


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("z^{[1]}_1 = 0.35", "net: 'z^{[<layer>]}_{<neuron>}'"),
        ("z^{(1)}_1 = 0.35", "net: 'z^{(<layer>)}_{<neuron>}'"),
        ("z_1^{[1]} = 0.35", "net: 'z^{[<layer>]}_{<neuron>}'"),
        ("w^{(1)}_{12} = -0.4", "weight: 'w^{(<layer>)}_{<neuron><from>}'"),
        (r"\hat{y} = 0.6066", r"answer: '\hat{y}'"),
        ("x_2 = 0.2", "input: 'x_{<from>}'"),
        ("L = 0.0431", "error: 'L'"),
        (r"\alpha = 0.4", r"rate: '\alpha'"),
    ],
)
def test_the_message_for_an_unknown_letter_has_the_line_that_gives_it(
    formula: str, line: str
) -> None:
    [message] = found(formula)
    assert message.endswith(f"add symbols: {{{line}}} to the front matter")
    assert found(formula, f"  symbols: {{{line}}}\n") == []


@pytest.mark.parametrize(
    ("formula", "more", "line"),
    [
        ("q = 0.5", "", "names: {q: ...}"),
        ("z_1 = 0.35", "", "names: {'z_1': ...}"),  # of which layer?
        ("w_{11} = 0.3", "", "names: {'w_{11}': ...}"),
        ("E_{h7} = 0.3", "", "names: {'E_{h7}': ...}"),
        (r"\bar{r} = 0.3", "", r"names: {'\bar{r}': ...}"),
        ("L = 0.0431", "  symbols: {error: J}\n", "names: {L: ...}"),
        ("L = 0.0431", "  notation: lecture\n", "names: {L: ...}"),
    ],
)
def test_a_letter_that_no_line_of_symbols_gives_may_be_a_name(
    formula: str, more: str, line: str
) -> None:
    [message] = found(formula, more)
    assert message.endswith(f"write one that it has, or add {line} to the front matter")


def test_only_a_letter_of_ones_own_is_proposed_where_a_formula_is_not_understood() -> None:
    for formula in (r"net_{h1} = \cancel{0.35}", r"q^{(1)}_1 = 0.35"):
        assert all("front matter" not in each for each in found(formula))
    [finding] = check_text(
        "---\nbackprop: {example: lecture}\n---\n$z^{(1)}_1 = 1$\n", "p.md"
    ).findings
    assert "front matter" not in finding.message


def test_words_of_latex_and_indices_are_no_letters() -> None:
    lines = proposal(
        [
            r"\begin{align} z_1 &= \underbrace{w_1 x_1}_{in} \\[10pt] \frac{dL}{da_{o}}\end{align}",
            r"\biggl(\hat{y} \biggr) \sim Sigmoid(z_1)",
        ]
    )
    assert "not decided" not in lines
    assert {"net: 'z_{<neuron>}'", "error: 'L'"} <= {line.strip() for line in lines.splitlines()}


def test_a_page_in_the_letters_of_the_lecture_needs_none() -> None:
    assert symbols(r"\mathrm{net}_{h_1} = w_1 i_1 + b_1", r"E_{total} = 0.3, \alpha = 1") == {
        "rate": r"\alpha"
    }
    assert symbols(r"\mathrm{net}_{h_1} = w_1 i_1 + b_1") == {}

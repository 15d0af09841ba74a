"""The letters that a page is likely to have are proposed, and what is not clear is said."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from backprop.cli import main
from backprop.pages.check import check
from backprop.pages.proposed import proposal

KINDS = Path(__file__).with_name("kinds")


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


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--letters", str(KINDS / "letters.md")]) == 0
    assert "net: 'z^{(<layer>)}_{<neuron>}'" in capsys.readouterr().out

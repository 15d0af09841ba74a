"""Pages as many authors write them are read: what is right is clean, and a slip is found."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from backprop.pages.check import Checked, check, check_text
from backprop.pages.fix import fix
from backprop.pages.reader import read, read_text

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "author_cases.yaml").read_text("utf-8"))
SLIPS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (HERE / "authors/slips.yaml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of others, below which our site's settings say nothing."""
    return Path(copytree(HERE / "authors", tmp_path_factory.mktemp("away") / "authors"))


def twin(path: Path) -> Path:
    return path.with_name(f"{path.stem}.slips{path.suffix}")


def said(checked: Checked) -> list[str]:
    """Return what is found, besides what of a site is not loaded."""
    return [str(each) for each in checked.findings if "not loaded" not in each.message]


@pytest.mark.parametrize("name", SLIPS)
def test_a_right_page_is_clean(name: str, folder: Path) -> None:
    checked = check(folder / name)
    assert len(checked.bound) > 5
    assert said(checked) == []


def is_found(slip: dict[str, Any], checked: Checked) -> bool:
    right = slip["right"].replace(",", ".")
    return any(
        each.place.line == slip["line"] and right in each.message.replace(",", ".")
        for each in checked.findings
    )


def test_nearly_all_slips_are_found(folder: Path) -> None:
    missed = []
    for name, slips in SLIPS.items():
        checked = check(twin(folder / name))
        missed += [f"{name}:{slip['line']}" for slip in slips if not is_found(slip, checked)]
    assert len(missed) <= 0.05 * sum(map(len, SLIPS.values())), missed


@pytest.mark.parametrize("name", SLIPS)
def test_no_page_is_harmed(name: str, folder: Path) -> None:
    right = (folder / name).read_text("utf-8")
    assert fix(read(folder / name)).checked.page.file == right
    path = twin(folder / name)
    wrong, fixed = path.read_text("utf-8"), fix(read(path)).checked.page.file
    lines = {slip["line"] for slip in SLIPS[name]}
    olds, news = wrong.split("\n"), fixed.split("\n")
    assert {k for k, line in enumerate(olds, 1) if line != news[k - 1]} <= lines


@pytest.fixture
def written(tmp_path: Path) -> Callable[[dict[str, str], str], tuple[str, Path]]:
    def write(case: dict[str, str], which: str) -> tuple[str, Path]:
        return case.get("front", CASES["front"]) + "\n" + case[which], tmp_path / "page.md"

    return write


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_a_way_of_writing(
    case: dict[str, str], written: Callable[[dict[str, str], str], tuple[str, Path]]
) -> None:
    page, wrong = written(case, "page"), written(case, "wrong")
    assert said(check_text(*page)) == []
    assert any(case["right"] in each for each in said(check_text(*wrong)))
    assert fix(read_text(*wrong)).checked.page.file in (page[0], wrong[0])


FRONT = "---\nbackprop: {example: lecture}\n---\n"


def test_what_is_not_understood_is_not_surely_wrong() -> None:
    text = FRONT + r"$w_1 = 0.16$ and $q_7 = 0.3$, $\heartsuit = 2$ and 0.5"
    findings = check_text(text, "page.md").findings
    assert [each.wrong for each in findings] == [True, False, False, False]
    [false] = check_text(FRONT + "$w_1 = w_2$", "page.md").findings
    assert false.wrong


def test_marks_take_a_part_out_of_the_check() -> None:
    off = "<!-- backprop: off -->"
    text = FRONT + f"$w_1 = 0.16$\n\n{off}\n\n$w_2 = 7$ and 0.5\n"
    for end in ("", "\n<!-- backprop: on -->\n\n$w_3 = 7$\n"):
        checked = check_text(text + end, "page.md")
        assert [each.place.line for each in checked.findings] == [4, *([12] if end else [])]
        assert checked.exempt == 2


def test_marks_that_begin_twice_or_end_nothing_change_nothing() -> None:
    off, on = "<!-- backprop: off -->", "<!-- backprop: on -->"
    text = (
        FRONT
        + f"{on}\n\n$w_1 = 0.16$\n\n{off}\n\n$w_2 = 7$\n\n{off}\n\n$w_3 = 7$\n\n{on}\n\n$w_4 = 7$"
    )
    checked = check_text(text, "page.md")
    assert [each.place.line for each in checked.findings] == [6, 18]
    assert checked.exempt == 2


NETWORK = """---
backprop:
  sizes: [2, 1]
  biases: shared
  givens: {i1: 0.6, i2: 0.2, w1: 0.3, w2: -0.4, b1: 0.25, target_o1: 0.9, eta: 0.4}
---
"""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        # The output is 0.5866, and after one round 0.5969.
        (NETWORK + "Now it gives $out_{o1} = 0.5968$.", [False]),
        (NETWORK + "Now it gives $out_{o1} = 0.5972$.", [True]),
        # Another sample has come, and its numbers follow.
        (NETWORK + r"$net_{o1} = 0.3 \cdot 0.5 - 0.4 \cdot 0.7 + 0.25 = 0.12$", [False] * 3),
        (NETWORK + r"$net_{o1} = 0.3 \cdot 0.5 - 0.4 \cdot 0.2 + 0.25 = 0.32$", [True] * 2),
        # Some authors give delta the opposite sign.
        (FRONT + r"$\frac{\partial E_{total}}{\partial w_5} = -\delta_{o1} out_{h1}$", [False]),
        (FRONT + r"$\frac{\partial E_{total}}{\partial w_5} = -\delta_{o1} out_{h2}$", [True]),
    ],
)
def test_what_may_mean_something_that_is_right_is_not_surely_wrong(
    text: str, wrong: list[bool]
) -> None:
    assert [each.wrong for each in check_text(text, "page.md").findings] == wrong


def test_after_another_sample_the_numbers_given_come_again() -> None:
    other = r"$net_{o1} = 0.3 \cdot 0.5 - 0.4 \cdot 0.7 + 0.25 = 0.12$, $out_{o1} = 0.5300$"
    given = r"$net_{o1} = 0.3 \cdot 0.6 - 0.4 \cdot 0.2 + 0.25 = 0.35$, $out_{o1} = 0.5300$"
    text = f"{NETWORK}{other}\n\n{given}"
    findings = check_text(text, "page.md").findings
    assert [each.wrong for each in findings] == [False, False, False, False, True]
    fixed = fix(read_text(text, "page.md")).checked.page.file
    assert fixed == NETWORK + other + "\n\n" + given.replace("0.5300", "0.5866")


def test_a_sum_over_the_outputs_ends_with_those_that_own_letters_name() -> None:
    front = "---\nbackprop: {example: lecture, symbols: {target: 't_<neuron>'}}\n---\n"
    text = front + r"$E_{total} = \sum \frac{1}{2}(target - output)^2 = 0.2984$"
    assert said(check_text(text, "page.md")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Its $j$ is that of $w_j$.",
        "| | $w_1$ |\n| --- | --- |\n| first | $0.3$ |\n",
        "| | $net_{o1}$ | |\n| --- | --- | --- |\n| first | $0.35$ | |\n",
    ],
)
def test_any_of_several_and_the_names_over_columns_are_understood(text: str) -> None:
    assert said(check_text(NETWORK + text, "page.md")) == []


@pytest.mark.parametrize(
    "text", ["$w_1 = 1/0 - 3$", r"$\eta = \frac{1}{0}$", r"$w_1 := 1/0$, $w_1 = 3/0$"]
)
def test_what_has_no_value_is_a_finding(text: str) -> None:
    assert said(check_text(NETWORK + text, "page.md"))


def test_the_letter_of_a_function_may_have_the_number_of_its_layer() -> None:
    front = NETWORK.replace("---\n", "", 1).replace("---", "  symbols: {activation: g}\n---")
    text = r"$out_{o1} = g^{[1]}(net_{o1}) = 0.5866$ and $out_{o1} = g_1(net_{o1}) = 0.5866$"
    assert said(check_text(f"---\n{front}{text}", "page.md")) == []


def test_a_message_about_a_long_pattern_is_short() -> None:
    symbols = f"  symbols: {{net: 'z_{'<neuron>' * 3000}'}}\n---"
    front = NETWORK.replace("---\n", "", 1).replace("---", symbols)
    [found] = said(check_text(f"---\n{front}$w_1$", "page.md"))
    assert len(found) < 400


def test_a_variable_of_an_identity_is_a_number_and_no_list() -> None:
    text = r"$q + q = 2 q$ and $q = \begin{bmatrix} 1 \\ 2 \end{bmatrix}$"
    [found] = said(check_text(FRONT + text, "page.md"))
    assert "the sides are not equal" in found

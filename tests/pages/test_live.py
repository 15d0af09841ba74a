"""What a browser is told of a page's numbers."""

from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backprop import train_with_new_output_weights
from backprop.pages import live as module
from backprop.pages import rewrite
from backprop.pages.check import check, check_text
from backprop.pages.live import live, python_tree
from backprop.pages.reader import read_text
from backprop.pages.render import render
from backprop.pages.rewrite import span

DOCS = Path(__file__).parents[2] / "docs"
ASSETS = DOCS.parent / "backprop" / "site" / "assets"
FRONT = "---\nbackprop: {example: notes}\n---\n\n"


def data_of(text: str, front: str = FRONT) -> dict[str, Any]:
    checked = check_text(front + text, "a.md")
    assert checked.findings == []
    return live(checked).data


def trees(text: str, front: str = FRONT) -> list[Any]:
    """What the numbers of a page stand for."""
    data = data_of(text, front)
    return [None if number[0] < 0 else data["exprs"][number[0]] for number in data["numbers"]]


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("x_1 = 0.05", "i1"),
        (r"\alpha = 0.5", "rate"),
        (r"\hat{y}_1^{+} = 0.740471", "out_o1@1"),
        ("b_1^{+} = 0.30", "b1"),  # what learning does not move
        (r"\frac{\partial E_{\mathrm{total}}}{\partial w_5} = 0.080694", "E_total/w5"),
        (r"\delta_{y_1} = 0.138852", "E_total/net_o1"),
        (r"x_1 + x_2 = 0.15", ["+", "i1", "i2"]),
        (r"x_1 - x_2 = -0.05", ["+", "i1", ["-", "i2"]]),
        (r"x_1 x_2 = 0.005", ["*", "i1", "i2"]),
        (r"\frac{x_1}{x_2} = 0.5", ["/", "i1", "i2"]),
        (r"x_2^2 = 0.01", ["^", "i2", 2.0]),
        (r"\sigma(z_1) = 0.581151", ["sigma", "net_h1"]),
        (r"|x_1| = 0.05", ["abs", "i1"]),
        (r"\max(0, x_1) + z_1 = 0.3775", ["+", ["max", 0.0, "i1"], "net_h1"]),
        (
            r"\mathrm{softmax}(y_1, y_2)_1 - z_1 = 0.143384",
            ["+", ["softmax_1", "net_o1", "net_o2"], ["-", "net_h1"]],
        ),
        (r"\sum_{k=1}^{2} x_k = 0.15", ["+", "i1", "i2"]),
        # A result has the name that its chain begins with, not the formula before it.
        (r"z_1 = w_1 x_1 + w_2 x_2 + b_1 = 0.3275", "net_h1"),
        (r"0.3275 = z_1", "net_h1"),
    ],
)
def test_a_number_becomes_a_tree(formula: str, tree: object) -> None:
    assert trees(f"${formula}$\n")[-1] == tree


def test_a_variable_has_the_value_that_it_was_last_given() -> None:
    said = r"$\sigma(q) = \frac{1}{1 + e^{-q}}$"
    text = rf"{said}, $q = 2$, $\sigma(q) = 0.8808$, $q = 3$, $\sigma(q) = 0.9526$"
    assert trees(text) == [["sigma", 2.0], ["sigma", 3.0]]


def test_the_same_expression_is_kept_once() -> None:
    data = data_of("$x_1 = 0.05$ and $x_1 = 0.050$\n")
    assert data["exprs"] == ["i1"]
    assert [number[3] for number in data["numbers"]] == ["2", "3"]


def test_a_leaf_knows_the_formula_behind_it() -> None:
    data = data_of("$z_1 = 0.3275$\n")
    assert data["exprs"] == ["net_h1", ["+", ["*", "w1", "i1"], ["*", "w2", "i2"], "b1"]]
    assert data["made"] == {0: 1}


@pytest.mark.parametrize(
    ("formula", "forms", "form", "mode"),
    [
        ("x_1 = 0.05", "#|-#", "2", rewrite.GIVEN),
        ("z_1 = 0.3275", "#|-#", "4", rewrite.IN_FULL),
        ("h_1 = 0.581151", "#|-#", "6", rewrite.ROUNDED),
        (r"x_1 x_2 = 5 \times 10^{-3}", "#|-#", "0e", rewrite.IN_FULL),
        (r"w_1 x_1 = 7.5 \times 10^{-3}", "#|-#", "1e", rewrite.IN_FULL),
        (r"\frac{1}{x_1 x_1 x_1} = 8{,}000.0", "#|-#", "1,", rewrite.IN_FULL),
        (r"h_1 \times x_1 = h_1 \times 0.05", "#|(-#)", "2", rewrite.GIVEN),
        (r"w_5 + w_6 = 0.40 + 0.45", "#|(-#)", "2", rewrite.GIVEN),
        (r"w_5 / x_1 = 8", "#|-#", "0", rewrite.WHOLE),
    ],
)
def test_a_number_knows_how_it_is_written(formula: str, forms: str, form: str, mode: int) -> None:
    assert data_of(f"${formula}$\n")["numbers"][-1][2:] == [forms, form, mode]


@pytest.mark.parametrize(
    ("formula", "mode"),
    [
        (r"E_{\mathrm{total}}^{(20)} = 0.153152", rewrite.DOUBLE),
        (r"E_{\mathrm{total}}^{+} = 0.290337", rewrite.ROUNDED),  # one round is in decimals
        (r"b_1^{(20)} = 0.30", rewrite.GIVEN),
    ],
)
def test_a_number_knows_whether_it_comes_from_doubles(formula: str, mode: int) -> None:
    [number] = data_of(f"${formula}$\n")["numbers"]
    assert number[-1] == mode


@pytest.mark.parametrize(
    ("formula", "longer", "sides"),
    [
        # 0.40 is given, and the result stands alone: only the output may get more digits.
        (r"w_5 h_1 = 0.40 \times 0.581151 = 0.232460", [1], [(["*", "#0", "#1"], [2])]),
        # The minus of the page is that of the number, whose value has it already.
        (r"\delta_{y_2} h_1 = -0.038758 \times 0.581151 = -0.022524", [0, 1],
         [(["-", ["*", ["-", "#0"], "#1"]], [2])]),
        (r"1 - h_1 = 1 - 0.581151 = 0.418849", [0], [(["+", 1.0, ["-", "#0"]], [1])]),
        (r"w_5 h_1 = 0.40 \times 0.581151", [], None),  # no result
        (r"w_5 x_1 = 0.40 \times 0.05 = 0.0200", [], None),  # all given
        (r"h_1 = 0.581151", [], None),
    ],
)  # fmt: skip
def test_a_formula_says_what_a_reader_recomputes(
    formula: str, longer: list[int], sides: list[tuple[Any, list[int]]] | None
) -> None:
    data = data_of(f"${formula}$\n")
    numbers = data["numbers"]
    assert [k for k, number in enumerate(numbers) if number[4] >= module.LONGER] == longer
    found = (
        [(data["exprs"][expr], results) for expr, *results in numbers[0][5:][0]] if sides else None
    )
    assert found == sides
    assert all(len(number) == 5 for number in numbers[1 if sides else 0 :])


def test_what_a_variable_is_defined_as_is_not_printed_there() -> None:
    """Its numbers may have the place of others in the formula that uses it."""
    identity = "$$\n\\left(\\frac{u}{v}\\right)' = \\frac{u' v - u v'}{v^2}\n$$\n\n"
    text = identity + "$v = 3 + h_1$ and then $v h_1 = v \\times 0.58115 = 2.0812$.\n"
    data = data_of(text)
    [side] = [number[5] for number in data["numbers"] if len(number) > 5]
    assert data["exprs"][side[0][0]] == ["*", ["+", 3.0, "out_h1"], "#0"]


NEGATIVE = "---\nbackprop: {example: notes, givens: {w5: -0.4, w6: -0.45}}\n---\n\n"


@pytest.mark.parametrize(
    ("formula", "slots"),
    [
        ("w_5 = -0.40", ["-0.40"]),
        (r"x_1 w_5 = 0.05 \times (-0.40)", ["0.05", "(-0.40)"]),
        (r"x_1 + w_5 = 0.05 - 0.40", ["0.05", "- 0.40"]),
        (r"x_1 + w_5 = 0.05 - \left(0.40\right)", ["0.05", "-", "0.40"]),
    ],
)
def test_a_slot_holds_what_changes_with_the_sign(formula: str, slots: list[str]) -> None:
    [[latex, places]] = live(check_text(f"{NEGATIVE}${formula}$\n", "a.md")).slots
    assert [latex[start:end] for start, end, *_ in sorted(places)] == slots


@pytest.mark.parametrize(
    ("formula", "forms", "sign"),
    [
        (r"x_1 + w_5 = 0.05 - 0.40", ("+#", "-#"), False),
        (r"x_1 + w_5 = 0.05 - \left(0.40\right)", ("+#", "-#"), True),
        (r"w_5 = -\left(0.40\right)", ("#", "-#"), True),
    ],
)
def test_a_sign_may_stand_apart_from_its_number(
    formula: str, forms: tuple[str, str], *, sign: bool
) -> None:
    where = span(check_text(f"{NEGATIVE}${formula}$\n", "a.md").bound[-1])
    assert where.forms == forms
    assert (where.sign is not None) is sign


def test_a_minus_of_the_formula_is_not_the_numbers() -> None:
    """In -(t - y) the minus stays; where both stand as one, the sign is the number's."""
    [tree] = trees(r"$-x_1 = -0.05$" + "\n")
    assert tree == ["-", "i1"]


@pytest.mark.parametrize(
    "text",
    [
        r"$u = 1$, $u' = 0$",  # a whole number by definition
    ],
)
def test_what_is_so_in_every_network_is_left_alone(text: str) -> None:
    identity = "$$\n\\left(\\frac{u}{v}\\right)' = \\frac{u' v - u v'}{v^2}\n$$\n\n"
    assert trees(identity + text + "\n") == []


def test_a_variable_is_what_the_page_has_defined() -> None:
    identity = "$$\n\\left(\\frac{u}{v}\\right)' = \\frac{u' v - u v'}{v^2}\n$$\n\n"
    said = identity + "$v = 1 + e^{-z_1}$ and then $v = 1.720723$.\n"
    assert trees(said)[-1] == ["+", 1.0, ["exp", ["-", "net_h1"]]]


def test_a_number_that_a_browser_cannot_compute_is_there_and_says_so() -> None:
    data = data_of(r"$\frac{\partial}{\partial w_1} z_1 = 0.0500$" + "\n")
    assert [number[0] for number in data["numbers"]] == [-1]


def test_an_entry_of_a_list_is_one_of_these() -> None:
    names = "names:\n    c: variant_values('E_total', 1)"
    front = f"---\nbackprop:\n  example: lecture\n  {names}\n---\n"
    data = live(check_text(front + "$c_4 = 0.291027924$\n", "page.md")).data
    assert [number[0] for number in data["numbers"]] == [-1]
    assert data["names"] == [[["c", "c"], None]]


def test_sections_have_worlds_of_their_own() -> None:
    data = data_of(
        "$\\alpha = 0.5$\n\n## a\n\n<!-- backprop: alpha=0.1 -->\n\n$\\alpha = 0.1$\n\n"
        "## b\n\n<!-- backprop: example=lecture notation=notes -->\n\n$b_1 = 0.35$\n"
    )
    said = [(world["fixed"], world["own"], world["example"]) for world in data["worlds"]]
    assert said == [
        (False, [], "notes"),
        (False, ["learning_rate"], "notes"),
        (True, [], "lecture"),
    ]
    assert [number[1] for number in data["numbers"]] == [0, 1, 2]


def test_a_network_of_the_authors_own_and_a_page_that_stays() -> None:
    givens = "{i1: 1, w1: 0.5, b1: 0.25, target_o1: 0}"
    front = f"---\nlive: false\nbackprop:\n  sizes: [1, 1]\n  givens: {givens}\n---\n\n"
    [world] = data_of("$w_1 = 0.5$\n", front)["worlds"]
    assert world["example"] == "page"
    assert world["fixed"]
    assert world["sizes"] == (1, 1)


def test_names_of_the_page_come_with_their_expressions() -> None:
    front = (
        "---\nbackprop:\n  example: notes\n  where:\n    first: targets[0]\n  names:\n"
        "    \\tilde{t}: first * 2\n    \\tilde{t}^{(7)}: first\n---\n\n"
    )
    text = "$\\tilde{t} = 0.02$ and $\\tilde{t}^{(7)} = 0.01$\n"
    data = data_of(text, front)
    assert trees(text, front) == ["=0", "=1"]
    assert data["names"] == [
        [["t\u0303", r"\tilde{t}"], ["*", ["name", "first"], 2]],
        [["t\u0303 after round 7", r"\tilde{t}^{(7)}"], ["name", "first"]],
    ]
    assert data["where"] == {"first": ["item", ["name", "targets"], 0]}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("-targets[-1]", ["-", ["item", ["name", "targets"], ["-", 1]]]),
        ("+1 - 0.5 / 2", ["-", ["+", 1], ["/", 0.5, 2]]),
        ("forward(network, [1, 2]).outs",
         ["part", ["call", "forward", [["name", "network"], ["list", 1, 2]], {}], "outs"]),
        ("train(network, biases='frozen')",
         ["call", "train", [["name", "network"]], {"biases": ["text", "frozen"]}]),
        ("backward(network, inputs, targets).deltas[0]", None),  # a browser has not all
        ("total_error(LECTURE.targets, [0, 0])", None),
    ],
)  # fmt: skip
def test_an_expression_over_the_package_becomes_a_tree(text: str, tree: object) -> None:
    assert python_tree(text) == tree


def test_a_browser_has_the_functions_that_it_is_said_to_have() -> None:
    names = (ASSETS / "names.js").read_text("utf-8")
    functions = names.partition("const FUNCTIONS = {")[2].partition("\n};")[0]
    for function in module.FUNCTIONS:
        assert f"  {function}" in functions
    assert train_with_new_output_weights.__name__ in module.FUNCTIONS


@pytest.mark.parametrize("name", ["notes.md", "lecture.md"])
def test_every_number_of_the_lessons_is_live(name: str) -> None:
    checked = check(DOCS / name)
    result = asdict(live(checked))
    numbers = result["data"]["numbers"]
    decimals = [each for each in checked.bound if each.binding.number.is_decimal]
    assert len(numbers) >= len(decimals) > 200
    assert all(number[0] >= 0 for number in numbers)
    assert sum(len(places) for _, places in result["slots"]) == len(numbers)


def test_digits_stay_as_many_where_that_is_asked_for() -> None:
    text = FRONT + "$$\n\\begin{align}\nz_1 &= w_1 \\times x_1 + w_2 \\times x_2 + b_1 \\\\\n"
    text += "&= 0.15 \\times 0.05 + 0.20 \\times 0.10 + 0.30 \\\\\n&= 0.3275\n\\end{align}\n$$\n\n"
    text += "$$\nh_1 x_1 = 0.58 \\times 0.05 = 0.029\n$$\n"
    page = read_text(text, "a.md")
    changes = {"i1": Decimal(9)}
    longer = render(page, changes, "b.md", run=False)
    same = render(page, changes, "b.md", run=False, longer=False)
    assert len(same.checked.page.file) < len(longer.checked.page.file)
    assert any("print more digits" in missed for missed in same.missed)


def test_a_page_without_numbers_has_no_world() -> None:
    assert data_of("Words.\n")["worlds"] == []
    assert data_of("Words.\n", "")["numbers"] == []


@pytest.mark.parametrize(
    "settings",
    ["lecture", "{example: lecture, names: {'1)': 2}}", "{example: nothing}", "[1]"],
)
def test_settings_in_error_have_been_reported_and_bind_nothing(settings: str) -> None:
    checked = check_text(f"---\nbackprop: {settings}\n---\n$w_5 = 0.40$", "a.md")
    assert len(checked.findings) == 1
    data = live(checked).data
    assert (data["numbers"], data["names"]) == ([], [])

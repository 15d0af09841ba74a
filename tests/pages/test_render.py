import errno
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import backprop
from backprop import LECTURE, NOTES, Example, cli, examples, forward
from backprop.pages import code, run
from backprop.pages import runner as child
from backprop.pages.check import check, check_text
from backprop.pages.reader import read, read_text
from backprop.pages.render import Rendered, changes_in, render
from backprop.pages.settings import world_of
from backprop.symbolic.definitions import RATE
from backprop.symbolic.givens import SettingsError
from backprop.symbolic.graph import Graph

Capture = pytest.CaptureFixture[str]

DOCS = Path(__file__).parents[2] / "docs"
FRONT = "---\ntitle: A page\nbackprop: {example: notes}\n---\n\n"


def rendered(text: str, *givens: str, run: bool = False, path: str = "a.md") -> Rendered:
    page = read_text(text, path)
    return render(page, changes_in(givens, page), f"new/{path}", run=run)


def formula(latex: str, *givens: str, said: str = "") -> str:
    """Return a formula of the notes for other givens; all must be right."""
    result = rendered(f"{FRONT}{said}${latex}$\n", *givens)
    assert result.missed == []
    assert result.checked.findings == []
    body = result.checked.page.file.rpartition("\n$")[2]
    return body.removesuffix("$\n")


# Signs, parentheses and digits

PATHS = r"""
$$
\frac{\partial E_{\mathrm{total}}}{\partial h_1}
= \frac{\partial E_{\mathrm{total}}}{\partial y_1} \times w_5
+ \frac{\partial E_{\mathrm{total}}}{\partial y_2} \times w_7
$$

"""
TWO = r"$q = x_1 + x_2$"


@pytest.mark.parametrize(
    ("latex", "givens", "new"),
    [
        ("x_1 = 0.05", ["i1=0.8"], "x_1 = 0.80"),
        ("x_1 = 0.05", ["x1=0.125"], "x_1 = 0.125"),
        ("x_1 = 0.05", ["x1=-3"], "x_1 = -3.00"),
        ("x_1=0.05", ["x1=0"], "x_1=0.00"),
        ("x_1 = 5.0 \\times 10^{-2}", ["x1=0.8"], "x_1 = 8.0 \\times 10^{-1}"),
        ("x_1 = 5 \\times 10^{-2}", ["x1=0.875"], "x_1 = 8.75 \\times 10^{-1}"),
        (r"\alpha = 0.5", ["alpha=0.25"], r"\alpha = 0.25"),
        (r"\alpha = 0.5", ["learning_rate=2"], r"\alpha = 2.0"),
        ("h_1 = 0.581151", ["b1=0.3"], "h_1 = 0.581151"),
        # what is printed in full stays in full, if it can
        ("z_1 = 0.3275", ["x1=0.051"], "z_1 = 0.32765"),
        ("z_1 = 0.3275", ["x1=0.0512345678"], "z_1 = 0.32768518517"),
        ("z_1 = 0.3275", ["x1=0.0512345678901"], "z_1 = 0.3277"),
        # a negative number where a positive one was
        (
            r"z_1 = 0.15 \times 0.05 + 0.20 \times 0.10 + 0.30",
            ["w1=-0.1", "x2=-0.2", "b1=-0.3"],
            r"z_1 = (-0.10) \times 0.05 + 0.20 \times (-0.20) + (-0.30)",
        ),
        (r"x_1 - x_2 = 0.05 - 0.10", ["x1=-1", "x2=-2"], r"x_1 - x_2 = -1.00 - (-2.00)"),
        (r"x_1 + x_2 = 0.05 + 0.10", ["x1=-1"], r"x_1 + x_2 = -1.00 + 0.10"),
        (r"(x_1)^2 = 0.05^2 = 0.0025", ["x1=-1"], r"(x_1)^2 = (-1.00)^2 = 1.0000"),
        (r"2 (x_1 + 1) = 2 (0.05 + 1)", ["x1=-1"], "2 (x_1 + 1) = 2 (-1.00 + 1)"),
        (r"\sigma(b_1) = \sigma(0.30)", ["b1=-1"], r"\sigma(b_1) = \sigma(-1.00)"),
        (r"\sigma(-b_1) = \sigma(-0.30)", ["b1=-1"], r"\sigma(-b_1) = \sigma(-(-1.00))"),
        (r"e^{-z_1} = e^{-0.3275}", ["b1=-1"], "e^{-z_1} = e^{-(-0.9725)}"),
        (r"\frac{x_1}{2} = \frac{0.05}{2}", ["x1=-1"], r"\frac{x_1}{2} = \frac{-1.00}{2}"),
        (
            r"W_1 = \begin{bmatrix} 0.15 & 0.20 \\ 0.25 & 0.30 \end{bmatrix}",
            ["w1=-1", "w2=-2", "w3=-3", "w4=-4"],
            r"W_1 = \begin{bmatrix} -1.00 & -2.00 \\ -3.00 & -4.00 \end{bmatrix}",
        ),
        (r"x_1 = 0.05, \quad x_2 = 0.10", ["x1=-1"], r"x_1 = -1.00, \quad x_2 = 0.10"),
        (r"-x_1 = -0.05", ["x1=-1"], "-x_1 = 1.00"),
        (r"-x_1 = - 0.05", ["x1=-1"], "-x_1 = 1.00"),
        # a positive number where a negative one was
        (r"\delta_{y_2} = -0.038758", ["t2=0"], r"\delta_{y_2} = 0.136202"),
        (r"\delta_{y_2} = - 0.038758", ["t2=0"], r"\delta_{y_2} = 0.136202"),
        (r"\delta_{y_2} = -0.038758", ["t2=1"], r"\delta_{y_2} = -0.040525"),
        (
            r"\delta_{y_1} + \delta_{y_2} = 0.138852 + (-0.038758)",
            ["t2=0"],
            r"\delta_{y_1} + \delta_{y_2} = 0.138852 + 0.136202",
        ),
        (
            r"\delta_{y_1} + \delta_{y_2} = 0.138852 - 0.038758",
            ["t2=0"],
            r"\delta_{y_1} + \delta_{y_2} = 0.138852 + 0.136202",
        ),
        (
            r"\delta_{y_2} \times h_1 = (-0.038758) \times 0.581151",
            ["t2=0"],
            r"\delta_{y_2} \times h_1 = 0.136202 \times 0.581151",
        ),
        (
            r"\delta_{y_2}^2 = (-0.038758)^2",
            ["t2=0"],
            r"\delta_{y_2}^2 = 0.136202^2",
        ),
        (
            r"\delta_{y_2} h_1 = \left( -0.038758 \right) \, (0.581151)",
            ["t2=0"],
            r"\delta_{y_2} h_1 = \left( 0.136202 \right) \, (0.581151)",
        ),
        (
            r"2 \times \delta_{y_2} = 2 \times -0.038758",
            ["t2=0"],
            r"2 \times \delta_{y_2} = 2 \times 0.136202",
        ),
        (r"\delta_{y_2} = -(0.038758)", ["t2=0"], r"\delta_{y_2} = (0.136202)"),
        (r"\delta_{y_2} = -(0.038758)", ["t2=1"], r"\delta_{y_2} = -(0.040525)"),
        (r"\delta_{y_2} = -0.04", ["t2=0.77"], r"\delta_{y_2} = 0.00"),
    ],
)
def test_a_formula_for_other_givens(latex: str, givens: Sequence[str], new: str) -> None:
    assert formula(latex, *givens) == new


@pytest.mark.parametrize(
    ("givens", "new"),
    [
        (["x1=0.2"], "2"),
        (["x1=0.25"], "1.6"),
        (["x1=0.3"], "1.333333"),
        (["x1=-0.3"], "-1.333333"),
        (["x1=3e7"], "0.000000"),
    ],
)
def test_a_whole_number_gets_decimals_where_its_value_has_some(
    givens: Sequence[str], new: str
) -> None:
    latex = r"\frac{w_5}{x_1} = "
    assert formula(f"{latex}8", *givens) == f"{latex}{new}"


def test_a_whole_number_gets_the_digits_that_a_reader_needs() -> None:
    latex = r"\frac{w_5}{x_1} \times w_8 = %s \times %s = %s"
    old, new = ("8", "0.55", "4.40"), ("1.3333333", "400000.00", "533333.33")
    assert formula(latex % old, "x1=0.3", "w8=400000") == latex % new


def test_a_number_that_stays_keeps_its_form() -> None:
    latex = r"x_2 = 1.0 \times 10^{-1} = 0.10 = (0.1000)"
    assert formula(latex, "x1=0.8") == latex


def test_a_page_there_and_back_is_the_same_but_for_its_givens() -> None:
    there = rendered((DOCS / "notes.md").read_text("utf-8"), "w5=-0.3", "t2=0.1")
    back = rendered(there.checked.page.file, "w5=0.4", "t2=0.99").checked.page.file
    assert back.replace("  givens: {w5: 0.4, target_o2: 0.99}\n", "") == (
        DOCS / "notes.md"
    ).read_text("utf-8")


def test_more_digits_are_printed_where_a_reader_needs_them() -> None:
    latex = r"w_5 \times h_1 = 0.40 \times 0.58 = 0.23"
    assert formula(latex, "w5=0.4") == latex
    assert formula(latex, "w5=40") == r"w_5 \times h_1 = 40.00 \times 0.581 = 23.25"


LARGE = r"\frac{1}{x_1 x_1 x_2}"


@pytest.mark.parametrize(
    ("givens", "new"),
    [
        (["x1=0.00000001", "x2=1"], "10{,}000{,}000{,}000{,}000{,}000.0"),
        # More digits than Python's decimals have by themselves
        (["x1=0.000000000003", "x2=0.00001"], "{,}".join(["11", *["111"] * 8, "111.1"])),
    ],
)
def test_a_large_number_has_all_its_digits(givens: Sequence[str], new: str) -> None:
    assert formula(f"{LARGE} = 4{{,}}000.0", *givens) == f"{LARGE} = {new}"


DOUBLES = """---
backprop:
  example: notes
  names: {s: "total_error(targets, [1, 2])"}
---

"""


@pytest.mark.parametrize(
    ("latex", "givens", "new"),
    [
        # Two programs that train agree in ten digits; one round is computed in decimals.
        (r"E_{\mathrm{total}}^{(20)} = 0.153151526747", ["t1=-30"], "450.1482867"),
        (r"E_{\mathrm{total}}^{(20)} = 0.153", ["t1=-30"], "450.148"),
        (r"E_{\mathrm{total}}^{(20)} = 1.531515267475 \times 10^{-1}", ["t1=-30"],
         r"4.501482867 \times 10^{2}"),
        (r"E_{\mathrm{total}}^{+} = 0.290336792369", ["t1=-30"], "458.959286765890"),
        ("s = 1.000100", ["t1=1000"], "499001.0101"),
        ("s = 1.000100", ["t1=-1"], "2.510050"),
    ],
)  # fmt: skip
def test_what_comes_from_doubles_has_ten_digits(
    latex: str, givens: Sequence[str], new: str
) -> None:
    before = check_text(f"{DOUBLES}${latex}$\n", "a.md")
    assert before.findings == []
    result = rendered(f"{DOUBLES}${latex}$\n", *givens)
    assert result.checked.findings == []
    assert result.checked.page.file.rpartition(" = ")[2] == f"{new}$\n"


@pytest.mark.parametrize(
    ("latex", "givens", "most"),
    [
        (f"{LARGE} = 4{{,}}000.0", ["x1=0.00000000000001", "x2=0.00000000000001"], 30),
        ("s = 1.000100", ["t1=1000000000"], 10),
    ],
)
def test_a_number_of_too_many_digits_is_not_printed(
    latex: str, givens: Sequence[str], most: int
) -> None:
    result = rendered(f"{DOUBLES}${latex}$\n", *givens)
    assert f"it takes more than {most} digits" in result.missed[0]
    assert latex in result.checked.page.file


def test_what_a_page_defines_in_doubles_is_in_doubles() -> None:
    identity = "$$\n\\left(\\frac{u}{v}\\right)' = \\frac{u' v - u v'}{v^2}\n$$\n\n"
    text = f"{DOUBLES}{identity}$v = s + 1$ and then $v = 2.00010000000$.\n"
    result = rendered(text, "t1=1000")
    assert result.checked.page.file.endswith("$v = 499002.0101$.\n")


# Pages

SMALL = st.integers(-200, 200).map(lambda n: Decimal(n).scaleb(-2))
GIVENS = st.dictionaries(
    st.sampled_from([*Graph.of(NOTES).givens, RATE]), SMALL, min_size=1, max_size=12
)


def undecided(findings: Sequence[object]) -> int:
    """Count findings, all of which say that the words of the page are left to rounding."""
    assert all("only rounding decides the words" in str(finding) for finding in findings)
    return len(findings)


NAMED = ("block", "section", "sentence does not hold", "both sides are equal")


def assert_all_right(name: str, givens: Mapping[str, Decimal]) -> None:
    page = read(DOCS / name)
    result = render(page, givens, "new.md", run=False)
    assert result.numbers == len(result.checked.bound) == len(check(DOCS / name).bound)
    assert all(any(why in missed for why in NAMED) for missed in result.missed)
    equal = sum("both sides are equal" in missed for missed in result.missed)
    assert undecided(result.checked.findings) == equal
    again = check_text(result.checked.page.file, "new.md")
    assert undecided(again.findings) == equal
    assert again.equations == result.checked.equations
    world = again.bound[0].world
    for key, value in givens.items():
        assert (world.learning_rate if key == RATE else world.graph.givens[key]) == value


WORSE = {"i1": "0", "i2": "0", "w1": "12.5", "w5": "-7.25", RATE: "0.1"}


@pytest.mark.parametrize(
    ("name", "givens"),
    [
        ("notes.md", {"i1": "0.8", "w5": "-0.3"}),
        ("notes.md", {"target_o1": "0.99", "target_o2": "0.01"}),
        ("notes.md", {"w5": "0"}),
        ("notes.md", WORSE),
        ("lecture.md", {"i1": "0.8", "w5": "-0.3"}),
        ("lecture.md", WORSE),
    ],
)
def test_a_rendered_page_is_right(name: str, givens: Mapping[str, str]) -> None:
    assert_all_right(name, {key: Decimal(value) for key, value in givens.items()})


@settings(deadline=None, max_examples=4, phases=[Phase.generate])
@given(givens=GIVENS)
def test_the_notes_are_right_for_any_givens(givens: Mapping[str, Decimal]) -> None:
    assert_all_right("notes.md", givens)


@settings(deadline=None, max_examples=2, phases=[Phase.generate])
@given(givens=GIVENS)
def test_the_lecture_is_right_for_any_givens(givens: Mapping[str, Decimal]) -> None:
    assert_all_right("lecture.md", givens)


def test_all_other_text_stays() -> None:
    text = f"\ufeff{FRONT}One $x_1 = 0.05$\u2028 two \t \n\nthree".replace("\n", "\r\n")
    result = rendered(text, "x1=0.8").checked.page.file
    assert result == text.replace("0.05", "0.80").replace(
        "{example: notes}", "{example: notes, givens: {i1: 0.8}}"
    )


# What cannot be rendered


def test_what_cannot_be_rendered_is_named() -> None:
    text = f"""{FRONT}
It is 3.11 <!-- exempt: a version --> and $x_1 = 0.07$ <!-- exempt: on purpose -->.
It is 0.7, and $q = 0.3$, and $x_1 = 0.06$, and $w_1 = w_2 - 0.05$.

<figure class="network" data-figure="values" data-example="notes"></figure>
<figure class="network" data-figure="values" data-example="lecture"></figure>
<figure class="network" data-figure="plain" data-example="lecture"></figure>
"""
    result = rendered(text, "x1=0.8")
    assert [re.sub(r"(?<=: )(\S+ \S+).*", r"\1", each) for each in result.missed] == [
        "a.md:7:7: exempt: a",
        "a.md:7:43: exempt: on",
        "a.md:8:7: 0.7 stands",
        "a.md:8:17: q is",
        "a.md:8:38: 0.06 is",
        "a.md:8:56: not bound:",
        "a.md:11:1: the figure",
    ]


def test_a_mark_behind_nothing_is_named() -> None:
    result = rendered(f"{FRONT}Here. <!-- exempt: it is nothing -->\n")
    assert [missed.partition(",")[0] for missed in result.missed] == [
        "a.md:6:7: an exemption that follows nothing; write it after a decimal or a formula"
    ]


def test_what_holds_only_for_the_old_givens_is_named_in_the_new_page() -> None:
    result = rendered(f"{FRONT}$x_1 < x_2$ and $x_1 = 0.05$", "x1=0.8")
    assert result.missed == ["new/a.md:6:8: not true: 0.8 < 0.1"]
    assert "$x_1 = 0.80$" in result.checked.page.file


def test_a_name_that_is_gone_is_named() -> None:
    result = rendered(f"{FRONT}$b_1 = 0.30$", "b1_2=0.4")
    assert result.missed[0].startswith("a.md:6:8: 0.30: ")


# Givens


@pytest.mark.parametrize(
    ("front", "new"),
    [
        ("backprop: {example: notes}", "backprop: {example: notes, givens: {i1: 0.8, w5: -0.3}}"),
        (
            "backprop: {example: notes, notation: lecture} # why",
            "backprop: {example: notes, givens: {i1: 0.8, w5: -0.3}, notation: lecture} # why",
        ),
        (
            "backprop:\n   example: notes",
            "backprop:\n   example: notes\n   givens: {i1: 0.8, w5: -0.3}",
        ),
        (
            "backprop:\n  example: notes # why\n  notation: notes",
            "backprop:\n  example: notes # why\n  givens: {i1: 0.8, w5: -0.3}\n  notation: notes",
        ),
        (
            "backprop: {example: notes, givens: {w5: 0.1}}",
            "backprop: {example: notes, givens: {w5: -0.3, i1: 0.8}}",
        ),
        (
            "backprop: {example: notes, givens: {x1: 0.1, w5: 0.1}}",
            "backprop: {example: notes, givens: {x1: 0.8, w5: -0.3}}",
        ),
        (
            "backprop:\n example: notes\n givens:\n  w1: 1\n  w2: 2",
            "backprop:\n example: notes\n givens:\n  w1: 1\n  i1: 0.8\n  w5: -0.3\n  w2: 2",
        ),
        (
            "backprop: {example: notes, givens: {}}",
            "backprop: {example: notes, givens: {i1: 0.8, w5: -0.3}}",
        ),
        (
            "backprop:\n  example: notes\n  givens:\na: 1",
            "backprop:\n  example: notes\n  givens: {i1: 0.8, w5: -0.3}\na: 1",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_givens_travel_in_the_front_matter(front: str, new: str, newline: str) -> None:
    before, after = (
        f"---\n{each}\n---\n\n$b_1 = 0.30$\n".replace("\n", newline) for each in (front, new)
    )
    result = rendered(before, "i1=0.8", "w5=-0.3")
    assert result.checked.page.file == after
    assert result.missed == []
    assert rendered(after).checked.page.file == after


def test_settings_that_stand_elsewhere_are_refused() -> None:
    page = read_text("---\na: &a {backprop: {example: notes}}\n<<: *a\n---\n", "a.md")
    with pytest.raises(SettingsError, match="to stand by itself in the front matter"):
        render(page, {"i1": Decimal(1)}, "new.md", run=False)


def test_a_network_of_the_authors_own() -> None:
    front = "backprop:\n  sizes: [1, 1]\n  givens: {i1: 1, w1: 2, b1: 0, target_o1: 0}"
    text = f"---\n{front}\n---\n\n$i_1 = 1.0$, $w_1 = 2.0$\n\n"
    text += "```python\nprint(1)\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```\n2\n```\n"
    result = rendered(text, "w1=-0.5", "eta=0.1", run=True)
    assert result.missed == []
    assert "$i_1 = 1.0$, $w_1 = -0.5$" in result.checked.page.file
    assert "```\n1\n```" in result.checked.page.file
    assert "{i1: 1, learning_rate: 0.1, w1: -0.5, b1: 0," in result.checked.page.file


def test_a_section_keeps_what_is_its_own_and_is_named() -> None:
    text = f"""{FRONT}
$x_1 = 0.05$

# A section

<!-- backprop: learning_rate=0.1 -->

$\\alpha = 0.1$, $x_1 = 0.05$

# Another

<!-- backprop: example=lecture notation=lecture -->

$i_1 = 0.05$
"""
    result = rendered(text, "x1=0.8", "alpha=0.7")
    assert result.missed == [
        "a.md:11:1: this section has its own learning_rate",
        "a.md:17:1: this section has its own example",
    ]
    body = result.checked.page.file.partition("---\n\n")[2]
    assert body == text.partition("---\n\n")[2].replace("x_1 = 0.05", "x_1 = 0.80")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["i1"], "'i1' came, expected NAME=NUMBER, as in i1=0.8"),
        (["q=1"], "'q' came, expected a given, as "),
        (["h1=1"], "'h1' came, expected a given, as "),
        (["w9=1"], "'w9' came, expected a given, as w"),
        (["x1=1", "i1=2"], "i1 came twice, expected one number for it"),
        (["x1=one"], "givens: 'x1': 'one' came, expected a number"),
        (["x1=nan"], "givens: 'x1': 'nan' came, expected a number"),
        (["x1=1e20"], "x1: 1e20 came, expected 0 or a size from 1e-15 to 1e15"),
        (["x1=1e-20"], "x1: 1e-20 came, expected 0 or a size from 1e-15 to 1e15"),
        (["x1=-1e-999999999"], "x1: -1e-999999999 came, expected 0 or a size from 1e-15"),
        (["x1=0.1234567890123456"], "x1: 0.1234567890123456 came, expected 15 digits at most"),
    ],
)
def test_givens_that_are_none(arguments: Sequence[str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        changes_in(arguments, read_text(FRONT, "a.md"))
    assert str(caught.value).startswith(message)


def test_zeros_before_the_digits_do_not_count() -> None:
    changes = changes_in(["x1=0.123456789012345", "w5=1e-15", "w6=0"], read_text(FRONT, "a.md"))
    assert changes == {"i1": Decimal("0.123456789012345"), "w5": Decimal("1e-15"), "w6": 0}


def test_a_section_that_keeps_what_is_changed_is_named() -> None:
    text = f"""{FRONT}$x_1 = 0.05$

## One

<!-- backprop: x1=0.2 -->
$x_1 = 0.2$

## Two

<!-- backprop: example=lecture notation=lecture -->
$i_1 = 0.05$

## Three

<!-- backprop: w5=0.2 -->
$w_5 = 0.2$
"""
    result = rendered(text, "x1=0.8")
    assert result.missed == [
        "a.md:10:1: this section has its own x1",
        "a.md:15:1: this section has its own example",
    ]
    assert "$x_1 = 0.80$" in result.checked.page.file


def test_a_shared_bias_and_that_of_one_neuron_may_both_change() -> None:
    result = rendered(f"{FRONT}$b_2 = 0.60$\n", "b1=0.3", "b1_2=0.7")
    givens = world_of(result.checked.page.front, {}).graph.givens  # type: ignore[union-attr]
    assert (givens["b1_1"], givens["b1_2"]) == (Decimal("0.3"), Decimal("0.7"))


@pytest.mark.parametrize("text", ["# A page\n", "---\nbackprop:\n---\n", "---\na: 1\n---\n"])
def test_a_page_without_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="no example"):
        changes_in(["i1=1"], read_text(text, "a.md"))


# Code


def page_with(block: str, output: str, *, indent: str = "") -> str:
    mark = "<!--pytest-codeblocks:expected-output-->"
    text = f"```python\n{block}\n```\n\n{mark}\n\n```\n{output}\n```\n"
    return FRONT + re.sub(r"^(?=.)", indent, text, flags=re.MULTILINE)


def block_in(text: str, *givens: str, run: bool = True) -> tuple[list[str], list[str]]:
    """Return the bodies of all fences of a page for other givens, and what is not rendered."""
    result = rendered(text, *givens, run=run)
    fence = re.compile(r"```(?:python)?\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
    fences = fence.findall(result.checked.page.file)
    return fences, result.missed


@pytest.mark.parametrize(
    ("block", "givens", "new", "output"),
    [
        ("from backprop import NOTES\nprint(NOTES.inputs[0])", ["x1=0.8"], None, "0.8"),
        (
            "import backprop\nprint(backprop.EXAMPLES['notes'].targets)",
            ["t1=-1"],
            None,
            "[-1.    0.99]",
        ),
        (
            "from backprop.examples import NOTES\nprint(NOTES.learning_rate)",
            ["alpha=2"],
            None,
            "2.0",
        ),
        (
            "from backprop import NOTES\nprint(NOTES.network.biases[0])",
            ["b1_2=-0.5"],
            None,
            "[ 0.3 -0.5]",
        ),
        ("w1, x = 0.15, 7\nprint(w1)", ["w1=-0.3"], "w1, x = -0.30, 7\nprint(w1)", "-0.3"),
        ("w1 = 0.15\nprint(-w1)", ["w1=0.125"], "w1 = 0.125\nprint(-w1)", "-0.125"),
        ("(w1), w2 = 0.15, 0.2; print(w2)", ["w2=1"], "(w1), w2 = 0.15, 1.0; print(w2)", "1.0"),
        ("print(dict(alpha=0.5))", ["alpha=0.1"], "print(dict(alpha=0.1))", "{'alpha': 0.1}"),
        (
            "for alpha in [0.5, 0.501]:\n    print(alpha)",
            ["alpha=0.1"],
            "for alpha in [0.1, 0.501]:\n    print(alpha)",
            "0.1\n0.501",
        ),
        (
            "W1 = [[0.15, 0.20], [0.25, 0.30]]\nprint(W1[0])",
            ["w2=-4"],
            "W1 = [[0.15, -4.00], [0.25, 0.30]]\nprint(W1[0])",
            "[0.15, -4.0]",
        ),
        (
            "import numpy as np\nb1 = np.array([0.30, 0.30])\nprint(b1)",
            ["b1=1"],
            "import numpy as np\nb1 = np.array([1.00, 1.00])\nprint(b1)",
            "[1. 1.]",
        ),
        ("é = 1; w1 = 0.15; print(w1)", ["w1=1"], "é = 1; w1 = 1.00; print(w1)", "1.0"),
        ("print(1.5)\nprint()", ["w1=1"], None, "1.5\n"),
        ("x = [1.0]; y = [0.7, 0.8]; w1 = 3\nw, z = y\nprint(x)", ["w1=1"], None, "[1.0]"),
    ],
)
@pytest.mark.parametrize("indent", ["", "    "], ids=["plain", "in a note"])
def test_a_block_shows_what_it_prints_now(
    block: str, givens: Sequence[str], new: str | None, output: str, indent: str
) -> None:
    text = page_with(block, "old", indent=indent)
    text = text.replace(FRONT, f'{FRONT}!!! note "A note"\n\n') if indent else text
    fences, missed = block_in(text, *givens)
    assert missed == []
    expected = [new or block, output]
    assert fences == [re.sub(r"^(?=.)", indent, f"{e}\n", flags=re.MULTILINE) for e in expected]


def test_a_negative_given_in_code() -> None:
    text = page_with("w1 = - 0.3\nprint(w1)", "-0.3").replace(
        "example: notes", "example: notes, givens: {w1: -0.3}"
    )
    assert block_in(text, "w1=0.2") == (["w1 = 0.2\nprint(w1)\n", "0.2\n"], [])


def test_blocks_that_continue_are_run_together() -> None:
    cont = "<!--pytest-codeblocks:cont-->"
    text = page_with("print(w1)", "old").replace(
        "```python", f"```python\nw1 = 0.15\n```\n\nThen\n\n{cont}\n\n```python", 1
    )
    assert block_in(text, "w1=1") == (["w1 = 1.00\n", "print(w1)\n", "1.0\n"], [])
    for between in (f"{cont}\n\n<!-- b -->\n", f"<!-- a -->\n{cont}\n> <!-- b -->\n"):
        assert block_in(text.replace(cont, between), "w1=1")[1] == []
    apart = text.replace(cont, "<!-- b -->")
    fences, [missed] = block_in(apart, "w1=1")
    assert fences == ["w1 = 1.00\n", "print(w1)\n", "old\n"]
    assert missed == "a.md:14:1: this block fails: NameError: name 'w1' is not defined"


def test_what_a_block_needs_goes_with_those_that_continue_it() -> None:
    text = """
<!--pytest-codeblocks:importorskip(torch)-->

```python
import torch
```

<!--pytest-codeblocks:cont-->

```python
print(1)
```

<!--pytest-codeblocks:expected-output-->

```
1
```

```python
print(2)
```
"""
    needy, other = code.blocks(read_text(text, "a.md"))
    assert (needy.needs, len(needy.codes), needy.output is None) == ("torch", 2, False)
    assert (other.needs, len(other.codes), other.output) == ("", 1, None)


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("print(0.15)", "types 0.15, which may be w1"),
        ('print(f"{0.15}")', "types 0.15, which may be w1"),
        ("h1 = 0.58", "types 0.58, which may be h1"),
        ("print(", "is no Python: '(' was never closed"),
        ("1 / 0", "fails: ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "fails: SystemExit: 3"),
    ],
)
def test_a_block_that_cannot_be_rendered_is_named_and_left(block: str, why: str) -> None:
    text = page_with(block, "old") + "\n$h_1 = 0.58$\n"
    fences, missed = block_in(text, "w1=7.5")
    assert missed == [f"a.md:6:1: this block {why}"]
    assert fences == [f"{block}\n", "old\n"]


def test_no_code_is_run_where_none_is_wanted() -> None:
    text = page_with("raise SystemExit", "old")
    assert block_in(text, "w1=1", run=False)[1] == ["a.md:6:1: this block is not run"]


def test_other_fences_stay() -> None:
    text = f"{FRONT}```\n0.15\n```\n\n<!-- a comment -->\n\n```yaml\na: 0.15\n```\n"
    result = rendered(text, "w1=1", run=True)
    assert result.checked.page.file.endswith(text[len(FRONT) :])
    assert result.missed == []


def test_an_output_without_a_last_newline_and_with_windows_lines() -> None:
    text = page_with("print('a\\nb', end='')", "old").replace("\n", "\r\n")
    result = rendered(text, "w1=1", run=True).checked.page.file
    assert result.endswith("```\r\na\r\nb\r\n```\r\n")


def test_a_notebook_is_rendered_too() -> None:
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": ["One\n", "$x_1 = 0.05$ \u201ctwo\u201d"],
        },
        {"cell_type": "code", "metadata": {}, "source": ["%magic\n", "x1 = 0.05\n", "x1"]},
    ]
    notebook = {"cells": cells, "metadata": {"backprop": {"example": "notes"}, "a": {}}}
    for indent in (None, 1):
        text = json.dumps(notebook, indent=indent)
        result = rendered(text, "x1=0.8", run=True, path="a.ipynb")
        assert result.missed == []
        new = json.loads(result.checked.page.file)
        assert new["metadata"]["backprop"] == {"example": "notes", "givens": {"i1": 0.8}}
        body = text.partition('"metadata": {"backprop"')[0].partition('"backprop"')[0]
        assert result.checked.page.file.startswith(body.replace("0.05", "0.80"))


def runs(codes: Sequence[str], example: Example = LECTURE) -> list[run.Result]:
    givens = {**Graph.of(example).givens, RATE: Decimal("0.5")}
    return run.run(codes, example=example.name, givens=givens)


def test_the_example_in_the_child_is_the_one_asked_for() -> None:
    block = (
        "from backprop import LECTURE, forward\n"
        "print(forward(LECTURE.network, LECTURE.inputs).outs[-1].tolist())"
    )
    outs = forward(LECTURE.network, LECTURE.inputs).outs[-1].tolist()
    assert runs([block]) == [run.Result(f"{outs}\n")]


def test_a_block_that_ends_python_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    end = "import os, sys\nos.write(1, b'x')\nos._exit(3)"
    not_run = "it has not been run, because of the one before"
    assert runs(["print(1)", end, "print(2)", "3"]) == [
        run.Result("1\n"),
        run.Result(error="it ends Python: x"),
        run.Result(error=not_run),
        run.Result(error=not_run),
    ]
    monkeypatch.setattr(run, "TIME_LIMIT", 3)
    slow = "import time\ntime.sleep(60)"
    reason = "it is not done after 3 seconds"
    assert runs(["print(1)", slow]) == [run.Result("1\n"), run.Result(error=reason)]
    monkeypatch.setattr(run, "TIME_LIMIT", 0.01)
    assert runs(["1"]) == [run.Result(error="it is not done after 0.01 seconds")]


def test_the_child_runs_blocks_with_the_example_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backprop, "NOTES", NOTES)
    monkeypatch.setattr(examples, "NOTES", NOTES)
    monkeypatch.setitem(examples.EXAMPLES, "notes", NOTES)
    givens = {**Graph.of(NOTES).givens, RATE: Decimal("0.5"), "w8": Decimal("-0.25")}
    order = {
        "example": "notes",
        "givens": {name: float(x) for name, x in givens.items()},
        "codes": ["from backprop import NOTES; print(NOTES.network.weights[1])", "1 / 0"],
        "as_tested": False,
    }
    answers = io.StringIO()
    child.main(io.StringIO(json.dumps(order)), answers)
    assert [json.loads(answer) for answer in answers.getvalue().splitlines()] == [
        {"output": "[[ 0.4   0.45]\n [ 0.5  -0.25]]\n", "error": "", "line": 1},
        {"output": "", "error": "ZeroDivisionError: division by zero", "line": 1},
    ]
    answers = io.StringIO()
    child.main(
        io.StringIO(json.dumps({"example": "", "codes": ["print(1)"], "as_tested": True})), answers
    )
    assert json.loads(answers.getvalue()) == {"output": "1\n", "error": "", "line": 1}
    with pytest.raises(KeyboardInterrupt):
        child.run("raise KeyboardInterrupt")


# The command


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "a.md"
    path.write_text(page_with("x1 = 0.05\nprint(x1)", "0.05") + "\n$x_1 = 0.05$\n", "utf-8")
    return str(path)


def test_the_command_writes_a_page_that_passes(page: str, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "b.md"
    arguments = ["render", page, "--set", "i1=0.8", "--set", "w5=-0.3", "-o", str(out)]
    assert cli.main(arguments) == 0
    counts = "1 equation checked, 1 number bound, 0 exemptions, 0 findings"
    assert capsys.readouterr() == (f"{out}: 1 number rendered, 0 not; {counts}\n", "")
    assert cli.main(["check", str(out)]) == 0
    assert "$x_1 = 0.80$" in out.read_text("utf-8")
    assert "\n0.8\n" in out.read_text("utf-8")
    capsys.readouterr()
    assert cli.main(arguments) == 2
    message = f"backprop render: {out}: exists already; --force overwrites a file\n"
    assert capsys.readouterr() == ("", message)
    assert cli.main([*arguments, "--force"]) == 0


def test_the_command_names_what_it_has_not_rendered(
    page: str, tmp_path: Path, capsys: Capture
) -> None:
    out = str(tmp_path / "b.md")
    assert cli.main(["render", page, "--no-code", "-o", out]) == 1
    assert capsys.readouterr().err == f"not rendered: {page}:6:1: this block is not run\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["a.md", "--set", "q=1", "-o", "b.md"],
            "backprop render: 'q' came, expected a given, as ",
        ),
        (
            ["a.md", "-o", "b.ipynb"],
            "backprop render: b.ipynb: came for a.md, expected a name with",
        ),
        (["a.md", "-o", "c.md", "--force"], "backprop render: c.md: exists already; --force over"),
        ([".", "-o", "b"], "backprop render: .: this is a folder, expected a page"),
        (["no.md", "-o", "b.md"], f"no.md: {os.strerror(2)}"),
        (["bad.md", "-o", "b.md"], "bad.md:1:1: byte 0 is not UTF-8"),
        (["plain.md", "-o", "b.md"], "backprop render: plain.md: no example; write backprop:"),
        (
            ["odd.md", "-o", "b.md"],
            "backprop render: example: 'odd' came, expected notes or lecture",
        ),
        (["a.md", "-o", "no/b.md"], f"no/b.md: not written: {os.strerror(2)}"),
    ],
)
def test_what_makes_no_page_is_one_clear_line(
    arguments: Sequence[str],
    message: str,
    page: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    folder = Path(page).parent
    (folder / "c.md").mkdir()
    (folder / "bad.md").write_bytes(b"\xff")
    (folder / "plain.md").write_text("# A page\n", "utf-8")
    (folder / "odd.md").write_text("---\nbackprop: {example: odd}\n---\n", "utf-8")
    monkeypatch.chdir(folder)
    before = {*folder.iterdir()}
    assert cli.main(["render", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert err.count("\n") == 1
    assert {*folder.iterdir()} == before


def test_a_full_disk_leaves_no_page(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    out = str(Path(page).with_name("b.md"))
    assert cli.main(["render", page, "-o", out]) == 2
    assert capsys.readouterr().err == f"{out}: not written: {os.strerror(errno.ENOSPC)}\n"
    assert [*Path(page).parent.iterdir()] == [Path(page)]

"""Each rule of the checker: a page that keeps it passes, and one that breaks it does not."""

import json
from pathlib import Path

import pytest

from backprop import VARIANTS
from backprop.pages.check import Checked, check, check_text
from backprop.pages.commands import pages_in, unread_in
from backprop.pages.page import ReadError

LECTURE = "---\nbackprop: {example: lecture}\n---\n"
NOTES = "---\nbackprop: {example: notes}\n---\n"
NET = r"\mathrm{net}_{h_1}"
OUT = r"\mathrm{out}_{h_1}"
SLOPE = r"\frac{\partial E_{\mathrm{total}}}{\partial w_1}"
COLUMN = r"\begin{bmatrix} \mathrm{net}_{h_1} \\ \mathrm{net}_{h_2} \end{bmatrix}"
SUM = rf"{NET} = w_1 i_1 + w_2 i_2 + b_1"

ALIGNED = rf"""
$$
\begin{{align}}
{NET} &= w_1 i_1 + w_2 i_2 + b_1 \\
&= 0.3775
\end{{align}}
$$
"""


def lines(text: str, front: str = LECTURE) -> list[str]:
    """Return the findings of a page as `line:column: message`, lines counted without the front."""
    checked = check_text(front + text, "page.md")
    shift = front.count("\n")
    return [
        f"{finding.place.line - shift}:{finding.place.column}: {finding.message}"
        for finding in checked.findings
    ]


def checked(text: str, front: str = LECTURE) -> Checked:
    return check_text(front + text, "page.md")


RULES = [
    # 1: sides are equal, over several lines, by coincidence or not, after an approximate sign
    (f"${SUM}$", f"${NET} = w_1 i_1 + w_3 i_2 + b_1$", "the sides are not equal"),
    (f"${SUM}$", f"${NET} = 2 i_1 + 0.2775$", ""),
    ("$b_1 + b_1 = 2 b_1$", "$i_2 = 2 i_1$", "the sides are not equal"),
    (
        ALIGNED,
        ALIGNED.replace("+ b_1", "- b_1"),
        "the sides are not equal",
    ),
    (rf"${OUT} \approx 0.59$", rf"${OUT} \approx 0.58$", "print 0.59"),
    # 2: numbers in the places of names; a given exactly
    (
        rf"${SUM} = 0.15 \times 0.05 + 0.20 \times 0.10 + 0.35$",
        rf"${SUM} = 0.15 \times 0.10 + 0.20 \times 0.10 + 0.35$",
        "0.10 is printed; it stands for i1, which is 0.05; print 0.05",
    ),
    ("$w_1 = 0.15$", "$w_1 = 0.2$", "0.2 is printed; it stands for w1, which is 0.15"),
    # 3: rounded, not cut
    (f"${OUT} = 0.5933$", f"${OUT} = 0.5932$", "print 0.5933"),
    (f"${OUT} = 0.593270$", f"${OUT} = 0.593269$", "print 0.593270"),
    # 4: what the printed digits give
    (
        r"$E_{\mathrm{total}} = E_{o_1} + E_{o_2} = 0.274811 + 0.023560 = 0.298371$",
        r"$E_{\mathrm{total}} = E_{o_1} + E_{o_2} = 0.2748 + 0.0236 = 0.298371$",
        "the digits before it give 0.2984",
    ),
    # 5: not parsed, not bound, of an unknown name
    ("$w_1$", r"$w_1 \foo$", "not understood"),
    ("$w_1$", "$w_9$", "w9 is no name of this page"),
    ("$w_1 = 0.15$", "$0.15$", "not bound"),
    (f"${OUT} (1 - {OUT})$", f"${SLOPE} = 0.1 + 0.2 + 0.3$", "not bound"),
    # 6: decimals outside, wherever they stand
    ("We add 2.", "We add 2.5.", "2.5 stands outside of a formula"),
    ("# Half", "# One half, 0.5", "0.5 stands"),
    ("- one", "- one\n- 1.5", "1.5 stands"),
    ("1. one", "1. one and 1.5", "1.5 stands"),
    ("| a |\n| --- |\n| $w_1 = 0.15$ |", "| a |\n| --- |\n| 0.15 |", "0.15 stands"),
    ("| a 1 |\n| --- |\n| b |", "| a 1.5 |\n| --- |\n| b |", "1.5 stands"),
    (
        "<figure markdown>\n<figcaption markdown>Two.</figcaption>\n</figure>",
        "<figure markdown>\n<figcaption markdown>Half, 0.5.</figcaption>\n</figure>",
        "0.5 stands",
    ),
    ("![a half](a.svg)", "![a half, 0.5](a.svg)", "0.5 stands"),
    ('<img alt="half">', '<img alt="half: 0.5">', "0.5 stands"),
    ("!!! note\n\n    Two.", "!!! note\n\n    Two, or 2.5.", "2.5 stands"),
    ('!!! note "Two"\n\n    b', '!!! note "Two, or 2.5"\n\n    b', "2.5 stands"),
    ("??? question\n\n    Two.", "??? question\n\n    Two, or 2.5.", "2.5 stands"),
    ('=== "One"\n\n    Two.', '=== "One"\n\n    Two, or 2.5.', "2.5 stands"),
    ("Text.[^1]\n\n[^1]: Two.", "Text.[^1]\n\n[^1]: Two, or 2.5.", "2.5 stands"),
    ("> Two.", "> Two, or 2.5.", "2.5 stands"),
    ("Code: `x = 2.5`", "Bold: **2.5**", "2.5 stands"),
    ("Code: `10`", "Code: `2.5`", "2.5 stands"),
    ('```text title="two"\na\n```', '```text title="2.5"\na\n```', "2.5 stands"),
    ("Two.", "Or 2.[5](a.md).", "2.5 stands"),
    (f"${OUT} = 0.5933$", f"${OUT} = 0.5933$71", "71 touches a formula"),
    ("$w_5 = 0.40$", "-$w_5 = 0.40$", "- touches a formula"),
    ("$w_5 = 0.40$ and $w_6$", "$w_5 = 0.40$$w_6$", "a formula touches a formula"),
    (
        "| | $w_5$ |\n|-|-|\n| a | $0.40$ |",
        "| | $w_5$ |\n|-|-|\n| a | $0.40$ % |",
        "% touches a formula",
    ),
    ("Two.", "Times ten: 1e-5.", "1e-5 stands"),
    ("```python\nx = 1  # one\n```", "```python\nx = 1  # or 2.5\n```", "2.5 stands in a comment"),
    (
        '```python\nx = "# 2.5"\n```',
        "> ```python\n> x = [  # 2.5\n> ```",
        "2.5 stands in a comment",
    ),
    # 8: matrices, transposes, sums over an index, free variables
    (
        rf"${COLUMN} = W_1 \mathbf{{x}} + \mathbf{{b}}_1$",
        rf"${COLUMN} = W_1^{{\top}} \mathbf{{x}} + \mathbf{{b}}_1$",
        "the sides are not equal",
    ),
    (
        r"$E_{\mathrm{total}} = \sum_k E_{o_k}$",
        r"$E_{\mathrm{total}} = \sum_k \mathrm{out}_{o_k}$",
        "the sides are not equal",
    ),
    (
        r"$\sigma(z) = \frac{1}{1 + e^{-z}}$",
        r"$\sigma(z) = \frac{1}{1 + e^{z}}$",
        "the sides are not equal",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "message"), RULES)
def test_a_rule_passes_what_keeps_it_and_finds_what_breaks_it(
    right: str, wrong: str, message: str
) -> None:
    assert lines(right) == []
    found = lines(wrong)
    assert found
    assert message in found[0]


# 9: a finding says where, what, and what instead


def test_a_finding_is_one_line_with_its_place() -> None:
    text = f"{LECTURE}# A\n\nFirst,\nthen ${OUT} = 0.5932$ and so on.\n"
    [finding] = check_text(text, "notes/a.md").findings
    assert str(finding) == (
        "notes/a.md:7:28: 0.5932 is printed; it stands for out_h1, "
        "which is 0.593269992107; print 0.5933"
    )
    assert finding.instead == "0.5933"
    assert text[finding.start : finding.end] == "0.5932"


def test_a_decimal_in_a_comment_of_code_is_found_at_its_place() -> None:
    text = (
        "- a\n\n    ```python\n    a = 1  # \u00fc 2.5 and 1e-5\n    ```\n\n```js\n// # 0.5\n```\n"
    )
    found = [finding.split(" stands")[0] for finding in lines(text)]
    assert found == ["4:16: 2.5", "4:24: 1e-5"]


def test_findings_come_in_the_order_of_the_page() -> None:
    found = lines("$w_1 = 0.1$ and 2.5\n\n$w_2 = 0.1$, $q$\n\n0.5 <!-- exempt: -->\n")
    assert [line.partition(" ")[0] for line in found] == ["1:8:", "1:17:", "3:8:", "3:15:", "5:5:"]


def test_what_is_checked_is_counted() -> None:
    page = checked(f"${SUM} = 0.3775$, ${OUT} = 0.5933$ and $w_1$. 3.11 <!-- exempt: a version -->")
    assert page.findings == []
    assert page.equations == 3
    assert [bound.binding.number.text for bound in page.bound] == ["0.3775", "0.5933"]
    assert [page.page.file[b.math.start : b.math.end][:6] for b in page.bound] == [r"$\math"] * 2
    assert {bound.world.notation.name for bound in page.bound} == {"lecture"}
    assert page.exempt == 1


def test_a_name_may_be_met_before_the_identity_that_brings_it_in() -> None:
    later = "Let $z$ be any number.\n\n"
    assert lines(later + r"$\sigma(z) = \frac{1}{1 + e^{-z}}$") == []
    [found] = lines(later)
    assert found.startswith("1:6: z is no name of this page; write one that it has, or add")


def test_an_unknown_name_is_told_once_and_each_formula_with_it_is_set_aside() -> None:
    text = "$q = 0.5$, $w_1 q$\n\n# A\n\n$q < r$, $q$, $w_1 = 0.16$\n"
    result = checked(text)
    told = [finding.message.partition(" ")[0] for finding in result.findings]
    assert told == ["q", "r", "0.16"]
    assert [finding.place.line for finding in result.findings] == [4, 8, 8]
    assert [(f.unknown, f.place.line) for f in result.again] == [("q", 4), ("q", 8), ("q", 8)]


@pytest.mark.parametrize("formula", [r"L = \frac{1}{2} (y - a)^2", "a = b", "L < 0.3", "z = w x"])
def test_an_unknown_letter_is_never_told_with_a_value(formula: str) -> None:
    found = lines(f"${formula}$")
    assert found
    assert all("is no name of this page" in line for line in found)


# Tables


@pytest.mark.parametrize(
    "table",
    [
        "| | after |\n| --- | --- |\n| $w_1$ | $0.15$ |\n| $w_2$ | $0.20$ |\n",
        "| | $w_1$ |\n| --- | --- |\n| $h_1$ | $0.15$ |\n",
        "| | **$w_1$** |\n| --- | --- |\n| given | $0.15$ |\n",
        "| | $w_1$ |\n| --- | --- |\n| given | $0.15$ |\n",
        f"| | value |\n| --- | --- |\n| ${SLOPE}$ | $0.00043857$ |\n",
        "| | both |\n| --- | --- |\n| $w_1$ | $0.15$ or $0.15$ |\n",
    ],
)
def test_a_number_in_a_table_is_about_what_heads_its_row_or_column(table: str) -> None:
    assert lines(table) == []
    wrong = table.replace("0.15", "0.16").replace("0.00043857", "0.00043858")
    wrong = wrong.replace("0.20", "0.21")
    assert any("print" in line for line in lines(wrong))


@pytest.mark.parametrize(
    "table",
    [
        "| | $w_1$ |\n| --- | --- |\n| $w_1$ | $0.15$ |\n",  # which of the two?
        "| | a |\n| --- | --- |\n| $w_1$ and $w_2$ | $0.15$ |\n",
        "| | a |\n| --- | --- |\n| $w_1 + w_2$ | $0.35$ |\n",
        "| | a |\n| --- | --- |\n| $w_1 = 0.15$ | $0.15$ |\n",
        "| | a |\n| --- | --- |\n| weight | $0.15$ |\n",
        "| $w_1$ | $w_2$ |\n| --- | --- |\n| $w_1 = 0.15$ | $0.20$ |\n",
        "| rounds | $b_1$ |\n| --- | --- |\n| $1$ | $0.35$ |\n",
        "| rounds | $b_1$ |\n| --- | --- |\n| after $1$ | $0.35$ |\n",
        "| $\\eta$ | $w_5^{+}$ |\n| --- | --- |\n| $1$ | $0.3589$ |\n",
        "| | $\\sigma$ |\n| --- | --- |\n| $\\mathrm{net}_{h_1}$ | $0.3775$ |\n",
        "| | $w_5$ after the step |\n| --- | --- |\n| a | $0.40$ |\n",
        "| | ten times $w_5$ |\n| --- | --- |\n| a | $0.40$ |\n",
        "| | a \\| $w_5$ |\n| --- | --- |\n| a | $0.40$ |\n",
        "| | $0.15$ |\n| --- | --- |\n| $w_1$ | a |\n",
    ],
)
def test_a_number_in_a_table_without_one_name_for_it_is_not_bound(table: str) -> None:
    [found] = lines(table)
    assert "not bound" in found


@pytest.mark.parametrize(
    "table",
    [
        "| | before | after |\n| --- | --- | --- |\n| $w_5$ | $0.40$ | $0.40$ |\n",
        "| | $w_5$ |\n| --- | --- |\n| before | $0.40$ |\n| after | $0.40$ |\n",
        "| round | $b_1$ |\n| --- | --- |\n| $0$ | $0.35$ |\n| $1$ | $0.35$ |\n",
    ],
)
def test_a_name_that_heads_several_numbers_tells_of_none_of_them(table: str) -> None:
    assert ["not bound" in found for found in lines(table)] == [True, True]


@pytest.mark.parametrize(("more", "bound"), [("", 1), (" and more", 0)])
def test_a_display_formula_may_head_a_column(more: str, bound: int) -> None:
    front = "---\nbackprop: {example: lecture, markdown: any}\n---\n\n"
    table = f"| | $$\\mathrm{{net}}_{{h_1}}$$ {more} |\n| --- | --- |\n| value | $$0.3775$$ |\n"
    assert len(checked(table, front).bound) == bound


def test_the_words_of_a_table_may_mean_another_number() -> None:
    [found] = lines("| | after |\n| --- | --- |\n| $w_5$ | $0.3589$ |\n")
    assert found == (
        "3:12: 0.3589 is printed; it stands for w5, which is 0.4; print 0.4000, "
        "or if the table means another, write what it is, as in a = b"
    )
    [found] = lines("| | after |\n| --- | --- |\n| $w_5$ | $w_1 = 0.16$ |\n")
    assert found.endswith("; print 0.15 (a new one is written w_1^+)")


def test_the_entries_of_a_matrix_in_a_table_are_left_to_its_author() -> None:
    matrix = r"$\begin{bmatrix} %s & 0.08 \\ -0.02 & 0.55 \end{bmatrix}$"
    for first in ("0.08", "0.40"):
        table = f"| | gradient |\n| --- | --- |\n| $W_2$ | {matrix % first} |\n"
        result = checked(table)
        assert len(result.findings) > 1
        assert all("if the table means another" in each.message for each in result.findings)
        assert {each.instead for each in result.findings} == {""}


LISTS = r"""---
backprop:
  example: lecture
  names:
    \tilde{E}^{(1)}: variant_values("E_total", 1)
    \bar{t}: targets
---
"""


@pytest.mark.parametrize(
    "table",
    [
        r"| | you | $\tilde{E}^{(1)}$ |" + "\n| --- | --- | --- |\n| $4$ | slip | $0.291028$ |\n",
        r"| | after one round: $\tilde{E}^{(1)}$ |" + "\n| --- | --- |\n| $4$ | $0.291028$ |\n",
        r"| | $4$ |" + "\n| --- | --- |\n" + r"| $\tilde{E}^{(1)}$ | $0.291028$ |" + "\n",
    ],
)
def test_a_number_in_a_column_headed_by_a_list_is_the_entry_of_its_row(table: str) -> None:
    assert lines(table, LISTS) == []
    [found] = lines(table.replace("0.291028", "0.291029"), LISTS)
    assert "0.291029 is printed; it stands for tilde_E4+, which is 0.291027923905" in found
    [found] = lines(table.replace("$4$", "$3$"), LISTS)  # another reader's
    assert "it stands for tilde_E3+, which is 0.280471446791; print 0.280471" in found


BEYOND = len(VARIANTS) + 1  # the list has no such row


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("| 4 | $0.29$ |", "tilde_E is a list, expected an entry"),  # not a number of the page
        (f"| ${BEYOND}$ | $0.29$ |", f"tilde_E{BEYOND} is no name of this page"),
        ("| $0$ | $0.29$ |", "tilde_E is a list"),
        ("| $w_1$ | $0.15$ |", "not bound"),  # which of the two?
        (r"| $4$ | $\tilde{E}^{(1)} = 0.29$ |", "tilde_E is a list"),
    ],
)
def test_a_number_in_a_list_needs_its_place(row: str, message: str) -> None:
    found = lines("| | $\\tilde{E}^{(1)}$ |\n| --- | --- |\n" + row + "\n", LISTS)
    assert message in found[0]


def test_a_head_that_is_not_understood_heads_nothing() -> None:
    found = lines("| | a |\n| --- | --- |\n| $w_1 \\foo$ | $0.15$ |\n")
    assert ["not understood" in found[0], "not bound" in found[1]] == [True, True]


# Formulas in a form that the site does not show as one


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A.\n\n```math\nz = 1\n```", "3:1: ```math"),
        ("```{math}\nz = 1\n```", "1:1: ```{math}"),
        ("``` { .math }\nz = 1\n```", "1:1: ``` { .math }"),
        ("- a\n\n    ~~~math\n    z\n    ~~~", "3:5: ~~~math"),
        ("> ```math\n> z\n> ```", "1:3: ```math"),
        (":::{math}\nz = w\n:::", "1:1: :::{math}"),
        ("So {math}`z_1 = w_1` is", "1:4: {math}`z_1 = w_1`"),
        ("So :math:`z_1` is", "1:4: :math:`z_1`"),
        ("So $`z_1 = w_1`$ is", "1:4: $`z_1 = w_1`$"),
        ("# A $`z_1`$", "1:5: $`z_1`$"),
        ("| a |\n| --- |\n| $`z_1`$ |", "3:3: $`z_1`$"),
        ("A.[^1]\n\n[^1]: As $`z_1`$.", "3:10: $`z_1`$"),
        (r"So \\(z_1\\) is", r"1:5: \(z_1\\) is"),
        (r"\\[z_1 = w_1\\]", r"1:2: \[z_1 = w_1\\]"),
        ("<p>So $z_1 = w_1$ is</p>", "1:7: $z_1 = w_1$"),
        ("<div>\n\\( z_1 \\)\n</div>", r"2:1: \( z_1 \)"),
        ("<div>$$z_1$$</div>", "1:6: $$z_1$$"),
        ("<div>\\begin{align} z_1 \\end{align}</div>", r"1:6: \begin{align} z_1"),
        ("<math><mi>z</mi></math>", "1:1: <math>"),
        ("So <math display='block'><mi>z</mi></math>", "1:4: <math display='block'>"),
        ('<script type="math/tex">z</script>', '1:1: <script type="math/tex">'),
        ("A.\n\n    $$\n    z = w\n    $$", "3:5: $$"),
    ],
)
@pytest.mark.parametrize("front", [LECTURE, ""])
def test_a_formula_that_is_not_shown_as_one_is_found(text: str, place: str, front: str) -> None:
    [found] = lines(text, front)
    assert found.startswith(f"{place}")
    assert "begins a formula that is not read" in found
    assert "write it as $...$" in found


@pytest.mark.parametrize(
    "text",
    [
        "````markdown\n```math\nz\n```\n````",
        "<!-- $`z`$ and {math}`z` -->",
        "Write `{math}` or `$`, as in `$x$`; the {math} `a`.",
        "<p>From $5 to $10, or $5-$10, or a $.</p>",
        "<pre>$x$</pre>",
        "<script>let a = `$b$`</script>",
        "    x = 1\n",
        "```latex\nz = w\n```",
    ],
)
def test_what_shows_code_or_money_is_no_formula(text: str) -> None:
    assert lines(text) == []


# Settings


def test_a_section_has_its_own_numbers_up_to_the_next_heading_of_its_level() -> None:
    text = (
        "# A\n\n$b_1 = 0.35$\n\n"
        "## B\n\n<!-- backprop: example=notes notation=lecture -->\n\n$b_1 = 0.30$\n\n"
        "### C\n\n$b_1 = 0.30$\n\n"
        "## D\n\n$b_1 = 0.35$\n"
    )
    assert lines(text) == []
    assert [line.partition(" ")[0] for line in lines(text, NOTES)] == ["3:8:", "17:8:"]


def test_a_section_can_change_a_given() -> None:
    assert lines("# A\n\n<!-- backprop: eta=0.501 -->\n\n$\\eta = 0.501$\n") == []
    assert lines("# A\n\n$\\eta = 0.501$\n") != []


def test_an_author_brings_a_network_and_names(tmp_path: Path) -> None:
    page = tmp_path / "deep" / "lesson.md"
    page.parent.mkdir()
    page.write_text(
        """---
backprop:
  sizes: [1, 1, 1]
  givens: {i1: 1, w1: 0.5, b1: 0.5, w2: 2, b2: -1, target_o1: 0.25, eta: 0.1}
  names:
    \\bar{t}: targets[0] / 2
---
$\\mathrm{net}_{h_1} = w_1 i_1 + b_1 = 0.5 \\times 1 + 0.5 = 1.0$, $\\bar{t} = 0.125$ and
$\\mathrm{out}_{h_1} = 0.7311$
""",
        encoding="utf-8",
    )
    result = check(page)
    assert result.findings == []
    assert len(result.bound) == 6  # also the 1, which is i_1
    page.write_text(page.read_text("utf-8").replace("0.125", "0.126"), encoding="utf-8")
    [finding] = check(page).findings
    assert finding.message.startswith("0.126 is printed; it stands for bar_t, which is 0.125")


def test_front_matter_that_is_not_understood_is_told_once_and_at_its_place() -> None:
    text = "---\ntitle: A\nbackprop: {example: lectern}\n---\n# A\n\n$a$ $b = 0.5$\n"
    [finding] = check_text(text, "page.md").findings
    assert str(finding) == "page.md:3:1: example: 'lectern' came, expected notes or lecture"
    with_section = text + "\n<!-- backprop: eta=0.1 -->\n\n$\\eta = 0.1$\n"
    assert len(check_text(with_section, "page.md").findings) == 1


def test_a_notebook_tells_of_its_settings_once() -> None:
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "$w_1 = 0.15$, $w_2$"}
    notebook = {"cells": [cell], "metadata": {"backprop": {"example": "lecture"}}}
    assert check_text(json.dumps(notebook), "a.ipynb").findings == []
    notebook["metadata"] = {"backprop": {"example": "x"}}
    [finding] = check_text(json.dumps(notebook), "a.ipynb").findings
    assert str(finding).endswith("example: 'x' came, expected notes or lecture")


def test_a_section_that_is_not_understood_is_told_once_and_at_its_mark() -> None:
    text = (
        "# A\n\n$w_1$\n\n## B\n\n<!-- backprop: eta=fast -->\n\n$\\eta = 3$, $w_2$\n\n## C\n\n$q$"
    )
    assert lines(text) == [
        "7:1: givens: 'eta': 'fast' came, expected a number",
        (
            "13:2: q is no name of this page; write one that it has, "
            "or add names: {q: ...} to the front matter"
        ),
    ]


def test_a_page_that_does_not_say_what_it_is_about_is_told_once() -> None:
    assert lines("Words.\n", "") == []
    [found] = lines("# A\n\nNow $a$,\n$b$ and $c = 0.5$\n", "")
    assert found.startswith("3:5: no example to check this formula by, nor those that follow")
    assert lines("# A\n\n<!-- backprop: example=notes -->\n\n$b_1 = 0.30$\n", "") == []


# Exemptions


def test_an_exemption_needs_a_reason_and_something_to_exempt() -> None:
    assert lines("Python 3.11 <!-- exempt: a version --> or newer") == []
    assert lines("As printed: $w_1 = 0.16$ <!-- exempt: misprint -->") == []
    assert lines("It prints `0.5` <!-- exempt: of another program -->") == []
    assert lines("$w_1 = 0.15$ % <!-- exempt: of all weights -->") == []
    assert lines("Python 3.11 <!-- exempt: -->") == [
        "1:13: an exemption without a reason; write <!-- exempt: why -->"
    ]
    assert lines("Python <!-- exempt: a version -->") == [
        "1:8: an exemption that follows nothing; write it after a decimal or a formula"
    ]
    assert len(lines("Python 3.11 or <!-- exempt: a version -->")) == 2


def test_only_exemptions_that_exempt_are_counted() -> None:
    text = "1.5 <!-- exempt: a --> $q$ <!-- exempt: b --> 2.5 <!-- exempt --> a <!-- exempt: c -->"
    assert checked(text).exempt == 2
    assert checked(text).equations == 0


# Files


def test_pages_are_markdown_and_notebooks_that_are_not_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a.ipynb", "c.txt", "x/d.md", ".x/e.md", "x/.f.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "g.md").mkdir()
    found = [path.relative_to(tmp_path).as_posix() for path in pages_in(tmp_path)]
    assert found == ["a.ipynb", "b.md", "x/d.md"]


def test_pages_of_other_kinds_and_linked_folders_are_not_read(tmp_path: Path) -> None:
    away = tmp_path / "away"
    folder = tmp_path / "docs"
    for path in (away / "z.md", folder / "x" / "a.org", folder / ".x" / "e.qmd", folder / "d.svg"):
        path.parent.mkdir(exist_ok=True, parents=True)
        path.touch()
    for name in ("b.markdown", "c.MD", "e.Rmd", "f.md", "g.tex", "h.mdx", "i.rst"):
        (folder / name).touch()
    (folder / "j").symlink_to(away)
    (folder / "k.rst").mkdir()
    found = [path.relative_to(folder).as_posix() for path in unread_in(folder)]
    assert found == ["c.MD", "e.Rmd", "g.tex", "i.rst", "j", "x/a.org"]
    assert [path.name for path in pages_in(folder)] == ["b.markdown", "f.md", "h.mdx"]


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["docs/notes.md", "docs/lecture.md"])
def test_the_worked_examples_have_no_finding_and_no_exemption(name: str) -> None:
    result = check(ROOT / name)
    assert result.findings == []
    assert result.exempt == 0
    assert result.equations > 200
    assert len(result.bound) > 200


PAGE = "---\nbackprop: {example: lecture}\n---\n\n# A\n\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        # An order holds for what is printed as well
        (r"$w_5^{+} = 0.36 < 0.359$", "0.36 < 0.359 is printed, which is not true"),
        (r"$\mathrm{out}_{h_1} = 0.593 > 0.5932$", "0.593 > 0.5932 is printed"),
        (r"$\mathrm{out}_{h_1} = 0.6 < \mathrm{out}_{h_2} = 0.6$", "0.6 < 0.6 is printed"),
        (r"$E_{\mathrm{total}} = 0.274811 + 0.023560 > 0.298371$", "print more digits"),
        # A minus before zeros is a sign too
        (r"$\frac{\partial E_{\mathrm{total}}}{\partial w_1} = -0.000$", "print 0.000"),
        (r"$E_{o_2} = -0.0$", "print 0.0"),
        (r"$\frac{\partial E_{\mathrm{total}}}{\partial w_1} = -0.5$", "print 0.0"),
        # Each pair of columns is an equation
        (
            r"$$\begin{align} w_1 &= 0.15 & w_2 &= 0.25 \\ w_3 &= 0.25 & w_4 &= 0.30\end{align}$$",
            "w2",
        ),
        # A given as a fraction is that given
        (r"$\eta = \frac{1}{3}$", "not bound"),
        (r"$w_5 = \frac{1}{2}$", "not bound"),
        (r"$\mathrm{out}_{h_1} = \frac{1}{2}$", "2 is printed; it stands for 1 + exp(-net_h1)"),
        (r"$E_{o_1} = \frac{(0.01 - 0.751365)^2}{3} = 0.274811$", "not bound"),
        # LaTeX sets one letter low
        (r"$\mathrm{out}_h1 = 0.593270$", "only the h of _h1 is lowered; write _{h1}"),
        (r"$E_total = 0.298371$", "write _{total}"),
    ],
)
def test_what_a_reader_would_take_for_wrong_is_found(line: str, message: str) -> None:
    [finding] = check_text(PAGE + line, "page.md").findings
    assert message in finding.message


@pytest.mark.parametrize(
    "line",
    [
        r"$\eta = \frac{1}{2}$",
        r"$\eta = \frac{1}{2} = 0.5$",
        r"$E_{o_1} = \frac{(0.01 - 0.751365)^2}{2} = 0.274811$",
        r"$\mathrm{net}_{h_1} = w_1i_1 + w_2i_2 + b_1$",
        r"$w_1 = 0.15 < w_2 = 0.20$",
        r"$0 < \mathrm{out}_{h_1} = 0.593270 < 1$",
        r"$$\begin{align} w_1 &= 0.15 & w_2 &= 0.20 \\ w_3 &= 0.25 & w_4 &= 0.30\end{align}$$",
        r"$E_{\mathrm{total}} = 0.298371 > 0 \text{, a well-known fact}$",
        r"$\frac{\partial E_{\mathrm{total}}}{\partial w_7} = -0.02$",
    ],
)
def test_what_is_right_in_another_form_passes(line: str) -> None:
    checked = check_text(PAGE + line, "page.md")
    assert checked.findings == []
    assert checked.equations


def test_a_factor_may_be_written_out_within_its_product() -> None:
    one, other = (
        rf"\frac{{\partial {a}}}{{\partial {b}}}"
        for a, b in (
            (r"E_{\mathrm{total}}", r"\mathrm{out}_{o_1}"),
            (r"\mathrm{out}_{o_1}", r"\mathrm{net}_{o_1}"),
        )
    )
    line = r"$\delta_{o_1} = -(0.01 - 0.751365) \times 0.751365 \times (1 - 0.751365) = 0.138499$"
    page = f"{PAGE}$\\delta_{{o_1}} = {one} \\times {other}$\n\n{line}"
    assert check_text(page, "page.md").findings == []
    [finding] = check_text(page.replace("(1 - 0.751365", "(1 - 0.751364"), "page.md").findings
    assert "0.751364 is printed; it stands for out_o1" in finding.message


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("i1=0.1 i1=0.2", "expected each name once"),
        ("eta=1e999", "eta: 1e999 came, expected 0 or a size from 1e-15 to 1e15"),
        ("w5=1e-60", "w5: 1e-60 came, expected 0 or a size"),
    ],
)
def test_a_mark_that_cannot_be_meant_is_refused(mark: str, message: str) -> None:
    page = f"{PAGE}<!-- backprop: {mark} -->\n\n$\\eta = 0.5$"
    assert message in str(findings_or_error(page))


def findings_or_error(page: str) -> object:
    try:
        return [finding.message for finding in check_text(page, "page.md").findings]
    except ReadError as error:
        return error


@pytest.mark.parametrize(
    "cell", ["- $0.15$", "1 - $0.15$", "$0.15$ + 1", "3 $0.15$", "\u2013 $0.15$"]
)
def test_a_number_in_a_cell_with_more_of_it_beside_is_not_bound(cell: str) -> None:
    table = "| name | value |\n| --- | --- |\n| $w_1$ | {} |"
    assert (
        check_text(PAGE + table.format("**$0.15$**[^1], a given\n\n[^1]: b"), "p.md").findings == []
    )
    assert check_text(PAGE + table.format(cell), "page.md").findings

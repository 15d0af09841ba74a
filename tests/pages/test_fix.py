import errno
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop.cli import main
from backprop.export import files
from backprop.pages.fix import fix
from backprop.pages.reader import read_text

Capture = pytest.CaptureFixture[str]

DOCS = Path(__file__).parents[2] / "docs"
FRONT = "---\nbackprop: {example: notes}\n---\n\n"
# What the network of the notes makes positive and negative, in symbols.
SAID = r"""
$$
\frac{\partial E_{y_2}}{\partial h_1}
= \frac{\partial E_{y_2}}{\partial y_2} \times \frac{\partial y_2}{\partial h_1}
$$

$$
\frac{\partial E_{\mathrm{total}}}{\partial h_1}
= \frac{\partial E_{y_1}}{\partial h_1} + \frac{\partial E_{y_2}}{\partial h_1}
$$

"""
DE_DW7 = r"\frac{\partial E_{\mathrm{total}}}{\partial w_7}"
DE_DY2 = r"\frac{\partial E_{\mathrm{total}}}{\partial y_2}"


def fixed(formula: str) -> str:
    """Return a formula as it is after a fix, which must leave nothing to do."""
    page = FRONT + SAID
    result = fix(read_text(f"{page}${formula}$\n", "a.md"))
    assert result.checked.findings == []
    assert fix(result.checked.page).changes == []
    text = result.checked.page.file
    assert text.startswith(page)
    assert text.endswith("$\n")
    return text[len(page) + 1 : -2]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("x_1 = 0.06", "x_1 = 0.05"),
        ("x_1=0.060", "x_1=0.050"),
        ("x_1 = 0.1", "x_1 = 0.05"),  # a given is printed with all its digits
        ("h_1 = 0.59", "h_1 = 0.58"),
        ("h_1 = 0.5811510", "h_1 = 0.5811510"),
        (r"h_1 \approx 1 = 0.58116", r"h_1 \approx 1 = 0.58115"),
        (r"E_{y_2} = 2.41 \times 10^{-2}", r"E_{y_2} = 2.40 \times 10^{-2}"),
        (r"E_{y_2} = 2.405 \times 10^{-1}", r"E_{y_2} = 2.405 \times 10^{-2}"),
        (r"E_{y_2} = 2.41\cdot10^{-2}", r"E_{y_2} = 2.40\cdot10^{-2}"),
        (r"100 h_1 = 5.82 \times 10^1", r"100 h_1 = 5.81 \times 10^1"),
        (r"E_{y_2} = 2.41 \times 10^2", r"E_{y_2} = 2.40 \times 10^{-2}"),
        ("z_1 = .0075 + .02 + .31", "z_1 = .0075 + .02 + .30"),
        (r"\delta_{y_2} = -.0387", r"\delta_{y_2} = -.0388"),
        ("1 + h_1 = .5912", "1 + h_1 = 1.5812"),
        # signs
        (r"\delta_{y_2} = 0.0388", r"\delta_{y_2} = -0.0388"),
        (r"\delta_{y_1} = -0.1389", r"\delta_{y_1} = 0.1389"),
        (r"\delta_{y_1} = - 0.1389", r"\delta_{y_1} = 0.1389"),
        (
            r"\frac{\partial E_{y_2}}{\partial h_1} = 0.038758 \times 0.50 = -0.019379",
            r"\frac{\partial E_{y_2}}{\partial h_1} = (-0.038758) \times 0.50 = -0.019379",
        ),
        (
            r"\frac{\partial E_{y_2}}{\partial h_1} = (-0.038758) \times (-0.50) = 0.019379",
            r"\frac{\partial E_{y_2}}{\partial h_1} = (-0.038758) \times 0.50 = -0.019379",
        ),
        (
            r"\frac{\partial E_{y_2}}{\partial h_1} = (0.038758) \times 0.50 = -0.019379",
            r"\frac{\partial E_{y_2}}{\partial h_1} = (-0.038758) \times 0.50 = -0.019379",
        ),
        (
            r"\frac{\partial E_{\mathrm{total}}}{\partial h_1} = 0.055541 + 0.019379 = 0.036162",
            r"\frac{\partial E_{\mathrm{total}}}{\partial h_1} = 0.055541 + (-0.019379) = 0.036162",
        ),
        (r"E_{y_2} = 0.5 \times (0.99 + 0.7707)^2", r"E_{y_2} = 0.5 \times (0.99 - 0.7707)^2"),
        (r"w_5^+ = 0.4 + 0.5 \times 0.0807", r"w_5^+ = 0.4 - 0.5 \times 0.0807"),
        (r"\delta_{y_2} = + 0.0388", r"\delta_{y_2} = - 0.0388"),
        (r"\delta_{y_2}^2 = (+0.0387)^2", r"\delta_{y_2}^2 = (-0.0388)^2"),
        ("x_2 - x_1 = 0.10 - -0.05", "x_2 - x_1 = 0.10 - 0.05"),
        ("h_1 = -0.5812", "h_1 = 0.5812"),
        (r"E_{y_1} = 0.5 \times 0.7494^2", r"E_{y_1} = 0.5 \times 0.7394^2"),
        (DE_DW7 + " = 0.0225", DE_DW7 + " = -0.0225"),
        (DE_DY2 + r" = 0.2193 \times 0.1767", DE_DY2 + r" = (-0.2193) \times 0.1767"),
        (r"w_7^+ = 0.50 - 0.5 \times 0.0225", r"w_7^+ = 0.50 - 0.5 \times (-0.0225)"),
        ("z_1 = 0.0075 + 0.02 - 0.30", "z_1 = 0.0075 + 0.02 + 0.30"),
    ],
)
def test_a_wrong_number_becomes_right(wrong: str, right: str) -> None:
    assert fixed(wrong) == right


def test_what_cannot_be_bound_is_left_and_reported() -> None:
    text = f"{FRONT}The answer is $q = 0.5$, $x_1 = 0.06$, 0.7.\n"
    result = fix(read_text(text, "a.md"))
    assert result.checked.page.file == text.replace("0.06", "0.05")
    assert [finding.place.column for finding in result.checked.findings] == [16, 40]


def test_decimal_commas_that_the_page_does_not_declare_are_left_and_reported() -> None:
    result = fix(read_text(f"{FRONT}$x_1 = 0,05$\n", "a.md"))
    assert not result.changes
    assert "decimals: comma" in result.checked.findings[0].message


def test_a_number_of_a_table_whose_words_may_mean_another_is_left() -> None:
    table = "| | after |\n| --- | --- |\n| $w_5$ | $0.3597$ |\n| $x_1$ | $x_1 = %s$ |\n"
    result = fix(read_text(FRONT + table % "0.06", "a.md"))
    assert result.checked.page.file == FRONT + table % "0.05"
    assert [finding.place.line for finding in result.checked.findings] == [7]
    assert not result.checked.findings[0].wrong


def test_a_value_of_a_variable_serves_up_to_the_next() -> None:
    said = r"$\sigma(q) = \frac{1}{1 + e^{-q}}$"
    text = rf"{FRONT}{said}, $q = 2$, $\sigma(q) = %s$, $q = 3$, $\sigma(q) = %s$"
    result = fix(read_text(text % ("0.8809", "0.8808"), "a.md"))
    assert result.checked.findings == []
    assert result.checked.page.file == text % ("0.8808", "0.9526")


@settings(deadline=None, max_examples=5)
@given(st.data())
def test_the_pages_are_restored(data: st.DataObject) -> None:
    """Whatever digit of a page is wrong, fix writes the right one, or says what else is meant."""
    name = data.draw(st.sampled_from(["notes.md", "lecture.md"]))
    text = (DOCS / name).read_text("utf-8")
    digits = [m.start() for m in re.finditer(r"(?<=[=] 0\.)\d|(?<=[=] 0\.\d)\d", text)]
    shown = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    code = [match.span() for match in shown.finditer(text)]
    digits = [k for k in digits if not any(start < k < end for start, end in code)]
    k = data.draw(st.sampled_from(digits))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != text[k]]))
    changed = f"{text[:k]}{wrong}{text[k + 1 :]}"
    restored_or_left(text, changed, name)


def restored_or_left(text: str, changed: str, name: str) -> None:
    """Check that fix makes a page right, or leaves the line with a word on what else is meant."""
    result = fix(read_text(changed, name))
    now = result.checked.page.file
    if result.checked.findings:
        assert now == changed
        assert any(finding.message.endswith(")") for finding in result.checked.findings)
    else:
        assert now in (text, changed)


@settings(deadline=None, max_examples=5)
@given(st.data())
def test_two_swapped_numbers_are_restored_or_left(data: st.DataObject) -> None:
    """A swap in a product of numbers is right as it is; any other is restored or left."""
    name = data.draw(st.sampled_from(["notes.md", "lecture.md"]))
    text = (DOCS / name).read_text("utf-8")
    page = read_text(text, name)
    pairs = [
        (math.latex_start + one.start(), math.latex_start + other.end(), one[0], other[0])
        for math in page.math
        for one, other in combinations(re.finditer(r"\d*\.\d+", math.latex), 2)
        if float(one[0]) != float(other[0])
    ]
    start, end, one, other = data.draw(st.sampled_from(pairs))
    between = text[start + len(one) : end - len(other)]
    restored_or_left(text, f"{text[:start]}{other}{between}{one}{text[end:]}", name)


LECTURE = "---\nbackprop: {example: lecture}\n---\n\n"
OWN = """---
backprop:
  sizes: [2, 2, 1]
  givens: {i1: 0.6, i2: 0.2, w1: 0.3, w2: -0.4, w3: 0.5, w4: 0.1, b1: 0.25, w5: 0.7, w6: -0.2,
    b2: 0.15, target_o1: 0.9, eta: 0.4}
---

"""
W2 = r"\begin{bmatrix} 0.08 & 0.08 \\ -0.02 & -0.02 \end{bmatrix}"
NET = r"\mathrm{net}_{h_1}"
H2 = r"0.25 \times 0.05 + 0.30 \times 0.10 + 0.35"  # the sum of the second neuron
SQUARE = r"\frac{1}{2} (t_1 - \hat{y}_1)^2"
REVERSED = r"\frac{1}{2} (0.749438 - 0.01)^2"
LATER = "(a round later it is 0.291027773694)"
BIASES = "---\nbackprop: {example: lecture, biases: per_neuron}\n---\n\n"


@pytest.mark.parametrize(
    ("front", "line", "said"),
    [
        # A matrix by the head of its table
        (FRONT, f"| | gradient |\n| --- | --- |\n| $W_2$ | ${W2}$ |", "if the table means another"),
        # A weight that may be a new one
        (OWN, "New weights: $w_5 = 0.7164$", "print 0.7000 (a new one is written w_5^+)"),
        (OWN, "New weights: $w_5 = 0.7167$", "(a new one is written w_5^+)"),
        (OWN, r"New: $b_1 \approx 0.24$", "(a new one is written b_1^+)"),
        (BIASES, "New: $b_{1,2} = 0.34$", "(a new one is written b_{1,2}^+)"),
        # A value after a round
        (LECTURE, "$E_{total} = 0.291028$", LATER),
        (LECTURE, "$E_{total} = 0.291029$", LATER),
        (LECTURE, r"$-E_{total} = -0.291028$", LATER),
        (
            LECTURE,
            rf"${NET} = 0.1498 \times 0.05 + 0.20 \times 0.10 + 0.35$",
            "(a round later it is 0.149780716133)",
        ),
        (LECTURE, "$E_{total}^{+} = 0.298371$", "(a round earlier it is 0.29837110876)"),
        (LECTURE, "$w_5^{(2)} = 0.3589$", "(a round earlier it is 0.358916479718)"),
        # More digits than the right number would have: a percentage
        (LECTURE, "$E_{total} = 29.8371$", "(with fewer digits than are printed now)"),
        # The value of another name
        (FRONT, "The target is $y_1 = 0.01$.", "(0.01 is t1)"),
        (FRONT, "$h_1 = 0.584798$", "(0.584798 is h2)"),
        (LECTURE, rf"${NET} = 0.0822$", "(0.0822 is dE_total/dw5)"),
        (LECTURE, "$w_8^+ = 0.5113$", "(0.5113 is w7+)"),
        # A value that is said of several names
        (LECTURE, "$w_3, w_4^{+} = 0.25$", "it stands for w4+, which is 0.299502287265"),
        # The value of an expression with another index
        (LECTURE, r"$|\delta_{o_1}| = 0.0381$", "(0.0381 is right for delta_o2)"),
        (LECTURE, r"$\ln(out_{h_1}) = -0.5160$", "(0.5160 is right for out_h2)"),
        (LECTURE, r"$out_{h_2} = 59.33\%$", "(59.33 is right for out_h1)"),
        (
            LECTURE,
            r"$\frac{\partial out_{o_2}}{\partial net_{o_2}} = 0.186816$",
            "(0.186816 is right for out_o1 and net_o1)",
        ),
        # Numbers in another order, or of another line
        (FRONT, rf"$E_{{y_1}} = {SQUARE} = {REVERSED}$", "(the right numbers in another order)"),
        (LECTURE, rf"${NET} = 0.20 \times 0.05 + 0.15 \times 0.10 + 0.35$", "in another order"),
        (LECTURE, f"${NET} = {H2} = 0.3925$", "(more than one number is wrong)"),
        (LECTURE, f"${NET} = w_1 i_1 + w_2 i_2 + b_1$, ${H2} = 0.3925$", "(more than one number"),
        (FRONT, r"$w_7^{+} = 0.50 - 0.511262 \times (-0.022524) = 0.5$", "in another order"),
        (LECTURE, rf"${NET} = 0.5933 \times 0.05 + 0.02 + 0.35, out_{{h_1}} = 0.15$", "in another"),
        # A line of which one number is in doubt is left whole
        (LECTURE, f"${NET} = {H2} = 0.391$", "print 0.378"),
    ],
)
def test_what_may_mean_something_else_is_left(front: str, line: str, said: str) -> None:
    result = fix(read_text(front + line, "a.md"))
    assert result.changes == []
    assert result.checked.page.file == front + line
    findings = result.checked.findings
    assert said in "; ".join(finding.message for finding in findings)
    assert not any(finding.instead and finding.certain for finding in findings)


@pytest.mark.parametrize(
    "line",
    [
        r"$E_{total} = \frac{1}{2} (0.606561 - 0.9)^2$",
        r"$\frac{\partial E_{total}}{\partial w_5} = 0.5866176 \cdot (-0.07)$",
    ],
)
def test_the_right_numbers_in_another_order_are_right(line: str) -> None:
    result = fix(read_text(OWN + line, "a.md"))
    assert result.changes == []
    assert result.checked.findings == []


def test_one_wrong_number_of_a_reordered_line_gets_its_own_value() -> None:
    line = r"$\frac{\partial E_{total}}{\partial w_5} = 0.5866176 \times (-0.0700%s) = -0.0410794$"
    result = fix(read_text(OWN + line % "376", "a.md"))
    assert result.checked.page.file == OWN + line % "276"


@pytest.mark.parametrize("line", ["$h_1 = 0.5811$", "$x_1 = 0.1$", r"$h_1^{(20000)} = 0.7$"])
def test_a_number_that_is_cut_off_is_no_other(line: str) -> None:
    result = fix(read_text(FRONT + line, "a.md"))
    assert len(result.changes) == 1
    assert result.checked.findings == []


def test_what_a_float_prints_is_reported_and_left_for_its_last_digit() -> None:
    # The true value ends in 3937823..., of which a program in double precision prints 3937.
    for digits, wrong in (("0.5811509642893937", False), ("0.5811509642894937", True)):
        result = fix(read_text(f"{FRONT}$h_1 = {digits}$", "a.md"))
        assert len(result.changes) == wrong
        assert [finding.wrong for finding in result.checked.findings] == [False] * (not wrong)


def test_a_name_of_the_pages_own_may_be_of_a_round_that_is_too_far_to_train() -> None:
    names = r"names: {'\bar{c}^{(30000)}': 0.5}"
    page = f"---\nbackprop: {{example: notes, {names}}}\n---\n\n$\\bar{{c}}^{{(30000)}} = %s$"
    result = fix(read_text(page % "0.6", "a.md"))
    assert result.checked.page.file == page % "0.5"


# Files


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_text(f"{FRONT}$x_1 = 0.06$\n", "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        f"{FRONT}$x_1 = 0.06$",
        f"{FRONT}$x_1 = 0.06$\n\n\n",
        f"\ufeff{FRONT}$x_1 = 0.06$\n",
        f"{FRONT}\u8c61 \x0b\u2028 $x_1 = 0.06$ \t\n".replace("\n", "\r\n"),
        f"{FRONT}one\rtwo\n$x_1 = 0.06$\r\n",
    ],
    ids=["no newline", "many newlines", "mark", "crlf", "mixed"],
)
def test_all_else_stays_byte_for_byte(text: str, page: Path, capsys: Capture) -> None:
    page.write_bytes(text.encode())
    assert main(["fix", str(page)]) == 0
    right = text.replace("0.06", "0.05").encode()
    assert page.read_bytes() == right
    assert ": 0.06 is now 0.05\n1 number fixed, " in capsys.readouterr().out
    before = page.stat()
    assert main(["fix", str(page)]) == 0
    assert capsys.readouterr().out.startswith("0 numbers fixed, ")
    assert page.read_bytes() == right
    assert (page.stat().st_mtime_ns, page.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_a_diff_says_the_same_and_writes_nothing(ending: str, page: Path, capsys: Capture) -> None:
    before = f"{FRONT}$x_1 = 0.06$ and $q = 0.7${ending}".encode()
    page.write_bytes(before)
    assert main(["fix", "--diff", str(page)]) == 1
    out, err = capsys.readouterr()
    assert page.read_bytes() == before
    assert err.splitlines()[0].startswith(f"{page}:5:19: q is no name of this page")
    assert err.splitlines()[1].startswith("1 number to be fixed, ")
    if tool := shutil.which("patch"):
        subprocess.run([tool, "--binary", str(page)], input=out.encode(), check=True)
        assert page.read_bytes() == before.replace(b"0.06", b"0.05")
    assert ("\\ No newline" in out) == (not ending)


def test_a_diff_of_a_right_page_is_empty(page: Path, capsys: Capture) -> None:
    page.write_text(FRONT + "$x_1 = 0.05$\n", "utf-8")
    assert main(["fix", "--diff", str(page)]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_left_gives_1(page: Path, capsys: Capture) -> None:
    page.write_text(FRONT + "$x_1 = 0.06$ and 0.7\n", "utf-8")
    assert main(["fix", str(page)]) == 1
    _, left, last = capsys.readouterr().out.splitlines()
    assert "0.7 stands outside" in left
    assert last == "1 number fixed, 1 equation checked, 1 number bound, 0 exemptions, 1 finding"


def test_a_notebook_is_fixed_in_its_cells(page: Path) -> None:
    source = [
        "Say \u201c\\\\t\u201d\n",
        "$\\frac{\\partial y_1}{\\partial h_1} = 0.41$, $x_1 = 0.06$",
    ]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": source},
        {"cell_type": "code", "metadata": {}, "source": "x = 0.06", "outputs": []},
    ]
    notebook = {"cells": cells, "metadata": {"backprop": {"example": "notes"}}}
    text = json.dumps(notebook, indent=3) + "\n"
    path = page.with_suffix(".ipynb")
    path.write_text(text, "utf-8")
    assert main(["fix", str(path)]) == 0
    right = text.replace("0.41", "0.40").replace("x_1 = 0.06", "x_1 = 0.05")
    assert path.read_text("utf-8") == right


def test_mode_and_link_are_kept(page: Path) -> None:
    page.chmod(0o640)
    link = page.with_name("link.md")
    link.symlink_to(page.name)
    assert main(["fix", str(link)]) == 0
    assert link.is_symlink()
    assert "0.05" in page.read_text("utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    files.write_all({tmp_path / "new.md": "text"})
    (tmp_path / "usual.md").touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1
    assert (tmp_path / "new.md").read_text("utf-8") == "text"


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("step", ["fsync", "replace", "fdopen"])
def test_a_full_disk_leaves_the_old_file(
    step: str, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    before = page.read_bytes()
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(os, step, failing(error))
    assert main(["fix", str(page)]) == 2
    assert capsys.readouterr().err == f"{page}: not fixed: {os.strerror(errno.ENOSPC)}\n"
    monkeypatch.undo()
    assert [*page.parent.iterdir()] == [page]
    assert page.read_bytes() == before


def test_an_interrupt_leaves_the_old_file(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = page.read_bytes()
    monkeypatch.setattr(os, "fsync", failing(KeyboardInterrupt()))
    assert main(["fix", str(page)]) == 130
    assert [*page.parent.iterdir()] == [page]
    assert page.read_bytes() == before


def test_a_folder_that_takes_no_file_is_one_clear_line(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    error = OSError(errno.EACCES, os.strerror(errno.EACCES))
    monkeypatch.setattr(tempfile, "mkstemp", failing(error))
    assert main(["fix", str(page)]) == 2
    assert capsys.readouterr().err == f"{page}: not fixed: {os.strerror(errno.EACCES)}\n"

import errno
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop.cli import main
from backprop.export import files
from backprop.pages.fix import fix
from backprop.pages.reader import read_text

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
    ],
)
def test_a_wrong_number_becomes_right(wrong: str, right: str) -> None:
    assert fixed(wrong) == right


def test_what_cannot_be_bound_is_left_and_reported() -> None:
    text = f"{FRONT}The answer is $q = 0.5$, $x_1 = 0.06$, 0.7.\n"
    result = fix(read_text(text, "a.md"))
    assert result.checked.page.file == text.replace("0.06", "0.05")
    assert [finding.place.column for finding in result.checked.findings] == [16, 40]


def test_a_number_of_a_table_whose_words_may_mean_another_is_left() -> None:
    table = "| | after |\n| --- | --- |\n| $w_5$ | $0.3597$ |\n| $w_6$ | $w_6 = %s$ |\n"
    result = fix(read_text(FRONT + table % "0.44", "a.md"))
    assert result.checked.page.file == FRONT + table % "0.45"
    assert [finding.place.line for finding in result.checked.findings] == [7]


def test_a_value_of_a_variable_serves_up_to_the_next() -> None:
    said = r"$\sigma(q) = \frac{1}{1 + e^{-q}}$"
    text = rf"{FRONT}{said}, $q = 2$, $\sigma(q) = %s$, $q = 3$, $\sigma(q) = %s$"
    result = fix(read_text(text % ("0.8809", "0.8808"), "a.md"))
    assert result.checked.findings == []
    assert result.checked.page.file == text % ("0.8808", "0.9526")


@settings(deadline=None, max_examples=5)
@given(st.data())
def test_the_pages_are_restored(data: st.DataObject) -> None:
    """Whatever digit of a page is wrong, fix writes the right one."""
    name = data.draw(st.sampled_from(["notes.md", "lecture.md"]))
    text = (DOCS / name).read_text("utf-8")
    digits = [m.start() for m in re.finditer(r"(?<=[=] 0\.)\d|(?<=[=] 0\.\d)\d", text)]
    shown = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    code = [match.span() for match in shown.finditer(text)]
    digits = [k for k in digits if not any(start < k < end for start, end in code)]
    k = data.draw(st.sampled_from(digits))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != text[k]]))
    result = fix(read_text(f"{text[:k]}{wrong}{text[k + 1 :]}", name))
    assert result.checked.page.file == text


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
def test_all_else_stays_byte_for_byte(
    text: str, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
def test_a_diff_says_the_same_and_writes_nothing(
    ending: str, page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_a_diff_of_a_right_page_is_empty(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page.write_text(FRONT + "$x_1 = 0.05$\n", "utf-8")
    assert main(["fix", "--diff", str(page)]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_left_gives_1(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    step: str, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = OSError(errno.EACCES, os.strerror(errno.EACCES))
    monkeypatch.setattr(tempfile, "mkstemp", failing(error))
    assert main(["fix", str(page)]) == 2
    assert capsys.readouterr().err == f"{page}: not fixed: {os.strerror(errno.EACCES)}\n"

import builtins
import gc
import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from backprop.cli import main
from backprop.pages import commands

Capture = pytest.CaptureFixture[str]

FRONT = "---\nbackprop: {example: notes}\n---\n\n"
GOOD = FRONT + "The target is $t_1 = 0.01$.\n"
WRONG = FRONT + "The target is $t_1 = 0.02$.\n"
READ = ".md, .markdown, .mdx, .qmd or .ipynb"
CLEAN = "1 equation checked, 1 number bound, 0 exemptions, 0 findings\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> str:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, "utf-8")
    return str(path)


def test_a_clean_page_gives_0_and_the_counts(folder: Path, capsys: Capture) -> None:
    assert main(["check", write(folder / "a.md", GOOD)]) == 0
    assert capsys.readouterr() == (CLEAN, "")


def test_a_finding_gives_1_and_says_where_and_what(folder: Path, capsys: Capture) -> None:
    write(folder / "a.md", WRONG)
    assert main(["check", "a.md"]) == 1
    finding, last = capsys.readouterr().out.splitlines()
    assert finding.startswith("a.md:5:22: 0.02 is printed; it stands for t1, which is 0.01; ")
    assert finding.endswith("print 0.01")
    assert last == "1 equation checked, 1 number bound, 0 exemptions, 1 finding"


def test_the_default_is_the_docs_and_the_readme(folder: Path, capsys: Capture) -> None:
    write(folder / "docs/deep/a.md", GOOD)
    write(folder / "docs/.hidden/b.md", WRONG)
    write(folder / "other.md", WRONG)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == CLEAN
    write(folder / "README.md", WRONG)
    assert main(["check"]) == 1
    assert capsys.readouterr().out.endswith(
        "2 equations checked, 2 numbers bound, 0 exemptions, 1 finding\n"
    )


def test_exemptions_are_counted(folder: Path, capsys: Capture) -> None:
    write(folder / "a.md", "Python 3.11 <!-- exempt: a version --> or 3.12. <!-- exempt: too -->\n")
    assert main(["check", "a.md"]) == 1  # the second mark follows a full stop
    assert "1 exemption, " in capsys.readouterr().out


def test_a_page_is_checked_once(folder: Path, capsys: Capture) -> None:
    write(folder / "docs/a.md", GOOD)
    assert main(["check", "docs", "docs/a.md", "./docs/a.md"]) == 0
    assert capsys.readouterr().out == CLEAN


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"one\ntwo \xff\n", "bad.md:2:5: byte 8 is not UTF-8"),
        (b"---\na: [\n---\n", "bad.md:"),
    ],
)
def test_an_unreadable_page_gives_2_after_the_others(
    content: bytes, message: str, folder: Path, capsys: Capture
) -> None:
    (folder / "bad.md").write_bytes(content)
    write(folder / "good.md", GOOD)
    assert main(["check", "bad.md", "good.md"]) == 2
    out, err = capsys.readouterr()
    assert out == CLEAN
    assert err.startswith(message)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("no.md", f"no.md: {os.strerror(2)}"),
        ("x" * 5000, f"{'x' * 5000}: {os.strerror(36)}"),
        (
            "empty",
            "empty: no page is below this folder, expected " + READ + " files",
        ),
        ("pipe", "pipe: this is no file, expected a page or a folder"),
        ("a\033[31m", f"a [31m: {os.strerror(2)}"),
        ("", "'' came, expected a page or a folder"),
        ("a.rst", "a.rst: not read, expected a file of .md, .markdown, .mdx, .qmd or .ipynb"),
        ("a.MD", "a.MD: not read, expected a file of .md, .markdown, .mdx, .qmd or .ipynb"),
    ],
)
def test_a_path_without_a_page_gives_2(
    path: str, message: str, folder: Path, capsys: Capture
) -> None:
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    write(folder / "a.rst", GOOD)
    write(folder / "a.MD", GOOD)
    assert main(["check", path]) == 2
    assert capsys.readouterr().err == f"{message}\n"


def test_pages_of_other_kinds_in_a_folder_are_named_and_give_2(
    folder: Path, capsys: Capture
) -> None:
    write(folder / "docs/a.md", GOOD)
    other = write(folder / "docs/b.rst", WRONG)
    for command in ("check", "fix"):
        assert main([command, "docs"]) == 2
        out, err = capsys.readouterr()
        assert out.endswith(CLEAN)
        assert err == f"docs/b.rst: not read, expected {READ} files and no links\n"
    assert Path(other).read_text("utf-8") == WRONG
    (folder / "docs/a.md").unlink()
    assert main(["check", "docs"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_without_the_default_pages_gives_2(capsys: Capture) -> None:
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        "docs and README.md: neither is here; name a page or a folder\n"
    )


def test_a_finding_in_a_notebook_names_its_cell(folder: Path, capsys: Capture) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["One\n", "$t_1 = 0.02$"]}
    notebook = {"cells": [cell], "metadata": {"backprop": {"example": "notes"}}}
    write(folder / "a.ipynb", json.dumps(notebook))
    assert main(["check", "a.ipynb"]) == 1
    assert capsys.readouterr().out.startswith("a.ipynb:cell 1:2:8: 0.02 is printed")


def on_a_terminal(arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """Return what the command draws on a terminal of 80 columns."""
    reader, writer = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "backprop", *arguments],
        stdout=writer,
        stderr=writer,
        check=False,
        env={**os.environ, "COLUMNS": "80", **env},
    )
    os.close(writer)
    drawn = b""
    try:
        while piece := os.read(reader, 10_000):
            drawn += piece
    except OSError:  # how a terminal says that all is read
        pass
    os.close(reader)
    assert done.returncode == 1
    return drawn.decode().replace("\r\n", "\n")


def test_a_terminal_shows_the_line_and_a_caret_in_color(folder: Path) -> None:
    write(folder / "a.md", WRONG)
    head, line, caret, _ = on_a_terminal(["check", "a.md"], {"NO_COLOR": ""}).splitlines()
    assert head.startswith("\033[1ma.md:5:22:\033[0m 0.02 is printed; ")
    assert line == "    The target is $t_1 = 0.02$."
    assert caret == f"    \033[31m{' ' * 21}^^^^\033[0m"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("$t_1 = 0.02$", "$t_1 = 0.02$"),
        ("a\tb $t_1 = 0.02$", "a b $t_1 = 0.02$"),
        ("\033[31m $t_1 = 0.02$", " [31m $t_1 = 0.02$"),
        ("$t_1 = 0.02$" + " x" * 50, "$t_1 = 0.02$" + " x" * 32),
        ("x " * 50 + "$t_1 = 0.02$", "x x x x x x $t_1 = 0.02$"),
        ("x " * 500_000 + "$t_1 = 0.02$", "x x x x x x $t_1 = 0.02$"),
    ],
    ids=["plain", "tab", "escape", "long", "far", "million"],
)
def test_the_caret_stands_under_the_place(
    text: str, line: str, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write(folder / "a.md", f"{FRONT}{text}\r\n")
    assert main(["check", "a.md"]) == 1
    _, shown, under, _ = capsys.readouterr().out.splitlines()
    assert shown.strip() == line.strip()
    assert under == " " * shown.index("0.02") + "^^^^"


def test_the_caret_counts_columns_and_not_characters(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write(folder / "a.md", f"{FRONT}\u8c61e\u0301 $t_1 = 0.02$")  # two columns, and one
    assert main(["check", "a.md"]) == 1
    assert capsys.readouterr().out.splitlines()[2] == f"    {' ' * 11}^^^^"


def test_an_empty_line_has_a_caret_too(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write(folder / "a.md", FRONT + "$$\n=\n\n")
    write(folder / "b.md", FRONT + "$w_5 =$\n")
    main(["check", "a.md", "b.md"])
    assert "^" in capsys.readouterr().out


def test_what_the_output_cannot_show_is_escaped(folder: Path) -> None:
    path = write(folder / "\u8c61.md", WRONG)
    done = subprocess.run(
        [sys.executable, "-m", "backprop", "check", path],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 1
    assert b"\\u8c61.md:5:22: 0.02" in done.stdout
    assert done.stderr == b""


@pytest.mark.parametrize("command", ["check", "fix", "render"])
@pytest.mark.parametrize("missing", ["lark", "markdown", "pymdownx", "yaml"])
def test_without_the_parsers_one_line_says_what_to_install(
    command: str, missing: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    real = builtins.__import__

    def without(name: str, *others: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *others)

    rooms = ("backprop.formulas", "backprop.pages", missing)
    for module in [name for name in sys.modules if name.startswith(rooms)]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without)
    arguments = ["render", "a.md", "-o", "b.md"] if command == "render" else [command]
    assert main(arguments) == 2
    assert capsys.readouterr() == (
        "",
        f"backprop {command}: {missing} is missing; pip install 'backprop-book[check]'\n",
    )


def test_training_needs_no_parser() -> None:
    code = "import sys; from backprop import cli; cli.main(sys.argv[1:]); print(*sys.modules)"
    arguments = ["train", "--example", "notes", "--rounds", "1"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "numpy" in loaded
    assert not loaded & {"lark", "yaml", "backprop.pages.check"}


def test_a_closed_stdout_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(folder / "a.md", WRONG)
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["check", path]) == 1


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(folder: Path, *, enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        main(["check", str(folder)])
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_a_tally_of_nothing() -> None:
    assert str(commands.Tally()) == (
        "0 equations checked, 0 numbers bound, 0 exemptions, 0 findings"
    )

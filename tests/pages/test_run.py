"""Blocks run in a Python of their own."""

import io
import json
from pathlib import Path

import pytest

from backprop.pages import run, runner


def test_a_block_finds_what_lies_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "lesson.py").write_text("rate = 0.5\n")
    code = (
        "from lesson import rate\nfrom backprop import LECTURE\nprint(rate, LECTURE.learning_rate)"
    )
    assert run.run([code], folder=tmp_path) == [run.Result("0.5 0.5\n")]
    [result] = run.run([code])
    assert result.error == "ModuleNotFoundError: No module named 'lesson'"


def test_a_block_that_ends_python_says_what_was_written_last() -> None:
    silent, loud = (
        "import os\nos._exit(3)",
        "import os, sys\nsys.stderr.write('why\\n')\nos._exit(3)",
    )
    assert [run.run([code])[0].error for code in (silent, loud)] == [
        "it ends Python",
        "it ends Python: why",
    ]


def test_a_block_runs_as_a_script_or_as_in_the_tests() -> None:
    warn = "import warnings\nwarnings.warn('late')\nprint(__name__)"
    as_script, as_tested = run.run([warn])[0], run.run([warn], as_tested=True)[0]
    assert as_script == run.Result("__main__\n")
    assert as_tested == run.Result("", "UserWarning: late", 2)
    name = run.run(["print(__name__ == '__main__', __MODULE__)"], as_tested=True)
    assert name == [run.Result("False __main__\n")]


@pytest.mark.parametrize(
    ("code", "error", "line"),
    [
        ("x = 1\nx +", "SyntaxError", 2),
        ("def f():\n    return 1 / 0\n\n\nf()", "ZeroDivisionError", 2),
        ("import json\n\njson.loads('{')", "JSONDecodeError", 3),
        ("exec('1 +')", "SyntaxError", 1),
    ],
)
def test_an_error_comes_with_its_line_in_the_block(code: str, error: str, line: int) -> None:
    answers = io.StringIO()
    order = {"codes": [code], "example": "", "givens": {}, "as_tested": True}
    runner.main(io.StringIO(json.dumps(order)), answers)
    answer = json.loads(answers.getvalue())
    assert error in answer["error"]
    assert answer["line"] == line

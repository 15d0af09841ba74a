r"""Whatever front matter or metadata says, the checker ends with findings or a ReadError."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from backprop.cli import main
from backprop.pages.fix import fix
from backprop.pages.page import ReadError
from backprop.pages.reader import read_text

LECTURE = "---\nbackprop: {example: lecture}\n---\n\n"
VALUES = [  # in YAML
    *("x", "1", "-0", "1.5", "'1'", "true", "null", "''", "[]", "{}", "[1]", "{a: 1}", "[[1]]"),
    *(".nan", ".inf", "-.inf", "'NaN'", "'sNaN'", "'Infinity'", "1e400", "'1e-400'"),
    *("'1e999999999999999999'", "'1e-999999999999999999'", "1" * 5000, "'" + "1" * 5000 + "'"),
    *("0x" + "f" * 5000, "0x" + "f" * 50, "0b1" + "0" * 5000, "1:" * 3000 + "1", "1:" * 40 + "1"),
    *("1:" * 200 + "1.5", "1." + "1" * 5000, "2001-01-01", "2001-13-45", "0001-01-01"),
    *("2001-01-01 00:00:00 +99:99", "9999-12-31 23:59:59 -23:00"),
    *("!!binary aGVsbG8=", "!!binary '*'", "!!set {a, b}", "!!omap [a: 1]", "!!pairs [a: 1]"),
    *("!!int x", "!!float x", "!!bool x", "!!timestamp x", "!!null x", "!!str 1", "!x y"),
    *("!!python/object:os.system x", "{[1]: 2}", "{{a: 1}: 2}", "&a [*a]", "&a {b: *a}", "*b"),
    *("{<<: {a: 1}}", "{<<: 1}", "{=: 1}", "=", "<<", '"\\ud800"', '"\\0"', '"a\\nb"'),
    *("|\n  a\n  b", "[2, 2]", "[0]", "[-1, 2]", "[1.0, 2]", "[true, 2]", "\u2028", "'\uff11'"),
    *("'1if 1else 2'", "'1 if 1else 2'", "'()()'", "'1[0]'", "'\"a\" is 1'", "'0x1for x in'"),
]
KEYS = ("example", "notation", "matrices", "biases", "sizes", "givens", "where", "names", "other")
PLACES = [
    "{}",
    "backprop: {}",
    "title: {}",
    "? {}\n: 1",
    *(f"backprop:\n  example: lecture\n  {key}: {{}}" for key in KEYS[1:]),
    *(f"backprop:\n  {key}: {{}}" for key in KEYS),
    *(
        f"backprop:\n  example: lecture\n  {key}:\n    {name}: {{}}\n  {names}"
        for key, names in (("givens", ""), ("where", r"names: {\bar{b}: '1'}"), ("names", ""))
        for name in ("i1", "x", r"\bar{a}", "'1'")
    ),
    *(f"backprop:\n  example: lecture\n  {key}:\n    ? {{}}\n    : 1" for key in KEYS[-4:]),
]
JSON: list[Any] = [
    *(None, True, 1, 1.5, 1e308, "", "x", "0.5", "a\nb", "\ud800", 10**4000),
    *([], {}, [1], ["x"], [["x"]], ["a", 1], {"a": 1}, {"alt": 1}, {"alt": "0.5"}, {"alt": {}}),
    *({"example": "lecture"}, {"example": "x"}, {"example": 1}, {"example": ["lecture"]}),
    *({"example": "lecture", "givens": {"i1": "x"}}, {"sizes": [1, 1], "givens": {}}),
    *({"example": "lecture", "names": {"x": 1}}, "markdown", "code", "raw"),
]


def one_line(text: str, path: str) -> None:
    """Check and fix a page; what is said of it must be lines."""
    try:
        said = [str(finding) for finding in fix(read_text(text, path)).checked.findings]
    except ReadError as error:
        said = [str(error)]
    assert not any("\n" in line for line in said)


@pytest.mark.parametrize("place", PLACES)
def test_any_value_in_front_matter_gives_lines(place: str) -> None:
    for value in VALUES:
        front = place.replace("{}", value)
        one_line(f"---\n{front}\n---\n\n$w_1 = 0.15$ $\\bar{{a}}$ 0.5\n", "page.md")


def cells(*, kind: Any = "markdown", metadata: Any = None, source: Any = "$w_1$ 0.5") -> Any:
    return [{"cell_type": kind, "metadata": {} if metadata is None else metadata, "source": source}]


def notebooks(a: Any, b: Any) -> list[Any]:
    settings = {"example": "lecture", "givens": {"i1": a}, "names": {"\\bar{a}": b}, "biases": b}
    return [
        *(a, {"cells": a}, {"metadata": a}, {"cells": a, "metadata": b, "nbformat": b}),
        {"cells": [], "metadata": {"backprop": a, "title": b}},
        {"cells": cells(), "metadata": {"backprop": a, "description": b}},
        {"cells": cells(), "metadata": {"backprop": settings}},
        {"cells": cells(kind=a, source=b), "metadata": {}},
        {"cells": [*cells(metadata=a, source=b), b], "metadata": {}},
    ]


def test_any_notebook_gives_lines() -> None:
    for a, b in product(JSON, JSON):
        for notebook in notebooks(a, b):
            one_line(json.dumps(notebook), "page.ipynb")


@pytest.mark.parametrize("said", ["NaN", "Infinity", "1" * 5000, "1" * 4000, "1e999", '"\\ud800"'])
def test_any_number_of_a_notebook_gives_lines(said: str) -> None:
    for settings in (said, f'{{"example": "lecture", "givens": {{"i1": {said}}}}}'):
        one_line(f'{{"cells": [], "metadata": {{"backprop": {settings}}}}}', "page.ipynb")


@pytest.mark.parametrize(
    "formula",
    [
        *("W_{%s} = 1.0", r"\mathbf{b}_{%s}", r"\bar{a}_{%s}", "w_1^{(%s)} = 0.1", "2^{%s} = 1.0"),
        *("w_1 = 0.%s", "w_1 = %s", r"\sum_{k=1}^{%s} w_1 = 1.0", r"w_1 = 0.1 \times 10^{-%s}"),
        *("10^{-%s} = 1.0", "1.5^{%s} w_1 = 1.0", r"\exp(%s) = 1.0", "0.5^{%s} = 0.1"),
        r"\sum_{k=%s}^{%s} w_k",
    ],
)
@pytest.mark.parametrize("digits", ["9", "999", "9" * 20, "9" * 5000, "\u00b2", "\uff11"])
def test_any_digits_in_a_formula_give_lines(formula: str, digits: str) -> None:
    one_line(f"{LECTURE}${formula.replace('%s', digits)}$\n", "page.md")


def test_a_notebook_without_cells_has_its_finding_on_a_terminal_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text('{"cells":[],"metadata":{"backprop":{"example":"x"}}}', "utf-8")
    message = f"{path}:1:1: example: 'x' came, expected notes or lecture"
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == message
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == message


def test_a_mistake_in_an_expression_gives_no_warning_of_python(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\nbackprop: {example: lecture, names: {a: 1if 1else 2}}\n---\n$a$\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "backprop", "check", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "names: 'a': '1if 1else 2' is no expression" in done.stdout

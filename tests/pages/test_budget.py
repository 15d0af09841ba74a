import json
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from backprop.pages import budget
from backprop.pages.check import Checked, _Checker, check_page, check_text
from backprop.pages.expressions import NAMES, ExpressionError, result_of
from backprop.pages.fix import fix
from backprop.pages.page import Math, ReadError
from backprop.pages.reader import read, read_text

LECTURE = "---\nbackprop: {example: lecture}\n---\n\n"
ANY = LECTURE.replace("lecture", "lecture, markdown: any")
TRAINED = (
    "total_error(targets, forward(train(network, inputs, targets, learning_rate={}, "
    "biases='frozen', rounds={}, keep=()).network, inputs).outs[-1])"
)
ROUNDS = "takes more than 40,000 rounds of training"


def front(settings: str) -> str:
    return f"---\nbackprop:\n  example: lecture\n{settings}---\n\n$w_1$\n"


def nested() -> str:
    """Return tuples in tuples, each of them the one before twice."""
    where = "".join(f"    v{k}: (v{k - 1}, v{k - 1})\n" for k in range(1, 26))
    return front(f"  where:\n    v0: (1, 1)\n{where}  names: {{s: 'total_error(v25, v25)'}}\n")


def aliases(first: str = "[x, x, x]", last: int = 12) -> str:
    """Return aliases of aliases, each of them the one before nine times."""
    lines = "".join(
        f"    a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]\n" for k in range(1, last + 1)
    )
    return front(f"  givens:\n    a0: &a0 {first}\n{lines}")


def names(*lines: str) -> str:
    """Return front matter with names of its own."""
    said = "".join(f"    \\bar{{a}}_{{{k}}}: {line}\n" for k, line in enumerate(lines))
    return front(f"  names:\n{said}")


def sizes(*widths: int) -> str:
    """Return a page about a network, with all of its numbers as they are least to write."""
    weights = sum(a * b for a, b in pairwise(widths))
    givens = [f"i{k + 1}: 1" for k in range(widths[0])]
    givens += [f"w{k + 1}: 1" for k in range(weights)]
    return f"---\nbackprop: {{sizes: {[*widths]}, givens: {{{', '.join(givens)}}}}}\n---\n$w_1$\n"


def table(columns: int) -> str:
    return f"{LECTURE}|{'a|' * columns}\n|{'-|' * columns}\n|{'$w_1$|' * columns}\n"


def sections(many: int, formula: str) -> str:
    return LECTURE + "".join(
        f"# a\n\n<!-- backprop: i1=0.{k} -->\n\n{formula}\n\n" for k in range(1, many)
    )


PAGES = {
    "tuples in tuples": (nested(), "'v16': it has more than 100,000 numbers"),
    "aliases of aliases": (aliases(), "more than 20,000 values came, aliases written out"),
    "an alias within itself": (
        "---\nbackprop: &a {example: *a}\n---\n",
        "more than 20,000 values came, aliases written out",
    ),
    "four trainings": (names(*(TRAINED.format(rate, 99_999) for rate in (1, 2, 3, 4))), ROUNDS),
    "many short trainings": (names(*[TRAINED.format(1, 3000)] * 20), ROUNDS),
    "training in the formulas": (
        LECTURE + "".join(f"$w_1^{{({k})}} = 0.4$\n\n" for k in range(19_000, 19_400)),
        ROUNDS,
    ),
    "training in other networks": (LECTURE + "$w_1^{(10001)} = w_1^{(10001)} + 0$", ROUNDS),
    "training in sections": (sections(9, "$w_1^{(9000)} = 0.4$"), ROUNDS),
    "sections": (sections(1001, "$w_1$"), ROUNDS),
    "a wide network": (sizes(64, 64), "which has 4,096 weights, expected 2,000 at most"),
    "a huge network": (sizes(*[64] * 16), "front matter: more than 100,000 characters came"),
    "a long formula": (f"{LECTURE}${'w_1 + ' * 2000}1$", "12,001 characters came, expected 10,000"),
    "a long sum": (
        rf"{LECTURE}$\sum_{{k=1}}^{{1000}} ({'w_1 + ' * 20}1)$",
        "more than 20,000 parts came, sums written out",
    ),
    "a high power": (LECTURE + r"$e^{1000000} = 1.0$", "larger than 1e300, which no page prints"),
    "a long page": (
        LECTURE + "a" * 1_200_000,
        f"{len(LECTURE) + 1_200_000:,} characters came, expected 1,200,000",
    ),
    "a long mark": (
        f"{LECTURE}<!-- backprop: {'a' * 300_000} -->",
        "a mark of 300,000 characters came, expected 1000 at most",
    ),
    "a long number": (front(f"  givens: {{i1: 0x{'f' * 5000}}}\n"), "a number of 5,002 characters"),
    "a megabyte of dollars": (ANY + "$ " * 500_000, "500,000 formulas and tags came, expected 20,"),
    "a megabyte of formulas": (ANY + "$w_1 = 0.15$\n\n" * 70_000, "140,000 formulas and tags came"),
    "brackets of formulas": (ANY + r"\(" * 300, "more than 200 ( came that are open at once"),
    "links in links": (ANY + "[a](" * 300, "more than 200 ( came that are open at once"),
    "comments that open": (ANY + "<!--" * 20_000, "20,000 tags of HTML that are not closed with >"),
    "expressions that open": (ANY + "<A b={" * 20_000, "20,000 tags of HTML that are not closed"),
    "quotes in quotes": (ANY + ">" * 5000 + " $w_1$", "lists and quotes nest too deeply"),
    "lists in quotes": (ANY + "> - " * 5000 + " $w_1$", "lists and quotes nest too deeply"),
    "lists in lists": (
        ANY + "".join(f"{'  ' * k}- a\n" for k in range(500)),
        "lines nest more than 25 deep",
    ),
    "directives that open": (ANY + "::: {.a}\n" * 5001, "5,002 lines without a blank one"),
    "a number to the base of sixty": (front(f"  givens: {{i1: {'1:' * 5000}1}}\n"), "10,001 char"),
}
LONG = {  # that are not too long
    "a megabyte of words": ANY + "some words and more words. " * 37_000,
    "a megabyte in one word": ANY + "a" * 1_000_000,
    "empty lines": ANY + "\n" * 300_000,
    "runs of backticks": ANY + "".join("`" * k + " " for k in range(1, 800)),
    "backslashes": ANY + "\\" * 200_000,
    "emphasis that opens": ANY + "*a **b " * 5000,
    "elements that open": ANY + "<details>\n\n" * 3000,
    "tags of Liquid that open": ANY + "{% raw %}" * 10_000,
    "calls of one footnote": ANY + "[^1]" * 5000 + "\n\n[^1]: a\n",
    "a wide table": table(12_000),
    "blocks of code": f"{LECTURE}{'```python{0}x = 1 # 5{0}```{0}{0}'.format(chr(10)) * 10_000}",
}


def said(text: str, name: str = "page.md", do: Callable[[str, str], Checked] = check_text) -> str:
    """Return what is said of a page that is over its budget: the last finding, or the error."""
    try:
        return str(do(text, name).findings[-1])
    except ReadError as error:
        return str(error)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_over_its_budget_is_told_what_is_too_much(name: str) -> None:
    text, message = PAGES[name]
    assert message in said(text)
    assert "\n" not in said(text)


@pytest.mark.parametrize("name", PAGES)
def test_a_fix_of_such_a_page_tells_the_same(name: str) -> None:
    text, message = PAGES[name]
    assert message in said(text, do=lambda text, name: fix(read_text(text, name)).checked)


MEASURE = """
import json, sys
sys.path.insert(0, {path!r})
from test_budget import LONG, PAGES, budget, check_text, said
budget.SECONDS *= 10  # as in the other tests: seconds are for the benchmarks to compare
if linux := sys.platform == "linux":  # other systems count in other units
    import resource
most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if linux else 0
before = most()
found = {{name: list(map(str, check_text(LONG[name], "page.md").findings)) for name in LONG}}
for text, _ in PAGES.values():
    said(text)
print(json.dumps([found, most() - before]))
"""


def test_no_page_takes_more_than_300_megabytes_and_the_simple_ones_are_checked() -> None:
    """In a process of their own, whose memory they alone fill, and where nothing counts lines."""
    code = MEASURE.format(path=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    findings, kilobytes = json.loads(done.stdout)
    assert findings == {name: [] for name in LONG}
    assert kilobytes < 300_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock allow as much as it does outside the tests."""
    monkeypatch.setattr(budget, "SECONDS", budget.SECONDS / 10)


@pytest.mark.usefixtures("clock")
def test_the_clock_is_the_last_resort() -> None:
    page = read_text(LECTURE + "$w_1 = 0.15$\n\n$w_2 = 0.2$\n", "page.md")
    assert check_page(page).findings == []
    [over] = check_page(page, spent=5.0).findings
    assert str(over) == (
        "page.md:2:1: checking this page takes more than 5 seconds of processor time; "
        "from here on, it was not checked"
    )


@pytest.mark.usefixtures("clock")
def test_the_clock_is_looked_at_between_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    page = read_text(LECTURE + "$E_{o_1} = 0.2749$\n\n$w_2 = 0.3$\n", "page.md")
    judge = _Checker._math  # noqa: SLF001

    def slow(checker: _Checker, math: Math) -> None:
        judge(checker, math)
        checker.budget.spent = 9.0

    monkeypatch.setattr(_Checker, "_math", slow)
    wrong, over = map(str, check_page(page).findings)
    assert wrong.startswith("page.md:5:12: 0.2749 is printed")
    assert over.startswith("page.md:7:1: checking this page takes more than 5 seconds")
    assert fix(page).changes  # what was checked is mended


@pytest.mark.usefixtures("clock")
def test_reading_a_page_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    page = read_text(LECTURE + "$w_1 = 0.15$", "page.md")
    page.seconds = budget.SECONDS
    [finding] = check_page(page).findings
    assert "takes more than 5 seconds" in str(finding)
    monkeypatch.setattr(budget, "SECONDS", -1.0)
    with pytest.raises(ReadError, match="reading this page takes more than -1 seconds"):
        read_text(LECTURE + "$w_1 = 0.15$", "page.md")


def test_the_budget_is_the_same_for_a_page_that_was_checked_before() -> None:
    page, _ = PAGES["training in sections"]
    first = [str(finding) for finding in check_text(page, "page.md").findings]
    assert [str(finding) for finding in check_text(page, "page.md").findings] == first


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: it takes no room on the disk
    with pytest.raises(ReadError, match="more than 20,000,000 bytes came"):
        read(path)


def test_a_notebook_of_very_many_values_is_not_read() -> None:
    notebook = {"cells": [], "metadata": {"x": [0] * 200_001}}
    assert "more than 200,000 values came" in said(json.dumps(notebook), "a.ipynb")


TRAIN = "train(LECTURE.network, {0}, {0}, learning_rate=0.5, biases='frozen', rounds={1})"
COLUMN = np.full((600, 1), 0.5)
KNOWN = {
    **NAMES,
    "row": COLUMN[:, 0],
    "column": COLUMN,
    "samples": np.full((1000, 2), 0.5),
    "many": ((0,) * 400,),
}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("column + row", "it has more than 100,000 numbers"),
        ("column[many]", "it has more than 100,000 numbers"),
        (TRAIN.format("samples", 9), ROUNDS),
        (TRAIN.format("LECTURE.inputs", 40_001), ROUNDS),
        ("check_gradient(LECTURE.network, samples, samples, slope=complex_step())", ROUNDS),
    ],
)
def test_a_value_stays_small(expression: str, message: str) -> None:
    with budget.counting(), pytest.raises((ExpressionError, budget.OverBudgetError)) as caught:
        result_of(expression, KNOWN)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "expression",
    [
        "column + column",
        "row[((0, 1, 2),)]",
        "(many, many, LECTURE, forward(LECTURE.network, LECTURE.inputs))",
        TRAIN.format("LECTURE.inputs", 39_000),
    ],
)
def test_what_is_not_too_much_has_a_value(expression: str) -> None:
    with budget.counting() as spent:
        assert result_of(expression, KNOWN) is not None
    assert spent.rounds <= budget.ROUNDS

"""How fast pages are checked: `pytest -n0 tests/benchmarks/test_checker.py`.

An equation should take less than 2 ms once the checker has started, the start of the command
less than half a second, a long page less than 0.7 s, the whole site less than 2.5 s; and twice the
page twice the time. The figures are printed, not asserted, since they are those of one machine at
one time.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from backprop.formulas import latex
from backprop.formulas.judge import Binder
from backprop.pages.check import check, check_text
from backprop.pages.commands import pages_in
from backprop.pages.page import ReadError
from backprop.pages.reader import read
from backprop.pages.settings import world_of

ROOT = Path(__file__).parents[2]
NOTES = ROOT / "docs" / "notes.md"
PAGES = [*pages_in(ROOT / "docs"), ROOT / "README.md"]
LENGTHS = (1, 2, 4, 8)

checker = pytest.mark.benchmark(group="checker")


def anew() -> None:
    """Forget the formulas that have been parsed, as a new process has."""
    latex._read_once.cache_clear()  # noqa: SLF001
    latex._parse.cache_clear()  # noqa: SLF001


@checker
def test_an_equation(benchmark: Any, say: Callable[[str], None]) -> None:
    page = read(NOTES)
    world = world_of(page.front, {})
    assert world is not None
    equations = 0

    def bind() -> None:
        nonlocal equations
        binder = Binder(world)
        equations = sum(binder.read(math.latex).chains for math in page.math)

    bind()
    benchmark.pedantic(bind, setup=anew, rounds=10)
    assert equations > 200
    if benchmark.stats:
        each = benchmark.stats["min"] / equations
        say(f"an equation: {1000 * each:.2f} ms (of {equations}; to stay below 2)")


@checker
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page(benchmark: Any, path: Path) -> None:
    check(path)
    checked = benchmark.pedantic(check, args=(path,), setup=anew, rounds=5)
    assert checked.findings == []


def command(*arguments: str) -> None:
    """Run `backprop check` in a process of its own, compiled as an installed package is."""
    known = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    subprocess.run(
        [sys.executable, "-m", "backprop", "check", *arguments],
        env={**known, "PYTHONPATH": path},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@checker
def test_start_up(benchmark: Any, tmp_path: Path, say: Callable[[str], None]) -> None:
    page = tmp_path / "page.md"
    page.write_text("---\nbackprop: {example: notes}\n---\n\n$x_1 = 0.05$\n", "utf-8")
    benchmark.pedantic(command, args=(str(page),), rounds=10, warmup_rounds=1)
    if benchmark.stats:
        say(f"start-up, with one equation: {benchmark.stats['min']:.2f} s (to stay below 0.5)")


@checker
def test_one_page(benchmark: Any, say: Callable[[str], None]) -> None:
    benchmark.pedantic(command, args=(str(NOTES),), rounds=10, warmup_rounds=1)
    if benchmark.stats:
        say(f"one page, the notes: {benchmark.stats['min']:.2f} s (to stay below 0.7)")


@checker
def test_the_whole_site(benchmark: Any, say: Callable[[str], None]) -> None:
    benchmark.pedantic(command, rounds=5, warmup_rounds=1)
    if benchmark.stats:
        say(f"the whole site: {benchmark.stats['min']:.2f} s (to stay below 2.5)")


def body() -> str:
    text = NOTES.read_text("utf-8")
    return text[text.index("\n---\n") + 5 :]


GROWING: dict[str, Callable[[int], str]] = {
    "the notes, again and again": lambda n: body() * n,
    "one line of a million letters": lambda n: "a" * (n * 1_000_000 // 8),
    "one line of a million in words": lambda n: "word " * (n * 200_000 // 8),
    "100,000 dollars": lambda n: "$" * (n * 100_000 // 8),
    "100,000 dollars apart": lambda n: "$ " * (n * 100_000 // 8),
    "10,000 braces in braces": lambda n: f"${'{' * 1_250 * n}x_1{'}' * 1_250 * n}$",
    "a sum of 4,000": lambda n: f"$x_1 = {'x_1 + ' * 500 * n}1$",
    "a formula of 80,000 digits": lambda n: f"$x_1 = {'1' * 10_000 * n}$",
    "8,000 quotes in quotes": lambda n: ">" * 1_000 * n + " a",
    "80,000 brackets": lambda n: "[" * 10_000 * n,
    "40,000 tags without end": lambda n: '<a b="' * 5_000 * n,
    "40,000 comments without end": lambda n: "<!--" * 5_000 * n,
    "a table of 1,600 rows": lambda n: "|a|b|\n|-|-|\n" + "|a|$x_1 = 0.05$|\n" * 200 * n,
    "400 sections of their own": lambda n: (
        "# a\n\n<!-- backprop: example=notes -->\n\n$x_1$\n\n" * (50 * n)
    ),
    # The indentation makes these grow with the square of the depth.
    "lists in lists": lambda n: "\n".join("    " * k + "- a" for k in range(int(200 * n**0.5))),
    "notes in notes": lambda n: "\n".join(
        "    " * k + "!!! note\n" for k in range(int(100 * n**0.5))
    ),
    "longer and longer code": lambda n: " ".join("`" * k + "a" for k in range(int(300 * n**0.5))),
}


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_the_page(name: str, say: Callable[[str], None]) -> None:
    taken = []
    for length in LENGTHS:
        text = f"---\nbackprop: {{example: notes}}\n---\n\n{GROWING[name](length)}"
        taken.append(min(seconds(text) for _ in range(3)))
    ratios = "".join(f"{each / taken[0]:8.1f}" for each in taken)
    say(f"{name:<32}{1000 * taken[-1]:8.0f} ms; 1, 2, 4, 8 times the page: {ratios}")


def seconds(text: str) -> float:
    anew()
    start = time.process_time()
    with suppress(ReadError):
        check_text(text, "page.md")
    return time.process_time() - start

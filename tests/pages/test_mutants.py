"""No page with one wrong digit, sign, index or operator passes: `pytest -m full` tries them all.

Every page is right, and every change of one place makes it wrong: nothing is found on the
pages, and something on each of the changed ones.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from mutants import KINDS, Mutant, Probe, mutants
from our_pages import our_page

from backprop.pages import budget
from backprop.pages.check import check
from backprop.pages.commands import pages_in
from backprop.pages.page import Code, Edit
from backprop.pages.reader import read, read_text
from backprop.pages.run import run
from backprop.site.inventory import Chain, chains
from backprop.site.inventory import Page as Inventory
from backprop.site.listings import differences

ROOT = Path(__file__).parents[2]
OF_OTHER_KINDS = pages_in(Path(__file__).with_name("kinds"))
PAGES = [*pages_in(ROOT / "docs"), ROOT / "README.md", *OF_OTHER_KINDS]
WORKED = [ROOT / "docs" / "lecture.md", ROOT / "docs" / "notes.md", *OF_OTHER_KINDS]
EACH = 25  # mutants of each kind on each page that a plain run tries

on_each_page = pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix()
)


@cache
def probe_of(path: Path) -> Probe:
    return Probe(read(path).plain())


def of_each_kind(path: Path, number: int) -> list[Mutant]:
    """Draw some mutants of each kind, the same ones in every run, from all formulas alike."""
    dice = random.Random(0)  # noqa: S311
    drawn: list[Mutant] = []
    for kind in KINDS:
        some = [mutant for mutant in probe_of(path).mutants if mutant.kind == kind]
        drawn += dice.sample(some, min(number, len(some)))
    return drawn


def overlooked(path: Path, chosen: Iterable[Mutant]) -> list[str]:
    """Return the mutants in which the checker finds nothing, and which do say something else."""
    probe = probe_of(path)
    return [
        f"{path.name}:{probe.page.place(mutant.math.part, mutant.math.latex_start)}: {mutant}"
        for mutant in probe.survivors(chosen)
        if not mutant.says_the_same
    ]


@on_each_page
def test_nothing_is_found_on_a_page_as_it_is_well_within_its_budget(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "ROUNDS", 25_000)
    assert [str(finding) for finding in check(path).findings] == []


@on_each_page
def test_mutants_of_each_kind_are_caught(path: Path) -> None:
    assert overlooked(path, of_each_kind(path, EACH)) == []


@pytest.mark.full
@on_each_page
def test_all_mutants_are_caught(path: Path) -> None:
    chosen = probe_of(path).mutants
    print(f"{path.name}: {len(chosen)} mutants, {dict(Counter(each.kind for each in chosen))}")
    assert overlooked(path, chosen) == []


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.name)
def test_every_decimal_of_a_worked_page_is_changed_and_none_is_exempt(path: Path) -> None:
    checked = check(path)
    assert checked.exempt == 0
    changed = {
        (id(mutant.math), mutant.start)
        for mutant in probe_of(path).mutants
        if mutant.kind == "digit"
    }
    formulas = [math.latex for math in checked.page.math]
    digits = [len(number) - 1 for latex in formulas for number in re.findall(r"\d+\.\d+", latex)]
    assert len(changed) == sum(digits) > (50 if path in OF_OTHER_KINDS else 1000)
    assert {mutant.kind for mutant in of_each_kind(path, 1)} == {*KINDS}


def test_the_fast_way_finds_what_is_found_on_the_whole_page() -> None:
    path = ROOT / "docs" / "notes.md"
    probe = probe_of(path)
    drawn = of_each_kind(path, 2)
    assert overlooked(path, drawn) == []
    for mutant in drawn:
        places = [finding.start for finding in probe.whole(mutant).findings]
        assert any(mutant.math.start <= place < mutant.math.end + 1 for place in places), mutant


def test_what_makes_no_difference_is_told_by_algebra() -> None:
    source = r"0 \times (1 + x) + 2 \times w_5^{1-1} + 0 = 2.0 \times (-x)"
    page = read_text(f"${source}$", "page.md")
    same = {mutant.latex for mutant in mutants(page) if mutant.says_the_same}
    assert same == {
        source.replace("1 + x", "1 - x"),
        source.replace("1 + x", r"1 \times  x"),
        source.replace("w_5", "w_4"),
        source.replace("w_5", "w_6"),
        source.replace("+ 0", "- 0"),
    }


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (r"E = 0.2 \times (-0.3) \\ &\quad \times 0.5", 3),
        (r"E = 0.2 \times 0.3 + 0.4", 1),
        (r"E = 0.2 + 0.3", 1),
        (r"E = 0.2 + 0.3 \times 0.4", 1),
        (r"E = 0.2 - 0.3", 0),
        (r"E = 0.2 \times 0.3^2", 0),
        (r"E = (0.2 - 0.3)^2", 1),
        (r"E = (0.2 - 0.3)^{2} = 0.4", 1),
        (r"E = (0.2 - 0.3)^3", 0),
        (r"E = \frac{0.2}{0.3}", 0),
        (r"E = 0.2 = 0.3", 0),
    ],
)
def test_what_may_be_swapped_is_told_by_algebra(source: str, same: int) -> None:
    page = read_text(f"${source}$", "page.md")
    swaps = [mutant for mutant in mutants(page) if mutant.kind == "swap"]
    assert sum(mutant.says_the_same for mutant in swaps) == same


def test_the_total_error_follows_each_error_alike() -> None:
    source = r"\frac{\partial E_{\mathrm{total}}}{\partial E_{o_1}} = \delta_{o_1} + 1.0"
    page = read_text(f"${source}$", "page.md")
    same = [mutant.latex for mutant in mutants(page) if mutant.says_the_same]
    assert same == [source.replace("E_{o_1}", "E_{o_2}")]


# Outputs


def outputs(path: Path) -> list[Code]:
    """Return the code blocks of a page that are shown as what the block before them prints."""
    page = our_page(path)
    marks = [mark.end for mark in page.comments if "expected-output" in mark.text]
    return [min((c for c in page.code if c.start >= end), key=lambda c: c.start) for end in marks]


def wrong_outputs(path: Path) -> Iterator[tuple[Edit, str]]:
    """Yield each change of one digit of a shown output, with the page that it makes."""
    page = our_page(path)
    for code in outputs(path):
        text = page.parts[code.part].text
        for digit in re.finditer(r"\d", text[code.code_start : code.code_end]):
            place = code.code_start + digit.start()
            for new in "0123456789":
                if new != digit[0]:
                    edit = Edit(code.part, place, place + 1, new)
                    yield edit, page.edited([edit])


def compared(text: str) -> list[str | None]:
    return [chain.expected for chain in chains(text) if chain.runs]


def uncaught(path: Path, changed: Iterable[tuple[Edit, str]]) -> list[str]:
    """Return the changes of outputs that leave what blocks are compared with as it is.

    The blocks print what the pages show: the page's own tests say so. A changed output that a
    block is compared with is therefore a wrong one.
    """
    right, page = compared(path.read_text("utf-8")), our_page(path)
    return [
        f"{path.name}:{page.place(edit.part, edit.start)}: {edit.text}"
        for edit, text in changed
        if compared(text) == right
    ]


with_outputs = pytest.mark.parametrize(
    "path", [page for page in PAGES if page.suffix == ".md" and outputs(page)], ids=lambda p: p.name
)


@with_outputs
def test_changed_outputs_are_caught(path: Path) -> None:
    changed = [*wrong_outputs(path)]
    some = random.Random(0).sample(changed, min(EACH, len(changed)))  # noqa: S311
    assert some
    assert uncaught(path, some) == []


@pytest.mark.full
@with_outputs
def test_all_changed_outputs_are_caught(path: Path) -> None:
    changed = [*wrong_outputs(path)]
    print(f"{path.name}: {len(changed)} changed outputs")
    assert uncaught(path, changed) == []


def one_that_runs(path: Path) -> tuple[str, Chain, Chain]:
    """Draw a changed output of a block that can be run here; return the page and the block."""
    changed = [*wrong_outputs(path)]
    right = chains(path.read_text("utf-8"))
    for _, text in random.Random(0).sample(changed, len(changed)):  # noqa: S311
        pairs = zip(right, chains(text), strict=True)
        [(was, now)] = [pair for pair in pairs if pair[0] != pair[1]]
        if not now.needs or find_spec(now.needs):
            return text, was, now
    raise AssertionError(f"{path.name}: no block can be run here")


@with_outputs
def test_a_changed_output_is_found_by_running_its_block(path: Path) -> None:
    text, was, now = one_that_runs(path)
    right = chains(path.read_text("utf-8"))
    [result] = run([now.code], as_tested=True, folder=ROOT)
    page = Inventory(text, right, refusal="", shown=[], hidden=[], raw=[])
    assert [*differences(page, [(was, result)])] == []
    [(line, message)] = differences(page, [(now, result)])
    assert line > now.output
    assert "the page shows" in message

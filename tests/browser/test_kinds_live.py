"""The browser computes the numbers of pages of other kinds as the checker does."""

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from browsers import serving
from builds import scripts
from playwright.sync_api import Browser, Page

from backprop.pages.check import Bound, check, check_text, pages_in
from backprop.pages.live import live
from backprop.pages.reader import read
from backprop.pages.render import render
from backprop.pages.rewrite import span
from backprop.symbolic.givens import RATE

PAGES = pages_in(Path(__file__).parents[1] / "pages" / "kinds")
WRITTEN = """async ({ numbers, exprs, worlds }) => {
  const { valuesOf, written } = await import("/numbers.js");
  const of = worlds.map((world) => valuesOf(world));
  return numbers.map(([expr, world, , form, mode]) => {
    const { negative, digits } = written(of[world](exprs[expr]), form, mode, 0);
    return [negative, digits];
  });
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that has the modules of the site within reach, and nothing else."""
    with serving(scripts(tmp_path_factory.mktemp("scripts"))) as address:
        page = browser.new_page()
        page.goto(f"{address}/site.css")
        yield page
        page.close()


def printed(bound: Bound) -> list[Any]:
    text = bound.binding.number.text
    return [span(bound).signed and any(digit in text for digit in "123456789"), text]


def draw(names: list[str], dice: random.Random) -> dict[str, Decimal]:
    return {name: Decimal(dice.randint(-150, 150)).scaleb(-2) for name in names}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_all_numbers_are_written_as_python_writes_them(tab: Page, path: Path) -> None:
    page, dice = read(path), random.Random(1)  # noqa: S311  # the same ones in every run
    checked = check(path)
    data = {key: live(checked).data[key] for key in ("numbers", "exprs", "worlds")}
    assert tab.evaluate(WRITTEN, data) == [printed(bound) for bound in checked.bound]
    [world] = data["worlds"]
    for _ in range(3):
        changes = draw([name for name in world["givens"] if not name.startswith("target")], dice)
        rate = Decimal(dice.randint(1, 100)).scaleb(-2)
        new = render(page, changes | {RATE: rate}, "new.md", run=False, longer=False)
        expected = check_text(new.checked.page.file, "new.md").bound
        givens = world["givens"] | {name: float(x) for name, x in changes.items()}
        now = {**data, "worlds": [{**world, "givens": givens, "rate": float(rate)}]}
        assert tab.evaluate(WRITTEN, now) == [printed(bound) for bound in expected]

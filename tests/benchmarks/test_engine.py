"""How fast the browser trains: `pytest -n0 tests/benchmarks/test_engine.py`.

10,000 rounds of the lecture's network should take less than 50 ms. The figures are printed, not
asserted, since they are those of one machine at one time.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from browsers import OPTIONS, chromium, serving
from builds import scripts
from playwright.sync_api import sync_playwright

from backprop import LECTURE
from backprop.symbolic.graph import Graph

TIMES = """
  async (givens) => {
    const { train } = await import("/engine.js");
    return Array.from({ length: 20 }, () => {
      const start = performance.now();
      train([2, 2, 2], givens, 0.5, 10_000, { keep: [10_000] });
      return performance.now() - start;
    });
  }
"""


def test_10000_rounds_in_the_browser(tmp_path: Path, say: Callable[[str], None]) -> None:
    path = chromium()
    if path is None:
        pytest.skip("no browser is installed")
    givens = {name: float(value) for name, value in Graph.of(LECTURE).givens.items()}
    with serving(scripts(tmp_path)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        page = browser.new_page()
        page.goto(f"{address}/site.css")
        first, *others = page.evaluate(TIMES, givens)
        browser.close()
    say(f"10,000 rounds: {first:.1f} ms the first time, then {median(others):.1f} ms")

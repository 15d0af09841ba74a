"""How long an answer on somebody's numbers takes: `pytest -n0 tests/benchmarks/test_search.py`.

In a terminal it should be there within a second, in a process that has answered nothing before; on
the page 0.3 s after the last key, and no frame of the page may wait for it. The figures are
not asserted, since they are those of one machine at one time.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from browsers import OPTIONS, chromium, serving
from builds import ROOT, build
from playwright.sync_api import sync_playwright

CASES = {
    "a single switch": "0.291027924",
    "two switches": "0.285877390",
    "few digits": "0.304",
    "after 10,000 rounds": "0.015912196",
    "nothing fits": "0.2917272634",
    "an output": "epoch 0 loss 0.298371\nepoch 1 loss 0.280471\nepoch 2 loss 0.261908",
}
TIMES = 5
# From a click to the answer, and the longest frame meanwhile.
ASK = """async ([text, times]) => {
  const form = document.querySelector("form.your-number");
  const [box, answer] = [form.querySelector("textarea"), form.querySelector("output")];
  const took = [];
  let longest = 0;
  for (let k = 0; k < times; k++) {
    answer.replaceChildren();
    box.value = text;
    let last = performance.now();
    const start = last;
    form.requestSubmit();
    while (!answer.children.length) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    took.push(last - start);
  }
  return [took, longest];
}"""


def test_in_a_terminal(say: Callable[[str], None]) -> None:
    for what, text in CASES.items():
        took, worked = [], []
        for _ in range(TIMES):
            start, before = time.perf_counter(), os.times()
            subprocess.run(
                [sys.executable, "-m", "backprop", "diagnose", text],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            took.append(time.perf_counter() - start)
            worked.append(sum(os.times()[2:4]) - sum(before[2:4]))
        say(f"terminal, {what}: {min(took):.2f} s, of processors {min(worked):.2f} s")


def test_on_the_page(tmp_path: Path, say: Callable[[str], None]) -> None:
    site = Path(os.environ.get("BACKPROP_SITE") or tmp_path / "site")
    if not site.exists():
        assert build(ROOT / "mkdocs.yml", site).returncode == 0
    with serving(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(f"{address}/your-number/")
        for what, text in CASES.items():
            took, longest = page.evaluate(ASK, [text, TIMES])
            first, *again = (1e-3 * each for each in took)
            say(
                f"page, {what}: {first:.2f} s at first, then {min(again):.2f} s; "
                f"the longest frame {1e-3 * longest:.2f} s"
            )
        browser.close()

"""How fast a page follows its givens: `pytest -n0 tests/benchmarks/test_live_pages.py`.

From an input event to the frame in which the last number in sight is painted, the median should be
below 8 ms and 95 in 100 below 16 ms, at each place of the longest page, and of the one with numbers
that take 10,000 rounds of training. What is out of sight is written in the pause that follows, when
it has been told to: how long that takes is printed beside. The figures are not asserted, since they
are those of one machine at one time.
"""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from browsers import OPTIONS, chromium, serving
from builds import ROOT, build
from playwright.sync_api import Page, sync_playwright

TIMES = 40  # at each place
HEADINGS = "document.querySelectorAll('article :is(h1, h2, h3, h4)')"
# An event comes where a frame begins; the message that is sent then arrives behind its painting.
MEASURE = f"""async ([place, times]) => {{
  {HEADINGS}[place].scrollIntoView({{ behavior: "instant" }});
  await new Promise((done) => setTimeout(done, 300));
  const field = document.querySelector("#bp-w5");
  const took = [];
  for (let k = 0; k < times; k++) {{
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    field.value = ((k % 41) - 20) / 10;
    field.dispatchEvent(new Event("input"));
    await new Promise((done) => {{
      const {{ port1, port2 }} = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(0);
    }});
    took.push(performance.now() - start);
  }}
  const numbers = [...document.querySelectorAll("[data-n]")].filter((slot) => {{
    const {{ top, bottom }} = slot.getBoundingClientRect();
    const shown = slot.checkVisibility({{ contentVisibilityAuto: true }});
    return shown && bottom > 0 && top < innerHeight;
  }});
  return [took, numbers.length];
}}"""
# The pause is 50 ms long; a timer that is set later runs later.
ALL = """async () => {
  const field = document.querySelector("#bp-w5");
  const took = [];
  for (let k = 0; k < 20; k++) {
    await new Promise((done) => setTimeout(done, 100));
    field.value = k / 10;
    field.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done, 49));
    const start = performance.now();
    await new Promise((done) => setTimeout(done, 2));
    took.push(performance.now() - start);
  }
  return took;
}"""


def at(part: int, times: list[float]) -> float:
    """The time that so many of a hundred stay below."""
    return sorted(times)[len(times) * part // 100]


def measured(page: Page, name: str) -> str:
    """Measure at each heading of a page, and tell of all together and of the slowest place."""
    count: int = page.evaluate(f"{HEADINGS}.length")
    places: list[tuple[list[float], int]] = [
        page.evaluate(MEASURE, [place, TIMES]) for place in range(count)
    ]
    together = [time for times, _ in places for time in times]
    worst, numbers = max(places, key=lambda place: at(95, place[0]))
    rest: Any = page.evaluate(ALL)
    return (
        f"{name}: median {at(50, together):.1f} ms, 95 in 100 below {at(95, together):.1f} ms "
        f"at {count} places; at the slowest, with {numbers} numbers in sight, "
        f"{at(50, worst):.1f} and {at(95, worst):.1f} ms; "
        f"what is out of sight {at(50, rest):.1f} ms"
    )


def can_change(html: str) -> bool:
    """Whether a page has givens that a reader can change."""
    data = re.search(r"""data-live=(?P<quote>["'])(?P<json>.*?)(?P=quote)""", html)
    return data is not None and not json.loads(unescape(data["json"]))["worlds"][0]["fixed"]


def test_a_page_follows_its_givens(tmp_path: Path, say: Callable[[str], None]) -> None:
    path = chromium()
    if path is None:
        pytest.skip("no browser is installed")
    assert build(ROOT / "mkdocs.yml", tmp_path).returncode == 0
    lengths = {
        page.parent.name: text.count("data-n=")
        for page in tmp_path.glob("*/index.html")
        if can_change(text := page.read_text("utf-8"))
    }
    longest = max(lengths, key=lambda name: lengths[name])
    with serving(tmp_path) as address, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=path, args=OPTIONS).new_page()
        for name in dict.fromkeys(("lecture", longest)):
            page.goto(f"{address}/{name}/")
            page.click(".bp-open")
            say(measured(page, f"{name}, {lengths[name]} numbers"))

"""What readers see in Chromium, Firefox and WebKit: formulas, live numbers, the playground."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from browsers import serving
from engines import LISTENER, Tab, with_listener
from playwright.sync_api import Page
from sitecheck import kinds

from backprop import LECTURE, train
from backprop.site.mathml import to_mathml
from backprop.symbolic.rounding import rounded
from backprop.variants.verdict import as_report, diagnose

# Each kind of formula that has fences, rows or cells.
KINDS = (
    r"W = \begin{bmatrix} w_1 & w_2 \\ w_3 & w_4 \end{bmatrix}",
    r"{\begin{bmatrix} 0.15 & 0.20 \\ 0.25 & -0.30 \end{bmatrix}}^\top x",
    r"1 + \begin{pmatrix} 1 \\ 2 \end{pmatrix} + \begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix}",
    r"\left[\frac{\frac{1}{2}}{3}\right] \left\{\frac{a}{b}\right\} + \left(\frac{a}{b}\right)^2",
    r"f(x) = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{align} \delta_{o_1} &= (a - \hat{y}_1)\,2 \\ \frac{a}{b} &\approx -3 \end{align}",
    r"\begin{align} w &= \begin{bmatrix} 1 \\ 2 \end{bmatrix} \\ &= \overbrace{a}^{c} \end{align}",
    r"\begin{align} E_{\mathrm{total}} &= 1, & b &= 2, \\ w_5^{+} &= 3, & w_7 &= 4 \end{align}",
    r"\begin{array}{rl} a + w_{b} & c \\ 1 & w_{d} \end{array}",
    r"\begin{split} a &= \frac{1}{b} \\ &= \sqrt{b} \end{split}",
)
# Formulas with a fault, which has to be seen.
ROW = "<mtr><mtd></mtd><mtd style='padding-left: {}px'><mi></mi><mo>=</mo><mn>1</mn></mtd></mtr>"
FAULTS = {
    "fences": "<mrow><mo maxsize='1em'>[</mo><mspace height='3em'/><mo maxsize='1em'>]</mo></mrow>",
    "relations": f"<mtable class='aligned'>{ROW.format(0)}{ROW.format(9)}</mtable>",
    "rows": "<mtable class='aligned'><mtr><mtd><mn>1</mn></mtd></mtr>"
    "<mtr><mtd><mspace height='5em'/></mtd></mtr></mtable>",
    "marks": "</math><p style='width: 1px'><span class='math' style='white-space: normal'>"
    "<math><mi>a</mi></math>, b</span></p><math>",
    "cells": "<mtable><mtr><mtd><mi class='out'>a</mi></mtd></mtr></mtable>",
}
SAID = {
    "console.error('bad')": "error on the console: bad",
    "console.warn('odd')": "warning on the console: odd",
    "throw new Error('oops')": "uncaught: oops",
}
GIVENS = {"w5": "-0.3", "i1": "0.8", "target_o2": "-0.5"}

LAY_OUT = """() => {
  const style = document.createElement("style");
  style.textContent = ".bp-part { content-visibility: visible !important }";
  document.body.append(style);
}"""
# Wait for the scripts, which make a number a stop for the keyboard last of all; lay everything out.
READY = f"""async () => {{
  const still = () => document.querySelector("figure[data-figure=map]:not(.bp-live)")
    || document.querySelector("[data-n]") && !document.querySelector("[data-n][tabindex]");
  while (still()) await new Promise((done) => setTimeout(done, 20));
  for (const details of document.querySelectorAll("details")) details.open = true;
  ({LAY_OUT})();
  await document.fonts.load('1em "STIX Two Math"');
}}"""
# Of each fence that stretches: the formula, the fence's height, and that of what it encloses.
FENCES = """() => [...document.querySelectorAll("mo:not([stretchy=false])")]
  .filter((fence) => /^[()[\\]{}|]$/.test(fence.textContent))
  .map((fence) => {
    const { children, textContent } = fence.parentElement;
    const height = (part) => part.getBoundingClientRect().height;
    const enclosed = [...children].filter((part) => part.localName !== "mo");
    return [textContent, height(fence), Math.max(...enclosed.map(height))];
  })"""
# Of each column with several relations that open a cell: the formula, and the place of each.
RELATIONS = """() => [...document.querySelectorAll("mtable.aligned")].flatMap((table) => {
  const columns = [...table.firstElementChild.children].map((_, k) => k).filter((k) => k % 2);
  return columns.map((k) => {
    const opening = [...table.children].map((row) => row.children[k]?.children[1]);
    const relations = opening.filter((sign) => /^[=\\u2248]$/.test(sign?.textContent));
    return [table.textContent, ...relations.map((sign) => sign.getBoundingClientRect().left)];
  });
}).filter((column) => column.length > 2)"""
# What has too few or too many parts.
MALFORMED = """() => Object
  .entries({ mfrac: 2, mroot: 2, msub: 2, msup: 2, mover: 2, munder: 2, msubsup: 3, munderover: 3 })
  .flatMap(([name, parts]) => [...document.querySelectorAll(name)]
    .filter((element) => element.children.length !== parts)
    .map((element) => `malformed: ${element.outerHTML}`))"""
# Of each part of a cell: the cell's text, the sides of the part, and those of the cell.
CELLS = """() => [...document.querySelectorAll("mtd > *")].map((part) => {
  const [inner, outer] = [part, part.parentElement].map((box) => box.getBoundingClientRect());
  return [part.parentElement.textContent, inner.left, inner.right, outer.left, outer.right];
})"""
# Of each aligned block without parts that are higher: the formula, and the height of each row.
ROWS = """() => [...document.querySelectorAll("mtable.aligned")]
  .filter((table) => !table.querySelector("mfrac, mtable, msqrt, mover, munder, munderover"))
  .map((table) => [table.textContent,
    ...[...table.children].map((row) => row.getBoundingClientRect().height)])"""
# Of each mark that touches a formula: the text, and how far below the formula's foot it begins.
MARKS = """() => [...document.querySelectorAll("span.math")].flatMap((span) => {
  const mark = span.lastChild;
  if (mark.nodeType !== Node.TEXT_NODE || !span.checkVisibility()) return [];
  const range = document.createRange();
  range.selectNode(mark);
  const foot = span.querySelector("math").getBoundingClientRect().bottom;
  return [[span.textContent, range.getBoundingClientRect().top - foot]];
})"""
TEXTS = """async () => {
  await import("/assets/names.js"); // a page that computes its own names waits for this
  await new Promise((done) => setTimeout(done, 200)); // what is out of sight follows in a pause
  return [...document.querySelectorAll(".md-content .math math")].map((math) => math.textContent);
}"""
# Whether the browser needs the heights of the parts, once it has them.
RESTING = """async () => {
  const needed = !CSS.supports("overflow-anchor", "auto");
  const still = () => !document.querySelector(needed ? ".bp-resting" : ".bp-open");
  while (still()) await new Promise((done) => setTimeout(done, 20));
  return needed;
}"""
MOUNTED = """async () => {
  const form = document.querySelector("form.your-number");
  while (form.hidden) await new Promise((done) => setTimeout(done, 50));
}"""
UNANSWERED = "() => document.querySelector('form.your-number output').replaceChildren()"
ANSWER = """async () => {
  const answer = document.querySelector("form.your-number output");
  const pause = () => new Promise((done) => setTimeout(done, 50));
  while (!answer.textContent || answer.hasAttribute("aria-busy")) await pause();
  return answer.textContent;
}"""
TRAINED = """async () => {
  const [round] = document.querySelectorAll("[data-playground=bar] strong");
  while (round.textContent !== "Round ROUNDS") await new Promise((done) => setTimeout(done, 20));
  const heads = [...document.querySelectorAll("[data-playground=table] th")];
  const total = heads.find((head) => head.textContent.trim() === "Etotal");
  return total.nextElementSibling.textContent.trim();
}"""

Look = dict[str, list[Any]]
LEAST = {
    "fences": 70,
    "relations": 180,
    "rows": 30,
    "marks": 300,
    "cells": 3600,
}  # what all pages together have


@pytest.fixture(scope="module")
def served_copy(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site, with a page of all kinds of formulas and pages with faults."""
    copy = with_listener(built_site, tmp_path_factory.mktemp("engines") / "site")
    kinds = "".join(ET.tostring(to_mathml(latex, "block"), encoding="unicode") for latex in KINDS)
    bodies = {"kinds": kinds, "problems": "".join(f"<script>{script}</script>" for script in SAID)}
    bodies |= {kind: f"<math display='block'>{fault}</math>" for kind, fault in FAULTS.items()}
    links = "<link rel=icon href='data:,'><link rel=stylesheet href=assets/site.css>"
    links += "<style>.out { position: relative; left: -2em }</style>"
    for name, body in bodies.items():
        html = f"<!doctype html><head>{LISTENER}{links}</head><body>{body}</body>"
        (copy / f"{name}.html").write_text(html, encoding="utf-8")
    with serving(copy) as address:
        yield address


def look(tab: Tab, path: str) -> Look:
    """Open a page; return the measures of its formulas, and what goes wrong on it."""
    tab.goto(path)
    tab.evaluate(READY)
    scripts = {"fences": FENCES, "relations": RELATIONS, "rows": ROWS, "marks": MARKS}
    scripts |= {"cells": CELLS, "malformed": MALFORMED}
    # As text: to hand over thousands of numbers one by one takes seconds.
    measures: Look = {
        kind: json.loads(tab.evaluate(f"() => JSON.stringify(({script})())"))
        for kind, script in scripts.items()
    }
    return {**measures, "problems": tab.problems() + measures["malformed"]}


def faults(found: Look) -> Look:
    """What is wrong of what was found on a page."""
    return {
        # Firefox counts the room above and below a fraction as a part of it.
        "fences": [fence for fence in found["fences"] if fence[1] < 0.7 * fence[2]],
        "relations": [
            column for column in found["relations"] if max(column[1:]) - min(column[1:]) > 1
        ],
        "rows": [rows for rows in found["rows"] if max(rows[1:]) - min(rows[1:]) > 8],
        "marks": [mark for mark in found["marks"] if mark[1] > 0],
        # A slanted letter stands out a little.
        "cells": [
            cell for cell in found["cells"] if cell[1] < cell[3] - 2 or cell[2] > cell[4] + 2
        ],
        "problems": found["problems"],
    }


def test_nothing_is_wrong_on_any_page(engine: Tab, built_site: Path) -> None:
    """Fences are as high as what they enclose, rows are aligned, cells hold their parts."""
    paths = [f"/{page.relative_to(built_site).as_posix()}" for page in kinds(built_site)]
    found = {path: look(engine, path) for path in [*paths, "/kinds.html"]}
    for kind, count in LEAST.items():
        assert sum(len(each[kind]) for each in found.values()) >= count, kind
    wrong = {path: {k: v for k, v in faults(each).items() if v} for path, each in found.items()}
    assert not {path: each for path, each in wrong.items() if each}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_formula_with_a_fault_is_seen(engine: Tab, kind: str) -> None:
    found = faults(look(engine, f"/{kind}.html"))
    assert [name for name, wrong in found.items() if wrong] == [kind]


def test_what_goes_wrong_on_a_page_is_seen(engine: Tab) -> None:
    problems = look(engine, "/problems.html")["problems"]
    for expected in SAID.values():
        kind, _, text = expected.partition(": ")
        assert any(each.startswith(kind) and text in each for each in problems), expected


def test_a_number_that_differs_is_explained_in_each_engine(engine: Tab) -> None:
    engine.goto("/your-number/")
    engine.evaluate(MOUNTED)
    for printed in ("0.291027924", "loss 0.298371109, then 0.280471447, then 0.263"):
        engine.evaluate(UNANSWERED)
        engine.fill("#your-number", printed)
        engine.click("form.your-number button")
        said = re.sub(r"\W+", "", engine.evaluate(ANSWER))
        assert re.sub(r"\W+", "", as_report(diagnose(printed))["head"]) in said


# Where the headings are; and how far one moves besides, whenever a reader scrolls up.
PLACES = """() => [...document.querySelectorAll("article :is(h2, h3)")]
  .map((heading) => Math.round(heading.getBoundingClientRect().top + scrollY))"""
MOVES = """async () => {
  const heading = document.getElementById("the-new-weights");
  const top = () => heading.getBoundingClientRect().top;
  const pause = async () => {
    for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
    await new Promise((done) => setTimeout(done, 50));
  };
  heading.scrollIntoView({ behavior: "instant" });
  await pause();
  const moves = [];
  while (scrollY > 900) {
    const before = top();
    scrollBy({ top: -300, behavior: "instant" });
    await pause();
    moves.push(Math.abs(top() - before - 300));
  }
  return moves;
}"""


def test_the_text_keeps_its_place_while_parts_above_it_are_laid_out(engine: Tab) -> None:
    engine.goto("/notes/")
    engine.evaluate(RESTING)
    moves = engine.evaluate(MOVES)
    assert len(moves) > 20
    assert max(moves) <= 1


def test_with_known_heights_no_heading_is_moved_by_what_is_laid_out(engine: Tab) -> None:
    """As they are where a browser cannot keep the text in its place."""
    engine.goto("/notes/")
    if not engine.evaluate(RESTING):
        pytest.skip("keeps the text in its place")
    before = engine.evaluate(PLACES)
    engine.evaluate(LAY_OUT)
    assert engine.evaluate(PLACES) == before


@pytest.mark.parametrize("page", ["notes", "matrix-form"])
def test_live_numbers_are_those_of_chromium(engine: Tab, tab: Page, page: str) -> None:
    """Which are compared with the package's, for many givens."""
    tab.goto(f"/{page}/?" + "&".join(f"{name}={value}" for name, value in GIVENS.items()))
    tab.wait_for_selector(".bp-open")
    engine.goto(f"/{page}/")
    engine.evaluate(READY)
    built = engine.evaluate(TEXTS)
    engine.click(".bp-open")
    for name, number in GIVENS.items():
        engine.fill(f"#bp-{name}", number)
    live = engine.evaluate(TEXTS)
    assert live == tab.evaluate(TEXTS)
    assert sum(old != new for old, new in zip(built, live, strict=True)) > 20


def test_the_playground_trains(engine: Tab) -> None:
    engine.goto("/playground/")
    engine.evaluate(READY)
    before = Decimal(engine.evaluate(TRAINED.replace("ROUNDS", "0")))
    engine.click("[data-rounds='10']")
    after = Decimal(engine.evaluate(TRAINED.replace("ROUNDS", "10")))
    network, inputs, targets = LECTURE.network, LECTURE.inputs, LECTURE.targets
    errors = train(network, inputs, targets, learning_rate=0.5, biases="frozen", rounds=10).errors
    places = Decimal("1e-8")
    assert before == rounded(Decimal(float(errors[0])), places)
    assert after == rounded(Decimal(float(errors[-1])), places)
    assert after < before

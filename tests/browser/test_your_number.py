"""The form of the page answers what `backprop diagnose` does, in a real browser."""

import gzip
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest
from builds import ROOT
from playwright.sync_api import Locator, Page, expect

from backprop.site.variants import switches
from backprop.variants.quantities import NAMES, every, trained
from backprop.variants.reading import REFUSED, read_numbers
from backprop.variants.switches import choices, pairs, singles
from backprop.variants.verdict import Verdict, as_report, diagnose

SCRIPTS = [
    ROOT / "backprop" / "site" / "assets" / name
    for name in ("your-number.js", "your-number-search.js")
]
OUTPUT = """epoch 0 loss 0.298371
epoch 1 loss 0.280471
epoch 2 loss 0.261908
"""
SEEN = (
    *("0.291027924", "0.291027774", "0.0000351085", "0.015912196", "0.984065734", OUTPUT),
    *("0.280471447", "0.1497", "0.2910278141", "0.304", "0.321931135", "0,291027924", "0.5"),
    *("tensor(0.2910, grad_fn=<MseLossBackward0>)", "0.298371109 0.291027774 0.2710", "0.29336792"),
    *(
        "0.772817000",
        "0.0621948242188",
        "0.377112",  # its chance takes in ways that diverge, to where exp differs in the last bit
        *("w5 0.36", "0.29 0.28", "w5 0.36\nE 0.298371109", "0.298371109 0.2710 0.5"),
        *("29.1027774 %", "0.36 0.41 0.51 0.56 0.298371109", "29.1072774%"),
        "9" * 400 + ".5 0.291027774",
        "0.298371109 " + " ".join(f"{k}.123456" for k in range(100, 300)),
        "0.298 " * 100 + "0.304 " * 100,
        "out_o1 0.75136507 total error 0.298371109 w1 0.1497808",
        "0.045120000",
        "w5 0.317832959",
        "~0.291f",
        "\N{MINUS SIGN}0.0380982365",
        "0.2917272634",
        "1,234.5",
        *("0.59688437", "0.2835472", "0.2910279", "-0.298371109", "0.638098237", "0.2999122"),
        "16:30:22.123 loss 0.298371109 (elapsed 12.345 s, 0.7 ms)",
        *("E_o1 0.023560026", "w5 0.408666186 w6 0.35891648"),
        *("dw5 = -0.082167041", "dw7 = 0.022602540\ndw5 = 0.082167041"),
        "[0.59327 0.59688437]\n[0.75136507 0.7729285]\n[0.08216704 0.08266763]",
    ),
    "out_h1 0.593269992\nE_total 0.298371109\nw1 0.149091242\nw2 0.198182485",
)
# An answer of each verdict; those to several numbers have lines, with code and without.
ASKED = (
    *("0.291027924", "0.291027774", OUTPUT, "0.1497", "0.298371109 0.291027774 0.2710"),
    *("0.2917272634", "0.29336792", "0.772817000", "9" * 400 + ".5 0.291027774", SEEN[-1]),
)
NONE = {"abc": "none", "nan": "none", "0.5 " * 2_001: "many"}


def texts(count: int) -> Iterator[str]:
    """Yield numbers that fit, that nearly fit, and that do not fit, and outputs of programs."""
    yield from SEEN
    dice = random.Random(1)  # noqa: S311  # any numbers do, but the same in every run
    ways = (*singles(), *choices(), *dice.sample(pairs(), 40))
    with np.errstate(all="ignore"):
        states = [(places, every(state)) for _, places, state in trained(ways, 3)]
    for _ in range(count):
        places, values = dice.choice(states)
        way = dice.randrange(len(places))
        number = float(values[dice.randrange(len(NAMES)), way])
        if not np.isfinite(number) or not 1e-7 < abs(number) < 1e6:
            number = dice.random()
        number *= 1 + dice.choice((0, 0, 0, 1e-3, 1e-5, 1e-8)) * dice.uniform(-1, 1)
        places_shown = dice.randrange(4, 14)
        yield dice.choice((f"{number:.{places_shown}f}", f"{number:.{places_shown}g}"))


def program_outputs(every_nth: int = 1) -> Iterator[str]:
    """Yield what the forty small programs print, or some of them."""
    programs = sorted((ROOT / "tests" / "variants" / "programs").glob("*.py"))
    for program in programs[::every_nth]:
        done = subprocess.run(
            [sys.executable, program], capture_output=True, text=True, check=True, timeout=60
        )
        yield done.stdout


@cache
def expected(text: str) -> dict[str, Any]:
    """Return what the command says."""
    report: dict[str, Any] = json.loads(json.dumps(as_report(diagnose(text))))
    return report


def one_line(text: str) -> str:
    """Return a text without its breaks, marks and what only a screen reader says."""
    return " ".join(re.sub("[\u2713\u2717`]|Not right:|Right:|See there\\.", "", text).split())


def said(report: dict[str, Any]) -> str:
    """Return an answer on one line."""
    lines = [part for line in report["lines"] for part in (line["text"], line.get("code", ""))]
    return one_line(" ".join([report["head"], *lines, *report["then"]]))


def field_of(page: Page) -> Locator:
    """Return the field for what was printed."""
    return page.get_by_role("textbox", name="Your number, or all that your program printed")


def answer_of(page: Page) -> Locator:
    """Return where the answer is read out."""
    return page.locator("form.your-number").get_by_role("status")


def ask(page: Page, text: str) -> str:
    """Type a text, press the button, and return the answer on one line."""
    field_of(page).fill(text)
    page.get_by_role("button", name="Find it").click()
    answer = answer_of(page)
    expect(answer).not_to_have_attribute("aria-busy", "true", timeout=60_000)
    return one_line(answer.inner_text())


@pytest.fixture
def page(tab: Page) -> Page:
    tab.goto("/your-number/")
    return tab


def test_the_form_says_what_the_command_does(page: Page) -> None:
    assert {diagnose(text).verdict for text in ASKED} == {*get_args(Verdict)}
    for text in ASKED:
        assert ask(page, text) == said(expected(text))


def differing(page: Page, texts: list[str]) -> list[Any]:
    """Return the texts of which the search of the page says something else than the command."""
    search = """async ([module, texts]) => {
      const { Search } = await import(module);
      const table = JSON.parse(document.querySelector("[data-variants]").textContent);
      const search = new Search(table);
      return texts.map((text) => search.answer(text).report);
    }"""
    answers = page.evaluate(search, ["/assets/your-number-search.js", texts])
    return [
        (text, answer, expected(text))
        for text, answer in zip(texts, answers, strict=True)
        if answer != expected(text)
    ]


def test_so_does_its_search_for_many_texts(page: Page) -> None:
    assert differing(page, [*texts(10), *program_outputs(every_nth=5)]) == []


@pytest.mark.full
def test_so_does_its_search_for_thousands(page: Page) -> None:
    page.set_default_timeout(0)
    assert differing(page, [*texts(3_000), *program_outputs()]) == []


def test_a_difference_between_the_page_and_the_command_is_found(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected.cache_clear()
    monkeypatch.setattr("backprop.variants.verdict.SURE", 0.0)
    assert differing(page, ["0.291027924"])
    expected.cache_clear()


def test_a_worker_searches_so_that_the_page_does_not_wait(page: Page) -> None:
    def searching() -> int:
        return sum(worker.url.endswith("/your-number-search.js") for worker in page.workers)

    assert searching() == 0  # not before somebody asks
    ask(page, "0.291027924")
    assert searching() == 1


def test_it_says_so_while_one_types(page: Page) -> None:
    field_of(page).press_sequentially("0.280471447")
    expect(answer_of(page)).to_contain_text(
        "let the biases learn, one for each neuron", timeout=60_000
    )


def test_an_answer_has_a_link_that_no_server_sees(page: Page) -> None:
    answer = ask(page, OUTPUT)
    link = page.get_by_role("link", name="A link to this answer")
    href = link.get_attribute("href") or ""
    assert href.startswith("#printed=epoch%200")
    page.goto("/")
    page.goto(f"/your-number/{href}")
    expect(field_of(page)).to_have_value(OUTPUT.strip())
    expect(answer_of(page)).to_contain_text("One way of working", timeout=60_000)
    assert one_line(answer_of(page).inner_text()) == answer


def test_the_first_wrong_number_has_a_link_to_where_it_is_computed(page: Page) -> None:
    ask(page, "E_total 0.298371109\nw1 0.149091242\nw2 0.198182485")
    lines = page.locator("form.your-number li")
    expect(lines.nth(0)).to_have_text(re.compile("^\u2713 Right: 0.298371109"))
    expect(lines.nth(1)).to_have_text(re.compile("^\u2717 Not right: 0.149091242"))
    lines.nth(1).get_by_role("link", name="See there").click()
    expect(page).to_have_url(re.compile("/lecture/#the-update-of-w1$"))
    expect(page.locator("#the-update-of-w1")).to_have_count(1)


def test_what_is_no_number_is_told(page: Page) -> None:
    field = field_of(page)
    for text, why in NONE.items():
        assert ask(page, text) == REFUSED[why]
        with pytest.raises(ValueError, match=re.escape(REFUSED[why])):
            read_numbers(text)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator("form.your-number a.link")).to_be_hidden()
    ask(page, "0.291027774")
    expect(field).to_have_attribute("aria-invalid", "false")
    assert ask(page, " ") == ""


def test_keys_alone_are_enough(page: Page) -> None:
    field = field_of(page)
    field.focus()
    page.keyboard.type("0.291027924")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find it")).to_be_focused()
    page.keyboard.press("Space")
    expect(answer_of(page)).to_contain_text("output weights that had already", timeout=60_000)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="A link to this answer")).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("as many digits as you have"))


def test_without_javascript_the_page_is_whole_and_has_no_form(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab(java_script_enabled=False)
    page.goto("/your-number/")
    expect(page.locator("form.your-number")).to_be_hidden()
    assert page.locator("article table").count() >= 9


def test_on_a_phone_the_form_stays_inside(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    ask(page, OUTPUT)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320


def test_what_the_search_needs_is_small() -> None:
    sizes = [len(gzip.compress(path.read_bytes())) for path in SCRIPTS]
    assert sum(sizes) + len(gzip.compress(switches().encode())) < 25 * 1024

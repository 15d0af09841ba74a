"""The form of the page answers what `backprop diagnose` does, in a real browser."""

import gzip
import random
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from builds import ROOT
from playwright.sync_api import Locator, Page, expect

from backprop.variants.verdict import as_text, diagnose, known, read_number

SCRIPT = ROOT / "backprop" / "site" / "assets" / "your-number.js"
SEEN = (
    *("0.291027924", "0.291027774", "0.0000351085", "3.5102e-05", "0.015912196", "0.984065734"),
    *("0.280471447", "0.298371109", "0.1497", "0.29102782", "3.510161e-5", "0.3111", ".5", "0"),
    *("0.149999561", "0.149978072", "0.082167041", "0.138498562", "0.593269992", "0.304", "0.2909"),
    *(
        "0,291027924",
        "tensor(0.2910)",
        "tensor(0.2910, grad_fn=<MseLossBackward0>)",
        "array(0.291)",
    ),
    *("0.2910f", "~0.291", "2.91e-1", "[0.2910]", "[[ 0.2910 ]]", "np.float32(0.29102784)"),
    *("0.29102784395217896", "0.291027844", "0.291027850", "0.149561432265", "0.260434393"),
    *("-0.5", "\N{MINUS SIGN}0.5", "123", "1e100", "1e-400", "0.29102777369359933", "+12."),
)
NONE = (
    *("abc", "nan", "inf", "0,", ",5", "1,234,567", "1e101", "1e400", "--1", "0x1", "1 2", "."),
    *(
        "0." + "3" * 40,
        "tensor()",
        "tensor(0.29",
        "[0.29",
        "0.29)",
        "tensor([0.29, 0.31])",
        "0.29ff",
    ),
    *("0.14980475 0.24977376", "[" * 100, "~" * 100, "e", "f"),
)


def numbers() -> Iterator[str]:
    """Yield numbers that fit, that nearly fit, and that do not fit."""
    yield from SEEN
    dice = random.Random(1)  # noqa: S311  # any numbers do, but the same in every run
    for figure in known()[::3]:
        places = dice.randrange(2, 16)
        off = dice.choice((0, 0, 1e-3, 1e-5, 3e-7, 1e-8, 1e-10)) * dice.uniform(-1, 1)
        number = figure.value * (1 + off)
        yield dice.choice((f"{number:.{places}f}", f"{number:.{places}e}", f"{number:.{places}g}"))
        single = float(np.float32(number))  # what a program in float32 prints
        yield dice.choice((repr(single), f"{single:.9f}", f"{single:.8e}"))
    for _ in range(300):
        yield f"{dice.uniform(*dice.choice(((-2, 2), (0.28, 0.32)))):.{dice.randrange(12)}f}"


def expected(text: str) -> str:
    """Return the answer of the command on one line."""
    answer = as_text(diagnose(read_number(text)))
    return " ".join(re.sub(r"^- ", "", answer, flags=re.MULTILINE).split())


def field_of(page: Page) -> Locator:
    """Return the field for the number."""
    return page.get_by_role("textbox", name="Your number")


def answer_of(page: Page) -> Locator:
    """Return where the answer is read out."""
    return page.locator("form.your-number").get_by_role("status")


def one_line(page: Page) -> str:
    """Return the answer of the form on one line."""
    return " ".join(answer_of(page).inner_text().split())


@pytest.fixture
def page(tab: Page) -> Page:
    tab.goto("/your-number/")
    return tab


def test_the_form_says_what_the_command_does(page: Page) -> None:
    for text in SEEN:
        field_of(page).fill(text)
        page.keyboard.press("Enter")
        assert one_line(page) == expected(text)


def test_so_does_its_search_for_many_numbers(page: Page) -> None:
    search = """async ([module, texts]) => {
      const { diagnose, readNumber } = await import(module);
      const table = JSON.parse(document.querySelector("[data-variants]").textContent);
      return texts.map((text) => {
        const { head, lines } = diagnose(text, readNumber(text, table), table);
        return [head, ...lines].join(" ").replace("\\n", " ");
      });
    }"""
    texts = list(dict.fromkeys(numbers()))
    assert len(texts) > 1500
    answers = page.evaluate(search, ["/assets/your-number.js", texts])
    differ = [
        (text, answer, expected(text))
        for text, answer in zip(texts, answers, strict=True)
        if answer != expected(text)
    ]
    assert differ == []


def test_it_says_so_while_one_types(page: Page) -> None:
    field_of(page).press_sequentially("0.280471447")
    expect(answer_of(page)).to_contain_text("let the biases learn, one for each neuron")


def test_what_is_no_number_is_told(page: Page) -> None:
    field, status = field_of(page), answer_of(page)
    for text in NONE:
        field.fill(text)
        field.press("Enter")
        told = "is no number: expected one such as 0.291027924 or tensor(0.2910)."
        with pytest.raises(ValueError, match="is no number"):
            read_number(text)
        expect(status).to_have_text(
            f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK} {told}"
        )
        expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("0.291027774")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "false")
    field.fill(" ")
    field.press("Enter")
    expect(status).to_have_text("")


def test_keys_alone_are_enough(page: Page) -> None:
    field = field_of(page)
    field.focus()
    page.keyboard.type("0.291027924")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find it")).to_be_focused()
    page.keyboard.press("Space")
    assert one_line(page) == expected("0.291027924")
    expect(field).to_have_accessible_description(re.compile("as many digits as you have"))


def test_what_was_typed_before_is_answered_when_one_comes_back(page: Page) -> None:
    field_of(page).fill("0.291027924")
    page.goto("/")
    page.go_back()
    page.wait_for_load_state()
    if field_of(page).input_value():
        assert one_line(page) == expected("0.291027924")


def test_without_javascript_the_page_is_whole_and_has_no_form(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab(java_script_enabled=False)
    page.goto("/your-number/")
    expect(page.locator("form.your-number")).to_be_hidden()
    assert page.locator("article table").count() >= 9


def test_on_a_phone_the_form_stays_inside(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    field_of(page).fill("0.1497")
    page.keyboard.press("Enter")
    assert page.locator("form.your-number li").count() == 4
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_the_script_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes())) < 3 * 1024

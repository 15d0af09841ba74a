"""The givens of a page, and what a link keeps of them."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

STORE = """
  const { exampleOf, parsed, range, storeOf } = await import("/assets/store.js");
  const { labels, ...example } = exampleOf(document.querySelector("[data-figure=map]"));
  const store = storeOf(example);
"""


def ask(page: Page, body: str, given: object = None) -> Any:
    return page.evaluate(f"async (given) => {{ {STORE} {body} }}", given)


def open_page(page: Page, query: str = "") -> Page:
    page.goto(f"/playground/{query}")
    page.wait_for_selector(".bp-live")
    return page


def wait_for_query(page: Page, expected: dict[str, list[str]]) -> None:
    """Wait until the address holds what it should: it is written when a reader pauses."""
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == expected)


def test_what_differs_is_kept_in_the_address(tab: Page) -> None:
    open_page(tab, "?other=1#every-number")
    ask(tab, "store.set({ givens: { w5: -0.3, i1: 0.8 }, rate: 0.1, biases: 'shared' })")
    kept = {"w5": ["-0.3"], "i1": ["0.8"], "rate": ["0.1"], "biases": ["shared"]}
    wait_for_query(tab, {"other": ["1"], **kept})
    assert tab.url.endswith("#every-number")
    tab.reload()
    tab.wait_for_selector(".bp-live")
    state = ask(tab, "return store.get()")
    assert (state["givens"]["w5"], state["givens"]["i1"]) == (-0.3, 0.8)
    assert (state["rate"], state["biases"], state["order"]) == (0.1, "shared", "old")
    assert ask(tab, "return store.changed()")
    ask(tab, "store.reset()")
    wait_for_query(tab, {"other": ["1"]})
    assert not ask(tab, "return store.changed()")


def test_a_value_set_back_leaves_the_address(tab: Page) -> None:
    open_page(tab, "?w5=1")
    ask(tab, "store.set({ givens: { w5: store.start.givens.w5 } })")
    wait_for_query(tab, {})


@pytest.mark.parametrize(
    "bad",
    [
        "?w5=",
        "?w5=x",
        "?w5=NaN",
        "?w5=1e9",
        "?w5=0x10",
        "?w5=1;alert(1)",
        "?biases=odd",
        "?rate=-1",
    ],
)
def test_a_bad_link_shows_the_example(tab: Page, bad: str) -> None:
    open_page(tab, bad)
    assert ask(tab, "return store.changed()") is False
    assert "0.298371" in (tab.locator(".bp-say").text_content() or "")


def test_a_link_is_read_as_far_as_it_is_good(tab: Page) -> None:
    open_page(tab, "?w5=x&w6=0.5&nonsense=3&__proto__=4")
    assert ask(tab, "return [store.get().givens.w5, store.get().givens.w6]") == [0.4, 0.5]


def test_a_step_back_brings_the_givens_of_then(tab: Page) -> None:
    open_page(tab)
    tab.evaluate("location.hash = 'every-number'")
    ask(tab, "store.set({ givens: { w5: 2 } })")
    wait_for_query(tab, {"w5": ["2"]})
    tab.go_back()
    tab.wait_for_function("!location.search")
    assert ask(tab, "return store.get().givens.w5") == 0.4
    tab.go_forward()
    tab.wait_for_function("location.search")
    assert ask(tab, "return store.get().givens.w5") == 2


def test_all_who_asked_are_told_and_none_for_nothing(tab: Page) -> None:
    open_page(tab)
    heard = ask(
        tab,
        """
        const heard = [];
        const end = store.subscribe((state) => heard.push(state.rate));
        store.set({ rate: 0.25 });
        store.set({ rate: 0.25 });
        end();
        store.set({ rate: 0.75 });
        return [heard, storeOf(example) === store];
        """,
    )
    assert heard == [[0.25], True]


TYPED = {
    "0.5": 0.5, " -0.3 ": -0.3, "\N{MINUS SIGN}0.3": -0.3, "0,25": 0.25, ".5": 0.5, "1.": 1,
    "+2": 2, "1e-3": 0.001, "-0": 0, "20": 20, "20.01": None, "": None, "one": None, "1 2": None,
    "--1": None, "Infinity": None, "0x1": None, "0x10": None, "abc": None, "1e": None, "21": None,
    "-20.5": None, "1/2": None,
}  # fmt: skip


def test_what_a_reader_types_is_a_number_or_refused(tab: Page) -> None:
    open_page(tab)
    found = ask(tab, "return given.map((text) => parsed('w5', text))", [*TYPED])
    assert dict(zip(TYPED, found, strict=True)) == TYPED


def test_a_rate_is_not_negative(tab: Page) -> None:
    open_page(tab)
    texts = ["-0.1", "0", "100", "101"]
    found = ask(tab, "return given.map((text) => parsed('rate', text))", texts)
    assert found == [None, 0, 100, None]

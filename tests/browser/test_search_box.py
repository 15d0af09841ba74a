"""Search: the index comes when it is first asked for, and what readers type leads to its page."""

import re

import pytest
from browsers import OpenTab
from playwright.sync_api import Page, Route, expect

INDEX = re.compile(r"/search/search_index\.json$")
FIRST = ".md-search-result__item > a"
LOADED = "() => performance.getEntriesByType('resource').map(({ name }) => name)"
# What readers of other texts call a thing, or type for a symbol, and pages that tell of it.
FOUND = {
    "sigmoid": ("notes", "lecture", "notation"),
    "epoch": ("training", "notation"),
    "ReLU": ("activations", "training", "notation"),
    "softmax": ("activations", "training", "notation"),
    "autograd": ("notation",),
    "loss": ("activations", "notation"),
    "cost": ("notation",),
    "bias gradient": ("lecture", "every-weight", "notation"),
    "\u03b4": ("lecture", "notation"),
    "w5": ("lecture", "notes", "every-weight"),
}


def loaded(tab: Page) -> list[str]:
    """The addresses of the search index that a page has asked for."""
    return [address for address in tab.evaluate(LOADED) if INDEX.search(address)]


def search(tab: Page, words: str) -> list[str]:
    """Open the search, and type some words; return the addresses of what is found."""
    tab.keyboard.press("/")
    return found(tab, words)


def found(tab: Page, words: str) -> list[str]:
    """Put some words into the empty field; return the addresses of what is found.

    All letters at once: after one by one, what is shown first may be of the first letters alone.
    """
    tab.keyboard.insert_text(words)
    tab.wait_for_selector(FIRST)
    paths: list[str] = tab.locator(FIRST).evaluate_all("all => all.map((a) => a.pathname)")
    return paths


def forget(tab: Page) -> None:
    """Empty the field, and wait until nothing of what was found is left."""
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.press("Backspace")
    expect(tab.get_by_text("Type to start searching")).to_be_visible()
    expect(tab.locator(FIRST)).to_have_count(0)


@pytest.mark.parametrize("page", ["/", "/lecture/", "/playground/", "/404.html"])
def test_no_page_asks_for_the_index_before_somebody_searches(tab: Page, page: str) -> None:
    tab.goto(page)
    tab.wait_for_load_state("networkidle")
    assert loaded(tab) == []
    assert search(tab, "sigmoid")
    assert len(loaded(tab)) == 1


def test_what_is_pasted_is_searched_for(tab: Page) -> None:
    """No key goes up for it."""
    tab.goto("/")
    tab.keyboard.press("/")
    expect(tab.locator(".md-search__input")).to_be_focused()
    # What is in the box when the index has come is looked at once more.
    expect(tab.get_by_text("Type to start searching")).to_be_visible()
    tab.keyboard.insert_text("softmax")
    tab.wait_for_selector(FIRST)


@pytest.mark.parametrize("key", ["/", "s", "f"])
def test_a_key_opens_the_search(tab: Page, key: str) -> None:
    tab.goto("/notes/")
    tab.keyboard.press(key)
    expect(tab.locator(".md-search__input")).to_be_focused()
    tab.keyboard.type("softmax")
    tab.wait_for_selector(FIRST)


def test_a_click_on_a_phone_opens_the_search(open_tab: OpenTab) -> None:
    tab = open_tab(viewport={"width": 390, "height": 844}, has_touch=True)
    tab.goto("/notes/")
    tab.locator(".md-header label[for=__search]").first.tap()
    tab.locator(".md-search__input").press_sequentially("softmax")
    tab.wait_for_selector(FIRST)


def test_what_is_typed_before_the_index_is_there_is_found_when_it_is(tab: Page) -> None:
    typed = []

    def wait(route: Route) -> None:
        tab.keyboard.type("softmax")
        typed.append(route.request.url)
        route.continue_()

    tab.route(INDEX, wait)
    tab.goto("/notes/")
    tab.keyboard.press("/")
    tab.wait_for_selector(FIRST)
    assert len(typed) == 1


def test_a_link_may_hold_what_is_searched_for(tab: Page) -> None:
    tab.goto("/notes/?q=softmax")
    tab.wait_for_selector(FIRST)
    assert tab.locator(".md-search__input").input_value() == "softmax"


def test_what_was_searched_for_is_marked_on_the_page(tab: Page) -> None:
    tab.goto("/")
    search(tab, "sigmoid")
    tab.locator(".md-search-result__item a[href*='h=sigmoid']:visible").first.click()
    tab.wait_for_url("**?h=sigmoid*")
    expect(tab.locator(".md-content mark").first).to_have_text(re.compile("sigmoid", re.IGNORECASE))


def test_words_of_other_texts_find_their_page(tab: Page, subtests: pytest.Subtests) -> None:
    tab.goto("/")
    tab.keyboard.press("/")
    for words, expected in FOUND.items():
        pages = [address.strip("/").split("/")[0] for address in found(tab, words)]
        with subtests.test(words):
            assert {*pages[:3]} & {*expected}, pages
        forget(tab)


def test_a_suggestion_has_no_comma(tab: Page) -> None:
    tab.goto("/")
    tab.keyboard.press("/")
    suggestions = []
    for start in ("w", "gra", "err", "out", "de", "bia"):
        tab.locator(".md-search__input").fill("")
        tab.keyboard.type(start)
        # A word of three letters may be left from what was typed before the last of them.
        longer = re.compile(rf"^{start}.{{{4 - len(start)}}}")
        expect(tab.locator(".md-search__suggest")).to_have_text(longer)
        suggestions.append(tab.inner_text(".md-search__suggest"))
    assert not [each for each in suggestions if re.search(r"[,;:()]|\.$", each)]

"""Words that explain themselves, pages to look things up, and notebooks that download: as used."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from backprop.pages.glossary import load

PHONE = ViewportSize(width=390, height=800)
ROOT = Path(__file__).parents[2]
MEANING = load(ROOT / "docs" / ".glossary.yml").terms["weight"]


def marked(page: Page) -> Locator:
    """A word of the home page that has its meaning at hand."""
    return page.locator("abbr", has_text=re.compile("^weight$"))


def shown(page: Page) -> None:
    """Expect the meaning of the marked word, told to a screen reader as well."""
    word = marked(page)
    tooltip = page.get_by_text(MEANING, exact=True)
    expect(tooltip).to_be_visible()
    expect(word).to_have_attribute("aria-describedby", re.compile("."))
    described_by = word.get_attribute("aria-describedby")
    expect(page.locator(f"#{described_by}")).to_have_text(MEANING)


def test_the_keyboard_reaches_a_word(tab: Page) -> None:
    tab.goto("/")
    word = marked(tab)
    for _ in range(80):  # past the navigation and the givens of the picture
        tab.keyboard.press("Tab")
        if word.evaluate("word => word === document.activeElement"):
            break
    shown(tab)
    tab.keyboard.press("Tab")
    expect(tab.get_by_text(MEANING, exact=True)).to_be_hidden()
    assert word.get_attribute("title") == MEANING


def test_a_mouse_points_at_a_word(tab: Page) -> None:
    tab.goto("/")
    marked(tab).hover()
    shown(tab)


def test_a_finger_taps_a_word(open_tab: Callable[..., Page]) -> None:
    phone = open_tab(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goto("/")
    marked(phone).tap()
    shown(phone)


def test_without_javascript_the_browser_shows_the_meaning(open_tab: Callable[..., Page]) -> None:
    plain = open_tab(java_script_enabled=False)
    plain.goto("/")
    expect(marked(plain)).to_have_attribute("title", MEANING)


@pytest.mark.parametrize("page", ["/notation/", "/further-reading/", "/every-weight/lecture-b1/"])
def test_a_page_fits_a_phone(tab: Page, page: str) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(page)
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    for table in tab.locator("table").all():
        box = table.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390


def test_the_list_of_weights_fits_a_phone(tab: Page) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto("/every-weight/")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    for part in (tab.locator(".finder table"), tab.locator("figure.network > svg").first):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("name", ["lecture-w5", "notes-b1-2"])
def test_an_old_address_leads_to_the_new_page(tab: Page, name: str) -> None:
    tab.goto("/lecture/")
    tab.goto(f"/every-weight/#{name}")
    tab.wait_for_url(f"**/every-weight/{name}/")
    tab.go_back()
    tab.wait_for_url("**/lecture/")


def test_without_javascript_an_old_address_shows_the_link(open_tab: Callable[..., Page]) -> None:
    plain = open_tab(viewport=PHONE, java_script_enabled=False)
    plain.goto("/every-weight/#notes-b2")
    link = plain.locator("#notes-b2")
    expect(link).to_be_in_viewport()
    link.click()
    expect(plain.locator("h1")).to_contain_text("b2 in the notes")


def test_the_drawing_leads_to_a_bias_by_keyboard(tab: Page) -> None:
    tab.goto("/every-weight/")
    link = tab.get_by_role("link", name="b2_1", exact=True).first
    link.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/every-weight/lecture-b2-1/")


@pytest.mark.parametrize(
    ("page", "name"), [("/notes/", "notes.ipynb"), ("/training/", "training.ipynb")]
)
def test_the_button_downloads_the_notebook(
    tab: Page, built_site: Path, page: str, name: str
) -> None:
    tab.goto(page)
    for link in (
        tab.get_by_role("link", name="Take this page with you as a notebook"),
        tab.get_by_role("link", name="notebook", exact=True),
    ):
        with tab.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == name
        assert (
            download.value.path().read_bytes() == (built_site / page.strip("/") / name).read_bytes()
        )

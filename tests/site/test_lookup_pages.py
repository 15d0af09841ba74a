"""The look-up of every weight and every bias, as it is built."""

import json
import posixpath
from pathlib import Path

import pytest
from sitecheck import soup

from backprop import EXAMPLES
from backprop.pages.lookup import INDEX, Entry, entries

BUDGET = 60_000  # bytes of HTML: a page that a phone has at once
ENTRIES = [entry for example in EXAMPLES for entry in entries(example)]
SECTIONS = [f"{example}{part}" for example in EXAMPLES for part in ("", "-shared", "-per-neuron")]


def led_to(href: str) -> str:
    """Return the page that a link on the list leads to."""
    return posixpath.normpath(posixpath.join(f"{INDEX}/", href))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_page_is_short_live_and_found_by_its_name(built_site: Path, entry: Entry) -> None:
    path = built_site / INDEX / entry.name / "index.html"
    assert len(path.read_bytes()) < BUDGET
    page = soup(path)
    assert page.select("[data-live]")
    assert page.select("[data-n]")
    index = json.loads((built_site / "search" / "search_index.json").read_text("utf-8"))
    [found] = [each for each in index["docs"] if each["location"] == f"{INDEX}/{entry.name}/"]
    assert found["title"] == entry.title
    assert entry.parameter in found["title"].split()


def test_an_old_address_lands_at_the_link_to_the_new_page(built_site: Path) -> None:
    page = soup(built_site / INDEX / "index.html")
    for entry in ENTRIES:
        link = page.select_one(f".finder a#{entry.name}")
        assert link is not None, entry.name
        assert led_to(str(link["href"])) == f"{INDEX}/{entry.name}"
    for section in SECTIONS:
        assert page.find(id=section), section


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_weight_and_bias_of_the_drawing_is_a_link(built_site: Path, example: str) -> None:
    page = soup(built_site / INDEX / "index.html")
    links = page.select(f'figure[data-example="{example}"] svg a')
    assert {str(link["aria-label"]): led_to(str(link["href"])) for link in links} == {
        entry.parameter: f"{INDEX}/{entry.name}" for entry in entries(example)
    }


def test_the_navigation_has_the_list_alone(built_site: Path) -> None:
    page = soup(built_site / "index.html")
    links = [str(link["href"]) for link in page.select("nav.md-nav--primary a[href]")]
    assert f"{INDEX}/" in links
    assert not [link for link in links if link.startswith(f"{INDEX}/") and link != f"{INDEX}/"]

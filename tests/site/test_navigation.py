"""The navigation leads a learner from page to page, and has the rest in groups of their own."""

from itertools import pairwise
from pathlib import Path

import pytest
from sitecheck import soup

LEARN = [
    "index.html",
    "notes/index.html",
    "exercises/index.html",
    "playground/index.html",
    "training/index.html",
    "samples/index.html",
    "matrix-form/index.html",
    "activations/index.html",
    "gradient-check/index.html",
]
OTHERS = {
    "The two sources": ["lecture", "errata"],
    "Look up": ["every-weight", "your-number", "notation"],
    "About": ["tested", "architecture", "further-reading", "changes"],
}


def groups(site: Path) -> dict[str, list[str]]:
    """Return the groups of the navigation, each with the addresses of its pages."""
    found = {}
    for item in soup(site / "404.html").select(".md-nav--primary > ul > li.md-nav__item--nested"):
        label = item.select_one("label.md-nav__link")
        assert label is not None
        links = [str(link["href"]).strip("/") for link in item.select("nav a[href]")]
        found[" ".join(label.get_text().split())] = links
    return found


def test_the_pages_stand_in_four_groups(built_site: Path) -> None:
    found = groups(built_site)
    assert [*found] == ["Learn", *OTHERS]
    assert {name: found[name] for name in OTHERS} == OTHERS
    assert found["Learn"] == [".", *(name.removesuffix("/index.html") for name in LEARN[1:])]


@pytest.mark.parametrize(("name", "following"), list(pairwise(LEARN)))
def test_each_page_of_the_course_leads_to_the_next_one(
    built_site: Path, name: str, following: str
) -> None:
    link = soup(built_site / name).select_one("a.md-footer__link--next")
    assert link is not None
    target = (built_site / name).parent / str(link["href"])
    assert target.resolve() == (built_site / following).parent.resolve()

"""The scripts as a reader gets them: without comments, and otherwise as they are written."""

import re
from pathlib import Path

import pytest
from builds import ROOT
from playwright.sync_api import Page

SOURCES = sorted((ROOT / "backprop" / "site" / "assets").glob("*.js"))
# What a script says in words and numbers, which must all be there, in their order.
SAYS = re.compile(r"[\w$\\]+")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_script_is_on_the_site_without_its_comments(built_site: Path, source: Path) -> None:
    script = source.read_text(encoding="utf-8")
    copy = (built_site / "assets" / source.name).read_text(encoding="utf-8")
    assert len(copy) < len(script)
    assert not re.search(r"^\s*(//|/?\*)", copy, re.MULTILINE)
    words = iter(SAYS.findall(script))
    assert all(word in words for word in SAYS.findall(copy))


def test_a_browser_understands_each(tab: Page) -> None:
    tab.goto("/")
    for source in SOURCES:
        tab.evaluate("(name) => import(`/assets/${name}`)", source.name)

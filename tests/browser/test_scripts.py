"""The scripts as a reader gets them: short, and otherwise the same."""

import re
from pathlib import Path

import pytest
from builds import ROOT
from playwright.sync_api import Page

SOURCES = sorted((ROOT / "docs" / "assets").glob("*.js"))
COMMENT = re.compile(r"(?:^|\s)(?://|/\*\*|\*) (.{20,}?)(?: \*/)?$", re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:const|function) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_script_is_on_the_site_without_its_comments(built_site: Path, source: Path) -> None:
    script = source.read_text(encoding="utf-8")
    copy = (built_site / "assets" / source.name).read_text(encoding="utf-8")
    assert len(copy) < 0.9 * len(script)
    comments = COMMENT.findall(script)
    assert comments
    assert not [comment for comment in comments if comment in copy]


def test_a_browser_understands_each_and_finds_what_it_exports(tab: Page) -> None:
    tab.goto("/")
    for source in SOURCES:
        exported = "async (name) => Object.keys(await import(`/assets/${name}`))"
        found = tab.evaluate(exported, source.name)
        assert sorted(found) == sorted(EXPORT.findall(source.read_text(encoding="utf-8")))

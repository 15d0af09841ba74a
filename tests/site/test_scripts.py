"""The scripts as a reader gets them: without comments, and otherwise as they are written."""

from pathlib import Path

import pytest
from builds import ROOT
from playwright.sync_api import Page
from scripts import bare

SOURCES = sorted((ROOT / "docs" / "assets").glob("*.js"))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("// why\nlet a = 1; // because\n", "let a = 1;\n"),
        ('f("a // b"); // c\n', 'f("a // b");\n'),
        ("f('a // b', `c // d`);\n", "f('a // b', `c // d`);\n"),
        ("/** what\n * and how\n */\nf();\n\n  g();\n", "f();\ng();\n"),
        ("/* what\n   and how */\nf();\n/* g */ g();\n", "f();\n/* g */ g();\n"),
        ('const a = "// no comment";\n', 'const a = "// no comment";\n'),
        ("", ""),
    ],
)
def test_only_comments_and_indentation_go(script: str, expected: str) -> None:
    assert bare(script) == expected


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_script_is_on_the_site(built_site: Path, source: Path) -> None:
    script = source.read_text(encoding="utf-8")
    copy = (built_site / "assets" / source.name).read_text(encoding="utf-8")
    assert copy == bare(script)
    # No text of ours goes on over lines, in which two slashes or spaces would be its own.
    assert not any(line.count("`") % 2 for line in script.splitlines())


def test_a_browser_understands_each(tab: Page) -> None:
    tab.goto("/")
    for source in SOURCES:
        tab.evaluate("(name) => import(`/assets/${name}`)", source.name)

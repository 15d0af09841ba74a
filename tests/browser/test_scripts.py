"""The scripts as a reader gets them: without comments, with short names, and doing the same."""

import re
import sys
from pathlib import Path

import pytest
from builds import ROOT
from playwright.sync_api import Page

from backprop.site.scripts import shortened

SOURCES = sorted((ROOT / "backprop" / "site" / "assets").glob("*.js"))
# What other scripts and readers get from a script, which must all be there, in its order.
EXPORT = re.compile(r"^export (?:async )?(?:class|const|function) (\w+)", re.MULTILINE)
KEEPS = re.compile(r"export (?:async )?(?:function|const) (\w+)|\"(\w[\w ,.:;'-]*)\"")


def test_a_script_is_served_as_it_is_where_nothing_shortens_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = "// Why.\nexport const longName = 1;\n"
    monkeypatch.setitem(sys.modules, "minify", None)  # as if it were not installed
    assert shortened(script) == script
    monkeypatch.undo()
    pytest.importorskip("minify")
    assert shortened(script) == "export const longName=1"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_script_is_on_the_site_without_its_comments(built_site: Path, source: Path) -> None:
    pytest.importorskip("minify")
    script = source.read_text(encoding="utf-8")
    copy = (built_site / "assets" / source.name).read_text(encoding="utf-8")
    assert len(copy) < len(script)
    assert not re.search(r"^\s*(//|/?\*)", copy, re.MULTILINE)
    code = re.sub(r"^\s*(//|/?\*).*|(?<=[;{},]) // .*", "", script, flags=re.MULTILINE)
    kept = [name or text for name, text in KEEPS.findall(code)]
    missing = [each for each in kept if each not in copy]
    assert not missing


def test_the_styles_are_on_the_site_without_their_comments(built_site: Path, tab: Page) -> None:
    """A browser finds as many rules in them as in the file that they are made of."""
    pytest.importorskip("minify")
    styles = (ROOT / "backprop" / "site" / "assets" / "site.css").read_text(encoding="utf-8")
    copy = (built_site / "assets" / "site.css").read_text(encoding="utf-8")
    assert "/*" not in copy
    count = """(text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      const inner = (rule) => [...(rule.cssRules ?? [])].flatMap((each) => [each, ...inner(each)]);
      return inner(sheet).map((rule) => rule.style?.length ?? -1);
    }"""
    found = tab.evaluate(count, styles)
    assert len(found) > 100
    assert tab.evaluate(count, copy) == found


def test_a_browser_understands_each_and_finds_what_it_exports(tab: Page) -> None:
    tab.goto("/")
    for source in SOURCES:
        exported = "async (name) => Object.keys(await import(`/assets/${name}`))"
        found = tab.evaluate(exported, source.name)
        assert sorted(found) == sorted(EXPORT.findall(source.read_text(encoding="utf-8")))

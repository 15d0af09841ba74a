"""The scripts as a reader gets them: without comments, and otherwise as they are written."""

from pathlib import Path

import pytest
from builds import ROOT
from scripts import bare

SOURCES = sorted((ROOT / "docs" / "assets").glob("*.js"))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("// why\nlet a = 1; // stays\n", "let a = 1; // stays\n"),
        ("/** what\n * and how\n */\nf();\n\n  g();\n", "f();\ng();\n"),
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
    # What is left out must not be code: no line of ours goes on with a product or a quotient,
    # and no text of ours has a line of its own.
    code = [line.strip() for line in script.splitlines() if line.strip()]
    dropped = [line for line in code if line not in copy]
    assert all(line.startswith(("//", "/*", "*")) for line in dropped)
    assert not any(line.partition("*/")[2] for line in dropped)
    assert not any(line.count("`") % 2 for line in code)
    # Nor may anything of a comment be left: each of its lines says that it is one.
    assert "*/" not in copy

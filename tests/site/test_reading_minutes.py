"""How long it takes to read a page, and what is said where it takes too long."""

from pathlib import Path

import pytest
from builds import build, write
from mkdocs.utils.yaml import yaml_load

from backprop.site.reading import Amount, amount

ROOT = Path(__file__).parents[2]
WORDS = "<p>one two <math><mi>x</mi></math> four</p>"
INNER = "<mtable><mtr>b</mtr></mtable>"
ROWS = f'<math display="block"><mtable><mtr>a</mtr><mtr>{INNER}</mtr></mtable></math>'
CODE = "<pre><code>a = 1\n\nb = 2\n</code></pre>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", (0, 0, 0)),
        (WORDS, (4, 0, 0)),
        (ROWS, (0, 2, 0)),
        ('<math display="block"><mi>x</mi></math>', (0, 1, 0)),
        (CODE, (0, 0, 2)),
        (f"<details open><summary>Two words</summary>{CODE}</details>", (2, 0, 2)),
        (f"<details><summary>Two words</summary>{WORDS}{ROWS}{CODE}</details>", (2, 0, 0)),
        (f"<details><summary>One</summary><details open>{WORDS}</details></details>", (1, 0, 0)),
        ("<svg><text>drawn</text></svg><style>a {}</style><script>b()</script>", (0, 0, 0)),
    ],
)
def test_what_there_is_to_read_is_counted(html: str, expected: tuple[int, int, int]) -> None:
    assert amount(html) == Amount(*expected)


@pytest.mark.parametrize(
    ("counted", "minutes"),
    [((130, 0, 0), 1), ((131, 0, 0), 2), ((0, 10, 0), 1), ((0, 0, 20), 1), ((260, 20, 21), 6)],
)
def test_a_minute_is_130_words_or_10_lines_of_formulas_or_20_of_code(
    counted: tuple[int, int, int], minutes: int
) -> None:
    assert Amount(*counted).minutes == minutes


def plugins(**minutes: int) -> list[object]:
    """Return the plugins of the site, with other limits."""
    given = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["plugins"]
    ours = next(each["backprop"] for each in given if "backprop" in each)
    ours |= {"glossary": str(ROOT / ours["glossary"]), "minutes": minutes}
    return list(given)


FRONT = "---\ndescription: A page.\n---\n\n"
COUNT = '<span data-count="minutes"></span>'
LONG = f"{FRONT}# A title\n\nIt takes {COUNT} minutes.\n\n{'word ' * 380}\n"


def test_a_page_of_the_course_that_takes_too_long_fails_the_build(tmp_path: Path) -> None:
    nav = [{"Learn": ["a.md"]}, {"Look up": ["b.md"]}, "c.md"]
    pages = {name: LONG.replace("A page.", name) for name in ("a.md", "b.md", "c.md")}
    config = write(tmp_path, pages, nav=nav, plugins=plugins(Learn=2))
    result = build(config, tmp_path / "site")
    assert result.returncode != 0
    said = [line for line in result.stderr.splitlines() if "minutes" in line]
    assert len(said) == 1
    assert said[0].endswith(
        "docs/a.md: it takes 3 minutes to read, expected 2 at most; fold or cut"
    )


def test_a_page_that_is_short_enough_says_how_long_it_takes(tmp_path: Path) -> None:
    config = write(tmp_path, {"a.md": LONG}, nav=[{"Learn": ["a.md"]}], plugins=plugins(Learn=3))
    result = build(config, tmp_path / "site")
    assert result.returncode == 0, result.stderr
    html = (tmp_path / "site" / "a" / "index.html").read_text("utf-8")
    assert 'It takes <span data-count="minutes">3</span> minutes.' in html


def test_the_course_may_take_35_minutes_a_page() -> None:
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "minutes: {Learn: 35}" in settings

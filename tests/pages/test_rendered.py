"""A page is read off its rendering: with the site's settings, in two renderings, or not at all."""

import random
import re
from pathlib import Path

import pytest
from rendered import ROOT, SITE
from test_reader import PAGES, PIECES, decimals, digits

from backprop.pages import rendered
from backprop.pages.marking import Marks, candidates, marked
from backprop.pages.reader import ReadError, read, read_text
from backprop.pages.rendering import EXTENSIONS, SETTINGS, render
from backprop.pages.seen import Seen


def odd_page(seed: int) -> str:
    """Return a page of odd pieces, with a different decimal at each place."""
    dice = random.Random(seed)  # noqa: S311
    counter = iter(range(101, 999))
    text = "\n".join(dice.choices(PIECES, k=dice.randint(1, 10)))
    return re.sub("@", lambda _: f"{dice.choice(['0', '12', ''])}.{next(counter)}7", text)


def test_extensions_and_settings_are_those_of_the_site() -> None:
    assert list(EXTENSIONS) == [name for name in SITE.markdown_extensions if name in EXTENSIONS]
    assert set(SITE.markdown_extensions) - set(EXTENSIONS) <= {"fenced_code"}  # MkDocs's own
    # How the site shows code and links to headings says nothing.
    other = ("toc", "pymdownx.highlight")
    theirs = {name: set_ for name, set_ in SITE.mdx_configs.items() if set_ and name not in other}
    assert theirs == SETTINGS


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_two_renderings_are_enough_for_our_pages(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(
        rendered, "render", lambda text, *marks: texts.append(text) or render(text, *marks)
    )
    read(path)
    assert len(texts) == 2


def test_few_odd_pages_are_refused() -> None:
    refused = []
    for seed in range(300):
        try:
            read_text(odd_page(seed), "page.md")
        except ReadError as error:
            refused += [str(error)] if "cannot tell" in str(error) else []
    assert len(refused) <= 15, refused


def test_marks_tell_where_characters_stood() -> None:
    source = "see 0.5 and $x$"
    marks = Marks(source)
    of = {place: marks.new(source[place], place) for place in candidates(source, 0)}
    html = render(marked(source, of, of), marks).html
    assert marks.plain(html) == render(source).html
    assert {marks.plain(c): marks.places[c] for c in html if c in marks.places} == {
        source[place]: place for place in of
    }
    assert not {*of.values()} & {Marks(source + of[13]).new("x", 0)}  # on the page it is no mark


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a1.5@b.cc> 0.5", "05"),  # Markdown spells addresses in entities
        ("[^1.5] 0.25\n\n[^1.5]: 0.5", "025 05"),
        ("1.5 <h2.5> 0.5 </h2.5>", "15 05"),
        ("*[x2.5]: y\n\nx2.5 0.5 `1.5x`", "25 05"),
    ],
)
def test_characters_that_must_not_be_marked_are_left(text: str, expected: str) -> None:
    assert decimals(read_text(text, "page.md")) == digits(expected.split())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 5_000, "5000 brackets in 1 lines without a blank one"),
        ("a\n" * 6_000, "0 brackets in 6000 lines"),
        ("<a " * 20_000, "20000 tags of HTML that are not closed"),
    ],
)
def test_pages_that_would_take_markdown_too_long_are_refused(text: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read_text(text, "page.md")


def test_plain_text_is_seen_as_it_stands() -> None:
    assert [*Seen("a 0.\u200b5 b").numbers()] == [(2, 6, "0.5")]
    assert [*Seen("1.5", 7).numbers()] == [(7, 10, "1.5")]


def test_no_page_of_ours_is_refused() -> None:
    for path in [*PAGES, *sorted((ROOT / "docs").glob("*.ipynb"))]:
        read(path)

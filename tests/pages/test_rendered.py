"""A page is read off its rendering: with the site's settings, in two renderings, or not at all."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from complaints import complaint_of
from rendered import ROOT, SITE

from backprop.formulas.kinds import Kind
from backprop.pages import places, rendered, rendering
from backprop.pages.dialects import dialect_of
from backprop.pages.marking import Marks, candidates, marked
from backprop.pages.page import ReadError
from backprop.pages.reader import read, read_text
from backprop.pages.rendering import BUILT_IN, Extensions, Rendered, render
from backprop.pages.seen import Seen

OURS = dialect_of("page.md", {})
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]


def nested(line: str, deep: int) -> str:
    """Return a page on which each line is in the one before."""
    return "\n".join("    " * k + line for k in range(deep))


def test_extensions_and_settings_are_those_of_the_site() -> None:
    ours = dict.fromkeys((*BUILT_IN, *(name for name, _ in OURS.extensions)))
    assert [*ours] == SITE.markdown_extensions
    assert OURS.left_out == ()
    # How the site shows code and links to headings says nothing.
    other = ("toc", "pymdownx.highlight")
    theirs = {name: set_ for name, set_ in SITE.mdx_configs.items() if set_ and name not in other}
    settings = {name: json.loads(said) for name, said in OURS.extensions}
    assert theirs == {name: set_ for name, set_ in settings.items() if set_}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_two_renderings_are_enough_for_our_pages(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def counted(text: str, extensions: Extensions, marks: Marks | None = None) -> Rendered:
        texts.append(text)
        return render(text, extensions, marks)

    monkeypatch.setattr(rendering, "render", counted)
    rendered.shown.cache_clear()
    read(path)  # with what code makes in it, and before
    assert len(texts) <= 2 * rendered.shown.cache_info().misses


def test_marks_tell_where_characters_stood() -> None:
    source = "see 0.5 and $x$"
    marks = Marks(source)
    of = {place: marks.new(source[place], place) for place in candidates(source, 0)}
    html = render(marked(source, of, of), OURS.extensions, marks).html
    assert marks.plain(html) == render(source, OURS.extensions).html
    assert {marks.plain(c): marks.places[c] for c in html if c in marks.places} == {
        source[place]: place for place in of
    }
    here = Marks(source + "\U00020000")  # what is on the page is no mark
    assert here.new("x", 0) == "\U00020001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a1.5@b.cc> 0.5", "1.5 0.5"),  # Markdown spells addresses in entities
        ("[^1.5] 0.25\n\n[^1.5]: 0.5", "0.25 0.5"),
        ("1.5 <h2.5> 0.5 </h2.5>", "1.5 0.5"),
        ("*[x2.5]: y\n\nx2.5 0.5 `1.5x`", "2.5 0.5"),
    ],
)
def test_characters_that_must_not_be_marked_are_left(text: str, expected: str) -> None:
    page = read_text(text, "page.md")
    assert {number.text for number in page.numbers} == {*expected.split()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n\nb " + "[" * 201, r"3:203: more than 200 \[ came that are open at once"),
        ("[a](" * 201, r"1:804: more than 200 \( came that are open at once"),
        ("0.5 " * 50_000, "1:1: more numbers and formulas came than one page may have"),
        ("a\n" * 5_000 + "b", "1:1: 5,001 lines without a blank one between them came"),
        ("<a " * 20_000, "1:1: 20,000 tags of HTML that are not closed"),
        (nested("- a", 26), "26:1: lines nest more than 25 deep"),
        (nested("!!! note\n", 26), "51:1: lines nest more than 25 deep"),
    ],
)
def test_pages_that_would_take_markdown_too_long_are_refused(text: str, message: str) -> None:
    with pytest.raises(ReadError, match=f"page.md:{message}"):
        read_text(text, "page.md")


@pytest.mark.parametrize(
    "text",
    ["[" * 200, "[a](b) " * 300, "a\n" * 4_999, nested("- 0.5", 25)],
)
def test_pages_just_below_are_read(text: str) -> None:
    assert len(read_text(text, "page.md").numbers) == text.count("0.5")


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a $_$ b", "_"),  # no character of it has a mark
        ("a $x &lt; 1$ $y$", "x &lt; 1"),
        ("a $x\t= 1$", "x\t= 1"),
        ("a $x \x02= 1$", "x \x02= 1"),
        ("> a $x\n> = 1$", "x\n  = 1"),
        ("- $$\n\\begin{a}\n  x\n\\end{a}\n  $$", "\n\\begin{a}\n  x\n\\end{a}\n  "),
        ("a ![$x$](b '\\\\(c\\\\)')", "x"),
    ],
)
def test_formulas_keep_their_source(text: str, latex: str) -> None:
    [math] = [math for math in read_text(text, "page.md").math if math.latex != "y"]
    assert math.latex == latex
    assert text[math.latex_start] == latex[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- a <!-- 0.5 b -->", ["<!-- a <!-- 0.5 b -->"]),
        ("<!-- <!-- c --> d -->", ["<!-- <!-- c -->"]),
        ("a <!-- - --> <!---->", ["<!-- - -->", "<!---->"]),
        ("<!--\n```\nx\n```\n-->\n\n<!-- b -->", ["<!--\n```\nx\n```\n-->", "<!-- b -->"]),
        ("> <!--\n> ```\n> x\n> ```\n> y\n> -->", ["<!--\n> ```\n> x\n> ```\n> y\n> -->"]),
    ],
)
def test_comments_keep_their_source(text: str, expected: list[str]) -> None:
    comments = read_text(text, "page.md").comments
    assert [text[comment.start : comment.end] for comment in comments] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n\n    <!-- -\n    - -->", "cannot tell where a comment stands"),
        ("- a\n\n    $$\n    _\n    $$", "cannot tell where the formula '_' stands"),
        ("a_b ![$_$](c)", r"cannot tell where '\\\\\(_"),
        ("\n\n$$\n_\n$$", "cannot tell where the formula '_' stands"),
        ("$ *_* $", r"1:1: \$ without its partner"),
        (">\t\t_", "cannot tell where indented code stands"),
        ("_\n===", "cannot tell where a heading stands"),
        ("## _\n\n<h3 markdown>_</h3>", "cannot tell where a heading stands"),
    ],
)
def test_what_cannot_be_placed_is_said(text: str, message: str) -> None:
    assert re.search(message, complaint_of(text))


def test_headings_without_a_letter_are_found() -> None:
    text = "a\n\n> ## _\n\n## -\n\n## b"
    headings = read_text(text, "page.md").headings
    assert [text[heading.start : heading.end] for heading in headings] == [" _", " -", " b"]


def test_headings_of_html_are_none() -> None:
    page = read_text("<h2 markdown>0.5 a</h2>", "page.md")
    assert (page.headings, [number.text for number in page.numbers]) == ([], ["0.5"])


def test_few_renderings_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a 1.5 <a1.5@b.cc> 2.5 b"  # the address has no marks, since Markdown spells it out
    assert [number.text for number in read_text(text, "page.md").numbers] == ["1.5", "1.5", "2.5"]
    rendered.shown.cache_clear()
    monkeypatch.setattr(rendered, "RENDERINGS", 1)
    with pytest.raises(ReadError, match=r"cannot tell where 'a 1\.5 a1\.5@b\.cc 2\.5 b' stands"):
        read_text(text, "page.md")


@pytest.mark.parametrize(
    "text",
    [
        "$$\n_\n$$",
        "a <!-- -\n> - --> b",
        "\n    ___\n\n\n    > ___\n",
        "- a\n\n    ***\n\n        _\n",
    ],
)
def test_what_has_no_marks_is_found_or_refused(text: str) -> None:
    with suppress(ReadError):
        page = read_text(text, "page.md")
        for item in (*page.math, *page.comments, *page.code):
            assert text[item.start : item.end].strip()


def test_raw_html_within_markdown_within_html_is_raw() -> None:
    text = "<div>$a$ <b>c</b> $d$</div>\n\n<pre><code><code>1.5</code></code></pre>"
    text = f"<div markdown>\n{text}\n</div>"
    page = read_text(text, "page.md")
    assert unread(text) == ["$a$", "$d$"]
    assert (page.math, page.code, page.numbers) == ([], [], [])
    text = "<div markdown>\n<div markdown='0'>\n<p>$a$ 0.5</p>\n$b$\n</div>\n\n$c$\n</div>"
    page = read_text(text, "page.md")
    assert unread(text) == ["$a$", "$b$"]
    assert [math.latex for math in page.math] == ["c"]


def test_code_indented_by_tabs() -> None:
    page = read_text("a\n\n\tx = 1\n\n\ty\n", "page.md")
    assert [(code.text, code.start, code.end) for code in page.code] == [("x = 1\n\ny\n", 4, 13)]


def test_html_formulas_are_told() -> None:
    text = "a <math><mi>x</mi></math> <script type='math/tex'>x</script>"
    assert unread(text) == ["<math>", "<script type='math/tex'>"]
    assert unread("a[^1]\n\n[^1]: <math><mi>x</mi></math>\n\n$b$") == ["<math>"]


def test_formulas_of_others_are_told() -> None:
    assert unread("a $`x`$ b :math:`y`") == ["$`x`$", ":math:`y`"]
    assert unread("[a](b '\\\\(x\\\\)')") == ["\\(x\\\\)"]


def unread(text: str) -> list[str]:
    """Return what is a formula to its author only."""
    faults = read_text(text, "page.md").faults
    return [text[each.start : each.end] for each in faults if each.kind is Kind.NOT_READ]


def test_plain_text_is_seen_as_it_stands() -> None:
    assert [*Seen("a 0.\u200b5 b").numbers()] == [(2, 6, "0.5")]
    assert [*Seen("1.5", 7).numbers()] == [(7, 10, "1.5")]


def test_no_page_of_ours_is_refused() -> None:
    for path in [*PAGES, *sorted((ROOT / "docs").glob("*.ipynb"))]:
        read(path)


def test_a_byte_order_mark_is_no_text() -> None:
    assert read_text("\ufeff0.5", "page.md").numbers[0].start == 1


def test_many_spaces_are_looked_for_at_once() -> None:
    spelled = places._spelled("a" + " " * 60 + "\n b")  # noqa: SLF001
    assert spelled.fullmatch("a \t\r\n > b")
    # To share 60 spaces between 60 patterns would take longer than anybody waits.
    assert not spelled.fullmatch("a" + " " * 60 + "b")

"""The words of the glossary: defined once, used, and marked where a page first uses them."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from builds import build, own_warnings, write
from markdown import Markdown
from mkdocs.config import load_config

from backprop.pages import glossary as words_of
from backprop.pages.glossary import load
from backprop.pages.reader import read_text
from backprop.site import glossary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SITE = load_config(str(ROOT / "mkdocs.yml"))
WORDS = load(ROOT / "docs" / ".glossary.yml")


def rendered(text: str) -> BeautifulSoup:
    site = Markdown(
        extensions=[*SITE.markdown_extensions, glossary.Marks(WORDS)],
        extension_configs=SITE.mdx_configs,
    )
    return BeautifulSoup(site.convert(text), "html.parser")


def marked(text: str) -> list[str]:
    return [mark.get_text() for mark in rendered(text).find_all("abbr")]


def test_a_word_is_marked_where_it_is_first_used() -> None:
    text = "Each weight counts, and each bias.\n\nA weight again, two weights and a Bias."
    assert marked(text) == ["weight", "bias"]
    first = rendered(text).find("abbr")
    assert first is not None
    assert first["title"] == WORDS.terms["weight"]
    assert first["tabindex"] == "0"
    assert first.parent is not None
    assert first.parent.get_text() == "Each weight counts, and each bias."


def test_the_text_stays_as_it_was() -> None:
    text = (
        "A net input, *two net\ninputs and* a [weight](x.md) of `weight`, gradients.\n\n- delta a\n"
    )
    plain = Markdown(extensions=SITE.markdown_extensions, extension_configs=SITE.mdx_configs)
    expected = BeautifulSoup(plain.convert(text), "html.parser").get_text()
    assert rendered(text).get_text() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The learning rate and the gradient check.", ["learning rate", "gradient check"]),
        ("A gradient. Two gradient checks.", ["gradient", "gradient checks"]),
        ("Weights, BIASES", ["Weights", "BIASES"]),
        ("weighty, biased, delta_1, underweight", []),
        ("*a weight* and more", ["weight"]),
        ("| a |\n| - |\n| a weight |", ["weight"]),
        ("> a weight", ["weight"]),
        ("- one\n- a weight", ["weight"]),
        ("!!! note\n\n    A weight.", ["weight"]),
    ],
)
def test_where_marks_are(text: str, expected: list[str]) -> None:
    assert marked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# A weight",
        "### A weight",
        "| weight |\n| - |\n| a |",
        "`a weight`",
        "```python\nweight = 1\n```",
        r"$\text{weight} = 1$",
        "$$\n\\text{weight}\n$$",
        "[a weight](x.md)",
        '!!! note "A weight"\n\n    Other.',
        '??? note "A weight"\n\n    Other.',
        '=== "A weight"\n\n    Other.',
        "The **whole weight** counts.",
        '<div class="glossary" markdown>\n\nA weight.\n\n</div>',
        "<!-- a weight -->",
        '![a weight](x.svg "a weight")',
        "An error, one round, an input and an output.",  # words that mean other things as well
    ],
)
def test_where_no_marks_are(text: str) -> None:
    assert marked(text) == []


def test_a_page_that_defines_a_word_marks_it_from_the_next_section_on() -> None:
    before = "A weight.\n\n"
    home = "## One\n\nA **weight** is a number. A weight.\n\n### More\n\nThe weights.\n\n"
    assert marked(before + home) == []
    after = rendered(before + home + "## Two\n\nAll weights.\n")
    assert [mark.get_text() for mark in after.find_all("abbr")] == ["weights"]
    heading = after.find("h2", id="two")
    assert heading is not None
    assert heading.find_next("abbr") is not None


def test_a_title_in_bold_defines_nothing() -> None:
    assert marked("**Weights**\n\nA weight.") == ["weight"]


def test_pages_do_not_share_what_they_have_marked() -> None:
    site = Markdown(extensions=[glossary.Marks(WORDS)])
    assert [site.reset().convert("A weight.").count("<abbr") for _ in range(2)] == [1, 1]


def test_a_meaning_is_plain_text_since_a_tooltip_shows_it_as_it_is() -> None:
    for meaning in WORDS.terms.values():
        assert not re.search(r"[$`*_<>\"]|\d\.\d", meaning), meaning


def test_a_site_has_the_marks_and_the_index_does_not(tmp_path: Path) -> None:
    page = "---\ndescription: A page.\n---\n# Page\n\nEach weight counts.\n"
    result = build(write(tmp_path, {"index.md": page}), tmp_path / "site")
    assert not own_warnings(result.stderr)
    assert f'title="{WORDS.terms["weight"]}"' in (tmp_path / "site/index.html").read_text("utf-8")
    index = (tmp_path / "site/search/search_index.json").read_text("utf-8")
    assert "Each weight counts." in index


# The words and the pages


def test_each_word_in_bold_is_in_the_glossary_or_named_as_none_of_it() -> None:
    strange = {
        f"{page.path}: {word}"
        for page in words_of.pages(DOCS)
        for word, _ in words_of.bold(page)
        if not WORDS.term(word) and word not in WORDS.others
    }
    assert not strange, "put them into docs/.glossary.yml, under terms or under others"


def test_each_word_is_bold_once_on_a_page_at_most() -> None:
    for page in words_of.pages(DOCS):
        words = [WORDS.term(word) for word, _ in words_of.bold(page) if WORDS.term(word)]
        assert len(words) == len({*words}), page.path


def test_each_word_of_the_glossary_is_used() -> None:
    # As authors wrote them: the list has each word, whether it is used or not.
    text = "\n".join(part.text for page in words_of.pages(DOCS) for part in page.parts)
    used = {WORDS.spelling[match[1].lower()] for match in WORDS.pattern.finditer(text)}
    assert used == {*WORDS.terms}


def test_what_is_no_word_is_still_bold_somewhere() -> None:
    bold = {word for page in words_of.pages(DOCS) for word, _ in words_of.bold(page)}
    assert bold >= {*WORDS.others}


def test_unmarked_words_are_words() -> None:
    assert {*WORDS.unmarked} <= {*WORDS.terms}


def test_a_word_in_bold_that_is_not_in_the_glossary_is_found() -> None:
    code = "```text\n**code**\n```"
    first = f"A **momentum** is. **Aim: this.** **All of this is stressed**\n\n{code}\n\n**Title**"
    page = read_text(f"# T\n\n{first}\n\n- **item**, more\n\n## H\n\n**delta**s", "page.md")
    assert [*words_of.bold(page)] == [("momentum", ""), ("delta", "H")]

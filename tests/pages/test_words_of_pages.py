"""The words of this site's pages: all that compare are bound, and each slip in one is found."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from printed import DOCS

from backprop.formulas.conditions import holds, parse
from backprop.pages.check import Checked, check, check_text
from backprop.pages.page import Edit
from backprop.pages.reader import read
from backprop.pages.words import Words, unbound

LIVE = [  # the pages whose numbers a reader may change
    "activations.md",
    "architecture.md",
    "deeper.md",
    "every-weight.md",
    "exercises.md",
    "gradient-check.ipynb",
    "index.md",
    "lecture.md",
    "matrix-form.md",
    "notation.md",
    "notes.md",
    "one-output.md",
    "playground.md",
    "samples.ipynb",
    "tested.md",
    "training.ipynb",
    "your-page.md",
]
WITH_WORDS = [
    "activations.md",
    "deeper.md",
    "every-weight.md",
    "exercises.md",
    "gradient-check.ipynb",
    "lecture.md",
    "notes.md",
    "one-output.md",
    "playground.md",
    "samples.ipynb",
    "training.ipynb",
]
SIGNS = {"<": ">", ">": "<"}


@cache
def checked(name: str) -> Checked:
    """A page that has been checked."""
    return check(DOCS / name)


def test_all_live_pages_are_listed() -> None:
    pages = {path.name: read(path) for path in DOCS.iterdir() if path.suffix in (".md", ".ipynb")}
    live = {
        name
        for name, page in pages.items()
        if page.front.get("backprop") and page.front.get("live") is not False
    }
    assert live == set(LIVE)


@pytest.mark.parametrize("name", LIVE)
def test_each_sentence_that_compares_is_bound_or_says_why_not(name: str) -> None:
    assert [sentence for *_, sentence in unbound(read(DOCS / name))] == []


def test_the_pages_with_words_are_listed() -> None:
    assert [name for name in LIVE if checked(name).words] == WITH_WORDS


def broken(name: str, change: Callable[[Words], list[Edit]]) -> tuple[int, int]:
    """Change all words of a page; return how many were changed, and how many are found."""
    page = checked(name).page
    edits = [change(words) for words, _ in checked(name).words]
    text = page.edited(edit for each in edits for edit in each)
    return sum(map(bool, edits)), len(check_text(text, page.path).findings)


def condition(words: Words, new: str) -> list[Edit]:
    """Return the edit that writes another condition into a mark."""
    start = words.mark.start + len("<!-- if: " if not words.sentence else "<!-- holds: ")
    return [Edit(words.part, start, start + len(words.text), new)]


@pytest.mark.parametrize("name", WITH_WORDS)
def test_each_negated_condition_is_found(name: str) -> None:
    changed, found = broken(name, lambda words: condition(words, f"not ({words.text})"))
    assert changed == found == len(checked(name).words)


@pytest.mark.parametrize("name", WITH_WORDS)
def test_each_set_of_flipped_comparisons_is_found(name: str) -> None:
    def flipped(words: Words) -> list[Edit]:
        return condition(words, re.sub("[<>]", lambda sign: SIGNS[sign[0]], words.text))

    changed, found = broken(name, flipped)
    assert changed == found == len(checked(name).words)


@pytest.mark.parametrize("name", WITH_WORDS)
def test_each_comparison_matters(name: str) -> None:
    for words, world in checked(name).words:
        signs = [*re.finditer("[<>]", words.text)]
        assert signs
        for sign in signs:
            before, after = words.text[: sign.start()], words.text[sign.end() :]
            other = parse(f"{before}{SIGNS[sign[0]]}{after}")
            assert holds(other, world) is not words.first, words.text


@pytest.mark.parametrize("name", WITH_WORDS)
def test_each_other_word_and_each_needless_note_is_found(name: str) -> None:
    changed, found = broken(name, lambda words: words.written(first=not words.first)[:1])
    assert changed == len(checked(name).words)
    assert found == changed

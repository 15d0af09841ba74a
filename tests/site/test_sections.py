"""What stands between two headings is one part, and nothing is lost or moved by that."""

import re

import pytest
from markdown import markdown

from backprop.site.sections import Parts

PAGE = """Before.

# Title

One.

* two

## Section
### At once another

Three.

> # Not of the page
"""


def test_what_stands_between_headings_is_a_part() -> None:
    html = markdown(PAGE, extensions=[Parts()])
    parts = re.findall(r'<div class="bp-part">\n(.*?)\n</div>', html, re.DOTALL)
    assert [re.sub(r"<[^>]*>|\s+", " ", part).split() for part in parts] == [
        ["Before."],
        ["One.", "two"],
        ["Three.", "Not", "of", "the", "page"],
    ]
    assert html.count("<h") == 4
    assert "<h2>Section</h2>\n<h3>At once another</h3>" in html
    plain = markdown(PAGE)
    assert re.sub(r'<div class="bp-part">|</div>|\n', "", html) == plain.replace("\n", "")


TEXT = ("A paragraph with " + " ".join(f"*{k}*" for k in range(40)) + ".",)


def parts_of(*blocks: str) -> list[int]:
    """Return how many blocks are in each part of a page."""
    html = markdown("\n\n".join(blocks), extensions=[Parts(), "fenced_code"])
    parts = html.split('<div class="bp-part')[1:]
    return [len(re.findall(r"<(?:p|pre|blockquote)>", part)) for part in parts]


def test_a_part_that_is_long_ends_behind_a_paragraph() -> None:
    assert parts_of(*TEXT * 9) == [4, 4, 1]
    assert sum(parts_of(*TEXT * 90)) == 90


def test_a_part_with_many_letters_in_few_elements_ends_as_well() -> None:
    plain = ("word " * 60,)
    assert parts_of(*plain * 3) == [3]
    assert parts_of(*plain * 7) == [3, 3, 1]


def test_a_part_may_begin_with_a_box() -> None:
    html = markdown(
        "\n\n".join([*TEXT * 4, "!!! note\n    Boxed."]), extensions=[Parts(), "admonition"]
    )
    assert '<div class="bp-part">\n<div class="admonition note">' in html


def test_a_part_ends_at_nothing_that_has_other_room_around_it_than_a_paragraph() -> None:
    code, quote = "```\ncode\n```", "> Quoted"
    assert parts_of(*TEXT * 4, code, *TEXT) == [6]
    assert parts_of(*TEXT * 4, code, *TEXT * 2) == [6, 1]
    assert parts_of(*TEXT * 4, quote, *TEXT) == [7]


def test_what_the_first_screen_holds_is_laid_out_at_once() -> None:
    html = markdown("\n\n# Next\n\n".join(TEXT * 40), extensions=[Parts()])
    at_once, _, below = html.partition('<div class="bp-part bp-below">')
    assert at_once.count('<div class="bp-part">') == 12  # with 131 letters in each
    assert below.count('<div class="bp-part bp-below">') == 40 - 13
    assert '<div class="bp-part">' not in below


@pytest.mark.parametrize("block", ["    " + "code " * 700, "<pre>" + "code " * 700 + "</pre>"])
def test_code_and_html_count_as_well(block: str) -> None:
    html = markdown(f"{block}\n\n# Next\n\nText.", extensions=[Parts()])
    assert html.count('<div class="bp-part bp-below">') == 1
    short = block.replace("code " * 700, "code " * 600)
    html = markdown(f"{short}\n\n# Next\n\nText.", extensions=[Parts()])
    assert "bp-below" not in html


def test_a_page_without_text_has_no_part() -> None:
    assert markdown("# Title", extensions=[Parts()]) == "<h1>Title</h1>"
    assert not markdown("", extensions=[Parts()])

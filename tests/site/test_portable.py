"""A page's Markdown becomes Markdown that Jupyter shows as well."""

import pytest

from backprop.site.portable import Converter, Site

SVG = b"<svg/>"
SITE = Site(
    address=lambda target: target if "://" in target else f"https://book.example/{target}",
    picture=lambda place: SVG + place.encode(),
    drawing=lambda figure, example: f"<svg><title>{figure} of {example}</title></svg>",
)
NOWHERE = Site(lambda _: "", SITE.picture, SITE.drawing)


def converted(text: str, site: Site = SITE) -> str:
    return Converter(site).convert(text).removesuffix("\n")


@pytest.mark.parametrize(
    "text",
    [
        "# A title\n\nText with *stress*, **more**, `code` and $a_1 = 2$.",
        "- one\n- two\n\n1. one\n2. two",
        "| a | b |\n| --- | --- |\n| $x$ | `y|` |",
        "> a quote",
        "$$\na = b\n$$",
        "$$\n\\begin{bmatrix} a \\\\ b \\end{bmatrix}\n$$",
        "~~~console\nls [a](b) {: .x } <!-- c -->\n~~~",
        "~~~text\n!!! note\n~~~",
        "`<!-- a -->` and `{ .x }` and ``a ` [b](c)``",
        "$f[a](b) \\{ .x \\}$",
        "One <sup>2</sup> <kbd>Enter</kbd> &lt;",
        "[a](https://other.example/x)",
    ],
)
def test_what_jupyter_knows_stays(text: str) -> None:
    assert converted(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "$$\n\\begin{align}\na &= b\n\\end{align}\n$$",
            "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$",
        ),
        (
            "$$\n\\begin{align*}\na\n\\end{align*}\n$$",
            "$$\n\\begin{aligned}\na\n\\end{aligned}\n$$",
        ),
        ("- an item\n\n    $$\n    a\n    $$", "- an item\n\n    $$ a $$"),
        ("a <!-- b --> c", "a c"),
        ("a\n\n<!-- b\nc -->\n\nd", "a\n\nd"),
        ("<!-- b --> c", " c"),
        ("# A title { #id }\n\n[a](b){ .button }", "# A title\n\n[a](https://book.example/b)"),
        ("*[HTML]: markup\n\nHTML", "HTML"),
        ("[the `x` of $y$](lecture.md#z)", "[the `x` of $y$](https://book.example/lecture.md#z)"),
        ('[a](#b "title")', "[a](https://book.example/#b)"),
        ('<div class="x">\n<div>\na\n</div>\n</div>\n\nb', "b"),
        ('<form>\n<input name="a">\n</form>', ""),
        ('<div class="x" markdown>\n\n## A\n\nb\n\n</div>\n\nc', "## A\n\nb\n\nc"),
        ('a <span id="x"></span>b', 'a <span id="x"></span>b'),
        ("`a`<wbr>", "`a`"),
    ],
)
def test_what_only_the_site_knows_goes(text: str, expected: str) -> None:
    assert converted(text) == expected


def test_links_of_a_site_without_an_address_are_text() -> None:
    assert converted("See [the *lecture*](lecture.md).", NOWHERE) == "See the *lecture*."


BOX = """
{}
    One *line*.

    $$
    \\begin{{align}}
    a &= b \\\\
    &= c
    \\end{{align}}
    $$

    - item

Behind.
"""
QUOTE = """> **{}**
>
> One *line*.
>
> $$ \\begin{{aligned}} a &= b \\\\ &= c \\end{{aligned}} $$
>
> - item

Behind."""


@pytest.mark.parametrize(
    ("marker", "title"),
    [
        ('!!! note "A $x$"', "A $x$"),
        ('??? question "Why?"', "Why?"),
        ('???+ note "Open"', "Open"),
        ("!!! warning", "Warning"),
        ("??? tip inline", "Tip"),
        ('=== "A tab"', "A tab"),
    ],
)
def test_a_box_becomes_a_quote(marker: str, title: str) -> None:
    assert converted(BOX.format(marker)) == QUOTE.format(title)


def test_a_box_without_a_title() -> None:
    assert converted('!!! note ""\n\n    Text.') == "> Text."


def test_a_box_in_a_box_becomes_a_quote_in_a_quote() -> None:
    text = '??? question "Q"\n\n    Why?\n\n    ??? success "Answer"\n\n        So.\n\nEnd.'
    assert converted(text) == "> **Q**\n>\n> Why?\n>\n> > **Answer**\n> >\n> > So.\n\nEnd."


PYTHON = """```python
if True:

    print(1)
```"""
OUTPUT = "<!--pytest-codeblocks:expected-output-->\n\n```text\n1\n```"


def inside(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line if line else "" for line in text.split("\n"))


def test_python_stays_and_its_output_goes() -> None:
    assert converted(f"A\n\n{PYTHON}\n\n{OUTPUT}\n\nB\n\n```text\nno output\n```") == (
        f"A\n\n{PYTHON}\n\nB\n\n~~~text\nno output\n~~~"
    )


def test_python_with_a_need_gets_a_tag_and_what_follows_does_not() -> None:
    mark = "<!--pytest-codeblocks:importorskip(torch)-->"
    tagged = PYTHON.replace("python", 'python tags=["raises-exception"]')
    assert converted(f"{mark}\n\n{PYTHON}\n\n{OUTPUT}\n\n{PYTHON}") == f"{tagged}\n\n{PYTHON}"


def test_python_leaves_its_box() -> None:
    code = f"{inside(PYTHON, 4)}\n\n{inside(OUTPUT, 4)}"
    box = f'??? success "Answer"\n\n    So:\n\n{code}\n\n    That is it.'
    assert converted(box) == f"> **Answer**\n>\n> So:\n\n{PYTHON}\n\n> That is it."


def test_python_leaves_boxes_and_lists() -> None:
    nested = f'??? note "A"\n\n    === "B"\n\n{inside(PYTHON, 8)}\n\n'
    nested += f"- item\n\n{inside(PYTHON, 4)}\n\nEnd."
    assert converted(nested) == f"> **A**\n>\n> > **B**\n\n{PYTHON}\n\n- item\n\n{PYTHON}\n\nEnd."


def test_python_that_readers_do_not_see_runs_all_the_same() -> None:
    assert converted(f"A\n\n<!--\n{PYTHON}\n-->\n\nB") == f"A\n\n{PYTHON}\n\nB"


def test_a_fence_of_four_holds_one_of_three() -> None:
    assert converted(f"````markdown\n{PYTHON}\n````") == f"~~~markdown\n{PYTHON}\n~~~"
    assert converted("```text\n~~~~\n```") == "~~~~~text\n~~~~\n~~~~~"


def test_figures_become_attachments() -> None:
    converter = Converter(SITE)
    figure = '<figure class="network" data-figure="plain" data-example="notes" markdown>\n'
    caption = "<figcaption markdown>\nThe line $w$,\nand more.\n</figcaption>\n</figure>\n"
    text = converter.convert(f"A\n\n{figure}{caption}\n![words](assets/a.svg)\n")
    assert text == (
        "A\n\n![plain of notes](attachment:plain-1.svg)\n\nThe line $w$, and more.\n\n"
        "![words](attachment:2-a.svg)\n"
    )
    assert converter.pictures == {
        "plain-1.svg": b"<svg><title>plain of notes</title></svg>",
        "2-a.svg": b"<svg/>assets/a.svg",
    }


def test_what_cannot_be_shown_is_told_in_words() -> None:
    empty = Site(SITE.address, lambda _: b"", lambda *_: "")
    figure = '<figure data-figure="x">\n<figcaption>\nWords.\n</figcaption>\n</figure>'
    assert converted(f"![a cat](cat.svg)\n\n{figure}", empty) == "a cat\n\nWords."
    assert converted("![a](https://a.example/a.svg)", empty) == "![a](https://a.example/a.svg)"


@pytest.mark.parametrize("text", ["```python\nx", "<div>\na", "$$\na", "<!-- a", "!!! note"])
def test_what_does_not_end_is_read_to_the_end(text: str) -> None:
    assert isinstance(converted(f"A\n\n{text}"), str)

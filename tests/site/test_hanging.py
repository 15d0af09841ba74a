"""A long line of Python that is deep says how deep, and all else stays."""

import pytest

from backprop.site.hanging import on_post_page

LONG = "return first_factor * second_factor"


def block(code: str, language: str = "python") -> str:
    return f'<div class="language-{language} highlight"><pre><code>{code}\n</code></pre></div>'


@pytest.mark.parametrize(
    ("line", "depth"),
    [
        (f"        {LONG}", 2),
        (f"            {LONG}", 3),
        (f'        <span class="k">return</span> {LONG}', 2),
    ],
)
def test_a_long_deep_line_is_marked(line: str, depth: int) -> None:
    assert on_post_page(block(f"def f():\n{line}\nend")) == block(
        f'def f():\n<span class="bp-in{depth}">{line}</span>\nend'
    )


@pytest.mark.parametrize(
    "code",
    [
        f"    {LONG}",  # goes on where all lines do
        "        return a",
        "        a &lt; b &lt; c &lt; d &lt; e &lt; f",  # short for a reader
        f'        <span class="s">"""{LONG}\n        {LONG}"""</span>',
        f"       {LONG}",  # stands below a bracket
    ],
)
def test_any_other_line_stays(code: str) -> None:
    assert on_post_page(block(code)) == block(code)


def test_what_a_program_prints_stays() -> None:
    page = block(f"        {LONG}", "text")
    assert on_post_page(page) == page

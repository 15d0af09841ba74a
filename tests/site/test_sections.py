"""What stands between two headings is one part, and nothing is lost or moved by that."""

import re

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


def test_a_page_without_text_has_no_part() -> None:
    assert markdown("# Title", extensions=[Parts()]) == "<h1>Title</h1>"
    assert not markdown("", extensions=[Parts()])

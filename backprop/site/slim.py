"""Remove markup without effect from a page, so that a phone loads it faster.

Pygments marks names and white space in code, which have no style of their own; `display="inline"`
is the default of a formula; and the theme writes many empty lines around the text.
"""

import re

PLAIN = re.compile(r'<span class="[nw]">([^<]*)</span>')
INLINE = re.compile(r'(<math\b[^>]*?) display="inline"')
NAVIGATION = re.compile(r"<nav\b.*</nav>", re.DOTALL)
SPACE = re.compile(r"\s{2,}")
GAP = re.compile(r">\s{2,}<")  # between two elements, where one space has the same effect


def on_post_page(output: str, **_: object) -> str:
    """Return a page without marks that change nothing, and with single spaces around its text."""
    head, article, rest = output.partition("<article")
    if not article:
        return output
    text, end, foot = rest.partition("</article>")
    outside = (NAVIGATION.sub(lambda nav: SPACE.sub("\n", nav[0]), part) for part in (head, foot))
    head, foot = (GAP.sub(">\n<", part) for part in outside)
    return head + article + INLINE.sub(r"\1", PLAIN.sub(r"\1", text)) + end + foot

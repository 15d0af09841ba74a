"""Let a long line of Python go on below further in than it begins, however deep it is indented.

By styles alone all lines of a block go on at the same place, so that what follows a deep line would
look like a statement outside of its block.
"""

import re
from html import unescape

BLOCK = re.compile(r'<div class="[^"]*\blanguage-python\b[^>]*>\s*<pre>.*?</pre>', re.DOTALL)
DEEP = re.compile(r"^(?: {4}){2,5}(?=\S).*", re.MULTILINE)
TAG = re.compile(r"<[^>]*>")
FITS = 34  # characters, which every phone holds


def on_post_page(output: str, **_: object) -> str:
    """Return a page whose long and deep lines of Python know how deep they are."""
    return BLOCK.sub(lambda block: DEEP.sub(hung, block[0]), output)


def hung(line: re.Match[str]) -> str:
    """Return a line of a block in an element that says how deep it is, if it is long."""
    text = unescape(TAG.sub("", line[0]))
    if len(text) <= FITS or line[0].count("<span") != line[0].count("</span"):
        return line[0]  # a token goes on in the next line
    depth = (len(text) - len(text.lstrip())) // 4
    return f'<span class="bp-in{depth}">{line[0]}</span>'

r"""Convert the small part of LaTeX that worksheets use to MathML.

The site's converter for all of LaTeX needs packages that the command line must do without.

The site has a converter for all that a page may hold; a sheet must not need it.
"""

import re
from collections import deque
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

SIGN = re.compile(r"\\[A-Za-z]+|\d+(?:\.\d+)?|[A-Za-z]|[-+=(){}_^,;]|\s+")
IDENTIFIERS = {
    r"\ln": "ln",
    r"\eta": "\N{GREEK SMALL LETTER ETA}",
    r"\delta": "\N{GREEK SMALL LETTER DELTA}",
    ";": ";",
}
OPERATORS = {
    "+": "+",
    "-": "\N{MINUS SIGN}",
    "=": "=",
    ",": ",",
    r"\times": "\N{MULTIPLICATION SIGN}",
    r"\partial": "\N{PARTIAL DIFFERENTIAL}",
}
SCRIPTS = {"_": "msub", "^": "msup"}


def mathml(latex: str) -> str:
    r"""Return a formula as a `<math>` element.

    Args:
        latex: names, numbers, `+ - = , ; \times ( )`, scripts, `\frac`, `\mathrm`,
            `\partial`, `\eta` and `\delta`.

    Raises:
        ValueError: it contains something else, or is incomplete.
    """
    signs = deque(_signs(latex))
    math = Element("math", {"displaystyle": "true"})
    try:
        _fill(math, signs, end="")
    except IndexError:
        raise ValueError(f"{latex[:40]!r} came, expected a whole formula") from None
    return tostring(math, encoding="unicode")


def _signs(latex: str) -> Iterator[str]:
    place = 0
    while place < len(latex):
        if not (sign := SIGN.match(latex, place)):
            raise ValueError(f"{latex[place:][:20]!r} came, expected what a worksheet uses")
        if not sign[0].isspace():
            yield sign[0]
        place = sign.end()
    yield ""  # the end


def _fill(row: Element, signs: deque[str], end: str) -> None:
    """Append elements to a row, up to the sign that ends it."""
    before = "="  # at the start of a row, a minus is a sign as well
    while (sign := signs.popleft()) != end:
        _append(row, sign, signs)
        if sign in ("+", "-") and before in OPERATORS:
            row[-1].set("form", "prefix")
        before = sign


def _append(row: Element, sign: str, signs: deque[str]) -> None:
    """Append an element for a sign, or attach a script to the element before it."""
    if sign in SCRIPTS:
        base = row[-1]
        row.remove(base)
        scripted = SubElement(row, SCRIPTS[sign])
        if sign == "^" and base.tag == "msub":
            scripted.tag = "msubsup"
            scripted.extend(base)
        else:
            scripted.append(base)
        _argument(scripted, signs)
    elif sign == r"\frac":
        fraction = SubElement(row, "mfrac")
        _argument(fraction, signs)
        _argument(fraction, signs)
    elif sign == "(":
        # In a row with what it encloses: elsewhere Firefox and WebKit do not stretch it.
        group = SubElement(row, "mrow")
        SubElement(group, "mo").text = "("
        _fill(group, signs, end=")")
        SubElement(group, "mo").text = ")"
    elif sign == r"\mathrm":
        SubElement(row, "mi").text = "".join(iter(signs.popleft, "}")).removeprefix("{")
    elif sign in OPERATORS:
        SubElement(row, "mo").text = OPERATORS[sign]
    elif sign[:1].isdigit():
        SubElement(row, "mn").text = sign
    elif sign in IDENTIFIERS or sign.isalpha():
        SubElement(row, "mi").text = IDENTIFIERS.get(sign, sign)
    else:
        raise ValueError(f"{sign!r} came where it has no meaning in a worksheet")


def _argument(parent: Element, signs: deque[str]) -> None:
    """Append the argument of a command: a group in braces or a single sign."""
    sign = signs.popleft()
    row = SubElement(parent, "mrow")
    if sign == "{":
        _fill(row, signs, end="}")
    else:
        _append(row, sign, signs)
    if len(row) == 1:
        parent.remove(row)
        parent.append(row[0])

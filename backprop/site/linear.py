"""Write a formula on one line, as one would type it, for the search index."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

SPACED = set("=\u2248+\u2212\u00d7\u00b7<>\u2264\u2265\u2190\u2192\u21d2\u2260\u221d")
AS_IT_IS = {"+", "\u2032"}  # superscripts that are no powers: a new value, a derivative


def linear(mathml: str) -> str:
    """Return a formula, given as a <math> element, on one line: w5 = 0.40, dE / dw5."""
    return " ".join(line(ET.fromstring(mathml)).split())  # noqa: S314  # our own MathML


def line(element: ET.Element) -> str:
    """Return an element of MathML on one line."""
    parts = [line(child) for child in element]
    if write := WRITERS.get(element.tag.rpartition("}")[2]):
        return write(*parts)
    text = (element.text or "").strip()
    row = "".join(parts)
    if parts and parts[0].strip() in SPACED:  # a sign in front of the first term
        row = parts[0].strip() + "".join(parts[1:])
    return f" {text} " if text in SPACED else text + row


def single(part: str) -> str:
    """Return a part in brackets, unless it is one word."""
    part = part.strip()
    return f"({part})" if " " in part else part


def below(base: str, index: str) -> str:
    """Return a letter with its index: w5, or net_h1 where they cannot be joined directly."""
    joined = "" if len(base) == 1 and index.isdigit() else "_"
    return f"{base}{joined}{single(index)}"


def above(base: str, script: str) -> str:
    """Return a power as x^2, and a plus or prime without the `^`."""
    script = script.strip()
    return f"{base}{script}" if script in AS_IT_IS else f"{base}^{single(script)}"


def both(base: str, index: str, script: str) -> str:
    """Return a letter with an index and a power, or a sum with its bounds."""
    return above(below(base, index), script) + " " * (base == "\u2211")


WRITERS: dict[str, Callable[..., str]] = {
    "mfrac": lambda top, bottom: f"{single(top)} / {single(bottom)}",
    "msub": below,
    "munder": below,
    "msup": above,
    "mover": above,
    "msubsup": both,
    "munderover": both,
    "msqrt": lambda *parts: f"sqrt({''.join(parts)})",
    "mtr": lambda *cells: " ".join(cells),
    "mtable": lambda *rows: "; ".join(rows),
    "mspace": lambda: " ",
}

"""Put an element around each number of a formula that a script may change."""

import html
import re
from collections import deque
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any
from xml.etree import ElementTree as ET

# Digits that no page prints, which stand for a number while its formula is converted.
TOKEN = "27182818284590452353"  # noqa: S105 - no password
SIGNS = ("+", "\u2212")


class Slots:
    """The numbers of a page's formulas, as backprop.pages.live found them.

    Args:
        live: its result as a dictionary; None for a page that is not checked.
        to_mathml: converts LaTeX, displayed `inline` or as a `block`, to an element.
    """

    def __init__(
        self, live: Mapping[str, Any] | None, to_mathml: Callable[[str, str], ET.Element]
    ) -> None:
        self.to_mathml = to_mathml
        self.numbers: list[list[Any]] = live["data"]["numbers"] if live else []
        self.waiting: dict[str, deque[tuple[str, list[Any]]]] = {}
        for latex, places in live["slots"] if live else ():
            self.waiting.setdefault(key(latex), deque()).append((latex, places))

    @property
    def missed(self) -> list[str]:
        """The formulas that the page has not shown yet."""
        return [latex for queue in self.waiting.values() for latex, _ in queue]

    def filled(self, latex: str, display: str) -> ET.Element | None:
        """Return the MathML of a formula with an element around each number; None without any."""
        queue = self.waiting.get(key(latex))
        if not queue:
            return None
        latex, places = queue.popleft()
        marked, end, slots = "", 0, []
        for k, (start, stop, number, digits) in enumerate(sorted(places)):
            marked += f"{latex[end:start]}{{{TOKEN}{k:05}}}"
            slots.append(self.slot(latex[start:stop], number, digits=digits))
            end = stop
        math = deepcopy(self.to_mathml(marked + latex[end:], display))
        for row in list(math.iter()):
            for at, child in enumerate(list(row)):
                inner = child[0] if child.tag == "mrow" and len(child) == 1 else child
                if token := re.fullmatch(rf"{TOKEN}(\d+)", inner.text or ""):
                    row[at] = slots[int(token[1])]
        return math

    def slot(self, latex: str, number: int, *, digits: bool) -> ET.Element:
        """Return the element around a number, or around its sign only, as it is printed."""
        slot = ET.Element("mrow", {"data-n" if digits else "data-sign": str(number)})
        slot.extend(deepcopy(self.to_mathml(latex, "inline")[0]))
        joins = str(self.numbers[number][2]).startswith("+")  # as in a - 0.2
        for sign in slot:
            if sign.text in SIGNS and sign.tag == "mo":
                sign.set("form", "infix" if joins else "prefix")
        return slot


def key(latex: str) -> str:
    """Return a formula in which white space and HTML escapes make no difference."""
    return " ".join(html.unescape(latex).split())

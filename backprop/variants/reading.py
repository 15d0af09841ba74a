"""Read the numbers in any text that a program has printed, and the words beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isfinite

from backprop.variants.quantities import DERIVATIVES, NAMES

# The script of the page uses these too: their syntax is one that Python and JavaScript share.
PATTERNS = {
    # 1,234.5 and 1.234,5; 0.29 and .29; or, where a text has no decimal point, 0,29.
    "point": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+\.\d*|\.\d+|\d+",
    "comma": r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d+|\d+\.\d*|\.\d+|\d+",
    "before": r"(?<![\w.%])([+-]?)(",  # %.9f is a format
    "after": r")(e[+-]?\d+)?(?:f(?!\w)|( ?%)(?!\w)|(?![\w]))",
    "has_point": r"\.\d+(?!\d|,\d)",
    "has_comma": r"\d,\d",
    "counter": r"(?:epochs?|iter\w*|rounds?|steps?|after|it)\W*$|#\s*$",
    "leads": r"[:=][\s\[(]*$",
    "more_words": r"[a-z_\u0370-\u03ff\u2202]",
}
QUANTITIES: tuple[tuple[str, str], ...] = (
    (r"(?:d|\u2202|grad\w*\W*)w_?([1-8])(?![\w])", "dE_total/dw$1"),
    (r"\b(out|net)_?([ho])_?([12])(?![\w])", "$1_$2$3"),
    (r"\be(?:rr|rror)?_?o([12])(?![\w])", "E_o$1"),
    (r"(?<![\w/])w_?([1-8])(?![\w])", "w$1"),
)
"""Patterns of words for one quantity, each with its name on these pages."""
KINDS: tuple[tuple[str, str], ...] = (
    # dW, db, dnet_o1 or dE_dout are derivatives; dtype, device, done or "de" are just words.
    (
        (
            r"(?<![a-z_])grad(?!_fn)|delta|deriv|\u2202"
            r"|\bd_?(?:[bwxyz](?![a-z])|a[\d_]|w_?[ho]|[ho]_?\d|net|out|err|e_?(?:total|o\d)|cost|loss)"
            r"|\bd_?[eclj](?:_?total|_?o\d)?[_/]{0,2}d_?(?:[abwz]|net|out|[ho]\d)"
        ),
        "dE",
    ),
    (r"loss|err|cost|\b(?:r?mse|sse)\b|\be\b|e_?total", "E_"),
    (r"(?<![\w])b(?:ias\w*)?_?[12]?(?![\w])", "b"),
    (r"weight|(?<![\w])w_?[12]?(?![\w])", "w"),
)
"""Patterns of words for a kind of quantity, each with the beginning of the names of the kind."""
LONGEST = 100_000  # characters of a text
MOST = 2_000  # numbers that are compared
DIGITS = 12  # the most that are compared; further ones depend on the order of the sums
FEWEST = 3  # digits of a number that is judged

REFUSED = {
    "none": "There is no number in this text: we expected one such as 0.291027924.",
    "long": f"The text is too long: we take {LONGEST:,} characters at most.",
    "many": f"There are too many numbers: we take {MOST:,} at most.",
}
"""The messages for texts that cannot be judged."""


@dataclass(frozen=True)
class Number:
    """A number as it was printed.

    Attributes:
        text: what was printed.
        value: its value.
        unit: the place value of its last digit, or of its twelfth if it has more.
        digits: how many significant digits it has, at most twelve.
        line: the line it stands on, from 0.
        named: the quantities that the words beside it allow; empty if they say nothing.
        step: the count of rounds that was printed before it.
        start: where it begins in the text.
        mantissa: its digits with a decimal point, without sign and exponent.
        power: the power of ten by which the mantissa is multiplied.
        whole: whether it is printed without a decimal point and an exponent.
    """

    text: str
    value: float
    unit: float
    digits: int
    line: int = 0
    named: tuple[str, ...] = ()
    step: int | None = None
    start: int = field(default=0, compare=False)
    mantissa: str = field(default="", compare=False)
    power: int = field(default=0, compare=False)
    whole: bool = field(default=False, compare=False)

    @property
    def judged(self) -> bool:
        """Whether it has enough digits to be judged."""
        return self.digits >= FEWEST


def read_numbers(text: str) -> list[Number]:
    """Return the numbers of a text that may be results; whole ones only if there are no others.

    Raises:
        ValueError: there is no number, or the text is too long.
    """
    if len(text) > LONGEST:
        raise ValueError(REFUSED["long"])
    numbers = _numbers(text.replace("\N{MINUS SIGN}", "-"))
    found = [number for number in numbers if isfinite(number.value)]
    results = [number for number in found if not number.whole] or found
    if not results:
        raise ValueError(REFUSED["none"])
    if len(results) > MOST:
        raise ValueError(REFUSED["many"])
    return results


def _numbers(text: str) -> Iterator[Number]:
    has_point = re.search(PATTERNS["has_point"], text, re.ASCII)
    comma = not has_point and re.search(PATTERNS["has_comma"], text, re.ASCII)
    amount = PATTERNS["comma" if comma else "point"]
    pattern = re.compile(PATTERNS["before"] + amount + PATTERNS["after"], re.ASCII | re.IGNORECASE)
    step: int | None = None
    named: tuple[str, ...] = ()
    end = 0
    for found in pattern.finditer(text):
        words = text[end : found.start()].lower()
        end = found.end()
        line_before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        number = _number(found, comma=bool(comma))
        counts = re.search(PATTERNS["counter"], words, re.ASCII)
        if number.whole and (counts or not line_before.strip(" [(")):
            step = int(number.value) if abs(number.value) < 1e6 else None
        if re.search(PATTERNS["more_words"], words):
            named = _named(_beside(words))
        line, start = text.count("\n", 0, found.start()), found.start()
        yield replace(number, line=line, named=named, step=step, start=start)


def _beside(words: str) -> str:
    """Return the words on a number's line, or those before it that end in a colon or "="."""
    on_line = words[words.rfind("\n") + 1 :]
    if re.search(PATTERNS["more_words"], on_line):
        return on_line
    return words if re.search(PATTERNS["leads"], words) else ""


def _number(found: re.Match[str], *, comma: bool) -> Number:
    sign, amount, exponent = found[1], found[2], found[3] or ""
    plain = amount.replace(",", "")
    if comma and "," in amount:
        plain = amount.replace(".", "").replace(",", ".")
    power = max(-300, min(300, int(exponent[1:]))) if exponent else 0
    if found[4]:  # per cent
        power -= 2
    value = float(f"{sign}{plain}e{power}")
    last = power - len(plain.partition(".")[2])
    first = int(f"{value:e}".partition("e")[2]) if value and isfinite(value) else last
    last = max(last, first - DIGITS + 1, -300)
    return Number(
        found[0].removesuffix("f").removesuffix("F"), value, float(f"1e{last}"),
        max(first - last + 1, 0), mantissa=plain, power=power,
        whole="." not in plain and not exponent,
    )  # fmt: skip


def _named(words: str) -> tuple[str, ...]:
    """Return the quantities that words may name."""
    names, rest = [], words
    for pattern, name in QUANTITIES:
        found = re.finditer(pattern, rest, re.ASCII)
        names += [each.expand(name.replace("$", "\\")) for each in found]
        rest = re.sub(pattern, " ", rest, flags=re.ASCII)
    if len(names) == 1 and "[" not in words:
        return (names[0],)
    for pattern, beginning in KINDS:
        if re.search(pattern, words, re.ASCII):
            if beginning == "dE":
                return DERIVATIVES
            return tuple(name for name in NAMES if name.startswith(beginning))
    return ()

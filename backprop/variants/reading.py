"""Read the numbers in any text that a program has printed, and the words beside them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

from backprop.variants.quantities import DERIVATIVES, NAMES

# The script of the page uses these too: their syntax is one that Python and JavaScript share.
PATTERNS = {
    # 2026-11-29T16:30, 29.11.2026 or 11/29/26, and 16:30:22.123 or 01:25.
    "moment": r"(?<![\w.])(?:\d{4}([-/.])\d\d?\1\d\d?|\d\d?([-/.])\d\d?\2(?:\d\d){1,2})(?!\d|\.\d)"
    r"(?:T(?=\d))?|(?<![\d:.])\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?![\d:])Z?",
    # 1,234.5 and 1.234,5; 0.29 and .29; or, where a text has no decimal point, 0,29.
    "point": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+\.\d*|\.\d+|\d+",
    "comma": r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d+|\d+\.\d*|\.\d+|\d+",
    # %.9f is a format, and 12.3 s or 45.6 ms a duration. Fortran writes 0.29D+00 for 0.29e+00.
    "before": r"(?<![\w.%])([+-]?)(",
    "after": r")([ed][+-]?\d+)?(?:f(?!\w)|( ?%)(?!\w)|(?![\w]))"
    r"(?! (?:[mnu\u00b5\u03bc]?s|(?:milli)?sec(?:ond)?s?|min(?:ute)?s|hours?)(?!\w))",
    "has_point": r"\.\d+(?!\d|,\d)",
    "has_comma": r"\d,\d",
    "counter": r"(?:epochs?|iter\w*|rounds?|steps?|after|it)\W*$|#\s*$",
    "leads": r"[:=][\s\[(]*$",
    "more_words": r"[a-z_\u0370-\u03ff\u2202]",
    "line": r"\n[\s\[(]*$",
    "margin": r"\n[\[(]*$",
    # 0.4 - 0.5 * 0.08 and (1-0.75) are calculations, "0.4 -0.5" are two numbers.
    "operator_before": r"[*/+^\u00d7\u00b7][ \t]*\(*$|^\)*(?:-|[ \t]+-[ \t]+)\(*$",
    "operator_after": r"\)*(?:[ \t]*[*/+^\u00d7\u00b7]|-(?=[\d(])|[ \t]+-[ \t]+[\d(])",
    "scale": r"[ \t]*\*[ \t]*\r?\n",  # MATLAB prints 1.0e-03 * above a matrix
    "power_of_e": r"(?:exp|e\^|e\*\*)[\s({]*$",
    # What is no result of the network: a number after such words, and all of what was given.
    "aside": r"(?:^|[^a-z])(?:lr|learning[ _-]?rate|eta|alpha|\u03b7|\u03b1|momentum|seed|acc"
    r"|accuracy|time|elapsed|duration|took)[\s:=|\"'(\[]*$",
    "given": r"(?:^|[,;|\"'({\[])\s*(?:(?:input|target)s?(?:_?[io]?_?[12])?|[itx]_?[12])"
    r"[\s:=|\"'(\[]*$",
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
NEXT = 20  # characters after a number in which an operator is looked for

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
    numbers = _numbers(_without_moments(text.replace("\N{MINUS SIGN}", "-")))
    found = [number for number in numbers if isfinite(number.value)]
    results = [number for number in found if not number.whole] or found
    if not results:
        raise ValueError(REFUSED["none"])
    if len(results) > MOST:
        raise ValueError(REFUSED["many"])
    return results


def _without_moments(text: str) -> str:
    """Return a text with spaces in the place of dates and times of day."""
    return re.sub(PATTERNS["moment"], lambda found: " " * len(found[0]), text, flags=re.ASCII)


def _numbers(text: str) -> Iterator[Number]:
    has_point = re.search(PATTERNS["has_point"], text, re.ASCII)
    comma = not has_point and re.search(PATTERNS["has_comma"], text, re.ASCII)
    amount = PATTERNS["comma" if comma else "point"]
    pattern = re.compile(PATTERNS["before"] + amount + PATTERNS["after"], re.ASCII | re.IGNORECASE)
    amounts = [*pattern.finditer(text)]
    labels = _labels(text, amounts)
    covered = Counter(labels)
    step: int | None = None
    end = scale = 0
    for found, label in zip(amounts, labels, strict=True):
        words = text[end : found.start()].lower()
        end, start = found.end(), found.start()
        line_before = text[text.rfind("\n", 0, start) + 1 : start]
        scale = 0 if re.search(PATTERNS["more_words"], words) else scale
        number = _number(found, words, scale, comma=bool(comma))
        if number.mantissa == "1.0" and re.match(PATTERNS["scale"], text[end : end + NEXT]):
            scale = number.power
            continue
        counts = re.search(PATTERNS["counter"], words, re.ASCII)
        if number.whole and not found[4] and (counts or not line_before.strip(" [(")):
            step = int(number.value) if abs(number.value) < 1e6 else None
        aside = re.search(PATTERNS["aside"], words)
        if not aside and not re.search(PATTERNS["given"], label[1]):
            named = _named(label[1], several=covered[label] > 1)
            line = text.count("\n", 0, start)
            yield replace(number, line=line, named=named, step=step, start=start)


def _labels(text: str, amounts: Sequence[re.Match[str]]) -> list[tuple[int, str]]:
    """Return for each number the words that name it, and where they begin.

    They name all numbers that follow without other words, but if they stand on the line of the
    first of them, none on a new line that is not indented, and no operand of a calculation.
    """
    labels, label = list[tuple[int, str]](), (0, "")
    above, end = False, 0
    for found in amounts:
        words = text[end : found.start()].lower()
        has_words = re.search(PATTERNS["more_words"], words)
        if has_words:
            label = end, _beside(words)
            above = bool(re.search(PATTERNS["line"], words))
        elif not above and re.search(PATTERNS["margin"], words):
            label = end, ""
        end = found.end()
        is_operand = re.match(PATTERNS["operator_after"], text[end : end + NEXT], re.ASCII) or (
            not has_words and re.search(PATTERNS["operator_before"], words)
        )
        labels.append((end, "") if is_operand else label)
    return labels


def _beside(words: str) -> str:
    """Return the words on a number's line, or those before it that end in a colon or "="."""
    on_line = words[words.rfind("\n") + 1 :]
    if re.search(PATTERNS["more_words"], on_line):
        return on_line
    return words if re.search(PATTERNS["leads"], words) else ""


def _number(found: re.Match[str], words: str, scale: int, *, comma: bool) -> Number:
    sign, amount, exponent = found[1], found[2], found[3] or ""
    shown = found[0].removesuffix("f").removesuffix("F")
    if sign and re.search(PATTERNS["power_of_e"], words):
        sign, shown = "", shown[1:]
    plain = amount.replace(",", "")
    if comma and "," in amount:
        plain = amount.replace(".", "").replace(",", ".")
    power = max(-300, min(300, scale + int(exponent[1:] or 0)))
    if found[4]:  # per cent
        power -= 2
    value = float(f"{sign}{plain}e{power}")
    last = power - len(plain.partition(".")[2])
    first = int(f"{value:e}".partition("e")[2]) if value and isfinite(value) else last
    last = max(last, first - DIGITS + 1, -300)
    return Number(
        shown, value, float(f"1e{last}"), max(first - last + 1, 0),
        mantissa=plain, power=power, whole="." not in plain and not exponent,
    )  # fmt: skip


def _named(words: str, *, several: bool) -> tuple[str, ...]:
    """Return the quantities that words may name: several numbers after "W2" are no weight w2."""
    names, rest = [], words
    for pattern, name in QUANTITIES:
        found = re.finditer(pattern, rest, re.ASCII)
        names += [each.expand(name.replace("$", "\\")) for each in found]
        rest = re.sub(pattern, " ", rest, flags=re.ASCII)
    if len(names) == 1 and not several:
        return (names[0],)
    for pattern, beginning in KINDS:
        if re.search(pattern, words, re.ASCII):
            if beginning == "dE":
                return DERIVATIVES
            return tuple(name for name in NAMES if name.startswith(beginning))
    return tuple(names) if len(names) == 1 else ()

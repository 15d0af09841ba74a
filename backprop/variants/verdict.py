"""Whose number is this? `backprop diagnose` looks it up among all figures that we know.

We know the figures of all variants, and of the worked examples every value and derivative
before any update and after one round. A short number fits some of them by accident.
`expected_fits` computes how many are to be expected, from how densely our figures lie around
the number. A diagnosis is certain, and names a slip, only where that is under 1 in 100;
otherwise the answer says how many are expected, and names what fits as a possibility.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from itertools import islice
from reprlib import repr  # noqa: A004  # a reader may type a lot, a message shows its beginning
from typing import Any, Literal

import numpy as np

from backprop.arguments import Array
from backprop.symbolic.graph import Graph
from backprop.variants.candidates import PLAIN, ROUNDS, VARIANTS, Figure, Variant, figures

# In a syntax that Python and JavaScript share, as the page searches in a browser.
NUMBER = r"[+-]?(?:\d+(?:[.,](\d+)|\.)?|\.(\d+))(?:e([+-]?\d+))?f?"
WRAPPING = r"[~\u2248](.+)|\[(.+)\]|(?:[a-z_][\w.]*)?\((.+?)(?:, *[a-z_]\w*=.*)?\)"
LONGEST = 100  # characters of what is typed
LONGEST_NUMBER = 40  # characters of the number in it
DIGITS = 12  # the most that are compared: in further ones, the order of the sums shows
FEWEST = 7  # digits from which on single precision is told from double
SHOWN = 3  # of what fits, or is near
SURE = 0.01  # accidental fits that are expected: below, a diagnosis is certain
HALF = 0.501  # a half of the last digit, and what floats make of it
ROOM = 1.5  # units of the last digit: the interval in which a number fits a figure
NEIGHBORS = 5  # figures that tell how densely they lie around a number
WINDOW = 10  # intervals in which a number fits a figure: figures are counted no less far away
MEANT = {0: 1, 2: 1, 9_999: 10_000, 10_001: 10_000}  # a count that is one off, and the right one

Agreement = Literal["rounded", "cut", "single", "none"]
COSTS = {"rounded": 0.0, "cut": 0.5}  # so much as half a difference from what the pages do

WORDS = {
    "refused": "{text} is no number: expected one such as 0.291027924 or tensor(0.2910)",
    "certain": "{text}:",
    "several": "{text}: one of these.",
    "doubt": "{text}: {digits} cannot tell for certain.\n"
    "By accident alone, {chance} of our figures fit such a number on average. It may be:",
    "none": "{text}: none of our figures. The nearest, which may have nothing to do with it:",
    "figure": "{quantity} {when}, {example}: {value}",
    "cut": ", cut off and not rounded",
    "single": ", equal as far as float32 goes",
    "away": ", {distance} units of your last digit away",
    "you": "You {did}.",
    "perhaps": "Perhaps you {did}.",
    "would": "You would get it if you {did}.",
    "plain": PLAIN,
    "right": "That is right.",
    "then": "Then it is right.",
    "pages": "These pages have {value}.",
    "frozen": "On these pages the biases are frozen.",
    "meant": "The figure {when} is {value}.",
    "more": "And {figures} besides. More digits may tell them apart.",
}
"""What an answer says, here and in a browser."""


@dataclass(frozen=True)
class Reading:
    """A number as a reader typed it.

    Attributes:
        text: what was typed.
        value: what it is worth.
        unit: what its last digit counts, at most twelve digits down.
        digits: how many digits from the first that is not 0, at most twelve.
    """

    text: str
    value: float
    unit: float
    digits: int


@dataclass(frozen=True, eq=False)
class Match:
    """A figure beside the number that was typed.

    Attributes:
        figure: the figure of a variant.
        distance: how far it is away, in units of the last digit typed.
        agreement: "rounded" or "cut" to the digits typed, equal as far as
            "single" precision goes, or "none".
    """

    figure: Figure
    distance: float
    agreement: Agreement

    @property
    def variant(self) -> Variant:
        """Who has this figure."""
        return VARIANTS[self.figure.variant]

    @property
    def right(self) -> float | None:
        """The figure of these pages in its place; none where they have no such figure."""
        return _of_the_pages(self.figure, self.figure.round)


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What a number may be: the figures that fit, else those that are nearest.

    Attributes:
        reading: the number.
        fits: whether any figure fits.
        matches: what fits, what differs least from these pages first, or what is nearest.
        expected: how many figures fit such a number by accident, on average;
            0 where none fits.
    """

    reading: Reading
    fits: bool
    matches: tuple[Match, ...]
    expected: float = 0.0

    @property
    def certain(self) -> bool:
        """Whether a figure fits, and hardly by accident."""
        return self.fits and self.expected < SURE


def read_number(text: str) -> Reading:
    """Read a number with the digits that were typed.

    A decimal comma is read as a point. What programs print around a number is
    left out: `tensor(0.2910, grad_fn=...)`, `[0.2910]`, `0.2910f`, `~0.2910`.

    Raises:
        ValueError: the text is no finite number in digits, or very long.
    """
    typed = _unwrapped(text.replace("\N{MINUS SIGN}", "-")) if len(text) <= LONGEST else ""
    found = re.fullmatch(NUMBER, typed, re.ASCII | re.IGNORECASE)
    value = float(typed.replace(",", ".").rstrip("fF")) if found else float("nan")
    if found is None or len(typed) > LONGEST_NUMBER or abs(value) > 1e100:
        raise ValueError(WORDS["refused"].format(text=repr(text)))
    last = int(found[3] or 0) - len(found[1] or found[2] or "")
    first = _exponent(value) if value else last
    last = max(last, first - DIGITS + 1, -300)
    return Reading(text.strip(), value, float(f"1e{last}"), max(first - last + 1, 0))


def diagnose(reading: Reading) -> Diagnosis:
    """Return what a number may be.

    What fits comes in the order of how little was done otherwise, what does
    not in the order of its distance.
    """
    values = _values()
    off = abs(values - reading.value)
    near = np.flatnonzero((off < reading.unit) | (off <= _parts() * abs(values)))
    compared = [_compared(reading, known()[place]) for place in near]
    for agreements in (("rounded", "cut"), ("single",)):
        if fitting := [match for match in compared if match.agreement in agreements]:
            matches = _without_repeats(sorted(fitting, key=_cost))
            expected = expected_fits(reading.value, max(_width(reading, m) for m in fitting))
            return Diagnosis(reading, fits=True, matches=tuple(matches), expected=expected)
    order = np.lexsort((_differences(), off / reading.unit))
    nearest = _without_repeats(_compared(reading, known()[place]) for place in order)
    return Diagnosis(reading, fits=False, matches=tuple(islice(nearest, SHOWN)))


def expected_fits(value: float, width: float) -> float:
    r"""Return how many figures fit a number like this by accident, on average.

    $$expected = \frac{N r}{2 d}$$

    Numbers fit one figure if they lie in an interval of width r around it. N different figures
    lie no further than d from the number, in a window of width 2 d. So of all numbers in the
    window, the intervals cover a part of N r / 2 d, where they do not overlap. The window holds
    at least five figures, and at least twenty intervals: d is the distance of the fifth nearest
    figure, or 10 r where that is more.

    Args:
        value: the number.
        width: r; for digits one and a half units of the last one, since a figure may have been
            rounded or cut off there.
    """
    distances = np.sort(abs(_distinct() - value))
    most = max(float(distances[NEIGHBORS - 1]), WINDOW * width)
    return float(np.count_nonzero(distances <= most) * width / (2 * most))


@cache
def known() -> tuple[Figure, ...]:
    """Return all figures that a number is compared with.

    Those of the variants come first, then those that only these pages have: of both worked
    examples each value, each derivative of an error and each slope of an output, before any
    update and after one round.
    """
    return (*figures(), *_figures_of_the_pages())


def as_text(diagnosis: Diagnosis) -> str:
    """Say what a number may be, in a few lines."""
    shown_first = diagnosis.matches[:SHOWN]
    lines = [_head(diagnosis), *(_line(diagnosis, match) for match in shown_first)]
    if diagnosis.fits and (more := len(diagnosis.matches) - len(shown_first)):
        lines.append("- " + WORDS["more"].format(figures=_plural(more, "figure")))
    return "\n".join(lines)


def as_json(diagnoses: Iterable[Diagnosis]) -> str:
    """Return the same as JSON, all that fits and at full precision."""
    return json.dumps([_as_dict(each) for each in diagnoses], indent=2)


def table() -> dict[str, Any]:
    """Return all that a browser needs to say the same."""
    differences = list(dict.fromkeys(each for v in VARIANTS for each in v.differences))
    rows: dict[tuple[str, int, float], list[float | None]] = {}
    for figure in known():
        row = rows.setdefault((figure.quantity, figure.round, _part(figure)), [])
        row += [None] * (figure.variant - len(row))
        row.append(figure.value)
    return {
        "did": [each.did for each in differences],
        "variants": [
            [v.example.name, *(differences.index(each) for each in v.differences)] for v in VARIANTS
        ],
        "rows": [[*what, values] for what, values in rows.items()],
        "when": {rounds: _when(rounds) for rounds in ROUNDS},
        "meant": MEANT,
        "costs": COSTS,
        "words": WORDS,
        "number": NUMBER,
        "wrapping": WRAPPING,
        "limits": {
            "longest": LONGEST,
            "longestNumber": LONGEST_NUMBER,
            "digits": DIGITS,
            "fewest": FEWEST,
            "half": HALF,
            "room": ROOM,
            "shown": SHOWN,
            "sure": SURE,
            "neighbors": NEIGHBORS,
            "window": WINDOW,
        },
    }


def _unwrapped(text: str) -> str:
    """Return what is left of a text without what programs print around a number."""
    text = text.strip()
    while found := re.fullmatch(WRAPPING, text, re.ASCII | re.IGNORECASE):
        text = (found[1] or found[2] or found[3]).strip()
    return text


def _figures_of_the_pages() -> Iterator[Figure]:
    """Yield what the variants do not have: row by row, the lecture before the notes."""
    plain = [k for k, variant in enumerate(VARIANTS) if not variant.differences]
    graphs = [Graph.of(VARIANTS[k].example) for k in plain]
    rates = [Decimal(str(VARIANTS[k].example.learning_rate)) for k in plain]
    before = [_quantities(graph) for graph in graphs]
    after = [_quantities(g.updated(rate)) for g, rate in zip(graphs, rates, strict=True)]
    rows = {(figure.quantity, figure.round) for figure in figures()}
    for done, found in enumerate((before, after)):
        for name in found[0]:
            given = done and name in graphs[0].givens  # a bias that has not moved, an input
            if not given and (name, done) not in rows:
                for place, values in zip(plain, found, strict=True):
                    yield Figure(float(values[name]), name, done, place)


def _quantities(graph: Graph) -> dict[str, Decimal]:
    """Return each value of a network, and each derivative that is another number."""
    found = {name: graph.value(name) for name in graph.names}
    errors = sorted((name for name in found if name.startswith("E_")), key="E_total".__ne__)
    slopes = [(of, wrt) for of in errors for wrt in graph.names if wrt not in errors]
    slopes += [(name, name.replace("out", "net")) for name in found if name.startswith("out")]
    seen = {Decimal(0)}
    for of, wrt in slopes:
        slope = graph.derivative(of, wrt)
        if slope not in seen:
            seen.add(slope)
            found[f"d{of}/d{wrt}"] = slope
    return found


@cache
def _values() -> Array:
    """Return the value of each known figure."""
    return np.array([figure.value for figure in known()])


@cache
def _distinct() -> Array:
    """Return the values that differ in twelve digits."""
    return np.unique([float(f"{figure.value:.{DIGITS}g}") for figure in known()])


@cache
def _parts() -> Array:
    """Return for each known figure how far float32 may be from it."""
    return np.array([_part(figure) for figure in known()])


@cache
def _differences() -> Array:
    """Return for each known figure in how much its variant differs from these pages."""
    return np.array([len(VARIANTS[figure.variant].differences) for figure in known()])


def _part(figure: Figure) -> float:
    """Return how far float32 may be from a figure, as a part of it.

    The least is after a few rounds; thousands add up, and an error loses what cancels.
    """
    if figure.round <= 2:
        return 4e-7
    return 2e-5 if figure.quantity == "E_total" else 4e-6


def _compared(reading: Reading, figure: Figure) -> Match:
    """Compare a figure with the number."""
    distance = abs(figure.value - reading.value) / reading.unit
    return Match(figure, distance, _agreement(reading, figure, distance))


def _agreement(reading: Reading, figure: Figure, distance: float) -> Agreement:
    if distance <= HALF:
        return "rounded"
    if distance < 1 and abs(figure.value) > abs(reading.value) and figure.value * reading.value > 0:
        return "cut"
    near = abs(figure.value - reading.value) <= _part(figure) * abs(figure.value)
    return "single" if near and _is_single(reading) else "none"


def _is_single(reading: Reading) -> bool:
    """Tell whether a number is one that float32 holds, with all the digits that were typed."""
    if reading.digits < FEWEST:
        return False
    return abs(float(np.float32(reading.value)) - reading.value) <= HALF * reading.unit


def _width(reading: Reading, match: Match) -> float:
    """Return the width of the interval in which a number fits a figure, as this one does."""
    if match.agreement == "single":
        return 2 * _part(match.figure) * abs(match.figure.value)
    return ROOM * reading.unit


def _without_repeats(matches: Iterable[Match]) -> Iterator[Match]:
    """Leave out what has the very figure of one who did less otherwise: the rest is no cause."""
    kept: dict[tuple[str, str, int], list[Match]] = {}
    for match in matches:
        figure = match.figure
        before = kept.setdefault((match.variant.example.name, figure.quantity, figure.round), [])
        if not any(_is_repeat(match, other) for other in before):
            before.append(match)
            yield match


def _is_repeat(match: Match, other: Match) -> bool:
    less = set(other.variant.differences) <= set(match.variant.differences)
    return less and shown(match.figure.value) == shown(other.figure.value)


def _cost(match: Match) -> tuple[float, float]:
    """Return how much was done otherwise; among equals, how far the figure is."""
    return (
        len(match.variant.differences) + COSTS.get(match.agreement, 0),
        match.distance if match.agreement == "single" else 0,
    )


@cache
def _right_figures() -> dict[tuple[str, str, int], float]:
    """Return the figures of the variants in which nothing is done otherwise."""
    return {
        (VARIANTS[f.variant].example.name, f.quantity, f.round): f.value
        for f in known()
        if not VARIANTS[f.variant].differences
    }


def _of_the_pages(figure: Figure, rounds: int) -> float | None:
    name = VARIANTS[figure.variant].example.name
    return _right_figures().get((name, figure.quantity, rounds))


def _head(diagnosis: Diagnosis) -> str:
    """Say how certain the answer is."""
    kind = "none" if not diagnosis.fits else "doubt" if not diagnosis.certain else "certain"
    if kind == "certain" and len(diagnosis.matches) > 1:
        kind = "several"
    chance = Context(prec=2, rounding=ROUND_HALF_UP).create_decimal(diagnosis.expected)
    return WORDS[kind].format(
        text=diagnosis.reading.text,
        digits=_plural(diagnosis.reading.digits, "digit"),
        chance=shown(float(chance)),
    )


def _line(diagnosis: Diagnosis, match: Match) -> str:
    """Say which figure fits or is near, who has it, and what is right."""
    figure = match.figure
    what = WORDS["figure"].format(
        quantity=figure.quantity,
        when=_when(figure.round),
        example=match.variant.example.name,
        value=shown(figure.value),
    )
    who = "you" if diagnosis.certain else "perhaps" if diagnosis.fits else "would"
    did = WORDS[who].format(did=match.variant.did)
    if not diagnosis.fits:
        distance = shown(float(f"{match.distance:.3g}"))
        return f"- {what}{WORDS['away'].format(distance=distance)}.\n  {did}"
    how = WORDS.get(match.agreement, "")
    return f"- {what}{how}.\n  {did}\n  {_verdict(match, certain=diagnosis.certain)}"


def _when(rounds: int) -> str:
    return f"after {_plural(rounds, 'round')}" if rounds else "before any update"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _verdict(match: Match, *, certain: bool) -> str:
    """Say what is right, and where a count is one off, what is right there."""
    if match.right is None:
        return WORDS["frozen"]
    if match.variant.differences:
        verdict = WORDS["pages"].format(value=shown(match.right))
    else:
        verdict = WORDS["right" if certain else "then"]
    meant = MEANT.get(match.figure.round, 0)
    if meant and (right := _of_the_pages(match.figure, meant)) is not None:
        there = WORDS["meant"].format(value=shown(right), when=_when(meant))
        verdict += f" {there}"
    return verdict


def shown(value: float) -> str:
    """Write a number with twelve digits, without needless zeros, as a browser does."""
    digits = Decimal(f"{value:.{DIGITS}g}").normalize()
    plain = not digits or Decimal("1e-6") <= abs(digits) < Decimal("1e21")
    return f"{digits:f}" if plain else f"{digits:e}"


def _exponent(value: float) -> int:
    """Return the power of ten of the first digit."""
    return int(f"{value:e}".partition("e")[2])


def _as_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "number": diagnosis.reading.text,
        "fits": diagnosis.fits,
        "certain": diagnosis.certain,
        "expected": diagnosis.expected,
        "matches": [
            {
                "quantity": match.figure.quantity,
                "round": match.figure.round,
                "value": match.figure.value,
                "distance": match.distance,
                "agreement": match.agreement,
                "example": match.variant.example.name,
                "variant": match.figure.variant + 1,
                "differences": [each.name for each in match.variant.differences],
                "did": match.variant.did,
                "right": match.right,
            }
            for match in diagnosis.matches
        ],
    }

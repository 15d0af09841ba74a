"""Whose number is this? `backprop diagnose` looks it up among the figures of all variants."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from reprlib import repr  # noqa: A004  # a reader may type a lot, a message shows its beginning
from typing import Any, Literal

from backprop.variants.candidates import VARIANTS, Figure, Variant, figures

NUMBER = re.compile(r"[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?", re.ASCII | re.IGNORECASE)
LONGEST = 40  # characters
DIGITS = 12  # the most that are compared: in further ones, the order of the sums shows
FEWEST = 7  # digits from which on single precision is told from double
SHOWN = 3  # of what fits, or is near
MEANT = {0: 1, 2: 1, 9_999: 10_000, 10_001: 10_000}  # a count that is one off, and the right one

Agreement = Literal["rounded", "cut", "single", "none"]
COSTS = {"rounded": 0.0, "cut": 0.5}  # so much as half a difference from what the pages do


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
    """What a number may be: the figures that fit, else those that are nearest."""

    reading: Reading
    fits: bool
    matches: tuple[Match, ...]


def read_number(text: str) -> Reading:
    """Read a number with the digits that were typed.

    Raises:
        ValueError: the text is no finite number in digits, or very long.
    """
    typed = text.strip().replace("\N{MINUS SIGN}", "-")
    found = NUMBER.fullmatch(typed) if len(typed) <= LONGEST else None
    value = float(typed) if found else float("nan")
    if found is None or abs(value) > 1e100:
        raise ValueError(f"{repr(text)} came, expected a number such as 0.291027924")
    last = int(found[3] or 0) - len(found[1] or found[2] or "")
    first = _exponent(value) if value else last
    last = max(last, first - DIGITS + 1, -300)
    return Reading(text.strip(), value, float(f"1e{last}"), max(first - last + 1, 0))


def diagnose(reading: Reading) -> Diagnosis:
    """Return what a number may be.

    What fits comes in the order of how little was done otherwise, what does
    not in the order of its distance.
    """
    compared = [_compared(reading, figure) for figure in figures()]
    for agreements in (("rounded", "cut"), ("single",)):
        if fitting := [match for match in compared if match.agreement in agreements]:
            matches = _without_repeats(sorted(fitting, key=_cost))
            return Diagnosis(reading, fits=True, matches=tuple(matches))
    nearest = _without_repeats(sorted(compared, key=lambda match: (match.distance, _cost(match))))
    return Diagnosis(reading, fits=False, matches=tuple(islice(nearest, SHOWN)))


def as_text(diagnosis: Diagnosis) -> str:
    """Say what a number may be, in a few lines."""
    text, shown = diagnosis.reading.text, diagnosis.matches[:SHOWN]
    if not diagnosis.fits:
        lines = [f"{text}: no variant gives this. Nearest:", *map(_nearest_line, shown)]
        return "\n".join(lines)
    lines = [f"{text}:", *map(_line, shown)]
    if more := len(diagnosis.matches) - len(shown):
        figures_fit = "figure fits" if more == 1 else "figures fit"
        lines.append(f"- {more} more {figures_fit}. More digits may tell them apart.")
    return "\n".join(lines)


def as_json(diagnoses: Iterable[Diagnosis]) -> str:
    """Return the same as JSON, all that fits and at full precision."""
    return json.dumps([_as_dict(each) for each in diagnoses], indent=2)


def table() -> dict[str, Any]:
    """Return all that a browser needs to say the same."""
    differences = list(dict.fromkeys(each for v in VARIANTS for each in v.differences))
    rows: dict[tuple[str, int], list[float | None]] = {}
    for figure in figures():
        row = rows.setdefault((figure.quantity, figure.round), [None] * len(VARIANTS))
        row[figure.variant] = figure.value
    return {
        "did": [each.did for each in differences],
        "variants": [
            [v.example.name, *(differences.index(each) for each in v.differences)] for v in VARIANTS
        ],
        "rows": [[*what, values] for what, values in rows.items()],
    }


def _compared(reading: Reading, figure: Figure) -> Match:
    """Hold a figure against the number."""
    distance = abs(figure.value - reading.value) / reading.unit
    return Match(figure, distance, _agreement(reading, figure, distance))


def _agreement(reading: Reading, figure: Figure, distance: float) -> Agreement:
    if distance <= 0.501:  # a half, and what floats make of it
        return "rounded"
    if distance < 1 and abs(figure.value) > abs(reading.value) and figure.value * reading.value > 0:
        return "cut"
    # How far float32 may be from it: after a round, after thousands, and what an error makes of it.
    part = 4e-7 if figure.round <= 2 else 2e-5 if figure.quantity == "E_total" else 4e-6
    near = abs(figure.value - reading.value) <= part * abs(figure.value)
    return "single" if near and reading.digits >= FEWEST else "none"


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
        for f in figures()
        if not VARIANTS[f.variant].differences
    }


def _of_the_pages(figure: Figure, rounds: int) -> float | None:
    name = VARIANTS[figure.variant].example.name
    return _right_figures().get((name, figure.quantity, rounds))


def _line(match: Match) -> str:
    """Say which figure fits, who has it, and what is right."""
    head = f"- {_what(match)}{_how(match.agreement)}."
    return f"{head}\n  You {match.variant.did}.\n  {_verdict(match)}"


def _nearest_line(match: Match) -> str:
    """Say which figure is near, how near, and who has it."""
    away = f"{shown(float(f'{match.distance:.3g}'))} units"
    return f"- {_what(match)}, {away} of your last digit away.\n  You {match.variant.did}."


def _what(match: Match) -> str:
    figure = match.figure
    example = match.variant.example.name
    return f"{figure.quantity} {_when(figure.round)}, {example}: {shown(figure.value)}"


def _when(rounds: int) -> str:
    if not rounds:
        return "before any update"
    return f"after {rounds:,} round{'s' * (rounds > 1)}"


def _how(agreement: Agreement) -> str:
    return {"cut": ", cut off and not rounded", "single": ", equal as far as float32 goes"}.get(
        agreement, ""
    )


def _verdict(match: Match) -> str:
    """Say what is right, and where a count is one off, what is right there."""
    if match.right is None:
        verdict = "On these pages the biases are frozen."
    elif match.variant.differences:
        verdict = f"These pages have {shown(match.right)}."
    else:
        verdict = "That is right."
    meant = MEANT.get(match.figure.round, 0)
    if meant:
        right = _of_the_pages(match.figure, meant)
        verdict += (
            f" {_when(meant).capitalize()} it is {shown(right)}." if right is not None else ""
        )
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

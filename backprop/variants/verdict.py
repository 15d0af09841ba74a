"""Whose numbers are these? The verdict of `backprop diagnose` on all that a program printed.

It is one of `right`, `variant` (one way of working explains the numbers), `several` (these ways
fit equally well), `slip_in_print`, `chance` (too few digits) and `unknown`. A way is blamed only
where less than 0.01 of the ways that are no more far-fetched would explain as much by accident,
on average; single precision alone is, like a right number, with less than 0.1. Every other answer
says how doubtful it is.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import product
from math import copysign
from typing import Any, Literal

import numpy as np

from backprop.variants.quantities import NAMES, SIGNED
from backprop.variants.reading import FEWEST, Number, read_numbers
from backprop.variants.search import (
    FARTHEST,
    LATE,
    ROUNDS,
    SINGLE,
    SINGLE_NUMBER,
    SURE,
    WELL_KNOWN,
    Near,
    Placed,
    explanations,
    late_rounds,
    late_steps,
    look,
    of_these_pages,
    pivots_of,
    placed,
    stage,
    ten_to,
    tolerance,
    values_of,
)
from backprop.variants.slips import KINDS, Slip, of_rounds, of_the_notes, of_the_pages, slips
from backprop.variants.switches import KEEPS, OPTIONS, PLAIN, Way, did, switches_of

Verdict = Literal["right", "variant", "several", "slip_in_print", "chance", "unknown"]

ORDER = (0, 1, 3, 2)  # the stages, the fastest first
COMPLETE = (1, 2, FARTHEST, FARTHEST)  # cost up to which all values are known after each stage
CERTAIN = 1e-6  # the chance below which later stages cannot change an explanation
RIGHT = 0.1  # accidental fits allowed for a right number
SHOWN = 3  # of the ways that fit
TWELVE = Context(prec=12, rounding=ROUND_HALF_UP)  # digits of a value that is shown
ONE_DIGIT = Context(prec=1, rounding=ROUND_HALF_UP)  # of a number of accidental fits
MOST_SLIPS = 0.25  # the largest share of the numbers that may be slips in print
ROUND_COUNTS = {99: 100, 101: 100, 999: 1_000, 1_001: 1_000, 9_999: 10_000, 10_001: 10_000}
TELLING_NAMES = ("E_total", "out_o1", "w5", "w1", "b1_1", "b2_1")  # what to print next, best first
TELLING_ROUNDS = (1, 2, 0, 3)
GAPS = ((1e-4, 6), (1e-7, 9))  # the least gap that tells two ways apart, and the decimals shown

MARKS = {True: "\N{CHECK MARK}", False: "\N{BALLOT X}"}
LECTURE_PAGE = "docs/lecture.md"
BLAMES = ("variant", "several", "slip_in_print")  # the verdicts that say what went wrong

WORDS = {
    "right": "{text} is right.",
    "rights": "All {of} are right.",
    "right_turned": "{text} has the right digits and the opposite sign.",
    "rights_turned": "All {of} are right but for the sign of {turned}.",
    "variant": "{text}: one way of working explains it.",
    "variants": "One way of working explains {explains} of {of}.",
    "several": "{text}: {count} ways of working fit equally well.",
    "severals": "{count} ways of working explain {explains} of {of}, equally well.",
    "slip_in_print": "{text}: a slip in print.",
    "all_slip_in_prints": "All {of}: a slip in print.",
    "slip_in_prints": "{departing} of {of}: a slip in print. All others are right.",
    "chance": "{text}: {digits} cannot tell.",
    "chances": "{of} with so few digits cannot tell.",
    "guesses": "{fits} of {of} fit these pages; the digits of the others cannot tell more.",
    "unknown": "{text}: no way of working that we know gives this.",
    "unknowns": "No way of working that we know gives these: {explains} of {of} fit these pages.",
    "figure": "{quantity} {when}: {value}",
    "doubt": "With {digits} other ways would print the same: on average, about {chance} of the "
    "values that we know fit such a number by accident.",
    "doubt_all": "On average, about {chance} of the ways that we know fit such numbers by "
    "accident.",
    "few": "A number with fewer than {fewest} digits proves nothing.",
    "left_out": "We left out {texts}.",
    "far": "We left out {of} of rounds that we do not look at.",
    "more": " and {count} more",
    "more_digits": "Print more digits, nine if you can.",
    "you": "You {did}.",
    "perhaps": "Perhaps you {did}.",
    "it": "It is {figure}.",
    "may": "It may be {figure}.",
    "nearest": "We tried {ways} ways. The nearest value of a simple one, which may have nothing to "
    "do with it, is {figure}, if you {did}.",
    "tried": "We tried {ways} ways.",
    "pages": "These pages have {value}.",
    "meant": "It should be {value}: you {did}.",
    "there": "The value {when} is {value}.",
    "follow": "{fits} of {count} that follow fit.",
    "next": "To tell them apart, print {quantity} {when}: {values}.",
    "telling": "{value} for {name}",
    "line": "{text} is {quantity} {when}.",
    "line_turned": "{text} is {quantity} {when}, with the opposite sign.",
    "departs": "{text} should be {right}: {quantity} {when}.",
    "departs_unknown": "{text} is the first number that these pages do not have.",
    "departs_named": "{text} does not fit: on these pages {quantity} is {first} {when}, and "
    "{second} {then}.",
    "elsewhere": "{text} does not fit here: these pages have it as {quantity} {when}.",
    "code": "It is computed by `{code}`.",
    "plain": PLAIN,
}
"""What an answer says, here and in a browser."""

CODE = (
    ("out_h|net_h", "out_h1 = sigma(w1 * i1 + w2 * i2 + b1)", "forward-pass-hidden-layer"),
    ("E_", "error = (target_o1 - out_o1) ** 2 / 2 + (target_o2 - out_o2) ** 2 / 2", "total-error"),
    ("out_o|net_o", "out_o1 = sigma(w5 * out_h1 + w6 * out_h2 + b2)", "forward-pass-output-layer"),
    ("w[5-8]", "w5 -= eta * delta_o1 * out_h1", "the-update-of-w5"),
    ("w[1-4]", "w1 -= eta * delta_h1 * i1", "the-update-of-w1"),
    ("b[12]", "b1, b2, eta = 0.35, 0.60, 0.5", "the-biases-stay-where-they-are"),
    ("dE_total/d(?:w[5-8]|out_o)",
     "dE_dw5 = dE_dout_o1 * dout_o1_dnet_o1 * dnet_o1_dw5", "putting-it-together"),
    ("dout_o", "dout_o1_dnet_o1 = out_o1 * (1 - out_o1)", "second-factor-output-by-net-input"),
    ("dE_total/d(?:net_o|b2)",
     "delta_o1 = -(target_o1 - out_o1) * out_o1 * (1 - out_o1)", "a-shortcut-delta"),
    ("d", "delta_h1 = (delta_o1 * w5 + delta_o2 * w7) * out_h1 * (1 - out_h1)",
     "backward-pass-hidden-layer"),
)  # fmt: skip
"""For names of quantities, as patterns: the lecture's line of code, and its section."""


@dataclass(frozen=True)
class Judged:
    """A number, and what it stands for.

    Attributes:
        number: what was printed.
        quantity: what it stands for, if that is known.
        round: after how many rounds.
        right: the value on these pages.
        is_right: whether the number is that value.
        explained: whether the best explanation gives it.
        turned: whether it has the opposite sign of the value on these pages.
    """

    number: Number
    quantity: str | None = None
    round: int | None = None
    right: float | None = None
    is_right: bool = False
    explained: bool = False
    turned: bool = False


@dataclass(frozen=True)
class Found:
    """A way of working that explains numbers."""

    way: Way
    did: str
    explains: int
    of: int
    chance: float
    figure: tuple[str, int, float] | None = None  # of a lone number
    right: float | None = None  # the value on these pages


@dataclass(frozen=True)
class Diagnosis:
    """The verdict on what was printed.

    Attributes:
        verdict: one of six.
        numbers: each number that was judged.
        found: what explains them, the best first.
        expected: how many values fit a lone number by accident, on average.
        nearest: of an unknown number the nearest value of a simple way.
        tried: how many ways were tried.
        short: the numbers beside them that have too few digits to be judged.
        far: those of rounds that are not looked at.
    """

    verdict: Verdict
    numbers: tuple[Judged, ...]
    found: tuple[Found, ...] = ()
    expected: float = 0.0
    nearest: Found | None = None
    tried: int = 1
    short: tuple[Number, ...] = ()
    far: tuple[Number, ...] = ()


def diagnose(text: str) -> Diagnosis:
    """Return the verdict on a number, or on all that a program printed.

    Raises:
        ValueError: there is no number in the text, or it is too long.
    """
    numbers = read_numbers(text)
    judged = [number for number in numbers if number.judged]
    if not judged:
        return Diagnosis("chance", tuple(map(Judged, numbers)))
    steps = {None, *ROUNDS, *late_steps(judged)}
    near = [number for number in judged if number.step in steps] or judged
    far = [number for number in judged if number.step not in steps and near is not judged]
    diagnosis = _of_one(near[0]) if len(near) == 1 else _of_many(near)
    short = tuple(number for number in numbers if not number.judged)
    return replace(diagnosis, short=short, far=tuple(far))


def _order(numbers: Sequence[Number]) -> tuple[int, ...]:
    """Return the order of the stages: late rounds come second if the numbers mention one."""
    named_late = any((number.step or 0) > ROUNDS[-1] for number in numbers)
    return (0, 2, 1, 3) if named_late else ORDER


def _of_one(number: Number) -> Diagnosis:
    near = Near(number)
    late: tuple[int, ...] = ()
    tried, skipped = 0, False
    found: list[Placed] = []
    for done, which in enumerate(_order([number])):
        if which % 2 and near.expected(1) >= SURE:
            skipped = True  # where simple ways fit by accident, far-fetched ones prove nothing
            continue
        late = late_rounds([number]) if which == 2 else late
        look([near], stage(4 if skipped and which == 2 else which, late))
        tried += len(stage(which).ways) if which != 2 else 0
        found = explanations([near], [number], [0], late=late)
        if _fits(near, 0):
            fits = [each for each in found if not each.way]
            return _verdict("right", [number], fits, near=near, tried=tried)
        if sure := [e for e in found if e.chance < SURE and e.cost <= COMPLETE[done]]:
            return _blamed([number], _equals(sure), near, tried)
        if _is_single(near):
            fits = [each for each in found if each.way == SINGLE]
            return _blamed([number], fits, near, tried)
        if done > 1 or found:
            continue  # what a way gives with all digits is no slip for certain
        typed, expected = slips(number, of_the_notes() if done else of_the_pages(late=late))
        if typed and expected < SURE:
            return _typed([number], [None], {0: typed[0]}, expected, tried)
    if found or skipped:
        return _verdict("chance", [number], found, near=near, tried=tried)
    return _verdict("unknown", [number], [], near=near, tried=tried)


def _fits(near: Near, way: int) -> bool:
    """Tell whether a lone number is a value of these pages, as far as its digits go.

    Args:
        near: the values close to the number.
        way: 0 for double precision, `SINGLE_NUMBER` for single precision.
    """
    for hit in near.hits:
        if hit[3] == way:
            cost, keep = (hit[2] - 1, KEEPS["float32"]) if way else (hit[2], 0)
            known = hit[4] in (*WELL_KNOWN, near.number.step)
            return bool(cost == 0 or near.expected(cost, keep) < (RIGHT if known else SURE))
    return False


def _is_single(near: Near) -> bool:
    """Tell whether a lone number is right in single precision, and no other way is as simple."""
    hits = near.hits
    cost = hits[hits[:, 3] == SINGLE_NUMBER, 2].min(initial=np.inf)
    others = (hits[:, 3] != SINGLE_NUMBER) & (hits[:, 2] <= cost)
    return _fits(near, SINGLE_NUMBER) and not others.any()


def _of_many(numbers: Sequence[Number]) -> Diagnosis:
    right = _right(numbers, late=())
    departing = right.left
    if known := _of_these_pages(numbers, right, 1, late=()):
        return known
    near = pivots_of(numbers, departing)
    tried, late = 1, tuple[int, ...]()
    found, whole = list[Placed](), list[Placed]()
    for done, which in enumerate(_order(numbers)):
        late = late_rounds(numbers) if which == 2 else late
        look(near, stage(which, late))
        tried += len(stage(which).ways) if which != 2 else 0
        if which == 2:
            right = _right(numbers, late=late)
            if known := _of_these_pages(numbers, right, tried, late=late):
                return known
        fits = explanations(near, numbers, departing, late=late)
        found = [each for each in fits if _is_sure(each, departing)]
        if found and found[0].chance < CERTAIN and (which > 1 or not found[0].left):
            break
        whole = [each for each in fits if not each.left]
        if _in_single(whole):
            found = whole[:1]
            break
        if (not whole and (done == 0 or which == 2)) and (
            typed := _typed_of_many(numbers, right, right.left, tried)
        ):
            return typed
    if found:
        return _blamed(numbers, _equals(found), None, tried)
    unknown = _verdict("unknown", numbers, [right], tried=tried)
    if whole:
        guess = _verdict("chance", numbers, _equals(whole), tried=tried)
        return replace(guess, numbers=unknown.numbers)
    return unknown


def _right(numbers: Sequence[Number], *, late: tuple[int, ...]) -> Placed:
    """Return where the numbers are on these pages, and how probable that is by accident."""
    fit = placed((), numbers, late=late)
    return replace(fit, chance=ten_to(fit.score))


def _in_single(whole: Sequence[Placed]) -> bool:
    """Tell whether numbers are right in single precision, and no other way is as simple.

    Args:
        whole: the ways that explain all numbers, the best first.
    """
    if not whole or len(_equals(whole)) > 1 or whole[0].way != SINGLE:
        return False
    return ten_to(whole[0].score) < RIGHT


def _is_sure(fit: Placed, departing: Sequence[int]) -> bool:
    """Tell whether a way other than that of these pages explains most numbers, not by accident."""
    explained = sum(fit.places[k] is not None for k in departing)
    most = 2 * fit.explained > len(fit.places) and 2 * explained >= len(departing)
    return bool(fit.way) and fit.chance < SURE and most


def _equals(found: Sequence[Placed]) -> list[Placed]:
    """Return the explanations that rank as high as the first."""
    best = found[0].rank[:3]
    return [each for each in found if each.rank[:3] == best]


def _blamed(
    numbers: Sequence[Number], found: list[Placed], near: Near | None, tried: int
) -> Diagnosis:
    verdict: Verdict = "variant" if len(found) == 1 else "several"
    return _verdict(verdict, numbers, found, near=near, tried=tried)


def _of_these_pages(
    numbers: Sequence[Number], right: Placed, tried: int, *, late: tuple[int, ...]
) -> Diagnosis | None:
    """Return the verdict if all numbers are on these pages, perhaps with more digits, else None."""
    if right.left:
        return _cut_off(numbers, right.left, tried, late=late)
    sure = late or right.chance < RIGHT
    return _verdict("right" if sure else "chance", numbers, [right], tried=tried)


def _cut_off(
    numbers: Sequence[Number], departing: Sequence[int], tried: int, *, late: tuple[int, ...]
) -> Diagnosis | None:
    """Return the verdict if all numbers are right, but cut off and not rounded, else None."""
    if len(departing) < 2 or not placed(SINGLE, numbers, late=()).left:
        return None
    middle = [replace(each, value=each.value + copysign(each.unit / 2, each.value))
              for each in numbers]  # fmt: skip
    fit = _right(middle, late=late)
    if fit.left or fit.chance >= SURE:
        return None
    typed = {}
    for k, (number, place) in enumerate(zip(numbers, fit.places, strict=True)):
        if place and not _judged(number, place, ()).is_right:
            typed[k] = Slip("cut", "", (), *place, _value((), *place))
    return _typed(numbers, fit.places, typed, fit.chance, tried)


def _typed_of_many(
    numbers: Sequence[Number], right: Placed, departing: Sequence[int], tried: int
) -> Diagnosis | None:
    """Return the verdict if a few numbers among right ones are slips in print, else None."""
    if len(departing) > max(1, MOST_SLIPS * len(numbers)) or len(departing) == len(numbers):
        return None
    rounds = {place[1] + next_ for place in right.places if place for next_ in (0, 1)}
    known = of_rounds(sorted(done for done in rounds if done <= LATE[-1]))
    typed, chance = {}, 1.0
    for k in departing:
        found, expected = slips(numbers[k], known)
        if not found or expected >= SURE:
            return None
        typed[k] = found[0]
        chance *= expected
    return _typed(numbers, right.places, typed, chance, tried)


def _typed(
    numbers: Sequence[Number],
    places: Sequence[tuple[int, int] | None],
    typed: dict[int, Slip],
    chance: float,
    tried: int,
) -> Diagnosis:
    slip = next(iter(typed.values()))
    judged = [_judged(number, places[k], slip.way) for k, number in enumerate(numbers)]
    for k, each in typed.items():
        name = _name(each.quantity, each.way)
        judged[k] = Judged(numbers[k], name, each.round, each.value, explained=True)
    part = _name(NAMES.index(slip.part), slip.way) if slip.part else ""
    done = KINDS[slip.kind].format(part=part)
    if slip.way:
        done = f"{done}, and {did(slip.way)}"
    figure = judged[next(iter(typed))].quantity or "", slip.round, slip.value
    found = Found(slip.way, done, len(numbers), len(numbers), chance, figure)
    return Diagnosis("slip_in_print", tuple(judged), (found,), chance, tried=tried)


def _verdict(
    verdict: Verdict,
    numbers: Sequence[Number],
    found: Sequence[Placed],
    *,
    near: Near | None = None,
    tried: int = 1,
) -> Diagnosis:
    empty: list[tuple[int, int] | None] = [None] * len(numbers)
    places = found[0].places if found else empty
    way = found[0].way if found else ()
    judged = tuple(
        _judged(number, place, way) for number, place in zip(numbers, places, strict=True)
    )
    return Diagnosis(
        verdict,
        judged,
        tuple(_found(each, numbers) for each in found if verdict != "unknown"),
        near.expected(FARTHEST) if near else 0.0,
        _nearest(near) if near and verdict == "unknown" else None,
        tried,
    )


def _judged(number: Number, place: tuple[int, int] | None, way: Way) -> Judged:
    """Return what a number stands for in a way of working, and the value on these pages.

    In single or half precision it is right as far as that goes.
    """
    if place is None:
        return Judged(number)
    quantity, done = place
    right = _value((), quantity, done)
    off = number.value - right if quantity < SIGNED else abs(number.value) - abs(right)
    is_right = abs(off) <= tolerance(number, values_of(way, late=())[2])
    name = _name(quantity, way)
    turned = is_right and number.value * right < 0
    return Judged(number, name, done, right, is_right=is_right, explained=True, turned=turned)


def _value(way: Way, quantity: int, done: int, late: tuple[int, ...] = ()) -> float:
    """Return a value of a way at an early round, at one of `late`, or at any of these pages."""
    if not way and done > ROUNDS[-1]:
        return float(of_these_pages()[done, quantity])
    rounds, values, _ = values_of(way, late=late if done > ROUNDS[-1] else ())
    return float(values[rounds.index(done), quantity])


def _found(fit: Placed, numbers: Sequence[Number]) -> Found:
    figure = right = None
    if len(numbers) == 1 and fit.places[0]:
        quantity, done = fit.places[0]
        value = _value(fit.way, quantity, done, late_rounds(numbers))
        figure = _name(quantity, fit.way), done, value
        right = _value((), quantity, done)
    return Found(fit.way, did(fit.way), fit.explained, len(fit.places), fit.chance, figure, right)


def _nearest(near: Near) -> Found | None:
    """Return the value of a simple way nearest to the number, where readers usually look."""
    rows = near.rows[near.rows[:, 2] <= 1]
    if not len(rows):
        return None
    away = np.rint(rows[:, 1] / (near.reach * 1e-8))  # so that noise decides nothing
    row = rows[np.lexsort((rows[:, 4], rows[:, 3], away))[0]]
    way, quantity, done = stage(0).ways[int(row[3])], int(row[5]), int(row[4])
    value = _value(way, quantity, done, late_rounds([near.number]))
    figure = _name(quantity, way), done, value
    return Found(way, did(way), 0, 1, 0.0, figure)


def _name(quantity: int, way: Way) -> str:
    """Return the name of a quantity; `b1` for `b1_1` unless each neuron has its own bias."""
    name = NAMES[quantity]
    if name.startswith("b") and switches_of(way).get("biases") != "per_neuron":
        return name.partition("_")[0]
    return name


def as_report(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the parts of an answer: its head, a line for each number of an output, and the rest.

    The lines end with the first number that these pages do not have. Its line says what it should
    be, and which code of the lecture computes it.
    """
    numbers = diagnosis.numbers
    lone = len(numbers) == 1
    first = next((k for k, each in enumerate(numbers) if not each.is_right), len(numbers))
    judged = not lone and any(each.number.judged for each in numbers)
    lines = [_line(each) for each in numbers[: first + 1]] if judged else []
    ways = [part for each in diagnosis.found[:SHOWN] for part in _said(diagnosis, each, lone=lone)]
    follow = []
    if (after := numbers[first + 1 :]) and diagnosis.verdict in BLAMES:
        fits = sum(each.explained for each in after)
        follow = [WORDS["follow"].format(fits=fits, count=len(after))]
    return {"head": _head(diagnosis), "lines": lines, "then": [*ways, *follow, *_rest(diagnosis)]}


def _head(diagnosis: Diagnosis) -> str:
    numbers, found = diagnosis.numbers, diagnosis.found
    key: str = diagnosis.verdict
    if len(numbers) > 1:
        key = "guesses" if key == "chance" and found and found[0].way else f"{key}s"
    turned = sum(each.turned for each in numbers)
    if diagnosis.verdict == "right" and turned:
        key = "right_turned" if len(numbers) == 1 else "rights_turned"
    departing = sum(not each.is_right for each in numbers)
    if key == "slip_in_prints" and departing == len(numbers):
        key = "all_slip_in_prints"
    fits = sum(each.explained for each in numbers)
    return WORDS[key].format(
        text=numbers[0].number.text,
        digits=plural(numbers[0].number.digits, "digit"),
        count=len(found),
        of=plural(len(numbers), "number"),
        explains=found[0].explains if found else fits,
        fits=fits,
        departing=departing,
        turned=turned,
    )


def _line(each: Judged) -> dict[str, Any]:
    text = each.number.text
    if each.quantity is None or each.round is None or each.right is None:
        if elsewhere := _elsewhere(each.number):
            return {"right": False, "text": elsewhere}
        return _unknown(each.number)
    facts = {"text": text, "quantity": each.quantity, "when": when(each.round)}
    if each.is_right:
        line = WORDS["line_turned" if each.turned else "line"]
        return {"right": True, "text": line.format(**facts)}
    return _departs(WORDS["departs"].format(**facts, right=shown(each.right)), each.quantity)


def _departs(said: str, quantity: str) -> dict[str, Any]:
    """Return the line about a number that should be a quantity, with how that is computed."""
    code, place = where(quantity)
    told = WORDS["code"].format(code=code)
    return {"right": False, "text": said, "code": told, "place": place}


def _unknown(number: Number) -> dict[str, Any]:
    """Return the line about a number that these pages do not have.

    It says what they have instead, if the words beside the number name a single quantity.
    """
    if len(number.named) != 1:
        return {"right": False, "text": WORDS["departs_unknown"].format(text=number.text)}
    [quantity] = number.named
    done = min(max(number.step or 1, 1), LATE[-1])
    first, second = (shown(_value((), NAMES.index(quantity), k)) for k in (done - 1, done))
    facts = {"first": first, "when": when(done - 1), "second": second, "then": when(done)}
    said = WORDS["departs_named"].format(text=number.text, quantity=quantity, **facts)
    return _departs(said, quantity)


def _elsewhere(number: Number) -> str | None:
    """Return the sentence about a number that these pages have by another name or in another round.

    None if they do not have it, or if it could be so by accident.
    """
    fit = _right([replace(number, named=(), step=None)], late=())
    if fit.chance >= SURE or fit.places[0] is None:
        return None
    quantity, done = fit.places[0]
    facts = {"text": number.text, "quantity": _name(quantity, ()), "when": when(done)}
    return WORDS["elsewhere"].format(**facts)


def _said(diagnosis: Diagnosis, each: Found, *, lone: bool) -> list[str]:
    verdict = diagnosis.verdict
    if not lone and (verdict == "right" or (verdict == "chance" and not each.way)):
        return []
    blames = verdict in BLAMES
    you = WORDS["you" if blames else "perhaps"].format(did=each.did)
    if not each.figure or not lone:
        return [you]
    figure = _figure(each.figure)
    if verdict == "right":
        return [WORDS["it"].format(figure=figure), *_meant(*each.figure[:2])]
    if verdict == "slip_in_print":
        return [WORDS["meant"].format(value=figure, did=each.did)]
    it = WORDS["it" if blames else "may"].format(figure=figure)
    if each.right is None or not blames:
        return [f"{it} {you}"]
    return [f"{it} {you} {WORDS['pages'].format(value=shown(each.right))}"]


def _figure(figure: tuple[str, int, float]) -> str:
    quantity, done, value = figure
    return WORDS["figure"].format(quantity=quantity, when=when(done), value=shown(value))


def _meant(name: str, done: int) -> list[str]:
    """Return the value after 100 rounds for a number after 99 or 101 rounds, and so on."""
    if done not in ROUND_COUNTS:
        return []
    quantity = next(k for k, each in enumerate(NAMES) if each in (name, f"{name}_1"))
    value = shown(_value((), quantity, ROUND_COUNTS[done]))
    return [WORDS["there"].format(when=when(ROUND_COUNTS[done]), value=value)]


def _rest(diagnosis: Diagnosis) -> list[str]:
    """Return the doubts, which number to print next, and how many ways were tried."""
    rest = _doubt(diagnosis)
    if diagnosis.verdict == "several" and (telling := _telling(diagnosis.found[:SHOWN])):
        rest.append(telling)
    if diagnosis.verdict == "unknown":
        tried = f"{diagnosis.tried:,}"
        if len(diagnosis.numbers) == 1 and (told := _elsewhere(diagnosis.numbers[0].number)):
            rest.append(told)
        elif diagnosis.nearest and diagnosis.nearest.figure:
            figure, did = _figure(diagnosis.nearest.figure), diagnosis.nearest.did
            rest.append(WORDS["nearest"].format(ways=tried, figure=figure, did=did))
        else:
            rest.append(WORDS["tried"].format(ways=tried))
    return [*rest, *_left_out(diagnosis)]


def _doubt(diagnosis: Diagnosis) -> list[str]:
    """Return how many values or ways fit by accident, and the advice to print more digits."""
    doubt = []
    lone, best = len(diagnosis.numbers) == 1, diagnosis.found[0] if diagnosis.found else None
    if diagnosis.verdict in ("right", "chance") and lone and diagnosis.expected >= SURE:
        digits = plural(diagnosis.numbers[0].number.digits, "digit")
        chance = _about(diagnosis.expected)
        doubt.append(WORDS["doubt"].format(digits=digits, chance=chance))
    if diagnosis.verdict != "chance":
        return doubt
    if not any(each.number.judged for each in diagnosis.numbers):
        doubt.append(WORDS["few"].format(fewest=FEWEST))
    elif best and not lone:
        doubt.append(WORDS["doubt_all"].format(chance=_about(best.chance)))
    return [*doubt, WORDS["more_digits"]]


def _left_out(diagnosis: Diagnosis) -> list[str]:
    """Return the sentences about numbers of other rounds, and about those with too few digits."""
    short, far = diagnosis.short, diagnosis.far
    left_out = [WORDS["far"].format(of=plural(len(far), "number"))] if far else []
    if not short:
        return left_out
    texts = ", ".join(number.text for number in short[:SHOWN])
    if len(short) > SHOWN:
        texts += WORDS["more"].format(count=len(short) - SHOWN)
    told = WORDS["left_out"].format(texts=texts)
    return [*left_out, f"{WORDS['few'].format(fewest=FEWEST)} {told}"]


def _about(number: float) -> str:
    """Return a number with one digit; others may depend on the library's `exp`."""
    return shown(float(ONE_DIGIT.create_decimal(Decimal(number))))


def _telling(found: Sequence[Found]) -> str | None:
    """Return the sentence that says which number to print next to tell some ways apart."""
    for (gap, decimals), done, telling in product(GAPS, TELLING_ROUNDS, TELLING_NAMES):
        quantity = NAMES.index(telling)
        values = [_value(each.way, quantity, done) for each in found]
        gaps = [abs(a - b) for k, a in enumerate(values) for b in values[:k]]
        if min(gaps) > gap * max(map(abs, values)):
            names = [" and ".join(OPTIONS[k].name for k in each.way) for each in found]
            told = [
                WORDS["telling"].format(value=_fixed(value, decimals), name=name)
                for value, name in zip(values, names, strict=True)
            ]
            quantity_name = _name(quantity, found[0].way)
            return WORDS["next"].format(
                quantity=quantity_name, when=when(done), values=", ".join(told)
            )
    return None


def _fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; half-way cases go away from zero."""
    places = Decimal(1).scaleb(-decimals)
    return f"{Decimal(value).quantize(places, ROUND_HALF_UP):f}"


def where(quantity: str) -> tuple[str, str]:
    """Return the line of code in the lecture that computes a quantity, and the section it is in."""
    return next((code, place) for pattern, code, place in CODE if re.match(pattern, quantity))


def when(rounds: int) -> str:
    """Return after how many rounds, in words: `after 2 rounds`."""
    return f"after {plural(rounds, 'round')}" if rounds else "before any update"


def plural(number: int, noun: str) -> str:
    """Return a number and its noun: `1 digit`, `2 digits`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def shown(value: float) -> str:
    """Write a number with twelve digits and no trailing zeros, as a browser does."""
    digits = TWELVE.create_decimal(Decimal(value)).normalize()
    plain = not digits or Decimal("1e-6") <= abs(digits) < Decimal("1e21")
    return f"{digits:f}" if plain else f"{digits:e}"


def as_text(diagnosis: Diagnosis) -> str:
    """Return an answer in lines of text."""
    report = as_report(diagnosis)
    lines = [report["head"]]
    for line in report["lines"]:
        lines.append(f"{MARKS[line['right']]} {line['text']}")
        if "code" in line:
            lines.append(f"  {line['code']} ({LECTURE_PAGE}#{line['place']})")
    return "\n".join([*lines, *report["then"]])


def as_json(diagnosis: Diagnosis) -> str:
    """Return the verdict as JSON: each number, and what explains them, the best first."""
    return json.dumps(as_dict(diagnosis), indent=2)


def as_dict(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return the content of `as_json`; `fits` is None for a number that is not judged."""
    fits = [(each, each.explained if each.number.judged else None) for each in diagnosis.numbers]
    fits += [(Judged(number), None) for number in (*diagnosis.short, *diagnosis.far)]
    return {
        "verdict": diagnosis.verdict,
        "numbers": [
            {
                "printed": each.number.text,
                "quantity": each.quantity,
                "round": each.round,
                "right": each.right,
                "fits": explained,
            }
            for each, explained in sorted(fits, key=lambda item: item[0].number.start)
        ],
        "variants": [
            {
                "switches": switches_of(each.way),
                "did": each.did,
                "explains": each.explains,
                "of": each.of,
                "chance": each.chance,
            }
            for each in diagnosis.found
        ],
    }

"""The data for the search in a browser: switches, sentences, patterns, thresholds."""

from typing import Any

from backprop.examples import LECTURE
from backprop.variants import reading, search, slips, verdict
from backprop.variants.quantities import DERIVATIVES, FAMOUS, NAMES, SIGNED
from backprop.variants.switches import (
    ARITHMETIC,
    CHOICES,
    DEFAULTS,
    OPTIONS,
    Option,
    choices,
    singles,
    takes,
    way_of,
)


def table() -> dict[str, Any]:
    """Return all data that a browser needs to give the same answers."""
    return {
        "options": [_option(option) for option in OPTIONS],
        "reading": _reading(),
        "limits": _limits(),
        "defaults": dict(DEFAULTS),
        "weights": [weight.ravel().tolist() for weight in LECTURE.network.weights],
        "singles": singles(),
        "notes": way_of({"example": "notes"}),
        "choices": choices(),
        "names": NAMES,
        "derivatives": DERIVATIVES,
        "rounds": len(search.ROUNDS),
        "lateRounds": search.LATE,
        "wellKnown": search.WELL_KNOWN,
        "parts": search.PARTS,
        "stageOrder": verdict.ORDER,
        "blamed": verdict.COMPLETE,
        "blames": verdict.BLAMES,
        "tellingNames": verdict.TELLING_NAMES,
        "tellingRounds": verdict.TELLING_ROUNDS,
        "meantRounds": verdict.ROUND_COUNTS,
        "slipKinds": slips.KINDS,
        "twice": slips.SUMS,
        "words": verdict.WORDS,
        "code": verdict.CODE,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "switch": option.switch,
        "value": option.value,
        "name": option.name,
        "did": option.did,
        "sets": dict(option.sets),
        "times": dict(option.times),
        "takes": takes(option),
        "plain": option.switch in CHOICES,
        "rounds": option.switch in ARITHMETIC,
    }


def _reading() -> dict[str, Any]:
    return {
        "patterns": reading.PATTERNS,
        "quantities": reading.QUANTITIES,
        "kinds": reading.KINDS,
        "most_digits": reading.DIGITS,
        "longest": reading.LONGEST,
        "most": reading.MOST,
        "next": reading.NEXT,
        "refused": reading.REFUSED,
    }


def _limits() -> dict[str, Any]:
    return {
        "famous": len(FAMOUS),
        "signed": SIGNED,
        "fewest": reading.FEWEST,
        "half": search.HALF,
        "sure": search.SURE,
        "farthest": search.FARTHEST,
        "near": search.NEAR,
        "fewestNear": search.FEWEST_NEAR,
        "pivots": search.PIVOTS,
        "compared": search.COMPARED,
        "mostSteps": search.MOST_STEPS,
        "around": search.AROUND,
        "first": search.FIRST,
        "kindsOfViews": search.KINDS_OF_VIEWS,
        "highestPower": search.HIGHEST_POWER,
        "unexplained": search.UNEXPLAINED,
        "singleDigits": search.SINGLE_DIGITS,
        "single": search.SINGLE_NUMBER,
        "clear": verdict.CERTAIN,
        "right": verdict.RIGHT,
        "shown": verdict.SHOWN,
        "typed": verdict.MOST_SLIPS,
        "apart": verdict.GAPS,
    }

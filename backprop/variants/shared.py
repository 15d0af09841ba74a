"""The data with which a browser searches as Python does: switches, sentences, thresholds."""

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
)


def table() -> dict[str, Any]:
    """Return all that a browser needs to give the same answers."""
    return {
        "options": [_option(option) for option in OPTIONS],
        "reading": _reading(),
        "limits": _limits(),
        "defaults": dict(DEFAULTS),
        "weights": [weight.ravel().tolist() for weight in LECTURE.network.weights],
        "singles": singles(),
        "choices": choices(),
        "names": NAMES,
        "derivatives": DERIVATIVES,
        "rounds": len(search.ROUNDS),
        "lateRounds": search.LATE,
        "wellKnown": search.WELL_KNOWN,
        "parts": search.PARTS,
        "stageOrder": verdict.ORDER,
        "blamed": verdict.BLAMED,
        "tellingNames": verdict.TELLING,
        "tellingRounds": verdict.TELLING_ROUNDS,
        "meantRounds": verdict.MEANT,
        "slipKinds": slips.KINDS,
        "twice": slips.SUMS,
        "words": verdict.WORDS,
        "code": verdict.CODE,
    }


def _option(option: Option) -> dict[str, Any]:
    """Return an option of a switch."""
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
    """Return how numbers are found in a text."""
    return {
        "patterns": reading.PATTERNS,
        "quantities": reading.QUANTITIES,
        "kinds": reading.KINDS,
        "most_digits": reading.DIGITS,
        "longest": reading.LONGEST,
        "most": reading.MOST,
        "refused": reading.REFUSED,
    }


def _limits() -> dict[str, Any]:
    """Return the thresholds of the search and of the verdict."""
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
        "around": search.AROUND,
        "first": search.FIRST,
        "kindsOfViews": search.KINDS_OF_VIEWS,
        "highestPower": search.HIGHEST_POWER,
        "leftOver": search.LEFT_OVER,
        "singleDigits": search.SINGLE_DIGITS,
        "clear": verdict.CLEAR,
        "right": verdict.RIGHT,
        "shown": verdict.SHOWN,
        "typed": verdict.TYPED,
        "apart": verdict.APART,
    }

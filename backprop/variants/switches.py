"""The options in which readers differ from these pages, by choice or by mistake.

Each option belongs to a switch. A way of working has at most one option of each switch, and
otherwise does what these pages do. An option sets or multiplies parameters of `rounds.run`, so that
the script of the page can train with the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, combinations, product

import numpy as np

from backprop.arguments import Array
from backprop.examples import LECTURE, NOTES, Example

PLAIN = "did what these pages do"  # the words for a way without any option
RATES = (
    *(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4),
    *(0.6, 0.7, 0.8, 0.9, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0),
)
COMMON_RATES = (0.01, 0.05, 0.1, 1.0)  # those that go with other choices
CHOICES = ("example", "biases", "order", "rate")  # switches that are choices, and not slips
ARITHMETIC = ("precision", "rounding")  # how results are rounded; a way has at most one

# The number of each way to round a result; `rounds.keeper` has the functions.
KEEPS = {"float32": 1, "float16": 2} | {
    f"{how}{places}": first + places
    for how, first in (("", 10), ("cut_", 20))
    for places in (3, 4, 5, 6)
}


@dataclass(frozen=True)
class Option:
    """One difference from what these pages do.

    Attributes:
        switch: the step that it changes.
        value: the name of the change.
        name: the change in a few words.
        did: the change as a sentence after "You", without the full stop.
        sets: the parameters of a round that it sets.
        times: the parameters that it multiplies.
    """

    switch: str
    value: str | float
    name: str
    did: str
    sets: Mapping[str, float] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)


def _b(example: Example, layer: int) -> float:
    return float(example.network.biases[layer][0])


I1, I2 = LECTURE.inputs.tolist()
T1, T2 = LECTURE.targets.tolist()
DEFAULTS: Mapping[str, float] = {
    "i1": I1, "i2": I2, "t1": T1, "t2": T2,
    "b1": _b(LECTURE, 0), "b2": _b(LECTURE, 1), "rate": LECTURE.learning_rate,
    "learn": 0, "share": 0,  # do the biases learn, and does a layer share one?
    "order": 0,  # back through old weights (0), new ones (1), new ones after a forward pass (2)
    "turn_h": 0, "turn_o": 0, "back": 0,  # what is transposed: each layer, or on the way back
    "slope_h": 0, "slope_o": 0,  # at out (0), none (1), at net (2), at out squashed again (3)
    "act_h": 0, "act_o": 0,  # logistic (0), without the minus (1), tanh (2), relu (3), linear (4)
    "d": 1, "e": 1,  # factors of the derivatives, and of the error as it is printed
    "entropy": 0, "one_path": 0, "only_out": 0, "keep": 0,
}  # fmt: skip
"""The parameters of a round, as on these pages."""

_LAYERS = (
    ("output_slope", "slope_o", "the outputs"),
    ("hidden_slope", "slope_h", "the hidden neurons"),
)
_SLOPES = (
    ("none", "no slope at {where}", "left out the slope out (1 - out) at {where}"),
    ("of_net", "slope of net at {where}", "put net where out belongs in the slope at {where}"),
    ("of_slope", "squashed twice at {where}",
     "took the slope at sigma(out) where out itself belongs, at {where}"),
)  # fmt: skip
OPTIONS = (
    Option("example", "notes", "the notes", "worked the example of the notes, with b1 = 0.30",
           {"b1": _b(NOTES, 0)}),
    Option("biases", "shared", "shared biases",
           "let the biases learn, one value for each layer", {"learn": 1, "share": 1}),
    Option("biases", "per_neuron", "a bias for each neuron",
           "let the biases learn, one for each neuron", {"learn": 1}),
    Option("biases", "none", "no biases", "left the biases out of the sums", {"b1": 0, "b2": 0}),
    Option("order", "new", "new weights",
           "went back to the hidden layer through output weights that had already changed",
           {"order": 1}),
    Option("order", "refreshed", "a second forward pass",
           "ran the forward pass again after the output layer was updated, "
           "and then went back to the hidden layer", {"order": 2}),
    *(Option("rate", rate, f"rate {rate:g}", f"took a learning rate of {rate:g}", {"rate": rate})
      for rate in RATES),
    Option("loss", "squared", "sum of squares",
           "left out the half: the error is the sum of squares, and each derivative is doubled",
           {}, {"d": 2, "e": 2}),
    Option("loss", "half_mean_squared", "mean of half squares",
           "divided the half sum by the number of outputs, so that each derivative is halved",
           {}, {"d": 0.5, "e": 0.5}),
    Option("loss", "printed_squared", "sum printed",
           "followed the derivatives of the half sum, but printed the sum of squares",
           {}, {"e": 2}),
    Option("loss", "cross_entropy", "cross-entropy",
           "took the cross-entropy as the error, in which the slope at the outputs cancels",
           {"entropy": 1, "slope_o": 1}),
    Option("targets", "swapped", "targets swapped", "swapped the two targets",
           {"t1": T2, "t2": T1}),
    Option("inputs", "swapped", "inputs swapped", "swapped the two inputs", {"i1": I2, "i2": I1}),
    Option("inputs", "small_i1", "a small i1", "took i1 = 0.005, as one of the slides prints it",
           {"i1": I1 / 10}),
    Option("weights", "turned", "matrices turned",
           "let w1 and w3 lead into h1, and w5 and w7 into o1, "
           "as in x @ W with the rows of these pages", {"turn_h": 1, "turn_o": 1}),
    Option("weights", "turned_hidden", "hidden matrix turned",
           "let w1 and w3 lead into h1: the weights of the hidden layer are transposed",
           {"turn_h": 1}),
    Option("weights", "turned_output", "output matrix turned",
           "let w5 and w7 lead into o1: the weights of the output layer are transposed",
           {"turn_o": 1}),
    Option("activation", "no_minus", "no minus in the exponent",
           "left out the minus in the exponent", {"act_h": 1, "act_o": 1}),
    Option("activation", "tanh", "tanh", "took tanh for the logistic function",
           {"act_h": 2, "act_o": 2}),
    Option("activation", "tanh_hidden", "tanh in the hidden layer",
           "took tanh in the hidden layer", {"act_h": 2}),
    Option("activation", "relu", "ReLU", "took ReLU for the logistic function",
           {"act_h": 3, "act_o": 3}),
    Option("activation", "relu_hidden", "ReLU in the hidden layer",
           "took ReLU in the hidden layer", {"act_h": 3}),
    Option("activation", "linear_output", "linear outputs",
           "left the outputs unsquashed: out is net", {"act_o": 4}),
    Option("step", "uphill", "a step uphill",
           "added the derivatives, or lost the minus of -(target - out)", {}, {"rate": -1}),
    *(Option(switch, value, name.format(where=where), did.format(where=where), {sets: number})
      for switch, sets, where in _LAYERS
      for number, (value, name, did) in enumerate(_SLOPES, start=1)),
    Option("slope", "of_slope", "squashed twice",
           "took the slope at sigma(out) where out itself belongs",
           {"slope_h": 3, "slope_o": 3}),
    Option("paths", "one", "one path", "carried only the error of o1 back to the hidden layer",
           {"one_path": 1}),
    Option("gradient", "turned", "no transpose",
           "went back through w5 and w6 to h1, where w5 and w7 belong", {"back": 1}),
    Option("layers", "output", "hidden layer at rest", "updated w5 to w8 only", {"only_out": 1}),
    Option("samples", "mean", "divided by two samples",
           "divided the derivatives by two, as if the two inputs were two samples",
           {}, {"d": 0.5}),
    Option("precision", "float32", "single precision", "computed in float32",
           {"keep": KEEPS["float32"]}),
    Option("precision", "float16", "half precision", "computed in float16",
           {"keep": KEEPS["float16"]}),
    *(Option("rounding", str(places), f"{word} decimals, rounded",
             f"rounded each result to {word} decimals before going on",
             {"keep": KEEPS[str(places)]})
      for places, word in ((3, "three"), (4, "four"), (5, "five"), (6, "six"))),
    *(Option("rounding", f"cut_{places}", f"{word} decimals, cut off",
             f"cut each result off after {word} decimals before going on",
             {"keep": KEEPS[f"cut_{places}"]})
      for places, word in ((3, "three"), (4, "four"), (5, "five"), (6, "six"))),
)  # fmt: skip
"""All options; a way consists of their indices in this tuple."""

Way = tuple[int, ...]
"""The indices of its options in `OPTIONS`, in ascending order."""


def way_of(switches: Mapping[str, str | float]) -> Way:
    """Return the way with these switches, such as {"order": "new"}.

    Raises:
        KeyError: there is no such option.
    """
    places = {(option.switch, option.value): k for k, option in enumerate(OPTIONS)}
    return tuple(sorted(places[each] for each in switches.items()))


def switches_of(way: Way) -> dict[str, str | float]:
    """Return the switches in which a way differs from the lecture."""
    return {OPTIONS[k].switch: OPTIONS[k].value for k in way}


def did(way: Way) -> str:
    """Return all differences of a way, worded to follow "You"."""
    return ", and ".join(OPTIONS[k].did for k in way) or PLAIN


def takes(option: Option) -> tuple[str, ...]:
    """Return the steps that an option changes; no two options of a way change the same one."""
    if option.switch in ARITHMETIC:
        return ("keep",)
    both = ("hidden_slope", "output_slope")
    return both if option.switch == "slope" else (option.switch,)


# Computed once, since some 26,000 ways are examined: the steps that each option changes, whether
# it is a plain choice, and whether it rounds on the way.
_TAKEN = [frozenset(takes(option)) for option in OPTIONS]
_PLAIN = [option.switch in CHOICES for option in OPTIONS]
_ROUNDS = [option.switch in ARITHMETIC for option in OPTIONS]


def _go_together(way: Way) -> bool:
    """Tell whether no two options of a way change the same step."""
    return all(_TAKEN[one].isdisjoint(_TAKEN[other]) for one, other in combinations(way, 2))


@cache
def singles() -> tuple[Way, ...]:
    """Return the ways with at most one switch, that of these pages first."""
    return ((), *((k,) for k in range(len(OPTIONS))))


@cache
def choices() -> tuple[Way, ...]:
    """Return the ways of two or more plain choices: example, biases, order, common rates."""
    by_switch = [
        [(), *((k,) for k, option in enumerate(OPTIONS) if option.switch == switch
               and (switch != "rate" or option.value in COMMON_RATES))]
        for switch in CHOICES
    ]  # fmt: skip
    ways = (tuple(chain.from_iterable(each)) for each in product(*by_switch))
    return tuple(way for way in ways if len(way) > 1)


@cache
def pairs() -> tuple[Way, ...]:
    """Return the ways with two switches that `choices` does not have."""
    known = set(choices())
    both = combinations(range(len(OPTIONS)), 2)
    return tuple(way for way in both if _go_together(way) and way not in known)


@cache
def threes() -> tuple[Way, ...]:
    """Return the ways with three switches, of which one is a plain choice.

    With a rounding on the way, the other two have to be plain choices.
    """
    known = set(choices())
    found = []
    for way in combinations(range(len(OPTIONS)), 3):
        a, b, c = way
        plain = _PLAIN[a] + _PLAIN[b] + _PLAIN[c]
        rounded = _ROUNDS[a] or _ROUNDS[b] or _ROUNDS[c]
        if plain > rounded and _go_together(way) and way not in known:
            found.append(way)
    return tuple(found)


def parameters(ways: tuple[Way, ...]) -> dict[str, Array]:
    """Return each parameter of a round for some ways, shape (ways,)."""
    nothing = len(OPTIONS)
    most = max(map(len, ways))
    places = np.array([[*way, *[nothing] * (most - len(way))] for way in ways], int)
    found = {}
    for name, default in DEFAULTS.items():
        values = np.full(len(ways), float(default))
        sets = np.array([option.sets.get(name, np.nan) for option in OPTIONS] + [np.nan])
        times = np.array([option.times.get(name, 1.0) for option in OPTIONS] + [1.0])
        for column in places.T:  # a later option wins: "no biases" over "notes"
            values = np.where(np.isnan(sets[column]), values, sets[column])
        found[name] = values * times[places].prod(axis=1)
    return found

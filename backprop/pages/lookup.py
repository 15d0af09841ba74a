"""The look-up of every weight and every bias: a page for each of them and each example.

A page holds a line or two and the mark of its derivation. It is no file: the site makes it, and
checks it like any other page.
"""

from dataclasses import dataclass
from typing import cast, get_args

from backprop import arguments
from backprop.examples import EXAMPLES
from backprop.symbolic.explain import explanation
from backprop.symbolic.layered import Place, places
from backprop.symbolic.notation import NOTATIONS
from backprop.training import BiasChoice

INDEX = "every-weight"  # the page that leads to the others, and their folder
DESCRIPTION = "The paths to the error, the chain rule, every factor, and the new value."
NTH = ("no", "first", "second")
KINDS = ("input", "hidden neuron", "output")
LAYERS = ("inputs", "hidden layer", "output layer")


@dataclass(frozen=True)
class Entry:
    """A parameter of an example.

    Attributes:
        example: `lecture` or `notes`.
        parameter: its name in the graph, such as `b1_2`.
        biases: how the biases learn where this one is derived.
        words: a sentence that says what it is, with `{}` for its symbol.
    """

    example: str
    parameter: str
    biases: BiasChoice
    words: str

    @property
    def name(self) -> str:
        """The name of its page, such as `lecture-b1-2`."""
        return f"{self.example}-{self.parameter.replace('_', '-')}"

    @property
    def uri(self) -> str:
        """Where its page is among the sources of the site."""
        return f"{INDEX}/{self.name}.md"

    @property
    def title(self) -> str:
        """The title of its page."""
        return f"{self.parameter} in the {self.example}"


def entries(example: str) -> list[Entry]:
    """Return the parameters of an example: weights, biases that are shared, biases of neurons.

    Raises:
        ValueError: there is no such example.
    """
    arguments.one_of("example", example, tuple(EXAMPLES))
    sizes = EXAMPLES[example].network.sizes
    weights = [place for place in places(sizes) if place.kind == "weight"]
    own = [place for place in places(sizes) if place.kind == "bias"]
    return [
        *(Entry(example, place.name, "frozen", _weight(place)) for place in weights),
        *(Entry(example, f"b{layer}", "shared", _shared(layer)) for layer in range(1, len(sizes))),
        *(Entry(example, place.name, "per_neuron", _own(place)) for place in own),
    ]


def _neuron(layer: int, number: int) -> str:
    return f"{NTH[number]} {KINDS[layer]}"


def _weight(place: Place) -> str:
    source, neuron = _neuron(place.layer - 1, place.k), _neuron(place.layer, place.j)
    return f"The weight {{}} leads from the {source} to the {neuron}."


def _shared(layer: int) -> str:
    return (
        f"The bias {{}} serves the whole {LAYERS[layer]}: one value enters each of its neurons and "
        "moves as one, so its derivative is the sum of their deltas."
    )


def _own(place: Place) -> str:
    return (
        f"Here each neuron has a bias of its own, and {{}} is that of the "
        f"{_neuron(place.layer, place.j)}. It enters one net input only, so its derivative is the "
        "delta of that neuron."
    )


def pages() -> dict[str, str]:
    """Return the pages of all parameters of all examples: where each is, and its text."""
    texts = {}
    for example in EXAMPLES:
        of = entries(example)
        for before, entry, after in zip([None, *of], of, [*of[1:], None], strict=False):
            texts[entry.uri] = _text(entry, before, after)
    return texts


def _text(entry: Entry, before: Entry | None, after: Entry | None) -> str:
    """Return the text of a page."""
    options = f"--example {entry.example}"
    options += f" --biases {entry.biases}" if entry.biases != "frozen" else ""
    given = f"{entry.example} {entry.parameter} {entry.biases}"
    others = [
        f"[{entry.parameter} in the {other}]({other}-{entry.name.partition('-')[2]}.md)"
        for other in EXAMPLES
        if other != entry.example
    ]
    around = [("before", before), ("next", after)]
    ways = [f"{word}: [{to.parameter}]({to.name}.md)" for word, to in around if to]
    symbol = NOTATIONS[entry.example].latex(entry.parameter)
    return f"""---
description: {entry.title}, step by step. {DESCRIPTION}
backprop:
  example: {entry.example}
  notation: {entry.example}
  biases: {entry.biases}
---

# {entry.title}

{" · ".join([f"[All weights and biases](../{INDEX}.md#{entry.example})", *others])}

{entry.words.format(f"${symbol}$")}

<!-- made by explain: {given} -->

In a terminal, `backprop explain {entry.parameter} {options}` prints the same.

{" · ".join(ways)}
"""


def derivation(given: str) -> str:
    """Return a derivation in Markdown, step by step.

    Args:
        given: the example, the parameter, and how biases learn if they do: `lecture b1 shared`.

    Raises:
        ValueError: there is no such example or parameter.
    """
    example, _, rest = given.partition(" ")
    parameter, _, said = rest.partition(" ")
    biases = said or "frozen"
    arguments.one_of("example", example, tuple(EXAMPLES))
    arguments.one_of("biases", biases, get_args(BiasChoice))
    return explanation(example, parameter, biases=cast("BiasChoice", biases), as_latex=True)

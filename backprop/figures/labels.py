"""What the pictures call the quantities of an example, and how they print numbers."""

import itertools
import re
from collections.abc import Sequence

import numpy as np

from backprop.figures.svg import Shown, spoken
from backprop.symbolic.definitions import Form
from backprop.symbolic.notation import NOTATIONS, Notation

MINUS = "\N{MINUS SIGN}"
PLACES = 6  # of computed numbers


# Notations name quantities only; these are the names of whole neurons.
NEURONS = {"notes": ("h_{}", "y_{}"), "lecture": ("h_{}", "o_{}")}


def neuron_of(notation: str, neuron: str) -> str:
    """Return what a notation calls a whole neuron, as a label: `h_1`, `y_2`, `h_2,1`, `o_1;3`."""
    return NEURONS[notation][neuron[0] == "o"].format(_index(neuron[1:]))


def neuron_names(notation: str, form: Form) -> dict[str, list[str]]:
    """Return what a notation calls each neuron of a network, in each sample, as `names_of` does."""
    found = {}
    for mark, layer in itertools.product(form.marks, range(1, len(form.sizes))):
        for neuron in form.neurons(layer):
            label = neuron_of(notation, f"{neuron}{mark}")
            letter, _, index = label.partition("_")
            found[f"{neuron}{mark}"] = [spoken(label), f"{letter}_{{{index}}}"]
    return found


def label_of(notation: str, name: str) -> str:
    """Return a name of the graph as a label: `ŷ_1`, `net_h1`, `z_2,1`, `x_1;3`."""
    return label(NOTATIONS[notation].plain(name))


def names_of(notation: Notation, name: str) -> list[str]:
    r"""Return a name of the graph as a text that is read out, and as LaTeX: `x1;3`, `x_{1;3}`."""
    return [spoken(label(notation.plain(name))), notation.latex(name)]


def label(plain: str) -> str:
    """Return the plain text of a name as a label."""
    plain = re.sub(r"^([^\W\d_]+)(?=\d)", r"\1_", plain)
    stem, below, index = plain.partition("_")
    return f"{stem}{below}{_index(index)}"


def _index(name: str) -> str:
    """Return an index as it is printed: layer and neuron, and after `;` the sample."""
    return name.replace("_s", ";").replace("_", ",")


def given(value: float, name: str) -> Shown:
    """Return a given printed in full, with at least two decimals."""
    return Shown(signed(np.format_float_positional(value, min_digits=2)), name)


def computed(value: float, name: str, places: int = PLACES) -> Shown:
    """Return a computed number, rounded to some decimals."""
    return Shown(signed(f"{value:.{places}f}"), name, places)


def signed(number: str) -> str:
    """Return a number with a minus sign in place of the hyphen."""
    return number.replace("-", MINUS)


def bracketed(number: Shown) -> Shown:
    """Return a number as a factor or term, in parentheses where it is negative."""
    text = f"({number})" if number.startswith(MINUS) else number
    return Shown(text, number.stands_for, number.places, bracketed=True)


def joined(sign: str, numbers: Sequence[Shown]) -> list[str]:
    """Return numbers with a sign between each two."""
    return [piece for number in numbers for piece in (sign, number)][1:]


def said(labels: Sequence[Sequence[str]]) -> str:
    """Return labels, each a name and its values, as a list in a sentence."""
    each = ([name, ", ".join(values)] if values else [name] for name, *values in labels)
    return ", ".join(map(" = ".join, each))

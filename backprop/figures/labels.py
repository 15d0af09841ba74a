"""What the pictures call the quantities of an example, and how they print numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backprop.figures.svg import Shown
from backprop.symbolic.notation import NOTATIONS

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Labels:
    """What an example calls its quantities; `{}` stands for the number.

    Attributes:
        nodes: the nodes of each layer, inputs first.
        nets: the net inputs of the hidden and of the output layer.
        outs: their outputs.
        target: the target of an output.
        error: the error of an output.
    """

    nodes: tuple[str, str, str]
    nets: tuple[str, str]
    outs: tuple[str, str]
    target: str
    error: str

    @classmethod
    def of(cls, example: str) -> "Labels":
        """Return the labels in an example's own notation."""

        def form(first: str) -> str:
            stem = NOTATIONS[example].plain(first).removesuffix("1")
            return f"{stem}{{}}" if "_" in stem else f"{stem}_{{}}"

        return cls(
            nodes=(form("i1"), *NEURONS[example]),
            nets=(form("net_h1"), form("net_o1")),
            outs=(form("out_h1"), form("out_o1")),
            target=form("target_o1"),
            error=form("E_o1"),
        )


# Notations name quantities. A neuron as a whole has a name of its own.
NEURONS = {"notes": ("h_{}", "y_{}"), "lecture": ("h_{}", "o_{}")}


NEURON_NAMES = {
    example: {
        f"{stem}{k}": form.format(k) for stem, form in zip("ho", forms, strict=True) for k in (1, 2)
    }
    for example, forms in NEURONS.items()
}


def label_of(example: str, name: str) -> str:
    """Return a name of the graph as a label in an example's own notation: `ŷ_1`, `net_h1`."""
    return re.sub(r"^([^\W\d_]+)(?=\d)", r"\1_", NOTATIONS[example].plain(name))


def named(form: str, k: int) -> str:
    """Return the name of the k-th quantity of its kind, which the pages count from 1."""
    return form.format(k + 1)


def given(value: float, name: str) -> Shown:
    """Return a given in full, with at least two decimals."""
    return Shown(signed(np.format_float_positional(value, min_digits=2)), name)


def computed(value: float, name: str) -> Shown:
    """Return a computed number, rounded to six decimals."""
    return Shown(signed(f"{value:.6f}"), name, 6)


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

"""All numbers of a worked example in one table, as comma-separated values."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from backprop.symbolic.definitions import RATE
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import Notation

DIGITS = 17  # enough to tell any two floats apart
HEAD = ("name", "symbol", "value", "dE_total")


def as_csv(graph: Graph, learning_rate: Decimal, notation: Notation) -> str:
    """Return a row for each quantity of a network.

    The columns are the name in the package (`net_h1`), the symbol in a notation (`z1`), the value,
    and the derivative of the total error with respect to it. A plus marks a weight after one round.

    Raises:
        ValueError: the notation does not have a name of the network.
    """
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *_rows(graph, learning_rate, notation)])
    return text.getvalue()


def _rows(graph: Graph, learning_rate: Decimal, notation: Notation) -> Iterator[tuple[str, ...]]:
    for name in graph.names:
        slope = graph.derivative("E_total", name)
        yield name, notation.plain(name), _digits(graph.value(name)), _digits(slope)
    yield RATE, notation.plain(RATE), _digits(learning_rate), ""
    after = graph.updated(learning_rate)
    for name in filter(lambda name: name.startswith("w"), graph.names):
        yield f"{name}+", f"{notation.plain(name)}+", _digits(after.value(name)), ""


def _digits(number: Decimal) -> str:
    """Write a number with as many digits as a float can hold."""
    return f"{number:.{DIGITS}g}"

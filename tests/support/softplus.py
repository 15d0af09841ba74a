"""A function, an activation and a loss that the tables do not have, added to them and no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from backprop.symbolic.definitions import ACTIVATIONS, LOSSES, NET, OUT, TARGET, Activation, Loss
from backprop.symbolic.expressions import ONE, Call, Name, Number
from backprop.symbolic.functions import FUNCTIONS, Function, X
from backprop.symbolic.graph import Graph

FORM = {"activations": ["softplus", "logistic"], "loss": "weighted"}
SIZES = (2, 2, 2)
GIVENS = {
    name: Decimal(number)
    for name, number in {
        "i1": "0.05",
        "i2": "0.10",
        "w1": "0.15",
        "w2": "-0.20",
        "w3": "0.25",
        "w4": "0.30",
        "w5": "0.40",
        "w6": "-0.45",
        "w7": "0.50",
        "w8": "0.55",
        "b1": "0.35",
        "b2": "0.60",
        "target_o1": "0.01",
        "target_o2": "0.99",
    }.items()
}
RATE = Decimal("0.5")


@contextmanager
def extended_tables() -> Iterator[None]:
    """Add softplus, a layer of it, and a total error in which the outputs do not weigh alike."""
    FUNCTIONS["softplus"] = Function(
        value=lambda x: (1 + x.exp()).ln(),
        derivative=Call("sigma", X),
        symbol=r"\mathrm{softplus}",
        spreadsheet="LN(1+EXP({0}))",
        javascript="(x) => Math.log1p(Math.exp(x))",
    )
    ACTIVATIONS["softplus"] = Activation(Call("softplus", NET), "the softplus function")
    LOSSES["weighted"] = Loss(
        error=ONE / 2 * (TARGET - OUT) ** 2,
        total=weight("0.3") * Name("E", "1") + weight("0.7") * Name("E", "2"),
        words="subtracted inside a square, and weighted in the total error",
    )
    try:
        yield
    finally:
        del FUNCTIONS["softplus"], ACTIVATIONS["softplus"], LOSSES["weighted"]


def weight(text: str) -> Number:
    """Return how much an error counts in the total."""
    return Number(text, Decimal(text), 0, 0)


def graph() -> Graph:
    """Return a network of the added entries."""
    return Graph(SIZES, GIVENS, activations=FORM["activations"], loss=str(FORM["loss"]))

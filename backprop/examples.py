"""The two worked examples: their givens, here and nowhere else."""

from dataclasses import dataclass

from backprop.arguments import Array, numbers
from backprop.network import Network


@dataclass(frozen=True, eq=False)
class Example:
    """A network with the one sample it learns from, and how fast it learns.

    Attributes:
        name: how the command line calls it.
        network: the network before any update.
        inputs: shape (in,).
        targets: shape (out,).
        learning_rate: the step size, often written eta or alpha.
    """

    name: str
    network: Network
    inputs: Array
    targets: Array
    learning_rate: float


def _two_layers(name: str, b1: float) -> Example:
    """Return the network of both sources, which differ in b1 alone.

    Source:
        Matt Mazur, "A Step by Step Backpropagation Example" (2015).
    """
    w1, w2, w3, w4 = 0.15, 0.20, 0.25, 0.30
    w5, w6, w7, w8 = 0.40, 0.45, 0.50, 0.55
    b2 = 0.60
    return Example(
        name=name,
        network=Network(
            weights=([[w1, w2], [w3, w4]], [[w5, w6], [w7, w8]]),
            biases=(b1, b2),
        ),
        inputs=numbers("inputs", [0.05, 0.10]),
        targets=numbers("targets", [0.01, 0.99]),
        learning_rate=0.5,
    )


NOTES = _two_layers("notes", b1=0.30)
"""The example of the notes."""

LECTURE = _two_layers("lecture", b1=0.35)
"""The example of the lecture."""

EXAMPLES = {example.name: example for example in (NOTES, LECTURE)}
"""Both examples by name."""

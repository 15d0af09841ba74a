"""The network that a user describes by options: an example's, or one of other widths."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from backprop.arguments import Array
from backprop.network import Network
from backprop.symbolic.arrays import arrays_of
from backprop.symbolic.described import described
from backprop.training import BiasChoice, SampleChoice, Training, train


@dataclass(frozen=True, eq=False)
class Setup:
    """A network, what it learns from, and how.

    Attributes:
        inputs: shape (in,), or (samples, in) where there are several.
        targets: shape (out,), or (samples, out).
    """

    network: Network
    inputs: Array
    targets: Array
    learning_rate: float
    biases: BiasChoice
    loss: str
    samples: SampleChoice

    def trained(
        self, network: Network, done: int, rounds: int, keep: Iterable[int] | None = None
    ) -> Training:
        """Train a network, which has learned for `done` rounds, for `rounds` more.

        Raises:
            ValueError: something becomes infinite; the message counts rounds from the start.
        """
        try:
            return train(
                network,
                self.inputs,
                self.targets,
                learning_rate=self.learning_rate,
                biases=self.biases,
                rounds=rounds,
                keep=keep,
                loss=self.loss,
                samples=self.samples,
            )
        except ValueError:
            if not done:
                raise
            return self.trained(self.network, 0, done + rounds)


def setup_of(options: argparse.Namespace) -> Setup:
    """Return the network and the training that the options describe.

    Raises:
        ValueError: they do not go together, or a given is not understood.
    """
    has_biases = options.biases != "none"
    graph, rate = described(
        options.example, options.givens, sizes=options.sizes, has_biases=has_biases
    )
    arrays = arrays_of(graph.sizes, graph.givens)
    own_rate = options.learning_rate
    return Setup(
        Network(arrays.weights, arrays.biases, options.activations),
        arrays.inputs,
        arrays.targets,
        float(rate) if own_rate is None else own_rate,
        options.biases if has_biases else "frozen",
        options.loss,
        options.samples,
    )

"""The network that a user describes by options: an example's, or one of other widths."""

import argparse
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, pairwise

from backprop.arguments import Array, numbers
from backprop.examples import EXAMPLES
from backprop.network import Network
from backprop.symbolic.givens import RATE, SettingsError, changed, changes_in, check_sizes, counted
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS
from backprop.training import BiasChoice, SampleChoice, Training, train

MOST_SAMPLES = 16


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

    def trained(self, rounds: int, keep: Iterable[int] | None = None) -> Training:
        """Return what comes of some rounds."""
        return self._trained(self.network, rounds, keep)

    def trained_on(
        self, network: Network, done: int, rounds: int, keep: Iterable[int] | None = None
    ) -> Training:
        """Return what comes of some more rounds, of a network after `done` of them.

        Raises:
            ValueError: something becomes infinite; the round that is named counts from the start.
        """
        try:
            return self._trained(network, rounds, keep)
        except ValueError:
            return self.trained(done + rounds)

    def _trained(self, network: Network, rounds: int, keep: Iterable[int] | None) -> Training:
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


def setup_of(options: argparse.Namespace) -> Setup:
    """Return what the options describe.

    Raises:
        ValueError: they do not go together, or a given is not understood.
    """
    example = EXAMPLES[options.example]
    graph = Graph.of(example)
    if options.sizes and options.sizes != graph.sizes:
        check_sizes(options.sizes)
        graph = Graph(options.sizes, counted(options.sizes))
    rate = Decimal(str(example.learning_rate))
    if options.learning_rate is not None:
        rate = Decimal(str(options.learning_rate))
    notation = NOTATIONS[options.example]
    plain, marked = _by_sample(options.givens)
    changes = changes_in(plain, graph, notation)
    if options.biases == "none" and (bias := next((b for b in changes if b[0] == "b"), None)):
        raise SettingsError(f"{bias} came, expected no bias beside --biases none")
    shared = {RATE: rate, **changed(graph, changes)}
    each = [shared | _of_sample(changes_in(some, graph, notation), k) for k, some in marked]
    inputs, targets = (
        [_column(givens, stem, graph.sizes[k]) for givens in each or [shared]]
        for stem, k in (("i", 0), ("target_o", -1))
    )
    return Setup(
        _network(graph.sizes, shared, options),
        numbers("inputs", inputs if each else inputs[0]),
        numbers("targets", targets if each else targets[0]),
        float(shared[RATE]),
        "frozen" if options.biases == "none" else options.biases,
        options.loss,
        options.samples,
    )


def _by_sample(givens: Iterable[str]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Part `i1=0.5`, which holds for all samples, from `i1_s2=0.5`, which is of the second.

    Raises:
        SettingsError: there are too many samples.
    """
    plain: list[str] = []
    marked: dict[int, list[str]] = {}
    for given in givens:
        match = re.fullmatch(r"([^=]*)_s([1-9]\d{0,8})\s*(=.*)", given, re.DOTALL)
        if match:
            marked.setdefault(int(match[2]), []).append(match[1] + match[3])
        else:
            plain.append(given)
    last = max(marked, default=0)
    if last > MOST_SAMPLES:
        raise SettingsError(f"sample {last} came, expected {MOST_SAMPLES} samples at most")
    return plain, [(k, marked.get(k, [])) for k in range(1, last + 1)]


def _of_sample(changes: dict[str, Decimal], number: int) -> dict[str, Decimal]:
    """Refuse numbers of a sample that are not its own.

    Raises:
        SettingsError: one is of the network.
    """
    for name in changes:
        if not name.startswith(("i", "target_o")):
            message = f"{name}_s{number} came, expected an input or a target of a sample"
            raise SettingsError(f"{message}, or {name} for all")
    return changes


def _network(
    sizes: tuple[int, ...], givens: Mapping[str, Decimal], options: argparse.Namespace
) -> Network:
    """Return the network of these givens."""
    number = count(1)
    weights = [
        [[float(givens[f"w{next(number)}"]) for _ in range(below)] for _ in range(width)]
        for below, width in pairwise(sizes)
    ]
    biases = [
        [float(givens.get(f"b{layer}", givens.get(f"b{layer}_{k + 1}", 0))) for k in range(width)]
        for layer, width in enumerate(sizes[1:], start=1)
    ]
    return Network(weights, None if options.biases == "none" else biases, options.activations)


def _column(givens: Mapping[str, Decimal], stem: str, size: int) -> list[float]:
    """Return the inputs or the targets of a sample."""
    return [float(givens[f"{stem}{k + 1}"]) for k in range(size)]

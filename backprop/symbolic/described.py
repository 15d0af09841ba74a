"""The network that a user describes: a worked example, or a network of other sizes."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from backprop.examples import EXAMPLES
from backprop.symbolic.definitions import RATE
from backprop.symbolic.givens import (
    MARKED,
    changed,
    changes_in,
    check_sizes,
    counted,
    for_samples,
)
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS


def described(
    name: str, givens: Iterable[str], *, sizes: Sequence[int] | None, has_biases: bool
) -> tuple[Graph, Decimal]:
    """Return a network of logistic neurons, with all samples, and its learning rate.

    Args:
        name: of the example.
        givens: changes to the example, each as `NAME=NUMBER`; names such as `i1_s2`
            add a second sample, and `i1` then applies to all samples.
        sizes: the size of each layer, inputs first; None for the example's. With others, the givens
            count up as in the lecture.
        has_biases: whether the network keeps its biases.

    Raises:
        SettingsError: a given is not understood, or the network is too large.
    """
    notation, example = NOTATIONS[name], EXAMPLES[name]
    start, given = Graph.of(example), [*givens]
    if sizes and (*sizes,) != start.sizes:
        check_sizes(sizes)
        start = Graph(sizes, counted(sizes))
    if not has_biases:
        start = Graph(start.sizes, {x: n for x, n in start.givens.items() if x[0] != "b"})
    of_one = [each for each in given if MARKED.search(each)]
    of_all = [each for each in given if each not in of_one]
    rate = Decimal(str(example.learning_rate))
    numbers = {RATE: rate, **changed(start, changes_in(of_all, start, notation))}
    rate = numbers.pop(RATE)
    graph = Graph(start.sizes, for_samples(numbers, of_one))
    return graph.with_givens(graph.givens | changes_in(of_one, graph, notation)), rate

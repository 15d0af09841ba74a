"""The networks in which formulas are tried besides the page's own: after training, and random."""

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from backprop.activations import ACTIVATIONS
from backprop.examples import Example
from backprop.losses import LOSSES
from backprop.network import Network
from backprop.symbolic import expressions
from backprop.symbolic.arrays import arrays_of
from backprop.symbolic.definitions import Form
from backprop.symbolic.expressions import Call
from backprop.symbolic.graph import Graph
from backprop.training import BiasChoice, train

KEPT_EVERY = 1000  # rounds between two graphs that are kept, from which later ones are trained
OTHER_NETWORKS = 3  # in which a formula is tried besides the page's own
DRAWS = 40  # networks drawn where there are kinks; those on a new side of one are kept

Givens = tuple[tuple[str, Decimal], ...]


@lru_cache(maxsize=256)
def trained(form: Form, givens: Givens, rate: Decimal, biases: BiasChoice, rounds: int) -> Graph:
    """Return a network after some rounds, trained once for all pages and sections that have it.

    One round is computed in decimals of 40 digits, several are in the floats of the lesson.
    """
    graph = Graph.in_form(form, dict(givens))
    # The lesson's arrays do not know all that the tables may have.
    if rounds < 2 or not ({*form.activations} <= {*ACTIVATIONS} and form.loss in LOSSES):
        for _ in range(rounds):
            graph = graph.updated(rate, biases)
        return graph
    done = round_kept_before(rounds)
    example = example_of(trained(form, givens, rate, biases, done), rate)
    training = train(
        example.network,
        example.inputs,
        example.targets,
        learning_rate=example.learning_rate,
        biases=biases,
        rounds=rounds - done,
        keep=(),
        loss=form.loss,
        samples="mean" if form.over_samples == "mean" else "sum",
    )
    one = replace(example, inputs=np.zeros(form.sizes[0]), targets=np.zeros(form.sizes[-1]))
    learned = Graph.of(replace(one, network=training.network)).givens
    moved = {name: x for name, x in learned.items() if name[0] in "wb"}
    fixed = {name: x for name, x in givens if name[0] not in "wb"}
    graph = Graph.in_form(form, fixed | moved)
    return graph.untied() if biases == "per_neuron" else graph


def example_of(graph: Graph, rate: Decimal) -> Example:
    """Return a graph as an example: inputs (..., in) and targets (..., out), a row a sample."""
    weights, biases, inputs, targets = arrays_of(graph.sizes, graph.givens)
    network = Network(weights, biases, graph.form.activations)
    return Example("page", network, inputs, targets, float(rate))


def round_kept_before(rounds: int) -> int:
    """Return the last round before a given one whose graph is kept."""
    return max(0, rounds - 1) // KEPT_EVERY * KEPT_EVERY


@lru_cache(maxsize=64)
def drawn(form: Form, names: tuple[str, ...], targets: Givens) -> tuple[tuple[Graph, Decimal], ...]:
    """Draw random networks of a form, each with a learning rate.

    Net inputs of ReLU are drawn on both sides of its kink.

    Args:
        form: of the networks.
        names: of their givens.
        targets: those of the page, by name.
    """
    dice = random.Random(0)  # noqa: S311  # any numbers do, but the same ones in every run
    kinks = [
        name.key
        for part in form.definitions.values()
        if isinstance(part, Call) and part.function == "relu"
        for name in expressions.names(part)
    ]
    found: list[tuple[Graph, Decimal]] = []
    met: set[tuple[str, bool]] = set()
    for turn in range(1, (DRAWS if kinks else OTHER_NETWORKS) + 1):
        givens = {name: draw(dice) for name in names}
        givens |= _targets_like(dict(targets), form, turn, dice)
        graph = Graph.in_form(form, givens)
        # A page's own names may train with this rate; one below 0 drives the weights to infinity.
        rate = abs(draw(dice))
        sides = {(net, graph.value(net) > 0) for net in kinks}
        if turn <= OTHER_NETWORKS or not sides <= met:
            found.append((graph, rate))
            met |= sides
    return tuple(found)


def _targets_like(
    targets: Mapping[str, Decimal], form: Form, turn: int, dice: random.Random
) -> dict[str, Decimal]:
    """Return targets of the kind that a loss expects, one-hot or 0 and 1 where the page's are."""
    whole = {*targets.values()} <= {0, 1}
    if form.loss_entry.targets == "fractions":
        other = {name: Decimal((turn + int(x)) % 2) for name, x in targets.items()}
        return other if whole else {name: abs(draw(dice)) / 2 for name in targets}
    found: dict[str, Decimal] = {}
    for mark in form.marks if form.loss_entry.targets == "shares" else ():
        names = [f"target_{neuron}{mark}" for neuron in form.neurons(len(form.sizes) - 1)]
        shares = [abs(draw(dice)) / (2 * len(names)) for _ in names[1:]]
        if whole:
            hot = [targets[name] == 1 for name in names].index(True)
            hot = (hot + turn) % len(names)
            shares = [Decimal(k == hot) for k in range(len(names) - 1)]
        found |= zip(names, [*shares, 1 - sum(shares, Decimal(0))], strict=True)
    return found


def draw(dice: random.Random) -> Decimal:
    """Return a number of moderate size, never near 0."""
    return Decimal(dice.choice((-1, 1)) * dice.randint(200, 1500)).scaleb(-3)

"""What the names on a page are worth.

A world knows the true value of every name: the graph of the example, the notation that the page
writes in, and what the page itself binds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import count, takewhile

import numpy as np

from backprop.examples import Example
from backprop.formulas import latex
from backprop.formulas.networks import drawn, example_of, trained
from backprop.formulas.values import RELATIVE_TOLERANCE, Unbound, Value, equal, scalar
from backprop.symbolic.definitions import RATE, total_of
from backprop.symbolic.expressions import Chain, Expression, Name
from backprop.symbolic.functions import FUNCTIONS
from backprop.symbolic.graph import Graph
from backprop.symbolic.layered import weight_names
from backprop.symbolic.notation import Notation, split_sample
from backprop.symbolic.rounding import rounded
from backprop.training import BiasChoice

ROUNDS = 20_000  # the most that a page may ask for; they take seconds
OWN_STEPS = Decimal("0.01"), Decimal("0.02")  # for slopes of values computed in doubles
SMALLEST_SLOPE = Decimal("1e-12")  # such slopes below it are rounding errors


@dataclass(frozen=True, eq=False)
class World:
    """The true values on a page.

    Attributes:
        graph: the network before any update.
        learning_rate: the step size.
        notation: how the page writes the names.
        extra: the values of the page's own names, by key and round.
        own: computes these values in another network; None if they are known in this one only.
        lists: the names that stand for a list, whose entries have values of their own.
        free: the value of each free variable, and of its derivative (`u'`)
            where it has one; these hide all else.
        defined: what the page has defined a variable to be, in other names.
        columns: whether the weights into a neuron are a column of their matrix, not a row.
        biases: how they learn.
        rounds: of training that the page's own names have taken.
        comma: whether the page writes a decimal point as a comma.
        freely: whether the page has a notation of its own, and may write terms in any order and
            w = w - ... for the new value of w.
    """

    graph: Graph
    learning_rate: Decimal
    notation: Notation
    extra: Mapping[tuple[str, int], Value] = field(default_factory=dict)
    own: "Callable[[World], Mapping[tuple[str, int], Value]] | None" = None
    lists: frozenset[tuple[str, int]] = frozenset()
    free: Mapping[str, Decimal] = field(default_factory=dict)
    defined: Mapping[str, Expression] = field(default_factory=dict)
    columns: bool = False
    biases: BiasChoice = "frozen"
    rounds: int = 0
    comma: bool = False
    freely: bool = False

    @classmethod
    def of(cls, example: Example, notation: Notation) -> "World":
        """Return the world of a worked example."""
        return cls(Graph.of(example), Decimal(str(example.learning_rate)), notation)

    def chains(self, source: str) -> tuple[Chain, ...]:
        """Read a formula of the page, LaTeX without its dollars.

        Raises:
            LatexError: it is not understood.
        """
        return latex.parse(source, self.notation, comma=self.comma)

    @cached_property
    def targets(self) -> dict[str, Decimal]:
        """The targets of the page, by the graph's names."""
        return {name: x for name, x in self.graph.givens.items() if name.startswith("target_")}

    @cached_property
    def keeps_targets(self) -> bool:
        """Whether other networks have the same targets, since 0 and 1 may be put into formulas.

        Authors do so in the loss: for y = 1 it is -ln(a).
        """
        return self.freely and {*self.targets.values()} <= {0, 1}

    @cached_property
    def others(self) -> "tuple[World, ...]":
        """Networks of the same form with random numbers, in which nothing is equal by chance."""
        return self._others(self.targets, self.targets if self.keeps_targets else ())

    def with_any_targets(self, kept: Iterable[str]) -> "tuple[World, ...]":
        """Return such networks whose targets may be any the loss allows, but for some to keep."""
        return self._others(dict.fromkeys(self.targets, Decimal("0.5")), kept)

    def _others(self, like: Mapping[str, Decimal], kept: Iterable[str]) -> "tuple[World, ...]":
        """Return such networks, with targets that are like others, but for some to keep."""
        networks = drawn(self.graph.form, tuple(self.graph.givens), tuple(like.items()))
        same = {name: self.targets[name] for name in kept}
        worlds = [
            replace(self, graph=graph.with_givens({**graph.givens, **same}), learning_rate=rate)
            for graph, rate in networks
        ]
        own = self.own or (lambda _: {})
        return tuple(replace(world, extra=own(world)) for world in worlds)

    def canonical(self, name: Name) -> str | None:
        """Return the graph's name for a scalar of the page, None where it has none."""
        key = name.key
        if key not in self._canonical:
            canonical = self.notation.canonical(key)
            known = canonical and (canonical == RATE or _node(canonical) in self._known)
            if canonical and not known and f"{canonical}_1" in self._known:
                lone = f"{canonical}_2" not in self._known  # the bias of a layer of one neuron
                canonical, known = f"{canonical}_1", lone and canonical.startswith("b")
            self._canonical[key] = canonical if known else None
        return self._canonical[key]

    def is_label(self, name: Name) -> bool:
        """Tell whether a name has no value of its own: a neuron's, a layer's, or that of a list."""
        return name.key in FUNCTIONS or self.is_neuron(name) or self.is_list(name)

    def is_neuron(self, name: Name) -> bool:
        """Tell whether a name is the label of a neuron or a layer."""
        return name.key in self._labels

    def is_list(self, name: Name) -> bool:
        """Tell whether a name lists numbers."""
        return (name.key, name.round) in self.lists

    def entries(self, name: Name) -> list[list[str]]:
        """Return the graph's names for the entries of a vector or matrix, row by row.

        Raises:
            Unbound: the page does not know the name.
        """
        if found := self.notation.rows(name.key):
            return [[self._bias_here(entry) for entry in row] for row in found]
        base = name.base.removeprefix("vec_")
        bold = base != name.base
        stem, mark = split_sample(name.subscript)
        number = int(name.subscript) if re.fullmatch(r"\d{1,3}", name.subscript) else 0
        layer = number if number < len(self.graph.sizes) else 0
        if base == "W" and layer:
            rows = weight_names(self.graph.sizes)[layer - 1]
            rows = [list(column) for column in zip(*rows, strict=True)] if self.columns else rows
        elif bold and base == "b" and layer:
            rows = [[bias] for bias in self.graph.form.biases(layer)]
        elif bold and base == "x" and not stem:
            rows = self._column(lambda k: f"i{k}{mark}")
        else:
            rows = self._column(
                lambda k: self.canonical(replace(name, base=base, subscript=f"{stem}{k}{mark}"))
            )
        if not rows:
            raise Unbound(f"{name.key} is no name of this page{self._missing_sample(name)}")
        return rows

    def _bias_here(self, name: str) -> str:
        """Return the name of the bias of a neuron, which its layer may share."""
        known = name in self._known or not name.startswith("b")
        return name if known else name.partition("_")[0]

    def _missing_sample(self, name: Name) -> str:
        """Return a hint to name the sample, if the name exists for each of several samples."""
        if not self.graph.form.samples:
            return ""
        first = replace(name, subscript=f"{name.subscript}_s1")
        return "; say of which sample, as in x_{1;1}" * (self.canonical(first) is not None)

    def value(self, name: Name) -> Value:
        """Return the value of a name; of a vector or a matrix, shape (rows, columns).

        What the page has defined a name to be is left to `evaluate`.

        Raises:
            Unbound: the page does not know the name.
        """
        if name.key in self.free and not name.round:
            return self.free[name.key]
        if (name.key, name.round) in self.extra:
            return self.extra[name.key, name.round]
        if self.is_list(name):
            raise Unbound(f"{name.key} is a list, expected an entry, such as {name.entry(1).key}")
        canonical = self.canonical(name)
        if canonical is not None:
            return self._scalar(canonical, name.round)
        rows = self.entries(name)
        return np.array([[self._scalar(entry, name.round) for entry in row] for row in rows])

    def knows(self, name: Name) -> bool:
        """Tell whether a name has a value."""
        if not name.round and (name.key in self.defined or self.canonical(name) is not None):
            return True
        try:
            self.value(name)
        except Unbound:
            return False
        return True

    def derivative(self, of: Name, wrt: Name) -> Value:
        """Return the derivative of one name with respect to another, in the shape of the other.

        Raises:
            Unbound: a name is unknown, or stands for no node of the graph.
        """
        if (of.key, of.round) in self.extra:
            return self._own_derivative(of, wrt)
        above = self.canonical(of)
        if above is None or above == RATE or above != _node(above) or of.round != wrt.round:
            raise Unbound(f"{of.key} is nothing that has a derivative here")
        graph = self.after(of.round)
        below = self.canonical(wrt) or self._meant_by(wrt)
        if below is not None:
            if below == RATE or below != _node(below):
                raise Unbound(f"there is no derivative with respect to {wrt.key} here")
            return graph.derivative(above, below)
        rows = self.entries(wrt)
        return np.array([[graph.derivative(above, entry) for entry in row] for row in rows])

    def _meant_by(self, name: Name) -> str | None:
        """Return the node that one of the page's own names equals in every network, if any.

        A name that equals a node in a single network does so by chance.
        """
        worlds = (self, *self.others) if (name.key, 0) in self.extra and not name.round else ()
        for node in self.graph.names if worlds else ():
            if all(equal(world.value(name), world.graph.value(node)) for world in worlds):
                return node
        return None

    def _own_derivative(self, of: Name, wrt: Name) -> Decimal:
        """Return the derivative of one of the page's own names by finite differences.

        A net input is moved by the bias of its neuron, and an output by its net input. Two step
        sizes have to agree.

        Raises:
            Unbound: it has no derivative with respect to the other name, or no accurate one.
        """
        name = self.canonical(wrt) or self._meant_by(wrt) or ""
        message = f"there is no derivative of {of.key} with respect to {wrt.key} here"
        graph, scale = self.graph, Decimal(1)
        if of.round or wrt.round or self.own is None or name not in self._known:
            raise Unbound(message)
        if name.startswith("out_") and not graph.form.activation_of(name).takes_layer:
            net = name.replace("out_", "net_")
            name, scale = net, graph.derivative(name, net)
        if name.startswith("net_") and graph.form.own_biases and not graph.form.samples:
            graph = graph.untied()
            name = graph.parts(name)[-1]
        if name not in graph.givens:
            raise Unbound(message)
        fine, coarse = (self._difference(of, graph, name, step) for step in OWN_STEPS)
        if abs(fine - coarse) > RELATIVE_TOLERANCE * max(abs(fine), Decimal("0.01")):
            raise Unbound(f"{message}: it is not smooth enough")
        slope = fine / scale
        if abs(slope) < SMALLEST_SLOPE:
            return Decimal(0)
        return rounded(slope, Decimal(1).scaleb(max(slope.adjusted(), -3) - 12))

    def _difference(self, of: Name, graph: Graph, name: str, step: Decimal) -> Decimal:
        """Return the central difference of eighth order of a name, with respect to a given."""

        def at(k: int) -> Decimal:
            givens = {**graph.givens, name: graph.givens[name] + k * step}
            world = replace(self, graph=graph.with_givens(givens))
            assert self.own is not None
            return scalar(self.own(world)[of.key, of.round])

        weights = (Decimal(4) / 5, Decimal(-1) / 5, Decimal(4) / 105, Decimal(-1) / 280)
        return (
            sum(
                (weight * (at(k) - at(-k)) for k, weight in enumerate(weights, start=1)), Decimal(0)
            )
            / step
        )

    def after(self, rounds: int) -> Graph:
        """Return the graph after some rounds.

        Raises:
            Unbound: these are so many rounds that they take too long.
        """
        if rounds > ROUNDS:
            raise Unbound(f"round {rounds} came, expected {ROUNDS} at most")
        if rounds not in self._graphs:
            givens = tuple(self.graph.givens.items())
            self._graphs[rounds] = trained(
                self.graph.form, givens, self.learning_rate, self.biases, rounds
            )
        return self._graphs[rounds]

    @property
    def example(self) -> Example:
        """The network and its samples as the lesson has them."""
        return example_of(self.graph, self.learning_rate)

    @property
    def learning(self) -> tuple[str, ...]:
        """The first letters of the names that an update changes."""
        return ("w",) if self.biases == "frozen" else ("w", "b")

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.graph.names)

    @cached_property
    def _canonical(self) -> dict[str, str | None]:
        return {}  # filled as names are met

    @cached_property
    def _labels(self) -> frozenset[str]:
        """The names of neurons and of layers: h1 and h, of `net_h1`."""
        nets = {name.removeprefix("net_") for name in self._known if name.startswith("net_")}
        return frozenset(nets | {label.rstrip("0123456789_") for label in nets})

    @cached_property
    def _graphs(self) -> dict[int, Graph]:
        return {0: self.graph}

    def _column(self, nth: Callable[[int], str | None]) -> list[list[str]]:
        """Return a column of names, counted from 1 for as long as there are any."""
        entries = takewhile(lambda entry: entry and _node(entry) in self._known, map(nth, count(1)))
        return [[entry] for entry in entries if entry]

    def _scalar(self, canonical: str, rounds: int) -> Decimal:
        if canonical == RATE:
            return self.learning_rate
        node = _node(canonical)
        graph = self.after(rounds)
        if node == canonical:
            return graph.value(node)
        return graph.derivative(total_of(node), node)


def _node(canonical: str) -> str:
    """Return the graph's node behind a name: of a delta, the net of its derivative."""
    neuron = canonical.removeprefix("delta_")
    return canonical if neuron == canonical else f"net_{neuron}"

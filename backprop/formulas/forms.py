"""The formulas behind the names, as a page would write them out.

They serve where a page prints numbers without the symbols before them: the
numbers are then held against the formula that the name stands for.
"""

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from backprop.formulas.evaluate import Unbound, World, terms_of
from backprop.symbolic.expressions import (
    Call,
    Derivative,
    Expression,
    Matrix,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Summation,
    Transpose,
)
from backprop.symbolic.givens import RATE

PATHS = 1000  # of networks with more paths from an error to a weight no page writes the chain rule


def written_out(expression: Expression, world: World) -> Iterator[Expression]:
    """Yield the forms in which an expression may be written out, one step each."""
    match expression:
        case Call("sigma", argument):
            yield Quotient(_whole(1), Sum((_whole(1), Call("exp", Negative(argument)))))
        case Summation():
            yield Sum(tuple(terms_of(expression, world)))
        case Transpose(body):
            for form in written_out(body, world):
                if isinstance(form, Matrix):
                    yield Matrix(tuple(zip(*form.rows, strict=True)))
        case Name():
            yield from _definitions(expression, world)
        case Derivative(of, wrt):
            yield from _rules(of, wrt, world)


def _definitions(name: Name, world: World) -> Iterator[Expression]:
    """Yield the formula of a name."""
    canonical = world.canonical(name)
    if name.key in world.free or name.key in world.defined:
        return
    if canonical is None:
        yield from _entries(name, world, lambda entry: entry)
        return
    here = _Names(world, name.round)
    kind, _, neuron = canonical.partition("_")
    if kind == "net":
        yield here.weighted_sum(canonical)
    elif kind == "out":
        yield Call("sigma", here(f"net_{neuron}"))
    elif canonical == "E_total":
        yield Sum(tuple(here(error) for error in here.below(canonical)))
    elif kind == "E":
        miss = Sum((here(f"target_{neuron}"), Negative(here(f"out_{neuron}"))))
        yield Product((Quotient(_whole(1), _whole(2)), Power(miss, _whole(2))))
        yield Quotient(Power(miss, _whole(2)), _whole(2))
    elif kind == "delta":
        yield from _rules(here("E_total"), here(f"net_{neuron}"), world)
    elif name.round and kind.startswith(world.learning):
        old = _Names(world, name.round - 1)
        change = Product((old(RATE), Derivative(old("E_total"), old(canonical))))
        yield Sum((old(canonical), Negative(change)))


def _entries(name: Name, world: World, each: Callable[[Name], Expression]) -> Iterator[Expression]:
    """Yield a matrix with an entry for each in that of a name."""
    try:
        rows = world.entries(name)
    except Unbound:
        return
    here = _Names(world, name.round)
    yield Matrix(tuple(tuple(each(here(entry)) for entry in row) for row in rows))


def _rules(of: Name, wrt: Name, world: World) -> Iterator[Expression]:
    """Yield what a derivative is, by the rule for its formula or by the chain rule."""
    above, below = world.canonical(of), world.canonical(wrt)
    if above is None or below is None:
        yield from _entries(wrt, world, lambda entry: Derivative(of, entry))
        return
    here = _Names(world, of.round)
    kind, _, neuron = above.partition("_")
    if kind == "out" and below == f"net_{neuron}":
        yield Product((of, Sum((_whole(1), Negative(of)))))
    elif below.startswith("out_o") and above in ("E_total", f"E_{below[4:]}"):
        yield Negative(Sum((here(f"target_{below[4:]}"), Negative(wrt))))
    elif kind == "net" and below in here.below(above):
        yield from here.partner(above, below)
    elif below in world.graph.names and math.prod(world.graph.sizes[1:]) <= PATHS:
        yield from _chains(above, below, here)


def _chains(above: str, below: str, here: "_Names") -> Iterator[Expression]:
    """Yield the sum over the ways at a fork, the chain through what all share, and by deltas."""
    paths = [path.nodes for path in here.graph.paths(above, below)]
    forks = dict.fromkeys(node for nodes in paths for node in nodes[1:2])
    if above == "E_total" and len(forks) > 1:
        yield Sum(tuple(Derivative(here(fork), here(below)) for fork in forks))
    shared = [node for node in paths[0] if all(node in nodes for nodes in paths)] if paths else []
    if above == "E_total":  # of which only one error depends on an output
        shared = [node for node in shared if not node.startswith("E_o")]
    if len(shared) > 2:
        yield Product(tuple(Derivative(here(a), here(b)) for a, b in pairwise(shared)))
    if above == "E_total":
        yield from here.by_deltas(below)


class _Names:
    """Makes the names of a page from those of the graph."""

    def __init__(self, world: World, rounds: int) -> None:
        self.graph = world.others[0].graph  # of the same form, and no number in it is 0
        self._notation = world.notation
        self._rounds = rounds

    def __call__(self, canonical: str) -> Name:
        return Name(self._notation.key(canonical), round=self._rounds)

    def below(self, canonical: str) -> list[str]:
        """Return what stands in the formula of a node."""
        return [name for name in self.graph.names if self.graph.local(canonical, name)]

    def weighted_sum(self, net: str) -> Expression:
        """Return w out + w out + b for a net."""
        weights, outs, [bias] = self._parts(net)
        terms = [Product((self(w), self(out))) for w, out in zip(weights, outs, strict=True)]
        return Sum((*terms, self(bias)))

    def partner(self, net: str, name: str) -> Iterator[Expression]:
        """Yield what a weight, an output or a bias is multiplied by."""
        weights, outs, biases = self._parts(net)
        pairs = [*zip(weights, outs, strict=True), *zip(outs, weights, strict=True)]
        yield from (self(other) for one, other in pairs if one == name)
        if name in biases:
            yield _whole(1)

    def by_deltas(self, name: str) -> Iterator[Expression]:
        """Yield delta times what a name is multiplied by, over all nets with the name in them."""
        nets = [
            net for net in self.graph.names if net[:4] == "net_" and self.graph.local(net, name)
        ]
        terms = [
            Product((self(f"delta_{net[4:]}"), partner))
            for net in nets
            for partner in self.partner(net, name)
        ]
        if terms:
            yield Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def _parts(self, net: str) -> tuple[list[str], list[str], list[str]]:
        parts = self.below(net)
        weights = [name for name in parts if name.startswith("w")]
        biases = [name for name in parts if name.startswith("b")]
        outs = [name for name in parts if name.startswith(("i", "out"))]
        return weights, outs, biases


def _whole(number: int) -> Number:
    return Number(str(number), Decimal(number), 0, 0)

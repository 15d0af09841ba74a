"""The formulas behind the names, as a page would write them out.

They serve where a page prints numbers without the symbols before them: the
numbers are then held against the formula that the name stands for.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from backprop.prose.evaluate import RATE, Unbound, World, terms_of
from backprop.prose.latex import (
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
)


def written_out(expression: Expression, world: World) -> Iterator[Expression]:
    """Yield the forms in which an expression may be written out, one step each."""
    match expression:
        case Call("sigma", argument):
            yield Quotient(_whole(1), Sum((_whole(1), Call("exp", Negative(argument)))))
        case Summation():
            try:
                yield Sum(tuple(terms_of(expression, world)))
            except Unbound:
                return
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
        yield from _matrix(name, world)
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
    elif kind == "delta":
        yield from _rules(here("E_total"), here(f"net_{neuron}"), world)
    elif name.round == 1 and kind.startswith("w"):
        before = replace(name, round=0)
        total = _Names(world, 0)("E_total")
        change = Product((_Names(world, 0)(RATE), Derivative(total, before)))
        yield Sum((before, Negative(change)))


def _matrix(name: Name, world: World) -> Iterator[Expression]:
    """Yield the entries of a vector or matrix."""
    try:
        rows = world.entries(name)
    except Unbound:
        return
    here = _Names(world, name.round)
    yield Matrix(tuple(tuple(here(entry) for entry in row) for row in rows))


def _rules(of: Name, wrt: Name, world: World) -> Iterator[Expression]:
    """Yield what a derivative is, by the rule for its formula or by the chain rule."""
    above, below = world.canonical(of), world.canonical(wrt)
    if above is None or below is None:
        return
    here = _Names(world, of.round)
    kind, _, neuron = above.partition("_")
    if kind == "out" and below == f"net_{neuron}":
        yield Product((of, Sum((_whole(1), Negative(of)))))
    elif kind == "E" and below.startswith("out_o"):
        yield Negative(Sum((here(f"target_{below[4:]}"), Negative(wrt))))
    elif kind == "net" and below in here.below(above):
        yield from here.partner(above, below)
    else:
        yield from _chains(of, wrt, world)


def _chains(of: Name, wrt: Name, world: World) -> Iterator[Expression]:
    """Yield the chain rule along the only path, or the sum over the ways at a fork."""
    here = _Names(world, of.round)
    above, below = world.canonical(of), world.canonical(wrt)
    graph = world.after(of.round)
    paths = graph.paths(above, below) if above and below and below in graph.names else []
    if len(paths) == 1:
        nodes = [node for node in paths[0].nodes if not node.startswith("E_o")] if (
            above == "E_total"
        ) else list(paths[0].nodes)
        steps = zip(nodes, nodes[1:], strict=False)
        yield Product(tuple(Derivative(here(a), here(b)) for a, b in steps))
    elif paths:
        if above == "E_total":
            forks = dict.fromkeys(path.nodes[1] for path in paths)
            yield Sum(tuple(Derivative(here(fork), wrt) for fork in forks))
        # Where all paths meet again, the chain goes through that node.
        shared = [n for n in paths[0].nodes[1:-1] if all(n in path.nodes for path in paths)]
        if shared:
            nodes = [above, *shared, below]
            steps = zip(nodes, nodes[1:], strict=False)
            yield Product(tuple(Derivative(here(a or ""), here(b or "")) for a, b in steps))


class _Names:
    """Makes the names of a page from those of the graph."""

    def __init__(self, world: World, rounds: int) -> None:
        self._world = world
        self._rounds = rounds

    def __call__(self, canonical: str) -> Name:
        return Name(self._world.notation.key(canonical), round=self._rounds)

    def below(self, canonical: str) -> list[str]:
        """Return what stands in the formula of a node."""
        graph = self._world.graph
        return [name for name in graph.names if graph.local(canonical, name) != 0]

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

    def _parts(self, net: str) -> tuple[list[str], list[str], list[str]]:
        parts = self.below(net)
        weights = [name for name in parts if name.startswith("w")]
        biases = [name for name in parts if name.startswith("b")]
        outs = [name for name in parts if name.startswith(("i", "out"))]
        return weights, outs, biases


def _whole(number: int) -> Number:
    return Number(str(number), Decimal(number), 0, 0)

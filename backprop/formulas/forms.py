"""The formulas behind the names, as a page would write them out.

They serve where a page prints numbers without the symbols before them: the
numbers are then compared with the formula that the name stands for. The formulas
are those of the table of definitions, in the names of the page.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

from backprop.formulas.evaluate import terms_of
from backprop.formulas.values import Unbound
from backprop.formulas.vectors import VECTOR_FUNCTIONS
from backprop.formulas.world import World
from backprop.symbolic import functions
from backprop.symbolic.definitions import RATE, TOTAL, delta_of, total_of, update
from backprop.symbolic.derivatives import negative, product, total
from backprop.symbolic.expressions import (
    ONE,
    Call,
    Derivative,
    Expression,
    Matrix,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    Summation,
    Transpose,
    as_quotient,
    replaced,
    whole,
)

PATHS = 1000  # no page writes out the chain rule over more paths


def written_out(expression: Expression, world: World) -> Iterator[Expression]:
    """Yield the forms in which an expression may be written out, one step each."""
    match expression:
        case Call():
            yield from _called(expression)
            yield from _by_entries(expression, world)
        case Summation():
            yield Sum(tuple(terms_of(expression, world)))
        case Transpose(body):
            for form in written_out(body, world):
                if isinstance(form, Matrix):
                    yield Matrix(tuple(zip(*form.rows, strict=True)))
                    if world.freely and 1 in (len(form.rows), len(form.rows[0])):
                        yield form  # an author may write a vector as a row or as a column
        case Name():
            yield from _definitions(expression, world)
        case Sum((Name() as new, Negative(Name() as old))):
            yield from _change(new, old, world)
        case Derivative(of, wrt):
            yield from _rules(of, wrt, world)


def with_targets(expression: Expression, world: World) -> Expression:
    """Return a formula in which targets of 0 and 1 are put in: for y = 1 the loss is -ln(a)."""

    def put(part: Expression) -> Expression | None:
        canonical = world.canonical(part) if isinstance(part, Name) else None
        value = world.graph.givens.get(canonical or "")
        is_target = (canonical or "").startswith("target_") and value in (0, 1)
        return whole(int(value)) if is_target and value is not None else None

    return _shortened(replaced(expression, put))


def _shortened(part: Expression) -> Expression:
    """Return an expression without terms of 0, and without products with them."""
    match part:
        case Negative(body):
            short = _shortened(body)
            return short if _is_zero(short) else negative(short)
        case Product(factors, elementwise=False):
            each = [_shortened(factor) for factor in factors]
            return whole(0) if any(map(_is_zero, each)) else product(*each)
        case Sum(terms):
            each = [short for term in terms if not _is_zero(short := _shortened(term))]
            if each == [ONE, Negative(ONE)] or not each:
                return whole(0)
            return total(*each)
    return part


def _is_zero(part: Expression) -> bool:
    return isinstance(part, Number) and not part.value


def _called(call: Call) -> Iterator[Expression]:
    r"""Yield a call in other functions: ReLU as \max(0, z), an output of softmax as a quotient."""
    match call:
        case Call("relu", argument):
            yield Call("max", Matrix(((whole(0),), (argument,))))
        case Call(function, Matrix(rows)) if function.startswith("softmax_"):
            powers = [Call("exp", entry) for row in rows for entry in row]
            for k, above in enumerate(powers, start=1):
                if function == f"softmax_{k}":
                    yield Quotient(above, Sum((*powers,)))
    if form := functions.written_out(call):
        yield form


def _by_entries(call: Call, world: World) -> Iterator[Expression]:
    """Yield a function of a vector as the vector of the function of each entry."""
    name, each = call.argument, call.function.removesuffix("'") not in VECTOR_FUNCTIONS
    if each and isinstance(name, Name) and world.canonical(name) is None:
        yield from _entries(name, world, lambda entry: Call(call.function, entry))


def _definitions(name: Name, world: World) -> Iterator[Expression]:
    """Yield the definition of a name; half of something also as a quotient."""
    canonical = world.canonical(name)
    if name.key in world.free or name.key in world.defined:
        return
    here = _Names(world, name.round)
    if canonical is None:
        yield from _entries(name, world, lambda entry: entry)
        yield from _updates(name, world)
    elif canonical.startswith("delta_"):
        net = canonical.replace("delta_", "net_")
        yield from _rules(here(total_of(net)), here(net), world)
    elif definition := here.form.definitions.get(canonical):
        yield here.put_into(definition)
        if quotient := as_quotient(definition):
            yield here.put_into(quotient)
    elif name.round and canonical.startswith(world.learning):
        yield _Names(world, name.round - 1).put_into(update(canonical))


def _updates(name: Name, world: World) -> Iterator[Expression]:
    """Yield the update of an array of weights or biases, as of a single one."""
    with suppress(Unbound):
        entries = [entry for row in world.entries(name) for entry in row]
        if name.round and all(entry.startswith(world.learning) for entry in entries):
            old = replace(name, round=name.round - 1)
            here = _Names(world, old.round)
            put: dict[Expression, Name] = {Name(each): here(each) for each in (RATE, TOTAL)}
            yield replaced(update(name.key), {**put, Name(name.key): old}.get)


def _change(new: Name, old: Name, world: World) -> Iterator[Expression]:
    """Yield the change of a parameter, minus the rate times the derivative, or its opposite."""
    before, after = sorted((new, old), key=lambda name: name.round)
    if after != replace(before, round=before.round + 1):
        return
    for form in _definitions(after, world):
        if isinstance(form, Sum) and form.terms[0] == before:
            step = total(*form.terms[1:])
            yield step if after == new else negative(step)


def _entries(name: Name, world: World, each: Callable[[Name], Expression]) -> Iterator[Expression]:
    """Yield a matrix with an entry for each in that of a name."""
    try:
        rows = world.entries(name)
    except Unbound:
        return
    here = _Names(world, name.round)
    yield Matrix(tuple(tuple(each(here(entry)) for entry in row) for row in rows))


def _rules(of: Name, wrt: Name, world: World) -> Iterator[Expression]:
    """Yield a derivative written out by the rule for its formula or by the chain rule."""
    above, below = world.canonical(of), world.canonical(wrt)
    if above is None or below is None:
        yield from _entries(wrt, world, lambda entry: Derivative(of, entry))
        return
    here = _Names(world, of.round)
    parts = here.form.parts.get(above, ())
    if here.form.samples and above == TOTAL:
        yield here.by_samples(below)
    elif above == total_of(above) == total_of(below) and below.startswith("out_o"):
        yield here.put_into(here.form.total_by_out(below, above))
    elif above == TOTAL == total_of(below) and (short := here.form.short_by_net(below)):
        yield from map(here.put_into, short)
        yield from _chains(above, below, here)
    elif below in parts and not above.startswith(TOTAL):
        yield here.put_into(here.form.slopes(above)[below])
    elif below in world.graph.names and math.prod(world.graph.sizes[1:]) <= PATHS:
        yield from _chains(above, below, here)


def _chains(above: str, below: str, here: "_Names") -> Iterator[Expression]:
    """Yield the chain rule: over the branches, along the nodes that all paths share, by deltas."""
    paths = [path.nodes for path in here.paths(above, below)]
    forks = dict.fromkeys(node for nodes in paths for node in nodes[1:2])
    is_total = above.startswith(TOTAL)
    if is_total and len(forks) > 1:
        yield Sum(tuple(Derivative(here(fork), here(below)) for fork in forks))
    shared = [node for node in paths[0] if all(node in nodes for nodes in paths)] if paths else []
    if is_total:  # only one of its errors depends on an output
        shared = [node for node in shared if not node.startswith("E_o")]
    if len(shared) > 2:
        yield Product(tuple(Derivative(here(a), here(b)) for a, b in pairwise(shared)))
    if is_total:
        yield from here.by_deltas(below, above)


class _Names:
    """Makes the names of a page from those of the graph."""

    def __init__(self, world: World, rounds: int) -> None:
        self.form = world.graph.form
        self.paths = world.graph.paths
        self._notation = world.notation
        self._rounds = rounds

    def __call__(self, canonical: str) -> Name:
        return Name(self._notation.key(canonical), round=self._rounds)

    def put_into(self, expression: Expression) -> Expression:
        """Return an expression of the tables in the names of the page."""
        return replaced(expression, lambda part: self(part.key) if isinstance(part, Name) else None)

    def by_samples(self, name: str) -> Expression:
        """Return the derivative of the error of all samples, made of those of each sample."""
        definition = self.form.definitions[TOTAL]
        assert definition is not None  # a total error is no given
        return self.put_into(
            replaced(
                definition,
                lambda each: Derivative(each, Name(name)) if isinstance(each, Name) else None,
            )
        )

    def by_deltas(self, name: str, error: str) -> Iterator[Expression]:
        """Yield delta times what a name is multiplied by, over all nets of an error with it."""
        terms = [
            Product((self(delta_of(net)), self.put_into(self.form.slopes(net)[name])))
            for net in self.form.nets_with(name)
            if total_of(net) == error
        ]
        if terms:
            yield total(*terms)

"""What an expression is worth, in the network of its page.

A world knows the true value of every name: the graph of the example, the
notation that the page writes in, and what the page itself binds. Values are
decimals of 40 digits, or arrays of them; a vector is a column.
"""

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, DecimalException, localcontext
from functools import cached_property
from itertools import count
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from backprop.examples import Example
from backprop.graph import PRECISE, Graph
from backprop.network import Network
from backprop.notation import Notation
from backprop.prose import latex
from backprop.prose.latex import Expression, Name
from backprop.training import train

Value: TypeAlias = Decimal | npt.NDArray[Any]

LOOSE = Decimal("1e-9")  # sides that differ by less, relatively, are equal
NUDGE = Decimal("1e-13")  # the step of a numerical slope, whose error is the square of it
RATE = "learning_rate"


class Unbound(ValueError):
    """A name that the page does not know, or an operation that makes no sense."""


@dataclass(frozen=True, eq=False)
class World:
    """The true values on a page.

    Attributes:
        graph: the network before any update.
        learning_rate: the step size.
        notation: how the page writes the names.
        extra: what the page binds by itself, by key and round.
        free: the value of each free variable, and of its derivative (`u'`);
            these hide all else.
        defined: what the page has defined a variable to be.
    """

    graph: Graph
    learning_rate: Decimal
    notation: Notation
    extra: Mapping[tuple[str, int], Value] = field(default_factory=dict)
    free: Mapping[str, Decimal] = field(default_factory=dict)
    defined: Mapping[str, Expression] = field(default_factory=dict)

    @classmethod
    def of(cls, example: Example, notation: Notation) -> "World":
        """Return the world of a worked example."""
        return cls(Graph.of(example), Decimal(str(example.learning_rate)), notation)

    @cached_property
    def others(self) -> "tuple[World, ...]":
        """Worlds of the same shape with other numbers, where nothing is equal by chance."""
        dice = random.Random(0)  # noqa: S311  # any numbers do, but the same ones in every run

        def other() -> World:
            givens = {name: draw(dice) for name in self.graph.givens}
            return replace(
                self, graph=Graph(self.graph.sizes, givens), learning_rate=draw(dice)
            )

        return tuple(other() for _ in range(3))

    def canonical(self, name: Name) -> str | None:
        """Return the graph's name for a scalar of the page, None where it has none."""
        canonical = self.notation.canonical(name.key)
        if canonical in (None, RATE) or _node(canonical) in self._known:  # type: ignore[arg-type]
            return canonical
        return None

    def is_label(self, name: Name) -> bool:
        """Tell whether a name is that of a neuron or a layer, which has no value of its own."""
        if name.base in ("sigma", "exp") and not name.subscript:
            return True
        parts = (node.partition("_")[2] for node in self._known)
        return any(part and part.startswith(name.key) for part in parts)

    def entries(self, name: Name) -> list[list[str]]:
        """Return the graph's names for the entries of a vector or matrix, row by row.

        Raises:
            Unbound: the page does not know the name.
        """
        base = name.base.removeprefix("vec_")
        bold = base != name.base
        if base == "W" and name.subscript.isdigit():
            rows = self._weights(int(name.subscript))
        elif bold and base == "b" and name.subscript.isdigit():
            rows = [[bias] for bias in self._biases(int(name.subscript))]
        elif bold and base == "x" and not name.subscript:
            rows = self._column(lambda k: f"i{k}")
        else:
            stem = replace(name, base=base)
            rows = self._column(
                lambda k: self.canonical(replace(stem, subscript=f"{stem.subscript}{k}"))
            )
        if not rows:
            raise Unbound(f"{name.key} is no name of this page")
        return rows

    def value(self, name: Name) -> Value:
        """Return what a name is worth.

        Raises:
            Unbound: the page does not know the name.
        """
        if name.key in self.defined:
            return _evaluate(self.defined[name.key], self)
        if name.key in self.free and not name.round:
            return self.free[name.key]
        if (name.key, name.round) in self.extra:
            return self.extra[name.key, name.round]
        canonical = self.canonical(name)
        if canonical is not None:
            return self._scalar(canonical, name.round)
        rows = self.entries(name)
        return np.array([[self._scalar(entry, name.round) for entry in row] for row in rows])

    def derivative(self, of: Name, wrt: Name) -> Value:
        """Return the derivative of one name with respect to another.

        Raises:
            Unbound: a name is unknown, or stands for no node of the graph.
        """
        above = self.canonical(of)
        if above is None or above == RATE or above != _node(above) or of.round != wrt.round:
            raise Unbound(f"{of.key} is nothing that has a derivative here")
        graph = self.after(of.round)
        below = self.canonical(wrt)
        if below is not None:
            if below == RATE or below != _node(below):
                raise Unbound(f"there is no derivative by {wrt.key} here")
            return graph.derivative(above, below)
        rows = self.entries(wrt)
        return np.array([[graph.derivative(above, entry) for entry in row] for row in rows])

    def after(self, rounds: int) -> Graph:
        """Return the graph after some rounds, its biases frozen."""
        if rounds not in self._graphs:
            self._graphs[rounds] = self._train(rounds)
        return self._graphs[rounds]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.graph.names)

    @cached_property
    def _graphs(self) -> dict[int, Graph]:
        return {0: self.graph}

    def _train(self, rounds: int) -> Graph:
        """Take one round with all digits, and many with the floats of the package."""
        if rounds == 1:
            return self.graph.updated(self.learning_rate)
        example = self._example()
        training = train(
            example.network,
            example.inputs,
            example.targets,
            learning_rate=example.learning_rate,
            biases="frozen",
            rounds=rounds,
            keep=(),
        )
        return Graph.of(replace(example, network=training.network))

    def _example(self) -> Example:
        """Return the graph's givens as arrays."""
        givens = {name: float(value) for name, value in self.graph.givens.items()}
        layers = range(1, len(self.graph.sizes))
        network = Network(
            [[[givens[w] for w in row] for row in self._weights(layer)] for layer in layers],
            [[givens[b] for b in self._biases(layer)] for layer in layers],
        )
        inputs = np.array([givens[name] for [name] in self._column(lambda k: f"i{k}")])
        targets = np.array([givens[name] for [name] in self._column(lambda k: f"target_o{k}")])
        return Example("page", network, inputs, targets, float(self.learning_rate))

    def _weights(self, layer: int) -> list[list[str]]:
        """Return the names of a layer's weights, a row for each neuron."""
        sizes = self.graph.sizes
        if not 1 <= layer < len(sizes):
            return []
        number = count(1 + sum(a * b for a, b in zip(sizes, sizes[1:layer], strict=False)))
        return [[f"w{next(number)}" for _ in range(sizes[layer - 1])] for _ in range(sizes[layer])]

    def _biases(self, layer: int) -> list[str]:
        """Return the name of the bias of each neuron of a layer."""
        if not 1 <= layer < len(self.graph.sizes):
            return []
        size = self.graph.sizes[layer]
        if f"b{layer}" in self.graph.givens:
            return [f"b{layer}"] * size
        return [f"b{layer}_{k + 1}" for k in range(size)]

    def _column(self, nth: Callable[[int], str | None]) -> list[list[str]]:
        """Return a column of names, counted from 1 for as long as there are any."""
        rows: list[list[str]] = []
        for k in count(1):
            entry = nth(k)
            if entry is None or _node(entry) not in self._known:
                return rows
            rows.append([entry])
        raise AssertionError  # count() does not end

    def _scalar(self, canonical: str, rounds: int) -> Decimal:
        if canonical == RATE:
            return self.learning_rate
        node = _node(canonical)
        graph = self.after(rounds)
        return graph.value(node) if node == canonical else graph.derivative("E_total", node)


def draw(dice: random.Random) -> Decimal:
    """Return a number of moderate size, never near 0."""
    return Decimal(dice.choice((-1, 1)) * dice.randint(200, 1500)).scaleb(-3)


def evaluate(expression: Expression, world: World) -> Value:
    """Return what an expression is worth.

    Raises:
        Unbound: a name is unknown, or the expression makes no sense, such as a
            sum of arrays of different shapes.
    """
    try:
        with localcontext(PRECISE):
            return _evaluate(expression, world)
    except (DecimalException, ArithmeticError):
        raise Unbound("the expression has no finite value") from None
    except Unbound:
        raise
    except (TypeError, ValueError):
        raise Unbound("the shapes in the expression do not fit together") from None


def equal(a: Value, b: Value) -> bool:
    """Tell whether two values agree, relatively, entry by entry."""
    x, y = np.asarray(a, dtype=object), np.asarray(b, dtype=object)
    if x.shape != y.shape:
        return False
    pairs = zip(x.flat, y.flat, strict=True)
    return all(abs(p - q) <= LOOSE * max(abs(p), abs(q)) for p, q in pairs)


def _evaluate(expression: Expression, world: World) -> Value:  # noqa: PLR0911, C901, PLR0912
    match expression:
        case latex.Number(value=value):
            return value
        case Name():
            return world.value(expression)
        case latex.Derivative(of, wrt):
            return world.derivative(of, wrt)
        case latex.Negative(body):
            return -_evaluate(body, world)
        case latex.Sum(terms):
            return _sum([_evaluate(term, world) for term in terms])
        case latex.Product(factors, elementwise):
            values = [_evaluate(factor, world) for factor in factors]
            return _multiply(values, elementwise=elementwise)
        case latex.Quotient(above, below):
            return _evaluate(above, world) / _evaluate(below, world)
        case latex.Power(base, exponent):
            return _power(_evaluate(base, world), _evaluate(exponent, world))
        case latex.Call(function, argument):
            return _call(function, _evaluate(argument, world))
        case latex.Absolute(body):
            return abs(_evaluate(body, world))
        case latex.Transpose(body):
            return np.asarray(_evaluate(body, world)).T
        case latex.Matrix(rows):
            return np.array([[_evaluate(entry, world) for entry in row] for row in rows])
        case latex.Summation():
            return _sum([_evaluate(term, world) for term in terms_of(expression, world)])
        case latex.Slope(body, wrt):
            return _slope(body, wrt, world)
        case latex.Prime(body):
            return _prime(body, world)
    raise AssertionError  # the cases are all that there are


def _sum(values: list[Value]) -> Value:
    total = values[0]
    for value in values[1:]:
        if np.shape(total) != np.shape(value) and np.ndim(total) and np.ndim(value):
            raise Unbound("arrays of different shapes are added")
        total = total + value
    return total


def _multiply(values: list[Value], *, elementwise: bool) -> Value:
    """Multiply from left to right: two arrays as matrices, unless elementwise."""
    result = values[0]
    for value in values[1:]:
        if elementwise or not np.ndim(result) or not np.ndim(value):
            result = result * value
        else:
            result = np.asarray(result) @ value
    return result


def _power(base: Value, exponent: Value) -> Value:
    if np.ndim(base) or np.ndim(exponent):
        raise Unbound("a power of an array has no meaning here")
    return base**exponent


def _call(function: str, argument: Value) -> Value:
    """Apply a function to a number, or to each entry of an array."""
    if isinstance(argument, np.ndarray):
        return np.array([[_call(function, x) for x in row] for row in argument])
    if function == "exp":
        return argument.exp()
    out = 1 / (1 + (-argument).exp())
    return out * (1 - out) if function == "sigma'" else out


def _slope(body: Expression, wrt: Name, world: World) -> Value:
    """Return the slope of an expression: along each name in it, times that name's own slope."""
    total: Value = Decimal(0)
    for name in {name.key: name for name in latex.names(body)}.values():
        if name.key == wrt.key:
            total = total + _partial(body, name, world)
        elif world.canonical(name) is not None and world.canonical(wrt) is not None:
            total = total + _partial(body, name, world) * world.derivative(name, wrt)
    return total


def _prime(body: Expression, world: World) -> Value:
    """Return the derivative by the one variable: along each name, times the name's own."""
    if isinstance(body, Name) and body.key in world.defined:
        # What a variable was defined by is written in the one variable that all depend on.
        body, world = world.defined[body.key], replace(world, free=_without_primes(world.free))
    total: Value = Decimal(0)
    for name in {name.key: name for name in latex.names(body)}.values():
        own = world.free.get(f"{name.key}'", Decimal(1))
        total = total + _partial(body, name, world) * own
    return total


def _without_primes(free: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {key: value for key, value in free.items() if not key.endswith("'")}


def _partial(body: Expression, name: Name, world: World) -> Value:
    """Return the slope along one name, all others fixed: a central difference in all digits."""
    here = world.value(name)
    if not isinstance(here, Decimal):
        raise Unbound(f"there is no slope along {name.key}")

    def beside(nudge: Decimal) -> Value:
        return _evaluate(body, replace(world, free={**world.free, name.key: here + nudge}))

    return (beside(NUDGE) - beside(-NUDGE)) / (2 * NUDGE)


def terms_of(summation: latex.Summation, world: World) -> list[Expression]:
    """Return the terms of a sum over an index, written out.

    Raises:
        Unbound: no range is given, and none follows from the names.
    """
    index, body = summation.index, summation.body
    if summation.last:
        return [_at(body, index, str(k)) for k in range(summation.first, summation.last + 1)]
    # Without a range the index runs over all outputs, the only layer that is summed over so.
    outputs = [f"o{k + 1}" for k in range(world.graph.sizes[-1])]
    for letters in (outputs, [o[1:] for o in outputs]):
        terms = [_at(body, index, each) for each in letters]
        if all(_is_known(name, world) for term in terms for name in latex.names(term)):
            return terms
    raise Unbound("it is not clear what the sum runs over")


def _is_known(name: Name, world: World) -> bool:
    try:
        world.value(name)
    except Unbound:
        return False
    return True


def _at(expression: Any, index: str, each: str) -> Any:
    """Return an expression at one value of an index; without an index, name all bare names."""
    if isinstance(expression, Name):
        sub = expression.subscript
        if index and sub.endswith(index):
            return replace(expression, subscript=sub.removesuffix(index) + each)
        if not index and not sub:
            base = {"output": "out"}.get(expression.base, expression.base)
            return replace(expression, base=base, subscript=each)
        return expression
    if isinstance(expression, tuple):
        return tuple(_at(item, index, each) for item in expression)
    if not isinstance(expression, Expression) or isinstance(expression, latex.Number):  # type: ignore[misc, arg-type]
        return expression
    parts = {f.name: _at(getattr(expression, f.name), index, each) for f in latex.fields(expression)}
    return replace(expression, **parts)


def _node(canonical: str) -> str:
    """Return the graph's node behind a name; a delta is the derivative by its net."""
    return f"net_{canonical.removeprefix('delta_')}" if canonical.startswith("delta_") else canonical

"""The value of an expression in the network of its page.

A world knows the true value of every name: the graph of the example, the
notation that the page writes in, and what the page itself binds. Values are
decimals of 40 digits, or arrays of them; a vector is a column.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from functools import cached_property, lru_cache, reduce
from itertools import count, islice, takewhile
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from backprop.activations import ACTIVATIONS
from backprop.examples import Example
from backprop.formulas import latex
from backprop.formulas.vectors import VECTOR_FUNCTIONS
from backprop.losses import LOSSES
from backprop.network import Network
from backprop.symbolic import expressions
from backprop.symbolic.arrays import arrays_of
from backprop.symbolic.definitions import RATE, Form, total_of
from backprop.symbolic.expressions import (
    Absolute,
    Blank,
    Call,
    Chain,
    Derivative,
    Expression,
    Matrix,
    Name,
    Negative,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Slope,
    Sum,
    Summation,
    Transpose,
    replaced,
)
from backprop.symbolic.functions import FUNCTIONS, PRECISE, apply
from backprop.symbolic.graph import Graph
from backprop.symbolic.layered import weight_names
from backprop.symbolic.notation import LECTURE_NOTATION, Notation, split_sample
from backprop.symbolic.rounding import rounded
from backprop.training import BiasChoice, train

Value: TypeAlias = Decimal | npt.NDArray[Any]

RELATIVE_TOLERANCE = Decimal("1e-9")  # sides that differ by less, relatively, are equal
ABSOLUTE_TOLERANCE = Decimal("1e-20")  # and what is smaller is what remains of 0 after rounding
ROUNDS = 20_000  # the most that a page may ask for; they take seconds
KEPT_EVERY = (
    1000  # rounds after which a graph is kept, so that the round before takes no second run
)
OTHER_NETWORKS = 3  # in which a formula is tried besides the page's own
DRAWS = 40  # networks drawn where there are kinks; those on a new side of one are kept
LARGEST_POWER = 300  # the power of ten up to which values go, as floats do
OWN_STEPS = Decimal("0.01"), Decimal("0.02")  # for slopes of values computed in doubles
SMALLEST_SLOPE = Decimal("1e-12")  # such slopes below it are rounding errors
SLOPE_STEP = Decimal("1e-13")  # the step of a numerical slope, whose error is the square of it


class Unbound(ValueError):  # noqa: N818  # a condition, as StopIteration is
    """A name that the page does not know, or an operation that makes no sense."""


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
    def others(self) -> "tuple[World, ...]":
        """Networks of the same form with random numbers, in which nothing is equal by chance."""
        givens = self.graph.givens.items()
        targets = tuple((name, x) for name, x in givens if name.startswith("target_"))
        drawn = _drawn(self.graph.form, tuple(self.graph.givens), targets)
        # Authors put targets of 0 and 1 into the loss: for y = 1 it is -ln(a).
        kept = dict(targets) if self.freely and {x for _, x in targets} <= {0, 1} else {}
        worlds = [
            replace(self, graph=graph.with_givens({**graph.givens, **kept}), learning_rate=rate)
            for graph, rate in drawn
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
        return "; write of which sample, as in x_{1;1}" * (self.canonical(first) is not None)

    def value(self, name: Name) -> Value:
        """Return the value of a name; of a vector or a matrix, shape (rows, columns).

        Raises:
            Unbound: the page does not know the name.
        """
        if name.key in self.free and not name.round:
            return self.free[name.key]
        if name.key in self.defined and not name.round:
            return _evaluate(self.defined[name.key], self)
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
        if not name.round and self.canonical(name) is not None:
            return True
        try:
            self.value(name)
        except Unbound:
            return False
        return True

    def derivative(self, of: Name, wrt: Name) -> Value:
        """Return the derivative of one name by another, in the shape of the second.

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
                raise Unbound(f"there is no derivative by {wrt.key} here")
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
            Unbound: it has no derivative by the other name, or none that is accurate enough.
        """
        name = self.canonical(wrt) or self._meant_by(wrt) or ""
        message = f"there is no derivative of {of.key} by {wrt.key} here"
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
        """Return the central difference of eighth order of a name by a given."""

        def at(k: int) -> Decimal:
            givens = {**graph.givens, name: graph.givens[name] + k * step}
            world = replace(self, graph=graph.with_givens(givens))
            assert self.own is not None
            return _scalar(self.own(world)[of.key, of.round])

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
            self._graphs[rounds] = _after(
                self.graph.form, givens, self.learning_rate, self.biases, rounds
            )
        return self._graphs[rounds]

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

    def _train(self, rounds: int) -> Graph:
        """Train one round in decimals of 40 digits, or several in the floats of the lesson."""
        if rounds == 1:
            return self.graph.updated(self.learning_rate, self.biases)
        form, graph = self.graph.form, self.graph
        if not ({*form.activations} <= {*ACTIVATIONS} and form.loss in LOSSES):
            for _ in range(rounds):  # the lesson's arrays do not know all that the tables may have
                graph = graph.updated(self.learning_rate, self.biases)
            return graph
        done = round_kept_before(rounds)
        example = self.example_of(self.after(done))
        training = train(
            example.network,
            example.inputs,
            example.targets,
            learning_rate=example.learning_rate,
            biases=self.biases,
            rounds=rounds - done,
            keep=(),
            loss=form.loss,
            samples="mean" if form.over_samples == "mean" else "sum",
        )
        one = replace(example, inputs=np.zeros(form.sizes[0]), targets=np.zeros(form.sizes[-1]))
        learned = Graph.of(replace(one, network=training.network)).givens
        moved = {name: x for name, x in learned.items() if name[0] in "wb"}
        fixed = {name: x for name, x in self.graph.givens.items() if name[0] not in "wb"}
        graph = Graph.in_form(form, fixed | moved)
        return graph.untied() if self.biases == "per_neuron" else graph

    def example_of(self, graph: Graph) -> Example:
        """Return a graph as an example: inputs (..., in) and targets (..., out), a row a sample."""
        weights, biases, inputs, targets = arrays_of(graph.sizes, graph.givens)
        network = Network(weights, biases, graph.form.activations)
        return Example("page", network, inputs, targets, float(self.learning_rate))

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


def round_kept_before(rounds: int) -> int:
    """Return the last round before a given one whose graph is kept."""
    return max(0, rounds - 1) // KEPT_EVERY * KEPT_EVERY


@lru_cache(maxsize=64)
def _drawn(
    form: Form, names: tuple[str, ...], targets: tuple[tuple[str, Decimal], ...]
) -> tuple[tuple[Graph, Decimal], ...]:
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


@lru_cache(maxsize=256)
def _after(
    form: Form,
    givens: tuple[tuple[str, Decimal], ...],
    rate: Decimal,
    biases: BiasChoice,
    rounds: int,
) -> Graph:
    """Train a network, once for all pages and sections that have it."""
    world = World(Graph.in_form(form, dict(givens)), rate, LECTURE_NOTATION, biases=biases)
    return world._train(rounds)  # noqa: SLF001


def draw(dice: random.Random) -> Decimal:
    """Return a number of moderate size, never near 0."""
    return Decimal(dice.choice((-1, 1)) * dice.randint(200, 1500)).scaleb(-3)


def evaluate(expression: Expression, world: World) -> Value:
    """Return the value of an expression: a number, or an array of shape (rows, columns).

    An array with a single entry is returned as a number.

    Raises:
        Unbound: a name is unknown, or an operation is not defined, such as a sum of arrays of
            different shapes.
    """
    try:
        with localcontext(PRECISE):
            value = _evaluate(expression, world)
            value = value.item() if isinstance(value, np.ndarray) and value.size == 1 else value
    except ArithmeticError:
        raise Unbound("the expression has no finite value") from None
    except Unbound:
        raise
    except (TypeError, ValueError):
        raise Unbound("the shapes in the expression do not fit together") from None
    if not all(entry.is_finite() for entry in np.asarray(value).flat):
        raise Unbound("the expression has no finite value")
    if any(entry.adjusted() > LARGEST_POWER for entry in np.asarray(value).flat):
        raise Unbound(f"the expression is larger than 1e{LARGEST_POWER}, which no page prints")
    return value


def equal(a: Value, b: Value) -> bool:
    """Tell whether two values of one shape agree, entry by entry, up to a relative tolerance."""
    x, y = np.asarray(a, dtype=object), np.asarray(b, dtype=object)
    if x.shape != y.shape:
        return False
    with localcontext(PRECISE):
        pairs = zip(x.flat, y.flat, strict=True)
        return all(
            abs(p - q) <= max(RELATIVE_TOLERANCE * max(abs(p), abs(q)), ABSOLUTE_TOLERANCE)
            for p, q in pairs
        )


def _evaluate(expression: Expression, world: World) -> Value:  # noqa: PLR0911, C901, PLR0912
    match expression:
        case Number(value=value):
            return value
        case Blank():
            raise Unbound("a blank has no value")
        case Name():
            return world.value(expression)
        case Derivative(of, wrt):
            return world.derivative(of, wrt)
        case Negative(body):
            return -_evaluate(body, world)
        case Sum(terms):
            values = [_evaluate(term, world) for term in terms]
            return _sum(_turned_alike(values) if world.freely else values)
        case Product(factors, elementwise):
            values = [_evaluate(factor, world) for factor in factors]
            return _multiply(values, elementwise=elementwise)
        case Quotient(above, below):
            whole = _evaluate(above, world)
            return whole / _fitting(_evaluate(below, world), whole)
        case Power(base, exponent):
            return _power(_evaluate(base, world), _evaluate(exponent, world))
        case Call(function, argument):
            return _call(function, _evaluate(argument, world))
        case Absolute(body):
            return _size(_evaluate(body, world))
        case Transpose(body):
            return _array(_evaluate(body, world)).T
        case Matrix(rows):
            return np.array([[_scalar(_evaluate(entry, world)) for entry in row] for row in rows])
        case Summation():
            return _sum([_evaluate(term, world) for term in terms_of(expression, world)])
        case Slope(body, wrt):
            return _slope(body, wrt, world)
    assert isinstance(expression, Prime)  # all that is left
    return _prime(expression.body, world)


def _size(value: Value) -> Decimal:
    """Return the size of a number, or the length of a vector."""
    if isinstance(value, Decimal):
        return abs(value)
    if min(value.shape) > 1:
        raise Unbound("an array stands where a number is expected; a matrix has no length")
    return sum((x * x for x in value.flat), Decimal(0)).sqrt()


def _array(value: Value) -> npt.NDArray[Any]:
    if isinstance(value, Decimal):
        raise Unbound("a number stands where an array is expected")
    return value


def _scalar(value: Value) -> Decimal:
    if not isinstance(value, Decimal):
        raise Unbound("an array stands where a number is expected")
    return value


def _sum(values: list[Value]) -> Value:
    """Add values of one shape; a number may be added to a vector, as in 1 - h, not to a matrix."""
    shapes = [value.shape for value in values if isinstance(value, np.ndarray)]
    if len(shapes) < len(values) and any(min(shape) > 1 for shape in shapes):
        raise Unbound("a number is added to a matrix")
    return reduce(lambda total, value: total + _fitting(value, total), values)


def _multiply(values: list[Value], *, elementwise: bool) -> Value:
    """Multiply from left to right: arrays (m, n) and (n, k) as matrices, unless elementwise."""

    def times(result: Value, value: Value) -> Value:
        if elementwise or isinstance(result, Decimal) or isinstance(value, Decimal):
            return result * _fitting(value, result)
        return np.asarray(result @ value)

    return reduce(times, values)


def _turned_alike(values: list[Value]) -> list[Value]:
    """Transpose vectors where that gives them the shape of the first array."""
    shape = next((value.shape for value in values if isinstance(value, np.ndarray)), ())

    def turned(value: Value) -> Value:
        if isinstance(value, Decimal) or min(value.shape) > 1 or value.T.shape != shape:
            return value
        return value.T

    return [turned(value) for value in values]


def _fitting(value: Value, other: Value) -> Value:
    """Return the value if it is a number, or has the shape of the other."""
    shapes = {np.shape(each) for each in (value, other) if isinstance(each, np.ndarray)}
    if len(shapes) > 1:
        raise Unbound("arrays of different shapes are added, or taken entry by entry")
    return value


def _power(base: Value, exponent: Value) -> Value:
    """Raise a number to a power; 0 to the power 0 is 1, since slopes such as w^{1-1} need it."""
    number, power = _scalar(base), _scalar(exponent)
    return number**power if power else Decimal(1)


def _call(function: str, argument: Value) -> Value:
    """Apply a function to a number or to each entry; a function of vectors to the whole array."""
    name, _, place = function.removesuffix("'").partition("_")
    if name in VECTOR_FUNCTIONS:
        result = _of_vector(name, argument, primed=function.endswith("'"))
        return _entry(result, place) if place else result
    if isinstance(argument, np.ndarray):
        return np.array([[_call(function, x) for x in row] for row in argument])
    return apply(function, argument)


def _of_vector(name: str, argument: Value, *, primed: bool) -> Value:
    """Return a function of n numbers: a number or n of them, or its slopes, shape (n, n)."""
    entry = VECTOR_FUNCTIONS[name]
    numbers = [*_array(argument).flat]
    if not primed:
        result = entry.value(numbers)
        return (
            result
            if isinstance(result, Decimal)
            else np.array(result).reshape(_array(argument).shape)
        )
    if entry.slope is None:
        raise Unbound(f"{name} has no derivative here")
    return np.array(entry.slope(numbers))


def _entry(result: Value, place: str) -> Value:
    """Return the entry of a column by its number, counted from 1."""
    column = _array(result)
    if not place.isdecimal() or not 1 <= int(place) <= len(column) or column.shape[1] > 1:
        raise Unbound(f"{place} is no entry of what the function gives")
    return _scalar(column[int(place) - 1, 0])


def _slope(body: Expression, wrt: Name, world: World) -> Value:
    """Return the derivative of an expression by a name, through each name that it contains."""

    def own(name: Name) -> Value:
        if name == wrt:
            return Decimal(1)
        if (name.key, name.round) in world.extra:
            return world.derivative(name, wrt)
        if world.canonical(name) in (None, RATE) or world.canonical(wrt) is None:
            return Decimal(0)
        return world.derivative(name, wrt)

    return _chained(body, own, world)


def _prime(body: Expression, world: World) -> Value:
    """Return the derivative by the one variable, on which names with a prime depend."""
    if isinstance(body, Name) and body.key in world.defined:
        # What a variable was defined by is written in the one variable itself.
        free = {key: value for key, value in world.free.items() if not key.endswith("'")}
        return _prime(world.defined[body.key], replace(world, free=free))

    def own(name: Name) -> Value:
        if name.key in world.defined:
            return _prime(name, world)
        if name.key not in world.free:
            raise Unbound(f"there is no variable by which to take the derivative of {name.key}")
        return world.free.get(f"{name.key}'", Decimal(1))

    return _chained(body, own, world)


def _chained(body: Expression, own: Callable[[Name], Value], world: World) -> Value:
    """Apply the chain rule: sum each name's partial derivative times the name's own derivative."""
    names = {name.key: name for name in expressions.names(body)}
    here = {key: _scalar(world.value(name)) for key, name in names.items()}
    if any(name.round for name in names.values()):
        raise Unbound("a derivative is taken before any update")

    def at(key: str, nudge: Decimal) -> Value:
        return _evaluate(body, replace(world, free={**world.free, **here, key: here[key] + nudge}))

    slopes = [
        (at(key, SLOPE_STEP) - at(key, -SLOPE_STEP)) / (2 * SLOPE_STEP) * own(name)
        for key, name in names.items()
    ]
    return _sum(slopes) if slopes else Decimal(0)


def terms_of(summation: Summation, world: World) -> list[Expression]:
    """Return the terms of a sum over an index, written out.

    Without a range the index runs for as long as there are names: over k = 1, 2
    in t_k, or over o1, o2 in target_o. Without an index all outputs are meant.

    Raises:
        Unbound: no range is given, and none follows from the names.
    """
    index, body = summation.index, summation.body
    if summation.last is not None:
        bounds = range(summation.first, summation.last + 1)
        return [_renamed(body, _at(index, str(k))) for k in bounds]
    for stem in ("", "o"):
        renames = (_at(index, f"{stem}{k}") if index else _output(k, world) for k in count(1))
        terms = (_renamed(body, rename) for rename in renames)
        known = takewhile(lambda term: term != body and _is_known(term, world), terms)
        if written := [*islice(known, latex.MOST_TERMS)]:
            return written
    raise Unbound("it is not clear what the sum runs over")


def names_in(expression: Expression, world: World) -> Iterator[Name]:
    """Yield the names of an expression, its sums written out.

    Raises:
        Unbound: it is not clear what a sum runs over.
    """
    if isinstance(expression, Name):
        yield expression
    if isinstance(expression, Summation):
        parts = terms_of(expression, world)
    else:
        parts = expressions.parts_of(expression)
    for part in parts:
        yield from names_in(part, world)


def _is_known(expression: Expression, world: World) -> bool:
    return all(world.knows(name) for name in expressions.names(expression))


def _at(index: str, each: str) -> Callable[[Name], Name]:
    """Return a function that sets an index: with k = 1, t_k becomes t_1, and t_{1;k} t_{1;1}."""

    def rename(name: Name) -> Name:
        body, sample, _ = re.split(r"(_s[A-Za-z\d]+$|$)", name.subscript, maxsplit=1)
        stem = body.removesuffix(index)
        if stem != body and (len(stem) < 2 or stem.endswith("_")):
            body = stem + each
        sample = f"_s{each}" if sample == f"_s{index}" else sample
        return replace(name, subscript=body + sample)

    return rename


_OF_AN_OUTPUT = {"target": "target_o", "output": "out_o", "out": "out_o"}


def _output(number: int, world: World) -> Callable[[Name], Name]:
    """Return a function that turns "target" and "output" into the names of one output, if any."""

    def rename(name: Name) -> Name:
        canonical = f"{_OF_AN_OUTPUT.get(name.key)}{number}"
        return Name(world.notation.key(canonical)) if canonical in world.graph.names else name

    return rename


def rounds_later(expression: Expression, rounds: int) -> Expression:
    """Return an expression with each name moved by some rounds, but not before round 0."""
    return _renamed(expression, lambda name: replace(name, round=max(name.round + rounds, 0)))


def _renamed(expression: Expression, rename: Callable[[Name], Name]) -> Expression:
    """Return an expression with other names."""
    return replaced(expression, lambda part: rename(part) if isinstance(part, Name) else None)


def _node(canonical: str) -> str:
    """Return the graph's node behind a name; a delta is the derivative by its net."""
    neuron = canonical.removeprefix("delta_")
    return canonical if neuron == canonical else f"net_{neuron}"

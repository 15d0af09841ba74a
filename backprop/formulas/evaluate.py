"""The value of an expression in the network of its page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import count, islice, takewhile

import numpy as np

from backprop.formulas import latex
from backprop.formulas.values import (
    Unbound,
    Value,
    added,
    array,
    called,
    equal,
    fitting,
    multiplied,
    raised,
    scalar,
    size,
    transposed_alike,
)
from backprop.formulas.world import World
from backprop.symbolic import expressions
from backprop.symbolic.definitions import RATE
from backprop.symbolic.expressions import (
    Absolute,
    Blank,
    Call,
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
from backprop.symbolic.functions import PRECISE

LARGEST_POWER = 300  # the power of ten up to which values go, as floats do
SLOPE_STEP = Decimal("1e-13")  # the step of a numerical slope, whose error is the square of it


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


def value_if_any(expression: Expression, world: World) -> Value | None:
    """Return the value of an expression, None where it has none."""
    try:
        return evaluate(expression, world)
    except Unbound:
        return None


def agree(one: Expression, other: Expression, world: World) -> bool:
    """Tell whether two expressions have values, and these are equal."""
    x, y = value_if_any(one, world), value_if_any(other, world)
    return x is not None and y is not None and equal(x, y)


def _evaluate(expression: Expression, world: World) -> Value:  # noqa: PLR0911, C901, PLR0912
    match expression:
        case Number(value=value):
            return value
        case Blank():
            raise Unbound("a blank has no value")
        case Name(key=key, round=0) if key in world.defined and key not in world.free:
            return _evaluate(world.defined[key], world)
        case Name():
            return world.value(expression)
        case Derivative(of, wrt):
            return world.derivative(of, wrt)
        case Negative(body):
            return -_evaluate(body, world)
        case Sum(terms):
            values = [_evaluate(term, world) for term in terms]
            return added(transposed_alike(values) if world.freely else values)
        case Product(factors, elementwise):
            values = [_evaluate(factor, world) for factor in factors]
            return multiplied(values, elementwise=elementwise)
        case Quotient(above, below):
            whole = _evaluate(above, world)
            return whole / fitting(_evaluate(below, world), whole)
        case Power(base, exponent):
            return raised(_evaluate(base, world), _evaluate(exponent, world))
        case Call(function, argument):
            return called(function, _evaluate(argument, world))
        case Absolute(body):
            return size(_evaluate(body, world))
        case Transpose(body):
            return array(_evaluate(body, world)).T
        case Matrix(rows):
            return np.array([[scalar(_evaluate(entry, world)) for entry in row] for row in rows])
        case Summation():
            return added([_evaluate(term, world) for term in terms_of(expression, world)])
        case Slope(body, wrt):
            return _slope(body, wrt, world)
    assert isinstance(expression, Prime)  # all that is left
    return _prime(expression.body, world)


def _slope(body: Expression, wrt: Name, world: World) -> Value:
    """Return the derivative with respect to a name, through each name in an expression."""

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
    """Return the derivative with respect to the one variable on which primed names depend."""
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
    here = {key: scalar(_evaluate(name, world)) for key, name in names.items()}
    if any(name.round for name in names.values()):
        raise Unbound("a derivative is taken before any update")

    def at(key: str, nudge: Decimal) -> Value:
        return _evaluate(body, replace(world, free={**world.free, **here, key: here[key] + nudge}))

    slopes = [
        (at(key, SLOPE_STEP) - at(key, -SLOPE_STEP)) / (2 * SLOPE_STEP) * own(name)
        for key, name in names.items()
    ]
    return added(slopes) if slopes else Decimal(0)


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

"""The expressions in which a page binds names of its own: arithmetic over the package.

They come from whoever wrote the page, and so they are read, not run: numbers,
names, arithmetic, and calls of the package's public functions. Nothing else is
understood.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

import backprop

MOST = 100_000  # no whole number above it, so that no expression runs for hours
PARTS = frozenset(
    "biases deltas errors inputs learning_rate nets network outs rounds sizes targets weights".split()
)
OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
NAMES = {name: getattr(backprop, name) for name in backprop.__all__}


class ExpressionError(ValueError):
    """An expression that is not understood, or that fails."""


def value_of(text: str) -> float:
    """Return the number that an expression gives.

    Args:
        text: such as `total_error(LECTURE.targets, forward(LECTURE.network, LECTURE.inputs).outs[-1])`.

    Raises:
        ExpressionError: the expression is none, goes beyond the subset, fails,
            or gives no finite number.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"{text!r} is no expression") from None
    try:
        result = np.asarray(_value(tree.body))
    except ExpressionError:
        raise
    except (ArithmeticError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise ExpressionError(f"{text!r} fails: {error}") from None
    if result.shape or result.dtype.kind not in "iuf" or not np.isfinite(result):
        raise ExpressionError(f"{text!r} gives no finite number")
    return float(result)


def _value(node: ast.expr) -> Any:  # noqa: PLR0911
    match node:
        case ast.Constant(value=int() | float() | str() as value) if not isinstance(value, bool):
            if isinstance(value, int) and value > MOST:
                raise ExpressionError(f"{value} came, expected {MOST} at most")
            return value
        case ast.Name(id=name) if name in NAMES:
            return NAMES[name]
        case ast.Attribute(value=value, attr=part) if part in PARTS:
            return getattr(_value(value), part)
        case ast.Subscript(value=value, slice=index):
            return _value(value)[_value(index)]
        case ast.List(elts=entries) | ast.Tuple(elts=entries):
            return tuple(_value(entry) for entry in entries)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(operand))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_number(left), _number(right))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if (
            name in NAMES and callable(NAMES[name])
        ):
            named = {k.arg: _value(k.value) for k in keywords if k.arg is not None}
            if len(named) == len(keywords):
                return NAMES[name](*map(_value, arguments), **named)
    raise ExpressionError(f"{ast.unparse(node)!r} came, expected numbers, arithmetic and {_known()}")


def _number(node: ast.expr) -> Any:
    """Return an operand, which must be a number or an array of them: text is not multiplied."""
    value = _value(node)
    if isinstance(value, int | float | np.ndarray | np.number):
        return value
    raise ExpressionError(f"{ast.unparse(node)!r} came, expected a number")


def _known() -> str:
    return "the names of the package, such as LECTURE, forward or total_error"

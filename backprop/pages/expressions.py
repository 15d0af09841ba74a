"""The expressions that define a page's own names: arithmetic over the package.

Anybody may have written them, so they are interpreted, not run as Python: numbers, names,
arithmetic, and calls of the package's public functions. Nothing else is understood.
"""

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

import backprop
from backprop import Activations, Example, Gradient, Network, Training
from backprop.pages import budget

LARGEST_INTEGER = 100_000  # the largest whole number, so that no expression runs for hours
LONGEST = 1000  # characters; what is longer belongs in the package
ATTRIBUTES = (
    *("weights", "biases", "sizes"),  # of a network
    *("network", "inputs", "targets", "learning_rate"),  # of an example
    *("nets", "outs", "deltas"),  # of a pass forward, and of one back
    *("rounds", "errors"),  # of a training
)
OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
NUMBERS = (int, float, np.number, np.ndarray)
FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
NAMES = MappingProxyType({name: getattr(backprop, name) for name in backprop.__all__})


class ExpressionError(ValueError):
    """An expression is not understood, or fails."""


def values_of(text: str, names: Mapping[str, Any] = NAMES) -> float | list[float]:
    """Return the number or the row of numbers that an expression gives, NaN for missing entries.

    Args:
        text: such as `total_error(targets, forward(network, inputs).outs[-1])`.
        names: those that it may use.

    Raises:
        ExpressionError: as `result_of`, or the result holds no finite number.
    """
    result = result_of(text, names)
    if isinstance(result, np.ndarray) and result.ndim == 1 and np.isfinite(result).any():
        return [float(each) if np.isfinite(each) else math.nan for each in result]
    is_number = isinstance(result, NUMBERS) and not np.shape(result)
    if not is_number or not np.isfinite(result):
        raise ExpressionError(f"{text!r} gives no finite number")
    return float(result)


def result_of(text: str, names: Mapping[str, Any] = NAMES) -> Any:  # noqa: ANN401  # whatever the package gives
    """Return the result of an expression, a number or not.

    Raises:
        ExpressionError: it is no expression, is not understood, or fails.
    """
    if len(text) > LONGEST:
        raise ExpressionError(f"{len(text)} characters came, expected {LONGEST} at most")
    try:
        with warnings.catch_warnings(action="error"):  # `1if 1else 2` is a mistake here
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"{text!r} is no expression") from None
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return _value(tree.body, names)
    except ExpressionError:
        raise
    except FAILURES as error:
        raise ExpressionError(f"{text!r} fails: {error}") from None


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:  # noqa: ANN401, PLR0911
    match node:
        case ast.Constant(value=int() | float() | str() as value) if not isinstance(value, bool):
            return _bounded(value)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Attribute(value=value, attr=part) if part in ATTRIBUTES:
            return getattr(_value(value, names), part)
        case ast.Subscript(value=value, slice=index):
            return _chosen(_value(value, names), _value(index, names))
        case ast.List(elts=entries) | ast.Tuple(elts=entries):
            return _bounded(tuple(_value(entry, names) for entry in entries))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(operand, names))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return _joined(OPERATORS[type(op)], _number(left, names), _number(right, names))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords) if (
            name in NAMES and callable(NAMES[name])
        ):
            named = {k.arg: _value(k.value, names) for k in keywords if k.arg is not None}
            if len(named) == len(keywords):
                return _called(name, [_value(each, names) for each in arguments], named)
    raise ExpressionError(
        f"{ast.unparse(node)!r} came, expected numbers, arithmetic and the names of the "
        "package, such as LECTURE, forward or total_error"
    )


def _number(node: ast.expr, names: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return an operand, which must be a number or an array."""
    value = _value(node, names)
    if isinstance(value, NUMBERS):
        return value
    raise ExpressionError(f"{ast.unparse(node)!r} came, expected a number")


def _chosen(value: Any, index: Any) -> Any:  # noqa: ANN401
    """Return an entry of a value, or the rows that a list of indices selects."""
    _afford(_count(value) * _count(index))
    return _bounded(value[index])


def _joined(operation: Callable[..., Any], left: Any, right: Any) -> Any:  # noqa: ANN401
    """Return the result of an operation, if it is no huge number and no huge array."""
    _afford(math.prod(np.broadcast_shapes(np.shape(left), np.shape(right))))
    return _bounded(operation(left, right))


def _called(name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Call a function of the package, if the budget of a page allows it.

    The cost of a round is at most weights times samples times learning rates; a gradient check
    runs the network twice for each weight.
    """
    rounds = named.get("rounds", 1)
    rounds = rounds if isinstance(rounds, int | np.integer) else 1
    work = math.prod(map(_rows, arguments)) * _count(named.get("learning_rate"))
    work *= math.prod(_rows(value) for key, value in named.items() if key != "keep")
    if name == "check_gradient":
        rounds = 2 * _count(arguments)
    budget.count_rounds(max(1, int(rounds)) * max(1, work // budget.SMALL_NETWORK))
    return _bounded(NAMES[name](*arguments, **named))


def _rows(value: Any) -> int:  # noqa: ANN401
    """Return the number of vectors in an array (..., n), or of numbers in any other value."""
    if isinstance(value, np.ndarray):
        rows: int = math.prod(value.shape[:-1])
        return max(1, rows)
    return _count(value)


def _count(value: Any) -> int:  # noqa: ANN401
    """Count the numbers in a value, at least 1, up to the limit of a page.

    Raises:
        ExpressionError: there are more.
    """
    found = 0
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple | list):
            waiting += part
        elif isinstance(part, Network | Example | Activations | Gradient | Training):
            waiting += vars(part).values()
        else:
            found += part.size if isinstance(part, np.ndarray) else 1
        _afford(found + len(waiting))
    return max(1, found)


def _bounded(value: Any) -> Any:  # noqa: ANN401
    """Return a value, and count its numbers in the budget of the page.

    Raises:
        ExpressionError: it is a whole number that is too large, or has too many numbers.
    """
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ExpressionError(f"{value} came, expected {LARGEST_INTEGER} at most")
    budget.count_rounds(_count(value) // budget.SMALL_NETWORK)
    return value


def _afford(numbers: int) -> None:
    if numbers > budget.NUMBERS:
        raise ExpressionError(f"it has more than {budget.NUMBERS:,} numbers")

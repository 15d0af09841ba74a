r"""Automatic differentiation: numbers that remember what they were computed from.

Written for numbers one by one, and explained on the page "With matrices, and by a program of
your own". Whatever is computed from a `Scalar` is a `Scalar`, and keeps the derivative of its
own operation with respect to each number that went in:

>>> from backprop.autodiff import Scalar, backpropagate
>>> u = Scalar(3.0)
>>> result = u * u + 2 * u
>>> backpropagate(result)
>>> u.grad
8.0
"""

import math
from itertools import count


class Scalar:
    """A number that remembers what it was computed from.

    Attributes:
        value: the number.
        parents: the numbers that it was computed from, each with the local derivative with
            respect to it.
        grad: the derivative of a result with respect to this number, once `backpropagate` has
            found it.
        place: its place in the order in which numbers are made, parents before children.

    Args:
        value: the number. One that is given, and not computed, has no parents.
        parents: pairs of a parent and the local derivative with respect to it.

    Raises:
        ZeroDivisionError: something is divided by 0.
    """

    places = count(1)

    def __init__(
        self,
        value: float,
        *parents: "tuple[Scalar, float]",
    ) -> None:
        self.value = value
        self.parents = parents
        self.grad = 0.0
        self.place = next(self.places)

    def __add__(self, other: "Scalar | float") -> "Scalar":
        """Sum: (u + v)' = u' + v'."""
        u, v = self, scalar(other)
        return Scalar(u.value + v.value, (u, 1.0), (v, 1.0))

    def __mul__(self, other: "Scalar | float") -> "Scalar":
        """Product: (u v)' = v u' + u v'."""
        u, v = self, scalar(other)
        product = u.value * v.value
        return Scalar(product, (u, v.value), (v, u.value))

    def __truediv__(self, other: "Scalar | float") -> "Scalar":
        """Quotient: (u / v)' = u' / v - u v' / v^2."""
        u, v = self, scalar(other)
        ratio = u.value / v.value
        by_u, by_v = 1 / v.value, -ratio / v.value
        return Scalar(ratio, (u, by_u), (v, by_v))

    def __neg__(self) -> "Scalar":
        """Opposite: (-u)' = -u'."""
        return Scalar(-self.value, (self, -1.0))

    def __sub__(self, other: "Scalar | float") -> "Scalar":
        """Difference: the sum of u and -v."""
        return self + -scalar(other)

    def __rsub__(self, other: float) -> "Scalar":
        """Difference, a plain number on the left."""
        return scalar(other) - self

    def __rtruediv__(self, other: float) -> "Scalar":
        """Quotient, a plain number on top."""
        return scalar(other) / self

    __radd__ = __add__
    __rmul__ = __mul__


def scalar(number: Scalar | float) -> Scalar:
    """Return a number as a `Scalar`, and a `Scalar` as it is."""
    return number if isinstance(number, Scalar) else Scalar(number)


def exp(u: Scalar) -> Scalar:
    """Return e to the power u: (e^u)' = e^u u'.

    Raises:
        OverflowError: the result is beyond the range of floats.
    """
    value = math.exp(u.value)
    return Scalar(value, (u, value))


def tape(result: Scalar) -> list[Scalar]:
    """Return a result and all that is behind it, parents first."""
    found, waiting = {result}, [result]
    while waiting:
        for parent, _ in waiting.pop().parents:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return sorted(found, key=lambda node: node.place)


def backpropagate(result: Scalar) -> None:
    r"""Set each `grad` behind a result to the derivative with respect to it.

    $$\frac{\partial result}{\partial parent} = \sum_{children}
      \frac{\partial result}{\partial child} \cdot \frac{\partial child}{\partial parent}$$

    One walk from the result back does it, however many numbers there are: the derivative with
    respect to a child is complete before a parent needs it. What an earlier walk has left is
    forgotten.

    Source:
        S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16 (1976).
    """
    nodes = tape(result)
    for node in nodes:
        node.grad = 0.0
    result.grad = 1.0
    for node in reversed(nodes):
        for parent, slope in node.parents:
            parent.grad += node.grad * slope

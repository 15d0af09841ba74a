r"""The tables as data for a browser: expressions as trees of lists, and functions in JavaScript.

`["*", "w5", ["-", "out_h1"]]` is a product. Its leaves are numbers and names, or in a definition
roles such as `weight_k`, and `["sum", ...]` has a term for each k. site/assets/engine.js computes
the values of such trees and their derivatives.
"""

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from backprop.symbolic.definitions import (
    ACTIVATION,
    ACTIVATIONS,
    DEFINITIONS,
    LOSS,
    LOSSES,
    NET,
    OUT,
    Activation,
    Loss,
    Roles,
    filled,
)
from backprop.symbolic.derivatives import slopes
from backprop.symbolic.expressions import (
    Absolute,
    Call,
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
    parts_of,
    replaced,
)
from backprop.symbolic.functions import FUNCTIONS

Tree: TypeAlias = "str | float | list[Tree]"
Leaf: TypeAlias = Callable[[Expression], Tree]


SIGNS = {Negative: "-", Sum: "+", Product: "*", Quotient: "/", Power: "^", Absolute: "abs"}


def tree_of(expression: Expression, leaf: Leaf) -> Tree:
    """Return an expression as a tree.

    Args:
        expression: any expression.
        leaf: returns the tree of a number or a name, and of each kind that is not arithmetic.
    """
    parts = parts_of(expression)
    match expression:
        case Call(kind, Matrix() as several):
            parts = parts_of(several)
        case Call(kind):
            pass
        case _ if type(expression) in SIGNS:
            kind = SIGNS[type(expression)]
        case _:
            return leaf(expression)
    return [kind, *(tree_of(part, leaf) for part in parts)]


def role(part: Expression) -> Tree:
    """Return the tree of a number, of a role with its index, or of a sum over k."""
    if isinstance(part, Number):
        return float(part.value)
    if isinstance(part, Summation):
        return ["sum", tree_of(part.body, role)]
    assert isinstance(part, Name)
    return f"{part.base}_{part.subscript}" if part.subscript else part.base


def activation(entry: Activation) -> dict[str, Tree]:
    """Return an activation as data: the output, its derivative, and the words for it.

    The derivative `slope` is with respect to the neuron's own net input. If the output depends on
    the whole layer, `cross` is the one with respect to the net input of the neuron `other`.
    """
    ours, theirs = (filled(entry.out, roles) for roles in OF_TWO)
    named = {each: name for each, name in ((ours, OUT), (theirs, OTHER)) if each != NET}
    by = {name.key: replaced(each, named.get) for name, each in slopes(ours).items()}
    tree = {"out": tree_of(entry.out, role), "slope": tree_of(by["net"], role)}
    if entry.takes_layer:
        tree["cross"] = tree_of(by["other_net"], role)
    if entry.shifted:
        tree["inDoubles"] = tree_of(entry.shifted, role)
    return {**tree, "words": entry.words}


OTHER = Name("other")
OF_TWO: tuple[Roles, Roles] = (
    {"net": "net", "nets": ("net", "other_net")},
    {"net": "other_net", "nets": ("net", "other_net")},
)
"""The roles of the first and the second of two neurons in a layer."""


def loss(entry: Loss) -> dict[str, Tree]:
    """Return a loss as data: the error of an output, its slope there, and the total.

    If these do not hold in doubles, `inDoubles` has the error in terms of the net inputs, and the
    derivative of the total error with respect to one of them.
    """
    tree = {
        "error": tree_of(entry.error, role),
        "slope": tree_of(slopes(entry.error)[OUT], role),
        "total": tree_of(entry.total, role),
    }
    if entry.by_net:
        tree["inDoubles"] = [tree_of(entry.by_net, role), tree_of(entry.short[0], role)]
    return tree


def _json(data: object) -> str:
    """Write data as JSON, whole numbers without a decimal point."""
    return re.sub(r"\.0(?=[],])", "", json.dumps(data, separators=(",", ":")))


def module() -> str:
    """Return the tables as a JavaScript module, which site/assets/engine.js imports."""
    data = {
        "NET": tree_of(DEFINITIONS["net"], role),
        "NET_WITHOUT_BIAS": tree_of(DEFINITIONS["net without bias"], role),
        "OVER_SAMPLES": {each: tree_of(DEFINITIONS[each], role) for each in ("sum", "mean")},
        "ACTIVATIONS": {name: activation(entry) for name, entry in ACTIVATIONS.items()},
        "LOSSES": {name: loss(entry) for name, entry in LOSSES.items()},
        "SLOPES": {  # of functions, in their argument x and value y
            name: tree_of(entry.computed or entry.derivative, role)
            for name, entry in FUNCTIONS.items()
        },
        "DEFAULT": {"activations": ACTIVATION, "loss": LOSS},
    }
    lines = [f"export const {name} = {_json(entry)};" for name, entry in data.items()]
    values = ", ".join(f"{name}: {entry.javascript}" for name, entry in FUNCTIONS.items())
    return "\n".join([*lines, f"export const FUNCTIONS = {{ {values} }};", ""])

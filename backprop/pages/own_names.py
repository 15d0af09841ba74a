"""The values of a page's own names in networks other than that of the page.

A formula with such a name in it is tried in other networks like any other formula, so that
nothing passes because two numbers of the page happen to be equal. Expressions may train for
many rounds, so each is worked out when a formula asks for it, and once for each network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from typing import Any

from backprop.formulas.values import Unbound, Value
from backprop.formulas.world import World
from backprop.pages.expressions import NAMES, ExpressionError, result_of, values_of
from backprop.symbolic.definitions import RATE


def scope(world: World) -> dict[str, Any]:
    """Return the names that a page's expressions may use: the package, and the page's network."""
    page = world.example
    network = {"network": page.network, "inputs": page.inputs, "targets": page.targets}
    return {**NAMES, RATE: page.learning_rate, **network}


@dataclass(frozen=True)
class OwnNames:
    """The names that a page defines.

    Attributes:
        where: the expressions that several names share, by name.
        names: by key and round, the expression of a name, and the index of its entry in the
            row that the expression gives; None where it gives one number.
    """

    where: Mapping[str, Any]
    names: Mapping[tuple[str, int], tuple[str, int | None]]
    _found: dict[object, "_Values"] = field(default_factory=dict)

    def in_network(self, world: World) -> Mapping[tuple[str, int], Value]:
        """Return the values of the names in the network of a world."""
        key = world.learning_rate, *world.graph.givens.values()
        if key not in self._found:
            self._found[key] = _Values(self.names, _Scope(self.where, world))
        return self._found[key]


class _Values(dict[tuple[str, int], Value]):
    """The values of names in one network, each computed when it is first used."""

    def __init__(
        self, names: Mapping[tuple[str, int], tuple[str, int | None]], known: "_Scope"
    ) -> None:
        super().__init__()
        self._names = names
        self._result: Callable[[str], Any] = cache(partial(values_of, names=known))

    def __contains__(self, key: object) -> bool:
        return key in self._names

    def __missing__(self, key: tuple[str, int]) -> Value:
        expression, entry = self._names[key]
        try:
            worth = self._result(expression)
            self[key] = Decimal(str(worth if entry is None else worth[entry]))
        except (ExpressionError, TypeError, IndexError) as error:
            raise Unbound(
                f"{key[0]} has no value in other networks, in which formulas are tried too: {error}"
            ) from None
        return self[key]


class _Scope(dict[str, Any]):
    """The names that expressions may use in one network, shared expressions included."""

    def __init__(self, where: Mapping[str, Any], world: World) -> None:
        super().__init__(scope(world))
        self._where = where

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._where

    def __missing__(self, name: str) -> Any:  # noqa: ANN401  # whatever the package gives
        self[name] = result_of(str(self._where[name]), self)
        return self[name]

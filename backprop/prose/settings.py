"""What a page says about itself in its front matter: whose numbers it shows, in which notation.

    backprop:
      example: lecture
      notation: lecture
      givens: {i1: 0.8, w5: -0.3}
      names:
        \\tilde{E}^{(1)}: total_error(...)

`example` is a worked example of the package. `givens` changes some of its
numbers, or, with `sizes` in place of `example`, gives all numbers of a network of
the author's own. `names` binds further names to expressions over the package.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from backprop.examples import EXAMPLES
from backprop.graph import Graph
from backprop.notation import NOTATIONS, Notation
from backprop.prose import latex
from backprop.prose.evaluate import RATE, World
from backprop.prose.expressions import ExpressionError, value_of
from backprop.prose.latex import LatexError, Name

KEYS = ("example", "notation", "sizes", "givens", "names")
MOST_NEURONS = 64  # in a layer; a page is about networks that can be written out


class SettingsError(ValueError):
    """Settings that are not understood."""


def world_of(front: Mapping[str, Any], section: Mapping[str, str]) -> World | None:
    """Return the true values for a place on a page.

    Args:
        front: the page's front matter.
        section: what the marks of the section set, over the front matter.

    Returns:
        None where the page says nothing about itself.

    Raises:
        SettingsError: what it says is not understood.
    """
    settings = front.get("backprop")
    if settings is None and not section:
        return None
    if not isinstance(settings or {}, dict):
        raise SettingsError(f"backprop: {settings!r} came, expected keys such as example: lecture")
    merged: dict[str, Any] = {**(settings or {}), **_given_in(section)}
    unknown = [key for key in merged if key not in KEYS]
    if unknown:
        raise SettingsError(f"backprop: {unknown[0]!r} came, expected {', '.join(KEYS)}")
    # Lists and mappings are no keys of a cache; their text is.
    return _world(*(repr(merged.get(key)) for key in KEYS))


def _given_in(section: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of a section; `learning_rate=0.501` there is a given."""
    settings: dict[str, Any] = {k: v for k, v in section.items() if k in KEYS}
    givens = {k: v for k, v in section.items() if k not in KEYS}
    return {**settings, "givens": givens} if givens else settings


@lru_cache(maxsize=64)
def _world(example: str, notation: str, sizes: str, givens: str, names: str) -> World:
    import ast  # noqa: PLC0415

    values = map(ast.literal_eval, (example, notation, sizes, givens, names))
    return _build(*values)


def _build(example: Any, notation: Any, sizes: Any, givens: Any, names: Any) -> World:
    """Build the world that the settings describe."""
    written = _one_of("notation", notation or example or "lecture", NOTATIONS)
    numbers = _givens(givens or {}, written)
    if sizes is None:
        world = World.of(_one_of("example", example, EXAMPLES), written)
        numbers = {**world.graph.givens, RATE: world.learning_rate, **numbers}
        sizes = world.graph.sizes
    rate = numbers.pop(RATE, Decimal("0.5"))
    try:
        graph = Graph(_sizes(sizes), numbers)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    return replace(World(graph, rate, written), extra=_names(names or {}))


def _one_of(what: str, name: Any, choices: Mapping[str, Any]) -> Any:
    if not isinstance(name, str) or name not in choices:
        raise SettingsError(f"{what}: {name!r} came, expected one of {', '.join(choices)}")
    return choices[name]


def _sizes(sizes: Any) -> tuple[int, ...]:
    whole = isinstance(sizes, list | tuple) and all(isinstance(n, int) for n in sizes)
    if not whole or not all(0 < n <= MOST_NEURONS for n in sizes):
        raise SettingsError(
            f"sizes: {sizes!r} came, expected the width of each layer, as in [2, 2, 2]"
        )
    return tuple(sizes)


def _givens(givens: Any, notation: Notation) -> dict[str, Decimal]:
    """Read numbers by name, a name of the graph or one of the page's notation."""
    if not isinstance(givens, dict):
        raise SettingsError(f"givens: {givens!r} came, expected names with numbers, as in i1: 0.8")
    return {notation.canonical(str(k)) or str(k): decimal(str(k), v) for k, v in givens.items()}


def decimal(name: str, value: Any) -> Decimal:
    """Return a given as a decimal, with the digits that the author wrote.

    Raises:
        SettingsError: it is no finite number.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or isinstance(value, bool):
        raise SettingsError(f"{name}: {value!r} came, expected a number")
    return number


def _names(names: Any) -> dict[tuple[str, int], Decimal]:
    """Read further names, each LaTeX of one symbol, with their expressions."""
    if not isinstance(names, dict):
        raise SettingsError(f"names: {names!r} came, expected LaTeX with expressions")
    bound = {}
    for symbol, expression in names.items():
        name = _symbol(str(symbol))
        try:
            bound[name.key, name.round] = Decimal(str(value_of(str(expression))))
        except ExpressionError as error:
            raise SettingsError(f"names: {symbol}: {error}") from None
    return bound


def _symbol(text: str) -> Name:
    try:
        [chain] = latex.parse(text)
        [name] = chain.sides
    except (LatexError, ValueError):
        name = None  # type: ignore[assignment]
    if not isinstance(name, Name):
        raise SettingsError(f"names: {text!r} came, expected one symbol in LaTeX")
    return name

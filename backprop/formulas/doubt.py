"""What else a wrong number may mean, so that `fix` leaves it to the author.

Digits that are wrong for what they stand for may be right for something else: for the value
after another round, for another name, or for another place in the same line. Then it may be
the name or the order that is wrong, and not the number.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import product

from backprop.formulas.bind import Binding, instead, show, text_of
from backprop.formulas.evaluate import rounds_later
from backprop.formulas.values import Unbound
from backprop.formulas.world import World
from backprop.symbolic.definitions import delta_of
from backprop.symbolic.expressions import Expression, Name, Number, names, replaced
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

TELLING_DIGITS = 3  # digits that a rounded number needs to tell which value it is


def doubt(
    binding: Binding,
    side: Sequence[Binding],
    formula: Iterable[tuple[Binding, World]],
    world: World,
) -> str:
    """Return a hint at what else a wrong number may mean; empty if there is none.

    Args:
        binding: of the number.
        side: all bindings of its side, or of a chain without names.
        world: that of the number.
        formula: all bindings of its formula, each with its world.
    """
    if any(_is_meant_for(other, binding, where) for other, where in formula):
        return "the right numbers in another order"
    if sum(not each.right(world) for each in side) > 1:
        return "more than one number is wrong"
    return (
        (len(side) == 1 and _another_name(binding, world))
        or _another_round(binding, world, 1)
        or _another_round(binding, world, -1)
        or _fewer_digits(binding, world)
    )


def is_a_round_later(binding: Binding, world: World) -> bool:
    """Tell whether a number is the value one round later, up to its last digit.

    Authors print the new value of a name under the name itself.
    """
    said, unit = binding.number.value, binding.number.unit
    later = replace(binding, stands_for=rounds_later(binding.stands_for, 1))
    try:
        return abs(said - later.true(world)) <= unit < abs(said - binding.true(world))
    except Unbound:
        return False


def _is_meant_for(other: Binding, binding: Binding, world: World) -> bool:
    """Tell whether a number is right at another place, whose own is wrong or has fewer digits."""
    telling = _is_telling(binding.number) and other.number.unit > binding.number.unit
    if not telling and other.right(world):
        return False
    return replace(other, number=binding.number).right(world)


def _another_name(binding: Binding, world: World) -> str:
    """Return a hint that a number, all of its side, is right for another name."""
    return _new_weight(binding, world) or _other(binding, world) or _another_inside(binding, world)


def _is_telling(number: Number) -> bool:
    return len(number.value.as_tuple().digits) >= TELLING_DIGITS


def _new_weight(binding: Binding, world: World) -> str:
    """Return a hint that the updated value of a weight or a bias may be meant."""
    name = binding.stands_for
    if not isinstance(name, Name) or name.round:
        return ""
    canonical = world.canonical(name)
    if canonical not in world.graph.givens or not canonical.startswith(("w", "b")):
        return ""
    low = name.subscript if len(name.subscript) == 1 else f"{{{name.subscript.replace('_', ',')}}}"
    return f"a new one is written {name.base}_{low}^+"


def _another_round(binding: Binding, world: World, rounds: int) -> str:
    """Return a hint if all digits, or all but one, are those of the value in another round.

    There is none for a number that is truncated where it should be rounded.
    """
    said, unit = binding.number.value, binding.number.unit
    other = replace(binding, stands_for=rounds_later(binding.stands_for, rounds))
    try:
        now, then = rounded(binding.true(world), unit), other.true(world)
    except Unbound:
        return ""
    off = _off(said, rounded(then, unit))
    if off > 1 or off >= _off(said, now) or abs(said - now) <= unit:
        return ""
    value = show(then.copy_negate() if binding.negated else then)
    return f"a round {'later' if rounds > 0 else 'earlier'} it is {value}"


def _fewer_digits(binding: Binding, world: World) -> str:
    """Return a hint if the right number has fewer digits than the printed: 0.298 for 29.837."""
    digits = [
        sum(map(str.isdigit, text.partition("\\")[0]))
        for text in (binding.number.text, instead(binding, binding.true(world)))
    ]
    return "with fewer digits than are printed now" if 0 < digits[1] < digits[0] else ""


def _off(one: Decimal, other: Decimal) -> int:
    """Count the characters in which two numbers differ, both written to the same last place."""
    texts = [f"{one:+f}", f"{other:+f}"]
    width = max(map(len, texts))
    padded = [text[0] + text[1:].rjust(width, "0") for text in texts]
    return sum(a != b for a, b in zip(*padded, strict=True))


def _other(binding: Binding, world: World) -> str:
    """Return a hint if the number is another given, or another value correctly rounded."""
    number = binding.number
    if rounded(binding.true(world), number.unit) == number.value:
        return ""  # a given that is not printed with all its digits
    said = number.value.copy_negate() if binding.negated else number.value
    rounds = getattr(binding.stands_for, "round", 0)
    learning = world.learning if rounds else ()
    try:
        values = _values(world.after(rounds))
    except Unbound:  # a name of the page's own may have any round
        return ""
    half = number.unit / 2
    telling = _is_telling(number)
    first = bisect_left(values, said - half, key=lambda pair: pair[0])
    last = bisect_right(values, said + half, key=lambda pair: pair[0])
    for value, name in values[first:last]:
        of, _, wrt = name.rpartition("/d")
        given = name in world.graph.givens and not name.startswith(learning)
        if value == said if given else telling and rounded(value, number.unit) == said:
            key = text_of(Name(world.notation.key(wrt), round=rounds))
            return f"{number.text} is {of}/d{key}" if of else f"{number.text} is {key}"
    return ""


def _another_inside(binding: Binding, world: World) -> str:
    """Return a hint if the number is right with another index in an expression."""
    of = binding.stands_for
    if isinstance(of, Name) or not _is_telling(binding.number):
        return ""
    nets = [name for name in world.graph.names if name.startswith("net_")]
    known = {name: _with_index(name) for name in (*world.graph.names, *map(delta_of, nets))}
    said = {name: _with_index(world.canonical(name) or "") for name in names(of)}
    indices = dict.fromkeys(index for _, index in known.values())
    for (_, index), new in product(said.values(), indices):
        changed = {name: stem + new for name, (stem, its) in said.items() if its == index != new}
        if not changed or not known.keys() >= {*changed.values()}:
            continue
        put: dict[Expression, Name] = {
            old: Name(world.notation.key(new), round=old.round) for old, new in changed.items()
        }
        other = replace(binding, stands_for=replaced(of, put.get))
        with suppress(Unbound):
            if other.right(world):
                keys = " and ".join(dict.fromkeys(name.key for name in put.values()))
                return f"{binding.number.text} is right for {keys}"
    return ""


def _with_index(name: str) -> tuple[str, str]:
    """Split a name of the graph before its numbers: `out_h1` into `out_h` and `1`."""
    stem = name.rstrip("_0123456789")
    return stem, name[len(stem) :]


@lru_cache(maxsize=64)
def _values(graph: Graph) -> list[tuple[Decimal, str]]:
    """Return the values of a network and the slopes of its error, sorted, with their names."""
    values = [(graph.value(name), name) for name in graph.names]
    slopes = [(graph.derivative("E_total", name), f"dE_total/d{name}") for name in graph.names]
    return sorted(values + slopes)

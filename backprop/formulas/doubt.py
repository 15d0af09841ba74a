"""What else a wrong number may mean, so that `fix` leaves it to the author.

Digits that are wrong for what they stand for may be right for something else: for the value
after another round, for another name, or for another place in the same line. Then it may be
the name or the order that is wrong, and not the number.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from backprop.formulas.bind import Binding, show
from backprop.formulas.evaluate import Unbound, World, a_round_later
from backprop.formulas.latex import Name
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

TELLING = 3  # digits from which on a rounding tells which of the numbers of a page it is


def doubt(binding: Binding, side: Sequence[Binding], world: World) -> str:
    """Return what else a wrong number may mean, in a few words; "" where nothing.

    Args:
        binding: of the number.
        side: all bindings of its side; of its chain, where no name is in that.
        world: where it is to be true.
    """
    wrong = [each for each in side if not each.right(world)]
    if len(wrong) > 1:
        swapped = any(replace(each, number=binding.number).right(world) for each in wrong)
        return "the right numbers in another order" if swapped else "more than one number is wrong"
    lone = _new_weight(binding, world) or _other(binding, world) if len(side) == 1 else ""
    return lone or _later(binding, world)


def _new_weight(binding: Binding, world: World) -> str:
    """Tell of a weight or a bias that is all its equation says that a new one may be meant."""
    name = binding.stands_for
    if not isinstance(name, Name) or name.round:
        return ""
    canonical = world.canonical(name)
    if canonical not in world.graph.givens or not canonical.startswith(("w", "b")):
        return ""
    low = name.subscript if len(name.subscript) == 1 else f"{{{name.subscript.replace('_', ',')}}}"
    return f"a new one is written {name.base}_{low}^+"


def _later(binding: Binding, world: World) -> str:
    """Tell of digits that are those of the value after another round, all or all but one.

    A number that is cut off where it should be rounded is none of these.
    """
    said, unit = binding.number.value, binding.number.unit
    try:
        now = rounded(binding.true(world), unit)
        later = replace(binding, stands_for=a_round_later(binding.stands_for)).true(world)
    except Unbound:
        return ""
    off = _off(said, rounded(later, unit))
    if off > 1 or off >= _off(said, now) or abs(said - now) <= unit:
        return ""
    value = show(later.copy_negate() if binding.negated else later)
    return f"after another round it is {value}, and is written with a plus"


def _off(one: Decimal, other: Decimal) -> int:
    """Count the characters in which two numbers differ that are printed to the same place."""
    texts = [f"{one:+f}", f"{other:+f}"]
    width = max(map(len, texts))
    padded = [text[0] + text[1:].rjust(width, "0") for text in texts]
    return sum(a != b for a, b in zip(*padded, strict=True))


def _other(binding: Binding, world: World) -> str:
    """Tell of the digits of another name: a given with just these, or a value rounded to them."""
    number = binding.number
    if rounded(binding.true(world), number.unit) == number.value:
        return ""  # a given that is not printed with all its digits
    said = number.value.copy_negate() if binding.negated else number.value
    values = _values(world.after(getattr(binding.stands_for, "round", 0)))
    half = number.unit / 2
    telling = len(said.as_tuple().digits) >= TELLING
    first = bisect_left(values, said - half, key=lambda pair: pair[0])
    last = bisect_right(values, said + half, key=lambda pair: pair[0])
    for value, name in values[first:last]:
        of, _, wrt = name.rpartition("/d")
        given = name in world.graph.givens
        if value == said if given else telling and rounded(value, number.unit) == said:
            key = world.notation.key(wrt)
            return f"{number.text} is {of}/d{key}" if of else f"{number.text} is {key}"
    return ""


@lru_cache(maxsize=64)
def _values(graph: Graph) -> list[tuple[Decimal, str]]:
    """Return the numbers of a network and the slopes of its error, in their order."""

    def all_of_them() -> Iterator[tuple[Decimal, str]]:
        for name in graph.names:
            yield graph.value(name), name
            yield graph.derivative("E_total", name), f"dE_total/d{name}"

    return sorted(all_of_them())

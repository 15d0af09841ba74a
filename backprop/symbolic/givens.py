"""Numbers in the place of those of an example: `w5=-0.3`, as a user or a page writes them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from reprlib import repr  # noqa: A004  # a page may say a lot, a message shows its beginning

from backprop.symbolic.definitions import RATE
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import Notation

__all__ = ["MOST_DIGITS", "RATE", "SettingsError", "changed", "changes_in", "decimal"]

MOST_DIGITS = 40  # of a given; the values are computed with as many
TYPED_DIGITS = 15  # of a given on the command line; floats, which hold as many, compute with it too

SMALLEST, LARGEST = Decimal("1e-15"), Decimal(10**15)  # so that a page can print it in full


class SettingsError(ValueError):
    """Givens, or settings of a page, that are not understood."""


def changes_in(arguments: Iterable[str], graph: Graph, notation: Notation) -> dict[str, Decimal]:
    """Read givens, each as `NAME=NUMBER`, by the names of the graph or of a notation.

    Args:
        arguments: as the user typed them.
        graph: the network whose givens change.
        notation: in which a name may be written, besides the graph's own.

    Raises:
        SettingsError: one is not understood.
    """
    known = {*graph.givens, RATE}
    for layer, width in enumerate(graph.sizes[1:], start=1):
        known |= {f"b{layer}_{k + 1}" for k in range(width)}  # which may still be one
    changes: dict[str, Decimal] = {}
    for argument in arguments:
        name, equals, number = argument.partition("=")
        canonical = notation.canonical(name.strip()) or name.strip()
        if not equals:
            raise SettingsError(f"{argument!r} came, expected NAME=NUMBER, as in i1=0.8")
        if canonical not in known:
            close = get_close_matches(canonical, known, cutoff=0.5) or sorted(known)[:4]
            raise SettingsError(f"{name!r} came, expected a given, as {', '.join(close)}")
        if canonical in changes:
            raise SettingsError(f"{name} came twice, expected one number for it")
        value = changes[canonical] = decimal(name.strip(), number.strip())
        if len(value.normalize().as_tuple().digits) > TYPED_DIGITS:
            raise SettingsError(f"{name}: {number} came, expected {TYPED_DIGITS} digits at most")
    return changes


def changed(graph: Graph, numbers: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return a graph's givens with some changed; a bias of one neuron unties those of its layer."""
    givens, new = dict(graph.givens), dict(numbers)
    for name in numbers:
        shared, _, neuron = name.partition("_")
        if shared.startswith("b") and neuron and shared in givens:
            width = graph.sizes[int(shared[1:])]
            old = givens.pop(shared)
            value = new.pop(shared, old)  # also that of the neurons that no number is given for
            givens |= {f"{shared}_{k}": value for k in range(1, width + 1)}
    return {**givens, **new}


def decimal(name: str, value: object) -> Decimal:
    """Return a given as a decimal, with the digits that the author wrote.

    Raises:
        SettingsError: it is no number, or one of very many digits, or out of range.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or isinstance(value, bool):
        raise SettingsError(f"givens: {repr(name)}: {repr(value)} came, expected a number")
    if len(number.as_tuple().digits) > MOST_DIGITS:
        raise SettingsError(
            f"givens: {repr(name)} has more digits than the {MOST_DIGITS} computed with"
        )
    if number and not SMALLEST <= number.copy_abs() <= LARGEST:  # `abs` rounds, and may fail
        raise SettingsError(f"{name}: {value} came, expected 0 or a size from 1e-15 to 1e15")
    return number

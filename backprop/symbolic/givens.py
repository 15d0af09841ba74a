"""Read the givens that a user or a page sets instead of an example's, such as `w5=-0.3`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from itertools import chain, pairwise
from reprlib import repr  # noqa: A004  # a message shows only the beginning of a long value

from backprop.symbolic.definitions import RATE
from backprop.symbolic.graph import Graph
from backprop.symbolic.layered import weight_names
from backprop.symbolic.notation import Notation

MOST_NEURONS = 64  # in a layer: a reader could not read more of them
MOST_LAYERS = 16
MOST_WEIGHTS = 2000
MOST_SAMPLES = 16
MARKED = re.compile(r"_s([1-9]\d{0,8})\s*=")  # a given of one sample: i1_s2=0.3

MOST_DIGITS = 40  # of a given; the values are computed with as many
TYPED_DIGITS = 15  # of a given on the command line, which floats hold exactly as well

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
        SettingsError: an argument is not understood.
    """
    known = {*graph.givens, RATE}
    for layer, width in enumerate(graph.sizes[1:] if graph.form.own_biases else (), start=1):
        known |= {f"b{layer}_{k + 1}" for k in range(width)}  # even if the layer shares one now
    changes: dict[str, Decimal] = {}
    for argument in arguments:
        name, equals, number = argument.partition("=")
        canonical = notation.given(name.strip())
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


def check_sizes(sizes: Sequence[int]) -> None:
    """Check that a network is small enough to be written out.

    Raises:
        SettingsError: it is too large.
    """
    came = f"sizes: {repr([*sizes])} came"
    if not 1 < len(sizes) <= MOST_LAYERS or not all(0 < width <= MOST_NEURONS for width in sizes):
        expected = f"2 to {MOST_LAYERS} layers of 1 to {MOST_NEURONS} neurons"
        raise SettingsError(f"{came}, expected {expected}")
    if (weights := sum(below * width for below, width in pairwise(sizes))) > MOST_WEIGHTS:
        raise SettingsError(
            f"{came}, which has {weights:,} weights, expected {MOST_WEIGHTS:,} at most"
        )


def counted(sizes: Sequence[int]) -> dict[str, Decimal]:
    """Return givens for a network of any sizes, counting up by 0.05 as in the lecture.

    They count up layer by layer, first the weights, then the bias. The targets are 0.01, except
    for the last; several targets sum to 1.
    """
    names = [f"i{k + 1}" for k in range(sizes[0])]
    for layer, weights in enumerate(weight_names(sizes), start=1):
        names += [*chain(*weights), f"b{layer}"]
    givens = {name: Decimal(5 * k).scaleb(-2) for k, name in enumerate(names, start=1)}
    few = Decimal("0.01")
    givens |= {f"target_o{k}": few for k in range(1, sizes[-1])}
    return {**givens, f"target_o{sizes[-1]}": 1 - few * max(1, sizes[-1] - 1)}


def for_samples(givens: Mapping[str, Decimal], arguments: Iterable[str]) -> dict[str, Decimal]:
    """Return givens for all samples that arguments such as `NAME_s2=NUMBER` mention.

    Each sample starts with the inputs and targets of the single sample.

    Raises:
        SettingsError: there are too many samples.
    """
    numbers = [int(match[1]) for each in arguments if (match := MARKED.search(each))]
    if max(numbers, default=0) > MOST_SAMPLES:
        raise SettingsError(f"sample {max(numbers)} came, expected {MOST_SAMPLES} samples at most")
    if not numbers:
        return dict(givens)
    moving = {name: x for name, x in givens.items() if name.startswith(("i", "target_"))}
    samples = range(1, max(numbers) + 1)
    return {
        **{name: x for name, x in givens.items() if name not in moving},
        **{f"{name}_s{k}": x for k in samples for name, x in moving.items()},
    }


def changed(graph: Graph, numbers: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return a graph's givens with some changed.

    A bias of one neuron, such as `b1_2`, gives each neuron of its layer a bias of its own.
    """
    givens, new = dict(graph.givens), dict(numbers)
    for name in numbers:
        shared, _, neuron = name.partition("_")
        if shared.startswith("b") and neuron and shared in givens:
            width = graph.sizes[int(shared[1:])]
            old = givens.pop(shared)
            value = new.pop(shared, old)  # for the neurons without a number of their own
            givens |= {f"{shared}_{k}": value for k in range(1, width + 1)}
    return {**givens, **new}


def decimal(name: str, value: object) -> Decimal:
    """Return a given as a decimal, with the digits that the author wrote.

    Raises:
        SettingsError: it is not a number, has too many digits, or is out of range.
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

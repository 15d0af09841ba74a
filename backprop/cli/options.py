"""The options that several commands share, and readers of their values."""

import argparse
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, get_args

from backprop.examples import EXAMPLES
from backprop.symbolic.definitions import ACTIVATION, ACTIVATIONS, LOSS, LOSSES
from backprop.training import BiasChoice

T = TypeVar("T")


def reader(
    read: Callable[[str], T], expected: str, fits: Callable[[T], bool]
) -> Callable[[str], T]:
    """Return a `type` for an option.

    Args:
        read: turns the text of the option into its value, or raises a ValueError.
        expected: what the message for any other text or value says was expected.
        fits: whether a value may come.

    Raises:
        ArgumentTypeError: by the function that is returned, for any other text or value.
    """

    def checked(text: str) -> T:
        with suppress(ValueError):
            value = read(text)
            if fits(value):
                return value
        raise argparse.ArgumentTypeError(f"{text!r} came, expected {expected}")

    return checked


def whole_number(least: int = 0, most: int | None = None) -> Callable[[str], int]:
    """Return a `type` for an option that takes a whole number in a range."""
    if most is None:
        return reader(int, f"a whole number, {least} or more", lambda number: number >= least)
    expected = f"a whole number from {least} to {most:,}"
    return reader(int, expected, lambda number: least <= number <= most)


_sizes = reader(
    lambda text: tuple(map(int, text.split(","))),
    "the width of each layer, as in 2,3,1",
    lambda sizes: min(sizes) >= 0,
)


def add_network(command: argparse.ArgumentParser) -> None:
    """Let the user choose the example, and the sizes, activations and loss of the network."""
    words = "whose givens to use (default: lecture)"
    command.add_argument("--example", default="lecture", choices=EXAMPLES, help=words)
    command.add_argument(
        "--sizes",
        type=_sizes,
        metavar="N,N,...",
        help="the width of each layer, inputs first (default: as the example's)",
    )
    command.add_argument(
        "--activations",
        type=lambda text: text.split(",") if "," in text else text,
        default=ACTIVATION,
        metavar="NAME[,NAME...]",
        help=f"for all layers, or for each: {', '.join(ACTIVATIONS)} (default: {ACTIVATION})",
    )
    command.add_argument("--loss", choices=LOSSES, default=LOSS, help=f"default: {LOSS}")


def add_biases(command: argparse.ArgumentParser, words: str) -> None:
    """Let the user choose how the biases learn; `words` is the help."""
    choices = (*get_args(BiasChoice), "none")
    command.add_argument("--biases", choices=choices, default="frozen", help=words)


def add_givens(command: argparse.ArgumentParser) -> None:
    """Let the user change givens of the example or of the page."""
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        dest="givens",
        help="another given, such as i1=0.8, or x1=0.8 as the notes write it; may be repeated",
    )

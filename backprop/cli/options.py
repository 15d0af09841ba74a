"""The options that several commands share, and the parsing of their numbers."""

import argparse
from typing import get_args

from backprop import arguments
from backprop.examples import EXAMPLES
from backprop.symbolic.definitions import ACTIVATION, ACTIVATIONS, LOSS, LOSSES
from backprop.training import BiasChoice


def add_example(command: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let the user name a worked example.

    Args:
        command: the parser of the command.
        default: the one where none is named; None where one has to be.
    """
    words = "whose givens to use" + (f" (default: {default})" if default else "")
    command.add_argument(
        "--example", required=default is None, default=default, choices=EXAMPLES, help=words
    )


def add_network(command: argparse.ArgumentParser) -> None:
    """Let the user choose the form of the network: its widths, its activations and its loss."""
    command.add_argument(
        "--sizes",
        type=_widths,
        metavar="N,N,...",
        help="the width of each layer, inputs first (default: as the example's)",
    )
    command.add_argument(
        "--activations",
        type=_listed,
        default=ACTIVATION,
        metavar="NAME[,NAME...]",
        help=f"for all layers or one a layer: {', '.join(ACTIVATIONS)} (default: {ACTIVATION})",
    )
    command.add_argument("--loss", choices=LOSSES, default=LOSS, help=f"default: {LOSS}")


def add_biases(command: argparse.ArgumentParser, words: str, *also: str) -> None:
    """Let the user say how the biases learn.

    Args:
        command: the parser of the command.
        words: what the help says.
        also: what the user may say besides.
    """
    choices = (*get_args(BiasChoice), *also)
    command.add_argument("--biases", choices=choices, default="frozen", help=words)


def add_givens(command: argparse.ArgumentParser) -> None:
    """Let the user give other numbers than those of the example or of the page."""
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        dest="givens",
        help="another given, such as i1=0.8, or x1=0.8 as the notes write it; may be repeated",
    )


def whole_number(text: str) -> int:
    """Read a whole number of 0 or more.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return arguments.whole_number("number", int(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} came, expected a whole number, 0 or more"
        ) from None


def _widths(text: str) -> tuple[int, ...]:
    """Read the widths of layers: 2,3,1."""
    try:
        return tuple(arguments.whole_number("width", int(width)) for width in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} came, expected the width of each layer, as in 2,3,1"
        ) from None


def _listed(text: str) -> str | list[str]:
    """Read one name, or several with commas between them."""
    return text.split(",") if "," in text else text

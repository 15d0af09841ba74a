"""Options that several commands have, and how a number on the command line is read."""

import argparse
from typing import get_args

from backprop import arguments
from backprop.examples import EXAMPLES
from backprop.training import BiasChoice


def add_example(command: argparse.ArgumentParser) -> None:
    """Let the user name a worked example."""
    command.add_argument("--example", required=True, choices=EXAMPLES, help="whose givens to use")


def add_biases(command: argparse.ArgumentParser, words: str) -> None:
    """Let the user say how the biases learn.

    Args:
        command: the parser of the command.
        words: what the help says.
    """
    choices = get_args(BiasChoice)
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

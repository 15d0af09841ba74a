"""The command `backprop render`."""

import argparse

from backprop.cli.options import add_givens
from backprop.cli.pages import command_of


def add_options(command: argparse.ArgumentParser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Write a page anew for other givens: each number of its formulas, the words that are "
        "bound to a condition, and, unless --no-code is given, what its Python blocks print. For "
        "that the code of the page is run. What cannot be rendered, and each sentence that is "
        "false by now, is named on stderr; all other words stay as they are. Exit status: "
        "0 all rendered, 1 something named, 2 bad usage or a page that cannot be read."
    )
    command.add_argument("page", metavar="PAGE", help="a Markdown file or a notebook")
    add_givens(command)
    command.add_argument("-o", "--output", required=True, metavar="OUT", help="the file to write")
    command.add_argument("--force", action="store_true", help="overwrite OUT if it exists")
    command.add_argument("--no-code", action="store_true", help="run no code of the page")
    command.add_argument(
        "--keep-digits",
        action="store_true",
        help="print no more digits than the page, though a reader may miss some to recompute",
    )
    command.set_defaults(run=command_of("render"))

"""The command `backprop check`."""

import argparse

from backprop.cli.pages import add_paths, command_of
from backprop.pages.formats import FORMATS, TEXT


def add_options(command: argparse.ArgumentParser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Check every formula and number of pages: Markdown files and notebooks. "
        "Exit status: 0 clean, 1 findings, 2 bad usage or a page that cannot be read."
    )
    add_paths(command)
    command.add_argument(
        "--format",
        choices=(TEXT, *FORMATS),
        default=TEXT,
        help="text for people, github for lines of a pull request, sarif or json for programs",
    )
    command.add_argument(
        "--json",
        action="store_const",
        dest="format",
        const="json",
        help="the same as --format json",
    )
    command.add_argument(
        "--words",
        action="store_true",
        help="list instead the sentences that compare numbers and are bound to no condition",
    )
    command.add_argument(
        "--wrong",
        action="store_true",
        help="report only what is surely wrong, and count what is not understood",
    )
    command.add_argument(
        "--letters",
        action="store_true",
        help="propose the symbols: of the front matter, from what the pages write",
    )
    command.set_defaults(run=command_of("check"))

"""The command `backprop check`."""

import argparse

from backprop.cli.pages import add_paths, command_of


def add_options(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.description = (
        "Check every formula and number of pages: Markdown files and notebooks. "
        "Exit status: 0 clean, 1 findings, 2 bad usage or a page that cannot be read."
    )
    add_paths(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--letters",
        action="store_true",
        help="propose the symbols: of the front matter, from what the pages write",
    )
    command.set_defaults(run=command_of("check"))

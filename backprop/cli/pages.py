"""The paths of the commands about pages, and the loading of the libraries that these need."""

import argparse
import importlib
import sys
from collections.abc import Callable

from backprop.pages.formats import DISTRIBUTION


def add_paths(command: argparse.ArgumentParser) -> None:
    """Let the user name pages and folders."""
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a page, or a folder with pages (default: docs and README.md)",
    )


def command_of(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that runs a command, and loads the checker only then."""

    def run(options: argparse.Namespace) -> int:
        try:
            commands = importlib.import_module("backprop.pages.commands")
        except ModuleNotFoundError as missing:
            message = f"{missing.name} is missing; pip install '{DISTRIBUTION}[check]'"
            print(f"backprop {name}: {message}", file=sys.stderr)
            return 2
        status: int = getattr(commands, name)(options)
        return status

    return run

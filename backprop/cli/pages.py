"""The commands about pages: `backprop check`, `fix` and `render`."""

import argparse
import importlib
from collections.abc import Callable

from backprop import DISTRIBUTION
from backprop.pages.formats import FORMATS, TEXT


def check(command: argparse.ArgumentParser) -> None:
    """Describe `backprop check`, and add its options."""
    command.description = (
        "Check every formula and number of pages: Markdown files and notebooks. "
        "Exit status: 0 clean, 1 findings, 2 bad usage or a page that cannot be read."
    )
    _add_paths(command)
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
    command.set_defaults(run=_runner("check"))


def fix(command: argparse.ArgumentParser) -> None:
    """Describe `backprop fix`, and add its options."""
    command.description = (
        "Rewrite each wrong number whose value is known, and nothing else; report "
        "what cannot be fixed. Exit status: as of check, by what is left."
    )
    _add_paths(command)
    command.add_argument(
        "--diff", action="store_true", help="show what would change (status 1), write nothing"
    )
    command.set_defaults(run=_runner("fix"))


def render(command: argparse.ArgumentParser) -> None:
    """Describe `backprop render`, and add its options."""
    from backprop.cli.options import add_givens  # noqa: PLC0415  # it loads NumPy

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
        help="print no more digits than the page, even where a reader needs more to recompute",
    )
    command.set_defaults(run=_runner("render"))


def _add_paths(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a page, or a folder with pages (default: docs and README.md)",
    )


def _runner(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that runs a command, and loads the checker only then."""

    def run(options: argparse.Namespace) -> int:
        try:
            commands = importlib.import_module("backprop.pages.commands")
        except ModuleNotFoundError as missing:
            message = f"{missing.name} is missing; pip install '{DISTRIBUTION}[check]'"
            raise ModuleNotFoundError(message) from None
        status: int = getattr(commands, name)(options)
        return status

    return run

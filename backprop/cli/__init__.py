"""The command line: its commands, and their exit status."""

import importlib
import io
import os
import sys
from collections.abc import Sequence

from backprop.cli.parser import Parser

COMMANDS = {
    "train": "train a worked example and print its error and outputs",
    "explain": "derive one weight or bias, step by step",
    "diagnose": "tell what a number of the worked examples is, and who gets it",
    "worksheet": "write an exercise sheet with fresh numbers, and its key",
    "check": "check every formula and number of pages",
    "fix": "write the right digits where a page has wrong ones",
    "render": "write a page anew for other givens",
}
"""The commands, each with a line of help."""
OF_PAGES = ("check", "fix", "render")  # whose options are in one module


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        arguments: the arguments after the command's name; by default those of the process.

    Returns:
        0 for success, 1 when a page has findings or the output could not be written, 2 when a
        page could not be read or what the user gave is not understood, 130 when the user stopped
        the command, 141 when the reader of the output closed it. Bad usage exits with 2. An error
        is one line on stderr, except for 130 and 141.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # pages say more than some terminals can show
            stream.reconfigure(errors="backslashreplace")
    try:
        options = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
        status: int = options.run(options)
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except (ValueError, ModuleNotFoundError) as problem:
        print(f"backprop {options.command}: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        # Python flushes once more at exit, and must not meet the same problem again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(problem, BrokenPipeError):
            return 141
        print(f"backprop: output: {problem.strerror}", file=sys.stderr)
        return 1
    return status


def _parser(arguments: Sequence[str]) -> Parser:
    """Return a parser with the options of the given command.

    Only the module of that command is loaded, none for `backprop --help`.
    """
    parser = Parser(prog="backprop", description="Backpropagation, worked to the last digit.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    given = next((word for word in arguments if word in COMMANDS), None)
    for name, words in COMMANDS.items():
        command = commands.add_parser(name, help=words)
        if name == given:
            module, function = ("pages", name) if name in OF_PAGES else (name, "add_options")
            getattr(importlib.import_module(f"backprop.cli.{module}"), function)(command)
    return parser

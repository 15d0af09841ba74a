"""The command `backprop diagnose`."""

import argparse
import io
import os
import sys
from functools import partial
from pathlib import Path

from backprop.cli.parser import Parser
from backprop.variants.reading import LONGEST
from backprop.variants.verdict import as_json, as_text, diagnose


def add_options(command: Parser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Tell what a number of the worked examples is, or which of the numbers that a program "
        "printed are right, where the first wrong one is, and what was done differently: other "
        "biases, another order, another loss, a slip. The answer says how doubtful it is."
    )
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "numbers",
        nargs="*",
        default=[],
        metavar="NUMBER",
        help="such as 0.291027924, any text with numbers, or - to read standard input",
    )
    what.add_argument("-f", "--file", metavar="FILE", help="a file with all that was printed")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=partial(_diagnose, command))


def _diagnose(command: Parser, options: argparse.Namespace) -> int:
    try:
        diagnosis = diagnose(_text(options))
    except OSError as error:
        command.error(f"{options.file}: {error.strerror or error}")
    except ValueError as error:
        command.error(str(error))
    print(as_json(diagnosis) if options.json else as_text(diagnosis))
    return 0


def _text(options: argparse.Namespace) -> str:
    """Return the text to diagnose, of at most one character more than `diagnose` allows.

    Raises:
        ValueError: the name of a file came where a number was expected.
    """
    if options.file is not None:
        with Path(options.file).open(encoding="utf-8", errors="replace") as file:
            return file.read(LONGEST + 1)
    if options.numbers == ["-"]:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        return sys.stdin.read(LONGEST + 1) if sys.stdin else ""
    text = " ".join(options.numbers)
    if os.path.isfile(text):  # noqa: PTH113  # any text may come, also too long for a name
        raise ValueError(f"{text}: is a file, expected a number; -f reads what is in a file")
    return text

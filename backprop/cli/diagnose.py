"""The command `backprop diagnose`."""

import argparse

from backprop.variants.verdict import Reading, as_json, as_text, diagnose, read_number


def add_options(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.description = (
        "Look a number up among the figures that come of the worked examples when "
        "something is done otherwise: other biases, another order, another loss, a slip. "
        "What fits the digits given is listed, and in doubt how many figures fit by accident; "
        "or else what is nearest."
    )
    command.add_argument(
        "numbers", nargs="+", type=_number, metavar="NUMBER", help="such as 0.291027924"
    )
    command.add_argument("--json", action="store_true", help="print JSON: all that fits")
    command.set_defaults(run=_diagnose)


def _diagnose(options: argparse.Namespace) -> int:
    """Run `backprop diagnose`."""
    diagnoses = [diagnose(reading) for reading in options.numbers]
    print(as_json(diagnoses) if options.json else "\n\n".join(map(as_text, diagnoses)))
    return 0


def _number(text: str) -> Reading:
    """Read a number to be diagnosed."""
    try:
        return read_number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None

"""The command `backprop fix`."""

import argparse

from backprop.cli.pages import add_paths, command_of


def add_options(command: argparse.ArgumentParser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Rewrite each wrong number whose value is known, and nothing else; report "
        "what cannot be fixed. Exit status: as of check, by what is left."
    )
    add_paths(command)
    command.add_argument(
        "--diff", action="store_true", help="show what would change (status 1), write nothing"
    )
    command.set_defaults(run=command_of("fix"))

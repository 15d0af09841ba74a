"""A parser of arguments that answers bad usage with one line."""

import argparse
import re
import sys
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """A parser that answers bad usage with one line."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # argparse's own
        """Accept -2.9e-1 as a number, which argparse takes for an option."""
        super().__init__(**options)
        self._negative_number_matcher = re.compile(
            r"-(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$", re.IGNORECASE
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and leave with status 2."""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Write out the help and exit; `main` handles errors of the output."""
        if sys.stdout:
            sys.stdout.flush()
        super().exit(status, message)

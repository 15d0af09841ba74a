"""A parser of arguments that answers bad usage with one line."""

import argparse
import re
import sys
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """A parser that answers bad usage with one line."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # argparse's own
        """Take -2.9e-1 for a number, as it is one, and not for an option."""
        super().__init__(**options)
        self._negative_number_matcher = re.compile(
            r"-(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$", re.IGNORECASE
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and leave with status 2."""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Leave, the help written out: what goes wrong with it is for `main` to answer."""
        if sys.stdout:
            sys.stdout.flush()
        super().exit(status, message)

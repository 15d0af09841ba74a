"""What checking one page may cost, in time and in memory.

What can be counted is counted, and so is over the budget on every machine or on none: the
characters of a page and of a formula, the values of the front matter, the numbers in a value,
the rounds of training. Seconds of processor time are the last resort, looked at between
formulas.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

SECONDS = 5.0  # of processor time, for one page
ROUNDS = 40_000  # of training, for all formulas and own names of a page, in the page's networks
SECTION = 40  # as many rounds does a section with settings of its own count for
SMALL = 400  # weights, with which a round takes no longer than with four
BYTES = 20_000_000  # in a file; pictures in a notebook take most of them
CHARACTERS = 1_200_000  # that a page says; the longest of our own says a tenth of it
FRONT = 100_000  # characters of front matter
VALUES = 20_000  # in the front matter, each alias written out
JSON_VALUES = 200_000  # in a notebook
NUMBERS = 100_000  # in a value that the front matter works out


class OverBudgetError(Exception):
    """A page that costs more than it may; the message says what, and how much it may."""


@dataclass
class Budget:
    """What a page has cost by now.

    Attributes:
        spent: seconds of processor time that were spent before.
        rounds: of training, that were counted.
        start: the time on the clock when the rest began.
    """

    spent: float = 0.0
    rounds: int = 0
    start: float = field(default_factory=time.thread_time)

    @property
    def seconds(self) -> float:
        """The seconds of processor time that were spent by now."""
        return self.spent + time.thread_time() - self.start

    def train(self, rounds: int) -> None:
        """Count rounds of training.

        Raises:
            OverBudgetError: they are too many, together with those before.
        """
        self.rounds += rounds
        if self.rounds > ROUNDS:
            raise OverBudgetError(f"takes more than {ROUNDS:,} rounds of training")

    def look(self) -> None:
        """Look at the clock.

        Raises:
            OverBudgetError: the time is over.
        """
        if self.seconds > SECONDS:
            raise OverBudgetError(f"takes more than {SECONDS:g} seconds of processor time")


_budget: ContextVar[Budget | None] = ContextVar("_budget", default=None)


@contextmanager
def counting() -> Iterator[Budget]:
    """Count what is trained here."""
    token = _budget.set(budget := Budget())
    try:
        yield budget
    finally:
        _budget.reset(token)


def train(rounds: int) -> None:
    """Count rounds of training, where somebody counts.

    Raises:
        OverBudgetError: they are too many, or the time is over.
    """
    if budget := _budget.get():
        budget.look()
        budget.train(rounds)

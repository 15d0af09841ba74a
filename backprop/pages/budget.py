"""What checking one page may cost, in time and in memory.

What can be counted is counted, so that a page is over its budget on every machine or on none:
the characters of a page and of a formula, the values of the front matter, the numbers in a value,
the rounds of training. Seconds of processor time are the last resort, checked between formulas.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

SECONDS = 5.0  # of processor time, for one page
ROUNDS = 40_000  # of training, for all formulas and own names of a page, in the page's networks
SECTION_ROUNDS = 40  # rounds that a section with its own settings counts as
SMALL_NETWORK = 400  # weights; a round with fewer takes as long as one with four
BYTES = 20_000_000  # in a file; pictures in a notebook take most of them
CHARACTERS = 1_200_000  # of a page; our longest has a tenth of them
FRONT_CHARACTERS = 100_000  # characters of front matter
VALUES = 20_000  # in the front matter, aliases written out
JSON_VALUES = 200_000  # in a notebook
NUMBERS = 100_000  # in a value that the front matter works out


class OverBudgetError(Exception):
    """A page exceeds its budget; the message names the limit."""


@dataclass
class Budget:
    """What a page has cost so far.

    Attributes:
        spent: seconds of processor time before this budget was made.
        rounds: of training.
        start: processor time when this budget was made.
    """

    spent: float = 0.0
    rounds: int = 0
    start: float = field(default_factory=time.thread_time)

    @property
    def seconds(self) -> float:
        """The seconds of processor time so far."""
        return self.spent + time.thread_time() - self.start

    def count_rounds(self, rounds: int) -> None:
        """Count rounds of training.

        Raises:
            OverBudgetError: there are too many of them, earlier ones included.
        """
        self.rounds += rounds
        if self.rounds > ROUNDS:
            raise OverBudgetError(f"takes more than {ROUNDS:,} rounds of training")

    def check_time(self) -> None:
        """Check the processor time.

        Raises:
            OverBudgetError: it is over.
        """
        if self.seconds > SECONDS:
            raise OverBudgetError(f"takes more than {SECONDS:g} seconds of processor time")


_budget: ContextVar[Budget | None] = ContextVar("_budget", default=None)


@contextmanager
def counting() -> Iterator[Budget]:
    """Count the training inside the context."""
    token = _budget.set(budget := Budget())
    try:
        yield budget
    finally:
        _budget.reset(token)


def count_rounds(rounds: int) -> None:
    """Count rounds of training, inside the context of `counting`.

    Raises:
        OverBudgetError: they are too many, or the time is over.
    """
    if budget := _budget.get():
        budget.check_time()
        budget.count_rounds(rounds)

"""The kinds of what is found on a page, each with the rule that it breaks."""

from enum import Enum
from typing import Self


class Kind(Enum):
    """A kind of finding: its value is the name that reports use for it.

    Attributes:
        rule: what a page should do, in a sentence.
    """

    rule: str

    WRONG_NUMBER = "wrong-number", "A number is the correct rounding of what it stands for."
    UNEQUAL = "unequal", "What a formula says is equal, less or more is so."
    DIGITS = "too-few-digits", "Enough digits are printed for a reader to recompute a result."
    UNKNOWN_NAME = "unknown-name", "Each name is one that the network has or the page brings in."
    UNBOUND = "unbound", "A formula says what its numbers stand for."
    NOT_UNDERSTOOD = "not-understood", "A formula can be read and evaluated."
    NOT_READ = "not-read", "A formula is written so that the page shows it as one."
    LOOSE_NUMBER = "loose-number", "A decimal stands in a formula that says what it is."
    FALSE_WORDS = "false-words", "A word or a sentence holds for the numbers of the page."
    EXEMPTION = "exemption", "An exemption has a reason, and something to exempt."
    SETTINGS = "settings", "The settings of a page name an example or describe a network."
    BUDGET = "over-budget", "A page can be checked with bounded time and memory."

    def __new__(cls, name: str, rule: str) -> Self:
        """Take the name as the value."""
        kind = object.__new__(cls)
        kind._value_ = name
        kind.rule = rule
        return kind

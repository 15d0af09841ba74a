"""A sheet: exercises of one difficulty, and what is printed of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from backprop.arguments import numbers
from backprop.examples import LECTURE, Example
from backprop.network import Network
from backprop.worksheets.formulas import latex, rounded, symbol, value
from backprop.worksheets.givens import Givens, exercises
from backprop.worksheets.steps import LEVELS, Level, Part, Slip, Step, defined, solved

SLIPS = 3  # so many of its level's slips the key of an exercise tells
GIVENS = (  # what they are, and their names
    ("inputs", ("i1", "i2")),
    ("weights into the first hidden neuron", ("w1", "w2")),
    ("weights into the second hidden neuron", ("w3", "w4")),
    ("weights into the first output neuron", ("w5", "w6")),
    ("weights into the second output neuron", ("w7", "w8")),
    ("biases of the two layers", ("b1", "b2")),
    ("targets", ("target_o1", "target_o2")),
    ("learning rate", ("learning_rate",)),
)
RULE = (
    "Round each result to four decimals and go on with the rounded number. "
    "Your last digit may then be one off."
)
WHAT_A_NEURON_DOES = "The first hidden neuron turns its net input into its output by"
ACTIVATION = f"{symbol('out_h1')} = {latex(defined('out_h1').formula, symbol)}"


@dataclass(frozen=True)
class Exercise:
    """An exercise: its place on the sheet, what it asks for, and its givens."""

    number: int
    level: Level
    givens: Givens

    @cached_property
    def results(self) -> Mapping[str, Decimal]:
        """All numbers of the exercise by name, the results with all their digits."""
        return solved(self.givens)

    @property
    def parts(self) -> Iterator[tuple[str, Part]]:
        """Its parts, each with a letter."""
        return zip("abcdefghijklmnopqrstuvwxyz", self.level.parts, strict=False)

    @property
    def slips(self) -> list[Slip]:
        """The slips that its key tells: all of its level but one, each time another."""
        slips = self.level.slips
        left_out = self.number % len(slips)
        return [slip for k, slip in enumerate(slips) if k != left_out][:SLIPS]

    def lines(self, step: Step) -> tuple[str, str, str, str]:
        """Return a step in LaTeX: its name, its formula, with numbers, and its result."""
        return (
            symbol(step.name),
            latex(step.formula, symbol),
            latex(step.formula, self.printed),
            self.printed(step.name),
        )

    def slipped(self, slip: Slip) -> tuple[str, str, str]:
        """Return a slip in LaTeX: the wrong result, what it is, and what it was taken for."""
        wrong = rounded(value(slip.formula, self.results))
        return str(wrong), latex(slip.formula, symbol), symbol(slip.name)

    def printed(self, name: str) -> str:
        """Return the digits of a number: two decimals of a given, four of a result."""
        return str(self.givens[name] if name in self.givens else rounded(self.results[name]))

    @property
    def example(self) -> Example:
        """The exercise as a worked example in the notation of the lecture."""
        x = {name: float(number) for name, number in self.givens.items()}
        network = Network(
            [
                [[x["w1"], x["w2"]], [x["w3"], x["w4"]]],
                [[x["w5"], x["w6"]], [x["w7"], x["w8"]]],
            ],
            [x["b1"], x["b2"]],
        )
        return replace(
            LECTURE,
            network=network,
            inputs=numbers("inputs", [x["i1"], x["i2"]]),
            targets=numbers("targets", [x["target_o1"], x["target_o2"]]),
            learning_rate=x["learning_rate"],
        )


@dataclass(frozen=True)
class Sheet:
    """Exercises of one difficulty from one seed."""

    seed: int
    level: Level
    exercises: tuple[Exercise, ...]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"worksheet-{self.level.name}-{self.seed}"

    @property
    def command(self) -> str:
        """What makes it once more."""
        return (
            f"backprop worksheet --seed {self.seed} --difficulty {self.level.name} "
            f"--count {len(self.exercises)} -o ."
        )


def sheet(seed: int, difficulty: str, number: int) -> Sheet:
    """Return a sheet; the same arguments always give the same one.

    Args:
        seed: a whole number, 0 or more.
        difficulty: `forward`, `output` or `hidden`.
        number: how many exercises.
    """
    level = LEVELS[difficulty]
    drawn = enumerate(exercises(seed, number), start=1)
    return Sheet(seed, level, tuple(Exercise(k, level, givens) for k, givens in drawn))

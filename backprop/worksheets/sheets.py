"""Make a sheet: exercises of one difficulty, and what is printed of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from backprop.arguments import numbers
from backprop.examples import LECTURE, Example
from backprop.network import Network
from backprop.symbolic.definitions import Form
from backprop.worksheets.formulas import latex, rounded, symbol, value
from backprop.worksheets.givens import Givens, exercises
from backprop.worksheets.steps import (
    LEVELS,
    ORDINALS,
    Level,
    Part,
    Slip,
    Step,
    defined,
    inputs_of,
    labels,
    last_layer,
    layer_name,
    solved,
    target_of,
    weights_into,
)

SLIPS = 3  # the most slips that the key of an exercise mentions
COUNTS = {2: "two", 3: "three"}
RULE = (
    "Round each result to four decimals and go on with the rounded number. "
    "Your last digit may then be one off."
)


def activations(level: Level) -> list[tuple[str, str]]:
    """Return the formulas of the activations, each with the words that introduce it."""

    def formula(out: str) -> str:
        return f"{symbol(out)} = {latex(defined(level.form, out).formula, symbol)}"

    form = level.form
    first = f"out_{labels(form, 1)[0]}"
    hidden = ("The first hidden neuron turns its net input into its output by", formula(first))
    if len({*form.activations}) == 1:
        return [hidden]
    return [hidden, ("the first output neuron by", formula(form.outputs[0]))]


def ending(level: Level) -> str:
    """Return the end of the sentence about the activations."""
    alike = len({*level.form.activations}) == 1
    others = "the others do" if alike else "the second neuron of each layer does"
    return f"and {others} the same.{' ' * bool(level.note)}{level.note}"


def givens_of(level: Level) -> list[tuple[str, list[str]]]:
    """Return the names of the givens in groups, each with a heading."""
    form = level.form
    layers = range(1, len(form.sizes))
    several = "s" * (form.sizes[-1] > 1)
    return [
        *((f"inputs{where}", names) for where, names in _by_sample(form, inputs_of(form))),
        *(row for layer in layers for row in _weights_of(form, layer)),
        (f"biases of the {COUNTS[len(layers)]} layers", [f"b{layer}" for layer in layers]),
        *(
            (f"target{several}{where}", names)
            for where, names in _by_sample(form, [target_of(out) for out in form.outputs])
        ),
        ("learning rate", ["learning_rate"]),
    ]


def _weights_of(form: Form, layer: int) -> Iterator[tuple[str, list[str]]]:
    """Yield, for each neuron of a layer, a heading and the names of the weights into it."""
    below = form.sizes[layer - 1]
    names = weights_into(form, layer)
    alone = layer == last_layer(form) or last_layer(form) == 2
    kind = layer_name(form, layer).removesuffix(" layer")
    for k, ordinal in zip(range(form.sizes[layer]), ORDINALS, strict=False):
        which = f"{ordinal} " * (form.sizes[layer] > 1)
        neuron = f"{which}{kind} neuron" if alone else f"{which}neuron of the {kind} layer"
        yield f"weights into the {neuron}", names[k * below : (k + 1) * below]


def _by_sample(form: Form, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield words for each sample and its names; the words are empty for a single sample."""
    if not form.samples:
        yield "", names
    for mark, ordinal in zip(form.marks, ORDINALS, strict=False):
        if mark:
            yield f" of the {ordinal} sample", [name for name in names if name.endswith(mark)]


@dataclass(frozen=True)
class Exercise:
    """An exercise: its number on the sheet, what it asks for, and its givens."""

    number: int
    level: Level
    givens: Givens

    @cached_property
    def results(self) -> Mapping[str, Decimal]:
        """All numbers of the exercise by name, not rounded."""
        return solved(self.givens, form=self.level.form)

    @property
    def parts(self) -> Iterator[tuple[str, Part]]:
        """The parts of the exercise, each with a letter."""
        return zip("abcdefghijklmnopqrstuvwxyz", self.level.parts, strict=False)

    @property
    def slips(self) -> list[Slip]:
        """The slips that the key mentions: all of the level but one, which differs by exercise."""
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
        """Return a slip in LaTeX: the wrong result, its formula, and what it was taken for."""
        wrong = rounded(value(slip.formula, self.results))
        return str(wrong), latex(slip.formula, symbol), symbol(slip.name)

    def printed(self, name: str) -> str:
        """Return a number as printed: a given with two decimals, a result with four."""
        return str(self.givens[name] if name in self.givens else rounded(self.results[name]))

    @property
    def example(self) -> Example:
        """The exercise as a worked example in the notation of the lecture."""
        form = self.level.form
        x = {name: float(number) for name, number in self.givens.items()}
        layers = range(1, len(form.sizes))
        weights = [
            np.reshape([x[name] for name in weights_into(form, layer)], (form.sizes[layer], -1))
            for layer in layers
        ]
        biases = [x[f"b{layer}"] for layer in layers]
        rows = (form.samples, -1) if form.samples else (-1,)
        inputs = [x[name] for name in inputs_of(form)]
        targets = [x[target_of(out)] for out in form.outputs]
        return replace(
            LECTURE,
            network=Network(weights, biases, activations=form.activations),
            inputs=numbers("inputs", np.reshape(inputs, rows)),
            targets=numbers("targets", np.reshape(targets, rows)),
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
        """The beginning of the names of its files."""
        return f"worksheet-{self.level.name}-{self.seed}"

    @property
    def command(self) -> str:
        """The command that makes the sheet again."""
        return (
            f"backprop worksheet --seed {self.seed} --difficulty {self.level.name} "
            f"--count {len(self.exercises)} -o ."
        )


def sheet(seed: int, difficulty: str, number: int) -> Sheet:
    """Return a sheet; equal arguments give equal sheets.

    Args:
        seed: a whole number, 0 or more.
        difficulty: the name of a level, such as `forward`.
        number: how many exercises.
    """
    level = LEVELS[difficulty]
    drawn = enumerate(exercises(seed, number, level), start=1)
    return Sheet(seed, level, tuple(Exercise(k, level, givens) for k, givens in drawn))

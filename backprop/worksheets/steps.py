"""What a worksheet asks for: the steps of the worked example, and the slips that people make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from backprop.symbolic.formulas import (
    Exponential,
    Formula,
    Fraction,
    Name,
    Negative,
    Square,
    Whole,
    minus,
    names,
    plus,
    times,
)
from backprop.worksheets.formulas import rounded, value

ONE, HALF = Whole(1), Fraction(Whole(1), Whole(2))


@dataclass(frozen=True)
class Step:
    """A result, and the formula that it is computed by from givens and from results before."""

    name: str
    formula: Formula


@dataclass(frozen=True)
class Slip:
    """A wrong result: for what it was taken, the wrong formula, and what went wrong in words."""

    name: str
    formula: Formula
    words: str


@dataclass(frozen=True)
class Part:
    """Steps that belong together, under one question."""

    title: str
    question: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Level:
    """A difficulty: what is asked, and which slips belong to what is new in it."""

    name: str
    title: str
    parts: tuple[Part, ...]
    slips: tuple[Slip, ...]


def sigma(net: Formula) -> Formula:
    r"""Return $\frac{1}{1 + e^{-net}}$."""
    return Fraction(ONE, plus(ONE, Exponential(Negative(net))))


def neuron(label: str, weights: Sequence[str], signals: Sequence[str], bias: str) -> list[Step]:
    r"""Return $net = w\,signal + w\,signal + b$ and $out = \sigma(net)$."""
    products = [times(Name(w), Name(signal)) for w, signal in zip(weights, signals, strict=True)]
    return [
        Step(f"net_{label}", plus(*products, Name(bias))),
        Step(f"out_{label}", sigma(Name(f"net_{label}"))),
    ]


def error(label: str) -> Step:
    r"""Return $E = \frac{1}{2} (target - out)^2$."""
    target, out = names(f"target_{label}", f"out_{label}")
    return Step(f"E_{label}", times(HALF, Square(minus(target, out))))


def slope(label: str) -> Step:
    r"""Return $\partial out / \partial net = out\,(1 - out)$."""
    [out] = names(f"out_{label}")
    return Step(f"dout_{label}/dnet_{label}", times(out, minus(ONE, out)))


def delta(label: str) -> Step:
    r"""Return $\delta = \partial E / \partial out \times \partial out / \partial net$."""
    factors = names(f"dE_total/dout_{label}", f"dout_{label}/dnet_{label}")
    return Step(f"delta_{label}", times(*factors))


def output_delta(label: str) -> list[Step]:
    r"""Return the delta of an output, from $-(target - out)$ on."""
    target, out = names(f"target_{label}", f"out_{label}")
    by_out = Step(f"dE_total/dout_{label}", Negative(minus(target, out)))
    return [by_out, slope(label), delta(label)]


def hidden_delta(label: str, weights: Sequence[str]) -> list[Step]:
    r"""Return the delta of a hidden neuron, from the sum over both paths on."""
    deltas = names("delta_o1", "delta_o2")
    paths = [times(d, Name(w)) for d, w in zip(deltas, weights, strict=True)]
    return [Step(f"dE_total/dout_{label}", plus(*paths)), slope(label), delta(label)]


def by_weight(weight: str, label: str, signal: str) -> Step:
    r"""Return $\partial E / \partial w = \delta \times signal$."""
    return Step(f"dE_total/d{weight}", times(*names(f"delta_{label}", signal)))


def update(weight: str) -> Step:
    r"""Return $w^{+} = w - \eta \times \partial E / \partial w$."""
    rate, derivative = names("learning_rate", f"dE_total/d{weight}")
    return Step(f"{weight}+", minus(Name(weight), times(rate, derivative)))


INTO = {  # the weights, and where their signals come from
    "h1": (("w1", "w2"), ("i1", "i2"), "b1"),
    "h2": (("w3", "w4"), ("i1", "i2"), "b1"),
    "o1": (("w5", "w6"), ("out_h1", "out_h2"), "b2"),
    "o2": (("w7", "w8"), ("out_h1", "out_h2"), "b2"),
}
HIDDEN, OUTPUT = ("h1", "h2"), ("o1", "o2")


def _neurons(*labels: str) -> tuple[Step, ...]:
    return tuple(step for label in labels for step in neuron(label, *INTO[label]))


def _by_weights(*labels: str) -> tuple[Step, ...]:
    return tuple(
        by_weight(weight, label, signal)
        for label in labels
        for weight, signal in zip(*INTO[label][:2], strict=True)
    )


def _updates(*labels: str) -> tuple[Step, ...]:
    return tuple(update(weight) for label in labels for weight in INTO[label][0])


FORWARD_PARTS = (
    Part(
        "The hidden layer",
        "Compute the net input and the output of both hidden neurons.",
        _neurons(*HIDDEN),
    ),
    Part(
        "The output layer",
        "Compute the net input and the output of both output neurons.",
        _neurons(*OUTPUT),
    ),
    Part(
        "The error",
        "Compute the error of each output, and the total error.",
        (*map(error, OUTPUT), Step("E_total", plus(*names("E_o1", "E_o2")))),
    ),
)
OUTPUT_PARTS = (
    Part(
        "The deltas of the output neurons",
        "For each output: how the total error follows it, how it follows its net input, "
        "and the product of both.",
        tuple(step for label in OUTPUT for step in output_delta(label)),
    ),
    Part(
        "The weights into the output layer",
        "Compute the derivative of the total error by each of the four weights.",
        _by_weights(*OUTPUT),
    ),
    Part(
        "Their update",
        "Take one step: compute the new value of each of the four weights.",
        _updates(*OUTPUT),
    ),
)
HIDDEN_PARTS = (
    Part(
        "The deltas of the hidden neurons",
        "Two paths lead from the error back to each hidden neuron. "
        "Take the weights from before the update.",
        (*hidden_delta("h1", ("w5", "w7")), *hidden_delta("h2", ("w6", "w8"))),
    ),
    Part(
        "The weights into the hidden layer",
        "Compute the derivative of the total error by each of the four weights.",
        _by_weights(*HIDDEN),
    ),
    Part(
        "Their update",
        "Compute the new value of each of the four weights.",
        _updates(*HIDDEN),
    ),
    Part(
        "The biases",
        "The biases stay as they are. If they learned as well, one value for each layer, "
        "what would be the derivative by each?",
        (
            Step("dE_total/db1", plus(*names("delta_h1", "delta_h2"))),
            Step("dE_total/db2", plus(*names("delta_o1", "delta_o2"))),
        ),
    ),
)

FORWARD_SLIPS = (
    Slip(
        "out_h1",
        Fraction(ONE, plus(ONE, Exponential(Name("net_h1")))),
        "the minus in the exponent is missing",
    ),
    Slip(
        "net_o1",
        plus(times(*names("w5", "out_h1")), times(*names("w6", "out_h2"))),
        "the bias is missing",
    ),
    Slip(
        "net_o1",
        plus(times(*names("w5", "out_h1")), times(*names("w7", "out_h2")), Name("b2")),
        "the second weight is one into the other output neuron",
    ),
    Slip(
        "E_o1",
        Square(minus(*names("target_o1", "out_o1"))),
        "the half is missing",
    ),
)
OUTPUT_SLIPS = (
    Slip(
        "dE_total/dout_o1",
        minus(*names("target_o1", "out_o1")),
        "the minus in front is missing: where the output grows, the bracket shrinks",
    ),
    Slip(
        "dE_total/dw5",
        times(*names("dE_total/dout_o1", "out_h1")),
        "the slope of the logistic function is missing: this is no delta yet",
    ),
    Slip(
        "dE_total/dw6",
        times(*names("delta_o1", "out_h1")),
        "the signal is that of the first hidden neuron, and this weight comes from the second",
    ),
    Slip(
        "w7+",
        plus(Name("w7"), times(*names("learning_rate", "dE_total/dw7"))),
        "the step is added, which makes the error larger",
    ),
)
HIDDEN_SLIPS = (
    Slip(
        "dE_total/dout_h1",
        plus(times(*names("delta_o1", "w5+")), times(*names("delta_o2", "w7+"))),
        "the weights are those from after the update",
    ),
    Slip(
        "dE_total/dout_h1",
        plus(times(*names("delta_o1", "w5")), times(*names("delta_o2", "w6"))),
        "these are the weights into one output neuron, "
        "and the paths run along those out of one hidden neuron",
    ),
    Slip(
        "dE_total/dw3",
        times(*names("dE_total/dout_h2", "i1")),
        "the slope of the logistic function is missing",
    ),
    Slip(
        "dE_total/db1",
        Name("delta_h2"),
        "the bias serves both neurons of its layer, and their deltas add up",
    ),
)

LEVELS = {
    level.name: level
    for level in (
        Level("forward", "the forward pass", FORWARD_PARTS, FORWARD_SLIPS),
        Level("output", "up to the output weights", FORWARD_PARTS + OUTPUT_PARTS, OUTPUT_SLIPS),
        Level(
            "hidden",
            "all weights and biases",
            FORWARD_PARTS + OUTPUT_PARTS + HIDDEN_PARTS,
            HIDDEN_SLIPS,
        ),
    )
}
"""The difficulties by name, the easiest first."""

STEPS = tuple(step for part in LEVELS["hidden"].parts for step in part.steps)
"""All steps there are, each after those that it needs."""


def solved(givens: Mapping[str, Decimal], *, by_hand: bool = False) -> dict[str, Decimal]:
    """Return givens and all results by name.

    Args:
        givens: the numbers of a network, its targets and its learning rate.
        by_hand: whether each result is rounded to four decimals before it is used again.
    """
    values = dict(givens)
    for step in STEPS:
        result = value(step.formula, values)
        values[step.name] = rounded(result) if by_hand else result
    return values

"""What a worksheet asks for: the steps of the worked example, and the slips that people make."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from backprop.symbolic.definitions import ACTIVATION, LOSS, TOTAL, form_of
from backprop.symbolic.definitions import update as updated
from backprop.symbolic.expressions import (
    ONE,
    Call,
    Expression,
    Name,
    Quotient,
    minus,
    named,
    plus,
    squared,
    times,
)
from backprop.symbolic.functions import written_out
from backprop.worksheets.formulas import rounded, value

FORM = form_of((2, 2, 2), (False, False), (ACTIVATION, ACTIVATION), LOSS)
"""What each quantity of the worksheets' networks is, by the table of definitions."""


@dataclass(frozen=True)
class Step:
    """A result, and the formula that it is computed by from givens and from results before."""

    name: str
    formula: Expression


@dataclass(frozen=True)
class Slip:
    """A wrong result: for what it was taken, the wrong formula, and what went wrong in words."""

    name: str
    formula: Expression
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


def names(*texts: str) -> list[Expression]:
    """Return what texts such as `w5`, `w5+` and `dE_total/dw5` name."""
    return [named(text) for text in texts]


def defined(name: str) -> Step:
    """Return a quantity by its definition; a function is written out, to be computed by hand."""
    formula = FORM.definitions[name]
    assert formula is not None  # a step is no given
    longer = written_out(formula) if isinstance(formula, Call) else None
    return Step(name, longer or formula)


def neuron(label: str) -> list[Step]:
    r"""Return $net = w\,signal + w\,signal + b$ and $out = \sigma(net)$."""
    return [defined(f"net_{label}"), defined(f"out_{label}")]


def slope(label: str) -> Step:
    r"""Return $\partial out / \partial net = out\,(1 - out)$."""
    out, net = f"out_{label}", f"net_{label}"
    return Step(f"d{out}/d{net}", FORM.slopes(out)[net])


def delta(label: str) -> Step:
    r"""Return $\delta = \partial E / \partial out \times \partial out / \partial net$."""
    factors = names(f"dE_total/dout_{label}", f"dout_{label}/dnet_{label}")
    return Step(f"delta_{label}", times(*factors))


def output_delta(label: str) -> list[Step]:
    r"""Return the delta of an output, from $-(target - out)$ on."""
    by_out = Step(f"dE_total/dout_{label}", FORM.total_by_out(f"out_{label}"))
    return [by_out, slope(label), delta(label)]


def hidden_delta(label: str) -> list[Step]:
    r"""Return the delta of a hidden neuron, from the sum over both paths on."""
    out = f"out_{label}"
    return [Step(f"dE_total/d{out}", FORM.total_by_deltas(out)), slope(label), delta(label)]


def by_parameter(name: str) -> Step:
    r"""Return $\partial E / \partial w = \delta \times signal$, of a bias the sum of the deltas."""
    return Step(f"dE_total/d{name}", FORM.total_by_deltas(name))


def update(weight: str) -> Step:
    r"""Return $w^{+} = w - \eta \times \partial E / \partial w$."""
    return Step(f"{weight}+", updated(weight))


HIDDEN, OUTPUT = ("h1", "h2"), ("o1", "o2")


def _weights(*labels: str) -> list[str]:
    """Return the weights into some neurons."""
    parts = (part for label in labels for part in FORM.parts[f"net_{label}"])
    return [part for part in parts if part.startswith("w")]


def _neurons(*labels: str) -> tuple[Step, ...]:
    return tuple(step for label in labels for step in neuron(label))


def _by_weights(*labels: str) -> tuple[Step, ...]:
    return tuple(map(by_parameter, _weights(*labels)))


def _updates(*labels: str) -> tuple[Step, ...]:
    return tuple(map(update, _weights(*labels)))


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
        tuple(map(defined, (*FORM.parts[TOTAL], TOTAL))),
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
        tuple(step for label in HIDDEN for step in hidden_delta(label)),
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
        (by_parameter("b1"), by_parameter("b2")),
    ),
)

FORWARD_SLIPS = (
    Slip(
        "out_h1",
        Quotient(ONE, plus(ONE, Call("exp", Name("net_h1")))),
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
        squared(minus(*names("target_o1", "out_o1"))),
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

"""What a worksheet asks for: the steps of the worked example, and the slips that people make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from backprop.symbolic.definitions import ACTIVATION, LOSS, TOTAL, Form, form_of
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
"""What each quantity of the lesson's network is, by the table of definitions."""
RELU = form_of((2, 2, 2), (False, False), ("relu", ACTIVATION), LOSS)
SOFTMAX = form_of((2, 2, 2), (False, False), (ACTIVATION, "softmax"), "cross_entropy")
ONE_OUTPUT = form_of((2, 2, 1), (False, False), (ACTIVATION, ACTIVATION), LOSS)


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
    """A difficulty: what is asked, and which slips belong to what is new in it.

    Attributes:
        name: what the command calls it.
        title: what stands at the top of its sheets.
        parts: what is asked, in order.
        slips: wrong results that its keys tell.
        form: the form of its networks.
        off: the neurons that ReLU keeps at 0.
        note: what a reader has to know of the activations besides their formulas.
    """

    name: str
    title: str
    parts: tuple[Part, ...]
    slips: tuple[Slip, ...]
    form: Form = FORM
    off: tuple[str, ...] = ()
    note: str = ""


def names(*texts: str) -> list[Expression]:
    """Return what texts such as `w5`, `w5+` and `dE_total/dw5` name."""
    return [named(text) for text in texts]


def defined(form: Form, name: str) -> Step:
    """Return a quantity by its definition; a function is written out, to be computed by hand."""
    formula = form.definitions[name]
    assert formula is not None  # a step is no given
    longer = written_out(formula) if isinstance(formula, Call) else None
    return Step(name, longer or formula)


def slopes(form: Form, label: str) -> list[Step]:
    r"""Return $\partial out / \partial net$ of each output that a net input enters."""
    net = f"net_{label}"
    return [Step(f"d{out}/d{net}", form.slopes(out)[net]) for out in form.outs_with(net)]


def delta(form: Form, label: str) -> Step:
    r"""Return $\delta = \partial E / \partial out \times \partial out / \partial net$.

    With softmax it is the sum of such products over all outputs.
    """
    return Step(f"delta_{label}", form.total_by_net(f"net_{label}"))


def output_deltas(form: Form) -> Iterator[Step]:
    """Yield the delta of each output, from how the error follows the outputs on."""
    by_out = [Step(f"dE_total/d{out}", form.total_by_out(out)) for out in form.outputs]
    for label, own in zip(form.neurons(2), by_out, strict=True):
        is_first = label == form.neurons(2)[0]
        alone = len(form.outs_with(f"net_{label}")) == 1
        yield from [own] if alone else by_out * is_first
        yield from (*slopes(form, label), delta(form, label))


def hidden_delta(form: Form, label: str) -> list[Step]:
    r"""Return the delta of a hidden neuron, from the sum over all paths on."""
    out = f"out_{label}"
    by_out = Step(f"dE_total/d{out}", form.total_by_deltas(out))
    return [by_out, *slopes(form, label), delta(form, label)]


def by_parameter(form: Form, name: str) -> Step:
    r"""Return $\partial E / \partial w = \delta \times signal$, of a bias the sum of the deltas."""
    return Step(f"dE_total/d{name}", form.total_by_deltas(name))


def update(weight: str) -> Step:
    r"""Return $w^{+} = w - \eta \times \partial E / \partial w$."""
    return Step(f"{weight}+", updated(weight))


def weights_into(form: Form, layer: int) -> list[str]:
    """Return the weights into the neurons of a layer."""
    parts = (part for label in form.neurons(layer) for part in form.parts[f"net_{label}"])
    return [part for part in parts if part.startswith("w")]


def _layer(form: Form, layer: int) -> tuple[Step, ...]:
    """Return the net inputs and outputs of a layer, in the order in which they are computed."""
    names = {f"{kind}_{label}" for label in form.neurons(layer) for kind in ("net", "out")}
    return tuple(defined(form, name) for name in form.definitions if name in names)


def _by_weights(form: Form, layer: int) -> tuple[Step, ...]:
    return tuple(by_parameter(form, weight) for weight in weights_into(form, layer))


def _updates(form: Form, layer: int) -> tuple[Step, ...]:
    return tuple(map(update, weights_into(form, layer)))


def forward_parts(form: Form) -> tuple[Part, ...]:
    """Return what is asked about the forward pass."""
    outputs = "both output neurons" if form.sizes[2] == 2 else "the output neuron"
    return (
        Part(
            "The hidden layer",
            "Compute the net input and the output of both hidden neurons.",
            _layer(form, 1),
        ),
        Part(
            "The output layer",
            f"Compute the net input and the output of {outputs}.",
            _layer(form, 2),
        ),
        Part(
            "The error",
            "Compute the error of each output, and the total error.",
            tuple(defined(form, name) for name in (*form.parts[TOTAL], TOTAL)),
        ),
    )


def output_parts(form: Form) -> tuple[Part, ...]:
    """Return what is asked about the way back to the weights into the output layer."""
    several = "s" * (form.sizes[2] > 1)
    each = "each of the four weights" if several else "both weights"
    question = (
        "For each output: how the error changes with it, how it changes with its net input, "
        "and the product."
    )
    if len(form.outs_with("net_o1")) > 1:
        question = (
            "How the total error changes with each output; then for each net input how all "
            "outputs change with it, and the sum of the products. The delta is the output minus "
            "its target: compare."
        )
    return (
        Part(
            f"The delta{several} of the output neuron{several}", question, (*output_deltas(form),)
        ),
        Part(
            "The weights into the output layer",
            f"Compute the derivative with respect to {each}.",
            _by_weights(form, 2),
        ),
        Part(
            "Their update",
            f"Take one step: compute the new value of {each}.",
            _updates(form, 2),
        ),
    )


def hidden_parts(form: Form) -> tuple[Part, ...]:
    """Return what is asked about the way back to the weights into the hidden layer."""
    paths = "Two paths lead" if form.sizes[2] == 2 else "One path leads"
    return (
        Part(
            "The deltas of the hidden neurons",
            f"{paths} from the error back to each hidden neuron. "
            "Take the weights from before the update.",
            tuple(step for label in form.neurons(1) for step in hidden_delta(form, label)),
        ),
        Part(
            "The weights into the hidden layer",
            "Compute the derivative with respect to each of the four weights.",
            _by_weights(form, 1),
        ),
        Part(
            "Their update",
            "Compute the new value of each of the four weights.",
            _updates(form, 1),
        ),
        _biases(form),
    )


def _biases(form: Form) -> Part:
    question = (
        "The biases stay as they are. If they learned as well, one value for each layer, "
        "what would be the derivative with respect to each?"
    )
    asked: tuple[str, ...] = ("b1", "b2")
    if len(form.outs_with("net_o1")) > 1:
        question = (
            "The biases stay as they are. If that of the hidden layer learned as well, what would "
            "be the derivative with respect to it? With respect to that of the output layer it is "
            "zero, since both net inputs then grow alike, and softmax depends on their difference "
            "alone."
        )
        asked = ("b1",)
    return Part("The biases", question, tuple(by_parameter(form, name) for name in asked))


def all_parts(form: Form) -> tuple[Part, ...]:
    """Return all that can be asked."""
    return forward_parts(form) + output_parts(form) + hidden_parts(form)


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

RELU_SLIPS = (
    Slip("out_h2", Name("net_h2"), "ReLU passes on nothing that is below zero"),
    Slip(
        "dE_total/dw3",
        times(*names("dE_total/dout_h2", "i1")),
        "the slope of ReLU is missing, which is zero where the net input is below zero",
    ),
    Slip(
        "delta_h1",
        times(*names("dE_total/dout_h1", "out_h1"), minus(ONE, Name("out_h1"))),
        "this is the slope of the logistic function, and the neuron has ReLU",
    ),
    HIDDEN_SLIPS[0],
)
SOFTMAX_SLIPS = (
    Slip(
        "out_o1",
        Quotient(Call("exp", Name("net_o1")), Call("exp", Name("net_o2"))),
        "below the line stands the sum over both outputs",
    ),
    Slip(
        "dE_total/dout_o1",
        Quotient(*names("target_o1", "out_o1")),
        "the minus in front is missing: where the output grows, the error shrinks",
    ),
    Slip(
        "delta_o1",
        times(*names("dE_total/dout_o1", "dout_o1/dnet_o1")),
        "the path through the other output is missing, which depends on this net input as well",
    ),
    HIDDEN_SLIPS[0],
)
ONE_OUTPUT_SLIPS = (
    FORWARD_SLIPS[1],
    OUTPUT_SLIPS[2],
    Slip(
        "dE_total/dout_h1",
        times(*names("delta_o1", "w5+")),
        "the weight is the one from after the update",
    ),
    HIDDEN_SLIPS[2],
)

LEVELS = {
    level.name: level
    for level in (
        Level("forward", "the forward pass", forward_parts(FORM), FORWARD_SLIPS),
        Level(
            "output",
            "up to the output weights",
            forward_parts(FORM) + output_parts(FORM),
            OUTPUT_SLIPS,
        ),
        Level("hidden", "all weights and biases", all_parts(FORM), HIDDEN_SLIPS),
        Level("one-output", "a single output", all_parts(ONE_OUTPUT), ONE_OUTPUT_SLIPS, ONE_OUTPUT),
        Level(
            "relu",
            "a hidden layer with ReLU",
            all_parts(RELU),
            RELU_SLIPS,
            RELU,
            off=("h2",),
            note="ReLU passes on a net input above zero as it is, and gives zero for all others; "
            "its slope is the step from zero to one that stands there.",
        ),
        Level(
            "cross-entropy",
            "softmax and cross-entropy",
            all_parts(SOFTMAX),
            SOFTMAX_SLIPS,
            SOFTMAX,
        ),
    )
}
"""The difficulties by name, the easiest first."""


def levels_of(form: Form) -> list[Level]:
    """Return the levels whose networks have a form; they ask about the same networks."""
    return [level for level in LEVELS.values() if level.form == form]


def steps_of(form: Form) -> tuple[Step, ...]:
    """Return all steps of the networks of a form, each after those that it needs."""
    return tuple(step for part in levels_of(form)[-1].parts for step in part.steps)


STEPS = steps_of(FORM)
"""Those of the lesson's network."""


def solved(
    givens: Mapping[str, Decimal], *, by_hand: bool = False, form: Form = FORM
) -> dict[str, Decimal]:
    """Return givens and all results by name.

    Args:
        givens: the numbers of a network, its targets and its learning rate.
        by_hand: whether each result is rounded to four decimals before it is used again.
        form: the form of the network.
    """
    values = dict(givens)
    for step in steps_of(form):
        result = value(step.formula, values)
        values[step.name] = rounded(result) if by_hand else result
    return values

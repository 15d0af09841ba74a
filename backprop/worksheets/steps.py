"""The steps of the worked example that a worksheet asks for, and common slips."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from backprop.symbolic.definitions import (
    ACTIVATION,
    LOSS,
    RATE,
    TOTAL,
    Form,
    form_of,
    net_of,
    update,
)
from backprop.symbolic.expressions import (
    Call,
    Expression,
    Name,
    named,
    replaced,
)
from backprop.symbolic.functions import written_out
from backprop.worksheets.formulas import rounded, value

FORM = form_of((2, 2, 2), (False, False), (ACTIVATION, ACTIVATION), LOSS)
"""What each quantity of the lesson's network is, by the table of definitions."""
RELU = form_of((2, 2, 2), (False, False), ("relu", ACTIVATION), LOSS)
SOFTMAX = form_of((2, 2, 2), (False, False), (ACTIVATION, "softmax"), "cross_entropy")
TANH = form_of((2, 2, 2), (False, False), ("tanh", ACTIVATION), LOSS)
ONE_OUTPUT = form_of((2, 2, 1), (False, False), (ACTIVATION, ACTIVATION), LOSS)
TWO_HIDDEN = form_of((2, 2, 2, 1), (False,) * 3, (ACTIVATION,) * 3, "binary_cross_entropy")
TWO_SAMPLES = form_of((2, 2, 1), (False, False), (ACTIVATION, ACTIVATION), LOSS, samples=2)

ORDINALS = ("first", "second", "third")


@dataclass(frozen=True)
class Step:
    """A result, and its formula in givens and earlier results."""

    name: str
    formula: Expression


@dataclass(frozen=True)
class Slip:
    """A wrong result: the quantity it was taken for, the wrong formula, and what went wrong."""

    name: str
    formula: Expression
    words: str


@dataclass(frozen=True)
class Part:
    """Steps that belong together, under one question."""

    title: str
    question: str
    steps: tuple[Step, ...]


def defined(form: Form, name: str) -> Step:
    """Return a quantity with its definition, with functions written out for computing by hand."""
    formula = form.definitions[name]
    assert formula is not None  # a given has no steps
    longer = written_out(formula) if isinstance(formula, Call) else None
    return Step(name, longer or formula)


def by_deltas(form: Form, name: str) -> Step:
    r"""Return $\partial E / \partial x = \sum_k \delta_k\, \partial net_k / \partial x$."""
    return Step(f"dE_total/d{name}", form.total_by_deltas(name))


def delta(form: Form, label: str) -> list[Step]:
    r"""Return $\partial out / \partial net$ and $\delta = \partial E / \partial net$ of a neuron.

    With softmax all outputs of the layer depend on the net input.
    """
    net = f"net_{label}"
    slopes = [Step(f"d{out}/d{net}", form.slopes(out)[net]) for out in form.outs_with(net)]
    return [*slopes, Step(f"delta_{label}", form.total_by_net(net))]


def target_of(out: str) -> str:
    """Return the name of the target of an output."""
    return out.replace("out_", "target_")


def last_layer(form: Form) -> int:
    """Return the number of the output layer; the inputs are layer 0."""
    return len(form.sizes) - 1


def inputs_of(form: Form) -> list[str]:
    """Return the names of the inputs, sample by sample."""
    return [f"i{k + 1}{mark}" for mark in form.marks for k in range(form.sizes[0])]


def labels(form: Form, layer: int) -> list[str]:
    """Return the neurons of a layer, sample by sample: h1 and h2, or h1_s1 to h2_s2."""
    return [f"{neuron}{mark}" for mark in form.marks for neuron in form.neurons(layer)]


def output_deltas(form: Form) -> Iterator[Step]:
    """Yield the steps to the delta of each output neuron."""
    by_out = [Step(f"dE_total/d{out}", form.total_by_out(out)) for out in form.outputs]
    outputs = labels(form, last_layer(form))
    for label, own in zip(outputs, by_out, strict=True):
        is_first = label == outputs[0]
        alone = len(form.outs_with(f"net_{label}")) == 1
        yield from [own] if alone else by_out * is_first
        yield from delta(form, label)


def weights_into(form: Form, layer: int) -> list[str]:
    """Return the weights into the neurons of a layer."""
    parts = (part for label in labels(form, layer) for part in form.parts[f"net_{label}"])
    return list(dict.fromkeys(part for part in parts if part.startswith("w")))


def _layer(form: Form, layer: int) -> tuple[Step, ...]:
    """Return the net inputs and outputs of a layer, in the order of the forward pass."""
    names = {f"{kind}_{label}" for label in labels(form, layer) for kind in ("net", "out")}
    return tuple(defined(form, name) for name in form.definitions if name in names)


def _errors(form: Form) -> tuple[Step, ...]:
    """Return the error of each output, and the total error as the sum of all of them."""
    errors = [out.replace("out_", "E_") for out in form.outputs]
    of_samples = [name for name in form.parts[TOTAL] if name not in errors]
    by_outputs: dict[Expression, Expression] = {
        Name(name): defined(form, name).formula for name in of_samples
    }
    total = replaced(defined(form, TOTAL).formula, by_outputs.get)
    return (*(defined(form, name) for name in errors), Step(TOTAL, total))


def _by_weights(form: Form, layer: int) -> tuple[Step, ...]:
    return tuple(by_deltas(form, weight) for weight in weights_into(form, layer))


def _updates(form: Form, layer: int) -> tuple[Step, ...]:
    return tuple(Step(f"{name}+", update(name)) for name in weights_into(form, layer))


def layer_name(form: Form, layer: int) -> str:
    """Return the name of a layer in a sentence."""
    if layer == last_layer(form):
        return "output layer"
    return f"{ORDINALS[layer - 1]} hidden layer" if last_layer(form) > 2 else "hidden layer"


def _neurons(form: Form, layer: int) -> str:
    """Return the name of the neurons of a layer in a sentence."""
    if layer == last_layer(form):
        return "both output neurons" if form.sizes[layer] == 2 else "the output neuron"
    several = last_layer(form) > 2
    return f"both neurons of the {layer_name(form, layer)}" if several else "both hidden neurons"


def _weights(form: Form, layer: int) -> str:
    return "each of the four weights" if form.sizes[layer] > 1 else "both weights"


def forward_parts(form: Form) -> tuple[Part, ...]:
    """Return what is asked about the forward pass."""
    each = ", for each sample" * bool(form.samples)
    layers = (
        Part(
            f"The {layer_name(form, layer)}",
            f"Compute the net input and the output of {_neurons(form, layer)}{each}.",
            _layer(form, layer),
        )
        for layer in range(1, len(form.sizes))
    )
    which = "each sample" if form.samples else "each output"
    question = f"Compute the error of {which}, and the total error."
    return (*layers, Part("The error", question, _errors(form)))


def _added_up(form: Form) -> str:
    """Return the instruction to sum over the samples, empty if there is only one."""
    return " Add up delta times signal over the samples." * bool(form.samples)


def output_parts(form: Form) -> tuple[Part, ...]:
    """Return what is asked about the backward pass through the output layer."""
    last = last_layer(form)
    several = "s" * (len(form.outputs) > 1)
    neurons = "s" * (form.sizes[last] > 1)
    which = "the output of each sample" if form.samples else "each output"
    question = (
        f"For {which}: how the error changes with it, how it changes with its net input, "
        "and the product."
    )
    short = "The delta is the output minus its target: compare."
    if len(form.outs_with(net_of(form.outputs[0]))) > 1:
        question = (
            "How the total error changes with each output; then for each net input how all "
            f"outputs change with it, and the sum of the products. {short}"
        )
    elif form.loss_entry.short:
        question += f" {short}"
    each = _weights(form, last)
    return (
        Part(
            f"The delta{several} of the output neuron{neurons}", question, (*output_deltas(form),)
        ),
        Part(
            "The weights into the output layer",
            f"Compute the derivative with respect to {each}.{_added_up(form)}",
            _by_weights(form, last),
        ),
        Part(
            "Their update",
            f"Take one step: compute the new value of {each}.",
            _updates(form, last),
        ),
    )


def hidden_parts(form: Form) -> tuple[Part, ...]:
    """Return what is asked about the backward pass through the hidden layers."""
    layers = range(last_layer(form) - 1, 0, -1)
    return (*(part for layer in layers for part in _hidden_layer(form, layer)), _biases(form))


def _hidden_layer(form: Form, layer: int) -> tuple[Part, ...]:
    """Return what is asked about the backward pass through one hidden layer."""
    paths = "Two paths lead" if form.sizes[layer + 1] == 2 else "One path leads"
    end = f"the {layer_name(form, layer + 1)}" if layer + 1 < last_layer(form) else "the error"
    several = last_layer(form) > 2
    to = f"neuron of the {layer_name(form, layer)}" if several else "hidden neuron"
    each = ", in each sample" * bool(form.samples)
    steps = (
        step
        for label in labels(form, layer)
        for step in (by_deltas(form, f"out_{label}"), *delta(form, label))
    )
    weights = _weights(form, layer)
    return (
        Part(
            f"The deltas of the {layer_name(form, layer) if several else 'hidden neurons'}",
            f"{paths} from {end} back to each {to}{each}. Take the weights from before the update.",
            tuple(steps),
        ),
        Part(
            f"The weights into the {layer_name(form, layer)}",
            f"Compute the derivative with respect to {weights}.{_added_up(form)}",
            _by_weights(form, layer),
        ),
        Part(
            "Their update",
            f"Compute the new value of {weights}.",
            _updates(form, layer),
        ),
    )


def _biases(form: Form) -> Part:
    question = (
        "The biases stay as they are. If they learned as well, one value for each layer, "
        "what would be the derivative with respect to each?"
    )
    asked = [f"b{layer}" for layer in range(1, len(form.sizes))]
    if len(form.outs_with(net_of(form.outputs[0]))) > 1:
        question = (
            "The biases stay as they are. If that of the hidden layer learned as well, what would "
            "be the derivative with respect to it? With respect to that of the output layer it is "
            "zero, since both net inputs then grow alike, and softmax depends on their difference "
            "alone."
        )
        asked.pop()
    return Part("The biases", question, tuple(by_deltas(form, name) for name in asked))


def parts_to_output(form: Form) -> tuple[Part, ...]:
    """Return what is asked up to the update of the weights into the output layer."""
    return forward_parts(form) + output_parts(form)


def all_parts(form: Form) -> tuple[Part, ...]:
    """Return all that can be asked."""
    return parts_to_output(form) + hidden_parts(form)


@dataclass(frozen=True)
class Level:
    """A difficulty: what is asked, and common slips in it.

    Attributes:
        name: its name in the command.
        title: the end of the title of its sheets.
        slips: wrong results that its keys mention.
        form: the form of its networks.
        asked: returns what is asked about networks of a form.
        off: the hidden neurons whose ReLU is off.
        note: an explanation of the formulas of the activations.
    """

    name: str
    title: str
    slips: tuple[Slip, ...]
    form: Form = FORM
    asked: Callable[[Form], tuple[Part, ...]] = all_parts
    off: tuple[str, ...] = ()
    note: str = ""

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What is asked, in order."""
        return self.asked(self.form)


i1, w5, w6, w7, w9, w10, b2, eta = map(named, ("i1", "w5", "w6", "w7", "w9", "w10", "b2", RATE))
w5_new, w7_new, target_o1 = map(named, ("w5+", "w7+", "target_o1"))
net_h1, net_h2, net_o1, net_o2 = map(named, ("net_h1", "net_h2", "net_o1", "net_o2"))
out_h1, out_h2, out_o1 = map(named, ("out_h1", "out_h2", "out_o1"))
delta_h2, delta_o1, delta_o2 = map(named, ("delta_h2", "delta_o1", "delta_o2"))
slope_o1, by_out_o1 = map(named, ("dout_o1/dnet_o1", "dE_total/dout_o1"))
by_out_h1, by_out_h2 = map(named, ("dE_total/dout_h1", "dE_total/dout_h2"))
by_w5, by_w7 = map(named, ("dE_total/dw5", "dE_total/dw7"))
# Of two hidden layers, and of two samples.
delta_h2_1, delta_h2_2, by_out_h1_2 = map(named, ("delta_h2_1", "delta_h2_2", "dE_total/dout_h1_2"))
out_h1_s1, out_h1_s2 = map(named, ("out_h1_s1", "out_h1_s2"))
delta_o1_s1, delta_o1_s2 = map(named, ("delta_o1_s1", "delta_o1_s2"))

FORWARD_SLIPS = (
    Slip("out_h1", 1 / (1 + Call("exp", net_h1)), "the minus in the exponent is missing"),
    Slip("net_o1", w5 * out_h1 + w6 * out_h2, "the bias is missing"),
    Slip(
        "net_o1",
        w5 * out_h1 + w7 * out_h2 + b2,
        "the second weight is one into the other output neuron",
    ),
    Slip("E_o1", (target_o1 - out_o1) ** 2, "the half is missing"),
)
OUTPUT_SLIPS = (
    Slip(
        "dE_total/dout_o1",
        target_o1 - out_o1,
        "the minus in front is missing: where the output grows, the bracket shrinks",
    ),
    Slip(
        "dE_total/dw5",
        by_out_o1 * out_h1,
        "the slope of the logistic function is missing: this is no delta yet",
    ),
    Slip(
        "dE_total/dw6",
        delta_o1 * out_h1,
        "the signal is that of the first hidden neuron, and this weight comes from the second",
    ),
    Slip("w7+", w7 + eta * by_w7, "the step is added, which makes the error larger"),
)
HIDDEN_SLIPS = (
    Slip(
        "dE_total/dout_h1",
        delta_o1 * w5_new + delta_o2 * w7_new,
        "the weights are those from after the update",
    ),
    Slip(
        "dE_total/dout_h1",
        delta_o1 * w5 + delta_o2 * w6,
        "these are the weights into one output neuron, "
        "and the paths run along those out of one hidden neuron",
    ),
    Slip("dE_total/dw3", by_out_h2 * i1, "the slope of the logistic function is missing"),
    Slip(
        "dE_total/db1",
        delta_h2,
        "the bias serves both neurons of its layer, and their deltas add up",
    ),
)

RELU_SLIPS = (
    Slip("out_h2", net_h2, "ReLU passes on nothing that is below zero"),
    Slip(
        "dE_total/dw3",
        by_out_h2 * i1,
        "the slope of ReLU is missing, which is zero where the net input is below zero",
    ),
    Slip(
        "delta_h1",
        by_out_h1 * out_h1 * (1 - out_h1),
        "this is the slope of the logistic function, and the neuron has ReLU",
    ),
    HIDDEN_SLIPS[0],
)
SOFTMAX_SLIPS = (
    Slip(
        "out_o1",
        Call("exp", net_o1) / Call("exp", net_o2),
        "below the line stands the sum over both outputs",
    ),
    Slip(
        "dE_total/dout_o1",
        target_o1 / out_o1,
        "the minus in front is missing: where the output grows, the error shrinks",
    ),
    Slip(
        "delta_o1",
        by_out_o1 * slope_o1,
        "the path through the other output is missing, which depends on this net input as well",
    ),
    HIDDEN_SLIPS[0],
)
TANH_SLIPS = (
    Slip(
        "out_h1",
        1 / (1 + Call("exp", -net_h1)),
        "this is the logistic function, and the neuron has tanh",
    ),
    Slip(
        "delta_h1",
        by_out_h1 * out_h1 * (1 - out_h1),
        "this is the slope of the logistic function, and the neuron has tanh",
    ),
    Slip(
        "delta_h2", by_out_h2 * (1 - net_h2**2), "the net input is squared in place of the output"
    ),
    HIDDEN_SLIPS[0],
)
TWO_HIDDEN_SLIPS = (
    Slip(
        "delta_o1",
        (out_o1 - target_o1) * slope_o1,
        "the slope is multiplied once more: it has cancelled already",
    ),
    Slip(
        "dE_total/dout_h1_1",
        delta_h2_1 * w5 + delta_h2_2 * w6,
        "these are the weights into one neuron, and the paths run along those out of one",
    ),
    Slip(
        "dE_total/dout_h1_1", delta_o1 * w9 + delta_o1 * w10, "the second hidden layer is skipped"
    ),
    Slip(
        "dE_total/dw1",
        delta_h2_1 * i1,
        "this stops one layer short: the delta is that of the second hidden layer",
    ),
    Slip("dE_total/dw3", by_out_h1_2 * i1, "the slope of the logistic function is missing"),
)
TWO_SAMPLES_SLIPS = (
    Slip("dE_total/dw5", delta_o1_s1 * out_h1_s1, "the second sample is missing"),
    Slip(
        "dE_total/dw5",
        (delta_o1_s1 + delta_o1_s2) * (out_h1_s1 + out_h1_s2),
        "multiply each delta by the signal of its own sample first, and then add",
    ),
    Slip(
        "w5+",
        w5 - eta * (by_w5 / TWO_SAMPLES.samples),
        "this is the step of the mean, and the error is the sum",
    ),
    Slip(
        "dE_total/dout_h1_s2",
        delta_o1_s2 * (w5 - eta * delta_o1_s1 * out_h1_s1),
        "the weight was updated after the first sample, and both take the one from before",
    ),
)
ONE_OUTPUT_SLIPS = (
    FORWARD_SLIPS[1],
    OUTPUT_SLIPS[2],
    Slip("dE_total/dout_h1", delta_o1 * w5_new, "the weight is the one from after the update"),
    HIDDEN_SLIPS[2],
)

LEVELS = {
    level.name: level
    for level in (
        Level("forward", "the forward pass", FORWARD_SLIPS, asked=forward_parts),
        Level("output", "up to the output weights", OUTPUT_SLIPS, asked=parts_to_output),
        Level("hidden", "all weights and biases", HIDDEN_SLIPS),
        Level("one-output", "a single output", ONE_OUTPUT_SLIPS, ONE_OUTPUT),
        Level("tanh", "a hidden layer with tanh", TANH_SLIPS, TANH),
        Level(
            "relu",
            "a hidden layer with ReLU",
            RELU_SLIPS,
            RELU,
            off=("h2",),
            note="ReLU passes on a net input above zero as it is, and gives zero for all others; "
            "its slope is the step from zero to one that stands there.",
        ),
        Level("cross-entropy", "softmax and cross-entropy", SOFTMAX_SLIPS, SOFTMAX),
        Level(
            "two-samples",
            "two samples",
            TWO_SAMPLES_SLIPS,
            TWO_SAMPLES,
            note="The number after a semicolon is that of the sample.",
        ),
        Level("two-hidden-layers", "two hidden layers", TWO_HIDDEN_SLIPS, TWO_HIDDEN),
    )
}
"""The difficulties by name, the easiest first."""


def levels_of(form: Form) -> list[Level]:
    """Return the levels whose networks have a form."""
    return [level for level in LEVELS.values() if level.form == form]


def steps_of(form: Form) -> tuple[Step, ...]:
    """Return all steps for networks of a form, each after those that it needs."""
    return tuple(step for part in levels_of(form)[-1].parts for step in part.steps)


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

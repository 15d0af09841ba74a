r"""The table of definitions: what each quantity of a network is, by its kind.

A definition is an expression in roles: `weight_k` and `signal_k` are the k-th weight into a neuron
and what it multiplies. For a given network the roles are replaced by names of quantities, and
sums over k are written out: `net_h1 = w1 i1 + w2 i2 + b1`.

Each layer has one of the activations in this table, and the network one of the losses. To add one,
add an entry: values, derivatives, derivations, worksheets, spreadsheets and the browser's numbers
follow from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from backprop.symbolic.derivatives import product, slopes, total
from backprop.symbolic.expressions import (
    ONE,
    Call,
    Derivative,
    Expression,
    Name,
    Number,
    Sum,
    Summation,
    names,
    replaced,
    whole,
)
from backprop.symbolic.functions import computed_slope, slope
from backprop.symbolic.layered import neuron_names, weight_names
from backprop.symbolic.notation import split_sample

Roles: TypeAlias = Mapping[str, "str | Sequence[str] | Number"]

ACTIVATION, LOSS = "logistic", "half_squared"  # by default
RATE = "learning_rate"
TOTAL = "E_total"
NET, OUT, TARGET, BIAS = Name("net"), Name("out"), Name("target"), Name("bias")
WEIGHT, SIGNAL, ERROR = Name("weight", "k"), Name("signal", "k"), Name("E", "k")
NETS = Name("nets", "k")  # of the layer
OTHERS = Name("others", "k")  # the outputs of the other neurons of the layer
TARGETS = Name("targets", "k")  # of the layer
LARGEST_NET = Name("most")  # the largest net input of the layer
COUNT, PARAMETER = Name("count"), Name("parameter")


def each(body: Expression) -> Summation:
    """Return the sum of a term over the index k, which runs over a list of names."""
    return Summation("k", 0, None, body)


@dataclass(frozen=True)
class Activation:
    """An activation function: it turns the net input of a neuron into its output.

    Attributes:
        out: the output, as a function of the neuron's net input or of all those of its layer.
        words: the name of the function in a sentence.
        complement: 1 - out in a form that loses no digits where out is close to 1; None if no loss
            takes the logarithm of it or of out.
        shifted: the output with the largest net input subtracted from all, so that no double
            overflows; None if none does without.
    """

    out: Expression
    words: str
    complement: Expression | None = None
    shifted: Expression | None = None

    @property
    def takes_layer(self) -> bool:
        """Whether an output depends on the net inputs of the whole layer."""
        return NETS in names(self.out)


@dataclass(frozen=True)
class Loss:
    """A loss, which training minimizes.

    Attributes:
        error: the error of an output.
        by_net: the error in terms of the net inputs, for doubles, in which an output may be rounded
            to 0 or 1; None if `error` holds there too.
        total: the total error of all outputs.
        words: where the output stands in the error, as a derivation says it.
        short: simpler forms of the derivative of the total error with respect to a net input of the
            last layer, the simplest last; empty if there are none.
        cancels: why they are simpler, as the beginning of a sentence.
        meaning: the total error in words, as a sentence.
        activation: the activation that it needs in the last layer; empty if any will do.
        why: the reason for that.
        targets: the targets that it allows: "any", "fractions" from 0 to 1, or "shares", which
            are fractions that sum to 1.
    """

    error: Expression
    total: Expression
    words: str
    by_net: Expression | None = None
    short: tuple[Expression, ...] = ()
    cancels: str = ""
    meaning: str = ""
    activation: str = ""
    why: str = ""
    targets: str = "any"


ACTIVATIONS: dict[str, Activation] = {
    "logistic": Activation(
        Call("sigma", NET), "the logistic function", complement=Call("sigma", -NET)
    ),
    "tanh": Activation(Call("tanh", NET), "the hyperbolic tangent"),
    "relu": Activation(Call("relu", NET), "ReLU, which is 1 above 0, and 0 elsewhere"),
    "linear": Activation(NET, "the linear function, which passes on what it gets"),
    "softmax": Activation(
        Call("exp", NET) / each(Call("exp", NETS)),
        "softmax",
        complement=each(OTHERS),
        shifted=Call("exp", NET - LARGEST_NET) / each(Call("exp", NETS - LARGEST_NET)),
    ),
}
"""The activations by name."""

SUM, MEAN = each(ERROR), each(ERROR) / COUNT
MISS = TARGET - OUT
SQUARE = "subtracted inside a square; that is where the minus comes from"

LOSSES: dict[str, Loss] = {
    "half_squared": Loss(
        error=ONE / 2 * MISS**2,
        total=SUM,
        words=SQUARE,
        meaning="Half the square of each miss, added up.",
    ),
    "squared": Loss(
        error=MISS**2,
        total=SUM,
        words=SQUARE,
        meaning="The square of each miss, added up.",
    ),
    "mean_squared": Loss(
        error=MISS**2,
        total=MEAN,
        words=f"{SQUARE}, and the mean divides by the number of outputs",
        meaning="The mean of the squares of the misses.",
    ),
    "binary_cross_entropy": Loss(
        error=-(TARGET * Call("ln", OUT) + (1 - TARGET) * Call("ln", 1 - OUT)),
        total=SUM,
        words="inside two logarithms, and the slope of ln x is 1/x",
        by_net=TARGET * Call("relu", -NET)
        + (1 - TARGET) * Call("relu", NET)
        + Call("ln1p", Call("exp", -Call("relu", NET) - Call("relu", -NET))),
        short=(
            (1 - TARGET) * OUT - TARGET * (1 - OUT),
            OUT - TARGET,
        ),
        cancels="The slope of the logistic function is what stands below the lines, and cancels",
        meaning="The binary cross-entropy of each output, added up.",
        activation="logistic",
        why="which makes each output a probability of its own",
        targets="fractions",
    ),
    "cross_entropy": Loss(
        error=-(TARGET * Call("ln", OUT)),
        total=SUM,
        words="inside a logarithm, and the slope of ln x is 1/x",
        by_net=TARGET * Sum((LARGEST_NET - NET, Call("ln", each(Call("exp", NETS - LARGEST_NET))))),
        short=(OUT * each(TARGETS) - TARGET, OUT - TARGET),
        cancels="Each output below a line cancels, and the targets sum to one",
        meaning="The cross-entropy between the targets and the outputs.",
        activation="softmax",
        why="which makes the outputs probabilities that sum to 1",
        targets="shares",
    ),
}
"""The losses by name."""

DEFINITIONS: dict[str, Expression] = {
    "net": each(WEIGHT * SIGNAL) + BIAS,
    "net without bias": each(WEIGHT * SIGNAL),
    "sum": SUM,
    "mean": MEAN,
    "delta": Derivative(Name(TOTAL), NET),
    "update": PARAMETER - Name(RATE) * Derivative(Name(TOTAL), PARAMETER),
}
"""The definitions that are the same for all activations and losses."""


def filled(definition: Expression, roles: Roles, k: int = 0) -> Expression:
    """Return a definition with its roles replaced by names, and its sums written out.

    Args:
        definition: in roles.
        roles: the name, or the list of names, that each role stands for.
        k: the value of the index, from 1; 0 outside of a sum.
    """

    def put(part: Expression) -> Expression | None:
        match part:
            case Name(base, subscript) if base in roles:
                name = roles[base]
                if isinstance(name, Number):
                    return name
                index = k if subscript == "k" else int(subscript or 0)
                return Name(name if isinstance(name, str) else name[index - 1])
            case Summation():
                return total(*terms(part))
            case Sum(inner):  # the terms of a sum over k join those beside it
                spread = (
                    terms(one) if isinstance(one, Summation) else [filled(one, roles, k)]
                    for one in inner
                )
                return Sum(tuple(term for some in spread for term in some))
        return None

    def terms(part: Summation) -> list[Expression]:
        listed = next(roles[name.base] for name in names(part.body) if name.subscript == "k")
        assert not isinstance(listed, Number)
        return [filled(part.body, roles, j) for j in range(1, len(listed) + 1)]

    return replaced(definition, put)


@dataclass(frozen=True)
class Form:
    """The form of a network, without its numbers, and the definition of each quantity in it.

    Attributes:
        sizes: the width of each layer, inputs first.
        own_biases: of each layer but the first, whether each neuron has a bias of its own; empty
            in a network without biases.
        activations: the name of the activation of each layer but the first.
        loss: the name of the loss.
        samples: how many samples there are, with names such as `out_o1_s2`; 0 for a single sample
            whose names have no number.
        over_samples: whether the total error is the "sum" or the "mean" of the samples' errors.
    """

    sizes: tuple[int, ...]
    own_biases: tuple[bool, ...]
    activations: tuple[str, ...]
    loss: str
    samples: int = 0
    over_samples: str = "sum"

    @property
    def marks(self) -> list[str]:
        """The suffix of the names of each sample: `_s1`, `_s2`, or an empty one."""
        return [f"_s{k}" for k in range(1, self.samples + 1)] or [""]

    def neurons(self, layer: int) -> list[str]:
        """Return the names of the neurons of a layer, such as h1 and h2, or o1, or h3_1."""
        return neuron_names(self.sizes, layer)

    def biases(self, layer: int) -> list[str]:
        """Return the name of the bias of each neuron of a layer: b1, b1, or b1_1, b1_2, or none."""
        if not self.own_biases:
            return []
        if self.own_biases[layer - 1]:
            return [f"b{layer}_{k + 1}" for k in range(self.sizes[layer])]
        return [f"b{layer}"] * self.sizes[layer]

    @cached_property
    def definitions(self) -> dict[str, Expression | None]:
        """The definition of each quantity, in the order of the forward pass; None for a given."""
        return dict(self._defined())

    @cached_property
    def computed(self) -> dict[str, Expression | None]:
        """The same definitions, in a form that loses no digits."""
        return {name: replaced(each, self.exact.get) for name, each in self.definitions.items()}

    @cached_property
    def in_doubles(self) -> dict[str, Expression]:
        """Definitions that hold in doubles, of outputs and errors whose usual ones do not."""
        forms = {}
        for out in self.outputs:
            roles = self._roles(out) | {"target": out.replace("out_", "target_")}
            error = out.replace("out_", "E_")
            if form := self.activation_of(out).shifted:
                forms[out] = filled(form, roles)
            if form := self.loss_entry.by_net:
                forms[error] = filled(form, roles)
        return forms

    @cached_property
    def most(self) -> dict[str, list[str]]:
        """The net inputs of the last layer in each sample, by the name of the largest of them."""
        layers = [self._outs(len(self.sizes) - 1, mark) for mark in self.marks]
        if not self.activation_of(layers[0][0]).shifted:
            return {}
        return {largest_net_of(outs[0]): [net_of(out) for out in outs] for outs in layers}

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The names in the definition of each quantity, in their order."""
        return {name: tuple(self.slopes(name)) for name in self.definitions}

    def slopes(self, name: str) -> dict[str, Expression]:
        r"""Return the derivative of a quantity with respect to each name in its definition.

        A derivative uses the name of the quantity where it can: $out\,(1 - out)$.
        """
        return self._slopes(name, slope)

    def computed_slopes(self, name: str) -> dict[str, Expression]:
        """Return the same derivatives in a form that loses no digits."""
        return self._slopes(name, computed_slope)

    def nets_with(self, name: str) -> list[str]:
        """Return the net inputs that a weight, a bias or an output enters."""
        return self._entered.get(name, [])

    @property
    def outputs(self) -> list[str]:
        """The outputs of the last layer, sample by sample."""
        return [out for mark in self.marks for out in self._outs(len(self.sizes) - 1, mark)]

    def outs_with(self, net: str) -> list[str]:
        """Return the outputs that depend on a net input: its own, with softmax the whole layer."""
        own = net.replace("net_", "out_")
        return [out for out in self._layers[own] if net in self.parts[out]]

    def total_by_out(self, out: str, error: str = TOTAL) -> Expression:
        r"""Return the derivative of the total error, or of another, with respect to an output."""
        return total(*self._ways(error, out))

    def total_by_net(self, net: str) -> Expression:
        r"""Return $\partial E_{total} / \partial net$ of an output neuron, by the chain rule.

        $$\frac{\partial E_{total}}{\partial net} = \sum_k
          \frac{\partial E_{total}}{\partial out_k} \frac{\partial out_k}{\partial net}$$
        """
        names = [(Name(out), Name(net)) for out in self.outs_with(net)]
        return total(*(Derivative(Name(TOTAL), out) * Derivative(out, by) for out, by in names))

    def short_by_net(self, net: str) -> list[Expression]:
        """Return the simpler forms of this derivative that the loss has for an output neuron."""
        out = net.replace("net_", "out_")
        if out not in self.outputs:
            return []
        layer = [each.replace("out_", "target_") for each in self._layers[out]]
        roles: Roles = {"out": out, "target": out.replace("out_", "target_"), "targets": layer}
        [scale] = self._ways(TOTAL, out.replace("out_", "E_"))
        return [product(scale, filled(form, roles)) for form in self.loss_entry.short]

    def _ways(self, error: str, out: str) -> Iterator[Expression]:
        """Yield the product of the derivatives along each path from an error to an output."""
        for part, by_part in self.slopes(error).items():
            if part == out:
                yield by_part
            elif part.startswith("E_"):
                yield from (product(by_part, way) for way in self._ways(part, out))

    def total_by_deltas(self, name: str) -> Expression:
        r"""Return $\partial E_{total} / \partial x$, where x enters net inputs, by their deltas.

        $$\frac{\partial E_{total}}{\partial x} =
          \sum_k \delta_k \frac{\partial net_k}{\partial x}$$
        """
        nets = self.nets_with(name)
        return total(*(product(Name(delta_of(net)), self.slopes(net)[name]) for net in nets))

    @property
    def is_of_the_lesson(self) -> bool:
        """Whether the two worked examples have networks of this form."""
        usual = {*self.activations} == {ACTIVATION} and self.loss == LOSS
        return usual and bool(self.own_biases) and not self.samples

    @property
    def loss_entry(self) -> Loss:
        """The table's entry for the loss."""
        return LOSSES[self.loss]

    def activation_of(self, out: str) -> Activation:
        """Return the activation of an output."""
        return ACTIVATIONS[self._activations[out]]

    def _defined(self) -> Iterator[tuple[str, Expression | None]]:
        totals = []
        for mark in self.marks:
            outs = [f"i{k + 1}{mark}" for k in range(self.sizes[0])]
            yield from ((name, None) for name in outs)
            for layer, weights in enumerate(weight_names(self.sizes), start=1):
                yield from self._layer(layer, mark, weights, outs)
                outs = self._outs(layer, mark)
            totals.append(TOTAL + mark)
            yield from self._errors(totals[-1], outs)
        if self.samples:
            roles: Roles = {"E": totals, "count": whole(self.samples)}
            yield TOTAL, filled(DEFINITIONS[self.over_samples], roles)

    def _layer(
        self, layer: int, mark: str, weights: list[list[str]], signal: list[str]
    ) -> Iterator[tuple[str, Expression | None]]:
        """Yield the weights, bias, net input and output of each neuron of a layer."""
        outs, biases = self._outs(layer, mark), self.biases(layer)
        waiting = ACTIVATIONS[self.activations[layer - 1]].takes_layer
        for k, out in enumerate(outs):
            roles: Roles = {"weight": weights[k], "signal": signal}
            yield from ((given, None) for given in (*weights[k], *biases[k : k + 1]))
            if biases:
                yield net_of(out), filled(DEFINITIONS["net"], {**roles, "bias": biases[k]})
            else:
                yield net_of(out), filled(DEFINITIONS["net without bias"], roles)
            if not waiting:
                yield out, self._at(self.activation_of(out).out, out)
        if waiting:
            yield from ((out, self._at(self.activation_of(out).out, out)) for out in outs)

    def _errors(self, name: str, outs: list[str]) -> Iterator[tuple[str, Expression | None]]:
        """Yield the target and the error of each output, and the total error under its name."""
        errors = [out.replace("out_", "E_") for out in outs]
        for error, out in zip(errors, outs, strict=True):
            target = out.replace("out_", "target_")
            yield target, None
            yield error, filled(self.loss_entry.error, {"target": target, "out": out})
        yield name, filled(self.loss_entry.total, {"E": errors, "count": whole(len(errors))})

    def _outs(self, layer: int, mark: str) -> list[str]:
        return [f"out_{neuron}{mark}" for neuron in self.neurons(layer)]

    def _at(self, form: Expression, out: str) -> Expression:
        """Return a formula of an activation with the names of a neuron and its layer put in."""
        return filled(form, self._roles(out))

    def _roles(self, out: str) -> dict[str, str | list[str]]:
        layer = self._layers[out]
        return {
            "net": net_of(out),
            "nets": [net_of(each) for each in layer],
            "others": [other for other in layer if other != out],
            "most": largest_net_of(out),
        }

    @cached_property
    def _layers(self) -> dict[str, list[str]]:
        """All outputs of a layer and sample, by each output among them."""
        layers = [
            self._outs(layer, mark) for mark in self.marks for layer in range(1, len(self.sizes))
        ]
        return {out: layer for layer in layers for out in layer}

    @cached_property
    def _activations(self) -> dict[str, str]:
        """The name of the activation that gives each output."""
        each = enumerate(self.activations, start=1)
        return {out: name for k, name in each for mark in self.marks for out in self._outs(k, mark)}

    @cached_property
    def exact(self) -> dict[Expression, Expression]:
        r"""Formulas that keep all digits for outputs near 0 or 1, by those that lose some.

        With c = 1 - out computed separately,
        $\ln out = -\ln(1 + \frac{c}{out})$ and $\ln(1 - out) = -\ln(1 + \frac{out}{c})$.
        """
        exact: dict[Expression, Expression] = {}
        for out in self.outputs:
            if (form := self.activation_of(out).complement) is not None:
                name, rest = Name(out), self._at(form, out)
                exact[1 - name] = rest
                exact[Call("ln", name)] = -Call("ln1p", rest / name)
                exact[Call("ln", 1 - name)] = -Call("ln1p", name / rest)
        return exact

    @cached_property
    def _named(self) -> dict[Expression, Name]:
        """The names of the outputs by their definitions, for use in derivatives."""
        outs = ((out, self.definitions[out]) for out in self._layers)
        return {form: Name(out) for out, form in outs if form and not isinstance(form, Name)}

    def _slopes(self, name: str, of_call: Callable[[Call], Expression]) -> dict[str, Expression]:
        """Return the derivatives of a definition, given those of the functions in it."""
        if (name, of_call) not in self._found:
            definition = self.definitions[name]
            found = slopes(definition, of_call) if definition is not None else {}
            named = {part.key: replaced(each, self._named.get) for part, each in found.items()}
            if of_call is computed_slope:
                named = {part: replaced(each, self.exact.get) for part, each in named.items()}
            self._found[name, of_call] = named
        return self._found[name, of_call]

    @cached_property
    def _found(self) -> dict[tuple[str, object], dict[str, Expression]]:
        return {}  # filled as they are asked for

    @cached_property
    def _entered(self) -> dict[str, list[str]]:
        entered: dict[str, list[str]] = {}
        for net in self.definitions:
            for name in self.parts[net] if net.startswith("net_") else ():
                entered.setdefault(name, []).append(net)
        return entered


form_of = lru_cache(maxsize=64)(Form)
"""Returns the form with these settings; equal settings share one object."""


def update(parameter: str) -> Expression:
    r"""Return $w - \eta \frac{\partial E_{total}}{\partial w}$."""
    return filled(DEFINITIONS["update"], {"parameter": parameter})


def delta_of(net: str) -> str:
    """Return the name of a neuron's delta, given the name of its net input."""
    return net.replace("net_", "delta_")


def total_of(name: str) -> str:
    """Return the name of the total error of the sample that a name belongs to."""
    return TOTAL + split_sample(name)[1]


def net_of(out: str) -> str:
    """Return the name of a neuron's net input, given the name of its output."""
    return out.replace("out_", "net_")


def largest_net_of(out: str) -> str:
    """Return the name of the largest net input in the layer and sample of an output."""
    return f"most{split_sample(out)[1]}"

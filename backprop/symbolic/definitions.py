r"""The table of definitions: what each quantity of a network is, by its kind.

A definition is an expression in roles. `weight_k` and `signal_k` are the weights into a neuron and
what each multiplies, and the sum over k runs over all of them. For a network of some widths the
names of its quantities are put in the places of the roles: `net_h1 = w1 i1 + w2 i2 + b1`.

What a layer's activation and the loss are is a choice among entries. To add one is to add an entry
here; values, derivatives, derivations, worksheets, spreadsheets and the browser's numbers follow
from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
from typing import TypeAlias

from backprop.symbolic.derivatives import product, slopes, total
from backprop.symbolic.expressions import (
    ONE,
    Call,
    Derivative,
    Expression,
    Name,
    Quotient,
    Sum,
    Summation,
    minus,
    names,
    plus,
    replaced,
    squared,
    times,
    whole,
)
from backprop.symbolic.functions import computed_slope, slope

Roles: TypeAlias = Mapping[str, "str | Sequence[str]"]

ACTIVATION, LOSS = "logistic", "half_squared"  # where nothing else is said
RATE = "learning_rate"
TOTAL = "E_total"
NET, OUT, TARGET, BIAS = Name("net"), Name("out"), Name("target"), Name("bias")
WEIGHT, SIGNAL, ERROR = Name("weight", "k"), Name("signal", "k"), Name("E", "k")
PARAMETER = Name("parameter")


def each(body: Expression) -> Summation:
    """Return the sum of a term over k, for as many as there are."""
    return Summation("k", 0, None, body)


@dataclass(frozen=True)
class Activation:
    """What turns the net input of a neuron into its output.

    Attributes:
        out: the output.
        words: what a sentence calls the function.
    """

    out: Expression
    words: str


@dataclass(frozen=True)
class Loss:
    """What is made smaller.

    Attributes:
        error: the error of an output.
        total: the total error of all outputs.
        words: what the reader should see in the derivative of the error by the output.
    """

    error: Expression
    total: Expression
    words: str


ACTIVATIONS: dict[str, Activation] = {
    "logistic": Activation(Call("sigma", NET), "the logistic function"),
}
"""The activations by name."""

LOSSES: dict[str, Loss] = {
    "half_squared": Loss(
        error=times(Quotient(ONE, whole(2)), squared(minus(TARGET, OUT))),
        total=each(ERROR),
        words="subtracted inside a square; that is where the minus comes from",
    ),
}
"""The losses by name."""

DEFINITIONS: dict[str, Expression] = {
    "net": plus(each(times(WEIGHT, SIGNAL)), BIAS),
    "delta": Derivative(Name(TOTAL), NET),
    "update": minus(PARAMETER, times(Name(RATE), Derivative(Name(TOTAL), PARAMETER))),
}
"""What does not depend on the choice of an activation or a loss."""


def filled(definition: Expression, roles: Roles, k: int = 0) -> Expression:
    """Return a definition with names in the places of its roles, and its sums written out.

    Args:
        definition: in roles.
        roles: the name, or the list of names, that each role stands for.
        k: which of a list an index k stands for; 0 outside of a sum.
    """

    def put(part: Expression) -> Expression | None:
        match part:
            case Name(base, subscript) if base in roles:
                name = roles[base]
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
        return [filled(part.body, roles, j) for j in range(1, len(listed) + 1)]

    result: Expression = replaced(definition, put)
    return result


@dataclass(frozen=True)
class Form:
    """The form of a network, which is all but its numbers, and what each quantity is in it.

    Attributes:
        sizes: the width of each layer, inputs first.
        own_biases: of each layer but the first, whether each neuron has a bias of its own.
        activations: the name of the activation of each layer but the first.
        loss: the name of the loss.
    """

    sizes: tuple[int, ...]
    own_biases: tuple[bool, ...]
    activations: tuple[str, ...]
    loss: str

    def neurons(self, layer: int) -> list[str]:
        """Return what the neurons of a layer are called: h1, h2, or o1, or h3_1."""
        last = len(self.sizes) - 1
        stem = "o" if layer == last else "h" if last == 2 else f"h{layer}_"
        return [f"{stem}{k + 1}" for k in range(self.sizes[layer])]

    def biases(self, layer: int) -> list[str]:
        """Return the name of the bias of each neuron of a layer: b1, b1, or b1_1, b1_2."""
        if self.own_biases[layer - 1]:
            return [f"b{layer}_{k + 1}" for k in range(self.sizes[layer])]
        return [f"b{layer}"] * self.sizes[layer]

    @cached_property
    def definitions(self) -> dict[str, Expression | None]:
        """What each quantity is, in the order of the forward pass; None of a given."""
        return dict(self._defined())

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The names in the definition of each quantity, in their order."""
        return {name: tuple(self.slopes(name)) for name in self.definitions}

    def slopes(self, name: str) -> dict[str, Expression]:
        r"""Return the derivative of a quantity by each name in its definition.

        A derivative speaks of the quantity by its name where it can: $out\,(1 - out)$.
        """
        if name not in self._slopes:
            self._slopes[name] = dict(self._derived(name, slope))
        return self._slopes[name]

    def computed_slopes(self, name: str) -> dict[str, Expression]:
        """Return the same derivatives in a form that loses no digits."""
        if name not in self._computed_slopes:
            self._computed_slopes[name] = dict(self._derived(name, computed_slope))
        return self._computed_slopes[name]

    def nets_with(self, name: str) -> list[str]:
        """Return the net inputs that a weight, a bias or an output enters."""
        return self._entered.get(name, [])

    def total_by_out(self, out: str) -> Expression:
        r"""Return $\partial E_{total} / \partial out$ of an output neuron."""
        ways = [
            product(by_error, own[out])
            for error, by_error in self.slopes(TOTAL).items()
            if out in (own := self.slopes(error))
        ]
        return total(*ways)

    def total_by_deltas(self, name: str) -> Expression:
        r"""Return $\partial E_{total} / \partial x$ of what enters net inputs, by their deltas.

        $$\frac{\partial E_{total}}{\partial x} =
          \sum_k \delta_k \frac{\partial net_k}{\partial x}$$
        """
        nets = self.nets_with(name)
        return total(*(product(Name(delta_of(net)), self.slopes(net)[name]) for net in nets))

    @property
    def is_of_the_lesson(self) -> bool:
        """Whether the package's arrays train such a network."""
        return {*self.activations} == {ACTIVATION} and self.loss == LOSS

    @property
    def loss_entry(self) -> Loss:
        """The loss as the table has it."""
        return LOSSES[self.loss]

    def activation_of(self, out: str) -> Activation:
        """Return what makes an output of its net input."""
        return ACTIVATIONS[self.activations[self._layers[out] - 1]]

    def _defined(self) -> Iterator[tuple[str, Expression | None]]:
        last = len(self.sizes) - 1
        outs = [f"i{k + 1}" for k in range(self.sizes[0])]
        yield from ((name, None) for name in outs)
        number = count(1)
        for layer in range(1, last + 1):
            below, outs = outs, []
            for neuron, bias in zip(self.neurons(layer), self.biases(layer), strict=True):
                weights = [f"w{next(number)}" for _ in below]
                net, out = f"net_{neuron}", f"out_{neuron}"
                roles: Roles = {"weight": weights, "signal": below, "bias": bias, "net": net}
                yield from ((given, None) for given in (*weights, bias))
                yield net, filled(DEFINITIONS["net"], roles)
                yield out, filled(self.activation_of(out).out, roles)
                outs.append(out)
        errors = [f"E_{neuron}" for neuron in self.neurons(last)]
        for error, out in zip(errors, outs, strict=True):
            target = out.replace("out_", "target_")
            yield target, None
            yield error, filled(self.loss_entry.error, {"target": target, "out": out})
        yield TOTAL, filled(self.loss_entry.total, {"E": errors})

    @cached_property
    def _layers(self) -> dict[str, int]:
        layers = range(1, len(self.sizes))
        return {f"out_{neuron}": layer for layer in layers for neuron in self.neurons(layer)}

    def _derived(
        self, name: str, of_call: Callable[[Call], Expression]
    ) -> Iterator[tuple[str, Expression]]:
        """Yield each name in a definition with the derivative by it."""
        definition = self.definitions[name]

        def put(part: Expression) -> Expression | None:
            return Name(name) if part == definition and isinstance(part, Call) else None

        if definition is not None:
            for part, derivative in slopes(definition, of_call).items():
                yield part.key, replaced(derivative, put)

    @cached_property
    def _computed_slopes(self) -> dict[str, dict[str, Expression]]:
        return {}  # filled as they are asked for

    @cached_property
    def _slopes(self) -> dict[str, dict[str, Expression]]:
        return {}  # filled as they are asked for

    @cached_property
    def _entered(self) -> dict[str, list[str]]:
        entered: dict[str, list[str]] = {}
        for net in self.definitions:
            for name in self.parts[net] if net.startswith("net_") else ():
                entered.setdefault(name, []).append(net)
        return entered


@lru_cache(maxsize=64)
def form_of(
    sizes: tuple[int, ...], own_biases: tuple[bool, ...], activations: tuple[str, ...], loss: str
) -> Form:
    """Return a form, the same one for all networks that have it."""
    return Form(sizes, own_biases, activations, loss)


def update(parameter: str) -> Expression:
    r"""Return $w - \eta \frac{\partial E_{total}}{\partial w}$."""
    return filled(DEFINITIONS["update"], {"parameter": parameter})


def delta_of(net: str) -> str:
    """Return the name of the delta of a neuron, by that of its net input."""
    return net.replace("net_", "delta_")

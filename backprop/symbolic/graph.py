"""A network as named numbers, each with its definition, its value and its derivatives.

The names are those of the pages: `i1`, `w1` (in reading order over all
layers), `b1`, `net_h1`, `out_h1`, `net_o1`, `out_o1`, `target_o1`, `E_o1`,
`E_total`. A layer whose neurons have a bias each has `b1_1`, `b1_2`; of several
hidden layers, `net_h2_1` belongs to the first neuron of the second. All values
are decimals of 40 digits, so that no rounding is ever in doubt.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from difflib import get_close_matches
from itertools import islice
from typing import get_args

from backprop import arguments
from backprop.examples import Example
from backprop.symbolic.definitions import ACTIVATION, LOSS, RATE, Form, form_of, update
from backprop.symbolic.expressions import Derivative, Expression, Name
from backprop.symbolic.fitting import check_fit, check_targets
from backprop.symbolic.functions import PRECISE, value
from backprop.training import BiasChoice


@dataclass(frozen=True)
class Path:
    """A path between two nodes: its nodes from the top down, and the factor of each step."""

    nodes: tuple[str, ...]
    factors: tuple[Decimal, ...]

    @property
    def product(self) -> Decimal:
        """What this path adds to the derivative."""
        with localcontext(PRECISE):
            return math.prod(self.factors, start=Decimal(1))


class Graph:
    """A network with its samples, every number named.

    Args:
        sizes: the width of each layer, inputs first.
        givens: the value of each `i`, `w`, `b` and `target_o`, by name. Without any `b` the
            network has no biases. Of several samples, each `i` and `target_o` ends in the
            number of its sample, as in `i1_s2`.
        activations: the name of an activation for all layers, or of one for each.
        loss: the name of the loss.
        samples: whether the total error is the "sum" or the "mean" of the samples' errors.

    Raises:
        ValueError: there are fewer than two layers, a layer is empty, an activation or the loss
            is unknown or they do not go together; a given is missing, unknown, out of the range
            of floats, or a target that the loss does not allow; or the error is not finite.
            Methods that take a name raise it where there is no such node.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        givens: Mapping[str, Decimal],
        *,
        activations: str | Sequence[str] = ACTIVATION,
        loss: str = LOSS,
        samples: str = "sum",
    ) -> None:
        self.sizes = tuple(sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes: {self.sizes} came, expected two or more widths of 1 or more")
        self.givens = dict(givens)
        self.form = self._form(activations, loss, samples)
        self._values: dict[str, Decimal] = {}
        with localcontext(PRECISE):
            for name, definition in self.form.computed.items():
                self._values[name] = (
                    self._given(name) if definition is None else self._defined(name, definition)
                )
        check_targets(self.form, self.givens)
        self._slopes: dict[str, dict[str, Decimal]] = {}
        self._derivatives: dict[str, dict[str, Decimal]] = {}
        given = [name for name, definition in self.form.definitions.items() if definition is None]
        for name in self.givens:
            _find("givens", name, given)

    @classmethod
    def of(cls, example: Example) -> "Graph":
        """Return the graph of a worked example, each given as its shortest decimal.

        Raises:
            ValueError: the example holds several networks or samples.
        """
        network = example.network
        if network.leading or example.inputs.ndim > 1 or example.targets.ndim > 1:
            raise ValueError("example: leading axes came, expected one network and one sample")
        weights = [weight for layer in network.weights for weight in layer.flat]
        givens = _numbered("i", example.inputs) | _numbered("w", weights)
        givens |= _numbered("target_o", example.targets)
        for layer, biases in enumerate(network.biases, start=1):
            each = _numbered(f"b{layer}_", biases)
            shared = len(set(each.values())) == 1
            givens |= {f"b{layer}": each[f"b{layer}_1"]} if shared else each
        return cls(network.sizes, givens, activations=network.activations)

    @classmethod
    def in_form(cls, form: Form, givens: Mapping[str, Decimal]) -> "Graph":
        """Return a network with the sizes, activations and loss of a form."""
        return cls(
            form.sizes,
            givens,
            activations=form.activations,
            loss=form.loss,
            samples=form.over_samples,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each after the names in its definition."""
        return tuple(self._values)

    def value(self, name: str) -> Decimal:
        """Return the value of a node."""
        return self._values[self._known(name)]

    def number(self, part: Expression) -> Decimal:
        """Return the value of a name or a derivative."""
        if isinstance(part, Derivative):
            return self.derivative(part.of.key, part.wrt.key)
        assert isinstance(part, Name)
        return self.value(part.key)

    def parts(self, of: str) -> tuple[str, ...]:
        """Return the names in a node's definition; for a net input w1, i1, w2, i2, ..., b1."""
        return self.form.parts[self._known(of)]

    def definition(self, of: str) -> Expression | None:
        """Return the definition of a node in terms of other names; None for a given."""
        return self.form.definitions[self._known(of)]

    def slope(self, of: str, wrt: str) -> Expression | None:
        """Return the derivative of a node with respect to a name in its definition, else None."""
        return self.form.slopes(self._known(of)).get(self._known(wrt))

    def local(self, of: str, wrt: str) -> Decimal:
        """Return the value of that derivative, 0 for any other name."""
        return self._local(self._known(of)).get(self._known(wrt), Decimal(0))

    def derivative(self, of: str, wrt: str) -> Decimal:
        r"""Return the derivative of one node with respect to any other.

        $$\frac{\partial a}{\partial c} =
          \sum_{paths} \frac{\partial a}{\partial b_1} \cdot
          \frac{\partial b_1}{\partial b_2} \cdots \frac{\partial b_n}{\partial c}$$

        One pass down from `of` finds the derivatives with respect to all nodes, without walking
        each path by itself. It is 1 for the node itself, and 0 where there is no path.
        """
        if self._known(of) not in self._derivatives:
            self._derivatives[of] = self._sweep(of)
        return self._derivatives[of].get(self._known(wrt), Decimal(0))

    def paths(self, of: str, wrt: str) -> list[Path]:
        """Return all paths from one node down to another; their products sum to the derivative.

        Their number is the product of the sizes of the layers in between.
        """
        above = {self._known(wrt)}  # the nodes that wrt moves
        for name, parts in self.form.parts.items():
            if not above.isdisjoint(parts):
                above.add(name)
        paths = [Path((of,), ())] if self._known(of) in above else []
        # In a layered network all paths between two nodes are equally long.
        while paths and paths[0].nodes[-1] != wrt:
            paths = [
                Path((*path.nodes, below), (*path.factors, slope))
                for path in paths
                for below, slope in self._local(path.nodes[-1]).items()
                if below in above
            ]
        return paths

    def updated(self, learning_rate: Decimal, biases: BiasChoice = "frozen") -> "Graph":
        r"""Return the graph after one round, every derivative taken before a weight moves.

        $$w^+ = w - \eta \frac{\partial E_{total}}{\partial w}$$

        Raises:
            ValueError: the bias choice is unknown, it is "shared" though a layer has a bias for
                each neuron, or a result is out of the range of floats.
        """
        arguments.one_of("biases", biases, get_args(BiasChoice))
        own = [name for name in self.givens if "_" in name and name.startswith("b")]
        if biases == "shared" and own:
            raise ValueError(f"biases: 'shared' came with {own[0]}, expected one bias a layer")
        start = self.untied() if biases == "per_neuron" else self
        moving = ("w",) if biases == "frozen" else ("w", "b")

        def number(part: Expression) -> Decimal:
            return learning_rate if part == Name(RATE) else start.number(part)

        givens = {
            name: value(update(name), number) if name.startswith(moving) else x
            for name, x in start.givens.items()
        }
        return self.with_givens(givens)

    def with_givens(self, givens: Mapping[str, Decimal]) -> "Graph":
        """Return a network of the same form with other numbers."""
        return Graph.in_form(self.form, givens)

    def _form(self, activations: str | Sequence[str], loss: str, samples: str) -> Form:
        layers = range(1, len(self.sizes))
        each = (activations,) * len(layers) if isinstance(activations, str) else (*activations,)
        check_fit(len(layers), each, loss)
        arguments.one_of("samples", samples, ("sum", "mean"))
        has_biases = any(name.startswith("b") for name in self.givens)
        own_biases = tuple(f"b{layer}_1" in self.givens for layer in layers if has_biases)
        marked = sum(1 for name in self.givens if name.startswith("i1_s"))
        return form_of(self.sizes, own_biases, each, loss, marked, samples)

    def untied(self) -> "Graph":
        """Return the same network with a bias for each neuron."""
        givens = {name: x for name, x in self.givens.items() if not name.startswith("b")}
        for layer in range(1, len(self.sizes)):
            for k, bias in enumerate(self.form.biases(layer), start=1):
                givens[f"b{layer}_{k}"] = self.givens[bias]
        return self.with_givens(givens)

    def _given(self, name: str) -> Decimal:
        if name not in self.givens:
            raise ValueError(f"givens: {name} is missing, expected a number")
        if not math.isfinite(float(self.givens[name])):
            raise ValueError(f"givens: {name} = {self.givens[name]} came, expected a finite number")
        return self.givens[name]

    def _defined(self, name: str, definition: Expression) -> Decimal:
        try:
            found = value(definition, self._number)
        except ArithmeticError:  # such as the logarithm of 0, or what no decimal can hold
            found = Decimal("inf")
        if not found.is_finite():
            raise ValueError(f"givens: they make {name} infinite, expected smaller ones")
        return found

    def _number(self, name: Expression) -> Decimal:
        assert isinstance(name, Name)
        return self._values[name.base]

    def _known(self, name: str) -> str:
        return _find("name", name, self._values)

    def _local(self, of: str) -> dict[str, Decimal]:
        """Return the derivatives of a node with respect to the names in its definition."""
        if of not in self._slopes:
            slopes = self.form.computed_slopes(of).items()
            self._slopes[of] = {name: value(slope, self._number) for name, slope in slopes}
        return self._slopes[of]

    def _sweep(self, of: str) -> dict[str, Decimal]:
        """Return the derivatives of one node with respect to all others below it."""
        derivatives = {of: Decimal(1)}
        with localcontext(PRECISE):
            for name in reversed(self._values):
                if above := derivatives.get(name):
                    for below, slope in self._local(name).items():
                        derivatives[below] = derivatives.get(below, 0) + above * slope
        return derivatives


def _numbered(stem: str, numbers: Iterable[float]) -> dict[str, Decimal]:
    """Name numbers in order, each as the shortest decimal that rounds to the same float."""
    return {f"{stem}{k}": Decimal(str(number)) for k, number in enumerate(numbers, start=1)}


def _find(what: str, name: str, known: Collection[str]) -> str:
    """Return a name if it is known.

    Raises:
        ValueError: it is not; the message names some that are close.
    """
    if name not in known:
        close = get_close_matches(name, known, cutoff=0.5) or [*islice(known, 3), "..."]
        raise ValueError(f"{what}: {name!r} came, expected a name such as {', '.join(close)}")
    return name

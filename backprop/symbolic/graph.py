"""The worked example as named numbers: what each is, and what it is computed from.

The names are those of the pages: `i1`, `w1` (in reading order over all
layers), `b1`, `net_h1`, `out_h1`, `net_o1`, `out_o1`, `target_o1`, `E_o1`,
`E_total`. A layer whose neurons have a bias each has `b1_1`, `b1_2`; of several
hidden layers, `net_h2_1` belongs to the first neuron of the second. All values
are decimals of 40 digits, so that no rounding is ever in doubt.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, localcontext
from difflib import get_close_matches
from itertools import count, islice
from typing import get_args

from backprop import arguments
from backprop.examples import Example
from backprop.training import BiasChoice

# Overflow is no error: where e^-net grows beyond all bounds, out is 0.
PRECISE = Context(prec=40, traps=[InvalidOperation, DivisionByZero])


@dataclass(frozen=True)
class Node:
    """A named number, with its derivative by each number in its own formula."""

    name: str
    value: Decimal
    slopes: dict[str, Decimal] = field(default_factory=dict)


def net_node(name: str, weights: Sequence[Node], outs: Sequence[Node], bias: Node) -> Node:
    r"""Return $net = w_1\,out_1 + w_2\,out_2 + \dots + b$."""
    terms = list(zip(weights, outs, strict=True))
    value = sum((w.value * out.value for w, out in terms), bias.value)
    slopes = {w.name: out.value for w, out in terms} | {out.name: w.value for w, out in terms}
    return Node(name, value, slopes | {bias.name: Decimal(1)})


def out_node(name: str, net: Node) -> Node:
    r"""Return $out = \frac{1}{1 + e^{-net}}$, whose slope is $out\,(1 - out)$.

    Its last factor is computed as $\frac{1}{1 + e^{net}}$, which keeps all digits where $out$ is
    close to 1.
    """
    value = 1 / (1 + (-net.value).exp())
    return Node(name, value, {net.name: value * (1 / (1 + net.value.exp()))})


def error_node(name: str, target: Node, out: Node) -> Node:
    r"""Return $E = \frac{1}{2} (target - out)^2$."""
    miss = target.value - out.value
    return Node(name, miss**2 / 2, {target.name: miss, out.name: -miss})


def total_node(name: str, errors: Sequence[Node]) -> Node:
    r"""Return $E_{total} = E_1 + E_2 + \dots$."""
    value = sum((error.value for error in errors), Decimal(0))
    return Node(name, value, {error.name: Decimal(1) for error in errors})


@dataclass(frozen=True)
class Path:
    """One way in which a change arrives: the nodes from the top down, a factor a step."""

    nodes: tuple[str, ...]
    factors: tuple[Decimal, ...]

    @property
    def product(self) -> Decimal:
        """What this path adds to the derivative."""
        with localcontext(PRECISE):
            return math.prod(self.factors, start=Decimal(1))


class Graph:
    """A network with its one sample, every number named.

    Args:
        sizes: the width of each layer, inputs first.
        givens: the value of each `i`, `w`, `b` and `target_o`, by name.

    Raises:
        ValueError: there are fewer than two layers, a layer is empty, or a
            given is missing, unknown or out of the range of floats; and from
            every method that takes a name, where there is no such node.
    """

    def __init__(self, sizes: Sequence[int], givens: Mapping[str, Decimal]) -> None:
        self.sizes = tuple(sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes: {self.sizes} came, expected two or more widths of 1 or more")
        self.givens = dict(givens)
        with localcontext(PRECISE):
            self._nodes = {node.name: node for node in self._compute()}
        self._derivatives: dict[str, dict[str, Decimal]] = {}
        leaves = {name: node for name, node in self._nodes.items() if not node.slopes}
        for name in self.givens:
            _find("givens", name, leaves)

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
        return cls(network.sizes, givens)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each after those in its formula."""
        return tuple(self._nodes)

    def value(self, name: str) -> Decimal:
        """Return the value of a node."""
        return self._node(name).value

    def parts(self, of: str) -> tuple[str, ...]:
        """Return the names in a node's own formula: of a net its weights, their outs, its bias."""
        return tuple(self._node(of).slopes)

    def local(self, of: str, wrt: str) -> Decimal:
        """Return the derivative of a node's own formula by a number in it, by all others 0."""
        return self._node(of).slopes.get(self._node(wrt).name, Decimal(0))

    def derivative(self, of: str, wrt: str) -> Decimal:
        r"""Return the derivative of one node with respect to any other.

        $$\frac{\partial a}{\partial c} =
          \sum_{paths} \frac{\partial a}{\partial b_1} \cdot
          \frac{\partial b_1}{\partial b_2} \cdots \frac{\partial b_n}{\partial c}$$

        One sweep down from `of` finds it for all nodes, without walking each
        path by itself. It is 1 for the node itself, and 0 without a path.
        """
        if self._node(of).name not in self._derivatives:
            self._derivatives[of] = self._sweep(of)
        return self._derivatives[of].get(self._node(wrt).name, Decimal(0))

    def paths(self, of: str, wrt: str) -> list[Path]:
        """Return all paths from one node down to another; their products sum to the derivative.

        There are as many as the widths of the layers between the two multiply to.
        """
        above = {self._node(wrt).name}  # the nodes that wrt moves
        for node in self._nodes.values():
            if not above.isdisjoint(node.slopes):
                above.add(node.name)
        paths = [Path((of,), ())] if self._node(of).name in above else []
        # In a layered network all paths between two nodes are equally long.
        while paths and paths[0].nodes[-1] != wrt:
            paths = [
                Path((*path.nodes, below), (*path.factors, slope))
                for path in paths
                for below, slope in self._node(path.nodes[-1]).slopes.items()
                if below in above
            ]
        return paths

    def updated(self, learning_rate: Decimal, biases: BiasChoice = "frozen") -> "Graph":
        r"""Return the graph after one round, every derivative taken before a weight moves.

        $$w^+ = w - \eta \frac{\partial E_{total}}{\partial w}$$

        Raises:
            ValueError: the bias choice is unknown, "shared" meets a layer with
                a bias for each neuron, or a result is out of the range of floats.
        """
        arguments.one_of("biases", biases, get_args(BiasChoice))
        own = [name for name in self.givens if "_" in name and name.startswith("b")]
        if biases == "shared" and own:
            raise ValueError(f"biases: 'shared' came with {own[0]}, expected one bias a layer")
        start = self.untied() if biases == "per_neuron" else self
        moving = ("w",) if biases == "frozen" else ("w", "b")
        givens = dict(start.givens)
        with localcontext(PRECISE):
            for name in givens:
                if name.startswith(moving):
                    givens[name] -= learning_rate * start.derivative("E_total", name)
        return Graph(self.sizes, givens)

    def untied(self) -> "Graph":
        """Return the same network with a bias for each neuron."""
        givens = {name: x for name, x in self.givens.items() if not name.startswith("b")}
        for layer in range(1, len(self.sizes)):
            for k, bias in enumerate(self._biases(layer), start=1):
                givens[f"b{layer}_{k}"] = self.givens[bias]
        return Graph(self.sizes, givens)

    def _compute(self) -> Iterator[Node]:
        """Yield the nodes in the order of the forward pass."""
        outs = [self._given(f"i{k + 1}") for k in range(self.sizes[0])]
        yield from outs
        number = count(1)
        for layer in range(1, len(self.sizes)):
            below, outs = outs, []
            for neuron, bias_name in zip(self._neurons(layer), self._biases(layer), strict=True):
                weights = [self._given(f"w{next(number)}") for _ in below]
                bias = self._given(bias_name)
                net = net_node(f"net_{neuron}", weights, below, bias)
                outs.append(out_node(f"out_{neuron}", net))
                yield from (*weights, bias, net, outs[-1])
        errors = []
        for neuron, out in zip(self._neurons(len(self.sizes) - 1), outs, strict=True):
            target = self._given(f"target_{neuron}")
            errors.append(error_node(f"E_{neuron}", target, out))
            yield from (target, errors[-1])
        yield total_node("E_total", errors)

    def _neurons(self, layer: int) -> list[str]:
        """Return what the neurons of a layer are called: h1, h2, or o1, or h3_1."""
        last = len(self.sizes) - 1
        stem = "o" if layer == last else "h" if last == 2 else f"h{layer}_"
        return [f"{stem}{k + 1}" for k in range(self.sizes[layer])]

    def _biases(self, layer: int) -> list[str]:
        """Return the name of the bias of each neuron of a layer: b1, b1, or b1_1, b1_2."""
        each = [f"b{layer}_{k + 1}" for k in range(self.sizes[layer])]
        return each if each[0] in self.givens else [f"b{layer}"] * len(each)

    def _given(self, name: str) -> Node:
        """Return the node of a given, checked."""
        if name not in self.givens:
            raise ValueError(f"givens: {name} is missing, expected a number")
        if not math.isfinite(float(self.givens[name])):
            raise ValueError(f"givens: {name} = {self.givens[name]} came, expected a finite number")
        return Node(name, self.givens[name])

    def _node(self, name: str) -> Node:
        return _find("name", name, self._nodes)

    def _sweep(self, of: str) -> dict[str, Decimal]:
        """Return the derivatives of one node by all below it, each slope times those above."""
        derivatives = {of: Decimal(1)}
        with localcontext(PRECISE):
            for name in reversed(self._nodes):
                if above := derivatives.get(name):
                    for below, slope in self._nodes[name].slopes.items():
                        derivatives[below] = derivatives.get(below, 0) + above * slope
        return derivatives


def _numbered(stem: str, numbers: Iterable[float]) -> dict[str, Decimal]:
    """Name numbers in order, and write each as the shortest decimal that is this float."""
    return {f"{stem}{k}": Decimal(str(number)) for k, number in enumerate(numbers, start=1)}


def _find(what: str, name: str, nodes: Mapping[str, Node]) -> Node:
    """Return the node of this name, or say which names come close."""
    if name not in nodes:
        close = get_close_matches(name, nodes, cutoff=0.5) or [*islice(nodes, 3), "..."]
        raise ValueError(f"{what}: {name!r} came, expected a name such as {', '.join(close)}")
    return nodes[name]

r"""How books and programs write the names of the graph by layer and neuron: z^2_1 for `net_h1`.

The pages number all weights in one sequence, `w1` to `w8`. Others number a quantity by layer,
neuron and, for a weight, the neuron that it comes from. Their names depend on the sizes of the
layers, and are made for each network from a table of forms.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from backprop.symbolic.notation import Notation

NIELSEN = "nielsen"


@dataclass(frozen=True)
class Place:
    """The position of a quantity in the network.

    Attributes:
        name: its name in the graph; a bias is that of one neuron.
        kind: such as "weight": its key in a table of forms.
        layer: the layer, where 0 is the inputs.
        j: the neuron, from 1.
        k: the neuron of the layer below, from 1; 0 if the quantity has none.
    """

    name: str
    kind: str
    layer: int = 0
    j: int = 0
    k: int = 0


def weight_names(sizes: Sequence[int]) -> list[list[list[str]]]:
    """Return the names of the weights: of each layer a row for each neuron, in reading order."""
    number = count(1)
    return [
        [[f"w{next(number)}" for _ in range(below)] for _ in range(width)]
        for below, width in pairwise(sizes)
    ]


def neuron_names(sizes: Sequence[int], layer: int) -> list[str]:
    """Return the names of the neurons of a layer, such as h1 and h2, or o1, or h3_1."""
    last = len(sizes) - 1
    stem = "o" if layer == last else "h" if last == 2 else f"h{layer}_"
    return [f"{stem}{j}" for j in range(1, sizes[layer] + 1)]


def places(sizes: Sequence[int]) -> Iterator[Place]:
    """Yield each quantity of a network with its position.

    Args:
        sizes: the size of each layer, inputs first.
    """
    last = len(sizes) - 1
    yield from (Place(f"i{j}", "input", 0, j) for j in range(1, sizes[0] + 1))
    for layer, weights in enumerate(weight_names(sizes), start=1):
        for j, row in enumerate(weights, start=1):
            for k, name in enumerate(row, start=1):
                yield Place(name, "weight", layer, j, k)
                yield Place(f"dE_total/d{name}", "slope of a weight", layer, j, k)
        for j, neuron in enumerate(neuron_names(sizes, layer), start=1):
            yield Place(f"b{layer}_{j}", "bias", layer, j)
            yield Place(f"dE_total/db{layer}_{j}", "slope of a bias", layer, j)
            for kind in ("net", "out", "delta"):
                yield Place(f"{kind}_{neuron}", kind, layer, j)
    for j in range(1, sizes[-1] + 1):
        yield Place(f"target_o{j}", "target", last, j)
        yield Place(f"E_o{j}", "error", last, j)
    yield Place("E_total", "total", last)
    yield Place("learning_rate", "rate")


def names(forms: Mapping[str, str], sizes: Sequence[int]) -> dict[str, str]:
    """Return all names of a network by canonical name, each in the form of its kind.

    A form may contain `{j}` and `{k}`, counted from 1, or `{j0}` and `{k0}`, counted from 0;
    `{layer}`, where the inputs are layer 1, or `{layer0}`, where the first layer after them is 0;
    `{linear}`, the index of a layer's linear module in a sequence of modules, and `{until_net}` and
    `{until_out}`, the number of modules up to its net inputs and outputs; and `{comma}`, which
    separates two indices where a layer has more than nine neurons.

    Args:
        forms: the form of each kind; a kind without one is left out.
        sizes: the size of each layer, inputs first.
    """
    return {
        place.name: forms[place.kind].format(
            j=place.j,
            k=place.k,
            j0=place.j - 1,
            k0=place.k - 1,
            layer=place.layer + 1,
            layer0=place.layer - 1,
            linear=2 * place.layer - 2,
            until_net=2 * place.layer - 1,
            until_out=2 * place.layer,
            comma="," if max(sizes) > 9 else "",
        )
        for place in places(sizes)
        if place.kind in forms
    }


def nielsen(sizes: Sequence[int]) -> Notation:
    r"""Return the notation of Nielsen's book for a network: $z^2_1$, $w^3_{12}$.

    The superscript is the layer, where the inputs are layer 1. The subscript is the neuron; of a
    weight first the neuron that it leads into. Each neuron has a bias of its own.

    Args:
        sizes: the size of each layer, inputs first.

    Source:
        Michael Nielsen, "Neural Networks and Deep Learning" (2015), chapter 2. It
        has no symbol for the part of the cost that is due to one output, here $C_1$.
    """
    return Notation(NIELSEN, names(_NIELSEN, sizes))


_NIELSEN = {
    "input": "a^{{1}}_{{{j}}}",
    "weight": "w^{{{layer}}}_{{{j}{comma}{k}}}",
    "bias": "b^{{{layer}}}_{{{j}}}",
    "net": "z^{{{layer}}}_{{{j}}}",
    "out": "a^{{{layer}}}_{{{j}}}",
    "target": "y_{{{j}}}",
    "error": "C_{{{j}}}",
    "total": "C",
    "delta": r"\delta^{{{layer}}}_{{{j}}}",
    "rate": r"\eta",
}

PACKAGE = {
    "input": "inputs[{j0}]",
    "weight": "network.weights[{layer0}][{j0}, {k0}]",
    "bias": "network.biases[{layer0}][{j0}]",
    "net": "answer.nets[{layer0}][{j0}]",
    "out": "answer.outs[{layer0}][{j0}]",
    "target": "targets[{j0}]",
    "error": "output_errors(targets, outs)[{j0}]",
    "total": "total_error(targets, outs)",
    "delta": "gradient.deltas[{layer0}][{j0}]",
    "slope of a weight": "gradient.weights[{layer0}][{j0}, {k0}]",
    "slope of a bias": "gradient.biases[{layer0}][{j0}]",
    "rate": "learning_rate",
}
"""The expression for each kind of quantity in the package.

`answer` is `forward(network, inputs)`, `outs` is `answer.outs[-1]`, and `gradient`
is `backward(network, inputs, targets)`.
"""

PYTORCH = {
    "input": "x[{j0}]",
    "weight": "model[{linear}].weight[{j0}, {k0}]",
    "bias": "model[{linear}].bias[{j0}]",
    "net": "model[:{until_net}](x)[{j0}]",
    "out": "model[:{until_out}](x)[{j0}]",
    "target": "t[{j0}]",
    "error": "((t - y) ** 2 / 2)[{j0}]",
    "total": "((t - y) ** 2 / 2).sum()",
    "slope of a weight": "model[{linear}].weight.grad[{j0}, {k0}]",
    "slope of a bias": "model[{linear}].bias.grad[{j0}]",
    "rate": "lr",
}
"""The expression for each kind of quantity in PyTorch.

`model` is an `nn.Sequential` of an `nn.Linear` and an `nn.Sigmoid` for each layer,
`y` is `model(x)`, and `.grad` is there after the backward pass.
"""

r"""The derivation of one parameter, written out from the graph as on a blackboard.

One rule derives everything. A weight enters the net input of one neuron, a shared bias those
of its whole layer, the output of a hidden neuron those of the next layer. For whatever enters
the net inputs of some neurons k,

$$\frac{\partial E}{\partial x} = \sum_k
  \frac{\partial E}{\partial out_k} \cdot \frac{\partial out_k}{\partial net_k}
  \cdot \frac{\partial net_k}{\partial x}.$$

A derivation is a list of steps: words, with names as `{w5}`, and a chain of equations. The
module `explain` writes it as plain text or as LaTeX.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise

from backprop.symbolic.definitions import RATE, TOTAL, net_of, update
from backprop.symbolic.derivatives import product, total
from backprop.symbolic.expressions import (
    Derivative,
    Evaluated,
    Expression,
    Name,
    Number,
    Product,
    Sum,
    walk,
)
from backprop.symbolic.functions import value
from backprop.symbolic.graph import Graph
from backprop.training import BiasChoice

MOST_PATHS = 16  # more paths than these are not written out one by one
WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True)
class Step:
    """Words, and a chain of equations for one quantity.

    Attributes:
        words: one paragraph, each name in braces.
        of: the quantity; None for a step of words only.
        symbols: the sides in symbols.
        numbers: the sides to be written with numbers put in.
        result: whether the value of the quantity is the last side.
        paths: the names along each path.
    """

    words: str
    of: Name | Derivative | None = None
    symbols: tuple[Expression, ...] = ()
    numbers: tuple[Expression, ...] = ()
    result: bool = True
    paths: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Derivation:
    """The derivation of one parameter, with the network that gives its numbers.

    Attributes:
        graph: the network.
        learning_rate: the step size of the update.
        steps: from the chain rule to the update.
    """

    graph: Graph
    learning_rate: Decimal
    steps: tuple[Step, ...]

    def value(self, part: Expression) -> Decimal:
        """Return the exact value of an expression in the steps."""
        match part:
            case Name(round=1):
                return value(update(part.key), self.value)
            case Name() if part == Name(RATE):
                return self.learning_rate
            case Name() | Derivative():
                return self.graph.number(part)
            case Evaluated(body):
                return value(body, self.value)
        return value(part, self.value)

    def is_given(self, part: Expression) -> bool:
        """Tell whether a number is a given, or a derivative whose value is a given."""
        if isinstance(part, Derivative):
            slope = self.graph.slope(part.of.key, part.wrt.key)
            return isinstance(slope, Number) or (slope is not None and self.is_given(slope))
        return isinstance(part, Name) and not part.round and part.key in {RATE, *self.graph.givens}


def derive(
    graph: Graph, parameter: str, learning_rate: Decimal, biases: BiasChoice = "frozen"
) -> Derivation:
    """Derive a weight or a bias of any network.

    Args:
        graph: the network with its sample.
        parameter: such as `w5`, `b1`, or `b1_2` where each neuron has a bias.
        learning_rate: the step size.
        biases: how the biases learn; with "per_neuron" each neuron has one of its own.

    Raises:
        ValueError: there is no such parameter, or its biases cannot be trained in this way.
    """
    graph.updated(learning_rate, biases)  # raises if the biases cannot be trained in this way
    graph = graph.untied() if biases == "per_neuron" else graph
    _check_parameter(parameter, graph)
    number = _number_of_paths(graph, parameter)
    paths = [path.nodes for path in graph.paths(TOTAL, parameter)] if number <= MOST_PATHS else []
    steps = [_paths(parameter, number, paths), *_derived(graph, parameter, set())]
    if len(paths) > 1 and (every := _every(paths)) not in steps[1].symbols:
        words = "The same once more, path by path, each with all its factors:"
        of = _derivative(TOTAL, parameter)
        steps.append(Step(words, of, (every,), (every, *_shares(every))))
    if _is_bias(parameter) and biases == "frozen":
        steps.append(Step(f"The biases are frozen: {{{parameter}}} stays as it is."))
    else:
        words = "The update: we subtract the derivative, scaled by the learning rate:"
        new = update(parameter)
        steps.append(Step(words, Name(parameter, round=1), (new,), (new,)))
    return Derivation(graph, learning_rate, tuple(steps))


def _check_parameter(name: str, graph: Graph) -> None:
    """Check that a name is a weight or a bias of the network.

    Raises:
        ValueError: it is neither; the message names some parameters.
    """
    parameters = [given for given in graph.givens if given.startswith(("w", "b"))]
    if name not in parameters:
        first = [each for each in ("w1", "b1", "b1_1") if each in parameters]
        close = get_close_matches(name, parameters, cutoff=0.5) or first
        has_own = _is_bias(name) and graph.form.own_biases
        own = " (biases: per_neuron gives each neuron its own)" if has_own else ""
        raise ValueError(
            f"parameter: {name!r} came, expected a weight or a bias, "
            f"such as {', '.join(close)}{own}"
        )


def _number_of_paths(graph: Graph, parameter: str) -> int:
    """Count the paths to the error without walking them: there may be millions."""
    ways = {parameter: 1}
    for name in graph.names:
        ways[name] = ways.get(name, 0) + sum(ways[part] for part in graph.parts(name))
    return ways[TOTAL]


def _paths(parameter: str, number: int, paths: Sequence[tuple[str, ...]]) -> Step:
    count = WORDS[number] if number < len(WORDS) else f"{number:,}"
    lead = "path leads" if number == 1 else "paths lead"
    words = f"{count} {lead} from {{{parameter}}} to the error"
    if not paths:
        return Step(f"{words}, and they have most of their parts in common.")
    return Step(f"{words}:", paths=tuple(path[::-1] for path in paths))


def _derived(graph: Graph, name: str, known: set[Derivative]) -> Iterator[Step]:
    """Yield the derivation of the error with respect to what enters net inputs.

    Args:
        graph: the network.
        name: of a parameter, or of the output of a hidden neuron.
        known: the factors that have been derived so far; this function adds to them.
    """
    nets = graph.form.nets_with(name)
    paths = [_path(graph, name, net) for net in nets]
    of = _derivative(TOTAL, name)
    chain = total(*map(Product, paths))
    yield Step(_rule(graph, name, nets), of, (chain,), result=False)
    yield from _factors(graph, chain, known)
    together = "The product" if len(nets) == 1 else "The sum"
    words = f"{together} is how the error changes with {{{name}}}:"
    yield Step(words, of, (), (chain, *_shares(chain)))


def _factors(graph: Graph, chain: Expression, known: set[Derivative]) -> Iterator[Step]:
    """Yield the derivation of each factor of a chain that has not been derived yet."""
    for factor in walk(chain):
        if isinstance(factor, Derivative) and factor not in known:
            known.add(factor)
            of, wrt = factor.of.key, factor.wrt.key
            if of.startswith("net_"):
                yield _net_by(graph, of, wrt)
            elif of.startswith("out_"):
                yield _out_by_net(graph, of, wrt)
            elif wrt.startswith("net_"):
                yield from _error_by_net(graph, wrt, known)
            else:
                yield from _error_by_out(graph, wrt, known)


def _path(graph: Graph, name: str, net: str) -> tuple[Derivative, ...]:
    """Return the factors from the error through a neuron to a name that enters its net input."""
    out = net.replace("net_", "out_")
    apart = _derivative(TOTAL, out), _derivative(out, net)
    through = (_derivative(TOTAL, net),) if _is_joint(graph, net) else apart
    return through if _is_bias(name) else (*through, _derivative(net, name))


def _is_joint(graph: Graph, net: str) -> bool:
    """Tell whether the derivative of the error with respect to a net is taken as one factor."""
    return len(graph.form.outs_with(net)) > 1 or bool(graph.form.short_by_net(net))


def _derivative(of: str, wrt: str) -> Derivative:
    return Derivative(Name(of), Name(wrt))


def _is_bias(name: str) -> bool:
    return name.startswith("b")


def _rule(graph: Graph, name: str, nets: Sequence[str]) -> str:
    """Return the sentence that states the chain rule for a name."""
    these = _listed([f"{{{net}}}" for net in nets])
    if len(nets) == 1:
        net, out = nets[0], nets[0].replace("net_", "out_")
        sets = "" if _is_joint(graph, net) else f", and {{{net}}} sets {{{out}}}"
        enters = f"{{{name}}} enters {{{net}}}{sets}."
        rule = "Along a path, rates multiply"
    else:
        enters = f"{{{name}}} enters {these}."
        rule = "On the way through each of them rates multiply, and the products add up"
    if _is_bias(name):
        rule += f"; the last rate is 1, since {{{name}}} is added as it is, and we leave it out"
    return f"{enters} {rule}:"


def _error_by_net(graph: Graph, net: str, known: set[Derivative]) -> Iterator[Step]:
    """Yield the derivation of the error with respect to a net input of the last layer."""
    form, of = graph.form, _derivative(TOTAL, net)
    chain, outs = form.total_by_net(net), form.outs_with(net)
    these = _listed([f"{{{out}}}" for out in outs])
    rule = "Along the path, rates multiply:"
    if len(outs) > 1:
        rule = "On the way through each of them rates multiply, and the products add up:"
    yield Step(f"{{{net}}} sets {these}. {rule}", of, (chain,), result=False)
    yield from _factors(graph, chain, known)
    words = f"Together they are how the error changes with {{{net}}}:"
    yield Step(words, of, (), (chain, *_shares(chain)))
    if short := form.short_by_net(net):
        slopes = total(*(product(form.total_by_out(out), form.slopes(out)[net]) for out in outs))
        yield Step(f"{form.loss_entry.cancels}:", of, (slopes, *short), (short[-1],))


def _error_by_out(graph: Graph, out: str, known: set[Derivative]) -> Iterator[Step]:
    """Yield the derivation of the error with respect to an output of any layer."""
    if out not in graph.form.outputs:
        yield from _derived(graph, out, known)
        return
    slope = graph.form.total_by_out(out)
    is_mean = graph.form.samples and graph.form.over_samples == "mean"
    mean = ", and the mean over the samples divides by their number" if is_mean else ""
    words = (
        f"How the error changes with {{{out}}}. Only {{{out.replace('out_', 'E_')}}} contains it, "
        f"{graph.form.loss_entry.words}{mean}:"
    )
    yield Step(words, _derivative(TOTAL, out), (slope,), (slope,))


def _out_by_net(graph: Graph, out: str, net: str) -> Step:
    """Return the derivative of an output with respect to a net input of its layer."""
    slope = graph.form.slopes(out)[net]
    function = graph.form.activation_of(out).words
    other = " of another neuron" * (net != net_of(out))
    words = f"How {{{out}}} changes with {{{net}}}{other}, by the slope of {function}:"
    of = _derivative(out, net)
    if isinstance(slope, Number):
        return Step(words, of, (slope,), result=False)
    return Step(words, of, (slope,), (slope,))


def _net_by(graph: Graph, net: str, name: str) -> Step:
    partner = _partner(graph, net, name)
    words = f"How {{{net}}} changes with {{{name}}}. In the sum it is multiplied by {{{partner}}}:"
    return Step(words, _derivative(net, name), (Name(partner),))


def _partner(graph: Graph, net: str, name: str) -> str:
    """Return what a weight or an output is multiplied by in a net input."""
    partner = graph.slope(net, name)
    assert isinstance(partner, Name)
    return partner.key


def _every(paths: Sequence[tuple[str, ...]]) -> Expression:
    """Return the sum over all paths, each written as the product of its factors."""
    terms = []
    for path in paths:
        nodes = [name for name in path if not name.startswith("E_")]
        ends = nodes[:-1] if _is_bias(nodes[-1]) else nodes
        factors = (_derivative(above, below) for above, below in pairwise(ends))
        terms.append(Product((_derivative(TOTAL, ends[0]), *factors)))
    return Sum(tuple(terms))


def _shares(formula: Expression) -> tuple[Expression, ...]:
    """Return a sum with each term evaluated to one number; nothing for other formulas."""
    terms = formula.terms if isinstance(formula, Sum) else ()
    return (Sum(tuple(map(Evaluated, terms))),) if terms else ()


def _listed(names: Sequence[str]) -> str:
    """Join names as in a sentence: `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last

r"""The settings of a page in its front matter: its network, and how it writes the names.

    backprop:
      example: lecture
      notation: lecture
      givens: {i1: 0.8, w5: -0.3}
      where:
        trained: train(network, inputs, targets, learning_rate=learning_rate, ...).network
      names:
        \tilde{E}: total_error(targets, forward(trained, inputs).outs[-1])

`example` is a worked example of the package, and its notation is the page's unless
`notation` says otherwise: `notes`, `lecture`, or `nielsen`, which counts by layer.
`givens` changes some of its numbers, or, with `sizes` in place of `example`, gives all
numbers of a network of the author's own. `names` binds further names to expressions
over the package and over the page's own `network`, `inputs`, `targets` and
`learning_rate`; `where` names parts of these expressions.
A name whose expression gives a row of numbers is a list. Its entries are numbered: in a table,
the column headed by the list holds its fourth entry in the row headed by $4$.
Where the page has `matrices: columns`, the weights into a neuron are a column of $W_1$,
and the net inputs are $W_1^{\top} \mathbf{x} + \mathbf{b}_1$. With `biases: shared` or
`biases: per_neuron`, the biases learn too, and a plus marks the value after a round; with
`per_neuron` each neuron has its own, $b_{1,1}$, and with `biases: none` there are none.
`activations` is the name of one for all layers, or a list of one for each, and `loss` the name
of a loss; without them, they are those of the lesson.

A network may learn from several samples, and `reduction` says whether its total error is their
`sum` or their `mean`:

    samples:
      - {inputs: [0, 1], targets: [1]}
      - {inputs: [1, 1], targets: [0]}
    reduction: mean

What depends on the sample is then written with its number after a semicolon, apart from layer
and round: $\hat{y}_{1;2}$, after a round $\hat{y}_{1;2}^{+}$, and $E_{total;2}$ for the error of
one sample, of which $E_{total}$ is made.

A page may bring letters of its own instead of a notation, a pattern for each kind of quantity
(`backprop.symbolic.letters`), and a list of patterns where each layer has its own:

    symbols:
      net: z^{(<layer>)}_<neuron>
      weight: w^{(<layer>)}_{<neuron><from>}
      input: x_<from>
      error: L
    first_layer: 1

`first_layer` is the number of the first layer after the inputs. With `rows: true` vectors are
rows, and the net inputs are $\mathbf{x} W_1 + \mathbf{b}_1$. With `decimals: comma` formulas have a
comma for the decimal point.

A section may change `example`, `notation`, `matrices`, `biases`, `activations`, `loss`,
`reduction` and single givens, such as `i1_s2=0.3`, which brings in a second sample:

    <!-- backprop: example=notes notation=notes activations=tanh,linear eta=0.1 -->
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import isnan
from reprlib import repr  # noqa: A004  # a page may say a lot, a message shows its beginning
from typing import Any, get_args

from backprop.examples import EXAMPLES
from backprop.formulas import latex
from backprop.formulas.latex import LatexError
from backprop.formulas.values import Value
from backprop.formulas.vectors import VECTOR_FUNCTIONS
from backprop.formulas.world import World
from backprop.pages import budget
from backprop.pages.expressions import ExpressionError, result_of, values_of
from backprop.pages.own_names import OwnNames, scope
from backprop.symbolic.definitions import ACTIVATION, LOSS, RATE
from backprop.symbolic.expressions import Name
from backprop.symbolic.functions import FUNCTIONS
from backprop.symbolic.givens import MOST_WEIGHTS, SettingsError, changed, check_sizes, decimal
from backprop.symbolic.graph import Graph
from backprop.symbolic.layered import NIELSEN, nielsen
from backprop.symbolic.letters import letters_of
from backprop.symbolic.notation import NOTATIONS, Notation, split_sample
from backprop.training import BiasChoice

# What a section may change as well
CHANGING = ("example", "notation", "matrices", "biases", "activations", "loss", "reduction")
NONE = "none"  # of biases


def _either(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _is_dict(said: object) -> bool:
    return isinstance(said, dict)


def _are(kind: type) -> Callable[[object], bool]:
    """Return a test for lists of a kind; `True`, of the kind bool, is no whole number."""
    return lambda said: isinstance(said, list) and all(type(each) is kind for each in said)


CHOICES = {
    "example": tuple(EXAMPLES),
    "notation": (*NOTATIONS, NIELSEN),
    "matrices": ("rows", "columns"),
    "biases": (*get_args(BiasChoice), NONE),
    "reduction": ("sum", "mean"),
    "decimals": ("point", "comma"),
}
EXPECTED: dict[str, tuple[Callable[[object], bool], str]] = {
    **{key: (choices.__contains__, _either(choices)) for key, choices in CHOICES.items()},
    "activations": (
        lambda said: isinstance(said, str) or _are(str)(said),
        "a name, or a list of one for each layer",
    ),
    "sizes": (_are(int), "the width of each layer, as in [2, 2, 2]"),
    "first_layer": (lambda said: type(said) is int and 0 <= said <= 9, "0 to 9"),
    "rows": (lambda said: isinstance(said, bool), "true or false"),
    "givens": (_is_dict, "names with numbers, as in i1: 0.8"),
    "where": (_is_dict, "names with expressions, as in out: forward(network, inputs).outs[-1]"),
    "names": (_is_dict, r"LaTeX with expressions, as in \hat{t}: targets[0]"),
    "symbols": (_is_dict, r"kinds with patterns, as in net: z^{(<layer>)}_<neuron>"),
}
"""For each setting, what tells whether a value fits, and what the message says is expected."""

DEFAULT_RATE = Decimal("0.5")
FUNCTIONS_OF = {  # in LaTeX, by the name of the activation
    **{name: entry.symbol for name, entry in FUNCTIONS.items()},
    "logistic": FUNCTIONS["sigma"].symbol,
    "softmax": VECTOR_FUNCTIONS["softmax"].symbol,
}


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings of a page as they are written."""

    example: str | None = None
    notation: str | None = None
    matrices: str = "rows"
    biases: str = "frozen"
    activations: Any = ACTIVATION
    loss: str = LOSS
    reduction: str = "sum"
    sizes: Any = None
    samples: Any = None
    givens: Mapping[str, Any] = field(default_factory=dict)
    where: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    symbols: Mapping[str, Any] = field(default_factory=dict)
    first_layer: Any = 1
    rows: Any = False
    decimals: str = "point"
    markdown: str | None = None
    own: Mapping[str, str] = field(default_factory=dict)  # the givens of a section, over the page's

    def __eq__(self, other: object) -> bool:
        """Compare as written, since 1 and True are equal in Python."""
        return isinstance(other, Settings) and str(self) == str(other)

    def __hash__(self) -> int:
        """Hash as written, since values such as lists have no hash."""
        return hash(str(self))


KEYS = tuple(each.name for each in fields(Settings) if each.name != "own")


def world_of(front: Mapping[str, Any], section: Mapping[str, str]) -> World | None:
    """Return the true values for a place on a page.

    Args:
        front: the page's front matter.
        section: the settings of its section, which come before those of the front matter.

    Returns:
        None for a page without settings.

    Raises:
        SettingsError: the settings are not understood.
    """
    if front.get("backprop") is None and not section:
        return None
    return _build(_with_section(_read(front.get("backprop") or {}), section))


def _read(front: object) -> Settings:
    """Read the settings in the front matter."""
    if not isinstance(front, dict):
        raise SettingsError(f"backprop: {repr(front)} came, expected keys such as example: lecture")
    _known(front, KEYS)
    return Settings(**{key: value for key, value in front.items() if value is not None})


def _with_section(settings: Settings, section: Mapping[str, Any]) -> Settings:
    """Return the settings with the changes of a section.

    Another example brings its own numbers and, unless the page has chosen one, its notation.
    """
    said = {key: value for key, value in section.items() if key in KEYS}
    _known(said, CHANGING)
    givens = {key: value for key, value in section.items() if key not in KEYS}
    if "example" in said:
        settings = replace(settings, sizes=None, samples=None, givens={})
    if "," in said.get("activations", ""):
        said["activations"] = said["activations"].split(",")
    return replace(settings, **said, own=givens)


def _known(said: Mapping[Any, Any], keys: tuple[str, ...]) -> None:
    for key in said:
        if key not in keys:
            raise SettingsError(f"backprop: {repr(key)} came, expected {_either(keys)}")


@lru_cache(maxsize=64)  # pages share their settings, and names may take seconds
def _build(settings: Settings) -> World:
    """Build the world that the settings describe."""
    if settings.sizes is not None and settings.example is not None:
        raise SettingsError("backprop: example and sizes came, expected one of them")
    for key, (fits, expected) in EXPECTED.items():
        said = getattr(settings, key)
        if said is not None and not fits(said):
            raise SettingsError(f"{key}: {repr(said)} came, expected {expected}")
    example = EXAMPLES[settings.example] if settings.example else None
    if example:
        sizes = example.network.sizes
    elif settings.sizes is not None:
        sizes = tuple(settings.sizes)
        check_sizes(sizes)
    else:
        raise SettingsError(f"example: nothing came, expected {_either(CHOICES['example'])}")
    name = settings.notation or settings.example or "lecture"
    notation = NOTATIONS.get(name) or nielsen(sizes)
    if settings.symbols:
        notation = _letters(settings, sizes)
    # Each may use the names of the graph or of its notation for the same givens.
    numbers = _givens(settings.givens, notation) | _givens(settings.own, notation)
    numbers = _samples(settings.samples, sizes) | numbers
    if example is not None:
        world = World.of(example, notation)
        numbers = {RATE: world.learning_rate, **changed(world.graph, numbers)}
    world = _world(settings, sizes, notation, _without_lone_sample(numbers))
    if not settings.names:
        return world
    try:
        with budget.counting() as spent:
            world = _extended(settings, world)
    except budget.OverBudgetError as over:
        raise SettingsError(f"where, names: working them out {over}") from None
    return replace(world, rounds=spent.rounds)


def _world(
    settings: Settings, sizes: tuple[int, ...], notation: Notation, numbers: dict[str, Decimal]
) -> World:
    """Build the world of a network of some widths and numbers, without names of the page's own."""
    rate = numbers.pop(RATE, DEFAULT_RATE)
    columns, comma = settings.matrices == "columns", settings.decimals == "comma"
    if settings.biases == NONE and settings.sizes is None:  # the example brings some
        numbers = {name: x for name, x in numbers.items() if not name.startswith("b")}
    try:
        graph = Graph(
            sizes,
            numbers,
            activations=settings.activations,
            loss=settings.loss,
            samples=settings.reduction,
        )
        biases = _with_biases(settings.biases, graph)
        # A notation without a symbol for a shared bias gets one bias for each neuron.
        shared = {"b@", "b1"} & notation.symbols.keys()
        graph = graph if shared else graph.untied()
        if biases == "shared":
            graph.updated(rate, biases)  # refuses a network whose neurons have their own
        graph = graph.untied() if biases == "per_neuron" else graph
        own = settings.notation is None and (settings.example is None or bool(settings.symbols))
        return World(graph, rate, notation, columns=columns, biases=biases, comma=comma, freely=own)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _with_biases(choice: str, graph: Graph) -> Any:  # noqa: ANN401  # a BiasChoice
    """Return how biases learn, and refuse givens that contradict the setting.

    Raises:
        SettingsError: there are biases although it is "none", or there are none although it is not.
    """
    given = next((name for name in graph.givens if name.startswith("b")), "")
    if choice == NONE and given:
        raise SettingsError(f"biases: none came with {given}, expected one of the two")
    if choice != NONE and not given:
        raise SettingsError("givens: b1 is missing, expected a number, or biases: none")
    return "frozen" if choice == NONE else choice


def _samples(samples: object, sizes: Sequence[int]) -> dict[str, Decimal]:
    """Read samples: their inputs and targets by name, as in `i1_s2` of the second.

    Raises:
        SettingsError: they are not understood.
    """
    numbers: dict[str, Decimal] = {}
    if samples is None:
        return numbers
    weights = sum(below * width for below, width in pairwise(sizes))
    if not isinstance(samples, list) or not 0 < len(samples) <= MOST_WEIGHTS // weights:
        came = f"{len(samples)} of them" if isinstance(samples, list) else repr(samples)
        raise SettingsError(
            f"samples: {came} came, expected a list of up to {MOST_WEIGHTS // weights}, "
            "each as {inputs: [0, 1], targets: [1]}"
        )
    for number, sample in enumerate(samples, start=1):
        said = sample if isinstance(sample, dict) else {}
        for kind, stem, width in (("inputs", "i", sizes[0]), ("targets", "target_o", sizes[-1])):
            row = said.get(kind)
            if {*said} != {"inputs", "targets"} or not isinstance(row, list) or len(row) != width:
                raise SettingsError(
                    f"samples: {repr(sample)} came as number {number}, expected {sizes[0]} inputs "
                    f"and {sizes[-1]} targets, as in {{inputs: [0, 1], targets: [1]}}"
                )
            for k, value in enumerate(row, start=1):
                name = f"{stem}{k}_s{number}"
                numbers[name] = decimal(name, value)
    return numbers


def _without_lone_sample(numbers: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the givens without the one sample of an example or a page, where others are given."""
    one = re.compile(r"(i|target_o)\d+")
    several = any(split_sample(name)[1] for name in numbers)
    return {name: x for name, x in numbers.items() if not (several and one.fullmatch(name))}


def _letters(settings: Settings, sizes: tuple[int, ...]) -> Notation:
    """Return the notation that a page brings, made for its network."""
    if settings.notation is not None:
        raise SettingsError("backprop: notation and symbols came, expected one of them")
    said = settings.activations
    names = [said] * (len(sizes) - 1) if isinstance(said, str) else said
    functions = [FUNCTIONS_OF.get(name, "") for name in names]
    try:
        return letters_of(
            settings.symbols,
            sizes,
            samples=len(settings.samples) if isinstance(settings.samples, list) else 0,
            first_layer=settings.first_layer,
            functions=functions,
            rows=settings.rows,
            columns=settings.matrices == "columns",
        )
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _givens(givens: Mapping[Any, Any], notation: Notation) -> dict[str, Decimal]:
    """Read numbers by name, a name of the graph or one in the page's notation."""
    numbers: dict[str, Decimal] = {}
    for name, value in givens.items():
        canonical = notation.given(str(name))
        if canonical in numbers:
            raise SettingsError(f"givens: {repr(name)} came twice, expected one number for it")
        numbers[canonical] = decimal(str(name), value)
    return numbers


def _extended(settings: Settings, world: World) -> World:
    """Add the page's own names, each LaTeX of one symbol, with their expressions."""
    known = scope(world)
    for name, expression in settings.where.items():
        if not str(name).isidentifier() or name in known:
            raise SettingsError(f"where: {repr(name)} came, expected a new name")
        known[name] = _value_of("where", name, expression, result_of, known)
    extra = dict[tuple[str, int], Value]()
    said: dict[tuple[str, int], tuple[str, int | None]] = {}
    lists: set[tuple[str, int]] = set()
    for name, expression in settings.names.items():
        symbol = _symbol(str(name), world.notation)
        worth = _value_of("names", name, expression, values_of, known)
        bound: dict[Name, tuple[Any, int | None]] = {symbol: (worth, None)}
        if isinstance(worth, list):
            lists.add((symbol.key, symbol.round))
            bound = {symbol.entry(k + 1): (x, k) for k, x in enumerate(worth) if not isnan(x)}
        for each, (x, entry) in bound.items():
            key = each.key, each.round
            if key in extra or world.canonical(each) is not None:
                raise SettingsError(f"names: {repr(name)} has a value already, expected a new name")
            extra[key] = Decimal(str(x))
            said[key] = str(expression), entry
    own = OwnNames(settings.where, said)
    return replace(world, extra=extra, lists=frozenset(lists), own=own.in_network)


def _value_of(key: str, name: str, expression: Any, read: Any, known: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the value of an expression, or name the one that is not understood."""
    try:
        return read(str(expression), known)
    except ExpressionError as error:
        raise SettingsError(f"{key}: {repr(name)}: {error}") from None


def _symbol(text: str, notation: Notation) -> Name:
    """Return the one name that LaTeX consists of."""
    try:
        [chain] = latex.parse(text, notation)
        [name] = chain.sides
    except (LatexError, ValueError):
        name = None
    if not isinstance(name, Name):
        raise SettingsError(f"names: {repr(text)} came, expected one symbol in LaTeX")
    return name

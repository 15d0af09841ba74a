r"""A page's bound numbers as data from which a browser computes them anew.

What a number stands for becomes a tree of lists: `["*", "w5", "out_h1"]`. Its leaves are
numbers and names of the graph: `"w5"`, `"E_total/w5"` for a derivative, either with `"@1"`
where the value after a round is meant, and `"=0"` for the first of the names that the page
itself binds to an expression over the package. In what a reader recomputes from printed
digits, `"#0"` is the first number of the formula as it is printed. A condition is a tree, too:
`["<", a, b]` is 1 where a is less than b, 0 where it is not, and a half where only rounding tells.
"""

import ast
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from backprop.figures.labels import names_of
from backprop.figures.map import network_data
from backprop.formulas import latex
from backprop.formulas.bind import is_lone
from backprop.formulas.chains import recomputable, split
from backprop.formulas.conditions import Comparison, Condition
from backprop.formulas.evaluate import evaluate, terms_of
from backprop.formulas.forms import written_out
from backprop.formulas.latex import ABOUT, LESS, MORE, SAME
from backprop.formulas.values import Unbound, equal
from backprop.formulas.world import World
from backprop.pages.check import BoundWords, Checked
from backprop.pages.expressions import NAMES
from backprop.pages.rewrite import Bound, Span, is_fixed, mode, span
from backprop.pages.settings import KEYS, world_of
from backprop.symbolic import expressions
from backprop.symbolic.definitions import RATE, total_of
from backprop.symbolic.expressions import Derivative, Expression, Name, Negative, numbers
from backprop.symbolic.notation import plain_of
from backprop.symbolic.trees import Tree, tree_of

FUNCTIONS = (  # of the package, which site/assets/names.js has as well
    *("Network", "forward", "output_errors", "total_error", "train"),
    "train_with_new_output_weights",
)
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.UAdd: "+", ast.USub: "-"}
LONGER = 8  # added to the mode of a number where a reader may need more digits


@dataclass
class Live:
    """The data for the browser, and the places of numbers and words on the page.

    Attributes:
        data: for JSON; site/assets/live.js reads it.
        slots: for each formula with numbers, its LaTeX, and for each number its start and end
            there, its index in `data["numbers"]`, and whether the place holds the number or only
            its sign.
        marks: for each entry of `data["words"]`, the comment after the words, the words, and
            whether they are the note after a sentence.
    """

    data: dict[str, Any]
    slots: list[tuple[str, list[tuple[int, int, int, bool]]]] = field(default_factory=list)
    marks: list[tuple[str, str, bool]] = field(default_factory=list)


def live(checked: Checked) -> Live:
    """Return the bound numbers of a page that has been checked, as data."""
    return _Collector(checked).run()


class _Collector:
    """Collects the numbers of a page, and what they are computed from."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.trees: dict[str, int] = {}  # by their text, with their number
        self.exprs: list[Tree] = []
        self.made: dict[int, int] = {}  # from a leaf to the formula behind it
        self.worlds: dict[tuple[tuple[str, str], ...], int] = {}
        self.world_data: list[dict[str, Any]] = []
        self.numbers: list[list[Any]] = []
        self.slots: list[tuple[str, list[tuple[int, int, int, bool]]]] = []
        self.notations: dict[str, dict[str, list[str]]] = {}
        # Settings in error have been reported, and bind no number.
        self.binds = bool(checked.bound or checked.words)
        settings = (checked.page.front.get("backprop") if self.binds else None) or {}
        self.where: dict[str, Any] = settings.get("where") or {}
        self.names: list[Any] = []  # of the page: readable, in LaTeX, and their expression
        self.own: dict[tuple[str, int], int] = {}
        self.printed: dict[int, Tree] = {}  # by where a number stands in the formula at hand
        for k, (name, text) in enumerate((settings.get("names") or {}).items()):
            [[symbol]] = [chain.sides for chain in latex.parse(name)]
            assert isinstance(symbol, Name)  # the page's settings are understood
            self.own[symbol.key, symbol.round] = k
            after = f" after round {symbol.round}" if symbol.round else ""
            self.names.append([[f"{plain_of(symbol.key)}{after}", name], python_tree(str(text))])

    def run(self) -> Live:
        """Collect all numbers; the first world is that of the front matter."""
        first = world_of(self.checked.page.front, {}) if self.binds else None
        if first is not None:
            self._world({}, first)
        for _, bounds in groupby(self.checked.bound, key=lambda bound: id(bound.math)):
            self._formula([*bounds])
        words = [self._words(each) for each in self.checked.words]
        return Live(
            {
                "worlds": self.world_data,
                "exprs": self.exprs,
                "made": self.made,
                "numbers": self.numbers,
                "words": words,
                "notations": self.notations,
                "names": self.names,
                "where": {name: python_tree(str(text)) for name, text in self.where.items()},
            },
            self.slots,
            [(each.mark.text, each.now, each.sentence) for each, _ in self.checked.words],
        )

    def _words(self, bound: BoundWords) -> list[Any]:
        """Return words as their condition, its world, and both phrases."""
        words, world = bound
        index = -1
        with suppress(Unbound):
            index = self._index(self._condition(words.condition, world))
        section = self.checked.page.settings(words.part, words.start)
        phrases = (f" {each}" if each and words.sentence else each for each in words.phrases)
        return [index, self._world(section, world), *phrases]

    def _condition(self, condition: Condition, world: World) -> Tree:
        """Return a condition as the tree of a number: 1 where it holds."""
        if not condition.word:
            pairs = [self._comparison(each, world) for each in condition.comparisons]
            return pairs[0] if len(pairs) == 1 else ["*", *pairs]
        parts = [self._condition(part, world) for part in condition.parts]
        if condition.word == "not":
            return ["+", 1.0, ["-", parts[0]]]
        return ["*" if condition.word == "and" else "max", *parts]

    def _comparison(self, comparison: Comparison, world: World) -> Tree:
        a, relation, b = comparison
        sides = [self._tree(side, world) for side in (a, b)]
        if relation in LESS or relation in MORE:
            return ["<", *(sides if relation in LESS else sides[::-1])]
        same: Tree = ["=", *sides]
        return same if relation in SAME else ["+", 1.0, ["-", same]]

    def _formula(self, bounds: list[Bound]) -> None:
        """Collect the numbers of a formula, and mark those that a reader may need longer.

        The first number of the formula gets the sides that a reader recomputes, each an
        expression with the numbers of its results.
        """
        places: list[tuple[int, int, int, bool]] = []
        found: list[tuple[Bound, Span, list[Any]]] = []
        for bound in bounds:
            where, number = span(bound), len(self.numbers)
            if entry := self._number(bound, where):
                places.append((where.start, where.end, number, True))
                if where.sign is not None:
                    places.append((where.sign, where.sign + 1, number, False))
                found.append((bound, where, entry))
                self.numbers.append(entry)
        if places:
            self.slots.append((bounds[0].math.latex, places))
        longer = [entry for bound, _, entry in found if not is_fixed(bound)]
        if longer and (sides := self._sides([each[:2] for each in found])):
            for entry in longer:
                entry[-1] += LONGER
            found[0][2].append(sides)

    def _number(self, bound: Bound, where: Span) -> list[Any] | None:
        """Return a number: its expression, world, signs, form, and how many digits it shows."""
        binding = bound.binding
        meant = _named(bound)
        if binding.negated != where.signed:  # the minus is the formula's, or only the page's
            meant = Negative(meant)
        index = self._expr(meant, bound.world)
        if index is None and not binding.number.is_decimal:
            return None  # a whole number by definition, such as the slope of a constant
        section = self.checked.page.settings(bound.math.part, bound.math.start)
        world, signs = self._world(section, bound.world), "|".join(where.forms)
        form = _form(binding.number.text)
        return [-1 if index is None else index, world, signs, form, mode(bound)]

    def _sides(self, bounds: list[tuple[Bound, Span]]) -> list[list[int]]:
        """Return the sides that a reader recomputes, with the numbers of the formula from 0."""
        at = {bound.binding.number.start: k for k, (bound, _) in enumerate(bounds)}
        for bound, where in bounds:
            start = bound.binding.number.start
            self.printed[start] = ["-", f"#{at[start]}"] if where.signed else f"#{at[start]}"
        found: list[list[int]] = []
        first = bounds[0][0]
        for chain in first.world.chains(first.math.latex):
            for equation in split(chain)[0]:
                sides, results = recomputable(equation)
                starts = [number.start for side in results for number in numbers(side)]
                shown = [at[start] for start in starts if start in at]
                for side in sides if shown else ():
                    with suppress(Unbound):
                        found.append([self._index(self._tree(side, first.world)), *shown])
        self.printed = {}
        return found

    def _world(self, section: Mapping[str, str], world: World) -> int:
        """Return the number of the world of a section."""
        key = tuple(sorted(section.items()))
        if key not in self.worlds:
            self.worlds[key] = len(self.world_data)
            notation = world.notation
            settings = self.checked.page.front.get("backprop") or {}
            own = [name for name in section if name not in KEYS]
            self.world_data.append(
                {
                    "example": str({**settings, **section}.get("example", "page")),
                    **network_data(world.graph),
                    "rate": float(world.learning_rate),
                    "biases": world.biases,
                    "notation": notation.name,
                    # Whether the section keeps its numbers, whatever a reader changes.
                    "fixed": "example" in section or self.checked.page.front.get("live") is False,
                    "own": [notation.given(name) for name in own],
                }
            )
            labels = self.notations.setdefault(notation.name, {})
            for name in (*world.graph.names, RATE):
                labels[_short(name)] = names_of(notation, name)
        return self.worlds[key]

    def _expr(self, expression: Expression, world: World) -> int | None:
        """Return the number of an expression, None where a browser cannot compute it."""
        try:
            tree = self._tree(expression, world)
        except Unbound:
            return None
        index = self._index(tree)
        if isinstance(expression, Name | Derivative) and index not in self.made:
            with suppress(Unbound):
                for form in written_out(expression, world):
                    self.made[index] = index  # so that what it is made of is not made of it
                    self.made[index] = self._index(self._tree(form, world))
                    break
        return index

    def _index(self, tree: Tree) -> int:
        index = self.trees.setdefault(repr(tree), len(self.exprs))
        if index == len(self.exprs):
            self.exprs.append(tree)
        return index

    def _tree(self, expression: Expression, world: World) -> Tree:
        def leaf(part: Expression) -> Tree:
            match part:
                case expressions.Number(value=value, start=start):
                    return self.printed.get(start, float(value))
                case Name():
                    return self._name(part, world)
                case Derivative(of, wrt) if world.canonical(of) and world.canonical(wrt):
                    return f"{world.canonical(of)}/{world.canonical(wrt)}{_at(of.round)}"
                case expressions.Summation():
                    return ["+", *(self._tree(term, world) for term in terms_of(part, world))]
            raise Unbound("not for a browser")

        return tree_of(expression, leaf)

    def _name(self, name: Name, world: World) -> Tree:
        if name.key in world.defined and not name.round:
            printed, self.printed = self.printed, {}  # its numbers stand in another formula
            tree = self._tree(world.defined[name.key], world)
            self.printed = printed
            return tree
        if (name.key, name.round) in self.own:
            return f"={self.own[name.key, name.round]}"
        canonical = world.canonical(name)
        if canonical is None:  # an entry of a list that the page binds
            raise Unbound("not for a browser")
        if canonical.startswith("delta_"):
            net = f"net_{canonical.removeprefix('delta_')}"
            return f"{total_of(net)}/{net}{_at(name.round)}"
        learned = canonical not in world.graph.givens or canonical.startswith(world.learning)
        moves = learned and canonical != RATE
        return _short(canonical) + (_at(name.round) if moves else "")


def _short(canonical: str) -> str:
    return "rate" if canonical == RATE else canonical


def _at(rounds: int) -> str:
    return f"@{rounds}" if rounds else ""


def _form(text: str) -> str:
    r"""Return how digits are printed: `8` decimals, `8e` for a power of ten, `8,` for thousands."""
    mantissa, power, _ = text.partition("\\")
    places = len(mantissa.strip().replace("{,}", "").partition(".")[2])
    return f"{places}{'e' if power else ',' if '{,}' in mantissa else ''}"


def _named(bound: Bound) -> Expression:
    """Return what a number stands for, by a name of its chain if one has the same value."""
    stands_for, world = bound.binding.stands_for, bound.world
    for chain in world.chains(bound.math.latex):
        alone = {each.start for side in chain.sides if is_lone(side) for each in numbers(side)}
        names = [side for side in chain.sides if isinstance(side, Name | Derivative)]
        if names and bound.binding.number.start in alone and {*chain.relations} <= {"=", ABOUT}:
            with suppress(Unbound):
                if equal(evaluate(names[0], world), evaluate(stands_for, world)):
                    return names[0]
    return stands_for


def python_tree(text: str) -> Any:  # noqa: ANN401  # JSON
    """Return an expression over the package as data, None where a browser has not all of it.

    Its kinds are `["call", name, [arguments], {named ones}]`, `["part", of, name]`,
    `["item", of, index]`, `["list", ...]`, `["name", name]`, `["text", text]` and
    arithmetic, as `["+", a, b]`.
    """
    try:
        return _python(ast.parse(text.strip(), mode="eval").body)
    except LookupError:
        return None


def _python(node: ast.expr) -> Any:  # noqa: ANN401, C901, PLR0911  # a line for each kind
    match node:
        case ast.Constant(value=str() as value):
            return ["text", value]
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name in NAMES:  # an example of its own, or a function that is not called
                raise LookupError(name)
            return ["name", name]
        case ast.Attribute(value=value, attr=part):
            return ["part", _python(value), part]
        case ast.Subscript(value=value, slice=index):
            return ["item", _python(value), _python(index)]
        case ast.List(elts=entries) | ast.Tuple(elts=entries):
            return ["list", *map(_python, entries)]
        case ast.UnaryOp(op=op, operand=operand):
            return [SIGNS[type(op)], _python(operand)]
        case ast.BinOp(left=left, op=op, right=right):
            return [SIGNS[type(op)], _python(left), _python(right)]
    assert isinstance(node, ast.Call)  # all that is left of what the page's settings may say
    assert isinstance(node.func, ast.Name)
    if node.func.id not in FUNCTIONS:
        raise LookupError(node.func.id)
    named = {str(each.arg): _python(each.value) for each in node.keywords}
    return ["call", node.func.id, [*map(_python, node.args)], named]

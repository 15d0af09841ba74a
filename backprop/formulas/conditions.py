r"""Conditions, on which words and sentences of a page depend: `E_o1 > E_o2 and not delta_o2 < 0`.

A condition is one or more comparisons of formulas, joined by `and`, `or` and `not`. Its formulas
are those of the page, in its notation. They are not typeset, so they need no braces and no
backslashes: `E_o1` for `E_{o_1}`, `dE_total/dw5`, `<=` for `\le`, `w5^+` after a round.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from backprop.formulas import latex
from backprop.formulas.bind import show, text_of
from backprop.formulas.evaluate import evaluate
from backprop.formulas.latex import LESS, MORE, SAME, LatexError
from backprop.formulas.layout import RELATION
from backprop.formulas.values import Unbound, equal
from backprop.formulas.world import World
from backprop.symbolic.expressions import Chain, Expression, Name, names

LONGEST = 300  # characters
PLAIN = (
    (re.compile(r"<="), r"\\le "),
    (re.compile(r">="), r"\\ge "),
    (re.compile(r"!="), r"\\ne "),
    (re.compile(r"\bd(?!elta_)(\w+)/d(?!elta_)(\w+)"), r"\\partial \1/\\partial \2"),
    (re.compile(r"_([A-Za-z0-9]{2,})"), r"_{\1}"),
)
"""What may be written in a condition for LaTeX."""

WORD = re.compile(r"[(\[{]|[)\]}]|(?<!\\)\b(?:and|or)\b")

Comparison: TypeAlias = tuple[Expression, str, Expression]


@dataclass(frozen=True)
class Condition:
    """Comparisons, or other conditions joined by a word.

    Attributes:
        word: `and`, `or` or `not`; empty where it compares.
        parts: the conditions that are joined.
        chain: what is compared, as in `0 < a < b`; None where conditions are joined.
    """

    word: str
    parts: tuple["Condition", ...] = ()
    chain: Chain | None = None

    @property
    def comparisons(self) -> list[Comparison]:
        """All pairs of neighbors that are compared, from left to right."""
        if self.chain is None:
            return [each for part in self.parts for each in part.comparisons]
        pairs = zip(pairwise(self.chain.sides), self.chain.relations, strict=True)
        return [(a, relation, b) for (a, b), relation in pairs]

    @property
    def names(self) -> list[Name]:
        """The names in all that is compared."""
        return [name for a, _, b in self.comparisons for side in (a, b) for name in names(side)]


def parse(text: str) -> Condition:
    """Read a condition.

    Raises:
        LatexError: it is not understood.
    """
    if len(text) > LONGEST:
        raise LatexError(f"{len(text)} characters came, expected {LONGEST} at most", 0)
    text = text.strip()
    for word in ("or", "and"):
        if len(parts := _parted(text, word)) > 1:
            return Condition(word, tuple(map(parse, parts)))
    if match := re.match(r"not\b", text):
        return Condition("not", (parse(text[match.end() :]),))
    if text.startswith("(") and _closes(text) == len(text) - 1 and re.search(RELATION, text):
        return parse(text[1:-1])
    for pattern, written in PLAIN:
        text = pattern.sub(written, text)
    chains = latex.parse(text)
    if len(chains) != 1 or len(chains[0].sides) < 2:
        raise LatexError("no comparison came, expected one, such as a < b", 0)
    return Condition("", chain=chains[0])


def _parted(text: str, word: str) -> list[str]:
    """Cut a condition at a word, wherever it stands in no brackets."""
    pieces, start = [], 0
    for match, depth in _words(text):
        if match[0] == word and not depth:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def _closes(text: str) -> int:
    """Return where the bracket closes that a text begins with."""
    return next((match.start() for match, depth in _words(text) if not depth), len(text))


def _words(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each bracket and each word that joins conditions, with the brackets open after it."""
    depth = 0
    for match in WORD.finditer(text):
        depth += (match[0] in "([{") - (match[0] in ")]}")
        yield match, depth


def holds(condition: Condition, world: World) -> bool | None:
    """Tell whether a condition holds; None where both sides are equal up to rounding.

    Raises:
        Unbound: a side has no value, or is an array.
    """
    parts = [holds(part, world) for part in condition.parts]
    if condition.word == "not":
        return None if parts[0] is None else not parts[0]
    if not condition.word:
        parts = [_compared(*each, world) for each in condition.comparisons]
    decisive = condition.word == "or"  # one part that holds decides; else one that does not
    return decisive if decisive in parts else None if None in parts else not decisive


def _compared(a: Expression, relation: str, b: Expression, world: World) -> bool | None:
    x, y = value(a, world), value(b, world)
    if relation in LESS or relation in MORE:
        return None if equal(x, y) else (x < y) == (relation in LESS)
    return equal(x, y) == (relation in SAME)


def value(side: Expression, world: World) -> Decimal:
    """Return the value of a side of a comparison.

    Raises:
        Unbound: it has no value, or is an array.
    """
    found = evaluate(side, world)
    if not isinstance(found, Decimal):
        raise Unbound(f"{text_of(side)} is an array, expected a number")
    return found


def with_values(condition: Condition, world: World) -> str:
    """Return what is compared, with the values of both sides."""
    return ", ".join(
        f"{_valued(a, world)} {relation} {_valued(b, world)}"
        for a, relation, b in condition.comparisons
    )


def _valued(side: Expression, world: World) -> str:
    text, worth = text_of(side), show(value(side, world))
    return text if text == worth else f"{text} ({worth})"

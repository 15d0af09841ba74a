"""The two sources as data: every equation and figure as printed, and what is wrong with it.

The files in `docs/.sources` say at their top what they hold.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import backprop
from backprop import EXAMPLES, train, train_with_new_output_weights
from backprop.pages.check import check_text
from backprop.pages.errata import DECIMAL, Entry, Source, named, source
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import Notation

DOCS = Path(__file__).parents[2] / "docs"
UNBRACED = re.compile(r"_([A-Za-z]\d+)")  # E_y1: how a source typesets is no error


SOURCES = [source("notes", DOCS), source("lecture", DOCS)]


@dataclass(frozen=True)
class Found:
    """A finding in an entry: where, what about it, and what to print instead."""

    piece: str
    message: str
    instead: str


def as_page(source: Source, texts: Sequence[str]) -> tuple[str, dict[int, str]]:
    """Return a page of entries, each with a text in place of what is printed, and whose a line is.

    The page says what an author's page would: the example, the notation, and the
    entries one after the other, formulas as formulas. Figures in words become
    statements, since the words say what each figure is: `initial error 0.298371109`
    is put as `$E_{\\mathrm{total}} = 0.298371109$`.
    """
    page = f"---\nbackprop: {source.settings}\n---\n"
    owners: dict[int, str] = {}
    for entry, text in zip(source.entries, texts, strict=False):
        first = page.count("\n") + 1
        page += f"\n{_block(entry, text, source.notation)}\n"
        owners |= dict.fromkeys(range(first, page.count("\n") + 1), entry.id)
    return page, owners


def findings(source: Source, texts: Sequence[str]) -> dict[str, list[Found]]:
    """Check a page of entries, each with a text in place of what is printed; by entry."""
    page, owners = as_page(source, texts)
    found: dict[str, list[Found]] = {id_: [] for id_ in owners.values()}
    checked = check_text(page, f"{source.name}.md")
    for each in sorted((*checked.findings, *checked.again), key=lambda each: each.start):
        piece = page[each.start : each.end]
        found[owners[each.place.line]].append(Found(piece, each.message, each.instead))
    return found


def _block(entry: Entry, text: str, notation: Notation) -> str:
    if entry.form == "text":
        figures = DECIMAL.findall(text) or [rf"\mathrm{{{text}}}"] * len(entry.means)
        pairs = zip(entry.means, figures, strict=True)
        return " and ".join(f"${named(meaning, notation)} = {figure}$" for meaning, figure in pairs)
    text = UNBRACED.sub(r"_{\1}", text)
    return f"${text}$" if entry.form == "inline" else f"$$\n{text}\n$$"


def evaluate(expression: str, source: Source) -> list[Decimal]:
    """Return the value or values that an expression of the data gives."""
    example = EXAMPLES[source.example]
    graph = Graph.of(example)
    sample = example.inputs, example.targets
    rate = example.learning_rate

    @cache
    def trained(rounds: int) -> Graph:
        if rounds == 1:
            return graph.updated(Decimal(str(rate)))
        training = train(
            example.network, *sample, learning_rate=rate, biases="frozen", rounds=rounds, keep=()
        )
        return Graph.of(replace(example, network=training.network))

    def slip(name: str, rounds: int = 1) -> Decimal:
        network = train_with_new_output_weights(
            example.network, *sample, learning_rate=rate, rounds=rounds
        )
        return Graph.of(replace(example, network=network)).value(name)

    known = {
        **{name: getattr(backprop, name) for name in backprop.__all__},
        "exp": math.exp,
        "floor": math.floor,
        "value": graph.value,
        "derivative": graph.derivative,
        "after": lambda name, rounds=1: trained(rounds).value(name),
        "slip": slip,
    }
    result = eval(expression, {"__builtins__": {}}, known)  # noqa: S307  # our own data
    return [Decimal(str(each)) for each in (result if isinstance(result, list) else [result])]


def unit(figure: Decimal) -> Decimal:
    """Return one unit in the last printed place."""
    return Decimal(1).scaleb(int(figure.as_tuple().exponent))

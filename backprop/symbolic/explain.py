"""Write the derivation of a parameter: as plain text for a terminal, as Markdown for a page.

A computed number has eight decimals: more if it had fewer than five significant digits, fewer if
it had more than sixteen. A line shows further decimals where a reader who recomputes it from the
printed numbers would otherwise get another result.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import partial
from typing import Literal

from backprop.symbolic.definitions import ACTIVATION, LOSS, RATE
from backprop.symbolic.derivation import Derivation, Step, derive
from backprop.symbolic.described import described
from backprop.symbolic.expressions import Derivative, Expression, Name
from backprop.symbolic.functions import value
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS, Notation
from backprop.symbolic.rounding import WIDE, power_of_ten, rounded, unit_of
from backprop.symbolic.styles import LATEX, PLAIN, Style, rows
from backprop.training import BiasChoice

PLACES = 8  # decimals of a computed number
LEAST_DIGITS, MOST_DIGITS = 5, 16  # significant digits of a computed number
GIVEN_PLACES = 2  # the fewest decimals of a given
MOST_GIVEN_PLACES = 15  # a given with more decimals is printed as a computed number
MOST_ADDED = 20  # decimals that are added for readers who recompute
WIDTH = 79  # of a line of plain text
SYMBOLS = 3  # derivatives on a line


def explanation(
    name: str,
    parameter: str,
    givens: Iterable[str] = (),
    *,
    biases: BiasChoice | Literal["none"] = "frozen",
    as_latex: bool = False,
    sizes: Sequence[int] | None = None,
    activations: str | Sequence[str] = ACTIVATION,
    loss: str = LOSS,
    samples: str = "sum",
) -> str:
    """Return the derivation of a parameter of a worked example, in the example's own notation.

    Args:
        name: of the example.
        parameter: such as `w5`, `b1`, or `b1_2` where each neuron has a bias.
        givens: changes to the example, as `described` takes them.
        biases: how they learn, or "none" for a network without biases.
        as_latex: whether to return Markdown with LaTeX.
        sizes: the size of each layer, inputs first, if it is not that of the example.
        activations: the name of an activation for all layers, or of one for each.
        loss: the name of the loss.
        samples: whether the total error is the "sum" or the "mean" of the samples' errors.

    Raises:
        ValueError: the parameter or a given is not understood, or the sizes, the activations
            or the loss are unknown or do not go together.
    """
    start, rate = described(name, givens, sizes=sizes, has_biases=biases != "none")
    graph = Graph(start.sizes, start.givens, activations=activations, loss=loss, samples=samples)
    derivation = derive(graph, parameter, rate, "frozen" if biases == "none" else biases)
    return (latex if as_latex else plain)(derivation, NOTATIONS[name])


def plain(derivation: Derivation, notation: Notation) -> str:
    """Return a derivation as text for a terminal.

    Raises:
        ValueError: the notation does not have a name of the network.
    """
    writer = _Writer(derivation, notation, PLAIN)
    return "\n\n".join(block for step in derivation.steps for block in _plain(step, writer))


def latex(derivation: Derivation, notation: Notation) -> str:
    """Return a derivation as Markdown with LaTeX, as a page shows it.

    Raises:
        ValueError: the notation does not have a name of the network.
    """
    writer = _Writer(derivation, notation, LATEX)
    return "\n\n".join(block for step in derivation.steps for block in _latex(step, writer))


def _plain(step: Step, writer: "_Writer") -> Iterator[str]:
    yield textwrap.fill(writer.words(step, "{}"), WIDTH)
    if step.paths:
        yield "\n".join("  " + " -> ".join(map(writer.name, path)) for path in step.paths)
    if step.of:
        lines = [f"  {writer.symbol(step.of)}"]
        for first, *rest in writer.sides(step):
            lines += [f"    = {first}", *(f"      {row}" for row in rest)]
        yield "\n".join(lines)


def _latex(step: Step, writer: "_Writer") -> Iterator[str]:
    yield writer.words(step, "${}$")
    if step.paths:
        yield "\n".join(
            "- " + " → ".join(f"${writer.name(name)}$" for name in path) for path in step.paths
        )
    if step.of:
        lines: list[str] = []
        for first, *rest in writer.sides(step):
            lines += [f"&= {first}", *(rf"&\quad {row}" for row in rest)]
        body = " \\\\\n".join(lines)
        yield f"$$\n\\begin{{align}}\n{writer.symbol(step.of)}\n{body}\n\\end{{align}}\n$$"


@dataclass(frozen=True)
class _Writer:
    """Writes the parts of a derivation in one style and notation."""

    derivation: Derivation
    notation: Notation
    style: Style

    def name(self, name: str) -> str:
        """Write a name as a symbol."""
        return self.symbol(Name(name))

    def symbol(self, part: Expression) -> str:
        """Write a name or a derivative as a symbol."""
        assert isinstance(part, Name | Derivative)  # nothing else has one
        return self.style.name(part, self.notation)

    def words(self, step: Step, form: str) -> str:
        """Write the words of a step, each name in a form such as `${}$`."""
        return re.sub(r"\{(\w+)\}", lambda name: form.format(self.name(name[1])), step.words)

    def sides(self, step: Step) -> list[list[str]]:
        """Write all that a quantity is equal to, each side on one line or more."""
        sides = [rows(formula, self.style, self.symbol, SYMBOLS) for formula in step.symbols]
        for more in range(MOST_ADDED + 1):  # if none is enough, the numbers are left out
            if all(self._comes_out(step, formula, more) for formula in step.numbers):
                sides += [
                    rows(part, self.style, partial(self._number, more=more), self.style.numbers)
                    for part in step.numbers
                ]
                break
        return [*sides, [self._number(step.of, 0)]] if step.of and step.result else sides

    def _number(self, part: Expression, more: int) -> str:
        return self.style.number(self._printed(part, more))

    def _printed(self, part: Expression, more: int) -> Decimal:
        """Return a number rounded to the digits that are printed."""
        exact = self.derivation.value(part)
        if self.derivation.is_given(part) and -_exponent(exact) <= MOST_GIVEN_PLACES:
            places = 0 if part == Name(RATE) else GIVEN_PLACES
            return rounded(exact, power_of_ten(-max(places, -_exponent(exact))))
        first = exact.adjusted() if exact else 0
        last = max(min(-PLACES, first - LEAST_DIGITS + 1), first - MOST_DIGITS + 1)
        return rounded(exact, power_of_ten(last - more))

    def _comes_out(self, step: Step, formula: Expression, more: int) -> bool:
        """Tell whether the printed digits give the printed result, give or take one unit."""
        result = self._printed(step.of, 0) if step.of and step.result else Decimal(0)
        unit = unit_of(result)
        try:
            again = value(formula, lambda part: self._printed(part, more))
        except ArithmeticError:  # with so few digits a divisor is 0
            return False
        with localcontext(WIDE):
            near = abs(again - result) < 2 * unit
            return near and abs(rounded(again, unit) - result) <= unit


def _exponent(number: Decimal) -> int:
    """Return the power of ten of a number's last digit, not counting trailing zeros."""
    return int(number.normalize().as_tuple().exponent)

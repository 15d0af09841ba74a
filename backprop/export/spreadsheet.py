r"""A worked example as a spreadsheet whose numbers are formulas.

When a reader changes a given, all else follows: the forward pass, the error, the derivatives, the
new weights, and a hundred rounds of training. Each quantity is a cell with a name, such as `w_5`
or `net_h1` (W5 is the name of a place already), and a formula that refers to other cells by their
names. The value of each formula is stored too, for programs that show a spreadsheet without
computing it.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from backprop.symbolic.definitions import RATE, TOTAL, delta_of, update
from backprop.symbolic.derivatives import product, total
from backprop.symbolic.expressions import (
    Derivative,
    Expression,
    Name,
    Product,
    as_quotient,
    replaced,
)
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import Notation
from backprop.symbolic.styles import SHEET, written

ROUNDS = 100
CREATED = dt.datetime(2015, 3, 17, tzinfo=dt.UTC)  # fixed, so that every build makes the same file
DECIMALS = "0.000000000"
AS_TYPED = "0.0###############"
FORMATS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1},
    "title": {"bold": True, "font_size": 14},
    "given": {"num_format": AS_TYPED, "bg_color": "#FFF2CC", "border": 1, "locked": False},
    "number": {"num_format": DECIMALS},
    "whole": {"num_format": "0"},
    "text": {},
}


@dataclass(frozen=True)
class Cell:
    """A quantity in a cell of its own.

    Attributes:
        name: the name of the cell.
        symbol: the symbol beside it.
        value: the value that the package computes.
        formula: the formula of the value; empty for a given, which the reader may change.
    """

    name: str
    symbol: str
    value: Decimal
    formula: str = ""


class Sheets:
    """The cells of a worked example, sheet by sheet.

    Args:
        graph: the network with its sample.
        learning_rate: the step size.
        notation: the notation of the symbols and the names.
    """

    def __init__(self, graph: Graph, learning_rate: Decimal, notation: Notation) -> None:
        self.graph = graph
        self.learning_rate = learning_rate
        self.notation = notation

    def givens(self) -> Iterator[Cell]:
        """Yield the cells that the reader may change."""
        for kind in ("i", "w", "b", "target"):
            for name in filter(lambda name: name.startswith(kind), self.graph.givens):
                yield self._cell(name)
        yield Cell(self.name(RATE), self.notation.plain(RATE), self.learning_rate)

    def forward(self) -> Iterator[Cell]:
        r"""Yield the nets and outs: $net = w_1\,out_1 + \dots + b$, $out = \sigma(net)$."""
        for net in self._nodes("net_"):
            yield self._defined(net)
            yield self._defined(_out(net))
        for most in self.graph.form.most:
            yield Cell(most, self.symbol(most), _value(self.graph, most), self.largest(most))

    def error(self) -> Iterator[Cell]:
        r"""Yield the error of each output, as $\frac{1}{2} (target - out)^2$, and the total."""
        for name in self._nodes("E_"):
            yield self._defined(name)

    def backward(self) -> Iterator[Cell]:
        """Yield the derivatives from the error down, each from those before."""
        form, known = self.graph.form, set[str]()
        for net in reversed(self._nodes("net_")):
            outs = form.outs_with(net)
            for out in (each for each in outs if each not in known):
                yield self._slope(TOTAL, out, self.by_out(out))
            for out in outs:
                yield self._slope(out, net, self.slope_of(out, net))
            known.update(outs)
            yield self._slope(TOTAL, net, form.total_by_net(net))
        for name in [*self._nodes("w"), *self._nodes("b")]:
            yield self._slope(TOTAL, name, form.total_by_deltas(name))

    def update(self) -> Iterator[Cell]:
        r"""Yield $w^+ = w - \eta \frac{\partial E_{total}}{\partial w}$, of biases too."""
        for name in [*self._nodes("w"), *self._nodes("b")]:
            slope = self.graph.derivative(TOTAL, name)
            yield Cell(
                f"{self.name(name)}_new",
                f"{self.notation.plain(name)}+",
                self.graph.value(name) - self.learning_rate * slope,
                self.formula(update(name)),
            )

    def name(self, name: str) -> str:
        """Return the name of a cell: `w_5`, since W5 is a place in the sheet."""
        if name in self.graph.form.most:
            return name
        if name.startswith("delta_"):
            return self.slope(TOTAL, name.replace("delta_", "net_"))
        key = self.notation.key(name)
        return re.sub(r"^([A-Za-z])(\d)", r"\1_\2", key)

    def symbol(self, name: str) -> str:
        """Return the symbol that the reader sees beside a cell."""
        nets = self.graph.form.most.get(name)
        return f"max({', '.join(map(self.symbol, nets))})" if nets else self.notation.plain(name)

    def slope(self, of: str, wrt: str) -> str:
        """Return the name of the cell of a derivative."""
        return f"d{self.name(of)}_d{self.name(wrt)}"

    def formula(self, expression: Expression, at: Callable[[str], str] | None = None) -> str:
        """Write an expression as a formula.

        Args:
            expression: in the names of the graph.
            at: returns the reference to a quantity; by default the name of its cell.
        """

        def show(part: Expression) -> str:
            if isinstance(part, Derivative):
                return self.slope(part.of.key, part.wrt.key)
            assert isinstance(part, Name)
            return (at or self.name)(part.key)

        return written(expression, SHEET, show)

    def largest(self, most: str, show: Callable[[str], str] | None = None) -> str:
        """Return the formula of the largest net input; `show` writes each, else its name."""
        return f"MAX({','.join(map(show or self.name, self.graph.form.most[most]))})"

    def by_out(self, out: str) -> Expression:
        """Return the derivative of the error with respect to an output of any layer."""
        form = self.graph.form
        is_last = out in form.outputs
        return self._exact(form.total_by_out(out)) if is_last else form.total_by_deltas(out)

    def slope_of(self, out: str, net: str) -> Expression:
        """Return the derivative of an output with respect to a net input."""
        slope = self.graph.form.slopes(out)[net]
        return self._exact(slope) if out in self.graph.form.outputs else slope

    def defined(self, name: str) -> Expression:
        """Return the definition of a quantity, with a factor of a half written as a quotient."""
        definition = self.graph.form.in_doubles.get(name) or self.graph.definition(name)
        assert definition is not None  # a given has no formula
        return as_quotient(definition) or definition

    def _exact(self, slope: Expression) -> Expression:
        """Return a derivative whose divisor is not rounded to 0, if the loss divides by 1 - out."""
        form = self.graph.form
        exact: Expression = replaced(slope, form.exact.get) if form.loss_entry.by_net else slope
        return exact

    def _cell(self, name: str, formula: str = "") -> Cell:
        value = self.graph.value(name)
        return Cell(self.name(name), self.notation.plain(name), value, formula)

    def _defined(self, name: str) -> Cell:
        return self._cell(name, self.formula(self.defined(name)))

    def _slope(self, of: str, wrt: str, expression: Expression) -> Cell:
        symbol = f"d{self.notation.plain(of)}/d{self.notation.plain(wrt)}"
        value, formula = self.graph.derivative(of, wrt), self.formula(expression)
        return Cell(self.slope(of, wrt), symbol, value, formula)

    def _nodes(self, stem: str) -> list[str]:
        return [name for name in self.graph.names if name.startswith(stem)]


class Rounds:
    """The rounds of training, each row computed from the one above; the biases are frozen."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        graph = sheets.graph
        self.weights = [name for name in graph.names if name.startswith("w")]
        self.nets = [name for name in graph.names if name.startswith("net_")]
        outs = map(_out, self.nets)
        deltas = [f"delta_{net.removeprefix('net_')}" for net in self.nets]
        names = ("round", *self.weights, *graph.form.most, *outs, TOTAL, *deltas)
        self.columns = {name: k for k, name in enumerate(names)}

    def head(self) -> list[str]:
        """Return the column headings."""
        symbol = self.sheets.symbol
        return ["round", *(symbol(name) for name in self.columns if name != "round")]

    def formulas(self, row: int, first: int) -> dict[str, str]:
        """Return the formula of each column in a row; the first row has the givens."""

        def at(name: str, row: int = row) -> str:
            if name in self.columns:
                return str(xl_rowcol_to_cell(row, self.columns[name]))
            return self.sheets.name(name)

        write = self.sheets.formula
        formulas = {}
        for weight in self.weights:
            start, moved = self.sheets.name(weight), self._moved(weight)
            formulas[weight] = (
                start if row == first else write(moved, lambda name: at(name, row - 1))
            )
        for most in self.sheets.graph.form.most:
            formulas[most] = self.sheets.largest(
                most, lambda net: write(self._in_columns(Name(net)), at)
            )
        for net in self.nets:
            formulas[_out(net)] = write(self._in_columns(self.sheets.defined(_out(net))), at)
            formulas[delta_of(net)] = write(self._delta(net), at)
        formulas[TOTAL] = write(self._in_columns(self.sheets.defined(TOTAL)), at)
        return formulas

    def _in_columns(self, expression: Expression) -> Expression:
        """Write out the net inputs and errors in an expression, since these have no column."""

        def put(part: Expression) -> Expression | None:
            if isinstance(part, Name) and part.key.startswith(("net_", "E_")):
                return self._in_columns(self.sheets.defined(part.key))
            return None

        return replaced(expression, put)

    def _delta(self, net: str) -> Expression:
        """Return the delta of a neuron as a sum over the outputs that depend on its net input."""
        form, ways = self.sheets.graph.form, list[Expression]()
        for out in form.outs_with(net):
            slope = self._in_columns(self.sheets.slope_of(out, net))
            factors = slope.factors if isinstance(slope, Product) else (slope,)
            ways.append(Product((self._in_columns(self.sheets.by_out(out)), *factors)))
        return total(*ways)

    def _moved(self, weight: str) -> Expression:
        """Return a weight after a round, with its derivative written in terms of deltas."""

        def put(part: Expression) -> Expression | None:
            if isinstance(part, Product):
                return product(*(replaced(factor, put) for factor in part.factors))
            if isinstance(part, Derivative):
                return self.sheets.graph.form.total_by_deltas(part.wrt.key)
            return None

        return replaced(update(weight), put)

    def values(self, rounds: int) -> Iterator[dict[str, Decimal]]:
        """Yield the values that the package finds, round by round."""
        graph = self.sheets.graph
        for done in range(rounds + 1):
            yield {name: _value(graph, name) for name in self.columns if name != "round"}
            if done < rounds:
                graph = graph.updated(self.sheets.learning_rate)


def _value(graph: Graph, name: str) -> Decimal:
    """Return the value of a node; a delta is the derivative with respect to its net input."""
    if nets := graph.form.most.get(name):
        return max(map(graph.value, nets))
    neuron = name.removeprefix("delta_")
    return graph.value(name) if neuron == name else graph.derivative(TOTAL, f"net_{neuron}")


def _out(net: str) -> str:
    return net.replace("net_", "out_")


def as_xlsx(
    graph: Graph, learning_rate: Decimal, notation: Notation, title: str, rounds: int = ROUNDS
) -> bytes:
    """Return a worked example as a file for a spreadsheet program.

    Args:
        graph: the network with its sample.
        learning_rate: the step size.
        notation: the notation of the symbols and the names.
        title: the title, such as "The lecture's example".
        rounds: the number of rounds of training.

    Raises:
        ValueError: the notation does not have a name of the network.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": CREATED})
        _Writer(book, Sheets(graph, learning_rate, notation)).write(title, rounds)
    return file.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, sheets: Sheets) -> None:
        self.book = book
        self.sheets = sheets
        self.formats = {name: book.add_format(each) for name, each in FORMATS.items()}

    def write(self, title: str, rounds: int) -> None:
        """Write one sheet after the other."""
        sheets = self.sheets
        change = "Change the colored numbers; all other sheets follow."
        self._sheet("Givens", f"{title}. {change}", sheets.givens())
        self._sheet("Forward pass", "From the inputs to the network's answer.", sheets.forward())
        form = sheets.graph.form
        self._sheet("Error", form.loss_entry.meaning, sheets.error())
        self._sheet("Backward pass", "From the error down to each parameter.", sheets.backward())
        biases = "The biases are shown as if they learned; the rounds keep them frozen."
        note = f"All at once. {biases}" if form.own_biases else "All at once."
        self._sheet("Update", note, sheets.update())
        self._rounds(Rounds(sheets), rounds)

    def _sheet(self, name: str, note: str, cells: Iterable[Cell]) -> None:
        """Write a sheet of named cells, one per row: symbol, number, formula."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, 2, 70)
        sheet.write(0, 0, note)
        for column, head in enumerate(("quantity", "value", "formula")):
            sheet.write(2, column, head, self.formats["head"])
        sheet.freeze_panes(3, 0)
        for row, cell in enumerate(cells, start=3):
            sheet.write_string(row, 0, cell.symbol)
            if cell.formula:
                self._formula(sheet, row, 1, cell.formula, cell.value)
                sheet.write_string(row, 2, f"= {cell.formula}")
            else:
                sheet.write_number(row, 1, float(cell.value), self.formats["given"])
            place = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
            self.book.define_name(cell.name, f"='{name}'!{place}")

    def _rounds(self, rounds: Rounds, number: int) -> None:
        """Write a row for each round, and a chart of the error."""
        sheet = self.book.add_worksheet("Rounds")
        sheet.set_column(1, len(rounds.columns), 13)
        for column, head in enumerate(rounds.head()):
            sheet.write(0, column, head, self.formats["head"])
        sheet.freeze_panes(1, 1)
        for row, values in enumerate(rounds.values(number), start=1):
            sheet.write_number(row, 0, row - 1, self.formats["whole"])
            for name, formula in rounds.formulas(row, first=1).items():
                self._formula(sheet, row, rounds.columns[name], formula, values[name])
        chart = self.book.add_chart({"type": "line"})
        error = rounds.columns[TOTAL]
        chart.add_series(
            {
                "name": ["Rounds", 0, error],
                "categories": ["Rounds", 1, 0, number + 1, 0],
                "values": ["Rounds", 1, error, number + 1, error],
            }
        )
        chart.set_title({"name": "The total error, round by round"})
        chart.set_legend({"none": True})
        sheet.insert_chart(1, len(rounds.columns) + 1, chart)

    def _formula(self, sheet: Any, row: int, column: int, formula: str, value: Decimal) -> None:  # noqa: ANN401  # xlsxwriter says no types
        sheet.write_formula(row, column, f"={formula}", self.formats["number"], float(value))

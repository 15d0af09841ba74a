"""The spreadsheets give in a spreadsheet program what the package gives."""

import io
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import openpyxl
import pytest
from kinds import ENDS, FEW, KINDS, Kind, name_of
from office import ROUNDS, computed_by_office, expected, wrong_cells

from backprop import EXAMPLES, Example
from backprop.export.spreadsheet import as_xlsx
from backprop.symbolic.definitions import LOSSES
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION, NOTATIONS

DEEP = Graph(
    [1, 2, 2, 1],
    {
        name: Decimal(k * 13 % 29 - 14).scaleb(-1)
        for k, name in enumerate(
            ["i1", *(f"w{k}" for k in range(1, 9)), "b1", "b2_1", "b2_2", "b3", "target_o1"]
        )
    },
)
OTHERS = {"w_5": -0.3, "i_1": 0.8, "eta": 0.25, "target_o2": 0.4}


def graph_of(example: Example) -> Graph:
    return Graph.of(example)


def rate_of(example: Example) -> Decimal:
    return Decimal(str(example.learning_rate))


def workbook(name: str) -> bytes:
    example = EXAMPLES[name]
    return as_xlsx(graph_of(example), rate_of(example), NOTATIONS[name], name, ROUNDS)


def place_of(book: Any, name: str) -> Any:
    """Return the cell that has a name."""
    [(sheet, place)] = book.defined_names[name].destinations
    return book[sheet][place.replace("$", "")]


def changed(content: bytes, numbers: dict[str, float]) -> bytes:
    """Return a workbook in which a reader has typed other numbers."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, number in numbers.items():
        place_of(book, name).value = number
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def without_minus(content: bytes) -> bytes:
    """Return a workbook with a minus missing in a formula."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = place_of(book, "out_h2")
    cell.value = cell.value.replace("EXP(-", "EXP(")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


RATE = Decimal("0.0625")
LAST = [kind for kind in KINDS[: 4 * len(ENDS)] if kind.activations[0] == "linear"]
FAR = {
    f"{name_of(kind)} at {net}": kind.of(kind.graph().givens | {"w5": Decimal(net * 10)})
    for kind in LAST
    for net in (4, 50, 100, -100)
}  # with which a net input of the last layer is some 10 times as large


@cache
def files() -> dict[str, bytes]:
    """Return the workbooks, made once and not while tests are collected."""
    return {
        **{
            name: as_xlsx(graph, Decimal("1e-9"), LECTURE_NOTATION, "", 1)
            for name, graph in FAR.items()
        },
        **{
            name_of(kind): as_xlsx(kind.graph(), RATE, LECTURE_NOTATION, "", ROUNDS) for kind in FEW
        },
        "lecture": workbook("lecture"),
        "notes": workbook("notes"),
        "deep": as_xlsx(DEEP, Decimal("0.5"), LECTURE_NOTATION, "deep", ROUNDS),
        "others": changed(workbook("lecture"), OTHERS),
        "wrong": without_minus(workbook("lecture")),
    }


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The workbooks as a spreadsheet program computes them, all in one run of it."""
    return computed_by_office(files(), tmp_path_factory.mktemp("sheets"))


def numbers_of(name: str) -> Iterator[tuple[str, int, int, float]]:
    example = EXAMPLES[name]
    return expected(graph_of(example), rate_of(example), name)


@pytest.mark.parametrize("name", ["lecture", "notes"])
def test_all_formulas_give_what_the_package_gives(name: str, computed: dict[str, Any]) -> None:
    assert wrong_cells(computed[name], numbers_of(name)) == []


def test_so_do_those_of_a_deep_network(computed: dict[str, Any]) -> None:
    assert wrong_cells(computed["deep"], expected(DEEP, Decimal("0.5"), "lecture")) == []


@pytest.mark.parametrize("kind", FEW, ids=name_of)
def test_so_do_those_of_a_network_of_any_kind(kind: Kind, computed: dict[str, Any]) -> None:
    numbers = expected(kind.graph(), RATE, "lecture")
    assert wrong_cells(computed[name_of(kind)], numbers, near=1e-15) == []


@pytest.mark.parametrize("name", FAR)
def test_so_do_those_of_a_network_with_very_large_net_inputs(
    name: str, computed: dict[str, Any]
) -> None:
    graph = FAR[name]
    wrong = wrong_cells(computed[name], expected(graph, Decimal("1e-9"), "lecture", 1), near=1e-13)
    # The slope by an output may be too large for a cell
    assert [line for line in wrong if not line.endswith("inf")] == []


def test_a_sheet_says_what_the_error_is() -> None:
    for kind in FEW[:1] + FEW[-1:]:
        book = openpyxl.load_workbook(io.BytesIO(files()[name_of(kind)]))
        assert book["Error"]["A1"].value == LOSSES[kind.loss].meaning
        assert ("biases" in book["Update"]["A1"].value) == (kind.biases != "none")


def test_softmax_is_written_with_all_net_inputs() -> None:
    [kind] = (
        each
        for each in FEW
        if each.loss == "cross_entropy" and len(each.sizes) == 3 and not each.samples
    )
    book = openpyxl.load_workbook(io.BytesIO(files()[name_of(kind)]))
    powers = [f"EXP(MAX(net_o{k}-most,-700))" for k in (1, 2)]
    assert place_of(book, "out_o1").value == f"={powers[0]}/({powers[0]}+{powers[1]})"
    assert place_of(book, "most").value == "=MAX(net_o1,net_o2)"
    assert place_of(book, "dout_o2_dnet_o1").value == "=-out_o2*out_o1"
    assert place_of(book, "dE_total_dnet_o1").value == (
        "=dE_total_dout_o1*dout_o1_dnet_o1+dE_total_dout_o2*dout_o2_dnet_o1"
    )


def test_a_reader_who_changes_a_given_gets_what_the_package_gives(computed: dict[str, Any]) -> None:
    graph = graph_of(EXAMPLES["lecture"])
    change = {"w5": Decimal("-0.3"), "i1": Decimal("0.8"), "target_o2": Decimal("0.4")}
    other = Graph(graph.sizes, graph.givens | change)
    assert wrong_cells(computed["others"], expected(other, Decimal("0.25"), "lecture")) == []
    assert wrong_cells(computed["others"], numbers_of("lecture"))  # which are others now


def test_a_wrong_formula_is_found(computed: dict[str, Any]) -> None:
    wrong = wrong_cells(computed["wrong"], numbers_of("lecture"))
    assert any(line.startswith("Forward pass 7,2: ") for line in wrong)
    assert any(line.startswith("Update") for line in wrong)


@pytest.mark.parametrize("name", ["lecture", "notes"])
def test_a_program_that_does_not_compute_shows_the_right_numbers(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files()[name]), data_only=True)
    assert wrong_cells(book, numbers_of(name)) == []


def test_each_number_but_the_givens_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(files()["lecture"]))
    typed = [
        (sheet.title, cell.column)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, int | float)
    ]
    assert {*typed} == {("Givens", 2), ("Rounds", 1)}
    assert typed.count(("Givens", 2)) == 15


def test_formulas_speak_of_cells_by_their_names() -> None:
    book = openpyxl.load_workbook(io.BytesIO(files()["notes"]))
    assert place_of(book, "z_1").value == "=w_1*x_1+w_2*x_2+b_1"
    assert place_of(book, "dE_total_dh_1").value == "=dE_total_dy_1*w_5+dE_total_dy_2*w_7"
    assert place_of(book, "w_5_new").value == "=w_5-alpha*dE_total_dw_5"


def test_the_same_numbers_make_the_same_file() -> None:
    assert workbook("lecture") == files()["lecture"]


def test_a_hundred_rounds_are_shown_unless_another_number_is_asked_for() -> None:
    example = EXAMPLES["lecture"]
    content = as_xlsx(graph_of(example), rate_of(example), LECTURE_NOTATION, "lecture")
    rounds = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Rounds"]
    assert rounds.max_row == 102
    graph = graph_of(example)
    for _ in range(100):
        graph = graph.updated(rate_of(example))
    column = [cell.value for cell in rounds[1]].index("E_total") + 1
    assert rounds.cell(102, column).value == float(graph.value("E_total"))

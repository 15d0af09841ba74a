"""The checker against the two sources: it finds each of their errors, and nothing else."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from printed import DOCS, SOURCES, UNBRACED, Found, as_page, evaluate, findings, unit

from backprop.formulas import latex
from backprop.pages.check import check_text
from backprop.pages.errata import DECIMAL, Entry, Error, Source
from backprop.pages.reader import read_text
from backprop.symbolic.expressions import Expression, Name, Number, Transpose, parts_of

ENTRIES = [
    pytest.param(source, entry, id=entry.id) for source in SOURCES for entry in source.entries
]
FIGURES_ONLY = [
    pytest.param(source, entry, id=entry.id)
    for source in SOURCES
    for entry in source.entries
    if entry.errors and all(error.truth for error in entry.errors) and "TBC" not in entry.printed
]
ERRORS = [
    pytest.param(source, entry, error, id=f"{entry.id}: {error.kind}, {error.printed}")
    for source in SOURCES
    for entry, error in source.errors
]
MISNAMED = [
    pytest.param(source, entry, error, id=f"{entry.id}: {error.printed}")
    for source in SOURCES
    for entry, error in source.errors
    if error.kind in ("other name", "misspelt name") and not error.right.endswith("{+}")
]
FIGURES = [
    pytest.param(source, error, id=f"{entry.id}: {error.printed}")
    for source in SOURCES
    for entry, error in source.errors
    if error.truth
]
REPRODUCED = [
    pytest.param(source, error, id=f"{entry.id}: {error.printed}")
    for source in SOURCES
    for entry, error in source.errors
    if error.reproduced_by
]


@cache
def found_as_printed(name: str) -> dict[str, list[Found]]:
    [source] = [source for source in SOURCES if source.name == name]
    return findings(source, [entry.printed for entry in source.entries])


def found_alone(source: Source, entry: Entry, error: Error) -> dict[str, list[Found]]:
    """Check all up to an entry, mended but for one error in it."""
    before = source.entries[: source.entries.index(entry)]
    return findings(source, [*(each.corrected() for each in before), entry.corrected(but=error)])


@pytest.mark.parametrize(("source", "entry"), ENTRIES)
def test_what_is_wrong_is_found_and_nothing_else(source: Source, entry: Entry) -> None:
    found = found_as_printed(source.name)[entry.id]
    assert bool(found) == bool(entry.errors), found


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_with_all_errors_mended_nothing_is_found(source: Source) -> None:
    found = findings(source, [entry.corrected() for entry in source.entries])
    assert not any(found.values()), found


@pytest.mark.parametrize(("source", "entry", "error"), ERRORS)
def test_each_error_is_found_alone(source: Source, entry: Entry, error: Error) -> None:
    found = found_alone(source, entry, error)
    assert found.pop(entry.id)
    assert not any(found.values())


@pytest.mark.parametrize(("source", "entry", "error"), MISNAMED)
def test_a_name_that_is_none_is_called_so(source: Source, entry: Entry, error: Error) -> None:
    found = found_alone(source, entry, error)[entry.id]
    [name] = latex.parse(UNBRACED.sub(r"_{\1}", error.printed))[0].sides
    assert isinstance(name, Name)
    said = {finding.message.partition("; ")[0] for finding in found}
    assert said == {f"{name.key} is no name of this page"}


@pytest.mark.parametrize(("source", "entry"), FIGURES_ONLY)
def test_findings_say_what_to_print(source: Source, entry: Entry) -> None:
    pairs = [
        (wrong, Decimal(right))
        for error in entry.errors
        for wrong, right in zip(
            DECIMAL.findall(error.printed), DECIMAL.findall(error.right), strict=True
        )
        if wrong != right
        for _ in range(error.times)
    ]
    found = found_as_printed(source.name)[entry.id]
    assert sorted((each.piece, Decimal(each.instead)) for each in found) == sorted(pairs)


@pytest.mark.parametrize(("source", "entry", "error"), ERRORS)
def test_an_error_stands_in_its_entry(source: Source, entry: Entry, error: Error) -> None:
    text = entry.printed
    for other in entry.errors[: entry.errors.index(error)]:
        text = text.replace(other.printed, other.right)
    assert text.count(error.printed) == error.times
    assert error.kind in source.kinds
    assert error.right != error.printed


@pytest.mark.parametrize(("source", "error"), FIGURES)
def test_a_corrected_figure_is_rounded_right(source: Source, error: Error) -> None:
    truths = evaluate(error.truth, source)
    figures = [Decimal(figure) for figure in DECIMAL.findall(error.right)][-len(truths) :]
    assert figures == [
        truth.quantize(unit(figure), ROUND_HALF_UP)
        for truth, figure in zip(truths, figures, strict=True)
    ]


@pytest.mark.parametrize(("source", "error"), REPRODUCED)
def test_a_wrong_figure_comes_out_of_its_cause(source: Source, error: Error) -> None:
    [result] = evaluate(error.reproduced_by, source)
    figure = Decimal(DECIMAL.findall(error.printed)[-1])
    # A float may end just below a tie that was rounded up.
    assert abs(result - figure) <= unit(figure) / 2 + Decimal("1e-12")


def test_all_of_the_sources_is_here() -> None:
    counts = {
        source.name: (
            len(source.entries),
            sum(bool(entry.errors) for entry in source.entries),
            len(source.errors),
        )
        for source in SOURCES
    }
    assert counts == {"notes": (31, 21, 45), "lecture": (75, 34, 53)}


@pytest.mark.parametrize(
    ("matrices", "formula"), [("rows", r"W_1 \mathbf{x}"), ("columns", r"W_1^T \mathbf{x}")]
)
def test_a_page_keeps_its_weights_as_rows_or_columns(matrices: str, formula: str) -> None:
    settings = f"---\nbackprop: {{example: lecture, matrices: {matrices}}}\n---\n\n"
    vector_form = rf"$\mathrm{{net}}_h = {formula} + \mathbf{{b}}_1$"
    assert not check_text(f"{settings}{vector_form}\n", "page.md").findings
    turned = settings.replace(matrices, "columns" if matrices == "rows" else "rows")
    assert check_text(f"{turned}{vector_form}\n", "page.md").findings


def test_weights_are_kept_in_no_other_way() -> None:
    page = "---\nbackprop: {example: lecture, matrices: diagonals}\n---\n\n$w_1 = 0.15$\n"
    [finding] = check_text(page, "page.md").findings
    assert finding.message == "matrices: 'diagonals' came, expected rows or columns"


# What the pages retell


def form(expression: Expression) -> str:
    """Return an expression with `#` for each number; pages choose their digits."""
    if isinstance(expression, Number):
        return "#"
    if isinstance(expression, Transpose):  # rows or columns: the pages say which, and why
        return form(expression.body)
    if isinstance(expression, Name):
        return expression.key
    parts = ", ".join(form(part) for part in parts_of(expression))
    return f"{type(expression).__name__}({parts})"


def told(formulas: Iterable[str]) -> set[tuple[str, str]]:
    """Return each left side with each of its right sides, of all formulas."""
    chains = [chain for formula in formulas for chain in latex.parse(formula)]
    return {(form(chain.sides[0]), form(side)) for chain in chains for side in chain.sides[1:]}


RETOLD_OTHERWISE = {
    "E_total": "Summation(Product(Quotient(#, #), Power(Sum(target, Negative(output)), #)))",
    "Derivative(y1, w5)": "Sum(Product(#, h1, Power(w5, Sum(#, Negative(#)))), #, #)",
}  # of the notes: their sum has an index, and no slope of a straight line needs a power


def untold(source: Source, page: str) -> set[tuple[str, str]]:
    """Return what a source says in formulas, mended, and a page does not."""
    mended, _ = as_page(source, [entry.corrected() for entry in source.entries])
    wanted = told(math.latex for math in read_text(mended, "a.md").math)
    known = told(math.latex for math in read_text(page, "b.md").math)
    otherwise = RETOLD_OTHERWISE.items() if source.name == "notes" else ()
    return wanted - known - {*otherwise}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_page_has_every_equation_of_its_source_with_numbers_put_in(source: Source) -> None:
    page = (DOCS / f"{source.name}.md").read_text("utf-8")
    assert untold(source, page) == set()


def test_an_equation_that_a_page_lost_is_missed() -> None:
    source = next(source for source in SOURCES if source.name == "lecture")
    page = (DOCS / "lecture.md").read_text("utf-8")
    lost = page.replace(r"&= 0.74136507 \times 0.18681560 \times 0.40 \\" + "\n", "")
    assert lost != page
    assert untold(source, lost) == {("Derivative(E_o1, out_h1)", "Product(#, #, #)")}

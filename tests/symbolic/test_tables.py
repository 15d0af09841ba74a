"""What is added to the tables alone, a function and a total error, is known to all uses of them."""

import re
from collections.abc import Iterator
from decimal import Decimal, localcontext

import mpmath
import pytest
from office import ROUNDS, computed_by_office, expected, wrong_cells
from softplus import GIVENS, RATE, SIZES, extended_tables, graph

from backprop.export.spreadsheet import as_xlsx
from backprop.formulas.judge import Binder
from backprop.formulas.latex import parse
from backprop.formulas.world import World
from backprop.symbolic.derivation import derive
from backprop.symbolic.explain import latex, plain
from backprop.symbolic.expressions import Derivative, Expression, Name, replaced
from backprop.symbolic.functions import PRECISE
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION, NOTATIONS, Notation
from backprop.symbolic.styles import LATEX, written

PARAMETERS = [*(f"w{k}" for k in range(1, 9)), "b1", "b2"]
SOFTPLUS = r"\mathrm{out}_{h_1} = \mathrm{softplus}(\mathrm{net}_{h_1})"


@pytest.fixture(autouse=True)
def _tables() -> Iterator[None]:
    with extended_tables():
        yield


def error_of(givens: dict[str, mpmath.mpf]) -> mpmath.mpf:
    """Return the total error, written out by hand for this one network."""
    x = givens

    def softplus(net: mpmath.mpf) -> mpmath.mpf:
        return mpmath.log(1 + mpmath.exp(net))

    def logistic(net: mpmath.mpf) -> mpmath.mpf:
        return 1 / (1 + mpmath.exp(-net))

    h1 = softplus(x["w1"] * x["i1"] + x["w2"] * x["i2"] + x["b1"])
    h2 = softplus(x["w3"] * x["i1"] + x["w4"] * x["i2"] + x["b1"])
    o1 = logistic(x["w5"] * h1 + x["w6"] * h2 + x["b2"])
    o2 = logistic(x["w7"] * h1 + x["w8"] * h2 + x["b2"])
    first, second = (x["target_o1"] - o1) ** 2 / 2, (x["target_o2"] - o2) ** 2 / 2
    return mpmath.mpf("0.3") * first + mpmath.mpf("0.7") * second


def test_the_value_and_all_derivatives_are_right_to_thirty_digits() -> None:
    found = graph()
    with mpmath.workdps(80):
        givens = {name: mpmath.mpf(str(x)) for name, x in GIVENS.items()}
        assert abs(mpmath.mpf(str(found.value("E_total"))) - error_of(givens)) < 1e-37
        for name in GIVENS:
            slope = mpmath.diff(lambda x, name=name: error_of({**givens, name: x}), givens[name])
            assert abs(mpmath.mpf(str(found.derivative("E_total", name))) - slope) < 1e-30, name


def test_a_derivative_is_the_limit_of_small_differences() -> None:
    step = Decimal("1e-13")
    for name in GIVENS:
        with localcontext(PRECISE):
            up, down = (
                graph().with_givens(GIVENS | {name: GIVENS[name] + move}).value("E_total")
                for move in (step, -step)
            )
            slope = graph().derivative("E_total", name)
            assert abs(slope - (up - down) / (2 * step)) < Decimal("1e-20"), name


def test_the_derivation_says_the_new_words_and_formulas() -> None:
    text = plain(derive(graph(), "w1", RATE), LECTURE_NOTATION)
    assert "How out_h1 changes with net_h1, by the slope of the softplus function:" in text
    assert "= sigma(net_h1)\n    = sigma(0.33750000)" in text
    words = " ".join(text.split())
    assert "Only E_o2 contains it, subtracted inside a square, and weighted in the total" in words
    assert "dE_total/dout_o2\n    = -0.7 * (target_o2 - out_o2)" in text
    after = graph().updated(RATE).value("w1")
    assert text.endswith(f"= {after:.8f}")


def on_page(notation: Notation, expression: Expression) -> Expression:
    """Return an expression in the names of a page."""

    def put(part: Expression) -> Expression | None:
        return Name(notation.key(part.key)) if isinstance(part, Name) else None

    page: Expression = replaced(expression, put)
    return page


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
def test_all_definitions_and_slopes_are_read_as_they_are_written(notation: Notation) -> None:
    form = graph().form

    def symbol(part: Expression) -> str:
        assert isinstance(part, Name | Derivative)
        return LATEX.name(part, notation)

    expressions = [each for each in form.definitions.values() if each is not None]
    expressions += [slope for name in form.definitions for slope in form.slopes(name).values()]
    assert any("softplus" in str(each) for each in expressions)
    for expression in expressions:
        [chain] = parse(written(expression, LATEX, symbol))
        assert chain.sides == (on_page(notation, expression),)


def read(world: World, text: str) -> list[str]:
    """Return what the checker finds in the formulas of a text."""
    binder = Binder(world)
    formulas = re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)
    assert formulas
    reports = [binder.read(formula) for formula in formulas]
    assert all(report.chains for report in reports)
    return [problem.message for report in reports for problem in report.problems]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_checker_finds_nothing_in_a_derivation(parameter: str) -> None:
    text = latex(derive(graph(), parameter, RATE), LECTURE_NOTATION)
    assert read(World(graph(), RATE, LECTURE_NOTATION), text) == []


def test_the_checker_finds_a_wrong_digit_and_a_wrong_slope() -> None:
    world = World(graph(), RATE, LECTURE_NOTATION)
    assert read(world, f"$${SOFTPLUS} = \\mathrm{{softplus}}(0.3375) = 0.8761$$") == []
    wrong = f"$${SOFTPLUS} = \\mathrm{{softplus}}(0.3375) = 0.8760$$"
    assert any("print 0.8761" in message for message in read(world, wrong))
    slope = r"$$\frac{\partial \mathrm{out}_{h_1}}{\partial \mathrm{net}_{h_1}} = "
    assert read(world, slope + r"\sigma(\mathrm{net}_{h_1})$$") == []
    logistic = r"\mathrm{out}_{h_1} (1 - \mathrm{out}_{h_1})$$"
    assert any("not equal" in message for message in read(world, slope + logistic))


def test_the_checker_trains_it_by_the_graph() -> None:
    world = World(graph(), RATE, LECTURE_NOTATION)
    after = graph().updated(RATE).updated(RATE).value("w5")
    assert read(world, f"$$w_5^{{(2)}} = {after:.9f}$$") == []


@pytest.fixture(scope="module")
def spreadsheet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    with extended_tables():
        content = as_xlsx(graph(), RATE, LECTURE_NOTATION, "softplus", ROUNDS)
    return computed_by_office({"softplus": content}, tmp_path_factory.mktemp("sheets"))


def test_a_spreadsheet_gives_what_the_graph_gives(spreadsheet: dict[str, object]) -> None:
    assert wrong_cells(spreadsheet["softplus"], expected(graph(), RATE, "lecture")) == []
    other = Graph(SIZES, GIVENS)  # the same numbers in a network of the lesson
    assert wrong_cells(spreadsheet["softplus"], expected(other, RATE, "lecture"))

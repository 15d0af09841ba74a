import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop import EXAMPLES, BiasChoice, Example
from backprop.cli import main
from backprop.pages.check import check_text
from backprop.symbolic import derivation, explain
from backprop.symbolic.derivation import derive
from backprop.symbolic.explain import explanation, latex, plain
from backprop.symbolic.expressions import named
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION, NOTATIONS
from backprop.symbolic.rounding import rounded

HALF = Decimal("0.5")
LECTURE = Graph.of(EXAMPLES["lecture"])
PARAMETERS = {
    "frozen": [*(f"w{k}" for k in range(1, 9)), "b1", "b2"],
    "shared": ["b1", "b2"],
    "per_neuron": ["w1", "w8", "b1_1", "b1_2", "b2_1", "b2_2"],
}
OWN = "(biases: per_neuron gives each neuron its own)"
EACH = [(biases, name) for biases, names in PARAMETERS.items() for name in names]


def random_graph(sizes: Sequence[int], numbers: Sequence[int], *, own: bool) -> Graph:
    """Return a network of these widths with numbers of three decimals."""
    names = [f"i{k + 1}" for k in range(sizes[0])]
    names += [f"w{k + 1}" for k in range(sum(a * b for a, b in pairwise(sizes)))]
    for layer, width in enumerate(sizes[1:], start=1):
        names += [f"b{layer}_{k + 1}" for k in range(width)] if own else [f"b{layer}"]
    names += [f"target_o{k + 1}" for k in range(sizes[-1])]
    values = (Decimal(numbers[k % len(numbers)] + k).scaleb(-3) for k in range(len(names)))
    return Graph(sizes, dict(zip(names, values, strict=True)))


def page_of(graph: Graph, text: str, notation: str, biases: str) -> str:
    """Return a page about a network of its own."""
    givens = "\n".join(f"    {name}: {value}" for name, value in graph.givens.items())
    return (
        f"---\nbackprop:\n  sizes: {[*graph.sizes]}\n  notation: {notation}\n"
        f"  biases: {biases}\n  givens:\n{givens}\n---\n\n{text}\n"
    )


GRAPHS = st.builds(
    random_graph,
    st.lists(st.integers(1, 3), min_size=2, max_size=4),
    st.lists(st.integers(-1500, 1500), min_size=5, max_size=9),
    own=st.booleans(),
)


@given(GRAPHS, st.sampled_from(sorted(NOTATIONS)), st.data())
def test_the_checker_finds_nothing_in_the_derivation_of_any_parameter_of_any_network(
    graph: Graph, notation: str, data: st.DataObject
) -> None:
    tied = "b1" in graph.givens
    biases: BiasChoice = data.draw(st.sampled_from(["frozen", "shared", "per_neuron"][: 2 + tied]))
    biases = biases if tied or biases != "shared" else "per_neuron"
    own = graph.untied() if biases == "per_neuron" else graph
    name = data.draw(st.sampled_from([each for each in own.givens if each[0] in "wb"]))
    text = latex(derive(graph, name, HALF, biases), NOTATIONS[notation])
    checked = check_text(page_of(graph, text, notation, biases), "page.md")
    assert [str(finding) for finding in checked.findings] == []
    assert not re.search(
        r"\d", re.sub(r"\$\$.*?\$\$|\$.*?\$|rate is 1,|^\d+ paths", "", text, flags=re.DOTALL)
    )


@given(GRAPHS, st.data())
def test_the_numbers_of_the_steps_are_those_of_the_graph(graph: Graph, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([each for each in graph.givens if each[0] in "wb"]))
    derived = derive(graph, name, HALF)
    slope = graph.derivative("E_total", name)
    for step in derived.steps:
        for formula in (*step.symbols, *step.numbers):
            assert step.of is not None
            true = derived.value(step.of)
            assert abs(derived.value(formula) - true) <= Decimal("1e-30")
    assert derived.value(named(f"dE_total/d{name}")) == slope
    new = graph.givens[name] - HALF * slope
    assert abs(derived.value(named(f"{name}+")) - new) <= Decimal("1e-25")


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize(("biases", "name"), EACH)
def test_each_parameter_of_both_examples_ends_with_its_new_value(
    example: Example, biases: BiasChoice, name: str
) -> None:
    graph = Graph.of(example)
    text = explanation(example.name, name, biases=biases)
    after = graph.updated(HALF, biases)
    if biases == "frozen" and name.startswith("b"):
        assert text.endswith(f"The biases are frozen: {name} stays as it is.")
    else:
        shown = text.splitlines()[-1].removeprefix("    = ")
        assert Decimal(shown) == rounded(after.value(name), Decimal("1e-8"))


def test_all_paths_are_listed_and_their_shares_add_up() -> None:
    text = explanation("lecture", "w1")
    assert text.startswith(
        "Two paths lead from w1 to the error:\n\n"
        "  w1 -> net_h1 -> out_h1 -> net_o1 -> out_o1 -> E_o1 -> E_total\n"
        "  w1 -> net_h1 -> out_h1 -> net_o2 -> out_o2 -> E_o2 -> E_total\n\n"
    )
    shares = [path.product for path in LECTURE.paths("E_total", "w1")]
    printed = [f"{rounded(share, Decimal('1e-8')):f}" for share in shares]
    assert f"    = {printed[0]} + ({printed[1]})\n    = 0.00043857" in text


@pytest.mark.parametrize(
    ("name", "biases", "paths"),
    [
        ("w5", "frozen", "One path leads"),
        ("b1", "frozen", "Four paths lead"),
        ("b2", "frozen", "Two paths lead"),
        ("b1_2", "per_neuron", "Two paths lead"),
    ],
)
def test_paths_are_counted(name: str, biases: BiasChoice, paths: str) -> None:
    assert explanation("notes", name, biases=biases).startswith(paths)


def test_very_many_paths_are_counted_and_not_walked() -> None:
    graph = random_graph([2, 30, 30, 30, 2], [300], own=False)
    text = plain(derive(graph, "w1", HALF), LECTURE_NOTATION)
    assert text.startswith(
        "1,800 paths lead from w1 to the error, and they have most of their parts in"
    )
    assert "path by path" not in text


def test_a_factor_is_derived_once() -> None:
    graph = random_graph([1, 2, 2, 1], [300], own=False)
    of = [step.of for step in derive(graph, "w1", HALF).steps if len(step.symbols) == 1]
    factors = [name for name in of if name not in (named("dE_total/dw1"), named("w1+"))]
    assert len(factors) == len(set(factors))


def test_digits_are_added_where_a_reader_could_not_recompute_else() -> None:
    graph = Graph([1, 1], {name: Decimal(x) for name, x in {
        "i1": "9", "w1": "1.4", "b1": "2", "target_o1": "0",
    }.items()})  # fmt: skip
    text = latex(derive(graph, "w1", HALF), LECTURE_NOTATION)
    page = page_of(graph, text, "lecture", "frozen")
    assert check_text(page, "page.md").findings == []
    # With fewer digits in the line, the checker does find something.
    long = re.search(r"= (0\.\d{9,}) ", text)
    assert long is not None
    short = page.replace(long[1], f"{rounded(Decimal(long[1]), Decimal('1e-8')):f}")
    assert any(
        "more digits" in finding.message for finding in check_text(short, "page.md").findings
    )


def test_numbers_near_zero_have_a_power_of_ten() -> None:
    graph = Graph([1, 1], {name: Decimal(x) for name, x in {
        "i1": "9", "w1": "3", "b1": "0.5", "target_o1": "1",
    }.items()})  # fmt: skip
    derived = derive(graph, "w1", HALF)
    slope = graph.derivative("E_total", "w1")
    text = latex(derived, LECTURE_NOTATION)
    assert re.search(r"&= -\d\.\d{4} \\times 10\^\{-\d\d\}\n", text)
    assert check_text(page_of(graph, text, "lecture", "frozen"), "page.md").findings == []
    shown = re.findall(r"= (-\d\.\d{4}e-\d\d)\n", plain(derived, LECTURE_NOTATION))
    assert shown
    assert Decimal(shown[-1]) == rounded(slope, Decimal(1).scaleb(slope.adjusted() - 4))


def test_what_has_been_computed_is_rounded_even_where_it_is_given() -> None:
    later = LECTURE.updated(HALF)
    assert "    = 0.35891648 - 0.5 * " in plain(derive(later, "w5", HALF), LECTURE_NOTATION)


def test_plain_text_fits_on_a_terminal() -> None:
    for biases, name in EACH:
        lines = explanation("lecture", name, biases=biases).splitlines()  # type: ignore[arg-type]
        assert max(map(len, lines)) <= 79


def test_zero_is_a_number_too() -> None:
    graph = Graph([1, 1], {"i1": Decimal(0), "w1": Decimal(1), "b1": Decimal(0),
                           "target_o1": Decimal(1)})  # fmt: skip
    text = latex(derive(graph, "w1", HALF), LECTURE_NOTATION)
    assert "&= 0.00000000\n" in text
    assert check_text(page_of(graph, text, "lecture", "frozen"), "page.md").findings == []


@pytest.mark.parametrize(
    ("arguments", "end"),
    [
        (["w5", "--example", "lecture"], "    = 0.40 - 0.5 * 0.08216704\n    = 0.35891648\n"),
        (["w5", "--example", "lecture", "--set", "eta=0.1"], "    = 0.39178330\n"),
        (["w1", "--example", "notes", "--set", "x1=0", "--set", "t1=1"], "    = 0.15000000\n"),
        (["b1", "--example", "notes", "--biases", "shared"], "    = 0.29060101\n"),
        (["b1_1", "--example", "notes", "--biases", "per_neuron"], "    = 0.29559883\n"),
        (["b1_2", "--example", "lecture", "--set", "b1_2=0.3"], "frozen: b1_2 stays as it is.\n"),
        (["b1", "--example", "notes", "--latex"], "The biases are frozen: $b_1$ stays as it is.\n"),
    ],
)
def test_the_command(arguments: list[str], end: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *arguments]) == 0
    out, err = capsys.readouterr()
    assert out.endswith(end)
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["w9"], "parameter: 'w9' came, expected a weight or a bias, such as w8, w7, w6"),
        (["i1"], "parameter: 'i1' came, expected a weight or a bias, such as w1, b1"),
        (["out_h1"], "parameter: 'out_h1' came, expected a weight or a bias, such as w1, b1"),
        ([""], "parameter: '' came, expected a weight or a bias, such as w1, b1"),
        (["b1_1"], f"parameter: 'b1_1' came, expected a weight or a bias, such as b1 {OWN}"),
        (["w5", "--set", "w5"], "'w5' came, expected NAME=NUMBER, as in i1=0.8"),
        (["w5", "--set", "out_h1=1"], "'out_h1' came, expected a given, as "),
        (["w5", "--set", "w5=much"], "givens: 'w5': 'much' came, expected a number"),
        (["w5", "--set", "w5=1", "--set", "w5=2"], "w5 came twice, expected one number for it"),
        (
            ["w5", "--set", "b1_1=1", "--biases", "shared"],
            "biases: 'shared' came with b1_1, expected one bias a layer",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *arguments, "--example", "lecture"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"backprop explain: {message}")
    assert err.count("\n") == 1


def test_an_unknown_example_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["explain", "w5", "--example", "mine"])
    assert left.value.code == 2
    assert "invalid choice: 'mine'" in capsys.readouterr().err


def test_a_derivation_with_a_wrong_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(graph: Graph, net: str, name: str) -> str:
        parts = graph.parts(net)
        return parts[parts.index(name) - 1]

    monkeypatch.setattr(derivation, "_partner", wrong)
    text = explanation("lecture", "w5", as_latex=True)
    page = f"---\nbackprop: {{example: lecture}}\n---\n\n{text}\n"
    assert any("not equal" in finding.message for finding in check_text(page, "p.md").findings)


def test_a_derivation_with_cut_digits_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "rounded", lambda x, unit: x.quantize(unit, "ROUND_DOWN"))
    text = explanation("lecture", "w5", as_latex=True)
    page = f"---\nbackprop: {{example: lecture}}\n---\n\n{text}\n"
    assert check_text(page, "p.md").findings

"""The numbers of worksheets: right, fair, and the same ones for the same seed."""

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import backward, forward, step, total_error
from backprop.symbolic.expressions import (
    Call,
    Expression,
    Name,
    Negative,
    Quotient,
    whole,
)
from backprop.symbolic.graph import Graph
from backprop.worksheets import givens as fairness
from backprop.worksheets.formulas import DIGITS, latex, rounded, symbol, value
from backprop.worksheets.givens import Givens, exercises, is_fair
from backprop.worksheets.sheets import sheet
from backprop.worksheets.steps import FORM, LEVELS, Level, levels_of, solved, steps_of

SEEDS = st.integers(0, 2**64)
A, B = Name("a"), Name("b")
VALUES = {"a": Decimal("-0.5"), "b": Decimal(2)}
SEVEN = (  # the first exercise of seed 7
    "i1=0.90 i2=0.20 w1=0.65 w2=0.30 w3=0.25 w4=0.15 w5=0.10 w6=-0.80 w7=-0.85 w8=0.40 "
    "b1=0.50 b2=0.55 target_o1=0.95 target_o2=0.05 learning_rate=0.30"
)


@pytest.mark.parametrize(
    ("formula", "worth", "symbols", "numbers"),
    [
        (A, "-0.5", "a", "-0.5"),
        (whole(3), "3", "3", "3"),
        (Negative(A), "0.5", "-a", "-(-0.5)"),
        (Negative(A - B), "2.5", "-(a - b)", "-(-0.5 - 2)"),
        (A + B + A, "1", "a + b + a", "-0.5 + 2 + (-0.5)"),
        (B - A, "2.5", "b - a", "2 - (-0.5)"),
        (B - (A + B), "0.5", "b - (a + b)", "2 - (-0.5 + 2)"),
        (A * (1 - A), "-0.75", r"a \times (1 - a)", r"(-0.5) \times (1 - (-0.5))"),
        (Quotient(whole(1), B), "0.5", r"\frac{1}{b}", r"\frac{1}{2}"),
        (A**2, "0.25", "a^2", "(-0.5)^2"),
        ((A + B) ** 2, "2.25", "(a + b)^2", "(-0.5 + 2)^2"),
        (Call("exp", A - A), "1", "e^{a - a}", "e^{-0.5 - (-0.5)}"),
    ],
)
def test_a_formula_is_worth_what_it_says(
    formula: Expression, worth: str, symbols: str, numbers: str
) -> None:
    assert value(formula, VALUES) == Decimal(worth)
    assert latex(formula, lambda name: name) == symbols
    assert latex(formula, lambda name: str(VALUES[name])) == numbers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("w5", "w_5"),
        ("w5+", "w_5^{+}"),
        ("net_h1", r"\mathrm{net}_{h_1}"),
        ("learning_rate", r"\eta"),
        (
            "dE_total/dout_o1",
            r"\frac{\partial E_{\mathrm{total}}}{\partial \mathrm{out}_{o_1}}",
        ),
    ],
)
def test_symbols(name: str, expected: str) -> None:
    assert symbol(name) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0.12345", "0.1235"), ("-0.12345", "-0.1235"), ("0.123449", "0.1234"), ("1", "1.0000")],
)
def test_half_way_cases_go_away_from_zero(number: str, expected: str) -> None:
    assert str(rounded(Decimal(number))) == expected


def judged(name: str, graph: Graph, after: Graph) -> Decimal:
    """Return a result by the graph, which knows nothing of steps."""
    of, _, wrt = name.partition("/")
    if wrt:
        return graph.derivative(of[1:], wrt[1:])
    if name.endswith("+"):
        return after.value(name[:-1])
    if name.startswith("delta_"):
        return graph.derivative("E_total", name.replace("delta", "net"))
    return graph.value(name)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_each_result_is_that_of_the_graph(seed: int) -> None:
    [givens] = exercises(seed, 1)
    numbers = {name: number for name, number in givens.items() if name != "learning_rate"}
    graph = Graph((2, 2, 2), numbers)
    after = graph.updated(givens["learning_rate"])
    for name, number in solved(givens).items():
        if name in givens:
            assert number == givens[name]
        else:
            assert math.isclose(number, judged(name, graph, after), rel_tol=1e-30), name


OTHERS = [level for level in LEVELS.values() if level.form != FORM]
each_other = pytest.mark.parametrize("level", OTHERS, ids=lambda level: level.name)


@each_other
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_each_result_of_another_form_is_that_of_the_graph(level: Level, seed: int) -> None:
    [givens] = exercises(seed, 1, level)
    numbers = {name: number for name, number in givens.items() if name != "learning_rate"}
    graph = Graph.in_form(level.form, numbers)
    after = graph.updated(givens["learning_rate"])
    found = solved(givens, form=level.form)
    assert found.keys() == {*givens, *(each.name for each in steps_of(level.form))}
    for name in found.keys() - givens.keys():
        assert abs(found[name] - judged(name, graph, after)) <= Decimal("1e-35"), name


@each_other
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_every_exercise_of_another_form_is_fair(level: Level, seed: int) -> None:
    for exercise in sheet(seed, level.name, 2).exercises:
        true, form = exercise.results, level.form
        found = solved(exercise.givens, by_hand=True, form=form)
        for each in steps_of(form):
            assert abs(found[each.name] - rounded(true[each.name])) <= DIGITS, each.name
            size = abs(true[each.name])
            assert size >= Decimal("0.002") or (size == 0 and level.off), each.name
        for slip in exercise.slips:
            assert abs(value(slip.formula, true) - true[slip.name]) >= Decimal("0.0003")
        targets = [x for name, x in exercise.givens.items() if name.startswith("target")]
        assert len(targets) == form.sizes[-1] * len(form.marks)
        assert (sum(targets) == 1) or level.name != "cross-entropy"


def test_a_hidden_layer_with_relu_has_a_neuron_that_is_on_and_one_that_is_off() -> None:
    for exercise in sheet(11, "relu", 3).exercises:
        results = exercise.results
        assert results["net_h1"] == results["out_h1"] >= Decimal("0.2")
        assert results["net_h2"] <= Decimal("-0.1")
        assert results["out_h2"] == results["dE_total/dw3"] == 0
        assert results["w3+"] == exercise.givens["w3"]


def test_with_softmax_each_delta_is_the_output_less_its_target() -> None:
    for exercise in sheet(11, "cross-entropy", 3).exercises:
        results = exercise.results
        for label in ("o1", "o2"):
            short = results[f"out_{label}"] - results[f"target_{label}"]
            assert abs(results[f"delta_{label}"] - short) < Decimal("1e-25")


def test_with_tanh_no_neuron_is_flatter_than_a_logistic_one_may_be() -> None:
    for exercise in sheet(5, "tanh", 12).exercises:
        for label in ("h1", "h2"):
            out = exercise.results[f"out_{label}"]
            slope = exercise.results[f"dout_{label}/dnet_{label}"]
            assert abs(slope - (1 - out**2)) < Decimal("1e-25")
            assert slope >= Decimal("0.2") * Decimal("0.8")


def test_the_error_of_two_samples_is_the_sum_of_theirs() -> None:
    for exercise in sheet(7, "two-samples", 3).exercises:
        results = exercise.results
        errors = results["E_o1_s1"] + results["E_o1_s2"]
        assert abs(results["E_total"] - errors) < Decimal("1e-25")
        ways = (results[f"delta_o1_s{k}"] * results[f"out_h2_s{k}"] for k in (1, 2))
        assert abs(results["dE_total/dw6"] - sum(ways)) < Decimal("1e-25")


def wrong(level: str, name: str, words: str) -> tuple[Decimal, Mapping[str, Decimal]]:
    """Return the number of a slip of a level's first exercise, and all numbers of this."""
    [exercise] = sheet(7, level, 1).exercises
    [slip] = [s for s in LEVELS[level].slips if s.name == name and words in s.words]
    return value(slip.formula, exercise.results), exercise.results


@pytest.mark.parametrize(
    ("level", "name", "words", "number"),
    [
        (
            "tanh",
            "delta_h1",
            "slope",
            lambda x: x["dE_total/dout_h1"] * x["out_h1"] * (1 - x["out_h1"]),
        ),
        ("tanh", "delta_h2", "squared", lambda x: x["dE_total/dout_h2"] * (1 - x["net_h2"] ** 2)),
        (
            "two-samples",
            "w5+",
            "mean",
            lambda x: x["w5"] - x["learning_rate"] / 2 * x["dE_total/dw5"],
        ),
        (
            "two-samples",
            "dE_total/dout_h1_s2",
            "first sample",
            lambda x: (
                (x["w5"] - x["learning_rate"] * x["delta_o1_s1"] * x["out_h1_s1"])
                * x["delta_o1_s2"]
            ),
        ),
        ("two-hidden-layers", "dE_total/dw1", "short", lambda x: x["delta_h2_1"] * x["i1"]),
        (
            "two-hidden-layers",
            "delta_o1",
            "slope",
            lambda x: (x["out_o1"] - x["target_o1"]) * x["out_o1"] * (1 - x["out_o1"]),
        ),
        (
            "two-hidden-layers",
            "dE_total/dout_h1_1",
            "skipped",
            lambda x: x["delta_o1"] * (x["w9"] + x["w10"]),
        ),
    ],
)
def test_a_slip_has_the_number_that_it_leads_to(
    level: str, name: str, words: str, number: Callable[[Mapping[str, Decimal]], Decimal]
) -> None:
    found, numbers = wrong(level, name, words)
    assert abs(found - number(numbers)) < Decimal("1e-25")
    assert abs(found - numbers[name]) >= Decimal("0.0003")


RELU = {name: Decimal(x) for name, x in exercises(7, 1, LEVELS["relu"])[0].items()}


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        (fairness.is_moderate, {"w3": "0.90"}),
        (fairness.is_moderate, {"w1": "-0.90", "w2": "-0.75"}),
        (fairness.shows_its_digits, {"learning_rate": "0.01"}),
        (fairness.shows_its_digits, {"i1": "0.01"}),
    ],
)
def test_what_is_not_fair_with_relu_is_not_taken(
    check: Callable[[Givens, Givens, Level], bool], changes: dict[str, str]
) -> None:
    level = LEVELS["relu"]
    assert is_fair(RELU, level)
    changed = RELU | {name: Decimal(x) for name, x in changes.items()}
    assert not check(changed, solved(changed, form=level.form), level)
    assert not is_fair(changed, level)


@pytest.mark.parametrize("name", LEVELS)
def test_the_example_of_an_exercise_has_its_numbers_by_the_lesson(name: str) -> None:
    """The lesson computes in NumPy, from formulas of its own."""
    level = LEVELS[name]
    loss, last = level.form.loss, len(level.form.sizes) - 1
    for exercise in sheet(7, levels_of(level.form)[-1].name, 3).exercises:
        example, results = exercise.example, exercise.results

        def results_of(pattern: str, numbers: Iterable[object]) -> object:
            found = [float(results[pattern.format(k)]) for k in numbers]  # noqa: B023
            return pytest.approx(found, rel=1e-9, abs=1e-12)

        network, x, targets = example.network, example.inputs, example.targets
        outs = forward(network, x).outs
        error = total_error(targets, outs[-1], loss=loss).sum()
        assert error == pytest.approx(float(results["E_total"]), rel=1e-12)
        gradient = backward(network, x, targets, loss=loss)
        for layer in range(1, last + 1):
            stem = "o" if layer == last else "h" if last == 2 else f"h{layer}_"
            labels = [
                f"{stem}{k}{mark}"
                for mark in level.form.marks
                for k in range(1, level.form.sizes[layer] + 1)
            ]
            assert outs[layer - 1].ravel().tolist() == results_of("out_{}", labels)
            assert gradient.deltas[layer - 1].ravel().tolist() == results_of("delta_{}", labels)
        numbers = range(1, sum(w.size for w in network.weights) + 1)
        slopes = np.concatenate([w.ravel() for w in gradient.weights])
        assert slopes.tolist() == results_of("dE_total/dw{}", numbers)
        rate = example.learning_rate
        after = step(network, x, targets, learning_rate=rate, biases="frozen", loss=loss)
        weights = np.concatenate([w.ravel() for w in after.weights])
        assert weights.tolist() == results_of("w{}+", numbers)
        asked = [k for k in range(1, last + 1) if f"dE_total/db{k}" in results]
        shared = [gradient.biases[k - 1].sum() for k in asked]
        assert shared == results_of("dE_total/db{}", asked)


def by_hand(givens: Givens) -> dict[str, Decimal]:
    """Do an exercise as a student does: each result rounded to four decimals, then used."""
    x = {name: float(number) for name, number in givens.items()}

    def note(name: str, number: float) -> float:
        x[name] = float(rounded(Decimal(repr(round(number, 12)))))
        return x[name]

    def sigma(net: float) -> float:
        return 1 / (1 + math.exp(-net))

    for h, (w, v) in {"h1": ("w1", "w2"), "h2": ("w3", "w4")}.items():
        net = note(f"net_{h}", x[w] * x["i1"] + x[v] * x["i2"] + x["b1"])
        note(f"out_{h}", sigma(net))
    for o, (w, v) in {"o1": ("w5", "w6"), "o2": ("w7", "w8")}.items():
        net = note(f"net_{o}", x[w] * x["out_h1"] + x[v] * x["out_h2"] + x["b2"])
        out = note(f"out_{o}", sigma(net))
        miss = out - x[f"target_{o}"]
        note(f"E_{o}", miss**2 / 2)
        by_out = note(f"dE_total/dout_{o}", miss)
        slope = note(f"dout_{o}/dnet_{o}", out * (1 - out))
        delta = note(f"delta_{o}", by_out * slope)
        for weight, h in ((w, "h1"), (v, "h2")):
            derivative = note(f"dE_total/d{weight}", delta * x[f"out_{h}"])
            note(f"{weight}+", x[weight] - x["learning_rate"] * derivative)
    note("E_total", x["E_o1"] + x["E_o2"])
    for h, weights, paths in (
        ("h1", ("w1", "w2"), ("w5", "w7")),
        ("h2", ("w3", "w4"), ("w6", "w8")),
    ):
        by_out = note(
            f"dE_total/dout_{h}", x["delta_o1"] * x[paths[0]] + x["delta_o2"] * x[paths[1]]
        )
        slope = note(f"dout_{h}/dnet_{h}", x[f"out_{h}"] * (1 - x[f"out_{h}"]))
        delta = note(f"delta_{h}", by_out * slope)
        for weight, i in zip(weights, ("i1", "i2"), strict=True):
            derivative = note(f"dE_total/d{weight}", delta * x[i])
            note(f"{weight}+", x[weight] - x["learning_rate"] * derivative)
    note("dE_total/db1", x["delta_h1"] + x["delta_h2"])
    note("dE_total/db2", x["delta_o1"] + x["delta_o2"])
    return {name: rounded(Decimal(repr(number))) for name, number in x.items()}


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(1, 3))
def test_every_exercise_is_fair(seed: int, number: int) -> None:
    for givens in exercises(seed, number):
        true, found = solved(givens), by_hand(givens)
        assert found.keys() == true.keys()
        for step_ in steps_of(FORM):
            printed = rounded(true[step_.name])
            assert abs(found[step_.name] - printed) <= DIGITS, step_.name
            assert abs(true[step_.name]) >= Decimal("0.002")
            beyond = abs(true[step_.name]).scaleb(4) % 1
            assert abs(beyond - Decimal("0.5")) >= Decimal("0.03"), step_.name
        assert all(Decimal("0.2") <= true[f"out_{k}"] <= Decimal("0.8") for k in ("h1", "h2"))
        assert all(Decimal("0.2") <= true[f"out_{k}"] <= Decimal("0.8") for k in ("o1", "o2"))
        assert len({abs(givens[f"w{k}"]) for k in range(1, 9)}) == 8
        assert sum(givens[f"w{k}"] < 0 for k in range(1, 9)) in (2, 3)
        assert all(x.as_tuple().exponent == -2 for x in givens.values())
        assert {0 < givens["i1"] < 1, 0 < givens["i2"] < 1, 0 < givens["target_o1"] < 1} == {True}


BASE = {name: Decimal(x) for name, x in (pair.split("=") for pair in SEVEN.split())}


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        (fairness.is_moderate, {"b1": "5.00"}),
        (fairness.is_moderate, {"target_o1": "0.52"}),
        (fairness.shows_its_digits, {"w6": "0.10"}),
        (fairness.shows_its_digits, {"learning_rate": "0.03"}),
        (fairness.has_no_tie, {"w1": "0.10"}),
        (fairness.is_robust, {"w5": "-2.50", "w6": "-0.83", "w7": "-2.99", "w8": "3.47"}),
        (fairness.shows_its_slips, {"w5": "0.70"}),
    ],
)
def test_what_is_not_fair_is_not_taken(check: Callable[..., bool], changes: dict[str, str]) -> None:
    assert check in fairness.FAIR
    assert check(BASE, solved(BASE))
    assert is_fair(BASE)
    changed = BASE | {name: Decimal(x) for name, x in changes.items()}
    assert not check(changed, solved(changed))
    assert not is_fair(changed)


def test_the_same_seed_gives_the_same_givens() -> None:
    first, second, third = exercises(7, 3)
    assert " ".join(f"{name}={number}" for name, number in first.items()) == SEVEN
    assert exercises(7, 2) == [first, second]
    assert third not in (first, second)
    assert exercises(8, 1) != [first]


def test_all_difficulties_ask_about_the_same_networks() -> None:
    levels = levels_of(FORM)
    sheets = [sheet(7, level.name, 2) for level in levels]
    assert len({str([each.givens for each in made.exercises]) for made in sheets}) == 1
    asked = [[step_.name for part in level.parts for step_ in part.steps] for level in levels]
    for fewer, more in pairwise(asked):
        assert more[: len(fewer)] == fewer
        assert len(more) > len(fewer)
    assert len(set(asked[-1])) == len(asked[-1]) == len(steps_of(FORM))

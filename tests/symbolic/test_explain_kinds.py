"""Derivations of networks of every kind are true, step by step, and the command prints them."""

import re
from dataclasses import replace
from decimal import Decimal, localcontext

import pytest
from kinds import KINDS, Kind, name_of

from backprop.cli import main
from backprop.examples import EXAMPLES
from backprop.formulas.judge import Binder
from backprop.formulas.world import World
from backprop.symbolic.definitions import LOSSES, OUT, TARGET, form_of
from backprop.symbolic.derivation import derive
from backprop.symbolic.explain import explanation, latex, plain
from backprop.symbolic.expressions import named
from backprop.symbolic.functions import PRECISE
from backprop.symbolic.givens import counted
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION

Capture = pytest.CaptureFixture[str]

RATE = Decimal("0.5")
BINARY = "binary_cross_entropy"
SOFTMAX = Kind((2, 2, 2), ("tanh", "softmax"), "cross_entropy")
FREE = KINDS
EXPLAIN = ("--sizes", "2,2,2", "--activations", "tanh,softmax", "--loss", "cross_entropy")


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_every_side_of_every_step_is_worth_what_it_stands_for(kind: Kind) -> None:
    graph = kind.graph()
    weights = [each for each in graph.givens if each.startswith("w")]
    biases = [each for each in graph.givens if each.startswith("b")]
    for name in (weights[0], weights[-1], *biases[-1:]):
        derived = derive(graph, name, RATE)
        for step in derived.steps:
            for formula in (*step.symbols, *step.numbers):
                assert step.of is not None
                error = abs(derived.value(formula) - derived.value(step.of))
                assert error <= Decimal("1e-30"), (name, step.words)
        assert derived.value(named(f"dE_total/d{name}")) == graph.derivative("E_total", name)


@pytest.mark.parametrize("kind", FREE, ids=name_of)
def test_the_checker_finds_nothing_in_a_derivation(kind: Kind) -> None:
    graph = kind.graph()
    binder = Binder(World(graph, RATE, LECTURE_NOTATION))
    text = latex(derive(graph, "w1", RATE), LECTURE_NOTATION)
    reports = [binder.read(each) for each in re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)]
    assert all(report.chains for report in reports)
    assert [problem.message for report in reports for problem in report.problems] == []


FAR = [
    *(["linear", "half_squared", x] for x in ("40", "-40", "1000", "-1000", "1e15", "-1e15")),
    *(["logistic", loss, x] for loss in ("squared", BINARY) for x in ("40", "-40", "90", "-1000")),
    *(["softmax", "cross_entropy", x] for x in ("40", "-40", "1000", "-1000", "1e15")),
]


@pytest.mark.parametrize(("last", "loss", "weight"), FAR)
@pytest.mark.parametrize("target", ["0", "1"])
@pytest.mark.parametrize("changed", ["w1", "w5"])
def test_a_derivation_is_true_where_outputs_are_all_but_0_or_1(
    changed: str, target: str, last: str, loss: str, weight: str
) -> None:
    kind = Kind((2, 2, 2), ("logistic", last), loss)
    givens = kind.graph().givens | {changed: Decimal(weight), "i1": Decimal(1)}
    givens |= {"target_o1": Decimal(target), "target_o2": 1 - Decimal(target)}
    text = plain(derive(kind.of(givens), "w1", RATE), LECTURE_NOTATION)
    assert wrong_lines(text) == []
    assert text.count("\n    = ") >= 25


def wrong_lines(text: str) -> list[str]:
    """Return the sums and products of a derivation that do not give the number below them."""
    wrong = []
    with localcontext(PRECISE, prec=500):
        for block in text.split("\n\n"):
            *sides, result = (" ".join(side.split()) for side in block.split("\n    = "))
            for side in filter(re.compile(r"[-\d.e+*/() ]*").fullmatch, sides):
                unit = Decimal((0, (1,), int(Decimal(result.strip("()")).as_tuple().exponent)))
                numbers = re.sub(r"\d[\d.]*(e-?\d+)?", r'Decimal("\g<0>")', side)
                if abs(eval(numbers) - Decimal(result)) >= Decimal("1.5") * unit:  # noqa: S307
                    wrong.append(f"{side} = {result}")
    return wrong


def test_a_line_with_too_few_digits_would_be_found() -> None:
    block = "  dout_o1/dnet_o1\n    = 1.00000000 * (1 - {})\n    = 1.9433e-10"
    assert wrong_lines(block.format("0.99999999980567")) == []
    assert wrong_lines(block.format("0.99999999")) == ["1.00000000 * (1 - 0.99999999) = 1.9433e-10"]


def test_softmax_is_derived_through_all_outputs_and_then_in_short() -> None:
    text = plain(derive(SOFTMAX.graph(), "w5", RATE), LECTURE_NOTATION)
    words = " ".join(text.split())
    assert "net_o1 sets out_o1 and out_o2. On the way through each of them rates mult" in words
    assert (
        "  dE_total/dnet_o1\n"
        "    = dE_total/dout_o1 * dout_o1/dnet_o1\n"
        "      + dE_total/dout_o2 * dout_o2/dnet_o1\n"
    ) in text
    assert "    = out_o1 * (1 - out_o1)\n" in text
    assert "How out_o2 changes with net_o1 of another neuron, by the slope of softmax" in words
    assert "    = -out_o2 * out_o1\n" in text
    assert (
        "Each output below a line cancels, and the targets sum to one:\n\n"
        "  dE_total/dnet_o1\n"
        "    = -(target_o1) / (out_o1) * out_o1 * (1 - out_o1)\n"
        "      + (target_o2) / (out_o2) * out_o2 * out_o1\n"
        "    = out_o1 * (target_o1 + target_o2)\n"
        "      - target_o1\n"
        "    = out_o1 - target_o1\n"
    ) in text


def test_the_short_form_stands_only_where_it_holds() -> None:
    squares = Kind((2, 2, 2), ("tanh", "softmax"), "squared")
    text = plain(derive(squares.graph(), "w5", RATE), LECTURE_NOTATION)
    assert "dout_o2/dnet_o1" in text
    assert "out_o1 - target_o1" not in text


def test_a_linear_neuron_passes_a_change_on() -> None:
    kind = Kind((1, 1), ("linear",), "squared", "none")
    text = plain(derive(kind.graph(), "w1", RATE), LECTURE_NOTATION)
    assert "  dout_o1/dnet_o1\n    = 1\n\n" in text
    assert " * 1.00 * " in text


def test_the_mean_over_the_samples_is_named() -> None:
    kind = Kind((1, 1), ("linear",), "squared", "none", 2, "mean")
    text = plain(derive(kind.graph(), "w1", RATE), LECTURE_NOTATION)
    words = " ".join(text.split())
    assert "and the mean over the samples divides by their number: dE_total/dout_o1_s1" in words
    assert words.startswith("Two paths lead from w1 to the error:")


def test_the_command_derives_a_network_of_any_form(capsys: Capture) -> None:
    assert main(["explain", "w1", *EXPLAIN]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "= out_o1 - target_o1\n" in out
    assert (
        out
        == explanation("lecture", "w1", activations=["tanh", "softmax"], loss="cross_entropy")
        + "\n"
    )


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["w5", "--activations", "relu"], "step(net_o1)"),
        (["w1", "--loss", "squared", "--set", "i1=2"], "-2 * (target_o1 - out_o1)"),
        (["w1", "--biases", "none"], "= 0.15 - 0.5 * "),
        (["w9", "--sizes", "2,3,1"], "    = 0.60 - 0.5 * "),
        (["w9", "--sizes", "2,3,1", "--example", "notes"], "dE_total/dŷ1"),
        (["w1", "--set", "i1_s2=0.3"], "i1_s2\n    = 0.30\n"),
        (["w1", "--set", "x1_s2=0.3", "--example", "notes"], "x1_s2\n    = 0.30\n"),
        (["w1", "--set", "i1_s2=0.3", "--samples", "mean"], "-(1) / (2) * (target_o1_s1 - out"),
        (["w1", "--set", "i1_s2=0.3", "--set", "i1=0.7"], "i1_s1\n    = 0.70\n"),
        (["w1", "--set", "i1_s2=0.3", "--set", "eta=0.1"], "    = 0.15 - 0.1 * "),
        (["b1", "--sizes", "2,2"], "net_o1 and net_o2"),
    ],
)
def test_the_options_of_the_command(arguments: list[str], shown: str, capsys: Capture) -> None:
    assert main(["explain", *arguments]) == 0
    assert shown in capsys.readouterr().out


def test_numbers_that_nobody_gave_count_up_as_those_of_the_lecture() -> None:
    given = counted((2, 2, 2))
    lecture = Graph.of(EXAMPLES["lecture"]).givens
    assert given == lecture
    assert [counted((1, 3))[f"target_o{k}"] for k in (1, 2, 3)] == [
        Decimal("0.01"),
        Decimal("0.01"),
        Decimal("0.98"),
    ]
    assert counted((1, 1))["target_o1"] == Decimal("0.99")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sizes", "2"], "sizes: [2] came, expected 2 to 16 layers of 1 to 64 neurons"),
        (["--sizes", "2,0"], "sizes: [2, 0] came, expected 2 to 16 layers of 1 to 64 neurons"),
        (["--sizes", "64,64"], "sizes: [64, 64] came, which has 4,096 weights, expected 2,000 at"),
        (["--activations", "tanh,relu,relu"], "activations: 3 came, expected one for each of 2 l"),
        (["--activations", "cubic"], "activations: 'cubic' (str) came, expected one of logistic,"),
        (["--loss", "cross_entropy"], "loss: cross_entropy came with logistic in the last layer"),
        ([*EXPLAIN, "--set", "target_o1=0.5"], "givens: target_o1, target_o2 sum to 1.49, expect"),
        (["--set", "i1_s99=1"], "sample 99 came, expected 16 samples at most"),
        (["--set", "i1_s2=1", "--set", "w1_s2=2"], "'w1_s2' came, expected a given, as "),
        (["--biases", "none", "--set", "b1=1"], "'b1' came, expected a given, as "),
    ],
)
def test_what_does_not_go_is_told_in_one_line(
    arguments: list[str], message: str, capsys: Capture
) -> None:
    assert main(["explain", "w1", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"backprop explain: {message}")
    assert err.count("\n") == 1


def test_a_network_without_biases_has_none_to_derive(capsys: Capture) -> None:
    assert main(["explain", "b1", "--biases", "none"]) == 2
    assert capsys.readouterr().err == (
        "backprop explain: parameter: 'b1' came, expected a weight or a bias, such as w1\n"
    )


@pytest.mark.parametrize("sizes", ["2,x", "", "2,-1,2"])
def test_widths_that_are_none_are_refused(sizes: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        main(["explain", "w1", "--sizes", sizes])
    assert left.value.code == 2
    assert f"{sizes!r} came, expected the width of each layer, as in 2,3,1" in (
        capsys.readouterr().err
    )


def test_a_wrong_short_form_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(LOSSES["cross_entropy"], short=(TARGET - OUT,))
    monkeypatch.setitem(LOSSES, "cross_entropy", wrong)
    form_of.cache_clear()
    with pytest.raises(AssertionError, match="Each output below a line cancels"):
        test_every_side_of_every_step_is_worth_what_it_stands_for(SOFTMAX)
    form_of.cache_clear()  # no other test may find a form with the wrong loss

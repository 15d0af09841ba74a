"""A number is found among the figures of the variants, or honestly not."""

import json
import random
from decimal import Decimal
from typing import Any

import mpmath
import numpy as np
import pytest

from backprop.cli import main
from backprop.examples import EXAMPLES
from backprop.symbolic.graph import Graph
from backprop.variants.candidates import VARIANTS, figures
from backprop.variants.verdict import (
    Diagnosis,
    as_json,
    as_text,
    diagnose,
    expected_fits,
    known,
    read_number,
    shown,
    table,
)


def looked_up(text: str) -> Diagnosis:
    return diagnose(read_number(text))


def first(text: str) -> tuple[str, int, str, str, str]:
    match = looked_up(text).matches[0]
    figure = match.figure
    return (
        figure.quantity,
        figure.round,
        match.variant.example.name,
        match.variant.name,
        match.agreement,
    )


@pytest.mark.parametrize(
    ("text", "value", "unit", "digits"),
    [
        ("0.291027924", 0.291027924, 1e-9, 9),
        (" .5 ", 0.5, 0.1, 1),
        ("3.51e-5", 3.51e-5, 1e-7, 3),
        ("3.51E-05", 3.51e-5, 1e-7, 3),
        ("+12.", 12, 1, 2),
        ("1e3", 1000, 1000, 1),
        ("-0.50", -0.5, 0.01, 2),
        ("\N{MINUS SIGN}0.5", -0.5, 0.1, 1),
        ("0.29102777369359933", 0.29102777369359933, 1e-12, 12),
        ("0.000", 0, 0.001, 1),
        ("1e-400", 0, 1e-300, 0),
        ("0,291027924", 0.291027924, 1e-9, 9),  # a decimal comma
        ("2,91e-1", 0.291, 1e-3, 3),
        ("tensor(0.2910)", 0.291, 1e-4, 4),
        ("tensor(0.2910, grad_fn=<MseLossBackward0>)", 0.291, 1e-4, 4),
        ("tensor([[-0.2910]], device='cuda:0', grad_fn=<MulBackward0>)", -0.291, 1e-4, 4),
        ("tensor(3.5102e-05, dtype=torch.float64)", 3.5102e-5, 1e-9, 5),
        ("array(0.291)", 0.291, 1e-3, 3),
        ("array([0.29102777], dtype=float32)", 0.29102777, 1e-8, 8),
        ("np.float64(0.29102777369359933)", 0.29102777369359933, 1e-12, 12),
        ("[0.2910]", 0.291, 1e-4, 4),
        ("[ [0.2910] ]", 0.291, 1e-4, 4),
        ("(0.2910)", 0.291, 1e-4, 4),
        ("0.2910f", 0.291, 1e-4, 4),
        ("2.91E-1F", 0.291, 1e-3, 3),
        ("~0.291", 0.291, 1e-3, 3),
        ("\N{ALMOST EQUAL TO} 0.291", 0.291, 1e-3, 3),
    ],
)
def test_a_number_is_read_with_its_digits(
    text: str, value: float, unit: float, digits: int
) -> None:
    reading = read_number(text)
    assert (reading.value, reading.unit, reading.digits) == (value, unit, digits)
    assert reading.text == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a", "nan", "inf", "-inf", "1e400", "1e101", "0x1", "1_0", "0,"),
        *(
            ".",
            "e5",
            "1e",
            "1e5.5",
            "\N{ARABIC-INDIC DIGIT ONE}",
            "1 2",
            ",5",
            "1,234,567",
            "1.2,3",
        ),
        *("0." + "3" * 40, "9" * 5000, "[" * 5000, "~" * 99, "[0.29", "tensor(0.29", "0.29)", "[]"),
        *("tensor()", "tensor([0.29, 0.31])", "tensor(0.29, 0.31)", "0.29ff", "f", "tensor(nan)"),
        "0.14980475 0.24977376 0.1996095 0.29954752 0.34609502 0.3454752",
        "epoch 0 loss 0.298371\nepoch 1 loss 0.280471\nepoch 2 loss 0.261908",
    ],
)
def test_what_is_no_number_is_refused_in_one_line(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="is no number: expected one such as 0"):
        read_number(text)
    with pytest.raises(SystemExit) as caught:
        main(["diagnose", "--", "0.5", text])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert line.startswith("backprop diagnose: argument NUMBER: ")
    assert len(line) < 150


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.291027924", ("E_total", 1, "lecture", "new weights", "rounded")),
        ("0.291027774", ("E_total", 1, "lecture", "as on these pages", "rounded")),
        ("0.29102777369359933", ("E_total", 1, "lecture", "as on these pages", "rounded")),
        ("0.0000351085", ("E_total", 9_999, "lecture", "as on these pages", "rounded")),
        ("3.5102e-05", ("E_total", 10_000, "lecture", "as on these pages", "rounded")),
        ("0.0000350915", ("E_total", 9_999, "lecture", "new weights", "rounded")),
        ("0.015912196", ("out_o1", 10_000, "lecture", "new weights", "rounded")),
        ("0.984065734", ("out_o2", 10_000, "lecture", "new weights", "rounded")),
        ("0.280471447", ("E_total", 1, "lecture", "a bias for each neuron", "rounded")),
        ("0.285750887", ("E_total", 1, "lecture", "shared biases", "rounded")),
        ("0.290336792", ("E_total", 1, "notes", "as on these pages", "rounded")),
        ("0.2910278141", ("E_total", 1, "lecture", "single precision", "rounded")),
        ("0.298371109", ("E_total", 0, "lecture", "as on these pages", "rounded")),
        ("0.1497", ("w1", 1, "lecture", "as on these pages", "cut")),  # as on the slides
        ("0.1995", ("w2", 1, "lecture", "as on these pages", "cut")),
        ("0.358916480", ("w5", 1, "lecture", "as on these pages", "rounded")),
        ("0.149999561", ("w1", 1, "lecture", "rate 0.001", "rounded")),
        ("0.149978072", ("w1", 1, "lecture", "rate 0.05", "rounded")),
        ("0.29102784", ("E_total", 1, "lecture", "as on these pages", "single")),
        ("0.29102784395217896", ("E_total", 1, "lecture", "as on these pages", "single")),
        ("3.510161e-5", ("E_total", 10_000, "lecture", "as on these pages", "single")),
        ("123", ("w2", 10_000, "lecture", "no minus in the exponent", "none")),
    ],
)
def test_known_figures(text: str, found: tuple[Any, ...]) -> None:
    assert first(text) == found


@pytest.mark.parametrize("digits", [9, 12, 17])
def test_each_figure_is_found_with_the_digits_that_tell_it_apart(digits: int) -> None:
    for figure in figures()[::7]:
        matches = looked_up(f"{figure.value:.{digits - 1}e}").matches
        assert any(
            match.agreement == "rounded"
            and shown(match.figure.value) == shown(figure.value)
            and match.figure.quantity == figure.quantity
            and set(match.variant.differences) <= set(VARIANTS[figure.variant].differences)
            for match in matches
        )


def test_who_does_more_otherwise_with_the_same_result_is_no_cause() -> None:
    # The biases make no difference to the first step of a weight, the order none to w5.
    [match] = looked_up("0.358916480").matches
    assert match.variant is VARIANTS[0]
    # But two causes of one figure are both named: neither contains the other.
    names = {match.variant.name for match in looked_up("0.149561432265").matches}
    assert names == {"sum of squares", "rate 1"}


def test_float32_explains_only_what_a_float32_prints() -> None:
    near = 0.29102784395217896  # the float32 that follows the error after one round in float32
    assert float(np.float32(near)) == near
    for typed in ("0.29102784", "0.291027844", "0.2910278440", "0.291027843952"):
        assert looked_up(typed).matches[0].agreement == "single", typed
    # With nine digits, no float32 is printed as one of these: the next is thirty units away.
    for typed in ("0.291027840", "0.291027850", "0.29102782", "0.2910278395"):
        assert not looked_up(typed).fits, typed
    # This is half a float32 from what a small i1 gives, and it was blamed for that.
    assert [m.variant.name for m in looked_up("0.149978072").matches] == ["rate 0.05"]


def quantities(example: str, done: int) -> dict[str, Decimal]:
    """Return the values of a graph, and the derivatives of the error by all of them."""
    graph = Graph.of(EXAMPLES[example])
    graph = graph.updated(Decimal("0.5")) if done else graph
    found = {name: graph.value(name) for name in graph.names}
    for name in graph.names:
        if not name.startswith("E"):
            found[f"dE_total/d{name}"] = graph.derivative("E_total", name)
    return found


@pytest.mark.parametrize("done", [0, 1])
@pytest.mark.parametrize("example", EXAMPLES)
def test_each_quantity_of_the_pages_is_right(example: str, done: int) -> None:
    found = quantities(example, done)
    assert len(found) == 47
    for name, value in found.items():
        diagnosis = looked_up(f"{value:.8e}")
        assert diagnosis.certain, name
        first = diagnosis.matches[0]
        assert not first.variant.differences, name
        figure_names = {
            (m.figure.quantity, m.variant.example.name)
            for m in diagnosis.matches
            if not m.variant.differences
        }
        same = {other for other, x in found.items() if abs(x - value) < 1e-12}
        assert {(other, example) for other in same} & figure_names, name
        assert "That is right." in as_text(diagnosis)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("0.3775", "net_h1"),
        ("0.593269992", "out_h1"),
        ("0.596884378", "out_h2"),
        ("1.105905967", "net_o1"),
        ("0.751365070", "out_o1"),
        ("0.274811083", "E_o1"),
        ("0.023560026", "E_o2"),
        ("0.741365070", "dE_total/dout_o1"),
        ("0.186815602", "dout_o1/dnet_o1"),
        ("0.138498562", "dE_total/dnet_o1"),
        ("0.082167041", "dE_total/dw5"),
        ("0.055399425", "dE_o1/dout_h1"),
        ("-0.019049118", "dE_o2/dout_h1"),
        ("0.036350306", "dE_total/dout_h1"),
        ("0.241300709", "dout_h1/dnet_h1"),
        ("0.008771355", "dE_total/dnet_h1"),
        ("0.000438568", "dE_total/dw1"),
    ],
)
def test_the_figures_on_the_way_have_their_names(text: str, quantity: str) -> None:
    [match] = [m for m in looked_up(text).matches if m.variant is VARIANTS[0]]
    assert (match.figure.quantity, match.figure.round) == (quantity, 0)


def test_the_figures_of_the_pages_by_another_road() -> None:
    """Nudge each number of the network, with fifty digits, for the derivatives."""
    with mpmath.workdps(50):
        givens = {n: mpmath.mpf(str(x)) for n, x in Graph.of(EXAMPLES["notes"]).givens.items()}

        def forward(nudged: str, by: Any) -> dict[str, Any]:
            g: dict[str, Any] = {}

            def take(name: str, value: Any) -> None:
                g[name] = value + (by if name == nudged else 0)

            for name, value in givens.items():
                take(name, value)
            for layer, below, first in (("h", ("i1", "i2"), 1), ("o", ("out_h1", "out_h2"), 5)):
                for k in (1, 2):
                    bias = g["b1" if layer == "h" else "b2"]
                    one, two = (g[f"w{first + 2 * (k - 1) + j}"] * g[below[j]] for j in (0, 1))
                    take(f"net_{layer}{k}", one + two + bias)
                    take(f"out_{layer}{k}", 1 / (1 + mpmath.exp(-g[f"net_{layer}{k}"])))
            for k in (1, 2):
                take(f"E_o{k}", (g[f"target_o{k}"] - g[f"out_o{k}"]) ** 2 / 2)
            take("E_total", g["E_o1"] + g["E_o2"])
            return g

        start, tiny = forward("", 0), mpmath.mpf("1e-20")
        found = [f for f in known() if VARIANTS[f.variant].name == "as on these pages"]
        mine = [f for f in found if VARIANTS[f.variant].example.name == "notes" and not f.round]
        assert len(mine) > 45
        for figure in mine:
            of, _, wrt = figure.quantity.removeprefix("d").partition("/d")
            up, down = (forward(wrt, sign * tiny) for sign in (1, -1))
            value = (up[of] - down[of]) / (2 * tiny) if wrt else start[figure.quantity]
            assert figure.value == pytest.approx(float(value), rel=1e-14), figure.quantity


RANGES = {
    "errors": (0.28, 0.32),
    "errors after one round": (0.290, 0.292),
    "first weights": (0.149, 0.151),
    "weights": (0.1, 0.6),
    "from 0 to 1": (0.0, 1.0),
    "negative": (-0.1, 0.1),
}


def random_numbers(low: float, high: float, decimals: int, count: int) -> list[str]:
    dice = random.Random(decimals)  # noqa: S311  # any numbers do, but the same in every run
    return [f"{dice.uniform(low, high):.{decimals}f}" for _ in range(count)]


def blamed(text: str) -> bool:
    """Tell whether an answer names a slip without a doubt."""
    answer = as_text(looked_up(text))
    return "\n  You " in answer.replace("You did what these pages do", "") and (
        "You would" not in answer
    )


@pytest.mark.parametrize("decimals", range(3, 10))
@pytest.mark.parametrize("limits", RANGES.values(), ids=RANGES)
def test_of_random_numbers_fewer_than_one_in_a_hundred_is_blamed_on_a_slip(
    limits: tuple[float, float], decimals: int
) -> None:
    count = 1000
    found = [text for text in random_numbers(*limits, decimals, count) if blamed(text)]
    assert len(found) < count / 100, found


def test_without_the_doubt_they_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = random_numbers(0.28, 0.32, 4, 1000)
    monkeypatch.setattr("backprop.variants.verdict.SURE", float("inf"))
    assert sum(map(blamed, texts)) > 200


@pytest.mark.parametrize(("low", "high"), [(0.28, 0.32), (0.35, 0.57), (0.1, 0.9)])
@pytest.mark.parametrize("decimals", [4, 5])
def test_as_many_fit_by_accident_as_are_expected(low: float, high: float, decimals: int) -> None:
    """Compare the sum of what is expected of each random number with how many figures fit."""
    values = np.unique([float(f"{figure.value:.12g}") for figure in known()])
    unit = 10.0**-decimals
    expected, fits = 0.0, 0
    for text in random_numbers(low, high, decimals, 4000):
        number = float(text)
        expected += expected_fits(number, 1.5 * unit)
        off = values - number
        fits += int(np.count_nonzero((abs(off) <= unit / 2) | ((off > 0) & (off < unit))))
    assert 0.5 < fits / expected < 2


def test_what_is_expected_by_hand() -> None:
    """Count in steps around a number: the fifth nearest figure, and then ten intervals."""
    values = sorted({float(f"{figure.value:.12g}") for figure in known()})
    near = sorted(abs(value - 0.3) for value in values)
    assert expected_fits(0.3, 1e-9) == pytest.approx(5 * 1e-9 / (2 * near[4]))
    inside = sum(distance <= 0.1 for distance in near)
    assert inside > 5
    assert expected_fits(0.3, 0.01) == pytest.approx(inside * 0.01 / 0.2)


@pytest.mark.parametrize(
    "text",
    [
        *("0.14980475", "0.24977376", "0.1996095", "0.29954752", "0.34609502", "0.3454752"),
        *("0.285877390", "0.241109039", "0.228547765", "0.149091242", "0.425756873"),
        *("0.303641760", "0.321931135", "0.260434393", "0.020046828"),
    ],
)
def test_what_others_printed_and_we_do_not_know_is_not_blamed(text: str) -> None:
    diagnosis = looked_up(text)
    assert (diagnosis.fits, diagnosis.certain) == (False, False)
    answer = as_text(diagnosis)
    assert answer.startswith(f"{text}: none of our figures. The nearest, which may have nothing")
    assert "  You would get it if you " in answer
    assert not blamed(text)


def test_six_digits_of_a_training_log() -> None:
    """The losses of a program whose biases learn, one for each neuron."""
    before, first, second = map(looked_up, ("0.298371", "0.280471", "0.261908"))
    assert before.matches[0].variant is VARIANTS[0]
    assert first.matches[0].variant.name == second.matches[0].variant.name
    assert first.matches[0].variant.name == "a bias for each neuron"
    assert second.certain


def test_distance_counts_in_the_last_digit_typed() -> None:
    [match] = looked_up("0.291027924").matches
    assert match.distance == pytest.approx(0.095, abs=0.001)
    nearest = looked_up("0.3111").matches[0]
    assert nearest.distance == pytest.approx(abs(nearest.figure.value - 0.3111) * 10_000)


def test_a_negative_number_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "-2.26025e-2", "-.5"]) == 0
    assert capsys.readouterr().out.startswith("-2.26025e-2")


def test_the_answer_is_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "0.291027924", "0.0000351085", "0.3111", "0.1497"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert (
        out
        == """\
0.291027924:
- E_total after 1 round, lecture: 0.291027923905.
  You went back to the hidden layer through output weights that had already changed.
  These pages have 0.291027773694.

0.0000351085: 6 digits cannot tell for certain.
By accident alone, 0.017 of our figures fit such a number on average. It may be:
- E_total after 9,999 rounds, lecture: 0.0000351085481225.
  Perhaps you did what these pages do.
  Then it is right. The figure after 10,000 rounds is 0.0000351018778298.

0.3111: none of our figures. The nearest, which may have nothing to do with it:
- E_total after 1 round, lecture: 0.312409065945, 13.1 units of your last digit away.
  You would get it if you swapped the two targets.
- w1 after 10,000 rounds, lecture: 0.312468629648, 13.7 units of your last digit away.
  You would get it if you took a learning rate of 0.1.
- E_total after 2 rounds, lecture: 0.312753463612, 16.5 units of your last digit away.
  You would get it if you added the derivatives, or lost the minus of -(target - out).

0.1497: 4 digits cannot tell for certain.
By accident alone, 1.8 of our figures fit such a number on average. It may be:
- w1 after 1 round, lecture: 0.149780716133, cut off and not rounded.
  Perhaps you did what these pages do.
  Then it is right.
- w1 after 1 round, notes: 0.149779941576, cut off and not rounded.
  Perhaps you did what these pages do.
  Then it is right.
- w1 after 1 round, lecture: 0.14970369168.
  Perhaps you swapped the two targets.
  These pages have 0.149780716133.
- And 11 figures besides. More digits may tell them apart.
"""
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("0.298371109", "before any update, lecture: 0.29837110876."),
        ("0.298371109", "That is right. The figure after 1 round is 0.291027773694."),
        ("0.29102784", ", equal as far as float32 goes."),
        (
            "0.2910278",
            ": 7 digits cannot tell for certain.\nBy accident alone, 0.3 of our figures fit",
        ),
        ("0.3", ": 1 digit cannot tell for certain."),
        ("tensor(0.2910)", "tensor(0.2910): 4 digits cannot tell for certain."),
        ("tensor(0.2910)", "Perhaps you did what these pages do.\n  Then it is right."),
        ("tensor(0.2910)", "Perhaps you went back to the hidden layer through output weights"),
        ("0.304", ": 3 digits cannot tell for certain.\nBy accident alone, 6 of our figures fit"),
        ("0.149561432265", "0.149561432265: one of these."),
        ("0.3406372", "You let the biases learn, one value for each layer.\n"),
        ("0.2909", "- And 1 figure besides. More digits may tell them apart."),
    ],
)
def test_what_an_answer_says(text: str, part: str) -> None:
    assert part in as_text(looked_up(text))


def test_a_bias_has_no_counterpart_where_they_are_frozen() -> None:
    [figure] = [f for f in figures() if (f.quantity, f.round, f.variant) == ("b1", 1, 1)]
    answer = as_text(looked_up(f"{figure.value:.9f}"))
    assert answer.endswith("On these pages the biases are frozen.")
    assert json.loads(as_json([looked_up(f"{figure.value:.9f}")]))[0]["matches"][0]["right"] is None


def test_json_has_all_that_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--json", "0.291027924", "0.1497"]) == 0
    one, many = json.loads(capsys.readouterr().out)
    assert (one["fits"], one["certain"], many["certain"]) == (True, True, False)
    assert one["expected"] < 0.01 < many["expected"]
    [match] = one["matches"]
    assert match["did"] == VARIANTS[3].did
    assert match["value"] == pytest.approx(0.291027923905, rel=1e-11)
    assert {k: v for k, v in match.items() if k not in ("did", "value", "distance")} == {
        "quantity": "E_total",
        "round": 1,
        "agreement": "rounded",
        "example": "lecture",
        "variant": 4,
        "differences": ["new weights"],
        "right": pytest.approx(0.291027773694, rel=1e-11),
    }
    assert len(many["matches"]) == 14


def test_a_browser_gets_all_figures_in_their_order() -> None:
    found = table()
    values = [x for *_, row in found["rows"] for x in row if x is not None]
    assert values == [figure.value for figure in known()]
    assert set(found["when"]) == set(found["meant"]) | {1, 10_000}
    example, *differences = found["variants"][5]
    assert example == "lecture"
    assert [found["did"][k] for k in differences] == [d.did for d in VARIANTS[5].differences]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.29837110876, "0.29837110876"),
        (3.51018778297886e-5, "0.0000351018778298"),
        (1.5e-6, "0.0000015"),
        (7.87e-7, "7.87e-7"),
        (-1.0, "-1"),
        (100.0, "100"),
        (0.0, "0"),
    ],
)
def test_numbers_are_shown_as_a_browser_shows_them(value: float, text: str) -> None:
    assert shown(value) == text

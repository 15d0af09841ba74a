"""A number is found among the figures of the variants, or honestly not."""

import json
from typing import Any

import pytest

from backprop.cli import main
from backprop.variants.candidates import VARIANTS, figures
from backprop.variants.verdict import (
    Diagnosis,
    as_json,
    as_text,
    diagnose,
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
        *("", " ", "a", "nan", "inf", "-inf", "1e400", "1e101", "0x1", "1_0", "0,5"),
        *(".", "e5", "1e", "1e5.5", "\N{ARABIC-INDIC DIGIT ONE}", "1 2"),
        *("0." + "3" * 40, "9" * 5000),
    ],
)
def test_what_is_no_number_is_refused_in_one_line(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="came, expected a number such as 0"):
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
        ("0.29102782", ("E_total", 1, "lecture", "as on these pages", "single")),
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

0.0000351085:
- E_total after 9,999 rounds, lecture: 0.0000351085481225.
  You did what these pages do.
  That is right. After 10,000 rounds it is 0.0000351018778298.

0.3111: no variant gives this. Nearest:
- E_total after 1 round, lecture: 0.312409065945, 13.1 units of your last digit away.
  You swapped the two targets.
- w1 after 10,000 rounds, lecture: 0.312468629648, 13.7 units of your last digit away.
  You took a learning rate of 0.1.
- E_total after 2 rounds, lecture: 0.312753463612, 16.5 units of your last digit away.
  You added the derivatives, or lost the minus of -(target - out).

0.1497:
- w1 after 1 round, lecture: 0.149780716133, cut off and not rounded.
  You did what these pages do.
  That is right.
- w1 after 1 round, notes: 0.149779941576, cut off and not rounded.
  You did what these pages do.
  That is right.
- w1 after 1 round, lecture: 0.14970369168.
  You swapped the two targets.
  These pages have 0.149780716133.
- 11 more figures fit. More digits may tell them apart.
"""
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("0.298371109", "before any update, lecture: 0.29837110876."),
        ("0.298371109", "That is right. After 1 round it is 0.291027773694."),
        ("0.29102782", ", equal as far as float32 goes."),
        ("0.3406372", "You let the biases learn, one value for each layer.\n"),
        ("0.2983", "- 1 more figure fits. More digits may tell them apart."),
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
    assert one["fits"]
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
    assert values == [figure.value for figure in figures()]
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

"""Whose numbers are these? What readers printed, forty small programs, and numbers by accident."""

import json
import random
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from backprop import LECTURE, train
from backprop.variants import search
from backprop.variants.quantities import NAMES
from backprop.variants.reading import read_numbers
from backprop.variants.search import SURE
from backprop.variants.shared import table
from backprop.variants.switches import OPTIONS, switches_of, way_of
from backprop.variants.verdict import (
    CODE,
    WORDS,
    Found,
    _telling,
    as_dict,
    as_json,
    as_report,
    as_text,
    diagnose,
    shown,
    where,
)

HERE = Path(__file__).parent
READERS = yaml.safe_load((HERE / "readers.yaml").read_text("utf-8"))
PROGRAMS = sorted((HERE / "programs").glob("*.py"))
BLAMES = ("variant", "several", "slip_in_print")
PAGE = (HERE.parents[1] / "docs" / "lecture.md").read_text("utf-8")


@pytest.mark.parametrize("case", READERS, ids=lambda case: case["print"][:30])
def test_what_a_reader_printed(case: dict[str, Any]) -> None:
    diagnosis = diagnose(case["print"])
    assert diagnosis.verdict == case["verdict"]
    if "switches" in case:
        assert switches_of(diagnosis.found[0].way) == case["switches"]
    if "round" in case:
        assert diagnosis.numbers[0].round == case["round"]
    if "quantity" in case:
        assert diagnosis.numbers[0].quantity == case["quantity"]
    if "did" in case:
        assert case["did"] in diagnosis.found[0].did
    assert case.get("says", "") in as_text(diagnosis)


# Programs


@cache
def printed(program: Path) -> str:
    """Return what a program prints."""
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def told(program: Path, name: str, default: str) -> str:
    """Return what the first lines of a program say of it."""
    found = re.search(rf"^# {name}: (.+)$", program.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else default


def outcome(program: Path) -> str:
    """Return "explained", "right" where its switch does not show, "wrongly" or "open"."""
    diagnosis = diagnose(printed(program))
    expected = json.loads(told(program, "expected", "{}"))
    if diagnosis.verdict == told(program, "verdict", "variant") or diagnosis.verdict == "several":
        ways = [switches_of(found.way) for found in diagnosis.found]
        return "explained" if expected in ways else "wrongly"
    if diagnosis.verdict in BLAMES:
        return "wrongly"
    return diagnosis.verdict if diagnosis.verdict == "right" else "open"


def test_of_forty_programs_nearly_all_are_explained_and_none_wrongly() -> None:
    outcomes = {program.stem: outcome(program) for program in PROGRAMS}
    assert len(outcomes) == 40
    assert [name for name, found in outcomes.items() if found == "wrongly"] == []
    explained = [name for name, found in outcomes.items() if found == "explained"]
    assert len(explained) >= 0.95 * len(outcomes)


def test_a_switch_that_does_not_show_is_not_blamed() -> None:
    """One works by hand, with four decimals, and prints what these pages have, rounded."""
    program = HERE / "programs" / "p28_by_hand.py"
    assert outcome(program) == "right"


def test_the_forty_programs_know_nothing_of_the_search() -> None:
    assert not [program for program in PROGRAMS if "backprop" in program.read_text("utf-8")]


# Accidents


def number(dice: random.Random) -> str:
    """Return a number of 3 to 12 digits that comes from nowhere."""
    digits = dice.randrange(3, 13)
    if dice.random() < 0.2:
        return f"{10 ** dice.uniform(-5, 0):.{digits - 1}e}"
    low, high = dice.choice(((0, 1), (0.28, 0.32), (0.1, 0.6)))
    return f"{dice.uniform(low, high):.{digits}f}"


def blamed(count: int, seed: int) -> list[str]:
    """Return those of many numbers that the search explains."""
    dice = random.Random(seed)  # noqa: S311  # any numbers do, but the same in every run
    numbers = [number(dice) for _ in range(count)]
    return [text for text in numbers if diagnose(text).verdict in BLAMES]


@pytest.fixture
def trained_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the values of all ways, which do not depend on the numbers that are looked up."""
    train = search.values_in
    monkeypatch.setattr(search, "values_in", cache(lambda tried: tuple(train(tried))))


@pytest.mark.usefixtures("trained_once")
def test_numbers_from_nowhere_are_not_blamed() -> None:
    assert len(blamed(50, seed=1)) <= 1


@pytest.mark.full
@pytest.mark.usefixtures("trained_once")
def test_thousands_of_numbers_from_nowhere_are_not_blamed() -> None:
    assert len(blamed(3_000, seed=2)) < 30


# Line by line


def test_the_first_wrong_number_is_told_with_its_code_and_its_place() -> None:
    text = "out_h1 0.593269992\nE_total 0.298371109\nw1 0.149091242\nw2 0.198182485\nw5 0.358916480"
    report = as_report(diagnose(text))
    *right, wrong = report["lines"]
    assert [line["text"] for line in right] == [
        "0.593269992 is out_h1 before any update.",
        "0.298371109 is E_total before any update.",
    ]
    assert wrong["text"] == "0.149091242 should be 0.149780716133: w1 after 1 round."
    assert wrong["code"] == "It is computed by `w1 -= eta * delta_h1 * i1`."
    assert wrong["place"] == "the-update-of-w1"
    assert "2 of 2 that follow fit." in report["then"]
    assert any("left out the slope" in line for line in report["then"])


def test_an_output_that_is_right_is_not_explained() -> None:
    report = as_report(diagnose("0.593269992 0.596884378 0.751365070"))
    assert report["head"] == "All 3 numbers are right."
    assert report["then"] == []


def test_a_right_number_in_single_precision_is_no_first_wrong_one() -> None:
    right = "loss 0.2983711063861847 out 0.751365065574646 0.7729284763336182\n"
    report = as_report(diagnose(right + "loss 0.26043441891670227"))
    assert [line["right"] for line in report["lines"]] == [True] * 4
    assert report["then"] == ["You computed in float32."]
    new = "loss 0.2604343891143799 out 0.701729953289032 0.7841397523880005\n"
    report = as_report(diagnose(right + new + "loss 0.22091636061668396"))
    assert [line["right"] for line in report["lines"]] == [True] * 4 + [False]
    assert "float32" in report["then"][0]


def test_each_quantity_has_a_line_of_the_lecture() -> None:
    anchors = {re.sub(r"[^\w\s-]", "", head).strip().lower().replace(" ", "-")
               for head in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}  # fmt: skip
    for name in (*NAMES, "b1", "b2"):
        code, place = where(name)
        assert code in PAGE
        assert place in anchors
    assert where("w5")[0].startswith("w5")
    assert where("net_h2")[1] == "forward-pass-hidden-layer"
    assert {code for _, code, _ in CODE} == {where(name)[0] for name in (*NAMES, "b1", "b2")}


# JSON


def test_json_says_the_same() -> None:
    told = json.loads(as_json(diagnose("0.291027924")))
    assert told.keys() == {"verdict", "numbers", "variants"}
    [one] = told["numbers"]
    assert one.keys() == {"printed", "quantity", "round", "right", "fits"}
    assert (one["printed"], one["quantity"], one["round"]) == ("0.291027924", "E_total", 1)
    assert one["right"] == pytest.approx(0.291027773694)
    assert one["fits"] is True
    [way] = told["variants"]
    assert way.keys() == {"switches", "did", "explains", "of", "chance"}
    assert way["switches"] == {"order": "new"}
    assert (way["explains"], way["of"]) == (1, 1)
    assert 0 < way["chance"] < 0.01


def test_hundreds_of_numbers_that_nothing_explains_have_an_answer() -> None:
    text = "0.298371109 " + " ".join(f"{k}.123456" for k in range(100, 500))
    diagnosis = diagnose(text)
    assert diagnosis.verdict == "unknown"
    assert len(as_dict(diagnosis)["numbers"]) == 401


@pytest.mark.parametrize(
    ("before", "times"),
    [("0.298371109 ", 2), ("0.298371109 ", 4), ("0.298371109 ", 40), ("", 2), ("", 4), ("", 500)],
)
def test_to_print_a_number_again_proves_nothing(before: str, times: int) -> None:
    assert diagnose(before + "0.304 " * times).verdict == "chance"


def test_few_digits_are_no_first_wrong_number() -> None:
    report = as_report(diagnose("0.29 0.28"))
    assert report["lines"] == []
    assert report["then"][-1] == WORDS["more_digits"]


def test_what_may_be_an_accident_is_no_correction() -> None:
    report = as_report(diagnose("0.298371109 0.2710"))
    assert [line["right"] for line in report["lines"]] == [True, False]
    assert "should be" not in report["lines"][1]["text"]
    assert report["then"][-1] == WORDS["more_digits"]


def test_json_has_the_numbers_of_few_digits_unjudged() -> None:
    numbers = as_dict(diagnose("0.36 0.298371109 0.5"))["numbers"]
    assert [each["printed"] for each in numbers] == ["0.36", "0.298371109", "0.5"]
    assert [each["fits"] for each in numbers] == [None, True, None]


def epochs(every: int, count: int, biases: Literal["frozen", "shared", "per_neuron"]) -> str:
    """Return what a program prints every so many rounds."""
    rounds = range(0, every * count, every)
    found = train(
        LECTURE.network,
        LECTURE.inputs,
        LECTURE.targets,
        learning_rate=LECTURE.learning_rate,
        biases=biases,
        rounds=rounds[-1],
        keep=rounds,
    )
    lines = zip(rounds, found.errors, strict=True)
    return "\n".join(f"epoch {done}, loss {error:.9f}" for done, error in lines)


@pytest.mark.parametrize(("every", "count"), [(100, 4), (1_000, 11), (30, 10)])
def test_a_program_may_print_any_rounds(every: int, count: int) -> None:
    right = diagnose(epochs(every, count, "frozen"))
    assert right.verdict == "right"
    assert [each.round for each in right.numbers] == [*range(0, every * count, every)]
    other = diagnose(epochs(every, count, "per_neuron"))
    assert switches_of(other.found[0].way) == {"biases": "per_neuron"}
    assert all(each.explained for each in other.numbers)


def test_a_lone_number_of_any_round() -> None:
    found = diagnose(epochs(300, 2, "shared").splitlines()[1])
    assert switches_of(found.found[0].way) == {"biases": "shared"}
    assert found.numbers[0].round == 300


def test_numbers_of_rounds_that_are_not_looked_at_are_left_out() -> None:
    diagnosis = diagnose(epochs(1, 300, "frozen"))
    assert diagnosis.verdict == "right"
    assert len(diagnosis.numbers) + len(diagnosis.far) == 300
    told = f"We left out {len(diagnosis.far)} numbers of rounds that we do not look at."
    assert as_report(diagnosis)["then"] == [told]
    fits = [each["fits"] for each in as_dict(diagnosis)["numbers"]]
    assert (len(fits), fits.count(None)) == (300, len(diagnosis.far))


def test_a_round_that_is_not_looked_at_is_no_reason_to_say_nothing() -> None:
    diagnosis = diagnose("123456 0.298371109")
    assert (diagnosis.verdict, diagnosis.far) == ("right", ())


@pytest.mark.parametrize("text", ["0.298371109 0.2710", "0.2917272634", "0.5", "0.304"])
def test_json_is_whole_for_every_verdict(text: str) -> None:
    told = as_dict(diagnose(text))
    assert len(told["numbers"]) == len(read_numbers(text))
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0.25, "0.25"), (1e-7, "1e-7"), (0.0, "0"), (12.0, "12")),
        (3.51018777e-05, "0.0000351018777"),
        (0.06182861328125, "0.0618286132813"),  # a tie, of half precision
    ],
)
def test_numbers_are_written_as_a_browser_does(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_browser_is_told_all_that_it_needs() -> None:
    told = json.loads(json.dumps(table()))
    assert len(told["options"]) == len(OPTIONS)
    assert told["names"] == list(NAMES)
    assert told["words"] == WORDS
    assert told["limits"]["sure"] == SURE


def test_every_sentence_is_said_somewhere() -> None:
    source = (HERE.parents[1] / "backprop" / "variants" / "verdict.py").read_text("utf-8")
    for key in WORDS:
        assert f'"{key}"' in source or key.endswith("s"), key


def test_a_tie_of_half_precision_is_rounded_up_as_in_a_browser() -> None:
    told = as_text(diagnose("0.0621948242188"))
    assert "1.445313 for cross-entropy and half precision" in told


def test_ways_that_never_differ_cannot_be_told_apart() -> None:
    same = Found(way_of({"order": "new"}), "did so", 1, 1, 0.0)
    shared = Found(way_of({"order": "new", "biases": "shared"}), "did so", 1, 1, 0.0)
    assert _telling([same, same]) is None
    assert "E_total after 1 round" in (_telling([same, shared]) or "")


@pytest.mark.parametrize(
    "text",
    [
        "w5 0.317832959",
        "0.045120000",
        "0.747000000",
        "0.299700000",
        "0.5968800000",
        "0.772817000",  # six decimals, rounded or cut off: they differ by 0.000001 at most
        "-0.4341440000",
    ],
)
def test_the_number_to_print_next_tells_several_ways_apart(text: str) -> None:
    diagnosis = diagnose(text)
    assert diagnosis.verdict == "several"
    [advice] = [line for line in as_report(diagnosis)["then"] if "tell them apart" in line]
    told = re.fullmatch(r"To tell them apart, print (\S+) (.+?): (.+)\.", advice)
    assert told
    quantity, when, values = told.groups()
    numbers = re.findall(r"(-?\d+\.\d+) for ", values)
    assert len({*numbers}) == len(numbers) > 1
    for number, found in zip(numbers, diagnosis.found, strict=False):
        again = diagnose(f"{text}\n{quantity} {when}: {number}")
        assert found.way in [each.way for each in again.found]
        others = {each.way for each in diagnosis.found[: len(numbers)]} - {found.way}
        assert not others & {each.way for each in again.found}


def test_each_of_several_ways_says_what_these_pages_have_in_its_place() -> None:
    told = as_report(diagnose("0.045120000"))["then"]
    places = [
        re.fullmatch(r"It is (\S+ after \d+ rounds): .* These pages have (\S+)\.", line)
        for line in told[:-1]
    ]
    found = {place[1]: float(place[2]) for place in places if place}
    assert len(found) == 3
    for place, value in found.items():
        assert diagnose(f"{place}: {value:.12f}").verdict == "right"

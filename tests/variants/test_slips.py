"""Slips in print: a digit typed wrong, two swapped, a zero lost, cut off, a part added twice."""

import pytest

from backprop.variants.quantities import NAMES
from backprop.variants.reading import read_numbers
from backprop.variants.slips import of_rounds, of_the_notes, of_the_pages, slips
from backprop.variants.switches import switches_of


@pytest.mark.parametrize(
    ("text", "kind", "quantity", "done"),
    [
        ("0.291027778", "digit", "E_total", 1),  # 0.291027774
        ("0.291072774", "swapped", "E_total", 1),
        ("0.29127774", "zero", "E_total", 1),
        ("0.291027773", "cut", "E_total", 1),
        ("0,291072774", "swapped", "E_total", 1),
        ("2.91072774e-1", "swapped", "E_total", 1),
        ("0.321931135", "twice", "E_total", 0),
        ("0.7275", "twice", "net_h1", 0),  # 0.3775 with its bias once more
        ("-0.030898237", "swapped", "dE_total/dnet_o2", 0),  # -0.038098237
        ("-0.298371109", "sign", "E_total", 0),
    ],
)
def test_what_went_wrong(text: str, kind: str, quantity: str, done: int) -> None:
    [number] = read_numbers(text)
    found, expected = slips(number, of_the_pages(late=()))
    assert (kind, quantity, done) in [(s.kind, NAMES[s.quantity], s.round) for s in found]
    assert expected > 0


@pytest.mark.parametrize("text", ["0.638098237", "0.030898237", "0.2999122", "-0.291072774"])
def test_a_slip_in_the_digits_leaves_the_sign(text: str) -> None:
    [number] = read_numbers(text)
    found, _ = slips(number, of_the_pages(late=()))
    assert [slip for slip in found if slip.value * number.value < 0] == []


def test_words_narrow_what_was_meant() -> None:
    [number] = read_numbers("w5 0.291072774")
    assert slips(number, of_the_pages(late=()))[0] == []


def test_a_slip_in_a_number_of_the_notes() -> None:
    [number] = read_numbers("0.29336792")
    [slip] = slips(number, of_the_notes())[0]
    assert (slip.kind, switches_of(slip.way)) == ("zero", {"example": "notes"})


def test_fewer_values_make_fewer_accidents() -> None:
    [number] = read_numbers("0.291072774")
    assert slips(number, of_rounds([1]))[1] < slips(number, of_the_pages(late=()))[1]


def test_a_right_number_is_no_slip() -> None:
    [number] = read_numbers("0.291027774")
    kinds = {slip.kind for slip in slips(number, of_the_pages(late=()))[0]}
    assert kinds <= {"digit"}


def test_zero_may_have_been_one_digit() -> None:
    [number] = read_numbers("0.000000000")
    found, _ = slips(number, of_the_pages(late=()))
    assert {slip.kind for slip in found} == {"digit"}


def test_thousands_and_a_decimal_comma() -> None:
    number = read_numbers("1.234,56 0,75")[0]
    assert number.value == 1234.56
    assert slips(number, of_the_pages(late=()))[0] == []

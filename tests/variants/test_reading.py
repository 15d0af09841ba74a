"""Any text: the numbers in it as they were printed, and what the words beside them allow."""

from typing import Any

import pytest

from backprop.variants.quantities import DERIVATIVES
from backprop.variants.reading import LONGEST, MOST, read_numbers

ERRORS = ("E_total", "E_o1", "E_o2")
DERIVATIVE_WORDS = (
    *("dW: 0.082", "dw_h = 0.082", "dE/dout: 0.7", "d_out 0.7", "dnet_o1 0.138", "dLdz 0.1"),
    *("dE_total/dout = 0.7", "derivative 0.082", "dE_dw = 0.082", "dh1 = 0.1", "db = 0.138"),
)
OTHER_WORDS = (
    *("dtype=float32), array([0.345", "device='cpu' 0.345", "what do I get: 0.345", "done 0.345"),
    *(
        "I did this: 0.345",
        "der Wert 0.345",
        "la valeur de 0.345",
        "data 0.345",
        "double 0.345",
        "da 0.345",
    ),
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.291027924", [0.291027924]),
        ("0,291027924", [0.291027924]),
        (".5 -.25", [0.5, -0.25]),
        ("2.91e-1 3.5E-05", [0.291, 3.5e-5]),
        ("tensor(0.2910, grad_fn=<MulBackward0>)", [0.291]),
        ("tensor([[0.1498, 0.1996],\n        [0.2498, 0.2995]])", [0.1498, 0.1996, 0.2498, 0.2995]),
        ("array([0.75136507, 0.77292847], dtype=float32)", [0.75136507, 0.77292847]),
        ("np.float32(0.29102784)", [0.29102784]),
        ("~0.2910", [0.291]),
        ("0.2910f, 0.2835F;", [0.291, 0.2835]),
        ("0,75;0,77;1.234,5", [0.75, 0.77, 1234.5]),
        ("1,234.5 and 0.25,0.30", [1234.5, 0.25, 0.3]),
        ("w1 = 0.149780716", [0.149780716]),
        ("\N{MINUS SIGN}0.5", [-0.5]),
        ("epoch 10 loss 0.29", [0.29]),
        ("12 and 13", [12, 13]),
        ("1.", [1.0]),
        ("9" * 400 + ".5 0.25", [0.25]),  # no float holds it
        ("v1.2.3x 0.5", [0.5]),
        ("0e5", [0.0]),
        ("29.1027774% and 28.5 %", [0.291027774, 0.285]),
        ("29,1027774 %", [0.291027774]),
        ("50% 0.29", [0.29]),
        ("printf('%.3f %d', 0.291 %d)", [0.291]),
        (" 0.291D+00 2.91d-1", [0.291, 0.291]),  # Fortran
        (
            "dW1 =\n\n   1.0e-03 *\n\n    0.4386    0.8771\n\nE =\n\n  0.29",
            [4.386e-4, 8.771e-4, 0.29],
        ),
        ("1.0e-03 * 0.5", [1e-3, 0.5]),
        # A date and a time of day are no results.
        ("29.11.2026 0.291", [0.291]),
        ("2026-11-29T16:30:22.123Z loss 0.291", [0.291]),
        ("16:30:22,123 loss 0,291", [0.291]),
        ("[01:25<00:03, 1.25it/s, loss=0.291]", [0.291]),
        ("11/29/26 0.291", [0.291]),
        # Neither is what was given.
        ("lr=0.500, alpha: 0.010, loss 0.291", [0.291]),
        ("acc 50.00% time: 0.0123 0.291", [0.291]),
        ("eta 0.50: 0.291", [0.291]),
        ("inputs 0.050 0.100 target_o1 0.010 target: [0.010, 0.990] out 0.751", [0.751]),
        ('{"target": [0.010, 0.990], "lr": 0.500, "out": 0.751}', [0.751]),
        ("target_o1 - out_o1 = -0.741", [-0.741]),
        ("out - target: 0.741, 0.751 - target 0.010 = 0.741", [0.741, 0.751, 0.01, 0.741]),
        ("net input: 0.3775 hidden_inputs = [0.3775 0.3925]", [0.3775, 0.3775, 0.3925]),
        ("w5 - eta * 0.082", [0.082]),
        # The minus before an exponent belongs to the function.
        ("1/(1+exp(-0.3775)) = 1 / (1 + e^-0.3775)", [0.3775, 0.3775]),
    ],
)
def test_the_numbers_of_a_text(text: str, values: list[float]) -> None:
    assert [number.value for number in read_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "unit", "digits"),
    [
        ("0.2910", 1e-4, 4),
        ("3.5102e-05", 1e-9, 5),
        ("0.29102777369359933", 1e-12, 12),
        ("0.000", 1e-3, 1),
        ("123456.5", 0.1, 7),
        ("29.10%", 1e-4, 4),
    ],
)
def test_the_digits_that_were_printed(text: str, unit: float, digits: int) -> None:
    [number] = read_numbers(text)
    assert (number.unit, number.digits) == (unit, digits)
    assert number.judged == (digits >= 3)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("loss: 0.291", ERRORS),
        ("total error = 0.291", ERRORS),
        ("MSE 0.291", ERRORS),
        ("w5: 0.359", ("w5",)),
        ("w5+ = 0.359", ("w5",)),
        ("{'w_5': 0.359", ("w5",)),
        ("dE/dw5 = 0.082", ("dE_total/dw5",)),
        ("grad w5 0.082", ("dE_total/dw5",)),
        ("out_o1 = 0.751", ("out_o1",)),
        ("net h1 and neth1: 0.377", ("net_h1",)),
        ("E_o1 = 0.274", ("E_o1",)),
        ("delta_o 0.138", DERIVATIVES),
        *((text, DERIVATIVES) for text in DERIVATIVE_WORDS),
        *((text, ()) for text in OTHER_WORDS),
        ("der Fehler, error 0.291", ERRORS),
        ("0.291", ()),
        ("something 0.291", ()),
        ("out1;out2;error\n0.751", ()),
        ("loss:\n 0.291", ERRORS),
        ("w1 = [0.149]", ("w1",)),
        ("loss: 0.291\n0.751", ()),  # a line of its own
        ("loss:\n0.298\n0.291", ERRORS),
        ("out_o1: 0.751 0.742", ("out_o1",)),
        # The words before "=" name the result, and no operand.
        ("E_o1 = 0.5 * (0.01 - 0.751)", ()),
        ("E_o1 = 0.5*(0.751-0.01)^2 = 0.274", ("E_o1",)),
        ("w5 = 0.40 - 0.5", ()),
        ("dW2: 0.082 -0.022", DERIVATIVES),
    ],
)
def test_words_say_what_a_number_may_be(text: str, named: tuple[str, ...]) -> None:
    assert read_numbers(text)[-1].named == named


@pytest.mark.parametrize(
    "matrix",
    [
        "W1 = [[0.149, 0.199],\n [0.249, 0.299]]",
        "W1 =\n\n   0.149   0.199\n   0.249   0.299\n",
        "W1: 0.149 0.199 0.249 0.299",
    ],
)
def test_a_matrix_is_no_single_weight(matrix: str) -> None:
    numbers = read_numbers(f"{matrix}\nb1: [0.35 0.35]")
    assert {len(number.named) for number in numbers[:4]} == {8}
    assert all(name.startswith("b") for name in numbers[-1].named)


def test_an_operand_may_be_anything() -> None:
    numbers = read_numbers("dE/dw5 = 0.741 * 0.187 * 0.593 = 0.082")
    assert [bool(number.named) for number in numbers] == [False, False, False, True]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("epoch 0 loss 0.298\nepoch 1 loss 0.280", [0, 1]),
        ("Iteration 10: 0.298 0.75", [10, 10]),
        ("[7] cost=0.25", [7]),
        ("  100: error 0.02", [100]),
        ("after 3 updates: E = 0.29", [3]),
        ("step #4 0.29", [4]),
        ("0.29 0.28", [None, None]),
        ("2026-11-29 0.29", [None]),
        ("29/11/2026 16:30:22 5 0.29", [5]),
        ("25%|## | loss=0.29", [None]),
        ("epoch 10000000 0.29", [None]),
    ],
)
def test_rounds_that_are_printed_beside(text: str, steps: list[int | None]) -> None:
    assert [number.step for number in read_numbers(text)] == steps


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abc", "no number"),
        ("", "no number"),
        ("nan inf", "no number"),
        ("9" * 5_000, "no number"),
        ("x" * (LONGEST + 1), "too long"),
        ("0.5 " * (MOST + 1), "too many"),
    ],
)
def test_what_cannot_be_answered_is_said(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_numbers(text)


def test_lines_are_counted() -> None:
    found: list[Any] = [number.line for number in read_numbers("0.1\n0.2 0.3\n\n0.4")]
    assert found == [0, 1, 1, 3]

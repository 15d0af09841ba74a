"""Each figure of each variant, by straight-line arithmetic in one number after the other."""

import math
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from itertools import islice
from typing import Any

import mpmath
import numpy as np
import pytest
from networks import rounds_to

from backprop import LECTURE, NOTES, VARIANTS, Network, train, variant_values
from backprop.symbolic.graph import Graph
from backprop.variants.candidates import ROUNDS, Variant, cut, figures, rounded

Figures = dict[str, Any]

# What a reader has instead of the givens, by the name of the difference.
GIVENS: dict[str, dict[str, Any]] = {
    "rate 0.001": {"eta": "0.001"},
    "rate 0.01": {"eta": "0.01"},
    "rate 0.05": {"eta": "0.05"},
    "rate 0.1": {"eta": "0.1"},
    "rate 1": {"eta": "1"},
    "targets swapped": {"target_o1": "0.99", "target_o2": "0.01"},
    "inputs swapped": {"i1": "0.10", "i2": "0.05"},
    "a small i1": {"i1": "0.005"},
    "no biases": {"b1": "0", "b2": "0"},
    "matrices turned": {"w2": "0.25", "w3": "0.20", "w6": "0.50", "w7": "0.45"},
}
LEARNS = ("shared biases", "a bias for each neuron")
FACTORS = {"sum of squares": (2, 2), "mean of half squares": (0.5, 0.5), "sum printed": (1, 2)}


def worked(  # noqa: C901, PLR0915  # all in one piece, as a reader would write it
    variant: Variant,
    number: Callable[[Any], Any],
    exp: Callable[[Any], Any],
    keep: Callable[[Any], Any] = lambda x: x,
) -> Iterator[Figures]:
    """Yield the figures of a variant after 0, 1, 2, ... rounds."""
    did = {each.name for each in variant.differences}
    given = {name: str(x) for name, x in Graph.of(variant.example).givens.items()}
    given["eta"] = "0.5"
    for name in did:
        given |= GIVENS.get(name, {})
    g = {name: number(x) for name, x in given.items()}
    i1, i2, t1, t2, eta = g["i1"], g["i2"], g["target_o1"], g["target_o2"], g["eta"]
    w1, w2, w3, w4, w5, w6, w7, w8 = (g[f"w{k}"] for k in range(1, 9))
    bh1 = bh2 = g["b1"]
    bo1 = bo2 = g["b2"]
    half = number("0.5")
    derivative, measured = next((FACTORS[name] for name in did if name in FACTORS), (1, 1))
    derivative, measured = number(str(derivative)), number(str(measured))
    if "a step uphill" in did:
        derivative = -derivative
    minus = "no minus in the exponent" not in did

    def squash(net: Any) -> Any:
        return keep(1 / (1 + exp(-net if minus else net)))

    def slope(out: Any) -> Any:
        if "squashed twice" in did:
            out = squash(out)
        return keep(out * (1 - out))

    while True:
        h1 = squash(keep(w1 * i1 + w2 * i2 + bh1))
        h2 = squash(keep(w3 * i1 + w4 * i2 + bh2))
        o1 = squash(keep(w5 * h1 + w6 * h2 + bo1))
        o2 = squash(keep(w7 * h1 + w8 * h2 + bo2))
        e1, e2 = keep(measured * half * (t1 - o1) ** 2), keep(measured * half * (t2 - o2) ** 2)
        found = {"E_total": keep(e1 + e2), "out_o1": o1, "out_o2": o2}
        found |= {f"w{k}": w for k, w in enumerate((w1, w2, w3, w4, w5, w6, w7, w8), start=1)}
        if "shared biases" in did:
            found |= {"b1": bh1, "b2": bo1}
        if "a bias for each neuron" in did:
            found |= {"b1_1": bh1, "b1_2": bh2, "b2_1": bo1, "b2_2": bo2}
        yield found

        flat = "no slope at the outputs" in did
        do1 = derivative * keep(-(t1 - o1)) * (1 if flat else slope(o1))
        do2 = derivative * keep(-(t2 - o2)) * (1 if flat else slope(o2))
        old = w5, w6, w7, w8
        w5, w6 = keep(w5 - eta * keep(do1 * h1)), keep(w6 - eta * keep(do1 * h2))
        w7, w8 = keep(w7 - eta * keep(do2 * h1)), keep(w8 - eta * keep(do2 * h2))
        v5, v6, v7, v8 = (w5, w6, w7, w8) if "new weights" in did else old
        if "no transpose" in did:
            v6, v7 = v7, v6
        if "one path" in did:
            v7 = v8 = number("0")
        dh1 = keep(keep(do1 * v5) + keep(do2 * v7)) * slope(h1)
        dh2 = keep(keep(do1 * v6) + keep(do2 * v8)) * slope(h2)
        if "hidden layer at rest" not in did:
            w1, w2 = keep(w1 - eta * keep(dh1 * i1)), keep(w2 - eta * keep(dh1 * i2))
            w3, w4 = keep(w3 - eta * keep(dh2 * i1)), keep(w4 - eta * keep(dh2 * i2))
        if "shared biases" in did:
            bh1 = bh2 = bh1 - eta * (dh1 + dh2)
            bo1 = bo2 = bo1 - eta * (do1 + do2)
        if "a bias for each neuron" in did:
            bh1, bh2 = bh1 - eta * dh1, bh2 - eta * dh2
            bo1, bo2 = bo1 - eta * do1, bo2 - eta * do2


def decimals(rounding: str) -> Callable[[Decimal], Decimal]:
    return lambda x: x.quantize(Decimal("0.0001"), rounding)


def in_doubles(variant: Variant) -> Iterator[Figures]:
    return worked(variant, float, math.exp)


def of(place: int) -> dict[tuple[str, int], float]:
    return {(f.quantity, f.round): f.value for f in figures() if f.variant == place}


def numbered(arithmetic: str) -> list[int]:
    return [k for k, variant in enumerate(VARIANTS) if variant.arithmetic == arithmetic]


def number_of(name: str, example: str = "lecture") -> int:
    [found] = [k for k, v in enumerate(VARIANTS) if (v.name, v.example.name) == (name, example)]
    return found


each_in_doubles = pytest.mark.parametrize(
    "place", numbered("double"), ids=lambda k: f"{VARIANTS[k].example.name}: {VARIANTS[k].name}"
)


@each_in_doubles
def test_all_figures_by_straight_line_arithmetic(place: int) -> None:
    found = of(place)
    judged = {
        (name, done): value
        for done, state in enumerate(islice(in_doubles(VARIANTS[place]), ROUNDS[-1] + 1))
        if done in ROUNDS
        for name, value in state.items()
    }
    for what, value in found.items():
        # What is left of a miss has lost the digits that cancelled.
        miss = 1e-8 if VARIANTS[place].name == "squashed twice" else 1e-11
        assert value == pytest.approx(judged[what], rel=miss, abs=1e-15), what
    assert {("out_o1", 0), ("w8", 1), ("out_o2", 10_001)} <= found.keys()


@each_in_doubles
def test_the_first_rounds_with_fifty_digits(place: int) -> None:
    found = of(place)
    with mpmath.workdps(50):
        states = list(islice(worked(VARIANTS[place], mpmath.mpf, mpmath.exp), 3))
    for (name, done), value in found.items():
        if done < 3:
            assert value == pytest.approx(float(states[done][name]), rel=1e-13)


@pytest.mark.parametrize("name", ["as on these pages", "new weights"])
def test_ten_thousand_rounds_with_thirty_digits(name: str) -> None:
    place = number_of(name)
    with mpmath.workdps(30):
        states = worked(VARIANTS[place], mpmath.mpf, mpmath.exp)
        state = next(islice(states, 10_000, None))
        for quantity, value in state.items():
            assert of(place)[quantity, 10_000] == pytest.approx(float(value), rel=1e-12)


@pytest.mark.parametrize(
    ("arithmetic", "rounding"), [("rounded", ROUND_HALF_UP), ("cut", ROUND_DOWN)]
)
def test_four_decimals_with_decimals(arithmetic: str, rounding: str) -> None:
    for place in numbered(arithmetic):
        keep = decimals(rounding)
        with localcontext(prec=40):
            states = list(islice(worked(VARIANTS[place], Decimal, Decimal.exp, keep), 2))
        for (name, done), value in of(place).items():
            assert Decimal(str(round(value, 10))) == states[done][name], (name, done)


@pytest.mark.parametrize(
    ("number", "by_rounding", "by_cutting"),
    [
        (0.00005, 0.0001, 0.0),
        (-0.00005, -0.0001, 0.0),
        (0.29, 0.29, 0.29),
        (1.00004999, 1.0, 1.0),
        (-0.12349, -0.1235, -0.1234),
        (0.1 + 0.2 - 1e-16, 0.3, 0.3),
    ],
)
def test_shortening(number: float, by_rounding: float, by_cutting: float) -> None:
    assert rounded(np.array(number)) == by_rounding
    assert cut(np.array(number)) == by_cutting


def test_single_precision_is_that_of_train() -> None:
    network = Network(
        [w.astype(np.float32) for w in LECTURE.network.weights],
        [b.astype(np.float32) for b in LECTURE.network.biases],
    )
    training = train(
        network,
        LECTURE.inputs.astype(np.float32),
        LECTURE.targets.astype(np.float32),
        learning_rate=0.5,
        biases="frozen",
        rounds=1,
    )
    found = of(number_of("single precision"))["E_total", 1]
    assert found == training.errors[1]
    assert rounds_to(found, "0.2910278141")


@pytest.mark.parametrize(
    ("name", "quantity", "rounds", "printed"),
    [
        ("as on these pages", "E_total", 1, "0.291027773694"),
        ("shared biases", "E_total", 1, "0.285750886699"),
        ("a bias for each neuron", "E_total", 1, "0.280471446791"),
        ("as on these pages", "E_total", 9_999, "3.51085481e-5"),
        ("as on these pages", "E_total", 10_000, "3.51018778e-5"),
        ("shared biases", "E_total", 10_000, "4.35532107e-6"),
        ("a bias for each neuron", "E_total", 10_000, "2.44756224e-6"),
        ("new weights", "E_total", 1, "0.291027923905"),
        ("new weights", "E_total", 10_000, "3.50847863e-5"),
        ("new weights", "out_o1", 10_000, "0.015912196"),
        ("new weights", "out_o2", 10_000, "0.984065734"),
    ],
)
def test_the_figures_that_everyone_copies(
    name: str, quantity: str, rounds: int, printed: str
) -> None:
    assert rounds_to(variant_values(quantity, rounds)[number_of(name)], printed)


def test_values_come_in_the_order_of_the_variants() -> None:
    values = variant_values("w5", 1)
    assert values.shape == (len(VARIANTS),)
    assert [k for k in range(len(VARIANTS)) if values[k] == of(k)["w5", 1]] == [
        *range(len(VARIANTS))
    ]


def test_what_is_not_computed_is_no_number() -> None:
    values = variant_values("E_total", 10_000)
    missing = [VARIANTS[k].arithmetic for k in np.flatnonzero(np.isnan(values))]
    assert missing.count("double") == 1  # the error that has vanished
    assert {"single", "rounded", "cut"} <= set(missing)


@pytest.mark.parametrize(
    ("quantity", "rounds"), [("E", 1), ("E_total", 3), ("w1", 2), (1, "a"), ("w9", 1)]
)
def test_there_are_no_such_figures(quantity: Any, rounds: Any) -> None:
    with pytest.raises(ValueError, match="expected one such as 'E_total' after 0, 1, 2, 9999"):
        variant_values(quantity, rounds)


def test_no_two_variants_are_called_the_same() -> None:
    names = [(variant.example.name, variant.name) for variant in VARIANTS]
    assert len(set(names)) == len(names)
    assert VARIANTS[0].name == "as on these pages"
    assert VARIANTS[0].did == "did what these pages do"
    assert {variant.example for variant in VARIANTS} == {LECTURE, NOTES}

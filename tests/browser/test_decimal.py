"""The numbers that a browser computes with have the digits of the package's decimals."""

import random
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from backprop.formulas.values import equal
from backprop.symbolic.rounding import rounded

WIDE = Context(prec=450)  # of e^820, and a hundred decimals
CLOSE = Decimal("1e-90")


def ask(page: Page, body: str, given: object = None) -> Any:
    """Run the body of a function of `d`, the module, and `given`."""
    start = 'const d = await import("/decimal.js"); const { of } = d; '
    return page.evaluate(f"async (given) => {{ {start} {body} }}", given)


def drawn(count: int) -> list[str]:
    """Numbers of either sign, of a few digits or many, some of them very small."""
    dice = random.Random(5)  # noqa: S311  # the same numbers in each run
    kinds = (
        lambda: f"{dice.uniform(-20, 20):.{dice.randint(0, 6)}f}",
        lambda: repr(dice.uniform(-800, 800)),
        lambda: repr(dice.uniform(-1, 1) * 10 ** dice.randint(-12, 0)),
        lambda: dice.choice(["0.5", "1e-7", "-2.5", "1e21", "0.000000125"]),
    )
    return [dice.choice(kinds)() for _ in range(count)]


def test_arithmetic_is_right_to_ninety_decimals(modules: Page) -> None:
    pairs = [pair for pair in zip(drawn(300), reversed(drawn(300)), strict=True) if float(pair[1])]
    body = """return given.map(([a, b]) => [
      of(a) + of(b), d.multiply(of(a), of(b)), d.divide(of(a), of(b)),
      d.logistic(of(a)), d.power(of(a), of(3)),
    ].map(String));"""
    found = ask(modules, body, pairs)
    with localcontext(WIDE):
        for (a, b), texts in zip(pairs, found, strict=True):
            x, y = Decimal(a), Decimal(b)
            expected = [x + y, x * y, x / y, 1 / (1 + (-x).exp()), x**3]
            for value, text in zip(expected, texts, strict=True):
                assert abs(Decimal(text).scaleb(-100) - value) < CLOSE, (a, b)


def test_powers_of_e_are_right(modules: Page) -> None:
    exponents = [text for text in drawn(200) if float(text) < 801]
    found = ask(modules, "return given.map((x) => String(d.exp(of(x))))", exponents)
    with localcontext(WIDE):
        for exponent, text in zip(exponents, found, strict=True):
            expected = Decimal(exponent).exp()
            difference = abs(Decimal(text).scaleb(-100) - expected)
            assert difference < max(CLOSE, expected * CLOSE), exponent


def test_comparisons_are_those_of_the_checker(modules: Page) -> None:
    pairs = [*zip(drawn(100), reversed(drawn(100)), strict=True)]
    close = [("1", "1.0000000005"), ("1", "1.000000002"), ("0", "1e-21"), ("0", "-1e-19")]
    pairs += [*close, *((b, a) for a, b in close), ("2.5", "2.5"), ("-3", "-3.000000001")]
    body = """return given.map(([a, b]) => [d.less(of(a), of(b)), d.same(of(a), of(b))]
      .map(d.double));"""
    for (a, b), (less, same) in zip(pairs, ask(modules, body, pairs), strict=True):
        x, y = Decimal(a), Decimal(b)
        assert same == equal(x, y), (a, b)
        assert less == (0.5 if equal(x, y) else x < y), (a, b)


def test_what_no_page_has_room_for_ends_at_once(modules: Page) -> None:
    assert ask(modules, "return String(d.exp(of(-1e30)))") == "0"
    assert ask(modules, "return [1e30, -1e30].map((x) => d.double(d.logistic(of(x))))") == [1, 0]
    for call in ("d.exp(of(1e30))", "d.power(of(2), of(0.5))", "d.divide(of(1), of(0))"):
        with pytest.raises(Error, match="RangeError"):
            ask(modules, f"return String({call})")


def test_powers_may_be_negative(modules: Page) -> None:
    body = "return given.map(([x, n]) => d.double(d.power(of(x), of(n))))"
    assert ask(modules, body, [[2, -2], [-0.5, 3], [-4, 0], [10, -1]]) == [0.25, -0.125, 1, 0.1]


def test_numbers_are_rounded_as_the_package_rounds_them(modules: Page) -> None:
    texts = [*drawn(300), "2.675", "1.005", "-0.5", "1.5", "0", "0.04", "99999999.5"]
    asked = [(text, places) for text in texts for places in (0, 1, 2, 6, 8)]
    found = ask(modules, "return given.map(([x, places]) => d.written(of(x), places))", asked)
    for (text, places), shown in zip(asked, found, strict=True):
        assert shown == f"{rounded(Decimal(text), Decimal(1).scaleb(-places)).copy_abs():f}"


@pytest.mark.parametrize(
    ("x", "printed", "far"),
    [
        ("1.05", "1.2e0", False),  # 1.1, one unit off
        ("1.049", "1.2e0", True),  # 1.0, two units
        ("-1.24", "-1.2e0", False),
        ("1", "-1e0", True),
        ("0.00041", "4.3e-4", True),
        ("0.000415", "4.3e-4", False),
    ],
)
def test_one_unit_off_is_near(modules: Page, x: str, printed: str, *, far: bool) -> None:
    assert ask(modules, "return d.isFar(of(given[0]), given[1])", [x, printed]) is far

"""The picture of the tape shows the values and the derivatives of the graph."""

import dataclasses
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from test_diagrams import changed, parse, words

from backprop import EXAMPLES, Example
from backprop.autodiff import Scalar
from backprop.figures.diagrams import draw_example
from backprop.figures.tape import local_derivative, printed, steps_of
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS

SHOWN = ("w5", "w6", "b2", "out_h1", "out_h2", "net_o1", "out_o1", "target_o1", "E_o1")
every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def picture(example: Example) -> list[str]:
    return words(parse(draw_example("tape", example)))


def other(example: Example) -> Example:
    """Return the example with the signs of its weights turned, so that more is negative."""

    def turn(givens: list[float]) -> None:
        givens[:8] = [-each for each in givens[:8]]

    return changed(example, turn)


def rounded(value: Decimal) -> str:
    return printed(float(value))


@every_example
@pytest.mark.parametrize("change", [lambda same: same, other], ids=["as given", "turned"])
def test_each_number_has_its_value_and_its_derivative(example: Example, change: object) -> None:
    example = change(example)  # type: ignore[operator]
    lines, graph = picture(example), Graph.of(example)
    for name in SHOWN:
        label = re.sub("_", "", NOTATIONS[example.name].plain(name))
        at = lines.index(label)
        by_error = graph.derivative("E_o1", name)
        assert lines[at + 1 : at + 3] == [rounded(graph.value(name)), rounded(by_error)], name


@every_example
def test_a_derivative_is_the_sum_of_those_it_reaches_times_the_way_there(example: Example) -> None:
    steps = {step.name: step for step in steps_of(example)}
    error = [*steps.values()][-1].number
    for step in steps.values():
        children = [other for other in steps.values() if step.name in other.parents]
        expected = sum(
            local_derivative(error, child.number) * local_derivative(child.number, step.number)
            for child in children
        )
        if children:
            assert local_derivative(error, step.number) == pytest.approx(expected, rel=1e-14)


@every_example
def test_the_description_tells_each_number(example: Example) -> None:
    svg = parse(draw_example("tape", example))
    spoken = svg.findtext("{http://www.w3.org/2000/svg}desc") or ""
    lines = picture(example)
    numbers = [line for line in lines if re.fullmatch(r"\N{MINUS SIGN}?[\d.]+", line)]
    assert len(numbers) == 13 + 13 + 12
    for number in numbers:
        assert number in spoken


def test_an_answer_on_its_target_has_derivatives_of_zero() -> None:
    example = EXAMPLES["lecture"]
    out = Graph.of(example).value("out_o1")
    targets = example.targets.copy()
    targets[0] = float(out)
    lines = picture(dataclasses.replace(example, targets=targets))
    assert dict(pairwise(lines))["0.751365"] == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.4, "0.40"),
        (0.0625, "0.0625"),
        (1 / 3, "0.333333"),
        (-0.5, "\N{MINUS SIGN}0.50"),
    ],
)
def test_what_is_short_is_printed_in_full(value: float, text: str) -> None:
    assert printed(value) == text


def test_a_local_derivative_goes_no_further() -> None:
    u = Scalar(3.0)
    square = u * u
    result = 5 * square
    assert (local_derivative(square, u), local_derivative(result, square)) == (6, 5)

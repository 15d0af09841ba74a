"""The curves touch their tangents where the first output neuron is, and print its numbers."""

import math
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from test_diagrams import changed, parse, words

from backprop import EXAMPLES, LECTURE, Example, Network, forward, total_error
from backprop.figures.diagrams import draw_example
from backprop.symbolic.graph import Graph

SVG = "{http://www.w3.org/2000/svg}"
Change = Callable[[Example], Example]


def downward(example: Example) -> Example:
    """Return the example with other targets, so that a larger w5 makes the error smaller."""

    def exchange(givens: list[float]) -> None:
        givens[-2:] = [0.99, 0.01]

    return changed(example, exchange)


def far(example: Example) -> Example:
    """Return the example with weights so large that the first output neuron is saturated."""

    def enlarge(givens: list[float]) -> None:
        givens[4:6] = [900.0, 900.0]

    return changed(example, enlarge)


every_network = pytest.mark.parametrize("change", [lambda same: same, downward, far])
every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def points(svg: Element) -> list[tuple[float, float]]:
    """Return the points of the curve."""
    curve = svg.find(f".//{SVG}polyline")
    assert curve is not None
    return [
        (float(x), float(y))
        for x, y in (pair.split(",") for pair in curve.get("points", "").split())
    ]


def dot(svg: Element) -> tuple[float, float]:
    """Return where the tangent touches the curve."""
    circle = svg.find(f".//{SVG}circle")
    assert circle is not None
    return float(circle.get("cx", "")), float(circle.get("cy", ""))


def tangent(svg: Element) -> tuple[float, float, float, float]:
    """Return the ends of the tangent."""
    [line] = [each for each in svg.iter(f"{SVG}line") if "dasharray" in each.get("style", "")]
    x1, y1, x2, y2 = (float(line.get(name, "")) for name in ("x1", "y1", "x2", "y2"))
    return x1, y1, x2, y2


@every_network
@every_example
def test_the_numbers_are_those_of_the_graph(change: Change, example: Example) -> None:
    example = change(example)
    graph = Graph.of(example)
    text = " ".join(words(parse(draw_example("slope", example)))).replace("\N{MINUS SIGN}", "-")
    for value in (
        graph.value("net_o1"),
        graph.value("out_o1"),
        graph.derivative("out_o1", "net_o1"),
    ):
        assert f"{float(value):.6f}" in text
    text = " ".join(words(parse(draw_example("step", example)))).replace("\N{MINUS SIGN}", "-")
    assert f"{float(graph.derivative('E_total', 'w5')):.6f}" in text


@pytest.mark.parametrize("figure", ["slope", "step"])
@every_network
def test_the_tangent_touches_the_curve(figure: str, change: Change) -> None:
    svg = parse(draw_example(figure, change(LECTURE)))
    x, y = dot(svg)
    x1, y1, x2, y2 = tangent(svg)
    assert (x1 + x2) / 2 == pytest.approx(x, abs=0.02)
    assert (y1 + y2) / 2 == pytest.approx(y, abs=0.02)
    curve = points(svg)
    before, after = (max(p for p in curve if p[0] <= x), min(p for p in curve if p[0] >= x))
    assert min(before[1], after[1]) - 0.02 <= y <= max(before[1], after[1]) + 0.02


def test_the_tangent_has_the_slope_of_the_curve() -> None:
    for figure in ("slope", "step"):
        svg = parse(draw_example(figure, LECTURE))
        x, _ = dot(svg)
        x1, y1, x2, y2 = tangent(svg)
        near = [point for point in points(svg) if abs(point[0] - x) < 8]
        steepness = (near[-1][1] - near[0][1]) / (near[-1][0] - near[0][0])
        assert (y2 - y1) / (x2 - x1) == pytest.approx(steepness, rel=0.03)


def test_the_curve_of_the_error_is_the_error_for_other_values_of_w5() -> None:
    svg = parse(draw_example("step", LECTURE))
    hidden, output = LECTURE.network.weights
    for place, by in ((0, -4.0), (-1, 4.0)):
        network = Network([hidden, output + np.array([[by, 0], [0, 0]])], LECTURE.network.biases)
        error = total_error(LECTURE.targets, forward(network, LECTURE.inputs).outs[-1])
        now = total_error(LECTURE.targets, forward(LECTURE.network, LECTURE.inputs).outs[-1])
        bottom = 222
        height, height_now = bottom - points(svg)[place][1], bottom - dot(svg)[1]
        assert height / height_now == pytest.approx(float(error / now), rel=0.002)


@pytest.mark.parametrize(("change", "way"), [(lambda same: same, -1), (downward, 1)])
def test_the_arrow_points_against_the_slope(change: Change, way: int) -> None:
    svg = parse(draw_example("step", change(LECTURE)))
    head = svg.find(f".//{SVG}polygon")
    assert head is not None
    tip = float(re.split("[ ,]", head.get("points", ""))[0])
    assert math.copysign(1, tip - dot(svg)[0]) == way
    assert ("smaller" if way < 0 else "larger") in (svg.findtext(f"{SVG}desc") or "")

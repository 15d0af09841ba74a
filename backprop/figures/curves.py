"""Two curves of an example, each with its tangent: the logistic function, and the error by w5.

The tangent touches where the first output neuron is in the forward pass.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from backprop.activations import logistic
from backprop.examples import Example
from backprop.figures.labels import computed, given, label_of
from backprop.figures.svg import (
    INK,
    LINE,
    MARGIN,
    THIN_PEN,
    WIDTH,
    Pen,
    Point,
    Words,
    add_arrow,
    add_label,
    add_line,
    numbers,
    style,
    thick,
)
from backprop.gradient import backward
from backprop.network import Network, forward, total_error

LEFT, RIGHT, TOP, BOTTOM = 58.0, WIDTH - MARGIN, 22.0, 222.0
HEIGHT = BOTTOM + 2 * LINE
POINTS = 121  # of a curve
NET_REACH, WEIGHT_REACH, TANGENT_REACH = 4.0, 4.0, 1.6  # to each side
DOT = 4.5
CURVE: Pen = thick({"stroke": "var(--bp-path-1, #1a7fd0)"})
TANGENT: Pen = thick({"stroke": "var(--bp-path-2, #d9600a)", "stroke-dasharray": "7 4"})


@dataclass(frozen=True)
class Plane:
    """The ranges of values of a curve, left to right and upward, that fill the picture."""

    across: tuple[float, float]
    up: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        """Return the place of a point of the curve."""
        (x0, x1), (y0, y1) = self.across, self.up
        right, high = (x - x0) / (x1 - x0), (y - y0) / (y1 - y0)
        return LEFT + right * (RIGHT - LEFT), BOTTOM - high * (BOTTOM - TOP)


def draw_slope(svg: Element, example: Example) -> Words:
    """Draw the logistic function, and its slope at the net input of the first output neuron."""
    passed = forward(example.network, example.inputs)
    net, out = float(passed.nets[1][0]), float(passed.outs[1][0])
    slope = out * (1 - out)
    reach = max(NET_REACH, abs(net) + TANGENT_REACH)
    plane = Plane((-reach, reach), (0, 1))
    net_name, out_name = (label_of(example.name, name) for name in ("net_o1", "out_o1"))

    add_axes(svg, plane, (net_name, out_name), ("0", "1"))
    draw_curve(svg, plane, lambda x: float(logistic(x)))
    draw_tangent(svg, plane, (net, out), slope)
    corner = LEFT + 8, TOP + 1.5 * LINE
    lines = [
        [f"{net_name} = ", computed(net, "")],
        [f"{out_name} = ", computed(out, "")],
        ["slope ", computed(slope, "")],
    ]
    add_label(svg, corner, lines, "start")
    return Words(
        f"The logistic function and its slope at {net_name}",
        f"An S-shaped curve from 0 to 1, steepest in the middle. Its tangent touches it where "
        f"{net_name} is {net:.6f} and {out_name} is {out:.6f}; there its slope is {slope:.6f}.",
        HEIGHT,
    )


def draw_step(svg: Element, example: Example) -> Words:
    """Draw the total error against w5, its slope at the present w5, and which way is down."""
    w5 = float(example.network.weights[1][0, 0])
    slope = float(backward(example.network, example.inputs, example.targets).weights[1][0, 0])

    def error_at(weight: float) -> float:
        hidden, output = (layer.copy() for layer in example.network.weights)
        output[0, 0] = weight
        outs = forward(Network([hidden, output], example.network.biases), example.inputs).outs[-1]
        return float(total_error(example.targets, outs))

    across = w5 - WEIGHT_REACH, w5 + WEIGHT_REACH
    highest = max(error_at(weight) for weight in np.linspace(*across, POINTS))
    plane = Plane(across, (0, 1.35 * highest))
    error = error_at(w5)

    add_axes(svg, plane, ("w_5", "E"), ("0", f"{highest:.2f}"), highest)
    draw_curve(svg, plane, error_at)
    draw_tangent(svg, plane, (w5, error), slope)
    way = -math.copysign(TANGENT_REACH, slope)
    start, end = plane.at(w5, 0), plane.at(w5 + way, 0)
    add_arrow(svg, (start[0], BOTTOM - 12), (end[0], BOTTOM - 12), thick(THIN_PEN))
    lines = [["at w_5 = ", given(w5, ""), " the slope is ", computed(slope, "")]]
    add_label(svg, (LEFT + 8, TOP + LINE / 2), lines, "start")
    return Words(
        "The total error against w_5, and its slope",
        f"A curve of the error for other values of w_5. Its tangent touches it where w_5 is {w5:g} "
        f"and the error {error:.6f}; the slope is {slope:.6f}. An arrow points the way against "
        f"the slope, to {'smaller' if way < 0 else 'larger'} values of w_5.",
        HEIGHT,
    )


def add_axes(
    svg: Element,
    plane: Plane,
    names: tuple[str, str],
    ends: tuple[str, str],
    high: float = 1.0,
) -> None:
    """Draw the axes, their names, and two values on the vertical one."""
    add_line(svg, (LEFT, BOTTOM), (RIGHT, BOTTOM))
    add_line(svg, (LEFT, BOTTOM), (LEFT, TOP - 8))
    add_label(svg, (RIGHT - 24, BOTTOM + LINE), [names[0]])
    add_label(svg, (LEFT / 2, (TOP + BOTTOM) / 2), [names[1]])
    for text, value in zip(ends, (0.0, high), strict=True):
        add_label(svg, (LEFT - 8, plane.at(0, value)[1]), [text], "end")


def draw_curve(svg: Element, plane: Plane, function: Callable[[float], float]) -> None:
    """Draw a function over the whole width."""
    places = (plane.at(x, function(x)) for x in np.linspace(*plane.across, POINTS).tolist())
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in places)
    SubElement(svg, "polyline", {"points": points} | style({**CURVE, "fill": "none"}))


def draw_tangent(svg: Element, plane: Plane, touched: Point, slope: float) -> None:
    """Draw a straight line with a slope through a point of a curve, and the point."""
    x, y = touched
    start, end = (plane.at(x + d, y + d * slope) for d in (-TANGENT_REACH, TANGENT_REACH))
    add_line(svg, start, end, TANGENT)
    middle = plane.at(x, y)
    circle = numbers({"cx": middle[0], "cy": middle[1], "r": DOT})
    SubElement(svg, "circle", circle | style({"fill": INK}))

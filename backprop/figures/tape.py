"""Draw a neuron as automatic differentiation computes it, one operation at a time.

A box is a number, with its value above a line, and below it the derivative of the error with
respect to it. An arrow leads to a number computed from another, with the local derivative.
"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from backprop.autodiff import Scalar, backpropagate, exp
from backprop.examples import Example
from backprop.figures.labels import MINUS, computed, given, label_of, signed
from backprop.figures.svg import (
    LINE,
    MARGIN,
    WIDTH,
    Box,
    Point,
    Words,
    add_arrow,
    add_box,
    add_clear_label,
    add_label,
    add_line,
    add_text,
)
from backprop.network import forward

NARROW, WIDE, WIDEST, HEIGHT = 86.0, 104.0, 132.0, 64.0
LEFT, RIGHT = 95.0, 285.0
ROWS = tuple(MARGIN + HEIGHT / 2 + 104 * k for k in range(5))
LEVEL_LABEL = 13.0  # how far above a level arrow its label stands
LEGEND_GAP, LEGEND_SIZE = 26.0, 13.0
TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Step:
    """A number in the picture.

    Attributes:
        name: its name.
        number: the number itself.
        parents: the names of the numbers that it is computed from.
        box: its place.
    """

    name: str
    number: Scalar
    parents: tuple[str, ...]
    box: Box


def draw_tape(svg: Element, example: Example) -> Words:
    """Draw how the error of the first output neuron is computed, and how it is differentiated."""
    steps = {step.name: step for step in steps_of(example)}
    error = label_of(example.name, "E_o1")
    local = {
        (step.name, parent): local_derivative(step.number, steps[parent].number)
        for step in steps.values()
        for parent in step.parents
    }
    backpropagate(steps[error].number)

    for (child, parent), slope in local.items():
        add_step(svg, steps[parent].box, steps[child].box, printed(slope))
    for step in steps.values():
        add_number(svg, step)
    end = add_legend(svg, steps[error].box.side(0, 1)[1] + LEGEND_GAP, error)

    numbers = (
        f"{step.name} is {printed(step.number.value)}"
        + (f", from {' and '.join(step.parents)}" if step.parents else "")
        + f"; the derivative of {error} by it is {printed(step.number.grad)}"
        for step in steps.values()
    )
    slopes = (f"{child} by {parent}: {printed(slope)}" for (child, parent), slope in local.items())
    description = (
        f"Each number with what it is computed from. {'. '.join(numbers)}. "
        f"The local derivatives, one for each arrow: {', '.join(slopes)}."
    )
    return Words(f"The computation of {error}, step by step, and its derivatives", description, end)


def steps_of(example: Example) -> list[Step]:
    """Return the numbers of the picture, each after its parents."""
    outs = forward(example.network, example.inputs).outs[-2]
    weights = example.network.weights[-1][0]
    w, v = (Scalar(float(weight)) for weight in weights)
    h1, h2 = (Scalar(float(out)) for out in outs)
    b = Scalar(float(example.network.biases[-1][0]))
    t = Scalar(float(example.targets[0]))
    first, second = w * h1, v * h2
    net = first + second + b
    power = exp(-net)
    out = 1 / (below := 1 + power)
    error = (t - out) * (t - out) / 2

    names = ("out_h1", "out_h2", "net_o1", "out_o1", "target_o1", "E_o1")
    in_1, in_2, net_name, out_name, target, error_name = (
        label_of(example.name, name) for name in names
    )
    products = f"w_5 {TIMES} {in_1}", f"w_6 {TIMES} {in_2}"
    power_name = f"exp({MINUS}{net_name})"
    below_name = f"1 + {power_name}"

    def box(x: float, row: int, width: float) -> Box:
        return Box(x, ROWS[row], width, HEIGHT, 6)

    quarters = [MARGIN + NARROW / 2 + k * (WIDTH - 2 * MARGIN - NARROW) / 3 for k in range(4)]
    return [
        Step("w_5", w, (), box(quarters[0], 0, NARROW)),
        Step(in_1, h1, (), box(quarters[1], 0, NARROW)),
        Step("w_6", v, (), box(quarters[2], 0, NARROW)),
        Step(in_2, h2, (), box(quarters[3], 0, NARROW)),
        Step(products[0], first, ("w_5", in_1), box(MARGIN + WIDE / 2, 1, WIDE)),
        Step(products[1], second, ("w_6", in_2), box(WIDTH - MARGIN - WIDE / 2, 1, WIDE)),
        Step("b_2", b, (), box(WIDTH / 2, 1, NARROW)),
        Step(net_name, net, (*products, "b_2"), box(LEFT, 2, NARROW)),
        Step(power_name, power, (net_name,), box(RIGHT, 2, WIDE)),
        Step(below_name, below, (power_name,), box(RIGHT, 3, WIDEST)),
        Step(out_name, out, (below_name,), box(LEFT, 3, NARROW)),
        Step(target, t, (), box(RIGHT, 4, NARROW)),
        Step(error_name, error, (out_name, target), box(LEFT, 4, NARROW)),
    ]


def local_derivative(child: Scalar, parent: Scalar) -> float:
    """Return the derivative of a number with respect to one that it is computed from."""
    backpropagate(child)
    return parent.grad


def add_step(svg: Element, parent: Box, child: Box, slope: str) -> None:
    """Draw an arrow from a number to one that is computed from it, with its local derivative."""
    if parent.y == child.y:
        way = 1 if child.x > parent.x else -1
        start, end = parent.side(way, 0), child.side(-way, 0)
        add_arrow(svg, start, end)
        add_label(svg, ((start[0] + end[0]) / 2, start[1] - LEVEL_LABEL), [slope])
    else:
        start = parent.side(0, 1)
        end = child.side(entry(parent.x - child.x), -1)
        add_arrow(svg, start, end)
        add_clear_label(svg, between(start, end), [slope])


def entry(right: float) -> float:
    """Return where an arrow enters the upper side of a box, by how far to the right it starts."""
    return max(-0.9, min(0.9, right / 140))


def between(start: Point, end: Point) -> Point:
    """Return the place of a label, a little nearer to the start, where arrows are further apart."""
    return start[0] + 0.42 * (end[0] - start[0]), start[1] + 0.42 * (end[1] - start[1])


def add_number(svg: Element, step: Step) -> None:
    """Draw a number: its name, its value, and below a line the derivative with respect to it."""
    box = step.box
    add_box(svg, box)
    add_label(svg, (box.x, box.y - 11), [step.name, printed(step.number.value)], leading=LINE)
    add_line(svg, (box.side(-1, 0)[0], box.y + 9), (box.side(1, 0)[0], box.y + 9))
    add_label(svg, (box.x, box.y + 20), [printed(step.number.grad)])


def printed(value: float) -> str:
    """Return a number in full if it is as short as a given, else with six decimals."""
    if value == round(value):
        return signed(f"{value:.0f}")
    return str(given(value, "") if value == round(value, 4) else computed(value, ""))


def add_legend(svg: Element, y: float, error: str) -> float:
    """Write the legend, and return where it ends."""
    for line in (
        "In a box: the name, the value (found on the way down),",
        f"and below the line the derivative of {error} by it",
        "(found on the way up). On an arrow: its own derivative.",
    ):
        add_text(svg, (MARGIN, y), line, "start", LEGEND_SIZE)
        y += LINE
    return y - LINE / 2

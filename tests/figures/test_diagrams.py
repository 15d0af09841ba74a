import dataclasses
import json
import math
import re
import shlex
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, pairwise, product
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from kinds import FEW, Kind, name_of

from backprop import EXAMPLES, LECTURE, NOTES, Example, Network, forward, total_error
from backprop.figures.diagrams import (
    FIGURES,
    STANDALONE_STYLE,
    draw,
    draw_example,
    draw_map_of,
)
from backprop.figures.labels import MINUS, NEURONS
from backprop.figures.paths import paths_back
from backprop.figures.svg import BACKGROUND, INK, WIDTH, weight_pen
from backprop.symbolic.graph import Graph

SVG = "{http://www.w3.org/2000/svg}"
README_FIGURE = Path(__file__).parents[2] / ".github" / "network.svg"
REWRITE = (
    "from pathlib import Path; from backprop.figures.diagrams import draw; "
    "Path('.github/network.svg').write_text("
    "draw('values', 'lecture', standalone=True) + '\\n', encoding='utf-8')"
)
PHONE = 358  # the width in pixels that a phone leaves for a picture

every_figure = pytest.mark.parametrize(("figure", "example"), list(product(FIGURES, EXAMPLES)))


def parse(drawn: str) -> Element:
    """Return the picture as a tree."""
    return fromstring(drawn)  # noqa: S314  # the package drew it a moment ago


def words(svg: Element) -> list[str]:
    """Return each line of text in the picture."""
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def printed(line: str) -> str:
    """Return a line with the signs that the pictures print."""
    return line.replace("-", "\N{MINUS SIGN}").replace("*", "\N{MULTIPLICATION SIGN}")


def changed(example: Example, change: Callable[[list[float]], None]) -> Example:
    """Return the example with its givens, as one list, changed."""
    network = example.network
    groups = [*network.weights, *network.biases, example.inputs, example.targets]
    flat = np.concatenate([np.ravel(group) for group in groups]).tolist()
    change(flat)
    cuts = np.cumsum([group.size for group in groups])[:-1]
    new = [part.reshape(g.shape) for part, g in zip(np.split(flat, cuts), groups, strict=True)]
    layers = len(network.weights)
    return dataclasses.replace(
        example,
        network=Network(new[:layers], new[layers : 2 * layers]),
        inputs=new[-2],
        targets=new[-1],
    )


@every_figure
def test_a_figure_is_one_svg_element(figure: str, example: str) -> None:
    svg = parse(draw(figure, example))
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    assert svg.get("width") is None, "the page, not the picture, decides how wide it is"
    assert words(svg)


@every_figure
def test_title_and_description_name_the_figure(figure: str, example: str) -> None:
    svg = parse(draw(figure, example))
    labels = [svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")]
    named = [label for label in labels if label is not None and label.text]
    assert [label.get("id") for label in named] == (svg.get("aria-labelledby") or "").split()
    assert len(named) == 2
    assert not re.search(r"_\d|[{}]", f"{named[0].text}{named[1].text}"), "w1, not w_1 or w_{}"


def test_ids_are_unique_over_all_figures() -> None:
    drawn = "".join(draw(figure, example) for figure, example in product(FIGURES, EXAMPLES))
    ids = re.findall(r'\bid="([^"]*)"', drawn)
    assert len(ids) == 2 * len(FIGURES) * len(EXAMPLES)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("example", "b1", "names"),
    [
        ("notes", "0.30", "x1 x2 z1 z2 h1 h2 y1 y2 ŷ1 ŷ2 t1 t2 Ey1 Ey2"),
        (
            "lecture",
            "0.35",
            "i1 i2 neth1 neth2 outh1 outh2 neto1 neto2 outo1 outo2 targeto1 targeto2 Eo1 Eo2",
        ),
    ],
)
def test_names_and_givens_are_text(example: str, b1: str, names: str) -> None:
    shared = [*names.split(), *(f"w{k}" for k in range(1, 9)), "b1", "b2"]
    headings = ["inputs", "hidden layer", "output layer"]
    givens = "0.05 0.10 0.15 0.20 0.25 0.30 0.40 0.45 0.50 0.55 0.60 0.01 0.99"
    plain = words(parse(draw("plain", example)))
    values = words(parse(draw("values", example)))
    assert sorted(plain) == sorted(shared + headings)
    assert sorted(values) == sorted([*plain, *givens.split(), b1])
    parameters = words(parse(draw("parameters", example)))
    assert sorted(parameters) == sorted([*plain, "b1,1", "b1,2", "b2,1", "b2,2"])


def test_a_figure_may_lead_from_its_quantities_to_pages() -> None:
    svg = parse(draw("parameters", "lecture", links={"w5": "w5/", "b1_2": "b/?a&b"}))
    links = {link.get("aria-label"): link for link in svg.iter(f"{SVG}a")}
    assert {name: link.get("href") for name, link in links.items()} == {
        "w5": "w5/",
        "b1_2": "b/?a&b",
    }
    assert "".join(links["w5"].itertext()) == "w5"
    assert svg.get("role") == "group", "a reader of an image would not find the links"


def test_each_value_stands_below_its_name() -> None:
    lines = words(parse(draw("values", "lecture")))
    pairs = dict(pairwise(lines))
    expected = {
        "i1": "0.05", "i2": "0.10", "w1": "0.15", "w2": "0.20", "w3": "0.25", "w4": "0.30",
        "w5": "0.40", "w6": "0.45", "w7": "0.50", "w8": "0.55", "b1": "0.35", "b2": "0.60",
        "targeto1": "0.01", "targeto2": "0.99",
    }  # fmt: skip
    assert {name: pairs[name] for name in expected} == expected


def test_the_description_tells_every_given() -> None:
    description = parse(draw("values", "lecture")).findtext(f"{SVG}desc") or ""
    for phrase in (
        "i1 = 0.05, i2 = 0.10",
        "w2 = 0.20 from i2 to h1",
        "w7 = 0.50 from h1 to o2",
        "b1 = 0.35, b2 = 0.60",
        "net_o2 into out_o2",
        "target_o1 = 0.01, target_o2 = 0.99",
        "E_o1, E_o2",
    ):
        assert phrase in description
    assert not re.search(r"\d\.\d", draw("plain", "lecture").split("</desc>")[0].split("<desc")[1])


@pytest.mark.parametrize("k", range(16))
def test_each_given_is_drawn_from_the_example(k: int) -> None:
    def change(givens: list[float]) -> None:
        givens[k] = -0.78125

    example = changed(LECTURE, change)
    shown = words(parse(draw_example("values", example)))
    assert shown.count(printed("-0.78125")) == 1
    assert draw_example("plain", example) == draw("plain", "lecture")


def test_the_fixture_changes_nothing_by_itself() -> None:
    assert draw_example("values", changed(NOTES, lambda _: None)) == draw("values", "notes")


def test_a_key_sets_the_ids_of_a_picture_apart() -> None:
    one, other = (draw_example("values", LECTURE, key=key) for key in ("first", "second"))
    assert re.findall('id="([^"]*)"', one) == ["first-title", "first-desc"]
    assert one.replace("first-", "second-") == other


@pytest.mark.parametrize("k", [0, 2, 4, 6, 8, 10, 11, 12, 14, 15])
def test_the_derivatives_follow_the_givens(k: int) -> None:
    def change(givens: list[float]) -> None:
        givens[k] -= 1.5

    example = changed(LECTURE, change)
    assert draw_example("hidden", example) != draw("hidden", "lecture")
    assert [path.weight for path in paths_back(Graph.of(example))] == ["w5", "w7"]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=lambda example: example.name)
def test_the_paths_add_up_to_the_gradient(example: Example) -> None:
    inner, outer = forward(example.network, example.inputs).outs[0], example.network
    top = Network(outer.weights[1:], outer.biases[1:])

    def error(change: float) -> float:
        outs = forward(top, np.add(inner, [change, 0])).outs[-1]
        return float(total_error(example.targets, outs))

    slope = (error(1e-5) - error(-1e-5)) / 2e-5
    assert sum(path.product for path in paths_back(Graph.of(example))) == pytest.approx(
        slope, rel=1e-8
    )


def test_the_paths_show_their_factors_and_products() -> None:
    lines = words(parse(draw("hidden", "lecture")))
    for line in (
        "∂Eo1/∂outh1, through o1 and along w5:",
        "0.741365 * 0.186816 * 0.40 = 0.055399",
        "∂Eo2/∂outh1, through o2 and along w7:",
        "(-0.217072) * 0.175510 * 0.50 = -0.019049",
        "∂Etotal/∂outh1, the sum over both paths:",
        "0.055399 + (-0.019049) = 0.036350",
    ):
        assert printed(line) in lines
    assert lines[lines.index("∂Etotal/∂outh1") + 1] == "0.036350"
    assert lines[lines.index("∂outo2/∂neto2") + 1] == "0.175510"
    assert lines[lines.index("w7") + 1] == "0.50"


@pytest.mark.parametrize("w1", [0.15, -0.7])
def test_the_paths_that_meet_in_a_neuron_multiply_and_add_up(w1: float) -> None:
    example = changed(NOTES, lambda flat: flat.__setitem__(0, w1))

    def net(change: float) -> float:
        inputs = np.add(example.inputs, [change, 0])
        return float(forward(example.network, inputs).nets[1][0])

    slope = (net(1e-5) - net(-1e-5)) / 2e-5
    lines = words(parse(draw_example("meeting", example)))
    plain = [line.replace("\N{MINUS SIGN}", "-") for line in lines]
    numbers = [
        [float(number) for number in re.findall(r"-?\d\.\d+", line)]
        for line in plain
        if "\N{MULTIPLICATION SIGN}" in line
    ]
    assert len(numbers) == 2
    assert sum(map(math.prod, numbers)) == pytest.approx(slope, abs=2e-6)
    assert float(plain[-1]) == pytest.approx(slope, abs=5.1e-7)


def test_the_paths_are_told_apart_without_color() -> None:
    svg = parse(draw("hidden", "notes"))
    styles = [line.get("style", "") for line in svg.iter(f"{SVG}line")]
    first, second = ([s for s in styles if f"--bp-path-{k}" in s] for k in (1, 2))
    assert len(first) == len(second) == 3  # from the error, along the weight, in the legend
    assert not any("dasharray" in s for s in first)
    assert all("dasharray" in s for s in second)
    description = svg.findtext(f"{SVG}desc") or ""
    assert "Solid line: ∂E_y1/∂h1" in description
    assert "Dashed line: ∂E_y2/∂h1" in description


@every_figure
def test_letters_stay_large_enough_on_a_phone(figure: str, example: str) -> None:
    svg = parse(draw(figure, example))
    for tag, pixels in (("text", 11), ("tspan", 10)):
        sizes = [
            float(e.attrib["font-size"]) for e in svg.iter(SVG + tag) if "font-size" in e.attrib
        ]
        assert min(sizes) * PHONE / WIDTH > pixels


@every_figure
def test_labels_keep_apart_and_inside(figure: str, example: str) -> None:
    svg = parse(draw(figure, example))
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    places = list(map(extent, svg.iter(f"{SVG}text")))
    for left, top, right, bottom in places:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    for a, b in combinations(places, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (a, b)


def extent(text: Element) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a line of text, by the widths of a usual font."""
    x, y, size = (float(text.attrib[name]) for name in ("x", "y", "font-size"))
    width = 0.52 * size * len("".join(text.itertext()))
    left = x - {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]] * width
    return left, y - 0.72 * size, left + width, y + 0.2 * size


@every_figure
def test_a_figure_in_a_page_takes_the_colors_of_the_page(figure: str, example: str) -> None:
    svg = parse(draw(figure, example))
    assert svg.find(f"{SVG}style") is None
    for text in svg.iter(f"{SVG}text"):
        assert text.get("style") == f"fill: {INK}"
    for rectangle in svg.iter(f"{SVG}rect"):
        assert f"fill: {BACKGROUND}" in rectangle.attrib["style"]


@every_figure
def test_a_standalone_figure_needs_nothing_else(figure: str, example: str) -> None:
    drawn = draw(figure, example, standalone=True)
    svg = parse(drawn)
    style = svg.findtext(f"{SVG}style") or ""
    assert "prefers-color-scheme: dark" in style
    assert "font-family" in style
    assert not re.search(r"url\(|href|@import|<image|<script|<use", drawn)
    assert words(svg) == words(parse(draw(figure, example)))


def luminance(color: str) -> float:
    """Return the relative luminance of #rgb or #rrggbb (WCAG 2)."""
    digits = color.removeprefix("#")
    pairs = re.findall("..", digits) if len(digits) == 6 else [2 * digit for digit in digits]
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, 1 to 21 (WCAG 2)."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_published() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.005)


def test_text_and_lines_stand_out_on_both_backgrounds() -> None:
    inks = re.findall(r"(?<!-)color: (#\w+)", STANDALONE_STYLE)
    backgrounds = re.findall(r"--bp-background: (#\w+)", STANDALONE_STYLE)
    assert backgrounds == ["#fff", "#1e2129"]
    for ink, background in zip(inks, backgrounds, strict=True):
        assert contrast(ink, background) >= 4.5
    lines = set(re.findall(r"--bp-path-\d, (#\w+)", draw("hidden", "lecture")))
    assert len(lines) == 2
    for line, background in product(lines, backgrounds):
        assert contrast(line, background) >= 3  # what a line needs; all text is in the ink


def test_an_example_may_have_other_givens() -> None:
    example = changed(LECTURE, lambda flat: flat.__setitem__(0, -0.3))
    assert draw("values", example) == draw_example("values", example) != draw("values", "lecture")


@pytest.mark.parametrize("figure", ["", "Plain", "values ", None])
def test_an_unknown_figure_is_refused(figure: str) -> None:
    choices = "plain, values, parameters, map, hidden, meeting, tape, slope, step"
    with pytest.raises(ValueError, match=rf"^figure: .* came, expected one of {choices}$"):
        draw(figure, "lecture")


@pytest.mark.parametrize("example", ["", "Lecture", "book", None])
def test_an_unknown_example_is_refused(example: str) -> None:
    with pytest.raises(ValueError, match=r"^example: .* came, expected one of notes, lecture$"):
        draw("plain", example)


def test_every_example_has_a_notation() -> None:
    assert NEURONS.keys() == EXAMPLES.keys()


def test_the_picture_of_the_readme_is_current() -> None:
    stored = README_FIGURE.read_text(encoding="utf-8")
    message = f"out of date; rewrite it with: python -c {shlex.quote(REWRITE)}"
    assert stored == draw("values", "lecture", standalone=True) + "\n", message


def page_map(notation: str = "notes", **changes: str) -> str:
    """Draw the map of the lecture's numbers in a network of tanh, with other givens."""
    givens = Graph.of(LECTURE).givens | {name: Decimal(x) for name, x in changes.items()}
    graph = Graph(LECTURE.network.sizes, givens, activations="tanh", loss="squared")
    return draw_map_of("page", notation, graph, 0.25)


def test_the_map_of_a_page_has_its_numbers_and_its_form() -> None:
    svg = parse(page_map(i1="0.75"))
    data = json.loads(str(svg.findtext(f".//{SVG}metadata")))
    assert data["form"] == {
        "activations": ["tanh", "tanh"],
        "loss": "squared",
        "over": "sum",
    }
    assert (data["example"], data["rate"], data["givens"]["i1"]) == ("page", 0.25, 0.75)
    [out] = {each.text for each in svg.iterfind(".//*[@data-value='out_h1']")}
    net = 0.15 * 0.75 + 0.20 * 0.10 + 0.35
    assert out == f"{math.tanh(net):.6f}"


def test_the_map_of_a_page_without_biases_has_none() -> None:
    givens = {name: x for name, x in Graph.of(LECTURE).givens.items() if name[0] != "b"}
    drawn = draw_map_of("page", "lecture", Graph(LECTURE.network.sizes, givens), 0.5)
    assert 'data-name="w1"' in drawn
    assert 'data-name="b1"' not in drawn


def test_a_map_needs_labels_in_the_notation_of_its_page() -> None:
    with pytest.raises(ValueError, match="notation: 'nielsen'"):
        page_map("nielsen")


OTHERS = (
    *FEW,
    Kind((2, 2, 1), ("logistic", "logistic"), "half_squared"),
    Kind((2, 3, 2), ("tanh", "softmax"), "cross_entropy"),
    Kind((2, 2, 2, 2), ("relu", "tanh", "logistic"), "binary_cross_entropy", "own"),
    Kind((3, 2, 1), ("linear", "tanh"), "squared", "none"),
)
every_map = pytest.mark.parametrize("kind", OTHERS, ids=name_of)


def map_of(kind: Kind) -> tuple[Graph, Element]:
    graph = kind.graph()
    return graph, parse(draw_map_of("page", "notes", graph, 0.5))


def shapes_of(svg: Element, sample: int) -> list[Element]:
    """Return what is drawn of the quantities while a sample is shown."""
    groups = svg.findall(f"{SVG}g[@data-name]")
    groups += svg.findall(f"{SVG}g[@data-sample='{sample}']/{SVG}g")
    return [shape for group in groups for shape in group]


@every_map
def test_a_map_shows_every_number_of_any_network(kind: Kind) -> None:
    graph, svg = map_of(kind)
    printed = {
        str(each.get("data-value")): str(each.text).replace(MINUS, "-")
        for each in svg.iterfind(".//*[@data-value]")
    }
    assert printed.keys() == {*graph.names, "learning_rate"}
    for name in graph.names:
        assert float(printed[name]) == pytest.approx(float(graph.value(name)), abs=5e-7), name
    hidden = [each.get("display") for each in svg.iterfind(".//*[@data-sample]")]
    assert hidden == [None, "none", "none", "none"][: kind.samples]
    inputs = sum(name.startswith(("w", "b")) for net in nets(graph) for name in graph.parts(net))
    names = [group.get("data-name") for group in svg.findall(f"{SVG}g[@data-name]")]
    places = [name for name in names if name and name[0] in "wb"]
    usual = kind.sizes == (2, 2, 2) and not kind.samples
    assert len(places) == (2 * inputs if not usual else 2 * 8 + 3 * len({"b1", "b2"} & {*places}))


def nets(graph: Graph) -> list[str]:
    """Return the net inputs of one sample."""
    return [name for name in graph.names if re.fullmatch(r"net_[a-z\d]+(_\d+)?(_s1)?", name)]


@every_map
def test_the_labels_of_a_map_keep_off_lines_and_inside_their_boxes(kind: Kind) -> None:
    _, svg = map_of(kind)
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    usual = kind.sizes == (2, 2, 2) and not kind.samples  # its labels stand on their edges
    headings = [extent(text) for text in svg.iterfind(f"{SVG}text")]
    assert len(headings) == len(kind.sizes)
    for sample in range(max(1, kind.samples)):
        shapes = shapes_of(svg, sample)
        labels = [extent(shape) for shape in shapes if shape.tag == f"{SVG}text"]
        boxes = [shape for shape in shapes if shape.tag == f"{SVG}rect"]
        for label in labels:
            assert any(inside(label, box) for box in boxes), label
        for left, top, right, bottom in (*labels, *headings):
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
        for a, b in combinations((*labels, *headings), 2):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
        lines = [shape for shape in shapes if shape.tag == f"{SVG}line"]
        for line, label in product(() if usual else lines, (*labels, *headings)):
            assert not crosses(line, label), (line.attrib, label)


@every_map
def test_the_lines_of_a_map_tell_size_and_sign_of_their_weights(kind: Kind) -> None:
    graph, svg = map_of(kind)
    drawn = {}
    for group in svg.findall(f"{SVG}g[@data-name]"):
        name = str(group.get("data-name"))
        if name.startswith("w") and group.find(f"{SVG}line") is not None:
            styles = {line.attrib["style"] for line in group.findall(f"{SVG}line")}
            assert len(styles) == 1
            drawn[name] = dict(each.split(": ") for each in styles.pop().split("; "))
    assert drawn.keys() == {name for name in graph.names if name.startswith("w")}
    by_size = sorted(drawn, key=lambda name: abs(graph.value(name)))
    widths = [float(drawn[name]["stroke-width"]) for name in by_size]
    assert widths == sorted(widths)
    assert 0.8 <= widths[0] < widths[-1] < 5.8
    negative = {name for name in drawn if graph.value(name) < 0}
    assert negative < drawn.keys()
    assert {name for name in drawn if "stroke-dasharray" in drawn[name]} == negative
    assert len({drawn[name]["stroke"] for name in negative}) == (1 if negative else 0)
    colors = {drawn[name]["stroke"] for name in drawn.keys() - negative}
    assert len(colors) == 1
    assert not any(drawn[name]["stroke"] in colors for name in negative)


def test_long_numbers_stay_inside_their_boxes() -> None:
    graph = Graph.of(LECTURE)
    long = {name: Decimal("-12.345678") for name in graph.givens}
    svg = parse(draw_map_of("page", "lecture", Graph(graph.sizes, long), 12.345678))
    tall = 0
    for group in svg.findall(f"{SVG}g[@data-name]"):
        boxes = group.findall(f"{SVG}rect")
        for text in group.iterfind(".//*[@data-value]/.."):
            size = float(text.attrib["font-size"])
            width = 0.536 * size * len("".join(text.itertext()))
            assert width <= max(float(box.attrib["width"]) for box in boxes) + 0.1
            tall += size == 14
    assert tall > 4


def written_long(flat: list[float]) -> None:
    flat[:] = [-12.345678 - k / 1e6 for k in range(len(flat))]


@pytest.mark.parametrize("figure", ["plain", "values", "parameters", "hidden", "meeting"])
@pytest.mark.parametrize("change", [lambda _: None, written_long], ids=["as given", "long"])
def test_labels_in_a_text_stand_on_no_line(
    figure: str, change: Callable[[list[float]], None]
) -> None:
    """A label lies in a box or on a patch, which hides what is behind it, or beside all lines."""
    svg = parse(draw_example(figure, changed(LECTURE, change)))
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    groups = [[*group] for group in svg.findall(f"{SVG}g")]
    groups += [[text] for text in svg.findall(f"{SVG}text")]
    lines = [*svg.iter(f"{SVG}line")]
    beside = 0
    for group in groups:
        boxes = [shape for shape in group if shape.tag == f"{SVG}rect"]
        for place in (extent(shape) for shape in group if shape.tag == f"{SVG}text"):
            assert 0 <= place[0] < place[2] <= width
            assert 0 <= place[1] < place[3] <= height
            if not any(inside(place, box) for box in boxes):
                assert not any(crosses(line, place) for line in lines), place
                assert not boxes
                beside += 1
    assert beside >= 3  # the headings or the legend


def test_a_picture_with_values_draws_each_weight_as_wide_as_it_is_large() -> None:
    example = changed(LECTURE, lambda flat: flat.__setitem__(slice(5), [0, -0.3, 0.3, -12.5, 12.5]))
    svg = parse(draw_example("values", example))
    found = {
        str(group.get("data-name")): line.attrib["style"]
        for group in svg.findall(f"{SVG}g")
        for line in group.findall(f"{SVG}line")
    }
    for k, weight in enumerate(np.concatenate([np.ravel(x) for x in example.network.weights])):
        pen = weight_pen(float(weight))
        assert found[f"w{k + 1}"] == "; ".join(f"{name}: {x}" for name, x in pen.items())
    plain = parse(draw_example("plain", example))
    assert "--bp-" not in "".join(line.attrib["style"] for line in plain.iter(f"{SVG}line"))


@pytest.mark.parametrize("figure", ["plain", "values", "parameters", "hidden", "meeting"])
def test_a_network_without_biases_is_drawn_without(figure: str) -> None:
    bare = dataclasses.replace(LECTURE, network=Network(LECTURE.network.weights, None))
    drawn = draw_example(figure, bare)
    assert 'data-name="w5"' in drawn
    assert not re.search('data-name="b|Biases|bias of its own', drawn)


def test_biases_that_differ_stand_below_each_other_in_their_box() -> None:
    example = changed(LECTURE, lambda flat: flat.__setitem__(9, 0.9))
    svg = parse(draw_example("values", example))
    [box] = svg.findall(f"{SVG}g[@data-name='b1']/{SVG}rect")
    texts = svg.findall(f"{SVG}g[@data-name='b1']/{SVG}text")
    assert ["".join(text.itertext()) for text in texts] == ["b1", "0.35", "0.90"]
    assert all(inside(extent(text), box) for text in texts)


def crosses(line: Element, box: tuple[float, float, float, float]) -> bool:
    """Return whether a line runs through a box: whether one of its points lies in it."""
    x1, y1, x2, y2 = (float(line.attrib[key]) for key in ("x1", "y1", "x2", "y2"))
    left, top, right, bottom = box
    points = ((x1 + k / 200 * (x2 - x1), y1 + k / 200 * (y2 - y1)) for k in range(201))
    return any(left < x < right and top < y < bottom for x, y in points)


def inside(text: tuple[float, float, float, float], box: Element) -> bool:
    """Return whether a text lies in a box."""
    x, y, width, height = (float(box.attrib[key]) for key in ("x", "y", "width", "height"))
    return x <= text[0] and y <= text[1] and text[2] <= x + width and text[3] <= y + height


def test_a_network_with_one_output_has_its_bias_below_it() -> None:
    network = Network([[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]], [0.7, 0.8])
    one = dataclasses.replace(LECTURE, network=network, targets=np.array([0.9]))
    svg = parse(draw_example("values", one))
    boxes = {
        group.get("data-name"): [
            (float(box.get("y", 0)), float(box.get("height", 0)))
            for box in group.iter(f"{SVG}rect")
        ]
        for group in svg.iter(f"{SVG}g")
    }
    [(bias, height)] = boxes["b2"]
    [(hidden, _)] = boxes["b1"]
    assert bias == hidden
    _, _, _, bottom = map(float, svg.get("viewBox", "").split())
    assert bias + height < bottom
    lines = words(svg)
    assert "0.80" in lines
    assert "0.90" in lines

"""Draw the whole network of an example for a text: its names, and its givens."""

from collections.abc import Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

import numpy as np

from backprop.examples import Example
from backprop.figures.labels import given, label_of, neuron_of, said
from backprop.figures.layout import Layout, Weight, compact, weights_of
from backprop.figures.network import add_flow, add_headings, add_nodes, add_wires
from backprop.figures.svg import MARGIN, Words, add_group, add_label, weight_pen
from backprop.symbolic.definitions import Form
from backprop.symbolic.graph import Graph

BESIDE_BIAS_ARROW, OWN_BIAS = 24.0, 33.0  # the label of a neuron's own bias, seen from its net


def draw_plain(svg: Element, example: Example) -> Words:
    """Draw the network with its names only."""
    graph = first_sample(example)
    layout = compact(graph.form)
    lines = {name: label[:1] for name, label in lines_of(example, graph, layout).items()}
    add_wires(svg, layout, lines, {})
    return draw_network(svg, example.name, graph.form, layout, lines, "The network and its names")


def draw_values(svg: Element, example: Example) -> Words:
    """Draw the network with its names and givens, and each weight as wide as it is large."""
    graph = first_sample(example)
    layout = compact(graph.form)
    lines = lines_of(example, graph, layout)
    pens = {name: weight_pen(float(x)) for name, x in graph.givens.items() if name[0] == "w"}
    add_wires(svg, layout, lines, pens)
    return draw_network(svg, example.name, graph.form, layout, lines, "The network and its givens")


def draw_parameters(svg: Element, example: Example) -> Words:
    """Draw the network with its names, and those of the biases if each neuron has its own."""
    words = draw_plain(svg, example)
    form = first_sample(example).form
    places = compact(form).places
    names = []
    for layer in range(1, len(form.sizes)) if form.own_biases else ():
        middle = places[f"b{layer}"].y
        for k, neuron in enumerate(form.neurons(layer), start=1):
            names.append(f"b{layer}_{k}")
            net = places[f"net_{neuron}"]
            y = net.y + (OWN_BIAS if net.y < middle else -OWN_BIAS)
            place = net.x + BESIDE_BIAS_ARROW, y
            add_label(add_group(svg, names[-1]), place, [f"b_{layer},{k}"])
    each = f" Where each neuron has a bias of its own: {', '.join(names)}, by layer and neuron."
    description = words.description + each * bool(names)
    return replace(words, title="The network and its weights and biases", description=description)


def first_sample(example: Example) -> Graph:
    """Return the graph of an example with the first of its samples, if it has several."""
    inputs, targets = np.atleast_2d(example.inputs)[0], np.atleast_2d(example.targets)[0]
    return Graph.of(replace(example, inputs=inputs, targets=targets))


def lines_of(example: Example, graph: Graph, layout: Layout) -> dict[str, list[str]]:
    """Return the name of each part, and its value if it is a given that all samples share."""
    lines: dict[str, list[str]] = {}
    several = example.inputs.ndim > 1
    for name in (*layout.places, *(weight.name for weight in weights_of(graph.form))):
        own = [each for each in graph.givens if each == name or each.startswith(f"{name}_")]
        values = [] if several and name[0] in "it" else own
        label = label_of(example.name, name)
        lines[name] = [label, *(given(float(graph.givens[each]), each) for each in values)]
    return lines


def draw_network(
    svg: Element,
    notation: str,
    form: Form,
    layout: Layout,
    lines: Mapping[str, list[str]],
    title: str,
) -> Words:
    """Draw the whole network with some lines of text for each part, and tell it in words."""
    add_flow(svg, layout, form.neurons(len(form.sizes) - 1))
    add_nodes(svg, layout.places, lines)
    add_headings(svg, layout)
    description = in_words(notation, form, lines)
    return Words(title, description, layout.bottom + MARGIN, layout.width)


def in_words(notation: str, form: Form, lines: Mapping[str, list[str]]) -> str:
    """Return in words what a drawing of the whole network shows."""

    def told(start: str) -> str:
        return said([line for name, line in lines.items() if name.startswith(start)])

    def way(weight: Weight) -> str:
        below, net = weight.below.removeprefix("out_"), weight.net.removeprefix("net_")
        source = label_of(notation, below) if below[0] == "i" else neuron_of(notation, below)
        return f"{said([lines[weight.name]])} from {source} to {neuron_of(notation, net)}"

    last = len(form.sizes) - 1
    each = [neuron for layer in range(1, last + 1) for neuron in form.neurons(layer)]
    neurons = (" into ".join(lines[f"{half}_{x}"][0] for half in ("net", "out")) for x in each)
    biases = (
        f"Biases, one for {'the' if last == 2 else 'each'} hidden layer and one for the "
        f"output layer: {told('b')}. "
    )
    return (
        f"Read from left to right. Inputs: {told('i')}. "
        f"Weights: {', '.join(map(way, weights_of(form)))}. "
        f"{biases * bool(form.own_biases)}"
        "Each neuron turns its net input, in its left half, into its output, in its right half: "
        f"{', '.join(neurons)}. Each output is compared with its target, "
        f"{told('target')}, which gives its error, {told('E')}."
    )

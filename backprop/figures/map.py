"""Draw the map: a network with every number of its forward pass, which a page can recompute."""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from backprop.figures.labels import PLACES, computed, given, label_of, names_of, neuron_names, said
from backprop.figures.layout import ALL, Layout, facing, lesson, spread
from backprop.figures.network import add_flow, add_headings, add_nodes, add_wires
from backprop.figures.svg import MARGIN, Shown, Words, add_arrow, add_group, weight_pen
from backprop.symbolic.definitions import RATE, TOTAL, Form
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS

SHARED = ("b1", "b2", RATE, ALL)  # by all samples


def add_map(
    svg: Element,
    example: str,
    notation: str,
    graph: Graph,
    learning_rate: float,
    biases: str = "frozen",
) -> Words:
    """Draw the map of a network, whose quantities have the labels of a notation."""
    form = graph.form
    usual = form.sizes == (2, 2, 2) and not form.samples and not any(form.own_biases)
    layout = lesson(form) if usual else spread(form)
    values = {name: value_of(graph, name) for name in graph.names}
    values[RATE] = Shown(f"{learning_rate:g}", RATE)
    lines = {name: [label_of(notation, name), value] for name, value in values.items()}

    pens = {name: weight_pen(float(graph.value(name))) for name in values if name[0] == "w"}
    add_wires(svg, layout, lines, pens)
    add_samples(svg, form, layout, lines)
    add_headings(svg, layout)

    about = {"example": example, "rate": learning_rate, "biases": biases}
    names = {name: names_of(NOTATIONS[notation], name) for name in (*graph.untied().names, *values)}
    names["rate"] = names.pop(RATE)
    labels = names | neuron_names(notation, form)
    SubElement(svg, "metadata").text = json.dumps(
        {**about, **network_data(graph), "labels": labels}, ensure_ascii=False
    )
    description = (
        "Read from left to right. Each neuron has two halves, its net input and its output. "
        "From the inputs to the total error: "
        f"{said([*lines.values()])}."
    )
    title = "The network and its numbers, one forward pass"
    return Words(title, description, layout.bottom + MARGIN, layout.width)


def network_data(graph: Graph) -> dict[str, Any]:
    """Return a network as data for the scripts of a page."""
    form = graph.form
    return {
        "sizes": graph.sizes,
        "givens": {name: float(value) for name, value in graph.givens.items()},
        "form": {
            "activations": form.activations,
            "loss": form.loss,
            "over": form.over_samples,
        },
    }


def add_samples(svg: Element, form: Form, layout: Layout, lines: Mapping[str, list[str]]) -> None:
    """Draw the nodes; each sample has a group of its own, of which only the first is shown."""
    places = layout.places
    own = {name: box for name, box in places.items() if name not in SHARED}
    outputs = form.neurons(len(form.sizes) - 1)
    for k, mark in enumerate(form.marks):
        sample = SubElement(svg, "g", {"data-sample": str(k)}) if mark else svg
        if k:
            sample.set("display", "none")  # until a reader chooses it
        add_flow(sample, layout, outputs, mark)
        if mark:
            add_arrow(add_group(sample, TOTAL + mark), *facing(places[TOTAL], places[ALL]))
        add_nodes(sample, own, lines, mark)
    shared = {TOTAL if name == ALL else name: places[name] for name in places if name in SHARED}
    add_nodes(svg, shared, lines)


def value_of(graph: Graph, name: str) -> Shown:
    """Return the value of a node as the map prints it, with as many digits as fit its box."""
    value = graph.value(name)
    if name in graph.givens:
        return given(float(value), name)
    return computed(float(value), name, max(0, PLACES - max(0, value.adjusted())))

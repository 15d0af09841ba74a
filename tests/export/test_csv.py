import csv
import io
from decimal import Decimal

import pytest
from kinds import KINDS, Kind, name_of

from backprop import EXAMPLES, Example, backward, forward, step, total_error
from backprop.export.csv import as_csv
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import LECTURE_NOTATION, NOTATIONS


def rows_of(example: Example) -> dict[str, dict[str, str]]:
    rate = Decimal(str(example.learning_rate))
    text = as_csv(Graph.of(example), rate, NOTATIONS[example.name])
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_every_quantity_is_there_as_the_package_finds_it(example: Example) -> None:
    rows = rows_of(example)
    network, inputs, targets = example.network, example.inputs, example.targets
    assert {*Graph.of(example).names, "learning_rate"} < {*rows}
    answer, gradient = forward(network, inputs), backward(network, inputs, targets)
    after = step(network, inputs, targets, learning_rate=0.5, biases="frozen")
    layers = zip(("h", "o"), answer.nets, answer.outs, gradient.deltas, strict=True)
    for neuron, nets, outs, deltas in layers:
        for k in range(2):
            assert float(rows[f"net_{neuron}{k + 1}"]["value"]) == pytest.approx(nets[k], rel=1e-15)
            assert float(rows[f"out_{neuron}{k + 1}"]["value"]) == pytest.approx(outs[k], rel=1e-15)
            slope = float(rows[f"net_{neuron}{k + 1}"]["dE_total"])
            assert slope == pytest.approx(deltas[k], rel=1e-14)
    error = float(total_error(targets, answer.outs[-1]))
    assert float(rows["E_total"]["value"]) == pytest.approx(error, rel=1e-15)
    slopes = [slope for layer in gradient.weights for slope in layer.flat]
    new = [weight for layer in after.weights for weight in layer.flat]
    for k in range(8):
        assert float(rows[f"w{k + 1}"]["dE_total"]) == pytest.approx(slopes[k], rel=1e-14)
        assert float(rows[f"w{k + 1}+"]["value"]) == pytest.approx(new[k], rel=1e-15)
    assert float(rows["learning_rate"]["value"]) == example.learning_rate


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_a_network_of_any_kind_has_all_its_quantities(kind: Kind) -> None:
    graph = kind.graph()
    rows = list(csv.DictReader(io.StringIO(as_csv(graph, Decimal("0.1"), LECTURE_NOTATION))))
    named = {row["name"]: row for row in rows}
    assert len(named) == len(rows)
    for name in graph.names:
        expected = (graph.value(name), graph.derivative("E_total", name))
        for column, exact in zip(("value", "dE_total"), expected, strict=True):
            assert abs(Decimal(named[name][column]) - exact) <= abs(exact) * Decimal("5e-17")
    after = graph.updated(Decimal("0.1")).value("w1")
    assert float(named["w1+"]["value"]) == pytest.approx(float(after), rel=1e-15)


def test_quantities_have_their_symbols_in_the_notation_of_the_example() -> None:
    assert rows_of(EXAMPLES["notes"])["out_o1"]["symbol"] == "ŷ1"
    assert rows_of(EXAMPLES["lecture"])["w5+"]["symbol"] == "w5+"


def test_numbers_have_as_many_digits_as_tell_floats_apart() -> None:
    value = rows_of(EXAMPLES["lecture"])["out_h1"]["value"]
    exact = Graph.of(EXAMPLES["lecture"]).value("out_h1")
    assert len(value) == len("0.") + 17
    assert abs(Decimal(value) - exact) <= Decimal("0.5e-17")

"""A page may speak of the network after any number of rounds; it is trained once for all."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from networks import learned

from backprop import LECTURE, total_error, train
from backprop.formulas import networks
from backprop.formulas.values import Unbound
from backprop.formulas.world import ROUNDS, World
from backprop.network import forward
from backprop.pages.reader import read
from backprop.pages.settings import world_of
from backprop.symbolic.notation import LECTURE_NOTATION, NOTES_NOTATION

KINDS = sorted((Path(__file__).parents[1] / "pages" / "kinds").glob("*.md"))


@pytest.fixture
def world() -> World:
    return World.of(LECTURE, LECTURE_NOTATION)


@pytest.mark.parametrize("rounds", [0, 1, 2, 999, 1000, 1001, 2500])
def test_a_graph_after_some_rounds_is_that_of_the_trained_network(
    world: World, rounds: int
) -> None:
    trained = learned(LECTURE, rounds).network
    expected = total_error(LECTURE.targets, forward(trained, LECTURE.inputs).outs[-1])
    assert float(world.after(rounds).value("E_total")) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("biases", ["frozen", "per_neuron"])
def test_a_network_of_any_kind_is_trained_as_its_graph_learns(path: Path, biases: str) -> None:
    page = read(path)
    world = world_of(page.front, {})
    assert world is not None
    if biases != "frozen" and not world.graph.form.own_biases:
        pytest.skip("there are no biases to learn")
    learner: World = replace(world, biases=biases)  # type: ignore[arg-type]
    graph = learner.graph.untied() if biases == "per_neuron" else learner.graph
    for _ in range(3):
        graph = graph.updated(learner.learning_rate, learner.biases)
    trained = learner.after(3)
    assert {*trained.givens} == {*graph.givens}
    for name, value in graph.givens.items():
        assert float(trained.givens[name]) == pytest.approx(float(value), rel=1e-12), name
    assert float(trained.value("E_total")) == pytest.approx(float(graph.value("E_total")))


def test_the_same_network_is_trained_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def counted(*args: Any, rounds: int, **options: Any) -> Any:
        taken.append(rounds)
        return train(*args, rounds=rounds, **options)

    monkeypatch.setattr(networks, "train", counted)
    networks.trained.cache_clear()
    last, before = world.after(3000).value("E_total"), world.after(2999).value("E_total")
    assert Decimal(0) < last < before
    assert taken == [1000, 1000, 1000, 999]
    other = World.of(LECTURE, NOTES_NOTATION)
    assert other.after(3000).value("E_total") == last
    assert taken == [1000, 1000, 1000, 999]
    slower = replace(world, learning_rate=Decimal("0.25"))
    assert slower.after(3000).value("E_total") > last
    assert taken == [1000, 1000, 1000, 999, 1000, 1000, 1000]


def test_no_page_makes_it_train_for_hours(world: World) -> None:
    with pytest.raises(Unbound, match=f"expected {ROUNDS} at most"):
        world.after(ROUNDS + 1)

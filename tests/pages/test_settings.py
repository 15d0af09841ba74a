"""What a page says about itself, and one clear line for all that is not understood."""

import math
from decimal import Decimal
from typing import Any, get_args

import pytest
from networks import learned

from backprop import (
    LECTURE,
    NOTES,
    BiasChoice,
    forward,
    total_error,
    train_with_new_output_weights,
    variant_values,
)
from backprop.formulas import latex
from backprop.formulas.evaluate import evaluate
from backprop.formulas.values import Unbound, Value, equal
from backprop.formulas.world import World
from backprop.pages.settings import Settings, world_of
from backprop.symbolic.givens import MOST_DIGITS, MOST_LAYERS, SettingsError, decimal
from backprop.symbolic.graph import Graph

HALF = Decimal("0.5")
LECTURE_GRAPH = Graph.of(LECTURE)
OWN: dict[str, Any] = {
    "sizes": [1, 2, 1],
    "givens": {
        "i1": 0.5,
        "w1": 0.1,
        "w2": 0.2,
        "b1": 0.3,
        "w3": 0.4,
        "w4": 0.5,
        "b2": 0.6,
        "target_o1": 1,
        "eta": 0.25,
    },
}


def world(section: dict[str, str] | None = None, **settings: Any) -> World:
    found = world_of({"backprop": settings}, section or {})
    assert found is not None
    return found


def value(where: World, symbol: str) -> Value:
    [chain] = latex.parse(symbol)
    [side] = chain.sides
    return evaluate(side, where)


def refused(section: dict[str, str] | None = None, **settings: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        world(section, **settings)
    [line] = str(caught.value).splitlines()
    return line


# The example and its notation


@pytest.mark.parametrize("front", [{}, {"title": "A page"}, {"backprop": None}])
def test_a_page_may_say_nothing(front: dict[str, Any]) -> None:
    assert world_of(front, {}) is None


def test_an_example_brings_its_numbers_and_its_rate() -> None:
    assert value(world(example="lecture"), "b_1") == Decimal("0.35")
    assert value(world(example="notes"), "b_1") == Decimal("0.30")
    assert value(world(example="notes"), r"\alpha") == Decimal("0.5")


def test_an_example_brings_its_notation_unless_the_page_chooses_one() -> None:
    assert world(example="notes").notation.name == "notes"
    assert world(example="notes", notation="lecture").notation.name == "lecture"
    assert value(world(example="lecture", notation="notes"), "z_1") == Decimal("0.3775")


def test_matrices_have_a_row_for_each_neuron_unless_the_page_has_columns() -> None:
    rows = value(world(example="lecture"), "W_1")
    columns = value(world(example="lecture", matrices="columns"), "W_1")
    section = value(world({"matrices": "columns"}, example="lecture"), "W_1")
    assert not isinstance(rows, Decimal)
    assert not isinstance(columns, Decimal)
    assert rows.tolist() == columns.T.tolist()
    assert columns.tolist() != rows.tolist()
    assert section is not None
    assert not isinstance(section, Decimal)
    assert section.tolist() == columns.tolist()


# Givens


def test_givens_change_numbers_of_the_example_by_either_name() -> None:
    changed = world(example="notes", givens={"x1": 0.8, "w5": -0.3, "alpha": "0.501"})
    assert value(changed, "x_1") == Decimal("0.8")
    assert value(changed, "w_5") == Decimal("-0.3")
    assert value(changed, r"\alpha") == Decimal("0.501")
    assert value(changed, "w_6") == Decimal("0.45")
    canonical = world(example="notes", givens={"i1": 0.8, "learning_rate": 1})
    assert value(canonical, "x_1") == Decimal("0.8")
    assert value(canonical, r"\alpha") == Decimal(1)


def test_a_given_has_the_digits_that_the_author_wrote() -> None:
    digits = "0.1234567890123456789012345678901234567890"
    assert decimal("i1", digits) == Decimal(digits)
    assert decimal("i1", 0.1) == Decimal("0.1")
    assert decimal("i1", 3) == Decimal(3)
    assert decimal("i1", "1e-3") == Decimal("0.001")


def test_a_bias_of_one_neuron_unties_its_layer() -> None:
    untied = world(example="lecture", givens={"b2_1": 0.9})
    assert untied.graph.givens["b2_1"] == Decimal("0.9")
    assert untied.graph.givens["b2_2"] == Decimal("0.6")
    assert untied.graph.givens["b1"] == Decimal("0.35")
    assert "b2" not in untied.graph.givens


def test_a_network_of_the_authors_own() -> None:
    own = world(**OWN)
    assert own.graph.sizes == (1, 2, 1)
    assert value(own, r"\mathrm{net}_{h_2}") == Decimal("0.40")
    assert value(own, r"\eta") == Decimal("0.25")
    assert own.notation.name == "lecture"


def test_a_network_of_the_authors_own_has_a_rate_by_default() -> None:
    givens = {name: number for name, number in OWN["givens"].items() if name != "eta"}
    assert value(world(sizes=[1, 2, 1], givens=givens, notation="notes"), r"\alpha") == Decimal(
        "0.5"
    )


# Sections


def test_a_section_changes_single_givens_and_keeps_the_others() -> None:
    section = world({"eta": "0.1"}, example="lecture", givens={"w5": -0.3})
    assert value(section, r"\eta") == Decimal("0.1")
    assert value(section, "w_5") == Decimal("-0.3")
    assert value(world({"w5": "0.7"}, sizes=[2, 2, 2], **_full()), "w_5") == Decimal("0.7")


def _full() -> dict[str, Any]:
    graph = world(example="lecture").graph
    return {"givens": {name: str(number) for name, number in graph.givens.items()}}


def test_another_example_in_a_section_brings_its_own_numbers() -> None:
    section = world({"example": "notes"}, example="lecture", givens={"b1": 9})
    assert value(section, "b_1") == Decimal("0.3")
    assert section.notation.name == "notes"
    kept = world({"example": "notes"}, example="lecture", notation="lecture")
    assert kept.notation.name == "lecture"
    assert value(world({"example": "notes"}, **OWN), "b_1") == Decimal("0.3")


def test_a_section_alone_can_say_what_it_is_about() -> None:
    alone = world_of({}, {"example": "notes", "notation": "lecture"})
    assert alone is not None
    assert value(alone, "b_1") == Decimal("0.3")


# Names


def test_a_name_is_bound_to_an_expression_over_the_page() -> None:
    given = "network, inputs, targets, learning_rate=learning_rate, rounds=1"
    slip = f"train_with_new_output_weights({given})"
    page = world(
        example="lecture",
        where={"answer": f"forward({slip}, inputs).outs[-1]"},
        names={
            r"\tilde{E}^{(1)}": "total_error(targets, answer)",
            r"\tilde{\mathrm{out}}_{o_1}": "answer[0]",
            r"\bar{c}": 0.25,
        },
    )
    network = train_with_new_output_weights(
        LECTURE.network, LECTURE.inputs, LECTURE.targets, learning_rate=0.5, rounds=1
    )
    answer = forward(network, LECTURE.inputs).outs[-1]
    error = float(total_error(LECTURE.targets, answer))
    assert value(page, r"\tilde{E}^{(1)}") == Decimal(str(error))
    assert value(page, r"\tilde{\mathrm{out}}_{o_1}") == Decimal(str(float(answer[0])))
    assert value(page, r"\bar{c}") == Decimal("0.25")


def test_names_follow_the_givens_of_the_page_and_of_the_section() -> None:
    names = {r"\bar{E}": "total_error(targets, forward(network, inputs).outs[-1])"}
    notes = float(total_error(NOTES.targets, forward(NOTES.network, NOTES.inputs).outs[-1]))
    for section, settings in (
        ({}, {"example": "notes"}),
        ({"example": "notes"}, {"example": "lecture"}),
        ({}, {"example": "lecture", "givens": {"b1": 0.3}}),
    ):
        got = value(world(section, names=names, **settings), r"\bar{E}")
        assert isinstance(got, Decimal)
        assert float(got) == pytest.approx(notes, rel=1e-14)


def test_a_row_of_numbers_is_bound_entry_by_entry() -> None:
    page = world(
        example="lecture",
        names={
            r"\tilde{E}^{(1)}": 'variant_values("E_total", 1)',
            r"\tilde{\mathrm{out}}_{o}^{(10000)}": 'variant_values("out_o1", 10000)',
            r"\bar{t}": "targets",
        },
    )
    errors = variant_values("E_total", 1)
    last = len(errors)
    assert value(page, r"\tilde{E}_1^{(1)}") == Decimal(str(float(errors[0])))
    assert value(page, rf"\tilde{{E}}_{{{last}}}^{{(1)}}") == Decimal(str(float(errors[-1])))
    assert value(page, r"\bar{t}_2") == Decimal("0.99")
    fourth = value(page, r"\tilde{\mathrm{out}}_{o4}^{(10000)}")
    assert isinstance(fourth, Decimal)
    assert float(fourth) == pytest.approx(0.015912196, abs=5e-10)
    for missing, message in (
        (rf"\tilde{{E}}_{{{last + 1}}}^{{(1)}}", f"tilde_E{last + 1} is no name"),
        # Worked by hand, for one round.
        (rf"\tilde{{\mathrm{{out}}}}_{{o{last}}}^{{(10000)}}", "is no name"),
        (r"\tilde{E}^{(1)}", "tilde_E is a list, expected an entry, such as tilde_E1"),
    ):
        with pytest.raises(Unbound, match=message):
            value(page, missing)


# What pages share


def test_pages_with_the_same_settings_share_their_world() -> None:
    assert world(example="notes", givens={"w5": 1}) is world(example="notes", givens={"w5": 1})
    assert world(example="notes") is not world(example="notes", givens={"w5": 1})
    assert world(**OWN, matrices="columns") is not world(**OWN)
    assert Settings() != "Settings()"


def test_what_python_takes_for_the_same_is_not_the_same_on_a_page() -> None:
    assert world(example="lecture", givens={"i1": 1}) is not None
    assert refused(example="lecture", givens={"i1": True}).endswith("expected a number")


# What is not understood


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"example": "lectures"}, "example: 'lectures' came, expected notes or lecture"),
        ({"example": ["lecture"]}, "example: ['lecture'] came, expected notes or lecture"),
        ({"notation": "lecture"}, "example: nothing came, expected notes or lecture"),
        (
            {"example": "lecture", "notation": 1},
            "notation: 1 came, expected notes, lecture or nielsen",
        ),
        (
            {"example": "lecture", "matrices": "both"},
            "matrices: 'both' came, expected rows or columns",
        ),
        (
            {"exmaple": "lecture"},
            (
                "backprop: 'exmaple' came, "
                "expected example, notation, matrices, biases, activations, loss, reduction, "
                "sizes, samples, givens, where, names, symbols, first_layer, rows, decimals "
                "or markdown"
            ),
        ),
        (
            {"example": "lecture", **OWN},
            "backprop: example and sizes came, expected one of them",
        ),
        (
            {"example": "lecture", "givens": "i1"},
            "givens: 'i1' came, expected names with numbers, as in i1: 0.8",
        ),
        (
            {"example": "lecture", "givens": {"i9": 1}},
            "givens: 'i9' came, expected a name such as i2, i1",
        ),
        (
            {"example": "lecture", "givens": {"out_o1": 1}},
            "givens: 'out_o1' came, expected a name such as target_o1",
        ),
        (
            {"example": "notes", "givens": {"x1": 1, "i1": 2}},
            "givens: 'i1' came twice, expected one number for it",
        ),
        (
            {"example": "lecture", "givens": {"i1": "much"}},
            "givens: 'i1': 'much' came, expected a number",
        ),
        (
            {"example": "lecture", "givens": {"i1": True}},
            "givens: 'i1': True came, expected a number",
        ),
        (
            {"example": "lecture", "givens": {"i1": "nan"}},
            "givens: 'i1': 'nan' came, expected a number",
        ),
        (
            {"example": "lecture", "givens": {"i1": "-inf"}},
            "givens: 'i1': '-inf' came, expected a number",
        ),
        (
            {"example": "lecture", "givens": {"i1": [1]}},
            "givens: 'i1': [1] came, expected a number",
        ),
        (
            {"example": "lecture", "givens": {"i1": "0." + "1" * (MOST_DIGITS + 1)}},
            "givens: 'i1' has more digits than the 40 computed with",
        ),
        (
            {"example": "lecture", "givens": {"i1": "1e999"}},
            "i1: 1e999 came, expected 0 or a size from 1e-15 to 1e15",
        ),
        (
            {"sizes": [1, 2, 1], "givens": {"i1": 1}},
            "givens: w1 is missing, expected a number",
        ),
        (
            {"sizes": "2, 2", "givens": {}},
            "sizes: '2, 2' came, expected the width of each layer, as in [2, 2, 2]",
        ),
        (
            {"sizes": [2, True]},
            "sizes: [2, True] came, expected the width of each layer, as in [2, 2, 2]",
        ),
        ({"sizes": [2]}, "sizes: [2] came, expected 2 to 16 layers of 1 to 64 neurons"),
        ({"sizes": [2, 0]}, "sizes: [2, 0] came, expected 2 to 16 layers of 1 to 64 neurons"),
        ({"sizes": [2, 65]}, "sizes: [2, 65] came, expected 2 to 16 layers of 1 to 64 neurons"),
        (
            {"sizes": [1] * (MOST_LAYERS + 1)},
            "sizes: [1, 1, 1, 1, 1, 1, ...] came, expected 2 to 16 layers of 1 to 64 neurons",
        ),
        (
            {"example": "lecture", "names": ["c"]},
            r"names: ['c'] came, expected LaTeX with expressions, as in \hat{t}: targets[0]",
        ),
        (
            {"example": "lecture", "where": 1},
            (
                "where: 1 came, expected names with expressions, "
                "as in out: forward(network, inputs).outs[-1]"
            ),
        ),
        (
            {"example": "lecture", "names": {"a + b": "1"}},
            "names: 'a + b' came, expected one symbol in LaTeX",
        ),
        (
            {"example": "lecture", "names": {"a = b": "1"}},
            "names: 'a = b' came, expected one symbol in LaTeX",
        ),
        (
            {"example": "lecture", "names": {r"\foo{": "1"}},
            r"names: '\\foo{' came, expected one symbol in LaTeX",
        ),
        (
            {"example": "lecture", "names": {"w_5": "1"}},
            "names: 'w_5' has a value already, expected a new name",
        ),
        (
            {"example": "lecture", "names": {"c_1": "1", "c_{1}": "2"}},
            "names: 'c_{1}' has a value already, expected a new name",
        ),
        (
            {"example": "lecture", "names": {"w": "targets"}},
            "names: 'w' has a value already, expected a new name",
        ),
        (
            {"example": "lecture", "names": {"c_2": "1", "c": "targets"}},
            "names: 'c' has a value already, expected a new name",
        ),
        (
            {"example": "lecture", "names": {"c": "network.weights[0]"}},
            "names: 'c': 'network.weights[0]' gives no finite number",
        ),
        (
            {"example": "lecture", "names": {"c": "open('x')"}},
            (
                "names: 'c': \"open('x')\" came, expected numbers, arithmetic and "
                "the names of the package, such as LECTURE, forward or total_error"
            ),
        ),
        (
            {"example": "lecture", "names": {"c": "network"}},
            "names: 'c': 'network' gives no finite number",
        ),
        (
            {"example": "lecture", "names": {"c": "1"}, "where": {"network": "1"}},
            "where: 'network' came, expected a new name",
        ),
        (
            {"example": "lecture", "names": {"c": "1"}, "where": {"a b": "1"}},
            "where: 'a b' came, expected a new name",
        ),
        (
            {"example": "lecture", "names": {"c": "1"}, "where": {"a": "1 +"}},
            "where: 'a': '1 +' is no expression",
        ),
    ],
)
def test_what_is_not_understood_is_told_in_one_line(settings: dict[str, Any], line: str) -> None:
    assert refused(**settings) == line


@pytest.mark.parametrize("front", ["lecture", ["example"], 1])
def test_settings_are_keys(front: object) -> None:
    with pytest.raises(SettingsError, match="came, expected keys such as example: lecture"):
        world_of({"backprop": front}, {})


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ({"example": "x"}, "example: 'x' came, expected notes or lecture"),
        (
            {"sizes": "[1,1]"},
            (
                "backprop: 'sizes' came, expected example, notation, matrices, biases, "
                "activations, loss or reduction"
            ),
        ),
        (
            {"weight": "1"},
            "givens: 'weight' came, expected a name such as i1, i2, w1, ...",
        ),
        ({"eta": "fast"}, "givens: 'eta': 'fast' came, expected a number"),
    ],
)
def test_what_a_section_says_is_told_in_one_line(section: dict[str, str], line: str) -> None:
    assert refused(section, example="lecture") == line


def test_a_message_shows_the_beginning_of_what_is_long() -> None:
    for settings in (
        {"example": "x" * 10_000},
        {"example": "lecture", "givens": {"x" * 100_000: "y" * 100_000}},
        {"example": "lecture", "names": {"x" * 1000: 1, "c": "y" * 100_000}},
    ):
        assert len(refused(**settings)) < 250


# How the biases learn


@pytest.mark.parametrize(
    ("biases", "symbol", "true"),
    [
        ("frozen", "b_1^{+}", LECTURE_GRAPH.value("b1")),
        ("shared", "b_1^{+}", LECTURE_GRAPH.updated(HALF, "shared").value("b1")),
        ("per_neuron", "b_{1,2}^{+}", LECTURE_GRAPH.updated(HALF, "per_neuron").value("b1_2")),
        ("per_neuron", "b_{1,2}", LECTURE_GRAPH.value("b1")),
        ("shared", "w_5^{+}", LECTURE_GRAPH.updated(HALF).value("w5")),
    ],
)
def test_a_section_says_how_the_biases_learn(biases: str, symbol: str, true: Decimal) -> None:
    assert value(world({"biases": biases}, example="lecture"), symbol) == true
    assert value(world(example="lecture", biases=biases), symbol) == true


@pytest.mark.parametrize("biases", get_args(BiasChoice))
def test_after_many_rounds_biases_have_learned_as_the_package_lets_them(biases: BiasChoice) -> None:
    symbol = "b_{2,1}^{(3)}" if biases == "per_neuron" else "b_2^{(3)}"
    trained = learned(LECTURE, 3, biases).network
    found = value(world(example="lecture", biases=biases), symbol)
    assert float(found) == pytest.approx(trained.biases[1][0], rel=1e-14)


def test_the_bias_of_a_lone_neuron_stays_its_own() -> None:
    page = world(biases="per_neuron", **OWN)
    assert page.knows(latex.parse("b_{2,1}^{(2)}")[0].sides[0])  # type: ignore[arg-type]


def test_biases_of_neurons_cannot_be_shared() -> None:
    line = refused(example="lecture", biases="shared", givens={"b1_1": 0.2})
    assert line == "biases: 'shared' came with b1_1, expected one bias a layer"


def test_an_unknown_way_to_learn_is_refused() -> None:
    line = refused(example="lecture", biases="thawed")
    assert line == "biases: 'thawed' came, expected frozen, shared, per_neuron or none"


def test_a_section_may_write_a_given_in_other_letters_than_the_page() -> None:
    front = {"backprop": {"example": "notes", "givens": {"learning_rate": 2, "x1": 3}}}
    world = world_of(front, {"alpha": "0.1", "i1": "4"})
    assert world is not None
    assert world.learning_rate == Decimal("0.1")
    assert world.graph.givens["i1"] == 4


# Networks of other kinds

SAMPLES = [{"inputs": [0, 1], "targets": [1]}, {"inputs": [1, 1], "targets": [0]}]
SMALL: dict[str, Any] = {"sizes": [2, 1], "givens": {"w1": 0.3, "w2": -0.2, "b1": 0.1}}
ONE: dict[str, Any] = {
    "sizes": [1, 2],
    "givens": {"i1": 1, "w1": 1, "w2": 2, "b1": 0, "target_o1": 0.25, "target_o2": 0.75},
}


def test_layers_have_the_activations_of_the_page_or_of_the_section() -> None:
    page = world(example="lecture", activations=["tanh", "linear"], loss="squared")
    assert page.graph.form.activations == ("tanh", "linear")
    assert page.graph.form.loss == "squared"
    every = world(
        {"activations": "relu", "loss": "mean_squared"}, example="lecture", loss="squared"
    )
    assert every.graph.form.activations == ("relu", "relu")
    assert every.graph.form.loss == "mean_squared"
    each = world({"activations": "relu,tanh"}, example="lecture")
    assert each.graph.form.activations == ("relu", "tanh")


def test_an_example_may_lose_its_biases_and_a_section_may_take_them_away() -> None:
    for without in (
        world(example="lecture", biases="none"),
        world({"biases": "none"}, example="lecture"),
    ):
        assert not [name for name in without.graph.givens if name.startswith("b")]
        assert without.biases == "frozen"
    assert value(world(example="lecture", biases="none"), r"\mathrm{net}_{h_1}") == Decimal(
        "0.0275"
    )


def test_a_section_has_several_samples_in_place_of_the_one_of_its_page() -> None:
    page: dict[str, Any] = {
        "sizes": [1, 1],
        "givens": {"i1": 1, "w1": 0.5, "b1": 0, "target_o1": 1},
    }
    assert world(**page).graph.form.samples == 0
    samples = {"i1_s1": "0.5", "target_o1_s1": "1", "i1_s2": "2", "target_o1_s2": "0"}
    graph = world(samples, **page).graph
    assert graph.form.samples == 2
    assert "i1" not in graph.givens
    assert graph.value("net_o1_s1") == Decimal("0.25")
    assert graph.value("net_o1_s2") == 1


def test_samples_take_the_place_of_the_one_of_an_example() -> None:
    two = [{"inputs": [0, 1], "targets": [1, 0]}, {"inputs": [1, 1], "targets": [0, 0.5]}]
    page = world(example="lecture", samples=two, givens={"i1_s2": 0.75})
    assert page.graph.form.samples == 2
    assert value(page, "i_{1;2}") == Decimal("0.75")
    assert value(page, r"\mathrm{target}_{o_{2;2}}") == HALF
    assert value(page, r"\mathbf{x}_{;1}^T").tolist() == [[0, 1]]  # type: ignore[union-attr]
    assert value(page, r"\mathrm{out}_{h;1}").shape == (2, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize(("reduction", "share"), [("sum", 1), ("mean", HALF)])
def test_the_error_of_all_samples_is_their_sum_or_their_mean(
    reduction: str, share: Decimal
) -> None:
    page = world(**SMALL, samples=SAMPLES, reduction=reduction)
    first, second = (value(page, f"E_{{total;{k}}}") for k in (1, 2))
    assert equal(value(page, "E_{total}"), share * (first + second))
    section = world({"reduction": reduction}, **SMALL, samples=SAMPLES)
    assert value(section, "E_{total}") == value(page, "E_{total}")


def test_a_name_without_its_sample_says_how_to_write_it() -> None:
    page = world(**SMALL, samples=SAMPLES)
    with pytest.raises(Unbound, match=r"i1 is no name of this page; say of which .* x_\{1;1\}"):
        value(page, "i_1")
    with pytest.raises(Unbound, match=r"q is no name of this page$"):
        value(page, "q")


def test_names_of_a_page_speak_of_a_network_of_its_kind() -> None:
    page = world(
        example="lecture",
        activations="tanh",
        names={"N": "forward(network, inputs).outs[-1][0]"},
    )
    hidden = [math.tanh(0.15 * 0.05 + 0.2 * 0.1 + 0.35), math.tanh(0.25 * 0.05 + 0.3 * 0.1 + 0.35)]
    expected = math.tanh(0.4 * hidden[0] + 0.45 * hidden[1] + 0.6)
    assert float(value(page, "N")) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"example": "lecture", "activations": "tahn"},
            "activations: 'tahn' (str) came, expected one of logistic, tanh, relu, linear, softmax",
        ),
        (
            {"example": "lecture", "activations": ["tanh"]},
            "activations: 1 came, expected one for each of 2 layers",
        ),
        (
            {"example": "lecture", "activations": 1},
            "activations: 1 came, expected a name, or a list of one for each layer",
        ),
        (
            {"example": "lecture", "loss": "mse"},
            (
                "loss: 'mse' (str) came, expected one of "
                "half_squared, squared, mean_squared, binary_cross_entropy, cross_entropy"
            ),
        ),
        (
            {"example": "lecture", "activations": "tanh", "loss": "cross_entropy"},
            (
                "loss: cross_entropy came with tanh in the last layer, expected softmax, "
                "which makes the outputs probabilities that sum to 1"
            ),
        ),
        (
            {**ONE, "loss": "binary_cross_entropy", "givens": {**ONE["givens"], "target_o1": 2}},
            "givens: target_o1 = 2 came, expected 0 to 1, as binary_cross_entropy needs",
        ),
        (
            {
                **ONE,
                "activations": "softmax",
                "loss": "cross_entropy",
                "givens": {**ONE["givens"], "target_o1": 0.5},
            },
            "givens: target_o1, target_o2 sum to 1.25, expected 1, as cross_entropy needs",
        ),
        (
            {"sizes": [1, 1], "givens": {"i1": 1, "w1": 1, "target_o1": 0}},
            "givens: b1 is missing, expected a number, or biases: none",
        ),
        (
            {
                "sizes": [1, 1],
                "givens": {"i1": 1, "w1": 1, "b1": 1, "target_o1": 0},
                "biases": "none",
            },
            "biases: none came with b1, expected one of the two",
        ),
        (
            {**SMALL, "samples": SAMPLES, "reduction": "max"},
            "reduction: 'max' came, expected sum or mean",
        ),
        (
            {**SMALL, "samples": {"inputs": 1}},
            (
                "samples: {'inputs': 1} came, expected a list of up to 1000, "
                "each as {inputs: [0, 1], targets: [1]}"
            ),
        ),
        (
            {**SMALL, "samples": SAMPLES * 501},
            (
                "samples: 1002 of them came, expected a list of up to 1000, "
                "each as {inputs: [0, 1], targets: [1]}"
            ),
        ),
        (
            {**SMALL, "samples": [SAMPLES[0], {"inputs": [1], "targets": [0]}]},
            (
                "samples: {'inputs': [1], 'targets': [0]} came as number 2, "
                "expected 2 inputs and 1 targets, as in {inputs: [0, 1], targets: [1]}"
            ),
        ),
        (
            {**SMALL, "samples": [{"inputs": [1, 2]}]},
            (
                "samples: {'inputs': [1, 2]} came as number 1, "
                "expected 2 inputs and 1 targets, as in {inputs: [0, 1], targets: [1]}"
            ),
        ),
        (
            {**SMALL, "samples": [{"inputs": [1, "x"], "targets": [0]}]},
            "givens: 'i2_s1': 'x' came, expected a number",
        ),
    ],
)
def test_what_does_not_fit_together_is_told_in_one_line(
    settings: dict[str, Any], line: str
) -> None:
    assert refused(**settings) == line

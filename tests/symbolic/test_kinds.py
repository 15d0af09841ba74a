"""Networks of every activation, loss and form have the values and derivatives of mpmath."""

from decimal import Decimal, localcontext

import mpmath
import pytest
from kinds import ENDS, HIDDEN, KINDS, Kind, name_of

from backprop.symbolic.definitions import ACTIVATIONS, LOSSES
from backprop.symbolic.functions import PRECISE
from backprop.symbolic.graph import Graph

BINARY = Kind((1, 1), ("logistic",), "binary_cross_entropy", "none")
SOFTMAX = Kind((1, 2), ("softmax",), "cross_entropy", "none")


def mp(number: Decimal) -> mpmath.mpf:
    return mpmath.mpf(str(number))


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_the_error_and_all_derivatives_are_those_of_mpmath(kind: Kind) -> None:
    graph = kind.graph()
    with mpmath.workdps(80):
        givens = {name: mp(x) for name, x in graph.givens.items()}
        assert abs(mp(graph.value("E_total")) - kind.error(givens)) < 1e-36
        for name, x in givens.items():
            step = mpmath.mpf("1e-25")
            up, down = (kind.error({**givens, name: x + move}) for move in (step, -step))
            slope = (up - down) / (2 * step)
            assert abs(mp(graph.derivative("E_total", name)) - slope) < 1e-36, name


def test_every_entry_of_the_tables_has_been_tried() -> None:
    assert {*HIDDEN, "softmax"} == {*ACTIVATIONS}
    assert {loss for _, loss in ENDS} == {*LOSSES}


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_the_paths_add_up_to_the_derivative(kind: Kind) -> None:
    graph = kind.graph(seed=2)
    with localcontext(PRECISE):
        found = sum(path.product for path in graph.paths("E_total", "w1"))
        assert abs(found - graph.derivative("E_total", "w1")) < Decimal("1e-36")


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_a_small_step_against_the_slope_makes_the_error_smaller(kind: Kind) -> None:
    graph = kind.graph(seed=4)
    after = graph.updated(Decimal("1e-9"))
    square = sum(
        graph.derivative("E_total", name) ** 2 for name in graph.givens if name.startswith("w")
    )
    fallen = (graph.value("E_total") - after.value("E_total")) * 10**9
    assert abs(fallen - square) <= square * Decimal("1e-5")  # both 0 where every ReLU is off


def test_relu_has_been_seen_on_both_sides_of_0() -> None:
    relu = [kind for kind in KINDS if kind.activations[0] == "relu"]
    graphs = [kind.graph() for kind in relu]
    nets = [graph.value(name) for graph in graphs for name in graph.names if "net_h" in name]
    assert min(nets) < 0 < max(nets)
    learning = [any(graph.derivative("E_total", f"w{k}") for k in range(1, 5)) for graph in graphs]
    assert sum(learning) > len(learning) / 2


@pytest.mark.parametrize("net", ["1000", "-1000"])
@pytest.mark.parametrize("target", ["0", "0.25", "1"])
@pytest.mark.parametrize("kind", [BINARY, SOFTMAX], ids=name_of)
def test_nothing_overflows_or_loses_digits_at_1000(kind: Kind, target: str, net: str) -> None:
    givens = {"i1": Decimal(1), "w1": Decimal(net), "w2": Decimal("0.5")}
    givens |= {"target_o1": Decimal(target), "target_o2": 1 - Decimal(target)}
    keys = [*(["w2", "target_o2"] if kind is SOFTMAX else []), "i1", "w1", "target_o1"]
    graph = kind.of({name: givens[name] for name in keys})
    with mpmath.workdps(1400):
        exact = {name: mp(x) for name, x in graph.givens.items()}
        step = mpmath.mpf("1e-450")
        up, down = (kind.error({**exact, "w1": exact["w1"] + x}) for x in (step, -step))
        error, slope = kind.error(exact), (up - down) / (2 * step)
        assert abs(mp(graph.value("E_total")) - error) <= error * mpmath.mpf("1e-36")
        assert abs(mp(graph.derivative("E_total", "w1")) - slope) < mpmath.mpf("1e-36")


@pytest.mark.parametrize(
    ("activations", "loss", "message"),
    [
        (
            ["tanh", "tanh"],
            "binary_cross_entropy",
            "loss: binary_cross_entropy came with tanh in the last layer, expected logistic, which",
        ),
        (
            "logistic",
            "cross_entropy",
            "loss: cross_entropy came with logistic in the last layer, expected softmax, which",
        ),
        (
            "softmax",
            "cross_entropy",
            "activations: softmax came for layer 1 of 2, expected it for the last layer only, wh",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    activations: str | list[str], loss: str, message: str
) -> None:
    givens = Kind((2, 2, 2), ("tanh", "tanh"), "squared").graph().givens
    with pytest.raises(ValueError, match=f"^{message}"):
        Graph((2, 2, 2), givens, activations=activations, loss=loss)


@pytest.mark.parametrize(
    ("kind", "targets", "message"),
    [
        (BINARY, {"target_o1": "1.5"}, "target_o1 = 1.5 came, expected 0 to 1, as binary_cross_"),
        (BINARY, {"target_o1": "-0.1"}, "target_o1 = -0.1 came, expected 0 to 1, as binary_cross"),
        (SOFTMAX, {"target_o1": "-1", "target_o2": "2"}, "target_o1 = -1 came, expected 0 to 1"),
        (
            SOFTMAX,
            {"target_o1": "0.5", "target_o2": "0.6"},
            "target_o1, target_o2 sum to 1.1, expected 1, as cross_entropy needs",
        ),
    ],
)
def test_targets_that_a_loss_has_no_meaning_for(
    kind: Kind, targets: dict[str, str], message: str
) -> None:
    givens = kind.graph().givens | {name: Decimal(x) for name, x in targets.items()}
    with pytest.raises(ValueError, match=f"^givens: {message}"):
        kind.of(givens)
    Kind(kind.sizes, kind.activations, "squared", "none").of(givens)  # any target will do


def test_a_softmax_of_one_neuron_is_always_1() -> None:
    givens = {"i1": Decimal(1), "w1": Decimal(-40), "target_o1": Decimal(1)}
    graph = Kind((1, 1), ("softmax",), "cross_entropy", "none").of(givens)
    assert graph.value("out_o1") == 1
    assert graph.value("E_total") == 0
    assert graph.derivative("E_total", "w1") == 0


def test_thirds_sum_to_1() -> None:
    kind = Kind((1, 3), ("softmax",), "cross_entropy", "none")
    third = Decimal("0.3333333333333333")
    kind.of(kind.graph().givens | {f"target_o{k}": third for k in (1, 2, 3)})


def test_an_error_that_no_decimal_holds_is_refused() -> None:
    givens = {"i1": Decimal("1e15"), "w1": Decimal("-1e15"), "target_o1": Decimal(1)}
    with pytest.raises(ValueError, match=r"^givens: they make E_o1 infinite, expected"):
        BINARY.of(givens)


def test_the_samples_are_summed_or_averaged_by_name() -> None:
    with pytest.raises(
        ValueError, match=r"^samples: 'median' \(str\) came, expected one of sum, m"
    ):
        Graph((1, 1), {}, samples="median")

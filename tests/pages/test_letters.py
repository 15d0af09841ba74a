"""A page may bring its own letters, which then work wherever a name does."""

from typing import Any

import pytest
import yaml

from backprop.pages.check import check_text
from backprop.pages.live import live
from backprop.pages.reader import read_text
from backprop.pages.render import changes_in, render
from backprop.pages.settings import world_of
from backprop.symbolic.givens import SettingsError
from backprop.symbolic.letters import CLOSE, OPEN, Letters

SYMBOLS = {
    "net": "z^{(<layer>)}_<neuron>",
    "out": "a^{(<layer>)}_<neuron>",
    "weight": "w^{(<layer>)}_{<neuron><from>}",
    "bias": "b^{(<layer>)}",
    "input": "x_<from>",
    "target": "y",
    "answer": r"\hat{y}",
    "error": "L",
    "delta": r"\delta^{(<layer>)}_<neuron>",
    "rate": r"\alpha",
    "activation": "g",
}
GIVENS = {
    "i1": 0.6,
    "i2": 0.2,
    "w1": 0.3,
    "w2": -0.4,
    "w3": 0.5,
    "w4": 0.1,
    "b1": 0.25,
    "w5": 0.7,
    "w6": -0.2,
    "b2": 0.15,
    "target_o1": 0.9,
    "learning_rate": 0.4,
}


def page(formula: str, **settings: Any) -> str:
    said = {"sizes": [2, 2, 1], "givens": GIVENS, "symbols": SYMBOLS, **settings}
    return f"---\n{yaml.safe_dump({'backprop': said})}---\n${formula}$\n"


def found(formula: str, **settings: Any) -> list[str]:
    return [each.message for each in check_text(page(formula, **settings), "page.md").findings]


@pytest.mark.parametrize(
    "formula",
    [
        "z^{(1)}_1 = z_1^{(1)} = 0.35".replace("z^{(1)}_1 = ", ""),
        r"w_{1,2}^{(1)} x_2 + w^{(1)}_{11} x_1 = z^{(1)}_1 - b^{(1)}",
        r"\hat y = a^{(2)}_1 = a^{(2)} = g(z^{(2)}) = 0.6066",
        r"a^{(0)}_1 = x_1 = 0.6",
        r"\delta^{(2)} = (\hat{y} - y) g'(z^{(2)})",
        r"{w^{(2)}_{11}}^{+} = 0.7164",
        r"w^{(2),new}_{11} = w^{(2)+}_{11} + 0 = 0.7164",
        r"\mathbf{z}^{(1)} = W^{(1)} \mathbf{x} + \mathbf{b}^{(1)}",
        r"\delta^{(1)} = W^{(2)T} \delta^{(2)} \odot g'(z^{(1)})",
        r"\frac{\partial L}{\partial W^{(2)}} = \delta^{(2)} (\mathbf{a}^{(1)})^T",
        r"\frac{dL}{dw^{(2)}_{11}} = \dfrac{d L}{d w^{(2)}_{11}} + 0 = -0.0411",
        r"\frac{d}{dz} z^2 = 2 z",
        r"\frac{d(z^2)}{dz} = 2 z",
        "x_1^2 = 0.36",
        r"(\hat{y} - y)^2 = 0.0861",
        r"\text{with } x_1 = 0.6",
        "E_{o_1} = L",
        r"w^{(2)}_{11,new} = 0.7164",
        r"x_1 = \mathbf{0.6}",
    ],
)
def test_what_is_right_in_letters_of_its_own_passes(formula: str) -> None:
    assert found(formula) == []


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("z^{(1)}_1 = 0.36", "it stands for z^(1)_1, which is 0.35; print 0.35"),
        ("w^{(1)}_{21} x_1 + w^{(1)}_{12} x_2 + b^{(1)} = z^{(1)}_1", "the sides are not equal"),
        ("a^{(3)}_1 = 0.5", "a^(3)_1 is no name of this page"),
        ("w^{(1)}_{13} = 0.5", "w^(1)_13 is no name of this page"),
        (r"\mathbf{z}^{(1)} = (W^{(1)})^T \mathbf{x} + \mathbf{b}^{(1)}", "not equal"),
        ("w_5 = 0.7", "w5 is no name of this page"),
        ("a^2_1 = 0.5", "is no name of this page"),
        (r"\frac{dL}{dw^{(2)}_{11}} = -0.0412", "print -0.0411"),
        (r"x_1 = 0.6 ? w^{(2)}", "'? w^{(2)}' cannot stand here"),
        (r"\|W^{(1)}\| = 1", "a matrix has no length"),
        (r"\frac{\partial L}{\partial w^{(2)}_{11}} = -0.0412", "print -0.0411"),
    ],
)
def test_what_is_wrong_is_found(formula: str, message: str) -> None:
    assert message in "".join(found(formula))


LAST = {"sizes": [2, 1], "loss": "binary_cross_entropy"}
OF_ONE = {**SYMBOLS, "net": "z", "out": "a", "answer": "a", "weight": "w_<from>", "delta": "dz"}
DERIVATIVE = r"\frac{\partial L}{\partial z}"


def found_for(target: int, formulas: str, **settings: Any) -> list[str]:
    """Check formulas of a neuron whose target is 0 or 1."""
    names = ("i1", "i2", "w1", "w2", "b1", "learning_rate")
    givens = {**{name: GIVENS[name] for name in names}, "target_o1": target}
    symbols = {**OF_ONE, "bias": "b"}
    return found(formulas, **{**LAST, "symbols": symbols, "givens": givens, **settings})


@pytest.mark.parametrize(
    ("target", "formula"),
    [
        (0, r"L = y\ln a - (1-y)\ln(1-a)"),
        (0, "dz = a + y"),
        (0, f"{DERIVATIVE} = a + y"),
        (1, r"L = -y\ln a + (1-y)\ln(1-a) = 0.4817"),
        (1, f"{DERIVATIVE} = a - y^3 + y^2 - y"),
    ],
)
def test_a_formula_that_names_a_target_holds_for_others_than_0_and_1(
    target: int, formula: str
) -> None:
    [message] = found_for(target, formula)
    assert "equal only since a target is 0 or 1" in message


@pytest.mark.parametrize(
    ("target", "formula"),
    [
        (1, r"L = -y\ln a - (1-y)\ln(1-a) = -\ln a"),
        (1, r"L = -\ln a"),
        (0, r"L = -\ln(1-a)"),
        (1, f"{DERIVATIVE} = a - y = a - 1"),
        (0, "dz = a"),
        (0, "dz = y - a"),
        (1, "dz = 0.587 - 1 = -0.413"),
        (1, f"{DERIVATIVE} = 0.587 - 1"),
        (1, r"\frac{\partial L}{\partial w_1} = (0.587 - 1) \times 0.6"),
    ],
)
def test_a_target_of_0_or_1_may_be_put_in(target: int, formula: str) -> None:
    assert found_for(target, formula) == []


def test_a_wrong_number_in_a_derivative_that_the_loss_shortens_is_found() -> None:
    [message] = found_for(1, "dz = 0.588 - 1 = -0.413")
    assert "0.588 is printed; it stands for a" in message


def test_a_formula_with_a_target_may_have_names_of_its_own() -> None:
    assert found_for(1, "dz = k (a - y)", names={"k": "1"}) == []
    [message] = found_for(0, "dz = k (a + y)", names={"k": "1"})
    assert "equal only since a target is 0 or 1" in message


@pytest.mark.parametrize(
    "formulas",
    [
        "dz = a-y$ and $dz = y-a",
        r"dz = a-y$ and $w_1^{+} = w_1 + \alpha\,dz\,x_1",
        rf"\Delta w_1 = \alpha {DERIVATIVE} x_1$ and $w_1^{{+}} = w_1 + \Delta w_1",
    ],
)
def test_a_page_chooses_the_sign_of_a_delta_or_a_change_once(formulas: str) -> None:
    [message] = found_for(1, formulas)
    assert "the sides are not equal" in message
    for one in formulas.split("$ and $"):
        assert found_for(1, one) == []


def test_vectors_may_be_rows() -> None:
    rows = r"\mathbf{z}^{(1)} = \mathbf{x} W^{(1)} + \mathbf{b}^{(1)}"
    assert found(rows, rows=True) == []
    assert found(rows) != []
    columns = r"\mathbf{z}^{(1)} = (W^{(1)})^T \mathbf{x} + \mathbf{b}^{(1)}"
    assert found(columns, matrices="columns") == []


def test_layers_may_have_letters_of_their_own() -> None:
    symbols = SYMBOLS | {
        "net": ["u_<neuron>", "v"],
        "out": ["h_<neuron>", "o"],
        "bias": "b_<layer>",
    }
    assert found("h_1 = g(u_1) = 0.5866, o = 0.6066, v = 0.4329", symbols=symbols) == []
    assert found("b_1 = 0.25, b_2 = 0.15", symbols=symbols) == []


def test_layers_may_be_counted_from_another_number() -> None:
    symbols = SYMBOLS | {"weight": r"\theta^{(<layer-1>)}_{<neuron><from>}"}
    formula = r"z^{(2)}_1 = \theta^{(1)}_{11} x_1 + \theta^{(1)}_{12} x_2 + b^{(2)}"
    assert found(formula, symbols=symbols, first_layer=2) == []
    assert found(formula, symbols=symbols) != []


def test_a_quantity_may_have_a_symbol_of_its_own() -> None:
    symbols = SYMBOLS | {"net": "z_<neuron>", "net_o1": "z_3"}
    assert found("z_1 = 0.35, z_3 = 0.4329", symbols=symbols) == []


def test_each_neuron_may_have_a_bias() -> None:
    symbols = SYMBOLS | {"bias": "b^{(<layer>)}_<neuron>"}
    assert found("z^{(1)}_1 - b^{(1)}_1 = 0.10, b^{(2)} = 0.15", symbols=symbols) == []
    formula = r"\frac{\partial L}{\partial b^{(1)}_2} = \delta^{(1)}_2"
    assert found(formula, symbols=symbols) == []


def test_samples_have_a_place_in_the_symbols() -> None:
    symbols = {
        "net": "z^{(<sample>)}",
        "answer": r"\hat{y}^{(<sample>)}",
        "weight": "w_<from>",
        "input": "x^{(<sample>)}_<neuron>",
        "target": "y^{(<sample>)}",
        "bias": "b",
        "error": "L^{(<sample>)}",
        "cost": "J",
        "rate": r"\eta",
    }
    settings = {
        "sizes": [2, 1],
        "symbols": symbols,
        "givens": {"w_1": 0.5, "w_2": -0.5, "b": 0.1},
        "samples": [{"inputs": [1, 0], "targets": [1]}, {"inputs": [0, 1], "targets": [0]}],
        "reduction": "mean",
    }
    right = (
        r"z^{(2)} = w_1 x^{(2)}_1 + w_2 x^{(2)}_2 + b = -0.4, J = \frac{1}{2} (L^{(1)} + L^{(2)})"
    )
    assert found(right, **settings) == []
    assert found(right.replace("-0.4", "0.6"), **settings) != []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"symbols": {"nett": "z"}}, "symbols: 'nett' came, expected one of net, out, weight"),
        ({"symbols": {"net": 3}}, "symbols: net: 3 came, expected one symbol in LaTeX"),
        ({"symbols": {"net": "z^{<unit>}"}}, "expected one symbol in LaTeX with <layer>"),
        ({"symbols": {"net": "z + 1"}}, "expected one symbol"),
        (
            {"symbols": {"net": "z_<neuron>"}},
            "makes z_{1} of net_h1 and of net_o1, expected <layer>",
        ),
        (
            {"symbols": {"net": "q^{(<layer>)}_<neuron>", "out": "q^{(<layer>)}_<neuron>"}},
            "makes q^{(1)}_{1} of net_h1 and of out_h1",
        ),
        (
            {"symbols": {"net": ["u_<neuron>"]}},
            "a list of 1 came, expected one pattern, or one for",
        ),
        ({"symbols": {"rate": ["a", "b"]}}, "a list of 2 came, expected one pattern"),
        (
            {"symbols": {"net": "g^{(<layer>)}_<neuron>", "activation": "g"}},
            "is a quantity as well",
        ),
        ({"notation": "notes"}, "notation and symbols came"),
        ({"first_layer": "1"}, "first_layer: '1' came"),
        ({"rows": "yes"}, "rows: 'yes' came"),
        ({"symbols": ["z"]}, "symbols: ['z'] came, expected kinds with patterns"),
        ({"decimals": "dot"}, "decimals: 'dot' came"),
    ],
)
def test_a_pattern_that_is_not_clear_is_told_in_one_line(
    settings: dict[str, Any], message: str
) -> None:
    said = {"sizes": [2, 2, 1], "givens": GIVENS, "symbols": SYMBOLS, **settings}
    with pytest.raises(SettingsError) as refused:
        world_of({"backprop": said}, {})
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_pattern_needs_a_place_for_the_sample() -> None:
    samples = [{"inputs": [1, 0], "targets": [1]}, {"inputs": [0, 1], "targets": [0]}]
    [message] = found("L = 0.5", samples=samples)
    assert "expected <sample> in it, as there are 2 samples" in message


def test_letters_of_its_own_are_rendered_and_computed_live() -> None:
    text = page(r"z^{(1)}_1 = 0.35, \hat{y} = 0.6066")
    front = read_text(text, "page.md")
    new = render(front, changes_in(["x_1=0.5", r"\alpha=0.1"], front), "new.md", run=False)
    assert new.missed == []
    assert "z^{(1)}_1 = 0.32" in new.checked.page.file
    data = live(check_text(text, "page.md")).data
    assert len(data["numbers"]) == 2
    assert data["notations"]["letters"]["net_h1"] == ["z^(1)_1", "z^{(1)}_{1}"]


VECTORS = {
    **SYMBOLS,
    "out": "h_<layer>",
    "weight": "W^{[<layer>]}",
    "net": r"\hat{z}_{<layer>,<neuron>}",
}


@pytest.mark.parametrize(
    "formula",
    [
        r"h_{1,1} = g(\hat{z_{1,1}}) = 0.5866",
        r"h_1 = g(W^{[1]} \mathbf{x} + b^{(1)})",
        r"W^{[1]}_{12} = -0.4, W_{21}^{[1]} = 0.5",
        r"\begin{align} \hat{y} &= h_2 \\ &= 0.6066 \end{align}",
    ],
)
def test_a_symbol_without_its_neuron_is_a_vector_and_has_entries(formula: str) -> None:
    assert found(formula, symbols=VECTORS) == []


def test_a_new_value_may_be_told_below() -> None:
    assert found(r"w^{(2)}_{11,new} = 0.7164") == []
    assert found(r"\hat{\frac{1}{2}} = 0.5") != []


def test_a_letter_of_two_functions_stands_for_none_of_them() -> None:
    settings = {"activations": ["tanh", "logistic"]}
    assert found(r"a^{(1)}_1 = \tanh(z^{(1)}_1) = 0.336376", **settings) == []
    assert found("a^{(1)}_1 = g(z^{(1)}_1)", **settings) != []


@pytest.mark.parametrize(
    ("latex", "read"),
    [
        (r"w^{(2)}_{11,new}", ["w^(2)_11^{+}"]),
        (r"w^{(2)+}_{11}", ["w^(2)_11^{+}"]),
        (r"z^{(5)+}_1", ["z^(5)+_1"]),
        (r"\mathbf{0.6}", []),
        (r"\mathrm{x_1}", ["x1"]),
        (r"\mathrm{z^{(1)}_1}", ["z^(1)_1"]),
    ],
)
def test_symbols_are_recognized_with_what_stands_above_and_below(
    latex: str, read: list[str]
) -> None:
    world = world_of(read_text(page("x_1 = 0.6"), "page.md").front, {})
    assert world is not None
    assert isinstance(world.notation, Letters)
    found = [said.strip(OPEN).replace(CLOSE, "") for *_, said in world.notation.recognized(latex)]
    assert found == read


def test_a_symbol_without_its_index_is_the_one_that_is_written_so() -> None:
    symbols = SYMBOLS | {"target": "y_<neuron>", "net": ["u_<neuron>", "y"]}
    assert found("y_1 = 0.9, y = 0.4329", symbols=symbols) == []


def test_a_name_that_no_notation_has_is_refused() -> None:
    world = world_of(read_text(page("x_1 = 0.6"), "page.md").front, {})
    assert world is not None
    with pytest.raises(ValueError, match="nothing"):
        world.notation.latex("nothing")

"""Symbols on the page and names in the graph are two spellings of one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop import LECTURE
from backprop.formulas.latex import parse
from backprop.symbolic.expressions import Name
from backprop.symbolic.graph import Graph
from backprop.symbolic.layered import nielsen
from backprop.symbolic.notation import LECTURE_NOTATION, NOTATIONS, NOTES_NOTATION, Notation, key_of

numbers = st.integers(1, 200).map(str)
layered = st.builds("{}_{}".format, numbers, numbers)


@st.composite
def canonical_names(draw: st.DrawFn) -> str:
    """Draw any name that both notations have."""
    template = draw(st.sampled_from(sorted(LECTURE_NOTATION.symbols)))
    index = draw(numbers | layered if "@" in template else numbers)
    return template.replace("#", index).replace("@", index)


@pytest.mark.parametrize(
    ("latex", "key"),
    [
        (r"w_5", "w5"),
        (r"w_{12}", "w12"),
        (r"w_{5}", "w5"),
        (r"w5", "w5"),
        (r"\hat{y}_1", "hat_y1"),
        (r"\hat{y_1}", "hat_y1"),
        (r"\hat{y1}", "hat_y1"),
        (r"\hat y_1", "hat_y1"),
        (r"\hat{y}_{1}", "hat_y1"),
        (r"\mathrm{net}_{h_1}", "net_h1"),
        (r"\textit{net}_{h_1}", "net_h1"),
        (r"\operatorname{net}_{h_1}", "net_h1"),
        (r"net_{h1}", "net_h1"),
        (r"E_{\mathrm{total}}", "E_total"),
        (r"E_{total}", "E_total"),
        (r"E_{\mathrm{total};2}", "E_total_s2"),
        (r"\mathrm{out}_{h_{1;12}}", "out_h1_s12"),
        (r"z_{2,1;3}", "z2_1_s3"),
        (r"i_{1;2}", "i1_s2"),
        (r"E_{o_1}", "E_o1"),
        (r"\delta_{o_1}", "delta_o1"),
        (r"\eta", "eta"),
        (r"z_{2,1}", "z2_1"),
        (r"z_{2, 1}", "z2_1"),
        (r"\mathrm{out}_{h_{2,1}}", "out_h2_1"),
        (r"b_{1,2}", "b1_2"),
        (r"\sigma", "sigma"),
    ],
)
def test_key(latex: str, key: str) -> None:
    assert key_of(latex) == key


@pytest.mark.parametrize(
    ("canonical", "lecture", "notes"),
    [
        ("i1", "i_1", "x_1"),
        ("w5", "w_5", "w_5"),
        ("w12", "w_{12}", "w_{12}"),
        ("b1", "b_1", "b_1"),
        ("b1_2", "b_{1,2}", "b_{1,2}"),
        ("net_h1", r"\mathrm{net}_{h_1}", "z_1"),
        ("out_h1", r"\mathrm{out}_{h_1}", "h_1"),
        ("out_h3_1", r"\mathrm{out}_{h_{3,1}}", "h_{3,1}"),
        ("net_o2", r"\mathrm{net}_{o_2}", "y_2"),
        ("out_o2", r"\mathrm{out}_{o_2}", r"\hat{y}_2"),
        ("target_o2", r"\mathrm{target}_{o_2}", "t_2"),
        ("E_o2", "E_{o_2}", "E_{y_2}"),
        ("E_total", r"E_{\mathrm{total}}", r"E_{\mathrm{total}}"),
        ("delta_h1", r"\delta_{h_1}", r"\delta_{z_1}"),
        ("delta_o1", r"\delta_{o_1}", r"\delta_{y_1}"),
        ("learning_rate", r"\eta", r"\alpha"),
    ],
)
def test_latex(canonical: str, lecture: str, notes: str) -> None:
    assert LECTURE_NOTATION.latex(canonical) == lecture
    assert NOTES_NOTATION.latex(canonical) == notes


@pytest.mark.parametrize("notation", [*NOTATIONS.values(), nielsen((2, 2, 2))])
def test_the_names_of_a_sample_are_those_of_one_sample_with_its_number(notation: Notation) -> None:
    for name in ("i1", "net_h1", "out_h1", "out_o2", "target_o1", "E_o1", "E_total"):
        marked = f"{name}_s12"
        latex = notation.latex(marked)
        assert ";12" in latex
        assert notation.canonical(key_of(latex)) == marked
        assert notation.key(marked) == f"{notation.key(name)}_s12"


def test_plain_text() -> None:
    names = ["i1", "net_h1", "out_o1", "out_h2_1", "E_total", "delta_o1", "learning_rate"]
    assert [LECTURE_NOTATION.plain(name) for name in names] == [
        *("i1", "net_h1", "out_o1", "out_h2_1", "E_total", "δ_o1", "η")
    ]
    assert [NOTES_NOTATION.plain(name) for name in names] == [
        *("x1", "z1", "\N{LATIN SMALL LETTER Y WITH CIRCUMFLEX}1", "h2_1", "E_total", "δ_y1", "α")  # noqa: RUF001
    ]


@given(canonical_names(), st.sampled_from(sorted(NOTATIONS)))
def test_there_and_back(canonical: str, name: str) -> None:
    notation = NOTATIONS[name]
    assert notation.canonical(notation.key(canonical)) == canonical
    assert key_of(notation.latex(canonical)) == notation.key(canonical)


@pytest.mark.parametrize(
    "key",
    [
        *("", "out_01", "out_h01", "out_h0", "w05", "w1_2", "net_o1_1", "net_h1_2_3", "E_x", "E"),
        *("z1", "hat_y1", "alpha", "output_o1", "net_h", "w", "w٥", "w5\n", "net_h1 "),  # noqa: RUF001
    ],
)
def test_what_the_lecture_does_not_write_is_unknown(key: str) -> None:
    assert LECTURE_NOTATION.canonical(key) is None


def test_every_node_of_a_graph_can_be_written() -> None:
    for notation in NOTATIONS.values():
        written = [notation.latex(name) for name in Graph.of(LECTURE).names]
        assert len(set(written)) == len(written)


def test_both_notations_have_the_same_names() -> None:
    assert LECTURE_NOTATION.symbols.keys() == NOTES_NOTATION.symbols.keys()


def test_a_notation_of_ones_own() -> None:
    mine = Notation("mine", {"net_h@": r"\bar{a}_@", "i#": r"\xi_#"})
    assert mine.latex("net_h2_1") == r"\bar{a}_{2,1}"
    assert mine.canonical("bar_a1") == "net_h1"
    assert mine.canonical("xi_3") == "i3"
    assert mine.plain("net_h1") == "ā1"


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match=r"^name: 'net_h0' came, .* net_h1") as caught:
        LECTURE_NOTATION.latex("net_h0")
    assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match=r"^name: '\?' came, expected a name such as i1, w1, b1"):
        NOTES_NOTATION.plain("?")


@pytest.mark.parametrize(
    ("notation", "name", "latex"),
    [
        (LECTURE_NOTATION, "net_h1_s2", r"\mathrm{net}_{h_{1;2}}"),
        (NOTES_NOTATION, "out_h2_1_s3", r"h_{2,1;3}"),
        (NOTES_NOTATION, "E_total_s12", r"E_{\mathrm{total};12}"),
        (nielsen((1, 1)), "E_total_s2", r"C_{;2}"),
    ],
)
def test_the_sample_of_a_name_is_written_and_found_again(
    notation: Notation, name: str, latex: str
) -> None:
    assert notation.latex(name) == latex
    assert notation.canonical(key_of(latex)) == name
    [chain] = parse(latex)
    assert [notation.canonical(side.key) for side in chain.sides if isinstance(side, Name)] == [
        name
    ]

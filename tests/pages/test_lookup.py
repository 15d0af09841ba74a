"""Each weight and each bias of each example has a page, which is checked like any other."""

import re

import pytest

from backprop import EXAMPLES
from backprop.pages.check import check_text
from backprop.pages.lookup import Entry, entries, pages
from backprop.symbolic.explain import explanation
from backprop.symbolic.notation import NOTATIONS

PAGES = pages()
ENTRIES = [entry for example in EXAMPLES for entry in entries(example)]
PARAMETERS = [
    *(f"w{k}" for k in range(1, 9)),
    *("b1", "b2", "b1_1", "b1_2", "b2_1", "b2_2"),
]


def test_each_example_has_all_its_parameters() -> None:
    for example in EXAMPLES:
        assert [entry.parameter for entry in entries(example)] == PARAMETERS
    assert [*PAGES] == [entry.uri for entry in ENTRIES]
    assert len(PAGES) == len(PARAMETERS) * len(EXAMPLES)
    with pytest.raises(ValueError, match=r"example: 'sheep' .* expected one of"):
        entries("sheep")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_page_is_right_and_holds_the_derivation(entry: Entry) -> None:
    checked = check_text(PAGES[entry.uri], f"docs/{entry.uri}")
    assert [str(finding) for finding in checked.findings] == []
    derivation = explanation(entry.example, entry.parameter, biases=entry.biases, as_latex=True)
    assert derivation in checked.page.parts[0].text
    assert len(checked.bound) > 10
    world = checked.bound[0].world
    assert world.notation == NOTATIONS[entry.example]
    assert float(world.graph.value("i1")) == EXAMPLES[entry.example].inputs[0]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_a_wrong_number_in_a_derivation_is_found(entry: Entry) -> None:
    page = check_text(PAGES[entry.uri], "a.md").page.plain()
    last = [*re.finditer(r"\d\.\d{7}(\d)", page.file)][-1]
    wrong = page.file[: last.start(1)] + str((int(last[1]) + 5) % 10) + page.file[last.end(1) :]
    [finding] = check_text(wrong, "a.md").findings
    assert finding.instead == last[0]


def test_a_page_leads_to_its_neighbors_and_to_the_other_example() -> None:
    text = PAGES["every-weight/lecture-b1.md"]
    assert re.findall(r"\]\((.*?)\)", text) == [
        "../every-weight.md#lecture",
        "notes-b1.md",
        "lecture-w8.md",
        "lecture-b2.md",
    ]
    assert "before" not in PAGES["every-weight/notes-w1.md"]
    assert "next" not in PAGES["every-weight/notes-b2-2.md"]


def test_a_page_says_what_its_parameter_is() -> None:
    words = {
        "w2": "$w_2$ leads from the second input to the first hidden neuron.",
        "w7": "$w_7$ leads from the first hidden neuron to the second output.",
        "b2": "$b_2$ serves the whole output layer:",
        "b1_2": "$b_{1,2}$ is that of the second hidden neuron.",
    }
    for parameter, said in words.items():
        assert said in PAGES[f"every-weight/lecture-{parameter.replace('_', '-')}.md"]

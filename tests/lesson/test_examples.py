from typing import TYPE_CHECKING

import numpy as np
import pytest
from networks import rounds_to

from backprop import (
    EXAMPLES,
    LECTURE,
    NOTES,
    Example,
    backward,
    forward,
    output_errors,
    step,
    total_error,
)

if TYPE_CHECKING:
    from backprop.arguments import Array


def values(example: Example) -> dict[str, float]:
    """Return what the sources work out, by the lecture's names."""
    x, t = example.inputs, example.targets
    passed = forward(example.network, x)
    gradient = backward(example.network, x, t)
    stepped = step(example.network, x, t, learning_rate=example.learning_rate, biases="frozen")
    named: dict[str, Array] = {
        "net_h": passed.nets[0],
        "net_o": passed.nets[1],
        "out_h": passed.outs[0],
        "out_o": passed.outs[1],
        "E_o": output_errors(t, passed.outs[1]),
        "delta_h": gradient.deltas[0],
        "delta_o": gradient.deltas[1],
        "dE/dw": np.concatenate([w.ravel() for w in gradient.weights]),
        "new w": np.concatenate([w.ravel() for w in stepped.weights]),
    }
    return {f"{name}{k + 1}": v for name, vector in named.items() for k, v in enumerate(vector)} | {
        "E": float(total_error(t, passed.outs[1])),
        "new E": float(total_error(t, forward(stepped, x).outs[-1])),
    }


PUBLISHED = {  # Matt Mazur's worked example, with the error after the round put right
    "net_h1": "0.3775",
    "out_h1": "0.593269992",
    "out_h2": "0.596884378",
    "net_o1": "1.105905967",
    "out_o1": "0.75136507",
    "out_o2": "0.772928465",
    "E_o1": "0.274811083",
    "E_o2": "0.023560026",
    "E": "0.298371109",
    "dE/dw5": "0.082167041",
    "new w5": "0.35891648",
    "new w6": "0.408666186",
    "new w7": "0.511301270",
    "new w8": "0.561370121",
    "dE/dw1": "0.000438568",
    "new w1": "0.149780716",
    "new w2": "0.19956143",
    "new w3": "0.24975114",
    "new w4": "0.29950229",
    "new E": "0.291027774",
}
HIGH_PRECISION = {  # b1 = 0.30, worked with 40 digits, apart from this package
    "net_h1": "0.3275",
    "net_h2": "0.3425",
    "out_h1": "0.581150964289",
    "out_h2": "0.584797674718",
    "net_o1": "1.09561933934",
    "net_o2": "1.21221420324",
    "out_o1": "0.749438402212",
    "out_o2": "0.770690492301",
    "E_o1": "0.273384575333",
    "E_o2": "0.0240483300836",
    "E": "0.297432905416",
    "delta_h1": "0.00880233696119",
    "delta_h2": "0.00999564415899",
    "delta_o1": "0.138852100687",
    "delta_o2": "-0.0387578362269",
    "dE/dw1": "0.000440116848060",
    "dE/dw2": "0.000880233696119",
    "dE/dw3": "0.000499782207949",
    "dE/dw4": "0.000999564415899",
    "dE/dw5": "0.0806940322081",
    "dE/dw6": "0.0812003856116",
    "dE/dw7": "-0.0225241538970",
    "dE/dw8": "-0.0226654925026",
    "new w1": "0.149779941576",
    "new w2": "0.199559883152",
    "new w3": "0.249750108896",
    "new w4": "0.299500217792",
    "new w5": "0.359652983896",
    "new w6": "0.409399807194",
    "new w7": "0.511262076949",
    "new w8": "0.561332746251",
    "new E": "0.290336792369",
}


@pytest.mark.parametrize(("name", "printed"), PUBLISHED.items())
def test_the_lecture_has_the_published_values(name: str, printed: str) -> None:
    assert rounds_to(values(LECTURE)[name], printed)


@pytest.mark.parametrize(("name", "printed"), HIGH_PRECISION.items())
def test_the_notes_have_the_values_worked_in_high_precision(name: str, printed: str) -> None:
    assert rounds_to(values(NOTES)[name], printed)


def test_both_examples_differ_in_b1_alone() -> None:
    assert [b.tolist() for b in NOTES.network.biases] == [[0.30] * 2, [0.60] * 2]
    assert [b.tolist() for b in LECTURE.network.biases] == [[0.35] * 2, [0.60] * 2]
    for example in (NOTES, LECTURE):
        assert [w.tolist() for w in example.network.weights] == [
            [[0.15, 0.20], [0.25, 0.30]],
            [[0.40, 0.45], [0.50, 0.55]],
        ]
        assert example.inputs.tolist() == [0.05, 0.10]
        assert example.targets.tolist() == [0.01, 0.99]
        assert example.learning_rate == 0.5


def test_examples_go_by_their_names() -> None:
    assert EXAMPLES == {"notes": NOTES, "lecture": LECTURE}
    assert all(name == example.name for name, example in EXAMPLES.items())


def test_nobody_can_change_the_givens() -> None:
    with pytest.raises(AttributeError):
        LECTURE.learning_rate = 1.0  # type: ignore[misc]
    for array in (LECTURE.inputs, LECTURE.targets, *LECTURE.network.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0

"""What `backprop train` does for networks, losses and samples that the user describes."""

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from networks import learned

from backprop import LECTURE, Network, forward, total_error, train
from backprop.cli import main, plot

Capture = pytest.CaptureFixture[str]

XOR = [
    argument
    for k, (first, second) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)], start=1)
    for name, number in (("i1", first), ("i2", second), ("target_o1", first ^ second))
    for argument in ("--set", f"{name}_s{k}={number}")
]
INPUTS, TARGETS = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]


def answer(capsys: Capture, *arguments: str, status: int = 0) -> str:
    """Return what the command prints."""
    assert main(["train", *arguments]) == status
    out, err = capsys.readouterr()
    assert err == ""
    return out


def states(capsys: Capture, *arguments: str) -> Any:
    return json.loads(answer(capsys, *arguments, "--json"))["states"]


def test_a_network_of_other_widths_learns_several_samples(capsys: Capture) -> None:
    form = ("--sizes", "2,3,1", "--activations", "tanh,logistic", "--loss", "binary_cross_entropy")
    how = ("--samples", "online", "--biases", "per_neuron", "--learning-rate", "0.3")
    found = states(capsys, *form, *how, *XOR, "--rounds", "12")
    # Inputs, weights and biases count up by 0.05, layer by layer.
    network = Network(
        [[[0.15, 0.2], [0.25, 0.3], [0.35, 0.4]], [[0.5, 0.55, 0.6]]],
        [0.45, 0.65],
        ["tanh", "logistic"],
    )
    expected = train(
        network,
        INPUTS,
        TARGETS,
        learning_rate=0.3,
        biases="per_neuron",
        rounds=12,
        loss="binary_cross_entropy",
        samples="online",
    )
    assert [state["round"] for state in found] == [0, 1, 10, 12]
    for state in found:
        assert state["error"] == pytest.approx(expected.errors[state["round"]], rel=1e-13)
    outs = forward(expected.network, INPUTS).outs[-1]
    np.testing.assert_allclose(found[-1]["outputs"], outs, rtol=1e-13)


@pytest.mark.parametrize("samples", ["sum", "mean", "online"])
def test_the_samples_say_what_an_update_follows(samples: Any, capsys: Capture) -> None:
    [*_, last] = states(capsys, *XOR, "--sizes", "2,2,1", "--rounds", "5", "--samples", samples)
    network = Network([[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45]]], [0.35, 0.5])
    expected = train(
        network, INPUTS, TARGETS, learning_rate=0.5, biases="frozen", rounds=5, samples=samples
    )
    assert last["error"] == pytest.approx(expected.errors[-1], rel=1e-13)


def test_the_numbers_of_the_example_can_be_set(capsys: Capture) -> None:
    given = ("--set", "w5=-0.4", "--set", "b1_2=0.1", "--set", "eta=0.25")
    found = states(capsys, *given, "--rounds", "1")
    hidden, output = (w.copy() for w in LECTURE.network.weights)
    output[0, 0] = -0.4
    network = Network([hidden, output], [[0.35, 0.1], 0.6])
    expected = train(
        network, LECTURE.inputs, LECTURE.targets, learning_rate=0.25, biases="frozen", rounds=1
    )
    assert [state["error"] for state in found] == expected.errors.tolist()


def test_a_network_without_biases(capsys: Capture) -> None:
    [state] = states(capsys, "--biases", "none", "--rounds", "0")
    network = Network(LECTURE.network.weights, None)
    outs = forward(network, LECTURE.inputs).outs[-1]
    assert state == {
        "round": 0,
        "error": total_error(LECTURE.targets, outs),
        "outputs": outs.tolist(),
    }


def test_until_says_the_first_round_that_is_so_low(capsys: Capture) -> None:
    out = answer(capsys, "--until", "0.00005")
    *_, row, _, sentence = out.splitlines()
    assert sentence == "The error is first 5e-05 or less at round 8,256."
    assert row.split()[0] == "8,256"
    kept = learned(LECTURE, 8_256, keep=(8_255, 8_256))
    assert kept.errors[1] <= 0.00005 < kept.errors[0]


def test_until_looks_on_after_many_rounds(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backprop.cli.train.ROUNDS_AT_ONCE", 7)
    assert "first 0.221 or less at round 10." in answer(capsys, "--until", "0.221")
    assert "first 0.3 or less at round 0." in answer(capsys, "--until", "0.3")


def test_until_that_is_not_reached_says_so(capsys: Capture) -> None:
    out = answer(capsys, "--until", "0.00005", "--rounds", "20", status=1)
    assert out.splitlines()[-1] == "The error is above 5e-05 up to round 20."
    found = answer(capsys, "--until", "0.00005", "--rounds", "20", "--json", status=1)
    assert json.loads(found)["states"][-1]["round"] == 20


def test_every_prints_a_row_each_so_many_rounds(capsys: Capture) -> None:
    _, _, _, *rows = answer(capsys, "--rounds", "7", "--every", "3").splitlines()
    assert [row.split()[0] for row in rows] == ["0", "3", "6", "7"]


def test_the_title_says_what_is_not_as_in_the_example(capsys: Capture) -> None:
    form = ("--sizes", "2,2,3", "--activations", "relu,softmax", "--loss", "cross_entropy")
    samples = ("--set", "i1_s2=1", "--samples", "mean", "--biases", "none")
    title, _, head, *_ = answer(capsys, *form, *samples, "--rounds", "0").splitlines()
    assert title == (
        "lecture: learning rate 0.5, biases none, sizes 2,2,3, activations relu,softmax, "
        "loss cross_entropy, 2 samples, mean"
    )
    assert head.split() == [
        *("round", "E_total"),
        *(f"out_o{k}_s{sample}" for sample in (1, 2) for k in (1, 2, 3)),
    ]


def test_plot_draws_the_error_in_the_terminal(capsys: Capture) -> None:
    _, _, axis, *lines = answer(capsys, "--rounds", "10000", "--plot").splitlines()
    assert axis == "error, logarithmic"
    rows, base, scale = lines[:-2], lines[-2], lines[-1]
    assert len(rows) == plot.ROWS
    assert rows[0].startswith("    0.298 |*")
    assert rows[-1].startswith(" 3.51e-05 |")
    columns = [row[11:].ljust(plot.COLUMNS) for row in rows]
    heights = [[column[k] for column in columns].index("*") for k in range(plot.COLUMNS)]
    assert heights == sorted(heights)  # the error falls
    assert all(sum(column[k] == "*" for column in columns) == 1 for k in range(plot.COLUMNS))
    assert base.endswith("-" * plot.COLUMNS)
    assert scale.split() == ["0", "10,000", "rounds"]


def test_an_error_of_zero_is_drawn_on_a_linear_axis() -> None:
    text = plot.in_terminal(np.arange(3), np.array([1.0, 0.5, 0.0]))
    assert text.startswith("error\n        1 |*\n")
    assert "        0 |  *\n" in text


def test_one_round_is_drawn_as_one_star(capsys: Capture) -> None:
    out = answer(capsys, "--rounds", "0", "--plot")
    assert out.count("*") == 1
    assert out.splitlines()[-1].split() == ["0", "rounds"]


@pytest.mark.parametrize("rounds", [0, 1, 62, 63, 64, 65, 10_000])
def test_the_rounds_drawn_are_spread_evenly(rounds: int) -> None:
    drawn = plot.spread(rounds, 64)
    assert drawn[0] == 0
    assert drawn[-1] == rounds
    assert len(drawn) == min(rounds + 1, 64)
    steps = {b - a for a, b in pairwise(drawn)}
    assert not steps or max(steps) - min(steps) <= 1


@pytest.mark.parametrize("name", ["error.svg", "error.png", "ERROR.SVG"])
def test_plot_writes_a_picture(name: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / name
    arguments = ("--rounds", "30", "--plot", "-o", str(path))
    assert answer(capsys, *arguments).splitlines()[-1] == str(path)
    picture = path.read_bytes()
    if path.suffix.lower() == ".svg":
        assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314  # our own
    else:
        assert picture.startswith(b"\x89PNG\r\n")
    assert main(["train", *arguments]) == 2
    assert capsys.readouterr().err == (
        f"backprop train: {path}: exists already; --force overwrites it\n"
    )
    path.write_text("old", "utf-8")
    answer(capsys, *arguments, "--force")
    assert path.read_bytes() == picture  # the same picture each time


def test_a_picture_without_what_draws_it(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    path = tmp_path / "error.svg"
    assert main(["train", "--rounds", "1", "--plot", "-o", str(path)]) == 2
    assert capsys.readouterr().err == (
        "backprop train: matplotlib is missing; pip install 'backprop-book[docs]'\n"
    )
    assert not path.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "neither --rounds nor --until came, expected one of them, or both"),
        (["--rounds", "1", "--plot", "--json"], "--plot came with --json or --every"),
        (["--rounds", "1", "--plot", "--every", "1"], "--plot came with --json or --every"),
        (["--rounds", "1", "-o", "a.svg"], "-o came without --plot, expected both"),
        (
            ["--rounds", "1", "--plot", "-o", "a.pdf"],
            "-o: 'a.pdf' came, expected a .svg or .png file",
        ),
        (["--rounds", "1", "--plot", "-o", ""], "-o: '' came, expected a .svg or .png file"),
        (
            ["--rounds", "1", "--plot", "-o", "/no such folder/a.svg"],
            "/no such folder/a.svg: not written: No such file or directory",
        ),
        (
            ["--rounds", "20000", "--every", "1"],
            "--every: 1 came, expected 10,000 rows at most",
        ),
        (["--rounds", "1", "--sizes", "2"], "sizes: [2] came, expected 2 to 16 layers"),
        (["--rounds", "1", "--sizes", "2,99"], "sizes: [2, 99] came, expected 2 to 16 layers"),
        (
            ["--rounds", "1", "--sizes", "64,64"],
            "sizes: [64, 64] came, which has 4,096 weights, expected 2,000 at most",
        ),
        (["--rounds", "1", "--activations", "sigmoid"], "activations: 'sigmoid' (str) came"),
        (
            ["--rounds", "1", "--activations", "tanh,tanh,tanh"],
            "activations: 3 came, expected 2, one for each layer of weights",
        ),
        (
            ["--rounds", "1", "--loss", "cross_entropy"],
            "loss: cross_entropy came with a last layer of logistic, expected a last layer of",
        ),
        (
            [
                *("--rounds", "1", "--activations", "tanh,logistic", "--set", "target_o1=2"),
                *("--loss", "binary_cross_entropy"),
            ],
            "targets[0]: 2.0 came, expected 0 to 1, as binary_cross_entropy wants",
        ),
        (["--rounds", "1", "--set", "w9=1"], "'w9' came, expected a given, as w8"),
        (["--rounds", "1", "--set", "i1_s17=1"], "sample 17 came, expected 16 samples at most"),
        (
            ["--rounds", "1", "--set", "w1_s2=1"],
            "'w1_s2' came, expected a given, as ",
        ),
        (
            ["--rounds", "1", "--biases", "none", "--set", "b1=1"],
            "'b1' came, expected a given, as ",
        ),
        (
            ["--rounds", "9", "--activations", "linear", "--learning-rate", "1e200"],
            "loss: half_squared is infinite at round 1 for sample 1, expected a smaller",
        ),
        (  # after a row has been computed; rounds still count from the start
            ["--rounds", "9", "--activations", "linear", "--learning-rate", "1e20"],
            "loss: half_squared is infinite at round 3 for sample 1, expected a smaller",
        ),
        (
            [
                *("--until", "1e-9", "--activations", "linear", "--biases", "per_neuron"),
                *("--learning-rate", "9"),
            ],
            "loss: half_squared is infinite at round",
        ),
    ],
)
def test_what_does_not_go_together_is_one_clear_line(
    arguments: Sequence[str], message: str, capsys: Capture
) -> None:
    assert main(["train", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"backprop train: {message}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--rounds", "1000001"],
            "argument --rounds: '1000001' came, expected a whole number from 0 to 1,000,000",
        ),
        (["--until", "-1"], "argument --until: '-1' came, expected 0 or more"),
        (["--until", "low"], "argument --until: 'low' came, expected a finite number"),
        (["--every", "0"], "argument --every: '0' came, expected a whole number, 1 or more"),
        (["--every", "x"], "argument --every: 'x' came, expected a whole number, 1 or more"),
        (["--loss", "mse"], "argument --loss: invalid choice: 'mse' (choose from "),
        (["--samples", "all"], "argument --samples: invalid choice: 'all' (choose from "),
        (["--sizes", "2,x"], "argument --sizes: '2,x' came, expected the width of each layer"),
    ],
)
def test_bad_usage_is_one_clear_line(
    arguments: Sequence[str], message: str, capsys: Capture
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", "--rounds", "1", *arguments])
    assert caught.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith(f"backprop train: {message}")
    assert err.count("\n") == 1


def test_a_table_loads_neither_matplotlib_nor_the_checker() -> None:
    code = "import sys; from backprop import cli; cli.main(['train', '--rounds', '1'])\n"
    code += "print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "backprop.cli.train" in loaded
    assert not loaded & {"matplotlib", "lark", "yaml"}


def test_one_sample_with_a_number_is_one_sample(capsys: Capture) -> None:
    sets = ("--set", "i1_s1=1", "--sizes", "2,2,1")
    title, *_ = answer(capsys, *sets, "--rounds", "0").splitlines()
    assert title.endswith("sizes 2,2,1, 1 sample")

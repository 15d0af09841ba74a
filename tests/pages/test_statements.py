"""What the pages say about quantities in words: each fact, computed, and the pages that tell it.

A word is not checked as a number is. So each statement that was once false stands here as a fact
that the package shows, beside the pattern of what no page may say.
"""
# mypy: untyped-calls-exclude=nbformat

import io
import re
from contextlib import redirect_stdout
from functools import cache
from itertools import pairwise
from typing import Any

import nbformat
import numpy as np
import pytest
from networks import learned
from numpy.typing import NDArray
from printed import DOCS

import backprop
from backprop import (
    EXAMPLES,
    LECTURE,
    NOTES,
    BiasChoice,
    Example,
    Network,
    backward,
    forward,
    output_errors,
    step,
    total_error,
    train,
    train_with_new_output_weights,
    variant_values,
)
from backprop.pages.reader import read
from backprop.symbolic.explain import explanation
from backprop.symbolic.graph import Graph
from backprop.worksheets.steps import LEVELS

WORDS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
EACH = [pytest.param(example, id=name) for name, example in EXAMPLES.items()]
ALL_BIASES: tuple[BiasChoice, ...] = ("frozen", "shared", "per_neuron")
QUESTIONS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
ANSWERS = np.array([[0, 0], [0, 1], [0, 1], [1, 1]])  # both, any


def cells(name: str, kind: str) -> list[Any]:
    """Return the cells of one kind of a notebook."""
    notebook = nbformat.read(DOCS / name, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


@cache
def texts() -> dict[str, str]:
    """Return all that readers are told in words, by where it stands, each on one line."""
    found = {path.name: page(path.name) for path in DOCS.glob("*.md")}
    found["README.md"] = (DOCS.parent / "README.md").read_text("utf-8")
    for path in DOCS.glob("*.ipynb"):
        told = [cell.source for cell in cells(path.name, "markdown")]
        told += [cell.metadata.get("alt", "") for cell in cells(path.name, "code")]
        found[path.name] = "\n\n".join(told)
    for level in LEVELS.values():
        told = [part.question for part in level.parts] + [slip.words for slip in level.slips]
        found[f"worksheet {level.name}"] = "\n\n".join(told)
    found["explain b1"] = explanation("lecture", "b1", biases="shared")
    return {name: " ".join(text.split()) for name, text in found.items()}


def sentences(pattern: str) -> list[str]:
    """Return each sentence of the pages that says something of a kind, with its page."""
    return [
        f"{name}: {sentence}"
        for name, text in texts().items()
        for sentence in re.split(r"(?<=[.!?:;])\s", text)
        if re.search(pattern, sentence, re.IGNORECASE)
    ]


@cache
def page(name: str) -> str:
    """Return the text of a page, with what code makes in it."""
    return read(DOCS / name).parts[0].text


def printed_by(name: str, mark: str, **given: Any) -> str:
    """Run the one cell of a notebook that has a mark in it; return what it prints."""
    [source] = [cell.source for cell in cells(name, "code") if mark in cell.source]
    with redirect_stdout(io.StringIO()) as printed:
        exec(source, {"np": np, **vars(backprop), **given})  # noqa: S102
    return printed.getvalue()


def flat(layers: Any) -> NDArray[np.float64]:
    """Return all weights in one row."""
    return np.concatenate([np.ravel(layer) for layer in layers])


# Paths


@pytest.mark.parametrize("example", EACH)
def test_a_shared_bias_has_the_paths_of_all_the_neurons_it_serves(example: Example) -> None:
    shared, own = Graph.of(example), Graph.of(example).untied()
    counts = {name: len(shared.paths("E_total", name)) for name in ("b1", "b2")}
    counts |= {name: len(own.paths("E_total", name)) for name in ("b1_1", "b1_2", "b2_1")}
    assert counts == {"b1": 4, "b2": 2, "b1_1": 2, "b1_2": 2, "b2_1": 1}


def test_the_notes_print_the_four_paths_of_their_shared_bias() -> None:
    shares = [path.product for path in Graph.of(NOTES).paths("E_total", "b1")]
    lines = [f"{share:12.9f}  b1 net_h" for share in shares]
    _, _, below = page("notes.md").partition("Here are the four paths")
    _, _, shown = below.partition("expected-output-->\n\n        ```\n")
    printed = [
        line.removeprefix(" " * 8) for line in shown.partition("        ```")[0].splitlines()
    ]
    assert [line[: len(lines[0])] for line in printed[:-1]] == lines
    assert printed[-1] == f"{sum(shares):12.9f}  over 4 paths"


def test_no_page_counts_two_paths_from_the_bias_of_the_hidden_layer() -> None:
    counted = r"\b(two|both|its two|one of its two)\b[^.]*\bpaths\b"
    hidden = rf"(\$b_1\$|\bb1\b|serves|served)[^.]*{counted}|{counted}[^.]*(\$b_1\$|\bb1\b)"
    claims = sentences(hidden)
    assert [each for each in claims if not re.search(r"\bfour\b", each)] == []


def test_a_sum_with_one_term_a_neuron_is_not_called_a_sum_over_paths() -> None:
    text = explanation("lecture", "b1", biases="shared")
    assert text.startswith("Four paths lead from b1 to the error")
    rule = text.partition("b1 enters net_h1 and net_h2.")[2].partition(":\n")[0]
    assert rule
    assert "path" not in rule
    assert "sum over the paths" not in text.lower()


# Biases that learn


@pytest.mark.parametrize("example", EACH)
def test_whether_biases_learn_makes_no_difference_to_the_weights_in_the_first_round_only(
    example: Example,
) -> None:
    def weights(biases: BiasChoice, rounds: int) -> NDArray[np.float64]:
        return flat(learned(example, rounds, biases).network.weights)

    for biases in ALL_BIASES[1:]:
        assert (weights(biases, 1) == weights("frozen", 1)).all()
        assert (weights(biases, 2) != weights("frozen", 2)).all()
        assert abs(weights(biases, 100)[4] - weights("frozen", 100)[4]) > 0.5


def test_no_page_says_that_frozen_biases_never_matter() -> None:
    claims = sentences(r"(change[sd]?|make[sd]?) (nothing|no difference)[^.]*weights")
    claims += sentences(r"(nothing|no difference)[^.]* to (them|the weights)[^.]*\bbias")
    assert [each for each in claims if "first round" not in each] == []
    assert sentences(r"\bmiss nothing(?! of the method)") == []


def test_a_page_shows_the_weights_part_when_the_biases_learn() -> None:
    output = page("every-weight.md").partition("### Three ways to treat a bias")[2]
    for rounds in (1, 100):
        for biases in ALL_BIASES:
            w5 = learned(LECTURE, rounds, biases).network.weights[1][0, 0]
            assert f"{rounds:3}  {biases:10}  {w5:12.9f}\n" in output


# Errors and deltas


def saturated() -> Network:
    """Return the notes' network with the weights into its first output twenty times as large."""
    hidden, output = NOTES.network.weights
    return Network([hidden, output * [[20], [1]]], NOTES.network.biases)


def test_the_larger_error_does_not_have_the_larger_delta_where_its_neuron_is_saturated() -> None:
    errors = output_errors(NOTES.targets, forward(saturated(), NOTES.inputs).outs[-1])
    first, second = backward(saturated(), NOTES.inputs, NOTES.targets).deltas[1]
    assert round(errors[0] / errors[1]) == 20
    assert round(abs(second / first)) == 1440


def test_the_notes_show_a_large_error_with_a_small_delta() -> None:
    text = page("notes.md")
    for network in (NOTES.network, saturated()):
        errors = output_errors(NOTES.targets, forward(network, NOTES.inputs).outs[-1])
        deltas = backward(network, NOTES.inputs, NOTES.targets).deltas[1]
        shown = "  ".join(f"{x:11.8f}" for x in (*errors, *deltas))
        assert shown in text
    assert "twenty times that of the second" in text
    assert "1,440 times smaller" in text


def test_no_page_concludes_from_a_larger_error_to_larger_steps() -> None:
    assert sentences(r"weights to be moved the most") == []
    assert sentences(r"(farther off|further from its target)[^.]*(wins|voice)") == []


# The way of gradient descent


def final_error() -> tuple[Network, float]:
    """Return the lecture's network after 10,000 rounds, and its error."""
    training = learned(LECTURE, 10_000)
    return training.network, float(training.errors[-1])


def network_at(weights: NDArray[np.float64]) -> Network:
    """Return the lecture's network with other weights."""
    return Network([*weights.reshape(2, 2, 2)], LECTURE.network.biases)


def error_at(weights: NDArray[np.float64]) -> float:
    """Return the total error of the lecture's network with other weights."""
    answer = forward(network_at(weights), LECTURE.inputs).outs[-1]
    return float(total_error(LECTURE.targets, answer))


def nearer(weights: NDArray[np.float64], goal: float) -> NDArray[np.float64]:
    """Slide along the surface of one error toward the start, as far as that brings us nearer."""
    start = flat(LECTURE.network.weights)
    for _ in range(60):
        uphill = flat(backward(network_at(weights), LECTURE.inputs, LECTURE.targets).weights)
        uphill /= np.linalg.norm(uphill)
        back = start - weights
        weights = weights + 0.05 * (back - (back @ uphill) * uphill)
        for _ in range(3):  # back to the surface, by Newton's rule for the logarithm of the error
            slope = flat(backward(network_at(weights), LECTURE.inputs, LECTURE.targets).weights)
            error = error_at(weights)
            weights = weights - np.log(error / goal) * error * slope / (slope @ slope)
    return weights


def test_the_way_of_gradient_descent_is_not_the_shortest() -> None:
    network, goal = final_error()
    start, end = flat(LECTURE.network.weights), flat(network.weights)
    other = nearer(end, goal)
    assert error_at(other) <= goal * (1 + 1e-9)
    assert f"{np.linalg.norm(end - start):.3f}" == "6.987"
    assert np.linalg.norm(other - start) < 6.937
    assert sentences(r"\bway\b[^.]*\bis the shortest") == []


def test_the_notebook_shows_a_nearer_network_with_a_smaller_error() -> None:
    network, goal = final_error()
    printed = printed_by(
        "samples.ipynb", "nearer = ", training=type("Run", (), {"network": network})
    ).splitlines()
    trained, found = (line for line in printed if "distance" in line)
    errors = [float(re.findall(r"\d\.\d+", line)[0]) for line in (trained, found)]
    distances = [float(re.findall(r"\d\.\d+", line)[1]) for line in (trained, found)]
    assert errors[0] == pytest.approx(goal, abs=1e-9)
    assert errors[1] < errors[0]
    assert distances[0] == 6.987
    assert distances[1] < distances[0]
    moves = [float(move) for line in printed for move in re.findall(r"-?\d\.\d\d\b", line)]
    hidden, output, more, less = (np.array(moves[k : k + 4]) for k in range(0, 16, 4))
    assert abs(hidden).max() < 0.5
    assert abs(output).min() > 2
    assert (more / hidden).round(0).tolist() == [2, 2, 2, 2]
    assert (abs(less) < abs(output))[:2].all()


def test_the_two_samples_by_hand_lead_to_what_step_gives() -> None:
    shown = printed_by("samples.ipynb", "mid = ", questions=QUESTIONS, answers=ANSWERS)
    found = re.findall(r"= (\d\.\d{6})", shown)
    two = QUESTIONS[[1, 3]], ANSWERS[[1, 3]]
    start = LECTURE.network
    expected = [step(start, *two, learning_rate=rate, biases="per_neuron") for rate in (0.5, 0.25)]
    network = start
    for pair in zip(*two, strict=True):
        network = step(network, *pair, learning_rate=0.5, biases="per_neuron")
        expected.append(network)
    assert found == [f"{each.weights[1][0, 0]:.6f}" for each in expected]


def test_the_halves_and_multiples_that_describe_the_plots_are_right() -> None:
    frozen, *learning = variant_values("E_total", 10_000)[:3]
    one, two = (WORDS.split()[round(frozen / each)] for each in learning)
    told = texts()["training.ipynb"]
    assert f"end {one} and {two} times lower than the frozen one" in told
    assert "most of its way in the first hundred rounds" not in told


def test_after_75_rounds_a_tenth_of_the_error_is_left() -> None:
    errors = learned(LECTURE, 100).errors
    assert int((errors < errors[0] / 10).argmax()) == 75
    assert round(errors[0] / errors[100]) == 15
    told = texts()["training.ipynb"]
    assert "After 75 rounds a tenth of the error is left, after 100 only about a fifteenth" in told


def test_one_round_takes_about_one_part_in_forty_off_the_error() -> None:
    for example, name in ((NOTES, "notes.md"), (LECTURE, "training.ipynb")):
        errors = learned(example, 1).errors
        assert 38 < 1 / (1 - errors[1] / errors[0]) < 43
        assert "about one part in forty" in texts()[name]


# Neurons in a row, and neurons side by side


def test_ten_neurons_in_a_row_have_vanishing_deltas() -> None:
    printed = printed_by("training.ipynb", "row = Network(").splitlines()[1:]
    numbers = [int(line.split()[0]) for line in printed]
    slopes = [float(line.split()[1]) for line in printed]
    assert numbers[0] == 10
    assert numbers[-1] == 1
    assert max(slopes) < 0.25
    deltas = backward(Network([[[1.0]]] * 10, [[0.0]] * 10), [1.0], [0.0]).deltas
    flat_deltas = [float(delta[0]) for delta in deltas]
    shares = [lower / upper for lower, upper in pairwise(flat_deltas)]
    assert max(shares) < 0.25
    assert round(flat_deltas[-1] / flat_deltas[0], -5) == 800_000
    assert "some 800,000 times smaller" in texts()["training.ipynb"]


def test_two_equal_hidden_neurons_stay_equal() -> None:
    sample = LECTURE.inputs, LECTURE.targets
    first, second = printed_by("training.ipynb", "twins = ", sample=sample).splitlines()
    assert first.partition(":")[2] == second.partition(":")[2]
    assert "0.200000000" not in first


# Many samples


def begun() -> dict[str, Network]:
    """Return the three starts of the task with a plateau, from the cell that has them."""
    [source] = [
        cell.source for cell in cells("samples.ipynb", "code") if "three = {" in cell.source
    ]
    known: dict[str, Any] = {"np": np, "questions": QUESTIONS, **vars(backprop)}
    with redirect_stdout(io.StringIO()):
        exec(source, known)  # noqa: S102
    found: dict[str, Network] = known["begun"]
    return found


def test_of_three_starts_one_is_quick_one_waits_on_a_plateau_and_one_sticks() -> None:
    target = [[0], [1], [1], [0]]
    for name, network in begun().items():
        errors = train(
            network, QUESTIONS, target, learning_rate=1.0, biases="per_neuron", rounds=10_000
        ).errors
        assert abs(errors[100] - 0.5) < 0.02, name
        assert (errors[1_000] < 0.01) == (name == "quick")
        assert (abs(errors[1_000] - 0.5) < 0.001) == (name == "slow")
        assert (errors[-1] < 0.001) == (name != "stuck")
        if name == "stuck":
            assert 0.25 < errors[-1] < 0.251
            assert (np.diff(errors) < 0).all()


def test_momentum_crosses_the_plateau_in_a_tenth_of_the_rounds() -> None:
    given = {"questions": QUESTIONS, "xor": np.array([[0], [1], [1], [0]]), "begun": begun()}
    for line in printed_by("samples.ipynb", "def rounds_needed", **given).splitlines():
        without, with_it = (int(each.replace(",", "")) for each in re.findall(r"[\d,]{2,}", line))
        assert 9 < without / with_it < 11


def test_the_sum_the_mean_and_one_at_a_time_are_what_the_page_says() -> None:
    given = {"questions": QUESTIONS, "answers": ANSWERS}
    lines = printed_by("samples.ipynb", "by_sum = ", **given).splitlines()
    w5, errors = (
        [float(number) for number in column]
        for column in zip(*(re.findall(r"\d\.\d+", line) for line in lines), strict=True)
    )
    start, by_sum, by_mean, one_by_one = w5
    assert (start - by_mean) * 4 == pytest.approx(start - by_sum, abs=4e-6)
    assert errors[1] < errors[3] < errors[2] < errors[0]
    assert one_by_one != by_sum


# Learning rates


@pytest.mark.parametrize("biases", ["frozen", "per_neuron"])
@pytest.mark.parametrize("example", EACH)
def test_no_rate_raises_the_error_of_the_single_sample_without_a_shared_bias(
    example: Example, biases: BiasChoice
) -> None:
    rates = np.geomspace(0.1, 1_000, 41)
    errors = learned(example, 3_000, biases, learning_rate=rates).errors
    # An error that is nearly 0 goes up and down with the rounding of its last digits.
    assert np.diff(errors, axis=0).max() < 1e-18


def test_a_rate_of_50_raises_the_error_of_the_single_sample_with_shared_biases() -> None:
    errors = learned(LECTURE, 1, "shared", learning_rate=50.0).errors
    assert [f"{error:.4f}" for error in errors] == ["0.2984", "0.4525"]
    assert "at a rate of 50 the first round" in texts()["samples.ipynb"]


def test_one_round_at_a_rate_of_a_hundred_beats_ten_thousand_at_a_tenth() -> None:
    start = LECTURE.network, LECTURE.inputs, LECTURE.targets
    once = step(*start, learning_rate=100.0, biases="frozen")
    error = total_error(LECTURE.targets, forward(once, LECTURE.inputs).outs[-1])
    slow = train(*start, learning_rate=0.1, biases="frozen", rounds=10_000, keep=(10_000,))
    assert f"{error:.6f} {slow.errors[0]:.6f}" == "0.000095 0.000445"


def test_a_large_rate_raises_the_error_of_several_samples() -> None:
    errors = train(
        LECTURE.network,
        QUESTIONS,
        ANSWERS,
        learning_rate=100.0,
        biases="per_neuron",
        rounds=1,
    ).errors
    assert [f"{error:.2f}" for error in errors] == ["1.25", "1.68"]


def test_the_notebook_shows_which_rates_are_too_large() -> None:
    printed = printed_by("samples.ipynb", "too_fast = ", questions=QUESTIONS, answers=ANSWERS)
    head, *rows = printed.splitlines()
    rates = [float(rate) for rate in head.split()[1:]]
    table = np.array([[float(number) for number in row.split()[1:]] for row in rows])
    falls = {rate: bool((np.diff(table[:, k]) < 0).all()) for k, rate in enumerate(rates)}
    assert falls == {0.5: True, 5: True, 20: False, 100: False}
    assert table[1, rates.index(100)] > table[0, rates.index(100)]
    assert table[-1, rates.index(20)] == pytest.approx(1, abs=0.001)


def test_the_exercise_about_large_rates_says_that_the_error_never_rises() -> None:
    _, _, exercise = texts()["training.ipynb"].partition("how large is too large?")
    assert "None of these ever raises the error" in exercise


# The chain rule and the counting of layers


def test_the_two_rules_for_paths_hold_where_paths_meet_inside_a_neuron() -> None:
    sizes, layers = (1, 1, 2, 2, 2), 4
    names = ["i1", *(f"w{k}" for k in range(1, 12)), *(f"b{k}" for k in range(1, layers + 1))]
    values = {name: Graph.of(LECTURE).givens["w1"] * k for k, name in enumerate(names, start=1)}
    targets = {"target_o1": Graph.of(LECTURE).givens["w1"], "target_o2": values["w3"]}
    graph = Graph(sizes, values | targets)
    paths = graph.paths("E_total", "w1")
    assert len(paths) == 8  # which meet in the nets of two layers, and in the error
    total = sum(path.product for path in paths)
    assert float(total) == pytest.approx(float(graph.derivative("E_total", "w1")), rel=1e-12)


def test_no_page_teaches_a_rule_from_a_case_that_does_not_show_it() -> None:
    assert sentences(r"all there is to the chain rule") == []
    assert sentences(r"square gives a factor 2") == []


def test_no_page_finds_the_slope_of_a_straight_line_with_a_power() -> None:
    powers = sentences(r"w_\{?\d\}?\^\{1-1\}")
    assert [each for each in powers if not each.startswith("errata.md")] == []


def test_where_code_counts_layers_from_0_the_page_says_so() -> None:
    for name, first_use in (("notes.md", "pass_one.nets[0]"), ("lecture.md", "weights[1][0, 0]")):
        before, _, _ = texts()[name].partition(first_use)
        assert re.search(r"counts from 0[^.]*hidden layer[^.]*\$b_1\$", before)
    assert re.search(r"count from 1[^.]*\$b_1\$", texts()["notation.md"])


# The figures of the article


def figures(network: Network, digits: int) -> tuple[str, str, str]:
    """Return the error and both outputs of the lecture's network as an article prints them."""
    outs = forward(network, LECTURE.inputs).outs[-1]
    return f"{total_error(LECTURE.targets, outs):.{digits}f}", f"{outs[0]:.9f}", f"{outs[1]:.9f}"


def test_the_program_with_the_new_weights_prints_all_four_figures_of_older_copies() -> None:
    start = LECTURE.network, LECTURE.inputs, LECTURE.targets
    once = train_with_new_output_weights(*start, learning_rate=0.5, rounds=1)
    often = train_with_new_output_weights(*start, learning_rate=0.5, rounds=10_000)
    old = {figures(once, 9)[0], *figures(often, 9)}
    assert old == {"0.291027924", "0.000035085", "0.015912196", "0.984065734"}
    assert figures(often, 10)[0] != "0.0000351085"  # what the article has today
    for name in ("your-number.md", "lecture.md"):
        assert all(figure in texts()[name] for figure in old)


def test_no_page_denies_that_one_program_prints_all_four_without_a_word_of_older_copies() -> None:
    for name, text in texts().items():
        assert ("no single program" in text) <= ("Older copies" in text), name


# The list of traps


def traps() -> list[str]:
    """Return the headings of the traps of notation."""
    part = re.split(r"^## \w+ traps$", page("notation.md"), flags=re.MULTILINE)[1]
    return re.findall(r"^### (.+)$", part.partition("\n## ")[0], re.MULTILINE)


def test_the_traps_are_counted_right_wherever_they_are_mentioned() -> None:
    counts = re.findall(r"(\w+)[ -]traps\b", " ".join(texts().values()).lower())
    counted = [count for count in counts if count in WORDS.split()]
    assert len(counted) > 2  # the heading, a link to it, and what the link says
    assert set(counted) == {WORDS.split()[len(traps())]}


def test_one_trap_is_that_a_delta_is_called_the_error() -> None:
    assert any("error" in trap for trap in traps())
    graph = Graph.of(LECTURE)
    error, delta = graph.value("E_o1"), graph.derivative("E_total", "net_o1")
    trap = page("notation.md").partition("called the error")[2].partition("\n### ")[0]
    assert rf"$E_{{o_1}} = {error:.8f}$" in trap
    assert rf"$\delta^3_1 = {delta:.8f}$" in trap

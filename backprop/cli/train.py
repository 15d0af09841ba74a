"""The command `backprop train`."""

import argparse
import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from backprop import DISTRIBUTION
from backprop.cli import plot
from backprop.cli.network import Setup, setup_of
from backprop.cli.options import add_biases, add_givens, add_network, reader, whole_number
from backprop.export.files import write_all
from backprop.network import forward
from backprop.training import SampleChoice

MOST_ROUNDS = 1_000_000  # half a minute for a small network; --until alone tries as many
MOST_ROWS = 10_000  # of a table
ROUNDS_AT_ONCE = 10_000  # trained between two looks for the error of --until


@dataclass(frozen=True)
class State:
    """The error and the outputs after some rounds; of several samples, a list of outputs each."""

    round: int
    error: float
    outputs: list[float] | list[list[float]]


_number = reader(float, "a finite number", math.isfinite)
_error = reader(_number, "0 or more", lambda error: error >= 0)


def add_options(command: argparse.ArgumentParser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Train a network; print the error and outputs on the way. Round 0 is before any update. "
        "Exit status: 0 done, 1 --until was not reached, 2 bad usage."
    )
    add_network(command)
    command.add_argument(
        "--rounds",
        type=whole_number(most=MOST_ROUNDS),
        help=f"number of updates, at most {MOST_ROUNDS:,}",
    )
    command.add_argument(
        "--until",
        type=_error,
        metavar="ERROR",
        help="stop at the first round whose error is this low, and say which it is; "
        f"--rounds is then how many are tried (default: {MOST_ROUNDS:,})",
    )
    command.add_argument("--learning-rate", type=_number, help="another rate than the example's")
    add_biases(
        command,
        "how the biases learn (default: frozen, as in both examples); none for a network "
        "without any",
    )
    command.add_argument(
        "--samples",
        choices=get_args(SampleChoice),
        default="sum",
        help="whether an update follows the sum of the errors of all samples, their mean, or one "
        "sample after the other; --set gives numbers of several as i1_s2 and target_o1_s2 "
        "(default: sum)",
    )
    add_givens(command)
    _add_output(command)
    command.set_defaults(run=_train)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--every",
        type=whole_number(least=1),
        metavar="N",
        help="print a row every N rounds (default: at 1, 10, 100, ...)",
    )
    command.add_argument(
        "--plot", action="store_true", help="draw the curve of the error, instead of a table"
    )
    command.add_argument(
        "-o", "--output", metavar="FILE", help="with --plot: draw it in an SVG or a PNG"
    )
    command.add_argument("--force", action="store_true", help="overwrite FILE if it exists")
    command.add_argument("--json", action="store_true", help="print JSON, at full precision")


def _train(options: argparse.Namespace) -> int:
    _check(options)
    setup = setup_of(options)
    rounds, reached = _rounds(setup, options)
    if options.plot:
        answer = _plotted(setup, rounds, options)
    else:
        states = list(_states(setup, rounds, options.every))
        answer = _as_json(setup, states, options) if options.json else _table(states)
    print(answer if options.json else f"{_title(setup, options)}\n\n{answer}")
    if options.until is not None and not options.json:
        where = "first {:.12g} or less at" if reached else "above {:.12g} up to"
        print(f"\nThe error is {where.format(options.until)} round {rounds:,}.")
    return 0 if reached else 1


def _check(options: argparse.Namespace) -> None:
    """Check that the options go together.

    Raises:
        ValueError: they do not.
    """
    if options.rounds is None and options.until is None:
        raise ValueError("neither --rounds nor --until came, expected one of them, or both")
    if options.plot and (options.json or options.every):
        raise ValueError("--plot came with --json or --every, expected one of them")
    if options.output is not None and not options.plot:
        raise ValueError("-o came without --plot, expected both")
    if options.output is not None and Path(options.output).suffix.lower() not in plot.FORMATS:
        raise ValueError(f"-o: {options.output!r} came, expected a .svg or .png file")


def _rounds(setup: Setup, options: argparse.Namespace) -> tuple[int, bool]:
    """Return the number of rounds to show, and whether they reach the error of --until."""
    most = MOST_ROUNDS if options.rounds is None else options.rounds
    if options.until is None:
        return most, True
    network, done = setup.network, 0
    while True:
        training = setup.trained(network, done, min(ROUNDS_AT_ONCE, most - done))
        low = np.flatnonzero(training.errors <= options.until)
        if low.size:
            return done + int(low[0]), True
        network, done = training.network, done + int(training.rounds[-1])
        if done == most:
            return most, False


def _states(setup: Setup, rounds: int, every: int | None) -> Iterator[State]:
    """Yield the state at each round that has a row."""
    network, done = setup.network, 0
    for stop in _milestones(rounds, every):
        training = setup.trained(network, done, stop - done, [stop - done])
        network, done = training.network, stop
        outs = forward(network, setup.inputs).outs[-1]
        yield State(done, float(training.errors[0]), outs.tolist())


def _milestones(rounds: int, every: int | None) -> list[int]:
    """Return the rounds with a row: the first, the last, multiples of `every` or powers of ten.

    Raises:
        ValueError: there are too many rows.
    """
    if every is not None and rounds // every > MOST_ROWS:
        raise ValueError(f"--every: {every} came, expected {MOST_ROWS:,} rows at most")
    inner = range(0, rounds, every) if every else [10**k for k in range(len(str(rounds)))]
    return sorted({0, rounds, *(stop for stop in inner if stop < rounds)})


def _plotted(setup: Setup, rounds: int, options: argparse.Namespace) -> str:
    """Return the curve of the error as text, or draw it in a file and return its name.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
        ValueError: the file exists already or cannot be written.
    """
    points = plot.COLUMNS if options.output is None else plot.POINTS
    training = setup.trained(setup.network, 0, rounds, plot.spread(rounds, points))
    if options.output is None:
        return plot.in_terminal(training.rounds, training.errors)
    path = Path(options.output)
    if os.path.lexists(path) and not options.force:
        raise ValueError(f"{path}: exists already; --force overwrites it")
    try:
        picture = plot.as_picture(training.rounds, training.errors, path)
        write_all({path: picture}, None if options.force else {path: None})
    except OSError as error:
        raise ValueError(f"{path}: not written: {error.strerror}") from None
    except ModuleNotFoundError as missing:
        message = f"{missing.name} is missing; pip install '{DISTRIBUTION}[docs]'"
        raise ModuleNotFoundError(message) from None
    return str(path)


def _title(setup: Setup, options: argparse.Namespace) -> str:
    """Return the title: how the network learns, and how it differs from the example."""
    parts = [f"learning rate {setup.learning_rate}", f"biases {options.biases}"]
    network = setup.network
    if network.sizes != (2, 2, 2):
        parts.append("sizes " + ",".join(map(str, network.sizes)))
    if {*network.activations} != {"logistic"}:
        parts.append("activations " + ",".join(network.activations))
    if setup.loss != "half_squared":
        parts.append(f"loss {setup.loss}")
    if setup.inputs.ndim > 1:
        count = len(setup.inputs)
        parts.append(f"{count} samples, {setup.samples}" if count > 1 else "1 sample")
    return f"{options.example}: {', '.join(parts)}"


def _as_json(setup: Setup, states: Sequence[State], options: argparse.Namespace) -> str:
    """Return the settings and the states at full precision."""
    answer = {
        "example": options.example,
        "sizes": setup.network.sizes,
        "activations": setup.network.activations,
        "loss": setup.loss,
        "samples": setup.samples,
        "learning_rate": setup.learning_rate,
        "biases": options.biases,
        "targets": setup.targets.tolist(),
        "states": [vars(state) for state in states],
    }
    return json.dumps(answer, indent=2)


def _table(states: Sequence[State]) -> str:
    """Return the states as aligned columns with twelve significant digits."""
    outputs = [np.array(state.outputs) for state in states]
    names = [
        f"out_o{k + 1}" + "".join(f"_s{number + 1}" for number in sample)
        for *sample, k in np.ndindex(outputs[0].shape)
    ]
    rows = [["round", "E_total", *names]]
    rows += [
        [f"{state.round:,}", *(f"{x:.12g}" for x in (state.error, *out.flat))]
        for state, out in zip(states, outputs, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )

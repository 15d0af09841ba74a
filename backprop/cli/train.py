"""The command `backprop train`."""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backprop import arguments
from backprop.cli.options import add_biases, add_example, whole_number
from backprop.examples import EXAMPLES, Example
from backprop.network import Network, forward, total_error
from backprop.training import BiasChoice, train


@dataclass(frozen=True)
class State:
    """Where a network stands after some rounds."""

    round: int
    error: float
    outputs: list[float]


def add_options(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.description = (
        "Train a worked example; print the error and outputs on the way. "
        "Round 0 is before any update."
    )
    add_example(command)
    command.add_argument("--rounds", required=True, type=whole_number, help="number of updates")
    command.add_argument("--learning-rate", type=_rate, help="another rate than the example's")
    add_biases(command, "how the biases learn (default: frozen, as in both examples)")
    command.add_argument("--json", action="store_true", help="print JSON, at full precision")
    command.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    """Run `backprop train`."""
    example: Example = EXAMPLES[options.example]
    rate = example.learning_rate if options.learning_rate is None else options.learning_rate
    states = list(_states(example, options.rounds, rate, options.biases))
    if options.json:
        answer = {
            "example": example.name,
            "learning_rate": rate,
            "biases": options.biases,
            "targets": example.targets.tolist(),
            "states": [vars(state) for state in states],
        }
        print(json.dumps(answer, indent=2))
    else:
        title = f"{example.name}: learning rate {rate}, biases {options.biases}"
        print(f"{title}\n\n{_table(states)}")
    return 0


def _states(example: Example, rounds: int, rate: float, biases: BiasChoice) -> Iterable[State]:
    """Yield the state at round 0, at each power of ten and at the last round."""
    network, done = example.network, 0
    for stop in _milestones(rounds):
        network = train(
            network,
            example.inputs,
            example.targets,
            learning_rate=rate,
            biases=biases,
            rounds=stop - done,
            keep=(),
        ).network
        done = stop
        yield _state(done, network, example)


def _milestones(rounds: int) -> list[int]:
    """Return 0, the powers of ten below `rounds`, and `rounds`."""
    powers = [10**k for k in range(len(str(rounds)))]
    return sorted({0, rounds, *(power for power in powers if power < rounds)})


def _state(done: int, network: Network, example: Example) -> State:
    outs = forward(network, example.inputs).outs[-1]
    return State(done, float(total_error(example.targets, outs)), outs.tolist())


def _table(states: Sequence[State]) -> str:
    """Return the states as aligned columns of twelve significant digits."""
    outputs = [f"out_o{k + 1}" for k in range(len(states[0].outputs))]
    rows = [["round", "E_total", *outputs]]
    rows += [
        [f"{state.round:,}", *(f"{x:.12g}" for x in (state.error, *state.outputs))]
        for state in states
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _rate(text: str) -> float:
    """Read a learning rate."""
    try:
        return arguments.number("rate", float(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} came, expected a finite number") from None

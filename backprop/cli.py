"""The command line: a parser and a function for each of its commands."""

import argparse
import contextlib
import importlib
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias, get_args

from backprop import arguments
from backprop.examples import EXAMPLES, Example
from backprop.network import Network, forward, total_error
from backprop.symbolic.explain import explanation
from backprop.training import BiasChoice, train
from backprop.variants.verdict import Reading, as_json, as_text, diagnose, read_number
from backprop.worksheets.steps import LEVELS

MOST_EXERCISES = 100  # on a sheet


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001  # it has no public name


@dataclass(frozen=True)
class State:
    """Where a network stands after some rounds."""

    round: int
    error: float
    outputs: list[float]


class Parser(argparse.ArgumentParser):
    """A parser that answers bad usage with one line."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # argparse's own
        """Take -2.9e-1 for a number, as it is one, and not for an option."""
        super().__init__(**options)
        self._negative_number_matcher = re.compile(
            r"-(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$", re.IGNORECASE
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and leave with status 2."""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Leave, the help written out: what goes wrong with it is for `main` to answer."""
        if sys.stdout:
            sys.stdout.flush()
        super().exit(status, message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Args:
        arguments: what follows the command's name; those of the process when
            not given.

    Returns:
        0 when all went well, 1 when a page has findings or the output could
        not be written, 2 when a page could not be read, 130 when the user
        stopped it, 141 when whoever read the output went away. Bad usage exits
        with 2. What went wrong is one line on stderr; of 130 and 141 the user
        knows.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # pages say more than some terminals can show
            stream.reconfigure(errors="backslashreplace")
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        # Python flushes once more at exit, and must not meet the same problem again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(problem, BrokenPipeError):
            return 141
        print(f"backprop: output: {problem.strerror}", file=sys.stderr)
        return 1
    return status


def _parser() -> Parser:
    parser = Parser(prog="backprop", description="Backpropagation, worked to the last digit.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_train(commands)
    _add_explain(commands)
    _add_diagnose(commands)
    _add_worksheet(commands)
    _add_check(commands)
    _add_fix(commands)
    _add_render(commands)
    return parser


def _add_train(commands: Commands) -> None:
    command = commands.add_parser(
        "train",
        help="train a worked example and print its error and outputs",
        description="Train a worked example; print the error and outputs on the way. "
        "Round 0 is before any update.",
    )
    command.add_argument("--example", required=True, choices=EXAMPLES, help="whose givens to use")
    command.add_argument("--rounds", required=True, type=_rounds, help="number of updates")
    command.add_argument("--learning-rate", type=_rate, help="another rate than the example's")
    command.add_argument(
        "--biases",
        choices=get_args(BiasChoice),
        default="frozen",
        help="how the biases learn (default: frozen, as in both examples)",
    )
    command.add_argument("--json", action="store_true", help="print JSON, at full precision")
    command.set_defaults(run=_train)


def _add_explain(commands: Commands) -> None:
    command = commands.add_parser(
        "explain",
        help="derive one weight or bias, step by step",
        description="Write out the derivation of a weight or a bias: its paths to the error, the "
        "chain rule, each factor in symbols and in numbers, and the update.",
    )
    command.add_argument("parameter", metavar="PARAM", help="such as w5, b1, or b1_2")
    command.add_argument("--example", required=True, choices=EXAMPLES, help="whose givens to use")
    command.add_argument(
        "--biases",
        choices=get_args(BiasChoice),
        default="frozen",
        help="how the biases learn; with per_neuron, each neuron has its own (default: frozen)",
    )
    _add_givens(command)
    command.add_argument("--latex", action="store_true", help="print Markdown with LaTeX")
    command.set_defaults(run=_explain)


def _add_diagnose(commands: Commands) -> None:
    command = commands.add_parser(
        "diagnose",
        help="tell what a number of the worked examples is, and who gets it",
        description="Look a number up among the figures that come of the worked examples when "
        "something is done otherwise: other biases, another order, another loss, a slip. "
        "What fits the digits given is listed, and in doubt how many figures fit by accident; "
        "or else what is nearest.",
    )
    command.add_argument(
        "numbers", nargs="+", type=_number, metavar="NUMBER", help="such as 0.291027924"
    )
    command.add_argument("--json", action="store_true", help="print JSON: all that fits")
    command.set_defaults(run=_diagnose)


def _add_worksheet(commands: Commands) -> None:
    command = commands.add_parser(
        "worksheet",
        help="write an exercise sheet with fresh numbers, and its key",
        description="Write an exercise sheet and its key, each as Markdown and as HTML to print: "
        "networks with numbers of their own, the same ones for the same seed.",
    )
    command.add_argument("--seed", required=True, type=_seed, help="a whole number, 0 or more")
    command.add_argument(
        "--difficulty",
        choices=LEVELS,
        default="output",
        help="how far it goes: forward (the forward pass and the error), output (and the weights "
        "into the output layer) or hidden (and all other weights and biases); default: output",
    )
    command.add_argument(
        "--count", type=_exercises, default=3, help="number of exercises (default: 3)"
    )
    command.add_argument("-o", "--output", required=True, metavar="DIR", help="where to write them")
    command.add_argument("--force", action="store_true", help="overwrite files that exist")
    command.set_defaults(run=_worksheet)


def _add_check(commands: Commands) -> None:
    command = commands.add_parser(
        "check",
        help="check every formula and number of pages",
        description="Check every formula and number of pages: Markdown files and notebooks. "
        "Exit status: 0 clean, 1 findings, 2 bad usage or a page that cannot be read.",
    )
    _add_paths(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_pages("check"))


def _add_fix(commands: Commands) -> None:
    command = commands.add_parser(
        "fix",
        help="write the right digits where a page has wrong ones",
        description="Rewrite each wrong number whose value is known, and nothing else; report "
        "what cannot be fixed. Exit status: as of check, by what is left.",
    )
    _add_paths(command)
    command.add_argument(
        "--diff", action="store_true", help="show what would change (status 1), write nothing"
    )
    command.set_defaults(run=_pages("fix"))


def _add_render(commands: Commands) -> None:
    command = commands.add_parser(
        "render",
        help="write a page anew for other givens",
        description="Write a page anew for other givens: each number of its formulas, and, unless "
        "--no-code is given, what its Python blocks print. For that the code of the page is run. "
        "What cannot be rendered is named on stderr; words stay as they are. Exit status: "
        "0 all rendered, 1 something named, 2 bad usage or a page that cannot be read.",
    )
    command.add_argument("page", metavar="PAGE", help="a Markdown file or a notebook")
    _add_givens(command)
    command.add_argument("-o", "--output", required=True, metavar="OUT", help="the file to write")
    command.add_argument("--force", action="store_true", help="overwrite OUT if it exists")
    command.add_argument("--no-code", action="store_true", help="run no code of the page")
    command.add_argument(
        "--keep-digits",
        action="store_true",
        help="print no more digits than the page, though a reader may miss some to recompute",
    )
    command.set_defaults(run=_pages("render"))


def _add_givens(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        dest="givens",
        help="another given, such as i1=0.8, or x1=0.8 as the notes write it; may be repeated",
    )


def _add_paths(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a page, or a folder with pages (default: docs and README.md)",
    )


def _pages(name: str) -> Callable[[argparse.Namespace], int]:
    """Return a command of the checker of pages, which needs more than NumPy, and only when run."""

    def run(options: argparse.Namespace) -> int:
        try:
            commands = importlib.import_module("backprop.pages.commands")
        except ModuleNotFoundError as missing:
            message = f"{missing.name} is missing; pip install 'backprop[check]'"
            print(f"backprop {name}: {message}", file=sys.stderr)
            return 2
        status: int = getattr(commands, name)(options)
        return status

    return run


def _rounds(text: str) -> int:
    """Read a number of rounds."""
    try:
        return arguments.whole_number("rounds", int(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} came, expected a whole number, 0 or more"
        ) from None


def _seed(text: str) -> int:
    """Read a seed."""
    return _rounds(text)


def _exercises(text: str) -> int:
    """Read a number of exercises."""
    with contextlib.suppress(ValueError):
        if 1 <= int(text) <= MOST_EXERCISES:
            return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} came, expected a whole number from 1 to {MOST_EXERCISES}"
    )


def _rate(text: str) -> float:
    """Read a learning rate."""
    try:
        return arguments.number("rate", float(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} came, expected a finite number") from None


def _worksheet(options: argparse.Namespace) -> int:
    """Run `backprop worksheet`, whose pictures no other command needs."""
    status: int = importlib.import_module("backprop.worksheets.command").worksheet(options)
    return status


def _number(text: str) -> Reading:
    """Read a number to be diagnosed."""
    try:
        return read_number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _diagnose(options: argparse.Namespace) -> int:
    """Run `backprop diagnose`."""
    diagnoses = [diagnose(reading) for reading in options.numbers]
    print(as_json(diagnoses) if options.json else "\n\n".join(map(as_text, diagnoses)))
    return 0


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


def _explain(options: argparse.Namespace) -> int:
    """Run `backprop explain`."""
    try:
        print(
            explanation(
                options.example,
                options.parameter,
                options.givens,
                biases=options.biases,
                as_latex=options.latex,
            )
        )
    except ValueError as error:
        print(f"backprop explain: {error}", file=sys.stderr)
        return 2
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

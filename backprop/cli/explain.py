"""The command `backprop explain`."""

import argparse

from backprop.cli.options import add_biases, add_givens, add_network
from backprop.symbolic.explain import explanation


def add_options(command: argparse.ArgumentParser) -> None:
    """Describe the command, and add its options."""
    command.description = (
        "Write out the derivation of a weight or a bias: its paths to the error, the "
        "chain rule, each factor in symbols and in numbers, and the update."
    )
    command.add_argument("parameter", metavar="PARAM", help="such as w5, b1, or b1_2")
    add_network(command)
    add_biases(
        command,
        "how the biases learn; with per_neuron, each neuron has its own (default: frozen); "
        "none for a network without any",
    )
    command.add_argument(
        "--samples",
        choices=("sum", "mean"),
        default="sum",
        help="whether the error is the sum or the mean of those of several samples, for which "
        "--set gives numbers such as i1_s2 and target_o1_s2 (default: sum)",
    )
    add_givens(command)
    command.add_argument("--latex", action="store_true", help="print Markdown with LaTeX")
    command.set_defaults(run=_explain)


def _explain(options: argparse.Namespace) -> int:
    print(
        explanation(
            options.example,
            options.parameter,
            options.givens,
            biases=options.biases,
            as_latex=options.latex,
            sizes=options.sizes,
            activations=options.activations,
            loss=options.loss,
            samples=options.samples,
        )
    )
    return 0

"""Run the blocks of a page with another example in the place of the package's.

An order comes in as JSON, and a line of JSON goes out for each block, as soon as it has
run: what it prints, and the error if it raises one. This is a Python of its own:

    python -m backprop.pages.runner
"""

import io
import json
import os
import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import count
from typing import TextIO

import numpy as np

import backprop
from backprop import examples
from backprop.examples import Example
from backprop.network import Network


def changed(example: Example, givens: Mapping[str, float]) -> Example:
    """Return an example with the givens of a graph."""
    number = count(1)
    weights = [
        [[givens[f"w{next(number)}"] for _ in row] for row in layer]
        for layer in example.network.weights
    ]
    biases = [
        [givens.get(f"b{k}_{j}", givens.get(f"b{k}", 0.0)) for j, _ in enumerate(layer, start=1)]
        for k, layer in enumerate(example.network.biases, start=1)
    ]
    return replace(
        example,
        network=Network(weights, biases),
        inputs=np.array([givens[f"i{k + 1}"] for k in range(example.inputs.size)]),
        targets=np.array([givens[f"target_o{k + 1}"] for k in range(example.targets.size)]),
        learning_rate=givens["learning_rate"],
    )


def put_in_place(name: str, givens: Mapping[str, float]) -> None:
    """Let the package's example be one with these givens."""
    example = changed(examples.EXAMPLES[name], givens)
    examples.EXAMPLES[name] = example
    for module in (backprop, examples):
        setattr(module, name.upper(), example)


def run(code: str) -> dict[str, str]:
    """Return what one block prints, and its error."""
    printed, error = io.StringIO(), ""
    with redirect_stdout(printed), np.errstate(), np.printoptions():
        try:
            exec(compile(code, "<block>", "exec"), {"__name__": "__main__"})  # noqa: S102
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # noqa: BLE001  # SystemExit must not end the others
            error = " ".join(traceback.format_exception_only(raised)[-1].split())
    return {"output": printed.getvalue(), "error": error}


def main(orders: TextIO, answers: TextIO) -> None:
    """Run all blocks."""
    order = json.load(orders)
    if order["example"]:
        put_in_place(order["example"], order["givens"])
    for code in order["codes"]:
        print(json.dumps(run(code)), file=answers, flush=True)


if __name__ == "__main__":
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as to_parent:
        # What blocks write past Python's own stdout must not look like an answer.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        main(sys.stdin, to_parent)

"""Run the blocks of one page, each alone, in a Python that has imported nothing of the package yet.

The order is read as JSON. For each block, as soon as it has run, a line of JSON is written: what
the block prints, and its error with the line in the block if it raises one. An order can replace
an example of the package.
"""

import io
import json
import os
import sys
import traceback
import warnings
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

if TYPE_CHECKING:
    from backprop.examples import Example

BLOCK = "<block>"


def changed(example: "Example", givens: Mapping[str, float]) -> "Example":
    """Return an example with the givens of a graph."""
    from backprop.network import Network  # noqa: PLC0415  # only where an order needs it
    from backprop.symbolic.arrays import arrays_of  # noqa: PLC0415

    weights, biases, inputs, targets = arrays_of(example.network.sizes, givens)
    network = Network(weights, biases, example.network.activations)
    rate = givens["learning_rate"]
    return replace(example, network=network, inputs=inputs, targets=targets, learning_rate=rate)


def put_in_place(name: str, givens: Mapping[str, float]) -> None:
    """Replace an example of the package by one with these givens."""
    import backprop  # noqa: PLC0415  # only where an order needs it
    from backprop import examples  # noqa: PLC0415

    example = changed(examples.EXAMPLES[name], givens)
    examples.EXAMPLES[name] = example
    for module in (backprop, examples):
        setattr(module, name.upper(), example)


def run(code: str, *, as_tested: bool = False) -> dict[str, str | int]:
    """Run one block; return its output, and its error with the line of code if it raises one."""
    printed, error, line = io.StringIO(), "", 1
    names: dict[str, Any] = {"__name__": "__main__"}
    # The settings of a block must not reach the next, since a reader may run that one alone.
    with redirect_stdout(printed), warnings.catch_warnings(), np.errstate(), np.printoptions():
        if as_tested:
            warnings.simplefilter("error")
            names = {"__MODULE__": "__main__"}  # what pytest-codeblocks gives to a block
        try:
            exec(compile(code, BLOCK, "exec"), names)  # noqa: S102
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # noqa: BLE001  # SystemExit must not end the others
            error = " ".join(traceback.format_exception_only(raised)[-1].split())
            line = line_of(raised)
    return {"output": printed.getvalue(), "error": error, "line": line}


def line_of(error: BaseException) -> int:
    """Return the line of the block that an error comes from."""
    if isinstance(error, SyntaxError) and error.filename == BLOCK:
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.filename == BLOCK), 1)


def main(orders: TextIO, answers: TextIO) -> None:
    """Run all blocks."""
    order = json.load(orders)
    if order["example"]:
        put_in_place(order["example"], order["givens"])
    for code in order["codes"]:
        answer = run(code, as_tested=order["as_tested"])
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as to_parent:
        # What blocks write past Python's own stdout must not look like an answer.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        main(sys.stdin, to_parent)

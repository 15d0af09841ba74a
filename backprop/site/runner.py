"""Run the blocks of one page, each alone, in a Python that has imported nothing yet.

A list of codes comes in as JSON; a line of JSON goes out for each, as soon as it has run.
"""

import io
import json
import os
import sys
import traceback
import warnings
from contextlib import redirect_stdout
from typing import TextIO

import numpy as np

BLOCK = "<block>"


def run(code: str) -> dict[str, str | int]:
    """Return what one block prints, and the error and its line of code if it raises one."""
    printed, error, line = io.StringIO(), "", 0
    # What a block sets must not reach the next: a reader may copy that one only.
    with redirect_stdout(printed), warnings.catch_warnings(), np.errstate(), np.printoptions():
        warnings.simplefilter("error")
        try:
            # The names of pytest-codeblocks, so that a block finds what it finds there.
            exec(compile(code, BLOCK, "exec"), {"__MODULE__": "__main__"})  # noqa: S102
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # noqa: BLE001 - SystemExit as well must not end the others
            error = " ".join(traceback.format_exception_only(raised)[-1].split())
            line = line_of(raised)
    return {"output": printed.getvalue(), "error": error, "line": line}


def line_of(error: BaseException) -> int:
    """Return the line of the block that an error comes from."""
    if isinstance(error, SyntaxError) and error.filename == BLOCK:
        return error.lineno or 1
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.filename == BLOCK), 1)


def main(codes: TextIO) -> None:
    """Run all blocks; what they write past Python's own stdout goes to stderr."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for code in json.load(codes):
        print(json.dumps(run(code)), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.stdin)

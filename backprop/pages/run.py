"""Run the Python blocks of a page in a separate process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import backprop

RUNNER = Path(__file__).with_name("runner.py")
TIME_LIMIT = 60  # seconds for the blocks of a page


@dataclass(frozen=True)
class Result:
    """What a block prints, and the error that it raises with its line in the block, if any."""

    output: str = ""
    error: str = ""
    line: int = 1


def run(
    codes: Sequence[str],
    *,
    example: str = "",
    givens: Mapping[str, Decimal] | None = None,
    as_tested: bool = False,
    folder: Path | None = None,
) -> list[Result]:
    """Run blocks, each alone, in a new Python process.

    Args:
        codes: the blocks.
        example: an example of the package that gets other givens, empty for none.
        givens: these givens, by the names of the graph.
        as_tested: whether a warning is an error and `__name__` is not `__main__`, as in the tests
            of a page; otherwise a block runs as a script does.
        folder: where to run them; modules there can be imported.
    """
    order = {
        "codes": list(codes),
        "example": example,
        "givens": {name: float(value) for name, value in (givens or {}).items()},
        "as_tested": as_tested,
    }
    roots = [str(Path(backprop.__file__).parents[1]), *([str(folder)] if folder else [])]
    path = os.pathsep.join([*roots, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    try:
        child = subprocess.run(  # noqa: S603  # our own file
            [sys.executable, "-P", str(RUNNER)],
            input=json.dumps(order),
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=TIME_LIMIT,
            check=False,
        )
        answers, reason = child.stdout, "it ends Python"
        if complaint := child.stderr.strip():
            reason = f"{reason}: {complaint.splitlines()[-1]}"
    except subprocess.TimeoutExpired as slow:
        so_far = slow.stdout or b""
        answers = so_far.decode() if isinstance(so_far, bytes) else so_far
        reason = f"it is not done after {TIME_LIMIT} seconds"
    results = [Result(**json.loads(answer)) for answer in answers.split("\n")[:-1]]
    if len(results) < len(codes):
        results.append(Result(error=reason))
    not_run = Result(error="it has not been run, because of the one before")
    return results + [not_run] * (len(codes) - len(results))

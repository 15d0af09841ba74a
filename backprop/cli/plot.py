"""The curve of the error over the rounds: in the terminal, or as a picture."""

import io
from pathlib import Path

import numpy as np

from backprop.arguments import Array

COLUMNS, ROWS = 64, 16
POINTS = 1000  # of a curve in a picture
FORMATS = (".svg", ".png")


def spread(rounds: int, number: int) -> list[int]:
    """Return up to `number` of the rounds from 0 to `rounds`, evenly spread, both ends included."""
    return [int(k) for k in np.unique(np.linspace(0, rounds, number).round())]


def in_terminal(rounds: Array, errors: Array) -> str:
    """Return the curve as text, a column for each round given, shape (rounds,)."""
    has_logarithms = (errors > 0).all()
    drawn = np.log10(errors) if has_logarithms else errors
    axis = "error, logarithmic" if has_logarithms else "error"
    low, high = drawn.min(), drawn.max()
    rows = ((drawn - low) / ((high - low) or 1) * (ROWS - 1)).round().astype(int)
    ends = {ROWS - 1: f"{errors[drawn.argmax()]:.3g}", 0: f"{errors[drawn.argmin()]:.3g}"}
    if low == high:
        del ends[ROWS - 1]
    lines = [
        f"{ends.get(row, ''):>9} |{''.join('*' if at == row else ' ' for at in rows)}".rstrip()
        for row in reversed(range(ROWS))
    ]
    last = f"{rounds[-1]:,}"
    scale = "0" + last.rjust(len(rounds) - 1) if len(rounds) > 1 else "0"
    return "\n".join([axis, *lines, f"{'':>9} +{'-' * len(rounds)}", f"{'':>10} {scale} rounds"])


def as_picture(rounds: Array, errors: Array, path: Path) -> bytes:
    """Return the curve of errors, shape (rounds,), as an SVG or a PNG, by the ending of a name.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    import matplotlib as mpl  # noqa: PLC0415  # it takes a second to load, and only pictures need it
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context({"svg.hashsalt": "backprop"}):  # the same file each time
        figure = Figure(layout="constrained")
        axes = figure.add_subplot(xlabel="round", ylabel="error")
        axes.plot(rounds, errors)
        axes.set_yscale("log" if (errors > 0).all() else "linear")
        file = io.BytesIO()
        kind = path.suffix.lower().removeprefix(".")
        figure.savefig(file, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return file.getvalue()

"""A progress bar for long runs: on a terminal only, and only once a run is long."""

import sys
import time
from collections.abc import Iterator

PATIENCE = 1.0  # seconds before a bar is drawn
REFRESH = 0.1  # seconds between two drawings
WIDTH = 40  # characters


def counted(rounds: int) -> Iterator[int]:
    """Yield 0, 1, ..., rounds; draw a bar on stderr if that takes long on a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():  # None: closed before Python started
        yield from range(rounds + 1)
        return
    drawn = False
    due = time.monotonic() + PATIENCE
    try:
        for done in range(rounds + 1):
            yield done
            if time.monotonic() >= due:
                due = time.monotonic() + REFRESH
                drawn = True
                print(f"\r{_bar(done, rounds)}", end="", file=sys.stderr, flush=True)
    finally:
        if drawn:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _bar(done: int, rounds: int) -> str:
    """Return one line that shows how far a run is."""
    share = done / rounds if rounds else 1.0
    filled = int(share * WIDTH)
    return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}  round {done:,} of {rounds:,}"

"""Start work in the background once all pages are known, and wait for it where it is needed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

pool = ThreadPoolExecutor()
begun: dict[str, Future[Any]] = {}


def begin(name: str, work: Callable[..., Any], *arguments: object) -> None:
    """Start some work under a name."""
    begun[name] = pool.submit(work, *arguments)


def finish(name: str) -> Any:  # noqa: ANN401  # the result of any work
    """Wait for the work of this name and return its result; None if none was started."""
    work = begun.pop(name, None)
    return None if work is None else work.result()


def on_build_error(**_: object) -> None:
    """Cancel all work that has not started yet."""
    for work in begun.values():
        work.cancel()
    begun.clear()

"""Begin what runs in processes of its own once all pages are known, and wait where it is needed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

pool = ThreadPoolExecutor()
begun: dict[str, Future[Any]] = {}


def begin(name: str, work: Callable[..., Any], *arguments: object) -> None:
    """Begin some work."""
    begun[name] = pool.submit(work, *arguments)


def finish(name: str) -> Any:  # noqa: ANN401  # what the work gives
    """Wait for the work of this name and return what it gives; None if none has been begun."""
    work = begun.pop(name, None)
    return None if work is None else work.result()


def on_build_error(**_: object) -> None:
    """Begin nothing more."""
    for work in begun.values():
        work.cancel()
    begun.clear()

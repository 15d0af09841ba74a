"""What the benchmarks print: lines of their own, and how the package compares with its peers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

WORK = pytest.StashKey[dict[str, dict[str, tuple[float, float]]]]()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line though pytest keeps what tests print."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", end="", flush=True)

    return line


@pytest.fixture
def measure(benchmark: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Time a function; `work`, in `benchmark.extra_info`, is how many rounds one call does."""
    yield benchmark
    if benchmark.stats:
        name = request.node.name.removeprefix("test_")
        group = request.config.stash.setdefault(WORK, {}).setdefault(benchmark.group, {})
        # The fastest call is the one that other processes disturbed least.
        group[name] = (benchmark.stats["min"], benchmark.extra_info["work"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for group, results in config.stash.get(WORK, {}).items():
        terminalreporter.section(f"{group}: rounds a second")
        own = next((work / time for name, (time, work) in results.items() if "backprop" in name), 0)
        for name, (time, work) in results.items():
            speed = work / time
            terminalreporter.write_line(
                f"{name:<28}{speed:>14,.0f}   backprop is {own / speed:.2f} x"
            )

import os
import pty
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from networks import learned

from backprop import LECTURE, progress


class Clock:
    """A clock that goes on by some seconds each time that it is read."""

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        self.seconds = seconds

    def monotonic(self) -> float:
        self.now += self.seconds
        return self.now


class Terminal:
    """Both ends of a real terminal."""

    def __init__(self) -> None:
        self.reader, self.writer = pty.openpty()

    def shown(self) -> str:
        """Return what was drawn since the last look."""
        os.write(self.writer, b"|")  # what was written before has come when this has
        drawn = b""
        while not drawn.endswith(b"|"):
            drawn += os.read(self.reader, 1000)
        return drawn[:-1].decode()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Make stderr a terminal."""
    terminal = Terminal()
    with os.fdopen(terminal.writer, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=stderr))
        yield terminal
    os.close(terminal.reader)


def run(rounds: int) -> None:
    learned(LECTURE, rounds)


def test_a_long_run_draws_a_bar_and_clears_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "time", Clock(seconds=0.6))
    run(4)
    assert terminal.shown().split("\r") == [
        "",
        "[##########..............................]  25%  round 1 of 4",
        "[####################....................]  50%  round 2 of 4",
        "[##############################..........]  75%  round 3 of 4",
        "[########################################] 100%  round 4 of 4",
        "\033[K",  # clears the line
    ]


def test_the_bar_is_redrawn_at_intervals(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "time", Clock(seconds=0.02))
    assert list(progress.counted(100)) == list(range(101))
    drawings = terminal.shown().count("round")
    assert drawings == pytest.approx((100 * 0.02 - progress.PATIENCE) / progress.REFRESH, abs=2)


def test_a_short_run_draws_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "time", Clock(seconds=progress.PATIENCE / 200))
    run(100)
    assert terminal.shown() == ""


def test_an_interrupted_run_clears_its_bar(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "time", Clock(seconds=2))
    counting: Any = progress.counted(10)
    assert [next(counting), next(counting)] == [0, 1]
    assert terminal.shown().startswith("\r[....")
    counting.close()  # what happens to a loop that an exception leaves
    assert terminal.shown() == "\r\033[K"


def test_no_round_at_all_is_all_of_them(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "time", Clock(seconds=2))
    assert list(progress.counted(0)) == [0]
    assert "100%  round 0 of 0" in terminal.shown()


def test_nothing_is_drawn_into_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "time", Clock(seconds=2))
    run(5)
    assert capfd.readouterr() == ("", "")


def test_a_closed_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=None))
    assert list(progress.counted(2)) == [0, 1, 2]

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from backprop import cli
from backprop.__main__ import STOPPED, run, stop

# Presses Ctrl-C in the moment when a module is imported, or the output is flushed at the end.
HEED = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Presses:
    def find_spec(self, name, *_):
        if name == WHEN:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Presses())
from backprop.__main__ import run
if WHEN == "at the end":
    atexit.register(os.kill, os.getpid(), signal.SIGINT)
sys.exit(run())
"""


TRAIN = ("train", "--example", "lecture", "--rounds", "0")


def stopped(when: str, *arguments: str, heed: str = HEED) -> tuple[int, str, str]:
    """Stop a command at some moment; return its status and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", f"WHEN = {when!r}\n{heed}", *(arguments or TRAIN)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "when",
    [
        *("backprop.cli", "numpy", "numpy._core", "numpy._core._multiarray_umath"),
        *("backprop.network", "argparse"),
    ],
)
def test_ctrl_c_while_the_command_is_imported_ends_it_with_one_line(when: str) -> None:
    assert stopped(when) == (130, "", "backprop: stopped\n")


@pytest.mark.parametrize("when", ["lark", "yaml", "backprop.pages.check"])
def test_ctrl_c_while_the_checker_is_imported_ends_it_with_one_line(when: str) -> None:
    assert stopped(when, "check") == (130, "", "backprop: stopped\n")


def test_ctrl_c_at_the_very_end_gives_one_line_too() -> None:
    status, _, error = stopped("at the end")
    assert (status, error) == (130, "backprop: stopped\n")


def test_a_command_in_the_background_of_a_shell_goes_on() -> None:
    ignore = HEED.replace("signal.default_int_handler", "signal.SIG_IGN")
    status, _, error = stopped("numpy", heed=ignore)
    assert (status, error) == (0, "")


def test_the_package_is_imported_when_it_is_used() -> None:
    code = "import sys, backprop; print('numpy' in sys.modules, backprop.LECTURE.name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False lecture\n"


@pytest.fixture
def handlers() -> Iterator[None]:
    """Heed Ctrl-C as a command in the foreground does, and have all as it was in the end."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def answer(monkeypatch: pytest.MonkeyPatch, status: int | BaseException) -> None:
    def main() -> int:
        if isinstance(status, BaseException):
            raise status
        return status

    monkeypatch.setattr(cli, "main", main)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    ("came", "status", "said"),
    [(2, 2, ""), (130, 130, STOPPED), (KeyboardInterrupt(), 130, STOPPED)],
)
def test_the_status_is_that_of_the_command_line(
    came: int | BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(monkeypatch, came)
    assert run() == status
    assert capsys.readouterr().err == said


@pytest.mark.usefixtures("handlers")
def test_a_command_that_ignores_ctrl_c_goes_on_to_ignore_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer(monkeypatch, 0)
    assert run() == 0
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.mark.usefixtures("handlers")
def test_a_stop_by_the_system_is_an_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "main", lambda: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as caught:
        run()
    assert caught.value.code == 143


@pytest.mark.parametrize(("stderr", "said"), [("open", STOPPED), ("closed", "")])
def test_a_stop_says_one_line_and_ends_at_once(
    stderr: str, said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def leave(status: int) -> None:
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", leave)
    if stderr == "closed":
        monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as caught:
        stop()
    assert caught.value.code == 130
    assert capfd.readouterr().err == said

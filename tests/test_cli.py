import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from networks import rounds_to

from backprop import LECTURE, forward, total_error
from backprop.cli import main, train

Capture = pytest.CaptureFixture[str]

TRAIN = ("train", "--example", "lecture", "--rounds")
BUFFERED = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}


def run(*arguments: str, stdout: Any = subprocess.PIPE) -> "subprocess.CompletedProcess[str]":
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "backprop", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=BUFFERED,
    )


def test_train_prints_a_table(capsys: Capture) -> None:
    assert main([*TRAIN, "10000"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    title, empty, head, *rows = out.splitlines()
    assert title == "lecture: learning rate 0.5, biases frozen"
    assert empty == ""
    assert head.split() == ["round", "E_total", "out_o1", "out_o2"]
    assert [row.split()[0] for row in rows] == ["0", "1", "10", "100", "1,000", "10,000"]
    assert len({len(row) for row in [head, *rows]}) == 1
    assert rows[0].split()[1:] == ["0.29837110876", "0.751365069552", "0.772928465321"]
    assert rows[1].split()[1] == "0.291027773694"
    assert rounds_to(float(rows[-1].split()[1]), "3.51018778e-5")


@pytest.mark.parametrize(
    ("rounds", "shown"),
    [("0", [0]), ("1", [0, 1]), ("10", [0, 1, 10]), ("99", [0, 1, 10, 99])],
)
def test_train_prints_json(rounds: str, shown: Sequence[int], capsys: Capture) -> None:
    assert main([*TRAIN, rounds, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [state["round"] for state in answer["states"]] == shown
    assert answer["example"] == "lecture"
    assert answer["targets"] == [0.01, 0.99]
    assert answer["learning_rate"] == 0.5
    assert answer["biases"] == "frozen"
    outs = forward(LECTURE.network, LECTURE.inputs).outs[-1]
    assert answer["states"][0]["outputs"] == outs.tolist()  # to the last digit
    assert answer["states"][0]["error"] == total_error(LECTURE.targets, outs)


@pytest.mark.parametrize(
    ("biases", "error"), [("shared", "0.285750886699"), ("per_neuron", "0.280471446791")]
)
def test_biases_can_learn(biases: str, error: str, capsys: Capture) -> None:
    assert main([*TRAIN, "1", "--biases", biases]) == 0
    assert error in capsys.readouterr().out


def test_the_learning_rate_is_shown_as_it_is(capsys: Capture) -> None:
    assert main([*TRAIN, "1", "--learning-rate", "0.123456789"]) == 0
    assert "learning rate 0.123456789," in capsys.readouterr().out


def test_the_notes_can_be_trained_too(capsys: Capture) -> None:
    assert main(["train", "--example", "notes", "--rounds", "1"]) == 0
    assert "0.290336792369" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "backprop: the following arguments are required: COMMAND"),
        (["walk"], "backprop: argument COMMAND: invalid choice: 'walk' "),
        ([*TRAIN], "backprop train: argument --rounds: expected one argument"),
        ([*TRAIN, "-1"], "backprop train: argument --rounds: '-1' came, expected a whole number"),
        ([*TRAIN, "1.5"], "backprop train: argument --rounds: '1.5' came, expected a whole"),
        ([*TRAIN, "many"], "backprop train: argument --rounds: 'many' came, expected a whole"),
        ([*TRAIN, "9" * 5000], "backprop train: argument --rounds: '999"),
        (
            ["train", "--rounds", "1", "--example", "mine"],
            "backprop train: argument --example: invalid choice: 'mine' ",
        ),
        (
            [*TRAIN, "1", "--biases", "some"],
            "backprop train: argument --biases: invalid choice: 'some' ",
        ),
        (
            [*TRAIN, "1", "--learning-rate", "fast"],
            "backprop train: argument --learning-rate: 'fast' came, expected a finite number",
        ),
        (
            [*TRAIN, "1", "--learning-rate", "nan"],
            "backprop train: argument --learning-rate: 'nan' came, expected a finite number",
        ),
        ([*TRAIN, "1", "two\nlines"], "backprop: unrecognized arguments: two lines"),
    ],
)
def test_bad_usage_is_one_clear_line(
    arguments: Sequence[str], message: str, capsys: Capture
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert err.count("\n") == 1
    assert err.endswith("\n")


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"]])
def test_help_is_no_error(arguments: Sequence[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    out, err = capsys.readouterr()
    assert out.startswith("usage: backprop")
    assert err == ""


def test_help_waits_for_no_library() -> None:
    code = "import sys; from backprop import cli; sys.argv[1:] = ['--help']\n"
    code += "try: cli.main()\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "argparse" in loaded
    assert not loaded & {"numpy", "lark", "yaml", "backprop.cli.train"}


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "setup_of", interrupted)
    assert main([*TRAIN, "1"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("arguments", [[*TRAIN, "3"], ["train", "--help"]])
@pytest.mark.parametrize("way", ["in this process", "as a command"])
def test_a_reader_that_went_away_ends_with_141(
    arguments: Sequence[str], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stdout:
        if way == "in this process":
            monkeypatch.setattr(sys, "stdout", stdout)
            assert main(arguments) == 141
        else:
            done = run(*arguments, stdout=stdout)
            assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("arguments", [[*TRAIN, "3"], ["--help"]])
@pytest.mark.parametrize("way", ["in this process", "as a command"])
def test_a_full_disk_ends_with_1_and_one_line(
    arguments: Sequence[str], way: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    message = f"backprop: output: {os.strerror(28)}\n"
    with Path("/dev/full").open("w", encoding="utf-8") as stdout:
        if way == "in this process":
            monkeypatch.setattr(sys, "stdout", stdout)
            assert main(arguments) == 1
            assert capsys.readouterr().err == message
        else:
            done = run(*arguments, stdout=stdout)
            assert (done.returncode, done.stderr) == (1, message)


def test_a_closed_stdout_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main([*TRAIN, "3"]) == 0
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0


def test_the_module_runs() -> None:
    done = run(*TRAIN, "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0.291027773694" in done.stdout
    assert run("train").returncode == 2


def test_importing_the_module_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "backprop.__main__", raising=False)
    assert callable(import_module("backprop.__main__").run)


def test_the_user_can_stop_a_long_run_on_a_terminal() -> None:
    # A shell that runs the tests in the background has them, and so the command, ignore Ctrl-C.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = f"{heed}; from backprop.cli import main; raise SystemExit(main())"
    reader, writer = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", command, *TRAIN, "300000"],
        stdout=subprocess.DEVNULL,
        stderr=writer,
    ) as process:
        os.close(writer)
        drawn = os.read(reader, 1000)  # waits for the bar
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):  # how a terminal tells that nobody writes to it any more
            while more := os.read(reader, 1000):
                drawn += more
        assert process.wait() == 130
    os.close(reader)
    assert re.match(rb"\r\[#*\.*\] +\d+%  round [\d,]+ of [\d,]+", drawn)
    assert drawn.endswith(b"\r\033[K")
    assert b"Traceback" not in drawn

"""The command `backprop diagnose`: numbers, a file or standard input, as text or as JSON."""

import io
import json
from pathlib import Path

import pytest

from backprop.cli import main
from backprop.variants.reading import LONGEST

Capture = pytest.CaptureFixture[str]

OUTPUT = "epoch 0 loss 0.298371\nepoch 1 loss 0.280471\nepoch 2 loss 0.261908\n"


def test_a_number(capsys: Capture) -> None:
    assert main(["diagnose", "0.291027924"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("0.291027924: one way of working explains it.\n")
    assert "E_total after 1 round: 0.291027923905" in out
    assert "These pages have 0.291027773694." in out


def test_several_numbers_belong_together(capsys: Capture) -> None:
    assert main(["diagnose", "-0.0380982365", "0.138498562"]) == 0
    assert capsys.readouterr().out.startswith("All 2 numbers are right.\n")


def test_a_file(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "out.txt"
    path.write_text(OUTPUT, "utf-8")
    assert main(["diagnose", "-f", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "variant"
    assert told["variants"][0]["switches"] == {"biases": "per_neuron"}
    assert [each["round"] for each in told["numbers"]] == [0, 1, 2]
    assert path.read_text("utf-8") == OUTPUT


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(OUTPUT))
    assert main(["diagnose", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "\N{CHECK MARK} 0.298371 is E_total before any update."
    assert lines[2].startswith("\N{BALLOT X} 0.280471 should be 0.291027773694")
    assert lines[3].endswith("(docs/lecture.md#total-error)")


def test_bytes_that_are_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    noise = b"\xff\xfe loss \x80 0.291027774\n"
    path = tmp_path / "out.bin"
    path.write_bytes(noise)
    assert main(["diagnose", "-f", str(path)]) == 0
    first = capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(noise), encoding="utf-8"))
    assert main(["diagnose", "-"]) == 0
    assert capsys.readouterr().out == first
    assert "is right" in first


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["abc"], "There is no number in this text"),
        ([], "one of the arguments NUMBER -f/--file is required"),
        ([__file__], "is a file, expected a number; -f reads what is in a file"),
        (["-f", "no-such-file"], "no-such-file: No such file or directory"),
        (["-f", "."], ".: Is a directory"),
        (["0.5", "-f", "x"], "not allowed with argument"),
        (["x" * (LONGEST + 1)], "The text is too long: we take 100,000 characters at most."),
        (["-"], "There is no number in this text"),
    ],
)
def test_what_it_cannot_read_is_told_in_one_line(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(SystemExit) as stopped:
        main(["diagnose", *arguments])
    out, err = capsys.readouterr()
    assert (stopped.value.code, out) == (2, "")
    assert told in err
    assert err.startswith("backprop diagnose: ")
    assert err.count("\n") == 1

"""Findings in the forms that other programs read: GitHub's workflow commands, SARIF, JSON."""

import json
import os
import re
import subprocess
import sys
from email.message import Message
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from backprop import DISTRIBUTION
from backprop.cli import main
from backprop.formulas.kinds import Kind
from backprop.pages import formats
from backprop.pages.formats import FORMATS

FRONT = "---\nbackprop: {example: notes}\n---\n\n"
WRONG = FRONT + "The target is $t_1 = -0.02$.\n"

# What SARIF 2.1.0 requires of the objects that a log of ours has, copied from its schema.
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
FROM_1 = {"type": "integer", "minimum": 1}
REGION = {
    "type": "object",
    "required": ["startLine", "startColumn", "endLine", "endColumn"],  # ours; SARIF leaves it open
    "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), FROM_1),
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "locations"],
    "properties": {
        "ruleId": {"enum": [kind.value for kind in Kind]},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {
                                "required": ["uri"],
                                "properties": {"uri": {"type": "string", "pattern": r"^[!-~]+$"}},
                            },
                            "region": REGION,
                        },
                    }
                },
            },
        },
    },
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "shortDescription": TEXT},
    "additionalProperties": False,
}
DRIVER = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"const": "backprop"},
        "version": {"type": "string"},
        "informationUri": {"type": "string", "pattern": "^https://"},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
    "additionalProperties": False,
}
NOTE = {"type": "object", "required": ["message"], "properties": {"message": TEXT}}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {"required": ["driver"], "properties": {"driver": DRIVER}},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {
            "items": {
                "required": ["executionSuccessful"],
                "properties": {
                    "executionSuccessful": {"type": "boolean"},
                    "toolExecutionNotifications": {"items": NOTE},
                },
            }
        },
        "results": {"type": "array", "items": RESULT},
    },
    "additionalProperties": False,
}
LOG = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN},
    },
    "additionalProperties": False,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a check, and return its exit status and what it wrote to stdout and to stderr."""

    def run(form: str, text: str = WRONG, name: str = "a.md", *more: str) -> tuple[int, str, str]:
        Path(name).write_text(text, "utf-8")
        status = main(["check", "--format", form, name, *more])
        return status, *capsys.readouterr()

    return run


def log_of(text: str) -> Any:
    """Return the one run of a log in SARIF, which must be as its schema demands."""
    log = json.loads(text)
    jsonschema.validate(log, LOG)
    [run] = log["runs"]
    return run


@pytest.mark.parametrize("form", ["text", *FORMATS])
def test_the_exit_status_is_that_of_every_form(form: str, answer: Any) -> None:
    assert answer(form)[0] == 1
    assert answer(form, WRONG.replace("-0.02", "0.01"))[0] == 0
    assert answer(form, WRONG, "a.md", "no.md")[0] == 2


@pytest.mark.parametrize("form", FORMATS)
def test_counts_and_errors_go_to_stderr(form: str, answer: Any) -> None:
    _, out, err = answer(form, WRONG, "a.md", "no.md")
    counts = "1 equation checked, 1 number bound, 0 exemptions, 1 finding"
    assert err == f"no.md: {os.strerror(2)}\n{counts}\n"
    assert counts not in out


def test_github_gets_a_command_for_each_finding(answer: Any) -> None:
    _, out, _ = answer("github")
    assert out == (
        "::error file=a.md,line=5,endLine=5,col=22,endColumn=26,title=backprop%3A wrong-number::"
        "-0.02 is printed; it stands for t1, which is 0.01; print 0.01\n"
    )


def test_nothing_of_a_page_makes_a_command_of_its_own(answer: Any) -> None:
    """A name of a file or a message may hold what separates the parts of a command."""
    name = "50%,a:b\n::stop-commands::x.md"
    Path("50%,a:b\n::stop-commands::x.md").touch()
    _, out, _ = answer("github", FRONT + "Some $q % 3\n = 1$ here.\n", name)
    lines = out.splitlines()
    assert lines
    assert all(line.startswith("::error file=50%25%2Ca%3Ab%0A%3A%3Astop-") for line in lines)


def test_a_message_keeps_to_its_line() -> None:
    assert formats._data("100 %\r\n::x") == "100 %25%0D%0A::x"  # noqa: SLF001
    assert formats._property("a:b,c") == "a%3Ab%2Cc"  # noqa: SLF001


def test_columns_are_left_out_where_a_finding_goes_over_lines(answer: Any) -> None:
    _, out, _ = answer("github", FRONT + "$$\nt_1 =\nt_2\n$$\n")
    assert re.match(r"::error file=a\.md,line=\d,endLine=\d,col=\d,", out)
    text = FRONT + "\\begin{align}\nt_1 &= 0.01 \\\\\n 0.03 + \n 0.07 &= 1\n\\end{align}\n"
    _, out, _ = answer("github", text)
    for command in out.splitlines():
        [line, end] = re.findall(r"[lL]ine=(\d+)", command)
        assert ("endColumn" in command) == (line == end)


def test_sarif_says_where_what_and_by_which_rule(answer: Any) -> None:
    run = log_of(answer("sarif")[1])
    [rule] = run["tool"]["driver"]["rules"]
    [result] = run["results"]
    assert rule["id"] == result["ruleId"] == "wrong-number"
    assert result["message"]["text"].startswith("-0.02 is printed; it stands for t1")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a.md"}
    region = {"startLine": 5, "startColumn": 22, "endLine": 5, "endColumn": 27}
    assert place["region"] == region
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_says_what_could_not_be_read(answer: Any) -> None:
    run = log_of(answer("sarif", WRONG, "a.md", "no.md")[1])
    [invocation] = run["invocations"]
    [note] = invocation["toolExecutionNotifications"]
    assert not invocation["executionSuccessful"]
    assert note["message"]["text"] == f"no.md: {os.strerror(2)}"


def test_sarif_takes_columns_in_characters_and_paths_as_addresses(
    answer: Any, folder: Path
) -> None:
    path = str(folder / "ein Übel.md")
    run = log_of(answer("sarif", FRONT + "\U0001d465 is $t_1 = 0.02$.\n", path)[1])
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"]["startColumn"] == 13
    assert place["artifactLocation"]["uri"] == f"{folder.as_uri()}/ein%20%C3%9Cbel.md"


def test_each_result_points_to_its_rule(answer: Any) -> None:
    text = FRONT + "It is 0.5, $t_1 = 0.02$, $q = 1$, 0.7, $t_1 = t_2$, $0.5 = 0.5$.\n"
    run = log_of(answer("sarif", text)[1])
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert rules == ["loose-number", "wrong-number", "unknown-name", "unequal", "unbound"]


def test_a_log_without_what_sarif_requires_is_refused(answer: Any) -> None:
    """The schema above is no mere form: it refuses a column 0, and a result without words."""
    for wrong in ('"startColumn": 0', '"startColumn": "1"'):
        broken = re.sub(r'"startColumn": \d+', wrong, answer("sarif")[1])
        with pytest.raises(jsonschema.ValidationError):
            log_of(broken)
    with pytest.raises(jsonschema.ValidationError):
        log_of(answer("sarif")[1].replace('"text"', '"words"'))


def test_an_installed_program_says_its_version_and_its_address(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(name: str) -> Message:
        assert name == DISTRIBUTION
        message = Message()
        message["Version"] = "1.2.3"
        message["Project-URL"] = "Documentation, https://book.example/"
        return message

    monkeypatch.setattr("importlib.metadata.metadata", said)
    driver = log_of(answer("sarif")[1])["tool"]["driver"]
    assert (driver["version"], driver["informationUri"]) == ("1.2.3", "https://book.example/")


def test_a_copy_without_an_address_says_none(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(_: str) -> Message:
        message = Message()
        message["Version"] = "1.2.3"
        return message

    monkeypatch.setattr("importlib.metadata.metadata", said)
    driver = log_of(answer("sarif")[1])["tool"]["driver"]
    assert driver["version"] == "1.2.3"
    assert "informationUri" not in driver


def test_a_program_that_is_not_installed_says_its_name(
    answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "DISTRIBUTION", "no-such-distribution")
    assert {*log_of(answer("sarif")[1])["tool"]["driver"]} == {"name", "rules"}


def test_json_says_all_of_a_finding(answer: Any) -> None:
    said = json.loads(answer("json", WRONG, "a.md", "no.md")[1])
    [finding] = said.pop("findings")
    assert said == {
        "equations": 1,
        "numbers": 1,
        "words": 0,
        "exemptions": 0,
        "errors": [f"no.md: {os.strerror(2)}"],
    }
    assert finding.pop("message").startswith("-0.02 is printed")
    place = {"path": "a.md", "cell": None, "line": 5, "column": 22}
    number = {"printed": "-0.02", "stands_for": "t1", "value": "0.01", "instead": "0.01"}
    assert finding == {**place, **number, "kind": "wrong-number", "certain": True}


DELTA, SLOPE = r"\delta_{o_2}", r"\frac{\partial E_{\mathrm{total}}}{\partial w_7}"
NEGATIVE = [
    *(f"{DELTA} = {digits}" for digits in ("-0.0382", "- 0.0382", "-0.03", "0.0381")),
    *(rf"{DELTA} = {digits}" for digits in (r"-3.82 \times 10^{-2}", "+0.0381", r"-\,0.0382")),
    *(rf"{DELTA} = (-0.0382)", rf"{DELTA} = -(0.0382)", rf"{DELTA} = {{-0.0382}}"),
    *(f"-{DELTA} = 0.0382", f"-{DELTA} = -0.0381", f"{DELTA} &= -0.0382"),
    *(f"{SLOPE} = -0.0228", rf"{SLOPE} \approx -0.022", f"-0.0228 = {SLOPE}"),
    *(rf"{SLOPE} = -0.0382 \times 0.5933", rf"{SLOPE} = (-0.0382) \times 0.5933"),
    *(rf"{SLOPE} = 0.0381 \times 0.5933", rf"{SLOPE} = 0.5933 \times (-0.0382)"),
    r"w_7^{+} = 0.5 - 0.5 \times (-0.0227) = 0.5113",
    r"w_7^{+} = 0.5 - 0.5 \cdot 0.0226 = 0.5113",
    r"w_7^{+} = 0.5 - (0.5) (-0.0227) = 0.5113",
    r"w_7^{+} = 0.5 + 0.5 \times 0.0227 = 0.5113",
    r"w_7^{+} = -0.5113",
    r"\mathrm{out}_{h_1} = \frac{1}{1 + e^{-0.3875}}",
    r"\mathrm{out}_{h_1} = \frac{1}{1 + e^{0.3775}}",
    r"\mathrm{out}_{o_1} - \mathrm{target}_{o_1} = -0.7414",
    r"\mathrm{target}_{o_1} - \mathrm{out}_{o_1} = 0.01 - 0.7524",
    r"\mathrm{target}_{o_1} - \mathrm{out}_{o_1} = 0.01 - 0.7514 = -0.7424",
    r"\mathrm{net}_{h_1} = 0.15 \cdot 0.05 - 0.20 \cdot 0.10 + 0.35",
    r"\mathrm{net}_{h_1} = 0.15 \cdot 0.05 + 0.20 \cdot 0.10 - 0.35",
]


def place_of(text: str, line: int, column: int) -> int:
    """Return the offset of a line and a column, both counted from 1."""
    return sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1


@pytest.mark.parametrize("formula", NEGATIVE)
def test_printed_and_instead_are_what_a_fix_replaces(formula: str, answer: Any) -> None:
    """Also for negative numbers: every form says the place of the minus, if that is replaced."""
    text = f"---\nbackprop: {{example: lecture}}\n---\n\nIt is ${formula}$.\n"
    if "&" in formula:
        text = text.replace("$", "\n\n$$\n", 1).replace("$.", "\n$$\n\n.")
    said = json.loads(answer("json", text)[1])["findings"]
    wrong = [each for each in said if each["kind"] == "wrong-number"]
    results = [
        each for each in log_of(answer("sarif", text)[1])["results"] if "wrong-n" in each["ruleId"]
    ]
    commands = re.findall(r"line=(\d+),.*?col=(\d+),.*wrong-number", answer("github", text)[1])
    assert len(wrong) == len(results) == len(commands) > 0
    mended = text
    for each, result, command in reversed([*zip(wrong, results, commands, strict=True)]):
        start = place_of(text, each["line"], each["column"])
        end = start + len(each["printed"])
        assert text[start:end] == each["printed"] != ""
        region = result["locations"][0]["physicalLocation"]["region"]
        assert place_of(text, region["startLine"], region["startColumn"]) == start
        assert place_of(text, region["endLine"], region["endColumn"]) == end
        assert command == (str(each["line"]), str(each["column"]))
        if each["instead"] and each["certain"]:
            mended = mended[:start] + each["instead"] + mended[end:]
    assert (mended != text) == any(each["instead"] and each["certain"] for each in wrong)
    main(["fix", "a.md"])
    assert Path("a.md").read_text("utf-8") == mended


def test_a_negative_number_is_replaced_with_its_sign(answer: Any) -> None:
    text = f"---\nbackprop: {{example: lecture}}\n---\n\n${NEGATIVE[0]}$\n"
    [finding] = json.loads(answer("json", text)[1])["findings"]
    column = len("$\\delta_{o_2} = ") + 1
    came = finding["printed"], finding["instead"], finding["column"]
    assert came == ("-0.0382", "-0.0381", column)
    assert "-0.0382 is printed" in finding["message"]
    assert finding["message"].endswith("print -0.0381")


def test_nothing_is_said_instead_where_a_fix_writes_nothing(answer: Any) -> None:
    text = FRONT.replace("notes", "notes, givens: {w1: 1e15, x1: 1e15}") + "$z_1 = 1.5$\n"
    [finding] = json.loads(answer("json", text)[1])["findings"]
    assert (finding["printed"], finding["instead"]) == ("1.5", "")
    assert finding["value"] == "1e+30"
    main(["fix", "a.md"])
    assert Path("a.md").read_text("utf-8") == text


def test_json_has_a_name_of_its_own(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = answer("json")
    assert main(["check", "--json", "a.md"]) == 1
    assert capsys.readouterr().out == out


def test_a_cell_of_a_notebook_is_found_in_its_file(answer: Any) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["One \\ \n", 'a "b" $t_1 = 0.02$']}
    notebook = {"cells": [cell], "metadata": {"backprop": {"example": "notes"}}}
    text = json.dumps(notebook, indent=1)
    run = log_of(answer("sarif", text, "a.ipynb")[1])
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    line = text.splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "0.02"
    empty = json.dumps({"cells": [], "metadata": {"backprop": {"example": "no"}}})
    [finding] = log_of(answer("sarif", empty, "b.ipynb")[1])["results"]
    assert finding["ruleId"] == "settings"


def test_another_form_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--format", "xml"])
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "choose from text, github, sarif, json" in re.sub(r"'", "", err)


def test_every_kind_has_a_rule_of_its_own() -> None:
    rules = [kind.rule for kind in Kind]
    assert len({*rules}) == len(rules) == len(Kind)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.value) for kind in Kind)


def test_the_help_loads_no_checker() -> None:
    """The names of the forms come from their table, which stands apart from the checker."""
    code = "import sys, backprop.cli.pages; print([m for m in sys.modules if 'lark' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

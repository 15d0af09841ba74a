"""The results of a check in the formats of other programs: GitHub, SARIF and JSON.

The lines of GitHub are its workflow commands:
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
SARIF is version 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from backprop import DISTRIBUTION

if TYPE_CHECKING:  # the command line offers the formats, and loads no checker for that
    from backprop.pages.check import Finding
    from backprop.pages.commands import Tally

TEXT = "text"  # the format for people, which is printed page by page
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def github(tally: "Tally") -> str:
    """Return a workflow command for each finding, which GitHub shows at its line."""
    return "".join(map(_command, tally.findings))


def _command(finding: "Finding") -> str:
    start, end = finding.span
    places: dict[str, object] = {"file": Path(finding.path).as_posix(), "line": start.line}
    places |= {"endLine": end.line, "col": start.column}
    if start.line == end.line:  # GitHub takes columns within one line only
        places["endColumn"] = max(end.column - 1, start.column)
    places["title"] = f"backprop: {finding.kind.value}"
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in places.items())
    return f"::error {properties}::{_data(finding.message)}\n"


def _data(text: str) -> str:
    """Escape a message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(tally: "Tally") -> str:
    """Return a log in SARIF 2.1.0, for tools that gather what checkers find."""
    kinds = dict.fromkeys(finding.kind for finding in tally.findings)
    rules = [{"id": kind.value, "shortDescription": {"text": kind.rule}} for kind in kinds]
    places = {kind: k for k, kind in enumerate(kinds)}
    errors = [{"level": "error", "message": {"text": error}} for error in tally.errors]
    invocation = {"executionSuccessful": not errors, "toolExecutionNotifications": errors}
    run = {
        "tool": {"driver": {**_driver(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_result(finding, places[finding.kind]) for finding in tally.findings],
    }
    return _dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver() -> dict[str, str]:
    """Return the name of the program; if it is installed, also its version and its address."""
    from importlib.metadata import PackageNotFoundError, metadata  # noqa: PLC0415  # slow to load

    driver = {"name": "backprop"}
    try:
        said = metadata(DISTRIBUTION)
    except PackageNotFoundError:  # it is run from a folder
        return driver
    urls = dict(url.split(", ", 1) for url in said.get_all("Project-URL", ()))
    driver["version"] = said["Version"]
    return {**driver, "informationUri": urls["Documentation"]} if urls else driver


def _result(finding: "Finding", rule: int) -> dict[str, Any]:
    path, (start, end) = Path(finding.path), finding.span
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    region = {"startLine": start.line, "startColumn": start.column}
    region |= {"endLine": end.line, "endColumn": end.column}
    location = {"artifactLocation": {"uri": uri}, "region": region}
    return {
        "ruleId": finding.kind.value,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }


def as_json(tally: "Tally") -> str:
    """Return the counts, the errors, and the findings."""
    findings = [
        {
            "path": finding.path,
            **asdict(finding.place),
            "kind": finding.kind.value,
            "message": finding.message,
            "printed": finding.printed,
            "stands_for": finding.stands_for,
            "value": finding.value,
            "instead": finding.instead,
            "certain": finding.certain,
        }
        for finding in tally.findings
    ]
    counts = {"equations": tally.equations, "numbers": tally.bound, "words": tally.words}
    counts["exemptions"] = tally.exempt
    if tally.only_wrong:
        counts["not_understood"] = tally.others
    return _dumped({**counts, "findings": findings, "errors": tally.errors})


def _dumped(answer: Mapping[str, Any]) -> str:
    return json.dumps(answer, indent=2) + "\n"


FORMATS: Mapping[str, Callable[["Tally"], str]] = {
    "github": github,
    "sarif": sarif,
    "json": as_json,
}
"""The functions that write the findings of all pages, by format."""

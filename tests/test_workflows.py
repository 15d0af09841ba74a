"""Only a site that has passed all tests is published, and it is the one that was tested."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from builds import ROOT, finished_site

PUBLISH, UPLOAD = "actions/deploy-pages@", "actions/upload-pages-artifact@"
CHECK = "bash .ci/run"
Jobs = dict[str, Any]


def workflows() -> dict[str, Jobs]:
    """The jobs of each workflow of this repository."""
    files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    return {path.name: yaml.safe_load(path.read_text("utf-8"))["jobs"] for path in files}


def uses(job: Jobs, action: str) -> bool:
    return any(str(step.get("uses", "")).startswith(action) for step in job["steps"])


def commands(job: Jobs) -> str:
    return "\n".join(str(step.get("run", "")) for step in job["steps"])


def waits_for(jobs: Jobs, name: str) -> set[str]:
    """The jobs that have to pass before a job starts, and those before them."""
    needs = jobs[name].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*(waits_for(jobs, each) for each in direct))


def faults(jobs: Jobs) -> list[str]:
    """What lets a site that did not pass its tests be published."""
    found = []
    for name in (name for name, job in jobs.items() if uses(job, PUBLISH)):
        before = waits_for(jobs, name)
        if not any(CHECK in commands(jobs[each]) for each in before):
            found.append(f"{name} does not wait for {CHECK}")
        for source in (each for each in jobs if uses(jobs[each], UPLOAD)):
            if source not in before:
                found.append(f"{name} does not wait for {source}")
            found += untested(source, jobs[source])
    return found


def untested(name: str, job: Jobs) -> list[str]:
    """What of a job that hands over a site shows that this site was not tested."""
    [upload] = (k for k, step in enumerate(job["steps"]) if uses({"steps": [step]}, UPLOAD))
    folder = job["steps"][upload]["with"]["path"]
    tests = [
        step
        for step in job["steps"][:upload]
        if "pytest tests/site" in str(step.get("run", ""))
        and step.get("env", {}).get("BACKPROP_SITE") == folder
    ]
    return [] if tests else [f"{name} hands over {folder}, which it has not tested"]


def test_one_workflow_publishes_what_has_passed() -> None:
    publishing = {
        name: jobs
        for name, jobs in workflows().items()
        if any(uses(job, PUBLISH) for job in jobs.values())
    }
    assert len(publishing) == 1
    [jobs] = publishing.values()
    assert not faults(jobs)


def test_a_workflow_that_does_not_wait_is_a_fault() -> None:
    [jobs] = (jobs for jobs in workflows().values() if "publish" in jobs)
    del jobs["site"]["needs"]
    assert faults(jobs) == [f"publish does not wait for {CHECK}"]


def test_a_site_that_was_not_tested_is_a_fault() -> None:
    [jobs] = (jobs for jobs in workflows().values() if "publish" in jobs)
    for step in jobs["site"]["steps"]:
        step.pop("env", None)
    assert faults(jobs) == ["site hands over site, which it has not tested"]


def test_the_tests_look_at_the_site_that_is_going_to_be_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("BACKPROP_SITE", raising=False)
    assert finished_site() is None
    monkeypatch.setenv("BACKPROP_SITE", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="expected the folder of a built site"):
        finished_site()
    (tmp_path / "index.html").write_text("<!doctype html>")
    assert finished_site() == tmp_path

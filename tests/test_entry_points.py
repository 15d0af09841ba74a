"""Where authors of other projects meet the checker: pytest, pre-commit, GitHub Actions."""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import _pytest.config
import pytest
import yaml
from builds import ROOT

from backprop.pages import pytest_option
from backprop.pages.commands import OTHERS
from backprop.pages.reader import PAGES

RIGHT = "---\nbackprop: {example: lecture}\n---\n# A page\n\nGiven $w_1 = 0.15$.\n"
WRONG = RIGHT.replace("0.15", "0.16")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Somebody's project, with a test of its own and two pages."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "right.md").write_text(RIGHT)
    (tmp_path / "docs" / "wrong.md").write_text(WRONG)
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_own():\n    assert 'lark' not in sys.modules\n"
    )
    return tmp_path


def run_theirs(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a project that knows nothing of ours, with what installing it brings."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    env.pop("PYTEST_ADDOPTS", None)
    loaded = ["-p", "backprop.pages.pytest_option"]  # by its module, as an entry point loads it
    return subprocess.run(
        [*command, *loaded], cwd=project, env=env, capture_output=True, text=True, check=False
    )


def test_pytest_tests_pages_where_it_is_asked_to(project: Path) -> None:
    result = run_theirs(project, "--backprop", "docs")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "1 failed, 3 passed" in result.stdout
    assert "docs/wrong.md:6:14: 0.16 is printed; it stands for w1" in result.stdout


def test_a_line_of_the_settings_asks_for_it_too(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\nbackprop = true\n")
    assert "1 failed, 3 passed" in run_theirs(project, "--strict-config", "docs").stdout


def test_pytest_does_nothing_where_it_is_not_asked(project: Path) -> None:
    result = run_theirs(project)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout


def test_the_entry_point_is_the_one_that_is_tested_here() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    entry = f'[project.entry-points.pytest11]\nbackprop = "{pytest_option.__name__}"\n'
    assert entry in text


@pytest.fixture
def no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away the options of the run that this test is a part of."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def configured(*arguments: str) -> pytest.Config:
    """Return pytest's settings with these arguments, as far as our options go."""
    config = _pytest.config.get_config()
    config.pluginmanager.import_plugin(pytest_option.__name__)
    alone = ["-c", os.devnull, "--noconftest", "--disable-plugin-autoload"]
    config.parse([*arguments, *alone])
    for _ in range(2):  # as where a conftest.py has loaded the checker before
        pytest_option.pytest_configure(config)
    return config


@pytest.mark.usefixtures("no_options")
def test_the_checker_is_loaded_where_it_is_asked_for() -> None:
    assert configured("--backprop").pluginmanager.has_plugin(pytest_option.CHECKER)
    assert not configured().pluginmanager.has_plugin(pytest_option.CHECKER)


@pytest.mark.usefixtures("no_options")
def test_what_is_missing_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytest_option, "CHECKER", "backprop.no_such_module")
    with pytest.raises(pytest.UsageError, match=r"^--backprop: .*'backprop-book\[check\]'$"):
        configured("--backprop")


def run_hook(project: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Run the hook as pre-commit does: its entry, and behind it the files that it is for."""
    [hook] = HOOKS
    name, *arguments = shlex.split(hook["entry"])
    program = Path(sysconfig.get_path("scripts")) / name
    meant = [file for file in files if re.search(hook["files"], file)]
    command = [str(program), *arguments, *meant]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_the_hook_checks_the_pages_of_a_commit(project: Path) -> None:
    wrong = run_hook(project, "test_own.py", "docs/right.md", "docs/wrong.md")
    assert wrong.returncode == 1
    assert wrong.stdout.startswith("docs/wrong.md:6:14: 0.16 is printed; it stands for w1")
    assert wrong.stderr == ""
    assert run_hook(project, "test_own.py", "docs/right.md").returncode == 0


def test_the_hook_is_for_each_kind_of_page_that_is_read() -> None:
    [hook] = HOOKS
    read = {ending for ending in {*PAGES, *OTHERS, ".py"} if re.search(hook["files"], f"a{ending}")}
    assert read == {*PAGES}


def test_the_hook_brings_what_the_checker_needs() -> None:
    [hook] = HOOKS
    assert hook["language"] == "python"
    assert hook["additional_dependencies"] == [".[check]"]


def run_action(project: Path, folder: Path, paths: str) -> subprocess.CompletedProcess[str]:
    """Run the action's script as a runner does.

    It installs the package from this folder; the libraries come from where these tests run, so
    that no test waits for the index.
    """
    [step] = [step for step in ACTION["runs"]["steps"] if "run" in step]
    said: dict[str, Any] = {
        "${{ steps.python.outputs.python-path }}": sys.executable,
        "${{ github.action_path }}": str(ROOT),
        "${{ inputs.paths }}": paths,
    }
    env = {name: said[value] for name, value in step["env"].items()}
    offline = dict.fromkeys(("PIP_NO_DEPS", "PIP_NO_INDEX"), "1")
    offline["PIP_NO_BUILD_ISOLATION"] = "0"  # pip's way of saying that there is none
    libraries = {"PYTHONPATH": sysconfig.get_path("purelib"), "RUNNER_TEMP": str(folder)}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],  # noqa: S607
        cwd=project,
        env={**os.environ, **env, **offline, **libraries},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_action_shows_findings_at_their_lines(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (project / "my notes").mkdir()
    (project / "docs" / "right.md").rename(project / "my notes" / "right.md")
    done = run_action(project, tmp_path_factory.mktemp("runner"), "my notes\n\ndocs/wrong.md\n")
    assert done.returncode == 1, done.stderr
    [command] = done.stdout.splitlines()
    assert command.startswith("::error file=docs/wrong.md,line=6,endLine=6,col=14,")
    assert "2 equations checked, 2 numbers bound, 0 exemptions, 1 finding\n" in done.stderr


def test_the_linter_of_workflows_has_nothing_against_the_action() -> None:
    zizmor = Path(sysconfig.get_path("scripts")) / "zizmor"
    nox = (ROOT / "noxfile.py").read_text("utf-8")
    assert '"--persona=pedantic", ".github/workflows", "action.yml"' in nox
    if zizmor.exists():  # an extra of its own brings it; `nox -s lint` runs it in CI
        command = [str(zizmor), "--offline", "--persona=pedantic", "action.yml"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

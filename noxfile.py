"""The everyday tasks, one function each: `nox --list` names them, `nox -s lint` runs one.

They run in the environment that nox was started from, which `pip install -e '.[dev]'` fills. Four
need an environment of their own: one with the frameworks, one for the oldest versions that the
project claims to work with, one for the wheel, one for the other generator.
"""

import datetime as dt
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.10"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "build", "layout"]

BIN = Path(sys.executable).parent
LOCK = ".github/requirements.txt"
COOLDOWN = dt.timedelta(days=14)  # a release that turns out to be bad is mostly withdrawn by then


def run(session: nox.Session, command: str, *arguments: str) -> None:
    """Run a program of the environment that nox was started from."""
    session.run(str(BIN / command), *arguments, external=True)


@nox.session
def serve(session: nox.Session) -> None:
    """Serve the site, and build it anew after each change."""
    run(session, "mkdocs", "serve", "--no-strict", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run all tests, or those that are named behind `--`."""
    run(session, "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Lint and format-check the code, and lint the workflows."""
    run(session, "ruff", "check")
    run(session, "ruff", "format", "--check")
    run(session, "zizmor", "--offline", "--persona=pedantic", ".github/workflows", "action.yml")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types."""
    run(session, "mypy")


@nox.session
def build(session: nox.Session) -> None:
    """Build the site strictly, into the folder `site`."""
    run(session, "mkdocs", "build", "--strict", *session.posargs)


@nox.session
def layout(session: nox.Session) -> None:
    """Look for what moves on any page while it loads on a slow processor."""
    run(session, "pytest", "-m", "full", "tests/browser/test_layout_shift.py", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Try every mutant of every page, and all else that is too much for each run."""
    run(session, "pytest", "-m", "full", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure the speed of the package, the checker and the pages, beside their peers."""
    run(session, "python", "-m", "pip", "install", "--quiet", "--editable", ".[bench]")
    run(session, "pytest", "-n0", "tests/benchmarks", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Look for inputs that break the reader or the parser, 150 seconds each."""
    run(session, "python", "-m", "pip", "install", "--quiet", "--editable", ".[fuzz]")
    for target in ("fuzz_reader", "fuzz_latex"):
        run(session, "python", f"tests/fuzz/{target}.py", "-max_total_time=150")


@nox.session
def lock(session: nox.Session) -> None:
    """Write the versions and hashes that the site is published with."""
    run(session, "python", "-m", "pip", "install", "--quiet", "uv")
    options = ["--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--upgrade"]
    # Where the site is published. Without addresses: each machine has its own registry.
    where = ["--python-version=3.13", "--python-platform=x86_64-manylinux_2_28"]
    until = f"--exclude-newer={dt.datetime.now(dt.UTC).date() - COOLDOWN}"
    wanted = ["--no-emit-index-url", "--extra=publish", until, "--output-file", LOCK]
    run(session, "uv", "pip", "compile", *options, *where, *wanted, "pyproject.toml")


@nox.session(venv_backend="venv")
def frameworks(session: nox.Session) -> None:
    """Run all that needs PyTorch, JAX or Keras, of which none may be missing."""
    session.install("--editable", ".[test,frameworks]")
    needy = (
        "tests/test_inventory.py",
        "tests/lesson/test_judges.py",
        "tests/symbolic/test_layered.py",
    )
    session.run(
        *("pytest", "docs/frameworks.md", "docs/matrix-form.md", *needy, *session.posargs),
        env={"BACKPROP_REQUIRE": "torch jax keras"},
    )


@nox.session(venv_backend="venv")
def oldest(session: nox.Session) -> None:
    """Run the tests without the browser on the oldest versions that pyproject.toml allows."""
    session.install("uv")
    session.run(
        *("uv", "pip", "install", "--python", session.bin, "--quiet"),
        *("--resolution", "lowest-direct", "--editable", ".[test]"),
    )
    session.run("pytest", "--ignore=tests/browser", *session.posargs)


@nox.session(venv_backend="venv")
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it into an empty environment, and check pages with it."""
    folder = Path(session.create_tmp())
    options = ["--quiet", "--no-deps", f"--wheel-dir={folder}"]
    run(session, "python", "-m", "pip", "wheel", *options, ".")
    [path] = folder.glob("*.whl")
    session.install(f"{path}[check]")
    page = Path("docs/lecture.md").read_text("utf-8")
    session.chdir(folder)  # where no package stands beside
    Path("right.md").write_text(page, "utf-8")
    Path("wrong.md").write_text(page.replace("0.15", "0.16", 1), "utf-8")
    session.run("backprop", "check", "right.md")
    session.run("backprop", "check", "wrong.md", success_codes=[1])


@nox.session(venv_backend="venv")
def properdocs(session: nox.Session) -> None:
    """Build the site with MkDocs and with its maintained fork; only their names may differ."""
    session.install("--editable", ".[docs]", "properdocs")
    one, other = (Path(session.create_tmp()) / name for name in ("mkdocs", "properdocs"))
    session.run("mkdocs", "build", "--strict", "--site-dir", str(one))
    session.run("properdocs", "build", "-f", "mkdocs.yml", "--strict", "--site-dir", str(other))
    session.run("python", "tests/support/compared.py", str(one), str(other))

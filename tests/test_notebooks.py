"""Every notebook of the site runs to its end with right results, and is stored without them."""
# mypy: untyped-calls-exclude=nbformat

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

DOCS = Path(__file__).parents[1] / "docs"
# What holds after each notebook has run, which most slips in its cells would break.
RESULTS = {
    "gradient-check.ipynb": (
        "np.allclose([*map(float, truths)], by_backward, rtol=1e-12)",
        "np.allclose(by_autodiff, by_backward, rtol=1e-12)",
        "np.allclose([complex_step(k, 1e-100) for k in range(12)], by_backward, rtol=1e-12)",
        "np.allclose([central(k, step) for k in range(12)], by_backward, rtol=1e-5)",
        "off(central(W5, best)) < min(off(central(W5, h)) for h in (best * 100, best / 100))",
        "exact.max() < 100",
        "np.allclose(candidates.pop('right').weights[0], gradient.weights[0])",
        "not any(np.allclose(x.weights[0], gradient.weights[0]) for x in candidates.values())",
        "same",
    ),
    "training.ipynb": (
        "np.round(training.errors[[1, 10_000]], 9).tolist() == [0.291027774, 0.000035102]",
        "np.isclose(missing * slope, backward(training.network, *sample).deltas[-1][0])",
        "np.isclose(stuck.errors[-1, 0], training.errors[-1])",
        "np.array_equal(*twins.network.weights[0])",
        "np.isclose(deltas[0], passed.outs[-1] * np.prod([y * (1 - y) for y in passed.outs]))",
        "np.isclose(sweep.errors[-1, 2], training.errors[-1])",
        "np.isclose(runs['frozen'].errors[-1], training.errors[-1])",
        "error_at(*path[-1]) < error_at(*path[1]) < error_at(*path[0])",
    ),
    "samples.ipynb": (
        (
            "np.isclose(by_sum.weights[1][0, 0],"
            " 0.4 - 0.5 * sum(slope_of_w5(start, k) for k in range(4)))"
        ),
        "np.isclose(by_mean.weights[1][0, 0] - 0.4, (by_sum.weights[1][0, 0] - 0.4) / 4)",
        "one_by_one.weights[1][0, 0] not in (by_sum.weights[1][0, 0], by_mean.weights[1][0, 0])",
        "rounds_needed(begun['quick'], 0.9) < rounds_needed(begun['quick'], 0) / 2",
        "(taught['per_neuron'].errors[1:] < taught['per_neuron'].errors[:-1]).all()",
    ),
}
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebooks(folder: Path) -> list[Path]:
    """Return every notebook below a folder, except in hidden folders such as checkpoints."""
    return sorted(
        path
        for path in folder.rglob("*.ipynb")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def run(path: Path, *results: str) -> list[str]:
    """Run a notebook in its own folder; return what went wrong, if anything, and where.

    `results` are expressions that have to hold at its end.
    """
    notebook = read(path)
    checks = "\n".join(f"assert {result}, {result!r}" for result in results)
    notebook.cells.append(new_code_cell(checks, id="results"))
    failed: list[int] = []
    client = NotebookClient(
        notebook,
        timeout=60,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_error=lambda cell, cell_index, execute_reply: failed.append(cell_index),  # noqa: ARG005
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return [f"{place(path, notebook, failed[0])}: {error.ename}: {error.evalue}"]
    return [
        f"{place(path, notebook, number)}: on stderr: {output.text.strip()}"
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]


def stored(path: Path) -> list[str]:
    """Return what a notebook holds that only a run adds, and whether it lacks its language."""
    notebook = read(path)
    findings = [
        f"{place(path, notebook, number)}: stored with outputs or an execution count"
        for number, cell in enumerate(notebook.cells)
        if cell.get("outputs") or cell.get("execution_count") is not None
    ]
    if notebook.metadata.get("kernelspec", {}).get("language") != "python":
        findings.append(f"{path}: kernelspec.language is not 'python', so the site will not run it")
    return findings


def place(path: Path, notebook: Any, number: int) -> str:
    """Name a cell: the file, its number from 1 and its id."""
    return f"{path}: cell {number + 1} ({notebook.cells[number].id})"


def write(path: Path, *cells: Any, kernelspec: dict[str, str] = PYTHON) -> Path:
    nbformat.write(new_notebook(cells=list(cells), metadata={"kernelspec": kernelspec}), path)
    return path


each_notebook = pytest.mark.parametrize(
    "path", notebooks(DOCS), ids=lambda path: path.relative_to(DOCS).as_posix()
)


@each_notebook
def test_notebook_runs(path: Path) -> None:
    assert run(path, *RESULTS[path.name]) == []


def test_a_slip_in_a_notebook_is_found(tmp_path: Path) -> None:
    """Also one that two ways of computing share."""
    page = (DOCS / "gradient-check.ipynb").read_text("utf-8")
    path = tmp_path / "gradient-check.ipynb"
    path.write_text(page.replace("(up - down) / (2 * h)", "(up - down) / h"), "utf-8")
    (finding,) = run(path, *RESULTS[path.name])
    assert "(results): AssertionError" in finding
    assert "by_backward" in finding


@each_notebook
def test_notebook_is_stored_without_what_a_run_adds(path: Path) -> None:
    assert stored(path) == []


def test_there_are_notebooks() -> None:
    assert DOCS / "training.ipynb" in notebooks(DOCS)


def test_notebooks_in_hidden_folders_are_left_out(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "part", tmp_path / ".ipynb_checkpoints"):
        folder.mkdir(exist_ok=True)
        write(folder / "page.ipynb")
    assert notebooks(tmp_path) == [tmp_path / "page.ipynb", tmp_path / "part" / "page.ipynb"]


def test_failing_cell_is_found(tmp_path: Path) -> None:
    path = write(
        tmp_path / "page.ipynb",
        new_markdown_cell("# Title", id="title"),
        new_code_cell("x = 1", id="fine"),
        new_code_cell("x / 0", id="broken"),
    )
    assert run(path) == [f"{path}: cell 3 (broken): ZeroDivisionError: division by zero"]


def test_warning_is_found(tmp_path: Path) -> None:
    warn = new_code_cell("import warnings\nwarnings.warn('look out')", id="warns")
    path = write(tmp_path / "page.ipynb", warn)
    (finding,) = run(path)
    assert finding.startswith(f"{path}: cell 1 (warns): on stderr: ")
    assert "UserWarning: look out" in finding


@pytest.mark.parametrize(
    "cell",
    [
        new_code_cell("1", id="ran", outputs=[new_output("stream", text="1")]),
        new_code_cell("1", id="ran", execution_count=1),
    ],
    ids=["outputs", "count"],
)
def test_stored_run_is_found(tmp_path: Path, cell: Any) -> None:
    path = write(tmp_path / "page.ipynb", cell)
    assert stored(path) == [f"{path}: cell 1 (ran): stored with outputs or an execution count"]


def test_missing_language_is_found(tmp_path: Path) -> None:
    kernelspec = {"name": "python3", "display_name": "Python 3"}
    (finding,) = stored(write(tmp_path / "page.ipynb", kernelspec=kernelspec))
    assert "kernelspec.language" in finding

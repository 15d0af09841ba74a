"""A page that is wrong fails the build, which says where and why."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builds import build, own_warnings, write

PAGE = "---\ndescription: The page {name}.\n---\n# {name}\n\n"
NUMBERS = PAGE.replace("---\n#", "backprop: {{example: lecture}}\n---\n#")


def notebook(*code: str, output: str = "", **metadata: str) -> str:
    """A notebook with these code cells below a title; the first keeps the output."""
    stored = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "source": "# Notebook"}]
    cells += [
        {"cell_type": "code", "source": text, "execution_count": None, "outputs": outputs}
        for text, outputs in zip(code, [stored, *[[]] * len(code)], strict=False)
    ]
    for number, cell in enumerate(cells):
        cell |= {"id": f"cell-{number}", "metadata": {}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


PAGES = {
    "index.md": NUMBERS.format(name="Start") + "All is well: $i_1 = 0.05$.\n",
    "math.md": PAGE.format(name="Math") + "Text $a$.\n\n$$\n\\foo{x} = 1\n$$\n\n$$\nno end\n\n",
    "number.md": NUMBERS.format(name="Number")
    + "A wrong one, $i_2 = 0.01$, and a loose one, 0.5.\n",
    "figure.md": PAGE.format(name="Figure")
    + '<figure data-figure="no-such-figure" data-example="lecture"></figure>\n',
    "link.md": PAGE.format(name="Link") + "[dead](gone.md) [anchor](index.md#gone) [own](#gone)\n",
    "absolute.md": PAGE.format(name="Absolute") + "[absolute](/index.md)\n",
    "silent.md": "# Silent\n",
    "twin.md": PAGE.format(name="Start") + "Twice.\n",
    "unlisted.md": PAGE.format(name="Unlisted"),
    "kept.ipynb": notebook(
        "1 + 1",
        "from IPython.display import SVG\nSVG('<svg></svg>')",
        output="2",
        description="A notebook stored with an output, and with a picture without words.",
    ),
}


@pytest.fixture(scope="module")
def faulty(
    tmp_path_factory: pytest.TempPathFactory,
) -> subprocess.CompletedProcess[str]:
    """The outcome of building a site with one fault of each kind."""
    folder = tmp_path_factory.mktemp("faulty")
    return build(write(folder, PAGES), folder / "site")


@pytest.mark.parametrize(
    "line",
    [
        r"docs/math\.md:9: formula \\foo\{x\} = 1: unknown command \\foo",
        r"docs/math\.md:12: \$\$ opens or closes a formula without its partner",
        r"docs/math\.md:12:1: unclosed \$\$: .*",
        (
            r"docs/number\.md:7:21: 0\.01 is printed; it stands for i2, which is 0\.1; "
            r"print 0\.10 \(0\.01 is target_o1\)"
        ),
        r"docs/number\.md:7:45: 0\.5 stands outside of a formula .*",
        r"docs/figure\.md:6: figure 'no-such-figure': .*no-such-figure.*",
        r"Doc file 'link\.md' contains a link 'gone\.md', but the target is not found.*",
        r"Doc file 'link\.md' contains a link 'index\.md#gone', but .* anchor '#gone'\.",
        r"Doc file 'link\.md' contains a link '#gone', but there is no such anchor on this page\.",
        r"Doc file 'absolute\.md' contains an absolute link '/index\.md'.*",
        r"The following pages exist in the docs directory, but are not included .*",
        r"docs/silent\.md: no description .*",
        r"docs/twin\.md:2: the same description as index\.md",
        r"docs/kept\.ipynb: cell 2 is stored with its output.*",
        r"docs/kept\.ipynb: cell 3 draws a picture and has no \"alt\" in its metadata",
    ],
)
def test_each_fault_is_told(faulty: subprocess.CompletedProcess[str], line: str) -> None:
    assert re.search(rf"^(WARNING|ERROR) +-  {line}$", faulty.stderr, re.MULTILINE), faulty.stderr


def test_the_faults_fail_the_build(faulty: subprocess.CompletedProcess[str]) -> None:
    assert faulty.returncode == 1
    assert len(own_warnings(faulty.stderr)) == 16, faulty.stderr
    assert "Traceback" not in faulty.stderr


def test_a_failing_cell_fails_the_build(tmp_path: Path) -> None:
    failing = notebook("x = 1", "y = 2\nraise ValueError('no such\\nvalue')", description="Fails.")
    config = write(tmp_path, {"index.md": PAGES["index.md"], "a.ipynb": failing})
    result = build(config, tmp_path / "site")
    assert result.returncode == 1
    assert "docs/a.ipynb: code cell 2, line 2: ValueError: no such value" in result.stderr
    assert "Traceback" not in result.stderr

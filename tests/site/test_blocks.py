"""The blocks of a page are run while the site is built, and the page shows what they print."""

import importlib.util
import logging
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from backprop.pages import run
from backprop.site import listings, package
from backprop.site.inventory import Chain

HOOK = Path(listings.__file__)
EXPECTED = "<!--pytest-codeblocks:expected-output-->\n\n"
PAGE = f"""---
title: A page
---

# A page

```python
from lesson import rate

print(rate)
print(2 * rate)
```

{EXPECTED}```
0.5
1.0
```
"""


class Site:
    """A site of one page, with a package of its own beside it."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.page = root / "docs" / "page.md"
        self.package = root / "lesson" / "__init__.py"
        self.root, self.log = root, caplog
        self.page.parent.mkdir()
        self.package.parent.mkdir()
        self.page.write_text(PAGE)
        self.package.write_text("rate = 0.5\n")
        settings = {
            "site_name": "A site",
            "theme": "mkdocs",
            "plugins": [],
            "hooks": [str(HOOK)],
            "watch": ["lesson"],
            "markdown_extensions": ["admonition", "pymdownx.highlight", "pymdownx.superfences"],
        }
        (root / "mkdocs.yml").write_text(yaml.safe_dump(settings))

    def warnings(self) -> list[str]:
        """Build; return what is reported."""
        self.log.clear()
        package.sources.cache_clear()  # as at each build
        with self.log.at_level(logging.WARNING, "mkdocs"):
            build(load_config(str(self.root / "mkdocs.yml")))
        return [record.getMessage() for record in self.log.records]

    def results(self, codes: list[str], name: str = "page.md", needs: str = "") -> list[run.Result]:
        """What blocks give, run or remembered, as in a build of its own."""
        config = load_config(str(self.root / "mkdocs.yml"))
        package.sources.cache_clear()
        chain = Chain("python", "", (), (), None, 0, needs, conditional=False)
        place = File(
            name, str(self.root / "docs"), str(self.root / "site"), use_directory_urls=True
        )
        chains = [replace(chain, code=code) for code in codes]
        return listings.results_of(chains, config, Page(None, place, config))

    def shown(self) -> list[str]:
        """The text of the code blocks on the built page."""
        html = (self.root / "site" / "page" / "index.html").read_text("utf-8")
        assert "data-block" not in html
        return [
            unescape(re.sub("<[^>]+>", "", block))
            for block in re.findall(r"<pre.*?</pre>", html, re.DOTALL)
        ]


@pytest.fixture
def site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Site:
    return Site(tmp_path, caplog)


def test_a_good_page_passes(site: Site) -> None:
    assert site.warnings() == []
    assert site.shown()[1] == "0.5\n1.0\n"


def test_the_page_shows_what_the_package_now_gives(site: Site) -> None:
    assert site.warnings() == []
    site.package.write_text("rate = 0.25\n")
    assert site.warnings() == ["docs/page.md:17: this block prints '0.25', the page shows '0.5'"]
    assert site.shown()[1] == "0.25\n0.5\n"
    site.package.write_text("rate = 0.5\n")
    assert site.warnings() == []
    assert site.shown()[1] == "0.5\n1.0\n"


def page(code: str, output: str | None = None) -> str:
    shown = "" if output is None else f"\n{EXPECTED}```\n{output}```\n"
    return f"# Page\n\n```python\n{code}\n```\n{shown}"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (PAGE.replace("1.0", "1.00"), "18: this block prints '1.0', the page shows '1.00'"),
        (PAGE.replace("1.0\n", ""), "18: this block prints '1.0', the page shows ''"),
        (PAGE.replace("1.0\n", "1.0\n2.0\n"), "19: this block prints '', the page shows '2.0'"),
        (PAGE.replace("2 * rate", "2 * speed"), "11: this block fails: NameError: name 'speed'"),
        (PAGE.replace("print(rate)", "print(rate"), "10: this block fails: SyntaxError"),
        (PAGE.replace("import rate", "import speed"), "8: this block fails: ImportError"),
        (PAGE.replace("```python", "```py"), "7: this Python block .'py'. is not run"),
        (page("print(1)"), "3: this block prints '1', the page shows no output"),
        (page("x = 1\nassert x == 2"), "5: this block fails: AssertionError"),
        (page("def f():\n    1 / 0\n\nf()"), "5: this block fails: ZeroDivisionError"),
        (page("import math\n\nmath.sqrt(-1)"), "6: this block fails: ValueError"),
        (page("import warnings\n\nwarnings.warn('w')"), "6: this block fails: UserWarning: w"),
        (page("raise SystemExit"), "4: this block fails: SystemExit"),
        (page("import os\n\nos._exit(3)"), "4: this block fails: it ends Python"),
        (page("input()"), "4: this block fails: EOFError"),
        (
            page("def f():\n    print(1)")
            + "\n<!--pytest-codeblocks:cont-->\n"
            + page("f()\ng()").removeprefix("# Page\n"),
            "12: this block fails: NameError: name 'g'",
        ),
        (  # what a block sets does not reach the next one
            page("import numpy as np\n\nnp.set_printoptions(precision=2)")
            + page("import numpy as np\n\nprint(np.array([1 / 3]))", "[0.33]\n"),
            r"19: this block prints '\[0.33333333\]', the page shows '\[0.33\]'",
        ),
        (page("x = 1") + page("print(x)", "1\n"), "9: this block fails: NameError: name 'x'"),
    ],
)
def test_a_fault_is_reported_at_its_line(site: Site, text: str, warning: str) -> None:
    site.page.write_text(text)
    warnings = site.warnings()
    assert any(re.match(rf"docs/page\.md:{warning}", found) for found in warnings), warnings


def test_an_output_in_an_admonition_is_renewed_in_its_place(site: Site) -> None:
    inside = "".join(f"    {line}\n" if line else "\n" for line in PAGE.split("\n")[6:])
    site.page.write_text(f"# Page\n\n!!! note\n\n{inside}".replace("0.5\n", "0.6\n"))
    assert len(site.warnings()) == 1
    assert site.shown()[1] == "0.5\n1.0\n"


def test_a_block_that_does_not_end_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TIME_LIMIT", 3)
    results = run.run(
        ["print(1)", "while True: pass", "print(2)"], as_tested=True, folder=site.root
    )
    assert [result.output for result in results] == ["1\n", "", ""]
    assert [result.error for result in results] == [
        "",
        "it is not done after 3 seconds",
        "it has not been run, because of the one before",
    ]


def test_what_a_block_writes_past_python_does_not_count(site: Site) -> None:
    results = run.run(["import os\nos.write(1, b'x')\nprint(1)"], as_tested=True, folder=site.root)
    assert results == [run.Result("1\n")]


def test_nothing_runs_again_until_a_block_or_the_package_changes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = 0

    def count(*arguments: Any, **options: Any) -> list[run.Result]:
        nonlocal runs
        runs += 1
        return run.run(*arguments, **options)

    monkeypatch.setattr(listings, "run", count)

    def after(change: str = "") -> int:
        if change:
            site.package.write_text(change)
        site.results(["print(1)"], "a/page.md")
        return runs

    assert [after(), after()] == [1, 1]
    assert [after("rate = 1\n"), after()] == [2, 2]
    assert site.results(["print(2)"], "a/page.md")[0].output == "2\n"
    assert runs == 3
    assert len(list((site.root / ".cache" / "blocks").iterdir())) == 1


def test_an_error_is_not_remembered(site: Site) -> None:
    code = ["from pathlib import Path\nprint(Path('late').read_text())"]
    assert site.results(code)[0].error
    (site.root / "late").write_text("here")
    assert site.results(code)[0].output == "here\n"


def test_without_strict_the_new_numbers_are_shown_with_a_warning(site: Site) -> None:
    assert site.warnings() == []
    site.package.write_text("rate = 0.25\n")
    assert site.warnings() == ["docs/page.md:17: this block prints '0.25', the page shows '0.5'"]
    assert site.shown()[1] == "0.25\n0.5\n"


def test_a_strict_build_fails(site: Site) -> None:
    def strict() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        return subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=False)

    assert strict().returncode == 0
    site.page.write_text(PAGE.replace("1.0", "1.1"))
    failed = strict()
    assert failed.returncode == 1
    assert "docs/page.md:18: this block prints '1.0', the page shows '1.1'" in failed.stderr


NEEDY = PAGE.replace(
    "```python\nfrom",
    "<!--pytest-codeblocks:importorskip(torch)-->\n\n```python\nimport torch\nfrom",
)


def install_torch(site: Site, monkeypatch: pytest.MonkeyPatch, factor: float) -> None:
    """Put a package of this name in place of the real one, or of none."""
    folder = site.root / "elsewhere"
    about = folder / f"torch-{factor}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: torch\nVersion: {factor}\n")
    (folder / "torch.py").write_text(f"factor = {factor}\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.syspath_prepend(str(folder))


@pytest.fixture
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let torch not be installed, whether it is or not."""

    find_spec = importlib.util.find_spec

    def find(name: str, package: str | None = None) -> object:
        return None if name == "torch" else find_spec(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    monkeypatch.delenv(listings.REQUIRE, raising=False)


def said(site: Site) -> list[str]:
    """Return what the page says of what its blocks need."""
    html = (site.root / "site" / "page" / "index.html").read_text("utf-8")
    return re.findall(r'<p class="needs">(.*?)</p>', html)


@pytest.mark.usefixtures("no_torch")
def test_without_what_it_needs_a_block_is_shown_as_it_is(site: Site) -> None:
    site.page.write_text(NEEDY.replace("1.0", "2.5"))
    assert site.warnings() == []
    assert site.shown()[1] == "0.5\n2.5\n"
    [note] = said(site)
    assert "needs PyTorch" in note
    assert "<code>pip install torch</code>" in note
    assert "built without PyTorch" in note


def test_with_what_it_needs_a_block_is_compared(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_torch(site, monkeypatch, 3)
    site.page.write_text(NEEDY.replace("2 * rate", "torch.factor * rate"))
    assert site.warnings() == ["docs/page.md:21: this block prints '1.5', the page shows '1.0'"]
    assert site.shown()[1] == "0.5\n1.5\n"
    [note] = said(site)
    assert "needs PyTorch" in note
    assert "compared, while this page was built" in note


def test_another_version_of_what_it_needs_runs_it_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = ["import torch\n\nprint(torch.factor)"]

    def printed(factor: float) -> str:
        shutil.rmtree(site.root / "elsewhere", ignore_errors=True)
        install_torch(site, monkeypatch, factor)
        return site.results(code, needs="torch")[0].output

    assert [printed(3), printed(4), printed(4)] == ["3\n", "4\n", "4\n"]


@pytest.mark.usefixtures("no_torch")
def test_what_has_to_be_installed_is_missed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(listings.REQUIRE, "torch")
    site.page.write_text(NEEDY)
    [warning] = site.warnings()
    assert warning.startswith("docs/page.md:9: this block needs torch, which is not installed")
    assert warning.endswith("BACKPROP_REQUIRE says that it has to be")
    site.page.write_text(PAGE)  # needs nothing
    assert site.warnings() == []


def test_what_has_to_be_installed_and_is_there_is_not_missed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(listings.REQUIRE, "torch")
    install_torch(site, monkeypatch, 3)
    site.page.write_text(NEEDY)
    assert site.warnings() == []

"""What the site needs travels in the wheel, and is enough for another site."""

import os
import re
import subprocess
import sys
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from builds import ROOT, share_cache

from backprop import DISTRIBUTION

SITE, REPO = "https://book.example/", "https://code.example/r"


def built(folder: Path, **env: str) -> ZipFile:
    """Build the wheel where the environment says these addresses, or none."""
    others = {key: os.environ[key] for key in os.environ if key not in ("SITE_URL", "REPO_URL")}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, env={**others, **env}, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return ZipFile(path)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """The package as it is installed."""
    return built(tmp_path_factory.mktemp("wheel"), SITE_URL=SITE, REPO_URL=REPO)


def metadata(wheel: ZipFile) -> Message:
    """What a wheel says of itself."""
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name))


def test_it_has_a_name_of_its_own_which_the_package_knows(wheel: ZipFile) -> None:
    assert metadata(wheel)["Name"] == DISTRIBUTION != "backprop"


def test_its_extras_ask_for_no_other_project(wheel: ZipFile) -> None:
    """An extra that takes in another names the distribution, not the package inside it."""
    needed = metadata(wheel).get_all("Requires-Dist", [])
    names = {re.split(r"[^\w.-]", need)[0].lower() for need in needed}
    assert "lark" in names
    assert "backprop" not in names


def test_it_names_the_addresses_of_its_environment(wheel: ZipFile, tmp_path: Path) -> None:
    urls = dict(url.split(", ") for url in metadata(wheel).get_all("Project-URL", []))
    assert urls == {
        "Documentation": SITE,
        "Source": REPO,
        "Issues": f"{REPO}/issues",
        "Changelog": f"{REPO}/blob/main/CHANGELOG.md",
    }
    assert metadata(built(tmp_path)).get_all("Project-URL") is None


def test_it_holds_each_file_of_the_package_that_git_knows(wheel: ZipFile) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "backprop"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    names = {*listed.stdout.split()}
    assert {"backprop/site/assets/site.js", "backprop/site/assets/site.css"} <= names
    assert names <= {*wheel.namelist()}


def test_it_names_the_plugin(wheel: ZipFile) -> None:
    [entries] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    text = wheel.read(entries).decode()
    assert re.search(r"\[mkdocs\.plugins\]\nbackprop = backprop\.site\.plugin:Plugin\n", text)


PAGE = """# A page

Here $w_5 = {number}$.

```python
from backprop import LECTURE

print(LECTURE.learning_rate)
```

<!--pytest-codeblocks:expected-output-->

```
0.5
```
"""


def test_another_site_needs_nothing_but_the_name_of_the_plugin(
    wheel: ZipFile, tmp_path: Path
) -> None:
    """Without the repository beside it, from what is in the wheel alone."""
    wheel.extractall(tmp_path / "installed")
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Another\ntheme: {name: material, font: false}\nplugins: [backprop]\n"
    )
    share_cache(tmp_path)
    page = tmp_path / "docs" / "index.md"
    front = "---\nbackprop: {example: lecture}\ndescription: A page.\n---\n"

    def site(number: str) -> "subprocess.CompletedProcess[str]":
        page.write_text(front + PAGE.format(number=number))
        path = f"import sys; sys.path[:0] = [{str(tmp_path / 'installed')!r}]; "
        code = f"{path}from mkdocs.__main__ import cli; cli(['build', '--strict'])"
        return subprocess.run(
            [sys.executable, "-P", "-c", code],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    right = site("0.40")
    assert right.returncode == 0, right.stderr
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert '<mrow data-n="0">' in html
    assert "data-live=" in html
    assert html.count('href="assets/site.css"') == 1
    assert html.count('src="assets/site.js" type="module"') == 1
    for name in ("site.js", "site.css", "engine.js", "stix-two-math.woff2"):
        assert (tmp_path / "site" / "assets" / name).stat().st_size, name
    wrong = site("0.41")
    assert wrong.returncode == 1
    assert "docs/index.md:7:13: 0.41 is printed; it stands for w5" in wrong.stderr

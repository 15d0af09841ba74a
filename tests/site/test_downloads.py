"""The notebooks to take along: offered on each page with Python, and right from top to bottom."""
# mypy: untyped-calls-exclude=nbformat

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from builds import ROOT, build, own_warnings, write
from nbclient import NotebookClient

from backprop.pages import reader
from backprop.site import downloads
from backprop.site.inventory import chains
from backprop.site.portable import Site

DOCS = ROOT / "docs"
SITE = Site(lambda _: "", lambda _: b"", lambda *_: "<svg/>")
OURS = re.compile(
    r"^ *(?:!!!|\?\?\?|===[ +!])|<!--|\{: ?[.#]|\{ [.#]|\[\^|^ *</?(?:div|figure|form|script|svg)\b"
    r"|\]\((?!https?:|attachment:)|\{align\*?\}|data-count|^---$|^\*\[",
    re.MULTILINE,
)


def with_python() -> list[str]:
    pages = sorted(DOCS.rglob("*.md"))
    return [
        path.relative_to(DOCS).with_suffix("").as_posix()
        for path in pages
        if any(chain.runs for chain in chains(path.read_text("utf-8")))
    ]


def place(site: Path, name: str) -> Path:
    """Return where the notebook of a page is."""
    folder = site if name == "index" else site / name
    return folder / f"{name.rpartition('/')[2]}.ipynb"


def printed(notebook: Any, folder: Path) -> list[str]:
    """Run a notebook; return what each cell of code writes, errors last.

    The value of a last line is not written: Jupyter shows it, the page does not.
    """
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [
        "".join(
            output.get("text", repr(output))
            for output in sorted(cell.outputs, key=lambda output: output.get("name") == "stderr")
            if output.output_type != "execute_result"
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def differences(text: str, notebook: Any, folder: Path) -> Iterator[str]:
    """Run a page's notebook; yield what is printed otherwise than the page shows.

    On the page each block runs alone, here all run in one go.
    """
    blocks = {line: chain for chain in chains(text) if chain.runs for line in chain.fences}
    outputs = printed(notebook, folder)
    if len(outputs) != len(blocks):
        yield f"{len(outputs)} cells, {len(blocks)} blocks"
        return
    written: dict[int, str] = {}
    for (_, chain), output in zip(sorted(blocks.items()), outputs, strict=True):
        written[chain.fences[0]] = written.get(chain.fences[0], "") + output
    for chain in blocks.values():
        output = written[chain.fences[0]]
        if chain.needs and find_spec(chain.needs) is None:
            found = re.search(r"No module named '(\w+)'", output)
            if not found or find_spec(found[1]) is not None:
                yield f"line {chain.fences[0]}: {output!r} without {chain.needs}"
        elif chain.expected is not None and output != chain.expected:
            yield f"line {chain.fences[0]}: {output!r} for {chain.expected!r}"


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


each_page = pytest.mark.parametrize("name", with_python())


def test_there_are_pages_with_python() -> None:
    assert {"notes", "lecture", "index"} <= {*with_python()}


@each_page
def test_the_notebook_prints_what_the_page_shows(built_site: Path, name: str) -> None:
    text = reader.read(DOCS / f"{name}.md").parts[0].text
    assert not [*differences(text, read(place(built_site, name)), ROOT)]


@each_page
def test_the_notebook_is_well_formed(built_site: Path, name: str) -> None:
    notebook = read(place(built_site, name))
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.language == "python"
    assert [cell.id for cell in notebook.cells] == [
        f"cell-{n + 1}" for n in range(len(notebook.cells))
    ]
    first = notebook.cells[0]
    assert first.cell_type == "markdown"
    assert "pip install" in first.source
    for cell in notebook.cells:
        assert cell.source.strip()
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
        else:
            code = re.compile(
                r"(`+)(?!`).*?\1|<code>.*?</code>|^(?:```|~~~).*?^(?:```|~~~)$",
                re.DOTALL | re.MULTILINE,
            )
            assert not OURS.search(code.sub("", cell.source)), cell.source
            names = set(re.findall(r"\(attachment:([^)]+)\)", cell.source))
            assert names == {*cell.get("attachments", {})}


@each_page
def test_the_page_offers_its_notebook(built_site: Path, name: str) -> None:
    path = place(built_site, name)
    page = BeautifulSoup((path.parent / "index.html").read_text("utf-8"), "html.parser")
    links = page.select(f'a[download][href="{path.name}"]')
    assert len(links) == 2
    assert links[0]["title"] == "Take this page with you as a notebook"
    assert links[1].get_text() == "notebook"


def test_a_notebook_page_is_offered_as_it_is(built_site: Path) -> None:
    for source in DOCS.glob("*.ipynb"):
        assert place(built_site, source.stem).read_bytes() == source.read_bytes()
        page = (built_site / source.stem / "index.html").read_text("utf-8")
        assert page.count(f'href="{source.name}" download') == 2


def test_there_is_a_notebook_for_nothing_else(built_site: Path) -> None:
    made = {path.relative_to(built_site) for path in built_site.rglob("*.ipynb")}
    names = [*with_python(), *(path.stem for path in DOCS.glob("*.ipynb"))]
    assert made == {place(Path(), name) for name in names}


# What breaks is found

PAGE = """# A page

```python
x = {first}
print(x)
```

<!--pytest-codeblocks:expected-output-->

```text
1
```

!!! note "And"

    ```python
    import numpy as np

    print(np.array([1.0]))
    len("a value")
    ```

    <!--pytest-codeblocks:expected-output-->

    ```text
    [1.]
    ```
"""


def made(text: str) -> Any:
    return nbformat.reads(downloads.made(text, "First.", SITE), as_version=4)


def test_a_right_page_has_no_difference(tmp_path: Path) -> None:
    text = PAGE.format(first="1")
    assert not [*differences(text, made(text), tmp_path)]


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("2", "line 3: '2\\n' for '1\\n'"),
        # This is fine on the page, where the next block runs alone.
        (
            "1; import numpy as np; np.set_printoptions(formatter={'float': str})",
            "line 16: '[1.0]\\n' for '[1.]\\n'",
        ),
        ("1; import sys; print('late', file=sys.stderr)", "line 3: '1\\nlate\\n' for '1\\n'"),
    ],
)
def test_a_broken_block_is_found(tmp_path: Path, first: str, found: str) -> None:
    text = PAGE.format(first=first)
    assert [*differences(text, made(text), tmp_path)] == [found]


def test_a_block_that_raises_is_found(tmp_path: Path) -> None:
    text = PAGE.format(first="1 / 0")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        list(differences(text, made(text), tmp_path))


def test_a_block_that_is_lost_is_found(tmp_path: Path) -> None:
    text = PAGE.format(first="1")
    notebook = made(text)
    notebook.cells = [cell for cell in notebook.cells if "numpy" not in cell.source]
    assert [*differences(text, notebook, tmp_path)] == ["1 cells, 2 blocks"]


OPTIONAL = """# A page

<!--pytest-codeblocks:importorskip(torch)-->

```python
{code}
```

<!--pytest-codeblocks:expected-output-->

```text
1
```

```python
print(2)
```

<!--pytest-codeblocks:expected-output-->

```text
2
```
"""


def test_a_cell_whose_need_is_missing_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "find_spec", lambda _: None)
    for code, ok in (("raise ImportError(\"No module named 'torch'\")", True), ("1 / 0", False)):
        text = OPTIONAL.format(code=code)
        notebook = made(text)
        assert notebook.cells[2].metadata.tags == ["raises-exception"]
        assert notebook.cells[3].metadata == {}
        found = [*differences(text, notebook, tmp_path)]
        assert (found == []) is ok
    monkeypatch.setitem(globals(), "find_spec", lambda _: "there")
    text = OPTIONAL.format(code="print(3)")
    assert [*differences(text, made(text), tmp_path)] == ["line 5: '3\\n' for '1\\n'"]


# A small site

INDEX = """---
description: Start.
---
# Start

See [the page](page.md#part), [here](#start) and [elsewhere](https://other.example).

![A picture](a.svg)

```python
from backprop.pages import check
```
"""


def small_site(folder: Path, monkeypatch: pytest.MonkeyPatch, **environment: str) -> Path:
    for name in ("SITE_URL", "REPO_URL"):
        monkeypatch.setenv(name, environment.get(name, ""))
    plain = "---\ndescription: Page.\n---\n# Page\n\n## Part\n\n```console\nls\n```\n"
    config = write(folder, {"index.md": INDEX, "page.md": plain})
    (folder / "docs" / "a.svg").write_text("<svg/>", encoding="utf-8")
    result = build(config, folder / "site")
    assert not own_warnings(result.stderr)
    assert result.returncode == 0, result.stderr
    return folder / "site"


def test_with_an_address_links_lead_to_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(
        tmp_path, monkeypatch, SITE_URL="https://book.example/b/", REPO_URL="https://code.example/r"
    )
    first, text, _ = read(site / "index.ipynb").cells
    assert "[**Start**](https://book.example/b/)" in first.source
    assert '`pip install "backprop-book[check] @ git+https://code.example/r"`' in first.source
    assert "[the page](https://book.example/b/page/#part)" in text.source
    assert "[here](https://book.example/b/#start)" in text.source
    assert "[elsewhere](https://other.example)" in text.source
    assert text.attachments == {"1-a.svg": {"image/svg+xml": "PHN2Zy8+"}}
    assert not (site / "page" / "page.ipynb").exists()
    assert "download" not in (site / "page" / "index.html").read_text("utf-8").partition("<h1")[2]


def test_without_an_address_links_are_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = small_site(tmp_path, monkeypatch)
    first, text, _ = read(site / "index.ipynb").cells
    assert "the page **Start** of" in first.source
    assert "`pip install '.[check]'`" in first.source
    assert "See the page, here and [elsewhere](https://other.example)." in text.source


def test_the_same_page_gives_the_same_bytes() -> None:
    text = PAGE.format(first="1")
    assert downloads.made(text, "First.", SITE) == downloads.made(text, "First.", SITE)


def test_what_is_no_python_is_no_cell() -> None:
    shell = "```console\nls\n```\n\n```bash\nls\n```\n\n```js\na\n```\n"
    assert downloads.made(shell, "First.", SITE) == ""
    cells = json.loads(downloads.made(f"{shell}\n```python\n1\n```\n", "First.", SITE))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code"]

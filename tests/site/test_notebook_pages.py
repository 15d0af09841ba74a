"""An executed notebook becomes a page."""

from pathlib import Path
from typing import Any

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from backprop.site import notebooks, package


@pytest.fixture
def page(tmp_path: Path) -> Page:
    (tmp_path / "a.ipynb").write_text('{"cells": [], "metadata": {}}')
    config = MkDocsConfig()
    config.load_dict({"site_name": "Test", "docs_dir": str(tmp_path)})
    file = File("a.ipynb", str(tmp_path), str(tmp_path / "site"), use_directory_urls=False)
    return Page("A", file, config)


def code(*outputs: dict[str, Any], **metadata: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": "f()", "metadata": metadata, "outputs": [*outputs]}


def shown(page: Page, *cells: dict[str, Any]) -> str:
    return notebooks.to_markdown({"cells": [*cells]}, page)


def test_markdown_is_kept_and_raw_cells_are_not(page: Page) -> None:
    cells = [{"cell_type": kind, "source": f"*{kind}* < $a$"} for kind in ("markdown", "raw")]
    assert shown(page, *cells) == "*markdown* < $a$"


def test_code_and_text(page: Page) -> None:
    stream = {"output_type": "stream", "text": "\x1b[31mred\x1b[0m\n"}
    value = {"output_type": "execute_result", "data": {"text/plain": "1 < 2"}}
    text = shown(page, code(stream, value))
    fence = "`" * 10
    assert f"{fence}python\nf()\n{fence}" in text
    assert "}\nred\n" in text
    assert "}\n1 < 2\n" in text


def test_the_code_of_a_cell_is_folded_where_it_is_tagged(page: Page) -> None:
    cell = code() | {"source": "f()\n\ng()", "metadata": {"tags": ["hide-input"]}}
    fence = "`" * 10
    text = f'??? example "Code"\n\n    {fence}python\n    f()\n\n    g()\n    {fence}'
    assert shown(page, cell) == text
    other = cell | {"metadata": {"tags": ["other"]}}
    assert shown(page, other) == text.partition("\n\n")[2].replace("    ", "")


def test_what_a_busy_kernel_sends_in_two_parts_is_one_output(page: Page) -> None:
    def stream(text: str, name: str = "stdout") -> dict[str, str]:
        return {"output_type": "stream", "name": name, "text": text}

    value = {"output_type": "execute_result", "data": {"text/plain": "3"}}
    whole = shown(page, code(stream("1 is"), stream(" 1\n"), value, stream("2\n")))
    assert whole == shown(page, code(stream("1 is 1\n"), value, stream("2\n")))
    assert whole.count("\n1 is 1\n") == 1
    apart = shown(page, code(stream("1"), stream("2", "stderr")))
    assert "}\n1\n" in apart
    assert "}\n2\n" in apart


def test_html_is_preferred_to_text(page: Page) -> None:
    text = shown(page, code({"data": {"text/html": "<b>1</b>", "text/plain": "1"}}))
    assert text.endswith('<div class="output"><b>1</b></div>')


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"image/svg+xml": '<svg id="a"/>'}, 'aria-label="a &quot;b&quot;"><svg id="plot-1-a"/>'),
        ({"image/png": "AA==\n"}, '<img alt="a &quot;b&quot;" src="data:image/png;base64,AA==">'),
    ],
)
def test_pictures_carry_the_words_of_their_cell(
    page: Page, data: dict[str, str], part: str
) -> None:
    assert part in shown(page, code({"data": {**data, "text/plain": "<Figure>"}}, alt='a "b"'))


def test_a_picture_without_words_is_reported(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    shown(page, code({"data": {"image/png": "AA=="}}))
    assert 'a.ipynb: cell 1 draws a picture and has no "alt" in its metadata' in caplog.text


def test_a_failure_is_explained_on_one_line() -> None:
    failed = CellExecutionError(
        "Cell \x1b[32mIn[3], line 2\x1b[39m\n----> f()\nCell In[1], line 7", "KeyError", "'a\nb'"
    )
    assert notebooks.explain(failed) == "code cell 3, line 2: KeyError: 'a b'"
    assert notebooks.explain(CellTimeoutError("too long\nmore")) == "CellTimeoutError: too long"


def test_the_cache_belongs_to_the_package_and_to_what_is_watched_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, watched = tmp_path / "backprop" / "network.py", tmp_path / "lesson" / "a.py"
    for path in (source, watched):
        path.parent.mkdir()
        path.write_text("a = 1")
    monkeypatch.setattr(package, "PACKAGE", source.parent)
    config = MkDocsConfig()
    config.load_dict({"site_name": "Test", "watch": [str(watched.parent)]})
    config.validate()

    def digest() -> str:
        package.sources.cache_clear()  # as at each build
        return notebooks.digest(config)

    before = digest()
    assert digest() == before
    source.write_text("a = 2")
    changed = digest()
    watched.write_text("a = 3")
    watched_changed = digest()
    source.rename(source.with_name("other.py"))
    assert len({before, changed, watched_changed, digest()}) == 4

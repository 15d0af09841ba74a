"""While the site is served, what has not changed is not made again, and what has is."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builds import write
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.pages import Page

from backprop.site import downloads, reuse, search_index

PAGE = "---\ndescription: {0}.\nbackprop: {{example: lecture}}\n---\n# {0}\n\n{1}\n"
PAGES = {
    "index.md": PAGE.format("Start", "See [the other](other.md#other), and ![words](a.svg)."),
    "other.md": PAGE.format("Other", "Each weight, $w_5 = 0.41$.\n\n```python\nx = 1\n```"),
    "third.md": PAGE.format("Third", "Three."),
}
WRONG = (
    "docs/other.md:7:21: 0.41 is printed; it stands for w5, which is 0.4; print 0.40 "
    "(a new one is written w_5^+)"
)


class Served:
    """A site of three pages, which is built again and again in one process."""

    def __init__(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        self.root, self.log = root, caplog
        self.rendered: list[str] = []
        self.builds = 0
        self.more: dict[str, Any] = {}
        render = Page.render

        def counted(page: Page, *arguments: object) -> None:
            self.rendered.append(page.file.src_uri)
            render(page, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Page, "render", counted)
        write(root, PAGES, strict=False)
        (root / "docs" / "a.svg").write_text("<svg/>")

    def build(self) -> list[str]:
        """Build; return which pages have been rendered."""
        self.rendered.clear()
        self.log.clear()
        self.builds += 1
        with self.log.at_level(logging.WARNING, "mkdocs"):
            build(load_config(str(self.root / "mkdocs.yml"), **self.more))
        return sorted(self.rendered)

    def warnings(self) -> list[str]:
        return [record.getMessage() for record in self.log.records]

    def change(self, name: str, old: str, new: str) -> None:
        path = self.root / "docs" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def files(self) -> dict[str, bytes]:
        """Everything that has been built, but for the date in the map of the site."""
        site = self.root / "site"
        return {
            path.relative_to(site).as_posix(): path.read_bytes()
            for path in site.rglob("*")
            if path.is_file() and not path.name.startswith("sitemap")
        }


@pytest.fixture
def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Served:
    site = Served(tmp_path, monkeypatch, caplog)
    assert site.build() == sorted(PAGES)
    return site


def test_only_the_page_that_has_changed_is_rendered(served: Served) -> None:
    assert served.build() == []
    served.change("third.md", "Three.", "Three and four.")
    assert served.build() == ["third.md"]
    assert b"Three and four." in served.files()["third/index.html"]
    assert b"Three and four." in served.files()["search/search_index.json"]
    assert served.build() == []


def test_the_site_is_the_same_as_one_that_is_built_at_once(served: Served) -> None:
    served.change("other.md", "Each weight", "Every weight")
    served.build()
    again = served.files()
    reuse.made.clear()
    search_index.indexed.clear()
    downloads.notebooks.clear()
    assert served.build() == sorted(PAGES)
    assert served.files() == again
    assert "other/other.ipynb" in again


def test_a_warning_about_a_page_that_has_not_changed_is_said_again(served: Served) -> None:
    served.change("index.md", "#other", "#gone")
    served.change("third.md", "Three.", "$\\unknown$")
    served.build()
    first = served.warnings()
    assert WRONG in first
    assert any("docs/third.md:7: formula" in each for each in first)
    assert any("#gone" in each for each in first)
    assert served.build() == []
    assert sorted(served.warnings()) == sorted(first)


def new_page(served: Served) -> None:
    (served.root / "docs" / "unlisted.md").write_text(PAGE.format("New", "New."))


def new_picture(served: Served) -> None:
    path = served.root / "docs" / "a.svg"
    path.write_text('<svg width="1"/>')
    os.utime(path, ns=(1, 1))


def other_settings(served: Served) -> None:
    served.more["site_url"] = "https://book.example/b/"


@pytest.mark.parametrize("change", [new_page, new_picture, other_settings])
def test_all_pages_are_rendered_where_they_may_depend_on_the_change(
    served: Served, change: Callable[[Served], None]
) -> None:
    change(served)
    assert {*PAGES} <= {*served.build()}
    assert served.build() == []


def test_no_page_is_reused_where_pages_may_include_any_file(served: Served) -> None:
    served.more["markdown_extensions"] = ["pymdownx.snippets"]
    assert served.build() == sorted(PAGES)
    assert served.build() == sorted(PAGES)

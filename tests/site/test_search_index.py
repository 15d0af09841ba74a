"""The words of the search are kept apart, and a theme that does it in another way is told."""

import logging
from pathlib import Path

import pytest
from mkdocs.config.base import load_config
from mkdocs.config.defaults import MkDocsConfig

from backprop.site.search_index import on_post_build, words

WORKERS = "assets/javascripts/workers"
SCRIPT = "t.TokenSet.prototype.toString=function(){for(;i<n;i++){var o=this.edges[s];e=e+s+o.id}}"


@pytest.fixture
def site(tmp_path: Path) -> MkDocsConfig:
    (tmp_path / "docs").mkdir()
    (tmp_path / "site" / WORKERS).mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Words\ntheme: {name: material}\nplugins: [search]\n", "utf-8"
    )
    config = load_config(str(tmp_path / "mkdocs.yml"), site_dir=str(tmp_path / "site"))
    return config.plugins.on_config(config)


def worker(site: MkDocsConfig) -> Path:
    return Path(site.site_dir, WORKERS, "search.0123.min.js")


def test_a_comma_stands_between_the_places_of_words(site: MkDocsConfig) -> None:
    worker(site).write_text(SCRIPT, "utf-8")
    on_post_build(site)
    assert worker(site).read_text("utf-8") == SCRIPT.replace("o.id", 'o.id+","')


def test_the_search_of_the_site_has_it(built_site: Path) -> None:
    [script] = (built_site / WORKERS).glob("search.*.js")
    assert script.read_text("utf-8").count('.id+","}return') == 1


def test_another_naming_is_a_warning(site: MkDocsConfig, caplog: pytest.LogCaptureFixture) -> None:
    worker(site).write_text(SCRIPT.replace("toString", "name"), "utf-8")
    with caplog.at_level(logging.WARNING):
        on_post_build(site)
    assert "search.0123.min.js names the nodes" in caplog.text


def test_another_search_is_left_alone(site: MkDocsConfig) -> None:
    site.plugins.pop("material/search")
    worker(site).write_text(SCRIPT, "utf-8")
    on_post_build(site)
    assert worker(site).read_text("utf-8") == SCRIPT


def test_only_the_buttons_of_a_map_are_left_out_of_the_words() -> None:
    controls = '<section class="bp-controls"><button>Play</button></section>'
    assert words(f"<section><p>Read</p></section>{controls}<p>on</p>") == (
        "<section><p>Read</p></section><p>on</p>"
    )


def test_each_row_of_a_table_is_a_paragraph_of_its_own() -> None:
    rows = '<table><tr class="a"><td>epoch</td><td>a round</td></tr><tr><td>seed</td></tr></table>'
    assert words(rows) == (
        "<table><p><td>epoch</td><td>a round</td></p><p><td>seed</td></p></table>"
    )

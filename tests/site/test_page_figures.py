"""The figures of a page show the page's own givens."""

import json
import re
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.structure.files import File, Files

from backprop.figures.labels import names_of
from backprop.site import pictures
from backprop.site.live import mathml
from backprop.symbolic.notation import LECTURE_NOTATION

FIGURE = '<figure data-figure="values" data-example="lecture">'


def drawn(settings: Any) -> str:
    meta = {} if settings is None else {"backprop": settings}
    return pictures.on_page_content(FIGURE, SimpleNamespace(meta=meta))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "settings",
    [None, "lecture", {"example": "lecture"}, {"example": "notes", "givens": {"w5": -0.3}}],
)
def test_a_figure_shows_its_example(settings: Any) -> None:
    assert ">0.40<" in drawn(settings)


def test_where_the_page_changes_a_given_the_figure_shows_the_new_one() -> None:
    svg = drawn({"example": "lecture", "givens": {"w5": -0.3, "b1_2": 0.9}})
    assert ">\N{MINUS SIGN}0.30<" in svg
    assert ">0.40<" not in svg
    assert ">0.45<" in svg
    assert "0.35, 0.90" in svg


def test_a_linked_figure_of_no_example_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pictures, "report", lambda _page, message, _snippet: said.append(message))
    figure = FIGURE.replace('"lecture">', '"sheep" data-linked>')
    page: Any = SimpleNamespace(meta={})
    assert pictures.on_page_content(figure, page, files=Files([])) == figure
    assert "sheep" in said[0]


def test_givens_that_are_not_understood_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pictures, "report", lambda _page, message, _snippet: said.append(message))
    assert drawn({"example": "lecture", "givens": {"w99": 1}}) == FIGURE
    assert "w99" in said[0]


DEEP: Any = {
    "sizes": [1, 1, 1, 1],
    "givens": {"w1": 1, "w2": 2, "w3": 3, "b1": 0, "b2": 0, "b3": 0, "i1": 1, "target_o1": 0},
}


@pytest.mark.parametrize(("settings", "is_wide"), [(DEEP, True), ({"example": "lecture"}, False)])
def test_a_map_of_several_hidden_layers_moves_sideways(settings: Any, *, is_wide: bool) -> None:
    example = settings.get("example", "page")
    figure = FIGURE.replace("values", "map").replace("lecture", example)
    page: Any = SimpleNamespace(meta={"backprop": settings})
    html = pictures.on_page_content(figure, page)
    assert ('<div class="bp-wide" tabindex="0"><svg' in html) == is_wide


def test_a_map_brings_its_names_as_text_and_as_mathml() -> None:
    figure = FIGURE.replace("values", "map")
    page: Any = SimpleNamespace(meta={"backprop": {"example": "lecture"}})
    html = pictures.on_page_content(figure, page)
    labels = json.loads(unescape(re.findall("<metadata>(.*)</metadata>", html)[0]))["labels"]
    assert labels["w5"] == ["w5", "<msub><mi>w</mi><mn>5</mn></msub>"]
    assert labels["h2"] == ["h2", "<msub><mi>h</mi><mn>2</mn></msub>"]
    for name in ("b2_1", "rate", "net_o1", "E_total"):  # what learns a bias of its own has its name
        [plain, latex] = names_of(LECTURE_NOTATION, "learning_rate" if name == "rate" else name)
        assert labels[name] == [plain, mathml(latex)]
    assert labels["b2_1"][0] == "b2,1"
    assert labels["net_o1"][0] == "net_o1"


def test_a_network_of_no_page_or_section_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pictures, "report", lambda _page, message, _snippet: said.append(message))
    page: Any = SimpleNamespace(meta={})
    texts = {"about.md": "# About\n", "deep.md": "---\nbackprop: {example: lecture}\n---\n# Deep\n"}
    files = Files([File(name, None, "site", use_directory_urls=True) for name in texts])
    for file in files:
        file.content_string = texts[file.src_uri]
    figure = FIGURE.replace('values" ', 'map" data-networks ')

    def drawn_with(**entry: Any) -> str:
        page.meta = {"networks": {"own": {"title": "Own <", **entry}}}
        page.file = files.get_file_from_path("about.md")
        return pictures.on_page_content(figure, page, files=files)

    assert '<template data-network="own" data-title="Own &lt;" data-page' in drawn_with(
        page="deep.md"
    )
    own = {"example": "notes"}
    assert '"example":"own"' in drawn_with(page="about.md", backprop=own)
    assert not said
    for message, entry in {
        "missing.md": {"page": "missing.md"},
        "not on deep.md": {"page": "deep.md", "section": "activations=tanh"},
        "has no network": {"page": "about.md"},
        "expected a title and a page": {},
    }.items():
        assert drawn_with(**entry) == figure
        assert message in said.pop()

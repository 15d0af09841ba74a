"""The checks of the built site find what they are for."""

from pathlib import Path

import pytest
from sitecheck import broken_links, foreign_requests

GOOD = """<html lang="en"><head><link rel="stylesheet" href="/a/site.css">
<link rel="canonical" href="https://elsewhere.example/"></head>
<body><a href="a/">A</a> <a href="a/#here">Here</a> <a href="#top" id="top">Top</a>
<a href="https://elsewhere.example/page">Elsewhere</a> <a href="mailto:a@b.example">Mail</a>
<img src="data:image/png;base64,AA=="></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A tiny site in order."""
    (tmp_path / "a").mkdir()
    (tmp_path / "index.html").write_text(GOOD)
    (tmp_path / "a" / "index.html").write_text('<p id="here"><a href="..">Back</a></p>')
    (tmp_path / "a" / "site.css").write_text("a { background: url('../index.html') }")
    return tmp_path


def test_a_good_site_has_no_finding(site: Path) -> None:
    assert broken_links(site) == []
    assert foreign_requests(site) == []


def test_a_site_that_is_not_published_at_the_root_of_its_host(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://elsewhere.example/book/")
    (site / "index.html").write_text(GOOD.replace("/a/site.css", "/book/a/site.css"))
    (site / "other.html").write_text('<a href="/a/">A</a>')
    assert broken_links(site) == ["other.html: /a/ is not there"]


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        ('<a href="b/">B</a>', "b/ is not there"),
        ('<a href="../outside.html">B</a>', "../outside.html is not there"),
        ('<a href="a/#gone">B</a>', "a/#gone has no such anchor"),
        ('<a href="#gone">B</a>', "#gone has no such anchor"),
        ('<a href="/b.html">B</a>', "/b.html is not there"),
        ('<img src="a/picture.png">', "a/picture.png is not there"),
        ('<img srcset="a/ 1x, b.png 2x">', "b.png is not there"),
        ('<script src="a/code.js"></script>', "a/code.js is not there"),
        ('<svg><use href="#mark"/></svg>', "#mark has no such anchor"),
        ("<style>a { background: url(b.png) }</style>", "b.png is not there"),
    ],
)
def test_a_dead_reference_is_found(site: Path, fault: str, finding: str) -> None:
    (site / "index.html").write_text(GOOD + fault)
    assert broken_links(site) == [f"index.html: {finding}"]


@pytest.mark.parametrize(
    "fault",
    [
        '<script src="https://elsewhere.example/code.js"></script>',
        '<script src="//elsewhere.example/code.js"></script>',
        '<link rel="stylesheet" href="https://elsewhere.example/a.css">',
        '<link rel="preload" href="https://elsewhere.example/a.woff2">',
        '<link rel="preconnect" href="https://elsewhere.example">',
        '<img src="http://elsewhere.example/a.png">',
        '<img srcset="https://elsewhere.example/a.png 2x">',
        '<iframe src="https://elsewhere.example/"></iframe>',
        "<style>@import 'https://elsewhere.example/a.css';</style>",
        '<p style="background: url(https://elsewhere.example/a.png)"></p>',
    ],
)
def test_a_request_to_another_host_is_found(site: Path, fault: str) -> None:
    (site / "index.html").write_text(GOOD + fault)
    (finding,) = foreign_requests(site)
    assert "elsewhere.example" in finding


def test_a_style_sheet_that_asks_another_host_is_found(site: Path) -> None:
    (site / "a" / "site.css").write_text("@font-face { src: url(https://elsewhere.example/f) }")
    assert foreign_requests(site) == ["a/site.css: the style loads https://elsewhere.example/f"]

"""What others read of the site before they open a page: pictures, descriptions, lists of pages."""

import struct
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from builds import ROOT, build, write

ADDRESS = "https://example.org/book/"
PAGES = {
    "index.md": "---\ndescription: Where it begins.\n---\n# Begin\n",
    "group/page.md": '---\ndescription: A page with <signs> & "marks".\n---\n# Page\n',
}
NAV = [{"A group": [{"Start": "index.md"}, "group/page.md"]}]


@pytest.fixture(scope="module", params=[ADDRESS, ""], ids=["with an address", "without"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sharing")
    config = write(folder, PAGES, nav=NAV, site_url=request.param)
    result = build(config, folder / "site")
    assert result.returncode == 0, result.stderr
    return folder / "site"


def has_address(site: Path) -> bool:
    return "Sitemap" in (site / "robots.txt").read_text()


def meta(page: Path) -> dict[str, str]:
    html = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {str(m["property"]): str(m["content"]) for m in html.select("meta[property]")}


def test_a_page_says_how_it_is_shared(site: Path) -> None:
    said = meta(site / "group" / "page" / "index.html")
    assert said["og:description"] == 'A page with <signs> & "marks".'
    assert said["og:title"] == "Page · Backpropagation, worked to the last digit"
    assert ("og:image" in said) is has_address(site)


def test_the_home_page_has_the_name_of_the_site(site: Path) -> None:
    """In its group, too, where MkDocs does not take it for the home page."""
    name = "Backpropagation, worked to the last digit"
    assert meta(site / "index.html")["og:title"] == name
    assert f"<title>{name}</title>" in (site / "index.html").read_text(encoding="utf-8")
    assert f"<title>Page - {name}</title>" in (site / "group/page/index.html").read_text("utf-8")


def test_the_picture_is_there_in_the_size_that_is_asked_for(site: Path) -> None:
    picture = site / "assets" / "sharing.png"
    assert picture.exists() is has_address(site)
    if picture.exists():
        assert meta(site / "index.html")["og:image"] == f"{ADDRESS}assets/sharing.png"
        head = picture.read_bytes()[:24]
        assert head[1:4] == b"PNG"
        assert struct.unpack(">II", head[16:]) == (1200, 630)


def test_search_engines_get_addresses_or_no_sitemap(site: Path) -> None:
    robots = (site / "robots.txt").read_text()
    assert robots.startswith("User-agent: *\nAllow: /\n")
    sitemap = site / "sitemap.xml"
    assert sitemap.exists() is has_address(site)
    if sitemap.exists():
        assert f"Sitemap: {ADDRESS}sitemap.xml" in robots
        assert f"<loc>{ADDRESS}group/page/</loc>" in sitemap.read_text()


def test_language_models_get_the_pages_in_their_groups(site: Path) -> None:
    root = ADDRESS if has_address(site) else ""
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# Backpropagation, worked to the last digit\n\n> ")
    assert text.endswith(
        f"## A group\n\n- [Start]({root or './'}): Where it begins.\n"
        f'- [Page]({root}group/page/): A page with <signs> & "marks".\n'
    )


def test_a_wrong_address_leads_to_the_search_and_the_pages(site: Path) -> None:
    html = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert html.article
    assert html.article.select_one('label[for="__search"]')
    assert [a.get_text() for a in html.article.select("li a")] == ["Start", "Page"]


def test_the_search_dialog_has_a_name(site: Path) -> None:
    html = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    [dialog] = html.select("[role=dialog]")
    assert dialog["aria-label"] == "Search"


def test_another_site_gets_none_of_it_unless_it_asks(tmp_path: Path) -> None:
    plugins = ["search", {"backprop": {"glossary": str(ROOT / "docs" / ".glossary.yml")}}]
    result = build(write(tmp_path, PAGES, nav=NAV, plugins=plugins), tmp_path / "site")
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / "site" / "robots.txt").exists()
    assert not meta(tmp_path / "site" / "index.html")

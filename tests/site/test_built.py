"""The site as a reader gets it."""

import copy
import json
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import Tag
from fontTools.ttLib import TTFont
from sitecheck import broken_links, foreign_requests, pages, soup

from backprop.site import mathfont

BUDGET = 150_000  # bytes of HTML of a notebook's page, its plots aside


def articles(site: Path) -> dict[str, Tag]:
    """The content of each page that an author wrote, by its path."""
    found = {str(page.relative_to(site)): soup(page).article for page in pages(site)}
    return {name: article for name, article in found.items() if article and name != "404.html"}


def test_links_images_and_anchors_resolve(built_site: Path) -> None:
    assert broken_links(built_site) == []


def test_nothing_is_asked_of_another_host(built_site: Path) -> None:
    assert foreign_requests(built_site) == []


def test_each_page_describes_itself_in_its_language(built_site: Path) -> None:
    descriptions = []
    for name in articles(built_site):
        page = soup(built_site / name)
        assert page.select('html[lang="en"]'), name
        meta = page.select_one('meta[name="description"]')
        assert meta is not None, name
        descriptions.append(str(meta["content"]))
    assert all(descriptions)
    assert len(set(descriptions)) == len(descriptions)


def test_each_page_has_one_title_and_no_id_twice(built_site: Path) -> None:
    for name, article in articles(built_site).items():
        assert len(article.find_all("h1")) == 1, name
        ids = [str(element["id"]) for element in soup(built_site / name).find_all(id=True)]
        assert sorted(ids) == sorted(set(ids)), name


def test_notebooks_stay_small_besides_their_plots(built_site: Path) -> None:
    notebooks = [path.stem for path in Path("docs").rglob("*.ipynb")]
    assert notebooks
    for name in notebooks:
        page = copy.copy(soup(built_site / name / "index.html"))
        for plot in page.select(".output.picture"):
            plot.decompose()
        assert len(str(page).encode()) < BUDGET, name


def test_math_is_mathml(built_site: Path) -> None:
    formulas = 0
    for name, article in articles(built_site).items():
        html = (built_site / name).read_text(encoding="utf-8")
        for formula in re.findall(r"<math\b.*?</math>", html, re.DOTALL):
            ET.fromstring(formula)  # noqa: S314 - our own; fails on markup that is not well-formed
            formulas += 1
        prose = copy.copy(article)
        for code in prose.select("pre, code, svg"):
            code.decompose()
        assert not prose.select(".arithmatex"), name
        assert not re.search(r"\\[(\[a-z]|\$\$", prose.get_text()), name
    assert formulas


def test_no_closing_mark_has_a_space_before_it(built_site: Path) -> None:
    """A comment in the source may leave one behind."""
    for name, article in articles(built_site).items():
        prose = copy.copy(article)
        for part in prose(["pre", "svg", "table", "template"]):
            part.decompose()
        for part in prose(["code", "math"]):
            part.replace_with("x")
        words = " ".join(prose.get_text().split())
        assert re.findall(r".{0,30} [),.;:!?](?!\w)|\( .{0,30}", words) == [], name


def test_pictures_have_words(built_site: Path) -> None:
    for name, article in articles(built_site).items():
        for picture in article.find_all("img"):
            assert picture.get("alt"), name
        for picture in article.select("figure > svg, .output.picture:has(svg)"):
            # What an image holds is not read out, and so it must hold no link.
            assert picture.get("role") == ("group" if picture.select("a") else "img"), name
            assert picture.get("aria-label") or picture.get("aria-labelledby"), name


@pytest.mark.parametrize(
    ("name", "most"), [(mathfont.COMMON_FONT, 40_000), (mathfont.FONT, 120_000)]
)
def test_the_math_fonts_are_small_whole_and_credited(
    built_site: Path, name: str, most: int
) -> None:
    data = (built_site / name).read_bytes()
    font = TTFont(BytesIO(data))
    assert len(data) < most
    assert "MATH" in font
    assert "GSUB" in font
    assert {*"axE019+= ", "\u2202", "\u2211", "\u0302", "\u210e", "\U0001d465"} <= {
        chr(code) for code in font.getBestCmap()
    }
    credit = (built_site / mathfont.LICENSE).read_text(encoding="utf-8")
    assert "The STIX Fonts Project Authors" in credit
    assert "SIL Open Font License" in credit


def test_the_search_index_holds_words_and_formulas_but_no_drawings(built_site: Path) -> None:
    index = json.loads((built_site / "search" / "search_index.json").read_text(encoding="utf-8"))
    text = " ".join(entry["text"] for entry in index["docs"])
    assert "backpropagation" in text
    assert re.search(r"w5\b", text)
    assert "<svg" not in text
    assert not re.search(r"<m(ath|i|o|n|row)\b", text)

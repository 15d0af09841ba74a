"""The worked examples to take along, as the site offers them."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from sitecheck import soup

from backprop import EXAMPLES
from backprop.site.spreadsheets import downloads


def test_each_example_is_there_as_a_spreadsheet_and_as_a_table(built_site: Path) -> None:
    files = {path.name: path.read_bytes() for path in (built_site / "downloads").glob("*.[xc]*")}
    assert {*files} == {f"{name}.{kind}" for name in EXAMPLES for kind in ("xlsx", "csv")}
    assert files == downloads()


@pytest.mark.parametrize("name", EXAMPLES)
def test_they_open(built_site: Path, name: str) -> None:
    book = openpyxl.load_workbook(built_site / "downloads" / f"{name}.xlsx")
    assert book.sheetnames[0] == "Givens"
    assert "100" in {str(cell.value) for cell in book["Rounds"]["A"]}
    content = (built_site / "downloads" / f"{name}.csv").read_bytes()
    # A spreadsheet program takes the letters for UTF-8 only if the file begins with this mark.
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {"net_h1", "w8+", "learning_rate"} <= {row["name"] for row in rows}


@pytest.mark.parametrize(
    ("page", "names"),
    [("lecture", ["lecture"]), ("notes", ["notes"]), ("every-weight", ["lecture", "notes"])],
)
def test_pages_lead_to_them(built_site: Path, page: str, names: list[str]) -> None:
    links = {
        str(a["href"]) for a in soup(built_site / page / "index.html").find_all("a", href=True)
    }
    for name in names:
        assert {f"../downloads/{name}.xlsx", f"../downloads/{name}.csv"} <= links

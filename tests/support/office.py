"""Workbooks as a spreadsheet program computes them."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from backprop.export.spreadsheet import Rounds, Sheets
from backprop.symbolic.graph import Graph
from backprop.symbolic.notation import NOTATIONS

ROUNDS = 12
CLOSE = 1e-12
# Or the program would show the numbers that are stored beside the formulas.
ALWAYS_COMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def computed_by_office(files: Mapping[str, bytes], folder: Path) -> dict[str, Any]:
    """Return workbooks with what LibreOffice computes, all in one run of it."""
    program = shutil.which("soffice")
    if program is None:
        assert not os.environ.get("CI"), "LibreOffice is missing: libreoffice-calc-nogui"
        pytest.skip("LibreOffice, which computes the spreadsheets, is not installed")
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(ALWAYS_COMPUTE, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    subprocess.run(
        [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        + ["--convert-to", "xlsx", "--outdir", str(folder / "out")]
        + [str(folder / f"{name}.xlsx") for name in files],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {
        name: openpyxl.load_workbook(folder / "out" / f"{name}.xlsx", data_only=True)
        for name in files
    }


def expected(
    graph: Graph, rate: Decimal, letters: str, rounds_shown: int = ROUNDS
) -> Iterator[tuple[str, int, int, float]]:
    """Yield the sheet, row and column of each number, and what the package finds."""
    sheets = Sheets(graph, rate, NOTATIONS[letters])
    tables = (sheets.givens(), sheets.forward(), sheets.error(), sheets.backward(), sheets.update())
    names = ("Givens", "Forward pass", "Error", "Backward pass", "Update")
    for name, cells in zip(names, tables, strict=True):
        for row, cell in enumerate(cells, start=4):
            yield name, row, 2, float(cell.value)
    rounds = Rounds(sheets)
    for done, values in enumerate(rounds.values(rounds_shown)):
        yield "Rounds", done + 2, 1, done
        for name, value in values.items():
            yield "Rounds", done + 2, rounds.columns[name] + 1, float(value)


def wrong_cells(
    book: Any, numbers: Iterator[tuple[str, int, int, float]], near: float = 0.0
) -> list[str]:
    """Return the cells that do not hold what they should, and those that nothing is known of.

    Args:
        book: the cells.
        numbers: what they should hold.
        near: how far off a number may be besides, since small ones are differences of large ones.
    """
    wrong, left = [], {
        (sheet.title, cell.row, cell.column)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, int | float)
    }  # fmt: skip
    for sheet, row, column, number in numbers:
        left.discard((sheet, row, column))
        found = book[sheet].cell(row, column).value
        if not isinstance(found, int | float) or abs(found - number) > CLOSE * abs(number) + near:
            wrong.append(f"{sheet} {row},{column}: {found} for {number}")
    return wrong + [f"{place}: unknown" for place in sorted(left)]

"""The errata are made from the data, and nothing in it is left out."""

import re
from decimal import Decimal

import pytest
from printed import DOCS, SOURCES, unit

from backprop.pages.check import check
from backprop.pages.errata import DECIMAL, Entry, Error, Source, errors
from backprop.pages.reader import read

PAGE = DOCS / "errata.md"
TEXT = read(PAGE).parts[0].text
MARKS = re.findall(r"<!-- made by errors: (.*) -->", PAGE.read_text("utf-8"))
GROUPS = [(name, group) for name, _, group in (mark.partition(", ") for mark in MARKS)]
LISTS = {group: f"\n{errors(mark, DOCS)}\n" for group, mark in zip(GROUPS, MARKS, strict=True)}
OUTPUT = re.compile(r"expected-output-->\n\n```\n(.*?)```", re.DOTALL)
ERRORS = [
    pytest.param(source, entry, error, id=f"{entry.id}: {error.kind}, {error.printed}")
    for source in SOURCES
    for entry, error in source.errors
]
REPRODUCED = [
    pytest.param(source, error, id=f"{entry.id}: {error.printed}")
    for source in SOURCES
    for entry, error in source.errors
    if error.reproduced_by
]


def test_each_group_has_one_list() -> None:
    groups = {(source.name, error.group) for source in SOURCES for _, error in source.errors}
    assert sorted(GROUPS) == sorted(groups)


@pytest.mark.parametrize(("source", "entry", "error"), ERRORS)
def test_each_error_is_listed(source: Source, entry: Entry, error: Error) -> None:
    content = LISTS[source.name, error.group]
    if error.truth:
        rows = [row.split(" | ") for row in content.split("\n") if row.startswith("| ")]
        why = f"{error.kind.capitalize()}: {error.cause}"
        assert [
            row
            for row in rows
            if error.printed == row[0].removesuffix(" <!-- exempt: as printed -->").strip("|$ ")
            and DECIMAL.findall(error.right)[-1] in row[1]
            and entry.where in row[2]
            and (why in row[2] or f"\n{why}.\n" in content)
        ]
    else:
        pattern = re.compile(
            rf"- \*\*{error.kind.capitalize()}[^*]*:\*\* {re.escape(error.cause)}\n"
        )
        assert any(
            entry.where in item.split("**")[0]
            and error.printed in item.split("- **Right:**")[0]
            and pattern.search(item + "\n")
            for item in content.split("\n**")
        )


@pytest.mark.parametrize("group", LISTS)
def test_nothing_else_is_listed(group: tuple[str, str]) -> None:
    [source] = [source for source in SOURCES if source.name == group[0]]
    errors = [error for _, error in source.errors if error.group == group[1]]
    rows = [row for row in LISTS[group].split("\n") if row.startswith("| ")][2:]
    wheres = [row.split(" | ")[2].split(". ")[0].removesuffix(" |") for row in rows]
    places = [place for where in wheres for place in where.split("; ")]
    assert sum(1 + place.endswith(", twice") for place in places) == sum(
        error.times for error in errors if error.truth
    )
    listed = 0
    for item in LISTS[group].split("\n**")[1:]:
        whys = re.findall(r"(?m)^- \*\*(?!Printed|Right)[^*]*?(, twice)?:\*\*", item)
        listed += len(item.split("**")[0].split("; ")) * sum(1 + bool(twice) for twice in whys)
    assert listed == sum(not error.truth for error in errors)


@pytest.mark.parametrize(("source", "error"), REPRODUCED)
def test_the_page_shows_how_a_wrong_figure_comes_about(source: Source, error: Error) -> None:
    notes, lecture = TEXT.split("## The lecture\n")
    [*_, printed] = map(Decimal, DECIMAL.findall(error.printed))
    shown = "".join(OUTPUT.findall({"notes": notes, "lecture": lecture}[source.name]))
    near = (abs(Decimal(each) - printed) <= unit(printed) / 2 for each in DECIMAL.findall(shown))
    assert any(near)


@pytest.mark.parametrize("group", LISTS)
def test_each_list_is_on_the_page(group: tuple[str, str]) -> None:
    assert LISTS[group] in TEXT


def test_the_checker_finds_nothing_and_what_is_exempt_is_as_printed() -> None:
    checked = check(PAGE)
    assert [str(finding) for finding in checked.findings] == []
    assert {mark.reason for mark in checked.page.exemptions} == {"as printed"}

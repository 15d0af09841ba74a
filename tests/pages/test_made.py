"""What code makes stands on a page wherever it is read, and in its file only the mark does."""

import json
import re
from pathlib import Path

import pytest
from our_pages import our_page

from backprop.pages import made
from backprop.pages.check import Checked, check, check_page, check_text
from backprop.pages.commands import pages_in
from backprop.pages.fix import fix
from backprop.pages.page import Edit, Page
from backprop.pages.reader import read, read_text
from backprop.pages.render import changes_in, render
from backprop.pages.terminal import excerpt
from backprop.symbolic.explain import explanation

DOCS = Path(__file__).parents[2] / "docs"
FRONT = "---\nbackprop: {example: lecture}\n---\n"
W5 = "<!-- made by explain: lecture w5 -->"
PAGE = f"{FRONT}# A\n\nHere $i_1 = 0.05$.\n\n{W5}\n\nHere $i_2 = 0.1$.\n"
MARKED = [path for path in pages_in(DOCS) if (page := our_page(path)).made or page.unmade]
SOURCE = """
settings: {example: lecture, notation: lecture}
kinds: {truncated: cut off}
equations:
  - {where: Here, line: 1, as: row, printed: 'E = 0.1', errors: [%s]}
"""
ERROR = (
    "{kind: truncated, group: all, printed: '0.1', right: '0.2', cause: %s, "
    "truth: 'value(\"E_total\")'}"
)


def found(checked: Checked) -> list[str]:
    return [str(finding) for finding in checked.findings]


def read_beside(folder: Path, page: str, **files: str) -> Page:
    """Read a page in a folder in which files stand, too; `_` is a dot or a slash in their names."""
    (folder / ".sources").mkdir()
    for name, text in files.items():
        (folder / name.replace("__", "/").replace("_", ".")).write_text(text, encoding="utf-8")
    (folder / "a.md").write_text(page, encoding="utf-8")
    return read(folder / "a.md")


def test_what_is_made_is_read_like_all_else() -> None:
    page = read_text(PAGE, "a.md")
    derivation = explanation("lecture", "w5", as_latex=True)
    assert f"\n\n{derivation}\n\n" in page.parts[0].text
    assert "made by" not in page.parts[0].text
    assert page.file == PAGE
    whole = PAGE.replace(W5, derivation)
    assert [math.latex for math in page.math] == [math.latex for math in read_text(whole, "").math]
    assert found(check_page(page)) == []
    assert len(check_page(page).bound) == len(check_text(whole, "").bound) > 10


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_it_stands_as_far_in_as_its_mark(newline: str) -> None:
    text = f"{FRONT}# A\n\n??? note\n\n    {W5}\n\nEnd\n".replace("\n", newline)
    whole = read_text(text, "a.md").parts[0].text
    inside = whole.partition("note")[2].partition("End")[0]
    assert all(line.startswith("    ") or not line.strip() for line in inside.splitlines())
    assert len(re.findall(r"(?<!\r)\n", whole)) == (0 if newline == "\r\n" else whole.count("\n"))
    assert len(read_text(text, "a.md").math) > 10


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.name)
def test_each_mark_of_our_pages_has_its_part(path: Path) -> None:
    page = read(path)
    assert page.unmade == []
    written = read(path, complete=False).comments
    assert len(page.made) == sum(comment.text.startswith("made by ") for comment in written)


def test_each_maker_is_used() -> None:
    used = {part.maker for path in MARKED for part in our_page(path).made}
    assert used | {"explain"} == {*made.MAKERS}  # the pages of the look-up use this one


# Marks that nothing can be made of


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        (
            "<!-- made by sheep: x -->",
            "made by: 'sheep' (str) came",
        ),
        ("<!-- made by explain -->", "expected a maker and its arguments, as in made by explain: "),
        ("<!-- made by explain: -->", "expected a maker and its arguments"),
        (f"Text {W5}", "expected the mark alone in a line of a Markdown page"),
        (f"{W5} text", "expected the mark alone in a line of a Markdown page"),
        (f"> {W5}", "expected the mark alone in a line of a Markdown page"),
        (
            "<!-- made by explain: sheep w5 -->",
            "explain: example: 'sheep' (str) came",
        ),
        ("<!-- made by explain: lecture w99 -->", "explain: "),
        (
            "<!-- made by explain: lecture b1 thawed -->",
            "explain: biases: 'thawed' (str) came, expected",
        ),
        (
            "<!-- made by code: sheep x -->",
            "code: module: 'sheep' (str) came",
        ),
        (
            "<!-- made by code: ../noxfile x -->",
            "code: module: '../noxfile' (str) came",
        ),
        (
            "<!-- made by code: autodiff sheep -->",
            "code: autodiff: 'sheep' (str) came",
        ),
        ("<!-- made by names: sheep words -->", "names: name: 'sheep' (str) came"),
        (
            "<!-- made by all_names: sheep -->",
            "all_names: names: 'sheep' (str) came",
        ),
        (
            "<!-- made by quantities: sheep -->",
            "quantities: example: 'sheep' (str) came",
        ),
        (
            "<!-- made by readers: sheep: E 1 -->",
            "readers: group: 'sheep' (str) came",
        ),
        (
            "<!-- made by readers: notes: E 2 -->",
            "readers: column: 'E 2' (str) came",
        ),
        (
            "<!-- made by readers: notes -->",
            "readers: column: '' (str) came",
        ),
        (
            "<!-- made by errors: sheep, all -->",
            "errors: source: 'sheep' (str) came",
        ),
        (
            "<!-- made by count: ../a -->",
            "count: source: '../a' (str) came",
        ),
        (
            "<!-- made by glossary: sheep -->",
            "glossary: words: 'sheep' (str) came",
        ),
        ("<!-- made by glossary: terms -->", "glossary: .glossary.yml: No such file or directory"),
    ],
)
def test_a_mark_that_nothing_can_be_made_of_is_a_finding(mark: str, reason: str) -> None:
    column = mark.index("<!--") + 1
    page = read_text(f"{FRONT}# A\n\n{mark}\n\nHere $i_1 = 0.06$.\n", "a.md")
    first, second = found(check_page(page))
    assert first.startswith(f"a.md:6:{column}: nothing is made here: {reason}")
    assert second.startswith("a.md:8:13: 0.06 is printed")
    assert page.made == []


def test_a_mark_in_a_notebook_is_a_finding() -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"A\n\n{W5}\n"}
    notebook = json.dumps({"cells": [cell], "metadata": {}})
    [finding] = found(check_text(notebook, "a.ipynb"))
    assert finding.startswith("a.ipynb:cell 1:3:1: nothing is made here: expected the mark alone")


def test_a_mark_in_code_is_none() -> None:
    page = read_text(f"```text\n{W5}\n```\n\n`{W5}`\n", "a.md")
    assert (page.made, page.unmade) == ([], [])


def test_a_page_has_no_more_parts_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "MOST_PARTS", 2)
    page = read_text(f"{FRONT}{f'{W5}{chr(10)}' * 4}", "a.md")
    assert len(page.made) == 2
    assert [mark.reason for mark in page.unmade] == [
        "one more part came, expected at most 2 on a page"
    ] * 2
    assert [line.split(":")[1] for line in found(check_page(page))] == ["6", "7"]


def test_the_parts_are_no_longer_than_they_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    length = len(explanation("lecture", "w5", as_latex=True)) + 2
    monkeypatch.setattr(made, "MOST_CHARACTERS", length)
    page = read_text(f"{W5}\n{W5}\n", "a.md")
    assert len(page.made) == 1
    [mark] = page.unmade
    assert mark.reason.startswith(f"the parts have {2 * length:,} characters with this one, expect")


# Places


def test_places_behind_a_part_are_those_of_the_file() -> None:
    [finding] = found(check_text(PAGE.replace("= 0.1", "= 0.2"), "a.md"))
    assert finding.startswith("a.md:10:13: 0.2 is printed; it stands for i2")


def test_a_finding_in_a_part_is_at_its_mark() -> None:
    page = read_text(PAGE.replace("}", ", givens: {w5: 0.41}}", 1), "a.md")
    checked = check_page(page)
    assert checked.findings
    for finding in checked.findings:
        assert str(finding).startswith("a.md:8:1: in what explain makes: ")
        assert finding.instead == ""
        assert W5 in excerpt(finding, page)


def test_a_part_that_cannot_be_read_is_an_error_at_its_mark(tmp_path: Path) -> None:
    text = f"{FRONT}# A\n\nText\n\n<!-- made by errors: x, all -->\n"
    data = SOURCE % "{kind: k, group: all, printed: '0.1', right: '0.2', cause: \"\\n\\n```\\n\"}"
    page = read_beside(tmp_path, text, _sources__x_yaml=data)
    assert [str(page.place(each.part, each.start)) for each in page.faults] == ["8:1"]


# Writing


def test_fix_writes_around_a_part_and_never_in_it() -> None:
    wrong = PAGE.replace("= 0.1", "= 0.11").replace("= 0.05", "= 0.06")
    fixed = fix(read_text(wrong, "a.md"))
    assert fixed.checked.page.file == PAGE.replace("= 0.1$", "= 0.10$")
    assert [str(place) for place, _ in fixed.changes] == ["6:13", "10:13"]
    other = PAGE.replace("}", ", givens: {w5: 0.41}}", 1)
    assert fix(read_text(other, "a.md")).changes == []


def test_an_edit_in_a_part_is_refused() -> None:
    page = read_text(PAGE, "a.md")
    [part] = page.made
    with pytest.raises(ValueError, match="edits: one in what explain makes came, expected none"):
        page.edited([Edit(0, part.start + 5, part.start + 6, "x")])


def test_render_writes_out_what_is_made_and_names_places_of_the_file() -> None:
    page = read_text(f"{PAGE}\n0.5 <!-- exempt: given -->\n", "a.md")
    rendered = render(page, changes_in(["w5=0.41"], page), "b.md", run=False)
    assert rendered.missed == ["a.md:12:1: exempt: given"]
    text = rendered.checked.page.file
    assert "made by" not in text
    assert "&= 0.41 - 0.5 \\times" in text
    assert found(rendered.checked) == []
    assert len(rendered.checked.bound) == len(check_page(page).bound)


# Data beside the page


def test_errors_are_read_from_beside_the_page(tmp_path: Path) -> None:
    text = "<!-- made by errors: x, all -->\n\n<!-- made by count: x -->\n"
    page = read_beside(tmp_path, text, _sources__x_yaml=SOURCE % (ERROR % "why"))
    assert "Truncated: why." in page.parts[0].text
    assert "| $0.1$ <!-- exempt: as printed --> |" in page.parts[0].text
    assert "We went through 1 equations and figures" in page.parts[0].text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("{", ".sources/x.yaml is not understood: ParserError: "),
        ("[]", ".sources/x.yaml is not understood: TypeError: "),
        ("equations: []", ".sources/x.yaml is not understood: KeyError: 'settings'"),
        (SOURCE % "{sheep: 1}", ".sources/x.yaml is not understood: TypeError: "),
        (SOURCE.replace("notation: lecture", "notation: x") % "", ".sources/x.yaml is not unders"),
        (SOURCE % (ERROR % "why").replace("value(", "("), "truth: '(\"E_total\")' came, expected"),
        (SOURCE % (ERROR % "why").replace("value(", "value(("), ".sources/x.yaml, all: SyntaxErro"),
        (SOURCE % (ERROR % "why").replace("right: '0.2'", "right: ''"), ".sources/x.yaml, all: "),
        (
            SOURCE % (ERROR % "why").replace("all", "some"),
            "group: 'all' (str) came",
        ),
        (SOURCE % "" + "#" * 200_000, "x.yaml: it is longer than 200,000 bytes"),
    ],
)
def test_data_that_is_not_understood_is_a_finding(tmp_path: Path, data: str, reason: str) -> None:
    page = read_beside(tmp_path, "<!-- made by errors: x, all -->\n", _sources__x_yaml=data)
    [mark] = page.unmade
    assert reason in mark.reason
    assert "\n" not in mark.reason


GLOSSARY = "terms: {delta: a slope, error: a number}\nunmarked: []\nothers: {}\n"
MKDOCS = "nav: [a.md, {Group: [b.md]}, '../c.md', 'https://a.b/']\nx: !ENV [A, B]\n"


def glossary(folder: Path, words: str, settings: str) -> Page:
    docs = folder / "docs"
    docs.mkdir()
    (folder / "mkdocs.yml").write_text(settings)
    (docs / "b.md").write_text("# B\n\n## The step\n\nA **delta** is.\n")
    return read_beside(docs, "<!-- made by glossary: terms -->\n", _glossary_yml=words)


def test_the_glossary_links_each_word_to_where_it_is_first_explained(tmp_path: Path) -> None:
    page = glossary(tmp_path, GLOSSARY, MKDOCS)
    assert page.unmade == []
    assert "| [delta](b.md#the-step) | a slope |\n| error | a number |" in page.parts[0].text


def test_a_word_of_the_glossary_may_look_like_a_number(tmp_path: Path) -> None:
    page = glossary(tmp_path, "terms: {1: 2}\nunmarked: []\nothers: {}\n", MKDOCS)
    assert "| 1 | 2 |" in page.parts[0].text


@pytest.mark.parametrize(
    ("words", "settings", "reason"),
    [
        ("{", MKDOCS, ".glossary.yml is not understood: "),
        ("[]", MKDOCS, ".glossary.yml is not understood: TypeError: "),
        ("terms: {}", MKDOCS, ".glossary.yml is not understood: KeyError: 'unmarked'"),
        (GLOSSARY, "[]", "mkdocs.yml: no nav came, expected it to name the pages"),
        (GLOSSARY, "nav: [c.md, d.md]", "mkdocs.yml: nav: "),
    ],
)
def test_a_glossary_that_is_not_understood_is_a_finding(
    tmp_path: Path, words: str, settings: str, reason: str
) -> None:
    [mark] = glossary(tmp_path, words, settings).unmade
    assert reason in mark.reason


CHANGELOG = "# Changes\n\nNewest first.\n\n## 1\n\n- A [page](docs/b.md) more.\n"


def test_the_changes_are_shown_without_their_title_and_lead_to_pages(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    page = read_beside(docs, "# What is new\n\n<!-- made by changes: CHANGELOG.md -->\n")
    _, _, shown = page.parts[0].text.partition("# What is new\n")
    assert shown.strip() == "Newest first.\n\n## 1\n\n- A [page](b.md) more."


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("CHANGELOG.md", "changes: CHANGELOG.md: No such file or directory"),
        ("../secret.md", "changes: file: '../secret.md' (str) came, expected one of CHANGELOG.md"),
    ],
)
def test_no_changes_and_no_other_file_are_a_finding(tmp_path: Path, name: str, reason: str) -> None:
    [mark] = read_beside(tmp_path, f"<!-- made by changes: {name} -->\n").unmade
    assert mark.reason == reason


# Code of the package


def test_code_imports_what_it_uses_of_its_module(tmp_path: Path) -> None:
    text = "<!-- made by code: autodiff tape backpropagate -->\n"
    [code] = read_beside(tmp_path, text).code
    assert code.text.startswith("from backprop.autodiff import Scalar\n\n\ndef tape(")
    exec(code.text, {})  # noqa: S102  # our own package


def test_findings_of_our_marked_pages_are_none() -> None:
    assert [line for path in MARKED for line in found(check(path))] == []

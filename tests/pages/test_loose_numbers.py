"""Numbers in every form in which a page shows them outside of its formulas are found."""

import re
from pathlib import Path

import pytest
import yaml
from builds import ROOT

from backprop.formulas.kinds import Kind
from backprop.pages.check import check_text
from backprop.pages.seen import Seen

FRONT = "---\nbackprop: {example: lecture}\n---\n"


def loose(text: str, front: str = FRONT) -> list[str]:
    """What stands outside of formulas, as the page prints it."""
    found = [
        finding
        for finding in check_text(front + text, "page.md").findings
        if finding.kind is Kind.LOOSE_NUMBER
    ]
    return [finding.message.partition(" st")[0].partition(" touches")[0] for finding in found]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It is 3 \u00d7 10⁻⁵ here.", "3 \u00d7 10⁻⁵"),
        ("It is 3·10⁻⁵ here.", "3·10⁻⁵"),
        ("It is 3 x 10^-5 here.", "3 x 10^-5"),
        ("It is \u221210⁻⁵ here.", "\u221210⁻⁵"),
        ("It is 3.5 \u00d7 10⁻⁵ here.", "3.5 \u00d7 10⁻⁵"),
        ("About ¾ of it.", "¾"),
        ("About 2½ of it.", "2½"),
        ("About ⅘ of it.", "⅘"),
        ("It fell by 75 %.", "75 %"),
        ("It fell by 75%.", "75%"),
        ("It fell by 75 per cent.", "75 per cent"),
        ("It fell by 75 percent.", "75 percent"),
        ("It fell by 5 ‰.", "5 ‰"),
        ("It is 0,26 there.", "0,26"),
        ("It is \u22120,26 there.", "\u22120,26"),
        ("It is 0. 26 there.", "0. 26"),
        ("| a |\n| --- |\n| 0,26 |\n", "0,26"),
        ('<input value="0.26">', "0.26"),
        ('<input type="text" placeholder="such as 0.26">', "0.26"),
        ('<meter value="0.26">a quarter</meter>', "0.26"),
        ('<datalist><option value="0.26"></datalist>', "0.26"),
        ('<progress value="0.26"></progress>', "0.26"),
        ("<select><option>0.26</option></select>", "0.26"),
        ('<select><option label="0.26">a</option></select>', "0.26"),
        ('<select><optgroup label="0.26"><option>a</option></optgroup></select>', "0.26"),
        ("<meter>0.26</meter>", "0.26"),
        ("<textarea>0.26</textarea>", "0.26"),
    ],
)
def test_a_number_outside_of_formulas_is_found(text: str, number: str) -> None:
    assert loose(text + "\n") == [number]


@pytest.mark.parametrize(
    "after",
    ["x 10", "\u00d710⁻⁵", "million", "billion", "thousand", "per cent", "percent", "hundredths"],
)
def test_what_goes_on_behind_a_formula_is_found(after: str) -> None:
    assert loose(f"It is $w_1 = 0.15$ {after} here.\n")


@pytest.mark.parametrize(
    "text",
    [
        "Layers 1,2 and 3, or 10,000 rounds of 1,000,000.",
        "The bias is 0. Two neurons follow.",
        "The first 10 of 100 are 3 x 3 tables.",
        "It is $w_1 = 0.15$ x here, and a millionaire has $w_1 = 0.15$.",
        '<input type="hidden" value="0.26">',
        '<a data-value="0.26" href="a.md">a</a>',
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert loose(text + "\n") == []


@pytest.mark.parametrize("key", ["title", "description", "subtitle", "summary", "abstract"])
def test_what_the_front_matter_says_of_a_page_is_read(key: str) -> None:
    front = FRONT.replace("---\n", f"---\n{key}: It falls to 0.26\n", 1)
    assert loose("Text.\n", front) == ["0.26"]


def texts(node: object) -> list[str]:
    """All that is written in a file of settings."""
    if isinstance(node, dict):
        return [text for pair in node.items() for each in pair for text in texts(each)]
    if isinstance(node, list):
        return [text for each in node for text in texts(each)]
    return [str(node)]


def decimals(source: str) -> list[str]:
    """The numbers in the texts of a file of settings, whose tags are left aside."""
    said = texts(yaml.load(source, yaml.BaseLoader))  # noqa: S506  # it makes strings alone
    return [number for text in said for _, _, number in Seen(text).numbers()]


@pytest.mark.parametrize("name", ["mkdocs.yml", "docs/.glossary.yml"])
def test_the_settings_of_the_site_show_no_number(name: str) -> None:
    source = (ROOT / name).read_text("utf-8")
    source = re.sub(r"!ENV |License 1.1", "", source)
    assert decimals(source) == []
    key = re.compile(r"^(\S+: )(?=\S)|^(  [a-z]\S*: )", re.MULTILINE)
    planted = key.sub(r"\g<0>falls to 0.26 ", source, count=1)
    assert decimals(planted) == ["0.26"]


STYLES = sorted((ROOT / "backprop" / "site" / "assets").glob("*.css"))
PLANTED = 'a::after { content: "it falls to 0.26" }'


def written(style: str) -> list[str]:
    """The numbers that a style sheet writes on a page."""
    said = re.findall(r"content:\s*([\"'])(.*?)\1", style)
    return [number for _, text in said for _, _, number in Seen(text).numbers()]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_sheets_write_no_number(path: Path) -> None:
    style = path.read_text("utf-8")
    assert written(style) == []
    assert written(style + PLANTED) == ["0.26"]

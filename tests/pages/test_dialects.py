"""A site's settings decide how its pages are read, and nothing else of the site is loaded."""

from pathlib import Path

import pytest
from complaints import complaint_of

from backprop.cli import main
from backprop.pages.check import check
from backprop.pages.commonmark import MOST_OPENINGS
from backprop.pages.dialects import ANY, SITE, dialect_of
from backprop.pages.reader import read, read_text

FRONT = "---\nbackprop: {example: lecture}\n---\n\n"


def site(folder: Path, config: str, page: str = "$w_1 = 0.15$") -> Path:
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    path = folder / "docs/page.md"
    path.write_text(FRONT + page, "utf-8")
    return path


CONFIG = """
hooks: [numbers.py]
markdown_extensions:
  - evil
  - codehilite
  - markdown.extensions.nl2br
  - pymdownx.snippets
  - pymdownx.arithmatex: {generic: false, smart_dollar: true}
  - pymdownx.tasklist: {custom: !!python/object/apply:os.system ["touch evil"], more: [!x a]}
"""


def test_nothing_of_a_site_is_loaded_and_what_is_left_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("numbers.py", "evil.py"):
        (tmp_path / name).write_text("raise SystemExit('loaded')", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    checked = check(site(tmp_path, CONFIG))
    assert [each.message for each in checked.findings] == [
        (
            "not loaded, so what it makes of the page is not read: the hook numbers.py, "
            "the extension evil, the extension pymdownx.snippets, "
            "!tag in the settings of pymdownx.tasklist"
        )
    ]
    assert len(checked.bound) == 1
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "config",
    [
        *("a: [", "- a", "markdown_extensions: 5", "markdown_extensions: [5]"),
        *("a: &b [*b]\n<<: 5", "INHERIT: mkdocs.yml", "INHERIT: missing.yml", "INHERIT: docs"),
    ],
)
def test_settings_that_are_not_understood_are_said(tmp_path: Path, config: str) -> None:
    [*left_out] = dialect_of(str(site(tmp_path, config)), {}).left_out
    assert left_out == ["mkdocs.yml, which is not understood"]


def test_a_site_may_inherit_from_another_file(tmp_path: Path) -> None:
    base = tmp_path / "shared"
    base.mkdir()
    (base / "base.yml").write_text("hooks: [a.py]\nmarkdown_extensions: [b]", "utf-8")
    dialect = dialect_of(str(site(tmp_path, "INHERIT: shared/base.yml\nhooks: []")), {})
    assert dialect.left_out == ("the extension b",)


def test_extensions_may_be_a_mapping(tmp_path: Path) -> None:
    path = site(tmp_path, "markdown_extensions: {pymdownx.arithmatex: , toc: {permalink: true}}")
    assert len(read(path).math) == 1


def test_the_front_matter_may_say_that_a_page_is_of_no_site(tmp_path: Path) -> None:
    path = site(tmp_path, "site_name: a")
    assert dialect_of(str(path), {}).name == SITE
    assert dialect_of(str(path), {"backprop": {"markdown": "any"}}).name == ANY
    assert dialect_of(str(path), {"backprop": 5}).name == SITE


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"$$w_1 = 0.15$$", "unclosed $$"),
        (r"\(w_1 = w_1\)", "no formula of this page is read"),
    ],
)
def test_a_page_of_which_no_formula_is_read_is_not_clean(
    tmp_path: Path, formula: str, message: str
) -> None:
    path = site(tmp_path, "markdown_extensions: []", "```\n$$a$$\n```\n\n" + formula)
    assert message in str(check(path).findings)
    path.write_text(FRONT + "```\n$$a$$\n```\n")
    assert check(path).findings == []


def latex(text: str, name: str = "/away/page.md") -> list[str]:
    return [each.latex.strip() for each in read_text(text, name).math]


@pytest.mark.parametrize(
    "text",
    [
        "$a = b$",
        "$ a = b $",
        "a$a = b$c",
        "$$a = b$$",
        "x $$a = b$$ y",
        "$$\na = b\n$$",
        "x\n$$\na = b\n$$\ny",
        "$$a = b$$ {#eq-a}",
        "$$\na = b\n$$ (label)",
        "$$\na = b\n$$ {#eq-a}",
        "\\(a = b\\)",
        "\\\\(a = b\\\\)",
        "\\[a = b\\]",
        "\\\\[a = b\\\\]",
        "```math\na = b\n```",
        "```{math}\n:label: x\n\na = b\n```",
        "$`a = b`$",
        "{math}`a = b`",
        "`$$ a = b $$`",
        "<p>$a = b$</p>",
        "<div>\n$$a = b$$\n</div>",
        "> [!note]\n> $a = b$",
        "<details><summary>x</summary>\n\n$$\na = b\n$$\n\n</details>",
        ":::tip Title\n$a = b$\n:::",
        "::: {.note}\n$a = b$\n:::",
        "{% raw %}$a = b${% endraw %}",
        "!!! note\n    $a = b$",
        "- x\n\n    $$a = b$$",
        "```{note} Title\n:class: x\n$a = b$\n```",
        "````{prf:proof}\n$a = b$\n````",
        "```{prf:conjecture} Title\n$a = b$\n```",
        ":::{math}\na = b\n:::",
        "it costs $5 or $6, $a = b$",
        "US$5, 5$ more, \\$7 $a = b$",
        "no $ here and $a = b$",
        "$5-$10 for $a = b$",
        "<!-- $x$ -->$a = b$",
        "<pre>$x$</pre>\n\n$a = b$",
        "`$x$` $a = b$",
        "![$a = b$](x.svg)",
        "a[^1]\n\n[^1]: $a = b$",
        "<p><!-- $x$ -->$a = b$</p>",
        "{{< x >}} $a = b$ {: .y}",
        "\\[optional\\] $a = b$",
    ],
)
def test_a_formula_is_read_in_each_form(text: str) -> None:
    assert latex(text) == ["a = b"]
    assert complaint_of(text, "/away/page.md") == ""


def test_blank_lines_and_doubled_backslashes_are_read_as_meant() -> None:
    assert latex("$$\na\n\n= b\n$$") == ["a \n= b"]
    assert latex(r"\\[a \\\\ b\_1\\]") == [r"a \\   b _1"]
    assert latex("\\begin{align}\na &= b\n\\end{align}") == ["\\begin{align}\na &= b\n\\end{align}"]


def test_modules_are_no_text() -> None:
    text = "import A from 'b'\n\nexport const b = (\n  0.5\n);\n\n$a = b$ {/* 0.5 */}"
    assert latex(text, "/away/page.mdx") == ["a = b"]
    assert read_text(text, "/away/page.mdx").numbers == []


@pytest.mark.parametrize(
    ("text", "complaint", "rest"),
    [
        ("$$\na = b\n\nSome words of prose here.\n\n$$\nc = d\n$$", "1:1: unclosed $$", ["c = d"]),
        ("$x = 1\n\n$c = d$", "1:1: $ without its partner", ["c = d"]),
        ("$c = d$\n\n```math\nx", "3:1: ``` is not closed", ["c = d"]),
        ("$c = d$\n\n```\nx", "3:1: ``` is not closed", ["c = d"]),
        ("$c = d$\n\n<pre>\nx", "<pre> is not closed", ["c = d"]),
        ("$a words of prose here$ $c = d$", "", ["c = d"]),
    ],
)
def test_a_fault_is_said_and_the_rest_is_read(text: str, complaint: str, rest: list[str]) -> None:
    assert complaint in complaint_of(text, "/away/page.md")
    assert latex(text)[-1:] == rest or complaint.startswith("3:1: ```")


def test_too_many_openings_are_refused() -> None:
    assert "formulas and tags came" in complaint_of("$" * (MOST_OPENINGS + 1), "/away/page.md")


def test_only_what_is_wrong_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text(FRONT + r"$w_1 = 0.15$ and $q_7 = 0.3$")
    assert main(["check", "--wrong", str(page)]) == 0
    assert capsys.readouterr().out.endswith("0 findings, 1 not understood\n")
    page.write_text(FRONT + r"$w_1 = 0.16$ and $q_7 = 0.3$")
    assert main(["check", "--wrong", "--json", str(page)]) == 1
    assert '"not_understood": 1' in capsys.readouterr().out


def test_words_between_the_signs_of_a_formula_are_none() -> None:
    assert latex(r"a \(see all of the notes\) b") == []

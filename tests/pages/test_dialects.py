"""A site's settings decide how its pages are read, and nothing else of the site is loaded."""

from pathlib import Path

import pytest
from complaints import complaint_of

from backprop.cli import main
from backprop.pages.check import check, check_text
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
        "```{unheard-of} Title\n---\nwidth: 62.5%\n---\n$a = b$\n```",
        "```{code-block} text\n$x$\n```\n\n$a = b$",
        ":::{code-block} text\n$x$\n:::\n\n$a = b$",
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


def numbers(text: str, name: str = "/away/page.md") -> list[str]:
    return [each.text for each in read_text(text, name).numbers]


DIRECTIVES = {
    "list-table": "T\n:widths: 0.5 0.5\n\n* - a\n  - {}",
    "table": "T\n| a |\n|---|\n| {} |",
    "figure": "img/v1.5.png\n:width: 62.5%\n\n{}",
    "csv-table": 'T\n:header: "a", "b"\n\na,"{}"',
    "glossary": "a\n  {}",
    "panels": "a\n---\n{}",
    "rubric": "{}",
    "deprecated": "1\n{}",
    "prf:theorem": "T\n{}",
    "glue:figure": "x\n{}",
    "made.up+name": "\n{}",
    "grid-item-card": "x\n{}",
    "compound": "\n{}",
    "container": "x\n{}",
    "div": "x\n{}",
    "highlights": "\n{}",
    "only": "html\n{}",
    "parsed-literal": "\n{}",
    "pull-quote": "\n{}",
    "toggle": "\n{}",
    "tabbed": "x\n{}",
}


@pytest.mark.parametrize("fence", ["```", "~~~", ":::"])
@pytest.mark.parametrize("name", DIRECTIVES)
def test_what_a_directive_shows_is_read(name: str, fence: str) -> None:
    page = f"{fence}{{{name}}} {DIRECTIVES[name]}\n{fence}\n"
    assert latex(page.replace("{}", "$a = b$")) == ["a = b"]
    assert numbers(page.replace("{}", "it is 0.61")) == ["0.61"]
    assert complaint_of(page.replace("{}", "it is 0.61"), "/away/page.md") == ""


@pytest.mark.parametrize("fence", ["```", "~~~", ":::"])
@pytest.mark.parametrize("name", ["code-block", "code-cell", "raw", "mermaid", "python", "r"])
def test_what_a_directive_takes_for_code_is_code(name: str, fence: str) -> None:
    page = read_text(f"{fence}{{{name}}}\n:tags: [a]\nx = 0.61 # $a$\n{fence}\n", "/away/page.md")
    assert (page.numbers, page.math, page.faults) == ([], [], [])
    assert [each.language for each in page.code] == [name]


@pytest.mark.parametrize("fence", ["```", "> :::"])
@pytest.mark.parametrize("name", ["figure", "image", "code-block"])
@pytest.mark.parametrize(
    "options",
    [
        ":alt: it is 0.61\n:width: 62.5%",
        ":height: 1.5em\n:caption: 0.61",
        "---\nname: v1.5\nalt: it is 0.61\n---",
        ':title: "0.61"',
        "---\nclass: a\ncaption: |\n  it is 0.61\n---",
    ],
)
def test_an_option_that_is_shown_is_read(options: str, name: str, fence: str) -> None:
    indent = fence[:-3]
    lines = [f"{indent}{line}" for line in (*options.split("\n"), "", "Words.")]
    page = "\n".join([f"{fence}{{{name}}} a.png", *lines, fence, ""])
    found = read_text(page, "/away/page.md")
    assert [page[each.start : each.end] for each in found.numbers] == ["0.61"]
    assert (found.headings, found.faults) == ([], [])


@pytest.mark.parametrize("title", ["file.md holds 0.61", "0.61 is in file.md", "0.61"])
def test_only_the_name_of_a_file_is_left_out_of_a_title(title: str) -> None:
    assert numbers(f"```{{card}} {title}\n```") == ["0.61"]
    assert numbers("```{figure} images/v0.61.png\n```") == []


def test_the_front_matter_in_an_example_is_code() -> None:
    assert numbers("```yaml\n---\ntitle: It is 0.61\n---\n```") == []


@pytest.mark.parametrize(
    "text",
    [
        '![x](a.png){fig-cap="it is 0.61" width=62.5%}',
        "![x](a.png){#fig-a fig-alt='0.61'}",
        '- ![x](a.png){title="0.61"}',
        '![x](a.png){: alt="0.61"}',
        '::: {.callout-tip title="0.61"}\nx\n:::',
        ':::tip{title="It is 0.61" width="0.5"}\nx\n:::',
        '{{< figure src="v1.5/a.png" width="62.5%" caption="it is 0.61" >}}',
        '{{< figure src="a.png" caption=`it is 0.61` alt="7" >}}',
        '{{% notice tip "it is 0.61" %}}\nx\n{{% /notice %}}',
        '{{< tab "0.61" >}}x{{< /tab >}} {{< ref "v1.5/a" >}} {{< ref "v1.5.md" >}}',
        '{% include v1.5.html src="v1.5.png" caption="it is 0.61" %}',
        '<Figure src="v1.5.png" caption="it is 0.61"/>',
        '<Figure\n  width={300}\n  caption="it is 0.61"\n/>',
        "<!-- footer: 0.61 -->",
        "<!-- _header: '0.61' -->",
        "<!--\nzoom: 1.5\nfooter: it is 0.61\n-->",
        "---\nmarp: true\nfooter: it is 0.61\n---\n",
    ],
)
def test_captions_and_titles_of_generators_are_read(text: str) -> None:
    found = read_text(text, "/away/page.mdx")
    assert [text[each.start : each.end].strip("'") for each in found.numbers] == ["0.61"]
    assert (found.code, found.faults) == ([], [])


@pytest.mark.parametrize(
    "head",
    [
        '{r}\n#| label: fig-0.5\n#| fig-cap: "It is 0.61"',
        '{mermaid}\n%%| fig-alt: "It is 0.61"',
        "{ojs}\n//| fig-cap: 0.61",
        '{.python lst-cap="It is 0.61"}',
        "text caption='It is 0.61'",
    ],
)
def test_captions_above_code_are_read(head: str) -> None:
    assert numbers(f"```{head}\nx = 0.5\n```") == ["0.61"]


def test_a_caption_above_python_is_found_once() -> None:
    page = f'{FRONT}```{{python}}\n#| fig-cap: "It is 0.61"\nx = 1\n```'
    [finding] = check_text(page, "/away/page.qmd").findings
    assert "0.61 stands in a comment" in finding.message


@pytest.mark.parametrize("sign", ["$a = b$", r"\(a = b\)"])
@pytest.mark.parametrize(
    "tag", ['{{{{< figure src="a.png" caption="{}" >}}}}', '{{% a title="{}" %}}']
)
def test_formulas_in_captions_are_read(tag: str, sign: str) -> None:
    assert latex(f"x {tag.format(sign)} y") == ["a = b"]


@pytest.mark.parametrize(
    "text",
    [
        '{/* <Figure caption="0.61"/> */}',
        '%% title="0.61" %%',
        '{% assign a = "0.61" %}',
        '## A {#x data-a="0.61"}',
        "<!-- the footer: 0.61 -->",
    ],
)
def test_values_that_nobody_sees_are_not_read(text: str) -> None:
    assert numbers(text, "/away/page.mdx") == []


def test_a_long_value_is_read_in_time() -> None:
    assert numbers(f'{{{{< a "{"/" * 100_000} 0.61" >}}}}') == ["0.61"]


def test_a_role_is_no_option() -> None:
    page = read_text("```{eval-rst}\n:math:`a = 0.61`\n```", "/away/page.md")
    assert ":math:`a = 0.61`" in page.faults[0].message


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

"""No Python that a reader sees goes unrun, and no output uncompared."""

import os
import re
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from builds import run_pytest
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data
from our_pages import our_page
from pytest_codeblocks.main import extract_from_file

from backprop.site.inventory import OPTIONAL, Chain, Page, Recorder, findings

ROOT = Path(__file__).parent.parent
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
SITE = load_config(str(ROOT / "mkdocs.yml"))
OUTPUT = "<!--pytest-codeblocks:expected-output-->\n\n```\n1\n```\n"
GOOD = f"""---
title: A page
---

# A page

```python
print(1)
```

{OUTPUT}
Then, at a later place:

```python
def one() -> int:

    return 1
```

<!--pytest-codeblocks:cont-->

```python
print(one())
```

{OUTPUT}"""


@cache
def inventory(text: str) -> Page:
    """Render a page with the site's own Markdown extensions, and take both readings of it."""
    recorder = Recorder()
    md = Markdown(
        extensions=[*SITE.markdown_extensions, recorder], extension_configs=SITE.mdx_configs
    )
    return recorder.page(text, md.convert(get_data(text)[0]))


@cache
def whole(path: Path) -> str:
    """Return what the site renders of a page: its text with what code makes in it."""
    return our_page(path).parts[0].text


def made_chains(path: Path) -> list[Chain]:
    """Return the blocks that are not in the page's file, so that pytest does not collect them."""
    page = our_page(path)
    starts = [0, *(match.end() for match in re.finditer("\n", page.parts[0].text))]
    chains = inventory(page.parts[0].text).chains
    return [chain for chain in chains if page.maker(0, starts[chain.fences[0] - 1])]


def found(text: str) -> list[str]:
    return [f"{line}: {message}" for line, message in findings(inventory(text))]


def python(fence: str, code: str = "x = 1", indent: str = "") -> str:
    close = re.search(r"`{3,}|~{3,}", fence)
    assert close
    lines = [fence, *code.split("\n"), close[0]]
    return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_shows_nothing_that_is_not_run_or_compared(path: Path) -> None:
    assert found(whole(path)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_block_that_code_makes_runs(path: Path, subtests: pytest.Subtests) -> None:
    for number, chain in enumerate(made_chains(path), start=1):
        with subtests.test(f"{path.name}:{number}"):
            assert chain.runs
            assert chain.expected is None
            exec(compile(chain.code, "<block>", "exec"), {"__name__": "block"})  # noqa: S102


def test_a_block_continues_none_that_code_makes() -> None:
    made = {line for path in PAGES for chain in made_chains(path) for line in chain.fences[1:]}
    assert made == set(), "pytest would run the rest without the beginning"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_guard_reads_what_pytest_reads(path: Path) -> None:
    ours = [
        (chain.syntax, chain.code, chain.expected, chain.fences[0])
        for chain in inventory(path.read_text("utf-8")).chains
    ]
    assert ours == [
        (block.syntax, block.code, block.expected_output, block.lineno)
        for block in extract_from_file(path)
    ]


def test_as_many_blocks_are_shown_and_run_as_pytest_collects() -> None:
    pages = [inventory(whole(path)) for path in PAGES]
    chains = [chain for page in pages for chain in page.chains if chain.runs]
    visible = sum(block.is_python for page in pages for block in page.shown)
    hidden = sum(block.is_python for page in pages for block in page.hidden)
    assert visible > 0
    assert visible + hidden == sum(len(chain.fences) for chain in chains)
    collected = run_pytest(ROOT, "--collect-only", "-q", "docs", "README.md").stdout
    made = sum(len(made_chains(path)) for path in PAGES)
    assert len(re.findall(r"\.md::line \d+$", collected, re.MULTILINE)) + made == len(chains)
    assert made > 0


def test_a_good_page_has_no_finding() -> None:
    page = inventory(GOOD)
    assert findings(page) == []
    assert [block.line for block in page.shown] == [7, 13, 19, 27, 33]
    assert [chain.output for chain in page.chains] == [13, 33]
    assert [chain.fences for chain in page.chains if chain.runs] == [[7], [19, 27]]


NEEDS = "<!--pytest-codeblocks:importorskip(torch)-->\n\n"
NOT_RUN = r"^{}: this Python block \('{}'\) is not run"


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        # Python that pytest-codeblocks passes over
        (python('```python title="a.py"'), NOT_RUN.format(1, "python")),
        (python('```python hl_lines="1"'), NOT_RUN.format(1, "python")),
        (python('```python linenums="1"'), NOT_RUN.format(1, "python")),
        (python("```{ .python }"), NOT_RUN.format(1, "python")),
        (python("``` { .python .annotate }"), NOT_RUN.format(1, "python")),
        (python("``` python"), NOT_RUN.format(1, "python")),
        (python("```py"), NOT_RUN.format(1, "py")),
        (python("```python3"), NOT_RUN.format(1, "python3")),
        (python("```Python"), NOT_RUN.format(1, "Python")),
        (python("```ipython"), NOT_RUN.format(1, "ipython")),
        (python("```pycon", ">>> 1 + 1\n2"), NOT_RUN.format(1, "pycon")),
        (python("~~~python"), NOT_RUN.format(1, "python")),
        (python("````py"), NOT_RUN.format(1, "py")),
        (python("```python", indent="> "), NOT_RUN.format(1, "python")),
        ("!!! note\n\n" + python("```py", indent="    "), NOT_RUN.format(3, "py")),
        ("??? note\n\n" + python("```py", indent="    "), NOT_RUN.format(3, "py")),
        ('=== "A"\n\n' + python("```py", indent="    "), NOT_RUN.format(3, "py")),
        ("1. One\n\n" + python("```py", indent="    "), NOT_RUN.format(3, "py")),
        (
            '!!! note\n\n    === "A"\n\n        - One\n\n' + python("```py", indent=" " * 12),
            NOT_RUN.format(7, "py"),
        ),
        ("Text[^1]\n\n[^1]: Note\n\n" + python("```py", indent="    "), NOT_RUN.format(5, "py")),
        ("<div markdown>\n\n" + python("```py") + "\n</div>", NOT_RUN.format(3, "py")),
        # the same code run elsewhere on the page does not count
        (python("```python") + "\n" + python("```py"), NOT_RUN.format(5, "py")),
        (python("```py") + "\n" + python("```python"), NOT_RUN.format(1, "py")),
        (f"<!--\n{python('```python')}-->\n\n{python('```py')}", NOT_RUN.format(7, "py")),
        # code without a fence
        ("Text\n\n    x = 1\n", "without a fence"),
        ("<pre><code>x = 1</code></pre>\n", "without a fence"),
        ('<pre class="language-python">x = 1</pre>\n', "without a fence"),
        # directives
        (
            python("```text", "a") + "\n<!--pytest-codeblocks:cont-->\n\n" + python("```python"),
            r"^7: this block continues the one in line 1, .*not run.*'text'",
        ),
        (
            python('```python title="a"')
            + "\n<!--pytest-codeblocks:cont-->\n\n"
            + python("```python"),
            r"^7: this block continues the one in line 1, .*not run.*'python title",
        ),
        (
            python("```python", "def f(): ...")
            + "\n<!--pytest-codeblocks:cont-->\n\n"
            + python("```text", "f()"),
            "^7: this block is shown as 'text' and run as Python",
        ),
        ("<!--pytest-codeblocks:skip-->\n\n" + python("```python"), "^3: a mark may keep"),
        ("<!--pytest.mark.skip-->\n\n" + python("```python"), "^3: a mark may keep"),
        ("<!--pytest.mark.xfail-->\n\n" + python("```python"), "^3: a mark may keep"),
        (
            "<!--pytest-codeblocks:skipif(sys.version_info > (3, 0))-->\n\n" + python("```python"),
            "^3: a mark may keep",
        ),
        ("<!--pytest-codeblocks:importorskip(x)-->\n\n" + python("```python"), "^3: a mark"),
        (  # what a block may need is on a list
            "<!--pytest-codeblocks:importorskip(numpy)-->\n\n"
            + python("```python", "import numpy"),
            "^3: a mark may keep",
        ),
        (NEEDS + python("```python", "import numpy"), "^3: this block does not import torch"),
        (NEEDS + python("```python", "import torch."), "^3: this block does not import torch"),
        (NEEDS + python("```py", "import torch"), NOT_RUN.format(3, "py")),
        (  # the mark above a block that continues another falls on the next
            python("```python")
            + f"\n{NEEDS}<!--pytest-codeblocks:cont-->\n\n"
            + python("```python", "import torch")
            + "\n"
            + python("```python"),
            "^13: a mark further up makes torch a condition",
        ),
        (
            f"{NEEDS}<!--pytest-codeblocks:importorskip(x)-->\n\n" + python("```python"),
            "^5: a mark may keep",
        ),
        (  # a mark above a block that continues another falls on the next
            python("```python")
            + "\n<!--pytest-codeblocks:skip-->\n<!--pytest-codeblocks:cont-->\n\n"
            + python("```python")
            + "\n"
            + python("```python"),
            "^12: a mark may keep",
        ),
        (
            "<!--pytest-codeblocks:skipfile-->\n\n" + python("```python"),
            NOT_RUN.format(3, "python"),
        ),
        ("<!--pytest-codeblock:cont-->\n\nText\n", "^1: '<!--pytest-codeblock:cont-->' is no"),
        ("<!--pytest_codeblocks:cont-->\n", "^1: .* is no directive"),
        ("<!-- codeblocks:cont -->\n", "^1: .* is no directive"),
        ("<!--expected-output-->\n", "^1: .* is no directive"),
        ("<!--cont-->\n", "^1: .* is no directive"),
        ("<!--\npytest-codeblocks:cont\n-->\n", "^1: .* is no directive"),
        ("Text <!--pytest-codeblocks:cont-->\n", "^1: .* is no directive"),
        ("<!--pytest-codeblocks:expected_output-->\n", "^1: pytest-codeblocks cannot read"),
        ("<!--pytest-codeblocks:cont-->\n", "^1: pytest-codeblocks cannot read"),
        ("```python\nx = 1\n", "^1: pytest-codeblocks cannot read"),
        # output
        (
            python("```python", "print(1)") + "\n" + python("```", "1"),
            "^5: .*compared with nothing",
        ),
        (
            python("```python", "print(1)") + "\nThis prints:\n\n" + python("```text", "1"),
            "^7: this looks like an output and is compared with nothing",
        ),
        (python("```py", "print(1)") + "\n" + OUTPUT, "^7: this output is compared with nothing"),
        (
            python('```python title="a"', "print(1)") + "\n" + OUTPUT,
            "^7: this output is compared with nothing",
        ),
        (
            python("```python", "print(1)") + "\n" + python("```console", "ls") + "\n" + OUTPUT,
            "^11: this output is compared with nothing: the block before it, in line 5",
        ),
        (  # the next fence, whatever it is, is taken for the output
            python("```python", "print(1)")
            + "\n<!--pytest-codeblocks:expected-output-->\n\n"
            + python("```python", "y = 1"),
            NOT_RUN.format(7, "python"),
        ),
        (
            python("```python", "print(1)")
            + "\n"
            + OUTPUT.replace("output-->", "output-ignore-whitespace-->"),
            "^5: .*is no directive",
        ),
        (
            python("```python", "print(1)") + "\n" + OUTPUT.replace("\n\n", "\n<!--\n") + "-->\n",
            "^7: this output is compared, but no reader sees it",
        ),
        (
            "- One\n\n"
            + python("```python", "print('1\\n\\n2')", "    ")
            + "\n    <!--pytest-codeblocks:expected-output-->\n\n"
            + python("```", "1\n\n2", "    "),
            "^9: what is compared is not what is shown",
        ),
        (
            "- One\n\n" + python("```python", 's = """1\n\n2"""', "    "),
            "^3: what is run is not what is shown",
        ),
        (python("```console", "$ backprop\n0.5"), "^1: the output of this command is compared"),
        # what is run, and should not be
        (python("```sh", "ls"), "^1: the tests would execute this sh block"),
        (python("```bash", "ls"), "^1: the tests would execute this bash block"),
        (f"<!--\n{python('```bash', 'ls')}-->\n", "^2: the tests would execute this bash block"),
        # lines that are not reached
        (python("```python", 'x = 1\nif __name__ == "__main__":\n    x = 2'), "^3: __name__ is"),
        (python("```python", "raise SystemExit"), "^2: SystemExit would end"),
        (python("```python", "raise SystemExit(1)"), "^2: SystemExit would end"),
        (python("```python", "exit()"), "^2: exit would end"),
        (python("```python", "import sys\n\nsys.exit(0)"), "^4: exit would end"),
        (
            python("```python")
            + "\n<!--pytest-codeblocks:cont-->\n\n"
            + python("```python", "quit()"),
            "^8: quit would end",
        ),
    ],
)
def test_the_guard_finds(page: str, finding: str) -> None:
    messages = found(page)
    assert any(re.search(finding, message) for message in messages), messages


@pytest.mark.parametrize("code", ["import torch", "from torch import nn", "import torch.nn as nn"])
def test_a_block_may_need_what_the_site_does_without(code: str) -> None:
    text = NEEDS + python("```python", code) + "\n" + OUTPUT
    page = inventory(text)
    assert findings(page) == []
    [chain] = page.chains
    assert (chain.needs, chain.runs, chain.conditional) == ("torch", True, False)


def test_a_printed_sentence_that_no_screen_holds_is_marked_for_wrapping() -> None:
    """What is printed in columns is narrower, and keeps its lines."""
    for length, marked in ((80, False), (81, True)):
        [block] = inventory(f"```\n{'x' * length}\ny\n```\n").shown
        assert ("bp-sentences" in block.html) is marked
        assert "bp-sentences" not in block.render("short")


def test_an_option_of_a_command_is_not_broken_after_its_hyphens() -> None:
    [block] = inventory("```\ntool --set a-b=1 -o x--y\n```\n").shown
    assert re.findall(r'<span class="bp-option">([^<]*)</span>', block.html) == ["--set"]


def test_what_has_to_be_here_is_here() -> None:
    for needs in os.environ.get("BACKPROP_REQUIRE", "").split():
        assert needs in OPTIONAL
        assert find_spec(needs), f"{needs} is not installed, and BACKPROP_REQUIRE names it"


def judge(folder: Path, **pages: str) -> tuple[int, set[str]]:
    """Run plain pytest, as it is set up here, on these pages; return its verdict and the failed."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "docs").mkdir()
    for name, text in pages.items():
        (folder / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
    run = run_pytest(folder)
    failed = set(re.findall(r"^FAILED docs/(.*?)(?: - .*)?$", run.stdout, re.MULTILINE))
    assert f"{2 * len(pages) - len(failed)} passed" in run.stdout, run.stdout
    return run.returncode, failed


def test_plain_pytest_passes_a_good_page(tmp_path: Path) -> None:
    assert judge(tmp_path, good=GOOD) == (0, set())


def test_plain_pytest_fails_a_broken_page(tmp_path: Path) -> None:
    assert judge(
        tmp_path,
        broken_block=GOOD.replace("print(1)", "prnt(1)"),
        changed_output=GOOD.replace("```\n1\n", "```\n2\n", 1),
        changed_code=GOOD.replace("return 1", "return 2"),
    ) == (
        1,
        {"broken_block.md::line 7", "changed_output.md::line 7", "changed_code.md::line 19"},
    )

"""List the code blocks that a reader of a page sees, and compare them with those that are run.

pytest-codeblocks reads the Markdown source by rules of its own, and silently skips what they do
not cover; the site renders by other rules. A block counts as run, and an output as compared, only
where both agree. A mark after each fence of the source tells which block of the site became
which block of the tests.
"""

import ast
import io
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from markdown import Extension, Markdown
from mkdocs.utils.meta import get_data
from pymdownx.highlight import Highlight, HighlightExtension
from pytest_codeblocks.main import CodeBlock, extract_from_buffer

Finding = tuple[int, str]
"""The line in the source, and what is wrong there."""

MARK = re.compile("\ue000([0-9]+)\n")  # a private character: no page holds it
IN_TAG = re.compile(r'(?<= )data-block="\d+"')  # what the recorder adds
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DIRECTIVE = re.compile(
    r"[ \t]*<!--pytest-codeblocks:(cont|expected-output|importorskip\(\w+\))-->[ \t]*"
)
LIKE_A_DIRECTIVE = re.compile(
    r"py\W?test|code\W?block|expect\w*\W?output|<!--\W*(cont|skip|xfail|importorskip)\b",
    re.IGNORECASE,
)
DIRECTIVES = (
    "<!--pytest-codeblocks:cont--> and <!--pytest-codeblocks:expected-output-->, alone in a line,"
)
UNCOMPARED = (
    "this looks like an output and is compared with nothing; "
    "put <!--pytest-codeblocks:expected-output--> before it"
)
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
CONSOLES = {"console", "shell-session", "bash-session", "doscon", "ps1con"}
WIDEST = 80  # characters of a line beside the navigation, on a laptop
OPTION = re.compile(r"(?<=\s)--\w[\w-]*")
EXITS = {"SystemExit", "exit", "quit", "_exit", "abort"}
OPTIONAL = {"torch": "PyTorch", "jax": "JAX", "keras": "Keras"}
"""The libraries that a block may need and the site does not, by the names of their imports."""


@dataclass(frozen=True)
class Block:
    """A code block as the site renders it.

    Attributes:
        language: what the fence names, or nothing.
        source: the text in it.
        html: its HTML.
        render: makes the HTML of the same block with other text.
        line: the line of its opening fence in the source, 0 if it has none there.
    """

    language: str
    source: str
    html: str
    render: Callable[[str], str]
    line: int = 0

    @property
    def is_python(self) -> bool:
        """Whether the language is Python, in any spelling: py, python3, Python, pycon, ipython."""
        return "py" in self.language.lower()


@dataclass(frozen=True)
class Chain:
    """A block that pytest-codeblocks collects, with those that continue it.

    Attributes:
        syntax: what stands after the first fence.
        code: what is executed.
        origins: the line in the source that each line of code comes from.
        fences: the lines of the opening fences, first block first.
        expected: the output that it is compared with, if there is one.
        output: the line of that output's opening fence, 0 without one.
        needs: what must be installed for it to be run, one of `OPTIONAL`, or nothing.
        conditional: whether another mark may prevent it from being run.
    """

    syntax: str
    code: str
    origins: Sequence[int]
    fences: Sequence[int]
    expected: str | None
    output: int
    needs: str
    conditional: bool

    @property
    def runs(self) -> bool:
        """Whether it is run as Python, in any case or wherever what it needs is installed."""
        return self.syntax == "python" and not self.conditional


@dataclass(frozen=True)
class Page:
    """Both readings of a page.

    Attributes:
        text: the source.
        chains: what pytest-codeblocks collects.
        refusal: why pytest-codeblocks cannot read the page; empty if it can.
        shown: the blocks that a reader sees, in order.
        hidden: the blocks in HTML comments.
        raw: the tags of <pre> elements that come from no block.
    """

    text: str
    chains: Sequence[Chain]
    refusal: str
    shown: Sequence[Block]
    hidden: Sequence[Block]
    raw: Sequence[str]


class Recorder(Extension):
    """The Markdown extension that keeps each code block, and marks it in the HTML."""

    def __init__(self) -> None:
        """Start without a block."""
        super().__init__()
        self.blocks: dict[str, Block] = {}

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Record each fence when it is highlighted, and the line where it stands."""
        keep = self.keep

        class Recording(Highlight):  # type: ignore[misc]  # pymdownx has no types
            def highlight(self, src: str, language: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401
                highlight = super().highlight
                if options.get("inline"):
                    return highlight(src, language, *args, **options)
                return keep(
                    language or self.default_lang or "",
                    src,
                    lambda text: wrapping(highlight(text, language, *args, **options), text),
                )

        for extension in md.registeredExtensions:
            if isinstance(extension, HighlightExtension):
                extension.get_pymdownx_highlighter = lambda: Recording
        fences: Any = md.preprocessors["fenced_code_block"]  # of SuperFences
        store = fences._store  # noqa: SLF001  # the only method that is told where a fence stands

        def keep_line(source: str, html: str, start: int, end: int) -> None:
            if mark := IN_TAG.search(html):
                self.blocks[mark[0]] = replace(self.blocks[mark[0]], line=start + 1)
            store(source, html, start, end)

        fences._store = keep_line  # noqa: SLF001

    def keep(self, language: str, source: str, render: Callable[[str], str]) -> str:
        """Keep one block; return its HTML with a mark in the first tag."""
        mark = f'data-block="{len(self.blocks)}"'
        marked = re.sub(r"^<\w+", rf"\g<0> {mark}", render(source), count=1)
        self.blocks[mark] = Block(language, source, marked, render)
        return marked

    def page(self, text: str, content: str) -> Page:
        """Return both readings of the page that was rendered last, and forget its blocks."""
        front = text.count("\n", 0, len(text) - len(get_data(text)[0]))
        blocks = {
            mark: replace(block, line=block.line + front if block.line else 0)
            for mark, block in self.blocks.items()
        }
        self.blocks.clear()
        visible = COMMENT.sub("", content)
        shown = [blocks.pop(mark) for mark in IN_TAG.findall(visible)]
        for block in shown:
            visible = visible.replace(block.html, "")
        raw = re.findall(r"<pre\b[^>]*>", visible)
        try:
            collected, refusal = chains(text), ""
        except RuntimeError as error:
            collected, refusal = [], " ".join(str(error).split())
        return Page(text, collected, refusal, shown, list(blocks.values()), raw)


def wrapping(html: str, source: str) -> str:
    """Let a block wrap that has a line which no screen holds: a printed sentence, not a column.

    Where lines wrap, a browser would break the option of a command after its hyphens.
    """
    html = OPTION.sub(r'<span class="bp-option">\g<0></span>', html)
    if max(map(len, source.split("\n"))) <= WIDEST:
        return html
    return html.replace('class="', 'class="bp-sentences ', 1)


def unmarked(content: str) -> str:
    """Return the HTML of a page without the recorder's marks."""
    return re.sub(rf" {IN_TAG.pattern}", "", content)


@lru_cache
def chains(text: str) -> list[Chain]:
    """Return what pytest-codeblocks collects from a page; RuntimeError where it refuses to.

    A line after each fence, with the number of its line, tells where each block went.
    """
    marked = io.StringIO()
    for number, line in enumerate(text.split("\n"), 1):
        marked.write(f"{line}\n")
        if line.lstrip().startswith("```"):
            marked.write(f"\ue000{number}\n")
    marked.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # skip, which `findings` refuses
        collected = extract_from_buffer(marked, max_num_lines=sys.maxsize)
    return [chain(block) for block in collected]


def chain(block: CodeBlock) -> Chain:
    """Return a block of pytest-codeblocks as a chain, without the marks in its code."""
    expected = block.expected_output
    needs = block.importorskip or ""
    return Chain(
        syntax=block.syntax or "",
        code=MARK.sub("", block.code),
        origins=origins(block.code),
        fences=[int(number) for number in MARK.findall(block.code)],
        expected=None if expected is None else MARK.sub("", expected),
        output=0 if expected is None else int(MARK.findall(expected)[0]),
        needs=needs if needs in OPTIONAL else "",
        conditional=bool(block.marks or needs not in {"", *OPTIONAL}),
    )


def origins(code: str) -> list[int]:
    """Return the line in the source of each line of code, read off the marks."""
    lines, here = [], 0
    for line in code.splitlines(keepends=True):
        if mark := MARK.fullmatch(line):
            here = int(mark[1])
        else:
            here += 1
            lines.append(here)
    return lines


def findings(page: Page) -> list[Finding]:
    """Return all findings of a page, by line."""
    checks = (refused, misspelt, unrun, needless, uncompared, raw_code, unfaithful, unreached)
    return sorted({finding for check in checks for finding in check(page)})


def refused(page: Page) -> Iterator[Finding]:
    """Find a page that pytest-codeblocks cannot read at all."""
    if page.refusal:
        yield 1, f"pytest-codeblocks cannot read this page: {page.refusal}"


def misspelt(page: Page) -> Iterator[Finding]:
    """Find comments that look like a directive but are not one, or that weaken a test."""
    code = {
        block.line + offset
        for block in (*page.shown, *page.hidden)
        for offset in range(block.source.count("\n") + 2)
    }
    lines = page.text.split("\n")
    # A directive in code is only shown.
    prose = "\n".join(
        "" if number in code else INLINE_CODE.sub("", line) for number, line in enumerate(lines, 1)
    )
    for comment in COMMENT.finditer(prose):
        number = prose.count("\n", 0, comment.start()) + 1
        if LIKE_A_DIRECTIVE.search(comment[0]) and not DIRECTIVE.fullmatch(lines[number - 1]):
            yield number, f"{' '.join(comment[0].split())!r} is no directive; {DIRECTIVES} are"


def unrun(page: Page) -> Iterator[Finding]:
    """Find shown Python that pytest-codeblocks does not run, and other blocks that it does run."""
    ran_in = {fence: chain for chain in page.chains for fence in chain.fences}
    for block in page.shown:
        chain = ran_in.get(block.line)
        if not block.is_python:
            if chain and chain.runs:
                yield block.line, f"this block is shown as {block.language!r} and run as Python"
        elif chain is None or (chain.syntax != "python" and chain.fences[0] == block.line):
            what = f"this Python block ({block.language!r}) is not run"
            yield block.line or 1, f"{what}; fence it with ```python and nothing else"
        elif chain.syntax != "python":
            what = f"this block continues the one in line {chain.fences[0]}"
            yield block.line, f"{what}, and that one is not run: it is fenced as {chain.syntax!r}"
    for chain in page.chains:
        if chain.conditional:
            yield chain.fences[0], "a mark may keep this block from being run"
        if chain.syntax in {"sh", "bash"}:
            yield chain.fences[0], f"the tests would execute this {chain.syntax} block; use console"


def needless(page: Page) -> Iterator[Finding]:
    """Find blocks marked as needing a library that they do not import, or far from their mark."""
    lines = page.text.split("\n")
    for chain in page.chains:
        above = next(filter(None, (line.strip() for line in lines[chain.fences[0] - 2 :: -1])), "")
        if chain.needs and f":importorskip({chain.needs})-->" not in above:
            what = f"a mark further up makes {chain.needs} a condition of this block"
            yield chain.fences[0], f"{what}; put it right before the block that needs it"
        elif chain.needs and chain.needs not in imported(chain.code):
            yield chain.fences[0], f"this block does not import {chain.needs}; take the mark away"


def imported(code: str) -> set[str]:
    """Return the modules that some code imports."""
    try:
        nodes = [*ast.walk(ast.parse(code))]
    except SyntaxError:
        return set()
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def uncompared(page: Page) -> Iterator[Finding]:
    """Find output that a reader sees and no test compares."""
    outputs = {chain.output: chain for chain in page.chains if chain.output}
    shown = {block.line for block in page.shown}
    for chain in outputs.values():
        if chain.syntax != "python":
            what = f"the block before it, in line {chain.fences[0]}, is fenced as {chain.syntax!r}"
            yield chain.output, f"this output is compared with nothing: {what}"
        if shown & {*chain.fences} and chain.output not in shown:
            yield chain.output, "this output is compared, but no reader sees it"
    before = None
    for block in page.shown:
        if block.line in outputs:
            if outputs[block.line].expected != block.source + "\n":
                yield block.line, "what is compared is not what is shown; outdent this block"
        elif not block.language:
            yield block.line or 1, f"{UNCOMPARED}, or name its language"
        elif block.language == "text" and before and before.is_python:
            yield block.line, UNCOMPARED
        elif block.language in CONSOLES and answers(block.source):
            yield block.line, "the output of this command is compared with nothing; leave it out"
        before = block


def answers(console: str) -> list[str]:
    """Return the lines of a console that nobody typed; none if there are no prompts."""
    if not re.search(r"^\$ ", console, re.MULTILINE):
        return []
    return [line for line in console.split("\n") if not re.match(r"[$>] |\s*$", line)]


def raw_code(page: Page) -> Iterator[Finding]:
    """Find code on the page that has no fence."""
    for tag in page.raw:
        yield 1, f"{tag} is a block of code without a fence: indented, or HTML; fence it"


def unfaithful(page: Page) -> Iterator[Finding]:
    """Find blocks whose code as run differs from the code as shown."""
    blocks = {block.line: block for block in (*page.shown, *page.hidden)}
    shown = {block.line for block in page.shown}
    for chain in page.chains:
        code = "".join(blocks[line].source + "\n" for line in chain.fences if line in blocks)
        same = code == chain.code or program(code) == program(chain.code)
        if shown & {*chain.fences} and not same:
            yield chain.fences[0], "what is run is not what is shown; outdent this block"


def program(code: str) -> str:
    """Return the syntax tree of code as text, which blank lines do not change."""
    try:
        return ast.dump(ast.parse(code))
    except SyntaxError:
        return code


def unreached(page: Page) -> Iterator[Finding]:
    """Find lines that the tests never reach, or never return from."""
    for chain in page.chains:
        try:
            tree = ast.parse(chain.code if chain.runs else "")
        except SyntaxError:
            continue  # running it says so, and where
        for node in ast.walk(tree):
            called = node.exc if isinstance(node, ast.Raise) else node
            if isinstance(node, ast.Name) and node.id == "__name__":
                yield chain.origins[node.lineno - 1], "__name__ is never '__main__' in a block"
            elif isinstance(node, ast.Raise | ast.Call) and name(called) in EXITS:
                yield chain.origins[node.lineno - 1], f"{name(called)} would end the whole test run"


def name(node: ast.AST | None) -> str:
    """Return the last name of what is called or raised: exit for sys.exit(1)."""
    match node:
        case ast.Call():
            return name(node.func)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
    return ""

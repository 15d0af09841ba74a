"""The Python blocks of a page: which belong together, their outputs, and the givens they type."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from backprop.formulas.values import Unbound
from backprop.formulas.world import World
from backprop.pages.page import Code, Edit, Page
from backprop.pages.seen import Seen
from backprop.symbolic.definitions import RATE
from backprop.symbolic.expressions import Name

LITERAL = re.compile(r"[-+]?\s*((?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)")
DIRECTIVE = "pytest-codeblocks:"
NEEDS = re.compile(r"importorskip\((\w+)\)")
MAGIC = re.compile(r"^[ \t]*[%!].*", re.MULTILINE)  # of a notebook, and no Python


@dataclass(frozen=True)
class Block:
    """A block of Python with those that continue it.

    Attributes:
        codes: in order.
        output: its output as the page shows it, if it does.
        needs: a module that it needs to run, if its mark names one.
    """

    codes: tuple[Code, ...]
    output: Code | None = None
    needs: str = ""


@dataclass(frozen=True)
class Typed:
    """A decimal literal of a block: its place, and the given that it is, if that is clear."""

    start: int
    end: int
    text: str
    given: str = ""


def blocks(page: Page) -> Iterator[Block]:
    """Yield the Python blocks of a page, each with its output."""
    open_block: Block | None = None
    for before, code in pairwise([None, *page.code]):
        mark = _mark(page, before, code)  # type: ignore[arg-type]  # only the first is None
        if mark == "expected-output" and open_block:
            open_block = replace(open_block, output=code)
        elif code and "py" in code.language.lower():
            if open_block and mark == "cont":
                open_block = replace(open_block, codes=(*open_block.codes, code), output=None)
                continue
            if open_block:
                yield open_block
            needs = NEEDS.fullmatch(mark)
            open_block = Block((code,), needs=needs[1] if needs else "")
    if open_block:
        yield open_block


def _mark(page: Page, before: Code | None, code: Code) -> str:
    """Return the directive before a block, skipping other comments."""
    text = page.parts[code.part].text
    start = before.end if before and before.part == code.part else 0
    end = code.start
    for comment in reversed(page.comments):
        inside = comment.part == code.part and start <= comment.start and comment.end <= end
        if inside and not text[comment.end : end].strip(" \t\r\n>"):
            if comment.text.startswith(DIRECTIVE):
                return comment.text.removeprefix(DIRECTIVE)
            end = comment.start
    return ""


def typed(code: Code, source: str, world: World) -> Iterator[Typed]:
    """Yield the decimal literals of a block.

    Args:
        code: the block.
        source: the text of its part of the page.
        world: that of the page, whose names tell which literals are givens: `w1 = 0.15`,
            `eta, w5 = 0.5, 0.40`, `W1 = np.array([[0.15, 0.20], ...])`, `learning_rate=0.5`.

    Raises:
        SyntaxError: the block is no Python.
    """
    tree = ast.parse(MAGIC.sub(lambda magic: " " * len(magic[0]), code.text))
    given = dict(_givens(tree, world))
    signed = {x.operand: x for x in ast.walk(tree) if isinstance(x, ast.UnaryOp)}
    lines = _lines(code, source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            whole = signed.get(node, node)
            margin, line = lines[whole.lineno - 1]
            column = len(line.encode()[: whole.col_offset].decode(errors="ignore"))
            start, literal = margin + column, LITERAL.match(line, column)
            # Within a string Python does not tell places exactly.
            there = literal[0] if literal and abs(float(literal[1])) == node.value else ""
            name = given.get(node, "") if there else ""
            yield Typed(start, start + len(there), there or repr(node.value), name)


def remarks(code: Code, source: str) -> Iterator[tuple[int, int, str]]:
    """Yield the decimals in the comments of a block of Python, each with its start and its end.

    Args:
        code: the block.
        source: the text of its part of the page.
    """
    if "#" not in code.text or "py" not in code.language.lower():
        return
    lines = _lines(code, source)
    with suppress(SyntaxError, tokenize.TokenError):  # running it says what is wrong
        for token in tokenize.generate_tokens(io.StringIO(code.text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                start = lines[line - 1][0] + column
                for first, last, text in Seen(token.string).numbers():
                    yield start + first, start + last, text


def _lines(code: Code, source: str) -> list[tuple[int, str]]:
    """Return the lines of a block, each with its place in the source."""
    found: list[tuple[int, str]] = []
    position = code.code_start
    there = source[code.code_start : code.code_end].split("\n")
    for line, outer in zip(code.text.split("\n"), there, strict=False):
        found.append((position + len(outer.rstrip("\r")) - len(line.rstrip("\r")), line))
        position += len(outer) + 1
    return found


def _givens(tree: ast.AST, world: World) -> Iterator[tuple[ast.expr, str]]:
    """Yield the numbers that are assigned to the name of a given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _assigned(target, node.value, world)
        elif isinstance(node, ast.keyword) and node.arg:
            yield from _named(node.arg, node.value, world)
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.List | ast.Tuple):
            for value in node.iter.elts:
                yield from _assigned(node.target, value, world)


def _assigned(target: ast.expr, value: ast.expr, world: World) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _assigned(one, other, world)
    elif isinstance(target, ast.Name):
        yield from _named(target.id, value, world)


def _named(name: str, value: ast.expr, world: World) -> Iterator[tuple[ast.expr, str]]:
    """Yield the number, or the entries of the array, that is assigned to a name."""
    if isinstance(value, ast.Call) and len(value.args) == 1:
        value = value.args[0]  # np.array([...])
    if isinstance(value, ast.List):
        rows = [row.elts if isinstance(row, ast.List) else [row] for row in value.elts]
        names = _entries(name, world)
        if [*map(len, rows)] == [*map(len, names)]:
            for row, entries in zip(rows, names, strict=True):
                yield from ((_unsigned(x), entry) for x, entry in zip(row, entries, strict=True))
    else:
        canonical = world.notation.given(name)
        if canonical == RATE or canonical in world.graph.givens:
            yield _unsigned(value), canonical


def _unsigned(value: ast.expr) -> ast.expr:
    return value.operand if isinstance(value, ast.UnaryOp) else value


def _entries(name: str, world: World) -> list[list[str]]:
    letters, digits = re.fullmatch(r"(.*?)(\d*)", name).groups()  # type: ignore[union-attr]
    for base in (letters, f"vec_{letters}"):
        try:
            return world.entries(Name(base, digits))
        except Unbound:
            continue
    return []


def with_output(page: Page, shown: Code, output: str) -> Edit:
    """Return the edit that shows another output, with the indentation and line ends of the old."""
    source = page.parts[shown.part].text
    body = source[shown.code_start : shown.code_end]
    margin = source[source.rfind("\n", 0, shown.start) + 1 : shown.start]
    newline = "\r\n" if "\r\n" in body else "\n"
    lines = output.removesuffix("\n").split("\n")
    text = "".join(f"{margin}{each}".rstrip(" \t" if not each else "") + newline for each in lines)
    return Edit(shown.part, shown.code_start, shown.code_end, text)

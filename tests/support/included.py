"""Code of the package for the pages: included by name, so that no page holds a copy that ages."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "backprop"


def code(argument: str) -> str:
    """Return definitions as a block of Python with the imports that they need.

    The argument is `MODULE NAME ...`. Of each docstring the page shows the first line.
    """
    module, *names = argument.split()
    text = (PACKAGE / f"{module}.py").read_text("utf-8")
    tree = ast.parse(text)
    defined = {
        node.name: node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    nodes = [defined[name] for name in names]
    imports = "\n".join(needed(tree, nodes))
    parts = [*filter(None, [imports]), *(shortened(text, node) for node in nodes)]
    return "```python\n" + "\n\n\n".join(parts) + "\n```"


def needed(tree: ast.Module, nodes: list[ast.ClassDef | ast.FunctionDef]) -> Iterator[str]:
    """Yield the imports of a module whose names some of its definitions use."""
    used = {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [name for name in node.names if (name.asname or name.name) in used]
            if node.names:
                yield ast.unparse(node)


def shortened(text: str, node: ast.ClassDef | ast.FunctionDef) -> str:
    """Return the source of a definition, each docstring cut to its first line."""
    lines: list[str | None] = [*text.split("\n")]
    for part in ast.walk(node):
        if isinstance(part, ast.ClassDef | ast.FunctionDef) and (words := ast.get_docstring(part)):
            where = part.body[0]
            first, last = where.lineno - 1, where.end_lineno or where.lineno
            lines[first:last] = [None] * (last - first)
            lines[first] = f'{" " * where.col_offset}"""{words.splitlines()[0]}"""'
    return "\n".join(line for line in lines[node.lineno - 1 : node.end_lineno] if line is not None)

"""Parts that pages include by name and do not copy: code of the package, the list of changes."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from backprop import arguments

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef

PACKAGE = Path(__file__).parents[1]
CHANGES = "CHANGELOG.md"


def code(argument: str) -> str:
    """Return definitions of the lesson as a block of Python, with the imports that they need.

    Args:
        argument: `MODULE NAME ...`, such as `autodiff tape backpropagate`. Of each docstring the
            page shows the first line.

    Raises:
        ValueError: there is no such module, or no such definition in it.
    """
    module, *names = argument.split()
    arguments.one_of("module", module, sorted(path.stem for path in PACKAGE.glob("[a-z]*.py")))
    text = (PACKAGE / f"{module}.py").read_text("utf-8")
    tree = ast.parse(text)
    defined = {node.name: node for node in tree.body if isinstance(node, Definition)}
    for name in names:
        arguments.one_of(module, name, tuple(defined))
    nodes = [defined[name] for name in names]
    imports = "\n".join([*needed(tree, nodes), *siblings(module, nodes, defined)])
    parts = [*filter(None, [imports]), *(shortened(text, node) for node in nodes)]
    return "```python\n" + "\n\n\n".join(parts) + "\n```"


def needed(tree: ast.Module, nodes: Sequence[Definition]) -> Iterator[str]:
    """Yield the imports of a module that some of its definitions use."""
    used = names_in(nodes)
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [name for name in node.names if (name.asname or name.name) in used]
            if node.names:
                yield ast.unparse(node)


def siblings(
    module: str, nodes: Sequence[Definition], defined: Mapping[str, Definition]
) -> Iterator[str]:
    """Yield the import of what definitions use from their own module besides themselves."""
    shown = {node.name for node in nodes}
    if others := sorted((names_in(nodes) & {*defined}) - shown):
        yield f"from backprop.{module} import {', '.join(others)}"


def names_in(nodes: Sequence[Definition]) -> set[str]:
    """Return the names that some definitions use."""
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def shortened(text: str, node: Definition) -> str:
    """Return the source of a definition, each docstring cut to its first line."""
    lines: list[str | None] = [*text.split("\n")]
    for part in ast.walk(node):
        if isinstance(part, Definition) and (words := ast.get_docstring(part)):
            where = part.body[0]
            first, last = where.lineno - 1, where.end_lineno or where.lineno
            lines[first:last] = [None] * (last - first)
            lines[first] = f'{" " * where.col_offset}"""{words.splitlines()[0]}"""'
    return "\n".join(line for line in lines[node.lineno - 1 : node.end_lineno] if line is not None)


def changes(given: str, folder: Path) -> str:
    """Return the list of changes without its title, its links relative to the page.

    Args:
        given: `CHANGELOG.md`, the file beside the folder of the pages.
        folder: that of the page.

    Raises:
        ValueError: another file is asked for, or there is none.
    """
    arguments.one_of("file", given, (CHANGES,))
    path = folder / ".." / CHANGES
    try:
        _, _, entries = path.read_text("utf-8").partition("\n")
    except OSError as error:
        raise ValueError(f"{CHANGES}: {error.strerror}") from None
    return entries.strip().replace(f"]({folder.name}/", "](")

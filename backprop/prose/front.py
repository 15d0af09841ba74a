"""Write givens into the front matter of a page, or the metadata of a notebook."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import yaml

from backprop.notation import Notation
from backprop.prose.reader import FRONT, Page
from backprop.prose.settings import SettingsError


def with_givens(page: Page, givens: Mapping[str, Decimal], notation: Notation) -> str:
    """Return a page's file with some givens changed, and all else as it was.

    Args:
        page: a page whose settings are understood.
        givens: numbers by canonical name.
        notation: in which the page may have written the names of its givens.

    Raises:
        SettingsError: the settings are written in a way that cannot be extended.
    """
    text, start, newline = page.file, 0, "\r\n" if "\r\n" in page.file else "\n"
    notebook = page.path.endswith(".ipynb")
    if notebook:
        root = ("metadata", "backprop")
    else:
        match = FRONT.match(page.file)
        root = ("backprop",)
        text, start = (match["yaml"], match.start("yaml")) if match else ("", 0)
    node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    for key in root:
        node = _value(node, key)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise SettingsError("backprop: nothing came in the front matter, expected example: lecture")
    changes = list(_changes(node, givens, notation, newline, notebook=notebook))
    for first, last, new in sorted(changes, reverse=True):
        text = text[:first] + new + text[last:]
    if notebook:
        return text
    return page.file[:start] + text + page.file[match.end("yaml") :]  # type: ignore[union-attr]


def _changes(
    settings: yaml.MappingNode,
    givens: Mapping[str, Decimal],
    notation: Notation,
    newline: str,
    *,
    notebook: bool,
) -> Iterator[tuple[int, int, str]]:
    """Yield from where to where to write what."""
    node = _value(settings, "givens")
    said = node.value if isinstance(node, yaml.MappingNode) else []
    new = dict(givens)
    for key, value in said:
        name = notation.canonical(key.value) or key.value
        if name in new:
            yield value.start_mark.index, value.end_mark.index, f"{new.pop(name):f}"
    pairs = [f"{json.dumps(name) if notebook else name}: {x:f}" for name, x in new.items()]
    whole = f"{{{', '.join(pairs)}}}"
    if not pairs:
        return
    if said:
        yield _inserted(node, pairs, newline)  # type: ignore[arg-type]  # a mapping, as something is said
    elif node is not None:  # nothing, or an empty mapping
        at, end = node.start_mark.index, node.end_mark.index
        yield at, end, whole if end > at else f" {whole}"
    else:
        key = '"givens"' if notebook else "givens"
        yield _inserted(settings, [f"{key}: {whole}"], newline)


def _inserted(
    mapping: yaml.MappingNode, pairs: Sequence[str], newline: str
) -> tuple[int, int, str]:
    """Return where to put pairs behind the first one of a mapping."""
    (first, value), *others = mapping.value
    joint = ", " if mapping.flow_style else newline + " " * first.start_mark.column
    if others:
        at = others[0][0].start_mark.index
        return at, at, "".join(pair + joint for pair in pairs)
    at = value.end_mark.index
    return at, at, "".join(joint + pair for pair in pairs)


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return what a mapping has under a key."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)

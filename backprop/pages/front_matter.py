"""Write givens into the front matter of a page, or the metadata of a notebook."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import yaml

from backprop.pages.front import FRONT, value_of
from backprop.pages.page import Page
from backprop.symbolic.givens import SettingsError
from backprop.symbolic.notation import Notation


def with_givens(page: Page, givens: Mapping[str, Decimal], notation: Notation) -> str:
    """Return a page's file with some givens changed, and all else unchanged.

    Args:
        page: a page whose settings are understood.
        givens: numbers by canonical name.
        notation: in which the page may have written the names of its givens.

    Raises:
        SettingsError: the settings are written in a way that cannot be extended.
    """
    if notebook := page.path.endswith(".ipynb"):
        start, end = 0, len(page.file)
    else:
        match = FRONT.match(page.file)
        start, end = match.span("yaml") if match else (0, 0)
    text = page.file[start:end]
    root = yaml.compose(text, yaml.SafeLoader)  # JSON is YAML
    node = value_of(value_of(root, "metadata") if notebook else root, "backprop")
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise SettingsError("backprop: expected it to stand by itself in the front matter")
    changes = list(_changes(text, node, givens, notation, notebook=notebook))
    for first, last, new in sorted(changes, reverse=True):
        text = text[:first] + new + text[last:]
    return page.file[:start] + text + page.file[end:]


def _changes(
    text: str,
    settings: yaml.MappingNode,
    givens: Mapping[str, Decimal],
    notation: Notation,
    *,
    notebook: bool,
) -> Iterator[tuple[int, int, str]]:
    """Yield the start, the end and the text of each edit."""
    node = value_of(settings, "givens")
    said = node.value if isinstance(node, yaml.MappingNode) else []
    new = dict(givens)
    for key, value in said:
        name = notation.given(key.value)
        if name in new:
            yield value.start_mark.index, value.end_mark.index, f"{new.pop(name):f}"
    pairs = [f"{json.dumps(name) if notebook else name}: {x:f}" for name, x in new.items()]
    whole = f"{{{', '.join(pairs)}}}"
    if not pairs:
        return
    if said:
        yield _inserted(text, node, pairs)  # type: ignore[arg-type]  # a mapping, as something is said
    elif node is not None:  # nothing, or an empty mapping
        at, end = node.start_mark.index, node.end_mark.index
        yield at, end, whole if end > at else f" {whole}"
    else:
        key = '"givens"' if notebook else "givens"
        yield _inserted(text, settings, [f"{key}: {whole}"])


def _inserted(text: str, mapping: yaml.MappingNode, pairs: Sequence[str]) -> tuple[int, int, str]:
    """Return the edit that inserts pairs after the first one of a mapping, in its style."""
    (first, value), *others = mapping.value
    newline = "\r\n" if "\r\n" in text else "\n"
    joint = ", " if mapping.flow_style else newline + " " * first.start_mark.column
    if not others:
        at = value.end_mark.index
        return at, at, "".join(joint + pair for pair in pairs)
    at = others[0][0].start_mark.index
    if mapping.flow_style:
        joint = text[value.end_mark.index : at]
    return at, at, "".join(pair + joint for pair in pairs)

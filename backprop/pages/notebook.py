"""Read the cells of a notebook, each with the places of its strings in the file."""

import json
from functools import partial
from json.decoder import scanstring  # type: ignore[attr-defined]  # left out of the stubs
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from backprop.pages import budget
from backprop.pages.front import SEEN
from backprop.pages.page import Page, Part, Place, ReadError


class _Located(str):
    """A string of a JSON file with its place there, quotes not included."""

    __slots__ = ("span",)
    span: tuple[int, int]


def _located(text: str, start: int, strict: bool = True) -> tuple[_Located, int]:  # noqa: FBT001, FBT002 - as json calls it
    value, end = scanstring(text, start, strict)
    located = _Located(value)
    located.span = start, end - 1
    return located, end


def _once(path: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, and refuse two values under one key."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for k, key in enumerate(keys) if key in keys[:k])
        raise ReadError(path, f"not a notebook: {twice!r} came twice, expected it once")
    return found


class _Decoder(json.JSONDecoder):
    """Reads JSON, and keeps the place of each string."""

    def __init__(self, path: str) -> None:
        super().__init__(object_pairs_hook=partial(_once, path))
        self.parse_string = _located
        self.scan_once = py_make_scanner(self)


def read_notebook(page: Page) -> None:
    """Read the cells of a notebook into its page.

    Raises:
        ReadError: it is no notebook, or too large, or a key comes twice.
    """
    if sum(map(page.file.count, ",[{")) > budget.JSON_VALUES:
        message = f"more than {budget.JSON_VALUES:,} values came, expected fewer"
        raise ReadError(page.path, message)
    try:
        notebook = _Decoder(page.path).decode(page.file)
        cells = list(notebook["cells"])
        page.front = dict(notebook["metadata"])
        for number, cell in enumerate(cells, start=1):
            alternative = cell["metadata"].get("alt", "")
            if cell["cell_type"] != "raw":
                page.parts.append(_part(cell["source"], cell["cell_type"], number))
            if alternative:
                page.parts.append(_part(alternative, "alt", number))
        said = [page.front[key] for key in SEEN if isinstance(page.front.get(key), str)]
        page.parts += [_part(text, "alt", None) for text in said]
    except json.JSONDecodeError as error:
        place = Place(error.lineno, error.colno)
        raise ReadError(page.path, f"not JSON: {error.msg}", place) from None
    except ReadError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        message = "not a notebook: expected cells with type, source and metadata"
        raise ReadError(page.path, message) from None


def _part(source: _Located | list[_Located], kind: str, cell: int | None) -> Part:
    """Return a part from the file's one string or list of lines."""
    strings = source if isinstance(source, list) else [source]
    spans = tuple(string.span for string in strings)
    return Part("".join(strings), kind, cell, spans)

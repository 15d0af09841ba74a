"""Read the front matter of a page, or write givens into it or into a notebook's metadata.

Keys that come twice and huge values are refused.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NoReturn

import yaml

from backprop.pages import budget
from backprop.pages.page import Number, Page, Place, ReadError
from backprop.pages.seen import Seen
from backprop.symbolic.givens import SettingsError
from backprop.symbolic.notation import Notation

FRONT = re.compile(r"\ufeff?-{3}[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)(?:-{3}|\.{3})[ \t]*\r?(?:\n|$)")
SEEN = ("title", "subtitle", "description", "summary", "abstract", "header", "footer")
"""The keys whose values readers or search engines show."""
LONGEST_NUMBER = 100  # characters


def read_front(page: Page) -> None:
    """Read the front matter of a page into it.

    Raises:
        ReadError: it is not YAML, or too large, or a key comes twice.
    """
    match = FRONT.match(page.file)
    if match is None:
        return
    if len(match["yaml"]) > budget.FRONT_CHARACTERS:
        message = f"more than {budget.FRONT_CHARACTERS:,} characters came, expected fewer"
        raise ReadError(page.path, f"front matter: {message}")
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        root = yaml.compose(match["yaml"], loader)
        _check_values(page, root, within_itself=1)
        if settings := value_of(root, "backprop"):
            _check_values(page, settings, within_itself=math.inf)
        front = yaml.load(match["yaml"], loader)  # noqa: S506
    except ReadError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(mark.line + 2, mark.column + 1) if mark else Place(1, 1)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ReadError(page.path, f"front matter that is not YAML: {reason}", place) from None
    except (AttributeError, LookupError):
        message = "front matter that is not YAML: a value is not what its tag says, as in !!bool x"
        raise ReadError(page.path, message) from None
    if twice := _twice(root):
        _refuse_value(page, twice, f"{twice.value!r} came twice, expected it once")
    if isinstance(front, dict):  # all else the site shows as text
        page.front = front
        page.front_end = match.end()
        pairs = root.value  # type: ignore[union-attr]  # a mapping
        page.numbers += _front_numbers(pairs, match["yaml"], match.start("yaml"))


def value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return the value of a key in a mapping, None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _check_values(page: Page, root: yaml.Node | None, within_itself: float) -> None:
    """Refuse front matter with huge numbers, or with aliases that stand for too many values.

    Args:
        page: the page.
        root: all of the front matter, or a part of it.
        within_itself: how many values an alias within its own anchor counts for.

    Raises:
        ReadError: it has these.
    """
    counts: dict[int, float] = {}
    for node in _innermost_first(root):
        number = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))
        if number and len(node.value) > LONGEST_NUMBER:
            came = f"a number of {len(node.value):,} characters came"
            _refuse_value(page, node, f"{came}, expected {LONGEST_NUMBER} at most")
        counts[id(node)] = 1 + sum(counts.get(id(part), within_itself) for part in _parts(node))
        if counts[id(node)] > budget.VALUES:
            came = f"more than {budget.VALUES:,} values came, aliases written out"
            _refuse_value(page, node, f"{came}, expected fewer")


def _refuse_value(page: Page, node: yaml.Node, message: str) -> NoReturn:
    place = Place(node.start_mark.line + 2, node.start_mark.column + 1)
    raise ReadError(page.path, f"front matter: {message}", place)


def _innermost_first(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield each node once, its parts before it."""
    waiting = [(root, False)] if root is not None else []
    known: set[int] = set()
    while waiting:
        node, done = waiting.pop()
        if done:
            yield node
        elif id(node) not in known:
            known.add(id(node))
            waiting += [(node, True), *((part, False) for part in _parts(node))]


def _parts(node: yaml.Node) -> list[yaml.Node]:
    """Return the parts of a node: entries, or keys and values."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _twice(root: yaml.Node | None) -> yaml.Node | None:
    """Return a key that a mapping has twice; YAML would silently keep the last."""
    for node in _innermost_first(root):
        if isinstance(node, yaml.MappingNode):
            keys: set[tuple[str, str]] = set()
            key: yaml.Node
            for key, _ in node.value:
                said = key.tag, str(key.value)
                if said in keys:
                    return key
                keys.add(said)
    return None


def _front_numbers(
    pairs: Iterable[tuple[yaml.Node, yaml.Node]], source: str, start: int
) -> Iterator[Number]:
    """Yield the decimals in the front matter that readers see, as in the title or description."""
    said = {id(value): value for key, value in pairs if key.value in SEEN}  # an alias once
    for value in said.values():
        if isinstance(value, yaml.ScalarNode):
            first, last = value.start_mark.index, value.end_mark.index
            for begin, end, text in Seen(source[first:last]).numbers():
                yield Number(0, start + first + begin, start + first + end, text)


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

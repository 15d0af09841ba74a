"""Read the front matter of a page; keys that come twice and huge values are refused."""

import math
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

import yaml

from backprop.pages import budget
from backprop.pages.page import Number, Page, Place, ReadError
from backprop.pages.seen import Seen

FRONT = re.compile(r"\ufeff?-{3}[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)(?:-{3}|\.{3})[ \t]*\r?(?:\n|$)")
SEEN = ("title", "subtitle", "description", "summary", "abstract", "header", "footer")
"""The keys whose values readers or search engines show."""
LONGEST_NUMBER = 100  # characters


def read_front(page: Page) -> None:
    """Read the front matter."""
    match = FRONT.match(page.file)
    if match is None:
        return
    if len(match["yaml"]) > budget.FRONT_CHARACTERS:
        message = f"more than {budget.FRONT_CHARACTERS:,} characters came, expected as many at most"
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

r"""Which Markdown a page is written in: that of the MkDocs site it belongs to, or anybody's.

A `mkdocs.yml` above a page decides, unless the front matter says `markdown: any`. Of the site's
Markdown extensions, those of Python-Markdown and pymdown-extensions that read only the page are
used. Nothing else of a site is loaded: no hook, no other extension, and no YAML tag, which could
name any function. A finding lists what is left out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backprop.pages import budget

SITE, ANY = "mkdocs", "any"
CONFIG = "mkdocs.yml"
MARKDOWN = frozenset(  # the extensions that come with Python-Markdown
    re.findall(
        r"\w+",
        "abbr admonition attr_list def_list extra fenced_code footnotes legacy_attrs legacy_em"
        " md_in_html meta nl2br sane_lists smarty tables toc wikilinks",
    )
)
PYMDOWN = frozenset(  # those of pymdown-extensions that read no file, and name no function
    re.findall(
        r"\w+",
        "arithmatex betterem caret critic details emoji escapeall extra fancylists highlight"
        " inlinehilite keys magiclink mark progressbar quotes saneheaders smartsymbols striphtml"
        " superfences tabbed tasklist tilde",
    )
)
COLORS = ("codehilite", "markdown.extensions.codehilite")  # which change no text
# To tell what is raw HTML, and what is code
NEEDED = ("md_in_html", "pymdownx.highlight", "pymdownx.superfences")
FIXED_SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
    "pymdownx.emoji": {},
    "toc": {},
}
"""Extensions whose own settings change only the look of a page, with the settings used here."""


@dataclass(frozen=True)
class Dialect:
    """How a page's Markdown is read.

    Attributes:
        name: "mkdocs" or "any".
        extensions: of Python-Markdown, each with its settings as JSON.
        left_out: what else the site has, which is not loaded.
        modules: whether the page may import and export modules, as MDX does.
    """

    name: str
    extensions: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    modules: bool = False


_SHOWN = (
    *("toc", "tables", "fenced_code", "abbr", "admonition", "attr_list", "footnotes", "md_in_html"),
    *("pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.superfences"),
)
BUILT = Dialect(
    SITE,
    (
        *((name, "{}") for name in _SHOWN),
        ("pymdownx.arithmatex", '{"generic": true}'),
        ("pymdownx.tabbed", '{"alternate_style": true}'),
    ),
)
"""How pages are read while MkDocs builds them with our plugin, whatever their site configures."""


def dialect_of(path: str, front: Mapping[str, Any]) -> Dialect:
    """Return how the page in a file is read."""
    settings = front.get("backprop")
    said = settings.get("markdown") if isinstance(settings, dict) else None
    above = (folder / CONFIG for folder in Path(path).absolute().parents)
    config = next(filter(Path.is_file, above), None)
    if said == ANY or config is None:
        return Dialect(ANY, modules=path.endswith(".mdx"))
    return _site(config, config.stat().st_mtime_ns)


class _Ignored:
    """Stands for a value with a YAML tag, which is not constructed."""


class SiteLoader(yaml.SafeLoader):
    """Reads the settings of a site without constructing values that have a tag."""


SiteLoader.add_constructor(None, lambda *_: _Ignored())


@lru_cache(maxsize=16)
def _site(config: Path, _: int) -> Dialect:
    """Return the Markdown of the site that a file describes."""
    try:
        said = _read(config)
        listed = [*_listed(said.get("markdown_extensions") or [])]
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError):
        return Dialect(SITE, _with_needed({}), (f"{CONFIG}, which is not understood",))
    hooks = said.get("hooks")
    left_out = [f"the hook {hook}" for hook in (hooks if isinstance(hooks, list) else [])]
    used: dict[str, Any] = {}
    for name, settings in listed:
        known = name.removeprefix("markdown.extensions.")
        if known in MARKDOWN or (known.startswith("pymdownx.") and known[9:] in PYMDOWN):
            used[known] = settings
            left_out += [f"!tag in the settings of {name}"] * (
                known not in FIXED_SETTINGS and _has_tags(settings)
            )
        elif name not in COLORS:
            left_out.append(f"the extension {name}")
    return Dialect(SITE, _with_needed(used), tuple(left_out))


def _read(config: Path, levels: int = 5) -> dict[str, Any]:
    """Return the settings in a file, over those of the file that it inherits from.

    Raises:
        OSError: a file cannot be read.
        ValueError: a file inherits from one that inherits, and so on, over too many levels, or
            from what is no file.
    """
    if not levels or not config.is_file():
        raise ValueError(config)
    with config.open("rb") as file:
        said: dict[str, Any] = yaml.load(file.read(budget.FRONT_CHARACTERS), SiteLoader)  # noqa: S506  # safe
    if "INHERIT" in said:
        return {**_read(config.parent / str(said["INHERIT"]), levels - 1), **said}
    return said


def _listed(said: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # what YAML has
    """Yield the extensions that a site lists, each with its settings."""
    for each in [said] if isinstance(said, dict) else said:
        if isinstance(each, dict):
            yield from each.items()
        elif isinstance(each, str):
            yield each, {}
        else:
            raise TypeError(each)


def _with_needed(used: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    names = dict.fromkeys((*used, *NEEDED))
    return tuple((name, json.dumps(_settings(name, used.get(name)))) for name in names)


def _settings(name: str, said: Any) -> Mapping[str, Any]:  # noqa: ANN401  # what YAML has
    """Return the settings of an extension that can change the text of a page."""
    own = said if isinstance(said, dict) else {}
    plain = {key: value for key, value in own.items() if not _has_tags(value)}
    if name == "pymdownx.arithmatex":
        return {**plain, **FIXED_SETTINGS[name]}
    return FIXED_SETTINGS.get(name, plain)


def _has_tags(value: Any) -> bool:  # noqa: ANN401  # what YAML has
    if isinstance(value, dict):
        return any(map(_has_tags, value.values()))
    return any(map(_has_tags, value)) if isinstance(value, list) else isinstance(value, _Ignored)

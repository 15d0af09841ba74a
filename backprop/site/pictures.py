"""Draw the diagrams of a page from the package: `<figure data-figure="values" ...>`.

A map with `data-networks` offers other networks in a menu. The page's front matter lists them, each
the network of another page, or of a section of it that begins with a mark with these settings:

    networks:
      deeper: {title: Two hidden layers, page: deeper.md}
      tanh: {title: Hidden neurons with tanh, page: activations.md, section: "activations=tanh"}

An entry with `backprop` describes its network itself, if its page has it only in code.
"""

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape, unescape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from backprop.figures.diagrams import draw, draw_map_of
from backprop.figures.labels import NEURONS
from backprop.pages.lookup import entries
from backprop.pages.reader import settings_in
from backprop.pages.settings import world_of
from backprop.site.findings import report
from backprop.site.inline_svg import unique_ids, without_styles
from backprop.site.live import labelled

# The buttons of a map, which are not shown without JavaScript.
CONTROLS = Path(__file__).parent / "templates" / "map.html"


def on_page_content(html: str, page: Page, files: Files | None = None, **_: object) -> str:
    """Draw the diagram of each figure in front of its caption."""
    numbers = itertools.count(1)

    def fill(tag: re.Match[str]) -> str:
        given = dict(re.findall(r'data-(figure|example)="([^"]*)"', tag[0]))
        try:
            offered = page.meta.get("networks", {}) if " data-networks" in tag[0] else {}
            networks = [
                brought(name, entry, page, files or Files([]), next(numbers))
                for name, entry in offered.items()
            ]
            example = given.get("example", "")
            linked = files if " data-linked" in tag[0] else None
            links = None if linked is None else links_of(example, page, linked)
            svg = drawn(page, given["figure"], example, links)
        except ValueError as error:
            report(page, f"figure {given['figure']!r}: {error}", f'data-figure="{given["figure"]}"')
            return tag[0]
        controls = CONTROLS.read_text("utf-8") if given["figure"] == "map" else ""
        picture = placed(svg, next(numbers))
        return "".join([tag[0], picture, controls, *networks])

    return re.sub(r'<figure\b[^>]*\bdata-figure="[^>]*>', fill, html)


def placed(svg: str, number: int) -> str:
    """Return a picture for a page, with ids that begin with its number on the page."""
    picture = without_styles(unique_ids(svg, f"figure-{number}-"))
    picture = re.sub("(?<=<metadata>).*(?=</metadata>)", with_mathml, picture)
    if re.match(r'<svg [^>]*\bwidth="', picture):  # wider than a phone, where it scrolls sideways
        return f'<div class="bp-wide" tabindex="0">{picture}</div>'
    return picture


def with_mathml(data: re.Match[str]) -> str:
    """Return the data of a map with the LaTeX of each name replaced by MathML."""
    network = json.loads(unescape(data[0]))
    network["labels"] = labelled(network["labels"])
    return escape(json.dumps(network, separators=(",", ":"), ensure_ascii=False), quote=False)


def brought(name: str, entry: Mapping[str, Any], page: Page, files: Files, number: int) -> str:
    """Return the map of another page's network, in a template from which the menu takes it.

    Raises:
        ValueError: the entry has no title or page, there is no such page or section, or its
            network cannot be drawn.
    """
    if not isinstance(entry, Mapping) or not {"title", "page"} <= entry.keys():
        raise ValueError(f"networks: {name}: {entry!r} came, expected a title and a page")
    file = files.get_file_from_path(entry["page"])
    if file is None:
        raise ValueError(f"networks: {name}: {entry['page']} came, expected a page of the site")
    text, front = get_data(file.content_string)
    section = entry.get("section", "")
    if section and f"<!-- backprop: {section} -->" not in text:
        raise ValueError(f"networks: {name}: section {section!r} is not on {entry['page']}")
    front = {"backprop": entry.get("backprop", front.get("backprop"))}
    world = world_of(front, settings_in(section) if section else {})
    if world is None:
        raise ValueError(f"networks: {name}: {entry['page']} has no network")
    svg = draw_map_of(name, "lecture", world.graph, float(world.learning_rate), world.biases)
    about = {"network": name, "title": entry["title"], "page": file.url_relative_to(page.file)}
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in about.items())
    return f"<template{data}>{placed(svg, number)}</template>"


def links_of(example: str, page: Page, files: Files) -> dict[str, str]:
    """Return the address of each weight and bias of an example, relative to a page."""
    found = {entry.parameter: files.get_file_from_path(entry.uri) for entry in entries(example)}
    return {name: file.url_relative_to(page.file) for name, file in found.items() if file}


def drawn(
    page: Page,
    figure: str,
    example: str,
    links: dict[str, str] | None = None,
    *,
    standalone: bool = False,
) -> str:
    """Return a picture of an example, or of the page's own network with that name.

    Raises:
        ValueError: it cannot be drawn.
    """
    front: Any = page.meta.get("backprop")
    said = front if isinstance(front, dict) else {}
    own = said and said.get("example", "page") == example
    world = world_of({"backprop": said}, {}) if own else None
    if world is None or ("sizes" not in said and world.graph.form.is_of_the_lesson):
        if world and said.get("givens"):
            changed = replace(world.example, name=example)
            return draw(figure, changed, links=links, standalone=standalone)
        return draw(figure, example, links=links, standalone=standalone)
    if figure != "map":
        raise ValueError("this page has another network than the lesson, expected the figure map")
    rate = float(world.learning_rate)
    # The letters that a page defines are formulas, for which a picture has no room.
    letters = world.notation.name if world.notation.name in NEURONS else "lecture"
    biases = world.biases
    return draw_map_of(example, letters, world.graph, rate, biases, standalone=standalone)

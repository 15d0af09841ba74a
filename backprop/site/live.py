"""Give each page the data from which its scripts compute its numbers anew."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from mkdocs.structure.pages import Page

from backprop.site.mathml import to_mathml


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Put the data at the end of the page, if it has numbers."""
    live = page.meta.pop("bound", None)
    if not live or not live["data"]["numbers"]:
        return html
    data = json.dumps(shown(live["data"]), separators=(",", ":"), ensure_ascii=False)
    # Not in a <script> of JSON, which Material's instant navigation would run as JavaScript. Single
    # quote marks, since JSON has none: the double ones in it then need no escaping.
    value = data.replace("&", "&amp;").replace("'", "&#39;")
    return f"{html}\n<template data-live='{value}'></template>"


def shown(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with the LaTeX of each name replaced by MathML."""
    notations = {name: labelled(labels) for name, labels in data["notations"].items()}
    names = [[[plain, mathml(latex)], tree] for (plain, latex), tree in data["names"]]
    return {**data, "notations": notations, "names": names}


def labelled(labels: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the labels of names, their LaTeX replaced by MathML."""
    return {name: [plain, mathml(latex)] for name, (plain, latex) in labels.items()}


def mathml(latex: str) -> str:
    """Return the MathML of a name, without the element around it."""
    row = to_mathml(latex, "inline")[0]
    return "".join(ET.tostring(child, encoding="unicode") for child in row)

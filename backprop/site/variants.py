"""Put the switches, sentences and thresholds of the search into the page whose form searches."""

import json
from functools import cache

from backprop.variants.shared import table


def on_page_content(html: str, **_: object) -> str:
    """Fill the placeholder, if the page has it."""
    place = '<script type="application/json" data-variants></script>'
    if place not in html:
        return html
    return html.replace(place, place.replace("><", f">{switches()}<"))


@cache
def switches() -> str:
    """Return all that the search needs, as JSON that cannot end the script it stands in."""
    return json.dumps(table(), separators=(",", ":")).replace("</", "<\\/")

"""Prepare an SVG picture from any source for its place inside a page."""

import re
from itertools import count


def unique_ids(svg: str, prefix: str) -> str:
    """Put the prefix before each id and each reference to one, so that no two pictures clash."""
    svg = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{prefix}", svg)
    return re.sub(
        r'(\saria-(?:labelledby|describedby)=")([^"]*)',
        lambda match: match[1] + " ".join(prefix + name for name in match[2].split()),
        svg,
    )


def without_styles(svg: str) -> str:
    """Turn a picture's styles into attributes, since a strict security policy forbids styles."""

    def attributes(style: re.Match[str]) -> str:
        pairs = (pair.partition(":") for pair in style[1].split(";") if pair.strip())
        return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)

    return re.sub(r' style="([^"]*)"', attributes, svg)


def plot(svg: str, prefix: str) -> str:
    """Return a matplotlib picture in which black becomes the color of the text around it."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg,
                 flags=re.DOTALL)  # fmt: skip
    # Its style sheet would apply to the whole page; site.css has the same rules for plots only.
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"#000000\b", "currentColor", svg)
    svg = _numbered(re.sub(r"\s*\n\s*", " ", svg).strip())
    return without_styles(unique_ids(svg, prefix))


def _numbered(svg: str) -> str:
    """Replace the random ids of matplotlib by numbers, so that each build writes the same file."""
    drawn = dict.fromkeys(re.findall(r'(?<=\sid=")(image|[a-z])([0-9a-f]{10})(?=")', svg))
    for (kind, name), number in zip(drawn, count(1), strict=False):
        svg = svg.replace(kind + name, f"{kind}{number}")
    return svg

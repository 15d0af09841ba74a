"""Fit an SVG for a place inside a page, whoever drew it."""

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
    """Say by attributes what a picture says by styles, which a strict security policy forbids."""

    def attributes(style: re.Match[str]) -> str:
        pairs = (pair.partition(":") for pair in style[1].split(";") if pair.strip())
        return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)

    return re.sub(r' style="([^"]*)"', attributes, svg)


def plot(svg: str, prefix: str) -> str:
    """A matplotlib picture whose black ink is the color of the text around it."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg,
                 flags=re.DOTALL)  # fmt: skip
    # Its style sheet would apply to the whole page; site.css says the same for plots alone.
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"#000000\b", "currentColor", svg)
    svg = _numbered(re.sub(r"\s*\n\s*", " ", svg).strip())
    return without_styles(unique_ids(svg, prefix))


def _numbered(svg: str) -> str:
    """Number the ids that matplotlib draws at random, so that each build writes the same file."""
    drawn = dict.fromkeys(re.findall(r'(?<=\sid=")[a-z][0-9a-f]{10}(?=")', svg))
    for name, number in zip(drawn, count(1), strict=False):
        svg = svg.replace(name, f"{name[0]}{number}")
    return svg

"""Fit an SVG for a place inside a page, whoever drew it."""

import re


def unique_ids(svg: str, prefix: str) -> str:
    """Put the prefix before each id and each reference to one, so that no two pictures clash."""
    svg = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{prefix}", svg)
    return re.sub(
        r'(\saria-(?:labelledby|describedby)=")([^"]*)',
        lambda match: match[1] + " ".join(prefix + name for name in match[2].split()),
        svg,
    )


def plot(svg: str, prefix: str) -> str:
    """A matplotlib picture whose black ink is the color of the text around it."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", "", svg,
                 flags=re.DOTALL)  # fmt: skip
    # Its style sheet would apply to the whole page; site.css says the same for plots alone.
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"#000000\b", "currentColor", svg)
    return unique_ids(re.sub(r"\s*\n\s*", " ", svg).strip(), prefix)

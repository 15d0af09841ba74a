"""Serve two subsets of STIX Two Math, cut at build time from the font that `ziamath` ships.

The small one has what nearly all formulas of a network are made of, and each page with formulas
waits for it. The large one has all that a formula may use; a browser loads it for a page that needs
more than the small one.
"""

import re
from functools import partial
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from backprop.site.package import kept

COMMON_FONT = "assets/stix-two-math-common.woff2"
FONT = "assets/stix-two-math.woff2"
LICENSE = "assets/stix-two-math.txt"
WATCH = "assets/font.js"
STYLES = Path(__file__).parent / "assets" / "site.css"
RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
Ranges = tuple[tuple[int, int], ...]


def ranges_of_styles(styles: str) -> list[Ranges]:
    """The ranges of characters that the style sheet names, font by font."""
    code = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    return [
        tuple((int(start, 16), int(end or start, 16)) for start, end in RANGE.findall(font))
        for font in re.findall(r"unicode-range:([^;]*)", code)
    ]


LARGE, COMMON = ranges_of_styles(STYLES.read_text("utf-8"))
RANGES = LARGE + COMMON  # what pages may use; mathml.py refuses a formula with another character


def covers(character: str) -> bool:
    """Return whether the fonts have this character."""
    return any(first <= ord(character) <= last for first, last in RANGES)


def cut(font: bytes, ranges: Ranges) -> bytes:
    """The font with only the glyphs of these ranges, as WOFF2; its MATH and layout tables stay."""
    options = subset.Options(
        flavor="woff2",
        layout_features=["ccmp", "dtls", "flac", "ssty"],  # dotless i, accents, small scripts
        hinting=False,
        name_IDs=["*"],  # the copyright and the license travel inside the font as well
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    face = subset.load_font(BytesIO(font), options)
    subsetter.subset(face)
    output = BytesIO()
    subset.save_font(face, output, options)
    return output.getvalue()


def credit(font: bytes) -> str:
    """Return the credit that the font's license asks for, in the words of the font itself."""
    names = TTFont(BytesIO(font), lazy=True)["name"]
    copyright_, trademark, terms = (names.getDebugName(number) for number in (0, 7, 13))
    return (
        f"STIX Two Math, reduced to the characters that this site uses.\n\n"
        f"Copyright {copyright_}\n{trademark}\n\n{terms}\n"
    )


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the fonts and their license to the site; none of these is in the repository."""
    # ziamath is not imported, which would take longer than all the rest here.
    whole = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = Path(str(whole)).read_bytes()
    cache = Path(config.config_file_path).parent / ".cache" / "fonts"
    for name, ranges in ((COMMON_FONT, COMMON), (FONT, RANGES)):
        recipe = font + repr((ranges, fontTools.version)).encode()
        path = kept(cache, recipe, ".woff2", partial(cut, font, ranges))
        files.append(File.generated(config, name, abs_src_path=str(path)))
    files.append(File.generated(config, LICENSE, content=credit(font)))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Have the small font loaded early by a page with formulas, and watched by a script."""
    if "<math" not in output:
        return output
    font, watch = (get_relative_url(path, page.url) for path in (COMMON_FONT, WATCH))
    early = f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>'
    head, end, rest = output.partition("</head>")
    head = head.replace("<link", f"{early}<link", 1)
    # After the styles, which name the font.
    return f'{head}<script src="{watch}"></script>{end}{rest}'

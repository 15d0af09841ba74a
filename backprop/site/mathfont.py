"""Serve two subsets of STIX Two Math, cut at build time from the font that `ziamath` ships.

The small one has what nearly all formulas of a network are made of, and each page with formulas
waits for it. The large one has all that a formula may use; a browser loads it for a page that needs
more than the small one.
"""

import re
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
LICENCE = "assets/stix-two-math.txt"
WATCH = "assets/font.js"
# What pages may use; mathml.py refuses a formula with a character outside these.
Ranges = tuple[tuple[int, int], ...]
RANGES: Ranges = (
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x00A0),  # no-break space
    (0x00AF, 0x00B7),  # bar, degree, plus-minus, middle dot
    (0x00D7, 0x00D7),  # times
    (0x00F7, 0x00F7),  # divided by
    (0x02D9, 0x02DC),  # dot and tilde
    (0x0300, 0x030C),  # accents
    (0x0391, 0x03C9),  # Greek
    (0x03D1, 0x03F5),
    (0x2000, 0x2026),  # spaces, dashes, dots
    (0x2032, 0x2034),  # primes
    (0x20D6, 0x20D7),  # arrows above letters
    (0x210E, 0x210E),  # italic h
    (0x2112, 0x2115),  # script L and l, natural numbers
    (0x211D, 0x211D),  # real numbers
    (0x2190, 0x2199),  # arrows
    (0x21A6, 0x21A6),
    (0x21D0, 0x21D5),
    (0x2200, 0x226B),  # operators and relations
    (0x2282, 0x228B),
    (0x2295, 0x2299),
    (0x22A4, 0x22A5),  # transpose
    (0x22C0, 0x22C6),
    (0x22EE, 0x22F1),  # dots of matrices
    (0x2308, 0x230B),  # floor and ceiling
    (0x239B, 0x23AD),  # parts of tall brackets
    (0x23DC, 0x23DF),  # braces above and below
    (0x25FB, 0x25FB),  # a blank
    (0x27E8, 0x27E9),  # angle brackets
    (0x27F5, 0x27FA),  # long arrows
    (0x1D400, 0x1D467),  # bold, italic and bold italic Latin; a lone letter is set in italics
    (0x1D6A8, 0x1D6DA),  # bold Greek
    (0x1D6E2, 0x1D71B),  # italic Greek
)
STYLES = Path(__file__).parent / "assets" / "site.css"


def ranges_of_styles(styles: str) -> Ranges:
    """The ranges of characters that the style sheet names for the small font."""
    code = re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)
    _, _, last = code.rpartition("unicode-range:")
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", last.partition(";")[0])
    return tuple((int(start, 16), int(end or start, 16)) for start, end in ranges)


def subsets() -> dict[str, Ranges]:
    """The path of each font of the site, and the characters that it is cut to."""
    return {COMMON_FONT: ranges_of_styles(STYLES.read_text("utf-8")), FONT: RANGES}


def covers(character: str) -> bool:
    """Return whether the subset has this character."""
    return any(first <= ord(character) <= last for first, last in RANGES)


def cut(font: bytes, ranges: Ranges) -> bytes:
    """The font with only the glyphs of these ranges, as WOFF2; its MATH and layout tables stay."""
    options = subset.Options(
        flavor="woff2",
        layout_features=["ccmp", "dtls", "flac", "ssty"],  # dotless i, accents, small scripts
        hinting=False,
        name_IDs=["*"],  # the copyright and the licence travel inside the font as well
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    face = subset.load_font(BytesIO(font), options)
    subsetter.subset(face)
    output = BytesIO()
    subset.save_font(face, output, options)
    return output.getvalue()


def cached_cut(font: bytes, ranges: Ranges, cache: Path) -> Path:
    """The file that holds the cut font; made anew when the font, the ranges or fontTools change."""
    recipe = font + repr((ranges, fontTools.version)).encode()
    return kept(cache, recipe, ".woff2", lambda: cut(font, ranges))


def licence(font: bytes) -> str:
    """Return the credit that the font's licence asks for, in the words of the font itself."""
    names = TTFont(BytesIO(font), lazy=True)["name"]
    copyright_, trademark, terms = (names.getDebugName(number) for number in (0, 7, 13))
    return (
        f"STIX Two Math, reduced to the characters that this site uses.\n\n"
        f"Copyright {copyright_}\n{trademark}\n\n{terms}\n"
    )


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the fonts and their licence to the site; none of these is in the repository."""
    # ziamath is not imported, which would take longer than all the rest here.
    path = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = Path(str(path)).read_bytes()
    cache = Path(config.config_file_path).parent / ".cache" / "fonts"
    for name, ranges in subsets().items():
        subset_ = cached_cut(font, ranges, cache)
        files.append(File.generated(config, name, abs_src_path=str(subset_)))
    files.append(File.generated(config, LICENCE, content=licence(font)))
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

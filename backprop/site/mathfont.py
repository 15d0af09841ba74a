"""Serve a subset of STIX Two Math, cut at build time from the font that `ziamath` ships."""

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

FONT = "assets/stix-two-math.woff2"
LICENCE = "assets/stix-two-math.txt"
WATCH = "assets/font.js"
# The characters that pages may use; mathml.py refuses a formula with a character outside these.
RANGES = (
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


def covers(character: str) -> bool:
    """Return whether the subset has this character."""
    return any(first <= ord(character) <= last for first, last in RANGES)


def cut(font: bytes) -> bytes:
    """Return the font with only the glyphs of `RANGES`, as WOFF2, with MATH and layout tables."""
    options = subset.Options(
        flavor="woff2",
        layout_features=["ccmp", "dtls", "flac", "ssty"],  # dotless i, accents, small scripts
        hinting=False,
        name_IDs=["*"],  # the copyright and the licence travel inside the font as well
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    face = subset.load_font(BytesIO(font), options)
    subsetter.subset(face)
    output = BytesIO()
    subset.save_font(face, output, options)
    return output.getvalue()


def cached_cut(font: bytes, cache: Path) -> Path:
    """Return the file of the subset, made again if the font, the ranges or fontTools change."""
    recipe = font + repr((RANGES, fontTools.version)).encode()
    return kept(cache, recipe, ".woff2", lambda: cut(font))


def licence(font: bytes) -> str:
    """Return the credit that the font's licence asks for, in the words of the font itself."""
    names = TTFont(BytesIO(font), lazy=True)["name"]
    copyright_, trademark, terms = (names.getDebugName(number) for number in (0, 7, 13))
    return (
        f"STIX Two Math, reduced to the characters that this site uses.\n\n"
        f"Copyright {copyright_}\n{trademark}\n\n{terms}\n"
    )


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the font and its licence to the site; neither is in the repository."""
    # ziamath is not imported, since that takes longer than everything else here.
    path = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    font = Path(str(path)).read_bytes()
    cache = Path(config.config_file_path).parent / ".cache" / "fonts"
    files.append(File.generated(config, FONT, abs_src_path=str(cached_cut(font, cache))))
    files.append(File.generated(config, LICENCE, content=licence(font)))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Make a page with formulas load the font early, and a script that watches it."""
    if "<math" not in output:
        return output
    font, watch = (get_relative_url(path, page.url) for path in (FONT, WATCH))
    early = f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>'
    head, end, rest = output.partition("</head>")
    head = head.replace("<link", f"{early}<link", 1)
    # Behind the styles, which name the font.
    return f'{head}<script src="{watch}"></script>{end}{rest}'

"""Feed the page reader with anything: `python tests/fuzz/fuzz_reader.py -runs=100000`.

It starts from the project's own pages and from single lines of them, and looks for an input
that raises anything but a ReadError, whose items lie outside of it, or that does not come back
byte for byte. Atheris does the guessing (the extra `fuzz`); its options are those of libFuzzer.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["backprop.pages"]):
    from backprop.pages.page import Page, ReadError
    from backprop.pages.reader import read_text

from seeds import PAGES, seeded


def fuzz(data: bytes) -> None:
    """Read one input, as Markdown or, where it looks like JSON, as a notebook."""
    text = data.decode("utf-8", "ignore")
    try:
        page = read_text(text, "page.ipynb" if text.startswith("{") else "page.md")
    except ReadError as error:
        place, message = error.place, str(error)
        assert place.line >= 1 <= place.column
        assert "\n" not in message
        return
    check(page, text)


def check(page: Page, text: str) -> None:
    """Hold what was read against the text."""
    assert page.edited([]) == text
    items = [*page.math, *page.numbers, *page.code, *page.headings, *page.comments]
    for item in [*items, *page.exemptions, *page.switches]:
        source = page.parts[item.part].text
        assert 0 <= item.start <= item.end <= len(source), item
        page.settings(item.part, item.start)
        assert page.place(item.part, item.start).column >= 1
    for math in page.math:
        end = math.latex_start + len(math.latex)
        assert math.start < math.latex_start <= end < math.end, math


if __name__ == "__main__":
    texts = [page.read_text("utf-8") for page in PAGES]
    blocks = [block for text in texts for block in text.split("\n\n")]
    atheris.Setup(seeded(sys.argv, [*texts, *blocks], Path(__file__).stem), fuzz)
    atheris.Fuzz()

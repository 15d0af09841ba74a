"""Whatever stands on a page, the checker ends with findings at places of it, or a ReadError."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from backprop.pages.check import check_text
from backprop.pages.page import ReadError

ROOT = Path(__file__).parents[2]
FRONT = "---\nbackprop: {example: lecture}\n---\n\n"
BLOCKS = [
    block
    for page in sorted((ROOT / "docs").glob("*.md"))
    for block in page.read_text("utf-8").split("\n\n")
    if "^{(" not in block  # thousands of rounds take their time
]
SIGNS = st.sampled_from(
    [*"$\\{}&_^-+=<>|[]()#`'\"~*:,. \n\t0123456789xw", "\\\\", "$$", "\n\n", "é"]
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Take blocks of the project's pages, and change some characters of them."""
    text = "\n\n".join(draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4)))
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311  # places as dense as the text
    for sign in draw(st.lists(SIGNS, max_size=8)):
        place = dice.randrange(len(text) + 1)
        text = text[:place] + sign + text[place + dice.randrange(3) :]
    return FRONT + text


@given(pages())
@settings(max_examples=150)
def test_a_page_gives_findings_at_places_of_it(text: str) -> None:
    try:
        checked = check_text(text, "page.md")
    except ReadError as error:
        line = error.place.line
        assert 1 <= line <= text.count("\n") + 1
        return
    lines = text.split("\n")
    [part] = checked.page.parts
    whole = part.text  # with what code makes in it
    for finding in checked.findings:
        assert 0 <= finding.start <= finding.end <= len(whole)
        assert "\n" not in str(finding)
        assert len(lines[finding.place.line - 1]) + 1 >= finding.place.column
    for bound in checked.bound:
        start = bound.math.latex_start
        number = bound.binding.number
        assert whole[start + number.start : start + number.end] == number.text

"""What is made from the package or from data is on the pages as it would be made now."""

from pathlib import Path

import pytest
from generated import PART, filled, makers, pages

PAGES = pages()
MAKERS = makers()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_each_page_is_up_to_date(path: Path) -> None:
    assert filled(PAGES[path], MAKERS) == PAGES[path], "run: python tests/support/generated.py"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_is_changed_in_a_part_by_hand_does_not_stay(path: Path) -> None:
    text = PAGES[path]
    for part in PART.finditer(text):
        start = part.end(1) + 1
        changed = text[:start] + "x" + text[start:]
        assert filled(changed, MAKERS) == text


def test_an_unknown_maker_is_refused() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        filled("<!-- made by nonsense: x -->\n<!-- end -->", MAKERS)

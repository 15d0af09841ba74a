"""No page of the course is long on a phone: under twenty screens, with all folds closed."""

from pathlib import Path

import pytest
from browsers import OpenTab
from mkdocs.utils.yaml import yaml_load

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
MOST = 20  # screens
HEIGHT = """() => {
  const parts = document.querySelectorAll(".bp-part");
  for (const part of parts) part.style.contentVisibility = "visible";
  return document.documentElement.scrollHeight;
}"""


def course() -> list[str]:
    """Return the addresses of the pages of the course."""
    [learn] = [
        group["Learn"]
        for group in yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
        if "Learn" in group
    ]
    files = [Path(file) for page in learn for file in page.values()]
    return ["/" if file.stem == "index" else f"/{file.stem}/" for file in files]


def screens(open_tab: OpenTab, address: str, more: str = "") -> float:
    """Return how many screens of a phone a page fills, perhaps with more at its end."""
    tab = open_tab(viewport=PHONE)
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    tab.evaluate(f"document.querySelector('article').insertAdjacentHTML('beforeend', `{more}`)")
    height = tab.evaluate(HEIGHT)
    return float(height) / PHONE["height"]


@pytest.mark.parametrize("address", course())
def test_a_page_of_the_course_is_under_twenty_screens_of_a_phone(
    open_tab: OpenTab, address: str
) -> None:
    assert 1 < screens(open_tab, address) < MOST


def test_what_is_added_counts_and_what_is_folded_does_not(open_tab: OpenTab) -> None:
    tall = f'<div style="height: {PHONE["height"] * MOST}px"></div>'
    assert screens(open_tab, "/playground/", tall) > MOST
    folded = f"<details><summary>More</summary>{tall}</details>"
    assert screens(open_tab, "/playground/", folded) < MOST

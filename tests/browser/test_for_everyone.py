"""Every page for everyone: what axe finds, in light and dark, with the panel open and closed."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from browsers import OpenTab
from builds import ROOT
from playwright.sync_api import Page

DOCS = ROOT / "docs"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCHEMES = {"light": "default", "dark": "slate"}
TOLD = """({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`))"""
# All rules but that for contrast, the only one that asks for colors.
RULES = f"""async (tags) => ({TOLD})(await axe.run(document,
  {{ runOnly: tags, rules: {{ "color-contrast": {{ enabled: false }} }} }}))"""
# The rule for contrast looks behind each sign of a formula, which takes minutes on a long page. So
# it judges one element of each style: of each color on each background, at each size and weight.
MARK = """(parts) => {
  const styles = new Set();
  const look = (element) => {
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const behind = [];
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(at);
      behind.push(backgroundColor, backgroundImage, opacity);
      if (/^rgb\\(/.test(backgroundColor)) break;
    }
    return [color, fontSize, fontWeight, ...new Set(behind)].join("; ");
  };
  document.querySelectorAll("[data-judged]").forEach((each) => each.removeAttribute("data-judged"));
  for (const part of document.querySelectorAll(parts)) {
    for (const element of [part, ...part.querySelectorAll("*")]) {
      const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (!(says || element.placeholder || element.value) || !element.checkVisibility()) continue;
      const style = look(element);
      if (styles.has(style)) continue;
      styles.add(style);
      element.setAttribute("data-judged", "");
    }
  }
  return styles.size;
}"""
CONTRAST = f"""async () => ({TOLD})(
  await axe.run({{ include: ["[data-judged]"] }}, {{ runOnly: ["color-contrast"] }}))"""


def site_pages() -> list[str]:
    """The address of each page."""
    sources = [*DOCS.glob("*.md"), *DOCS.glob("*.ipynb")]
    written = sorted("" if s.stem == "index" else f"{s.stem}/" for s in sources)
    return ["404.html", *written, "every-weight/notes-b1-2/"]  # one for all that code makes alike


def with_axe(tab: Page, address: str) -> Page:
    """Open a page, with all of it laid out, since axe passes over what is not."""
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    tab.add_style_tag(content=".bp-resting { content-visibility: visible !important }")
    tab.evaluate(AXE)
    return tab


def faint(tab: Page, *parts: str) -> list[str]:
    """What has too little contrast in parts of a page, in light and in dark."""
    found: list[str] = []
    for scheme, name in SCHEMES.items():
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.wait_for_selector(f"body[data-md-color-scheme={name}]")
        if tab.evaluate(MARK, ", ".join(parts)):
            found += tab.evaluate(CONTRAST)
    return found


@pytest.mark.parametrize("name", site_pages())
def test_axe_finds_nothing(open_tab: OpenTab, name: str) -> None:
    tab = with_axe(open_tab(reduced_motion="reduce"), f"/{name}")
    assert tab.evaluate(RULES, TAGS) == []
    assert faint(tab, "body") == []
    if tab.locator(".bp-open").count():
        tab.click(".bp-open")
        tab.fill("#bp-w5", "-0.3")
        tab.fill("#bp-w6", "none")
        tab.locator("[data-n]").first.focus()
        assert tab.evaluate(RULES, TAGS) == []
        assert faint(tab, ".bp-tools", ".bp-card", ".bp-original") == []


@pytest.mark.parametrize("where", ["h2:last-of-type", "p:last-of-type", "math mn:last-of-type"])
def test_axe_would_find_it(tab: Page, where: str) -> None:
    with_axe(tab, "/notes/")
    tab.add_style_tag(content=f"article {where} {{ color: #ddd !important }}")
    tab.evaluate("document.querySelector('article').append(document.createElement('button'))")
    assert any(found.startswith("button-name") for found in tab.evaluate(RULES, TAGS))
    assert any(found.startswith("color-contrast") for found in faint(tab, "body"))


MARKED = """async () => {
  const marked = { include: ["[data-n][data-lit]", "[data-n][data-original]"] };
  const { passes, violations } = await axe.run(marked, { runOnly: ["color-contrast"] });
  const nodes = (results) => results.flatMap(({ nodes }) => nodes.map(({ html }) => html));
  return [nodes(passes), nodes(violations)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_that_stand_out_can_be_read(open_tab: OpenTab, scheme: str) -> None:
    tab = with_axe(open_tab(color_scheme=scheme), "/notes/?w5=-0.3")
    tab.locator("[data-n]", has_text=re.compile("^\u22120.30$")).first.focus()
    tab.evaluate("document.querySelectorAll('[data-n]')[3].setAttribute('data-original', '')")
    tab.evaluate("document.querySelector('.bp-card').remove()")
    good, bad = tab.evaluate(MARKED)
    assert len(good) > 1
    assert bad == []
    tab.add_style_tag(content=":root, body { --bp-lit: var(--md-typeset-color) !important }")
    assert tab.evaluate(MARKED)[1]  # the test would have seen it

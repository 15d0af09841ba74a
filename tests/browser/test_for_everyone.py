"""Every page for everyone: what axe finds, in light and dark, with the panel open and closed."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from browsers import visit
from builds import ROOT
from playwright.sync_api import Page
from sitecheck import SAMPLES

DOCS = ROOT / "docs"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Whether a page loaded the font for rare characters, whose range lacks the space.
LARGE_FONT = """() => [...document.fonts].some(({ unicodeRange, status }) =>
  unicodeRange.startsWith("U+21-") && status !== "unloaded")"""
Judged = dict[str, set[str]]
SCHEMES = {"light": "default", "dark": "slate"}
TOLD = """({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`))"""
# All rules but that for contrast, the only one that asks for colors.
RULES = f"""async (tags) => ({TOLD})(await axe.run(document, {{
    runOnly: tags, resultTypes: ["violations"], rules: {{ "color-contrast": {{ enabled: false }} }},
  }}))"""
# The rule for contrast looks behind each sign of a formula, which takes minutes on a long page. So
# it judges one element of each style that no page before has had: of each color on each background,
# at each size and weight.
MARK = """(judged) => {
  const behind = new Map();
  const look = (at) => {
    if (!at) return "";
    if (!behind.has(at)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(at);
      const own = [backgroundColor, backgroundImage, opacity].join(" ");
      const clear = own === "rgba(0, 0, 0, 0) none 1";
      const opaque = /^rgb\\(/.test(backgroundColor);
      const rest = opaque ? "" : look(at.parentElement);
      behind.set(at, clear ? rest : `${own}; ${rest}`);
    }
    return behind.get(at);
  };
  const [styles, fresh] = [new Set(judged), []];
  document.querySelectorAll("[data-judged]").forEach((each) => each.removeAttribute("data-judged"));
  for (const element of document.querySelectorAll("body, body *")) {
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!(says || element.placeholder || element.value) || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const style = [color, fontSize, fontWeight, look(element)].join("; ");
    if (styles.has(style)) continue;
    styles.add(style);
    fresh.push(style);
    element.setAttribute("data-judged", "");
  }
  return fresh;
}"""
CONTRAST = f"""async () => ({TOLD})(
  await axe.run({{ include: ["[data-judged]"] }},
    {{ runOnly: ["color-contrast"], resultTypes: ["violations"] }}))"""


def site_pages() -> list[str]:
    """The address of each page."""
    sources = [*DOCS.glob("*.md"), *DOCS.glob("*.ipynb")]
    written = sorted("" if s.stem == "index" else f"{s.stem}/" for s in sources)
    made = (f"{folder}/{name}/" for folder, names in SAMPLES.items() for name in names)
    return ["404.html", *written, *made]


# A block of code gets its button, and keys that scroll it, when it is first seen.
SEE = """async () => {
  for (const code of document.querySelectorAll("pre > code")) {
    code.scrollIntoView({ behavior: "instant", block: "center" });
    await new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
  }
  scrollTo({ top: 0, behavior: "instant" });
}"""


def with_axe(tab: Page, address: str) -> Page:
    """Open a page, with all of it laid out and seen, since axe passes over what is not."""
    visit(tab, address)
    tab.add_style_tag(content=".bp-part { content-visibility: visible !important }")
    tab.evaluate(SEE)
    tab.evaluate(AXE)
    return tab


def broken(tab: Page) -> list[str]:
    """Which rules a page breaks, but that for contrast."""
    found: list[str] = tab.evaluate(RULES, TAGS)
    return found


def faint(tab: Page, judged: Judged) -> list[str]:
    """What has too little contrast on a page, in light and in dark.

    What a style has been judged for is not looked at again: on any page, it has the same contrast.
    """
    found: list[str] = []
    for scheme, name in SCHEMES.items():
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.wait_for_selector(f"body[data-md-color-scheme={name}]")
        if fresh := tab.evaluate(MARK, [*judged[scheme]]):
            found += tab.evaluate(CONTRAST)
            judged[scheme] |= {*fresh}
    return found


@pytest.fixture(scope="module")
def judged() -> Judged:
    """The styles that have been judged, in light and in dark."""
    return {scheme: set() for scheme in SCHEMES}


@pytest.mark.parametrize("name", site_pages())
def test_axe_finds_nothing(tab: Page, judged: Judged, name: str) -> None:
    tab.emulate_media(reduced_motion="reduce")
    with_axe(tab, f"/{name}")
    if tab.locator(".bp-open").count():
        tab.click(".bp-open")
        tab.fill("#bp-w5", "-0.3")
        tab.fill("#bp-w6", "none")
        tab.locator("[data-n]").first.focus()
    assert broken(tab) == []
    assert faint(tab, judged) == []
    assert not tab.evaluate(LARGE_FONT)


def test_a_rare_character_of_a_formula_loads_the_large_font(tab: Page) -> None:
    tab.goto("/every-weight/notes-b1-2/")
    assert not tab.evaluate(LARGE_FONT)
    tab.evaluate("document.querySelector('article math mi').textContent = '\\u2240'")
    tab.wait_for_function(LARGE_FONT)


def test_an_accent_is_drawn_wherever_it_stands(tab: Page) -> None:
    """Also at a whole pixel, where Chromium leaves out what is nothing wide."""
    tab.goto("/notation/#what-the-hat-means")
    hat = tab.locator("#what-the-hat-means + .bp-part mover > mo").first
    place = hat.evaluate(
        """(hat) => {
          const line = hat.closest("p");
          line.style.paddingInlineStart = `${1 - (hat.getBoundingClientRect().left % 1)}px`;
          const { left, top, height } = hat.parentElement.getBoundingClientRect();
          return { x: left - 4, y: top - 4, width: 24, height: height + 8 };
        }"""
    )
    drawn = tab.screenshot(clip=place)
    hat.evaluate("hat => { hat.style.visibility = 'hidden' }")
    assert tab.screenshot(clip=place) != drawn


def test_axe_finds_nothing_while_the_panel_is_closed(tab: Page, judged: Judged) -> None:
    """It is the same on each page."""
    with_axe(tab, "/every-weight/notes-b1-2/")
    assert tab.locator(".bp-open").count()
    assert broken(tab) == []
    assert faint(tab, judged) == []


def test_links_are_large_enough_wherever_the_table_of_contents_stands(tab: Page) -> None:
    """Its title stays in place and covers links that are scrolled below it."""
    with_axe(tab, "/lecture/")
    contents = tab.locator(".md-sidebar--secondary .md-sidebar__scrollwrap")
    for top in (24, 84, 132):
        contents.evaluate("(box, top) => box.scrollTo({ top, behavior: 'instant' })", top)
        assert broken(tab) == []


@pytest.mark.parametrize("where", ["h1", "p:last-of-type", "math mn:last-of-type"])
def test_axe_would_find_it(tab: Page, judged: Judged, where: str) -> None:
    """Also on a page whose own styles have all been judged."""
    with_axe(tab, "/every-weight/notes-b1-2/")
    faint(tab, judged)
    tab.add_style_tag(content=f"article {where} {{ color: #ddd !important }}")
    tab.evaluate("document.querySelector('article').append(document.createElement('button'))")
    assert any(found.startswith("button-name") for found in broken(tab))
    planted = {scheme: styles.copy() for scheme, styles in judged.items()}
    assert any(found.startswith("color-contrast") for found in faint(tab, planted))


MARKED = """async () => {
  const marked = { include: ["[data-n][data-lit]", "[data-n][data-original]"] };
  const { passes, violations } = await axe.run(marked, { runOnly: ["color-contrast"] });
  const nodes = (results) => results.flatMap(({ nodes }) => nodes.map(({ html }) => html));
  return [nodes(passes), nodes(violations)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_that_stand_out_can_be_read(tab: Page, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    with_axe(tab, "/notes/?w5=-0.3")
    tab.locator("[data-n]:visible", has_text=re.compile("^\u22120.30$")).first.focus()
    visible = "[...document.querySelectorAll('[data-n]')].filter((each) => each.checkVisibility())"
    tab.evaluate(f"{visible}[3].setAttribute('data-original', '')")
    tab.evaluate("document.querySelector('.bp-card').remove()")
    good, bad = tab.evaluate(MARKED)
    assert len(good) > 1
    assert bad == []
    tab.add_style_tag(content=":root, body { --bp-lit: var(--md-typeset-color) !important }")
    assert tab.evaluate(MARKED)[1]  # the test would have seen it

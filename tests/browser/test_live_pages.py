"""Live reading, in a real browser: the numbers follow the givens, and tell what they are."""

import base64
import gzip
import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from browsers import OpenTab, serving, visit
from builds import ROOT, build, own_warnings, write
from mkdocs.utils.meta import get_data
from our_pages import our_page
from playwright.sync_api import Locator, Page, expect

from backprop import NOTES
from backprop.pages.lookup import pages
from backprop.pages.page import Page as Source
from backprop.pages.reader import read, read_text
from backprop.pages.render import TOO_FEW_DIGITS, changes_in, render
from backprop.pages.settings import world_of
from backprop.pages.words import Words, words_in
from backprop.site.mathml import to_mathml
from backprop.symbolic.graph import Graph

DOCS = ROOT / "docs"
EQUATION = re.compile(r"= -?\d+\.\d")
# What is out of sight follows in a pause of 50 ms, and a timer that is set later runs later.
# What is out of sight follows 50 ms after the last change, or after what computes the page's own
# names has come, which may take long where the machine is busy.
SETTLED = """
  await import("/assets/names.js");
  await new Promise((done) => setTimeout(done, 100));
"""
TEXTS = f"""async () => {{
  {SETTLED}
  return [...document.querySelectorAll('.md-content .math math')].map((math) => math.textContent);
}}"""
STAYS = """() => [...document.querySelectorAll('.md-content .math math')].map(
  (math) => Boolean(math.querySelector('[data-original]')))"""
WORDS = """() => [...document.querySelectorAll('[data-words]')].map(
  (slot) => [slot.textContent.trim(), slot.hasAttribute('data-original')])"""
NUMBERS = "[data-n]"
CARD = ".bp-card"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def lessons() -> list[str]:
    """The pages whose numbers a reader may change, without those that do so in their own way.

    Told from the text, since the reader's reading of all pages would take seconds of each
    collection; `test_the_lessons_are_the_pages_with_numbers` compares both.
    """
    texts = {path.stem: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
    fence = re.compile("^ *(`{3,}|~{3,}).*?^ *\\1", re.MULTILINE | re.DOTALL)
    return [
        name
        for name, text in texts.items()
        if follows(name, get_data(text)[1]) and EQUATION.search(fence.sub("", text))
    ]


def follows(name: str, front: Mapping[str, object]) -> bool:
    """Tell whether the numbers of a page follow its givens in the usual way."""
    return name != "playground" and "backprop" in front and front.get("live") is not False


LESSONS = [
    *lessons(),
    "every-weight/lecture-w6",
    "every-weight/notes-b1",
    "every-weight/notes-b1-2",
]


def test_the_lessons_are_the_pages_with_numbers() -> None:
    pages = {path.stem: our_page(path) for path in sorted(DOCS.glob("*.md"))}
    assert lessons() == [
        name
        for name, page in pages.items()
        if follows(name, page.front) and EQUATION.search(" ".join(math.latex for math in page.math))
    ]


@cache
def text_of(latex: str) -> str:
    """What a reader sees of a formula, spaces aside."""
    return "".join(to_mathml(latex, "inline").itertext())


def formulas(page: Source) -> list[str]:
    """What a reader sees of each formula of a page."""
    return [text_of(math.latex) for math in page.math]


def words(page: Source) -> list[str]:
    """The words of a page that are bound to a condition, as they stand there."""
    return [each.now for each in words_in(page) if isinstance(each, Words)]


def render_page(page: Source, givens: Mapping[str, str]) -> Source:
    """The page that `backprop render` makes."""
    changes = changes_in([f"{name}={number}" for name, number in givens.items()], page)
    new = render(page, changes, page.path, run=False)
    assert not [missed for missed in new.missed if TOO_FEW_DIGITS in missed]
    return new.checked.page


def rendered(page: Source, givens: Mapping[str, str]) -> list[str]:
    """The formulas of the page that `backprop render` makes."""
    return formulas(render_page(page, givens))


def draw(page: Source, seed: int) -> dict[str, str]:
    """Draw another value for each given: of either sign, up to 20 in size, up to six decimals.

    Targets stay where a section has cross-entropy, which needs them between 0 and 1, and adding up
    to 1 with softmax.
    """
    world = world_of(page.front, {})
    assert world is not None
    dice = random.Random(seed)  # noqa: S311  # the same numbers in each run
    places, size = dice.choice((2, 3, 4, 5, 6)), dice.choice((2, 20))

    def number(low: float, high: float) -> str:
        return str(
            Decimal(dice.randint(int(low * 10**places), int(high * 10**places))).scaleb(-places)
        )

    kept = "target" if "cross_entropy" in page.file else ()
    givens = {x: number(-size, size) for x in world.graph.givens if not x.startswith(kept)}
    return givens | {"learning_rate": number(0, 2)}


def field(name: str) -> str:
    """The field of a given in the panel."""
    return f"#bp-{'rate' if name == 'learning_rate' else name}"


def opened(tab: Page, address: str) -> Page:
    """Open a page, and wait until its numbers are live."""
    tab.goto(address)
    tab.wait_for_selector(".bp-open", state="attached")
    return tab


def type_in(tab: Page, givens: Mapping[str, str]) -> None:
    """Open the panel, and type the givens."""
    if tab.locator("#bp-panel").is_hidden():
        tab.click(".bp-open")
    for name, number in givens.items():
        tab.fill(field(name), number)


# The live page equals the built page

TYPE = f"""async (givens) => {{
  for (const [id, number] of Object.entries(givens)) {{
    const field = document.querySelector(id);
    field.value = number;
    field.dispatchEvent(new Event('input'));
  }}
  return ({TEXTS})();
}}"""


def source(name: str) -> Source:
    """The page of this name as a file has it, or as the look-up makes it."""
    made = pages().get(f"{name}.md")
    return read_text(made, f"{name}.md") if made else read(DOCS / f"{name}.md")


def assert_live(tab: Page, name: str, draws: Iterable[Mapping[str, str]]) -> None:
    """Type givens into a page, one draw after the other, and compare with the rendered page."""
    page = source(name)
    opened(tab, "/" if name == "index" else f"/{name}/")
    built = tab.evaluate(TEXTS)
    assert built == formulas(page)
    assert tab.evaluate(WORDS) == [[each, False] for each in words(page)]
    type_in(tab, {})
    for givens in draws:
        live = tab.evaluate(TYPE, {field(given): number for given, number in givens.items()})
        # What only the package can compute stays as it was built, and says so.
        new_page = render_page(page, givens)
        chosen = zip(tab.evaluate(WORDS), words(page), words(new_page), strict=True)
        for (word, stays), old, new in chosen:
            assert word == (old if stays else new), givens
        pairs = zip(formulas(new_page), built, tab.evaluate(STAYS), strict=True)
        assert live == [old if stay else new for new, old, stay in pairs], givens


@pytest.mark.parametrize("name", LESSONS)
def test_the_live_page_is_the_rendered_page(tab: Page, name: str) -> None:
    page = source(name)
    assert_live(tab, name, (draw(page, seed) for seed in range(2)))


def test_the_words_of_a_notebook_are_those_of_the_rendered_one(tab: Page) -> None:
    page = our_page(DOCS / "training.ipynb")
    opened(tab, "/training/")
    assert tab.evaluate(WORDS) == [[each, False] for each in words(page)]
    givens = {"target_o1": "0.7", "target_o2": "0.3", "w5": "-0.4", "learning_rate": "0.01"}
    type_in(tab, givens)
    tab.evaluate(TEXTS)
    changes = changes_in([f"{given}={number}" for given, number in givens.items()], page)
    expected = words(render(page, changes, page.path, run=False).checked.page)
    assert expected != words(page)
    assert tab.evaluate(WORDS) == [[each, False] for each in expected]


SENTENCES = """() => [...document.querySelectorAll('.bp-sentence')].map((sentence) => [
  sentence.nextElementSibling.textContent,
  getComputedStyle(sentence).color === getComputedStyle(sentence.parentElement).color,
])"""


def test_words_follow_the_numbers_and_come_back(tab: Page) -> None:
    opened(tab, "/notes/")
    before = tab.evaluate(WORDS)
    assert all(plain and not note for note, plain in tab.evaluate(SENTENCES))
    type_in(tab, {"target_o1": "0.99", "target_o2": "0.01"})
    tab.evaluate(TEXTS)
    shown = tab.locator(".md-content__inner")
    expect(shown).to_contain_text("The error shrinks, so")
    expect(shown).to_contain_text("about one part in forty. (Not so with these numbers.)")
    said = tab.evaluate(SENTENCES)
    assert all(plain != bool(note) for note, plain in said)
    assert 0 < sum(bool(note) for note, _ in said) < len(said)
    tab.click("text=Reset")
    tab.evaluate(TEXTS)
    assert tab.evaluate(WORDS) == before
    assert all(plain and not note for note, plain in tab.evaluate(SENTENCES))


def test_words_that_a_browser_cannot_choose_stay_and_say_so(
    open_tab: OpenTab, odd_site: str
) -> None:
    tab = opened(open_tab(base_url=odd_site), "/odd/")
    type_in(tab, {"w5": "-9", "w6": "-9"})
    tab.evaluate(TEXTS)
    assert tab.evaluate(WORDS) == [["nearer", False], ["further", True], ["", True]]


@pytest.mark.full
@pytest.mark.parametrize("start", range(100, 300, 20))
@pytest.mark.parametrize("name", LESSONS)
def test_the_live_page_is_always_the_rendered_page(tab: Page, name: str, start: int) -> None:
    page = source(name)
    assert_live(tab, name, (draw(page, seed) for seed in range(start, start + 20)))


@pytest.mark.parametrize(
    ("name", "givens"),
    [
        ("notes", {"i2": "1.986958", "w2": "0.369187"}),  # a sum of thirteen digits
        (
            "lecture",  # an error of sixteen digits, after 10,000 rounds in doubles
            {"w7": "-3.231", "w2": "-4.650", "w6": "-4.206", "w1": "14.573"}
            | {"target_o2": "19.602", "target_o1": "-19.981"},
        ),
    ],
)
def test_the_live_page_has_the_digits_of_the_rendered_page(
    tab: Page, name: str, givens: Mapping[str, str]
) -> None:
    assert_live(tab, name, [givens])


MARKUP = f"""async () => {{
  {SETTLED}
  return [...document.querySelectorAll('.md-content .math math')].map((math) => {{
    const copy = math.cloneNode(true);
    for (const slot of copy.querySelectorAll('[data-n]')) slot.removeAttribute('tabindex');
    return copy.outerHTML;
  }});
}}"""


def test_there_and_back_every_formula_is_as_it_was_built(tab: Page) -> None:
    opened(tab, "/notes/")
    before = tab.evaluate(MARKUP)
    type_in(tab, {"w5": "-0.3", "w7": "-1", "target_o1": "1.5"})
    assert tab.evaluate(MARKUP) != before
    tab.click("text=Reset")
    assert tab.evaluate(MARKUP) == before


ODD = r"""---
description: Every form that a number may have.
backprop:
  example: notes
  where:
    slip: >-
      train_with_new_output_weights(
      network, inputs, targets, learning_rate=learning_rate, rounds=3)
    run: train(network, inputs, targets, learning_rate=1, biases="shared", rounds=4, keep=[0, 4])
  names:
    s: total_error(targets, forward(slip, inputs).outs[-1])
    r: run.errors[1] - run.errors[0]
    q: 2 * output_errors(targets, forward(network, [1, 2]).outs[1])[0] / -(+4 + 1)
    p: 1 - run.network.biases[1][0] * slip.weights[0][1, 0]
    v: backward(network, inputs, targets).deltas[0][0]
    u: forward(Network([network.weights[1]], [network.biases[1]]), [1, 2]).outs[0][0]
    a: forward(Network((network.weights[1], [[1, 2]]), [network.biases[1], 3]), inputs).nets[1][0]
---

# Odd

A page to try with: $s = 0.275788$, $r = -0.099$, $q = -0.11626$, $p = 0.9$ and $v = 0.008802$.
And of networks of its own: $u = 0.869892$ and $a = 4.988$.

| name | value |
| --- | --- |
| $w_5$ | $0.40$ |
| $\frac{\partial E_{\mathrm{total}}}{\partial w_1}$ | $4.4 \times 10^{-4}$ |

$$
x_1 - w_5 = 0.05 - 0.40 = -0.35
$$

$$
x_1 - w_5 = 0.05 - \left(0.40\right) = -0.35
$$

$$
\delta_{y_1} + \delta_{y_2} = 0.138852 - 0.038758 = 0.100094
$$

$$
\delta_{y_1} + \delta_{y_2} = 0.138852 - \left(0.038758\right) = 0.100094
$$

$$
\frac{1}{x_1 x_1 x_2} = \frac{1}{0.05 \times 0.05 \times 0.10} = 4{,}000.0
$$

- A list: $e^{-z_1} = e^{-0.3275} = 0.720723$, $|w_5| = 0.40$ and $\sum_k x_k = 0.15$.

!!! note "With $w_6 = 0.45$ in its title"

    > $$
    > \begin{align}
    > E_{y_1} &= \frac{1}{2} (t_1 - \hat{y}_1)^2 \\
    > &= \frac{1}{2} (0.01 - 0.749438)^2 \\
    > &= 0.273385
    > \end{align}
    > $$

And $w_8^{(20)} = 0.744$.[^1]

[^1]: A footnote: $b_1 = 0.30$.

## A section

<!-- backprop: alpha=0.1 -->

Here $\alpha = 0.1$, and $w_5^{+} = 0.391931$.

## Another

<!-- backprop: example=lecture notation=notes -->

Of the lecture: $b_1 = 0.35$.

## Words

It is further <!-- if: E_y1 > E_y2, else: nearer --> from it.
And so it is further <!-- if: v > 0.001, else: nearer --> here.
This has a sign. <!-- holds: \frac{\partial}{\partial w_1} z_1 > 0 -->
"""

MAP = """---
description: A map.
backprop: {example: lecture}
---

# Map

<figure class="network" data-figure="map" data-example="lecture" markdown>
<figcaption markdown>A map.</figcaption>
</figure>
"""
OTHER = """---
description: Other.
---

# Other

Back to [odd](odd.md), or to the [map](map.md).
"""


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with odd pages, between which one goes without loading them anew."""
    folder = tmp_path_factory.mktemp("odd")
    site = folder / "site"
    site.mkdir()
    pages = {"odd.md": ODD, "other.md": OTHER, "map.md": MAP}
    with serving(site) as address:  # Material asks for its address, to know which links are its own
        instant = {"features": ["navigation.instant", "navigation.footer"]}
        config = write(folder, pages, site_url=f"{address}/", theme=instant)
        result = build(config, site)
        assert not own_warnings(result.stderr), result.stderr
        yield address


def test_numbers_of_every_form_are_live(open_tab: OpenTab, odd_site: str) -> None:
    page = read_text(ODD, "odd.md")
    tab = opened(open_tab(base_url=odd_site), "/odd/")
    type_in(tab, {"w1": "0.16"})
    tab.wait_for_load_state("networkidle")  # what computes the page's own names has come
    for givens in (draw(page, seed) for seed in range(6)):
        live = tab.evaluate(TYPE, {field(given): number for given, number in givens.items()})
        expected = rendered(page, givens)
        # What only the package can compute stays as it was built, and says so; so does what takes
        # more digits than a number may have.
        stays = tab.locator("[data-n][data-original]").all_text_contents()
        too_long = [
            each for each in expected if each.startswith("e\u2212z1=") and "0.720723" in each
        ]
        assert stays == ["0.008802"] + ["0.720723"] * len(too_long), givens
        stays_so = [text if "v=" not in text else "v=0.008802" for text in expected]
        assert sorted(live) == sorted(stays_so), givens  # the site puts footnotes last


def test_the_given_that_a_section_has_for_itself_stays(open_tab: OpenTab, odd_site: str) -> None:
    tab = opened(open_tab(base_url=odd_site), "/odd/")
    type_in(tab, {"learning_rate": "2", "b1": "1"})
    shown = tab.evaluate(TEXTS)
    assert "α=0.1" in shown  # noqa: RUF001
    assert "b1=0.35" in shown
    assert "b1=1.00" in shown


# Going from page to page


def test_all_works_after_going_to_another_page_and_back(open_tab: OpenTab, odd_site: str) -> None:
    tab = opened(open_tab(base_url=odd_site), "/odd/")
    tab.evaluate("window.stays = true")
    type_in(tab, {"w5": "-0.25"})
    for _ in range(2):
        tab.click(".bp-close")
        tab.click(".md-footer__link--next")
        expect(tab.locator("h1")).to_contain_text("Other")
        expect(tab.locator(".bp-tools")).to_have_count(0)
        tab.locator("article").get_by_role("link", name="odd", exact=True).click()
        expect(tab.locator("h1")).to_contain_text("Odd")
        expect(tab.locator(".bp-tools")).to_have_count(1)
        assert "0.40" in tab.evaluate(TEXTS)
        type_in(tab, {"w5": "-0.5", "w6": "0.75"})
        assert "-0.50".replace("-", "\u2212") in tab.evaluate(TEXTS)
        tab.locator(NUMBERS).nth(8).focus()
        expect(tab.locator(CARD)).to_be_visible()
        tab.keyboard.press("Escape")
        expect(tab.locator(CARD)).to_be_hidden()
    assert tab.evaluate("window.stays"), "the page has been loaded anew"


def test_a_map_comes_to_life_each_time_its_page_is_shown(open_tab: OpenTab, odd_site: str) -> None:
    tab = open_tab(base_url=odd_site)
    tab.goto("/map/")
    tab.evaluate("window.stays = true")
    said = tab.locator(".bp-say")
    for _ in range(2):
        expect(tab.locator(".bp-controls")).to_have_count(1)
        expect(said).to_have_text(re.compile("Round 0: E_total"))
        tab.get_by_role("button", name="Step forward").click()
        expect(said).to_have_text(re.compile("^h1 adds up"))
        tab.get_by_role("button", name="Play").click()  # and it stops when its page is left
        tab.click(".md-footer__link--prev")
        expect(tab.locator("h1")).to_contain_text("Other")
        tab.locator("article").get_by_role("link", name="map", exact=True).click()
        expect(tab.locator("h1")).to_contain_text("Map")
    assert tab.evaluate("window.stays"), "the page has been loaded anew"


def test_a_link_holds_the_givens_through_reload_and_back(tab: Page) -> None:
    opened(tab, "/notes/")
    type_in(tab, {"w5": "-0.3", "learning_rate": "0.1"})
    expect(tab).to_have_url(re.compile(r"/notes/\?w5=-0\.3&rate=0\.1$"))
    address, shown = tab.url, tab.evaluate(TEXTS)
    tab.reload()
    tab.wait_for_selector(".bp-open")
    assert tab.evaluate(TEXTS) == shown
    tab.click(".md-footer__link--next")
    tab.wait_for_selector("h1:has-text('Exercises')")
    tab.go_back()
    tab.wait_for_selector(".bp-differs:not(:empty)")
    assert tab.url == address
    assert tab.evaluate(TEXTS) == shown
    type_in(tab, {})
    assert tab.input_value(field("w5")) == "\u22120.3"


DRAG = """async () => {
  const written = [];
  const { replaceState } = history;
  history.replaceState = (...all) => {
    written.push(String(all[2]));
    replaceState.apply(history, all);
  };
  const slider = document.querySelector('.bp-given:has(#bp-w5) input');
  for (let k = 0; k < 200; k++) {
    slider.value = k / 100;
    slider.dispatchEvent(new Event('input'));
    if (k % 20 === 0) await new Promise((done) => setTimeout(done));
  }
  const early = written.length;
  await new Promise((done) => setTimeout(done, 500));
  return [early, written];
}"""


def test_a_slider_on_the_move_does_not_fill_the_history(tab: Page) -> None:
    """Safari takes a hundred addresses in half a minute, and refuses more."""
    opened(tab, "/notes/")
    type_in(tab, {})
    early, written = tab.evaluate(DRAG)
    assert early <= 1  # the machine may be so slow that the reader seems to pause
    assert len(written) == early + 1
    assert written[-1].endswith("/notes/?w5=1.99")


def test_who_goes_on_at_once_finds_the_numbers_again(tab: Page) -> None:
    opened(tab, "/notes/")
    type_in(tab, {})
    change = "(field) => { field.value = '-0.3'; field.dispatchEvent(new Event('input')); "
    tab.locator(field("w5")).evaluate(change + "document.querySelector('h2 a').click(); }")
    assert re.search(r"\?w5=-0\.3#", tab.url)
    tab.go_back()
    assert tab.url.endswith("/notes/?w5=-0.3")
    assert tab.input_value(field("w5")) == "-0.3"


# What is out of sight


SIGHT = f"""async (settle) => {{
  if (settle) {{ {SETTLED} }}
  const shown = [...document.querySelectorAll('[data-n]')].filter((slot) => slot.checkVisibility());
  const inSight = (slot) => slot.checkVisibility({{ contentVisibilityAuto: true }})
    && slot.getBoundingClientRect().bottom > 0 && slot.getBoundingClientRect().top < innerHeight;
  const texts = (slots) => slots.map((slot) => slot.textContent);
  return [texts(shown.filter(inSight)), texts(shown.filter((slot) => !inSight(slot)))];
}}"""


def test_what_is_in_sight_changes_at_once_and_the_rest_in_a_pause(tab: Page) -> None:
    opened(tab, "/lecture/#the-update-of-w1")
    type_in(tab, {})
    tab.evaluate("document.querySelector('#the-update-of-w1').scrollIntoView()")
    seen, hidden = tab.evaluate(SIGHT, arg=True)
    assert len(seen) > 5
    assert len(hidden) > 150  # those above and below
    change = """(settle) => {
      const field = document.querySelector('#bp-i1');
      field.value = '-0.8';
      field.dispatchEvent(new Event('input'));
      return SIGHT(settle);
    }""".replace("SIGHT", f"({SIGHT})")
    at_once, not_yet = tab.evaluate(change, arg=False)
    assert at_once != seen
    assert not_yet == hidden
    later, all_of_it = tab.evaluate(SIGHT, arg=True)
    assert later == at_once
    assert all_of_it != hidden


def test_what_comes_into_sight_does_not_wait(tab: Page) -> None:
    opened(tab, "/notes/")
    type_in(tab, {})
    tab.evaluate("window.setTimeout = () => 0")  # a pause that never comes
    tab.evaluate("scrollTo(0, 0)")
    tab.fill(field("i1"), "-0.8")
    tab.evaluate("document.querySelector('#the-new-weights').scrollIntoView()")
    expect(tab.locator(NUMBERS, has_text="\u22120.80").last).to_be_attached()
    tab.wait_for_function(
        "[...document.querySelectorAll('[data-n]')].every((slot) => slot.textContent !== '0.05')"
    )


@pytest.mark.parametrize("heading", ["forward-pass", "total-error", "the-new-weights"])
def test_the_tab_key_finds_the_numbers_after_a_jump(tab: Page, heading: str) -> None:
    opened(tab, "/notes/")
    tab.locator(f".md-nav--secondary a[href='#{heading}']").last.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        """() => {
          const { top } = document.querySelector("[data-n][tabindex='0']").getBoundingClientRect();
          return top > 0 && top < innerHeight;
        }"""
    )


# The panel


def test_what_is_no_number_is_refused_beside_its_field(tab: Page) -> None:
    """What else is refused, test_store.py knows."""
    opened(tab, "/notes/")
    message = tab.locator("#bp-w5-wrong")
    for wrong in ("abc", "21"):
        type_in(tab, {"w5": "-0.3", "w6": "0.45"})
        good = tab.evaluate(TEXTS)
        tab.fill(field("w5"), wrong)
        assert message.inner_text() == "Write a number from \u221220 to 20", wrong
        assert tab.get_attribute(field("w5"), "aria-invalid") == "true", wrong
        assert tab.evaluate(TEXTS) == good, wrong
        tab.fill(field("w6"), "0.5")  # another change leaves the message where it is
        assert message.inner_text(), wrong
        assert tab.input_value(field("w5")) == wrong
        tab.fill(field("w5"), "0,25")
        assert message.inner_text() == "", wrong
        assert tab.evaluate(TEXTS) != good, wrong


def test_an_address_with_nonsense_in_it_gives_the_example(tab: Page) -> None:
    opened(tab, "/notes/?w5=NaN&i1=1e9&rate=&w99=1")
    assert tab.evaluate(TEXTS) == formulas(our_page(DOCS / "notes.md"))


def test_the_slider_and_the_field_go_together(tab: Page) -> None:
    opened(tab, "/notes/")
    type_in(tab, {"w5": "-1.25"})
    slider = tab.locator(".bp-given:has(#bp-w5) input[type=range]")
    assert slider.input_value() == "-1.25"
    slider.press("ArrowRight")
    assert tab.input_value(field("w5")) == "\u22121.24"


def test_the_panel_by_keyboard_alone(tab: Page) -> None:
    opened(tab, "/notes/")
    button = tab.locator(".bp-open")
    button.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator(field("i1")).locator("xpath=../input[1]")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.type("-0.8")
    assert "x1=\u22120.80" in tab.evaluate(TEXTS)
    tab.keyboard.press("Escape")
    expect(tab.locator("#bp-panel")).to_be_hidden()
    expect(button).to_be_focused()
    assert button.get_attribute("aria-expanded") == "false"


def test_the_link_can_be_copied(open_tab: OpenTab) -> None:
    tab = open_tab(permissions=["clipboard-read", "clipboard-write"])
    opened(tab, "/notes/")
    type_in(tab, {"w5": "7"})
    tab.click("text=Copy link")
    expect(tab.locator("#bp-panel [role=status]")).to_contain_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == tab.url


def test_what_stays_says_that_it_is_of_the_original_example(tab: Page) -> None:
    opened(tab, "/notes/")
    marks = tab.locator(".bp-original")
    expect(marks).to_have_count(0)
    type_in(tab, {"w5": "-0.3"})
    outputs = tab.locator(".md-content .highlight:not(.language-python)")
    assert marks.count() == outputs.count() > 3
    assert "original example" in tab.inner_text(".bp-differs")
    tab.click("text=Reset")
    expect(marks).to_have_count(0)
    assert tab.inner_text(".bp-differs") == ""


def test_figures_follow(tab: Page) -> None:
    opened(tab, "/notes/?w5=-0.375")
    values = tab.locator("figure:not([data-figure=map]) [data-value=w5]")
    assert {text.strip() for text in values.all_text_contents()} <= {"\u22120.375", "(\u22120.375)"}
    assert values.count()


# What a number tells


def number(tab: Page, text: str) -> Locator:
    """The first number of the page that is printed like this, and not folded aside."""
    return tab.locator(f"{NUMBERS}:visible", has_text=re.compile(f"^{re.escape(text)}$")).first


def test_a_number_tells_what_it_is(tab: Page) -> None:
    opened(tab, "/notes/")
    number(tab, "0.080694").hover()
    card = tab.locator(CARD)
    expect(card).to_be_visible()
    value = Graph.of(NOTES).derivative("E_total", "w5")
    assert f"={value:.12g}" in (card.text_content() or "")
    assert "other places on this page" in card.inner_text()
    lit = tab.locator("[data-lit][data-n]")
    assert {*lit.all_text_contents()} == {"0.080694"}
    assert lit.count() > 2
    assert tab.locator("figure [data-name=w5][data-lit]").count()
    assert not tab.locator("figure [data-name=w6][data-lit]").count()
    assert (
        tab.inner_text(".md-content > .bp-said") == ""
    )  # only who asked by key or touch is told aloud
    tab.mouse.move(5, 400)
    expect(card).to_be_hidden()
    expect(lit).to_have_count(0)


def test_the_card_follows_the_givens(tab: Page) -> None:
    opened(tab, "/notes/")
    type_in(tab, {"w5": "-0.3"})
    first = number(tab, "\u22120.30")
    first.focus()
    assert "w5 = \u22120.3; a given" in tab.inner_text(".md-content > .bp-said")
    tab.evaluate("document.querySelector('#bp-w5').value = '0.7'")
    tab.dispatch_event("#bp-w5", "input")
    assert "0.7" in (tab.locator(CARD).text_content() or "")


def test_numbers_by_keyboard(tab: Page) -> None:
    opened(tab, "/notes/")
    assert tab.locator(f"{NUMBERS}[tabindex='0']").count() == 1  # one stop among hundreds
    tab.locator(NUMBERS).first.focus()
    assert tab.inner_text(".md-content > .bp-said").startswith("t1 = 0.01; a given")
    tab.keyboard.press("ArrowRight")
    assert tab.inner_text(".md-content > .bp-said").startswith("t2 = 0.99; a given")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowLeft")  # there is none before
    assert tab.inner_text(".md-content > .bp-said").startswith("t1 = 0.01; a given")
    tab.keyboard.press("End")
    assert tab.inner_text(".md-content > .bp-said").startswith(
        "(E_total \u2212 E_total after round 1)/"
    )
    tab.keyboard.press("Home")
    seen: list[str] = []
    for _ in range(30):
        tab.keyboard.press("ArrowDown")
        focused = tab.evaluate("document.activeElement.closest('math').textContent")
        assert focused not in seen[-1:]
        seen.append(focused)
    tab.keyboard.press("Escape")
    expect(tab.locator(CARD)).to_be_hidden()
    assert tab.inner_text(".md-content > .bp-said") == ""
    expect(tab.locator(f"{NUMBERS}[tabindex='0']")).to_be_focused()


def test_the_tab_key_finds_the_numbers_where_one_reads(tab: Page) -> None:
    opened(tab, "/notes/#the-new-weights")
    tab.wait_for_function(
        "document.querySelector('[data-n][tabindex=\\'0\\']').getBoundingClientRect().top > 0"
    )
    top = tab.evaluate(
        "document.querySelector('[data-n][tabindex=\\'0\\']').getBoundingClientRect().top"
    )
    assert 0 < top < 800


def test_numbers_by_touch(open_tab: OpenTab) -> None:
    tab = opened(open_tab(**PHONE), "/notes/")
    number(tab, "0.581151").tap()
    expect(tab.locator(CARD)).to_be_visible()
    assert tab.inner_text(".md-content > .bp-said").startswith("h1 = 0.58115096")
    tab.locator("h2").nth(1).tap()
    expect(tab.locator(CARD)).to_be_hidden()
    tab.locator(".bp-open").tap()
    box = tab.locator("#bp-panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] < 844 / 2  # what changes stays in sight
    assert all(item["height"] >= 24 for item in boxes(tab.locator("#bp-panel :is(button, input)")))


def test_a_phone_is_turned_while_the_panel_is_open(open_tab: OpenTab) -> None:
    tab = opened(open_tab(**PHONE), "/notes/")
    upright = tab.viewport_size
    lying = {"width": upright["height"], "height": upright["width"]}  # type: ignore[index]
    tab.set_viewport_size(lying)  # type: ignore[arg-type]
    tab.locator(".bp-open").tap()
    panel = tab.locator("#bp-panel")
    expect(panel).to_be_in_viewport(ratio=1)
    assert tab.evaluate("document.documentElement.scrollWidth") == lying["width"]
    tab.set_viewport_size(upright)  # type: ignore[arg-type]
    expect(panel).to_be_in_viewport(ratio=1)
    assert tab.evaluate("document.documentElement.scrollWidth") == upright["width"]  # type: ignore[index]
    # And all of the page can be brought above the sheet.
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    foot, sheet = tab.locator(".md-footer").bounding_box(), panel.bounding_box()
    assert foot is not None
    assert sheet is not None
    assert foot["y"] + foot["height"] <= sheet["y"] + 1


def boxes(found: Locator) -> list[dict[str, float]]:
    """Where elements are."""
    return [dict(box) for item in found.all() if (box := item.bounding_box())]  # type: ignore[arg-type]


# Without JavaScript, on paper, and under a strict policy


def test_without_scripts_the_page_is_whole(open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.goto("/notes/?w5=9")
    texts = tab.locator(".md-content math").all_text_contents()
    assert texts == formulas(our_page(DOCS / "notes.md"))
    assert not tab.locator(".bp-tools, .bp-card").count()
    assert not tab.locator("[data-live]").is_visible()


def test_on_paper_there_are_no_tools(tab: Page) -> None:
    opened(tab, "/notes/?w5=-0.3")
    number(tab, "\u22120.30").focus()
    tab.emulate_media(media="print")
    expect(tab.locator(".bp-tools")).to_be_hidden()
    expect(tab.locator(CARD)).to_be_hidden()
    expect(tab.locator(".bp-controls").first).to_be_hidden()
    assert "w5=\u22120.30" in tab.evaluate(TEXTS)


def inline_scripts(site: Path) -> set[str]:
    """What the pages have of scripts within them, all of it Material's: where it is, and colors."""
    found: set[str] = set()
    for page in site.rglob("*.html"):
        found |= set(re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL))
    return found


def test_under_a_strict_policy_all_works(built_site: Path, open_tab: OpenTab) -> None:
    """Material needs its inline scripts, here allowed one by one; nothing else is inline."""
    scripts = inline_scripts(built_site)
    assert len(scripts) < 12
    assert all(re.search("__md_|__palette|location.hash", script) for script in scripts)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    policy = (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; worker-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    with serving(built_site, {"Content-Security-Policy": policy}) as address:
        tab = open_tab(base_url=address)
        for name in ("notes", "lecture", "training"):
            visit(tab, f"/{name}/")
        opened(tab, "/notes/")
        type_in(tab, {"w5": "-0.3"})
        number(tab, "\u22120.30").focus()
        expect(tab.locator(CARD)).to_be_visible()
        left = tab.evaluate("document.querySelector('.bp-card').getBoundingClientRect().left")
        assert left > 0
        tab.goto("/playground/")
        tab.get_by_role("button", name="+10 rounds").click()
        with tab.expect_download():
            tab.get_by_role("button", name="Save as CSV").click()


MOST_SCRIPTS = 26 * 1024  # bytes, shortened and packed


def test_the_scripts_of_the_site_stay_small(built_site: Path) -> None:
    pytest.importorskip("minify")
    files = sorted((built_site / "assets").glob("*.js"))
    assert len(files) > 10
    on_demand = "your-number-search.js"
    together = b"".join(file.read_bytes() for file in files if file.name != on_demand)
    assert len(gzip.compress(together, 9, mtime=0)) < MOST_SCRIPTS


@pytest.mark.parametrize("name", ["", "lecture/", "playground/", "your-number/"])
def test_a_page_loads_few_scripts(built_site: Path, tab: Page, name: str) -> None:
    pytest.importorskip("minify")
    visit(tab, f"/{name}")
    loaded: list[str] = tab.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)"
    )
    own = {name for name in loaded if re.fullmatch(r"/assets/[\w-]+\.js", name)}
    assert len(own) > 2
    sizes = (len(gzip.compress((built_site / o[1:]).read_bytes(), 9, mtime=0)) for o in own)
    assert sum(sizes) < MOST_SCRIPTS


def test_the_data_of_a_page_stays_small(built_site: Path) -> None:
    for page in built_site.rglob("*.html"):
        for data in re.findall(r"data-live='(.*?)'", page.read_text("utf-8"), re.DOTALL):
            assert len(gzip.compress(data.encode(), 9, mtime=0)) < 5_000, page


# What floats hides nothing that a reader needs

# Of some numbers: whether the card is in view below the header, and the formula that it covers.
CARDS = """async () => {
  const all = [];
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  for (const slot of [...document.querySelectorAll('[data-n]')].filter((_, k) => k % 7 === 0)) {
    if (!slot.checkVisibility()) continue;
    slot.focus();
    for (let k = 0; k < 300 && !box('.bp-card').width; k++) {
      await new Promise(requestAnimationFrame); // a name of the page's own is computed first
    }
    const { left, right, top, bottom } = box('.bp-card');
    const shown = left >= 0 && right <= innerWidth
      && top >= box('.md-header').bottom && bottom <= innerHeight;
    const math = slot.closest('math');
    const other = math.getBoundingClientRect();
    const apart = left >= other.right || right <= other.left
      || top >= other.bottom || bottom <= other.top;
    all.push([shown, apart || other.height >= innerHeight / 3 ? '' : math.textContent]);
  }
  return all;
}"""


@pytest.mark.parametrize("options", [{}, PHONE], ids=["laptop", "phone"])
def test_the_card_is_in_view_and_hides_nothing_of_its_formula(
    open_tab: OpenTab, options: dict[str, object]
) -> None:
    tab = opened(open_tab(**options), "/lecture/")
    cards = tab.evaluate(CARDS)
    assert len(cards) > 15
    assert {(shown, covered) for shown, covered in cards} == {(True, "")}
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.add_style_tag(content=".bp-card { top: 10px !important; height: 40vh; width: 90vw }")
    shown, covered = zip(*tab.evaluate(CARDS), strict=True)  # the test would have seen it
    assert not all(shown)
    assert any(covered)


def test_the_sheet_shows_a_group_and_the_number_that_changes(open_tab: OpenTab) -> None:
    tab = opened(open_tab(**PHONE), "/notes/#the-new-weights")
    tab.tap(".bp-open")
    tab.get_by_role("button", name="Weights").tap()
    assert tab.locator(field("i1")).is_hidden()
    tab.locator(field("w5")).fill("-0.3")
    sight = """() => {
      const sheet = document.querySelector(".bp-differs").getBoundingClientRect().top;
      const head = document.querySelector(".md-header").getBoundingClientRect().bottom;
      return [...document.querySelectorAll("[data-n]")].some((slot) => {
        const { top, bottom } = slot.getBoundingClientRect();
        return slot.textContent === "\u22120.30" && top >= head && bottom <= sheet;
      });
    }"""
    tab.wait_for_function(sight)
    low = tab.locator("#bp-panel").bounding_box()
    for name in ("Reset", "Copy link"):
        box = tab.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert low is not None
        assert low["y"] < box["y"]
        assert box["y"] + box["height"] <= low["y"] + low["height"]


def test_on_a_laptop_the_panel_shows_all_groups(tab: Page) -> None:
    opened(tab, "/notes/")
    tab.click(".bp-open")
    assert (
        tab.locator("#bp-panel legend").evaluate_all(
            "all => all.map((each) => each.checkVisibility())"
        )
        == [True] * 5
    )
    assert tab.locator(".bp-groups").is_hidden()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_first_visitor_is_told_once_that_numbers_can_be_changed(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, "/notes/")
    hint = tab.locator(".bp-hint")
    expect(hint.get_by_role("status")).to_contain_text("can be changed")
    box = hint.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    if width == 1280:
        assert box["x"] >= tab.evaluate(
            "document.querySelector('article').getBoundingClientRect().right"
        )
        last = tab.locator(".md-sidebar--secondary a").last
        last.evaluate("link => link.scrollIntoView({ block: 'nearest' })")
        end = last.bounding_box()
        assert end is not None
        assert end["y"] + end["height"] <= box["y"]
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    tab.locator(".md-footer__link--next").click(trial=True)  # which it does not cover
    tab.evaluate("scrollTo(0, 0)")
    hint.get_by_role("button").click()
    expect(hint).to_have_count(0)
    opened(tab, "/lecture/")
    expect(hint).to_have_count(0)


def test_a_page_without_an_underlined_number_has_no_hint(tab: Page) -> None:
    """The panel changes its numbers all the same."""
    opened(tab, "/gradient-check/")
    expect(tab.locator(".bp-open")).to_be_visible()
    expect(tab.locator(".bp-hint")).to_have_count(0)


def test_a_page_that_begins_with_the_hint_shows_it_once(tab: Page) -> None:
    opened(tab, "/")
    expect(tab.locator(".bp-lead")).to_contain_text("Drag a number")
    expect(tab.locator(".bp-open")).to_be_visible()
    expect(tab.locator(".bp-hint")).to_have_count(0)


def test_who_changes_a_number_needs_no_hint(tab: Page) -> None:
    opened(tab, "/notes/")
    expect(tab.locator(".bp-hint")).to_be_visible()
    type_in(tab, {"w5": "-0.3"})
    expect(tab.locator(".bp-hint")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_what_is_of_the_original_example_says_so_on_a_line_of_its_own(
    tab: Page, width: int
) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, "/lecture/?w5=-0.3")
    tab.wait_for_selector(".bp-original")
    overlaps = """() => [...document.querySelectorAll(".bp-original")].filter((tag) => {
      const block = tag.parentElement;
      if (!block.checkVisibility()) return false;
      const { top, bottom, left } = tag.getBoundingClientRect();
      const next = block.nextElementSibling?.getBoundingClientRect();
      const code = block.querySelector("pre").getBoundingClientRect();
      return top < code.bottom - 1 || left < 0 || (next?.height && bottom > next.top + 1);
    }).map((tag) => tag.parentElement.textContent.slice(0, 60))"""
    assert tab.locator(".bp-original").count() > 5
    assert tab.evaluate(overlaps) == []
    tab.add_style_tag(content=".bp-original { top: 0 !important }")
    assert tab.evaluate(overlaps)  # the test would have seen it


# A block of code has its button when a reader has seen it.
SEEN = """async () => {
  for (const code of document.querySelectorAll(".highlight:not(.no-copy)")) {
    code.scrollIntoView({ behavior: "instant" });
    const seen = () => !code.checkVisibility() || code.querySelector(".md-code__nav");
    while (!seen()) await new Promise((done) => setTimeout(done, 20));
  }
}"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_button_lies_on_code(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, "/lecture/")
    on_code = """() => [...document.querySelectorAll(".md-code__nav")].filter((each) => {
      if (!each.checkVisibility()) return false;
      const code = each.closest("pre").querySelector("code").getBoundingClientRect();
      return each.getBoundingClientRect().left < code.right;
    }).length"""
    tab.evaluate(SEEN)
    assert tab.evaluate(on_code) == 0
    tab.add_style_tag(content=".highlight > pre { padding: 0 !important }")
    assert tab.evaluate(on_code) > 5  # the test would have seen it

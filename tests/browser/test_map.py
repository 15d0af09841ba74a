"""The network diagram as a map: every number on it is the package's, in each of its steps."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backprop import LECTURE
from backprop.examples import EXAMPLES
from backprop.figures.svg import weight_pen
from backprop.symbolic.graph import Graph
from backprop.symbolic.rounding import rounded

OpenTab = Callable[..., Page]
OTHERS = {"w5": -0.3, "i1": 0.8, "w2": -1.25, "target_o2": -0.5, "b1": -0.75, "w8": 3.5}
PLAYGROUND = "/playground/"


def opened(page: Page, givens: dict[str, float] | None = None, rest: str = "") -> Page:
    query = "&".join(f"{name}={value}" for name, value in (givens or {}).items())
    page.goto(f"{PLAYGROUND}?{query}{rest}")
    page.wait_for_selector(".bp-live")
    return page


def graph_of(givens: dict[str, float]) -> Graph:
    graph = Graph.of(LECTURE)
    changed = {name: Decimal(str(value)) for name, value in givens.items()}
    return Graph(graph.sizes, graph.givens | changed)


def shown(page: Page, name: str) -> str:
    """Return what stands on the map for a quantity."""
    place = page.locator(f'.bp-live [data-value="{name}"]').first
    return (place.text_content() or "").replace("\N{MINUS SIGN}", "-")


def printed(value: Decimal, places: int = 6) -> str:
    number = rounded(value, Decimal(1).scaleb(-places))
    return f"{number or abs(number):.{places}f}"


def given(value: float) -> str:
    return f"{value:.2f}" if round(value, 2) == value else f"{value}"


def step_forward(page: Page, times: int = 1) -> None:
    for _ in range(times):
        page.get_by_role("button", name="Step forward").click()


def say(page: Page) -> str:
    """Return what is read out of a step."""
    text = page.locator(".bp-say > .bp-said").text_content() or ""
    return text.replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize("givens", [{}, OTHERS], ids=["lecture", "others"])
def test_the_map_shows_the_values_of_the_givens(tab: Page, givens: dict[str, float]) -> None:
    opened(tab, givens)
    graph = graph_of(givens)
    for name in graph.names:
        value = graph.value(name)
        expected = given(float(value)) if name in graph.givens else printed(value)
        assert shown(tab, name) == expected, name
    words = tab.locator(".bp-live svg.network > desc").text_content() or ""
    assert f"net_o1 = {printed(graph.value('net_o1'))}" in words.replace("\N{MINUS SIGN}", "-")


def test_steps_go_forward_and_back(tab: Page) -> None:
    opened(tab)
    step_forward(tab)
    assert say(tab).startswith("h1 adds up")
    assert shown(tab, "net_h1") == "0.377500"
    assert shown(tab, "out_h1") == ""
    step_forward(tab)
    assert "= 0.593270" in say(tab)
    tab.get_by_role("button", name="Step back").click()
    assert shown(tab, "out_h1") == ""
    tab.get_by_role("button", name="Hidden layer").click()
    assert say(tab).startswith("Path 1 into h1, through o1 and back along w5")
    assert shown(tab, "out_h1") == "0.055399"
    assert tab.locator(".bp-path-1[data-name=w5]").count() > 0
    step_forward(tab)
    assert tab.locator(".bp-path-2[data-name=w7]").count() > 0
    step_forward(tab)
    assert shown(tab, "out_h1") == "0.036350"
    assert tab.locator(".bp-path-1[data-name=w5], .bp-path-2[data-name=w7]").count() > 1


def test_the_end_of_a_round_is_the_start_of_the_next(tab: Page) -> None:
    opened(tab)
    tab.get_by_role("button", name="Update").click()
    tab.keyboard.press("End")
    assert "0.29950229" in say(tab)
    step_forward(tab)
    assert say(tab).startswith("Round 1: E_total = 0.291028")
    assert shown(tab, "w5") == "0.358916"


@pytest.mark.parametrize(
    ("buttons", "round_", "error", "ends"),
    [
        (["+1 round"], "Round 1", "0.291028", "1"),
        (["+10 rounds"] * 2, "Round 20", None, "20"),
        (
            ["+1,000 rounds"] * 10,
            "Round 10,000",
            "0.000035",
            "after 10,000 rounds it is 0.0000351019",
        ),
    ],
)
def test_training(tab: Page, buttons: list[str], round_: str, error: str | None, ends: str) -> None:
    opened(tab)
    for name in buttons:
        tab.get_by_role("button", name=name, exact=True).click()
    assert tab.locator(".bp-controls strong").inner_text() == round_
    if error:
        assert f"{round_}: E_total = {error}" in say(tab)
    assert ends in tab.locator(".bp-curve p").inner_text()
    tab.get_by_role("button", name="Start over").click()
    assert "Round 0: E_total = 0.298371" in say(tab)


# Let pauses take a twentieth of their time, and note how long they should be.
FAST = """() => {
  const later = window.setTimeout;
  window.pauses = [];
  window.setTimeout = (task, pause) => {
    window.pauses.push(pause);
    return later(task, pause / 20);
  };
}"""
# What would come next of a run has come after this: a timer that is set later runs later.
NEXT = """async () => {
  for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done, 1200));
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_on_until_it_is_paused(tab: Page, motion: Any) -> None:
    tab.emulate_media(reduced_motion=motion)
    opened(tab)
    tab.evaluate(FAST)
    tab.get_by_role("button", name="Play").click()
    assert tab.locator(".bp-say").get_attribute("aria-live") == "off"
    tab.wait_for_function("document.querySelectorAll('.bp-line')[0].points.length > 1")
    tab.get_by_role("button", name="Pause").click()
    assert tab.locator(".bp-say").get_attribute("aria-live") == "polite"
    still = tab.locator(".bp-controls strong").inner_text()
    tab.evaluate(NEXT)
    assert tab.locator(".bp-controls strong").inner_text() == still


def test_a_reader_who_wants_no_motion_gets_a_picture_a_second(tab: Page) -> None:
    tab.emulate_media(reduced_motion="reduce")
    opened(tab)
    tab.evaluate(
        """() => {
          window.seen = 0;
          const curve = document.querySelector(".bp-curve");
          new MutationObserver(() => window.seen++).observe(curve, { childList: true });
        }"""
    )
    tab.evaluate(FAST)
    tab.get_by_role("button", name="Play").click()
    tab.wait_for_function("window.seen > 4")
    seen, pauses = tab.evaluate("[window.seen, window.pauses]")
    assert seen - 1 <= pauses.count(1000) <= seen + 1


def test_a_walk_by_keyboard_alone(tab: Page) -> None:
    opened(tab)
    for _ in range(60):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.ariaLabel") == "Step back":
            break
    assert tab.evaluate("document.activeElement.ariaLabel") == "Step back"
    tab.keyboard.press("ArrowRight")
    assert say(tab).startswith("h1 adds up")
    tab.keyboard.press("ArrowLeft")
    assert say(tab).startswith("Round 0")
    tab.keyboard.press("End")
    assert "0.29950229" in say(tab)
    tab.keyboard.press("Home")
    assert say(tab).startswith("Round 0")
    tab.keyboard.press("Tab")  # the slider has the keys of every slider
    slider = tab.get_by_role("slider", name="Step")
    expect(slider).to_be_focused()
    tab.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "1 of 39, forward pass"
    assert say(tab).startswith("h1 adds up")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert say(tab).startswith("h1 squashes")
    for _ in range(3):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    assert tab.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert say(tab).startswith("How fast does the error change with out_o1?")


def test_a_thumb_can_do_it_all_on_a_phone(open_tab: OpenTab) -> None:
    tab = opened(open_tab(viewport={"width": 390, "height": 844}, has_touch=True))
    for control in tab.locator(".bp-controls :is(button, input)").all():
        box = control.bounding_box()
        assert box is not None
        assert box["width"] >= 44
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.get_by_role("button", name="Error", exact=True).tap()
    assert say(tab).startswith("How far is out_o1")
    tab.get_by_role("button", name="+10 rounds").tap()
    assert tab.locator(".bp-controls strong").inner_text() == "Round 10"


def test_other_givens_begin_a_new_run(tab: Page) -> None:
    opened(tab)
    tab.get_by_role("button", name="+10 rounds").click()
    tab.evaluate(
        """async () => {
          const { exampleOf, storeOf } = await import("/assets/store.js");
          const { labels, ...example } = exampleOf(document.querySelector("[data-figure=map]"));
          storeOf(example).set({ givens: { w5: -0.3 } });
        }"""
    )
    error = printed(graph_of({"w5": -0.3}).value("E_total"))
    assert say(tab).startswith(f"Round 0: E_total = {error}")
    assert shown(tab, "w5") == "-0.30"


def test_a_change_shows_the_formula_in_which_it_begins(tab: Page) -> None:
    opened(tab)
    seen = tab.locator(".bp-say > [aria-hidden]")
    expect(seen).to_have_text("Step forward to see where each number comes from.")
    weight = tab.locator("svg [role=slider][data-name=w5]")
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
        weight.press(key)
    graph = graph_of({"w5": 0.39})
    error, net = (printed(graph.value(name)) for name in ("E_total", "net_o1"))
    assert say(tab).startswith(f"Round 0: E_total = {error}. o1 adds up what comes in")
    assert say(tab).endswith(f" = {net}")
    expect(seen).to_contain_text(net)
    tab.locator("svg [role=slider][data-name=target_o1]").press("ArrowRight")
    expect(seen).to_contain_text("How far is")
    tab.locator("svg [role=slider][data-name=learning_rate]").press(
        "ArrowRight"
    )  # no number of the forward pass
    expect(seen).to_have_text("Step forward to see where each number comes from.")
    tab.get_by_role("button", name="+1 round").click()
    expect(seen).to_have_text("Step forward to see where each number comes from.")


def test_biases_of_their_own_are_both_shown(tab: Page) -> None:
    opened(tab, rest="&biases=per_neuron")
    assert shown(tab, "b1") == "0.35"
    tab.get_by_role("button", name="+10 rounds").click()
    both = [*tab.locator(".bp-live [data-value^=b1]").all_text_contents()]
    assert len(both) == 2
    assert both[0] != both[1]


def test_without_javascript_the_picture_is_whole(open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.goto(PLAYGROUND)
    graph = Graph.of(EXAMPLES["lecture"])
    for name in ("net_h1", "out_o2", "E_total"):
        place = tab.locator(f'figure [data-value="{name}"]')
        assert place.text_content() == printed(graph.value(name))
    assert tab.get_by_text("This page needs JavaScript").is_visible()
    expect(tab.locator(".bp-controls")).to_be_hidden()


def test_the_search_index_holds_no_buttons(built_site: Path) -> None:
    index = (built_site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "Start over" not in index


LINES = """(figure) => [...document.querySelectorAll(`${figure} [data-name^=w]`)].flatMap((group) =>
  [...group.querySelectorAll('line')].map((line) => [group.dataset.name,
    ...['stroke', 'stroke-width', 'stroke-dasharray'].map((name) => line.getAttribute(name))
      .map((look) => (look === 'none' ? null : look))]))"""


@pytest.mark.parametrize("page", ["/", PLAYGROUND, "/lecture/"])
def test_the_line_of_a_weight_follows_its_size_and_sign(tab: Page, page: str) -> None:
    givens = {"w1": -0.15, "w5": 12.5, "w7": -12.5}
    figure = "figure[data-figure=values]" if page == "/lecture/" else ".bp-live"
    tab.goto(page + "?" + "&".join(f"{name}={value}" for name, value in givens.items()))
    tab.wait_for_selector(f"{figure} [role=slider][aria-valuenow='12.5']")
    negative = tab.locator(f"{figure} [data-name=w1] line[stroke-dasharray]").first
    expect(negative).not_to_have_attribute("stroke-dasharray", "none")  # the lines follow later
    drawn = {name: looks for name, *looks in tab.evaluate(LINES, figure)}
    graph = graph_of(givens)
    for k in range(1, 9):
        pen = weight_pen(float(graph.value(f"w{k}")))
        names = ("stroke", "stroke-width", "stroke-dasharray")
        assert drawn[f"w{k}"] == [pen.get(name) for name in names], k
    assert float(drawn["w5"][1]) > 2 * float(drawn["w2"][1])
    tab.locator(f"{figure} [role=slider][aria-label=w1]").focus()
    tab.keyboard.press("PageUp")
    tab.keyboard.press("PageUp")
    value = tab.locator(f"{figure} [data-value=w1]").first
    expect(value).to_have_text("0.05")
    assert {name: looks for name, *looks in tab.evaluate(LINES, figure)}["w1"][2] is None
    # And what can be changed stays underlined
    line = "(value) => getComputedStyle(value).textDecorationLine"
    assert value.evaluate(line) == "underline"


def test_a_network_of_three_layers_is_whole_beside_the_navigation(tab: Page) -> None:
    tab.goto("/deeper/")
    scrolls = "(box) => box.scrollWidth > box.clientWidth"
    assert not tab.locator(".bp-wide").evaluate(scrolls)
    tab.add_style_tag(content=".md-typeset .bp-wide > svg { max-width: none }")
    assert tab.locator(".bp-wide").evaluate(scrolls)  # the test would have seen it


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const light = (color) => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((x) => x / 255)
      .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const page = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('.bp-live [data-name^=w] > line')].map((line) => {
    const ink = light(getComputedStyle(line).stroke);
    return Math.max(ink / page, page / ink);
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lines_of_weights_stand_out_from_the_page(tab: Page, scheme: Any) -> None:
    tab.emulate_media(color_scheme=scheme)
    opened(tab, {"w1": -0.15})
    contrasts = tab.evaluate(CONTRAST)
    assert len(contrasts) == 8
    assert min(contrasts) > 4.5  # 3 is what WCAG asks of what is no text


INSIDE = """() => [...document.querySelectorAll('.bp-live [data-name]')].flatMap((group) => {
  const boxes = [...group.querySelectorAll('rect')].map((rect) => rect.getBoundingClientRect());
  return [...group.querySelectorAll('[data-value]')].filter((value) => value.textContent)
    .map((value) => [value.textContent, value.parentNode.getBoundingClientRect()])
    .filter(([, at]) => !boxes.some((box) =>
      box.left <= at.left + 0.5 && at.right <= box.right + 0.5
      && box.top <= at.top + 4 && at.bottom <= box.bottom + 4))
    .map(([text]) => text);
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_numbers_stay_in_their_boxes_whatever_their_digits(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    opened(tab, dict.fromkeys(Graph.of(LECTURE).givens, -12.345678), "&rate=12.345678")
    assert shown(tab, "w1") == "-12.345678"
    assert tab.evaluate(INSIDE) == []
    tab.get_by_role("button", name="+10 rounds").click()
    assert tab.evaluate(INSIDE) == []


# The labels of a picture that leave their box, or stand on a line that no patch hides
MISPLACED = """(figure) => {
  const svg = document.querySelector(`figure[data-figure=${figure}] svg`);
  const lines = [...svg.querySelectorAll('line')].flatMap((line) => {
    const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => +line.getAttribute(name));
    const at = (k) => [x1 + (k / 200) * (x2 - x1), y1 + (k / 200) * (y2 - y1)];
    return Array.from({ length: 201 }, (_, k) => at(k));
  });
  const [, , right, bottom] = svg.getAttribute('viewBox').split(' ').map(Number);
  const labels = [...svg.querySelectorAll('text')].filter((text) => text.textContent);
  return labels.filter((text) => {
    const box = text.getBBox();
    // Of digits: the box has room above and below them
    const [left, top, end, foot] = [box.x, box.y + 4, box.x + box.width, box.y + box.height - 4];
    const patch = text.closest('g')?.querySelector('rect')?.getBBox();
    if (patch) {
      const [x, y] = [patch.x - 0.5, patch.y - 0.5];
      return left < x || top < y || end > x + patch.width + 1 || foot > y + patch.height + 1;
    }
    const isCrossed = lines.some(([x, y]) => left < x && x < end && top < y && y < foot);
    return isCrossed || left < 0 || end > right || top < 0 || foot > bottom;
  }).map((text) => text.textContent);
}"""


@pytest.mark.parametrize("figure", ["values", "hidden", "meeting"])
def test_labels_in_a_text_keep_their_places_whatever_their_digits(tab: Page, figure: str) -> None:
    names = [name for name in Graph.of(LECTURE).givens if not name.startswith("target")]
    for value in (-0.3, 12.5, -12.345678):
        tab.goto("/notes/?" + "&".join(f"{name}={value}" for name in names))
        place = tab.locator(f"figure[data-figure={figure}] g > text > [data-value=w5]")
        expect(place).to_have_text(given(value).replace("-", "\N{MINUS SIGN}"))
        assert tab.evaluate(MISPLACED, figure) == [], value
    slider = f"figure[data-figure={figure}] [role=slider][aria-label=w5]"
    expect(tab.locator(slider)).to_have_count(1)
    place.evaluate("(value) => value.parentNode.setAttribute('font-size', 60)")
    assert tab.evaluate(MISPLACED, figure) != []  # the test would have seen it

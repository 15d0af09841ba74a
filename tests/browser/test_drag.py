"""A given is changed where it stands: dragged, stepped by keys, or typed, and goes along a link."""

import re

from browsers import OpenTab
from playwright.sync_api import Locator, Page, expect

NETWORK = "figure[data-figure=map] svg"
CHANGED = "\u22120.30"


def home(tab: Page) -> Locator:
    """The slider of w5 in the picture of the home page."""
    tab.goto("/")
    return tab.get_by_role("slider", name="w5", exact=True)


def drag(tab: Page, element: Locator, by: int) -> None:
    element.hover()  # once it stands still
    box = element.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + by / 2, y)
    tab.mouse.move(x + by, y)
    tab.mouse.up()


def error(tab: Page) -> Locator:
    return tab.locator(".bp-error")


def test_the_home_page_is_the_network_whose_error_follows_a_dragged_weight(tab: Page) -> None:
    w5 = home(tab)
    expect(error(tab)).to_have_text("Etotal=0.298371")
    drag(tab, w5.locator("[data-value]"), 40)
    expect(w5).to_have_attribute("aria-valuetext", "0.50")
    expect(error(tab)).to_have_text("Etotal=0.306524")
    tab.wait_for_url("**/?w5=0.5")


def test_all_of_it_is_on_the_first_screen(tab: Page) -> None:
    for width, height in ((1280, 800), (390, 844)):
        tab.set_viewport_size({"width": width, "height": height})
        home(tab)
        for shown in ("Learn it", "Compare my numbers", "Teach with it"):
            expect(tab.get_by_role("link", name=shown)).to_be_in_viewport(ratio=1)
        expect(tab.locator(f"{NETWORK} [data-name=E_total]").first).to_be_in_viewport(ratio=0.9)
        expect(error(tab)).to_be_in_viewport(ratio=0.9)
        expect(tab.locator(".bp-hint")).to_have_count(0)  # the lead says it


def test_on_a_laptop_the_formula_of_a_change_is_on_the_first_screen(tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 800})
    home(tab).press("ArrowRight")
    formula = tab.locator(".bp-say .bp-formula")
    expect(formula).to_contain_text("=0.41\N{MULTIPLICATION SIGN}0.593270")
    expect(formula).to_be_in_viewport(ratio=1)
    expect(error(tab)).to_be_in_viewport(ratio=1)
    assert tab.evaluate("scrollY") == 0


def test_keys_step_a_given_of_a_picture(tab: Page) -> None:
    w5 = home(tab)
    w5.focus()
    tab.keyboard.press("ArrowRight")
    expect(w5).to_have_attribute("aria-valuenow", "0.41")
    tab.keyboard.press("PageDown")
    expect(w5).to_have_attribute("aria-valuenow", "0.31")
    expect(w5.locator("[data-value]")).to_have_text("0.31")


def test_a_value_is_typed_over_the_old_one(tab: Page) -> None:
    w5 = home(tab)
    w5.focus()
    tab.keyboard.press("Enter")
    field = tab.locator(".bp-typed")
    expect(field).to_be_focused()
    field.fill("much")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("-0,3")
    field.press("Enter")
    expect(field).to_have_count(0)
    expect(w5).to_be_focused()
    expect(w5.locator("[data-value]")).to_have_text(CHANGED)


def test_escape_leaves_a_value_as_it_was(tab: Page) -> None:
    w5 = home(tab)
    w5.locator("[data-value]").dblclick()
    tab.locator(".bp-typed").fill("7")
    tab.locator(".bp-typed").press("Escape")
    expect(tab.locator(".bp-typed")).to_have_count(0)
    expect(w5.locator("[data-value]")).to_have_text("0.40")


def test_a_value_out_of_range_stops_at_its_end(tab: Page) -> None:
    w5 = home(tab)
    w5.locator("[data-value]").dblclick()
    tab.locator(".bp-typed").fill("19.99")
    tab.locator(".bp-typed").press("Enter")
    drag(tab, w5.locator("[data-value]"), 100)
    expect(w5).to_have_attribute("aria-valuenow", "20")


def test_a_finger_drags_too(open_tab: OpenTab) -> None:
    tab = open_tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    w5 = home(tab)
    w5.scroll_into_view_if_needed()  # and wait until it stands still
    box = w5.locator("[data-value]").bounding_box()
    assert box
    finger = tab.context.new_cdp_session(tab)
    x, y = round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)
    for kind, at in (("touchStart", x), ("touchMove", x + 20), ("touchMove", x + 40)):
        touch = {"type": kind, "touchPoints": [{"x": at, "y": y}]}
        finger.send("Input.dispatchTouchEvent", touch)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(w5).to_have_attribute("aria-valuetext", "0.50")


def test_a_given_of_a_formula_is_dragged_and_typed_as_well(tab: Page) -> None:
    tab.goto("/notes/")
    tab.wait_for_selector(".bp-open", state="attached")
    found = tab.locator("mrow.bp-drag:visible", has_text=re.compile(r"^0\.40$")).first
    number = tab.locator(f"[data-n='{found.get_attribute('data-n')}']")
    drag(tab, number, -40)
    expect(number).to_have_text("0.30")
    number.focus()
    tab.keyboard.press("Enter")
    tab.locator(".bp-typed").fill("0.25")
    tab.locator(".bp-typed").press("Enter")
    expect(number).to_have_text("0.25")
    tab.keyboard.press("ArrowRight")
    expect(number).not_to_be_focused()


def test_what_is_computed_cannot_be_dragged(tab: Page) -> None:
    tab.goto("/")
    expect(tab.locator(f"{NETWORK} .bp-drag")).to_have_count(15)
    assert not tab.locator(f"{NETWORK} [data-name=out_h1].bp-drag").count()


def test_numbers_go_along_to_the_next_page_and_back_to_the_books(tab: Page) -> None:
    w5 = home(tab)
    w5.focus()
    tab.keyboard.press("ArrowRight")
    tab.get_by_role("link", name="Learn it").click()
    tab.wait_for_url("**/notes/?w5=0.41")
    tab.get_by_role("button", name="Your numbers").click()
    tab.get_by_role("button", name="Reset").click()
    tab.locator("a[href*=lecture]").first.click()
    tab.wait_for_url("**/lecture/")
    expect(tab.get_by_role("button", name="Change the numbers")).to_be_visible()

// Point at a number, or reach it by keys, and it tells what it is: its name, its value, what it is
// computed from; all that shows the same quantity lights up.

import { leafOf, make, MATH, partsOf, precise, shown, TEXT } from "./write.js";

/** The leaves of a tree, each once. */
const leavesOf = (tree) =>
  [...new Set(Array.isArray(tree) ? tree.slice(1).flatMap(leavesOf) : typeof tree === "string" ? [tree] : [])];

// The card ---------------------------------------------------------------------------------

/**
 * Beside an equation, or below or above it, as below or above a formula in a line: so it hides nothing
 * of it. Where there is room on no side, it hides other lines of it. Never behind header or sheet.
 */
function placed(card, slot) {
  const math = slot.closest("math");
  const [at, line, all] = [slot, slot.closest("mtr") ?? slot, math].map((each) => each.getBoundingClientRect());
  const { width, height } = card.getBoundingClientRect();
  const { clientWidth, clientHeight, classList } = document.documentElement;
  const head = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;
  const foot = classList.contains("bp-sheet") ? document.querySelector(".bp-drawer").getBoundingClientRect().top : clientHeight;
  const fits = (left, top) => left >= 8 && left + width <= clientWidth - 8 && top >= head + 8 && top + height <= foot - 8;
  const along = Math.max(8, Math.min(at.left, clientWidth - width - 8));
  const middle = Math.max(head + 8, Math.min(at.top + (at.height - height) / 2, foot - height - 8));
  const beside = [[all.right + 12, middle], [all.left - width - 12, middle]];
  const places = [
    ...(math.getAttribute("display") === "block" ? beside : []),
    [along, all.bottom + 8],
    [along, all.top - height - 8],
    [along, line.bottom + 8],
    [along, line.top - height - 8],
  ];
  const [left, top] = places.find((place) => fits(...place)) ?? [along, Math.max(head + 8, foot - height - 8)];
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}

/** The number in view that is nearest to the top, where the tab key goes to. */
const firstInView = (slots) => slots.find(({ slot }) => slot.checkVisibility({ contentVisibilityAuto: true }) && slot.getBoundingClientRect().top > 60) ?? slots[0];

/** What a number is: the lines of its card, and the sentence for a screen reader. */
function told(page, entry, others) {
  const { exprs, made, names, worlds, notations } = page;
  const labels = notations[worlds[entry.world].notation];
  const say = (part, to) => shown(part, leafOf(labels, to, names), to);
  const worth = (part) => precise(page.worth(part, entry.world) ?? NaN);
  const tree = exprs[entry.expr];
  const formula = exprs[made[entry.expr]] ?? (Array.isArray(tree) ? tree : null);
  const computed = formula && formula !== tree;
  const parts = formula ? leavesOf(formula).filter((leaf) => leaf !== tree) : [];
  const equals = MATH.sign("=");
  const own = typeof tree === "string" && tree[0] === "=";
  const origin = formula ? "" : own ? "computed by the package" : "a given";
  const places = others ? `${others} other place${others > 1 ? "s" : ""} on this page` : "";
  const math = (inner) => `<p><math><mrow>${inner}</mrow></math></p>`;
  const line = (part) => math(`${say(part, MATH)}${equals}${MATH.number(worth(part))}`);
  const words = (part) => `${say(part, TEXT)} = ${worth(part)}`;
  return {
    html: [
      line(tree),
      computed ? math(equals + say(formula, MATH)) : "",
      parts.map(line).join(""),
      origin && `<p>${origin}</p>`,
      places && `<p>${places}</p>`,
    ].join(""),
    text: [
      words(tree),
      computed ? `computed as ${say(formula, TEXT)}` : "",
      parts.length ? `from ${parts.map(words).join(", ")}` : "",
      origin,
      places,
    ].filter(Boolean).join("; "),
  };
}

// Lighting up ------------------------------------------------------------------------------

/** All places on the page that show the same quantity. */
const same = ({ slots }, { expr, world }) =>
  slots.filter((other) => other.expr === expr && other.world === world && other.slot.isConnected);

/** Light up all that shows the quantity, on the page and in its pictures. */
function light(page, entry) {
  const { content, exprs, worlds } = page;
  for (const lit of content.querySelectorAll("[data-lit]")) lit.removeAttribute("data-lit");
  if (!entry) return;
  for (const { slot } of same(page, entry)) slot.setAttribute("data-lit", "");
  const { example } = worlds[entry.world];
  for (const leaf of leavesOf([0, exprs[entry.expr]])) {
    const { of, wrt } = partsOf(leaf);
    for (const name of wrt && of === "E_total" ? [wrt] : [of, wrt]) {
      const found = `figure[data-example="${example}"] [data-name="${name === "rate" ? "learning_rate" : name}"]`;
      for (const shape of content.querySelectorAll(found)) shape.setAttribute("data-lit", "");
    }
  }
}

// Keys -------------------------------------------------------------------------------------

/** One number is a stop of the tab key: the one visited last, or else the first in view. */
function tabStop(slots) {
  let stop = null;
  for (const { slot } of slots) slot.setAttribute("tabindex", -1);
  return (entry) => {
    stop?.slot.setAttribute("tabindex", -1);
    stop = entry;
    stop?.slot.setAttribute("tabindex", 0);
  };
}

/** The number that a key leads to from another: the next, the last, or one of the next formula. */
function target(slots, from, key) {
  const there = slots.filter(({ slot }) => slot.isConnected && slot.checkVisibility());
  const at = there.indexOf(from);
  const formula = (entry) => entry?.slot.closest("math");
  let to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[key];
  if (to === undefined) {
    // To the next formula, or the one before
    const way = key === "ArrowDown" ? 1 : -1;
    for (to = at; there[to] && formula(there[to]) === formula(there[at]); to += way);
  }
  return there[to];
}

// On the page ------------------------------------------------------------------------------

/** The card of a page, and what is read out: `show` an entry, or `hide` it, at once or later. */
function cardOf(page) {
  const card = make("div", { class: "bp-card", hidden: "" });
  const said = make("p", { class: "bp-said", role: "status" });
  page.content.append(card, said);
  let now = null; // the number that the card is about
  let waiting = null; // the one whose value is still being loaded
  let leaving = 0;
  const stay = () => clearTimeout(leaving);

  function hide() {
    stay();
    waiting = null;
    if (!now) return;
    now = null;
    card.hidden = true;
    said.textContent = "";
    light(page, null);
  }
  function show(entry, aloud) {
    stay();
    if (entry.expr < 0 || page.worth(page.exprs[entry.expr], entry.world) === null) {
      hide();
      waiting = entry;
      page.more().then((came) => came && waiting === entry && show(entry, aloud));
      return;
    }
    now = entry;
    waiting = null;
    const { html, text } = told(page, entry, same(page, entry).length - 1);
    card.innerHTML = html;
    card.hidden = false;
    place();
    light(page, entry);
    if (aloud) said.textContent = text;
  }
  const place = () => now && placed(card, now.slot);
  const hideSoon = () => (leaving = setTimeout(hide, 300));
  return { card, now: () => now, show, hide, hideSoon, stay, place };
}

/** Let the numbers of a page tell what they are. */
export function mountExplorer(page) {
  const { content, slots } = page;
  const entries = new Map(slots.map((entry) => [entry.slot, entry]));
  const entryAt = (element) => entries.get(element.closest?.("[data-n]"));
  const { card, now, show, hide, hideSoon, stay, place } = cardOf(page);
  const stopAt = tabStop(slots);
  stopAt(firstInView(slots));

  content.addEventListener("focusin", (event) => {
    const entry = entryAt(event.target);
    if (!entry) return hide();
    stopAt(entry);
    show(entry, true);
  });
  content.addEventListener("focusout", (event) => entryAt(event.target) && hide());
  content.addEventListener("keydown", (event) => {
    const entry = entryAt(event.target);
    const other = event.ctrlKey || event.altKey || event.metaKey;
    if (!entry || other || !/^(Arrow|Home$|End$)/.test(event.key)) return;
    event.preventDefault();
    target(slots, entry, event.key)?.slot.focus();
  });
  content.addEventListener("pointerover", (event) => {
    // A tap gives the focus
    if (event.pointerType === "touch") return;
    const entry = entryAt(event.target);
    if (entry && entry !== now()) show(entry, false);
    else if (entry || card.contains(event.target)) stay();
    else if (now() && !now().slot.contains(document.activeElement)) hideSoon();
  });
  content.addEventListener("pointerleave", () => now() && now().slot !== document.activeElement && hideSoon());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  addEventListener("scroll", place, { passive: true });
  // A part that comes into sight is laid out in the next frame
  const settled = () => entryAt(document.activeElement) || stopAt(firstInView(slots));
  addEventListener("scrollend", () => setTimeout(settled, 50));

  return { refresh: () => now() && show(now(), false) };
}

// Point at a number, or reach it by keys, and it tells what it is: its name, its value, what it is
// computed from; all that shows the same quantity lights up.

import { shown, TEXT } from "./formula.js";
import { partsOf } from "./numbers.js";
import { make, MINUS, precise } from "./write.js";

// Names -----------------------------------------------------------------------------------

const op = (sign) => `<mo>${sign}</mo>`;
const fenced = (inner) => `<mrow>${op("(")}${inner}${op(")")}</mrow>`;
const mark = (round) => (round === 1 ? "+" : `(${round})`);

/** Writers of a tree: as MathML, and as plain text for a screen reader. */
const MATH = {
  number: (x) => `<mn>${x}</mn>`,
  name: (label) => label[1],
  slope: (of, wrt) => `<mfrac><mrow>${op("\u2202")}${of}</mrow><mrow>${op("\u2202")}${wrt}</mrow></mfrac>`,
  at: (name, round) => (round ? `<msup><mrow>${name}</mrow>${op(mark(round))}</msup>` : name),
  over: (above, below) => `<mfrac><mrow>${above}</mrow><mrow>${below}</mrow></mfrac>`,
  power: (base, exponent) => `<msup><mrow>${base}</mrow><mrow>${exponent}</mrow></msup>`,
  call: (name, inner) => `<mi>${name}</mi>${fenced(inner)}`,
  sign: op,
  fenced,
};
const WORDS = {
  ...TEXT,
  name: (label) => label[0],
  slope: (of, wrt) => `\u2202${of}/\u2202${wrt}`,
  at: (name, round) => (round ? `${name} after round ${round}` : name),
};

/** What writes a leaf of a tree in the notation of its world. */
const leafOf = (labels, names, to) => (leaf) => {
  if (leaf[0] === "=") return to.name(names[leaf.slice(1)][0]);
  const { of, wrt, round } = partsOf(leaf);
  const name = (part) => to.at(to.name(labels[part]), round);
  return wrt ? to.slope(name(of), name(wrt)) : name(of);
};

/** The leaves of a tree, each once. */
const leavesOf = (tree) =>
  [...new Set(Array.isArray(tree) ? tree.slice(1).flatMap(leavesOf) : typeof tree === "string" ? [tree] : [])];

// The card ---------------------------------------------------------------------------------

/** Beside the number where there is room, else below it or above; never behind the header. */
function placed(card, slot) {
  const at = slot.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const header = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;
  const beside = at.right + 12 + width < clientWidth;
  const below = at.bottom + 8 + height < clientHeight;
  const left = beside ? at.right + 12 : Math.min(at.left, clientWidth - width - 8);
  const top = beside ? at.top + (at.height - height) / 2 : below ? at.bottom + 8 : at.top - height - 8;
  card.style.left = `${Math.max(8, left)}px`;
  card.style.top = `${Math.max(header + 8, Math.min(top, clientHeight - height - 8))}px`;
}

/** The number in view that is nearest to the top, where the tab key goes to. */
const firstInView = (slots) => slots.find(({ slot }) => slot.checkVisibility({ contentVisibilityAuto: true }) && slot.getBoundingClientRect().top > 60) ?? slots[0];

/** Let the numbers of a page tell what they are. */
export function mountExplorer(page) {
  const { content, slots, exprs, made, worlds, notations, names } = page;
  const entries = new Map(slots.map((entry) => [entry.slot, entry]));
  const card = make("div", { class: "bp-card", hidden: "" });
  const said = make("p", { class: "bp-said", role: "status" });
  content.append(card, said);
  // The number that the card is about
  let now = null;
  let leaving = 0;

  const worth = (tree, world) => page.worth(tree, world) ?? NaN;
  const labelsOf = ({ world }) => notations[worlds[world].notation];
  const math = (inner) => `<p><math><mrow>${inner}</mrow></math></p>`;

  /** What the card and a screen reader say of a number. */
  function told(entry) {
    const tree = exprs[entry.expr];
    const formula = exprs[made[entry.expr]] ?? (Array.isArray(tree) ? tree : null);
    const say = (part, to) => shown(part, leafOf(labelsOf(entry), names, to), to);
    const value = precise(worth(tree, entry.world));
    const others = same(entry).length - 1;
    const places = others ? `${others} other place${others > 1 ? "s" : ""} on this page` : "";
    const parts = formula ? leavesOf(formula).filter((leaf) => leaf !== tree) : [];
    const lines = parts.map((leaf) => [leaf, precise(worth(leaf, entry.world))]);
    const equals = op("=");
    const own = typeof tree === "string" && tree[0] === "=";
    const origin = formula ? "" : own ? "computed by the package" : "a given";
    return {
      html: [
        math(`${say(tree, MATH)}${equals}<mn>${value}</mn>`),
        formula && formula !== tree ? math(equals + say(formula, MATH)) : "",
        lines.map(([leaf, x]) => math(`${say(leaf, MATH)}${equals}<mn>${x}</mn>`)).join(""),
        origin && `<p>${origin}</p>`,
        places && `<p>${places}</p>`,
      ].join(""),
      text: [
        `${say(tree, WORDS)} = ${value}`,
        formula && formula !== tree ? `computed as ${say(formula, WORDS)}` : "",
        lines.length ? `from ${lines.map(([leaf, x]) => `${say(leaf, WORDS)} = ${x}`).join(", ")}` : "",
        origin,
        places,
      ].filter(Boolean).join("; "),
    };
  }

  const same = ({ expr, world }) => slots.filter((other) => other.expr === expr && other.world === world && other.slot.isConnected);

  /** Light up all that shows the quantity, on the page and in its pictures. */
  function light(entry) {
    for (const lit of content.querySelectorAll("[data-lit]")) lit.removeAttribute("data-lit");
    if (!entry) return;
    for (const { slot } of same(entry)) slot.setAttribute("data-lit", "");
    const { example } = worlds[entry.world];
    for (const leaf of leavesOf([0, exprs[entry.expr]])) {
      const { of, wrt } = partsOf(leaf);
      for (const name of wrt && of === "E_total" ? [wrt] : [of, wrt]) {
        const found = `figure[data-example="${example}"] [data-name="${name === "rate" ? "learning_rate" : name}"]`;
        for (const shape of content.querySelectorAll(found)) shape.setAttribute("data-lit", "");
      }
    }
  }

  function show(entry, aloud) {
    clearTimeout(leaving);
    if (entry.expr < 0 || page.worth(exprs[entry.expr], entry.world) === null) {
      page.more().then((came) => came && show(entry, aloud));
      return hide();
    }
    now = entry;
    const { html, text } = told(entry);
    card.innerHTML = html;
    card.hidden = false;
    placed(card, entry.slot);
    light(entry);
    if (aloud) said.textContent = text;
  }
  function hide() {
    clearTimeout(leaving);
    if (!now) return;
    now = null;
    card.hidden = true;
    said.textContent = "";
    light(null);
  }

  /** One number is a stop of the tab key: the one visited last, or else the first in view. */
  let stop = null;
  function stopAt(entry) {
    stop?.slot.setAttribute("tabindex", -1);
    stop = entry;
    stop?.slot.setAttribute("tabindex", 0);
  }
  for (const { slot } of slots) slot.setAttribute("tabindex", -1);
  stopAt(firstInView(slots));
  const entryAt = (target) => entries.get(target.closest?.("[data-n]"));

  function go(event, step) {
    const there = slots.filter(({ slot }) => slot.isConnected && slot.checkVisibility());
    const at = there.indexOf(entryAt(event.target));
    const formula = (entry) => entry?.slot.closest("math");
    let to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[event.key];
    if (to === undefined) {
      // To the next formula, or the one before
      const way = event.key === "ArrowDown" ? 1 : -1;
      for (to = at; there[to] && formula(there[to]) === formula(there[at]); to += way);
    }
    event.preventDefault();
    there[to]?.slot.focus();
  }

  content.addEventListener("focusin", ({ target }) => {
    const entry = entryAt(target);
    if (!entry) return hide();
    stopAt(entry);
    show(entry, true);
  });
  content.addEventListener("focusout", ({ target }) => entryAt(target) && hide());
  content.addEventListener("keydown", (event) => {
    if (/^(Arrow|Home$|End$)/.test(event.key) && entryAt(event.target) && !event.ctrlKey && !event.altKey && !event.metaKey) go(event);
  });
  content.addEventListener("pointerover", ({ target, pointerType }) => {
    // A tap gives the focus
    if (pointerType === "touch") return;
    const entry = entryAt(target);
    if (entry && entry !== now) show(entry, false);
    else if (entry || card.contains(target)) clearTimeout(leaving);
    else if (now && !now.slot.contains(document.activeElement)) leaving = setTimeout(hide, 300);
  });
  content.addEventListener("pointerleave", () => {
    if (now && now.slot !== document.activeElement) leaving = setTimeout(hide, 300);
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  addEventListener("scroll", () => now && placed(card, now.slot), { passive: true });
  // A part that comes into sight is laid out in the next frame
  const settled = () => entryAt(document.activeElement) || stopAt(firstInView(slots));
  addEventListener("scrollend", () => setTimeout(settled, 50));

  return { refresh: () => now && show(now, false) };
}

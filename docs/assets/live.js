// The bound numbers of a page follow its givens, and tell what they are to who points at one.

import { namesOf } from "./names.js";
import { valuesOf, write, writeSign, written } from "./numbers.js";
import { mountExplorer } from "./explore.js";
import { mountTools } from "./panel.js";
import { storeOf } from "./store.js";
import { computed, given, make } from "./write.js";

const OUTPUTS = ".highlight:not(.language-python), .output";

/** The data of a page, with an element for each of its numbers, or null where it has none. */
function read(content) {
  const place = content.querySelector("[data-live]");
  if (!place || place.read) return null;
  place.read = true;
  const data = JSON.parse(place.dataset.live);
  const signs = new Map();
  for (const slot of content.querySelectorAll("[data-sign]")) signs.set(slot.dataset.sign, slot);
  const slots = [...content.querySelectorAll("[data-n]")].map((slot) => {
    const [expr, world, forms, form, mode] = data.numbers[slot.dataset.n];
    return { slot, sign: signs.get(slot.dataset.n), expr, world, forms, form, mode };
  });
  return { ...data, slots };
}

/** A world as the reader's givens change it; a section keeps what it has for itself. */
function changed(world, { givens, rate }) {
  if (world.fixed) return world;
  const now = { ...world.givens };
  for (const name in now) {
    // It is b1, where the section writes b1_2
    const shared = name.split("_")[0];
    if (!world.own.includes(name)) now[name] = givens[name] ?? givens[shared] ?? now[name];
  }
  return { ...world, givens: now, rate: world.own.includes("learning_rate") ? world.rate : rate };
}

/** What tells the value of a tree in one of the worlds of a page, or null where there is none. */
function worthOf(data, state) {
  const worlds = data.worlds.map((world) => {
    const now = state ? changed(world, state) : world;
    const value = valuesOf(now, namesOf(data, now));
    const known = new Map();
    return (tree) => {
      if (!known.has(tree)) {
        try {
          const x = value(tree);
          known.set(tree, Number.isFinite(x) ? x : null);
        } catch {
          // Not in a browser, or a weight has gone to infinity
          known.set(tree, null);
        }
      }
      return known.get(tree);
    };
  });
  return (tree, world) => worlds[world](tree);
}

/** Write the numbers of the pictures that show an example; what they say in words stays, and says so. */
function paintFigures(content, example, state, differs) {
  const value = valuesOf(state);
  for (const figure of content.querySelectorAll(`figure[data-example="${example}"]:not([data-figure="map"])`)) {
    const words = figure.querySelector("desc");
    if (words) {
      words.original ??= words.textContent;
      const now = words.original + (differs ? " These values are of the original example." : "");
      if (words.textContent !== now) words.textContent = now;
    }
    for (const text of figure.querySelectorAll("[data-value]")) {
      const { value: name, places, bracketed } = text.dataset;
      const slope = name.match(/^d(.*)\/d(.*)$/);
      const x = value(slope ? `${slope[1]}/${slope[2]}` : name === "learning_rate" ? "rate" : name);
      const shown = places === undefined ? given(x) : computed(x, Number(places));
      const now = bracketed !== undefined && x < 0 ? `(${shown})` : shown;
      if (text.textContent !== now) text.textContent = now;
    }
  }
}

/** What is not computed anew says so. */
function mark(content, differs) {
  if (content.hasAttribute("data-changed") === differs) return;
  content.toggleAttribute("data-changed", differs);
  for (const block of content.querySelectorAll(OUTPUTS)) {
    const note = block.querySelector(".bp-original");
    if (differs && !note) {
      block.append(make("span", { class: "bp-original" }, "of the original example"));
    } else if (!differs) note?.remove();
  }
}

/** Spare the browser the layout of equations that are out of sight; each keeps its height. */
async function rest(content) {
  await document.fonts.ready;
  const equations = [...content.querySelectorAll("div.math")].filter((equation) => equation.offsetHeight);
  const heights = equations.map((equation) => equation.firstElementChild.getBoundingClientRect().height);
  equations.forEach((equation, k) => (equation.style.containIntrinsicHeight = `auto ${heights[k]}px`));
  for (const equation of equations) equation.classList.add("bp-resting");
}

/** Bring the numbers of the page to life. */
export function mountLive() {
  const content = document.querySelector(".md-content");
  const data = content && read(content);
  if (!data) return;
  const [{ example, sizes, givens, rate, notation, fixed }] = data.worlds;
  const store = fixed ? null : storeOf({ example, sizes, givens, rate });
  // As the panel writes them: w_5
  const labels = {};
  for (const [name, [plain]] of Object.entries(data.notations[notation])) {
    labels[name] = plain.replace(/^(\p{L})(?=\d)/u, "$1_");
  }
  const page = { ...data, content, worth: worthOf(data, store?.get()) };

  function paint(state) {
    page.worth = worthOf(data, state);
    for (const entry of data.slots) {
      const { slot, sign, expr, world, forms, form, mode } = entry;
      const x = expr < 0 ? null : page.worth(data.exprs[expr], world);
      if (x === entry.shown) continue;
      entry.shown = x;
      slot.toggleAttribute("data-original", x === null);
      if (x === null) continue;
      const number = written(x, form, mode);
      if (!sign) write(slot, number, forms);
      else {
        write(slot, { ...number, negative: false }, "#|#");
        writeSign(sign, number, forms);
      }
    }
    paintFigures(content, example, state, store.changed());
    mark(content, store.changed());
    explorer.refresh();
  }
  const explorer = mountExplorer(page);
  if (!store) return;
  store.subscribe(paint);
  rest(content);
  if (store.changed()) paint(store.get());
  if (!document.querySelector('[data-playground="panel"]')) mountTools(content, store, labels);
}

// The bound numbers of a page follow its givens, and tell what they are to who points at one.

import { double, isFar } from "./decimal.js";
import { changeable, drawWeight, mountSliders, writeNumber } from "./network.js";
import { read, valuesOf, write, writeSign, written } from "./numbers.js";
import { mountExplorer } from "./explore.js";
import { inTurn, storeOf } from "./store.js";
import { computed, given, make, setText } from "./write.js";

// Digits that are added, one by one, where those of the page do not suffice
const MORE = 6;
const OUTPUTS = ".highlight.language-text, .output";

/** The data of a page, with an element for each of its numbers, or null where it has none. */
function dataOf(content) {
  const place = content.querySelector("[data-live]");
  if (!place || place.read) return null;
  place.read = true;
  const data = JSON.parse(place.dataset.live);
  const signs = new Map();
  for (const slot of content.querySelectorAll("[data-sign]")) signs.set(slot.dataset.sign, slot);
  const slots = [...content.querySelectorAll("[data-n]")].map((slot) => {
    const { n } = slot.dataset;
    const [expr, world, forms] = data.numbers[n];
    return { slot, sign: signs.get(n), n: +n, expr, world, forms };
  });
  const words = [...content.querySelectorAll("[data-words]")].map((slot) => {
    const [expr, world, ...phrases] = data.words[slot.dataset.words];
    return { slot, expr, world, phrases };
  });
  return { ...data, slots, words };
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

/** What a function gives, or null where it fails. */
function tried(give) {
  try {
    return give();
  } catch {
    return null;
  }
}

/** What tells the value of a tree in one of the worlds of a page. */
function valueIn(data, state) {
  const worlds = data.worlds.map((world) => {
    const now = state ? changed(world, state) : world;
    return valuesOf(now, data.namesOf?.(data, now));
  });
  return (tree, world, printed) => worlds[world](tree, printed);
}

/** The same, or null where there is none: it is not in a browser, or a weight has gone to infinity. */
function worthOf(data, value) {
  const worlds = data.worlds.map(() => new Map());
  return (tree, world) => {
    const known = worlds[world];
    if (!known.has(tree)) known.set(tree, tried(() => value(tree, world)));
    return known.get(tree);
  };
}

/**
 * What tells how the n-th number is written, or null: with so many digits that a reader who
 * recomputes a result from them is at most one unit off.
 */
function writerOf({ numbers, exprs }, value, worth) {
  const withMore = (n, extra) => {
    const [expr, world, , form, mode] = numbers[n];
    const x = worth(exprs[expr], world);
    return x === null ? null : written(x, form, mode, extra);
  };
  const isShort = (first, extra) => {
    const [, world, , , , sides = []] = numbers[first];
    const printed = (k) => read(withMore(first + k, extra));
    const isOff = ([expr, ...results]) => {
      const x = value(exprs[expr], world, printed);
      return results.some((k) => isFar(x, printed(k)));
    };
    return sides.some((side) => tried(() => isOff(side)));
  };
  const needed = (first) => {
    let extra = 0;
    while (extra < MORE && isShort(first, extra)) extra++;
    return extra;
  };
  const more = [];
  return (n) => {
    // The first number of its formula has what is recomputed there
    let first = n;
    while (first && !numbers[first][5]) first--;
    return withMore(n, (more[first] ??= needed(first)));
  };
}

/** Write a number, if it is another one; what is worth nothing here is as it was built, and says so. */
function paintNumber(entry, { writing }) {
  const { slot, sign, n, forms } = entry;
  const places = sign ? [slot, sign] : [slot];
  entry.built ??= places.map((place) => [...place.childNodes]);
  const number = writing(n);
  const shown = number && read(number);
  if (shown === entry.shown) return;
  entry.shown = shown;
  slot.toggleAttribute("data-original", !number);
  if (!number) {
    places.forEach((place, k) => place.replaceChildren(...entry.built[k]));
    slot.form = undefined;
  } else if (!sign) write(slot, number, forms);
  else {
    write(slot, { ...number, negative: false }, "#|#");
    writeSign(sign, number, forms);
  }
}

/** Choose the words by their condition; where nothing tells whether it holds, they stay, and say so. */
function paintWords({ slot, expr, world, phrases }, { exprs, worth }) {
  const holds = expr < 0 ? null : worth(exprs[expr], world);
  slot.toggleAttribute("data-original", holds === null);
  slot.built ??= slot.textContent;
  setText(slot, holds === null ? slot.built : phrases[holds === 1 ? 0 : 1]);
}

/** Write the numbers of a picture, and draw its weights; what it says in words stays, and says so. */
function paintFigure(figure, worth, differs) {
  const words = figure.querySelector("desc");
  words.original ??= words.textContent;
  setText(words, words.original + (differs ? " These values are of the original example." : ""));
  for (const text of figure.querySelectorAll("[data-value]")) {
    const { value: name, places, bracketed } = text.dataset;
    const x = worth(name.replace(/^d(.*)\/d/, "$1/"), 0);
    if (x === null) continue;
    const shown = places === undefined ? given(x) : computed(x, +places);
    writeNumber(text, bracketed !== undefined && x < 0 ? `(${shown})` : shown);
  }
  // In the others, a line tells whether a path runs along it
  for (const group of figure.querySelectorAll('[data-figure="values"] [data-name^=w]')) {
    drawWeight(group, worth(group.dataset.name, 0));
  }
}

/** What is not computed anew says so. */
function mark(content, differs) {
  if (content.hasAttribute("data-changed") === differs) return;
  content.toggleAttribute("data-changed", differs);
  for (const block of content.querySelectorAll(OUTPUTS)) {
    if (differs) block.append(make("span", { class: "bp-original" }, "of the original example"));
    else block.querySelector(".bp-original").remove();
  }
}

/**
 * Spare the browser the layout of what is out of sight, where it has to be told the height of each
 * part. Most browsers need no heights: they keep the text in its place by themselves (site.css).
 */
function rest(content) {
  if (CSS.supports("overflow-anchor", "auto")) return;
  const parts = [...content.querySelectorAll(".bp-below")];
  let width = 0;
  new ResizeObserver(async () => {
    if (width === content.clientWidth) return;
    width = content.clientWidth;
    content.classList.remove("bp-resting");
    await document.fonts.load('1em "STIX Two Math"').catch(() => {});
    // In a frame without, the browser forgets the heights of another width
    await new Promise((done) => setTimeout(done, 50));
    const heights = parts.map((part) => part.getBoundingClientRect().height);
    parts.forEach((part, k) => (part.style.containIntrinsicHeight = `auto ${heights[k]}px`));
    content.classList.add("bp-resting");
  }).observe(content);
}

/** Let the givens be changed where they stand, in the text and in the pictures. */
function mountGivens({ slots, exprs, worlds }, figures, store, labels) {
  const { givens } = store.get();
  for (const { slot, expr, world } of slots) {
    const name = exprs[expr];
    const { fixed, own } = worlds[world];
    if (fixed || own.includes(name === "rate" ? "learning_rate" : name)) continue;
    if (name in givens || name === "rate") changeable(slot, name, store, labels[name][0]);
  }
  for (const figure of figures) mountSliders(figure, store, labels);
}

/** Scroll as little as it takes until a place that shows a given is in sight. */
function reveal({ slots, exprs }, name) {
  // Where a place is, is known when all is laid out; the browser keeps the heights
  const parts = [...document.querySelectorAll(".bp-below")];
  const lay = (how) => parts.forEach((part) => (part.style.contentVisibility = how));
  lay("visible");
  const away = ({ slot }) => Math.abs(slot.getBoundingClientRect().top - innerHeight / 4);
  const places = slots.filter(({ slot, expr }) => exprs[expr] === name && slot.checkVisibility());
  const [nearest] = places.sort((one, other) => away(one) - away(other));
  nearest?.slot.closest("mtr, math").scrollIntoView({ block: "nearest" });
  setTimeout(lay, 100, "");
}

/** Bring the numbers of the page to life. */
export async function mountLive() {
  const content = document.querySelector(".md-content");
  const data = content && dataOf(content);
  if (!data) return;
  const [{ example, sizes, givens, rate, biases, notation, fixed, form }] = data.worlds;
  const store = fixed ? null : storeOf({ example, sizes, givens, rate, biases, form });
  const labels = data.notations[notation];
  const page = { ...data, content };
  function become(state) {
    const value = valueIn(data, state);
    const worth = worthOf(data, value);
    page.writing = writerOf(data, value, worth);
    page.worth = (...asked) => double(worth(...asked));
  }
  become(store?.get());
  /** What computes the page's own names comes when a reader first asks for one; whether it came now. */
  page.more = async () => {
    if (!data.names.length || data.namesOf) return false;
    data.namesOf = (await import("./names.js")).namesOf;
    become(store?.get());
    return true;
  };

  // What is painted together: the numbers and words of a paragraph, an equation, a table; or a picture
  const blocks = Map.groupBy([...data.slots, ...data.words], ({ slot }) => slot.closest(".bp-part > *, .md-content__inner > *"));
  const paint = (entry) => (entry.phrases ? paintWords : paintNumber)(entry, page);
  const tasks = [...blocks].map(([block, entries]) => [block, () => entries.forEach(paint)]);
  const figures = content.querySelectorAll(`figure[data-example="${example}"]:not([data-figure="map"])`);
  for (const figure of figures) {
    tasks.push([figure, () => paintFigure(figure, page.worth, store.changed())]);
  }

  function follow(state, turns) {
    become(state);
    for (const turn of turns) turn();
    mark(content, store.changed());
    explorer.refresh();
  }
  const explorer = mountExplorer(page);
  if (!store) return;
  const turns = tasks.map(([element, task]) => inTurn(element, task));
  store.subscribe(async (state) => {
    follow(state, turns);
    if (await page.more()) follow(store.get(), turns);
  });
  mountGivens(data, figures, store, labels);
  rest(content);
  if (store.changed()) await page.more();
  if (store.changed()) follow(store.get(), tasks.map(([, task]) => task));
  if (document.querySelector('[data-playground="panel"]')) return;
  (await import("./tools.js")).mountTools(content, store, labels, (name) => reveal(data, name));
}

// The panel in which a reader changes the givens of a page.

import { parsed, range } from "./store.js";
import { make, mathOf } from "./write.js";

const GROUPS = [
  ["Inputs", /^i/],
  ["Targets", /^target/],
  ["Weights", /^w/],
  ["Biases", /^b/],
  ["Learning rate", /^rate$/],
];
// The range of a slider; a field accepts more
const RATE_SLIDER = [0, 2];
const SLIDER = [-2, 2];
const STEP = 0.01;

/** A line for a given: its name, a slider, a field, and a message if the field is invalid. */
function line(name, [label, symbol], store) {
  const [low, high] = range(name);
  const [from, to] = name === "rate" ? RATE_SLIDER : SLIDER;
  const id = `bp-${name}`;
  const named = make("label", { for: id });
  named.innerHTML = mathOf(symbol);
  const slider = make("input", { type: "range", min: from, max: to, step: STEP, "aria-label": `${label}, slider` });
  const field = make("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": label, "aria-describedby": `${id}-wrong` });
  const wrong = make("span", { id: `${id}-wrong`, class: "bp-wrong", role: "alert" });

  const judge = (value) => {
    wrong.textContent = value === null ? `Write a number from ${low} to ${high}`.replace("-", "\u2212") : "";
    field.setAttribute("aria-invalid", value === null);
  };
  slider.addEventListener("input", () => store.change(name, Number(slider.value)));
  field.addEventListener("input", () => {
    const value = parsed(name, field.value);
    judge(value);
    if (value !== null) store.change(name, value);
  });
  // An invalid text stays, with its message, until it is corrected or the given changes elsewhere.
  let last;
  const show = (anew) => {
    const value = store.value(name);
    slider.value = value;
    if (anew || value !== last) {
      if (parsed(name, field.value) !== value) field.value = String(value).replace("-", "\u2212");
      judge(value);
    }
    last = value;
  };
  return { row: make("div", { class: "bp-given", "data-given": name }, named, slider, field, wrong), show };
}

/** Fill an element with the panel of a store; `labels` are the names as text and as MathML. */
export function mountPanel(element, store, labels) {
  const { givens } = store.get();
  const lines = [];
  const named = (kind) => [...Object.keys(givens), "rate"].filter((name) => kind.test(name));
  const groups = GROUPS.map(([title, kind]) => [title, named(kind)]).filter(([, names]) => names.length);
  const sets = groups.map(([title, names]) => {
    const own = names.map((name) => line(name, labels[name], store));
    lines.push(...own);
    return make("fieldset", {}, make("legend", {}, title), ...own.map(({ row }) => row));
  });
  // For phones, where the panel shows one group at a time
  const choices = groups.map(([title]) => make("button", { type: "button" }, title));
  const choose = (at) => sets.forEach((set, k) => {
    set.toggleAttribute("data-chosen", k === at);
    choices[k].setAttribute("aria-pressed", k === at);
  });
  choices.forEach((choice, k) => choice.addEventListener("click", () => choose(k)));
  choose(0);
  const reset = make("button", { type: "button" }, "Reset");
  const copy = make("button", { type: "button" }, "Copy link");
  const status = make("span", { role: "status" });
  reset.addEventListener("click", () => {
    store.reset();
    for (const { show } of lines) show(true);
    status.textContent = "The numbers of the example are back.";
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      status.textContent = "Copied: the link holds these numbers.";
    } catch {
      status.textContent = "Not copied: the link is in the address bar.";
    }
  });
  const foot = make("div", { class: "bp-foot" }, make("div", { class: "bp-row" }, reset, copy), status);
  const lists = make("div", { class: "bp-lists" }, ...sets);
  element.replaceChildren(make("div", { class: "bp-row bp-groups" }, ...choices), lists, foot);
  element.classList.add("bp-panel");
  const end = store.subscribe(() => {
    if (!element.isConnected) return end();
    status.textContent = "";
    for (const { show } of lines) show();
  });
  for (const { show } of lines) show();
}

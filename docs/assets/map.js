// The network diagram as a map: it steps through a round, trains, and shows every number.

import { drawCurve } from "./curve.js";
import { learnerOf } from "./learner.js";
import { PHASES, labelOf, stepsOf } from "./steps.js";
import { exampleOf, storeOf } from "./store.js";
import { computed, given, make, writeLine } from "./write.js";

const LAST_ROUND = 1_000_000;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const counted = (rounds) => rounds.toLocaleString("en");

// The picture ------------------------------------------------------------------------------

/** What shows a quantity: its groups, and where its value is written. b1_2 is shown by b1. */
function slotsOf(svg) {
  const slots = new Map();
  for (const group of svg.querySelectorAll("[data-name]")) {
    const slot = slots.get(group.dataset.name) ?? { groups: [] };
    slots.set(group.dataset.name, slot);
    slot.groups.push(group);
    slot.value = group.querySelector("[data-value]") ?? slot.value;
  }
  for (const { value } of slots.values()) {
    // Before a name, what makes it a slope; behind it, what makes it new. CSS shows either.
    const name = value.parentNode.previousSibling;
    const mark = (text, kind, dy) => {
      const tspan = document.createElementNS(name.namespaceURI, "tspan");
      tspan.setAttribute("class", kind);
      tspan.setAttribute("dy", dy);
      tspan.append(text);
      return tspan;
    };
    name.prepend(mark("\u2202", "bp-if-slope", 0));
    name.append(mark("\u207a", "bp-if-new", -3.5));
  }
  return slots;
}

const slotFor = (slots, name) => slots.get(name) ?? slots.get(name.split("_")[0]);

/** What stands in each slot after some steps, and how it looks: {text, classes} by name. */
function looks({ net, rate, givens }, steps, at) {
  const shown = {};
  for (const name of net.names) {
    const text = name in givens ? given(givens[name]) : computed(net.value(name));
    shown[name] = { text, classes: [] };
  }
  shown.learning_rate = { text: given(rate, 1), classes: [] };
  if (at === 0) return shown;

  for (const name of net.names) if (!(name in givens)) shown[name] = { text: "", classes: ["bp-later"] };
  for (const { of, kind, value } of steps.slice(0, at)) {
    const look = { value: [], slope: ["bp-slope"], path: ["bp-slope"], new: ["bp-new"] }[kind];
    shown[of] = { text: computed(value), classes: [...look] };
  }
  const { of, uses, path, paths } = steps[at - 1];
  const add = (names, look) => names.forEach((name) => shown[name].classes.push(look));
  add(uses, path ? `bp-path-${path}` : "bp-used");
  paths?.forEach((names, k) => add(names, `bp-path-${k + 1}`));
  add([of], "bp-now");
  return shown;
}

function paint(slots, shown) {
  const texts = new Map();
  const classes = new Map();
  for (const [name, look] of Object.entries(shown)) {
    const slot = slotFor(slots, name);
    texts.set(slot, [...(texts.get(slot) ?? []), look.text]);
    classes.set(slot, [...(classes.get(slot) ?? []), ...look.classes]);
  }
  for (const [{ value }, each] of texts) {
    const lines = [...new Set(each)]; // a bias for each neuron, until they part
    value.textContent = lines[0];
    value.parentNode.querySelector(".bp-second")?.remove();
    if (lines[1] !== undefined) {
      const second = value.cloneNode();
      second.setAttribute("class", "bp-second");
      second.setAttribute("x", value.parentNode.getAttribute("x"));
      second.setAttribute("dy", 17.5);
      second.textContent = lines[1];
      value.after(second);
    }
  }
  for (const [{ groups, value }, looks] of classes) {
    const two = value.nextSibling ? ["bp-two"] : [];
    for (const group of groups) group.setAttribute("class", [...looks, ...two].join(" "));
  }
}

// The controls -----------------------------------------------------------------------------

function controls() {
  const button = (text, label) =>
    make("button", { type: "button", ...(label && { "aria-label": label }) }, text);
  const group = (name, kind, ...children) =>
    make("div", { role: "group", "aria-label": name, class: kind }, ...children);

  const say = make("p", { class: "bp-say", "aria-live": "polite" });
  const back = button("\u2190", "Step back");
  const next = button("\u2192", "Step forward");
  const slider = make("input", { type: "range", min: 0, step: 1, "aria-label": "Step" });
  const phases = PHASES.map((name) => button(name));
  const round = make("strong");
  const train = [1, 10, 1000].map((rounds) => [
    button(`+${counted(rounds)}`, `Train ${counted(rounds)} round${rounds > 1 ? "s" : ""}`),
    rounds,
  ]);
  const play = button("Play");
  const restart = button("Start over");
  const curve = make("div", { class: "bp-curve" });
  const key = make("p", { class: "bp-key" });
  writeLine(key, "\u2202w_5 is how fast the total error follows w_5, and w_5\u207a is w_5 after the update.");
  const root = make(
    "div",
    { class: "bp-controls" },
    say,
    group("Steps of a round", "bp-row", back, slider, next),
    group("Parts of a round", "bp-row bp-phases", ...phases),
    group("Training", "bp-row", round, ...train.map(([each]) => each), play, restart),
    curve,
    key,
  );
  return { root, say, back, next, slider, phases, round, train, play, restart, curve };
}

// Both -------------------------------------------------------------------------------------

/** Bring a map to life. */
export function mountMap(figure) {
  const svg = figure.querySelector("svg");
  const { labels, ...example } = exampleOf(figure);
  const learner = learnerOf(storeOf(example));
  const slots = slotsOf(svg);
  const ui = controls();
  svg.after(ui.root);
  figure.classList.add("bp-live");

  let steps = [];
  let at = 0; // 0: the whole forward pass, and none of its steps
  let timer = 0;

  function show(step) {
    const state = learner.get();
    at = Math.max(0, Math.min(step, steps.length));
    paint(slots, looks({ ...state, net: learner.graph() }, steps, at));
    const now = steps[at - 1];
    const place = `step ${at} of ${steps.length}, ${PHASES[now?.phase]?.toLowerCase()}`;
    ui.slider.value = at;
    ui.slider.setAttribute("aria-valuetext", now ? place : "all values");
    ui.phases.forEach((button, k) => button.setAttribute("aria-pressed", now?.phase === k));
    const error = `Round ${counted(state.round)}: ${labels.E_total} = ${computed(state.error)}.`;
    writeLine(ui.say, now?.line ?? `${error} Step forward to see where each number comes from.`);
  }

  /** After each change of the givens, and after training. */
  function refresh() {
    const state = learner.get();
    const net = learner.graph();
    steps = stepsOf(state, labels);
    ui.slider.max = steps.length;
    ui.round.textContent = `Round ${counted(state.round)}`;
    drawCurve(ui.curve, state.curve);
    const values = looks({ ...state, net }, steps, 0);
    const said = net.names.map((name) => `${labelOf(name, labels)} = ${values[name].text}`);
    svg.querySelector("desc").textContent = `From the inputs to the total error: ${said.join(", ")}.`;
    show(at);
  }

  function train(rounds) {
    at = 0;
    learner.advance(Math.min(rounds, LAST_ROUND - learner.get().round));
  }
  function pause() {
    cancelAnimationFrame(timer);
    clearTimeout(timer);
    timer = 0;
    ui.play.textContent = "Play";
    ui.say.setAttribute("aria-live", "polite");
  }
  /** A round a frame at first, then a hundredth of what has been: the curve grows evenly. */
  function tick() {
    const { round } = learner.get();
    if (!figure.isConnected || round >= LAST_ROUND) return pause();
    train(Math.ceil(calm() ? round + 1 : round / 100 + 0.01));
    timer = calm() ? setTimeout(tick, 1000) : requestAnimationFrame(tick);
  }
  function play() {
    if (timer) return pause();
    ui.play.textContent = "Pause";
    ui.say.setAttribute("aria-live", "off"); // sixty sentences a second would be none
    tick();
  }
  /** At the end of a round the next one begins. */
  const forward = () => (at < steps.length ? show(at + 1) : train(1));
  const back = () => show(at - 1);
  const act = (button, action) =>
    button.addEventListener("click", () => {
      pause();
      action();
    });

  act(ui.back, back);
  act(ui.next, forward);
  act(ui.restart, () => {
    at = 0;
    learner.restart();
  });
  ui.train.forEach(([button, rounds]) => act(button, () => train(rounds)));
  ui.phases.forEach((button, k) =>
    act(button, () => show(steps.findIndex(({ phase }) => phase === k) + 1)),
  );
  ui.play.addEventListener("click", play);
  ui.slider.addEventListener("input", () => {
    pause();
    show(Number(ui.slider.value));
  });
  ui.root.addEventListener("keydown", (event) => {
    const keys = { ArrowRight: forward, ArrowLeft: back, Home: () => show(0), End: () => show(steps.length) };
    if (event.target === ui.slider || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(event.key in keys)) return;
    event.preventDefault();
    pause();
    keys[event.key]();
  });
  learner.subscribe(refresh);
  refresh();
}

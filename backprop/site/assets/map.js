// The network diagram as a map: it steps through a round, trains, and shows every number.

import { drawCurve } from "./curve.js";
import { learnerOf } from "./learner.js";
import { drawWeight, mountSliders, writeNumber } from "./network.js";
import { sayingOf, stepsOf } from "./steps.js";
import { exampleOf, inTurn, storeOf } from "./store.js";
import { computed, counted, filled, given, make, makeSvg, MATH, mathOf } from "./write.js";

const LAST_ROUND = 1_000_000;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A number with as many digits as a box has room for. */
const short = (x) => computed(x, Math.max(0, 6 - Math.max(0, Math.floor(Math.log10(Math.abs(x))))));

// The picture ------------------------------------------------------------------------------

/** What shows a quantity, by its name: its groups, and where its value is written. */
function slotsOf(svg) {
  const slots = {};
  for (const group of svg.querySelectorAll("[data-name]")) {
    const { groups, values } = (slots[group.dataset.name] ??= { groups: [], values: [] });
    groups.push(group);
    values.push(...group.querySelectorAll("[data-value]"));
  }
  for (const value of Object.values(slots).flatMap(({ values }) => values)) {
    // Before a name, what makes it a slope; after it, what makes it new. CSS shows either.
    const name = value.parentNode.previousSibling;
    name.prepend(makeSvg("tspan", { class: "bp-if-slope", dy: 0 }, "\u2202E/\u2202"));
    name.append(makeSvg("tspan", { class: "bp-if-new", dy: -3.5 }, "\u207a"));
  }
  return slots;
}

/** The slot of a name. Where each neuron shows b1, that of b1_2 is the second of them. */
function slotOf(slots, name) {
  const [base, k] = name.split("_");
  const { groups, values } = slots[name] ?? slots[base];
  if (slots[name] || !values[1]) return { groups, values };
  const each = (all) => all.filter((_, j) => j % values.length === k - 1); // Arrows, then labels
  return { groups: each(groups), values: each(values) };
}

const pathLook = (k) => `bp-path-${((k - 1) % 3) + 1}`;

/** What stands in each slot after some steps, and how it looks: {name: [text, classes]}. */
function looks(net, { rate, givens }, steps, at) {
  const shown = { learning_rate: [given(rate, 1), []] };
  for (const name of net.names) {
    if (name in givens) shown[name] = [given(givens[name]), []];
    else shown[name] = at ? ["", ["bp-later"]] : [short(net.value(name)), []];
  }
  if (!at) return shown;
  for (const { of, kind, value } of steps.slice(0, at)) {
    shown[of] = [short(value), [`bp-${kind}`]];
  }
  const { of, uses, path, paths = [] } = steps[at - 1];
  const mark = (names, look) => names.forEach((name) => shown[name][1].push(look));
  mark(uses, path ? pathLook(path) : "bp-used");
  paths.forEach((names, k) => mark(names, pathLook(k + 1)));
  mark([of], "bp-now");
  return shown;
}

function paint(slots, shown, givens) {
  for (const { values, groups } of Object.values(slots)) {
    for (const value of values) {
      value.textContent = "";
      value.parentNode.nextSibling?.remove();
    }
    groups.forEach((group) => group.setAttribute("class", group.getAttribute("role") ? "bp-drag" : ""));
  }
  for (const name in shown) {
    const [text, classes] = shown[name];
    const { groups, values } = slotOf(slots, name);
    if (name[0] === "w") for (const group of groups) drawWeight(group, givens[name]);
    let second;
    for (const value of values) {
      // One b1 shows b1_2 as well: one number, until they part.
      second = value.textContent && value.textContent !== text;
      let line = value.parentNode;
      if (second) {
        line.after(filled(line.cloneNode(true), { y: +line.getAttribute("y") + 17.5 }));
        line = line.nextSibling;
      }
      writeNumber(line.firstChild, text);
    }
    if (second) classes.push("bp-two");
    for (const group of groups) group.classList.add(...classes);
  }
}

// What it does -----------------------------------------------------------------------------

/** A choice of the sample that is shown, where there are several; what chooses one. */
function mountSamples(svg, root) {
  const groups = [...svg.querySelectorAll("[data-sample]")];
  const options = groups.map((_, k) => make("option", { value: k }, `${k + 1}`));
  const select = make("select", { "aria-label": "Sample" }, ...options);
  const choose = (k) => {
    select.value = k;
    groups.forEach((group, j) => group.setAttribute("display", j === k ? "inline" : "none"));
  };
  select.addEventListener("change", () => choose(select.selectedIndex));
  if (groups.length) root.querySelector(".bp-row").append("Sample", select);
  return choose;
}

/** Show what a step says, and have its text read out in place of its formula. */
function speak(element, { html, text }) {
  const seen = make("span", { "aria-hidden": "true" });
  seen.innerHTML = html;
  element.replaceChildren(seen, make("span", { class: "bp-said" }, text));
}

/** What is shown of a round: all its values, or those up to a step. */
function stepper(figure, root, learner, labels) {
  const svg = figure.querySelector("svg");
  const slots = slotsOf(svg);
  const choose = mountSamples(svg, root);
  const find = (selector) => root.querySelector(selector);
  const [say, slider] = [find(".bp-say"), find("input")];
  const phases = [...root.querySelectorAll("[data-phase]")];
  if (learner.get().sizes.length > 3) phases[3].textContent += "s"; // Hidden layers
  const hint = say.textContent;
  let steps = [];
  let at = 0; // 0: the whole forward pass, and none of its steps
  let givens = {};
  let moved; // the one given that a reader has just changed

  function show(step) {
    const state = learner.get();
    at = Math.max(0, Math.min(step, steps.length));
    paint(slots, looks(learner.graph(), state, steps, at), state.givens);
    const now = steps[at - 1];
    const first = now ?? steps.find(({ uses }) => uses.includes(moved)); // where a change begins
    if (now?.sample !== undefined) choose(now.sample);
    // The round and the error are seen beside it
    const words = `Round ${counted(state.round)}: {E_total} = ${computed(state.error)}. `;
    const { html, text } = first ? sayingOf(first, labels) : { html: hint, text: hint };
    speak(say, { html, text: (now ? "" : sayingOf({ words }, labels).text) + text });
    phases.forEach((button, k) => button.setAttribute("aria-pressed", now?.phase === k));
    slider.value = at;
    const phase = phases[now?.phase]?.textContent.toLowerCase();
    slider.setAttribute("aria-valuetext", now ? `${at} of ${steps.length}, ${phase}` : "all values");
  }

  /** After each change of the givens, and after training. */
  function refresh() {
    const state = learner.get();
    const net = learner.graph();
    const changes = net.names.filter((name) => state.givens[name] !== givens[name]);
    moved = changes.length === 1 ? changes[0] : null;
    givens = state.givens;
    steps = stepsOf(state);
    slider.max = steps.length;
    phases.forEach((button, k) => (button.hidden = !steps.some(({ phase }) => phase === k)));
    find("strong").textContent = `Round ${counted(state.round)}`;
    find(".bp-error").innerHTML = mathOf(MATH.name(labels.E_total) + MATH.sign("=") + MATH.number(computed(state.error)));
    drawCurve(find(".bp-curve"), state);
    const all = looks(net, state, steps, 0);
    const said = net.names.map((name) => `${labels[name][0]} = ${all[name][0]}`);
    svg.querySelector("desc").textContent = `From the inputs to the total error: ${said.join(", ")}.`;
    show(at);
  }

  return {
    show,
    refresh,
    whole: () => (at = 0),
    back: () => show(at - 1),
    first: () => show(0),
    last: () => show(steps.length),
    /** Show the next step; false where the round is over. */
    next: () => at < steps.length && (show(at + 1), true),
    phase: (k) => show(steps.findIndex((step) => step.phase === k) + 1),
  };
}

/** What trains: some rounds at once, or one round after another until it is paused. */
function trainer(figure, root, learner, view) {
  const play = root.querySelector("[data-do=play]");
  const say = root.querySelector(".bp-say");
  let timer = 0;

  function train(rounds) {
    view.whole();
    learner.advance(Math.min(rounds, LAST_ROUND - learner.get().round));
  }
  function pause() {
    cancelAnimationFrame(timer);
    clearTimeout(timer);
    timer = 0;
    play.textContent = "Play";
    say.setAttribute("aria-live", "polite");
  }
  /** A round a frame at first, then a hundredth of what has been: the curve grows evenly. */
  function tick() {
    const { round } = learner.get();
    if (!figure.isConnected || round >= LAST_ROUND) return pause();
    train(Math.ceil(calm() ? round + 1 : round / 100 + 0.01));
    timer = calm() ? setTimeout(tick, 1000) : requestAnimationFrame(tick);
  }
  return {
    train,
    pause,
    playing: () => timer !== 0,
    play() {
      play.textContent = "Pause";
      say.setAttribute("aria-live", "off"); // sixty sentences a second would be none
      tick();
    },
    restart() {
      view.whole();
      learner.restart();
    },
  };
}

/** Bring a map to life. */
export function mountMap(figure) {
  const { labels, ...example } = exampleOf(figure);
  const store = storeOf(example);
  const learner = learnerOf(store);
  const root = figure.querySelector(".bp-controls");
  const view = stepper(figure, root, learner, labels);
  const { train, pause, playing, play, restart } = trainer(figure, root, learner, view);
  const slider = root.querySelector("input");
  figure.classList.add("bp-live");

  const { back, first, last } = view;
  const next = () => view.next() || train(1); // a round is over: the next begins
  const actions = { back, next, first, last, play, restart };
  const keys = { ArrowLeft: back, ArrowRight: next, Home: first, End: last };

  root.addEventListener("click", ({ target: { dataset } }) => {
    const { do: action, phase, rounds } = dataset;
    const wasPlaying = playing();
    if (action || phase || rounds) pause();
    if (rounds) train(+rounds);
    else if (phase) view.phase(+phase);
    else if (!(action === "play" && wasPlaying)) actions[action]?.();
  });
  slider.addEventListener("input", () => {
    pause();
    view.show(+slider.value);
  });
  root.addEventListener("keydown", (event) => {
    const other = event.altKey || event.ctrlKey || event.metaKey || event.target === slider;
    if (other || !keys[event.key]) return;
    event.preventDefault();
    pause();
    keys[event.key]();
  });
  learner.subscribe(inTurn(figure, view.refresh));
  view.refresh();
  mountSliders(figure, store, labels);
}

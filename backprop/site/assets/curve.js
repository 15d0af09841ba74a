// The error curve: the total error against the rounds, both on logarithmic scales.

import { counted, given, make, makeSvg, precise } from "./write.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [380, 220, 52, 12, 12, 42];
const FIRST = 0.5; // decades between round 0, which has no logarithm, and round 1
const DASHES = ["2 3", "8 3", "8 3 2 3"]; // of earlier runs
const POWERS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/** A power of ten as text: 10⁻³. */
const power = (k) =>
  `10${String(k).replace("-", "\u207b").replace(/\d/g, (digit) => POWERS[digit])}`;

/** Powers of ten from low to high, at most seven of them. */
function ticks(low, high) {
  const step = Math.ceil((high - low) / 7);
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, k) => low + k * step);
}

/** The points of a curve on logarithmic scales, without errors of 0. */
const pointsOf = ({ curve }) =>
  curve.filter(([, error]) => error > 0).map(([round, error]) => [round && FIRST + Math.log10(round), Math.log10(error)]);

/** Draw the curves of a run and of earlier runs into an element, with a summary in words. */
export function drawCurve(element, run) {
  const runs = [...run.earlier, run].map(pointsOf);
  const errors = runs.flat().map(([, error]) => error);
  const decades = Math.max(1, ...runs.map((points) => Math.ceil((points.at(-1)?.[0] ?? 0) - FIRST)));
  const right = FIRST + decades;
  const low = Math.floor(Math.min(-1, ...errors));
  const high = Math.ceil(Math.max(0, ...errors));
  const x = (round) => LEFT + ((WIDTH - LEFT - RIGHT) * round) / right;
  const y = (error) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - error)) / (high - low);

  const svg = makeSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  const tick = (at, text) => {
    svg.append(makeSvg("line", { class: "bp-grid", x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM }));
    svg.append(makeSvg("text", { x: x(at), y: HEIGHT - BOTTOM + 17, "text-anchor": "middle" }, text));
  };
  tick(0, "0");
  for (const k of ticks(0, decades)) tick(FIRST + k, power(k));
  for (const k of ticks(low, high)) {
    svg.append(makeSvg("line", { class: "bp-grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(k), y2: y(k) }));
    svg.append(makeSvg("text", { x: LEFT - 6, y: y(k) + 4, "text-anchor": "end" }, power(k)));
  }
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  svg.append(makeSvg("text", { x: middle, y: HEIGHT - 6, "text-anchor": "middle" }, "rounds"));
  const aside = `translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`;
  svg.append(makeSvg("text", { transform: aside, "text-anchor": "middle" }, "total error"));
  let places;
  runs.forEach((points, k) => {
    places = points.map(([round, error]) => `${x(round).toFixed(1)},${y(error).toFixed(1)}`);
    const look = k < run.earlier.length ? { class: "bp-earlier", "stroke-dasharray": DASHES[k] } : { class: "bp-line" };
    svg.append(makeSvg("polyline", { ...look, points: places.join(" ") }));
  });
  if (places.length) {
    const [cx, cy] = places.at(-1).split(",");
    svg.append(makeSvg("circle", { class: "bp-dot", cx, cy, r: 4 }));
  }

  element.replaceChildren(svg, make("p", {}, summary(run.curve)), ...run.earlier.map(keyOf));
}

/** The legend of an earlier run. */
function keyOf({ rate, biases, round, error }, k) {
  const line = makeSvg("line", { class: "bp-earlier", x2: 34, y1: 5, y2: 5, "stroke-dasharray": DASHES[k] });
  const words = ` \u03b7 = ${given(rate, 1)}, ${biases.replace("_", " ")} biases: ${precise(error, 6)} after ${counted(round)} rounds`;
  return make("p", { class: "bp-earlier-key" }, makeSvg("svg", { viewBox: "0 0 34 10", "aria-hidden": "true" }, line), words);
}

/** The first and the last error in words, and whether the error always fell. */
function summary(curve) {
  const [, start] = curve[0];
  const [round, error] = curve.at(-1);
  const shown = (x) => precise(x, 6);
  if (round === 0) return `Before the first round the total error is ${shown(start)}.`;
  const rose = curve.some(([, later], k) => k && later > curve[k - 1][1]);
  const rounds = `${counted(round)} round${round === 1 ? "" : "s"}`;
  const still = !rose && error === start;
  const way = still ? "It did not change." : rose ? "It did not always fall." : "It fell all the way.";
  return `The total error began at ${shown(start)}; after ${rounds} it is ${shown(error)}. ${way}`;
}

// The error curve: the total error against the rounds, both on logarithmic scales.

import { counted, make, makeSvg, precise, writeLine } from "./write.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [380, 220, 52, 12, 12, 42];
const POWERS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/** A power of ten as it is written: 10⁻³. */
const power = (k) =>
  `10${String(k).replace("-", "\u207b").replace(/\d/g, (digit) => POWERS[digit])}`;

/** Powers of ten from low to high, at most seven of them. */
function ticks(low, high) {
  const step = Math.ceil((high - low) / 7);
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, k) => low + k * step);
}

/** Draw the curve, [[round, error], ...], into an element, with words that say the same. */
export function drawCurve(element, curve) {
  // A log scale has no 0: the error before the first round is told, and an error of 0 left out.
  const points = curve
    .filter(([round, error]) => round > 0 && error > 0)
    .map((point) => point.map(Math.log10));
  const errors = curve.filter(([, error]) => error > 0).map(([, error]) => Math.log10(error));
  const right = Math.max(1, Math.ceil(points.at(-1)?.[0] ?? 0));
  const low = Math.floor(Math.min(-1, ...errors));
  const high = Math.ceil(Math.max(0, ...errors));
  const x = (round) => LEFT + ((WIDTH - LEFT - RIGHT) * round) / right;
  const y = (error) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - error)) / (high - low);

  const svg = makeSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  for (const k of ticks(0, right)) {
    svg.append(makeSvg("line", { class: "bp-grid", x1: x(k), x2: x(k), y1: TOP, y2: HEIGHT - BOTTOM }));
    svg.append(makeSvg("text", { x: x(k), y: HEIGHT - BOTTOM + 17, "text-anchor": "middle" }, power(k)));
  }
  for (const k of ticks(low, high)) {
    svg.append(makeSvg("line", { class: "bp-grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(k), y2: y(k) }));
    svg.append(makeSvg("text", { x: LEFT - 6, y: y(k) + 4, "text-anchor": "end" }, power(k)));
  }
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  svg.append(makeSvg("text", { x: middle, y: HEIGHT - 6, "text-anchor": "middle" }, "rounds"));
  const aside = `translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`;
  svg.append(makeSvg("text", { transform: aside, "text-anchor": "middle" }, "total error"));
  const places = points.map(([round, error]) => `${x(round).toFixed(1)},${y(error).toFixed(1)}`);
  svg.append(makeSvg("polyline", { class: "bp-line", points: places.join(" ") }));
  if (places.length) {
    const [cx, cy] = places.at(-1).split(",");
    svg.append(makeSvg("circle", { class: "bp-dot", cx, cy, r: 4 }));
  }

  const words = make("p");
  writeLine(words, summary(curve));
  element.replaceChildren(svg, words);
}

/** The curve in words: where it began, where it is, and whether it always fell. */
function summary(curve) {
  const [, start] = curve[0];
  const [round, error] = curve.at(-1);
  const shown = (x) => precise(x, 6);
  if (round === 0) return `Before the first round E_total is ${shown(start)}.`;
  const rose = curve.some(([, later], k) => k && later > curve[k - 1][1]);
  const rounds = `${counted(round)} round${round === 1 ? "" : "s"}`;
  const still = !rose && error === start;
  const way = still ? "It did not change." : rose ? "It did not always fall." : "It fell all the way.";
  return `E_total began at ${shown(start)}; after ${rounds} it is ${shown(error)}. ${way}`;
}

// The bound numbers of a page: what each is worth, and how it is written. The trees come from
// backprop/pages/live.py.

import { evaluate, graph, rounded, train } from "./engine.js";

/** The parts of a leaf: of "E_total/w5@1" the numerator, the denominator and the round. */
export function partsOf(leaf) {
  const [name, round = 0] = leaf.split("@");
  const [of, wrt] = name.split("/");
  return { of, wrt, round: Number(round) };
}

/** What tells the value of a tree, where these are the givens; `bound` knows the page's own names. */
export function valuesOf({ sizes, givens, rate, biases }, bound) {
  const nets = new Map();
  const after = (round) => {
    const learned = () => (round ? train(sizes, givens, rate, round, { biases }).givens : givens);
    if (!nets.has(round)) nets.set(round, graph(sizes, learned()));
    return nets.get(round);
  };
  const leaf = (text) => {
    if (text === "rate") return rate;
    if (text[0] === "=") return bound(Number(text.slice(1)));
    const { of, wrt, round } = partsOf(text);
    return wrt ? after(round).derivative(of, wrt) : after(round).value(of);
  };
  return (tree) => evaluate(tree, leaf);
}

// Rounded, all digits of a given, all digits if they end
const [, GIVEN, IN_FULL] = [0, 1, 2];
// A double with no more digits than these is taken for a decimal that ends
const ENDS = 12;
// Digits that are added to print in full what was printed in full
const SPARE = 8;

/** The digits of a number, and the place of the last one behind the point. */
function decimalsOf(x) {
  const [mantissa, exponent = 0] = String(Math.abs(x)).split("e");
  const [whole, part = ""] = mantissa.split(".");
  const size = (whole + part).replace(/^0+|0+$/g, "").length;
  return { size, places: Math.max(0, part.length - exponent) };
}

/** How a number is written in the form of a printed one: {negative, digits, exponent}. */
export function written(x, form, mode) {
  let places = parseInt(form);
  const power = form.endsWith("e");
  const exact = decimalsOf(mode === GIVEN ? x : Number(x.toPrecision(ENDS + 2)));
  const missing = (power ? exact.size - 1 : exact.places) - places;
  const ends = mode === IN_FULL && exact.size <= ENDS && missing <= SPARE;
  if (missing > 0 && (mode === GIVEN || ends)) places += missing;

  let exponent;
  let digits;
  if (power) {
    const [mantissa, e] = Math.abs(x).toExponential(14).split("e");
    digits = rounded(Number(mantissa), places);
    exponent = Number(e);
    if (digits.startsWith("10")) [digits, exponent] = [rounded(1, places), exponent + 1];
  } else digits = rounded(Math.abs(x), places);
  const negative = x < 0 && /[1-9]/.test(digits);
  if (form.endsWith(",")) digits = digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\..*)/g, ",");
  return { negative, digits, exponent };
}

const element = (tag, text, attributes = {}) => {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  for (const name in attributes) made.setAttribute(name, attributes[name]);
  made.append(...[text].flat());
  return made;
};

const sign = (text, form) => element("mo", text === "-" ? "\u2212" : text, { form });
const bracket = (text) => element("mo", text, { stretchy: "false" });

/** 4.39 or 4.39 * 10^-4 */
function size({ digits, exponent }) {
  if (exponent === undefined) return [element("mn", digits)];
  const power = element("mrow", exponent < 0 ? [sign("-", "prefix"), element("mn", -exponent)] : element("mn", exponent));
  return [element("mn", digits), element("mo", "\u00d7"), element("msup", [element("mn", 10), power])];
}

/** Write a number into its slot; `forms` says how above 0 and below: "#|(-#)", "+#|-#". */
export function write(slot, number, forms) {
  const form = forms.split("|")[Number(number.negative)];
  if (slot.form === form && number.exponent === undefined) {
    // Only the text changes
    slot.digits.data = number.digits;
    return;
  }
  const place = forms[0] === "+" ? "infix" : "prefix";
  const made = [...form].flatMap((c) => (c === "#" ? size(number) : "()".includes(c) ? bracket(c) : sign(c, place)));
  slot.replaceChildren(...made);
  slot.form = number.exponent === undefined ? form : undefined;
  slot.digits = slot.querySelector("mn").firstChild;
}

/** Write the sign alone, where something stands between it and its number, as in -(0.2). */
export function writeSign(slot, { negative }, forms) {
  const form = forms.split("|")[Number(negative)].replace("#", "");
  slot.replaceChildren(...[...form].map((c) => sign(c, forms[0] === "+" ? "infix" : "prefix")));
}

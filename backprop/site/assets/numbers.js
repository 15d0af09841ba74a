// The bound numbers of a page: what each is worth, and how it is written. The trees come from
// backprop/pages/live.py.

import { digitsOf, multiply, of as number, written as decimals } from "./decimal.js";
import { evaluate, graph, train, untied } from "./engine.js";
import { counted, partsOf } from "./write.js";

/** The givens after one round: what learns takes a step against its slope. */
function updated({ sizes, givens, rate, biases, form }) {
  const start = biases === "per_neuron" ? untied(sizes, givens) : { ...givens };
  const net = graph(sizes, start, BigInt, form);
  for (const name in start) {
    if ((biases === "frozen" ? "w" : "wb").includes(name[0])) start[name] = number(start[name]) - multiply(number(rate), net.derivative("E_total", name));
  }
  return start;
}

/** What tells the value of a tree, where these are the givens; `bound` knows the page's own names. */
export function valuesOf(world, bound) {
  const { sizes, givens, rate, biases, form } = world;
  const nets = new Map();
  const after = (round) => {
    const learned = () => (round === 1 ? updated(world) : train(sizes, givens, rate, round, { biases, form }).givens);
    if (!nets.has(round)) nets.set(round, graph(sizes, round ? learned() : givens, BigInt, form));
    return nets.get(round);
  };
  const leaf = (text) => {
    if (text === "rate") return number(rate);
    if (text[0] === "=") return number(bound(Number(text.slice(1))));
    const { of, wrt, round } = partsOf(text);
    return wrt ? after(round).derivative(of, wrt) : after(round).value(of);
  };
  /** The value of a tree; its leaves `#0`, `#1` ... are numbers as they are printed. */
  return (tree, printed) =>
    evaluate(tree, (text) => (text[0] === "#" ? number(printed(Number(text.slice(1)))) : leaf(text)));
}

// Digits that may be added to show all there are: to a rounded number, a given, one that was printed
// in full, one that comes from doubles, and one that was whole
const SPARE = [0, Infinity, 8, 0, 8];
const DOUBLE = 3;
const WHOLE = 4;
// Decimals of what was whole and needs more of them
const PLACES = 6;
// Added to these where a number may get more digits
const LONGER = 8;
// Digits in which two programs agree that train in doubles
const HELD = 10;
// Digits that a number on a page may have
const MOST = 30;

/**
 * How a number is written in the form of a printed one, with some `more` digits, if it may have
 * them: {negative, digits, exponent}, or null where that takes too many.
 */
export function written(x, form, mode, more) {
  const inPowers = form.endsWith("e");
  const kind = mode % LONGER;
  const { digits: all, first } = digitsOf(x);
  const above = inPowers ? 0 : first;
  const printed = parseInt(form);
  const missing = all.length - 1 - above - printed;
  const longer = mode & LONGER && more;
  const ends = missing <= SPARE[kind];
  let places = printed + (kind !== WHOLE ? Math.max(longer, ends && missing) : ends ? Math.max(0, missing) : PLACES + longer);
  if (kind === DOUBLE) places = Math.min(places, Math.max(1, HELD - 1 - above));

  if (above + places >= (kind === DOUBLE ? HELD : MOST)) return null;
  let exponent = inPowers ? first : undefined;
  let digits = decimals(x, places, exponent);
  if (inPowers && digits.startsWith("10")) digits = decimals(x, places, ++exponent);
  const negative = x < 0n && /[1-9]/.test(digits);
  if (form.endsWith(",")) digits = digits.replace(/^\d+/, counted);
  return { negative, digits, exponent };
}

/** A number as it is written, to be computed with: -1.2e-3. */
export const read = ({ negative, digits, exponent = 0 }) =>
  `${negative ? "-" : ""}${digits.replaceAll(",", "")}e${exponent}`;

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

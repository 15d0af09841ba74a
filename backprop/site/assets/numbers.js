// The bound numbers of a page: their values, and how they are written. Their formulas come as trees
// from backprop/pages/live.py.

import { digitsOf, multiply, of as number, written as decimals } from "./decimal.js";
import { evaluate, graph, train, untied } from "./engine.js";
import { counted, MATH, partsOf, precise } from "./write.js";

/** The givens after one round, in which each weight takes a step against its derivative. */
function updated({ sizes, givens, rate, biases, form }) {
  const start = biases === "per_neuron" ? untied(sizes, givens) : { ...givens };
  const net = graph(sizes, start, BigInt, form);
  for (const name in start) {
    if ((biases === "frozen" ? "w" : "wb").includes(name[0])) start[name] = number(start[name]) - multiply(number(rate), net.derivative("E_total", name));
  }
  return start;
}

/** A function that returns the value of a tree for some givens; `bound` returns that of a page's own name. */
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

// Most digits that are added to show a number in full, by its kind: a rounded number, a given, one
// that was printed in full, one computed in doubles, and one that was a whole number
const ADDED_DIGITS = [0, Infinity, 8, 0, 8];
const DOUBLE = 3;
const WHOLE = 4;
// Decimals of a number that was whole and no longer is
const PLACES = 6;
// A flag in the mode of a number: it may get more digits
const LONGER = 8;
// Digits in which two programs that train in doubles agree
const DOUBLE_DIGITS = 10;
// The most digits of a number on a page
const MOST_DIGITS = 30;

/**
 * A number in the form of a printed one, with up to `more` further digits if its mode allows them:
 * {negative, digits, exponent}, or null if it has too many digits.
 */
export function written(x, form, mode, more) {
  const inPowers = form.endsWith("e");
  const kind = mode % LONGER;
  const { digits: all, first } = digitsOf(x);
  const above = inPowers ? 0 : first;
  const printed = parseInt(form);
  const missing = all.length - 1 - above - printed;
  const longer = mode & LONGER && more;
  const ends = missing <= ADDED_DIGITS[kind];
  let places = printed + (kind !== WHOLE ? Math.max(longer, ends && missing) : ends ? Math.max(0, missing) : PLACES + longer);
  if (kind === DOUBLE) places = Math.min(places, Math.max(1, DOUBLE_DIGITS - 1 - above));

  if (above + places >= (kind === DOUBLE ? DOUBLE_DIGITS : MOST_DIGITS)) return null;
  let exponent = inPowers ? first : undefined;
  let digits = decimals(x, places, exponent);
  if (inPowers && digits.startsWith("10")) digits = decimals(x, places, ++exponent);
  const negative = x < 0n && /[1-9]/.test(digits);
  if (form.endsWith(",")) digits = digits.replace(/^\d+/, counted);
  return { negative, digits, exponent };
}

/** A written number as text that can be computed with: -1.2e-3. */
export const read = ({ negative, digits, exponent = 0 }) =>
  `${negative ? "-" : ""}${digits.replaceAll(",", "")}e${exponent}`;

/** A form with a number in place of its #, as MathML: (-#) gives (-4.39), or (-4.39 * 10^-4). */
function filled(form, { digits, exponent }, forms) {
  const place = forms[0] === "+" ? MATH.sign : MATH.prefix;
  const power = exponent === undefined ? "" : MATH.sign("\u00d7") + MATH.power(MATH.number(10), MATH.number(precise(exponent)));
  const parts = { "#": MATH.number(digits) + power, "-": place("\u2212"), "+": place("+") };
  return [...form].map((c) => parts[c] ?? MATH.bracket(c, "")).join("");
}

/** Write a number into its slot; `forms` are those of a positive and a negative one: "#|(-#)". */
export function write(slot, number, forms) {
  const form = forms.split("|")[Number(number.negative)];
  if (slot.form === form && number.exponent === undefined) {
    // Only the text changes
    slot.digits.data = number.digits;
    return;
  }
  slot.innerHTML = filled(form, number, forms);
  slot.form = number.exponent === undefined ? form : undefined;
  slot.digits = slot.querySelector("mn").firstChild;
}

/** Write only the sign, if something separates it from its number, as in -(0.2). */
export function writeSign(slot, number, forms) {
  const form = forms.split("|")[Number(number.negative)].replace("#", "");
  slot.innerHTML = filled(form, number, forms);
}

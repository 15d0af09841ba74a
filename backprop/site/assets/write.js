// Write numbers, names and formulas as on the pages and in the figures.

import { rounded } from "./engine.js";

const PLACES = 6;
const MINUS = "\u2212";

/** A computed number, rounded. */
export const computed = (x, places = PLACES) => rounded(x, places).replace("-", MINUS);

/** A number with so many digits, without trailing zeros. */
export const precise = (x, digits = 12) => String(Number(x.toPrecision(digits))).replaceAll("-", MINUS);

/** A given with all its decimals, at least two; rounded if it has too many, as after training. */
export function given(x, least = 2, most = PLACES) {
  const decimals = String(x).includes("e") ? Infinity : String(x).split(".")[1]?.length ?? 0;
  return computed(x, Math.min(Math.max(decimals, least), most));
}

/** A count of rounds: 10,000. */
export const counted = (rounds) => String(rounds).replace(/\B(?=(\d{3})+$)/g, ",");

/** Set the text of an element if it differs: setting it makes the browser restyle the whole page. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Make an element: make("button", { class: "bp-play", title: "Play" }, "Play"). */
export const make = (tag, ...rest) => filled(document.createElement(tag), ...rest);

/** The same for an element of a picture. */
export const makeSvg = (tag, ...rest) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), ...rest);

/** Give an element attributes, and children after those it has. */
export function filled(element, attributes = {}, ...children) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

// Formulas, given as trees, as text for a screen reader or as MathML -------------

/** The parts of a leaf: of "E_total/w5@1" the numerator, the denominator and the round. */
export function partsOf(leaf) {
  const [name, round = 0] = leaf.split("@");
  const [of, wrt] = name.split("/");
  return { of, wrt, round: Number(round) };
}

const tight = (text) => (text.includes(" ") ? `(${text})` : text);

/** Functions that write the parts of a formula as text for a screen reader. */
export const TEXT = {
  number: String,
  name: (label) => label[0],
  slope: (of, wrt) => `derivative of ${of} with respect to ${wrt}`,
  at: (name, round) => (round ? `${name} after round ${round}` : name),
  over: (above, below) => (above + below === "12" ? "\u00bd" : `${tight(above)}/${tight(below)}`),
  power: (base, exponent) => base + (exponent === "2" ? "\u00b2" : `^${tight(exponent)}`),
  call: (name, inner) => `${name}(${inner})`,
  sign: (sign) => ` ${sign} `,
  prefix: String,
  bracket: String,
  fenced: (inner) => `(${inner})`,
};

const op = (sign, attributes = "") => `<mo${attributes}>${sign}</mo>`;
const row = (inner) => `<mrow>${inner}</mrow>`;
const prefix = (sign) => op(sign, ' form="prefix"');
const bracket = (sign, inner) => op(sign, inner.includes("<mfrac>") ? "" : ' stretchy="false"');
const fenced = (inner) => row(bracket("(", inner) + inner + bracket(")", inner));

/** Functions that write them as MathML. */
export const MATH = {
  number: (text) => (String(text)[0] === MINUS ? prefix(MINUS) + MATH.number(text.slice(1)) : `<mn>${text}</mn>`),
  name: (label) => label[1],
  slope: (of, wrt) => MATH.over(op("\u2202") + of, op("\u2202") + wrt),
  at: (name, round) => (round ? `<msup>${row(name)}${op(round === 1 ? "+" : `(${round})`)}</msup>` : name),
  over: (above, below) => `<mfrac>${row(above)}${row(below)}</mfrac>`,
  power: (base, exponent) => `<msup>${row(base)}${row(exponent)}</msup>`,
  call: (name, inner) => `<mi>${name}</mi>${fenced(inner)}`,
  // A times sign has the space of a plus, as on the page
  sign: (sign) => op(sign, sign === "\u00d7" ? ' lspace=".2em" rspace=".2em"' : ' form="infix"'),
  prefix,
  bracket,
  fenced,
};

/** A formula as an element of its own. */
export const mathOf = (inner) => `<math displaystyle="true">${row(inner)}</math>`;

/** A function that writes a leaf of a tree, from the labels of the graph's names and the page's own `names`. */
export const leafOf = (labels, to, names) => (leaf) => {
  if (leaf[0] === "=") return to.name(names[leaf.slice(1)][0]);
  const { of, wrt, round } = partsOf(leaf);
  const name = (part) => to.at(to.name(labels[part]), round);
  return wrt ? to.slope(name(of), name(wrt)) : name(of);
};

const isNegative = (text) => /^(<mo form="prefix">)?\u2212/.test(text);

const led = (sign, [first, ...others]) => [sign + first, ...others];

/** Write the factors of a product, each with the sign before it; another tree is one factor. */
function factorsOf(tree, leaf, to) {
  if (tree[0] !== "*") return [grouped(tree, leaf, to)];
  const [first, second, ...others] = tree.slice(1).map((part) => grouped(part, leaf, to));
  const times = (text) => to.sign("\u00d7") + text;
  const isHalf = first === to.over(to.number(1), to.number(2)); // written without a times sign
  return [...(isHalf ? [first + second] : [first, times(second)]), ...others.map(times)];
}

/** Write a tree in pieces between which a line may break: terms, and factors of terms. */
export function piecesOf(tree, leaf, to) {
  const [, first, ...others] = Array.isArray(tree) ? tree : [];
  if (tree[0] === "*") return factorsOf(tree, leaf, to);
  if (tree[0] === "+") {
    const signed = (term) => (term[0] === "-" ? led(to.sign(MINUS), factorsOf(term[1], leaf, to)) : led(to.sign("+"), factorsOf(term, leaf, to)));
    return [...piecesOf(first, leaf, to), ...others.flatMap(signed)];
  }
  if (tree[0] !== "-") return [shown(tree, leaf, to)];
  if (first[0] !== "+") return led(to.prefix(MINUS), factorsOf(first, leaf, to));
  const inner = piecesOf(first, leaf, to);
  const [open, close] = ["(", ")"].map((sign) => to.bracket(sign, inner.join("")));
  return led(to.prefix(MINUS) + open, [...inner.slice(0, -1), inner.at(-1) + close]);
}

/** Write a part of a product or a power, in parentheses where a sign would stand in the wrong place. */
function grouped(tree, leaf, to) {
  const text = shown(tree, leaf, to);
  return "+-".includes(tree[0]) || isNegative(text) ? to.fenced(text) : text;
}

/** Write a tree, where `leaf` writes a name. */
export function shown(tree, leaf, to) {
  if (typeof tree === "number") return to.number(tree);
  if (typeof tree === "string") return leaf(tree);
  const [kind, ...parts] = tree;
  const each = (part) => shown(part, leaf, to);
  const [first, second] = parts;
  if (kind === "+" || kind === "*") return piecesOf(tree, leaf, to).join("");
  if (kind === "-") return to.prefix(MINUS) + grouped(first, leaf, to);
  if (kind === "/") return to.over(each(first), each(second));
  if (kind === "^") return to.power(grouped(first, leaf, to), each(second));
  const name = kind.replace("sigma", "\u03c3").replace("relu", "ReLU");
  return to.call(name, parts.map(each).join(to.sign(",")));
}

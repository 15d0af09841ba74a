// Formulas, which come as trees, written on one line, as MathML, or in what way one likes.

import { MINUS } from "./write.js";

/** Writers of the parts of a formula: as plain text. */
export const TEXT = {
  number: String,
  over: (above, below) => `(${above}) / (${below})`,
  power: (base, exponent) => `${base}^${exponent}`,
  call: (name, inner) => `${name}(${inner})`,
  sign: (sign) => ` ${sign} `,
  fenced: (inner) => `(${inner})`,
};

/** Write a tree, where `leaf` writes a name. */
export function shown(tree, leaf, to) {
  if (typeof tree === "number") return to.number(tree);
  if (typeof tree === "string") return leaf(tree);
  const [kind, ...parts] = tree;
  const each = (part) => shown(part, leaf, to);
  const safe = (text) => (text[0] === MINUS ? to.fenced(text) : text);
  const tight = (part) => ("+-".includes(part[0]) ? to.fenced(each(part)) : safe(each(part)));
  const [first, second] = parts;
  if (kind === "+") {
    const others = parts.slice(1).map((term) => (term[0] === "-" ? to.sign(MINUS) + tight(term[1]) : to.sign("+") + safe(each(term))));
    return each(first) + others.join("");
  }
  if (kind === "*") return parts.map(tight).join(to.sign("\u00d7"));
  if (kind === "-") return (to.prefix ?? to.sign)(MINUS) + tight(first);
  if (kind === "/") return to.over(each(first), each(second));
  if (kind === "^") return to.power(tight(first), each(second));
  return to.call(kind.replace("sigma", "\u03c3"), each(first));
}

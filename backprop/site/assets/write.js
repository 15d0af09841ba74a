// How numbers and names are written: as on the pages and in the pictures.

import { rounded } from "./engine.js";

const PLACES = 6;
export const MINUS = "\u2212";

/** A computed number, rounded. */
export const computed = (x, places = PLACES) => rounded(x, places).replace("-", MINUS);

/** A number with so many digits, without needless zeros. */
export const precise = (x, digits = 12) => String(Number(x.toPrecision(digits))).replaceAll("-", MINUS);

/** A given in full, with at least two decimals; rounded where it has too many, as after training. */
export function given(x, least = 2, most = PLACES) {
  const decimals = String(x).includes("e") ? Infinity : String(x).split(".")[1]?.length ?? 0;
  return computed(x, Math.min(Math.max(decimals, least), most));
}

/** A count of rounds: 10,000. */
export const counted = (rounds) => String(rounds).replace(/\B(?=(\d{3})+$)/g, ",");

/**
 * Write a line in which `_` begins a subscript, as in `w_5` or `net_h1`, into an element. A letter
 * is slanted, as in equations; a word such as net is upright.
 */
export function writeLine(element, line) {
  element.replaceChildren();
  const add = (tag, text) => element.appendChild(document.createElement(tag)).append(text);
  const pieces = /(.*?)(?:([\p{L}\p{N}]+)_([\p{L}\p{N}]+(?:[,;]\d+)*)|$)/gsu;
  for (const [, before, name, subscript] of line.matchAll(pieces)) {
    element.append(before);
    if (!name) continue;
    if (name.length === 1) add("i", name);
    else element.append(name);
    add("sub", subscript);
  }
}

/** Write a text where another one stands: the same one would cost the styles of the whole page. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Make an element: make("button", { class: "bp-play", title: "Play" }, "Play"). */
export const make = (tag, ...rest) => filled(document.createElement(tag), ...rest);

/** The same for an element of a picture. */
export const makeSvg = (tag, ...rest) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), ...rest);

function filled(element, attributes = {}, ...children) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

// Decimals of 40 digits, those that backprop/graph.py computes with: what a page prints does not
// depend on what a double holds.

const DIGITS = 40;
// Beyond these e^x is so large or so small that no page has room for it
const LARGEST = 1e5;

const ten = (k) => 10n ** BigInt(k);
const abs_ = (c) => (c < 0n ? -c : c);
const size = (c) => String(abs_(c)).length;

/** A whole number over a power of ten that stands for a unit; what lies half-way goes up, or to the even one. */
function over(c, unit, even) {
  const [whole, rest] = [c / unit, 2n * abs_(c % unit)];
  const up = rest > unit || (rest === unit && (!even || whole % 2n));
  return whole + (up ? (c < 0n ? -1n : 1n) : 0n);
}

/** c times 10^e. */
class Decimal {
  constructor(c, e) {
    this.c = c;
    this.e = e;
  }
  valueOf() {
    return Number(`${this.c}e${this.e}`);
  }
}

/** The decimal nearest to c times 10^e that has no more than so many digits. */
function fit(c, e, digits = DIGITS) {
  const spare = size(c) - digits;
  return spare > 0 ? fit(over(c, ten(spare), true), e + spare, digits) : new Decimal(c, e);
}

/** A number as the decimal by which it is written. */
export function of(x) {
  if (x instanceof Decimal) return x;
  const [, whole, part = "", e = 0] = String(x).match(/^([^.e]+)\.?(\d*)(?:e(.+))?$/);
  return new Decimal(BigInt(whole + part), e - part.length);
}
const ONE = of(1);

export const negate = ({ c, e }) => new Decimal(-c, e);
export const abs = ({ c, e }) => new Decimal(abs_(c), e);
export const multiply = (a, b) => fit(a.c * b.c, a.e + b.e);
export function add(a, b) {
  const e = Math.min(a.e, b.e);
  return fit(a.c * ten(a.e - e) + b.c * ten(b.e - e), e);
}
export function divide(a, b) {
  const more = Math.max(0, DIGITS + 2 + size(b.c) - size(a.c));
  const c = a.c * ten(more);
  // A last digit says on which side of a half-way case the rest is
  const rest = c % b.c && (a.c < 0n === b.c < 0n ? 1n : -1n);
  return fit((c / b.c) * 10n + rest, a.e - b.e - more - 1);
}

/** x to the power of a whole number. */
export function power(x, n) {
  if (!Number.isInteger(+n)) throw new RangeError("not in a browser");
  let y = ONE;
  for (let k = Math.abs(n); k > 0; k--) y = multiply(y, x);
  return n < 0 ? divide(ONE, y) : y;
}

/** x times 10^places as a whole number. */
function scaled({ c, e }, places) {
  const k = e + places;
  return k < 0 ? over(c, ten(-k)) : c * ten(k);
}

/** e^x, by its series for a small part of x, which is squared as often as x was halved. */
export function exp(x) {
  if (!(Math.abs(x) < LARGEST)) throw new RangeError("not in a browser");
  let part = x;
  let halved = 0;
  for (; Math.abs(part) > 0.01; halved++) part = new Decimal(part.c * 5n, part.e - 1);
  const [unit, step] = [ten(70), scaled(part, 70)];
  let sum = 0n;
  for (let term = unit, k = 1n; term; k++) {
    sum += term;
    term = (term * step) / (unit * k);
  }
  let y = new Decimal(sum, -70);
  while (halved--) y = fit(y.c * y.c, 2 * y.e, 60);
  return fit(y.c, y.e);
}

/** 1 / (1 + e^-net) */
export const logistic = (net) => divide(ONE, add(ONE, exp(negate(net))));

/** How many digits a decimal has without needless zeros, how many of them behind the point, and the power of ten of the first. */
export function digitsOf({ c, e }) {
  if (!c) return { size: 0, places: 0, power: 0 };
  const zeros = String(c).match(/0*$/)[0].length;
  return { size: size(c) - zeros, places: -e - zeros, power: size(c) + e - 1 };
}

/** The size of a decimal, written with so many digits behind the point of x / 10^power. */
export function rounded({ c, e }, places, power = 0) {
  const text = String(scaled(new Decimal(abs_(c), e - power), places)).padStart(places + 1, "0");
  const point = text.length - places;
  return text.slice(0, point) + (places ? `.${text.slice(point)}` : "");
}

/** Whether a value, rounded to the last place of a printed one, is more than one unit from it. */
export const isFar = (x, printed) => abs_(scaled(x, -printed.e) - printed.c) > 1n;

// Numbers with a hundred decimals, as whole multiples of 10^-100: like backprop/symbolic/graph.py,
// a live page computes with decimals, so that no printed digit depends on the rounding of doubles.

const PLACES = 100;
const ten = (k) => 10n ** BigInt(k);
const ONE = ten(PLACES);
// The largest exponent of e
const LARGEST = 10_000n * ONE;

/** A double or a text as the decimal that it is written as. */
export function of(x) {
  if (typeof x === "bigint") return x;
  const [digits, exponent = 0] = String(x).split("e");
  const [whole, part = ""] = digits.split(".");
  return over(BigInt(whole + part) * ONE, part.length - exponent);
}
/** The double nearest to a number; null stays null. */
export const double = (x) => (x === null ? null : Number(`${x}e-${PLACES}`));

export const abs = (x) => (x < 0n ? -x : x);
export const multiply = (a, b) => (a * b) / ONE;
export const divide = (a, b) => (a * ONE) / b;

/** x over 10^k, rounded half away from zero. */
function over(x, k) {
  if (k <= 0) return x * ten(-k);
  const half = ten(k) / 2n;
  return (x < 0n ? x - half : x + half) / ten(k);
}

/** x to the power of a whole number. */
export function power(x, n) {
  const k = n / ONE;
  if (n % ONE) throw new RangeError();
  return k < 0n ? ONE ** (1n - k) / x ** -k : (x ** k * ONE) / ONE ** k;
}

/** e^x, by its series for a small part of x; the result is squared as often as x was halved. */
export function exp(x) {
  if (x < -LARGEST) return 0n;
  if (x > LARGEST) throw new RangeError();
  const part = x >> 20n;
  let y = 0n;
  for (let term = ONE, n = 1n; abs(term) > 1n; n++) {
    y += term;
    term = multiply(term, part) / n;
  }
  for (let n = 0; n < 20; n++) y = multiply(y, y);
  return y;
}

/** 1 / (1 + e^-net), written so that e is never raised to a positive power. */
export function logistic(net) {
  const small = exp(-abs(net));
  return divide(net < 0n ? small : ONE, ONE + small);
}

/** The natural logarithm, from that of a double; each step triples the correct digits. */
export function ln(x) {
  let y = of(Math.log(double(x)));
  for (let n = 0; n < 2; n++) {
    const power = exp(y);
    y += divide(2n * (x - power), x + power);
  }
  return y;
}

export const tanh = (x) => ONE - divide(2n * ONE, exp(2n * x) + ONE);
export const relu = (x) => (x > 0n ? x : 0n);

/** 1 if two numbers are equal up to rounding, else 0. */
export function same(a, b) {
  const [x, y, apart] = [a, b, a - b].map(abs);
  return apart <= ten(PLACES - 20) || apart * ten(9) <= (x > y ? x : y) ? ONE : 0n;
}
/** 1 if a is less than b, 0 if it is not, and a half if they are equal up to rounding. */
export const less = (a, b) => (same(a, b) ? ONE / 2n : a < b ? ONE : 0n);

/** The digits of a number without trailing zeros, and the power of ten of the first; of 0 those of 1. */
export function digitsOf(x) {
  const digits = String(abs(x || ONE));
  return { digits: digits.replace(/0*$/, ""), first: digits.length - 1 - PLACES };
}

/** The size of a number over 10^power, written with so many decimals. */
export function written(x, places, power = 0) {
  const text = String(over(abs(x), PLACES - places + power)).padStart(places + 1, "0");
  const point = text.length - places;
  return text.slice(0, point) + (places ? `.${text.slice(point)}` : "");
}

/** Whether a number, rounded to the last digit of a printed one, is more than one unit from it. */
export function isFar(x, printed) {
  const [digits, exponent = 0] = printed.split("e");
  const unit = PLACES - (digits.split(".")[1]?.length ?? 0) + Number(exponent);
  return abs(over(x, unit) - over(of(printed), unit)) > 1n;
}

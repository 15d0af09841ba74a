// The form of the page "Your number differs?": whose number is this?
//
// The same search as backprop/variants/verdict.py, in the same words, among the same
// figures, which backprop/site/variants.py has put into the page.

const NUMBER = /^[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?$/i;
const COSTS = { rounded: 0, cut: 0.5 };
const HOW = { cut: ", cut off and not rounded", single: ", equal as far as float32 goes" };
const MEANT = { 0: 1, 2: 1, 9999: 10000, 10001: 10000 };

const exponent = (value) => Number(value.toExponential(6).split("e")[1]);
const digits = (value, count) => Number(value.toPrecision(count));
const shown = (value) => String(digits(value, 12));

// The number with what its last digit counts; null where there is none.
export function readNumber(text) {
  const typed = text.trim().replaceAll("\u2212", "-");
  const found = typed.length <= 40 && typed.match(NUMBER);
  const value = Number(typed);
  if (!found || Math.abs(value) > 1e100) return null;
  let last = Number(found[3] ?? 0) - (found[1] || found[2] || "").length;
  const first = value ? exponent(value) : last;
  last = Math.max(last, first - 11, -300);
  return { value, unit: Number(`1e${last}`), digits: Math.max(first - last + 1, 0) };
}

// All figures, in the order of the rows.
function figures({ rows, variants }) {
  return rows.flatMap(([quantity, round, values]) =>
    values.flatMap((value, k) => {
      const [example, ...differences] = variants[k];
      return value === null ? [] : [{ quantity, round, value, example, differences }];
    }),
  );
}

function agreement({ value, unit, digits }, figure, distance) {
  if (distance <= 0.501) return "rounded";
  const further = Math.abs(figure.value) > Math.abs(value) && figure.value * value > 0;
  if (distance < 1 && further) return "cut";
  const part = figure.round <= 2 ? 4e-7 : figure.quantity === "E_total" ? 2e-5 : 4e-6;
  const near = Math.abs(figure.value - value) <= part * Math.abs(figure.value);
  return near && digits >= 7 ? "single" : "none";
}

const cost = (match) => match.differences.length + (COSTS[match.agreement] ?? 0);
const apart = (match) => (match.agreement === "single" ? match.distance : 0);
const byCost = (a, b) => cost(a) - cost(b) || apart(a) - apart(b);

const same = (a, b) =>
  a.example === b.example && a.quantity === b.quantity && a.round === b.round;

// Who does more otherwise and has the same figure is left out.
function withoutRepeats(matches, most = Infinity) {
  const kept = [];
  for (const match of matches) {
    if (kept.length === most) break;
    const repeats = (other) =>
      same(match, other) &&
      other.differences.every((each) => match.differences.includes(each)) &&
      shown(other.value) === shown(match.value);
    if (!kept.some(repeats)) kept.push(match);
  }
  return kept;
}

// What a number may be, as lines of text.
export function diagnose(text, reading, table) {
  const all = figures(table);
  const compared = all.map((figure) => {
    const distance = Math.abs(figure.value - reading.value) / reading.unit;
    return { ...figure, distance, agreement: agreement(reading, figure, distance) };
  });
  const right = ({ example, quantity }, round) =>
    all.find((f) => !f.differences.length && same(f, { example, quantity, round }))?.value;
  const did = (match) =>
    match.differences.map((k) => table.did[k]).join(", and ") || "did what these pages do";
  const when = (round) =>
    round ? `after ${round.toLocaleString("en")} round${round > 1 ? "s" : ""}` : "before any update";
  const what = (m) => `${m.quantity} ${when(m.round)}, ${m.example}: ${shown(m.value)}`;

  const verdict = (match) => {
    const value = right(match, match.round);
    if (value === undefined) return "On these pages the biases are frozen.";
    const meant = MEANT[match.round];
    const there = meant && right(match, meant);
    const here = match.differences.length ? `These pages have ${shown(value)}.` : "That is right.";
    const after = `After ${(meant ?? 0).toLocaleString("en")} round${meant > 1 ? "s" : ""}`;
    return there === undefined ? here : `${here} ${after} it is ${shown(there)}.`;
  };

  for (const kinds of [["rounded", "cut"], ["single"]]) {
    const fitting = compared.filter((match) => kinds.includes(match.agreement));
    if (!fitting.length) continue;
    const matches = withoutRepeats(fitting.sort(byCost));
    const lines = matches
      .slice(0, 3)
      .map((m) => `${what(m)}${HOW[m.agreement] ?? ""}. You ${did(m)}. ${verdict(m)}`);
    const more = matches.length - lines.length;
    const fit = more === 1 ? "figure fits" : "figures fit";
    if (more) lines.push(`${more} more ${fit}. More digits may tell them apart.`);
    return { head: `${text}:`, lines };
  }
  const nearest = compared.sort((a, b) => a.distance - b.distance || byCost(a, b));
  return {
    head: `${text}: no variant gives this. Nearest:`,
    lines: withoutRepeats(nearest, 3).map((m) => {
      const away = shown(digits(m.distance, 3));
      return `${what(m)}, ${away} units of your last digit away. You ${did(m)}.`;
    }),
  };
}

// Bring the form of the page to life, once.
export function mountForm(form) {
  if (!form.hidden) return;
  const table = JSON.parse(form.querySelector("script").textContent);
  const [input, answer] = [form.querySelector("input"), form.querySelector("output")];

  function say(head, lines = []) {
    const list = document.createElement("ul");
    list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    answer.replaceChildren(head, ...(lines.length ? [list] : []));
  }

  function look() {
    const text = input.value.trim();
    const reading = readNumber(text);
    input.setAttribute("aria-invalid", String(Boolean(text && !reading)));
    if (!text) return say("");
    if (!reading) return say(`\u201c${text}\u201d is no number. Type digits, as in 0.291027924.`);
    const { head, lines } = diagnose(text, reading, table);
    return say(head, lines);
  }

  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting); // nobody wants each digit read out
    waiting = setTimeout(look, 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  form.hidden = false;
  look(); // what the browser has kept from before
}

// The form of the page "Your number differs?": whose number is this?
//
// The same search as backprop/variants/verdict.py, whose figures, words and limits
// backprop/site/variants.py has put into the page.

const exponent = (value) => Number(value.toExponential(6).split("e")[1]);
const digits = (value, count) => Number(value.toPrecision(count));
const shown = (value) => String(digits(value, 12));
const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const filled = (words, parts) => words.replace(/{(\w+)}/g, (_, name) => parts[name]);

// The text without what programs print around a number.
function unwrapped(text, wrapping) {
  const found = text.match(wrapping);
  return found ? unwrapped((found[1] ?? found[2] ?? found[3]).trim(), wrapping) : text;
}

// The number with what its last digit counts; null where there is none.
export function readNumber(text, { number, wrapping, limits }) {
  if (text.length > limits.longest) return null;
  const whole = (pattern) => new RegExp(`^(?:${pattern})$`, "i");
  const typed = unwrapped(text.replaceAll("\u2212", "-").trim(), whole(wrapping));
  const found = typed.match(whole(number));
  const value = Number(typed.replace(",", ".").replace(/f$/i, ""));
  if (!found || typed.length > limits.longestNumber || Math.abs(value) > 1e100) return null;
  let last = Number(found[3] ?? 0) - (found[1] || found[2] || "").length;
  const first = value ? exponent(value) : last;
  last = Math.max(last, first - limits.digits + 1, -300);
  return { value, unit: Number(`1e${last}`), digits: Math.max(first - last + 1, 0) };
}

// All figures, in the order of the rows.
function figures({ rows, variants }) {
  return rows.flatMap(([quantity, round, part, values]) =>
    values.flatMap((value, k) => {
      const [example, ...differences] = variants[k];
      return value === null ? [] : [{ quantity, round, part, value, example, differences }];
    }),
  );
}

function agreement({ value, unit, digits }, figure, distance, { half, fewest }) {
  if (distance <= half) return "rounded";
  const further = Math.abs(figure.value) > Math.abs(value) && figure.value * value > 0;
  if (distance < 1 && further) return "cut";
  const near = Math.abs(figure.value - value) <= figure.part * Math.abs(figure.value);
  const single = digits >= fewest && Math.abs(Math.fround(value) - value) <= half * unit;
  return near && single ? "single" : "none";
}

// How many figures fit a number like this by accident, on average.
function expectedFits(all, value, width, { neighbors, window }) {
  const distinct = [...new Set(all.map((figure) => digits(figure.value, 12)))];
  const distances = distinct.map((other) => Math.abs(other - value)).sort((a, b) => a - b);
  const most = Math.max(distances[neighbors - 1], window * width);
  return (distances.filter((distance) => distance <= most).length * width) / (2 * most);
}

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

// What a number may be: whether it is certain, and the figures that fit or else are nearest.
function search(reading, all, { limits, costs }) {
  const compared = all.map((figure) => {
    const distance = Math.abs(figure.value - reading.value) / reading.unit;
    return { ...figure, distance, agreement: agreement(reading, figure, distance, limits) };
  });
  const cost = (match) => match.differences.length + (costs[match.agreement] ?? 0);
  const byCost = (a, b) => cost(a) - cost(b);
  const byDistance = (a, b) => a.distance - b.distance;
  for (const kinds of [["rounded", "cut"], ["single"]]) {
    const fitting = compared.filter((match) => kinds.includes(match.agreement));
    if (!fitting.length) continue;
    const widths = fitting.map(({ agreement, part, value }) =>
      agreement === "single" ? 2 * part * Math.abs(value) : limits.room * reading.unit,
    );
    const expected = expectedFits(all, reading.value, Math.max(...widths), limits);
    if (kinds[0] === "single") fitting.sort(byDistance);
    const matches = withoutRepeats(fitting.sort(byCost));
    return { fits: true, certain: expected < limits.sure, expected, matches };
  }
  const nearest = compared.sort(byCost).sort(byDistance);
  return { matches: withoutRepeats(nearest, limits.shown) };
}

// What a number may be, as lines of text.
export function diagnose(text, reading, table) {
  const { words, when, limits } = table;
  const all = figures(table);
  const { fits, certain, expected, matches } = search(reading, all, table);
  const right = ({ example, quantity }, round) =>
    all.find((f) => !f.differences.length && same(f, { example, quantity, round }))?.value;

  const verdict = (match) => {
    const value = right(match, match.round);
    if (value === undefined) return words.frozen;
    const meant = table.meant[match.round];
    const there = meant && right(match, meant);
    const pages = match.differences.length && filled(words.pages, { value: shown(value) });
    const here = pages || (certain ? words.right : words.then);
    if (there === undefined) return here;
    return `${here} ${filled(words.meant, { when: when[meant], value: shown(there) })}`;
  };

  const line = (match) => {
    const { round, value, agreement, distance } = match;
    const what = filled(words.figure, { ...match, when: when[round], value: shown(value) });
    const who = certain ? words.you : fits ? words.perhaps : words.would;
    const did = match.differences.map((k) => table.did[k]).join(", and ") || words.plain;
    const you = filled(who, { did });
    if (fits) return `${what}${words[agreement] ?? ""}. ${you} ${verdict(match)}`;
    return `${what}${filled(words.away, { distance: shown(digits(distance, 3)) })}. ${you}`;
  };

  const lines = matches.slice(0, limits.shown).map(line);
  const more = matches.length - lines.length;
  if (more) lines.push(filled(words.more, { figures: plural(more, "figure") }));
  const kind = !fits ? "none" : !certain ? "doubt" : matches.length > 1 ? "several" : "certain";
  const chance = fits && shown(digits(expected, 2));
  const parts = { text, digits: plural(reading.digits, "digit"), chance };
  return { head: filled(words[kind], parts), lines };
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
    const reading = readNumber(text, table);
    input.setAttribute("aria-invalid", String(Boolean(text && !reading)));
    if (!text) return say("");
    if (!reading) return say(`${filled(table.words.refused, { text: `\u201c${text}\u201d` })}.`);
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

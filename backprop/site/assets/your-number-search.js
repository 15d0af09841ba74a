// The search of the page "Your number differs?", which runs in a worker.
//
// It trains with the same switches as backprop/variants/rounds.py, and judges as search.py, slips.py
// and verdict.py beside it do. Their switches, sentences, patterns and thresholds come in a table
// that backprop/site/variants.py puts into the page.

const range = (count) => [...Array(count).keys()];
const digits = (value, count) => Number(value.toPrecision(count));
const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const filled = (words, parts) => words.replace(/{(\w+)}/g, (_, name) => parts[name]);
const compare = (a, b) => {
  const k = a.findIndex((each, place) => each !== b[place]);
  return k < 0 ? a.length - b.length : k >= b.length ? 1 : a[k] - b[k];
};
const by = (key) => (a, b) => compare(key(a), key(b));

// Round a result, or cut it off, as the way of working does.
const keep = (kind, value) => (kind === 0 ? value : shortened(kind, value));

// Single and half precision round every operation; people round only each result.
const fine = (kind, value) => (kind === 0 || kind > 2 ? value : shortened(kind, value));

function shortened(kind, value) {
  if (kind === 1) return Math.fround(value);
  if (kind === 2) return half(value);
  const scale = 10 ** (kind % 10);
  const whole = Math.floor(Math.abs(value) * scale + (kind < 20 ? 0.5 : 0) + 1e-9) / scale;
  return value < 0 ? -whole : whole;
}

function half(value) {
  const size = Math.abs(value);
  if (!(size < 65520)) return size >= 65520 ? Math.sign(value) * Infinity : value;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(size || 1e-9)), -14) - 10);
  const count = size / unit;
  const whole = Math.floor(count);
  const up = count - whole > 0.5 || (count - whole === 0.5 && whole % 2);
  return Math.sign(value) * (whole + (up ? 1 : 0)) * unit;
}

function squash(kind, net, rounded) {
  if (kind < 2) return 1 / fine(rounded, 1 + fine(rounded, Math.exp(kind ? net : -net)));
  if (kind === 2) return Math.tanh(net);
  return kind === 3 ? Math.max(net, 0) : net;
}

function slopeOf(kind, at, rounded) {
  if (kind < 2) return at * fine(rounded, 1 - at);
  if (kind === 2) return 1 - at * at;
  return kind === 3 ? Number(at > 0) : 1;
}

function slopeAt(how, kind, net, out, rounded) {
  if (how === 1) return 1;
  return slopeOf(kind, how === 2 ? net : how === 3 ? squash(kind, out, rounded) : out, rounded);
}

// The indices of the quantities among the names.
const [OUT_O, W, B, E, NET_H, OUT_H, NET_O] = [1, 3, 11, 15, 17, 19, 21];
const [DW, DB, DNET_O, DNET_H, DOUT_O, DOUT_H] = [23, 31, 33, 35, 37, 39];
const [SLOPE_O, SLOPE_H, CARRIED, PATHS, BY_WEIGHT, BY_BIAS, DI] = [41, 43, 45, 49, 53, 61, 63];
const PLACES = {
  out_o1: OUT_O, w1: W, b1_1: B, E_o1: E, net_h1: NET_H, out_h1: OUT_H, net_o1: NET_O,
  "dE_total/dw1": DW, "dE_total/db1": DB, "dE_total/dnet_o1": DNET_O, "dE_total/dnet_h1": DNET_H,
  "dE_total/dout_o1": DOUT_O, "dE_total/dout_h1": DOUT_H, "dout_o1/dnet_o1": SLOPE_O,
  "dout_h1/dnet_h1": SLOPE_H, "dE_o1/dout_h1": CARRIED, "dE_o1/dnet_h1": PATHS,
  "dE_o1/dw1": BY_WEIGHT, "dE_o1/db1": BY_BIAS, "dE_total/di1": DI,
};

// One way of working, round after round: all values of a round are in `v`, in the order of the names.
class Training {
  constructor(p, weights, count) {
    this.p = p;
    this.kind = p.keep;
    for (const name of ["i1", "i2", "t1", "t2", "b1", "b2", "rate"]) p[name] = fine(p.keep, p[name]);
    const v = (this.v = new Float64Array(count));
    for (const [layer, turn] of [[0, p.turn_h], [1, p.turn_o]]) {
      const [w1, w2, w3, w4] = weights[layer].map((w) => keep(p.keep, w));
      v.set(turn ? [w1, w3, w2, w4] : [w1, w2, w3, w4], W + 4 * layer);
    }
    v.set([p.b1, p.b1, p.b2, p.b2], B);
    this.pass();
  }

  pass() {
    const { p, v, kind } = this;
    for (let k = 0; k < 2; k++) {
      v[NET_H + k] = this.net(W + 2 * k, p.i1, p.i2, v[B + k]);
      v[OUT_H + k] = keep(kind, squash(p.act_h, v[NET_H + k], kind));
    }
    const h1 = v[OUT_H];
    const h2 = v[OUT_H + 1];
    for (let k = 0; k < 2; k++) {
      const net = (v[NET_O + k] = this.net(W + 4 + 2 * k, h1, h2, v[B + 2 + k]));
      const out = (v[OUT_O + k] = keep(kind, squash(p.act_o, net, kind)));
      v[DOUT_O + k] = p.d * keep(kind, out - (k ? p.t2 : p.t1));
      v[SLOPE_O + k] = keep(kind, slopeAt(p.slope_o, p.act_o, net, out, kind));
      const delta = (v[DNET_O + k] = fine(kind, v[DOUT_O + k] * v[SLOPE_O + k]));
      v[DW + 4 + 2 * k] = keep(kind, delta * h1);
      v[DW + 5 + 2 * k] = keep(kind, delta * h2);
    }
    this.back();
    const c = CARRIED;
    const d = DNET_H;
    for (let k = 0; k < 2; k++) {
      v[SLOPE_H + k] = keep(kind, slopeAt(p.slope_h, p.act_h, v[NET_H + k], v[OUT_H + k], kind));
      v[d + k] = fine(kind, keep(kind, v[c + k] + v[c + 2 + k]) * v[SLOPE_H + k]);
      v[DW + 2 * k] = keep(kind, v[d + k] * p.i1);
      v[DW + 2 * k + 1] = keep(kind, v[d + k] * p.i2);
    }
  }

  net(w, a, b, bias) {
    const { v, kind } = this;
    return keep(kind, fine(kind, fine(kind, v[w] * a) + fine(kind, v[w + 1] * b)) + bias);
  }

  // The derivative of each output's error by the hidden outputs, through old weights or new ones.
  back() {
    const { p, v, kind } = this;
    let a = v[W + 4];
    let b = v[W + 5];
    let c = v[W + 6];
    let d = v[W + 7];
    let e1 = v[DNET_O];
    let e2 = v[DNET_O + 1];
    if (p.order) [a, b, c, d] = [4, 5, 6, 7].map((k) => this.newWeight(k, p.rate));
    if (p.order === 2) {
      e1 = this.deltaAgain(a, b, this.newBias(2, DNET_O, p.rate), p.t1);
      e2 = this.deltaAgain(c, d, this.newBias(3, DNET_O, p.rate), p.t2);
    }
    if (p.one_path) e2 = 0;
    v[CARRIED] = keep(kind, a * e1);
    v[CARRIED + 1] = keep(kind, (p.back ? c : b) * e1);
    v[CARRIED + 2] = keep(kind, (p.back ? b : c) * e2);
    v[CARRIED + 3] = keep(kind, d * e2);
  }

  deltaAgain(w1, w2, bias, target) {
    const { p, v, kind } = this;
    const total = fine(kind, fine(kind, w1 * v[OUT_H]) + fine(kind, w2 * v[OUT_H + 1]));
    const net = keep(kind, total + bias);
    const out = keep(kind, squash(p.act_o, net, kind));
    return fine(kind, p.d * keep(kind, out - target) * keep(kind, slopeAt(p.slope_o, p.act_o, net, out, kind)));
  }

  // Weight k of eight, counted from 0, after a step.
  newWeight(k, rate) {
    const { v, kind } = this;
    return keep(kind, v[W + k] - fine(kind, rate * v[DW + k]));
  }

  // Bias k of four, after a step along the deltas of its layer.
  newBias(k, deltas, rate) {
    const { p, v, kind } = this;
    if (!p.learn) return keep(kind, v[B + k]);
    const own = keep(kind, v[deltas + (k % 2)]);
    const both = p.share ? fine(kind, own + keep(kind, v[deltas + 1 - (k % 2)])) : own;
    return keep(kind, v[B + k] - fine(kind, rate * both));
  }

  step() {
    const { p, v, kind } = this;
    const hidden = p.rate * (1 - p.only_out);
    for (let k = 0; k < 8; k++) v[W + k] = this.newWeight(k, k < 4 ? hidden : p.rate);
    if (p.learn || kind) {
      for (let k = 0; k < 4; k++) v[B + k] = this.newBias(k, k < 2 ? DNET_H : DNET_O, k < 2 ? hidden : p.rate);
    }
    this.pass();
  }

  error(target, out) {
    const { p, kind } = this;
    if (p.entropy) return -target * Math.log(out) - (1 - target) * Math.log(1 - out);
    return keep(kind, p.e * (0.5 * fine(kind, fine(kind, target - out) ** 2)));
  }

  // All values, or only those that readers look at; each round reuses the same array.
  values(all) {
    const { p, v, kind } = this;
    v[E] = this.error(p.t1, v[OUT_O]);
    v[E + 1] = this.error(p.t2, v[OUT_O + 1]);
    v[0] = keep(kind, v[E] + v[E + 1]);
    if (!all) return v;
    const c = CARRIED;
    const d = DNET_H;
    v[DB] = v[d] + v[d + 1];
    v[DB + 1] = v[DNET_O] + v[DNET_O + 1];
    for (let k = 0; k < 4; k++) {
      const path = (v[PATHS + k] = v[c + k] * v[SLOPE_H + (k % 2)]);
      v[BY_WEIGHT + 2 * k] = path * p.i1;
      v[BY_WEIGHT + 2 * k + 1] = path * p.i2;
    }
    for (let k = 0; k < 2; k++) {
      v[DOUT_H + k] = v[c + k] + v[c + 2 + k];
      v[BY_BIAS + k] = v[PATHS + 2 * k] + v[PATHS + 2 * k + 1];
      v[DI + k] = v[d] * v[W + k] + v[d + 1] * v[W + 2 + k];
    }
    return v;
  }
}

// The numbers of a text, each with the quantities that the words beside it allow.
function readNumbers(printed, { reading, names, derivatives }) {
  const { patterns, kinds } = reading;
  const text = printed.replace(RegExp(patterns.moment, "g"), (moment) => " ".repeat(moment.length));
  const comma = !RegExp(patterns.has_point).test(text) && RegExp(patterns.has_comma).test(text);
  const amount = comma ? patterns.comma : patterns.point;
  const pattern = RegExp(`${patterns.before}${amount}${patterns.after}`, "gi");
  const has = (name, words) => RegExp(patterns[name]).test(words);

  const beside = (words) => {
    const onLine = words.slice(words.lastIndexOf("\n") + 1);
    return has("more_words", onLine) ? onLine : has("leads", words) ? words : "";
  };
  const named = (words, several) => {
    let rest = words;
    const found = reading.quantities.flatMap(([name, as]) => {
      const names = [...rest.matchAll(RegExp(name, "g"))].map((match) =>
        as.replace(/\$(\d)/g, (_, group) => match[group]),
      );
      rest = rest.replace(RegExp(name, "g"), " ");
      return names;
    });
    const one = found.length === 1 ? found : [];
    if (one.length && !several) return one;
    const kind = kinds.find(([words_of_kind]) => RegExp(words_of_kind).test(words));
    if (!kind) return one;
    return kind[1] === "dE" ? derivatives : names.filter((name) => name.startsWith(kind[1]));
  };

  // The words that name each number: not those on another line, unless it is indented, nor an operand.
  let [label, above, end] = [{ words: "", covers: 0 }, false, 0];
  const amounts = [...text.matchAll(pattern)].map((match) => {
    const words = text.slice(end, match.index).toLowerCase();
    end = match.index + match[0].length;
    if (has("more_words", words)) {
      label = { words: beside(words), covers: 0 };
      above = has("line", words);
    } else if (!above && has("margin", words)) {
      label = { words: "", covers: 0 };
    }
    const operand =
      RegExp(`^(?:${patterns.operator_after})`).test(text.slice(end, end + reading.next)) ||
      (!has("more_words", words) && has("operator_before", words));
    if (operand) return { match, words, label: { words: "", covers: 1 } };
    label.covers += 1;
    return { match, words, label };
  });

  let [step, scale] = [null, 0];
  const found = [];
  for (const { match, words, label } of amounts) {
    const before = text.slice(text.lastIndexOf("\n", match.index - 1) + 1, match.index);
    if (has("more_words", words)) scale = 0;
    const number = readNumber(match, has("power_of_e", words), scale, comma, reading);
    const after = match.index + match[0].length;
    if (number.mantissa === "1.0" && RegExp(`^${patterns.scale}`).test(text.slice(after, after + reading.next))) {
      scale = number.power;
      continue;
    }
    const first = !before.replace(/^[ [(]+|[ [(]+$/g, "");
    if (number.whole && !match[4] && (has("counter", words) || first)) {
      step = Math.abs(number.value) < 1e6 ? Math.trunc(number.value) : null;
    }
    if (has("aside", words) || has("given", label.words) || !Number.isFinite(number.value)) continue;
    const line = text.slice(0, match.index).split("\n").length - 1;
    found.push({ ...number, step, named: named(label.words, label.covers > 1), line });
  }
  const results = found.filter((number) => !number.whole);
  return results.length ? results : found;
}

function readNumber([all, printed, amount, exponent = "", percent], power_of_e, scale, comma, { most_digits }) {
  const sign = power_of_e ? "" : printed;
  const decimal = comma && amount.includes(",");
  const plain = decimal ? amount.replaceAll(".", "").replace(",", ".") : amount.replaceAll(",", "");
  const shift = Math.max(-300, Math.min(300, scale + Number(exponent.slice(1))));
  const power = percent ? shift - 2 : shift;
  const value = Number(`${sign}${plain}e${power}`);
  const decimals = plain.split(".")[1] ?? "";
  let last = power - decimals.length;
  const first = value ? Number(value.toExponential(6).split("e")[1]) : last;
  last = Math.max(last, first - most_digits + 1, -300);
  return {
    text: sign + all.slice(printed.length).replace(/f$/i, ""),
    value,
    unit: Number(`1e${last}`),
    digits: Math.max(first - last + 1, 0),
    whole: !plain.includes(".") && !exponent,
    mantissa: plain,
    power,
  };
}

// Which numbers were printed before, to as many digits.
function repeated(numbers) {
  const seen = new Set();
  return numbers.map(({ value, unit }) => {
    const key = `${value} ${unit}`;
    return seen.has(key) || !seen.add(key);
  });
}

export class Search {
  constructor(table) {
    Object.assign(this, table);
    this.tables = new Map();
    this.lateTables = new Map();
    const { limits, names } = table;
    this.quantityCost = names.map((_, k) => Number(k >= limits.famous));
    for (const [name, place] of Object.entries(PLACES)) {
      if (names[place] !== name) throw new Error(`${name} is not number ${place} of the names`);
    }
    this.simple = [...table.singles, ...table.choices];
    this.enumerate();
  }

  // All pairs, and all threes of which one is a plain choice, in the order of the package.
  enumerate() {
    const { options, choices } = this;
    const known = new Set(choices.map(String));
    const goTogether = (way) => {
      const taken = way.flatMap((k) => options[k].takes);
      return new Set(taken).size === taken.length && !known.has(String(way));
    };
    const count = options.length;
    this.pairs = [];
    this.threes = [];
    for (const a of range(count)) {
      for (let b = a + 1; b < count; b++) {
        if (goTogether([a, b])) this.pairs.push([a, b]);
        for (let c = b + 1; c < count; c++) {
          const way = [a, b, c];
          const plain = way.filter((k) => options[k].plain).length;
          const rounded = way.some((k) => options[k].rounds);
          if (plain > Number(rounded) && goTogether(way)) this.threes.push(way);
        }
      }
    }
    const last = this.simple.length + this.pairs.length;
    this.stages = [
      { ways: this.simple, first: 0 },
      { ways: this.pairs, first: this.simple.length },
      { ways: this.simple, first: 0 },
      { ways: this.threes, first: last },
      { ways: [[]], first: 0 },
    ];
  }

  wayOf(number) {
    const stage = [0, 1, 3].map((k) => this.stages[k]).find((s) => number < s.first + s.ways.length);
    return stage.ways[number - stage.first];
  }

  parameters(way) {
    const found = { ...this.defaults };
    for (const k of way) Object.assign(found, this.options[k].sets);
    for (const k of way) {
      for (const [name, factor] of Object.entries(this.options[k].times)) found[name] *= factor;
    }
    return found;
  }

  training(way) {
    return new Training(this.parameters(way), this.weights, this.names.length);
  }

  // The late rounds printed beside numbers that are looked at, spread over all of them.
  lateSteps(numbers) {
    const last = this.lateRounds.at(-1);
    const counts = [...new Set(numbers.map(({ step }) => step))];
    const steps = counts.filter((step) => step >= this.rounds && step <= last).sort((a, b) => a - b);
    const stride = Math.max(1, Math.ceil(steps.length / this.limits.mostSteps));
    return new Set(steps.filter((_, k) => k % stride === 0));
  }

  // The late rounds at which readers look, and those that are printed, give or take one.
  lateOf(numbers) {
    const near = [...this.lateSteps(numbers)].flatMap((step) => [step - 1, step, step + 1]);
    const named = near.filter((done) => done >= this.rounds && done < this.lateRounds.at(-1));
    return [...new Set([...this.lateRounds, ...named])].sort((a, b) => a - b);
  }

  // The values of the simple ways at late rounds, found once for those at which readers look.
  late(rounds = this.lateRounds) {
    const key = String(rounds);
    if (!this.lateTables.has(key)) {
      if (this.lateTables.size > 1) this.lateTables.delete([...this.lateTables.keys()][1]);
      const wanted = new Set(rounds);
      const table = this.simple.map((way) => this.trainedLate(way, (done) => wanted.has(done)));
      this.lateTables.set(key, table);
    }
    return this.lateTables.get(key);
  }

  trainedLate(way, wanted) {
    const found = new Map();
    if (way.some((k) => this.options[k].rounds)) return found;
    const training = this.training(way);
    for (let done = 0; done <= this.lateRounds.at(-1); done++) {
      if (done) training.step();
      if (wanted(done)) found.set(done, training.values(true).slice());
    }
    return found;
  }

  // The late values of a simple way, by its number; of these pages, all rounds are kept.
  lateValues(number, rounds) {
    if (number) return this.late(rounds)[number];
    this.pages ??= this.trainedLate([], () => true);
    return new Map(rounds.map((done) => [done, this.pages.get(done)]));
  }

  // All quantities of one way: the rounds, and the values of each.
  valuesOf(way, late) {
    const key = `${way} ${late}`;
    if (!this.tables.has(key)) {
      const training = this.training(way);
      const rounds = range(this.rounds);
      const values = rounds.map((done) => {
        if (done) training.step();
        return training.values(true).slice();
      });
      const place = this.simple.findIndex((each) => String(each) === String(way));
      if (late.length && place >= 0) {
        for (const [done, found] of this.lateValues(place, late)) {
          rounds.push(done);
          values.push(found);
        }
      }
      if (this.tables.size > 500) this.tables.clear();
      this.tables.set(key, { rounds, values, keep: this.parameters(way).keep });
    }
    return this.tables.get(key);
  }

  // A value of a way at an early round, at one of `late`, or at any of these pages.
  value(way, quantity, done, late = []) {
    if (!way.length && done >= this.rounds) return this.lateValues(0, [done]).get(done)[quantity];
    const { rounds, values } = this.valuesOf(way, done >= this.rounds ? late : []);
    return values[rounds.indexOf(done)][quantity];
  }

  tolerance(number, keep = 0) {
    return Math.max(this.limits.half * number.unit, (this.parts[keep] ?? 0) * Math.abs(number.value));
  }

  isKept(number, keep) {
    if (keep !== 1 && keep !== 2) return true;
    const kept = keep === 1 ? Math.fround(number.value) : half(number.value);
    return Math.abs(kept - number.value) <= this.limits.half * number.unit;
  }

  // Could it be kept so, and does it have digits in which that shows?
  tells(number, keep) {
    return (keep !== 1 || number.digits >= this.limits.singleDigits) && this.isKept(number, keep);
  }

  allowedOf(number) {
    return this.names.map((name) => !number.named.length || number.named.includes(name));
  }

  near(number) {
    const { limits } = this;
    const reach = Math.max(20 * limits.half * number.unit, limits.near * Math.abs(number.value));
    const allowed = this.allowedOf(number).map(Number);
    const widest = Math.max(...[0, 1, 2].map((keep) => this.tolerance(number, keep)));
    return { number, reach, widest, allowed, keys: [], distances: [], costs: [], rows: [] };
  }

  // Compare the first `count` values of a way after some rounds with a number.
  lookAt(near, values, count, done, way, length, keep) {
    const { number, reach, allowed, keys, distances, costs } = near;
    const { signed, farthest } = this.limits;
    const base = length + (this.wellKnown.includes(done) ? 0 : 1);
    const anything = number.named.length === 0;
    const size = Math.abs(number.value);
    for (let q = 0; q < count; q++) {
      const value = q < signed ? values[q] : Math.abs(values[q]);
      const distance = Math.abs(value - (q < signed ? number.value : size));
      if (!(distance <= reach) || !allowed[q]) continue;
      const cost = base + (anything ? this.quantityCost[q] : 0);
      if (cost > farthest) continue;
      keys.push(Math.round(value / (reach * 1e-8)));
      distances.push(distance);
      costs.push(cost);
      const fits = distance <= near.widest && distance <= this.tolerance(number, keep);
      if ((fits && this.tells(number, keep)) || cost <= 1) {
        near.rows.push({ distance, cost, way, done, quantity: q, fits: fits && this.tells(number, keep) });
      }
    }
  }

  // Compare the values of the ways of a stage at late rounds, or if there are none at early ones.
  look(nears, { ways, first }, late) {
    ways.forEach((way, k) => {
      if (late.length) {
        for (const [done, values] of this.lateValues(k, late)) {
          for (const near of nears) this.lookAt(near, values, values.length, done, k, way.length, 0);
        }
        return;
      }
      const training = this.training(way);
      const rare = this.limits.farthest - ways[0].length > 1;
      for (let done = 0; done < this.rounds; done++) {
        if (done) training.step();
        const all = rare || this.wellKnown.includes(done);
        const values = training.values(all);
        const count = all ? values.length : this.limits.famous;
        for (const near of nears) {
          this.lookAt(near, values, count, done, first + k, way.length, training.p.keep);
        }
      }
    });
  }

  expected(near, cost, keep = 0) {
    const width = 2 * this.tolerance(near.number, keep);
    const [seen, distances] = [new Set(), []];
    near.keys.forEach((key, k) => {
      if (near.costs[k] > cost || !(near.distances[k] > width / 2) || seen.has(key)) return;
      seen.add(key);
      distances.push(near.distances[k]);
    });
    let [found, window] = [0, near.reach];
    while (window === near.reach || window >= 10 * width) {
      const count = distances.filter((distance) => distance <= window).length;
      if (window === near.reach) {
        found = (Math.max(1, count) * width) / (2 * window);
      } else if (count >= this.limits.fewestNear) {
        found = Math.max(found, (count * width) / (2 * window));
      }
      window /= 10;
    }
    return found;
  }

  hits(near) {
    const hits = near.rows.filter((row) => row.fits);
    return hits.sort(by(({ cost, way, done, quantity }) => [cost, way, done, quantity]));
  }

  // Where the numbers of an output fit a way, in the view that explains most.
  placed(way, numbers, late) {
    const { rounds, values, keep } = this.valuesOf(way, late);
    const rowOf = new Map(rounds.map((done, row) => [done, row]));
    const again = repeated(numbers);
    const known = new Map(); // what is printed often is compared once
    const fits = numbers.map((number, k) => {
      const { value, unit, digits, named } = number;
      const key = [value, unit, digits, ...named].join();
      if (!known.has(key)) known.set(key, this.fit(values, number, keep));
      return { ...known.get(key), again: again[k] };
    });
    let best = null;
    for (const [options, view] of this.views(numbers, rounds)) {
      const found = this.placedIn(way, view, fits, rowOf, options);
      if (!best || found.score < best.score) best = found;
    }
    return best;
  }

  fit(values, number, keep) {
    const { limits } = this;
    const size = Math.abs(number.value);
    const reach = limits.around * size;
    const allowed = this.allowedOf(number);
    const tolerance = this.tolerance(number, keep);
    const kept = this.isKept(number, keep);
    const fits = (value, q) => {
      const signed = q < limits.signed;
      const off = signed ? value - number.value : Math.abs(value) - size;
      return kept && allowed[q] && Math.abs(off) <= tolerance;
    };
    const around = (value, q) => allowed[q] && Math.abs(Math.abs(value) - size) <= reach;
    return {
      quantity: values.map((row) => row.findIndex(fits)),
      near: values.map((row) => row.filter(around).length),
      part: reach ? tolerance / reach : 1,
    };
  }

  *views(numbers, rounds) {
    const { first } = this.limits;
    const usual = rounds.filter((done) => done < this.rounds || this.lateRounds.includes(done));
    for (const done of usual) yield [usual.length, numbers.map(() => [done, done + 1])];
    if (numbers.every(({ step }) => step !== null)) {
      for (const off of [-1, 0]) yield [2, numbers.map(({ step }) => [step + off, step + off + 1])];
    }
    const lines = [...new Set(numbers.map(({ line }) => line))].sort((a, b) => a - b);
    for (const order of [numbers.map(({ line }) => lines.indexOf(line)), range(numbers.length)]) {
      for (const from of rounds.slice(0, first)) {
        yield [first, order.map((k) => [from + k, from + k + 1])];
      }
    }
    yield [1, numbers.map(() => rounds)];
  }

  placedIn(way, view, fits, rowOf, options) {
    const places = [];
    let score = Math.log10(options * this.limits.kindsOfViews);
    fits.forEach(({ quantity, near, part, again }, k) => {
      const rows = view[k].filter((done) => rowOf.has(done)).map((done) => [done, rowOf.get(done)]);
      const found = rows.find(([, row]) => quantity[row] >= 0);
      if (!found) {
        places.push(null);
        score += this.limits.unexplained;
        return;
      }
      const count = rows.reduce((sum, [, row]) => sum + near[row], 0);
      const chance = again ? 1 : Math.min(1, Math.max(1, count) * part);
      places.push({ quantity: quantity[found[1]], done: found[0], chance });
      score += Math.log10(chance);
    });
    return { way, places, score, explained: places.filter(Boolean).length };
  }

  explanations(nears, numbers, departing, late) {
    const ways = new Map();
    for (const near of nears) {
      const seen = new Set();
      for (const hit of this.hits(near)) {
        if (seen.has(hit.way)) continue;
        seen.add(hit.way);
        if (!ways.has(hit.way)) ways.set(hit.way, []);
        ways.get(hit.way).push([near, hit]);
      }
    }
    const rank = ([number, hits]) => [-hits.length, Math.min(...hits.map(([, hit]) => hit.cost)), number];
    const expected = new Map();
    const expectedOf = (near, cost, keep) => {
      const key = `${nears.indexOf(near)} ${cost} ${keep}`;
      if (!expected.has(key)) expected.set(key, this.expected(near, cost, keep));
      return expected.get(key);
    };
    const found = [...ways].sort(by(rank)).slice(0, this.limits.compared).map(([number, hits]) => {
      const way = this.wayOf(number);
      const { quantity, done } = hits[0][1];
      const fit =
        numbers.length === 1
          ? { way, places: [{ quantity, done, chance: 1 }], explained: 1 }
          : this.placed(way, numbers, late);
      const kept = this.parameters(way).keep;
      const keep = kept > 2 ? 0 : kept;
      const chances = hits.map(([near, hit]) => [
        expectedOf(near, hit.cost, hit.distance <= this.tolerance(near.number) ? 0 : keep) * this.others(fit, numbers, departing, near.number),
        hit.cost,
      ]);
      const [chance, cost] = chances.sort(compare)[0];
      return { ...fit, cost, chance };
    });
    return found.sort(by((each) => this.rank(each)));
  }

  rank({ places, explained, cost, way }) {
    return [cost + 2 * (places.length - explained), cost, way.length, ...way];
  }

  others(fit, numbers, departing, pivot) {
    const others = departing.filter((k) => numbers[k] !== pivot);
    const explained = others.filter((k) => fit.places[k]);
    let power = 0;
    for (const k of explained) power += Math.log10(fit.places[k].chance);
    range(explained.length).forEach((k) => (power += Math.log10((others.length - k) / (k + 1))));
    return this.tenTo(power);
  }

  tenTo(power) {
    return 10 ** Math.min(power, this.limits.highestPower);
  }

  // Slips in print.

  known(way, rounds, famous, late) {
    const table = this.valuesOf(way, late);
    const count = famous ? this.limits.famous : this.names.length;
    return table.rounds.flatMap((done, row) =>
      rounds.includes(done)
        ? range(count).map((quantity) => {
            const value = table.values[row][quantity];
            return { kind: "", part: "", way, quantity, done, value, size: Math.abs(value) };
          })
        : [],
    );
  }

  sums() {
    return [0, 1].flatMap((done) =>
      this.twice.map(([name, part]) => {
        const quantity = this.names.indexOf(name);
        const value = this.value([], quantity, done);
        const size = Math.abs(value + this.value([], this.names.indexOf(part), done));
        return { kind: "twice", part, way: [], quantity, done, value, size };
      }),
    );
  }

  ofThePages(late) {
    const all = [...range(this.rounds), ...late];
    return [...this.known([], [0, 1], false, []), ...this.known([], all, true, late), ...this.sums()];
  }

  ofTheNotes() {
    return this.known(this.notes, this.wellKnown, true, []);
  }

  slips(number, known) {
    const { around, half: halfUnit, signed } = this.limits;
    const named = number.named;
    const turned = (each) => each.value < 0 !== number.value < 0;
    const allowed = known.filter((each) => !named.length || named.includes(this.names[each.quantity]));
    const found = [];
    let expected = 0;
    for (const [kind, size, unit] of readings(number)) {
      const usable = allowed.filter((each) => {
        if (kind === "sign") return turned(each) && !each.kind && each.quantity < signed;
        return !turned(each) && (each.kind === "twice") === (kind === "twice");
      });
      const near = usable.filter((each) => Math.abs(each.size - size) <= around * size).length;
      expected += (Math.max(1, near) * halfUnit * unit) / (around * size);
      const fits = ({ size: other }) => {
        const over = other - size;
        if (kind === "twice") return Math.abs(over) <= 3 * halfUnit * unit;
        if (kind === "cut") return over >= halfUnit * unit && over < unit;
        return Math.abs(over) <= halfUnit * unit;
      };
      found.push(...usable.filter(fits).map((each) => ({ ...each, kind })));
    }
    return [found, expected];
  }

  // The verdict.

  diagnose(text) {
    const { longest, most, refused } = this.reading;
    if (text.length > longest) return { refused: refused.long };
    const numbers = readNumbers(text.replaceAll("\u2212", "-"), this);
    if (!numbers.length) return { refused: refused.none };
    if (numbers.length > most) return { refused: refused.many };
    const judged = numbers.filter((number) => number.digits >= this.limits.fewest);
    if (!judged.length) {
      return { verdict: "chance", numbers: numbers.map((number) => ({ number })), found: [], expected: 0, tried: 1 };
    }
    const steps = this.lateSteps(judged);
    const looked = judged.filter(({ step }) => step === null || (step >= 0 && step < this.rounds) || steps.has(step));
    const near = looked.length ? looked : judged;
    const diagnosis = near.length === 1 ? this.ofOne(near[0]) : this.ofMany(near);
    const short = numbers.filter((number) => !judged.includes(number));
    return { ...diagnosis, short, far: judged.length - near.length };
  }

  order(numbers) {
    return numbers.some(({ step }) => (step ?? 0) > 20) ? [0, 2, 1, 3] : this.stageOrder;
  }

  ofOne(number) {
    const { sure } = this.limits;
    const near = this.near(number);
    let [late, tried, skipped, found] = [[], 0, false, []];
    for (const [done, which] of this.order([number]).entries()) {
      if (which % 2 && this.expected(near, 1) >= sure) {
        skipped = true;
        continue;
      }
      if (which === 2) late = this.lateOf([number]);
      this.look([near], this.stages[skipped && which === 2 ? 4 : which], which === 2 ? late : []);
      tried += which === 2 ? 0 : this.stages[which].ways.length;
      found = this.explanations([near], [number], [0], late);
      if (this.fitsPages(near, 0)) {
        return this.verdict("right", [number], found.filter((e) => !e.way.length).slice(0, 1), near, tried);
      }
      const certain = found.filter((e) => e.chance < sure && e.cost <= this.blamed[done]);
      if (certain.length) return this.blame([number], this.equals(certain), near, tried);
      if (this.isSingle(near)) {
        const fits = found.filter(({ way }) => String(way) === String(this.wayOf(this.limits.single)));
        return this.blame([number], fits, near, tried);
      }
      if (done > 1 || found.length) continue;
      const known = done === 0 ? this.ofThePages(late) : this.ofTheNotes();
      const [typed, expected] = this.slips(number, known);
      if (typed.length && expected < sure) {
        return this.typed([number], [null], new Map([[0, typed[0]]]), expected, tried);
      }
    }
    const verdict = found.length || skipped ? "chance" : "unknown";
    return this.verdict(verdict, [number], found, near, tried);
  }

  // Is it a value of these pages, in double precision (way 0) or in single precision?
  fitsPages(near, way) {
    const hit = this.hits(near).find((each) => each.way === way);
    if (!hit) return false;
    const known = this.wellKnown.includes(hit.done) || hit.done === near.number.step;
    const { right, sure } = this.limits;
    const [cost, keep] = way ? [hit.cost - 1, 1] : [hit.cost, 0];
    return cost === 0 || this.expected(near, cost, keep) < (known ? right : sure);
  }

  // Is it right in single precision, and is no other way as simple?
  isSingle(near) {
    const { single } = this.limits;
    const hits = this.hits(near);
    const found = hits.find(({ way }) => way === single);
    const others = hits.some(({ way, cost }) => way !== single && cost <= found?.cost);
    return !others && this.fitsPages(near, single);
  }

  ofMany(numbers) {
    const { sure, clear, pivots } = this.limits;
    let right = this.placed([], numbers, []);
    const left = (fit) => range(numbers.length).filter((k) => !fit.places[k]);
    let known = this.ofThese(numbers, right, 1, []);
    if (known) return known;
    const departing = left(right);
    const again = repeated(numbers);
    const pivot = departing.filter((k) => !again[k]).sort(by((k) => [-numbers[k].digits, k])).slice(0, pivots);
    const nears = pivot.map((k) => this.near(numbers[k]));
    let [tried, late, found, whole] = [1, [], [], []];
    for (const [done, which] of this.order(numbers).entries()) {
      if (which === 2) late = this.lateOf(numbers);
      this.look(nears, this.stages[which], which === 2 ? late : []);
      tried += which === 2 ? 0 : this.stages[which].ways.length;
      if (which === 2) {
        right = this.placed([], numbers, late);
        known = this.ofThese(numbers, right, tried, late);
        if (known) return known;
      }
      const most = (fit) =>
        2 * fit.explained > numbers.length &&
        2 * departing.filter((k) => fit.places[k]).length >= departing.length;
      const fits = this.explanations(nears, numbers, departing, late);
      found = fits.filter((e) => e.way.length && e.chance < sure && most(e));
      if (found.length && found[0].chance < clear && (which > 1 || !left(found[0]).length)) break;
      whole = fits.filter((fit) => !left(fit).length);
      if (this.inSingle(whole)) return this.blame(numbers, whole.slice(0, 1), null, tried);
      const typed = !whole.length && (done === 0 || which === 2) && this.typedOfMany(numbers, right, left(right), tried);
      if (typed) return typed;
    }
    if (found.length) return this.blame(numbers, this.equals(found), null, tried);
    const unknown = this.verdict("unknown", numbers, [this.withChance(right)], null, tried);
    if (!whole.length) return unknown;
    const guess = this.verdict("chance", numbers, this.equals(whole), null, tried);
    return { ...guess, numbers: unknown.numbers };
  }

  // Are the numbers right in single precision, and is no other way that explains all as simple?
  inSingle(whole) {
    if (!whole.length || this.equals(whole).length > 1) return false;
    const { single, right } = this.limits;
    return String(whole[0].way) === String(this.wayOf(single)) && this.tenTo(whole[0].score) < right;
  }

  equals(found) {
    const best = this.rank(found[0]).slice(0, 3);
    return found.filter((each) => !compare(this.rank(each).slice(0, 3), best));
  }

  blame(numbers, found, near, tried) {
    return this.verdict(found.length === 1 ? "variant" : "several", numbers, found, near, tried);
  }

  withChance(right) {
    return { ...right, cost: 0, chance: this.tenTo(right.score) };
  }

  // If all numbers are on these pages, perhaps with more digits.
  ofThese(numbers, right, tried, late) {
    const departing = range(numbers.length).filter((k) => !right.places[k]);
    if (departing.length) return this.cutOff(numbers, departing, tried, late);
    const sure = late.length || this.tenTo(right.score) < this.limits.right;
    return this.verdict(sure ? "right" : "chance", numbers, [this.withChance(right)], null, tried);
  }

  // If all numbers are right, but cut off and not rounded.
  cutOff(numbers, departing, tried, late) {
    const { single, sure } = this.limits;
    if (departing.length < 2 || this.placed(this.wayOf(single), numbers, []).places.every(Boolean)) return null;
    const middle = numbers.map((each) => ({ ...each, value: each.value + (Math.sign(each.value) * each.unit) / 2 }));
    const { places, score } = this.placed([], middle, late);
    const chance = this.tenTo(score);
    if (!places.every(Boolean) || chance >= sure) return null;
    const typed = new Map();
    numbers.forEach((number, k) => {
      const { quantity, done } = places[k];
      if (this.judged(number, places[k], []).isRight) return;
      const value = this.value([], quantity, done);
      typed.set(k, { kind: "cut", part: "", way: [], quantity, done, value });
    });
    return this.typed(numbers, places, typed, chance, tried);
  }

  typedOfMany(numbers, right, departing, tried) {
    const most = Math.max(1, this.limits.typed * numbers.length);
    if (departing.length > most || departing.length === numbers.length) return null;
    const rounds = right.places
      .flatMap((place) => (place ? [place.done, place.done + 1] : []))
      .filter((done) => done <= this.lateRounds.at(-1));
    const late = [...new Set(rounds)].filter((done) => done >= this.rounds).sort((a, b) => a - b);
    const known = [...this.known([], rounds, false, late), ...this.sums()];
    const typed = new Map();
    let chance = 1;
    for (const k of departing) {
      const [found, expected] = this.slips(numbers[k], known);
      if (!found.length || expected >= this.limits.sure) return null;
      typed.set(k, found[0]);
      chance *= expected;
    }
    return this.typed(numbers, right.places, typed, chance, tried);
  }

  typed(numbers, places, typed, chance, tried) {
    const [[first, slip]] = typed;
    const judged = numbers.map((number, k) => {
      const { quantity, done, value } = typed.get(k) ?? {};
      if (!typed.has(k)) return this.judged(number, places[k], slip.way);
      const name = this.nameOf(quantity, slip.way);
      return { number, quantity: name, round: done, right: value, isRight: false, explained: true };
    });
    const part = slip.part && this.nameOf(this.names.indexOf(slip.part), slip.way);
    let did = filled(this.slipKinds[slip.kind], { part });
    if (slip.way.length) did += `, and ${this.did(slip.way)}`;
    const figure = [judged[first].quantity, slip.done, slip.value];
    const count = numbers.length;
    const found = [{ way: slip.way, did, explains: count, of: count, chance, figure }];
    return { verdict: "slip_in_print", numbers: judged, found, expected: chance, tried };
  }

  verdict(verdict, numbers, found, near, tried) {
    const [best] = found;
    const judged = numbers.map((number, k) =>
      this.judged(number, best?.places[k] ?? null, best?.way ?? []),
    );
    return {
      verdict,
      numbers: judged,
      found: verdict === "unknown" ? [] : found.map((each) => this.found(each, numbers)),
      expected: near ? this.expected(near, this.limits.farthest) : 0,
      nearest: near && verdict === "unknown" ? this.nearest(near) : null,
      tried,
    };
  }

  judged(number, place, way) {
    if (!place) return { number, quantity: null, round: null, right: null, isRight: false, explained: false };
    const { quantity, done } = place;
    const right = this.value([], quantity, done);
    const signed = quantity < this.limits.signed;
    const off = signed ? number.value - right : Math.abs(number.value) - Math.abs(right);
    const isRight = Math.abs(off) <= this.tolerance(number, this.parameters(way).keep);
    const turned = isRight && number.value * right < 0;
    return { number, quantity: this.nameOf(quantity, way), round: done, right, isRight, explained: true, turned };
  }

  found({ way, places, explained, chance }, numbers) {
    const facts = { way, did: this.did(way), explains: explained, of: places.length, chance, figure: null };
    const [place] = places;
    if (numbers.length > 1 || !place) return facts;
    const { quantity, done } = place;
    const late = this.lateOf(numbers);
    const [value, right] = [way, []].map((each) => this.value(each, quantity, done, late));
    return { ...facts, figure: [this.nameOf(quantity, way), done, value], right };
  }

  nearest(near) {
    const rows = near.rows.filter((row) => row.cost <= 1);
    const key = ({ distance, way, done }) => [Math.round(distance / (near.reach * 1e-8)), way, done];
    const [row] = rows.sort(by(key));
    if (!row) return null;
    const way = this.simple[row.way];
    const value = this.value(way, row.quantity, row.done, this.lateOf([near.number]));
    const figure = [this.nameOf(row.quantity, way), row.done, value];
    return { way, did: this.did(way), figure };
  }

  did(way) {
    return way.map((k) => this.options[k].did).join(", and ") || this.words.plain;
  }

  nameOf(quantity, way) {
    const name = this.names[quantity];
    const own = way.some((k) => this.options[k].value === "per_neuron");
    return name.startsWith("b") && !own ? name.split("_")[0] : name;
  }

  // The text of an answer.

  answer(text) {
    const diagnosis = this.diagnose(text);
    return diagnosis.refused ? diagnosis : { report: this.report(diagnosis) };
  }

  report(diagnosis) {
    const { verdict, numbers, found } = diagnosis;
    const lone = numbers.length === 1;
    const wrong = numbers.findIndex((each) => !each.isRight);
    const end = wrong < 0 ? numbers.length : wrong + 1;
    const judged = !lone && this.areJudged(numbers);
    const lines = judged ? numbers.slice(0, end).map((each) => this.line(each)) : [];
    const ways = found.slice(0, this.limits.shown).flatMap((each) => this.said(diagnosis, each, lone));
    const after = this.blames.includes(verdict) ? numbers.slice(end) : [];
    const facts = { fits: after.filter((each) => each.explained).length, count: after.length };
    const follow = after.length ? [filled(this.words.follow, facts)] : [];
    return { head: this.head(diagnosis), lines, then: [...ways, ...follow, ...this.rest(diagnosis)] };
  }

  areJudged(numbers) {
    return numbers.some(({ number }) => number.digits >= this.limits.fewest);
  }

  head({ verdict, numbers, found }) {
    const [{ number }] = numbers;
    const guessed = verdict === "chance" && found[0]?.way.length;
    const turned = numbers.filter((each) => each.turned).length;
    const kind = numbers.length === 1 ? verdict : guessed ? "guesses" : `${verdict}s`;
    const departing = numbers.filter((each) => !each.isRight).length;
    const all = kind === "slip_in_prints" && departing === numbers.length;
    const key = verdict === "right" && turned ? `${kind}_turned` : all ? `all_${kind}` : kind;
    const fits = numbers.filter((each) => each.explained).length;
    return filled(this.words[key], {
      text: number.text,
      digits: plural(number.digits, "digit"),
      count: found.length,
      of: plural(numbers.length, "number"),
      explains: found[0]?.explains ?? fits,
      fits,
      departing,
      turned,
    });
  }

  line({ number, quantity, round, right, isRight, turned }) {
    const { words } = this;
    const { text } = number;
    if (quantity == null) {
      const told = this.elsewhere(number);
      return told ? { right: false, text: told } : this.unknown(number);
    }
    const facts = { text, quantity, when: when(round) };
    if (isRight) return { right: true, text: filled(turned ? words.line_turned : words.line, facts) };
    return this.departs(filled(words.departs, { ...facts, right: shown(right) }), quantity);
  }

  departs(text, quantity) {
    const [, code, place] = this.code.find(([pattern]) => RegExp(`^(?:${pattern})`).test(quantity));
    return { right: false, text, code: filled(this.words.code, { code }), place };
  }

  // A number that these pages do not have, and what they have if words beside it name a single quantity.
  unknown({ text, named, step }) {
    const { words, names } = this;
    if (named.length !== 1) return { right: false, text: filled(words.departs_unknown, { text }) };
    const [quantity] = named;
    const then = Math.min(Math.max(step ?? 1, 1), this.lateRounds.at(-1));
    const [first, second] = [then - 1, then].map((k) => shown(this.value([], names.indexOf(quantity), k)));
    const facts = { text, quantity, first, when: when(then - 1), second, then: when(then) };
    return this.departs(filled(words.departs_named, facts), quantity);
  }

  // That these pages have a number by another name or in another round, if not by accident.
  elsewhere(number) {
    const { score, places } = this.placed([], [{ ...number, named: [], step: null }], []);
    if (this.tenTo(score) >= this.limits.sure || !places[0]) return null;
    const { quantity, done } = places[0];
    const facts = { text: number.text, quantity: this.nameOf(quantity, []), when: when(done) };
    return filled(this.words.elsewhere, facts);
  }

  said({ verdict }, { way, did, figure: place, right }, lone) {
    const { words } = this;
    if (!lone && (verdict === "right" || (verdict === "chance" && !way.length))) return [];
    const blames = this.blames.includes(verdict);
    const you = filled(blames ? words.you : words.perhaps, { did });
    if (!place || !lone) return [you];
    const figure = this.figure(place);
    if (verdict === "right") return [filled(words.it, { figure }), ...this.meant(place)];
    if (verdict === "slip_in_print") return [filled(words.meant, { value: figure, did })];
    const it = filled(blames ? words.it : words.may, { figure });
    const pages = blames ? [filled(words.pages, { value: shown(right) })] : [];
    return [[it, you, ...pages].join(" ")];
  }

  figure([quantity, done, value]) {
    return filled(this.words.figure, { quantity, when: when(done), value: shown(value) });
  }

  // If the count of rounds is one off, the value after the usual count.
  meant([name, done]) {
    const round = this.meantRounds[done];
    if (!round) return [];
    const names = [name, `${name}_1`];
    const quantity = this.names.findIndex((each) => names.includes(each));
    const value = shown(this.value([], quantity, round));
    return [filled(this.words.there, { when: when(round), value })];
  }

  rest(diagnosis) {
    const { verdict, found, nearest, tried, short = [], far = 0 } = diagnosis;
    const { words, limits } = this;
    const rest = this.doubt(diagnosis);
    if (verdict === "several") rest.push(...this.telling(found.slice(0, limits.shown)));
    if (verdict === "unknown") {
      const ways = tried.toLocaleString("en");
      const told = diagnosis.numbers.length === 1 && this.elsewhere(diagnosis.numbers[0].number);
      if (told) {
        rest.push(told);
      } else if (nearest) {
        const figure = this.figure(nearest.figure);
        rest.push(filled(words.nearest, { ways, figure, did: nearest.did }));
      } else {
        rest.push(filled(words.tried, { ways }));
      }
    }
    if (far) rest.push(filled(words.far, { of: plural(far, "number") }));
    return [...rest, ...this.leftOut(short)];
  }

  // How many values or ways fit by accident, and what to print then.
  doubt({ verdict, numbers, found, expected }) {
    const { words, limits } = this;
    const doubt = [];
    const lone = numbers.length === 1;
    if (["right", "chance"].includes(verdict) && lone && expected >= limits.sure) {
      const count = plural(numbers[0].number.digits, "digit");
      doubt.push(filled(words.doubt, { digits: count, chance: shown(digits(expected, 1)) }));
    }
    if (verdict !== "chance") return doubt;
    if (!this.areJudged(numbers)) {
      doubt.push(filled(words.few, limits));
    } else if (found.length && !lone) {
      doubt.push(filled(words.doubt_all, { chance: shown(digits(found[0].chance, 1)) }));
    }
    return [...doubt, words.more_digits];
  }

  // Which numbers have too few digits to be judged, the first of them by their text.
  leftOut(short) {
    const { words, limits } = this;
    if (!short.length) return [];
    let texts = short.slice(0, limits.shown).map(({ text }) => text).join(", ");
    if (short.length > limits.shown) texts += filled(words.more, { count: short.length - limits.shown });
    return [`${filled(words.few, limits)} ${filled(words.left_out, { texts })}`];
  }

  telling(found) {
    const { words, limits, options, tellingRounds, tellingNames } = this;
    const rounds = limits.apart.flatMap((apart) => tellingRounds.map((done) => [...apart, done]));
    for (const [apart, decimals, done] of rounds) {
      for (const name of tellingNames) {
        const quantity = this.names.indexOf(name);
        const values = found.map(({ way }) => this.value(way, quantity, done));
        const gaps = values.flatMap((a, k) => values.slice(0, k).map((b) => Math.abs(a - b)));
        if (!(Math.min(...gaps) > apart * Math.max(...values.map(Math.abs)))) continue;
        const told = values.map((value, k) => {
          const names = found[k].way.map((place) => options[place].name).join(" and ");
          return filled(words.telling, { value: value.toFixed(decimals), name: names });
        });
        const facts = { quantity: this.nameOf(quantity, found[0].way), when: when(done) };
        return [filled(words.next, { ...facts, values: told.join(", ") })];
      }
    }
    return [];
  }
}

const shown = (value) => String(digits(value, 12));
const when = (rounds) => (rounds ? `after ${plural(rounds, "round")}` : "before any update");

// The numbers that may have been meant: the kind of slip, the size, and the unit of the last digit.
function* readings({ value, unit, mantissa, power }) {
  const size = Math.abs(value);
  if (size) yield* [["cut", size, unit], ["twice", size, unit], ["sign", size, unit]];
  const [whole, decimals = ""] = mantissa.split(".");
  const typed = whole + decimals;
  const point = whole.length;
  const read = (meant) => {
    const found = Number(`${meant.slice(0, point)}.${meant.slice(point)}e${power}`);
    return [found, Math.max(Number(`1e${power - meant.length + point}`), found * 1e-12)];
  };
  for (let k = 0; k < typed.length; k++) {
    const [before, digit, after] = [typed.slice(0, k), typed[k], typed.slice(k + 1)];
    for (const other of "0123456789") {
      const meant = read(before + other + after);
      if (other !== digit && meant[0]) yield ["digit", ...meant];
    }
    if (after && after[0] !== digit) yield ["swapped", ...read(before + after[0] + digit + after.slice(1))];
    if (k >= point && digit !== "0" && size) yield ["zero", ...read(`${before}0${digit}${after}`)];
  }
}

// In a worker: answer each text.
if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  let search = null;
  self.onmessage = ({ data }) => {
    if (data.table) search = new Search(data.table);
    if (data.warm) search.late();
    if (data.text === undefined) return;
    self.postMessage({ id: data.id, ...search.answer(data.text) });
  };
}

// A network as named numbers in decimals, as in backprop/symbolic/graph.py and with the same names,
// and its training in doubles, as in backprop/training.py.

import { abs, divide, double, exp, less, ln, logistic as sigma, multiply, of as number, power, relu, same, tanh, written } from "./decimal.js";
import { ACTIVATIONS, DEFAULT, FUNCTIONS as DOUBLES, LOSSES, NET, NET_WITHOUT_BIAS, OVER_SAMPLES, SLOPES } from "./tables.js";

// The build writes tables.js: definitions as trees, such as ["*", "weight_k", "signal_k"], and
// functions of doubles.

/** The logistic function of a double. */
export const logistic = DOUBLES.sigma;

/** The functions of decimals; those that decimal.js lacks are computed in doubles. */
const inDecimals = ([name, of]) => [name, (x) => number(of(double(x)))];
const max = (...all) => all.reduce((a, b) => (a > b ? a : b));
const own = { exp, sigma, ln, tanh, relu, abs, max };
const FUNCTIONS = { ...Object.fromEntries(Object.entries(DOUBLES).map(inDecimals)), ...own };

const ONE = number(1);

/** Each operation, and its derivatives with respect to its arguments; comparisons have none. */
const OPERATIONS = {
  "+": [(...x) => x.reduce((sum, y) => sum + y), (...x) => x.map(() => ONE)],
  "*": [
    (...x) => x.reduce(multiply),
    (...x) => x.map((_, k) => x.filter((__, j) => j !== k).reduce(multiply, ONE)),
  ],
  "-": [(x) => -x, () => [-ONE]],
  "/": [divide, (a, b) => [divide(ONE, b), -divide(a, multiply(b, b))]],
  "^": [power, (a, k) => [multiply(k, power(a, k - ONE))]],
  "<": [less],
  "=": [same],
};

/** The derivative of a function at x, from its tree in x and y, the function's value at x. */
function slopeAt(name, x) {
  return evaluate(SLOPES[name], (part) => (part === "x" ? x : FUNCTIONS[name](x)));
}

/** The softmax of some numbers. */
function softmax(nets) {
  const powers = nets.map(exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((each) => divide(each, sum));
}

/** The value of a tree in decimals; `leaf` returns that of a name. */
export function evaluate(tree, leaf) {
  if (typeof tree === "number") return number(tree);
  if (typeof tree === "string") return leaf(tree);
  const [kind, ...parts] = tree;
  const values = parts.map((part) => evaluate(part, leaf));
  if (kind in OPERATIONS) return OPERATIONS[kind][0](...values);
  if (kind.startsWith("softmax_")) return softmax(values)[kind.slice(8) - 1];
  return kind.endsWith("'") ? slopeAt(kind.slice(0, -1), ...values) : FUNCTIONS[kind](...values);
}

/** Add to `slopes` the derivatives of a tree with respect to its names, times the one above it. */
function addSlopes(tree, leaf, slopes, above) {
  if (typeof tree === "string") slopes[tree] = (slopes[tree] ?? 0n) + above;
  if (!Array.isArray(tree)) return;
  const [kind, ...parts] = tree;
  const values = parts.map((part) => evaluate(part, leaf));
  const own = kind in OPERATIONS ? OPERATIONS[kind][1](...values) : [slopeAt(kind, ...values)];
  own.forEach((slope, k) => addSlopes(parts[k], leaf, slopes, multiply(above, slope)));
}

/**
 * A definition with its roles replaced by names or numbers. A role such as weight_k is replaced by
 * the k-th entry of a list, and a sum has a term for each entry of the list in it.
 */
export function filled(tree, roles, k) {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") {
    const [role, index] = tree.split("_");
    return index ? roles[role][index === "k" ? k : index - 1] : roles[role];
  }
  const [kind, ...parts] = tree;
  if (kind !== "sum") return [kind, ...parts.map((part) => filled(part, roles, k))];
  const [listed] = [parts].flat(Infinity).filter((part) => String(part).endsWith("_k"));
  return ["+", ...roles[listed.split("_")[0]].map((_, j) => filled(parts[0], roles, j))];
}

/** The names of the neurons of a layer, such as h1 and h2, or o1, or h3_1. */
export function neurons(sizes, layer) {
  const last = sizes.length - 1;
  const stem = layer === last ? "o" : last === 2 ? "h" : `h${layer}_`;
  return Array.from({ length: sizes[layer] }, (_, k) => `${stem}${k + 1}`);
}

/** The name of the bias of each neuron of a layer: b1, b1, or b1_1, b1_2, or none. */
export function biasNames(sizes, givens, layer) {
  if (!Object.keys(givens).some((name) => name[0] === "b")) return [];
  const each = Array.from({ length: sizes[layer] }, (_, k) => `b${layer}_${k + 1}`);
  return each[0] in givens ? each : each.map(() => `b${layer}`);
}

/** The suffix of the names of each sample: _s1, _s2, or an empty one for a single sample. */
export function marksOf(givens) {
  const marks = Object.keys(givens).filter((name) => /^i1_s/.test(name)).map((_, k) => `_s${k + 1}`);
  return marks.length ? marks : [""];
}

/** The activation of a layer, and the loss, of a form: { activations, loss, over }. */
export const activationOf = ({ activations }, layer) => ACTIVATIONS[[activations].flat()[layer - 1] ?? activations];

/**
 * What each quantity of a network is, in the order of the forward pass: its tree, null of a given.
 * In doubles, an error that takes the logarithm of an output is computed from the net inputs, and
 * so are its derivatives by them: an output may be rounded to 0 or 1.
 */
function definitions(sizes, givens, form, inDoubles = false) {
  const trees = new Map();
  const add = (name, definition, roles) => {
    if (!trees.has(name)) trees.set(name, definition && filled(definition, roles));
    return name;
  };
  const { error, total, inDoubles: byNet } = LOSSES[form.loss];
  const marks = marksOf(givens);
  const totals = marks.map((mark) => {
    let last; // the roles that all neurons of a layer share
    let outs = Array.from({ length: sizes[0] }, (_, k) => add(`i${k + 1}${mark}`, null));
    let count = 0;
    for (let layer = 1; layer < sizes.length; layer++) {
      const signal = outs;
      const biases = biasNames(sizes, givens, layer);
      const { out, cross, inDoubles: shifted } = activationOf(form, layer);
      const own = neurons(sizes, layer).map((neuron) => neuron + mark);
      const nets = own.map((neuron) => `net_${neuron}`);
      last = { nets, most: ["max", ...nets] };
      const put = (k) => add(`out_${own[k]}`, (inDoubles && shifted) || out, { ...last, net: nets[k] });
      nets.forEach((net, k) => {
        const weight = signal.map(() => add(`w${++count}`, null));
        const bias = biases[k] && add(biases[k], null);
        add(net, bias ? NET : NET_WITHOUT_BIAS, { weight, signal, bias });
        if (!cross) put(k);
      });
      if (cross) nets.forEach((_, k) => put(k));
      outs = own.map((neuron) => `out_${neuron}`);
    }
    const targets = outs.map((out) => out.replace("out", "target"));
    const roles = outs.map((out, k) => ({ ...last, targets, target: targets[k], out, net: last.nets[k] }));
    const E = outs.map((out, k) => {
      add(targets[k], null);
      return add(out.replace("out", "E"), inDoubles && byNet ? byNet[0] : error, roles[k]);
    });
    const name = add(`E_total${mark}`, total, { E, count: E.length });
    if (inDoubles && byNet) {
      // A value, and its slope along each of some names, which the way through its parts would lose
      trees.set(name, ["by", trees.get(name), ...roles.map((of) => [of.net, filled(byNet[1], of)])]);
    }
    return name;
  });
  if (marks[0]) add("E_total", OVER_SAMPLES[form.over ?? "sum"], { E: totals, count: totals.length });
  return trees;
}

/** The nodes of a network, in the order of the forward pass. */
function compute(sizes, givens, form = DEFAULT) {
  const nodes = new Map();
  const value = (part) => nodes.get(part).value;
  for (const [name, tree] of definitions(sizes, givens, form)) {
    if (!tree) nodes.set(name, { name, value: number(finite(name, givens[name])), slopes: () => ({}) });
    else {
      let known;
      const slopes = () => {
        if (!known) addSlopes(tree, value, (known = {}), ONE);
        return known;
      };
      nodes.set(name, { name, value: evaluate(tree, value), slopes });
    }
  }
  return nodes;
}

/** A given, checked. */
function finite(name, value) {
  if (typeof value === "bigint" || Number.isFinite(value)) return value;
  throw new Error(`givens: ${name} = ${value} came, expected a finite number`);
}

/** The derivatives of one node by all below it, the sums over all paths: each slope times those above. */
function sweep(nodes, of) {
  const derivatives = new Map([[of, ONE]]);
  for (const { name, slopes } of [...nodes.values()].reverse()) {
    const above = derivatives.get(name);
    if (above === undefined) continue;
    for (const [below, slope] of Object.entries(slopes())) {
      derivatives.set(below, (derivatives.get(below) ?? 0n) + multiply(above, slope));
    }
  }
  return derivatives;
}

/**
 * A network with its one sample, every number named; it tells them as doubles, or as they are.
 * Its `form` is { activations, loss }, where it is not that of the lesson.
 */
export function graph(sizes, givens, as = double, form = DEFAULT) {
  const nodes = compute(sizes, givens, form);
  const sweeps = new Map();
  const find = (name) => {
    if (nodes.has(name)) return nodes.get(name);
    throw new Error(`name: ${name} came, expected one of ${[...nodes.keys()].join(", ")}`);
  };
  Object.keys(givens).forEach(find);
  return {
    sizes,
    givens,
    names: [...nodes.keys()], // each after those in its formula
    value: (name) => as(find(name).value),
    local: (of, wrt) => as(find(of).slopes()[find(wrt).name] ?? 0n),
    derivative(of, wrt) {
      if (!sweeps.has(find(of).name)) sweeps.set(of, sweep(nodes, of));
      return as(sweeps.get(of).get(find(wrt).name) ?? 0n);
    },
  };
}

// Learning -------------------------------------------------------------------------------

/**
 * A network in doubles, as a tape of operations on two numbers at most, to be run forward and back
 * many times: { tape, parts, names, values }. The values are those of the names, and after them
 * what comes in between, the slopes of functions too; a part is the piece of the tape for one name.
 */
function tapeOf(sizes, givens, form = DEFAULT) {
  const trees = definitions(sizes, givens, form, true);
  const names = [...trees.keys()];
  const values = names.map((name) => (trees.get(name) ? NaN : finite(name, givens[name])));
  const tape = [];
  function emit(kind, a, b, to = values.push(NaN) - 1, inSlope) {
    const step = { kind, a, b, to, of: DOUBLES[kind], slope: 0 };
    tape.push(step);
    if (step.of && !inSlope) step.slope = place(SLOPES[kind], undefined, { x: a, y: to });
    return to;
  }
  /** Put a tree on the tape: its value goes to a place; a slope has names of its own. */
  function place(tree, to, at) {
    if (typeof tree === "number") return values.push(tree) - 1;
    if (typeof tree === "string" && to === undefined) return at?.[tree] ?? names.indexOf(tree);
    const [kind, first, ...others] = typeof tree === "string" ? ["+", tree] : tree;
    const a = place(first, undefined, at);
    if (kind === "by") {
      const slopes = others.map(([name, slope]) => [names.indexOf(name), place(slope, undefined, {})]);
      return tape.push({ kind, a, b: a, to, slopes });
    }
    if (!others.length) return "+*".includes(kind) ? emit("*", a, place(1), to) : emit(kind, a, a, to, at);
    return others.reduce((x, part, k) => emit(kind, x, place(part, undefined, at), k + 1 < others.length ? undefined : to), a);
  }
  const parts = [];
  names.forEach((name, k) => {
    const from = tape.length;
    if (trees.get(name)) place(trees.get(name), k);
    const uses = tape.slice(from).flatMap(({ a, b }) => [a, b]);
    parts.unshift({ from, to: tape.length, weights: [...new Set(uses)].filter((j) => names[j]?.[0] === "w") });
  });
  return { tape, parts, names, values: Float64Array.from(values) };
}

/** Run a tape from one place to another. */
function runForward(tape, v, from = 0, end = tape.length) {
  for (let k = from; k < end; k++) {
    const { kind, a, b, to, of } = tape[k];
    if (kind === "*") v[to] = v[a] * v[b];
    else if (kind === "+") v[to] = v[a] + v[b];
    else if (kind === "-") v[to] = -v[a];
    else if (kind === "/") v[to] = v[a] / v[b];
    else if (kind === "^") v[to] = v[a] ** v[b];
    else if (kind === "max") v[to] = Math.max(v[a], v[b]);
    else if (kind === "by") v[to] = v[a];
    else v[to] = of(v[a]);
  }
}

/** Run a tape backward, adding to d, the derivatives of the error. */
function runBack(tape, v, d, from = 0, end = tape.length) {
  for (let k = end - 1; k >= from; k--) {
    const { kind, a, b, to, slope, slopes } = tape[k];
    const above = d[to];
    if (!above || kind === "max") continue; // the maximum subtracted in softmax does not change it
    if (kind === "*") {
      d[a] += above * v[b];
      d[b] += above * v[a];
    } else if (kind === "+") {
      d[a] += above;
      d[b] += above;
    } else if (kind === "-") d[a] -= above;
    else if (kind === "/") {
      d[a] += above / v[b];
      d[b] -= (above * v[a]) / (v[b] * v[b]);
    } else if (kind === "^") d[a] += above * v[b] * v[a] ** (v[b] - 1);
    else if (kind === "by") for (const [name, each] of slopes) d[name] += above * v[each];
    else d[a] += above * v[slope];
  }
}

/** The givens with a bias for each neuron: b1 becomes b1_1, b1_2. */
export function untied(sizes, givens) {
  const own = Object.fromEntries(Object.entries(givens).filter(([name]) => name[0] !== "b"));
  for (let layer = 1; layer < sizes.length; layer++) {
    biasNames(sizes, givens, layer).forEach((name, k) => (own[`b${layer}_${k + 1}`] = givens[name]));
  }
  return own;
}

function oneOf(what, value, choices) {
  if (choices.includes(value)) return;
  throw new Error(`${what}: ${value} came, expected one of ${choices.join(", ")}`);
}

/**
 * Learn for some rounds: {givens, errors}, where errors are the total error at the rounds in
 * `keep`, in rising order; round 0 is before any update.
 *
 * biases: "frozen", "shared" (one value a layer) or "per_neuron" (b1 becomes b1_1, b1_2).
 * order: "old" for the gradient, "new" for the slip of backprop.train_with_new_output_weights.
 */
export function train(sizes, start, rate, rounds, { biases = "frozen", order = "old", keep = [], form } = {}) {
  oneOf("biases", biases, ["frozen", "shared", "per_neuron"]);
  oneOf("order", order, ["old", "new"]);
  const own = Object.keys(start).find((name) => /^b\d+_/.test(name));
  if (biases === "shared" && own) {
    throw new Error(`biases: 'shared' came with ${own}, expected one bias a layer`);
  }

  const { tape, parts, names, values } = tapeOf(sizes, biases === "per_neuron" ? untied(sizes, start) : start, form);
  const total = names.indexOf("E_total");
  const slopes = new Float64Array(values.length);
  const move = (moved) => moved.forEach((k) => (values[k] -= rate * slopes[k]));
  const ofKind = (kind) => [...names.keys()].filter((k) => kind.includes(names[k][0]));
  // With the slip the weights have been updated already
  const moved = ofKind((order === "old" ? "w" : "") + (biases === "frozen" ? "" : "b"));
  const errors = [];
  for (let done = 0; done <= rounds; done++) {
    runForward(tape, values);
    if (done === keep[errors.length]) errors.push(values[total]);
    if (done === rounds) break;
    slopes.fill(0);
    slopes[total] = 1;
    if (order === "old") runBack(tape, values, slopes);
    else for (const part of parts) slip(part);
    move(moved);
  }
  /** The slip: the error reaches the layer below through weights that have just been updated. */
  function slip({ from, to, weights }) {
    const before = weights.length && slopes.slice();
    runBack(tape, values, slopes, from, to);
    if (!before) return;
    move(weights);
    slopes.set(before);
    runForward(tape, values, from, to);
    runBack(tape, values, slopes, from, to);
  }
  const givens = Object.fromEntries(names.map((name, k) => [name, values[k]]).filter(([name]) => name in start || /^b\d/.test(name)));
  if (Object.values(givens).every(Number.isFinite)) return { givens, errors };
  throw new Error("learning_rate: one came that drives a weight to infinity, expected a smaller one");
}

// Writing --------------------------------------------------------------------------------

/**
 * Write a number with so many decimals. It is first rounded to 15 digits, which a double holds, and
 * half-way cases go away from zero, as taught at school: 1.005 gives 1.01.
 */
export function rounded(x, places) {
  if (!Number.isFinite(x)) return String(x);
  const digits = written(number(x.toExponential(14)), places);
  return x < 0 && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

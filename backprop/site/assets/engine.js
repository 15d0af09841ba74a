// The worked example as named numbers, in decimals, and how it learns, in the browser's own
// doubles: what backprop/symbolic/graph.py and backprop/training.py say. The names are the same.

import { abs, divide, double, exp, logistic as squashed, multiply, of as number, power, written } from "./decimal.js";
import { ACTIVATIONS, DEFAULT, FUNCTIONS as DOUBLES, LOSSES, NET, SLOPES } from "./tables.js";

// A build writes the tables: definitions as trees, such as ["*", "weight_k", "signal_k"], and
// functions of doubles.

/** The logistic function of a double. */
export const logistic = DOUBLES.sigma;

/** The functions of decimals; one that decimal.js does not have has the digits of a double. */
const inDecimals = ([name, of]) => [name, (x) => number(of(double(x)))];
const FUNCTIONS = { ...Object.fromEntries(Object.entries(DOUBLES).map(inDecimals)), exp, sigma: squashed, abs };

const ONE = number(1);

/** Each operation, and what the derivative by each of its arguments is multiplied by. */
const OPERATIONS = {
  "+": [(...x) => x.reduce((sum, y) => sum + y), (...x) => x.map(() => ONE)],
  "*": [
    (...x) => x.reduce(multiply),
    (...x) => x.map((_, k) => x.filter((__, j) => j !== k).reduce(multiply, ONE)),
  ],
  "-": [(x) => -x, () => [-ONE]],
  "/": [divide, (a, b) => [divide(ONE, b), -divide(a, multiply(b, b))]],
  "^": [power, (a, k) => [multiply(k, power(a, k - ONE))]],
};

/** The derivative of a function, which the table has as a tree in x and y, the value there. */
function slopeAt(name, x) {
  return evaluate(SLOPES[name], (part) => (part === "x" ? x : FUNCTIONS[name](x)));
}

/** The value of a tree in decimals, where `leaf` gives that of a name. */
export function evaluate(tree, leaf) {
  if (typeof tree === "number") return number(tree);
  if (typeof tree === "string") return leaf(tree);
  const [kind, ...parts] = tree;
  const values = parts.map((part) => evaluate(part, leaf));
  if (kind in OPERATIONS) return OPERATIONS[kind][0](...values);
  return kind.endsWith("'") ? slopeAt(kind.slice(0, -1), ...values) : FUNCTIONS[kind](...values);
}

/** Add the derivatives of a tree by the names in it, times what is above it. */
function addSlopes(tree, leaf, slopes, above) {
  if (typeof tree === "string") slopes[tree] = (slopes[tree] ?? 0n) + above;
  if (!Array.isArray(tree)) return;
  const [kind, ...parts] = tree;
  const values = parts.map((part) => evaluate(part, leaf));
  const own = kind in OPERATIONS ? OPERATIONS[kind][1](...values) : [slopeAt(kind, ...values)];
  own.forEach((slope, k) => addSlopes(parts[k], leaf, slopes, multiply(above, slope)));
}

/** A definition with names for its roles: a name, or of a list, as in weight_k, the k-th. */
export function filled(tree, roles, k) {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") {
    const [role, index] = tree.split("_");
    return index ? roles[role][index === "k" ? k : index - 1] : roles[role];
  }
  const [kind, ...parts] = tree;
  if (kind !== "sum") return [kind, ...parts.map((part) => filled(part, roles, k))];
  return ["+", ...roles.all.map((_, j) => filled(parts[0], roles, j))];
}

/** What the neurons of a layer are called: h1, h2, or o1, or h3_1. */
export function neurons(sizes, layer) {
  const last = sizes.length - 1;
  const stem = layer === last ? "o" : last === 2 ? "h" : `h${layer}_`;
  return Array.from({ length: sizes[layer] }, (_, k) => `${stem}${k + 1}`);
}

/** The name of the bias of each neuron of a layer: b1, b1, or b1_1, b1_2. */
export function biasNames(sizes, givens, layer) {
  const each = Array.from({ length: sizes[layer] }, (_, k) => `b${layer}_${k + 1}`);
  return each[0] in givens ? each : each.map(() => `b${layer}`);
}

/** The nodes of a network with its one sample, in the order of the forward pass. */
function compute(sizes, givens, { activations, loss } = DEFAULT) {
  const nodes = new Map();
  const add = (name, value, slopes = () => ({})) => {
    nodes.set(name, { name, value, slopes });
    return name;
  };
  const define = (name, definition, roles) => {
    const tree = filled(definition, roles);
    const value = (part) => nodes.get(part).value;
    let known;
    const slopes = () => {
      if (!known) addSlopes(tree, value, (known = {}), ONE);
      return known;
    };
    return add(name, evaluate(tree, value), slopes);
  };
  const take = (name) => {
    const value = givens[name];
    if (typeof value === "bigint" || Number.isFinite(value)) return add(name, number(value));
    throw new Error(`givens: ${name} = ${value} came, expected a finite number`);
  };

  let outs = Array.from({ length: sizes[0] }, (_, k) => take(`i${k + 1}`));
  let count = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const signal = outs;
    const biases = biasNames(sizes, givens, layer);
    const { out } = ACTIVATIONS[[activations].flat()[layer - 1] ?? activations];
    outs = neurons(sizes, layer).map((neuron, k) => {
      const weight = signal.map(() => take(`w${++count}`));
      const net = define(`net_${neuron}`, NET, { weight, signal, bias: take(biases[k]), all: weight });
      return define(`out_${neuron}`, out, { net });
    });
  }
  const errors = neurons(sizes, sizes.length - 1).map((neuron, k) =>
    define(`E_${neuron}`, LOSSES[loss].error, { target: take(`target_${neuron}`), out: outs[k] }),
  );
  define("E_total", LOSSES[loss].total, { E: errors, all: errors });
  return nodes;
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

/** The layers as plain arrays: a row of weights for each neuron, and its bias. */
function layersOf(sizes, givens) {
  let number = 0;
  return sizes.slice(1).map((size, k) => ({
    weights: Array.from({ length: size }, () =>
      Float64Array.from({ length: sizes[k] }, () => givens[`w${++number}`]),
    ),
    biases: Float64Array.from(biasNames(sizes, givens, k + 1), (name) => givens[name]),
    outs: new Float64Array(size),
    deltas: new Float64Array(size),
  }));
}

/** net = W out_below + b, out = logistic(net), layer by layer. */
function forward(layers, inputs) {
  let below = inputs;
  for (const { weights, biases, outs } of layers) {
    for (let j = 0; j < outs.length; j++) {
      const row = weights[j];
      let net = 0;
      for (let i = 0; i < row.length; i++) net += row[i] * below[i];
      outs[j] = logistic(net + biases[j]);
    }
    below = outs;
  }
}

/** E_total = 1/2 (target_1 - out_1)^2 + 1/2 (target_2 - out_2)^2 + ... */
function totalError(outs, targets) {
  let error = 0;
  for (let j = 0; j < outs.length; j++) error += 0.5 * (targets[j] - outs[j]) ** 2;
  return error;
}

/** delta = dE/dout * out (1 - out), where dE/dout is -(target - out), or further down W^T delta. */
function carryBack({ outs, deltas }, above, targets) {
  const terms = above ? above.outs.length : 0;
  for (let i = 0; i < outs.length; i++) {
    let pull = above ? 0 : -(targets[i] - outs[i]);
    for (let j = 0; j < terms; j++) pull += above.weights[j][i] * above.deltas[j];
    deltas[i] = pull * (outs[i] * (1 - outs[i]));
  }
}

/** w+ = w - rate * delta * out_below */
function moveWeights({ weights, deltas }, below, rate) {
  for (let j = 0; j < deltas.length; j++) {
    const row = weights[j];
    for (let i = 0; i < row.length; i++) row[i] -= rate * (deltas[j] * below[i]);
  }
}

/** b+ = b - rate * delta, or of one value for the layer b+ = b - rate * (delta_1 + delta_2 + ...). */
function moveBiases({ biases, deltas }, rate, choice) {
  if (choice === "frozen") return;
  const sum = deltas.reduce((a, b) => a + b, 0);
  for (let j = 0; j < deltas.length; j++) {
    biases[j] -= rate * (choice === "shared" ? sum : deltas[j]);
  }
}

/** Carry the error back and move all weights once: "old" takes every derivative before any moves. */
function round(layers, inputs, targets, rate, biases, order) {
  const move = (layer, k) => moveWeights(layer, layers[k - 1]?.outs ?? inputs, rate);
  for (let k = layers.length - 1; k >= 0; k--) {
    carryBack(layers[k], layers[k + 1], targets);
    // The slip: the layer below then gets its error through weights that have just changed.
    if (order === "new") move(layers[k], k);
  }
  if (order === "old") layers.forEach(move);
  layers.forEach((layer) => moveBiases(layer, rate, biases));
}

/** The same givens with a bias for each neuron: b1 becomes b1_1, b1_2. */
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
 * order: "old" for the gradient, "new" for the slip of backprop.train_sequentially.
 */
export function train(sizes, start, rate, rounds, { biases = "frozen", order = "old", keep = [] } = {}) {
  oneOf("biases", biases, ["frozen", "shared", "per_neuron"]);
  oneOf("order", order, ["old", "new"]);
  compute(sizes, start); // refuses what is no number
  const own = Object.keys(start).find((name) => /^b\d+_/.test(name));
  if (biases === "shared" && own) {
    throw new Error(`biases: 'shared' came with ${own}, expected one bias a layer`);
  }

  const givens = biases === "per_neuron" ? untied(sizes, start) : { ...start };
  const layers = layersOf(sizes, givens);
  const inputs = Float64Array.from({ length: sizes[0] }, (_, k) => givens[`i${k + 1}`]);
  const last = layers.at(-1).outs;
  const targets = Float64Array.from(last, (_, k) => givens[`target_o${k + 1}`]);
  const errors = [];
  for (let done = 0; done <= rounds; done++) {
    forward(layers, inputs);
    if (done === keep[errors.length]) errors.push(totalError(last, targets));
    if (done < rounds) round(layers, inputs, targets, rate, biases, order);
  }

  let number = 0;
  layers.forEach((layer, k) => {
    for (const row of layer.weights) for (const weight of row) givens[`w${++number}`] = weight;
    biasNames(sizes, givens, k + 1).forEach((name, j) => (givens[name] = layer.biases[j]));
  });
  if (Object.values(givens).every(Number.isFinite)) return { givens, errors };
  throw new Error("learning_rate: one came that drives a weight to infinity, expected a smaller one");
}

// Writing --------------------------------------------------------------------------------

/**
 * Write a number with so many decimals. It is taken as the 15 digits that a double is good for,
 * and what lies half-way goes away from zero, as taught at school: 1.005 gives 1.01.
 */
export function rounded(x, places) {
  if (!Number.isFinite(x)) return String(x);
  const digits = written(number(x.toExponential(14)), places);
  return x < 0 && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

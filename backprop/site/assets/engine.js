// The worked example as named numbers, in decimals, and how it learns, in the browser's own
// doubles: what backprop/symbolic/graph.py and backprop/training.py say. The names are the same.

import { double, logistic as squashed, multiply, of as number, written } from "./decimal.js";

/** out = 1 / (1 + e^-net), written so that e is never raised to a positive power. */
export function logistic(net) {
  const small = Math.exp(-Math.abs(net));
  return (net < 0 ? small : 1) / (1 + small);
}

// A node: a named number, with its derivative by each number in its own formula.

/** net = b + w1 out1 + w2 out2 + ... */
function netNode(name, weights, outs, bias) {
  let { value } = bias;
  const slopes = {};
  weights.forEach((weight, k) => {
    value += multiply(weight.value, outs[k].value);
    slopes[weight.name] = outs[k].value;
    slopes[outs[k].name] = weight.value;
  });
  slopes[bias.name] = number(1);
  return { name, value, slopes };
}

/** out = logistic(net); its slope is out (1 - out), where 1 - out = logistic(-net). */
function outNode(name, net) {
  const value = squashed(net.value);
  return { name, value, slopes: { [net.name]: multiply(value, squashed(-net.value)) } };
}

/** E = 1/2 (target - out)^2 */
function errorNode(name, target, out) {
  const miss = target.value - out.value;
  return { name, value: multiply(miss, miss) / 2n, slopes: { [target.name]: miss, [out.name]: -miss } };
}

/** E_total = E_1 + E_2 + ... */
function totalNode(name, errors) {
  const value = errors.reduce((sum, error) => sum + error.value, 0n);
  return { name, value, slopes: Object.fromEntries(errors.map((error) => [error.name, number(1)])) };
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
function compute(sizes, givens) {
  const nodes = new Map();
  const add = (node) => {
    nodes.set(node.name, node);
    return node;
  };
  const take = (name) => {
    const value = givens[name];
    if (typeof value === "bigint" || Number.isFinite(value)) return add({ name, value: number(value), slopes: {} });
    throw new Error(`givens: ${name} = ${value} came, expected a finite number`);
  };

  let outs = Array.from({ length: sizes[0] }, (_, k) => take(`i${k + 1}`));
  let count = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const below = outs;
    const biases = biasNames(sizes, givens, layer);
    outs = neurons(sizes, layer).map((neuron, k) => {
      const weights = below.map(() => take(`w${++count}`));
      const net = netNode(`net_${neuron}`, weights, below, take(biases[k]));
      return add(outNode(`out_${neuron}`, add(net)));
    });
  }
  const errors = neurons(sizes, sizes.length - 1).map((neuron, k) =>
    add(errorNode(`E_${neuron}`, take(`target_${neuron}`), outs[k])),
  );
  add(totalNode("E_total", errors));
  return nodes;
}

/** The derivatives of one node by all below it, the sums over all paths: each slope times those above. */
function sweep(nodes, of) {
  const derivatives = new Map([[of, number(1)]]);
  for (const { name, slopes } of [...nodes.values()].reverse()) {
    const above = derivatives.get(name);
    if (above === undefined) continue;
    for (const below in slopes) {
      derivatives.set(below, (derivatives.get(below) ?? 0n) + multiply(above, slopes[below]));
    }
  }
  return derivatives;
}

/** A network with its one sample, every number named; it tells them as doubles, or as they are. */
export function graph(sizes, givens, as = double) {
  const nodes = compute(sizes, givens);
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
    local: (of, wrt) => as(find(of).slopes[find(wrt).name] ?? 0n),
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

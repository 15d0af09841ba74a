// The names that a page binds to calls of the package, as trees from backprop/pages/live.py, and the
// functions of the package on top of the browser's engine.

import { double } from "./decimal.js";
import { biasNames, filled, graph, marksOf, train } from "./engine.js";
import { DEFAULT, FUNCTIONS as DOUBLES, LOSSES } from "./tables.js";

const WEIGHTS = /^[wb]/;
const keyed = (stem, list, mark = "") => Object.fromEntries(list.map((x, k) => [`${stem}${k + 1}${mark}`, x]));
const isMany = (rows) => Array.isArray(rows[0]);

/** The result of a function for one sample, or a list of its results for several samples. */
const ofSamples = (give, ...rows) => (isMany(rows[0]) ? rows[0].map((_, k) => give(...rows.map((row) => row[k]))) : give(...rows));

/** The givens of a network with its samples. */
function givensOf({ givens }, inputs, targets) {
  const own = Object.fromEntries(Object.entries(givens).filter(([name]) => WEIGHTS.test(name)));
  const of = (stem, rows) => (isMany(rows) ? rows.map((row, k) => keyed(stem, row, `_s${k + 1}`)) : [keyed(stem, rows)]);
  return Object.assign(own, ...of("i", inputs), ...of("target_o", targets));
}

/** The values of a kind of node, layer by layer. */
function layersOf({ sizes, names, value }, kind) {
  const nodes = names.filter((name) => name.startsWith(kind)).map(value);
  return sizes.slice(1).map((size) => nodes.splice(0, size));
}

const refuse = () => {
  throw new Error("not in a browser");
};

/** The operations of a tree, in doubles as in the package: the last bit may decide which error is less. */
const OPERATIONS = {
  ...DOUBLES,
  "+": (...x) => x.reduce((a, b) => a + b),
  "*": (...x) => x.reduce((a, b) => a * b),
  "-": (x) => -x,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};
const valueOf = (tree) => (Array.isArray(tree) ? OPERATIONS[tree[0]](...tree.slice(1).map(valueOf)) : tree);

/** The error of each output, and their total. */
const errors = ({ loss = DEFAULT.loss }, ...rows) =>
  ofSamples((target, out) => target.map((_, k) => valueOf(filled(LOSSES[loss].error, { target: target[k], out: out[k] }))), ...rows);
const total = ({ loss = DEFAULT.loss }, ...rows) =>
  ofSamples((E) => valueOf(filled(LOSSES[loss].total, { E, count: E.length })), errors({ loss }, ...rows));

function trained(order, { learning_rate, rounds, biases, keep = [], loss = DEFAULT.loss, samples = "sum" }, network, inputs, targets) {
  const { sizes, activations } = network;
  if (samples === "online") refuse();
  const form = { activations, loss, over: samples };
  const after = train(sizes, givensOf(network, inputs, targets), learning_rate, rounds, { biases, order, keep, form });
  return { network: { sizes, activations, givens: after.givens }, rounds: keep, errors: after.errors };
}

const FUNCTIONS = {
  Network({ activations }, weights, biases, positional) {
    const ofLayer = (layer, k) =>
      Array.isArray(layer) ? layer.map((bias, j) => [`b${k + 1}_${j + 1}`, bias]) : [[`b${k + 1}`, layer]];
    const sizes = [weights[0][0].length, ...weights.map((rows) => rows.length)];
    const givens = { ...keyed("w", weights.flat(2)), ...Object.fromEntries(biases.flatMap(ofLayer)) };
    return { sizes, givens, activations: positional ?? activations ?? DEFAULT.activations };
  },
  forward(_, network, inputs) {
    const { sizes, activations } = network;
    const targets = Array(sizes.at(-1)).fill(0);
    const pass = (row) => graph(sizes, givensOf(network, row, targets), double, { ...DEFAULT, activations });
    const nets = ofSamples(pass, inputs);
    const all = (kind) =>
      isMany(inputs) ? sizes.slice(1).map((__, layer) => nets.map((net) => layersOf(net, kind)[layer])) : layersOf(nets, kind);
    return { nets: all("net_"), outs: all("out_") };
  },
  output_errors: errors,
  total_error: total,
  train: (...given) => trained("old", ...given),
  train_with_new_output_weights(options, network, inputs, targets) {
    const usual = [network.activations].flat().every((name) => name === DEFAULT.activations);
    if (!usual || isMany(inputs)) refuse();
    return trained("new", options, network, inputs, targets).network;
  },
};

const OPTIONS = ["learning_rate", "rounds", "biases", "keep", "loss", "samples", "activations"];

/** The weights of a network, a row for each neuron, or its biases. */
function parametersOf({ sizes, givens }, kind) {
  let k = 0;
  return sizes.slice(1).map((size, layer) =>
    kind === "biases"
      ? biasNames(sizes, givens, layer + 1).map((name) => givens[name])
      : Array.from({ length: size }, () => Array.from({ length: sizes[layer] }, () => givens[`w${++k}`])),
  );
}

const number = (x) => {
  if (typeof x === "number") return x;
  return refuse();
};

const KINDS = {
  text: (_, text) => text,
  list: (value, ...entries) => entries.map(value),
  part: (value, of, name) => value(of)[name] ?? parametersOf(value(of), name),
  item: (value, of, at) => [value(at)].flat().reduce((list, k) => list.at(k), value(of)),
  call: (value, name, given, named) => {
    for (const key in named) if (!OPTIONS.includes(key)) refuse();
    const options = Object.entries(named).map(([key, tree]) => [key, value(tree)]);
    return FUNCTIONS[name](Object.fromEntries(options), ...given.map(value));
  },
  "+": (value, a, b) => number(b === undefined ? 0 : value(b)) + number(value(a)),
  "-": (value, a, b) => (b === undefined ? -number(value(a)) : number(value(a)) - number(value(b))),
  "*": (value, a, b) => number(value(a)) * number(value(b)),
  "/": (value, a, b) => number(value(a)) / number(value(b)),
};

/** A function that returns the value of the k-th name of a page for some givens. */
export function namesOf({ names, where }, { sizes, givens, rate, form }) {
  const marks = marksOf(givens);
  const rowOf = (stem, size, mark) => Array.from({ length: size }, (_, k) => givens[`${stem}${k + 1}${mark}`]);
  const rowsOf = (stem, size) => (marks[0] ? marks.map((mark) => rowOf(stem, size, mark)) : rowOf(stem, size, ""));
  const known = {
    learning_rate: rate,
    network: { sizes, givens, activations: form.activations },
    inputs: rowsOf("i", sizes[0]),
    targets: rowsOf("target_o", sizes.at(-1)),
  };
  function value(tree) {
    // Null if only the package can compute it
    if (!Array.isArray(tree)) return number(tree);
    const [kind, ...parts] = tree;
    if (kind !== "name") return KINDS[kind](value, ...parts);
    const [name] = parts;
    if (!(name in known)) known[name] = value(where[name]);
    return known[name];
  }
  return (k) => number(value(names[k][1]));
}

// The names that a page binds to expressions over the package, as backprop/pages/live.py reads
// them: the same functions over the browser's engine.

import { biasNames, graph, train } from "./engine.js";
import { DEFAULT } from "./tables.js";

const WEIGHTS = /^[wb]/;
const keyed = (stem, list) => Object.fromEntries(list.map((x, k) => [`${stem}${k + 1}`, x]));

/** The givens of a network with its sample. */
const givensOf = ({ givens }, inputs, targets) => ({
  ...Object.fromEntries(Object.entries(givens).filter(([name]) => WEIGHTS.test(name))),
  ...keyed("i", inputs),
  ...keyed("target_o", targets),
});

/** The values of a kind of node, layer by layer. */
function layersOf({ sizes, names, value }, kind) {
  const nodes = names.filter((name) => name.startsWith(kind)).map(value);
  return sizes.slice(1).map((size) => nodes.splice(0, size));
}

const errors = (targets, outs) => targets.map((target, k) => (target - outs[k]) ** 2 / 2);

function trained(order, network, inputs, targets, { learning_rate, rounds, biases, keep = [] }) {
  const givens = givensOf(network, inputs, targets);
  const after = train(network.sizes, givens, learning_rate, rounds, { biases, order, keep });
  return { network: { sizes: network.sizes, givens: after.givens }, rounds: keep, errors: after.errors };
}

const FUNCTIONS = {
  Network(weights, biases) {
    const ofLayer = (layer, k) =>
      Array.isArray(layer) ? layer.map((bias, j) => [`b${k + 1}_${j + 1}`, bias]) : [[`b${k + 1}`, layer]];
    const sizes = [weights[0][0].length, ...weights.map((rows) => rows.length)];
    return { sizes, givens: { ...keyed("w", weights.flat(2)), ...Object.fromEntries(biases.flatMap(ofLayer)) } };
  },
  forward(network, inputs) {
    const targets = Array(network.sizes.at(-1)).fill(0);
    const net = graph(network.sizes, givensOf(network, inputs, targets));
    return { nets: layersOf(net, "net_"), outs: layersOf(net, "out_") };
  },
  output_errors: errors,
  total_error: (targets, outs) => errors(targets, outs).reduce((sum, x) => sum + x, 0),
  train: (...given) => trained("old", ...given),
  train_with_new_output_weights: (...given) => trained("new", ...given).network,
};

const OPTIONS = ["learning_rate", "rounds", "biases", "keep"];

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
  throw new Error("not in a browser");
};

const KINDS = {
  text: (_, text) => text,
  list: (value, ...entries) => entries.map(value),
  part: (value, of, name) => value(of)[name] ?? parametersOf(value(of), name),
  item: (value, of, at) => [value(at)].flat().reduce((list, k) => list.at(k), value(of)),
  call: (value, name, given, named) => {
    for (const key in named) if (!OPTIONS.includes(key)) throw new Error("not in a browser");
    const options = Object.entries(named).map(([key, tree]) => [key, value(tree)]);
    return FUNCTIONS[name](...given.map(value), Object.fromEntries(options));
  },
  "+": (value, a, b) => number(b === undefined ? 0 : value(b)) + number(value(a)),
  "-": (value, a, b) => (b === undefined ? -number(value(a)) : number(value(a)) - number(value(b))),
  "*": (value, a, b) => number(value(a)) * number(value(b)),
  "/": (value, a, b) => number(value(a)) / number(value(b)),
};

/** What tells the value of the k-th name of a page, where these are the givens. */
export function namesOf({ names, where }, { sizes, givens, rate, form }) {
  const numbered = (stem) => Object.keys(givens).filter((name) => name.startsWith(stem)).map((_, k) => givens[`${stem}${k + 1}`]);
  const known = { learning_rate: rate };
  // A network of another kind is computed by the package only
  const usual = form.loss === DEFAULT.loss && form.activations.every((name) => name === DEFAULT.activations);
  const biased = Object.keys(givens).some((name) => name[0] === "b");
  if (usual && biased && "i1" in givens) Object.assign(known, { network: { sizes, givens }, inputs: numbered("i"), targets: numbered("target_o") });
  function value(tree) {
    // Null where the package has what we have not
    if (!Array.isArray(tree)) return number(tree);
    const [kind, ...parts] = tree;
    if (kind !== "name") return KINDS[kind](value, ...parts);
    const [name] = parts;
    if (!(name in known)) known[name] = value(where[name]);
    return known[name];
  }
  return (k) => number(value(names[k][1]));
}

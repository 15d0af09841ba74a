// One round of learning, step by step: what each step computes, from what, and how it is said.

import { double } from "./decimal.js";
import { activationOf, biasNames, filled, graph, neurons, train } from "./engine.js";
import { shown, TEXT } from "./formula.js";
import { DEFAULT, LOSSES, NET, NET_WITHOUT_BIAS } from "./tables.js";
import { computed, given } from "./write.js";

const SLOPE_PLACES = 8; // of derivatives, as on the pages: they are small

const tight = (text) => (text.includes(" ") ? `(${text})` : text);
const LINE = {
  ...TEXT,
  over: (above, below) => (above + below === "12" ? "\u00bd" : `${tight(above)}/${tight(below)}`),
  power: (base, exponent) => base + (exponent === "2" ? "\u00b2" : `^${exponent}`),
  prefix: String,
};

/** A formula on a line, where `text` writes a name as a symbol or as its number. */
const written = (tree, text) => shown(tree, text, LINE).replace("\u00bd \u00d7", "\u00bd");

/** The same as a factor. */
const factor = (tree, text) => ("+-".includes(tree[0]) ? LINE.fenced(written(tree, text)) : written(tree, text));

const times = (...factors) => written(["*", ...factors], String);
const plus = (...terms) => written(["+", ...terms], String);
const numbered = (stem, count) => Array.from({ length: count }, (_, k) => `${stem}${k + 1}`);

/**
 * The steps of a round of a network with one hidden layer.
 *
 * A step has a phase, 0 to 4, as the buttons of a map have; what it is `of`, by its name in the graph; its `kind`, which is "value",
 * "slope" (the derivative of E_total), "path" (a part of one) or "new"; its `value`; the names
 * that it `uses`; and a `line` that says it. A step on a path also has the `path`, 1 or 2 ...
 */
export function stepsOf({ sizes, givens: start, rate, biases, order, form = DEFAULT }, labels) {
  const { givens } = train(sizes, start, rate, 0, { biases, form }); // gives each neuron its own bias
  const net = graph(sizes, givens, double, form);
  const next = train(sizes, givens, rate, 1, { biases, order, form }).givens;
  const [inputs, hidden, outputs] = [numbered("i", sizes[0]), neurons(sizes, 1), neurons(sizes, 2)];
  const all = net.names.filter((name) => name[0] === "w");
  const weights = { 1: all.slice(0, sizes[0] * sizes[1]), 2: all.slice(sizes[0] * sizes[1]) };
  /** The weights into the k-th neuron of a layer. */
  const into = (layer, k) => weights[layer].slice(k * sizes[layer - 1], (k + 1) * sizes[layer - 1]);

  const loss = LOSSES[form.loss];
  const together = activationOf(form, 2).cross;
  const steps = [];
  let phase = 0;
  const slopes = {};
  const L = (name) => labelOf(name, labels);
  const d = (name, of = "E_total") => `\u2202${L(of)}/\u2202${L(name)}`;
  const V = (name) => (name in givens ? given(givens[name]) : computed(net.value(name)));
  const long = (name) => (name in givens ? V(name) : computed(net.value(name), SLOPE_PLACES));
  const slopeText = (name) => computed(slopes[name], SLOPE_PLACES);
  const add = (kind, of, value, uses, line, more) =>
    steps.push({ phase, kind, of, value, uses, line, ...more });
  const value = (of, uses, words, tree) =>
    add("value", of, net.value(of), uses, `${words} ${[L(of), written(tree, L), written(tree, V), V(of)].join(" = ")}`);
  const slope = (of, x, uses, words, symbols, numbers, more) => {
    slopes[of] = x;
    add("slope", of, x, uses, `${words} ${d(of)} = ${symbols} = ${numbers} = ${slopeText(of)}`, more);
  };

  function forward(layer, names, below) {
    const { out: definition, cross, words } = activationOf(form, layer);
    const nets = names.map((neuron) => `net_${neuron}`);
    const verb = words.includes("logistic") ? "squashes the sum" : `uses ${words}`;
    const outputOf = (neuron, k) => {
      const net = nets[k];
      value(`out_${neuron}`, cross ? nets : [net], `${L(neuron)} ${verb}:`, filled(definition, { net, nets }));
    };
    names.forEach((neuron, k) => {
      const weight = into(layer, k);
      const bias = biasNames(sizes, givens, layer).slice(k, k + 1);
      const tree = filled(bias.length ? NET : NET_WITHOUT_BIAS, { weight, signal: below, bias: bias[0] });
      value(nets[k], [...weight, ...below, ...bias], `${L(neuron)} adds up what comes in:`, tree);
      if (!cross) outputOf(neuron, k);
    });
    if (cross) names.forEach(outputOf);
  }

  /** From the outputs of a softmax to one net input, on which all of them depend. */
  function throughAll(neuron) {
    const { slope: own, cross } = activationOf(form, 2);
    const [sum, outs] = [`net_${neuron}`, outputs.map((o) => `out_${o}`)];
    const terms = (text, of) =>
      outs.map((out) => {
        const roles = { net: sum, out, other: `out_${neuron}` };
        return times(of(out), factor(filled(out === roles.other ? own : cross, roles), text));
      });
    slope(
      sum, net.derivative("E_total", sum), outs,
      `All outputs depend on ${L(sum)}:`, plus(...terms(L, (out) => d(out))), plus(...terms(long, slopeText)),
    );
  }

  /** From the output of a neuron to its net input: times out (1 - out). */
  function through(layer, neuron, more) {
    const activation = activationOf(form, layer);
    const [sum, out] = [`net_${neuron}`, `out_${neuron}`];
    const curve = filled(activation.slope, { net: sum, out });
    slope(
      sum, slopes[out] * net.local(out, sum), [out],
      `Times the slope of ${activation.words}:`,
      times(d(out), factor(curve, L)), times(slopeText(out), factor(curve, long)), more,
    );
  }

  /** From a net input to the weights and the bias into it. */
  function parameters(layer, names, below) {
    names.forEach((neuron, k) =>
      into(layer, k).forEach((w, i) =>
        slope(
          w, slopes[`net_${neuron}`] * net.value(below[i]), [`net_${neuron}`, below[i]],
          `${L(w)} counts as much as what it carries:`,
          times(d(`net_${neuron}`), L(below[i])),
          times(slopeText(`net_${neuron}`), long(below[i])),
        ),
      ),
    );
    if (biases === "frozen") return;
    const own = biasNames(sizes, givens, layer);
    for (const bias of new Set(own)) {
      const nets = names.filter((_, k) => own[k] === bias).map((neuron) => `net_${neuron}`);
      slope(
        bias, nets.reduce((sum, name) => sum + slopes[name], 0), nets,
        nets.length > 1 ? `${L(bias)} serves all of them:` : `${L(bias)} is added as it is:`,
        plus(...nets.map((name) => d(name))), plus(...nets.map(slopeText)),
      );
    }
  }

  function update(layer) {
    const own = biases === "frozen" ? [] : new Set(biasNames(sizes, givens, layer));
    for (const name of [...weights[layer], ...own]) {
      add(
        "new", name, next[name], [name, "learning_rate"],
        `${L(name)} takes a step against its slope: ${L(name)}\u207a = ${L(name)} \u2212 ` +
          `${L("learning_rate")} \u00d7 ${d(name)} = ${V(name)} \u2212 ` +
          `${times(given(rate, 1), slopeText(name))} = ${computed(next[name], SLOPE_PLACES)}`,
      );
    }
  }

  forward(1, hidden, inputs);
  forward(2, outputs, hidden.map((h) => `out_${h}`));

  phase = 1;
  for (const o of outputs) {
    const [target, out] = [`target_${o}`, `out_${o}`];
    value(`E_${o}`, [target, out], `How far is ${L(out)} from its target?`, filled(loss.error, { target, out }));
  }
  const errors = outputs.map((o) => `E_${o}`);
  value("E_total", errors, "Both errors count:", filled(loss.total, { E: errors, count: errors.length }));

  phase = 2;
  for (const o of outputs) {
    const [target, out] = [`target_${o}`, `out_${o}`];
    const own = filled(loss.slope, { target, out });
    const miss = loss.total[0] === "/" ? ["/", own, outputs.length] : own; // of a mean
    slope(
      out, net.derivative("E_total", out), [target, out, `E_${o}`],
      `How fast does the error follow ${L(out)}?`, written(miss, L), written(miss, long),
    );
    if (!together) through(2, o);
  }
  if (together) outputs.forEach(throughAll);
  parameters(2, outputs, hidden.map((h) => `out_${h}`));

  if (order === "new") {
    phase = 4; // the slip: the weights move before the hidden layer has its share
    update(2);
  }

  phase = 3;
  // Through each net input comes a share of one output's error, unless these are averaged, or each
  // depends on all net inputs
  const apart = !together && loss.total[0] !== "/";
  const errorOf = (o) => (apart ? `E_${o}` : "E_total");
  const carried = order === "new" ? next : givens;
  const [mark, slip] = order === "new" ? ["\u207a", ", which has already changed"] : ["", ""];
  hidden.forEach((h, k) => {
    const out = `out_${h}`;
    const paths = outputs.map((o, j) => {
      const w = into(2, j)[k];
      const part = slopes[`net_${o}`] * carried[w];
      const text = computed(part, SLOPE_PLACES);
      add(
        "path", out, part, [`E_${o}`, `out_${o}`, `net_${o}`, w],
        `Path ${j + 1} into ${L(h)}, through ${L(o)} and back along ${L(w)}${slip}: ` +
          `${apart ? `${d(out, `E_${o}`)} = ` : ""}${times(d(`net_${o}`, errorOf(o)), L(w) + mark)} = ` +
          `${times(slopeText(`net_${o}`), given(carried[w]))} = ${text}`,
        { path: j + 1 },
      );
      return { w, o, part, text };
    });
    const paired = { paths: paths.map(({ w, o }) => [`E_${o}`, `out_${o}`, `net_${o}`, w]) };
    slope(
      out, paths.reduce((sum, { part }) => sum + part, 0), [],
      "All paths together:", plus(...paths.map(({ o, w }) => (apart ? d(out, `E_${o}`) : times(d(`net_${o}`), L(w) + mark)))),
      plus(...paths.map(({ text }) => text)), paired,
    );
    through(1, h);
  });
  parameters(1, hidden, inputs);

  phase = 4;
  for (const layer of order === "new" ? [1] : [2, 1]) update(layer);
  return steps;
}

/** The label of a name; of b1_2 it is that of b1, with one more index. */
export function labelOf(name, labels) {
  const [layer, neuron] = name.split("_");
  return labels[name] ?? `${labels[layer]},${neuron}`;
}


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

/** What writes the steps of a round of a network with one hidden layer. */
class Round {
  steps = [];
  phase = 0;
  slopes = {};

  constructor({ sizes, givens: start, rate, biases, order, form = DEFAULT }, labels) {
    const { givens } = train(sizes, start, rate, 0, { biases, form }); // gives each neuron its own bias
    const next = train(sizes, givens, rate, 1, { biases, order, form }).givens;
    const net = graph(sizes, givens, double, form);
    Object.assign(this, { sizes, givens, next, net, rate, biases, order, form, labels });
    this.loss = LOSSES[form.loss];
    this.together = activationOf(form, 2).cross;
    this.layers = [numbered("i", sizes[0]), neurons(sizes, 1), neurons(sizes, 2)];
    this.signals = [this.layers[0], this.layers[1].map((h) => `out_${h}`)];
    const all = net.names.filter((name) => name[0] === "w");
    this.weights = { 1: all.slice(0, sizes[0] * sizes[1]), 2: all.slice(sizes[0] * sizes[1]) };
  }

  // How a name and its number are written, and the number of a derivative
  L = (name) => labelOf(name, this.labels);
  d = (name, of = "E_total") => `\u2202${this.L(of)}/\u2202${this.L(name)}`;
  V = (name) => (name in this.givens ? given(this.givens[name]) : computed(this.net.value(name)));
  long = (name) => (name in this.givens ? this.V(name) : computed(this.net.value(name), SLOPE_PLACES));
  slopeText = (name) => computed(this.slopes[name], SLOPE_PLACES);

  /** The weights into the k-th neuron of a layer. */
  into(layer, k) {
    const below = this.sizes[layer - 1];
    return this.weights[layer].slice(k * below, (k + 1) * below);
  }
  biasesOf(layer) {
    return biasNames(this.sizes, this.givens, layer);
  }

  add(kind, of, value, uses, line, more) {
    this.steps.push({ phase: this.phase, kind, of, value, uses, line, ...more });
  }
  value(of, uses, words, tree) {
    const { L, V, net } = this;
    const line = [L(of), written(tree, L), written(tree, V), V(of)].join(" = ");
    this.add("value", of, net.value(of), uses, `${words} ${line}`);
  }
  slope(of, x, uses, words, symbols, numbers, more) {
    this.slopes[of] = x;
    const line = [this.d(of), symbols, numbers, this.slopeText(of)].join(" = ");
    this.add("slope", of, x, uses, `${words} ${line}`, more);
  }

  forward(layer) {
    const { L, form, layers } = this;
    const { out: definition, cross, words } = activationOf(form, layer);
    const nets = layers[layer].map((neuron) => `net_${neuron}`);
    const verb = words.includes("logistic") ? "squashes the sum" : `uses ${words}`;
    const outputOf = (neuron, k) => {
      const net = nets[k];
      this.value(`out_${neuron}`, cross ? nets : [net], `${L(neuron)} ${verb}:`, filled(definition, { net, nets }));
    };
    layers[layer].forEach((neuron, k) => {
      const [weight, signal] = [this.into(layer, k), this.signals[layer - 1]];
      const bias = this.biasesOf(layer).slice(k, k + 1);
      const tree = filled(bias.length ? NET : NET_WITHOUT_BIAS, { weight, signal, bias: bias[0] });
      this.value(nets[k], [...weight, ...signal, ...bias], `${L(neuron)} adds up what comes in:`, tree);
      if (!cross) outputOf(neuron, k);
    });
    if (cross) layers[layer].forEach(outputOf);
  }

  errors() {
    const { L, loss } = this;
    const errors = this.layers[2].map((o) => {
      const [target, out] = [`target_${o}`, `out_${o}`];
      this.value(`E_${o}`, [target, out], `How far is ${L(out)} from its target?`, filled(loss.error, { target, out }));
      return `E_${o}`;
    });
    this.value("E_total", errors, "Both errors count:", filled(loss.total, { E: errors, count: errors.length }));
  }

  outputs() {
    const { L, loss, long } = this;
    for (const o of this.layers[2]) {
      const [target, out] = [`target_${o}`, `out_${o}`];
      const own = filled(loss.slope, { target, out });
      const miss = loss.total[0] === "/" ? ["/", own, this.sizes[2]] : own; // of a mean
      this.slope(
        out, this.net.derivative("E_total", out), [target, out, `E_${o}`],
        `How fast does the error follow ${L(out)}?`, written(miss, L), written(miss, long),
      );
      if (!this.together) this.through(2, o);
    }
    if (this.together) for (const o of this.layers[2]) this.throughAll(o);
    this.parameters(2);
  }

  /** From the outputs of a softmax to one net input, on which all of them depend. */
  throughAll(neuron) {
    const { L, d, long, slopeText } = this;
    const { slope: own, cross } = activationOf(this.form, 2);
    const [sum, outs] = [`net_${neuron}`, this.layers[2].map((o) => `out_${o}`)];
    const terms = (text, of) =>
      outs.map((out) => {
        const roles = { net: sum, out, other: `out_${neuron}` };
        return times(of(out), factor(filled(out === roles.other ? own : cross, roles), text));
      });
    this.slope(
      sum, this.net.derivative("E_total", sum), outs,
      `All outputs depend on ${L(sum)}:`, plus(...terms(L, (out) => d(out))), plus(...terms(long, slopeText)),
    );
  }

  /** From the output of a neuron to its net input: times out (1 - out). */
  through(layer, neuron) {
    const { L, d, long, slopes, slopeText } = this;
    const activation = activationOf(this.form, layer);
    const [sum, out] = [`net_${neuron}`, `out_${neuron}`];
    const curve = filled(activation.slope, { net: sum, out });
    this.slope(
      sum, slopes[out] * this.net.local(out, sum), [out],
      `Times the slope of ${activation.words}:`,
      times(d(out), factor(curve, L)), times(slopeText(out), factor(curve, long)),
    );
  }

  /** From a net input to the weights and the bias into it. */
  parameters(layer) {
    const { L, d, long, slopes, slopeText } = this;
    const [names, below] = [this.layers[layer], this.signals[layer - 1]];
    names.forEach((neuron, k) =>
      this.into(layer, k).forEach((w, i) =>
        this.slope(
          w, slopes[`net_${neuron}`] * this.net.value(below[i]), [`net_${neuron}`, below[i]],
          `${L(w)} counts as much as what it carries:`,
          times(d(`net_${neuron}`), L(below[i])),
          times(slopeText(`net_${neuron}`), long(below[i])),
        ),
      ),
    );
    if (this.biases === "frozen") return;
    const own = this.biasesOf(layer);
    for (const bias of new Set(own)) {
      const nets = names.filter((_, k) => own[k] === bias).map((neuron) => `net_${neuron}`);
      this.slope(
        bias, nets.reduce((sum, name) => sum + slopes[name], 0), nets,
        nets.length > 1 ? `${L(bias)} serves all of them:` : `${L(bias)} is added as it is:`,
        plus(...nets.map((name) => d(name))), plus(...nets.map(slopeText)),
      );
    }
  }

  hidden() {
    this.layers[1].forEach((h, k) => {
      const out = `out_${h}`;
      const paths = this.layers[2].map((o, j) => this.path(h, o, j, this.into(2, j)[k]));
      const [parts, symbols, texts, names] = ["part", "symbol", "text", "names"].map((key) => paths.map((path) => path[key]));
      const sum = parts.reduce((before, part) => before + part, 0);
      this.slope(out, sum, [], "All paths together:", plus(...symbols), plus(...texts), { paths: names });
      this.through(1, h);
    });
    this.parameters(1);
  }

  /** The j-th path back into a hidden neuron, from an output and along a weight. */
  path(h, o, j, w) {
    const { L, d, order, slopes, slopeText, together, loss } = this;
    // Through each net input comes a share of one output's error, unless these are averaged, or
    // each depends on all net inputs
    const apart = !together && loss.total[0] !== "/";
    const carried = (order === "new" ? this.next : this.givens)[w];
    const [mark, slip] = order === "new" ? ["\u207a", ", which has already changed"] : ["", ""];
    const [out, names] = [`out_${h}`, [`E_${o}`, `out_${o}`, `net_${o}`, w]];
    const part = slopes[`net_${o}`] * carried;
    const text = computed(part, SLOPE_PLACES);
    this.add(
      "path", out, part, names,
      `Path ${j + 1} into ${L(h)}, through ${L(o)} and back along ${L(w)}${slip}: ` +
        `${apart ? `${d(out, `E_${o}`)} = ` : ""}${times(d(`net_${o}`, apart ? `E_${o}` : "E_total"), L(w) + mark)} = ` +
        `${times(slopeText(`net_${o}`), given(carried))} = ${text}`,
      { path: j + 1 },
    );
    return { part, text, names, symbol: apart ? d(out, `E_${o}`) : times(d(`net_${o}`), L(w) + mark) };
  }

  update(layer) {
    const { L, d, V, next, slopeText } = this;
    const own = this.biases === "frozen" ? [] : new Set(this.biasesOf(layer));
    for (const name of [...this.weights[layer], ...own]) {
      this.add(
        "new", name, next[name], [name, "learning_rate"],
        `${L(name)} takes a step against its slope: ${L(name)}\u207a = ${L(name)} \u2212 ` +
          `${L("learning_rate")} \u00d7 ${d(name)} = ${V(name)} \u2212 ` +
          `${times(given(this.rate, 1), slopeText(name))} = ${computed(next[name], SLOPE_PLACES)}`,
      );
    }
  }
}

/**
 * The steps of a round of a network with one hidden layer.
 *
 * A step has a phase, 0 to 4, as the buttons of a map have; what it is `of`, by its name in the
 * graph; its `kind`, which is "value", "slope" (the derivative of E_total), "path" (a part of one)
 * or "new"; its `value`; the names that it `uses`; and a `line` that says it. A step on a path also
 * has the `path`, 1 or 2 ...
 */
export function stepsOf(state, labels) {
  const round = new Round(state, labels);
  const slip = state.order === "new"; // the weights move before the hidden layer has its share
  const parts = [
    [0, () => (round.forward(1), round.forward(2))],
    [1, () => round.errors()],
    [2, () => round.outputs()],
    ...(slip ? [[4, () => round.update(2)]] : []),
    [3, () => round.hidden()],
    [4, () => (slip || round.update(2), round.update(1))],
  ];
  for (const [phase, write] of parts) {
    round.phase = phase;
    write();
  }
  return round.steps;
}

/** The label of a name; of b1_2 it is that of b1, with one more index. */
export function labelOf(name, labels) {
  const [layer, neuron] = name.split("_");
  return labels[name] ?? `${labels[layer]},${neuron}`;
}


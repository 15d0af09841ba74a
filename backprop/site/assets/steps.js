// One round of learning, step by step: what each step computes, from what, and how it is said.

import { double } from "./decimal.js";
import { activationOf, biasNames, filled, graph, marksOf, neurons, train } from "./engine.js";
import { shown, TEXT } from "./formula.js";
import { DEFAULT, LOSSES, NET, NET_WITHOUT_BIAS, OVER_SAMPLES } from "./tables.js";
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

/** What writes the steps of a round. */
class Round {
  steps = [];
  phase = 0;
  slopes = {};

  constructor({ sizes, givens: start, rate, biases, order, form = DEFAULT }, labels) {
    const { givens } = train(sizes, start, rate, 0, { biases, form }); // gives each neuron its own bias
    const next = train(sizes, givens, rate, 1, { biases, order, form }).givens;
    const net = graph(sizes, givens, double, form);
    const last = sizes.length - 1;
    Object.assign(this, { sizes, givens, next, net, rate, biases, order, form, labels, last });
    this.marks = marksOf(givens);
    this.loss = LOSSES[form.loss];
    this.together = activationOf(form, last).cross;
    const all = net.names.filter((name) => name[0] === "w");
    this.weights = sizes.map((size, layer) => all.splice(0, layer && size * sizes[layer - 1]));
    // Of what an error counts as a share
    const outputs = this.loss.total[0] === "/" && sizes[last];
    this.shares = [outputs, form.over === "mean" && this.marks.length].filter((count) => count > 1);
  }

  // How a name and its number are written, and the number of a derivative
  L = (name) => labelOf(name, this.labels);
  d = (name, of = "E_total") => `\u2202${this.L(of)}/\u2202${this.L(name)}`;
  V = (name) => (name in this.givens ? given(this.givens[name]) : computed(this.net.value(name)));
  long = (name) => (name in this.givens ? this.V(name) : computed(this.net.value(name), SLOPE_PLACES));
  slopeText = (name) => computed(this.slopes[name], SLOPE_PLACES);

  /** The neurons of a layer, and what they send on, in the sample at hand. */
  neurons(layer) {
    return neurons(this.sizes, layer).map((neuron) => neuron + this.marks[this.sample]);
  }
  signals(layer) {
    return layer ? this.neurons(layer).map((neuron) => `out_${neuron}`) : Array.from({ length: this.sizes[0] }, (_, k) => `i${k + 1}${this.marks[this.sample]}`);
  }
  /** What a function gives for each sample, one after the other. */
  each(give) {
    const all = this.marks.flatMap((_, sample) => give((this.sample = sample)));
    this.sample = undefined;
    return all;
  }

  /** The weights into the k-th neuron of a layer. */
  into(layer, k) {
    const below = this.sizes[layer - 1];
    return this.weights[layer].slice(k * below, (k + 1) * below);
  }
  biasesOf(layer) {
    return biasNames(this.sizes, this.givens, layer);
  }

  add(kind, of, value, uses, line, more) {
    const { phase, sample } = this;
    this.steps.push({ phase, sample, kind, of, value, uses, line, ...more });
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
    const { L, form } = this;
    const { out: definition, cross, words } = activationOf(form, layer);
    const [names, signal] = [this.neurons(layer), this.signals(layer - 1)];
    const nets = names.map((neuron) => `net_${neuron}`);
    const verb = words.includes("logistic") ? "squashes the sum" : `uses ${words}`;
    const outputOf = (neuron, k) => {
      const net = nets[k];
      this.value(`out_${neuron}`, cross ? nets : [net], `${L(neuron)} ${verb}:`, filled(definition, { net, nets }));
    };
    names.forEach((neuron, k) => {
      const weight = this.into(layer, k);
      const bias = this.biasesOf(layer).slice(k, k + 1);
      const tree = filled(bias.length ? NET : NET_WITHOUT_BIAS, { weight, signal, bias: bias[0] });
      this.value(nets[k], [...weight, ...signal, ...bias], `${L(neuron)} adds up what comes in:`, tree);
      if (!cross) outputOf(neuron, k);
    });
    if (cross) names.forEach(outputOf);
  }

  /** The total of some errors. */
  total(of, E, tree) {
    const words = ["The only error counts:", "Both errors count:"][E.length - 1] ?? "All errors count:";
    this.value(of, E, words, filled(tree, { E, count: E.length }));
    return of;
  }

  errors() {
    const { L, loss } = this;
    const errors = this.neurons(this.last).map((o) => {
      const [target, out] = [`target_${o}`, `out_${o}`];
      this.value(`E_${o}`, [target, out], `How far is ${L(out)} from its target?`, filled(loss.error, { target, out }));
      return `E_${o}`;
    });
    return this.total(`E_total${this.marks[this.sample]}`, errors, loss.total);
  }

  outputs() {
    const { L, loss, long, last } = this;
    const names = this.neurons(last);
    for (const o of names) {
      const [target, out] = [`target_${o}`, `out_${o}`];
      const miss = this.shares.reduce((tree, count) => ["/", tree, count], filled(loss.slope, { target, out }));
      this.slope(
        out, this.net.derivative("E_total", out), [target, out, `E_${o}`],
        `How fast does the error change with ${L(out)}?`, written(miss, L), written(miss, long),
      );
      if (!this.together) this.through(last, o);
    }
    if (this.together) for (const o of names) this.throughAll(o);
  }

  /** From the outputs of a softmax to one net input, on which all of them depend. */
  throughAll(neuron) {
    const { L, d, long, slopeText } = this;
    const { slope: own, cross } = activationOf(this.form, this.last);
    const [sum, outs] = [`net_${neuron}`, this.signals(this.last)];
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

  /** From the net inputs, of all samples, to the weights and the bias into them. */
  parameters(layer) {
    const { L, d, long, slopes, slopeText } = this;
    const add = (terms) => terms.reduce((sum, x) => sum + x, 0);
    const own = this.biasesOf(layer);
    const named = (k) => this.each(() => `net_${this.neurons(layer)[k]}`);
    for (let k = 0; k < this.sizes[layer]; k++) {
      const nets = named(k);
      this.into(layer, k).forEach((w, i) => {
        const below = this.each(() => this.signals(layer - 1)[i]);
        const terms = (of, text) => plus(...nets.map((name, s) => times(of(name), text(below[s]))));
        this.slope(
          w, add(nets.map((name, s) => slopes[name] * this.net.value(below[s]))), [...nets, ...below],
          `${L(w)} counts as much as what it carries:`,
          terms((name) => d(name), L), terms(slopeText, long),
        );
      });
    }
    if (this.biases === "frozen") return;
    for (const bias of new Set(own)) {
      const nets = own.flatMap((name, k) => (name === bias ? named(k) : []));
      this.slope(
        bias, add(nets.map((name) => slopes[name])), nets,
        nets.length > 1 ? `${L(bias)} serves all of them:` : `${L(bias)} is added as it is:`,
        plus(...nets.map((name) => d(name))), plus(...nets.map(slopeText)),
      );
    }
  }

  hidden(layer) {
    this.neurons(layer).forEach((h, k) => {
      const paths = this.neurons(layer + 1).map((to, j) => this.path(layer, h, to, j, this.into(layer + 1, j)[k]));
      const [parts, symbols, texts, names] = ["part", "symbol", "text", "names"].map((key) => paths.map((path) => path[key]));
      const sum = parts.reduce((before, part) => before + part, 0);
      this.slope(`out_${h}`, sum, [], "All paths together:", plus(...symbols), plus(...texts), { paths: names });
      this.through(layer, h);
    });
  }

  /** The j-th path back into a hidden neuron, from one of the next layer and along a weight. */
  path(layer, h, to, j, w) {
    const { L, d, order, slopes, slopeText } = this;
    // Through each net input comes all of one output's error, unless these are averaged, or each
    // depends on all net inputs, or more layers follow
    const atEnd = layer === this.last - 1;
    const apart = atEnd && !this.together && !this.shares.length;
    const carried = (order === "new" ? this.next : this.givens)[w];
    const [mark, slip] = order === "new" ? ["\u207a", ", which has already changed"] : ["", ""];
    const [out, names] = [`out_${h}`, [...(atEnd ? [`E_${to}`] : []), `out_${to}`, `net_${to}`, w]];
    const part = slopes[`net_${to}`] * carried;
    const text = computed(part, SLOPE_PLACES);
    this.add(
      "path", out, part, names,
      `Path ${j + 1} into ${L(h)}, through ${L(to)} and back along ${L(w)}${slip}: ` +
        `${apart ? `${d(out, `E_${to}`)} = ` : ""}${times(d(`net_${to}`, apart ? `E_${to}` : "E_total"), L(w) + mark)} = ` +
        `${times(slopeText(`net_${to}`), given(carried))} = ${text}`,
      { path: j + 1 },
    );
    return { part, text, names, symbol: apart ? d(out, `E_${to}`) : times(d(`net_${to}`), L(w) + mark) };
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

  run() {
    const { last, marks, order } = this;
    const down = this.sizes.map((_, k) => last - k).slice(0, -1);
    this.each(() => down.toReversed().forEach((layer) => this.forward(layer)));
    this.phase = 1;
    const totals = this.each(() => this.errors());
    if (marks[0]) this.total("E_total", totals, OVER_SAMPLES[this.form.over]);
    for (const layer of down) {
      this.phase = layer === last ? 2 : 3;
      this.each(() => (layer === last ? this.outputs() : this.hidden(layer)));
      this.parameters(layer);
      this.phase = 4;
      if (order === "new") this.update(layer); // the slip: before the layer below has its share
    }
    if (order !== "new") down.forEach((layer) => this.update(layer));
    return this.steps;
  }
}

/**
 * The steps of a round.
 *
 * A step has a phase, 0 to 4, as the buttons of a map have; the number of its `sample`, if it is of
 * one; what it is `of`, by its name in the graph; its `kind`, which is "value", "slope" (the
 * derivative of E_total), "path" (a part of one) or "new"; its `value`; the names that it `uses`;
 * and a `line` that says it. A step on a path also has the `path`, 1 or 2 ...
 */
export const stepsOf = (state, labels) => new Round(state, labels).run();

/** The label of a name; of b1_2 it is that of b1, with one more index. */
export function labelOf(name, labels) {
  const [layer, neuron] = name.split("_");
  return labels[name] ?? `${labels[layer]},${neuron}`;
}


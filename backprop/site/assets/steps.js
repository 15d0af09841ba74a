// One round of training, step by step: what each step computes, from what, and its words.

import { double } from "./decimal.js";
import { activationOf, biasNames, filled, graph, marksOf, neurons, train } from "./engine.js";
import { DEFAULT, LOSSES, NET, NET_WITHOUT_BIAS, OVER_SAMPLES } from "./tables.js";
import { computed, given, leafOf, MATH, mathOf, partsOf, piecesOf, shown, TEXT } from "./write.js";

const SLOPE_PLACES = 8; // of derivatives, as on the pages: they are small

const plus = (terms) => (terms.length > 1 ? ["+", ...terms] : terms[0]);
const slope = (name) => `E_total/${name}`;

class Round {
  steps = [];
  phase = 0;
  slopes = {}; // derivatives of the total error by name, of another error as `E_o1/net_o1`

  constructor({ sizes, givens: start, rate, biases, order, form = DEFAULT }) {
    const { givens } = train(sizes, start, rate, 0, { biases, form }); // gives each neuron its own bias
    const next = train(sizes, givens, rate, 1, { biases, order, form }).givens;
    const net = graph(sizes, givens, double, form);
    const last = sizes.length - 1;
    Object.assign(this, { sizes, givens, next, net, rate, biases, order, form, last });
    this.marks = marksOf(givens);
    this.loss = LOSSES[form.loss];
    this.together = activationOf(form, last).cross;
    const all = net.names.filter((name) => name[0] === "w");
    this.weights = sizes.map((size, layer) => all.splice(0, layer && size * sizes[layer - 1]));
    // The numbers that a mean over outputs or over samples divides by
    const outputs = this.loss.total[0] === "/" && sizes[last];
    this.shares = [outputs, form.over === "mean" && this.marks.length].filter((count) => count > 1);
  }

  /** The value of a name, with the digits of the figure. */
  short = (name) => (name in this.givens ? given(this.givens[name]) : computed(this.net.value(name)));

  /** The value of a leaf, with the digits of derivatives. */
  long = (leaf) => {
    const { of, wrt, round } = partsOf(leaf);
    if (wrt) return computed(this.slopes[of === "E_total" ? wrt : leaf], SLOPE_PLACES);
    if (of === "rate") return given(this.rate, 1);
    if (round) return given(this.next[of]);
    return of in this.givens ? this.short(of) : computed(this.net.value(of), SLOPE_PLACES);
  };

  /** The neurons of a layer and their outputs, in the current sample. */
  neurons(layer) {
    return neurons(this.sizes, layer).map((neuron) => neuron + this.marks[this.sample]);
  }
  signals(layer) {
    return layer ? this.neurons(layer).map((neuron) => `out_${neuron}`) : Array.from({ length: this.sizes[0] }, (_, k) => `i${k + 1}${this.marks[this.sample]}`);
  }
  /** The results of a function for the samples, one after the other. */
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

  add(kind, of, value, uses, words, formula, more) {
    const { phase, sample } = this;
    this.steps.push({ phase, sample, kind, of, value, uses, words, formula, ...more });
  }
  value(of, uses, words, symbols) {
    const { net, short } = this;
    this.add("value", of, net.value(of), uses, words, { name: of, symbols, number: short, result: short(of) });
  }
  slope(of, x, uses, words, symbols, { numbers, paths } = {}) {
    const { slopes, long } = this;
    const name = slope(of);
    slopes[of] = x;
    this.add("slope", of, x, uses, words, { name, symbols, numbers, number: long, result: long(name) }, { paths });
  }

  forward(layer) {
    const { out: definition, cross, words } = activationOf(this.form, layer);
    const [names, signal] = [this.neurons(layer), this.signals(layer - 1)];
    const nets = names.map((neuron) => `net_${neuron}`);
    const verb = words.includes("logistic") ? "squashes the sum" : `uses ${words}`;
    const outputOf = (neuron, k) => {
      const net = nets[k];
      this.value(`out_${neuron}`, cross ? nets : [net], `{${neuron}} ${verb}:`, filled(definition, { net, nets }));
    };
    names.forEach((neuron, k) => {
      const weight = this.into(layer, k);
      const bias = this.biasesOf(layer).slice(k, k + 1);
      const tree = filled(bias.length ? NET : NET_WITHOUT_BIAS, { weight, signal, bias: bias[0] });
      this.value(nets[k], [...weight, ...signal, ...bias], `{${neuron}} adds up what comes in:`, tree);
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
    const { loss } = this;
    const errors = this.neurons(this.last).map((o) => {
      const [target, out] = [`target_${o}`, `out_${o}`];
      this.value(`E_${o}`, [target, out], `How far is {${out}} from its target?`, filled(loss.error, { target, out }));
      return `E_${o}`;
    });
    return this.total(`E_total${this.marks[this.sample]}`, errors, loss.total);
  }

  outputs() {
    const { loss, last } = this;
    const names = this.neurons(last);
    for (const o of names) {
      const [target, out] = [`target_${o}`, `out_${o}`];
      const miss = this.shares.reduce((tree, count) => ["/", tree, count], filled(loss.slope, { target, out }));
      const words = `How fast does the error change with {${out}}?`;
      this.slope(out, this.net.derivative("E_total", out), [target, out, `E_${o}`], words, miss);
      if (!this.together) this.through(last, o);
    }
    if (this.together) for (const o of names) this.throughAll(o);
  }

  /** The derivative by a net input of a softmax, on which all outputs depend. */
  throughAll(neuron) {
    const { slope: own, cross } = activationOf(this.form, this.last);
    const [sum, outs] = [`net_${neuron}`, this.signals(this.last)];
    const terms = outs.map((out) => {
      const roles = { net: sum, out, other: `out_${neuron}` };
      return ["*", slope(out), filled(out === roles.other ? own : cross, roles)];
    });
    this.slope(sum, this.net.derivative("E_total", sum), outs, `All outputs depend on {${sum}}:`, plus(terms));
  }

  /** The derivative by the net input of a neuron: that by its output, times its slope. */
  through(layer, neuron) {
    const activation = activationOf(this.form, layer);
    const [sum, out] = [`net_${neuron}`, `out_${neuron}`];
    const tree = ["*", slope(out), filled(activation.slope, { net: sum, out })];
    const x = this.slopes[out] * this.net.local(out, sum);
    this.slope(sum, x, [out], `Times the slope of ${activation.words}:`, tree);
  }

  /** The derivatives by the weights and biases of a layer, summed over the samples. */
  parameters(layer) {
    const { slopes } = this;
    const add = (terms) => terms.reduce((sum, x) => sum + x, 0);
    const own = this.biasesOf(layer);
    const named = (k) => this.each(() => `net_${this.neurons(layer)[k]}`);
    for (let k = 0; k < this.sizes[layer]; k++) {
      const nets = named(k);
      this.into(layer, k).forEach((w, i) => {
        const below = this.each(() => this.signals(layer - 1)[i]);
        const x = add(nets.map((name, s) => slopes[name] * this.net.value(below[s])));
        const terms = nets.map((name, s) => ["*", slope(name), below[s]]);
        this.slope(w, x, [...nets, ...below], `{${w}} counts as much as what it carries:`, plus(terms));
      });
    }
    if (this.biases === "frozen") return;
    for (const bias of new Set(own)) {
      const nets = own.flatMap((name, k) => (name === bias ? named(k) : []));
      const words = nets.length > 1 ? `{${bias}} serves all of them:` : `{${bias}} is added as it is:`;
      this.slope(bias, add(nets.map((name) => slopes[name])), nets, words, plus(nets.map(slope)));
    }
  }

  hidden(layer) {
    this.neurons(layer).forEach((h, k) => {
      const ways = this.neurons(layer + 1).map((to, j) => this.path(layer, h, to, j, this.into(layer + 1, j)[k]));
      const [symbols, parts, paths] = ["symbols", "part", "names"].map((key) => ways.map((way) => way[key]));
      const x = parts.reduce((sum, part) => sum + this.slopes[part], 0);
      this.slope(`out_${h}`, x, [], "All paths together:", plus(symbols), { numbers: plus(parts), paths });
      this.through(layer, h);
    });
  }

  /** The j-th path back into a hidden neuron, from a neuron of the next layer along a weight. */
  path(layer, h, to, j, w) {
    const { order, slopes, long } = this;
    // A path carries the error of a single output, unless errors are averaged, outputs depend on all
    // net inputs, or more layers follow
    const atEnd = layer === this.last - 1;
    const apart = atEnd && !this.together && !this.shares.length;
    const [carried, slip] = order === "new" ? [`${w}@1`, ", which has already changed"] : [w, ""];
    const [out, net, E] = [`out_${h}`, `net_${to}`, `E_${to}`];
    const [part, names] = [`${E}/${out}`, [...(atEnd ? [E] : []), `out_${to}`, net, w]];
    slopes[part] = slopes[net] * (order === "new" ? this.next : this.givens)[w];
    if (apart) slopes[`${E}/${net}`] = slopes[net];
    const symbols = ["*", apart ? `${E}/${net}` : slope(net), carried];
    const words = `Path ${j + 1} into {${h}}, through {${to}} and back along {${w}}${slip}:`;
    const formula = { name: apart && part, symbols, number: long, result: long(part) };
    this.add("path", out, slopes[part], names, words, formula, { path: j + 1 });
    return { part, names, symbols: apart ? part : symbols };
  }

  update(layer) {
    const { next, long } = this;
    const own = this.biases === "frozen" ? [] : new Set(this.biasesOf(layer));
    for (const name of [...this.weights[layer], ...own]) {
      const symbols = ["+", name, ["-", ["*", "rate", slope(name)]]];
      const result = computed(next[name], SLOPE_PLACES);
      const words = `{${name}} takes a step against its slope:`;
      const formula = { name: `${name}@1`, symbols, number: long, result };
      this.add("new", name, next[name], [name, "learning_rate"], words, formula);
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
      if (order === "new") this.update(layer); // the slip: before the layer below has its derivatives
    }
    if (order !== "new") down.forEach((layer) => this.update(layer));
    return this.steps;
  }
}

/**
 * The steps of a round.
 *
 * A step has a `phase`, 0 to 4, which is a button of the map; the number of its `sample`, if it
 * belongs to one; the name in the graph that it is `of`; its `kind`: "value", "slope" (the
 * derivative of E_total), "path" (one term of it) or "new"; its `value`; the names that it `uses`;
 * `words`, with names as {w5}; and a `formula`. A step on a path also has its number, `path`.
 *
 * A formula has a `name`, or none; its tree in `symbols`; its tree in `numbers`, if that differs; a
 * function `number` that returns the text of a leaf's value; and the text of the `result`.
 */
export const stepsOf = (state) => new Round(state).run();

const SPOKEN = { ...TEXT, at: (name, round) => (round ? `new ${name}` : name) };

/** Two functions that write a leaf of a formula: as a symbol and as a number. */
const leaves = ({ number }, labels, to) => [leafOf(labels, to), (leaf) => to.number(number(leaf))];

/** The formula of a step as MathML, in symbols and below in numbers; lines break between terms. */
function rowsOf(formula, labels) {
  const { name, symbols, numbers = symbols, result } = formula;
  const [symbol, number] = leaves(formula, labels, MATH);
  const equals = MATH.sign("=");
  const isFactor = (piece) => piece.startsWith(MATH.sign("\u00d7"));
  const line = (pieces) => {
    const terms = pieces.map((piece, k) => (k && !isFactor(piece) ? "</span><span>" : "") + mathOf(piece));
    return `<span><span>${terms.join("")}</span></span>`;
  };
  const [first, ...others] = piecesOf(symbols, symbol, MATH);
  const [start, ...rest] = piecesOf(numbers, number, MATH);
  const left = name ? mathOf(symbol(name)) : "";
  const below = [equals + start, ...rest, equals + MATH.number(result)];
  return `<span class="bp-formula"><span>${left}</span>${line([(name ? equals : "") + first, ...others])}${line(below)}</span>`;
}

/** A step as HTML, and as text for a screen reader. */
export function sayingOf({ words, formula }, labels) {
  const named = (to, shape) => words.replace(/\{(.*?)\}/g, (_, name) => shape(to.name(labels[name])));
  const [html, text] = [named(MATH, mathOf), named(SPOKEN, String)];
  if (!formula) return { html, text };
  const { name, symbols, numbers = symbols, result } = formula;
  const [symbol, number] = leaves(formula, labels, SPOKEN);
  const sides = [shown(symbols, symbol, SPOKEN), shown(numbers, number, SPOKEN), result];
  if (name) sides.unshift(symbol(name));
  return { html: html + rowsOf(formula, labels), text: `${text} ${sides.join(" = ")}` };
}

// A run of training, which starts from the givens of a store.

import { graph, train } from "./engine.js";

const EARLIER = 3; // runs that are kept to compare with
const A_DECADE = 24; // points of the curve between a round and the round ten times as late

/** Whether the error of a round is kept: in all early rounds, later in fewer and fewer. */
const kept = (round) =>
  round <= A_DECADE / 2 ||
  Math.floor(Math.log10(round) * A_DECADE) > Math.floor(Math.log10(round - 1) * A_DECADE);

function createLearner(store) {
  const listeners = new Set();
  let state;

  function become(next) {
    state = next;
    for (const listener of listeners) listener(state);
  }
  function restart() {
    const { sizes, givens, rate, biases, order, form } = store.get();
    // No round yet, but each neuron gets its own bias where it is to learn one.
    const start = train(sizes, givens, rate, 0, { biases, keep: [0], form });
    const [error] = start.errors;
    const earlier = [...(state?.earlier ?? []), ...(state?.round ? [state] : [])].slice(-EARLIER);
    become({ sizes, rate, biases, order, form, givens: start.givens, round: 0, error, curve: [[0, error]], earlier });
  }
  restart();
  store.subscribe(restart);

  return {
    /** {sizes, givens, rate, biases, order, round, error, curve, earlier}; curve: [[round, error], ...] */
    get: () => state,
    graph: () => graph(state.sizes, state.givens, undefined, state.form),
    restart,
    subscribe: (listener) => listeners.add(listener),
    advance(rounds) {
      const { sizes, givens, rate, biases, order, form, round, curve } = state;
      const keep = [];
      for (let k = 1; k < rounds; k++) if (kept(round + k)) keep.push(k);
      keep.push(rounds);
      const after = train(sizes, givens, rate, rounds, { biases, order, keep, form });
      const points = after.errors.map((error, k) => [round + keep[k], error]);
      // The last point of the curve is not kept if it was only where training paused.
      const before = curve.filter(([at]) => at === 0 || kept(at));
      const error = after.errors.at(-1);
      become({ ...state, givens: after.givens, round: round + rounds, error, curve: [...before, ...points] });
    },
  };
}

const learners = new WeakMap();

/** The run of a store, shared by all parts of the page that show it. */
export function learnerOf(store) {
  if (!learners.has(store)) learners.set(store, createLearner(store));
  return learners.get(store);
}

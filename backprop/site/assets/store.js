// The givens of a page. A store holds them, tells its subscribers when they change, and keeps those
// that differ from the example in the page's address, so that a link or a reload restores them.

const CHOICES = {
  biases: ["frozen", "shared", "per_neuron"],
  order: ["old", "new"],
};

/** Whether a network can be trained with a choice for its biases or for the order of updates. */
function canLearn(name, choice, { givens }) {
  const names = Object.keys(givens);
  if (name === "order") return choice === "old" || !names.some((each) => each.includes("_s"));
  const own = names.filter((each) => each[0] === "b").map((each) => each.includes("_"));
  return choice === "frozen" || (own.length > 0 && !(choice === "shared" && own.includes(true)));
}

/** The lowest and the highest value of a given. */
export const range = (name) => (name === "rate" ? [0, 100] : [-20, 20]);

/** The number that a reader typed; null if it is not a number or out of range. */
export function parsed(name, text) {
  const usual = String(text).trim().replace("\u2212", "-").replace(",", ".");
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(usual) ? Number(usual) : NaN;
  const [low, high] = range(name);
  return low <= value && value <= high ? value + 0 : null; // -0 + 0 is 0
}

/** The parts of a state by their names in an address: w5, i1, rate, biases, order. */
const flat = ({ givens, rate, biases, order }) => ({ ...givens, rate, biases, order });

const same = (a, b) => JSON.stringify(flat(a)) === JSON.stringify(flat(b));

/** The state in the address; values that are missing or invalid come from the start. */
function fromAddress(start) {
  const asked = new URLSearchParams(location.search);
  const known = flat(start);
  for (const name in known) {
    const text = asked.get(name);
    if (text === null) continue;
    if (name in CHOICES) known[name] = CHOICES[name].includes(text) && canLearn(name, text, start) ? text : known[name];
    else known[name] = parsed(name, text) ?? known[name];
  }
  const { rate, biases, order, ...givens } = known;
  return { ...start, givens, rate, biases, order };
}

/** An address with what differs from the start; its other parameters stay. */
function addressWith(address, start, state) {
  const changed = new URL(address);
  const [from, to] = [flat(start), flat(state)];
  for (const name in from) {
    if (to[name] === from[name]) changed.searchParams.delete(name);
    else changed.searchParams.set(name, to[name]);
  }
  return changed.href;
}

// Browsers limit how often an address may change: it is written when a reader pauses or clicks.
const unsaved = new Map();
let due = 0;

function keep() {
  for (const [start, state] of unsaved) history.replaceState(history.state, "", addressWith(location.href, start, state));
  unsaved.clear();
}
addEventListener("click", keep, true);

// Links to other pages of the site take the reader's numbers along.
addEventListener("click", ({ target }) => {
  const link = target.closest?.("a[href]");
  if (!link || link.download || link.origin !== location.origin || link.pathname === location.pathname) return;
  for (const store of storesShown()) link.href = addressWith(link.href, store.start, store.get());
}, true);
addEventListener("pagehide", keep);

function createStore(example) {
  const start = { biases: "frozen", order: "old", ...example };
  const listeners = new Set();
  let state = fromAddress(start);

  function become(next) {
    if (same(next, state)) return;
    state = next;
    for (const listener of listeners) listener(state);
  }
  function save(next) {
    become(next);
    unsaved.set(start, next);
    clearTimeout(due);
    due = setTimeout(keep, 400);
  }
  const set = (some) => save({ ...state, ...some, givens: { ...state.givens, ...some.givens } });
  return {
    start,
    get: () => state,
    /** The value of a given, or of the learning rate, `rate`. */
    value: (name) => (name === "rate" ? state.rate : state.givens[name]),
    /** Change some: set({ givens: { w5: -0.3 }, rate: 0.1 }). */
    set,
    /** Change one: change("w5", -0.3). */
    change: (name, value) => set(name === "rate" ? { rate: value } : { givens: { [name]: value } }),
    reset: () => save(start),
    changed: () => !same(start, state),
    /** Call a listener with the state after each change; returns a function that ends this. */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reread: () => become(fromAddress(start)), // after the Back button has changed the address
  };
}

const stores = new WeakMap(); // by page, then by the name of the example
const shownPage = () => document.querySelector(".md-content") ?? document.body;
const storesShown = () => Object.values(stores.get(shownPage()) ?? {});

/** The store of an example, { example, sizes, givens, rate }, on the page that is shown. */
export function storeOf(example) {
  const page = shownPage();
  if (!stores.has(page)) stores.set(page, {});
  return (stores.get(page)[example.example] ??= createStore(example));
}

addEventListener("popstate", () => {
  unsaved.clear();
  for (const store of storesShown()) store.reread();
});

/** Run now and, with Material's instant navigation, on each later page. */
export function onPage(mount) {
  if (globalThis.document$?.subscribe) globalThis.document$.subscribe(mount);
  else mount();
}

/** The example of a map, { example, sizes, givens, rate, labels }, from the metadata of its figure. */
export const exampleOf = (figure) => JSON.parse(figure.querySelector("metadata").textContent);

// What is in view changes at once; the rest of the page follows in a pause, or when it comes into view.

const inView = new WeakSet();
const waiting = new Set();
let next = 0;

function catchUp() {
  const tasks = [...waiting];
  waiting.clear();
  for (const task of tasks) task();
}

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) inView[isIntersecting ? "add" : "delete"](target);
  catchUp();
});

/** Return a function that runs a task now if its element is in view, else in the next pause. */
export function inTurn(element, task) {
  watcher.observe(element);
  return () => {
    if (inView.has(element)) return task();
    waiting.add(task);
    clearTimeout(next);
    next = setTimeout(catchUp, 50);
  };
}

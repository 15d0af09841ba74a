// The playground: how the network learns, and a table of every number, to copy or to save.

import { learnerOf } from "./learner.js";
import { labelOf } from "./steps.js";
import { computed, given, make, writeLine } from "./write.js";

const WORDS = {
  biases: [
    "Biases",
    { frozen: "stay as they are", shared: "one value a layer learns", per_neuron: "each neuron\u2019s own value learns" },
  ],
  order: [
    "The hidden layer gets its share of the error through",
    { old: "the output weights from before the round", new: "the output weights just changed (the slip)" },
  ],
};

/** Radio buttons for how the network learns. */
export function mountChoices(element, store) {
  const sets = Object.entries(WORDS).map(([what, [legend, choices]]) => {
    const labels = Object.entries(choices).map(([value, words]) => {
      const input = make("input", { type: "radio", name: `bp-${what}`, value });
      input.addEventListener("change", () => store.set({ [what]: value }));
      return make("label", {}, input, ` ${words}`);
    });
    return make("fieldset", {}, make("legend", {}, legend), ...labels);
  });
  element.replaceChildren(...sets);
  const show = (state) => {
    for (const input of element.querySelectorAll("input")) {
      input.checked = state[input.name.slice("bp-".length)] === input.value;
    }
  };
  store.subscribe(show);
  show(store.get());
}

/** The rows of the table: [name, value, derivative of E_total]. */
const rowsOf = (net) =>
  net.names.map((name) => [name, net.value(name), net.derivative("E_total", name)]);

const separated = (rows, sign) =>
  [["name", "value", "dE_total/dname"], ...rows].map((row) => row.join(sign)).join("\n");

/** The table of every number, with buttons that copy and save it. */
export function mountTable(element, store, labels) {
  const learner = learnerOf(store);
  const body = make("tbody");
  const head = ["name", "value", "how the total error follows it"];
  const cells = head.map((text) => make("th", { scope: "col" }, text));
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...cells)), body);
  const copy = make("button", { type: "button" }, "Copy");
  const save = make("button", { type: "button" }, "Save as CSV");
  const status = make("span", { role: "status" });
  const round = make("strong");

  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(separated(rowsOf(learner.graph()), "\t"));
      status.textContent = "Copied: paste it into a spreadsheet.";
    } catch {
      status.textContent = "This browser does not let the page copy; save the file instead.";
    }
  });
  save.addEventListener("click", () => {
    const text = `${separated(rowsOf(learner.graph()), ",")}\n`;
    const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const name = `backprop-round-${learner.get().round}.csv`;
    make("a", { href, download: name }).click();
    URL.revokeObjectURL(href);
    status.textContent = `Saved as ${name}.`;
  });

  // Sixty times a second is too often for a table: it follows at the next quiet moment.
  let due = 0;
  const fill = () => {
    due = 0;
    const { givens, round: done } = learner.get();
    const rows = rowsOf(learner.graph()).map(([name, value, slope]) => {
      const head = make("th", { scope: "row" });
      writeLine(head, labelOf(name, labels));
      const text = name in givens ? given(value, 2, 8) : computed(value, 8);
      return make("tr", {}, head, make("td", {}, text), make("td", {}, computed(slope, 8)));
    });
    round.textContent = `Round ${done.toLocaleString("en")}`;
    body.replaceChildren(...rows);
  };
  learner.subscribe(() => {
    status.textContent = "";
    due ||= setTimeout(fill, 100);
  });
  fill();
  const bar = make("div", { class: "bp-row", role: "group", "aria-label": "The table" }, round, copy, save, status);
  const scroller = make("div", { class: "md-typeset__table" }, table);
  element.replaceChildren(bar, make("div", { class: "md-typeset__scrollwrap" }, scroller));
}

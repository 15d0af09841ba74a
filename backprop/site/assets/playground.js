// The playground: how the network learns, and a table of every number, to copy or to save.

import { learnerOf } from "./learner.js";
import { computed, counted, given, make, mathOf } from "./write.js";

/** Show the network that the address asks for instead of a figure's own, and offer a menu of them. */
export function mountNetworks(element, figure) {
  const asked = new URLSearchParams(location.search).get("network");
  const select = element.querySelector("select");
  let chosen;
  for (const template of figure.querySelectorAll("[data-network]")) {
    const { network, title } = template.dataset;
    select.append(make("option", { value: network }, title));
    if (network === asked) [select.value, chosen] = [asked, template];
  }
  // The choice reloads the page, so that the address holds it and the Back button undoes it
  select.addEventListener("change", () => (location.search = select.value && `?network=${select.value}`));
  element.hidden = false;
  if (!chosen) return;
  figure.querySelector("svg").replaceWith(chosen.content.cloneNode(true));
  element.append(make("a", { href: chosen.dataset.page }, "its page"));
}

/** Connect radio buttons to the settings of the store that they are named after. */
export function mountChoices(element, store) {
  const show = (state) => {
    for (const input of element.querySelectorAll("input")) {
      input.checked = state[input.name] === input.value;
    }
  };
  element.addEventListener("change", ({ target }) => store.set({ [target.name]: target.value }));
  element.hidden = false;
  store.subscribe(show);
  show(store.get());
}

/** Show every number of a run in a table that can be copied and saved with all digits. */
export function mountTable(element, bar, store, labels) {
  const learner = learnerOf(store);
  const rows = (net) => net.names.map((name) => [name, net.value(name), net.derivative("E_total", name)]);
  const text = (sign) =>
    [["name", "value", "dE_total/dname"], ...rows(learner.graph())].map((row) => row.join(sign)).join("\n");
  const say = (words) => (bar.querySelector("[role=status]").textContent = words);
  const actions = {
    copy: () =>
      navigator.clipboard.writeText(text("\t")).then(
        () => say("Copied: paste it into a spreadsheet."),
        () => say("This browser does not let the page copy; save the file instead."),
      ),
    save() {
      const href = `data:text/csv,${encodeURIComponent(text(",") + "\n")}`;
      const download = `backprop-round-${learner.get().round}.csv`;
      make("a", { href, download }).click();
      say(`Saved as ${download}.`);
    },
  };
  bar.addEventListener("click", ({ target }) => actions[target.dataset.do]?.());
  bar.hidden = false;

  let due = 0;
  function fill() {
    due = 0;
    const { givens, round } = learner.get();
    const filled = rows(learner.graph()).map(([name, value, slope]) => {
      const head = make("th", { scope: "row" });
      head.innerHTML = mathOf(labels[name][1]);
      // Spaces as wide as a digit align the decimal points
      const short = name in givens && given(value, 2, 8);
      const number = short ? short + "\u2007".repeat(8 - short.split(".")[1].length) : computed(value, 8);
      return make("tr", {}, head, make("td", {}, number), make("td", {}, computed(slope, 8)));
    });
    bar.querySelector("strong").textContent = `Round ${counted(round)}`;
    element.querySelector("tbody").replaceChildren(...filled);
  }
  // During training the table is updated ten times a second.
  learner.subscribe(() => (due ||= setTimeout(fill, 100)));
  fill();
}

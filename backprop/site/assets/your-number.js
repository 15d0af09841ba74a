// The form of the page "Your number differs?": a number or a whole output goes in, an answer comes out.
//
// your-number-search.js searches in a worker, so that the page never waits for it.

const PREFIX = "#printed="; // a link carries the text after it, where no server sees it
const LONGEST_LINK = 4000;
const PAUSE = 150; // milliseconds after the last key before a search

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// A text with `code` in it.
const withCode = (text) =>
  text.split("`").map((part, k) => (k % 2 ? element("code", { textContent: part }) : part));

// The line about a number of an output; a screen reader reads the mark as a word.
function lineOf({ right, text, code, place }, lecture) {
  const mark = element("span", { textContent: right ? "\u2713 " : "\u2717 ", ariaHidden: "true" });
  const spoken = element("span", { className: "bp-said", textContent: right ? "Right: " : "Not right: " });
  const line = element("li", { className: right ? "right" : "departs" }, mark, spoken, text);
  if (code) {
    const link = element("a", { href: `${lecture}#${place}`, textContent: "See there" });
    line.append(" ", ...withCode(code), " ", link, ".");
  }
  return line;
}

// An answer, as elements.
function answerOf({ head, lines, then }, lecture) {
  const parts = [element("p", { className: "head" }, head)];
  if (lines.length) parts.push(element("ul", {}, ...lines.map((line) => lineOf(line, lecture))));
  return [...parts, ...then.map((text) => element("p", {}, ...withCode(text)))];
}

const textOfLink = () =>
  location.hash.startsWith(PREFIX) ? decodeURIComponent(location.hash.slice(PREFIX.length)) : null;

// Connect the form of the page, once.
export function mountForm(form) {
  if (!form.hidden) return;
  const [box, answer] = [form.querySelector("textarea"), form.querySelector("output")];
  const link = form.querySelector("a.link");
  let [worker, asked] = [null, 0];

  function answered({ data: { id, refused, report } }) {
    if (id !== asked) return; // something else has been typed since
    box.setAttribute("aria-invalid", String(Boolean(refused)));
    const parts = refused ? [element("p", {}, refused)] : answerOf(report, form.dataset.lecture);
    answer.replaceChildren(...parts);
    answer.removeAttribute("aria-busy");
    link.hidden = Boolean(refused) || box.value.length > LONGEST_LINK;
    link.href = PREFIX + encodeURIComponent(box.value.trim());
  }

  function searcher() {
    if (worker) return worker;
    worker = new Worker(new URL("./your-number-search.js", import.meta.url), { type: "module" });
    worker.onmessage = answered;
    worker.postMessage({ table: JSON.parse(form.querySelector("script").textContent) });
    return worker;
  }

  function look() {
    const text = box.value.trim();
    asked += 1;
    if (text) {
      answer.setAttribute("aria-busy", "true");
      searcher().postMessage({ id: asked, text });
      return;
    }
    box.setAttribute("aria-invalid", "false");
    answer.replaceChildren();
    link.hidden = true;
  }

  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
  box.addEventListener("focus", () => searcher().postMessage({ warm: true }), { once: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    look();
  });
  const follow = () => {
    const text = textOfLink();
    if (text !== null) box.value = text;
    if (text !== null || box.value) look(); // a text from the link, or one that the browser has kept
  };
  window.addEventListener("hashchange", follow);
  form.hidden = false;
  follow();
}

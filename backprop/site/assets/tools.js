// The button that opens the panel, and what tells a reader that numbers can be changed.

import { mountPanel } from "./panel.js";
import { make, setText } from "./write.js";

const PHONE = matchMedia("(max-width: 44.984375em)"); // there the panel is a sheet at the foot of the screen
const HINT = "Underlined numbers can be changed: drag one sideways, or double-click it and type.";
const SEEN = "bp-hint";

/** Tell who is here for the first time that numbers can be changed, until one is, or it is put away. */
function mountHint(content, open, store) {
  try {
    if (localStorage.getItem(SEEN)) return;
  } catch {
    return; // a browser that keeps nothing would show it on each page
  }
  const said = make("span", { role: "status", class: "bp-said" });
  const away = make("button", { type: "button" }, "Got it");
  const hint = make("div", { class: "bp-hint" }, make("p", { "aria-hidden": "true" }, HINT), said, away);
  const end = () => {
    localStorage.setItem(SEEN, "yes");
    hint.remove();
  };
  away.addEventListener("click", end);
  open.addEventListener("click", end);
  store.subscribe(end);
  content.append(hint);
  setTimeout(() => (said.textContent = HINT), 100); // which is read out, since it changes
}

/**
 * Put the button into the header that opens the panel, and says when the numbers are others. Where
 * the panel is a sheet, `reveal` brings a place into sight that shows the given of a name.
 */
export function mountTools(content, store, labels, reveal) {
  const open = make("button", { type: "button", class: "bp-open", "aria-expanded": "false", "aria-controls": "bp-panel" });
  const differs = make("p", { class: "bp-differs", role: "status" });
  const close = make("button", { type: "button", class: "bp-close", "aria-label": "Close" }, "\u00d7");
  const body = make("div");
  const panel = make("section", { id: "bp-panel", class: "bp-drawer", "aria-label": "Change the numbers", hidden: "" }, make("strong", {}, "Change the numbers"), close, body);
  content.prepend(make("div", { class: "bp-tools" }, differs, panel));
  document.querySelector(".bp-open")?.remove(); // of the page before
  const header = document.querySelector(".md-header__inner");
  if (header) header.querySelector(".md-header__option, [for=__search]").before(open);
  else content.prepend(open);

  const lay = () => document.documentElement.classList.toggle("bp-sheet", !panel.hidden && PHONE.matches);
  PHONE.addEventListener("change", lay); // a phone is turned
  const show = (shown) => {
    if (shown && !body.firstChild) mountPanel(body, store, labels);
    panel.hidden = !shown;
    lay();
    open.setAttribute("aria-expanded", shown);
    if (shown) body.querySelector("input").focus();
    else open.focus();
  };
  open.addEventListener("click", () => show(panel.hidden));
  close.addEventListener("click", () => show(false));
  panel.addEventListener("focusin", ({ target }) => {
    const line = PHONE.matches && target.closest("[data-given]");
    if (line) reveal(line.dataset.given);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
  });
  const tell = () => {
    const changed = store.changed();
    open.classList.toggle("bp-yours", changed);
    setText(open, changed ? "Your numbers" : "Change the numbers");
    setText(differs, changed ? "Your numbers. Code outputs are of the original example." : "");
  };
  store.subscribe(tell);
  tell();
  // The page with a lead says so itself
  if (content.querySelector(".bp-drag") && !content.querySelector(".bp-lead")) mountHint(content, open, store);
}

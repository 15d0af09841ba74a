// A network in a picture: its numbers and the lines of its weights follow its givens, and a given can
// be changed where it stands, as in a text: dragged sideways, stepped by keys, or typed over.

import { parsed, range } from "./store.js";
import { LOOK } from "./tables.js";
import { filled, given, make, setText } from "./write.js";

const PIXELS = 4; // to drag for a step
const STEP = 0.01;
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** A value some steps away, within its range, and without what floats add to it. */
function stepped(name, value, steps) {
  const [low, high] = range(name);
  return Math.min(high, Math.max(low, +(value + steps * STEP).toFixed(10)));
}

/** Let a pointer drag a given. */
function draggable(element, name, store) {
  let from = null;
  element.classList.add("bp-drag");
  element.addEventListener("pointerdown", ({ button, clientX, clientY, pointerId }) => {
    if (button) return;
    from = { x: clientX, y: clientY, value: store.value(name) };
    element.setPointerCapture(pointerId);
  });
  const follow = ({ clientX }) => {
    const steps = from && Math.trunc((clientX - from.x) / PIXELS);
    if (steps) from.moved = true;
    if (from?.moved) store.change(name, stepped(name, from.value, steps));
  };
  element.addEventListener("pointermove", follow);
  element.addEventListener("pointerup", (event) => {
    follow(event);
    from = null;
  });
  element.addEventListener("pointercancel", () => (from = null));
  // A finger that goes sideways drags; one that goes up or down scrolls the page.
  const hold = (event) => {
    const [{ clientX, clientY }] = event.touches;
    if (from && Math.abs(clientX - from.x) > Math.abs(clientY - from.y)) event.preventDefault();
  };
  element.addEventListener("touchmove", hold, { passive: false });
}

/** Put a field over a given, in which a reader types another value; Escape leaves it as it was. */
function type(element, name, store, label) {
  const { left, top, height } = element.getBoundingClientRect();
  const value = String(store.value(name)).replace("-", "\u2212");
  const field = make("input", { class: "bp-typed", inputmode: "decimal", autocomplete: "off", "aria-label": label, value });
  field.style.left = `${left + scrollX}px`;
  field.style.top = `${top + scrollY + height / 2}px`;
  let open = true;
  const end = (keep) => {
    if (!open) return; // to take the field away takes the focus from it
    const typed = parsed(name, field.value);
    if (keep && typed === null) return field.setAttribute("aria-invalid", "true");
    open = false;
    field.remove();
    element.focus();
    if (keep) store.change(name, typed);
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") end(event.key === "Enter");
  });
  field.addEventListener("blur", () => end(parsed(name, field.value) !== null));
  document.body.append(field);
  field.select();
}

/** Let a given in a text be dragged and typed; keys go from number to number there. */
export function changeable(element, name, store, label) {
  draggable(element, name, store);
  element.addEventListener("dblclick", () => type(element, name, store, label));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    type(element, name, store, label);
  });
}

/** The same for one in a picture, where keys step it, and a screen reader says what it is. */
function slider(element, name, store, label) {
  const [low, high] = range(name);
  filled(element, { role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": low, "aria-valuemax": high });
  changeable(element, name, store, label);
  element.addEventListener("keydown", (event) => {
    const steps = KEYS[event.key];
    if (!steps || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    store.change(name, stepped(name, store.value(name), steps));
  });
  const tell = () => {
    const value = store.value(name);
    filled(element, { "aria-valuenow": value, "aria-valuetext": given(value) });
  };
  store.subscribe(tell);
  tell();
}

/** Make sliders of the givens of a picture, which holds things to reach from then on. */
export function mountSliders(figure, store, labels) {
  figure.querySelector("svg").setAttribute("role", "group");
  for (const group of figure.querySelectorAll("[data-name]")) {
    const name = group.dataset.name === "learning_rate" ? "rate" : group.dataset.name;
    if (store.value(name) === undefined || !group.querySelector("[data-value]")) continue;
    slider(group, name, store, labels[name][0]);
  }
}

// How it is drawn --------------------------------------------------------------------------

/** Write a number: its line in smaller letters where it is too long, and what hides the line behind it as wide. */
export function writeNumber(value, text) {
  setText(value, text);
  const line = value.parentNode;
  const { room } = line.dataset;
  if (!room) return;
  const long = LOOK.digit * line.textContent.length;
  const size = Math.min(line.dataset.size, room / long);
  const width = long * size + 4;
  line.setAttribute("font-size", size);
  const patch = line.parentNode.firstChild;
  if (patch.getAttribute("rx") === "0") filled(patch, { x: line.getAttribute("x") - width / 2, width });
}

/** Draw the lines of a weight: as wide as it is large, in the color of its sign, dashed where it is negative. */
export function drawWeight(group, w) {
  const { least, most, dashes, positive, negative } = LOOK;
  const width = (most - (most - least) / (Math.abs(w) + 1)).toFixed(2);
  const stroke = w < 0 ? negative : positive;
  const look = { stroke, "stroke-width": width, "stroke-dasharray": w < 0 ? dashes : "none" };
  group.style.setProperty("--bp-width", `${width}px`);
  for (const line of group.querySelectorAll("line")) filled(line, look);
  group.querySelector("polygon")?.setAttribute("fill", stroke);
}

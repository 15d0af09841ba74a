// What the pictures of a network share, in a text and on a map: their numbers and the lines of weights.

import { LOOK } from "./tables.js";
import { setText } from "./write.js";

/** Write a number: its line in smaller letters where it is too long, and what hides the line behind it as wide. */
export function writeNumber(value, text) {
  setText(value, text);
  const line = value.parentNode;
  const { room, size } = line.dataset;
  if (!room) return;
  const { digit, font } = LOOK;
  const { length } = line.textContent;
  line.setAttribute("font-size", Math.min(size, room / digit / length));
  const patch = line.parentNode.querySelector(':scope > [rx="0"]');
  if (!patch) return;
  const width = Math.min(digit * font * Math.max(length, 4), room) + 4;
  patch.setAttribute("x", line.getAttribute("x") - width / 2);
  patch.setAttribute("width", width);
}

/** Draw the lines of a weight: as wide as it is large, in the color of its sign, dashed where it is negative. */
export function drawWeight(group, w) {
  const { least, most, dashes, positive, negative } = LOOK;
  const width = (most - (most - least) / (Math.abs(w) + 1)).toFixed(2);
  const stroke = w < 0 ? negative : positive;
  group.style.setProperty("--bp-width", `${width}px`);
  for (const line of group.querySelectorAll("line")) {
    line.setAttribute("stroke", stroke);
    line.setAttribute("stroke-width", width);
    if (w < 0) line.setAttribute("stroke-dasharray", dashes);
    else line.removeAttribute("stroke-dasharray");
  }
  group.querySelector("polygon")?.setAttribute("fill", stroke);
}

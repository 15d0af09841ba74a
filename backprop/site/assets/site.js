// Load the scripts of those components that a page has a place for.

import { exampleOf, onPage, storeOf } from "./store.js";

onPage(async () => {
  const place = (name) => document.querySelector(`[data-playground="${name}"]`);
  const lab = place("table") && (await import("./playground.js"));
  const map = document.querySelector('figure[data-figure="map"]');
  if (lab) lab.mountNetworks(place("networks"), map);
  const maps = document.querySelectorAll('figure[data-figure="map"]:not(.bp-live)');
  if (maps.length) {
    const { mountMap } = await import("./map.js");
    for (const map of maps) mountMap(map);
  }
  if (lab) {
    const { labels, ...example } = exampleOf(map);
    lab.mountChoices(place("choices"), storeOf(example));
    lab.mountTable(place("table"), place("bar"), storeOf(example), labels);
    const { mountPanel } = await import("./panel.js");
    mountPanel(place("panel"), storeOf(example), labels);
  }
  const form = document.querySelector("form.your-number");
  if (form) (await import("./your-number.js")).mountForm(form);
  // An address from the time when all derivations were on one page
  const moved = document.getElementById(location.hash.slice(1))?.closest(".finder a");
  if (moved) location.replace(moved.href);
  if (document.querySelector("[data-live]")) (await import("./live.js")).mountLive();
});

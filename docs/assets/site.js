// What a page gets when it has a place for it; a page without one loads no more than this.

import { onPage } from "./store.js";

onPage(async () => {
  const maps = document.querySelectorAll('figure[data-figure="map"]:not(.bp-live)');
  if (maps.length) {
    const { mountMap } = await import("./map.js");
    maps.forEach(mountMap);
  }
});

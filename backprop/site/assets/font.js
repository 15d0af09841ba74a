// Say that the small font of the formulas is there, or that it will not come: their text waits for
// it. It is the one that has the space.

const go = () => document.documentElement.classList.add("bp-font");
document.fonts.load('1em "STIX Two Math"').then(go, go);

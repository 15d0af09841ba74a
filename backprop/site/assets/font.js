// Mark the page once the small font of the formulas, the one with the space, has loaded or failed to:
// the text of formulas stays hidden until then.

const go = () => document.documentElement.classList.add("bp-font");
document.fonts.load('1em "STIX Two Math"').then(go, go);

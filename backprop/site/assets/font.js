// Say that the font of the formulas is there, or that it will not come: their text waits for it.

document.fonts.load('1em "STIX Two Math"').finally(() => document.documentElement.classList.add("bp-font"));

r"""The notation of a page with letters of its own, such as `z^{(<layer>)}_<neuron>` for net inputs.

Each kind of quantity has a pattern, in which `<layer>`, `<neuron>`, `<from>` (the neuron of the
layer below) and `<sample>` stand for numbers. For a network of given sizes the patterns make a
`Notation`. An index may be left out where it has only one value; where it has several, the symbol
without it is the vector or matrix of all values. Superscript and subscript come in any order.
"""

import re
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backprop.symbolic.expressions import join_key
from backprop.symbolic.layered import Place, places
from backprop.symbolic.notation import LECTURE_NOTATION, Notation

Rows = list[list[str]]
_SHORTENED = reprlib.Repr()  # shows the beginning and the end of a long pattern
_SHORTENED.maxstring = 80

KINDS = (
    *("net", "out", "weight", "bias", "input", "target", "answer"),
    *("error", "output_error", "cost", "delta", "rate", "activation"),
)
OF_A_LAYER = ("net", "out", "weight", "bias", "delta")  # kinds with one pattern or one a layer
OF_A_SAMPLE = ("net", "out", "input", "target", "answer", "output_error", "error", "delta")
PLACEHOLDER = re.compile(r"<(layer|neuron|from|sample)([-+]\d)?>")
OPEN, CLOSE = "\ue000", "\ue001"  # surround a symbol that has been recognized in a formula

_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_SCRIPT = rf"(?:{_GROUP}|\\[A-Za-z]+|[A-Za-z0-9*+])"
_BOLD = r"mathbf|boldsymbol|bm|textbf|vec"
_PLAIN = r"mathrm|mathit|mathsf|mathcal|mathscr|text|textrm|textit|operatorname"
_HATS = {"hat": "hat", "widehat": "hat", "bar": "bar", "tilde": "tilde", "widetilde": "tilde"}
_SYMBOL = re.compile(
    rf"(?<![A-Za-z\\])(?:\\(?P<mark>{_BOLD}|{_PLAIN}|{'|'.join(_HATS)})(?![A-Za-z])\s*"
    rf"(?P<inner>{_GROUP}|[A-Za-z]|\\[A-Za-z]+)|(?P<word>[A-Za-z]+|\\[A-Za-z]+)(?P<digits>\d*))"
)
_ABOVE = re.compile(rf"\s*\^\s*({_SCRIPT})")
_BELOW = re.compile(rf"\s*_\s*({_SCRIPT})")
_ARGUMENTS = re.compile(  # of an error as a function: J(W, b), but not J(a - b)
    rf"\s*(?:\\left\s*)?\((?:\s|,|;|\\theta|\\mathbf|\\hat|[A-Za-z]|\{{[A-Za-z]\}}|_{_SCRIPT})+"
    r"(?:\\right\s*)?\)"
)
_MARKS = re.compile(r",?(?P<mark>T|\\top|\\intercal|\+|new)$")


@dataclass(frozen=True)
class Symbol:
    """A symbol in a formula: its letters, superscript, subscript and position."""

    base: str
    above: str
    below: str
    start: int
    ends: tuple[int, int]  # with the superscript, and without it

    @property
    def key(self) -> str:
        """Its key: `z^(1)_2`, or `w5` of a letter and a number."""
        return _key(self.base, self.above, self.below)


def _key(base: str, above: str, below: str) -> str:
    return join_key(f"{base}^{above}" if above else base, below)


def _content(script: str) -> str:
    """Return the content of a superscript or a subscript, without fonts, braces and spaces."""
    text = re.sub(rf"\\(?:{_PLAIN}|{_BOLD}|left|right)(?![A-Za-z])", "", script)
    text = text.replace(r"\prime", "'").replace(r"\ell", "l")
    return re.sub(r"\\[,;! ]|[{}\s_]", "", text)


def symbols_in(latex: str) -> Iterator[Symbol]:
    """Yield everything in a formula that may be a symbol, from left to right."""
    at = 0
    while match := _SYMBOL.search(latex, at):
        at = match.end()
        if match["word"] in (r"\begin", r"\end", r"\text"):
            continue
        base, below = (match["word"] or "").lstrip("\\"), match["digits"] or ""
        above, end, without = "", match.end(), match.end()
        if match["inner"]:
            inner = re.fullmatch(r"\{?\s*(\\?[A-Za-z]+)(\d*)\s*([_^].*?)?\}?", match["inner"])
            if not inner:
                continue
            base, below = inner[1].lstrip("\\"), inner[2]
            if found := _ABOVE.search(inner[3] or ""):
                above = _content(found[1])
            if found := _BELOW.search(inner[3] or ""):
                below = _content(found[1])
            mark = _HATS.get(match["mark"], "vec" * (match["mark"] in _BOLD.split("|")))
            base = f"{mark}_{base}" if mark else base
        for _ in range(2):
            if not above and (found := _ABOVE.match(latex, end)):
                above, end = _content(found[1]), found.end()
            elif not below and (found := _BELOW.match(latex, end)):
                below, end = _content(found[1]), found.end()
                without = end if without == match.end() and not above else without
        yield Symbol(base, above, below, match.start(), (end, without))
        at = match.end()


@dataclass(frozen=True)
class Letters(Notation):
    """The notation that a page defines for itself.

    Attributes:
        reads: the name in the graph for the key of each symbol.
        arrays: the names in the graph for the key of each vector and matrix, row by row.
        functions: the LaTeX of a function for the letter that the page writes for it.
    """

    reads: Mapping[str, str] = field(default_factory=dict)
    arrays: Mapping[str, Rows] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, key: str) -> str | None:
        """Return the name of a key or of a symbol in LaTeX, None if it has none."""
        return self.reads.get(key) or self.reads.get(symbol_key(key))

    def given(self, name: str) -> str:
        """Return the name in the graph of a given, in the letters of the page or of the lecture."""
        return self.canonical(name) or LECTURE_NOTATION.canonical(name) or name

    def rows(self, key: str) -> Rows | None:
        """Return the names in a vector or a matrix, None for any other key."""
        return self.arrays.get(key)

    def key(self, canonical: str) -> str:
        """Return the key of a name.

        Raises:
            ValueError: this notation does not have the name.
        """
        return symbol_key(self.latex(canonical))

    def recognized(self, latex: str) -> Iterator[tuple[int, int, str]]:
        """Yield the start, end and replacement of each of the page's symbols in a formula."""
        last = 0
        for symbol in symbols_in(latex):
            if symbol.start < last:
                continue
            if function := self.functions.get(symbol.key) or self.functions.get(symbol.base):
                last = symbol.ends[0]
                yield symbol.start, last, f"{function} "
            elif symbol.base in self._bases and (found := self._found(symbol)):
                key, behind, last = found
                if self.reads.get(key) == "E_total" and (of := _ARGUMENTS.match(latex, last)):
                    last = of.end()
                yield symbol.start, last, f"{OPEN}{key}{CLOSE}{behind}"

    def _found(self, symbol: Symbol) -> tuple[str, str, int] | None:
        """Return the key of a symbol, the LaTeX to put after it, and where the symbol ends."""
        end, without = symbol.ends
        above, below, base = symbol.above, symbol.below, symbol.base
        if self._has(symbol.key):
            return symbol.key, "", end
        if mark := _MARKS.search(above):
            key, sign = _key(base, above[: mark.start()], below), mark["mark"].lstrip("\\")
            if self._has(key):
                return key, "^{T}" if sign in ("T", "top", "intercal") else "^{+}", end
        if below.endswith("new") and self._has(
            key := _key(base, above, below.removesuffix("new").removesuffix(","))
        ):
            return key, "^{+}", end
        if above and self._has(key := _key(base, "", below)):
            return (key, "", without) if without < end else (key, f"^{{{above}}}", end)
        return (symbol.key, "", end) if re.search(r"[\[(<]", above) else None

    @cached_property
    def _bases(self) -> frozenset[str]:
        return frozenset(_split(key)[0] for key in (*self.reads, *self.arrays))

    def _has(self, key: str) -> bool:
        return key in self.reads or key in self.arrays


def symbol_key(latex: str) -> str:
    """Return the key of one symbol in LaTeX; any other text is returned as it is."""
    symbol = next(symbols_in(latex), None)
    return symbol.key if symbol and symbol.ends[0] == len(latex.rstrip()) else latex


def _split(key: str) -> tuple[str, str]:
    """Split a key into its letters and the rest."""
    match = re.match(r"(?:(?:hat|bar|tilde|vec)_)*[A-Za-z]+", key)
    assert match  # each key begins with its letters
    return match[0], key[match.end() :]


def letters_of(
    symbols: Mapping[str, Any],
    sizes: Sequence[int],
    *,
    samples: int,
    first_layer: int,
    functions: Sequence[str],
    rows: bool,
    columns: bool,
) -> Letters:
    """Return the notation that patterns make for a network.

    Args:
        symbols: for each kind a pattern, or a list with one for each layer; or for the name of one
            quantity in the graph its symbol.
        sizes: the size of each layer, inputs first.
        samples: the number of samples, 0 if names do not have the number of a sample.
        first_layer: the number of the first layer after the inputs.
        functions: the LaTeX of the activation of each layer.
        rows: whether vectors are rows, and weight matrices have a column for each neuron.
        columns: whether weight matrices have a column for each neuron, though vectors are columns.

    Raises:
        ValueError: a pattern is not understood, two make the same symbol, or a pattern lacks an
            index that has several values.
    """
    made = _Maker(symbols, sizes, samples, first_layer)
    made.check()
    for place, kind in made.places_by_kind():
        made.add(place, kind)
    made.add_arrays(rows=rows, columns=columns or rows)
    made.add_symbols_of_the_lecture()
    return Letters(
        "letters", made.symbols, made.reads, made.arrays, made.function_letters(functions)
    )


class _Maker:
    """Makes the symbols of a network from the patterns of a page."""

    def __init__(
        self, symbols: Mapping[str, Any], sizes: Sequence[int], samples: int, first_layer: int
    ) -> None:
        self.patterns = symbols
        self.sizes, self.samples, self.first_layer = sizes, samples, first_layer
        self.symbols: dict[str, str] = {}
        self.reads: dict[str, str] = {}
        self.shortened: dict[str, set[str]] = {}
        self.arrays: dict[str, Rows] = {}

    def check(self) -> None:
        """Check each kind and pattern.

        Raises:
            ValueError: one is not understood.
        """
        names = {place.name for place in places(self.sizes)} | {
            f"b{layer}" for layer in range(1, len(self.sizes))
        }
        for kind, pattern in self.patterns.items():
            if kind not in KINDS and kind not in names:
                raise ValueError(f"symbols: {kind!r} came, expected one of {', '.join(KINDS)}")
            several = pattern if isinstance(pattern, list) else [pattern]
            count = len(self.sizes) - 1
            if isinstance(pattern, list) and (
                kind not in (*OF_A_LAYER, "activation") or len(several) != count
            ):
                raise ValueError(
                    f"symbols: {kind}: a list of {len(several)} came, expected one pattern"
                    + f", or one for each of {count} layers" * (kind in OF_A_LAYER)
                )
            for each in several:
                self._check_pattern(kind, each)

    def _check_pattern(self, kind: str, pattern: object) -> None:
        text = PLACEHOLDER.sub("1", pattern) if isinstance(pattern, str) else ""
        symbol = next(symbols_in(text), None)
        if not symbol or symbol.start or symbol.ends[0] < len(text) or "<" in text:
            raise ValueError(
                f"symbols: {kind}: {_SHORTENED.repr(pattern)} came, expected one symbol in LaTeX "
                "with <layer>, <neuron>, <from> or <sample> in the places of its numbers"
            )
        needs = kind in OF_A_SAMPLE and kind != "error" and self.samples > 1
        if needs and "<sample>" not in str(pattern):
            raise ValueError(
                f"symbols: {kind}: {_SHORTENED.repr(pattern)} came, expected <sample> in it, "
                f"as there are {self.samples} samples"
            )

    def places_by_kind(self) -> Iterator[tuple[Place, str]]:
        """Yield each quantity with the kind of pattern that names it, preferred names first."""
        kinds = {"total": "error", "error": "output_error"}
        every, last = [*places(self.sizes)], len(self.sizes) - 1
        shared = [Place(f"b{layer}", "shared bias", layer) for layer in range(1, last + 1)]
        outputs = [place for place in every if place.kind == "out" and place.layer == last]
        yield from ((place, "answer") for place in outputs)
        yield from ((place, kinds.get(place.kind, place.kind)) for place in every)
        yield from ((place, "bias") for place in shared)
        yield from ((place, "out") for place in every if place.kind == "input")

    def pattern(self, place: Place, kind: str) -> str:
        """Return the pattern of a quantity, empty if the page has none."""
        if place.name in self.patterns:
            return str(self.patterns[place.name])
        pattern = self.patterns.get(kind, "")
        if isinstance(pattern, list):
            return str(pattern[place.layer - 1]) if place.layer else ""
        text = str(pattern)
        last = place.layer == len(self.sizes) - 1
        if (
            kind == "out"
            and "<layer" not in text
            and (not place.layer or (last and "answer" in self.patterns))
        ):
            return ""
        if place.kind == "shared bias" and "<neuron" in text:
            return ""
        if place.kind == "bias" and "<neuron" not in text:
            return ""
        return text

    def add(self, place: Place, kind: str) -> None:
        """Add the symbols of a quantity, of each sample.

        Raises:
            ValueError: another quantity has the same symbol.
        """
        pattern = self.pattern(place, kind)
        if not pattern:
            return
        if kind in ("input", "target", "answer", "output_error"):
            pattern = pattern.replace("<from", "<neuron")
        each_sample = kind in OF_A_SAMPLE and (kind != "error" or "<sample" in pattern)
        for sample in range(1, self.samples + 1) if self.samples and each_sample else [0]:
            name = place.name + f"_s{sample}" * bool(sample)
            self._add(name, pattern, kind, place, sample or 1)
        if kind == "error" and self.samples and "cost" in self.patterns:
            self._add("E_total", str(self.patterns["cost"]), "cost", place, 1)

    def _add(self, name: str, pattern: str, kind: str, place: Place, sample: int) -> None:
        numbers = {
            "layer": place.layer - 1 + self.first_layer,
            "neuron": place.j,
            "from": place.k,
            "sample": sample,
        }
        width = self.sizes[place.layer]
        below = self.sizes[place.layer - 1] if place.layer else 0
        entry = pattern
        own = place.name in self.patterns  # a symbol for this quantity alone needs no index
        if not own and kind == "weight" and "<from" not in pattern and width * below > 1:
            entry = _with_indices(pattern, "<neuron><from>")
        elif not own and place.j and kind != "weight" and "<neuron" not in pattern and width > 1:
            entry = _with_indices(pattern, "<neuron>")
        latex = filled(entry, numbers)
        key = symbol_key(latex)
        other = self.reads.get(key, name)
        if other != name:
            raise ValueError(
                f"symbols: {kind}: {_SHORTENED.repr(pattern)} makes {latex[:80]} of {other} and of "
                f"{name}, expected <layer> or <neuron> in it, or a list of one pattern for each "
                "layer"
            )
        self.reads[key] = name
        self.symbols.setdefault(name, latex)
        counts = {
            "neuron": width,
            "from": below,
            "layer": len(self.sizes) - 1,
            "sample": self.samples or 1,
        }
        for shorter in _shorter(entry, [index for index, count in counts.items() if count == 1]):
            self.shortened.setdefault(symbol_key(filled(shorter, numbers)), set()).add(name)
        if "<neuron><from>" in entry:
            longer = entry.replace("<neuron><from>", "<neuron>,<from>")
            self.shortened.setdefault(symbol_key(filled(longer, numbers)), set()).add(name)

    def add_arrays(self, *, rows: bool, columns: bool) -> None:
        """Add the vectors and matrices, and the symbols that leave out an index."""
        for key, entries in self._by_symbol().items():
            table: dict[int, dict[int, str]] = {}
            for j, k, name in entries:
                table.setdefault(j, {}).setdefault(k, name)
            array = [[*row.values()] for row in table.values()]
            is_matrix = array[0][0].startswith("w")
            if columns if is_matrix else rows:
                array = [list(column) for column in zip(*array, strict=True)]
            base, rest = _split(key)
            letter = base.removeprefix("vec_")
            for name in dict.fromkeys((letter, letter.capitalize() if is_matrix else letter)):
                if len(entries) > 1:
                    self.arrays.setdefault(name + rest, array)
                self.arrays.setdefault(f"vec_{name}{rest}", array)
        for key, names in self.shortened.items():
            if len(names) == 1 and key not in self.reads and key not in self.arrays:
                self.reads[key] = next(iter(names))

    def _by_symbol(self) -> dict[str, list[tuple[int, int, str]]]:
        """Return the entries of each vector and matrix, with their row and column."""
        found: dict[str, list[tuple[int, int, str]]] = {}
        for place, kind in self.places_by_kind():
            numbers = {"layer": place.layer - 1 + self.first_layer}
            if place.kind == "shared bias":
                pattern = str(self.patterns.get("bias", ""))
                entries = [
                    (j + 1, 1, f"b{place.layer}_{j + 1}") for j in range(self.sizes[place.layer])
                ]
            else:
                pattern = self.pattern(place, kind) if kind != "bias" and not self.samples else ""
                several = place.j and place.name not in self.patterns
                entries = [(place.j, place.k or 1, place.name)] if several else []
            if pattern and entries:
                key = symbol_key(filled(_without(pattern, ("neuron", "from")), numbers))
                found.setdefault(key, []).extend(entries)
        return found

    def add_symbols_of_the_lecture(self) -> None:
        """Give each quantity without a symbol of the page the lecture's symbol."""
        stems = [place.name for place in places(self.sizes) if "/" not in place.name]
        if "<neuron" not in str(self.patterns.get("bias", "")):  # else each has a bias of its own
            stems += [f"b{layer}" for layer in range(1, len(self.sizes))]
        moving = [
            stem
            for stem in stems
            if stem.startswith(("i", "net_", "out_", "target_", "E_", "delta_"))
        ]
        samples = range(1, self.samples + 1)
        names = [*(f"{stem}_s{sample}" for stem in moving for sample in samples), *stems]
        for name in names:
            if name not in self.symbols:
                latex = LECTURE_NOTATION.latex(name)
                self.symbols[name] = latex
                self.reads.setdefault(symbol_key(latex), name)

    def function_letters(self, functions: Sequence[str]) -> dict[str, str]:
        """Return the LaTeX of each activation by the letter that the page writes for it.

        A letter of several functions, as g of tanh in one layer and of the logistic function in
        the next, says nothing of either and is none.

        Raises:
            ValueError: a letter stands for a quantity too.
        """
        letters = self.patterns.get("activation", [])
        each = letters if isinstance(letters, list) else [letters] * len(functions)
        found: dict[str, set[str]] = {}
        for pattern, function in zip(each, functions, strict=True) if letters else ():
            of_this_layer = symbol_key(str(pattern))
            base = _split(of_this_layer)[0]
            found.setdefault(of_this_layer, set()).add(function)
            if any(_split(key)[0] == base for key in self.reads):
                raise ValueError(f"symbols: activation: {str(pattern)[:80]} is a quantity as well")
        return {letter: min(of) for letter, of in found.items() if len(of) == 1}


def filled(pattern: str, numbers: Mapping[str, int]) -> str:
    """Return a pattern with numbers put in for its placeholders."""

    def number(match: re.Match[str]) -> str:
        return str(numbers.get(match[1], 1) + int(match[2] or 0))

    wide = any(number > 9 for name, number in numbers.items() if name in ("neuron", "from"))
    text = pattern.replace("<neuron><from>", "<neuron>,<from>") if wide else pattern
    text = re.sub(rf"([_^])({PLACEHOLDER.pattern})", r"\1{\2}", text)
    return PLACEHOLDER.sub(number, text)


def _with_indices(pattern: str, indices: str) -> str:
    """Append indices to the subscript of a pattern."""
    pattern = re.sub(rf"([_^])({PLACEHOLDER.pattern})", r"\1{\2}", pattern)
    if "_" in pattern:
        return re.sub(rf"_\s*({_SCRIPT})", lambda m: f"_{{{_content(m[1])},{indices}}}", pattern)
    return f"{pattern}_{{{indices}}}"


def _shorter(pattern: str, indices: Sequence[str]) -> Iterator[str]:
    """Yield a pattern without single indices, without neighboring pairs and without all."""
    for size in {1, 2, len(indices)}:
        for k in range(len(indices) - size + 1):
            left_out = indices[k : k + size]
            if any(f"<{index}" in pattern for index in left_out):
                yield _without(pattern, left_out)


def _without(pattern: str, indices: Sequence[str]) -> str:
    """Return a pattern without some indices and the scripts and brackets that this leaves empty."""
    text = re.sub(rf"<(?:{'|'.join(indices)})([-+]\d)?>,?", "", pattern).replace(",}", "}")
    return re.sub(r"[_^]\s*(?:\{[\s(\[\])]*\}|(?=$|[_^]))", "", text)

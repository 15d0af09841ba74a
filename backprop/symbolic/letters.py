r"""A page's own letters: `z^{(<layer>)}_<neuron>` says how it writes the net input of a neuron.

Each kind of quantity has a pattern, which holds `<layer>`, `<neuron>`, `<from>` (the neuron of
the layer below) and `<sample>` in the places of numbers. For a network of some widths the
patterns give a `Notation`, as every other way of writing has one. A number may be left out where
there is only one to choose from; where there are several, the symbol without it is the vector or
the matrix of them all. Superscript and subscript may be written in either order.
"""

import re
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from backprop.symbolic.expressions import join_key
from backprop.symbolic.layered import Place, places
from backprop.symbolic.notation import LECTURE_NOTATION, Notation

Rows = list[list[str]]
_SHORTENED = reprlib.Repr()  # a message shows the beginning and the end of a long pattern
_SHORTENED.maxstring = 80

KINDS = (
    *("net", "out", "weight", "bias", "input", "target", "answer"),
    *("error", "output_error", "cost", "delta", "rate", "activation"),
)
OF_A_LAYER = ("net", "out", "weight", "bias", "delta")  # of which a list has one for each layer
OF_A_SAMPLE = ("net", "out", "input", "target", "answer", "output_error", "error", "delta")
PLACEHOLDER = re.compile(r"<(layer|neuron|from|sample)([-+]\d)?>")
OPEN, CLOSE = "\ue000", "\ue001"  # around a symbol that has been recognized in a formula

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
_OF_NAMES = re.compile(  # what an error is a function of: J(W, b), but not J(a - b)
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
    ends: tuple[int, int]  # of the whole, and without the superscript

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
        reads: the name in the graph by the key of each symbol.
        arrays: the names in the graph by the key of each vector and matrix, row by row.
        functions: the LaTeX of a function by the letter that a page writes for it.
    """

    reads: Mapping[str, str] = field(default_factory=dict)
    arrays: Mapping[str, Rows] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, key: str) -> str | None:
        """Return the name of a key or of a symbol in LaTeX, None if it has none."""
        return self.reads.get(key) or self.reads.get(key_of(key))

    def given(self, name: str) -> str:
        """Return the name in the graph of a given, in the letters of the page or of the lecture."""
        return self.canonical(name) or LECTURE_NOTATION.canonical(name) or name

    def rows(self, key: str) -> Rows | None:
        """Return the names in a vector or a matrix, None for any other key."""
        return self.arrays.get(key)

    def latex(self, canonical: str) -> str:
        """Return a name in LaTeX.

        Raises:
            ValueError: this notation does not have the name.
        """
        if canonical in self.symbols:
            return self.symbols[canonical]
        return super().latex(canonical)

    def key(self, canonical: str) -> str:
        """Return the key of a name.

        Raises:
            ValueError: this notation does not have the name.
        """
        return key_of(self.latex(canonical))

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
                if self.reads.get(key) == "E_total" and (of := _OF_NAMES.match(latex, last)):
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


def key_of(latex: str) -> str:
    """Return the key of one symbol in LaTeX; what is none, as it is."""
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
    samples: int = 0,
    first_layer: int = 1,
    functions: Sequence[str] = (),
    rows: bool = False,
    columns: bool = False,
) -> Letters:
    """Return the notation that patterns make for a network.

    Args:
        symbols: a pattern by kind, or a list of one for each layer; or a symbol by the name of
            one quantity in the graph.
        sizes: the width of each layer, inputs first.
        samples: how many there are, where names bear their number.
        first_layer: the number of the first layer behind the inputs.
        functions: the LaTeX of the activation of each layer.
        rows: whether vectors are rows, and weights have a column for each neuron.
        columns: whether weights have a column for each neuron, and vectors are columns.

    Raises:
        ValueError: a pattern is not understood, two make the same symbol, or one has no place
            for a number of which there are several.
    """
    made = _Maker(symbols, sizes, samples, first_layer)
    made.check()
    for place, kind in made.all_places():
        made.add(place, kind)
    made.add_arrays(rows=rows, columns=columns or rows)
    made.add_those_of_the_lecture()
    return Letters(
        "letters", made.symbols, made.reads, made.arrays, made.function_letters(functions)
    )


class _Maker:
    """Makes the symbols of a network from the patterns of a page."""

    def __init__(
        self, symbols: Mapping[str, Any], sizes: Sequence[int], samples: int, first_layer: int
    ) -> None:
        self.given = symbols
        self.sizes, self.samples, self.first = sizes, samples, first_layer
        self.symbols: dict[str, str] = {}
        self.reads: dict[str, str] = {}
        self.shorter: dict[str, set[str]] = {}
        self.arrays: dict[str, Rows] = {}

    def check(self) -> None:
        """Check each kind and pattern.

        Raises:
            ValueError: it is none.
        """
        names = {place.name for place in places(self.sizes)} | {
            f"b{layer}" for layer in range(1, len(self.sizes))
        }
        for kind, pattern in self.given.items():
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

    def all_places(self) -> Iterator[tuple[Place, str]]:
        """Yield each quantity with the kind of pattern that names it, preferred names first."""
        kinds = {"total": "error", "error": "output_error"}
        found = [(place, kinds.get(place.kind, place.kind)) for place in places(self.sizes)]
        last = len(self.sizes) - 1
        found += [
            (place, "answer") for place, kind in found if kind == "out" and place.layer == last
        ]
        shared = [Place(f"b{layer}", "shared bias", layer) for layer in range(1, last + 1)]
        yield from ((place, kind) for place, kind in found if kind == "answer")
        yield from ((place, kind) for place, kind in found if kind != "answer")
        yield from ((place, "bias") for place in shared)
        yield from ((place, "out") for place, kind in found if kind == "input")

    def pattern(self, place: Place, kind: str) -> str:
        """Return the pattern of a quantity, empty if the page has none."""
        if place.name in self.given:
            return str(self.given[place.name])
        pattern = self.given.get(kind, "")
        if isinstance(pattern, list):
            return str(pattern[place.layer - 1]) if place.layer else ""
        text = str(pattern)
        last = place.layer == len(self.sizes) - 1
        if (
            kind == "out"
            and "<layer" not in text
            and (not place.layer or (last and "answer" in self.given))
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
        marks = range(1, self.samples + 1) if self.samples else [0]
        if kind == "error" and "<sample" not in pattern:
            marks = [0]
        for sample in marks if kind in OF_A_SAMPLE else [0]:
            name = place.name + f"_s{sample}" * bool(sample)
            self._add(name, pattern, kind, place, sample or 1)
        if kind == "error" and self.samples and "cost" in self.given:
            self._add("E_total", str(self.given["cost"]), "cost", place, 1)

    def _add(self, name: str, pattern: str, kind: str, place: Place, sample: int) -> None:
        numbers = {
            "layer": place.layer - 1 + self.first,
            "neuron": place.j,
            "from": place.k,
            "sample": sample,
        }
        width = self.sizes[place.layer]
        below = self.sizes[place.layer - 1] if place.layer else 0
        entry = pattern
        own = place.name in self.given  # the symbol of this one quantity, which needs no index
        if not own and kind == "weight" and "<from" not in pattern and width * below > 1:
            entry = _with_indices(pattern, "<neuron><from>")
        elif not own and place.j and kind != "weight" and "<neuron" not in pattern and width > 1:
            entry = _with_indices(pattern, "<neuron>")
        latex = filled(entry, numbers)
        key = key_of(latex)
        other = self.reads.get(key, name)
        if other != name:
            raise ValueError(
                f"symbols: {kind}: {_SHORTENED.repr(pattern)} makes {latex[:80]} of {other} and of "
                f"{name}, expected <layer> or <neuron> in it, or a list of one pattern for each "
                "layer"
            )
        self.reads[key] = name
        self.symbols.setdefault(name, latex)
        left_out = [
            ("neuron", width == 1),
            ("from", below == 1),
            ("layer", len(self.sizes) == 2),
            ("sample", self.samples < 2),
        ]
        drop = [index for index, only in left_out if only]
        for shorter in _shorter(entry, drop):
            self.shorter.setdefault(key_of(filled(shorter, numbers)), set()).add(name)
        if "<neuron><from>" in entry:
            longer = entry.replace("<neuron><from>", "<neuron>,<from>")
            self.shorter.setdefault(key_of(filled(longer, numbers)), set()).add(name)

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
        for key, names in self.shorter.items():
            if len(names) == 1 and key not in self.reads and key not in self.arrays:
                self.reads[key] = next(iter(names))

    def _by_symbol(self) -> dict[str, list[tuple[int, int, str]]]:
        """Return the entries of each vector and matrix, with their row and column."""
        found: dict[str, list[tuple[int, int, str]]] = {}
        for place, kind in self.all_places():
            numbers = {"layer": place.layer - 1 + self.first}
            if place.kind == "shared bias":
                pattern = str(self.given.get("bias", ""))
                entries = [
                    (j + 1, 1, f"b{place.layer}_{j + 1}") for j in range(self.sizes[place.layer])
                ]
            else:
                pattern = self.pattern(place, kind) if kind != "bias" and not self.samples else ""
                several = place.j and place.name not in self.given
                entries = [(place.j, place.k or 1, place.name)] if several else []
            if pattern and entries:
                found.setdefault(key_of(filled(_shorter_all(pattern), numbers)), []).extend(entries)
        return found

    def add_those_of_the_lecture(self) -> None:
        """Give each quantity without a symbol of the page the lecture's symbol."""
        marks = [f"_s{k}" for k in range(1, self.samples + 1)] or [""]
        stems = [place.name for place in places(self.sizes) if "/" not in place.name]
        if "<neuron" not in str(self.given.get("bias", "")):  # else each has a bias of its own
            stems += [f"b{layer}" for layer in range(1, len(self.sizes))]
        moving = ("i", "net_", "out_", "target_", "E_", "delta_")
        names = [
            stem + mark for stem in stems for mark in marks if stem.startswith(moving) or not mark
        ]
        names += stems if self.samples else []
        for name in names:
            if name not in self.symbols:
                latex = LECTURE_NOTATION.latex(name)
                self.symbols[name] = latex
                self.reads.setdefault(key_of(latex), name)

    def function_letters(self, functions: Sequence[str]) -> dict[str, str]:
        """Return the LaTeX of each activation by the letter that the page writes for it.

        A letter that stands for different functions in different layers is left out.

        A letter of several functions, as g of tanh in one layer and of the logistic function in
        the next, says nothing of either and is none.

        Raises:
            ValueError: a letter stands for a quantity as well.
        """
        said = self.given.get("activation", [])
        each = said if isinstance(said, list) else [said] * len(functions)
        found: dict[str, set[str]] = {}
        for pattern, function in zip(each, functions, strict=True) if said else ():
            of_this_layer = key_of(str(pattern))
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
    """Yield a pattern with single indices, pairs of them and all of them left out."""
    choices = [[index] for index in indices] + [[*indices]] * (len(indices) > 1)
    choices += [[*pair] for pair in pairwise(indices)] if len(indices) > 2 else []
    for drop in choices:
        text = pattern
        for index in drop:
            text = re.sub(rf"<{index}([-+]\d)?>,?", "", text)
        if text != pattern:
            yield _tidy(text)


def _shorter_all(pattern: str) -> str:
    """Return a pattern without the indices of neurons."""
    return _tidy(re.sub(r"<(?:neuron|from)([-+]\d)?>,?", "", pattern))


def _tidy(pattern: str) -> str:
    """Remove empty subscripts, superscripts and brackets."""
    return re.sub(r"[_^]\s*(?:\{[\s(\[\])]*\}|(?=$|[_^]))", "", pattern.replace(",}", "}"))

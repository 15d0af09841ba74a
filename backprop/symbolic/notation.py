r"""How each document writes the names of the graph: the notes have z_1 for `net_h1`.

A notation is a table with the LaTeX of each canonical name. In both, `#` stands for a number, and
`@` for a number that may have its layer in front: `net_h@` is `net_h1`, or `net_h2_1` where there
are several hidden layers. The number of a sample, where there are several, stands after a
semicolon: `net_h1_s2` is `\mathrm{net}_{h_{1;2}}`. The table determines the key by which a symbol
on a page is found, the LaTeX of a name, and its plain text.
Notations that count by layer are made by `backprop.symbolic.layered`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from backprop.symbolic.expressions import join_key

NUMBER = r"[1-9]\d*"
INDEX = {"": "()", "#": f"({NUMBER})", "@": f"((?:{NUMBER}_)?{NUMBER})"}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "vec": "\u20d7"}
GREEK = {"alpha": "α", "delta": "δ", "eta": "η", "sigma": "σ"}  # noqa: RUF001


def key_of(latex: str) -> str:
    r"""Flatten one LaTeX symbol to its key.

    Fonts and braces are dropped, and an accent becomes a prefix: `\hat{y}_1`
    and `\hat{y_1}` are `hat_y1`. A subscript is joined with `_`, or directly
    where a number follows a single letter: `E_{\mathrm{total}}` is
    `E_total`, `w_5` is `w5`. Inside a subscript, `_` is dropped and a comma,
    which parts a layer from a neuron, becomes `_`: `\mathrm{net}_{h_1}` is
    `net_h1`, `z_{2,1}` is `z2_1`. A semicolon, which parts off the sample,
    becomes `_s`: `z_{1;2}` is `z1_s2`. A superscript before a subscript is a layer,
    and stays: `z^{2}_{1}` is `z^2_1`.
    """
    text = re.sub(r"\\(?:math|text|operator)[a-z]+", "", latex)
    text = re.sub(rf"\\({'|'.join(ACCENTS)})(?![a-z])", r"\1~", text)
    accent, _, symbol = re.sub(r"[\\{}\s]", "", text).rpartition("~")
    base, _, subscript = symbol.partition("_")
    subscript = subscript.replace("_", "").replace(",", "_").replace(";", "_s")
    return join_key(f"{accent}_{base}" if accent else base, subscript)


def plain_of(key: str) -> str:
    """Return a key as readable text: `ŷ1` for `hat_y1`, the Greek letter for `eta`."""
    for name, mark in ACCENTS.items():
        key = re.sub(rf"^{name}_(.)", rf"\1{mark}", key)
    for name, letter in GREEK.items():
        key = re.sub(rf"^{name}(?![a-z])", letter, key)
    return unicodedata.normalize("NFC", key)


@dataclass(frozen=True)
class Notation:
    """One way of writing the names of the graph.

    Attributes:
        name: what a page's front matter calls it.
        symbols: LaTeX by canonical name, with `#` or `@` for the index; no
            two of them may have the same key.
    """

    name: str
    symbols: Mapping[str, str]

    def canonical(self, key: str) -> str | None:
        """Return the canonical name that a key stands for, None if there is none."""
        stem, mark = split_sample(key)
        for pattern, name in self._keys:
            if match := pattern.fullmatch(stem):
                return _fill(name, match[1]) + mark
        return None

    def latex(self, canonical: str) -> str:
        r"""Return a name in LaTeX, such as `\mathrm{net}_{h_1}`.

        Raises:
            ValueError: this notation does not have the name.
        """
        if canonical in self.symbols:
            return self.symbols[canonical]
        stem, mark = split_sample(canonical)
        latex, index = self._symbol(stem)
        sample = mark.replace("_s", ";")
        if not index and sample:
            subscript = "_" in latex and latex.endswith("}")
            return f"{latex[:-1]}{sample}}}" if subscript else f"{latex}_{{{sample}}}"
        index = index.replace("_", ",") + sample
        return _fill(latex, index if len(index) == 1 else f"{{{index}}}")

    def key(self, canonical: str) -> str:
        """Return a name's key, such as `hat_y1`, the inverse of `canonical`.

        Raises:
            ValueError: this notation does not have the name.
        """
        stem, mark = split_sample(canonical)
        latex, index = self._symbol(stem)
        return _fill(key_of(latex), index) + mark

    def given(self, name: str) -> str:
        """Return the canonical name of a given, written canonically or in this notation."""
        return self.canonical(name) or name

    def rows(self, key: str) -> list[list[str]] | None:  # noqa: ARG002  # only `Letters` have some
        """Return the names in the vector or matrix with a key, None if the notation has none."""
        return None

    def plain(self, canonical: str) -> str:
        """Return a name as text without LaTeX, such as `net_h1` or `ŷ1`.

        Raises:
            ValueError: this notation does not have the name.
        """
        return plain_of(self.key(canonical))

    def _symbol(self, canonical: str) -> tuple[str, str]:
        """Return the LaTeX template of a name, and its index."""
        for pattern, latex in self._names:
            if match := pattern.fullmatch(canonical):
                return latex, match[1]
        names = [_fill(name, "1") for name in self.symbols]
        close = get_close_matches(canonical, names, cutoff=0.5) or [*names[:3], "..."]
        raise ValueError(f"name: {canonical!r} came, expected a name such as {', '.join(close)}")

    @cached_property
    def _names(self) -> list[tuple[re.Pattern[str], str]]:
        return [(_pattern(name), latex) for name, latex in self.symbols.items()]

    @cached_property
    def _keys(self) -> list[tuple[re.Pattern[str], str]]:
        return [(_pattern(key_of(latex)), name) for name, latex in self.symbols.items()]


def split_sample(name: str) -> tuple[str, str]:
    """Split a name or a key into the name without its sample, and the sample: `out_o1`, `_s2`."""
    match = re.fullmatch(rf"(.*?)(_s{NUMBER})?", name, re.DOTALL)
    assert match  # every name does
    return match[1], match[2] or ""


def _pattern(template: str) -> re.Pattern[str]:
    """Return a regular expression for a name or a key, with a group for the index."""
    stem = template.rstrip("#@")
    return re.compile(re.escape(stem) + INDEX[template[len(stem) :]], re.ASCII)


def _fill(template: str, index: str) -> str:
    return template.replace("#", index).replace("@", index)


LECTURE_NOTATION = Notation(
    "lecture",
    {
        "i#": r"i_#",
        "w#": r"w_#",
        "b@": r"b_@",
        "net_h@": r"\mathrm{net}_{h_@}",
        "out_h@": r"\mathrm{out}_{h_@}",
        "net_o#": r"\mathrm{net}_{o_#}",
        "out_o#": r"\mathrm{out}_{o_#}",
        "target_o#": r"\mathrm{target}_{o_#}",
        "E_o#": r"E_{o_#}",
        "E_total": r"E_{\mathrm{total}}",
        "delta_h@": r"\delta_{h_@}",
        "delta_o#": r"\delta_{o_#}",
        "learning_rate": r"\eta",
    },
)
r"""The notation of the lecture: $\mathrm{net}_{h_1}$, $\mathrm{out}_{h_1}$."""

NOTES_NOTATION = Notation(
    "notes",
    {
        "i#": r"x_#",
        "w#": r"w_#",
        "b@": r"b_@",
        "net_h@": r"z_@",
        "out_h@": r"h_@",
        "net_o#": r"y_#",
        "out_o#": r"\hat{y}_#",
        "target_o#": r"t_#",
        "E_o#": r"E_{y_#}",
        "E_total": r"E_{\mathrm{total}}",
        "delta_h@": r"\delta_{z_@}",
        "delta_o#": r"\delta_{y_#}",
        "learning_rate": r"\alpha",
    },
)
r"""The notation of the notes: $z_1$ and $h_1$, then $y_1$ and $\hat{y}_1$."""

NOTATIONS = {notation.name: notation for notation in (NOTES_NOTATION, LECTURE_NOTATION)}
"""Both notations by name."""

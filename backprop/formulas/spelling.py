# ruff: noqa: RUF001  # signs that authors write
r"""Rewrite authors' LaTeX in the spelling of the grammar, keeping track of each place.

The rules stand in a table, by name. A page's own letters are recognized last.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from backprop.formulas.layout import GROUP, Replace
from backprop.symbolic.letters import CLOSE, OPEN, Letters
from backprop.symbolic.notation import ACCENTS


@dataclass(frozen=True)
class Spelled:
    """A formula spelled in another way.

    Attributes:
        text: as the grammar has it.
        places: where each character comes from, and where the source ends; None where all is
            as it was.
    """

    text: str
    places: tuple[int, ...] | None = None

    def with_changes(self, changes: Iterable[tuple[int, int, str]]) -> "Spelled":
        """Return the text with some parts, given in order, written in another way."""
        found, places, end = [], list[int](), 0
        old = self.places or range(len(self.text) + 1)
        for start, stop, text in changes:
            found += [self.text[end:start], text]
            places += [*old[end:start], *[old[start]] * len(text)]
            end = stop
        if not found:
            return self
        return Spelled("".join([*found, self.text[end:]]), (*places, *old[end:]))


_SMALL = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "01234567890123456789+-")
_SIGNS = {
    "≈": r"\approx ",
    "≃": r"\approx ",
    "≅": r"\approx ",
    "≡": r"\equiv ",
    "≠": r"\neq ",
    "≤": r"\leq ",
    "≥": r"\geq ",
    "·": r"\cdot ",
    "×": r"\times ",
    "⋅": r"\cdot ",
    "∗": "*",
    "⊙": r"\odot ",
    "∂": r"\partial ",
    "σ": r"\sigma ",
    "δ": r"\delta ",
    "η": r"\eta ",
    "α": r"\alpha ",
    "θ": r"\theta ",
    "Δ": r"\Delta ",
    "β": r"\beta ",
    "λ": r"\lambda ",
    "μ": r"\mu ",
    "←": r"\leftarrow ",
    "⇒": r"\quad ",
    "→": r"\quad ",
    "∴": r"\quad ",
    "…": r"\dots ",
    "∑": r"\sum ",
    "Σ": r"\sum ",
}
_ROUND = r"(?:\\(?:text|mathrm|mathit)\s*\{\s*)?\(?(?:new|neu|updated|next)\)?\s*\}?"
_OLD = r"(?:\\(?:text|mathrm|mathit)\s*\{\s*)?(?:old|alt)\s*\}?"


def _accented(match: re.Match[str]) -> str:
    """Write a letter below its accent, of one character or of two, as LaTeX does."""
    parts = unicodedata.normalize("NFD", match[0])
    name = {mark: name for name, mark in ACCENTS.items()}.get(parts[1:])
    return rf"\{name}{{{parts[0]}}}" if name else match[0]


def _fraction(match: re.Match[str]) -> str:
    above, _, below = unicodedata.normalize("NFKC", match[0]).partition("\u2044")
    return rf"\frac{{{above}}}{{{below}}}"


SPELLINGS: dict[str, tuple[re.Pattern[str], Replace]] = {
    "signs": (re.compile("|".join(map(re.escape, _SIGNS))), lambda m: _SIGNS[m[0]]),
    "low digits": (re.compile("[₀-₉]+"), lambda m: f"_{{{m[0].translate(_SMALL)}}}"),
    "raised digits": (re.compile("[⁰¹²³⁴-⁹⁺⁻]+"), lambda m: f"^{{{m[0].translate(_SMALL)}}}"),
    "accents": (re.compile(f"[\u00c0-\u1ef9]|[A-Za-z][{''.join(ACCENTS.values())}]"), _accented),
    "fractions": (re.compile(r"(?<!\d)[\u00bc-\u00be\u2150-\u215e]"), _fraction),
    "ordinals": (
        re.compile(
            r"(?<=[a-z])\^\s*\{\s*(?:\\(?:text|mathrm)\s*\{)?(?:th|st|nd|rd)(?:\s*\})?\s*\}"
        ),
        lambda _: "",
    ),
    "primes": (re.compile(r"\^\s*(?:\{\s*\\prime\s*\}|\\prime(?![A-Za-z]))"), lambda _: "'"),
    "new above": (re.compile(rf"\^\s*(?:\{{\s*{_ROUND}\s*\}}|{_ROUND})"), lambda _: "^{+}"),
    "new below": (re.compile(rf"(?<=[0-9A-Za-z}}])\s*,\s*{_ROUND}\s*\}}"), lambda _: "}^{+}"),
    "new behind": (re.compile(rf"(?<=[\w}}])\s*\(\s*(?:{_ROUND})\s*\)"), lambda _: "^{+}"),
    "index behind a prime": (
        re.compile(r"(?P<prime>'+)(?P<index>_\s*(?:\{[^{}]*\}|\w))"),
        lambda m: m["index"] + m["prime"],
    ),
    "old above": (re.compile(rf"\^\s*\{{\s*{_OLD}\s*\}}"), lambda _: ""),
    "close to": (
        re.compile(r"\\(?:approxeq|cong|doteq|thickapprox|sim)(?![A-Za-z])(?:\s*=)?"),
        lambda _: r"\approx ",
    ),
    "defined as": (re.compile(r":=|\\coloneqq(?![A-Za-z])"), lambda _: r"\gets "),
    "arrows": (
        re.compile(
            r"\\(?:therefore|because|implies|iff|[Rr]ightarrow|Long(?:left)?rightarrow"
            r"|longrightarrow|Leftrightarrow)(?![A-Za-z])"
        ),
        lambda _: r"\quad ",
    ),
    "named functions": (
        re.compile(
            r"(?:\\(?:text|textrm|mathrm|operatorname)\s*\{\s*(?:sigmoid|logistic|Sigmoid)\s*\}"
            r"|(?<![A-Za-z\\{])(?:sigmoid|logistic|Sigmoid))(?=\s*(?:\\left)?\s*[('])"
        ),
        lambda _: r"\sigma ",
    ),
    "functions in text": (
        re.compile(r"\\(?:text|textrm|operatorname)(?=\s*\{\s*(?:relu|ReLU|softmax|tanh)\s*\})"),
        lambda _: r"\mathrm",
    ),
    "calligraphic letters": (
        re.compile(r"\\(?:mathcal|mathscr|mathbb)(?=\s*\{)"),
        lambda _: r"\mathrm",
    ),
}
"""What is spelled in another way, by its name."""

_OVER = re.compile(
    rf"\{{(?P<above>(?:[^{{}}]|{GROUP})*?)\\over(?![A-Za-z])(?P<below>(?:[^{{}}]|{GROUP})*?)\}}"
)
_QUANTITY = r"(?=\s*(?:[A-Z]|[a-z](?![a-z])|\\(?!cdot|times)))"
_STRAIGHT = (  # a d counts only where both halves of a fraction begin with one
    re.compile(
        r"\\[dt]?frac\s*\{\s*(?P<above>d)(?=\s*[A-Za-z\\}(])"
        rf"(?:[^={{}}+]|{GROUP})*\}}\s*\{{\s*(?P<below>d){_QUANTITY}"
    ),
    re.compile(
        rf"(?<![A-Za-z\\_^{{}}])(?P<above>d){_QUANTITY}"
        rf"(?:[^={{}}+/&]|{GROUP}){{0,80}}/\s*(?P<below>d){_QUANTITY}"
    ),
)
_NORM = re.compile(r"\\\||\\[lr]Vert(?![A-Za-z])|\\[lr]vert(?![A-Za-z])")
_COMMA = re.compile(rf"_\s*{GROUP}|(?<=\d)(?:,|\{{,\}})(?=\d)")


def spelled(plain: str, letters: Letters | None, *, comma: bool) -> Spelled:
    """Spell a formula as the grammar has it.

    Args:
        plain: LaTeX, its layout blanked out.
        letters: those of the page, if it has its own.
        comma: whether a decimal point is a comma.
    """
    now = Spelled(plain)
    if comma:
        found = [m for m in _COMMA.finditer(now.text) if m[0][0] != "_"]
        now = now.with_changes((*m.span(), ".") for m in found)
    for rule, put in SPELLINGS.values():
        now = now.with_changes([(*m.span(), put(m)) for m in rule.finditer(now.text)])
    while r"\over" in now.text and (over := _OVER.search(now.text)):
        middle = over.end("above"), over.start("below"), "}{"
        now = now.with_changes([(over.start(), over.start(), r"\frac"), middle])
    for fraction in _STRAIGHT:
        straight = [m.span(d) for m in fraction.finditer(now.text) for d in ("above", "below")]
        now = now.with_changes((*span, r"\partial ") for span in straight)
    bars = [m.span() for m in _NORM.finditer(now.text)]
    now = now.with_changes(
        (*span, r"\rVert " if k % 2 else r"\lVert ") for k, span in enumerate(bars)
    )
    if letters is not None:
        now = now.with_changes([*letters.recognized(now.text)])
        lone = re.compile(rf"\{{\s*({OPEN}[^{CLOSE}]*{CLOSE})\s*\}}(?=\s*[\^_'])")
        now = now.with_changes([(*m.span(), m[1]) for m in lone.finditer(now.text)])
    return now

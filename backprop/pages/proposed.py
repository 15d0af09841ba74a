"""Propose the letters of a page, as its front matter would say them, from what it writes."""

import re
from collections import Counter
from collections.abc import Iterable

from backprop.symbolic.letters import Symbol, symbols_in

USUAL = {  # what letters stand for in most texts
    "net": ("z", "net", "s"),
    "out": ("a", "h", "out"),
    "weight": ("w", "W", "theta", "Theta"),
    "bias": ("b",),
    "input": ("x", "i"),
    "target": ("y", "t", "target"),
    "answer": ("hat_y",),
    "error": ("L", "J", "C", "E"),
    "delta": ("delta",),
    "rate": ("eta", "alpha"),
    "activation": ("g", "phi", "varphi", "f"),
}
NO_QUANTITIES = frozenset(  # words of LaTeX, functions, and what only counts
    (
        *("frac", "dfrac", "tfrac", "partial", "cdot", "times", "left", "right", "sum", "quad"),
        *("qquad", "approx", "leftarrow", "sigma", "tanh", "exp", "ln", "log", "max", "text", "e"),
        *("d", "T", "odot", "dots", "ldots", "cdots", "begin", "end", "align", "aligned", "top"),
        *("bmatrix", "pmatrix", "square", "implies", "Rightarrow", "boxed", "gets", "over", "k"),
        *("j", "l", "n", "m", "displaystyle", "nonumber", "prime", "new"),
    )
)
INDEX = r"(?:\d|[a-zA-Z])"


def proposal(formulas: Iterable[str]) -> str:
    """Return lines for the front matter, and as comments what could not be decided.

    Args:
        formulas: the LaTeX of each formula of a page.
    """
    shapes: dict[str, Counter[str]] = {}
    for latex in formulas:
        for symbol in symbols_in(re.sub(r"\\text\{[^{}]*\}", " ", latex)):
            if symbol.base not in NO_QUANTITIES:
                shapes.setdefault(symbol.base, Counter())[_pattern(symbol)] += 1
    lines = ["backprop:", "  symbols:"]
    taken: set[str] = set()
    for kind, bases in USUAL.items():
        met = [base for base in bases if base in shapes]
        if met:
            best = max(met, key=lambda base: sum(shapes[base].values()))
            taken |= {best}
            lines.append(f"    {kind}: '{_likely(shapes[best], kind)}'")
    lines += [
        f"    # not decided: {_latex(base)} ({sum(shapes[base].values())})"
        for base in shapes
        if not {base, base.removeprefix("vec_"), base.removeprefix("vec_").lower()} & taken
    ]
    return "\n".join(lines)


def _likely(found: Counter[str], kind: str) -> str:
    """Return the pattern with the most indices among those met, the most frequent one of these."""
    pattern = max(found, key=lambda each: (each.count("<"), found[each]))
    return pattern.replace("<neuron>", "<from>") if kind == "input" else pattern


def _pattern(symbol: Symbol) -> str:
    """Return a symbol with placeholders for its indices."""
    above = re.sub(r"^([\[(]?)(?:\d|[lL](?:[-+]1)?)([\])]?)$", r"\1<layer>\2", symbol.above)
    below = symbol.below
    if re.fullmatch(rf"{INDEX},?{INDEX}", below) and symbol.base in USUAL["weight"]:
        below = "<neuron>,<from>" if "," in below else "<neuron><from>"
    elif re.fullmatch(INDEX, below):
        below = "<neuron>"
    pattern = _latex(symbol.base) + (f"^{{{above}}}" if "<" in above else "")
    return pattern + (f"_{{{below}}}" if below else "")


def _latex(base: str) -> str:
    r"""Return letters as LaTeX: `\hat{y}` of `hat_y`, `\delta` of `delta`."""
    mark, _, letters = base.rpartition("_")
    name = f"\\{letters}" if letters in GREEK else letters
    return f"\\{mark.replace('vec', 'mathbf')}{{{name}}}" if mark else name


GREEK = ("alpha", "delta", "eta", "theta", "Theta", "phi", "varphi", "beta", "gamma", "lambda")

"""Propose the `symbols:` of a page's front matter from the formulas of the page."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from backprop.formulas.bind import Problem
from backprop.formulas.kinds import Kind
from backprop.formulas.layout import blanked
from backprop.formulas.world import World
from backprop.symbolic.letters import OF_A_LAYER, Symbol, symbols_in

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
KIND_OF = {letter: kind for kind, letters in USUAL.items() for letter in letters}
NO_QUANTITIES = frozenset(  # words of LaTeX, functions and indices
    (
        *("frac", "dfrac", "tfrac", "partial", "cdot", "times", "sum", "quad", "qquad", "approx"),
        *("leftarrow", "sigma", "tanh", "exp", "ln", "log", "max", "text", "e", "d", "T", "odot"),
        *("dots", "ldots", "cdots", "top", "square", "implies", "Rightarrow", "gets", "over", "k"),
        *("j", "l", "n", "m", "prime", "new", "old", "sim", "sigmoid", "Sigmoid", "ReLU", "relu"),
        *("underbrace", "overbrace", "mathbf"),
    )
)
NO_SYMBOLS = re.compile(r"\\text\{[^{}]*\}|\\(?:begin|end)\s*\{[^{}]*\}")
OF_THE_LECTURE = re.compile(r"(?:net|out)_[ho]\d")  # a page with these has its letters
LECTURE = frozenset(
    ("net", "out", "target", "E", "delta", "i", "w", "b", "h", "o", "eta", "output")
)
COUNTED = "w_{<from>}"  # weights numbered through all layers, as in the lecture
INDEX = r"(?:\d|[a-zA-Z])"
GREEK = ("alpha", "delta", "eta", "theta", "Theta", "phi", "varphi", "beta", "gamma", "lambda")


def proposal(formulas: Iterable[str]) -> str:
    """Return lines for the front matter, with undecided symbols as comments.

    Args:
        formulas: the LaTeX of each formula of a page.
    """
    shapes: dict[str, Counter[str]] = {}
    symbols = [symbol for latex in formulas for symbol in _symbols(latex)]
    as_in_lecture = any(OF_THE_LECTURE.fullmatch(symbol.key) for symbol in symbols)
    known = NO_QUANTITIES | (LECTURE if as_in_lecture else frozenset())
    for symbol in symbols:
        if symbol.base not in known:
            shapes.setdefault(symbol.base, Counter())[_pattern(symbol)] += 1
    lines = ["backprop:", "  symbols:"]
    taken: set[str] = set()
    for kind, bases in USUAL.items():
        met = [base for base in bases if base in shapes]
        if met:
            best = max(met, key=lambda base: sum(shapes[base].values()))
            taken |= {best}
            pattern = _likely(shapes[best], kind)
            if pattern != COUNTED:
                lines.append(f"    {kind}: {_quoted(pattern)}")
    lines[1] += " {}" * (len(lines) == 2)
    lines += [
        f"    # not decided: {_latex(base)} ({sum(shapes[base].values())})"
        for base in shapes
        if not {base, base.removeprefix("vec_"), base.removeprefix("vec_").lower()} & taken
    ]
    return "\n".join(lines)


def _symbols(latex: str) -> Iterator[Symbol]:
    """Yield the symbols of a formula, none of which stands in the subscript of another."""
    end = 0
    for symbol in symbols_in(NO_SYMBOLS.sub(" ", blanked(latex))):
        if symbol.start >= end:
            yield replace(symbol, base=_without_d(symbol.base))
            end = end if symbol.above else symbol.ends[0]


def _without_d(base: str) -> str:
    """Return the letters of a quantity without the d of a derivative: L of dL."""
    return base[1:] if base.startswith("d") and base[1:] in KIND_OF else base


def advice(latex: str, problem: Problem, world: World, settings: object) -> str:
    """Return what to add to a message: the line of the front matter that defines a letter.

    Args:
        latex: the formula.
        problem: with an unknown name in it, or with something that cannot be read.
        world: in which it was read.
        settings: of the front matter.
    """
    unreadable = problem.kind is Kind.NOT_UNDERSTOOD and problem.binding is None
    if not (problem.unknown or unreadable):
        return ""
    front = settings if isinstance(settings, dict) else {}
    said = front.get("symbols") or {}
    own = "notation" not in front and "example" not in front
    line = ""
    for symbol in symbols_in(latex) if own else ():
        at = problem.start if problem.unknown else problem.start - 1
        if symbol.start <= at < symbol.ends[0]:
            line = _line(symbol, said, len(world.graph.form.sizes) - 1)
    if line and unreadable:
        return f"; if this letter is your own, add symbols: {{{line}}} to the front matter"
    if line:
        line = f"symbols: {{{line}}}"
    elif problem.unknown:
        name = latex[problem.start : problem.end].strip()
        line = f"names: {{{name if name.isalnum() else _quoted(name)}: ...}}"
    return f"; write one that it has, or add {line} to the front matter" if line else ""


def _line(symbol: Symbol, said: Iterable[str], layers: int) -> str:
    """Return the line below `symbols:` for a letter, empty where its meaning is not clear."""
    kind = KIND_OF.get(symbol.base)
    if kind is None or kind in said:
        return ""
    pattern = _likely(Counter([_pattern(symbol)]), kind)
    clear = "<layer>" in pattern or layers == 1 or kind not in OF_A_LAYER
    return f"{kind}: {_quoted(pattern)}" if clear and not re.search(r"\d", pattern) else ""


def _quoted(latex: str) -> str:
    return "'" + latex.replace("'", "''") + "'"


def _likely(found: Counter[str], kind: str) -> str:
    """Return the pattern with the most indices among those met, the most frequent one of these."""
    pattern = max(found, key=lambda each: (each.count("<"), found[each]))
    alone = kind == "input" or (kind == "weight" and pattern.count("<") == 1)
    return pattern.replace("<neuron>", "<from>") if alone else pattern


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

"""Make Markdown tables of the values of each variant."""

import math
from collections.abc import Callable

from backprop import arguments
from backprop.variants.rows import VARIANTS, Variant, is_by_hand, variant_values

DECIMALS = 4  # of variants that round by hand
CHOICES = {"biases", "order"}
GIVENS = {"rate", "targets", "inputs", "weights"}
WITHOUT_BIASES = {"biases": "none"}


def _is_choice(variant: Variant) -> bool:
    chosen = variant.switches.keys() - {"example"}
    return chosen <= CHOICES and variant.switches != WITHOUT_BIASES


def _is_given(variant: Variant) -> bool:
    return bool(GIVENS & variant.switches.keys()) or variant.switches == WITHOUT_BIASES


def _is_formula(variant: Variant) -> bool:
    one = len(variant.way) == 1 and variant.example == "lecture"
    others = CHOICES | GIVENS | {"loss", "precision", "rounding"}
    return one and not variant.switches.keys() & others


GROUPS: dict[str, Callable[[Variant], bool]] = {
    "choices": lambda v: v.example == "lecture" and _is_choice(v),
    "notes": lambda v: v.example == "notes" and _is_choice(v),
    "errors": lambda v: v.example == "lecture" and "loss" in v.switches,
    "givens": _is_given,
    "formulas": _is_formula,
    "digits": is_by_hand,
    "weights": lambda v: (
        not is_by_hand(v)
        and v.switches.get("biases") in (None, "none")
        and v.switches.get("loss") != "printed_squared"
    ),
    "outputs": lambda v: not is_by_hand(v) and v.switches.get("loss") in (None, "printed_squared"),
}  # which variants a table has
BOUND = {
    "rate 0.001": r"took $\eta / 500 = 0.001$ as the learning rate",
    "rate 0.01": r"took $\eta / 50 = 0.01$ as the learning rate",
    "rate 0.05": r"took $\eta / 10 = 0.05$ as the learning rate",
    "rate 0.1": r"took $\eta / 5 = 0.1$ as the learning rate",
    "rate 1": r"took $2 \eta = 1$ as the learning rate",
    "a small i1": r"took $i_1 / 10 = 0.005$ for $i_1$, as one of the slides prints it",
}  # `Variant.did` of these variants, with each decimal in a formula
COLUMNS = {
    "E 1": ("after 1 round", r"\tilde{E}^{(1)}", "E_total", 1),
    "E 10000": ("after 10,000", r"\tilde{E}^{(10000)}", "E_total", 10_000),
    **{
        f"o{k}": ("", rf"\tilde{{\mathrm{{out}}}}_{{o_{k}}}^{{(10000)}}", f"out_o{k}", 10_000)
        for k in (1, 2)
    },
    **{f"w{k}": ("", rf"\tilde{{w}}_{{{k}}}^{{+}}", f"w{k}", 1) for k in range(1, 9)},
}


def table(what: str) -> str:
    """Return a table of variants.

    Args:
        what: the group of variants, and the columns: `choices: E 1, E 10000`.

    Raises:
        ValueError: there is no such group or column.
    """
    group, _, names = what.partition(": ")
    arguments.one_of("group", group, tuple(GROUPS))
    for name in names.split(", "):
        arguments.one_of("column", name, tuple(COLUMNS))
    columns = [COLUMNS[name] for name in names.split(", ")]
    heads = [f"{words} ${symbol}$".strip() for words, symbol, _, _ in columns]
    rows = [["row", "what you did", *heads], ["---"] * (len(heads) + 2)]
    for k, variant in enumerate(VARIANTS):
        if GROUPS[group](variant):
            values = [variant_values(quantity, done)[k] for _, _, quantity, done in columns]
            places = DECIMALS if "rounding" in variant.switches else 9
            rows.append([f"${k + 1}$", _label(variant, group), *(_cell(x, places) for x in values)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _label(variant: Variant, group: str) -> str:
    """Return the label of a row, with decimals only in formulas."""
    if variant.name in BOUND:
        return BOUND[variant.name]
    by_name = variant.slips and group not in ("givens", "formulas")
    example = "the notes: " if group != "notes" and variant.example == "notes" else ""
    return example + (variant.name if by_name else variant.did)


def _cell(value: float, places: int) -> str:
    if math.isnan(value):
        return "·"
    if abs(value) >= 1e-3:
        return f"${value:.{places}f}$"
    mantissa, _, exponent = f"{value:.8e}".partition("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"

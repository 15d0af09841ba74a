"""Rounding as it is taught at school, on decimals, so that no half-way case depends on a float."""

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

# No float has more digits before its point, and no page after it; the powers of ten have no bounds.
WIDE = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)


def rounded(value: Decimal, unit: Decimal) -> Decimal:
    """Round to a unit in the last place; half-way cases go away from zero."""
    result = value.quantize(unit, ROUND_HALF_UP, WIDE)
    return result or abs(result)  # there is no -0 on a page


def power_of_ten(exponent: int) -> Decimal:
    """Return a power of ten."""
    return Decimal((0, (1,), exponent))


def unit_of(value: Decimal) -> Decimal:
    """Return one unit in the last place of a number as it is written: 0.01 for 0.35."""
    return power_of_ten(int(value.as_tuple().exponent))

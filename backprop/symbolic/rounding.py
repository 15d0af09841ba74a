"""Round decimals as it is taught at school: half-way cases go away from zero."""

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

# More digits than a float has before its point and a page after it, and any power of ten.
WIDE = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)


def rounded(value: Decimal, unit: Decimal) -> Decimal:
    """Round to a unit in the last place; half-way cases go away from zero."""
    result = value.quantize(unit, ROUND_HALF_UP, WIDE)
    return result or abs(result)  # a page prints 0 without a sign


def power_of_ten(exponent: int) -> Decimal:
    """Return a power of ten."""
    return Decimal((0, (1,), exponent))


def unit_of(value: Decimal) -> Decimal:
    """Return one unit in the last place of a number as it is written: 0.01 for 0.35."""
    return power_of_ten(int(value.as_tuple().exponent))

"""Money is whole cents inside and decimal text at the edges; binary floating point never."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest whole cent, ties away from zero; both not negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def cut(amount: Fraction) -> int:
    """The whole cents of a positive exact amount; what is below the cent is dropped."""
    return amount.numerator // amount.denominator


def cents(amount: Decimal) -> int:
    """A decimal dollar amount as whole cents; ValueError when it has parts of a cent."""
    scaled = amount.scaleb(2)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} has parts of a cent")
    return whole


def dollars(amount_cents: int) -> Decimal:
    """Whole cents as an exact decimal with two places."""
    return Decimal(amount_cents).scaleb(-2)


def text(amount_cents: int) -> str:
    """Whole cents as they travel in files and the API: `1234.50`."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def format_cents(amount_cents: int) -> str:
    """Whole cents as people read them: `$1,234.50`."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}${whole:,}.{rest:02d}"

"""Numbers with what they count, as people write them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`, `1,200 rows`; with `many` also `1 row is`, `2 rows are`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

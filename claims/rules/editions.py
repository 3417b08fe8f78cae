"""What the editions of a packet are called, on pages and in packets alike."""

from __future__ import annotations

EDITION_LABELS = {"certified": "As certified", "decided": "As decided"}


def edition_in_words(edition: str, appeals: int) -> str:
    """`As decided`, with the rulings on appeal that it has taken in: `As decided on appeal, 2 rulings`."""
    label = EDITION_LABELS[edition]
    if not appeals:
        return label
    return f"{label} on appeal" if appeals == 1 else f"{label} on appeal, {appeals} rulings"

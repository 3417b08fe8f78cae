"""The form for an agency's two counts."""

from __future__ import annotations

from typing import Any

from django import forms

from awards.services import LARGEST_COUNT

WHOLE = {"invalid": "Enter a whole number, such as 120.", "required": "Enter a number; 0 is one."}


class CountsForm(forms.Form):
    """Two counts of persons, and nothing about any of them."""

    referred = forms.IntegerField(
        label="Persons referred",
        min_value=0,
        max_value=LARGEST_COUNT,
        help_text="Persons ICE referred to the agency in the quarter.",
        error_messages=WHOLE,
    )
    located = forms.IntegerField(
        label="Persons located",
        min_value=0,
        max_value=LARGEST_COUNT,
        help_text="Of those referred, the ones the agency located.",
        error_messages=WHOLE,
    )

    def clean(self) -> dict[str, Any]:
        """Nobody can be located who was not referred."""
        counts: dict[str, Any] = super().clean() or {}
        referred, located = counts.get("referred"), counts.get("located")
        if referred is not None and located is not None and located > referred:
            self.add_error(
                "located",
                f"{located:,} located is more than {referred:,} referred. Check both numbers.",
            )
        return counts

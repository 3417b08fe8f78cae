"""What a reviewer fills in about lines, and an approver about waivers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from claims.models import Waiver
from claims.rules.lines import CHOSEN, Category, Line
from portal.accounts.fresh import FreshForm
from portal.kernel.money import format_cents, text
from portal.kernel.tabular.values import read_money


class ReasonForm(forms.Form):
    """Why something is taken away from lines: one reason of the list, and what was found."""

    reason = forms.ChoiceField(
        label="Reason",
        choices=[
            ("", "Choose a reason"),
            *((reason.value, f"{reason.label} ({reason.rule})") for reason in CHOSEN),
        ],
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose a reason."},
    )
    note = forms.CharField(
        label="What you found",
        help_text="The agency reads it when the claim is returned or decided, and it is printed in "
        "the packet.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write in a sentence what you found."},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class AdjustForm(ReasonForm):
    """Taking a part of one line, or all that is left of it."""

    category = forms.CharField(widget=forms.HiddenInput)
    amount = forms.CharField(
        label="Amount to disallow",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": "Write the amount to disallow."},
    )

    field_order = ("amount", "reason", "note")

    def __init__(self, line: Line, **rest: Any) -> None:
        super().__init__(auto_id=f"{line.category.value}_%s", **rest)
        self.line = line
        self.fields["category"].initial = line.category.value
        self.fields["amount"].initial = text(line.allowed)
        self.fields["amount"].help_text = f"In US dollars, at most {format_cents(line.allowed)}."

    def clean_amount(self) -> int:
        """The amount in whole cents."""
        cents = read_money(self.cleaned_data["amount"])
        if not isinstance(cents, int):
            raise forms.ValidationError("Write an amount in dollars and cents, such as 300.00.")
        return cents


class GiveBackForm(forms.Form):
    """Why an adjustment is taken back."""

    adjustment = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Why it is given back",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write in a sentence why."},
    )

    def __init__(self, pk: int, **rest: Any) -> None:
        super().__init__(auto_id=f"back-{pk}-%s", **rest)
        self.fields["adjustment"].initial = pk


class DisallowForm(ReasonForm):
    """Disallowing many lines of one category in full."""

    TICKED, ALL = "ticked", "all"

    which = forms.ChoiceField(
        label="Which lines",
        widget=forms.RadioSelect,
        initial=TICKED,
        error_messages={"required": "Choose which lines are meant."},
    )
    officers = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    field_order = ("which", "reason", "note")

    def __init__(self, shown: Sequence[str], everything: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.fields["which"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's own
            (self.TICKED, "The lines ticked above"),
            (self.ALL, everything),
        ]
        self.fields["officers"].choices = [(officer, officer) for officer in shown]  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        """Refuse when no line is meant."""
        cleaned = super().clean() or {}
        if cleaned.get("which") == self.TICKED and not cleaned.get("officers"):
            self.add_error("which", "Tick at least one line, or choose all of them.")
        return cleaned


class WaiverForm(FreshForm):
    """A requirement that is lifted: which, for what, until when, and why."""

    rule = forms.ChoiceField(
        label="What is not required",
        choices=Waiver.Rule.choices,
        error_messages={"required": "Choose what is not required."},
    )
    officer_id = forms.CharField(
        label="Payroll id of the officer",
        help_text="Leave it empty for the whole claim, or for the award.",
        max_length=100,
        required=False,
    )
    category = forms.ChoiceField(
        label="Line",
        choices=[
            ("", "All lines"),
            *((category.value, category.label) for category in Category),
        ],
        required=False,
    )
    expires_on = forms.DateField(
        label="Good until",
        help_text="The last day on which it is good.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose the last day.", "invalid": "Choose a day."},
    )
    reason = forms.CharField(
        label="Why",
        help_text="The agency reads it, and it is printed in the packet.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write in a sentence why."},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ("rule", "officer_id", "category", "expires_on", "reason", "password")


class RevokeForm(FreshForm):
    """Why a waiver ends early."""

    note = forms.CharField(
        label="Why it ends",
        help_text="The agency reads it.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write in a sentence why it ends."},
    )

    field_order = ("note", "password")

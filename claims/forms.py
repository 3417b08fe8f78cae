"""What people fill in about claims and payroll."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from claims.models import Hold, Lateness, PayrollBatch
from claims.rules.lifecycle import Action
from portal.accounts.fresh import FreshForm
from portal.accounts.models import Agency
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.table import MAX_BYTES

ADD = "add"


def quarter_label(quarter: Quarter) -> str:
    """A quarter with its days: `FY2026Q1 (Oct 1 to Dec 31, 2025)`."""
    first, last = quarter.start, quarter.end
    return f"{quarter} ({first:%b} {first.day} to {last:%b} {last.day}, {last.year})"


class PayrollForm(forms.Form):
    """A payroll file for one of the open quarters.

    `accepted` are the files that count already for the quarter chosen: with any, the person says
    whether the new one is added or takes the place of one of them.
    """

    quarter = forms.TypedChoiceField(
        coerce=Quarter.parse,
        label="Quarter",
        help_text="Any row that overlaps the quarter belongs in the file.",
        error_messages={"invalid_choice": "Choose a quarter whose claim is still open."},
    )
    replaces = forms.ChoiceField(
        label="What the file does",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the file is added or replaces an earlier one."},
    )
    file = forms.FileField(
        label="Payroll file",
        help_text="CSV or XLSX, up to 25 MB and 150,000 rows.",
        max_length=1000,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "data-max-bytes": MAX_BYTES}),
        error_messages={
            "required": "Choose the file to upload.",
            "empty": "This file is empty. Export it again from your payroll system.",
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, quarters: Sequence[Quarter], accepted: Sequence[PayrollBatch], **rest: Any
    ) -> None:
        super().__init__(**rest)
        self.fields["token"].initial = uuid.uuid4
        quarter = cast(forms.ChoiceField, self.fields["quarter"])
        quarter.choices = [(str(q), quarter_label(q)) for q in quarters]
        if accepted:
            replaces = cast(forms.ChoiceField, self.fields["replaces"])
            replaces.choices = [
                (ADD, "Add it: its rows count beside those already accepted"),
                *((str(batch.pk), _replacing(batch)) for batch in accepted),
            ]
        else:
            del self.fields["replaces"]

    @property
    def has_quarters(self) -> bool:
        """Whether there is any quarter to send payroll for."""
        return bool(cast(forms.ChoiceField, self.fields["quarter"]).choices)

    def clean_file(self) -> UploadedFile:
        """The file, if it is not larger than the portal takes."""
        file: UploadedFile = self.cleaned_data["file"]
        size = file.size or 0
        if size > MAX_BYTES:
            raise forms.ValidationError(
                f"This file has {size / 1024 / 1024:,.1f} MB; the limit is 25 MB. "
                "Split it by pay period."
            )
        return file


def _replacing(batch: PayrollBatch) -> str:
    return f"Replace {batch.reference}: {batch.sent_name}, {batch.rows:,} rows"


class TakeBackForm(forms.Form):
    """Why an accepted payroll file should not count."""

    reason = forms.CharField(
        label="Reason",
        help_text="Your colleagues and the reviewers read it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write in a few words why the file should not count."},
    )


class NilForm(forms.Form):
    """Why there is nothing to claim for a quarter."""

    reason = forms.CharField(
        label="Why is there nothing to claim?",
        help_text="Such as: None of our officers worked under the agreement in these months. Your certifier "
        "and the federal side read it.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write in a sentence why there is nothing to claim."},
    )


class ActionForm(FreshForm):
    """One action of the lifecycle: what was shown, and a note and the password where it needs them."""

    code = forms.CharField(widget=forms.HiddenInput)
    shown_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="Note",
        help_text="The agency and the federal side can both read it.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write in a sentence or two why, and what is to be done."},
    )

    field_order = ("note", "password")

    def __init__(self, action: Action, **rest: Any) -> None:
        super().__init__(auto_id=f"{action.code}_%s", **rest)
        if not action.fresh:
            self.fields.pop("password", None)
        if not action.note_required:
            del self.fields["note"]
        elif action.internal:
            self.fields["note"].help_text = "Only the federal side can read it, not the agency."


class CertifyForm(FreshForm):
    """The certifier's signature; after the due date with the reason why it comes late."""

    shown_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    late_why = forms.ChoiceField(
        label="Why is this claim late?",
        choices=Lateness.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the claim is signed after its due date."},
    )
    late_note = forms.CharField(
        label="More about it",
        help_text="The federal side reads it.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    title = forms.CharField(
        label="Your title",
        help_text="The title under which you may bind the agency, such as Sheriff.",
        max_length=150,
        error_messages={"required": "Write the title under which you may bind the agency."},
    )
    agree = forms.BooleanField(
        label="I certify this claim in the words above.",
        error_messages={"required": "Tick the box if you certify the claim in the words above."},
    )

    field_order = ("late_why", "late_note", "title", "password", "agree")

    def __init__(self, *args: Any, late: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not late:
            del self.fields["late_why"], self.fields["late_note"]


class HoldForm(forms.Form):
    """Why a claim is held, and until when."""

    why = forms.ChoiceField(
        label="Why is the claim held?",
        choices=Hold.Why.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the claim is held."},
    )
    note = forms.CharField(
        label="What has to happen?",
        help_text="The agency and the federal side can both read it.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write in a sentence what has to happen."},
    )
    until_on = forms.DateField(
        label="Last day of the hold",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose the last day of the hold.",
            "invalid": "Write the day as year-month-day, such as 2026-02-28.",
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, last_on: date, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields[
            "until_on"
        ].help_text = f"At the latest {last_on:%B %-d, %Y}. The hold ends by itself after this day."


class MergeForm(forms.Form):
    """The record that an agency's other record becomes part of, and how one knows."""

    number = forms.CharField(
        label="Portal number of the record to keep",
        max_length=12,
        help_text="Such as A00042; it stands on that agency’s page.",
        error_messages={"required": "Enter the number of the record to keep."},
    )
    note = forms.CharField(
        label="How do you know that they are one agency?",
        max_length=500,
        error_messages={"required": "Write in a few words how you know."},
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = agencies

    def clean(self) -> dict[str, Any]:
        """The record itself as `kept`."""
        cleaned = super().clean() or {}
        if number := cleaned.get("number", "").upper():
            cleaned["kept"] = self.agencies.filter(number=number).first()
            if cleaned["kept"] is None:
                self.add_error("number", f"There is no agency with the number {number}.")
        return cleaned


class ExtensionForm(forms.Form):
    """A later due date of a quarter's claim, and why."""

    due_on = forms.DateField(
        label="New due date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose the day until which the claim may be certified.",
            "invalid": "Write the day as year-month-day, such as 2026-02-28.",
        },
    )
    reason = forms.CharField(
        label="Why may the agency take longer?",
        help_text="The agency and the federal side read it.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write in a sentence why the agency may take longer."},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

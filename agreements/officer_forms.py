"""Forms for the roster by hand: a form knows the values it was opened with, so that none is overwritten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agreements.forms import DayField
from agreements.models import MODEL_CHOICES
from portal.kernel.canonical import canonical_json
from portal.kernel.findings import Finding
from portal.kernel.tabular.table import MAX_BYTES

SEPARATIONS = [
    ("", "Unknown, or still employed"),
    ("federal_hire", "Hired by a federal employer"),
    ("other", "Other"),
]
ENDINGS = [
    ("", "Unknown, or not ended"),
    ("expired", "Expired"),
    ("revoked", "Revoked"),
    ("separated", "Separated"),
    ("other", "Other"),
]
LONGEST = 200
"""Characters in a text of the roster, as in a file."""


class RosterTextField(forms.CharField):
    """One text of the roster; what else is wrong with it the roster's own checks say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, **options)


class EditForm(forms.Form):
    """A form about something two people may change at once.

    `seen` travels with it: the values as they stood when the form was opened, as JSON of texts.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def opened(cls, data: Any, values: Mapping[str, str], **initial: str) -> Self:
        """The form over `values`; `initial` are values to suggest in place of theirs."""
        return cls(data, initial={**values, **initial, "seen": canonical_json(dict(values))})

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, without what the form carries for itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def seen_values(self) -> dict[str, str]:
        """The values the person was shown; none if they are unreadable."""
        try:
            seen = json.loads(self.cleaned_data["seen"] or "{}")
        except (ValueError, RecursionError):
            return {}
        return {str(k): str(v) for k, v in seen.items()} if isinstance(seen, dict) else {}

    def take_findings(self, findings: list[Finding]) -> None:
        """Show each finding beside the field it is about."""
        for finding in findings:
            place = finding.column if finding.column in self.fields else None
            self.add_error(place, f"{finding.message} {finding.fix}".strip())


class NameForm(EditForm):
    """An officer's name and title."""

    last_name = RosterTextField(
        label="Last name", error_messages={"required": "Enter the last name."}
    )
    first_name = RosterTextField(
        label="First name", error_messages={"required": "Enter the first name."}
    )
    title = RosterTextField(label="Rank or job title", required=False)


class EmploymentForm(EditForm):
    """One employment; its last day and reason record a separation."""

    hired_on = DayField(label="Hired", help_text="First day of this employment.")
    separated_on = DayField(
        label="Separated",
        required=False,
        help_text="Last day of this employment. Leave empty while the officer is employed.",
    )
    separation_reason = forms.ChoiceField(
        label="Reason of separation", choices=SEPARATIONS, required=False
    )


class EndAuthorizationForm(EditForm):
    """The last day of an authorization, and why it ended."""

    authorized_to = DayField(
        label="Last day of the authorization", help_text="It is the last payable day."
    )
    end_reason = forms.ChoiceField(label="Why does it end?", choices=ENDINGS[1:])


class AuthorizationForm(EditForm):
    """A training, and the authorization that followed it if one did."""

    model = forms.ChoiceField(
        label="Model", choices=[("", "Not known yet"), *MODEL_CHOICES], required=False
    )
    trained_on = DayField(
        label="Trained", required=False, help_text="The day the 287(g) training was completed."
    )
    authorized_from = DayField(
        label="Authorized from",
        required=False,
        help_text="Leave empty while the officer is in training.",
    )
    authorized_to = DayField(
        label="Authorized to",
        required=False,
        help_text="Last day; usually two years after the first, less one day.",
    )
    end_reason = forms.ChoiceField(label="Why did it end?", choices=ENDINGS, required=False)
    credential_number = RosterTextField(
        label="Credential number",
        required=False,
        help_text="The federal list of authorizations confirms it.",
    )


class NewAuthorizationForm(AuthorizationForm):
    """A further authorization, in the present employment or in a new one."""

    end_reason = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out

    hired_on = DayField(
        label="Hired", help_text="First day of the employment. A rehired officer has a new one."
    )

    field_order: tuple[str, ...] = ("hired_on",)


class NewOfficerForm(NameForm, NewAuthorizationForm):
    """An officer who is not on the roster yet, with their first entry."""

    payroll_id = forms.CharField(
        label="Payroll id",
        max_length=40,
        help_text="As in your payroll files. Never a social security number.",
        error_messages={"required": "Enter the id that your payroll uses."},
    )

    field_order = ("payroll_id", "last_name", "first_name", "title", "hired_on")


class FederalListForm(forms.Form):
    """The federal side's list of authorizations, as a file."""

    file = forms.FileField(
        label="List of authorizations",
        max_length=1000,
        help_text="CSV or Excel (.xlsx), up to 25 MB. The whole list: it replaces the one before.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "data-max-bytes": MAX_BYTES}),
        error_messages={
            "required": "Choose the file to upload.",
            "empty": "This file is empty. Export it again.",
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 25 MB. Check that it is the list.")
        return file

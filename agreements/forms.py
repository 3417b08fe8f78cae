"""Forms about agencies, agreements and rosters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.module_loading import import_string

from agreements.models import MODEL_CHOICES, ActivePeriod
from portal.accounts.models import AGENCY_KINDS, Agency
from portal.kernel import clock
from portal.kernel.quarter import Quarter
from portal.kernel.states import STATES
from portal.kernel.tabular.table import MAX_BYTES

DAY_ERRORS = {"required": "Choose a day.", "invalid": "Enter a day such as 2026-01-20."}
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 1, 1)
ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Mountain, no daylight saving (Arizona)",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic (Puerto Rico, Virgin Islands)",
    "Pacific/Guam": "Chamorro (Guam, Northern Mariana Islands)",
    "Pacific/Pago_Pago": "Samoa",
}


class DayField(forms.DateField):
    """A calendar day within living memory."""

    def __init__(self, **options: Any) -> None:
        limits = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
        widget = forms.DateInput(attrs={"type": "date", **limits}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages=DAY_ERRORS, **options)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Enter a day between 1950 and 2100.")
        return day


class RosterForm(forms.Form):
    """A roster file and the quarter it is sent for."""

    file = forms.FileField(
        label="Roster file",
        max_length=1000,
        help_text="CSV or Excel (.xlsx), up to 25 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "data-max-bytes": MAX_BYTES}),
        error_messages={
            "required": "Choose the file to upload.",
            "empty": "This file is empty. Export it again.",
        },
    )
    quarter = forms.ChoiceField(
        label="Fiscal quarter",
        help_text="The quarter you are getting the roster ready for.",
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        quarters = list(_quarters(clock.today(agency.time_zone)))
        field = self.fields["quarter"]
        field.choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (str(quarter), quarter_label(quarter)) for quarter in quarters
        ]
        field.initial = str(quarters[0])

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_BYTES:
            raise forms.ValidationError(
                "The file is larger than 25 MB. A roster of this size is rarely right;"
                " check that it holds only the roster."
            )
        return file

    @property
    def chosen_quarter(self) -> Quarter:
        return Quarter.parse(self.cleaned_data["quarter"])


class ListForm(forms.Form):
    """One of ICE's own lists, and its day where the list's own is wrong."""

    file = forms.FileField(
        label="ICE’s spreadsheet",
        max_length=1000,
        help_text="The list of participating or of pending agencies (.xlsx) as ICE published it.",
        widget=forms.FileInput(attrs={"accept": ".xlsx", "data-max-bytes": MAX_BYTES}),
        error_messages={
            "required": "Choose the file to upload.",
            "empty": "This file is empty. Download it again.",
        },
    )
    as_of = DayField(
        label="Day of the list",
        required=False,
        help_text="Leave empty: the file’s name and content tell it. Fill it in if they are wrong.",
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 25 MB; ICE’s lists are not.")
        return file


class ListDayForm(forms.Form):
    """The day a list is looked at as of."""

    as_of = DayField(label="Day of the list", required=False)


class DropForm(forms.Form):
    """Why a proposed roster is dropped."""

    reason = forms.CharField(
        label="Why is it dropped?", required=False, max_length=500, help_text="For the record."
    )


class AsOfForm(forms.Form):
    """The day an officer's standing is looked at."""

    on = DayField(label="As of")


class SinceForm(forms.Form):
    """From which day on the program page counts growth."""

    #: In that month the growth begins that the program announces.
    USUAL = date(2025, 1, 20)

    since = DayField(label="Growth since")

    def __init__(self, *args: Any, **options: Any) -> None:
        self.today = clock.today()
        super().__init__(*args, **options)
        self.initial.setdefault("since", min(self.USUAL, self.today))
        self.fields["since"].widget.attrs["max"] = self.today.isoformat()

    def clean_since(self) -> date:
        """A day up to today."""
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError("Choose a day that is not in the future.")
        return since

    @property
    def chosen(self) -> date:
        """The day chosen, or the usual one when none was or it makes no sense."""
        usual: date = self.initial["since"]
        return self.cleaned_data["since"] if self.is_bound and self.is_valid() else usual


class AgencyForm(forms.Form):
    """A new agency."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="As in its agreement, such as Hill County Sheriff's Office.",
        error_messages={"required": "Enter the agency's name."},
    )
    state = forms.ChoiceField(
        label="State",
        choices=[("", "Choose a state"), *STATES.items()],
        error_messages={"required": "Choose a state."},
    )
    county = forms.CharField(label="County", max_length=100, required=False)
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=list(ZONES.items()),
        help_text="Dates and times are shown to the agency in it, and deadlines end in it.",
    )


class AgencyFactsForm(AgencyForm):
    """The facts on record about an agency."""

    kind = forms.ChoiceField(
        label="Type", choices=[("", "Not known"), *AGENCY_KINDS], required=False
    )
    sworn_officers = forms.IntegerField(
        label="Sworn officers", min_value=0, max_value=100_000, required=False
    )
    ori = forms.RegexField(
        r"^[A-Za-z0-9]{9}$",
        label="ORI",
        required=False,
        help_text="The FBI’s identifier, 9 letters and digits. Several agencies may share one.",
        error_messages={"invalid": "An ORI has 9 letters and digits, such as TX0850000."},
    )
    uei = forms.RegexField(
        r"^[A-Za-z0-9]{12}$",
        label="UEI",
        required=False,
        help_text="SAM.gov’s identifier, 12 letters and digits.",
        error_messages={"invalid": "A UEI has 12 letters and digits."},
    )


class AgreementForm(forms.Form):
    """A stretch of days on which an agreement is active."""

    model = forms.ChoiceField(
        label="Model",
        choices=MODEL_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a model."},
    )
    active_from = DayField(label="First active day")
    active_to = DayField(
        label="Last active day", required=False, help_text="Leave empty while it is open."
    )


class EndForm(forms.Form):
    """The last active day of an agreement, and why."""

    active_to = DayField(
        label="Last active day",
        help_text="Officers' days up to and including this one stay payable.",
    )
    because = forms.ChoiceField(
        label="What happened?",
        choices=ActivePeriod.Ending.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened."},
    )
    note = forms.CharField(
        label="Why, in a few words",
        max_length=500,
        help_text="For example: terminated by the agency in writing; an investigation by ICE.",
        error_messages={"required": "Write in a few words why it ends."},
    )


class PapersForm(forms.Form):
    """The signed agreement, and its clauses that bear on pay."""

    file = forms.FileField(
        label="Signed agreement",
        required=False,
        max_length=1000,
        help_text="The memorandum as a PDF, up to 25 MB. Leave empty to keep the present one.",
        widget=forms.FileInput(attrs={"accept": ".pdf", "data-max-bytes": MAX_BYTES}),
        error_messages={"empty": "This file is empty."},
    )
    clauses = forms.CharField(
        label="Clauses about recruitment or compensation",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For example, a bar on hiring each other’s officers, or on bonuses.",
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and file.size is not None and file.size > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 25 MB.")
        return file


def quarter_label(quarter: Quarter) -> str:
    """A quarter with its days: `FY2026Q1 (Oct 1 to Dec 31, 2025)`."""
    first, last = quarter.start, quarter.end
    return f"{quarter} ({first:%b} {first.day} to {last:%b} {last.day}, {last.year})"


def _quarters(today: date) -> Iterator[Quarter]:
    """The quarters from the present one back to the first of the program."""
    present = Quarter.of(today)
    first = Quarter.of(import_string(settings.PORTAL_RULES)(present.start).program_start_on)
    while present > first:
        yield present
        present = present.previous
    yield present

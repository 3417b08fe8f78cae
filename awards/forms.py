"""Forms of the counts: two numbers, a file of many, and why a report is rejected."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from awards.models import CountsDispute
from awards.rules import LARGEST_COUNT

MAX_FILE_BYTES = 2 * 1024 * 1024
"""The file is read while its sender waits; ten years of every agency's counts are smaller."""
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


class RejectForm(forms.Form):
    """What is wrong with reported counts."""

    note = forms.CharField(
        label="What is wrong with them?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="About the two numbers only. Names, cases and everything else about persons stay "
        "out of the portal.",
        error_messages={"required": "Write in a few words what is wrong."},
    )


class DisputeForm(CountsForm):
    """An agency's own two counts, and why the ones that count are wrong."""

    reason = forms.ChoiceField(
        label="What is wrong with the counts?",
        choices=CountsDispute.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong."},
    )
    grounds = forms.CharField(
        label="Explain the difference",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="How you counted, and where the difference comes from. Counts only: "
        "<strong>write nothing about any person</strong>, no names, numbers or cases.",
        error_messages={"required": "Write in a few words how you counted."},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ("reason", "referred", "located", "grounds", "token")


class KeepForm(forms.Form):
    """Why disputed counts stay as they are."""

    answer = forms.CharField(
        label="Why are they right?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The agency reads this. About the two numbers only: "
        "<strong>write nothing about any person</strong>.",
        error_messages={"required": "Write in a few words why the counts stay."},
    )


class CountsFileForm(forms.Form):
    """A file with the counts of many agencies."""

    file = forms.FileField(
        label="File of counts",
        max_length=1000,
        help_text="CSV or Excel (.xlsx), up to 2 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "data-max-bytes": MAX_FILE_BYTES}),
        error_messages={
            "required": "Choose the file to upload.",
            "empty": "This file is empty. Export it again.",
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                "The file is larger than 2 MB. Check that it holds only the four columns of counts."
            )
        return file

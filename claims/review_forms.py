"""What people write and send about a claim while it is judged: questions, answers, records, notes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from claims.models import Evidence
from claims.models.review import CATEGORIES
from claims.rules.address import Address
from claims.services.evidencing import MAX_BYTES

LONGEST = 4000
QUESTIONS_AT_A_TIME = 3
NO_NUMBERS = "No social security numbers, and no names of persons the program looks for."


def _words(label: str, missing: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class TokenForm(forms.Form):
    """A form that makes a row: its token is new with every rendering."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["token"].initial = uuid.uuid4


class AddressedForm(TokenForm):
    """A form about a place in a claim; `officers` to choose from, or none when one types the payroll id."""

    officer_id = forms.CharField(
        label="Officer",
        help_text="The payroll id. Leave it empty for the claim as a whole.",
        max_length=100,
        required=False,
    )
    category = forms.ChoiceField(
        label="Line", choices=[("", "All of it"), *CATEGORIES], required=False
    )

    def __init__(self, *args: Any, officers: Sequence[tuple[str, str]] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        if officers:
            self.fields["officer_id"] = forms.ChoiceField(
                label="Officer",
                choices=[
                    ("", "The claim as a whole"),
                    *((officer_id, f"{name} ({officer_id})") for officer_id, name in officers),
                ],
                required=False,
                error_messages={"invalid_choice": "Choose an officer of this claim."},
            )

    @property
    def address(self) -> Address:
        """The place, once the form is valid."""
        return Address(self.cleaned_data["officer_id"].strip(), self.cleaned_data["category"])


class QuestionForm(AddressedForm):
    """One question to the agency. A further one that is left empty is not asked."""

    text = _words(
        "Question",
        "Write what you ask the agency.",
        "Say which record or explanation you need. The agency reads it.",
    )
    field_order = ("officer_id", "category", "text")

    def has_changed(self) -> bool:
        """Whether anything was written: the token is new every time."""
        return "text" in self.changed_data


class DueForm(forms.Form):
    """Until when questions are to be answered."""

    due_on = forms.DateField(
        label="Answer by",
        help_text="In the agency's time zone.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": "Choose the day by which the agency answers.",
            "invalid": "Write the day as in 2026-02-14.",
        },
    )


NO_KIND = "Choose what kind of record the file is."


class _FileForm(TokenForm):
    file = forms.FileField(
        label="File",
        help_text=f"PDF, JPEG or PNG, up to 10 MB. {NO_NUMBERS}",
        max_length=1000,
        widget=forms.FileInput(
            attrs={"accept": ".pdf,.jpg,.jpeg,.png", "data-max-bytes": MAX_BYTES}
        ),
        error_messages={
            "required": "Choose the file to send.",
            "empty": "This file is empty. Choose it again.",
        },
    )
    kind = forms.ChoiceField(
        label="Kind of record",
        choices=[("", "Choose the kind of record"), *Evidence.Kind.choices],
        error_messages={"required": NO_KIND},
    )

    def clean_file(self) -> UploadedFile | None:
        """The file, if it is not larger than the portal takes."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                f"This file has {(file.size or 0) / 1024 / 1024:,.1f} MB; the limit is 10 MB. "
                "Scan it in black and white, or send it in parts."
            )
        return file


class EvidenceForm(AddressedForm, _FileForm):
    """A record that supports the claim or a line of it."""

    field_order = ("kind", "officer_id", "category", "file")


class AnswerForm(_FileForm):
    """What the agency writes to a question, with a file or without."""

    text = _words("Your answer", "Write your answer.", f"The federal side reads it. {NO_NUMBERS}")
    field_order = ("text", "file", "kind")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["file"].required = False
        self.fields["kind"].required = False
        self.fields["kind"].label = "Kind of record, if you send a file"

    def clean(self) -> dict[str, Any]:
        """A file comes with its kind."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            cleaned.get("file") is not None
            and not cleaned.get("kind")
            and "kind" not in self.errors
        ):
            self.add_error("kind", NO_KIND)
        return cleaned


class ReplyForm(TokenForm):
    """What a reviewer writes to an open question."""

    text = _words("Your reply", "Write your reply.", f"The agency reads it. {NO_NUMBERS}")


class NoteForm(TokenForm):
    """A note of one side to itself about a place in a claim."""

    officer_id = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    category = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[("", ""), *CATEGORIES], required=False
    )
    text = _words("Internal note", "Write the note.", rows=3)

    def __init__(self, *args: Any, federal: bool, **rest: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **rest)
        self.fields["text"].help_text = (
            f"Only the federal side reads it. {NO_NUMBERS}"
            if federal
            else f"Only your agency reads it. {NO_NUMBERS}"
        )

    @property
    def address(self) -> Address:
        """The place, once the form is valid."""
        return Address(self.cleaned_data["officer_id"], self.cleaned_data["category"])

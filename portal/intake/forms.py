"""What people fill in about a file's findings."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portal.kernel.tabular.table import MAX_BYTES


class ReturnForm(forms.Form):
    """The error workbook, or its sheet of rows, corrected."""

    file = forms.FileField(
        label="Corrected rows",
        help_text="The error workbook, or its sheet “Fix and return” saved as CSV.",
        max_length=1000,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "data-max-bytes": MAX_BYTES}),
        error_messages={
            "required": "Choose the workbook with your corrections.",
            "empty": "This file is empty. Save the workbook again and choose it once more.",
        },
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is not larger than the portal takes."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 25 MB. Send only the rows to fix.")
        return file

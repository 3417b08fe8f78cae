"""Corrections in the API: cells to change, rows to leave out, and the rows there is something wrong with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from portal.intake.faulty import Faulty
from portal.intake.models import Batch
from portal.kernel.tabular.patch import LEAVE_OUT, MAX_TEXT, Edit
from portal.web.api_endpoint import Code
from portal.web.api_fields import (
    QuarterField,
    StrictSerializer,
    TextField,
    WholeField,
    any_of,
)

MOST_EDITS = 5_000
LARGEST_ROW = 10**7
LONGEST_CELL = 32_767
"""As long as a spreadsheet lets a cell be."""

NOT_FINISHED = Code("not_finished", 409, "The file is still being checked.")
NOT_CORRECTABLE = Code("not_correctable", 409, "The file was replaced or withdrawn.")
NEEDS_COLUMNS = Code("needs_columns", 409, "The file waits for its columns to be matched.")
FILE_NOT_KEPT = Code("file_not_kept", 409, "Nothing of the file was kept. Send it again.")
BEING_CORRECTED = Code("being_corrected", 409, "Another upload corrects the file already.")
NOTHING_CORRECTED = Code("nothing_corrected", 400, "No correction was sent.")
TOO_MANY = Code("too_many_corrections", 400, "A file takes 10,000 corrections altogether.")
PERSONAL_NUMBER = Code("personal_number", 400, "A new value looks like a personal number.")
READING_AGAIN = (NOT_FINISHED, NOT_CORRECTABLE, FILE_NOT_KEPT, BEING_CORRECTED)
CORRECTING = (*READING_AGAIN, NEEDS_COLUMNS, NOTHING_CORRECTED, TOO_MANY, PERSONAL_NUMBER)


class EditSerializer(StrictSerializer):
    """One cell to change."""

    row = WholeField(min_value=1, max_value=LARGEST_ROW, help_text="As findings count rows.")
    column = TextField(max_length=500, help_text="The file's own name of the column.")
    was = TextField(
        allow_blank=True, max_length=LONGEST_CELL, help_text="What stands there, as text."
    )
    now = TextField(allow_blank=True, max_length=MAX_TEXT, help_text="What shall stand there.")


class CorrectionsSerializer(StrictSerializer):
    """What is to be corrected: up to 5,000 cells, and rows to leave out."""

    together = any_of("edits", "leave_out")
    edits = serializers.ListField(
        child=EditSerializer(), min_length=1, max_length=MOST_EDITS, required=False
    )
    leave_out = serializers.ListField(
        child=WholeField(min_value=1, max_value=LARGEST_ROW),
        min_length=1,
        max_length=MOST_EDITS,
        required=False,
        help_text="Rows that shall not count.",
    )


class PayrollCorrectionsSerializer(CorrectionsSerializer):
    """What is to be corrected, and the quarter the file is meant for if it is another."""

    together = any_of("edits", "leave_out", "quarter")

    quarter = QuarterField(required=False)


class FaultyRowSerializer(serializers.Serializer[Any]):
    """A row of the file with an error or a warning."""

    row = serializers.IntegerField()
    cells = serializers.DictField(
        child=serializers.CharField(), help_text="What stands in the file's own columns, as text."
    )


class FaultyRowsSerializer(serializers.Serializer[Any]):
    """The rows with an error or a warning; 2,000 of them are kept, those with errors first."""

    columns = serializers.ListField(child=serializers.CharField())
    sources = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The file's own columns behind each column that findings name.",
    )
    results = FaultyRowSerializer(many=True)


def edits_of(sent: Mapping[str, Any]) -> list[Edit]:
    """The corrections that were sent; rows are left out first, as on the page."""
    out = [Edit(row, LEAVE_OUT, "", "yes") for row in sorted(set(sent.get("leave_out", ())))]
    return [*out, *(Edit(**edit) for edit in sent.get("edits", ()))]


def faulty_rows(batch: Batch) -> dict[str, Any]:
    """The rows of a file with an error or a warning, as they stand in it."""
    faulty = Faulty.of_text(batch.faulty)
    rows = [
        {"row": row, "cells": dict(zip(faulty.header, cells, strict=False))}
        for row, cells in sorted(faulty.rows.items())
    ]
    return {"columns": faulty.header, "sources": faulty.sources, "results": rows}

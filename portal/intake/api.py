"""Files of rows in the API: how they are sent, what is told about them, what was found in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from portal.intake.models import Batch
from portal.intake.uploads import Upload
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.table import MAX_BYTES
from portal.records.models import AuditEvent
from portal.web.api_endpoint import Code, Parameter
from portal.web.api_fields import (
    QUARTER_SCHEMA,
    InstantField,
    QuarterField,
    StrictSerializer,
    TextField,
    read_quarter,
)
from portal.web.api_json import BoundedMultiPartParser, StrictJsonParser, valid

B = TypeVar("B", bound=Batch)

#: A file comes as JSON rows, or in a form.
UPLOAD_PARSERS = (StrictJsonParser, BoundedMultiPartParser)
#: How soon to look again while a file is being read.
LOOK_AGAIN_SECONDS = 2

QUARTER = Parameter("quarter", "Only those of this quarter.", read_quarter, QUARTER_SCHEMA)
TOO_LARGE_FILE = Code("too_large", 413, "The file is larger than 25 MB.")


LOCATION = OpenApiParameter(
    "Location",
    {"type": "string", "format": "uri"},
    OpenApiParameter.HEADER,
    description="The address of the new upload.",
    response=[202],
)


class FileTooLarge(Refused):
    """The file alone is larger than any file may be."""

    status = 413


@extend_schema_field({"type": "array", "items": {}})
class RowsField(serializers.Field[Any, Any, Any, Any]):
    """Rows as they are; what is wrong in them comes back as findings, row by row."""

    default_error_messages = {"not_a_list": "Send a list of objects, one per row."}

    def to_internal_value(self, data: Any) -> Any:
        """The rows, unread."""
        if not isinstance(data, list):
            self.fail("not_a_list")
        return data


class RowsSerializer(StrictSerializer):
    """Rows as JSON: names are the columns of the file, amounts and dates are text."""

    quarter = QuarterField()
    rows = RowsField(
        help_text="Up to 150,000 objects, one per row. Values are text, whole numbers or null; "
        "a number with a fraction, like everything else that is wrong in a row, becomes a finding."
    )


class FileSerializer(StrictSerializer):
    """A CSV file or an Excel workbook."""

    quarter = QuarterField()
    file = serializers.FileField(allow_empty_file=True, max_length=500)


REASON_NOT_KEPT = Code(
    "reason_not_kept", 400, "The reason holds what looks like a personal number."
)


class ReasonSerializer(StrictSerializer):
    """Why a file shall not count."""

    reason = TextField(
        max_length=500,
        validators=[RegexValidator(r"^[^\x00]*\S[^\x00]*$", "Say in a few words why.")],
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """An upload request, read: `fields` beside the file, and the bytes that identify it."""

    upload: Upload
    quarter: Quarter
    fields: dict[str, Any]
    content: bytes


def read_upload(
    request: Request,
    rows: type[RowsSerializer] = RowsSerializer,
    file: type[FileSerializer] = FileSerializer,
) -> Sent:
    """What was sent, as JSON rows or as a form with a file; ValidationError names wrong fields."""
    data = request.data
    if not isinstance(data, QueryDict):
        fields = valid(rows(data=data))
        body = request._request.body
        return _sent(fields, Upload.of_json(body), body)
    twice = {name: ["It is given more than once."] for name in data if len(data.getlist(name)) > 1}
    if twice:
        raise serializers.ValidationError(twice, code="given_twice")
    # As a plain dictionary: in a form the framework would take an empty field for a missing one.
    fields = valid(file(data=data.dict()))
    sent = fields["file"]
    if sent.size > MAX_BYTES:
        raise FileTooLarge(
            TOO_LARGE_FILE.code,
            TOO_LARGE_FILE.when,
            "Split it by pay period, or send fewer columns.",
        )
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    others = sorted(f"{name}={value}" for name, value in fields.items() if name != "file")
    return _sent(fields, Upload.of_form(sent), "&".join([*others, digest.hexdigest()]).encode())


def _sent(fields: dict[str, Any], upload: Upload, content: bytes) -> Sent:
    return Sent(upload, fields["quarter"], fields, content)


class BatchSerializer(serializers.Serializer[Any]):
    """An uploaded file of rows: where it stands, and how much was found in it."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(
        Batch.State.choices,
        help_text="`received` and `validating` pass by themselves; look again in a moment.",
    )
    quarter = QuarterField()
    reference = serializers.CharField(help_text="How people name the file, FY2026Q1-2.")
    dry_run = serializers.BooleanField(help_text="It was only checked; nothing of it counts.")
    filename = serializers.CharField(source="sent_name")
    sha256 = serializers.CharField(source="sent_sha256", help_text="Of the bytes received.")
    kept_sha256 = serializers.SerializerMethodField(
        help_text="Of what is kept of them: the file without its sensitive columns. Null until the file "
        "was read, and when it was refused and nothing is kept."
    )
    corrects = serializers.UUIDField(
        source="corrects_id",
        allow_null=True,
        help_text="The id of the upload that was corrected to make this one.",
    )
    needs_columns = serializers.BooleanField(
        help_text="It waits for somebody to say what its columns mean."
    )
    mapping = serializers.SerializerMethodField(
        help_text="The version of the agency's matched columns it was read with; null if it has the "
        "template's columns."
    )
    received_at = InstantField()
    finished_at = InstantField(allow_null=True)
    rows = serializers.IntegerField(help_text="Rows that could be read.")
    # The framework takes fields out of the class, so its own `errors` stays what it is.
    errors = serializers.IntegerField(  # type: ignore[assignment]
        help_text="With one or more, nothing of the file counts."
    )
    warnings = serializers.IntegerField()
    notices = serializers.IntegerField()
    reason = serializers.CharField(help_text="Why it was rejected or withdrawn, if it was.")

    def get_kept_sha256(self, batch: Batch) -> str | None:
        """The hash of the evidence."""
        return batch.document.sha256 if batch.document else None

    def get_mapping(self, batch: Batch) -> int | None:
        """The version of the matched columns."""
        return batch.mapping.number if batch.mapping else None


def changed_since(rows: QuerySet[B], thread: str, since: datetime) -> QuerySet[B]:
    """The files that came in, were read, or of which an event tells, at or after an instant.

    `thread` is what the subjects of the events of this kind of file begin with.
    """
    subject = Concat(Value(f"{thread}/"), Cast(OuterRef("pk"), models.TextField()))
    told = AuditEvent.objects.filter(subject=subject, at__gte=since)
    return rows.filter(Q(received_at__gte=since) | Q(finished_at__gte=since) | Exists(told))


def headers_of(batch: Batch) -> dict[str, str]:
    """When to look again, while the file is still being read."""
    return {} if batch.is_finished else {"Retry-After": str(LOOK_AGAIN_SECONDS)}

"""What a machine does with a roster it sent: see its changes, correct it, match columns, answer warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api.v1.roster_uploads import (
    NOT_PROPOSED,
    SCOPES,
    ChangesSerializer,
    RosterUploadSerializer,
    taken,
    told,
)
from agreements.models import RosterFinding, RosterUpload
from agreements.roster_changes import as_text
from agreements.roster_roles import ROSTER_TARGET
from agreements.selectors import upload_for
from agreements.services import rosters
from portal.accounts.api.views import ApiView
from portal.intake.api import LOCATION
from portal.intake.api_columns import (
    INCOMPLETE,
    NOT_AT_HAND,
    ColumnsSerializer,
    MatchedSerializer,
    columns_of,
    mapping_of,
)
from portal.intake.api_corrections import (
    CORRECTING,
    PERSONAL_NUMBER,
    READING_AGAIN,
    CorrectionsSerializer,
    FaultyRowsSerializer,
    edits_of,
    faulty_rows,
)
from portal.intake.api_findings import (
    ANSWERING,
    AnsweredSerializer,
    AnswersSerializer,
    warnings_meant,
)
from portal.intake.justifying import open_warnings
from portal.kernel.errors import Refused
from portal.web.api_endpoint import UNLESS_SEEN, endpoint
from portal.web.api_json import valid

_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}


class ChangeSerializer(serializers.Serializer[Any]):
    """An officer or an entry that is new or changes."""

    officer_id = serializers.CharField()
    before = serializers.SerializerMethodField(help_text="Null for a new one.")
    after = serializers.SerializerMethodField()

    @extend_schema_field({**_TEXTS, "nullable": True})
    def get_before(self, change: Any) -> Mapping[str, str] | None:
        """The values as they stand."""
        return None if change.before is None else as_text(change.before)

    @extend_schema_field(_TEXTS)
    def get_after(self, change: Any) -> Mapping[str, str]:
        """The values as they would be."""
        return as_text(change.after)


class EntryChangeSerializer(ChangeSerializer):
    """A roster entry that is new or changes, and the row of the file that says so."""

    row = serializers.IntegerField()


class RosterChangesSerializer(ChangesSerializer):
    """What confirming would change, one by one."""

    officers = ChangeSerializer(many=True, help_text="New ones, new names and titles.")
    entries = EntryChangeSerializer(many=True)


class _Step(ApiView):
    """A step that is taken with one roster."""

    def seen(self) -> Any:
        """The upload as its own address tells of it."""
        return told(self.request, upload_for(self.actor, self.kwargs["pk"]))


class RosterChangesView(ApiView):
    """What one roster would change."""

    @endpoint(
        "get_roster_changes",
        "See what a roster would change",
        tag="Rosters",
        scopes=SCOPES,
        answers={200: RosterChangesSerializer},
        on_an_object=True,
        problems=(NOT_PROPOSED,),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Every difference from the roster as it stands, while the file waits to be confirmed."""
        upload = upload_for(self.actor, pk)
        if upload.state != RosterUpload.State.PROPOSED or upload.needs_columns:
            raise Refused(
                NOT_PROPOSED.code,
                f"This roster is “{upload.get_state_display()}”; it proposes no changes.",
                "Look at its state and its findings.",
            )
        changes = rosters.changes_proposed(upload)
        known = {
            **changes.counts,
            "sha256": changes.sha256,
            "officers": changes.officers,
            "entries": changes.entries,
        }
        return Response(RosterChangesSerializer(known).data)


class FaultyRowsView(ApiView):
    """The rows of one roster that something was found in."""

    @endpoint(
        "list_roster_faulty_rows",
        "Read the faulty rows of a roster",
        tag="Rosters",
        scopes=SCOPES,
        answers={200: FaultyRowsSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Rows with an error or a warning, cell by cell as they stand in the file: to correct them."""
        return Response(FaultyRowsSerializer(faulty_rows(upload_for(self.actor, pk))).data)


class CorrectionsView(_Step):
    """Correcting a roster."""

    @endpoint(
        "correct_roster",
        "Correct a roster",
        tag="Rosters",
        scopes=SCOPES,
        body={"application/json": CorrectionsSerializer},
        answers={202: RosterUploadSerializer},
        headers=(LOCATION,),
        on_an_object=True,
        once=True,
        queues=True,
        if_match=UNLESS_SEEN,
        problems=CORRECTING,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Change cells or leave rows out: a new upload of the same bytes with these corrections."""
        upload = upload_for(self.actor, pk)

        def perform() -> Response:
            edits = edits_of(valid(CorrectionsSerializer(data=request.data)))
            corrected = rosters.correct_roster(actor=self.actor, batch=upload, edits=edits)
            return taken(request, upload_for(self.actor, corrected.pk))

        return self.once(
            request._request.body, self.unless_changed(self.seen, perform, needed=True)
        )


class ColumnsView(_Step):
    """Matching the columns of a roster."""

    @endpoint(
        "get_roster_columns",
        "Look at the columns of a roster",
        tag="Rosters",
        scopes=SCOPES,
        answers={200: ColumnsSerializer},
        on_an_object=True,
        problems=(NOT_AT_HAND,),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The file's own columns with some values, what they most likely are, and what they can be."""
        known = columns_of(upload_for(self.actor, pk), ROSTER_TARGET)
        return Response(ColumnsSerializer(known).data)

    @endpoint(
        "match_roster_columns",
        "Match the columns of a roster",
        tag="Rosters",
        scopes=SCOPES,
        body={"application/json": MatchedSerializer},
        answers={202: RosterUploadSerializer},
        headers=(LOCATION,),
        on_an_object=True,
        once=True,
        queues=True,
        if_match=UNLESS_SEEN,
        problems=(INCOMPLETE, PERSONAL_NUMBER, *READING_AGAIN),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say what the columns are, for this file and later ones with the same columns.

        A file that waits for this is read on under its own address. Of one that was read there is a new
        upload.
        """
        upload = upload_for(self.actor, pk)

        def perform() -> Response:
            sent = valid(MatchedSerializer(data=request.data))
            read = rosters.match_roster_columns(
                actor=self.actor, batch=upload, mapping=mapping_of(upload, sent)
            )
            return taken(request, upload_for(self.actor, read.pk))

        return self.once(
            request._request.body, self.unless_changed(self.seen, perform, needed=True)
        )


class AnswersView(ApiView):
    """Answering the warnings of a roster."""

    @endpoint(
        "answer_roster_warnings",
        "Say why warnings of a roster are in order",
        tag="Rosters",
        scopes=SCOPES,
        body={"application/json": AnswersSerializer},
        answers={200: AnsweredSerializer},
        on_an_object=True,
        once=True,
        problems=ANSWERING,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Justify warnings. The same warning in a later file is answered too, until its facts change."""
        upload = upload_for(self.actor, pk)
        findings = RosterFinding.objects.filter(upload=upload)

        def perform() -> Response:
            sent = valid(AnswersSerializer(data=request.data))
            answered = rosters.answer_roster_warnings(
                actor=self.actor,
                batch=upload,
                findings=warnings_meant(upload, findings, sent),
                text=sent["text"],
            )
            left = open_warnings(upload.agency_id, findings).count()
            return Response({"answered": answered, "open": left})

        return self.once(request._request.body, perform)

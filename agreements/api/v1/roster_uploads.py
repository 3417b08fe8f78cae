"""Rosters for machines: send, look, confirm or drop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agreements.models import RosterFinding, RosterUpload
from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.selectors import upload_for, uploads_for
from agreements.services import rosters
from portal.accounts.api.views import ApiView
from portal.intake.api import (
    LOCATION,
    QUARTER,
    REASON_NOT_KEPT,
    UPLOAD_PARSERS,
    BatchSerializer,
    FileSerializer,
    ReasonSerializer,
    RowsSerializer,
    changed_since,
    headers_of,
    read_upload,
)
from portal.intake.api_findings import SEVERITY, FindingSerializer
from portal.web.api_endpoint import DRY_RUN, UNLESS_CHANGED, Code, endpoint
from portal.web.api_fields import InstantField, StrictSerializer
from portal.web.api_paging import CHANGED_SINCE, PAGE, page_of

SCOPES = ("roster:write",)
NOT_PROPOSED = Code("not_proposed", 409, "The roster does not wait for a confirmation.")
ROSTER_CHANGED = Code("roster_changed", 409, "The roster is no longer what the changes were for.")


class ChangesSerializer(serializers.Serializer[Any]):
    """What confirming would change, compared with the roster as it stands now."""

    new_officers = serializers.IntegerField()
    changed_officers = serializers.IntegerField()
    new_entries = serializers.IntegerField()
    changed_entries = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of exactly these changes.")


class RosterUploadSerializer(BatchSerializer):
    """An uploaded roster."""

    confirmed_at = InstantField(allow_null=True)
    url = serializers.HyperlinkedIdentityField("api:roster-upload", lookup_field="pk")
    findings_url = serializers.HyperlinkedIdentityField("api:roster-findings", lookup_field="pk")


class RosterUploadDetailSerializer(RosterUploadSerializer):
    """An uploaded roster, with what it would change while it waits to be confirmed."""

    changes = serializers.SerializerMethodField()

    @extend_schema_field(ChangesSerializer(allow_null=True))
    def get_changes(self, upload: RosterUpload) -> dict[str, Any] | None:
        """The changes proposed; None unless the roster waits for a confirmation."""
        if upload.state != RosterUpload.State.PROPOSED:
            return None
        changes = rosters.changes_proposed(upload)
        return {**changes.counts, "sha256": changes.sha256}


class ConfirmSerializer(StrictSerializer):
    """Which changes are confirmed."""

    changes_sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="From `changes`. Without it, whatever the file changes now is confirmed.",
    )


def told(request: Request, upload: RosterUpload) -> Any:
    """The upload as its own address tells of it, and as its entity tag covers it."""
    return RosterUploadDetailSerializer(upload, context={"request": request}).data


def taken(request: Request, upload: RosterUpload) -> Response:
    """202 with the address of an upload that is going to be read."""
    location = reverse("api:roster-upload", [upload.pk], request=request)
    data = RosterUploadSerializer(upload, context={"request": request}).data
    return Response(data, 202, headers={"Location": location})


class RosterUploadsView(ApiView):
    """The agency's roster files."""

    parser_classes = UPLOAD_PARSERS

    @endpoint(
        "list_roster_uploads",
        "List roster uploads",
        tag="Rosters",
        scopes=SCOPES,
        query=(QUARTER, CHANGED_SINCE, *PAGE),
        answers={200: page_of("RosterUploadPage", RosterUploadSerializer, changes=True)},
    )
    def get(self, request: Request) -> Response:
        """The roster files of the agency, trial runs included."""
        rows = uploads_for(self.actor)
        if self.asked["quarter"]:
            rows = rows.filter(quarter=self.asked["quarter"])
        if self.asked["changed_since"]:
            rows = changed_since(rows, "roster", self.asked["changed_since"])
        return self.page(rows, ("quarter", "number"), RosterUploadSerializer)

    @endpoint(
        "send_roster",
        "Send a roster",
        tag="Rosters",
        scopes=SCOPES,
        query=(DRY_RUN,),
        body={"multipart/form-data": FileSerializer, "application/json": RowsSerializer},
        answers={202: RosterUploadSerializer},
        headers=(LOCATION,),
        once=True,
        queues=True,
    )
    def post(self, request: Request) -> Response:
        """The file is stored and read in the background. Without errors it becomes `proposed`.

        Nothing changes until it is confirmed; a file never ends anybody by leaving them out.
        """
        sent = read_upload(request)

        def perform() -> Response:
            upload = rosters.receive_roster(
                actor=self.actor,
                agency=self.agency,
                quarter=sent.quarter,
                upload=sent.upload,
                dry_run=self.asked["dry_run"],
            )
            return taken(request, upload)

        return self.once(sent.content, perform)


class RosterUploadView(ApiView):
    """One roster file."""

    @endpoint(
        "get_roster_upload",
        "Look at a roster upload",
        tag="Rosters",
        scopes=SCOPES,
        answers={200: RosterUploadDetailSerializer},
        on_an_object=True,
        tagged=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Where the file stands, how much was found in it, and what it would change."""
        upload = upload_for(self.actor, pk)
        return Response(told(request, upload), headers=headers_of(upload))


class FindingsView(ApiView):
    """What was found in one roster file."""

    @endpoint(
        "list_roster_findings",
        "Read the findings of a roster",
        tag="Rosters",
        scopes=SCOPES,
        query=(SEVERITY, *PAGE),
        answers={200: page_of("RosterFindingPage", FindingSerializer)},
        on_an_object=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Findings, errors first. The upload's counts are of all, 10,000 of them are kept."""
        upload = upload_for(self.actor, pk)
        rows = RosterFinding.objects.filter(upload=upload)
        if self.asked["severity"]:
            rows = rows.filter(severity=self.asked["severity"])
        kinds = ROSTER_FINDINGS.kinds
        return self.page(rows, ("number",), FindingSerializer, batch=upload, kinds=kinds)


class _Step(ApiView):
    """A step that is taken with a proposed roster."""

    def done(self, request: Request, upload: RosterUpload) -> Response:
        """The upload as the step left it."""
        upload = upload_for(self.actor, upload.pk)
        return Response(RosterUploadSerializer(upload, context={"request": request}).data)

    def seen(self) -> Any:
        """The upload as its own address tells of it."""
        return told(self.request, upload_for(self.actor, self.kwargs["pk"]))


class ConfirmView(_Step):
    """Confirming a roster."""

    @endpoint(
        "confirm_roster",
        "Confirm a roster",
        tag="Rosters",
        scopes=SCOPES,
        body={"application/json": ConfirmSerializer},
        answers={200: RosterUploadSerializer},
        on_an_object=True,
        once=True,
        if_match=UNLESS_CHANGED,
        problems=(NOT_PROPOSED, ROSTER_CHANGED),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The roster counts from now on, and open claims are calculated again."""
        upload = upload_for(self.actor, pk)
        sent = ConfirmSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        shown = sent.validated_data.get("changes_sha256", "")

        def perform() -> Response:
            done = rosters.confirm_roster(actor=self.actor, upload=upload, shown_sha256=shown)
            return self.done(request, done)

        return self.once(shown.encode(), self.unless_changed(self.seen, perform))


class WithdrawView(_Step):
    """Dropping a roster."""

    @endpoint(
        "withdraw_roster",
        "Drop a roster",
        tag="Rosters",
        scopes=SCOPES,
        body={"application/json": ReasonSerializer},
        answers={200: RosterUploadSerializer},
        on_an_object=True,
        once=True,
        if_match=UNLESS_CHANGED,
        problems=(NOT_PROPOSED, REASON_NOT_KEPT),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Drop a roster that waits for a confirmation; nothing of it counted."""
        upload = upload_for(self.actor, pk)
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        reason = sent.validated_data["reason"]

        def perform() -> Response:
            done = rosters.withdraw_roster(actor=self.actor, upload=upload, reason=reason)
            return self.done(request, done)

        return self.once(reason.encode(), self.unless_changed(self.seen, perform))

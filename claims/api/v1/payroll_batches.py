"""Payroll for machines: send, look, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from claims.models import PayrollBatch
from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.selectors.payroll import batch_for, batches_for, findings_of
from claims.services.payroll import receive_payroll, withdraw_payroll
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
from portal.kernel.errors import Refused
from portal.web.api_endpoint import DRY_RUN, UNLESS_CHANGED, Code, endpoint
from portal.web.api_fields import MoneyField, StrictSerializer
from portal.web.api_paging import CHANGED_SINCE, PAGE, page_of

SCOPES = ("payroll:write",)
CLAIM_SUBMITTED = Code("claim_submitted", 409, "The quarter's claim was submitted or decided.")
NOT_BEGUN = Code("quarter_not_begun", 409, "The quarter has not begun.")
NOT_REPLACEABLE = Code("not_replaceable", 409, "`replaces` is not an accepted file of the quarter.")
NOT_FOUND = Code("not_found", 404, "`replaces` names no payroll file of the agency.")
NOT_ACCEPTED = Code("not_accepted", 409, "The file is not accepted, so it cannot be taken back.")
NOT_PROPOSED = Code("not_proposed", 409, "Payroll is not confirmed: without errors it counts.")
REASON_REQUIRED = Code("reason_required", 400, "Taking a file back needs a reason.")

REPLACES_HELP = (
    "The id of an accepted file of the quarter; its lines end when this one is accepted."
)


class PayrollRowsSerializer(RowsSerializer):
    """Payroll rows as JSON: names are the columns of the file, amounts and dates are text."""

    replaces = serializers.UUIDField(required=False, help_text=REPLACES_HELP)


class PayrollFileSerializer(FileSerializer):
    """A payroll file, CSV or Excel workbook."""

    replaces = serializers.UUIDField(required=False, help_text=REPLACES_HELP)


class TotalsSerializer(serializers.Serializer[Any]):
    """Sums over the rows that could be read."""

    regular_pay = MoneyField()
    benefits = MoneyField()
    overtime_pay = MoneyField()


class PayrollBatchSerializer(BatchSerializer):
    """An uploaded payroll file."""

    totals = TotalsSerializer(source="*")
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    url = serializers.HyperlinkedIdentityField("api:payroll-batch", lookup_field="pk")
    findings_url = serializers.HyperlinkedIdentityField("api:payroll-findings", lookup_field="pk")


def told(request: Request, batch: PayrollBatch) -> Any:
    """The batch as it is told, in one answer and in its entity tag."""
    return PayrollBatchSerializer(batch, context={"request": request}).data


def taken(request: Request, batch: PayrollBatch) -> Response:
    """202 with the address of a batch that is going to be read."""
    location = reverse("api:payroll-batch", [batch.pk], request=request)
    return Response(told(request, batch), 202, headers={"Location": location})


class PayrollBatchesView(ApiView):
    """The agency's payroll files."""

    parser_classes = UPLOAD_PARSERS

    @endpoint(
        "list_payroll_batches",
        "List payroll files",
        tag="Payroll",
        scopes=SCOPES,
        query=(QUARTER, CHANGED_SINCE, *PAGE),
        answers={200: page_of("PayrollBatchPage", PayrollBatchSerializer, changes=True)},
    )
    def get(self, request: Request) -> Response:
        """The payroll files of the agency, trial runs included, in the order of their quarters."""
        rows = batches_for(self.actor)
        if self.asked["quarter"]:
            rows = rows.filter(quarter=self.asked["quarter"])
        if self.asked["changed_since"]:
            rows = changed_since(rows, "payroll", self.asked["changed_since"])
        return self.page(rows, ("quarter", "number"), PayrollBatchSerializer)

    @endpoint(
        "send_payroll",
        "Send a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        query=(DRY_RUN,),
        body={
            "multipart/form-data": PayrollFileSerializer,
            "application/json": PayrollRowsSerializer,
        },
        answers={202: PayrollBatchSerializer},
        headers=(LOCATION,),
        once=True,
        queues=True,
        problems=(NOT_FOUND, CLAIM_SUBMITTED, NOT_BEGUN, NOT_REPLACEABLE),
    )
    def post(self, request: Request) -> Response:
        """The file is stored and read in the background: all of it counts, or nothing.

        Without errors it becomes `accepted`, and the quarter's draft claim is calculated. Look at
        its address until `state` is neither `received` nor `validating`.
        """
        sent = read_upload(request, PayrollRowsSerializer, PayrollFileSerializer)
        replaces = sent.fields.get("replaces")

        def perform() -> Response:
            batch = receive_payroll(
                actor=self.actor,
                agency=self.agency,
                quarter=sent.quarter,
                upload=sent.upload,
                replaces=batch_for(self.actor, replaces) if replaces else None,
                dry_run=self.asked["dry_run"],
            )
            return taken(request, batch)

        return self.once(sent.content, perform)


class PayrollBatchView(ApiView):
    """One payroll file."""

    @endpoint(
        "get_payroll_batch",
        "Look at a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        answers={200: PayrollBatchSerializer},
        on_an_object=True,
        tagged=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Where the file stands, its totals, and how much was found in it."""
        batch = batch_for(self.actor, pk)
        return Response(told(request, batch), headers=headers_of(batch))


class FindingsView(ApiView):
    """What was found in one payroll file."""

    @endpoint(
        "list_payroll_findings",
        "Read the findings of a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        query=(SEVERITY, *PAGE),
        answers={200: page_of("PayrollFindingPage", FindingSerializer)},
        on_an_object=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Findings, errors first. The file's counts are of all, 10,000 of them are kept."""
        batch = batch_for(self.actor, pk)
        rows = findings_of(batch)
        if self.asked["severity"]:
            rows = rows.filter(severity=self.asked["severity"])
        kinds = PAYROLL_FINDINGS.kinds
        return self.page(rows, ("number",), FindingSerializer, batch=batch, kinds=kinds)


class ConfirmView(ApiView):
    """Confirming payroll, which is not needed; kept so that both kinds of upload answer alike."""

    @endpoint(
        "confirm_payroll",
        "Confirm a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        body={"application/json": StrictSerializer},
        answers={},
        on_an_object=True,
        problems=(NOT_PROPOSED,),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Always refused: payroll without errors counts as soon as it was read."""
        batch = batch_for(self.actor, pk)
        StrictSerializer(data=request.data).is_valid(raise_exception=True)
        raise Refused(
            NOT_PROPOSED.code,
            f"This file is “{batch.get_state_display()}”. Payroll needs no confirmation.",
            "Without errors it counts as soon as it was read. Only rosters are confirmed.",
        )


class WithdrawView(ApiView):
    """Taking payroll back."""

    @endpoint(
        "withdraw_payroll",
        "Take a payroll file back",
        tag="Payroll",
        scopes=SCOPES,
        body={"application/json": ReasonSerializer},
        answers={200: PayrollBatchSerializer},
        on_an_object=True,
        once=True,
        if_match=UNLESS_CHANGED,
        problems=(NOT_ACCEPTED, CLAIM_SUBMITTED, REASON_REQUIRED, REASON_NOT_KEPT),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The lines of an accepted file no longer count; the file stays on record."""
        batch = batch_for(self.actor, pk)
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        reason = sent.validated_data["reason"]

        def perform() -> Response:
            withdraw_payroll(actor=self.actor, batch=batch, reason=reason)
            return Response(told(request, batch_for(self.actor, batch.pk)))

        def seen() -> Any:
            return told(request, batch_for(self.actor, pk))

        return self.once(reason.encode(), self.unless_changed(seen, perform))

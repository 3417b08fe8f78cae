"""What a machine does with a payroll file it sent: correct it, match its columns, answer its warnings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.payroll_batches import (
    CLAIM_SUBMITTED,
    NOT_BEGUN,
    NOT_REPLACEABLE,
    SCOPES,
    PayrollBatchSerializer,
    taken,
    told,
)
from claims.payroll.roles import PAYROLL_TARGET
from claims.selectors.payroll import batch_for, batch_with_rows_for, findings_of
from claims.services.payroll import (
    answer_payroll_warnings,
    correct_payroll,
    match_payroll_columns,
)
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
    FaultyRowsSerializer,
    PayrollCorrectionsSerializer,
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
from portal.web.api_endpoint import UNLESS_SEEN, endpoint
from portal.web.api_json import valid

TAKING = (CLAIM_SUBMITTED, NOT_BEGUN, NOT_REPLACEABLE)


class _Step(ApiView):
    """A step that is taken with one payroll file."""

    def seen(self) -> Any:
        """The file as its own address tells of it."""
        return told(self.request, batch_for(self.actor, self.kwargs["pk"]))


class FaultyRowsView(ApiView):
    """The rows of one payroll file that something was found in."""

    @endpoint(
        "list_payroll_faulty_rows",
        "Read the faulty rows of a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        answers={200: FaultyRowsSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Rows with an error or a warning, cell by cell as they stand in the file: to correct them."""
        rows = faulty_rows(batch_with_rows_for(self.actor, pk))
        return Response(FaultyRowsSerializer(rows).data)


class CorrectionsView(_Step):
    """Correcting a payroll file."""

    @endpoint(
        "correct_payroll",
        "Correct a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        body={"application/json": PayrollCorrectionsSerializer},
        answers={202: PayrollBatchSerializer},
        headers=(LOCATION,),
        on_an_object=True,
        once=True,
        queues=True,
        if_match=UNLESS_SEEN,
        problems=(*CORRECTING, *TAKING),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Change cells or leave rows out: a new upload of the same bytes with these corrections.

        It takes the place of the file if that was accepted. `was` must be what stands in the cell; where
        it is not, the new upload is rejected with the finding `patch_does_not_fit`.
        """
        batch = batch_for(self.actor, pk)

        def perform() -> Response:
            sent = valid(PayrollCorrectionsSerializer(data=request.data))
            corrected = correct_payroll(
                actor=self.actor, batch=batch, edits=edits_of(sent), quarter=sent.get("quarter")
            )
            return taken(request, batch_for(self.actor, corrected.pk))

        return self.once(
            request._request.body, self.unless_changed(self.seen, perform, needed=True)
        )


class ColumnsView(_Step):
    """Matching the columns of a payroll file."""

    @endpoint(
        "get_payroll_columns",
        "Look at the columns of a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        answers={200: ColumnsSerializer},
        on_an_object=True,
        problems=(NOT_AT_HAND,),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The file's own columns with some values, what they most likely are, and what they can be."""
        known = columns_of(batch_for(self.actor, pk), PAYROLL_TARGET)
        return Response(ColumnsSerializer(known).data)

    @endpoint(
        "match_payroll_columns",
        "Match the columns of a payroll file",
        tag="Payroll",
        scopes=SCOPES,
        body={"application/json": MatchedSerializer},
        answers={202: PayrollBatchSerializer},
        headers=(LOCATION,),
        on_an_object=True,
        once=True,
        queues=True,
        if_match=UNLESS_SEEN,
        problems=(INCOMPLETE, PERSONAL_NUMBER, *READING_AGAIN, *TAKING),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say what the columns are, for this file and later ones with the same columns.

        A file that waits for this is read on under its own address. Of one that was read there is a new
        upload.
        """
        batch = batch_for(self.actor, pk)

        def perform() -> Response:
            sent = valid(MatchedSerializer(data=request.data))
            read = match_payroll_columns(
                actor=self.actor, batch=batch, mapping=mapping_of(batch, sent)
            )
            return taken(request, batch_for(self.actor, read.pk))

        return self.once(
            request._request.body, self.unless_changed(self.seen, perform, needed=True)
        )


class AnswersView(ApiView):
    """Answering the warnings of a payroll file."""

    @endpoint(
        "answer_payroll_warnings",
        "Say why warnings of a payroll file are in order",
        tag="Payroll",
        scopes=SCOPES,
        body={"application/json": AnswersSerializer},
        answers={200: AnsweredSerializer},
        on_an_object=True,
        once=True,
        problems=ANSWERING,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Justify warnings. The same warning in a later file is answered too, until its facts change."""
        batch = batch_for(self.actor, pk)

        def perform() -> Response:
            sent = valid(AnswersSerializer(data=request.data))
            meant = warnings_meant(batch, findings_of(batch), sent)
            answered = answer_payroll_warnings(
                actor=self.actor, batch=batch, findings=meant, text=sent["text"]
            )
            left = open_warnings(batch.agency_id, findings_of(batch)).count()
            return Response({"answered": answered, "open": left})

        return self.once(request._request.body, perform)

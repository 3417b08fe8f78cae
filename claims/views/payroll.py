"""Payroll files: the list, sending one in, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import figures, presentation
from claims.forms import ADD, PayrollForm, TakeBackForm
from claims.models import PayrollBatch
from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.roles import PAYROLL_TARGET
from claims.selectors.answers import answers_for
from claims.selectors.claims import current_versions
from claims.selectors.payroll import (
    FEDERAL_FILES,
    accepted_files,
    batch_for,
    batch_with_rows_for,
    batches_for,
    events_of,
    shows_rows,
)
from claims.selectors.quarters import Standing, claimable_quarters, standings
from claims.services.payroll import (
    answer_payroll_warnings,
    correct_payroll,
    correct_payroll_with_file,
    match_payroll_columns,
    receive_payroll,
    withdraw_payroll,
)
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.intake.corrections import corrections_of
from portal.intake.desk import Desk, may_prepare
from portal.intake.models import ColumnMapping
from portal.intake.pages import findings_context, kept_original
from portal.intake.uploads import Upload
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.kernel.quarter import Quarter
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import Sending
from portal.web.show import show, show_progress, wants_fragment

SHOWN_EVENTS = 20
"""Of a file's history; there are seldom more than a handful."""


@signed_in
def batches(request: ActorRequest) -> HttpResponse:
    """The payroll files the reader may see, the newest first."""
    actor = request.actor
    quarters = [(str(q), str(q)) for q in reversed(claimable_quarters(clock.today()))]
    states = [
        (state.value, state.label)
        for state in PayrollBatch.State
        if actor.side != Side.FEDERAL or state in FEDERAL_FILES
    ]
    agency_column = (
        [Column("Agency", "agency", ("agency__name",))] if actor.side == Side.FEDERAL else []
    )
    files = Listing(
        request.GET,
        batches_for(actor),
        columns=(
            Column("File", "file", ("quarter", "number")),
            *agency_column,
            Column("Received", "received", ("received_at",)),
            Column("State", "state", ("state",)),
            Column("Rows", "rows", ("rows",), numeric=True),
            Column("Errors", "errors", ("errors",), numeric=True),
            Column("Warnings", "warnings", ("warnings",), numeric=True),
        ),
        order="-received",
        search=("sent_name", "uploaded_by__name", "agency__name"),
        filters=(
            Filter("quarter", "Quarter", quarters, "quarter"),
            Filter("status", "State of the file", states, "state"),
        ),
    )
    return show(
        request,
        "claims/batches.html",
        fragment="claims/_batches.html",
        files=files,
        may_upload=may_prepare(actor),
    )


@signed_in
def upload(request: ActorRequest) -> HttpResponse:
    """Send a payroll file in; afterwards the page of that file is its receipt."""
    actor = request.actor
    agency = _agency_of(actor)
    still_open = [s for s in standings(actor, agency) if s.is_open]
    quarters = [standing.quarter for standing in still_open]
    asked = _asked(request, still_open)
    closed = _closed(request, still_open)
    accepted = list(accepted_files(actor, asked)) if asked else []
    if request.method != "POST":
        form = PayrollForm(quarters, accepted, initial={"quarter": str(asked)})
        return _form(request, form, asked, closed=closed)
    form = PayrollForm(quarters, accepted, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _form(request, form, asked, status=422)
    sending = Sending("payroll", actor.user.pk, form.cleaned_data["token"])
    if not sending.begin():
        # The same form, sent twice: one file. Until it is stored there is only the list to show.
        known = sending.result
        return redirect("claims:batch", known) if known else redirect("claims:batches")
    with refused_on(form), sending.under_way():
        batch = _receive(actor, agency, form, accepted)
    if form.errors:
        return _form(request, form, asked, status=422)
    sending.ended(batch.pk)
    return redirect("claims:batch", batch.pk)


@signed_in
def batch(request: ActorRequest, pk: str) -> HttpResponse:
    """One payroll file: its receipt, how far it is, and what the checks found."""
    return _page(request, batch_for(request.actor, pk))


@signed_in
def progress(request: ActorRequest, pk: str) -> HttpResponse:
    """How far the reading of a file is, for the page that waits for it."""
    file = batch_for(request.actor, pk)
    response = show_progress(
        request,
        "components/progress_body.html",
        ended=file.is_finished,
        title=_outcome(file).title,
        step=_step(file),
        done=file.job.done if file.job else 0,
        total=file.job.total if file.job else 0,
        next_url=reverse("claims:batch", args=[file.pk]),
        next_label="See the result",
    )
    if file.is_finished:
        # The result takes the place of the whole page: findings, totals, and where to go next.
        response["HX-Refresh"] = "true"
    return response


@signed_in
def original(request: ActorRequest, pk: str) -> HttpResponse:
    """What was kept of the file, to be saved."""
    return kept_original(request.actor, batch_with_rows_for(request.actor, pk))


@signed_in
@require_POST
def take_back(request: ActorRequest, pk: str) -> HttpResponse:
    """Let an accepted file count no longer."""
    file = batch_for(request.actor, pk)
    request.actor.require(Capability.PREPARE, file.agency)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, file, taking_back=form, status=422)
    try:
        withdraw_payroll(actor=request.actor, batch=file, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        file = batch_for(request.actor, pk)
        if file.state == PayrollBatch.State.WITHDRAWN:
            return redirect("claims:batch", pk)
        form.add_error(None, f"{refusal.message} {refusal.fix}".strip())
        return _page(request, file, taking_back=form, status=refusal.status)
    messages.success(request, f"File {file.reference} no longer counts.")
    return redirect("claims:batch", pk)


@signed_in
@require_POST
def send_for(request: ActorRequest, pk: str) -> HttpResponse:
    """Send a file that names another quarter for that one instead."""
    file = batch_for(request.actor, pk)
    request.actor.require(Capability.PREPARE, file.agency)
    quarter = _quarter_instead(file)
    if quarter is None:
        raise NotFound("other quarter in this file")
    with refused_as_message(request):
        file = correct_payroll(actor=request.actor, batch=file, edits=[], quarter=quarter)
    return redirect("claims:batch", file.pk)


def _agency_of(actor: Actor) -> Agency:
    if actor.agency is None:
        raise NotFound("page")
    if not actor.can(Capability.PREPARE):
        raise NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include uploading payroll.",
            "Ask a preparer of your agency, or your administrator for the role.",
        )
    return actor.agency


def _asked(request: ActorRequest, still_open: list[Standing]) -> Quarter | None:
    """The quarter the request names; by default the oldest open one with an agreement."""
    named = request.POST.get("quarter") or request.GET.get("quarter")
    for standing in still_open:
        if str(standing.quarter) == named:
            return standing.quarter
    likely = [s.quarter for s in still_open if s.has_agreement] or [s.quarter for s in still_open]
    return likely[-1] if likely else None


def _receive(
    actor: Actor, agency: Agency, form: PayrollForm, accepted: list[PayrollBatch]
) -> PayrollBatch:
    chosen = form.cleaned_data.get("replaces", ADD)
    return receive_payroll(
        actor=actor,
        agency=agency,
        quarter=form.cleaned_data["quarter"],
        upload=Upload.of_form(form.cleaned_data["file"]),
        replaces=next((file for file in accepted if str(file.pk) == chosen), None),
    )


def _closed(request: ActorRequest, still_open: list[Standing]) -> str:
    """The quarter an address names that nothing can be sent for; empty if there is none."""
    named = request.GET.get("quarter", "")[:20]
    return named if named and named not in {str(s.quarter) for s in still_open} else ""


def _quarter_instead(file: PayrollBatch) -> Quarter | None:
    """The quarter the whole file is of, when it was sent for another one."""
    finding = file.findings.filter(code="wrong_quarter").first()
    return Quarter.parse(finding.value) if finding is not None else None


def _form(
    request: ActorRequest,
    form: PayrollForm,
    asked: Quarter | None,
    status: int = 200,
    closed: str = "",
) -> HttpResponse:
    return show(
        request,
        "claims/upload.html",
        fragment="claims/_replaces.html",
        status=status,
        form=form,
        asked=asked,
        closed=closed,
        has_quarters=form.has_quarters,
    )


def _page(
    request: ActorRequest,
    file: PayrollBatch,
    *,
    status: int = 200,
    taking_back: TakeBackForm | None = None,
    refusal: str = "",
    **refused: Any,
) -> HttpResponse:
    page, fragment = "claims/batch.html", "intake/_findings.html"
    actor = request.actor
    found = findings_context(request, DESK, file, **refused)
    if wants_fragment(request):
        return show(request, page, fragment=fragment, **found)
    return show(
        request,
        page,
        fragment=fragment,
        status=status,
        file=file,
        outcome=_outcome(file, correctable=found["may_fix"]),
        step=_step(file),
        form=taking_back or TakeBackForm(),
        refusal=refusal,
        corrections=corrections_of(file),
        quarter_instead=_quarter_instead(file),
        compare_url=_compare_url(actor, file),
        may_take_back=may_prepare(actor)
        and not file.dry_run
        and (file.state == PayrollBatch.State.ACCEPTED or file.needs_columns),
        may_upload=may_prepare(actor),
        shows_rows=found["opens"] and file.state in FEDERAL_FILES,
        version=current_versions(actor)
        .filter(claim__agency=file.agency, claim__quarter=file.quarter)
        .order_by("-claim__sequence")
        .first(),
        entries=list(presentation.timeline(events_of(file)[:SHOWN_EVENTS])),
        **found,
    )


def _outcome(file: PayrollBatch, *, correctable: bool = False) -> presentation.Outcome:
    if correctable and file.state == PayrollBatch.State.REJECTED:
        return presentation.OUTCOMES["correctable"]
    if file.dry_run and file.state == PayrollBatch.State.ACCEPTED:
        return presentation.OUTCOMES["checked"]
    return presentation.OUTCOMES[file.state]


def _compare_url(actor: Actor, file: PayrollBatch) -> str:
    """The page that sets a file beside the one before it, or the first beside the next; empty when alone."""
    if file.dry_run or not file.rows:
        return ""
    others = figures.comparable_files(actor, file).exclude(pk=file.pk).exclude(rows=0)
    other = others.filter(number__lt=file.number).first() or others.last()
    if other is None:
        return ""
    before, after = sorted((file, other), key=lambda one: one.number)
    return f"{reverse('claims:compare')}?before={before.pk}&after={after.pk}"


def _step(file: PayrollBatch) -> str:
    if file.is_finished:
        return _outcome(file).text
    return f"{file.job.step}." if file.job else _outcome(file).text


DESK = Desk(
    kind=ColumnMapping.Kind.PAYROLL,
    list_name="Payroll",
    door="claims:batch",
    back="claims:batches",
    catalogue=PAYROLL_FINDINGS,
    target=PAYROLL_TARGET,
    batch_for=batch_for,
    opens=shows_rows,
    answers_for=answers_for,
    page=_page,
    match=match_payroll_columns,
    correct=correct_payroll,
    correct_with_file=correct_payroll_with_file,
    answer=answer_payroll_warnings,
)

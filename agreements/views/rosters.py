"""Rosters: sending a file in, looking at what it would change, and letting it count or not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from agreements import selectors
from agreements.forms import DropForm, RosterForm
from agreements.models import RosterUpload
from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.roster_roles import ROSTER_TARGET
from agreements.services import rosters as services
from agreements.views.differences import differences, ids_of
from agreements.views.officers import may_upload
from agreements.views.scope import Crumbs, agency_meant, crumbs_to_officers, rosters_url
from portal.accounts.roles import Capability, Side
from portal.intake.corrections import corrections_of
from portal.intake.desk import Desk
from portal.intake.justifying import answers_of
from portal.intake.models import ColumnMapping
from portal.intake.pages import findings_context, kept_original
from portal.intake.uploads import Upload
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing, MemoryListing
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import Sending, posted
from portal.web.show import show, show_progress, wants_fragment

State = RosterUpload.State


@signed_in
def uploads(request: ActorRequest, number: str | None = None) -> HttpResponse:
    """The roster files of an agency, the newest first."""
    actor = request.actor
    if number is None and actor.side == Side.FEDERAL:
        return redirect("agreements:agencies")
    agency = agency_meant(actor, number)
    listing = Listing(
        request.GET,
        selectors.uploads_for(actor).filter(agency=agency),
        columns=[
            Column("File", "file", ("quarter", "number")),
            Column("Received", "received", ("received_at",)),
            Column("Sent by", "by", ("uploaded_by__name",)),
            Column("Rows", "rows", ("rows",), numeric=True),
            Column("State", "state", ("state",)),
        ],
        order="-received",
    )
    return show(
        request,
        "agreements/uploads.html",
        fragment="agreements/_uploads.html",
        agency=agency,
        listing=listing,
        crumbs=crumbs_to_officers(actor, agency),
        may_upload=may_upload(actor),
    )


@signed_in
def upload_roster(request: ActorRequest) -> HttpResponse:
    """Send a roster in. It changes nothing yet: its page shows what it would change."""
    actor = request.actor
    actor.require(Capability.PREPARE)
    agency = agency_meant(actor, None)
    form = RosterForm(posted(request), request.FILES or None, agency=agency)
    if form.is_valid():
        sending = Sending("roster", actor.user.pk, form.cleaned_data["token"])
        if not sending.begin():
            known = sending.result
            return redirect("agreements:upload", known) if known else redirect("agreements:uploads")
        with refused_on(form), sending.under_way():
            received = services.receive_roster(
                actor=actor,
                agency=agency,
                quarter=form.chosen_quarter,
                upload=Upload.of_form(form.cleaned_data["file"]),
            )
        if form.is_valid():
            sending.ended(received.pk)
            return redirect("agreements:upload", received.pk)
        sending.failed()
    return show(
        request,
        "agreements/upload_roster.html",
        status=422 if form.errors else 200,
        form=form,
        crumbs=crumbs_to_officers(actor, agency),
    )


@signed_in
def upload(request: ActorRequest, pk: str) -> HttpResponse:
    """One roster file: receipt, progress, what was found, what it would change."""
    return _page(request, selectors.upload_for(request.actor, pk))


@signed_in
def progress(request: ActorRequest, pk: str) -> HttpResponse:
    """How far the reading of a file is, for the page that waits for it."""
    found = selectors.upload_for(request.actor, pk)
    return show_progress(
        request,
        "components/progress_body.html",
        ended=found.is_finished,
        **_progress(found),
        next_url=reverse("agreements:upload", args=[found.pk]),
        next_label="See the result",
    )


@signed_in
def original(request: ActorRequest, pk: str) -> HttpResponse:
    """What was kept of the file, to be saved."""
    return kept_original(request.actor, selectors.upload_for(request.actor, pk))


@signed_in
@require_POST
def confirm(request: ActorRequest, pk: str) -> HttpResponse:
    """Let the roster count, exactly as it was shown."""
    found = selectors.upload_for(request.actor, pk)
    # Without a hash the service takes the changes unseen; that is for machines.
    shown = request.POST.get("shown_sha256") or "nothing"
    with refused_as_message(request):
        services.confirm_roster(actor=request.actor, upload=found, shown_sha256=shown)
        messages.success(
            request, f"Roster {found.reference} now counts. Your open claims follow shortly."
        )
    return redirect("agreements:upload", pk)


@signed_in
@require_POST
def drop(request: ActorRequest, pk: str) -> HttpResponse:
    """Do not let the roster count."""
    found = selectors.upload_for(request.actor, pk)
    request.actor.require(Capability.PREPARE, found.agency)
    form = DropForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, dropping=form)
    with refused_as_message(request):
        services.withdraw_roster(
            actor=request.actor, upload=found, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"Roster {found.reference} was dropped. Nothing was changed.")
    return redirect("agreements:upload", pk)


def _page(
    request: ActorRequest,
    found: RosterUpload,
    *,
    status: int = 200,
    dropping: DropForm | None = None,
    refusal: str = "",
    **refused: Any,
) -> HttpResponse:
    actor = request.actor
    page, fragment = "agreements/upload.html", "intake/_findings.html"
    is_open = found.state == State.PROPOSED and not found.dry_run and not found.needs_columns
    if wants_fragment(request) and request.headers.get("HX-Target") == "differences":
        proposal = _proposal(request, found) if is_open else {}
        return show(request, page, fragment="agreements/_differences.html", **proposal)
    findings = findings_context(request, DESK, found, **refused)
    if wants_fragment(request):
        return show(request, page, fragment=fragment, **findings)
    crumbs: Crumbs = crumbs_to_officers(actor, found.agency)
    return show(
        request,
        page,
        fragment=fragment,
        status=status,
        upload=found,
        form=dropping or DropForm(),
        refusal=refusal,
        corrections=corrections_of(found),
        crumbs=[*crumbs, ("Roster files", rosters_url(actor, found.agency))],
        is_open=is_open,
        may_confirm=is_open and may_upload(actor),
        may_upload=may_upload(actor),
        **findings,
        **_progress(found),
        **(_proposal(request, found) if is_open else {}),
    )


def _proposal(request: ActorRequest, found: RosterUpload) -> dict[str, Any]:
    changes = services.changes_proposed(found)
    names = {
        officer.payroll_id: officer.name
        for officer in selectors.officers_by_id(found.agency, ids_of(changes))
    }
    counts = changes.counts
    return {
        "shown_sha256": changes.sha256,
        "changes_anything": any(n for name, n in counts.items() if name != "unchanged"),
        "figures": [
            ("New officers", f"{counts['new_officers']:,}", ""),
            ("New entries", f"{counts['new_entries']:,}", ""),
            (
                "Changed entries",
                f"{counts['changed_entries']:,}",
                f"and {counts['changed_officers']:,} names or titles",
            ),
            ("Unchanged rows", f"{counts['unchanged']:,}", ""),
        ],
        "differences": MemoryListing(
            request.GET,
            differences(changes, names),
            columns=[Column("Officer"), Column("What changes")],
            text=lambda difference: difference.text,
            per_page=25,
            prefix="d-",
        ),
    }


def _progress(found: RosterUpload) -> dict[str, Any]:
    job = found.job
    state = "match its columns" if found.needs_columns else found.get_state_display().lower()
    return {
        "title": f"Roster {found.reference}: {state}",
        "step": "The file was read." if found.is_finished else f"{job.step}." if job else "",
        "done": job.done if job else 0,
        "total": job.total if job else 0,
    }


DESK = Desk(
    kind=ColumnMapping.Kind.ROSTER,
    list_name="Roster files",
    door="agreements:upload",
    back="agreements:uploads",
    catalogue=ROSTER_FINDINGS,
    target=ROSTER_TARGET,
    batch_for=selectors.upload_for,
    opens=lambda actor, upload: True,
    answers_for=lambda actor, *asked: answers_of(*asked),
    page=_page,
    match=services.match_roster_columns,
    correct=services.correct_roster,
    correct_with_file=services.correct_roster_with_file,
    answer=services.answer_roster_warnings,
)

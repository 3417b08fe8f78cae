"""ICE's own lists: sending one in, looking at what it would change, and importing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from agreements import selectors
from agreements.forms import ListDayForm, ListForm
from agreements.models import AgreementChange
from agreements.pipeline.lists import Plan
from agreements.services import lists as services
from agreements.views import list_changes
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.kernel.errors import NotFound, Refused
from portal.records import storage
from portal.records.models import Document
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.paging import Column, Filter, Listing, MemoryListing
from portal.web.refusals import in_words, refused_as_message, refused_on
from portal.web.sending import posted
from portal.web.show import show, wants_fragment

CHANGE_COLUMNS = [Column("Agency"), Column("Model"), Column("What"), Column("Facts")]


@signed_in
def imports(request: ActorRequest) -> HttpResponse:
    """The lists that were imported, the newest first."""
    listing = Listing(
        request.GET,
        selectors.imports_for(request.actor),
        columns=[
            Column("List", "as_of", ("as_of", "imported_at")),
            Column("Imported", "imported", ("imported_at",)),
            Column("Rows", numeric=True),
            Column("What it did"),
        ],
        order="-as_of",
    )
    return show(
        request,
        "agreements/lists.html",
        fragment="agreements/_lists.html",
        listing=listing,
        crumbs=_crumbs()[:1],
        may_import=request.actor.can(Capability.MANAGE_AGENCIES),
    )


@signed_in
def upload_list(request: ActorRequest) -> HttpResponse:
    """Send a list in. It changes nothing yet: its page shows what it would change."""
    request.actor.require(Capability.MANAGE_AGENCIES)
    form = ListForm(posted(request), request.FILES or None)
    if form.is_valid():
        file, as_of = form.cleaned_data["file"], form.cleaned_data["as_of"]
        with refused_on(form):
            content = file.read()
            services.preview_list(
                actor=request.actor, content=content, filename=file.name, as_of=as_of
            )
            file.seek(0)
            document = services.receive_list(actor=request.actor, upload=Upload.of_form(file))
        if form.is_valid():
            return redirect(_preview_url(document, as_of))
    return show(
        request,
        "agreements/upload_list.html",
        status=422 if form.errors else 200,
        form=form,
        crumbs=_crumbs(),
    )


@signed_in
def preview(request: ActorRequest, pk: str) -> HttpResponse:
    """What a list would change now, and the button that lets it count."""
    request.actor.require(Capability.MANAGE_AGENCIES)
    document = selectors.received_list_for(request.actor, pk)
    form = ListDayForm(request.GET)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else None
    earlier = selectors.imports_for(request.actor).filter(document=document).first()
    try:
        plan = services.preview_list(
            actor=request.actor,
            content=storage.read(document),
            filename=document.filename,
            as_of=as_of,
        )
    except NotFound:
        raise
    except Refused as refusal:
        return show(
            request,
            "agreements/list_refused.html",
            status=refusal.status,
            document=document,
            refusal=in_words(refusal),
            earlier=earlier,
            form=form,
            crumbs=_crumbs(),
        )
    changes = _planned_listing(request, plan)
    if wants_fragment(request):
        return show(request, "", fragment="agreements/_list_changes.html", listing=changes)
    endings = list_changes.endings(plan)
    return show(
        request,
        "agreements/list_preview.html",
        document=document,
        plan=plan,
        earlier=earlier,
        shown_sha256=plan.sha256,
        as_of=plan.as_of,
        kind=plan.ice_list.kind,
        figures=_figures(services.summary_of(plan, end_missing=False)),
        listing=changes,
        endings=endings,
        left=plan.left,
        respelled=[
            (row, plan.known.agencies[known.state, known.name_key])
            for row, known in plan.comparison.respelled
        ],
        findings=plan.ice_list.findings,
        hidden_rows=plan.ice_list.hidden_rows,
        crumbs=_crumbs(),
    )


@signed_in
@require_POST
def confirm(request: ActorRequest, pk: str) -> HttpResponse:
    """Let the list count, exactly as it was shown."""
    request.actor.require(Capability.MANAGE_AGENCIES)
    document = selectors.received_list_for(request.actor, pk)
    form = ListDayForm(request.POST)
    as_of = form.cleaned_data["as_of"] if form.is_valid() else None
    with refused_as_message(request):
        made = services.import_list(
            actor=request.actor,
            document=document,
            as_of=as_of,
            end_missing=request.POST.get("end_missing") == "on",
            # Without a hash the service imports unseen; that is for the command.
            shown_sha256=request.POST.get("shown_sha256") or "nothing",
        )
        messages.success(request, "The list is imported.")
        return redirect("agreements:list_import", made.pk)
    return redirect(_preview_url(document, as_of))


@signed_in
def imported(request: ActorRequest, pk: int) -> HttpResponse:
    """One import: the list, what it changed, what was found in it."""
    made = selectors.import_for(request.actor, pk)
    listing = Listing(
        request.GET,
        selectors.changes_by(made),
        columns=[
            Column("Agency", "agency", ("agreement__agency__name", "agreement__model")),
            Column("Model", "model", ("agreement__model", "agreement__agency__name")),
            Column("What", "what", ("what", "agreement__agency__name")),
            Column("Facts"),
        ],
        order="agency",
        search=("agreement__agency__name", "agreement__agency__number"),
        filters=[
            Filter("what", "What", AgreementChange.What.choices),
        ],
    )
    listing.rows = [list_changes.made(change) for change in listing.rows]
    return show(
        request,
        "agreements/list_import.html",
        fragment="agreements/_import_changes.html",
        made=made,
        listing=listing,
        figures=_figures(made.summary),
        findings=made.findings,
        crumbs=_crumbs(),
    )


@signed_in
def original(request: ActorRequest, pk: str) -> HttpResponse:
    """The list as it was sent, to be saved."""
    document = selectors.received_list_for(request.actor, pk)
    content = read_original(document, actor=request.actor)
    return attachment(content, document.filename, document.media_type)


def _planned_listing(request: ActorRequest, plan: Plan) -> MemoryListing:
    return MemoryListing(
        request.GET,
        list_changes.planned(plan),
        columns=CHANGE_COLUMNS,
        text=lambda change: change.text,
        per_page=25,
    )


def _figures(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        ("New agreements", f"{told['created']:,}", f"{told['new_agencies']:,} new agencies"),
        ("Changed", f"{told['changed']:,}", f"{told['unchanged']:,} stay as they are"),
        ("Moved", f"{told['moved']:,}", "between pending and signed"),
        ("No longer listed", f"{told['missing']:,}", f"{told['ended']:,} of them end"),
        ("Rows", f"{told['rows']:,}", f"{told['hidden_rows']:,} hidden, read too"),
    ]


def _preview_url(document: Document, as_of: date | None) -> str:
    address = reverse("agreements:list_preview", args=[document.pk])
    return address + (f"?{urlencode([('as_of', as_of.isoformat())])}" if as_of else "")


def _crumbs() -> list[tuple[str, str]]:
    return [
        ("Agencies", reverse("agreements:agencies")),
        ("ICE’s lists", reverse("agreements:lists")),
    ]

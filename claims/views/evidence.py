"""Records that support a claim: sent, listed, handed out; and those a reviewer may ask for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from claims.models import ClaimVersion, Evidence
from claims.review_forms import EvidenceForm
from claims.rules.address import Address
from claims.rules.lifecycle import OPEN_TO_AGENCY
from claims.selectors.addresses import few_officers, officers_named
from claims.selectors.claims import version_for
from claims.selectors.evidence import (
    Item,
    Status,
    evidence_for,
    evidence_of,
    groups,
    items_of,
    not_yet_federal,
    refusal_to_send,
    standing_evidence,
)
from claims.selectors.questions import refusal_to_ask
from claims.services.evidencing import send_evidence, take_back_evidence
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.paging import Column, Filter, Listing, MemoryListing
from portal.web.refusals import refused_as_message, refused_on
from portal.web.show import show

LATEST = 5


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """The last records sent, and while more may be asked for the checklist in numbers."""
    latest = standing_evidence(actor, version.claim)
    may_send = refusal_to_send(version, actor) is None and not version.nil
    may_ask = actor.can(Capability.REVIEW) and refusal_to_ask(version, actor) is None
    if not (latest or may_send or may_ask):
        return None
    is_open = may_ask or version.state in OPEN_TO_AGENCY
    return {
        "groups": groups(items_of(actor, version)) if is_open else [],
        "latest": [(one, _about(one, {})) for one in latest[:LATEST]],
        "more": len(latest) > LATEST,
        "may_send": may_send,
    }


@signed_in
def checklist(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Which records a reviewer may ask for, of which officers, and which of them are there."""
    actor = request.actor
    stored = version_for(actor, number, version)
    items = items_of(actor, stored)
    kind, status = request.GET.get("kind", ""), request.GET.get("status", "")
    chosen = [
        item
        for item in items
        if kind in ("", item.needed.kind) or kind not in Evidence.Kind.values
        if status in ("", item.status) or status not in list(Status)
    ]
    officers = officers_named(stored, {item.needed.officer_id for item in chosen})

    def text(item: Item) -> str:
        officer = officers.get(item.needed.officer_id)
        return f"{officer.name if officer else ''} {item.needed.officer_id}"

    listing = MemoryListing(
        request.GET,
        chosen,
        columns=(Column("Officer"), Column("Record"), Column("Why"), Column("Is it there?")),
        text=text,
    )
    may_ask = actor.can(Capability.REVIEW) and refusal_to_ask(stored, actor) is None
    return show(
        request,
        "claims/checklist.html",
        fragment="claims/_checklist.html",
        claim=stored.claim,
        version=stored,
        groups=groups(items),
        listing=listing,
        rows=[
            (item, Evidence.Kind(item.needed.kind).label, officers.get(item.needed.officer_id))
            for item in listing
        ],
        kind=Evidence.Kind(kind) if kind in Evidence.Kind.values else None,
        standing=status if status in list(Status) else "",
        may_send=refusal_to_send(stored, actor) is None,
        may_ask=may_ask,
    )


@signed_in
def records(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Every record that was sent for a claim."""
    actor = request.actor
    stored = version_for(actor, number, version)
    listing = Listing(
        request.GET,
        evidence_of(actor, stored.claim),
        columns=(
            Column("File", "file", ("document__filename",)),
            Column("Kind", "kind", ("kind",)),
            Column("For", "for", ("officer_id", "category")),
            Column("Sent", "sent", ("sent_at",)),
        ),
        order="-sent",
        search=("document__filename", "officer_id"),
        filters=(Filter("kind", "Kind of record", Evidence.Kind.choices),),
    )
    officers = officers_named(stored, (one.officer_id for one in listing))
    may_send = refusal_to_send(stored, actor) is None
    own = set(not_yet_federal(stored.claim).values_list("pk", flat=True)) if may_send else set()
    return show(
        request,
        "claims/records.html",
        fragment="claims/_records.html",
        claim=stored.claim,
        version=stored,
        listing=listing,
        rows=[(one, _about(one, officers), one.pk in own) for one in listing],
        may_send=may_send,
    )


@signed_in
def send(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Send a record for a claim, an officer or a line."""
    actor = request.actor
    stored = version_for(actor, number, version)
    actor.require(Capability.PREPARE, stored.claim.agency)
    officers = few_officers(stored)
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES, officers=officers)
    else:
        named = ("kind", "officer_id", "category")
        suggested = {name: request.GET.get(name, "")[:100] for name in named}
        form = EvidenceForm(officers=officers, initial=suggested)
    if form.is_valid():
        with refused_on(form):
            send_evidence(
                actor=actor,
                version=stored,
                kind=Evidence.Kind(form.cleaned_data["kind"]),
                address=form.address,
                upload=Upload.of_form(form.cleaned_data["file"]),
                token=form.cleaned_data["token"],
            )
        if form.is_valid():
            messages.success(request, "The record is kept with the claim.")
            return redirect("claims:records", number, version)
    return show(
        request,
        "claims/send_record.html",
        status=422 if form.errors else 200,
        claim=stored.claim,
        version=stored,
        form=form,
        refusal=None if form.errors else refusal_to_send(stored, actor),
        certifies=actor.can(Capability.CERTIFY),
    )


@signed_in
def file(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """A record's file, to be saved; who read it is put on record."""
    document = evidence_for(request.actor, number, pk).document
    request.actor.require_names("This record")
    content = read_original(document, actor=request.actor)
    return attachment(content, document.filename, document.media_type)


@signed_in
@require_POST
def take_back(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """Let a record count no longer."""
    evidence = evidence_for(request.actor, number, pk)
    with refused_as_message(request):
        take_back_evidence(actor=request.actor, evidence=evidence)
        messages.success(request, f"{evidence.document.filename} no longer counts.")
    return redirect("claims:records", number, version)


def _about(evidence: Evidence, officers: dict[str, Any]) -> str:
    officer = officers.get(evidence.officer_id)
    return Address(evidence.officer_id, evidence.category).words(officer.name if officer else "")


_VERSION = "claims/<slug:number>/versions/<int:version>/"

paths: list[URLPattern] = [
    path(f"{_VERSION}checklist/", checklist, name="checklist"),
    path(f"{_VERSION}records/", records, name="records"),
    path(f"{_VERSION}records/send/", send, name="send_record"),
    path(f"{_VERSION}records/<int:pk>/file/", file, name="record_file"),
    path(f"{_VERSION}records/<int:pk>/take-back/", take_back, name="take_back_record"),
]

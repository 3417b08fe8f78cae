"""Notes of one side to itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from claims.models import ClaimVersion
from claims.review_forms import NoteForm
from claims.rules.address import Address
from claims.selectors.addresses import officers_named
from claims.selectors.claims import version_for
from claims.selectors.questions import may_note, notes_of
from claims.services.noting import keep_note
from portal.accounts.policies import Actor
from portal.accounts.roles import Side
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_on
from portal.web.show import show


def panel(
    actor: Actor, version: ClaimVersion, officer_id: str | None = None
) -> dict[str, Any] | None:
    """The side's own notes about a claim, or about one of its officers; None when there can be none."""
    notes = notes_of(actor, version)
    if officer_id is not None:
        notes = notes.filter(officer_id=officer_id)
    kept, writes = list(notes.order_by("-id")), may_note(actor)
    if not kept and not writes:
        return None
    officers = officers_named(version, (note.officer_id for note in kept))
    federal = actor.side == Side.FEDERAL
    return {
        "notes": [(note, _about(note.officer_id, note.category, officers)) for note in kept],
        "federal": federal,
        "form": NoteForm(federal=federal, initial={"officer_id": officer_id or ""})
        if writes
        else None,
    }


@signed_in
@require_POST
def keep(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Keep a note for the reader's own side."""
    actor = request.actor
    stored = version_for(actor, number, version)
    federal = actor.side == Side.FEDERAL
    form = NoteForm(request.POST, federal=federal)
    if form.is_valid():
        with refused_on(form):
            keep_note(
                actor=actor,
                version=stored,
                address=form.address,
                text=form.cleaned_data["text"],
                token=form.cleaned_data["token"],
            )
    if form.errors:
        return show(
            request,
            "claims/note.html",
            status=422,
            claim=stored.claim,
            version=stored,
            form=form,
            federal=federal,
        )
    messages.success(
        request,
        "The note stays on the federal side." if federal else "The note stays in your office.",
    )
    officer_id = form.address.officer_id
    officer = officers_named(stored, [officer_id]).get(officer_id)
    if officer is not None:
        return redirect("claims:officer", number, version, officer.position)
    return redirect("claims:version", number, version)


def _about(officer_id: str, category: str, officers: dict[str, Any]) -> str:
    officer = officers.get(officer_id)
    return Address(officer_id, category).words(officer.name if officer else "")


paths: list[URLPattern] = [
    path("claims/<slug:number>/versions/<int:version>/notes/keep/", keep, name="keep_note"),
]

"""Who reviews a claim: taking it, giving it back, taking it over, handing it to a colleague."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from claims.models import Assignment, ClaimVersion
from claims.rules.lifecycle import State
from claims.selectors.assignments import (
    ON_THE_DESK,
    REVIEWABLE,
    assignment_of,
    assignments_of,
    reviewers_for,
)
from claims.selectors.claims import version_for
from claims.services.assigning import give_back, hand_over, take, take_over
from portal.accounts.models import User
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import posted
from portal.web.show import show


class ReassignForm(forms.Form):
    """Another reviewer for a claim, and why."""

    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        label="Who reviews the claim from now on?",
        empty_label="Choose a reviewer",
        error_messages={"required": "Choose who reviews the claim from now on."},
    )
    note = forms.CharField(
        label="Why?",
        help_text="Both reviewers read it. The agency does not.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write in a sentence why somebody else reviews the claim."},
    )

    def __init__(
        self, actor: Actor, version: ClaimVersion, current: Assignment | None, **rest: Any
    ) -> None:
        super().__init__(**rest)
        people = reviewers_for(version.claim)
        if current is not None and current.reviewer_id != actor.user.pk:
            # A colleague's claim can only be taken over: nobody gives away the work of another.
            del self.fields["reviewer"]
        else:
            reviewer = self.fields["reviewer"]
            reviewer.queryset = people.exclude(pk=actor.user.pk)  # type: ignore[attr-defined]  # a ModelChoiceField
            reviewer.label_from_instance = lambda person: person.name  # type: ignore[attr-defined]  # the same


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """Who reviews the claim, for the federal side; and the way to the next one for those who work on it."""
    if actor.side != Side.FEDERAL or not actor.can(Capability.READ_AGENCY):
        return None
    works = actor.can(Capability.REVIEW) or actor.can(Capability.APPROVE)
    on_the_desk = version.state in ON_THE_DESK and version.claim.version_id == version.pk
    current = assignment_of(version.claim) if on_the_desk else None
    if not works and current is None:
        return None
    return {
        "assignment": current,
        "mine": current is not None and current.reviewer_id == actor.user.pk,
        "on_the_desk": on_the_desk,
        "may_review": actor.can(Capability.REVIEW) and version.state in REVIEWABLE and on_the_desk,
        "works": works,
    }


@signed_in
@require_POST
def take_claim(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Take a claim that nobody has."""
    stored = version_for(request.actor, number, version)
    with refused_as_message(request):
        take(actor=request.actor, claim=stored.claim)
        messages.success(request, _yours(stored))
    return redirect("claims:claim", number)


@signed_in
@require_POST
def give_claim_back(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Leave one's claim to whoever takes it next."""
    stored = version_for(request.actor, number, version)
    with refused_as_message(request):
        give_back(actor=request.actor, claim=stored.claim)
        messages.success(request, "Given back. Any reviewer can take this claim now.")
    return redirect("claims:claim", number)


@signed_in
def reassign(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Who has had the claim; take it over from a colleague, or hand one's own to a colleague."""
    actor = request.actor
    stored = version_for(actor, number, version)
    actor.require(Capability.REVIEW)
    claim = stored.claim
    current = assignment_of(claim)
    form = ReassignForm(actor, stored, current, data=posted(request))
    if form.is_valid():
        note = form.cleaned_data["note"]
        with refused_on(form):
            if "reviewer" in form.fields:
                reviewer = form.cleaned_data["reviewer"]
                hand_over(actor=actor, claim=claim, reviewer=reviewer, note=note)
                done = f"{reviewer.name} reviews this claim now."
            else:
                take_over(actor=actor, claim=claim, note=note)
                done = _yours(stored)
        if form.is_valid():
            messages.success(request, done)
            return redirect("claims:claim", number)
    return show(
        request,
        "claims/reassign.html",
        status=422 if form.errors else 200,
        form=form,
        claim=claim,
        version=stored,
        current=current,
        takes_over="reviewer" not in form.fields,
        is_possible=stored.state in REVIEWABLE and claim.version_id == stored.pk,
        assignments=assignments_of(claim),
    )


def _yours(version: ClaimVersion) -> str:
    begin = " Start the review when you begin." if version.state == State.SUBMITTED else ""
    return f"Assigned to you.{begin}"


_VERSION = "claims/<slug:number>/versions/<int:version>/"
paths: list[URLPattern] = [
    path(f"{_VERSION}take/", take_claim, name="take"),
    path(f"{_VERSION}give-back/", give_claim_back, name="give_back"),
    path(f"{_VERSION}reassign/", reassign, name="reassign"),
]

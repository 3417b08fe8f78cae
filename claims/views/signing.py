"""The certifier's page and the receipt of a signature."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from claims.certification import words_to_sign
from claims.forms import CertifyForm
from claims.models import ClaimVersion
from claims.nil import statement_of
from claims.policies import refusal_of
from claims.presentation import why_void
from claims.rules.lifecycle import ACTIONS
from claims.selectors.claims import version_for
from claims.selectors.deadlines import deadline_of, is_late
from claims.selectors.differences import signed_difference
from claims.selectors.lines import shown_hash
from claims.selectors.linked import base_of
from claims.services.claims import perform
from claims.warnings import tally_of
from portal.kernel.errors import NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show

CERTIFY = ACTIONS["certify"]


@signed_in
def certify(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Amounts and words to sign; signing leads to the receipt."""
    stored = version_for(request.actor, number, version)
    if request.method != "POST":
        return _page(request, stored, _form(request, stored, request.actor.user.title))
    form = CertifyForm(request.POST, request=request, late=is_late(stored))
    if not form.is_valid():
        return _page(request, stored, form, status=422)
    try:
        perform(
            actor=request.actor,
            version=stored,
            code=CERTIFY.code,
            shown_sha256=form.cleaned_data["shown_sha256"],
            title=form.cleaned_data["title"],
            late_why=form.cleaned_data.get("late_why", ""),
            late_note=form.cleaned_data.get("late_note", ""),
        )
    except Refused as refusal:
        stored = version_for(request.actor, number, version)
        if refusal.code == "wrong_state" and _signed_by(stored, request.actor.user.pk):
            # Sent twice; the first time it was signed.
            return redirect("claims:receipt", number, version)
        # As it was filled in, over the amounts as they are now, to be agreed to again.
        anew = _form(request, stored, **_kept(form))
        return _page(request, stored, anew, refusal, refusal.status)
    return redirect("claims:receipt", number, version)


@signed_in
def receipt(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """What was signed, by whom and when: a page to print."""
    stored = version_for(request.actor, number, version)
    if not hasattr(stored, "certification"):
        raise NotFound("receipt")
    return show(
        request,
        "claims/receipt.html",
        claim=stored.claim,
        version=stored,
        statement=statement_of(stored),
        void=why_void(stored.state),
        base=base_of(stored.claim),
        changes=signed_difference(stored),
    )


def _page(
    request: ActorRequest,
    version: ClaimVersion,
    form: CertifyForm,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    standing_against = refusal_of(CERTIFY, version, request.actor)
    wording_version, wording = words_to_sign(nil=version.nil)
    return show(
        request,
        "claims/certify.html",
        status=status,
        claim=version.claim,
        version=version,
        calculation=version.calculation,
        form=form,
        refusal=refusal or standing_against,
        may_sign=standing_against is None,
        deadline=deadline_of(version.claim.agency, version.claim.quarter),
        wording=wording,
        wording_version=wording_version,
        statement=statement_of(version),
        tally=tally_of(version),
        base=base_of(version.claim),
        changes=signed_difference(version),
    )


def _form(request: ActorRequest, version: ClaimVersion, title: str, **filled: str) -> CertifyForm:
    initial = {"title": title, "shown_sha256": shown_hash(version), **filled}
    return CertifyForm(initial=initial, request=request, late=is_late(version))


def _kept(form: CertifyForm) -> dict[str, str]:
    return {name: form.cleaned_data.get(name, "") for name in ("title", "late_why", "late_note")}


def _signed_by(version: ClaimVersion, user_id: int) -> bool:
    return hasattr(version, "certification") and version.certification.user_id == user_id

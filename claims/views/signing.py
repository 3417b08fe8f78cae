"""The certifier's page and the receipt of a signature."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from claims import selectors
from claims.certification import words_to_sign
from claims.forms import CertifyForm
from claims.models import ClaimVersion
from claims.nil import statement_of
from claims.policies import refusal_of
from claims.rules.lifecycle import ACTIONS
from claims.services.claims import perform
from claims.warnings import tally_of
from portal.kernel.errors import NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show

CERTIFY = ACTIONS["certify"]


@signed_in
def certify(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Amounts and words to sign; signing leads to the receipt."""
    stored = selectors.version_for(request.actor, number, version)
    if request.method != "POST":
        shown = stored.calculation.sha256 if stored.calculation else ""
        initial = {"title": request.actor.user.title, "shown_sha256": shown}
        return _page(request, stored, CertifyForm(initial=initial))
    form = CertifyForm(request.POST)
    if not form.is_valid():
        return _page(request, stored, form, status=422)
    try:
        perform(
            actor=request.actor,
            version=stored,
            code=CERTIFY.code,
            shown_sha256=form.cleaned_data["shown_sha256"],
            title=form.cleaned_data["title"],
        )
    except Refused as refusal:
        stored = selectors.version_for(request.actor, number, version)
        if refusal.code == "wrong_state" and _signed_by(stored, request.actor.user.pk):
            # Sent twice; the first time it was signed.
            return redirect("claims:receipt", number, version)
        return _page(request, stored, _anew(form, stored), refusal, refusal.status)
    return redirect("claims:receipt", number, version)


@signed_in
def receipt(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """What was signed, by whom and when: a page to print."""
    stored = selectors.version_for(request.actor, number, version)
    if not hasattr(stored, "certification"):
        raise NotFound("receipt")
    return show(
        request,
        "claims/receipt.html",
        claim=stored.claim,
        version=stored,
        statement=statement_of(stored),
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
        wording=wording,
        wording_version=wording_version,
        statement=statement_of(version),
        tally=tally_of(version),
    )


def _anew(form: CertifyForm, version: ClaimVersion) -> CertifyForm:
    """The form as it was filled in, over the amounts as they are now, to be agreed to again."""
    shown = version.calculation.sha256 if version.calculation else ""
    return CertifyForm(initial={"title": form.cleaned_data["title"], "shown_sha256": shown})


def _signed_by(version: ClaimVersion, user_id: int) -> bool:
    return hasattr(version, "certification") and version.certification.user_id == user_id

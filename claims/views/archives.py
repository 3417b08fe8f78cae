"""Archives for auditors: asking for one, watching it being made, downloading it."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from claims.models import Archive
from claims.selectors.archives import archive_for, archives_for
from claims.selectors.quarters import claimable_quarters
from claims.services.archiving import LARGEST, ask_for_archive, retry_archive
from portal.accounts.models import Agency
from portal.accounts.roles import Capability
from portal.jobs.running import ABANDONED
from portal.kernel import clock
from portal.kernel.errors import NotFound, Refused
from portal.kernel.quarter import Quarter
from portal.records.originals import open_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import streamed_attachment
from portal.web.paging import Column, Listing
from portal.web.sending import posted
from portal.web.show import show, show_progress

TOO_LONG = ("SoftTimeLimitExceeded", "MemoryError")
"""Failures that more claims bring about than a job has time and memory for."""
BY_FORCE = (ABANDONED, "")
"""The same, perhaps: it was ended before it could say why. Without a reason in what ended long ago."""


class ArchiveForm(forms.Form):
    """What goes into an archive: an agency's claims, a quarter's, or some of them drawn by lot."""

    agency = forms.CharField(
        label="Agency",
        help_text="Its portal number, such as A00012. Leave it empty for all agencies.",
        required=False,
        max_length=10,
    )
    quarter = forms.TypedChoiceField(
        label="Quarter", coerce=Quarter.parse, empty_value=None, required=False
    )
    sample = forms.IntegerField(
        label="Draw so many claims by lot",
        help_text=f"Leave it empty for all of them, up to {LARGEST}. What the lot is drawn with is on "
        "record, so that the same draw can be made again.",
        required=False,
        min_value=1,
        max_value=LARGEST,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["token"].initial = uuid.uuid4
        quarters = [str(q) for q in reversed(claimable_quarters(clock.today()))]
        field = cast(forms.ChoiceField, self.fields["quarter"])
        field.choices = [("", "All quarters"), *((q, q) for q in quarters)]

    def clean_agency(self) -> Agency | None:
        """The agency with the number, if one is given."""
        number = self.cleaned_data["agency"].strip().upper()
        agency = Agency.objects.filter(number=number).first()
        if number and agency is None:
            raise forms.ValidationError("There is no agency with this number.")
        return agency

    def clean(self) -> dict[str, Any]:
        """At least one of agency and quarter."""
        given = super().clean() or {}
        if not self.errors and given.get("agency") is None and given.get("quarter") is None:
            raise forms.ValidationError("Choose an agency, a quarter, or both.")
        return given


@signed_in
def archives(request: ActorRequest) -> HttpResponse:
    """The archives made so far, and the form that asks for another one."""
    actor = request.actor
    if not actor.can(Capability.READ_AUDIT):
        raise NotFound()
    chosen = {name: request.GET.get(name, "") for name in ("agency", "quarter")}
    form, refusal = ArchiveForm(posted(request), initial=chosen), None
    if form.is_bound and form.is_valid():
        try:
            archive = ask_for_archive(actor=actor, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            return redirect("claims:archive", archive.pk)
    rows = Listing(
        request.GET,
        archives_for(actor),
        columns=(
            Column("What", "what", ("agency__number", "quarter")),
            Column("Asked for", "asked", ("asked_at",)),
            Column("By", "by", ("asked_by__name",)),
            Column("Claims", "claims", ("claims",), numeric=True),
        ),
        order="-asked",
    )
    return show(
        request,
        "claims/archives.html",
        fragment="claims/_archives.html",
        status=refusal.status if refusal else 422 if form.errors else 200,
        form=form,
        refusal=refusal,
        archives=rows,
    )


@signed_in
def archive(request: ActorRequest, pk: uuid.UUID) -> HttpResponse:
    """One archive: being made, ready, or why it could not be made."""
    asked = archive_for(request.actor, pk)
    return show(
        request,
        "claims/archive.html",
        archive=asked,
        crumbs=[("Archives", reverse("claims:archives"))],
        failure=_failure(asked),
        facts=[
            ("Claims in it", asked.claims),
            ("SHA-256 of the file", asked.document.sha256 if asked.document else ""),
            ("SHA-256 of its manifest", asked.manifest_sha256),
        ],
    )


@signed_in
def progress(request: ActorRequest, pk: uuid.UUID) -> HttpResponse:
    """How far the making of an archive is."""
    asked = archive_for(request.actor, pk)
    job, made = asked.job, asked.document is not None
    ended = made or job is None or job.is_finished
    step = job.step if job and not ended else "It is ready." if made else _failure(asked)
    return show_progress(
        request,
        "components/progress_body.html",
        ended=ended,
        title="Archive",
        step=step,
        done=job.done if job else 0,
        total=job.total if job else 0,
        next_url=reverse("claims:archive", args=[pk]) if ended else "",
        next_label="Go to the archive",
    )


@signed_in
def download(request: ActorRequest, pk: uuid.UUID) -> FileResponse:
    """The archive itself; that it was read is on record."""
    asked = archive_for(request.actor, pk)
    if asked.document is None:
        raise NotFound("archive")
    document = asked.document
    file = open_original(document, actor=request.actor)
    return streamed_attachment(file, document.filename, document.media_type)


@signed_in
@require_POST
def retry(request: ActorRequest, pk: uuid.UUID) -> HttpResponse:
    """Make an archive again that could not be made."""
    asked: Archive = archive_for(request.actor, pk)
    retry_archive(actor=request.actor, archive=asked)
    return redirect("claims:archive", pk)


def _failure(asked: Archive) -> str:
    """Why an archive could not be made and what to do; empty while it may still be."""
    job = asked.job
    if asked.document is not None or (job is not None and not job.is_finished):
        return ""
    if asked.reason in TOO_LONG:
        return "It took longer than the portal allows. Ask for fewer claims, or try again."
    if asked.reason in BY_FORCE:
        return (
            "Making it was ended by force, perhaps because it took more time or memory than there is. Ask "
            "for fewer claims, or try again; if it fails once more, tell your administrator."
        )
    return (
        f"The portal tried several times and failed each time ({asked.reason}). Try again; if it fails "
        "once more, tell your administrator."
    )


paths = [
    path("archives/", archives, name="archives"),
    path("archives/<uuid:pk>/", archive, name="archive"),
    path("archives/<uuid:pk>/progress/", progress, name="archive_progress"),
    path("archives/<uuid:pk>/file/", download, name="archive_file"),
    path("archives/<uuid:pk>/retry/", retry, name="retry_archive"),
]

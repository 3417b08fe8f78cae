"""Files of counts: sending one in, what it proposes, and confirming all of it at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from awards.forms import CountsFileForm
from awards.presentation import share
from awards.selectors import measures_in, measures_to_confirm, upload_for, uploads_for
from awards.services import confirm_upload, receive_counts
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.paging import Column, Listing
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import Sending, posted
from portal.web.show import show


@signed_in
def uploads(request: ActorRequest) -> HttpResponse:
    """Every file of counts, the newest first."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    listing = Listing(
        request.GET,
        uploads_for(actor),
        columns=[
            Column("File", "file", ("document__filename",)),
            Column("Received", "received", ("received_at",)),
            Column("Sent by", "by", ("uploaded_by__name",)),
            Column("Proposed", "rows", ("rows",), numeric=True),
            Column("Errors", "errors", ("errors",), numeric=True),
        ],
        order="-received",
    )
    return show(
        request,
        "awards/uploads.html",
        fragment="awards/_uploads.html",
        listing=listing,
        crumbs=[("Counts", reverse("awards:counts"))],
    )


@signed_in
def upload_counts(request: ActorRequest) -> HttpResponse:
    """Send a file in: it proposes all its counts, or none and says what is wrong."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    form = CountsFileForm(posted(request), request.FILES or None)
    if form.is_valid():
        sending = Sending("counts", actor.user.pk, form.cleaned_data["token"])
        if not sending.begin():
            known = sending.result
            return redirect("awards:upload", known) if known else redirect("awards:uploads")
        with refused_on(form):
            received = receive_counts(actor=actor, upload=Upload.of_form(form.cleaned_data["file"]))
        if form.is_valid():
            sending.ended(received.pk)
            return redirect("awards:upload", received.pk)
        sending.failed()
    return show(
        request,
        "awards/upload_counts.html",
        status=422 if form.errors else 200,
        form=form,
        crumbs=[("Counts", reverse("awards:counts"))],
    )


@signed_in
def upload(request: ActorRequest, pk: str) -> HttpResponse:
    """One file of counts: what it changes, what was found, and who sent it."""
    actor = request.actor
    found = upload_for(actor, pk)
    listing = Listing(
        request.GET,
        measures_in(found),
        columns=[
            Column("Agency", "name", ("agency__name", "quarter")),
            Column("Quarter", "quarter", ("quarter", "agency__name")),
            Column("Referred", "referred", ("referred",), numeric=True),
            Column("Located", "located", ("located",), numeric=True),
            Column("Share", numeric=True),
            Column("Standing", "standing", ("confirmation__verdict",)),
        ],
        order="name",
        search=("agency__name", "agency__number", "quarter"),
    )
    for measure in listing:
        measure.share = share(measure.referred, measure.located)
    return show(
        request,
        "awards/upload.html",
        fragment="awards/_measures.html",
        upload=found,
        listing=listing,
        waiting=measures_to_confirm(actor).filter(upload=found).count(),
        is_own=found.uploaded_by_id == actor.user.pk,
        crumbs=[("Counts", reverse("awards:counts")), ("Files", reverse("awards:uploads"))],
    )


@signed_in
@require_POST
def confirm(request: ActorRequest, pk: str) -> HttpResponse:
    """Let every report of the file count that still waits."""
    found = upload_for(request.actor, pk)
    with refused_as_message(request):
        count = confirm_upload(actor=request.actor, upload=found)
        messages.success(request, f"{count:,} reports of this file count now.")
    return redirect("awards:upload", pk)


@signed_in
def original(request: ActorRequest, pk: str) -> HttpResponse:
    """The file as it came in, to be saved."""
    document = upload_for(request.actor, pk).document
    content = read_original(document, actor=request.actor)
    return attachment(content, document.filename, document.media_type)

"""Pages every kind of file shares: see what was found, answer its warnings, correct its rows.

A `Desk` says what differs between them. What these pages change, the services of the desk's app change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from portal.accounts.policies import Actor
from portal.accounts.roles import Side
from portal.intake.column_pages import columns, mappings
from portal.intake.desk import Desk, may_fix, may_prepare, own_batch
from portal.intake.faulty import Faulty
from portal.intake.fixing import NOTHING_TYPED, Sheet, Typed, lay_out, read_typed
from portal.intake.forms import ReturnForm
from portal.intake.justifying import answers_of
from portal.intake.models import Batch
from portal.intake.queue import Queue
from portal.intake.uploads import Upload
from portal.intake.workbook import error_workbook
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.kernel.findings import Severity
from portal.kernel.tabular.sensitive import without_personal_numbers
from portal.records import audit
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.refusals import in_words, refused_on
from portal.web.show import show, wants_fragment

_PUT_RIGHT_BY_MATCHING = frozenset({"unknown_pay_code", "unknown_title", "mapping_incomplete"})
_MAYBE_BY_MATCHING = frozenset({"missing_column", "merged_cells", "negative_result"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Answering(NamedTuple):
    """An answer that was refused, to be shown again where it was written."""

    place: str
    text: str
    wrong: str


def doors(prefix: str, desk: Desk) -> list[URLPattern]:
    """The addresses of these pages below `prefix`, to be put into an app's own."""
    name = desk.door.partition(":")[2]
    parts = (
        ("columns/", columns, "columns"),
        ("fix/", fix, "fix"),
        ("rows/<int:row>/", whole_row, "row"),
        ("answer/", answer, "answer"),
        ("workbook/", workbook, "workbook"),
        ("returned/", returned, "returned"),
    )
    below = [
        path(f"{prefix}<uuid:pk>/{part}", view, {"desk": desk}, name=f"{name}_{ending}")
        for part, view, ending in parts
    ]
    return [*below, path(f"{prefix}columns/", mappings, {"desk": desk}, name=f"{name}_mappings")]


def findings_context(
    request: ActorRequest,
    desk: Desk,
    batch: Batch,
    *,
    typed: Typed | None = None,
    answering: Answering | None = None,
    returning: ReturnForm | None = None,
) -> dict[str, Any]:
    """What `intake/_findings.html` shows on a file's page."""
    actor = request.actor
    findings = batch.findings.all()  # type: ignore[attr-defined]  # every kind of batch has findings
    queue = Queue(request.GET, batch, findings, desk.kinds, partial(desk.answers_for, actor))
    can_fix = may_fix(actor, batch)
    # What was typed is shown again even when the file was corrected by somebody else meanwhile.
    faulty = Faulty.of_text(batch.faulty) if can_fix or typed else Faulty()
    sheet = Sheet(faulty, typed or NOTHING_TYPED)
    lay_out(queue, sheet)
    return {
        "desk": desk,
        "batch": batch,
        "queue": queue,
        "sheet": sheet,
        "typed": typed,
        "answering": answering,
        "returning": returning or ReturnForm(),
        "opens": desk.opens(actor, batch),
        "may_fix": can_fix and bool(faulty.rows),
        "may_answer": may_prepare(actor),
        "has_fields": bool(sheet.given),
        "total_rows": faulty.total,
        "next_correction": _next_correction(batch),
        "matching": _matching(actor, batch, queue),
        "sent_before": _sent_before(batch) if actor.side == Side.AGENCY else None,
    }


@signed_in
@require_POST
def fix(request: ActorRequest, pk: str, *, desk: Desk) -> HttpResponse:
    """Take the corrections typed on a file's page; they make a new file of the old one."""
    batch = own_batch(request, desk, pk)
    return _correct(request, desk, batch, lambda **more: desk.page(request, batch, **more))


@signed_in
def whole_row(request: ActorRequest, pk: str, row: int, *, desk: Desk) -> HttpResponse:
    """All cells of one row, to be corrected."""
    batch = own_batch(request, desk, pk)
    faulty = Faulty.of_text(batch.faulty)
    if row not in faulty.rows:
        raise NotFound("row to correct")
    if request.method != "POST" and not may_fix(request.actor, batch):
        raise Refused(
            "not_correctable",
            f"File {batch.reference} can no longer be corrected here.",
            "Open its page: it says what became of the file, and which one corrects it.",
        )

    def page(status: int = 200, typed: Typed | None = None, refusal: str = "") -> HttpResponse:
        sheet = Sheet(faulty, typed or NOTHING_TYPED)
        findings = batch.findings.filter(row=row)  # type: ignore[attr-defined]  # every kind has them
        return show(
            request,
            "intake/row.html",
            fragment="intake/_cells.html",
            status=status,
            desk=desk,
            batch=batch,
            row=row,
            cells=sheet.row(row),
            out=f"out-{row}",
            is_out=f"out-{row}" in sheet.typed.fields,
            findings=findings.exclude(severity=Severity.NOTICE),
            typed=typed,
            refusal=refusal,
            prefix="whole-" if wants_fragment(request) else "",
        )

    return _correct(request, desk, batch, page) if request.method == "POST" else page()


@signed_in
@require_POST
def answer(request: ActorRequest, pk: str, *, desk: Desk) -> HttpResponse:
    """Say why a warning is in order, or all of a rule that nobody has answered."""
    batch = own_batch(request, desk, pk)
    number, code = request.POST.get("finding", ""), request.POST.get("rule", "")[:40]
    warnings = batch.findings.filter(severity=Severity.WARNING)  # type: ignore[attr-defined]  # every kind has them
    if number.isascii() and number.isdigit() and len(number) < 9:
        asked, place = list(warnings.filter(number=int(number))), f"finding-{number}"
    else:
        if code not in desk.kinds:
            raise NotFound("rule")
        asked, place = list(warnings.filter(code=code)), f"rule-{code}"
        known = answers_of(batch.agency_id, [finding.fingerprint for finding in asked])
        asked = [finding for finding in asked if finding.fingerprint not in known]
    if not asked:
        raise NotFound("warning to answer")
    text = request.POST.get("text", "")
    try:
        desk.answer(actor=request.actor, batch=batch, findings=asked, text=text)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        answering = Answering(place, without_personal_numbers(text), in_words(refused))
        return desk.page(request, batch, status=422, answering=answering)
    what = (
        "The warning is answered." if len(asked) == 1 else f"{len(asked):,} warnings are answered."
    )
    messages.success(request, what)
    return redirect(f"{desk.url(batch)}?{request.GET.urlencode()}#findings")


@signed_in
def workbook(request: ActorRequest, pk: str, *, desk: Desk) -> HttpResponse:
    """What was found as a workbook, with the faulty rows to be corrected and sent back."""
    batch = desk.batch_for(request.actor, pk)
    request.actor.require_names("The error workbook")
    findings = list(batch.findings.order_by("number"))  # type: ignore[attr-defined]  # every kind has them
    if not findings or not desk.opens(request.actor, batch):
        raise NotFound("error workbook")
    content = error_workbook(batch, findings, desk.kinds)
    filename = f"{desk.kind}-{batch.reference}-findings.xlsx"
    audit.record(
        "document.read",
        subject=f"{desk.kind}/{batch.pk}",
        actor=request.actor,
        agency_id=batch.agency_id,
        file=filename,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return attachment(content, filename, XLSX)


@signed_in
@require_POST
def returned(request: ActorRequest, pk: str, *, desk: Desk) -> HttpResponse:
    """Take the corrected rows of an error workbook; they make a new file of the old one."""
    batch = own_batch(request, desk, pk)
    form = ReturnForm(request.POST, request.FILES)
    if form.is_valid():
        with refused_on(form):
            corrected = desk.correct_with_file(
                actor=request.actor,
                batch=batch,
                upload=Upload.of_form(form.cleaned_data["file"]),
            )
            return redirect(desk.url(corrected))
    return desk.page(request, batch, status=422, returning=form)


def kept_original(actor: Actor, batch: Batch) -> HttpResponse:
    """What was kept of a file, to be saved by those who may take names out of the portal."""
    actor.require_names("This file")
    if batch.document is None:
        raise Refused(
            "file_not_kept",
            "The portal did not keep this file.",
            "Its name, size and hash stay on record. Look on its page for the reason.",
        )
    content = read_original(batch.document, actor=actor)
    return attachment(content, batch.document.filename, batch.document.media_type)


def _correct(
    request: ActorRequest, desk: Desk, batch: Batch, page: Callable[..., HttpResponse]
) -> HttpResponse:
    typed = read_typed(request.POST, Faulty.of_text(batch.faulty))
    if typed.wrong:
        return page(status=422, typed=typed)
    if not typed.edits:
        return page(
            status=422,
            typed=typed,
            refusal="Nothing was changed. Correct a cell or leave a row out, then check again.",
        )
    try:
        corrected = desk.correct(actor=request.actor, batch=batch, edits=typed.edits)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        return page(status=refused.status, typed=typed, refusal=in_words(refused))
    return redirect(desk.url(corrected))


def _matching(actor: Actor, batch: Batch, queue: Queue) -> str:
    """Whether matching the columns puts a rejected file right: `best`, `possible`, or empty for no."""
    if batch.state != Batch.State.REJECTED or not may_prepare(actor):
        return ""
    codes = {note.code for note in queue.notes}
    if codes.isdisjoint(_PUT_RIGHT_BY_MATCHING | _MAYBE_BY_MATCHING) or not batch.sample:
        return ""
    return "possible" if codes.isdisjoint(_PUT_RIGHT_BY_MATCHING) else "best"


def _sent_before(batch: Batch) -> Batch | None:
    """The file with the same bytes that the agency sent earlier for the same quarter.

    Of several the one that counts; none for a trial or a correction.
    """
    if batch.corrects or batch.dry_run:
        return None
    same = type(batch)._default_manager.filter(
        agency=batch.agency_id,
        quarter=batch.quarter,
        sent_sha256=batch.sent_sha256,
        number__lt=batch.number,
        corrects=None,
        dry_run=False,
    )
    return same.filter(state=Batch.State.ACCEPTED).first() or same.order_by("-number").first()


def _next_correction(batch: Batch) -> Batch | None:
    """The file that corrects this one, if there is one."""
    return batch.corrected_by.order_by("-number").first()  # type: ignore[attr-defined]  # every kind has them

"""A quarter begun with what is known: differences to confirm, a file or a table to correct and send."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect

from claims import figures
from claims.calendars import PayPlan
from claims.pay_sheet import PayCalendarForm, PaySheet, fits_a_page, sheet_of, sheet_sent
from claims.prefill import Change, Prefill, fill, table_of
from claims.selectors.quarters import claimable_quarters
from claims.services.payroll import check_open, receive_payroll
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import write_csv, write_xlsx
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.refusals import in_words
from portal.web.sending import Sending
from portal.web.show import show

PREVIEWED_PERIODS = 8
CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHANGES = {
    Change.JOINED: "New in the payroll",
    Change.LEFT: "Left",
    Change.STARTS: "Starts in the quarter",
    Change.ENDS: "Ends in the quarter",
    Change.SALARY: "Salary changed",
}


@signed_in
def start(request: ActorRequest, quarter: str) -> HttpResponse:
    """What carries over from the last quarter, to confirm; small payrolls can be typed and sent here."""
    actor = request.actor
    agency, wanted = _open_quarter(actor, quarter)
    found, form = _filled(request, agency, wanted)
    if request.method != "POST":
        sheet = None
        if fits_a_page(found):
            sheet = sheet_of(found, clock.today(agency.time_zone))
        return _page(request, found, form, sheet)
    sheet = sheet_sent(request.POST, found)
    if sheet.is_wrong:
        return _page(request, found, form, sheet, status=422)
    sending = Sending("prefill", actor.user.pk, request.POST.get("token", ""))
    if not sending.begin():
        known = sending.result
        return redirect("claims:batch", known) if known else redirect("claims:batches")
    try:
        with sending.under_way():
            batch = receive_payroll(
                actor=actor,
                agency=agency,
                quarter=wanted,
                upload=Upload.of_json(sheet.body(wanted)),
            )
    except Refused as refusal:
        sheet.problems.append(in_words(refusal))
        return _page(request, found, form, sheet, status=refusal.status)
    sending.ended(batch.pk)
    return redirect("claims:batch", batch.pk)


@signed_in
def download(request: ActorRequest, quarter: str, ending: str) -> HttpResponse:
    """The same rows as a file to correct and upload."""
    agency, wanted = _open_quarter(request.actor, quarter)
    if ending not in MEDIA_TYPES:
        raise NotFound("file")
    header, rows = table_of(_filled(request, agency, wanted)[0])
    content = write_csv(header, rows) if ending == CSV else write_xlsx("Payroll", header, rows)
    return attachment(content, f"payroll-{agency.number}-{wanted}.{ending}", MEDIA_TYPES[ending])


def _open_quarter(actor: Actor, quarter: str) -> tuple[Agency, Quarter]:
    """The quarter to begin; refused for those who prepare nothing, and when its payroll is fixed."""
    agency = actor.agency
    if agency is None:
        raise NotFound("page")
    if not actor.can(Capability.PREPARE):
        raise NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include preparing payroll.",
            "Ask a preparer of your agency, or your administrator for the role.",
        )
    for wanted in claimable_quarters(clock.today(agency.time_zone)):
        if str(wanted) == quarter:
            check_open(agency, wanted)
            return agency, wanted
    raise NotFound("quarter")


def _filled(
    request: ActorRequest, agency: Agency, quarter: Quarter
) -> tuple[Prefill, PayCalendarForm]:
    history = figures.pay_history(request.actor, agency, quarter)
    form = PayCalendarForm(request.GET if "frequency" in request.GET else None)
    chosen: PayPlan | None = form.plan if form.is_valid() else None
    return fill(quarter, history, chosen), form


def _page(
    request: ActorRequest,
    found: Prefill,
    form: PayCalendarForm,
    sheet: PaySheet | None,
    status: int = 200,
) -> HttpResponse:
    return show(
        request,
        "claims/prefill.html",
        status=status,
        prefill=found,
        quarter=found.quarter,
        number=f"{request.actor.agency.number}-{found.quarter}",
        differences=[(CHANGES[one.change], one) for one in found.differences],
        form=form,
        asked=request.GET.urlencode() if form.is_bound and form.is_valid() else "",
        periods=_preview(found, form),
        sheet=sheet,
        token=uuid.uuid4(),
        today=clock.today(request.actor.agency.time_zone),
    )


def _preview(found: Prefill, form: PayCalendarForm) -> list[str]:
    """The first periods of the calendar that was chosen, for the person to check."""
    if not (form.is_bound and form.is_valid()):
        return []
    periods = form.plan.calendar.periods(found.quarter.start, found.quarter.end)
    return [str(period) for period in periods[:PREVIEWED_PERIODS]]

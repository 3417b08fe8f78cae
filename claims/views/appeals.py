"""Appeals against a decision, line by line: filed, proposed on, decided, and read by both sides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from claims.models import Adjustment, Appeal, ClaimVersion
from claims.presentation import Turn
from claims.rules.lifecycle import SETTLED
from claims.rules.lines import Category
from claims.selectors import appeals as read
from claims.selectors.claims import version_for
from claims.selectors.decisions import first_grant_of
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.views import turns
from claims.views.appeal_forms import TICKED, LinesForm, Row, RulingForm, WordsForm
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel.errors import Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show

FIRST = 10
"""So many appealed lines stand on the claim's own page."""
NO_PERSONS = (
    "Write nothing about the persons the program looks for, and no social security numbers."
)


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when there is nothing."""
    if version.state not in SETTLED:
        return None
    tally = read.tally_of_appeals(version)
    is_open = read.not_appealable(version) is None and bool(read.contestable_lines(version))
    if not tally.lines and not is_open:
        return None
    may_propose = tally.unproposed > 0 and read.not_proposing(actor, version) is None
    may_decide = tally.undecided > tally.unproposed and read.not_deciding(actor, version) is None
    until = read.appeal_until(version) if is_open else None
    return {
        "turns": list(
            _turns(version, tally, until, may_propose=may_propose, may_decide=may_decide)
        ),
        "tally": tally,
        "until": until,
        "may_file": is_open and actor.can(Capability.CERTIFY) and actor.side == Side.AGENCY,
        "may_propose": may_propose,
        "may_decide": may_decide,
        "first_grant": first_grant_of(version) if actor.side == Side.FEDERAL else None,
        "first": _named(version, read.appeals_for(actor, version)[:FIRST]) if tally.lines else [],
    }


def _turns(
    version: ClaimVersion,
    tally: read.Tally,
    until: date | None,
    *,
    may_propose: bool,
    may_decide: bool,
) -> Iterator[Turn]:
    """Whom the appeals wait for; when for nobody, until when or that nothing can be appealed."""
    if may_propose:
        yield turns.to_propose()
    if may_decide:
        yield turns.to_decide()
    if tally.undecided:
        yield turns.appeal_waits(is_proposed=not tally.unproposed)
    elif until is not None:
        yield turns.may_appeal(version.state, until)
    else:
        yield turns.appeal_decided(version.state)


@signed_in
def appeals(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Every appealed line of a version, and what became of it."""
    stored = version_for(request.actor, number, version)
    listing = Listing(
        request.GET,
        read.appeals_for(request.actor, stored),
        columns=(
            Column("Line", "line", ("officer_id", "category")),
            Column("Asked back", "asked", ("asked",), numeric=True),
            Column("Standing", "standing", ("decided_at", "proposed_at")),
            Column("Granted", "granted", ("granted",), numeric=True),
            Column("What was said"),
        ),
        order="line",
    )
    _named(stored, listing)
    return show(
        request,
        "claims/appeals.html",
        fragment="claims/_appeals.html",
        claim=stored.claim,
        version=stored,
        listing=listing,
    )


@signed_in
def appeal(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Lines of a decided claim to contest: some of them, or all."""
    actor = request.actor
    stored = version_for(actor, number, version)
    actor.require(Capability.CERTIFY, stored.claim.agency)
    rows = _contestable(stored)
    words = WordsForm(
        posted(request),
        label="Why should it be paid?",
        hint=f"Both sides read it. {NO_PERSONS}",
        everything=_everything(rows, all="each with all that was disallowed"),
    )

    def save(page: LinesForm) -> None:
        wanted = page.chosen if page.scope == TICKED else {row.key: row.amounts[0] for row in rows}
        file_appeals(
            actor=actor,
            version=stored,
            asked={_line_key(key): cents for key, cents in wanted.items()},
            grounds=words.cleaned_data["words"],
            token=words.cleaned_data["token"],
        )

    return _step(
        request,
        stored,
        LinesForm(request, rows, words, ticked=len(rows) == 1),
        save,
        done="Appealed. Another federal reviewer looks at it, then a payment approver decides.",
        refusal=read.not_appealable(stored),
        heading="Appeal lines of this claim",
        headings=("Disallowed",),
        amount="Asked back",
        button="Appeal",
        until=read.appeal_until(stored),
    )


@signed_in
def propose(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Appealed lines for a reviewer who had no part in the decision: what should be granted of each."""
    actor = request.actor
    stored = version_for(actor, number, version)
    actor.require(Capability.REVIEW, stored.claim.agency)
    waiting = read.open_appeals(stored).filter(proposed_at=None)
    rows = [_row(one, (one.asked,), one.asked) for one in _named(stored, waiting)]
    words = WordsForm(
        posted(request),
        label="What you found",
        hint=f"For the payment approver; the agency does not read it. {NO_PERSONS}",
        everything=_everything(rows, all="grant what is asked", nothing="grant nothing"),
    )

    def save(page: LinesForm) -> None:
        share = 1 if page.scope == "all" else 0
        whole = {row.key: share * row.amounts[0] for row in rows}
        wanted = page.chosen if page.scope == TICKED else whole
        propose_on_appeals(
            actor=actor,
            version=stored,
            amounts=_by_pk(wanted),
            proposal=words.cleaned_data["words"],
        )

    return _step(
        request,
        stored,
        LinesForm(request, rows, words, ticked=True),
        save,
        done="Proposed. A payment approver decides next.",
        refusal=read.not_proposing(actor, stored),
        heading="Propose what is granted",
        headings=("Asked back",),
        amount="To be granted",
        button="Propose to the payment approver",
    )


@signed_in
def decide(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Appealed lines with a reviewer's proposal, for a payment approver; what they decide is final."""
    actor = request.actor
    stored = version_for(actor, number, version)
    actor.require(Capability.APPROVE, stored.claim.agency)
    waiting = read.open_appeals(stored).filter(proposed_at__isnull=False)
    rows = [
        _row(one, (one.asked, one.proposed or 0), offered=one.proposed)
        for one in _named(stored, waiting.select_related("proposed_by"))
    ]
    words = RulingForm(
        posted(request),
        request=request,
        label="Why",
        hint=f"The agency reads it, and it is final. {NO_PERSONS}",
        everything=_everything(rows, all="each as proposed"),
    )

    def save(page: LinesForm) -> str:
        proposed = {row.key: row.amounts[1] for row in rows}
        after = decide_appeals(
            actor=request.actor,
            version=stored,
            amounts=_by_pk(page.chosen if page.scope == TICKED else proposed),
            ruling=words.cleaned_data["words"],
        )
        if first_grant_of(after):
            return (
                "Your approval is noted. So much money is granted by two people: "
                "another payment approver has to decide the same."
            )
        return "Decided. What was granted is approved for payment, and the agency is told."

    return _step(
        request,
        stored,
        LinesForm(request, rows, words, ticked=True),
        save,
        first_grant=first_grant_of(stored),
        refusal=read.not_deciding(actor, stored),
        heading="Decide the appeal",
        headings=("Asked back", "Proposed"),
        amount="Granted",
        button="Decide these lines",
    )


def _step(
    request: ActorRequest,
    version: ClaimVersion,
    lines: LinesForm,
    save: Callable[[LinesForm], str | None],
    *,
    done: str = "",
    refusal: Refused | None,
    **context: Any,
) -> HttpResponse:
    claim = version.claim
    if request.method == "POST" and not lines.known:
        # Sent twice; the first time it was done.
        return redirect("claims:version", claim.number, version.number)
    if lines.is_valid():
        with refused_on(lines.words):
            done = save(lines) or done
        if lines.words.is_valid():
            messages.success(request, done)
            return redirect("claims:version", claim.number, version.number)
    _add_reasons(version, lines.rows)
    return show(
        request,
        "claims/appeal_lines.html",
        status=422 if lines.words.errors else 200,
        claim=claim,
        version=version,
        lines=lines,
        form=lines.words,
        refusal=refusal,
        **context,
    )


def _everything(rows: list[Row], **ways: str) -> dict[str, str]:
    """The ways to mean every line at once, on every page of the list; none for a single line."""
    if len(rows) == 1:
        return {}
    return {code: f"All {len(rows):,} lines, {words}" for code, words in ways.items()}


def _contestable(version: ClaimVersion) -> list[Row]:
    lines, names = read.contestable_lines(version), read.names_in(version)
    rows = [
        Row("/".join(reversed(line)), _name(names, *line), line, (cents,), offered=cents)
        for line, cents in lines.items()
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def _row(appeal: Any, amounts: tuple[int, ...], offered: int | None = None) -> Row:
    said = [("The agency", appeal.grounds)]
    if appeal.proposed_by is not None:
        said.append((f"{appeal.proposed_by}, reviewer of the appeal", appeal.proposal))
    line = (appeal.officer_id, appeal.category)
    return Row(str(appeal.pk), appeal.line, line, amounts, tuple(said), offered)


def _add_reasons(version: ClaimVersion, rows: Iterable[Row]) -> None:
    """Say of each line why something was taken from it."""
    by_line = {row.line: row for row in rows}
    officers = {officer_id for officer_id, _ in by_line}
    taken = Adjustment.objects.filter(version=version, officer_id__in=officers, amount__lt=0)
    for one in taken.select_related("author").order_by("-id"):
        row = by_line.get((one.officer_id, one.category))
        if row is not None:
            why = f"{one.get_reason_display()} ({one.rule}). {one.note}".strip()
            row.said = ((f"{one.author}, who disallowed it", why), *row.said)


def _named(version: ClaimVersion, appeals: Iterable[Appeal]) -> list[Any]:
    """Appeals with `line`, whose line they are about in words, and the `url` where its money is shown."""
    named = list(appeals)
    names = read.names_in(version, {one.officer_id for one in named}) if named else {}
    for one in named:
        one.line = _name(names, one.officer_id, one.category)  # type: ignore[attr-defined]  # for the page
        one.url = _line_url(version, one.officer_id)  # type: ignore[attr-defined]  # for the page
    return named


def _name(names: dict[str, str], officer_id: str, category: str) -> str:
    label = Category(category).label
    return f"{names.get(officer_id, officer_id)}, {label.lower()}" if officer_id else label


def _line_url(version: ClaimVersion, officer_id: str) -> str:
    place = [version.claim.number, version.number]
    if not officer_id:
        return f"{reverse('claims:award', args=place)}#lines"
    return f"{reverse('claims:officer_by_id', args=place)}?officer_id={quote(officer_id)}#lines"


def _line_key(key: str) -> read.LineKey:
    category, _, officer_id = key.partition("/")
    return officer_id, category


def _by_pk(amounts: Mapping[str, int]) -> dict[int, int]:
    return {int(key): cents for key, cents in amounts.items() if _KEY.fullmatch(key)}


_KEY = re.compile(r"[0-9]{1,18}")
_VERSION = "claims/<slug:number>/versions/<int:version>/appeals/"
paths: list[URLPattern] = [
    path(_VERSION, appeals, name="appeals"),
    path(f"{_VERSION}new/", appeal, name="appeal"),
    path(f"{_VERSION}propose/", propose, name="propose_on_appeals"),
    path(f"{_VERSION}decide/", decide, name="decide_appeals"),
]

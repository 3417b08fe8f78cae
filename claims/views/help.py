"""Help printed from the tables the portal itself works by, so that it cannot say something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpResponse

from agreements.federal_list import FEDERAL_LIST, FEDERAL_LIST_FINDINGS
from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.roster_layout import ROSTER
from awards.counts_file import COUNTS, COUNTS_FINDINGS
from awards.rules import rules_on as award_rules_on
from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.layout import PAYROLL
from claims.rules.explain import value_in_words
from claims.rules.facts import rules_on
from claims.rules.lifecycle import LIFECYCLE, STATE_LABELS, Action, State
from portal.accounts.roles import CAPABILITIES, Capability
from portal.intake.catalogue import INTAKE_KINDS
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.findings import Kind
from portal.kernel.parameters import Citation
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import FILE_FINDINGS, template_csv, template_xlsx
from portal.kernel.tabular.mapping import MAPPING_KINDS
from portal.web.access import ActorRequest, signed_in
from portal.web.api_fields import read_quarter
from portal.web.download import attachment
from portal.web.show import show

LAYOUTS = {layout.slug: layout for layout in (ROSTER, PAYROLL, COUNTS, FEDERAL_LIST)}
ABOUT = {
    ROSTER.slug: "One row per officer and authorization. An officer with a gap has two rows, one "
    "in training has one row without authorized_from. A file never ends anybody by leaving them "
    "out.",
    PAYROLL.slug: "One row per officer and pay period, or per day of overtime. A file names one "
    "quarter and may hold any row that overlaps it.",
    COUNTS.slug: "For program managers: one row per agency and quarter. A file with any other column "
    "is refused and not kept.",
    FEDERAL_LIST.slug: "For program managers: one row per authorization, the whole list in one file. "
    "A file with any other column is refused and not kept.",
}
TEMPLATES = {
    "csv": (template_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        template_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
STATE_TEXTS = {
    State.DRAFT: "The agency puts the claim together. Amounts follow every file and roster.",
    State.READY: "The amounts are frozen and wait for the certifier.",
    State.SUBMITTED: "Signed by the certifier; it waits for a federal reviewer.",
    State.IN_REVIEW: "A federal reviewer looks at it.",
    State.RETURNED: "The agency reads the note, corrects the claim and submits a new version.",
    State.RECOMMENDED: "Reviewed; it waits for a payment approver.",
    State.APPROVED: "The whole amount is approved for payment.",
    State.PARTLY_APPROVED: "A part of the amount is approved for payment.",
    State.DENIED: "Nothing of it is paid.",
    State.PAID: "The payment was made.",
    State.CLOSED: "Nothing more happens to it.",
    State.WITHDRAWN: "The agency took it back before the review began.",
}


class Topic(NamedTuple):
    """Findings that belong together on the page."""

    slug: str
    title: str
    kinds: list[FindingWords]


class FindingWords(NamedTuple):
    """One kind of finding as the page explains it."""

    code: str
    severity: str
    title: str
    message: str
    fix: str
    why: str = ""


class Step(NamedTuple):
    """One row of the lifecycle, with the roles that may do it."""

    label: str
    frm: str
    to: str
    who: str
    effect: str
    note_required: bool


@signed_in
def index(request: ActorRequest) -> HttpResponse:
    """What help there is."""
    return show(request, "help/index.html")


@signed_in
def files(request: ActorRequest) -> HttpResponse:
    """The columns of each kind of file, and its templates."""
    return show(
        request,
        "help/files.html",
        layouts=[
            (layout, layout.documentation(), ABOUT[layout.slug]) for layout in LAYOUTS.values()
        ],
    )


@signed_in
def template(request: ActorRequest, slug: str, ending: str) -> HttpResponse:
    """An empty file of a kind, to be filled in."""
    if slug not in LAYOUTS or ending not in TEMPLATES:
        raise NotFound("template")
    make, media_type = TEMPLATES[ending]
    return attachment(make(LAYOUTS[slug]), f"{slug}-template.{ending}", media_type)


@signed_in
def findings(request: ActorRequest) -> HttpResponse:
    """Everything the checks can find, and what to do about each."""
    matching = (*INTAKE_KINDS, *MAPPING_KINDS)
    shared = FILE_FINDINGS.kinds | {kind.code: kind for kind in matching}
    return show(
        request,
        "help/findings.html",
        topics=[
            Topic("any", "In any file", _words(FILE_FINDINGS.kinds.values())),
            Topic(
                "matching",
                "In rosters and payroll whose columns were matched",
                _words(matching),
            ),
            Topic("roster", "In rosters", _words(_own(ROSTER_FINDINGS.kinds, shared))),
            Topic("payroll", "In payroll", _words(_own(PAYROLL_FINDINGS.kinds, shared))),
            Topic("counts", "In counts", _words(_own(COUNTS_FINDINGS.kinds, shared))),
            Topic(
                "authorizations",
                "In federal lists of authorizations",
                _words(_own(FEDERAL_LIST_FINDINGS.kinds, shared)),
            ),
        ],
    )


@signed_in
def lifecycle(request: ActorRequest) -> HttpResponse:
    """The states of a claim, and who moves it from one to the next."""
    reached = {State.DRAFT} | {action.to for action in LIFECYCLE}
    return show(
        request,
        "help/lifecycle.html",
        states=[
            (state, STATE_LABELS[state], STATE_TEXTS[state]) for state in State if state in reached
        ],
        steps=[_step(action) for action in LIFECYCLE],
    )


@signed_in
def rules(request: ActorRequest) -> HttpResponse:
    """The rules in force in a quarter, by default the present one, with their sources and readings."""
    try:
        quarter = read_quarter(request.GET.get("quarter", ""))
    except ValueError:
        quarter = Quarter.of(clock.today())
    return show(
        request,
        "help/rules.html",
        quarter=quarter,
        groups=[
            ("Reimbursement", _in_words(rules_on(quarter.start).citations)),
            ("Performance award", _in_words(award_rules_on(quarter.start).citations)),
        ],
    )


def _in_words(rules: Iterable[Citation]) -> list[tuple[Citation, str]]:
    return [(rule, value_in_words(rule)) for rule in rules]


def _own(kinds: dict[str, Kind], shared: dict[str, Kind]) -> list[Kind]:
    return [kind for code, kind in kinds.items() if code not in shared]


def _words(kinds: Iterable[Kind]) -> list[FindingWords]:
    return [
        FindingWords(
            kind.code,
            kind.severity.value,
            kind.title,
            _open(kind.message),
            _open(kind.fix),
            kind.why,
        )
        for kind in sorted(kinds, key=lambda kind: kind.title)
    ]


class _Blanks(dict[str, str]):
    """Facts of a finding that has not happened."""

    def __missing__(self, name: str) -> str:
        return "…"


def _open(text: str) -> str:
    """A message with its blanks left open; nothing where it is all blank."""
    shown = text.format_map(_Blanks()).replace("….", "…")
    return shown if shown.strip("… ") else ""


def _step(action: Action) -> Step:
    capability = Capability(action.capability)
    who = [role.label for role, may in CAPABILITIES.items() if capability in may]
    frm = [STATE_LABELS[state] for state in State if state in action.frm]
    return Step(
        action.label,
        " or ".join(frm),
        STATE_LABELS[action.to],
        " or ".join(who),
        action.effect,
        action.note_required,
    )

"""What becomes of the demonstration's claims: signed, reviewed, decided, contested, corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from awards.models import CountsDispute
from awards.selectors import counting_measure
from awards.services import dispute_counts
from claims.demo_files import as_csv, with_raise
from claims.demo_office import Office, run_jobs
from claims.demo_plans import QUARTER
from claims.demo_records import timesheet
from claims.models import ClaimVersion, Evidence, Hold, PayrollBatch
from claims.rules.address import Address
from claims.rules.lifecycle import ACTIONS
from claims.rules.lines import Category, Line, Reason
from claims.selectors.appeals import contestable_lines
from claims.selectors.lines import lines_of, shown_hash
from claims.selectors.linked import current_claim
from claims.selectors.questions import open_questions
from claims.services.adjusting import adjust
from claims.services.appealing import file_appeals
from claims.services.asking import Asked, Attached, answer, ask
from claims.services.claims import perform
from claims.services.extending import grant_extension
from claims.services.holding import place_hold
from claims.services.noting import keep_note
from portal.accounts.fresh import proven
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.kernel import clock

_NOTES = {
    "return": "Officer 1003 has overtime on days of paid leave. Please check these days against the "
    "time sheets and send a corrected file.",
    "deny": "A state border grant has paid for all of these officers in the same quarter, so the program "
    "cannot pay for them again (2 CFR 200.403(f)).",
    "amend": "The county board raised all salaries by 4 percent, back to November 9, 2025.",
}


@dataclass(frozen=True)
class Matter:
    """One agency's claim and everybody who has to do with it."""

    office: Office
    federal: dict[str, Actor]

    @property
    def version(self) -> ClaimVersion:
        """Where the last claim of the quarter stands."""
        claim = current_claim(self.office.agency, QUARTER)
        assert claim is not None
        return claim.version

    @property
    def reviewer(self) -> Actor:
        """Who reviews this agency's claim."""
        return self.federal[self.office.plan.reviewer]

    @property
    def certifier(self) -> Actor:
        """Who signs for the agency."""
        return self.office.people[Role.CERTIFIER]

    def actor(self, capability: str) -> Actor:
        """Who does what needs a capability of the lifecycle."""
        return {
            "prepare": self.office.preparer,
            "certify": self.certifier,
            "review": self.reviewer,
            "approve": self.federal["approver@program.example"],
        }[capability]


def live(office: Office, federal: dict[str, Actor], begin: datetime) -> None:
    """Take the agency's claim as far as its plan says, nine hours between the steps."""
    matter = Matter(office, federal)
    for position, step in enumerate(office.plan.steps):
        with clock.clock_at(begin + timedelta(hours=9 * position)):
            if step in ACTIONS:
                _move(matter, step)
            if step in _BESIDES:
                _BESIDES[step](matter)


def _move(matter: Matter, code: str) -> None:
    version = matter.version
    perform(
        actor=proven(matter.actor(ACTIONS[code].capability)),
        version=version,
        code=code,
        shown_sha256=shown_hash(version),
        title="Sheriff" if "Sheriff" in matter.office.plan.name else "Chief of Police",
        note=_NOTES.get(code, ""),
    )


def _extend(matter: Matter) -> None:
    grant_extension(
        actor=matter.office.manager,
        agency=matter.office.agency,
        quarter=QUARTER,
        due_on=date(2026, 2, 27),
        reason="The county moved to another payroll system on January 1.",
        token=uuid4(),
    )


def _ask(matter: Matter) -> None:
    line = _most_overtime(matter.version)
    ask(
        actor=matter.reviewer,
        version=matter.version,
        asked=[
            Asked(
                Address(line.officer_id, line.category),
                "Please send the timesheets of these hours with the supervisor's approval.",
                uuid4(),
            ),
            Asked(
                Address(),
                "Which rate of the pension plan is behind the benefits? Please send its letter.",
                uuid4(),
            ),
        ],
        due_on=_days_from_now(7),
    )


def _answer(matter: Matter) -> None:
    """The first question only; the other one waits for the agency."""
    question = open_questions(matter.version).order_by("pk")[0]
    page = timesheet(
        (
            matter.office.plan.name,
            f"Timesheet of officer {question.officer_id}, October to December 2025",
            "Transports and interviews under the agreement, as recorded by the shift",
            "Approved: shift supervisor, January 5, 2026",
        )
    )
    answer(
        actor=matter.office.preparer,
        question=question,
        text="The timesheets are attached. The last two weeks are not countersigned yet.",
        token=uuid4(),
        attached=Attached(
            Evidence.Kind.TIMESHEET, Upload("timesheets.pdf", "application/pdf", [page])
        ),
    )


def _adjust(matter: Matter) -> None:
    line = _most_overtime(matter.version)
    adjust(
        actor=matter.reviewer,
        version=matter.version,
        officer_id=line.officer_id,
        category=line.category,
        amount=line.allowed // 4,
        reason=Reason.UNSUPPORTED,
        note="The overtime of the last two weeks has no supervisor's signature on the timesheet.",
        token=uuid4(),
    )


def _note(matter: Matter) -> None:
    keep_note(
        actor=matter.reviewer,
        version=matter.version,
        address=Address(),
        text="Look at the same officer next quarter: it would be the third time.",
        token=uuid4(),
    )


def _hold(matter: Matter) -> None:
    place_hold(
        actor=matter.reviewer,
        version=matter.version,
        why=Hold.Why.AGREEMENT,
        note="The new chief has to sign the agreement's renewal; the regional office has it.",
        until_on=_days_from_now(21),
        token=uuid4(),
    )


def _dispute(matter: Matter) -> None:
    measure = counting_measure(matter.office.agency, QUARTER)
    assert measure is not None
    dispute_counts(
        actor=matter.certifier,
        measure=measure,
        reason=CountsDispute.Reason.LOCATED_NOT_COUNTED,
        referred=measure.referred,
        located=measure.located + 3,
        grounds="Three persons were located in the county jail and handed over in December.",
        token=uuid4(),
    )


def _count(matter: Matter) -> None:
    matter.office.count(matter.federal["manager2@program.example"])
    run_jobs()


def _appeal(matter: Matter) -> None:
    file_appeals(
        actor=matter.certifier,
        version=matter.version,
        asked=contestable_lines(matter.version),
        grounds="The supervisor has countersigned these two weeks since. Please look at them again.",
        token=uuid4(),
    )


def _send_raise(matter: Matter) -> None:
    office = matter.office
    office.send(
        "payroll-2025q4-raise.csv",
        as_csv(with_raise(office.payroll, percent=4, period=4)),
        replaces=PayrollBatch.objects.get(
            agency=office.agency, quarter=QUARTER, state=PayrollBatch.State.ACCEPTED
        ),
    )


_BESIDES: dict[str, Callable[[Matter], None]] = {
    "extend": _extend,
    "ask": _ask,
    "answer": _answer,
    "adjust": _adjust,
    "note": _note,
    "hold": _hold,
    "dispute": _dispute,
    "count": _count,
    "appeal": _appeal,
    "amend": _send_raise,
}
"""What is no step of the lifecycle, or follows one."""


def _most_overtime(version: ClaimVersion) -> Line:
    lines = lines_of(version, categories=(Category.OVERTIME,))
    return max(lines, key=lambda line: line.allowed)


def _days_from_now(days: int) -> date:
    return clock.today() + timedelta(days)

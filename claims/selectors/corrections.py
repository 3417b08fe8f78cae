"""Why the claims of a quarter cannot be corrected now, or why a correction changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from awards.selectors import confirmed_measures
from claims.models import Appeal, Claim, ClaimVersion, PayrollBatch
from claims.rules.lifecycle import ACTIONS, OPEN_TO_AGENCY, SETTLED, STATE_LABELS, Kind, State
from claims.selectors.changes import pays_the_same, repeats_returned
from claims.selectors.later import came_later
from claims.selectors.linked import (
    base_of,
    chain_of,
    claim_in_force,
    current_claim,
    in_progress,
    was_dropped,
)
from claims.selectors.overtime import no_longer_follows
from portal.accounts.models import Agency
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter


def nothing_changed(version: ClaimVersion) -> Refused | None:
    """Why a resubmission or correction is not one: it says what was said before.

    A claim that its agency withdrew may come again as it was: nobody asked for another one.
    """
    if repeats_returned(version):
        return Refused(
            "nothing_changed",
            f"This claim says exactly what version {version.number - 1} said, which was returned.",
            "Correct the payroll or the roster, answer the reviewer, or add a record; then go on.",
        )
    base = base_of(version.claim)
    if base is not None and pays_the_same(base.version, version):
        return Refused(
            "nothing_changed",
            f"This correction comes to the same amounts as claim {base.number}, officer by officer.",
            "Send the corrected payroll first, or give this correction up.",
        )
    return None


def to_supplement(agencies: QuerySet[Agency]) -> Iterator[Claim]:
    """The agencies' decided claims for which something came since that a supplement would bring in."""
    signed_at = OuterRef("version__certification__certified_at")
    counts = confirmed_measures().filter(
        agency=OuterRef("agency"),
        quarter=OuterRef("quarter"),
        confirmation__decided_at__gt=signed_at,
    )
    files = PayrollBatch.objects.filter(agency=OuterRef("agency"), finished_at__gt=signed_at)
    supplement = ACTIONS["supplement"]
    # Of thousands of claims few can have anything: those are looked at one by one.
    claims = Claim.objects.filter(
        Q(version__calculation__waiting_lines__gt=0) | Exists(counts) | Exists(files),
        agency__in=agencies,
        version__state__in=supplement.frm,
    )
    rows = claims.select_related("agency", "version__calculation", "version__certification")
    for claim in rows.order_by("agency", "quarter", "sequence"):
        if not_correctable(claim.version, supplement.code) is None and not _declined(claim):
            yield claim


def _declined(claim: Claim) -> bool:
    """Whether the agency gave up the supplement that it began, and nothing came since."""
    last = current_claim(claim.agency_id, claim.quarter)
    return (
        last is not None
        and was_dropped(last)
        and not came_later(last.version, last.version.changed_at)
    )


def not_correctable(version: ClaimVersion, action: str) -> Refused | None:
    """Why `amend`, `supplement`, `correct` or `drop` cannot be done to the version's claim now."""
    claim = version.claim
    if action == "correct":
        return _not_reopened(claim)
    if action == "drop":
        return _not_dropped(claim)
    if action in ("amend", "supplement"):
        return _not_amended(claim, action)
    return None


def payroll_closed(agency: Agency | int, quarter: Quarter) -> Refused | None:
    """Why no payroll is taken in for a quarter: its claim is with the federal side, or decided."""
    claims = chain_of(agency, quarter)
    if not claims:
        return None
    claim = claims[-1]
    state = State(claim.version.state)
    dropped = was_dropped(claim)
    if state in OPEN_TO_AGENCY and not dropped:
        return None
    message = f"The claim of {quarter} is “{STATE_LABELS[state]}”; its payroll is fixed."
    in_force = claim_in_force(claims)
    if in_force is not None and (dropped or state in SETTLED):
        return Refused(
            "claim_submitted",
            f"The claim {in_force.number} is decided, so the payroll of {quarter} is fixed.",
            f"Amend the claim first: “Amend this claim” stands on the page of {in_force.number}.",
        )
    if state is State.DENIED:
        return Refused("claim_submitted", message, "Appeal the decision, if you contest it.")
    return Refused(
        "claim_submitted",
        message,
        "If something is wrong, ask the reviewer to return the claim, or withdraw it while you can.",
    )


def _not_amended(claim: Claim, action: str) -> Refused | None:
    claims = chain_of(claim.agency_id, claim.quarter)
    open_one = in_progress(claims)
    if open_one is not None and open_one != claim:
        return Refused(
            "correction_open",
            f"The claim {open_one.number} of the same quarter is not decided yet.",
            "One correction at a time: finish that one, or give it up while it is a draft.",
        )
    in_force = claim_in_force(claims)
    if in_force is not None and in_force != claim:
        return Refused(
            "not_current",
            f"The claim {in_force.number} has taken this one's place.",
            f"Amend {in_force.number}.",
        )
    if Appeal.objects.filter(version__claim=claim, decided_at=None).exists():
        return Refused(
            "appeal_open",
            "Lines of this claim are appealed, and the appeal is not decided yet.",
            "Wait for the decision on the appeal; then correct what is left.",
        )
    if action == "supplement" and not came_later(
        claim.version, claim.version.certification.certified_at
    ):
        return Refused(
            "nothing_came_later",
            "Nothing came later: no waiting payroll line was paid and no counts were reported since.",
            "If payroll was wrong, choose “Amend this claim”.",
        )
    return None


def _not_reopened(claim: Claim) -> Refused | None:
    last = current_claim(claim.agency_id, claim.quarter)
    if last is not None and last != claim:
        return Refused(
            "not_current",
            f"The claim {last.number} has followed this one.",
            f"Go on with {last.number}.",
        )
    if was_dropped(claim):
        return Refused(
            "given_up",
            "This correction was given up.",
            "Amend the decided claim of the quarter again.",
        )
    return None


def _not_dropped(claim: Claim) -> Refused | None:
    if claim.kind == Kind.ORIGINAL:
        return Refused(
            "not_linked",
            "Only a correction of a decided claim can be given up.",
            "A first claim can stay a draft until it is due.",
        )
    behind = no_longer_follows(claim.agency, claim.quarter, without=claim)
    if any(one.quarter == claim.quarter for one in behind):
        return Refused(
            "correction_needed",
            "The overtime allowed in an earlier quarter has changed, and this quarter's follows from it.",
            "Mark the correction ready and have it certified.",
        )
    return None

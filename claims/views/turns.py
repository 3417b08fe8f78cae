"""Whose turn it is on a claim's page, from its steps and from what waits in the rooms around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.urls import reverse

from claims.models import Claim
from claims.policies import Offer
from claims.presentation import Turn, turn
from portal.kernel.counting import counted


def turn_of(
    state: str, offered: Iterable[Offer], told: Sequence[Turn], *, nil: bool, upload_url: str
) -> Turn:
    """Whose turn it is: a step of the reader's, what rooms `told` waits for them, or for somebody else."""
    offers = list(offered)
    own = turn(state, [offer.action.code for offer in offers if offer.is_possible], nil=nil)
    if own.yours:
        return own
    mine = next((one for one in told if one.yours), None) or _stopped(offers, upload_url)
    return mine or next(iter(told), own)


def nobody_signs(why: str) -> Turn:
    """A claim that is ready and that nobody can sign: `why`, as a sentence."""
    return Turn(
        "Nobody can sign this claim",
        f"{why} An administrator of the agency names a certifier who has not worked on it.",
        whose="the agency's administrator",
    )


def to_answer(count: int, due_on: date, link: str) -> Turn:
    """Questions that wait for the reading agency; the first is at `link`."""
    return Turn(
        f"Answer {counted(count, 'question')} by {_day(due_on)}",
        "Your answers, and the records you send with them, go on record with the claim.",
        yours=True,
        link=link,
        go="Go to the question",
    )


def to_close(count: int, link: str) -> Turn:
    """Answered questions that wait for the reading reviewer; the first is at `link`."""
    several = count > 1
    return Turn(
        f"Read the answer{'s' * several} and close the question{'s' * several}",
        "Close each question whose answer is enough, or write again. Then recommend the claim, or return it.",
        yours=True,
        link=link,
        go="Go to the answer",
    )


def to_ask_again(due_on: date, link: str) -> Turn:
    """A question whose answer is overdue, for its reviewer."""
    return Turn(
        "Ask again, or close the question without an answer",
        f"The agency was to answer by {_day(due_on)}. An open question keeps the claim in review.",
        yours=True,
        link=link,
        go="Go to the question",
    )


def waits_for_answers(count: int, due_on: date) -> Turn:
    """Questions that wait for the agency, for those who do not answer them."""
    return Turn(
        f"The agency answers {counted(count, 'question')} by {_day(due_on)}",
        "The claim stays in review meanwhile. It can be recommended when its questions are closed.",
        whose="the agency's answer",
    )


def to_propose() -> Turn:
    """An appeal that waits for the reading reviewer."""
    return Turn(
        "Propose on the appeal",
        "You had no part in the decision. Propose what should be granted of each line; a payment approver "
        "decides.",
        yours=True,
        link="#appeals-heading",
        go="Go to the appeal",
    )


def to_decide() -> Turn:
    """A proposed appeal that waits for the reading payment approver."""
    return Turn(
        "Decide on the appeal",
        "A reviewer who had no part in the decision has proposed what should be granted.",
        yours=True,
        link="#appeals-heading",
        go="Go to the appeal",
    )


def appeal_waits(*, is_proposed: bool) -> Turn:
    """An appeal that waits for somebody else than the reader."""
    if is_proposed:
        return Turn(
            "The appeal waits for its decision",
            "A payment approver who did not decide the claim decides on it.",
            whose="a payment approver",
        )
    return Turn(
        "The appeal waits for a reviewer",
        "A federal reviewer who had no part in the decision looks at it; then a payment approver decides.",
        whose="a federal reviewer",
    )


def may_appeal(state: str, until: date) -> Turn:
    """A decision that can still be appealed, until that day."""
    settled = turn(state, ())
    return replace(settled, text=f"{settled.text} The agency may appeal until {_day(until)}.")


def appeal_decided(state: str) -> Turn:
    """A decision of which every appeal is decided."""
    settled = turn(state, ())
    return replace(settled, text=f"{settled.text} The appeal is decided; that is final.")


def followed_by(claim: Claim) -> Turn:
    """A decided claim in whose place a later one of its quarter comes."""
    return Turn(
        f"A linked claim has followed: {claim.number}",
        f"Go on with that {claim.get_kind_display().lower()}. This claim stays as it was decided.",
        link=reverse("claims:claim", args=[claim.number]),
        go="Open the linked claim",
    )


def _stopped(offers: Iterable[Offer], upload_url: str) -> Turn | None:
    """What a preparer does when a claim cannot be marked ready because it says nothing new."""
    for offer in offers:
        refusal = offer.refusal
        if offer.action.code == "ready" and refusal and refusal.code == "nothing_changed":
            return Turn(
                "Correct what the note names",
                refusal.fix,
                yours=True,
                link=upload_url,
                go="Upload payroll",
            )
    return None


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"

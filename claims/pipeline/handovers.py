"""The table of handovers: which event is told to whom, and in which words.

Words are about the claim only: the text may use `{agency}`, `{quarter}`, `{due}` (by when to act),
`{appeal}` (the last day to appeal) and `{why}` (why nobody can sign). No mail names an officer, an amount
or who did what: that stands in the portal, behind the sign-in. What only tells a federal queue that it has
grown is no handover; the daily digest says so.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class Audience(enum.Enum):
    """Who is told of an event."""

    OFFICE = "preparers and certifiers of the agency"
    PREPARERS = "preparers of the agency"
    SIGNERS = "certifiers who may sign the version"
    ADMINISTRATORS = "administrators, when nobody may sign the version"
    REVIEWERS = "who reviews the version"
    NAMED = "the people named with the event"


class Handover(NamedTuple):
    """One mail: to whom, what the subject says, what happened and what to do.

    A `daily` one goes out once a day and claim, however often the event happens.
    """

    audience: Audience
    subject: str
    happened: str
    next: str
    daily: bool = False


_RETURNED = Handover(
    Audience.OFFICE,
    "Returned for correction",
    "The claim of {quarter} has come back from the federal side, to be corrected.",
    "Read the note on the claim's page, choose “Correct this claim”, correct what it names, and mark the "
    "claim ready again. It should be back by {due}.",
)
_ASKED = Handover(
    Audience.OFFICE,
    "The reviewer asks something",
    "The federal reviewer of your claim of {quarter} has a question.",
    "Answer it on the claim's page by {due}. All open questions stand there and in your inbox.",
    daily=True,
)
_REVIEWER_CHANGED = Handover(
    Audience.NAMED,
    "Reviewer changed",
    "The review of the claim of {agency} for {quarter} has changed hands.",
    "The claim's page says who reviews it now, and why.",
)
_APPEAL = "You may appeal each line of which something was disallowed, until {appeal}."

HANDOVERS: dict[str, tuple[Handover, ...]] = {
    "claim.open_linked": (
        Handover(
            Audience.PREPARERS,
            "A linked claim was opened",
            "What is claimed for {quarter} has changed since its claim was decided, and a linked claim was "
            "opened for the difference.",
            "Look at the differences, and mark the linked claim ready for your certifier to sign, by {due}.",
        ),
    ),
    "claim.ready": (
        Handover(
            Audience.SIGNERS,
            "Ready to certify",
            "The claim of {quarter} is ready for a signature.",
            "Look at the amounts, then certify and submit the claim.",
        ),
        Handover(
            Audience.ADMINISTRATORS,
            "Nobody can certify",
            "The claim of {quarter} is ready, but nobody at your agency can sign it. {why}",
            "Open “People” and give the role of certifier to somebody who has not worked on this claim.",
        ),
    ),
    "claim.reset": (
        Handover(
            Audience.PREPARERS,
            "No longer ready",
            "Something that the claim of {quarter} depends on has changed after it was marked ready. It is a "
            "draft again, with new amounts.",
            "Look at the amounts, and mark the claim ready again.",
        ),
        Handover(
            Audience.SIGNERS,
            "No longer ready",
            "Something that the claim of {quarter} depends on has changed before it was signed.",
            "There is nothing to sign now. You get a mail when the claim is ready again.",
        ),
    ),
    "claim.certify": (
        Handover(
            Audience.PREPARERS,
            "Certified and submitted",
            "The claim of {quarter} has been signed and is with the federal reviewers.",
            "There is nothing to do now. You get a mail when they ask something or decide.",
        ),
    ),
    "claim.withdraw": (
        Handover(
            Audience.PREPARERS,
            "Withdrawn",
            "The claim of {quarter} has been withdrawn, and its signature no longer counts.",
            "Read the note on the claim's page. You can correct the claim and mark it ready again.",
        ),
    ),
    "claim.return": (_RETURNED,),
    "claim.return_recommended": (_RETURNED,),
    "claim.send_back": (
        Handover(
            Audience.REVIEWERS,
            "Sent back to the reviewer",
            "A payment approver has sent the claim of {agency} for {quarter} back to you.",
            "Read the note on the claim's page, look at the claim again, and recommend or return it.",
        ),
    ),
    "claim.approve": (
        Handover(
            Audience.OFFICE,
            "Approved",
            "The claim of {quarter} has been approved for payment.",
            "There is nothing to do. The packet as decided is on the claim's page.",
        ),
    ),
    "claim.approve_partly": (
        Handover(
            Audience.OFFICE,
            "Approved in part",
            "A part of the claim of {quarter} has been approved for payment.",
            f"The claim's page says for each line what was disallowed and why. {_APPEAL}",
        ),
    ),
    "claim.deny": (
        Handover(
            Audience.OFFICE,
            "Denied",
            "The claim of {quarter} has been denied.",
            f"The claim's page says why. {_APPEAL}",
        ),
    ),
    "claim.hold": (
        Handover(
            Audience.OFFICE,
            "On hold",
            "The decision on the claim of {quarter} waits for a while.",
            "The claim's page says why and until when. There is nothing to do unless it says so.",
        ),
    ),
    "claim.release": (
        Handover(
            Audience.OFFICE,
            "No longer on hold",
            "The claim of {quarter} goes on: its hold has been lifted.",
            "There is nothing to do. You get a mail when the federal side asks something or decides.",
        ),
    ),
    "claim.hold_end": (
        Handover(
            Audience.OFFICE,
            "No longer on hold",
            "The claim of {quarter} goes on: the last day of its hold is over.",
            "There is nothing to do. You get a mail when the federal side asks something or decides.",
        ),
        Handover(
            Audience.REVIEWERS,
            "A hold has ended",
            "The last day of a hold on the claim of {agency} for {quarter} is over.",
            "Go on with the claim, or hold it again and say why.",
        ),
    ),
    "claim.extend": (
        Handover(
            Audience.OFFICE,
            "Due date extended",
            "The program office has given you more time for the claim of {quarter}.",
            "It is now due on {due}.",
        ),
    ),
    "claim.take_over": (_REVIEWER_CHANGED,),
    "claim.hand_over": (_REVIEWER_CHANGED,),
    "question.ask": (_ASKED,),
    "question.reply": (_ASKED,),
    "question.close_unanswered": (
        Handover(
            Audience.OFFICE,
            "Question closed",
            "A question about your claim of {quarter} was closed, and no longer waits for an answer.",
            "There is nothing to do. What was asked stands on the claim's page.",
            daily=True,
        ),
    ),
    "question.answer": (
        Handover(
            Audience.NAMED,
            "Question answered",
            "{agency} has answered a question about its claim of {quarter}.",
            "Read the answer on the claim's page, and close the question when it is settled.",
            daily=True,
        ),
    ),
    "appeal.file": (
        Handover(
            Audience.OFFICE,
            "Appeal filed",
            "Your agency has appealed the decision on its claim of {quarter}.",
            "There is nothing to do now. Another reviewer looks at each line, and you get a mail when the "
            "appeal is decided.",
        ),
    ),
    "appeal.decide": (
        Handover(
            Audience.OFFICE,
            "Appeal decided",
            "Your appeal about the claim of {quarter} has been decided.",
            "The claim's page says what was granted and why. This ends the matter.",
        ),
    ),
    "counts.answer_dispute": (
        Handover(
            Audience.OFFICE,
            "Counts dispute answered",
            "The program office has answered your dispute about the counts of {quarter}.",
            "The page “Agency” says which counts are good now and why.",
            daily=True,
        ),
    ),
}

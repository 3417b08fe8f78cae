"""What the events of a claim's thread are called, on pages and in packets alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.kernel.money import format_cents

EVENTS: dict[str, str] = {
    "claim.open": "Claim opened",
    "claim.open_linked": "{kind} {claim} of claim {corrects} opened",
    "claim.carry_over": "Disallowed as in claim {claim} (lines: {lines})",
    "claim.enter": "{amount} entered; the agency’s balance is {balance}",
    "claim.calculate": "Amounts calculated: {total}",
    "claim.reset": "Back to draft, because the facts changed",
    "claim.nil": "Said that there is nothing to claim",
    "claim.nil_take_back": "“Nothing to claim” taken back",
    "claim.nil_end": "No longer “nothing to claim”: payroll or an amount came in",
    "claim.ready": "Marked ready to certify: {total}",
    "claim.unready": "Taken back to draft",
    "claim.certify": "Certified and submitted: {total}",
    "claim.withdraw": "Withdrawn by the agency",
    "claim.start_review": "Federal review started",
    "claim.take": "Taken by {reviewer} to review it",
    "claim.give_back": "Given back: nobody reviews it now",
    "claim.take_over": "Review taken over by {reviewer} from {before}",
    "claim.hand_over": "Review handed over to {reviewer} by {before}",
    "question.ask": "The agency was asked about {about}, to answer by {due_on}",
    "question.answer": "The agency answered a question about {about}",
    "question.reply": "The federal reviewer replied about {about}",
    "question.close": "Question about {about} closed",
    "question.close_unanswered": "Question about {about} closed without an answer",
    "evidence.send": "{kind} sent, for {about}: {file}",
    "evidence.take_back": "{kind} taken back, for {about}: {file}",
    "note.keep": "Note kept about {about}",
    "claim.recommend": "Approval recommended",
    "claim.return": "Returned for correction by the reviewer",
    "claim.approve": "Approved: {total}",
    "claim.endorse": "First of two approvals given",
    "claim.endorse_appeal": "First of two approvals given on appeal",
    "claim.approve_partly": "Approved in part: {allowed}",
    "claim.deny": "Denied",
    "claim.review_again": "Sent back to the reviewer",
    "claim.send_back": "Sent back to the reviewer, with a note for the federal side",
    "claim.grant_appeal": "Appeal granted: the claim is approved",
    "claim.grant_appeal_partly": "Appeal granted in part",
    "claim.return_recommended": "Returned for correction by the payment approver",
    "claim.correct": "Correction started",
    "claim.drop": "Correction given up",
    "claim.amend": "Amendment started",
    "claim.supplement": "Supplement started",
    "claim.hold": "Put on hold until {until_on}: {why}",
    "claim.release": "Hold released",
    "claim.extend": "Due date extended to {due_on}",
    "claim.adjust": "Line adjusted, officer {officer}, {category}: {reason}",
    "claim.adjust_many": "{lines} lines disallowed: {reason}",
    "claim.adjust_back": "Adjustment given back, officer {officer}, {category}",
    "claim.waive": "Requirement waived until {until} for {scope}: {rule}",
    "claim.waive_end": "Waiver ended for {scope}: {rule}",
    "payroll.receive": "Payroll file {reference} received ({file})",
    "payroll.propose": "Payroll file {reference} waits for its columns to be matched",
    "payroll.match": "Columns of payroll file {reference} matched (version {mapping})",
    "payroll.correct": "Payroll file {corrects} corrected in the portal, as {reference}",
    "payroll.accept": "Payroll file {reference} accepted",
    "payroll.reject": "Payroll file {reference} rejected",
    "payroll.fail": "Payroll file {reference} could not be read",
    "payroll.withdraw": "Payroll file {reference} taken back",
    "payroll.supersede": "Payroll file {reference} replaced by a later one",
    "warning.justify": "Warnings of file {reference} answered",
    "counts.report": "Counts reported: {located} located of {referred} referred",
    "counts.confirm": "Counts confirmed: {located} located of {referred} referred",
    "counts.reject": "Counts rejected: {located} located of {referred} referred",
    "counts.dispute": "Counts disputed: the agency says {said}, not {located} of {referred}",
    "counts.keep": "Dispute of the counts answered: they stay at {located} of {referred}",
    "appeal.file": "Appealed: {total} asked back (lines: {lines})",
    "appeal.propose": "Proposed on the appeal: {total} (lines: {lines})",
    "appeal.decide": "Appeal decided: {total} granted (lines: {lines})",
    "packet.made": "Packet made",
    "packet.failed": "The packet could not be made",
    "packet.retry": "Asked for the packet again",
    "archive.ask": "Archive for auditors asked for",
    "archive.retry": "Archive for auditors asked for again",
    "archive.made": "Archive for auditors made ({claims} claims)",
    "archive.failed": "The archive for auditors could not be made",
    "document.purge": "The content of the file was deleted: the portal must not keep it",
    "document.read": "File downloaded: {file}",
}
"""What an audit event is called; the facts kept with the event fill the gaps."""


def words(action: str, facts: Mapping[str, Any]) -> str:
    """An audit event in words; an action nobody has named is its code made readable."""
    shown = dict(facts)
    for name in ("total", "allowed"):
        if isinstance(shown.get(name), int):
            shown[name] = format_cents(shown[name])
    for name, value in facts.items():
        if name.endswith("_on") and isinstance(value, str):
            shown[name] = f"{date.fromisoformat(value):%B %-d, %Y}"
    named = EVENTS.get(action, "").format_map(_Facts(shown))
    return named or action.replace(".", " ").replace("_", " ").capitalize()


NAMELESS = frozenset(
    {
        *("allowed", "amount", "balance", "before", "category", "claim", "claims", "corrects"),
        *("due_on", "kind", "lines", "located", "mapping", "reason", "reference", "referred"),
        *("reviewer", "rule", "said", "total", "until", "until_on", "why"),
    }
)
"""Facts of events that never say who an officer is, nor repeat what an agency's people wrote."""


def words_without_names(action: str, facts: Mapping[str, Any], withheld: str) -> str:
    """The same words with `withheld` in place of every fact that could name an officer."""
    return words(
        action,
        {
            key: fact if key in NAMELESS or key.endswith("_on") else withheld
            for key, fact in facts.items()
        },
    )


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "not recorded"

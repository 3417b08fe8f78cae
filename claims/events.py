"""What the events of a claim's thread are called, on pages and in packets alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.money import format_cents

EVENTS: dict[str, str] = {
    "claim.open": "Claim opened",
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
    "claim.recommend": "Approval recommended",
    "claim.return": "Returned for correction by the reviewer",
    "claim.approve": "Approved: {total}",
    "claim.deny": "Denied",
    "claim.return_recommended": "Returned for correction by the payment approver",
    "claim.correct": "Correction started",
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
    "packet.made": "Packet made",
    "packet.failed": "The packet could not be made",
    "document.purge": "The content of the file was deleted: the portal must not keep it",
    "document.read": "File downloaded: {file}",
}
"""What an audit event is called; the facts kept with the event fill the gaps."""


def words(action: str, facts: Mapping[str, Any]) -> str:
    """An audit event in words; an action nobody has named is its code made readable."""
    shown = dict(facts)
    if isinstance(shown.get("total"), int):
        shown["total"] = format_cents(shown["total"])
    named = EVENTS.get(action, "").format_map(_Facts(shown))
    return named or action.replace(".", " ").replace("_", " ").capitalize()


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "not recorded"

"""What can be wrong with a roster file."""

from __future__ import annotations

from portal.intake.catalogue import INTAKE_KINDS
from portal.kernel.findings import Catalogue, Kind, Severity
from portal.kernel.tabular.catalogue import FILE_KINDS
from portal.kernel.tabular.mapping import MAPPING_KINDS

ERROR, WARNING = Severity.ERROR, Severity.WARNING

ROSTER_FINDINGS = Catalogue(
    (
        *INTAKE_KINDS,
        *FILE_KINDS,
        *MAPPING_KINDS,
        Kind(
            "separated_before_hired",
            ERROR,
            "Separated before hired",
            "Officer {officer_id} was separated on {separated_on}, before being hired on "
            "{hired_on}.",
            "Correct hired_on or separated_on.",
            "Only days of employment are payable, and this employment has none.",
            about=("hired_on", "separated_on"),
        ),
        Kind(
            "authorized_after_separation",
            WARNING,
            "Authorized after the separation",
            "The authorization starts on {authorized_from}, after the separation on "
            "{separated_on}. It gives no payable day.",
            "A rehired officer needs a row with the new hired_on and the new authorization.",
            "A day is payable with employment and authorization at once.",
            about=("separated_on", "authorized_from"),
        ),
        Kind(
            "reason_without_separation",
            WARNING,
            "Reason for a separation without its date",
            "separation_reason is filled in, but separated_on is blank: the officer counts as "
            "still employed.",
            "Fill in separated_on, or clear separation_reason.",
            "Pay after a separation that nobody wrote down would be claimed.",
            about=("hired_on", "reason"),
        ),
        Kind(
            "end_without_authorization",
            ERROR,
            "End of an authorization without its start",
            "authorized_to is {authorized_to}, but authorized_from is blank.",
            "Fill in authorized_from, or clear authorized_to.",
            "Without its first day an authorization gives no payable day.",
            about=("hired_on", "authorized_to"),
        ),
        Kind(
            "trained_after_authorized",
            WARNING,
            "Trained after the authorization",
            "The training was completed on {trained_on}, after the authorization began on "
            "{authorized_from}.",
            "Check both dates. If they are right, say why in the justification.",
            "Officers are authorized once they are trained; most often one of the dates is mistyped.",
            about=("trained_on", "authorized_from"),
        ),
        Kind(
            "authorization_open",
            WARNING,
            "Authorization without an end",
            "The authorization from {authorized_from} has no last day. The usual term is two "
            "years.",
            "Fill in authorized_to, or say in the justification why it is open.",
            "Days after an authorization ran out are not payable, and nobody would notice.",
            about=("model", "authorized_from"),
        ),
        Kind(
            "authorization_reversed",
            ERROR,
            "Authorization ends before it starts",
            "The authorization ends on {authorized_to}, before it starts on {authorized_from}.",
            "Correct authorized_from or authorized_to.",
            "Only days of authorization are payable, and this one has none.",
            about=("authorized_from", "authorized_to"),
        ),
        Kind(
            "duplicate_authorization",
            ERROR,
            "The same authorization twice",
            "Rows {other} and {row} are the same officer, hired_on, model and authorized_from.",
            "Keep one of the rows.",
            "The two rows may end on different days, and the portal cannot tell which is right.",
            about=("hired_on", "model", "authorized_from"),
        ),
        Kind(
            "two_names",
            WARNING,
            "One id with two names",
            "Officer {officer_id} is {name} here and has another name in row {other}.",
            "Check that both rows are the same person. Two persons need two ids.",
            "One person's authorization would make another person's pay count.",
            about=("names",),
        ),
        Kind(
            "employments_overlap",
            WARNING,
            "Employments overlap",
            "Rows {other} and {row} give officer {officer_id} two employments that overlap.",
            "Give both rows the same hired_on and separated_on, or correct the dates.",
            "A person is employed once at a time; most often a separation is missing.",
            about=("hired_on", "separated_on", "other_hired_on", "other_separated_on"),
        ),
        Kind(
            "credential_elsewhere",
            WARNING,
            "Credential in use at another agency",
            "Credential {value} of officer {officer_id} is on another agency's roster too, for some of "
            "the same days.",
            "Check the number on the credential. If it is right, say why in the justification.",
            "A credential belongs to one officer at one agency at a time; two agencies may be claiming "
            "the same person.",
            about=("value",),
        ),
    )
)

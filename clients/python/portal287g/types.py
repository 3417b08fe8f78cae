"""What travels to the portal and back, as typed dictionaries.

Made by make.py from the API's OpenAPI document; never edited by hand.
"""

from __future__ import annotations

from typing import Literal, TypedDict


class Adjustment(TypedDict):
    """What a person took from a line, or gave back."""

    category: Literal["regular", "benefits", "overtime", "award"]
    amount: str
    reason: Literal[
        "unsupported",
        "not_payable",
        "duplicate",
        "other_source",
        "not_allowable",
        "unreasonable",
        "reversed",
        "carried",
        "denied",
        "appeal",
    ]
    rule: str
    note: str
    author: str
    made_at: str


class AgreementPeriod(TypedDict):
    """One unbroken stretch of days on which the agency's agreement of a model was active."""

    model: str
    active_from: str
    active_to: str | None
    words: str


class Allowed(TypedDict):
    """What is allowed of an officer's lines: what the rules left, less what people took away."""

    regular_pay: str
    benefits: str
    overtime: str
    total: str


class AmountChange(TypedDict):
    """An amount before and after."""

    before: str
    after: str
    change: str


class Amounts(TypedDict):
    """What the version asks for, as it was calculated."""

    as_of: str
    computed_at: str
    sha256: str
    officers: int
    waiting_lines: int
    regular_pay: str
    benefits: str
    overtime_allowed: str
    overtime_disallowed: str
    reimbursement: str
    award: Award
    total: str


class Answer(TypedDict):
    """Why a warning is in order."""

    text: str
    by: str
    at: str
    reference: str


class Answered(TypedDict):
    """How many warnings of the file got an answer, and how many still wait for one."""

    answered: int
    open: int


class Award(TypedDict):
    """The performance award of the quarter."""

    status: str
    officers: int
    per_officer: str
    amount: str


class Certification(TypedDict):
    """Who signed, as what, and exactly which calculation."""

    name: str
    title: str
    certified_at: str
    sha256: str
    wording_version: str


class Change(TypedDict):
    """An officer or an entry that is new or changes."""

    officer_id: str
    before: dict[str, str] | None
    after: dict[str, str]


class ChangedOfficer(TypedDict):
    """An officer of whom another amount is allowed than before."""

    officer_id: str
    name: str
    regular_pay: AmountChange
    benefits: AmountChange
    overtime: AmountChange
    total: AmountChange


class Changes(TypedDict):
    """What confirming would change, compared with the roster as it stands now."""

    new_officers: int
    changed_officers: int
    new_entries: int
    changed_entries: int
    unchanged: int
    sha256: str


class Claim(TypedDict):
    """What the agency asks for one quarter: the current version."""

    number: str
    quarter: str
    state: Literal[
        "draft",
        "ready",
        "submitted",
        "in_review",
        "returned",
        "recommended",
        "approved",
        "partly_approved",
        "denied",
        "paid",
        "closed",
        "withdrawn",
    ]
    version: int
    nil: bool
    opened_at: str
    changed_at: str
    amounts: Amounts | None
    url: str
    amounts_url: str
    lines_url: str
    packet_url: str


class ClaimAction(TypedDict):
    """A step of the claim's life that belongs to where it stands and to the agency's side."""

    code: str
    label: str
    possible: bool
    refusal: Refusal | None


class ClaimDetail(TypedDict):
    """One claim with its signature, what can happen to it now, and its packets."""

    number: str
    quarter: str
    state: Literal[
        "draft",
        "ready",
        "submitted",
        "in_review",
        "returned",
        "recommended",
        "approved",
        "partly_approved",
        "denied",
        "paid",
        "closed",
        "withdrawn",
    ]
    version: int
    nil: bool
    opened_at: str
    changed_at: str
    amounts: Amounts | None
    url: str
    amounts_url: str
    lines_url: str
    packet_url: str
    kind: Literal["original", "amendment", "supplement"]
    follows: str | None
    hold: Hold | None
    allowed: str | None
    actions: list[ClaimAction]
    certification: Certification | None
    packets: list[Packet]


class ClaimExplanation(TypedDict):
    """How the amounts of a claim came about; the officers behind each are its lines."""

    claim: str
    version: int
    quarter: str
    as_of: str
    computed_at: str
    sha256: str
    sections: list[Section]
    allowed: Section | None
    claimed_to_date: Section
    allowed_to_date: Section
    rules: list[Rule]


class Column(TypedDict):
    """One column of the file, with some of its values."""

    name: str
    values: list[str]
    codes: dict[str, int]
    role: str


class ColumnMapping(TypedDict):
    """One version of how the agency's own files are read."""

    kind: Literal["roster", "payroll"]
    number: int
    signature: str
    columns: dict[str, str]
    codes: dict[str, str]
    fixed: dict[str, str]
    created_at: str
    created_by: str


class Columns(TypedDict):
    """The columns of a file, what they most likely are, and what they can be."""

    rows: int
    columns: list[Column]
    codes: dict[str, str]
    dropped: list[str]
    gaps: list[Gap]
    roles: list[Role]
    code_roles: list[Role]
    fixed: list[Value]


class Coverage(TypedDict):
    """Which payable days of a quarter the accepted payroll covers."""

    quarter: str
    today: str
    with_gaps: int
    with_overlaps: int
    waiting_lines: int
    results: list[CoveredOfficer]


class CoveredOfficer(TypedDict):
    """One officer's quarter."""

    officer_id: str
    name: str
    gap_days: int
    overlap_days: int
    periods: list[CoveredPeriod]


class CoveredPeriod(TypedDict):
    """An officer's payable days of one pay period, by what covers them; each day is counted
    once.
    """

    period_start: str
    period_end: str
    state: Literal["overlap", "gap", "waiting", "to_come", "paid", "not_payable"]
    payable_days: int
    paid_days: int
    waiting_days: int
    gap_days: int
    overlap_days: int
    to_come_days: int


class Days(TypedDict):
    """Days in a row that are payable, or not for one reason."""

    from_on: str
    to_on: str
    days: int
    is_payable: bool
    reason: str
    belongs_to: Literal["earlier_quarter", "quarter", "later_quarter"]


class Difference(TypedDict):
    """Something that is not as it was in the last quarter."""

    change: Literal["joined", "left", "starts", "ends", "salary"]
    officer_id: str
    name: str
    on: str | None
    before: str
    after: str


class Differences(TypedDict):
    """A linked claim beside the decided one that it corrects."""

    claim: str
    first_certified_at: str
    total: AmountChange
    award: AmountChange
    officers_unchanged: int
    officers: list[ChangedOfficer]


class EditRequest(TypedDict):
    """One cell to change."""

    row: int
    column: str
    was: str
    now: str


class Enclosure(TypedDict):
    """A file that travels inside a PDF."""

    name: str
    sha256: str
    size: int


class EntryChange(TypedDict):
    """A roster entry that is new or changes, and the row of the file that says so."""

    officer_id: str
    before: dict[str, str] | None
    after: dict[str, str]
    row: int


class ExplainedLine(TypedDict):
    """One officer with the explanation of every amount, and what people did to it."""

    position: int
    officer_id: str
    name: str
    title: str
    eligible_days: int
    regular_pay: str
    benefits: str
    overtime_submitted: str
    overtime_cap: str
    overtime_used_before: str
    overtime_allowed: str
    overtime_disallowed: str
    total: str
    allowed: Allowed
    explanation: Explanation
    used_before: list[UsedBefore]
    adjustments: list[Adjustment]


class Explanation(TypedDict):
    """How one officer's amounts came about, from what was stored when they were calculated."""

    quarter: str
    as_of: str | None
    counted_for_award: bool
    days: list[Days]
    roster: list[RosterRow]
    agreements: list[AgreementPeriod]
    periods: list[Period]
    sections: list[Section]
    waiting: list[Step]
    rules: list[Rule]


class FaultyRow(TypedDict):
    """A row of the file with an error or a warning."""

    row: int
    cells: dict[str, str]


class FaultyRows(TypedDict):
    """The rows with an error or a warning; 2,000 of them are kept, those with errors first."""

    columns: list[str]
    sources: dict[str, list[str]]
    results: list[FaultyRow]


class Finding(TypedDict):
    """One thing found in a file. Its `code` is stable; the words are for people.

    The context holds the `batch` and the `kinds` of findings there can be.
    """

    number: int
    code: str
    severity: Literal["error", "warning", "notice"]
    row: int | None
    column: str
    value: str
    expected: str
    message: str
    why: str
    fix: str
    dollars: str
    officer_id: str
    ext: dict[str, str]
    answer: Answer | None


class Gap(TypedDict):
    """What is still missing or contradictory."""

    message: str
    fix: str
    column: str


class Hold(TypedDict):
    """Until when the claim is not decided, and why."""

    until_on: str
    why: Literal["funds", "inquiry", "agreement", "records", "other"]
    note: str


class LedgerEntry(TypedDict):
    """What a decision changed in what is due to the agency."""

    id: int
    quarter: str
    claim: str
    version: int
    amount: str
    balance: str
    entered_at: str


class ListedLine(TypedDict):
    """One officer, with the address of the explanation."""

    position: int
    officer_id: str
    name: str
    title: str
    eligible_days: int
    regular_pay: str
    benefits: str
    overtime_submitted: str
    overtime_cap: str
    overtime_used_before: str
    overtime_allowed: str
    overtime_disallowed: str
    total: str
    allowed: Allowed
    url: str


class Officer(TypedDict):
    """One officer, under the agency's own payroll id."""

    officer_id: str
    last_name: str
    first_name: str
    title: str
    entries: list[RosterEntry]


class Operand(TypedDict):
    """One number that goes into a step."""

    name: str
    value: str
    unit: Literal["money", "money_days", "days", "persons", "percent", "count"]


class Packet(TypedDict):
    """One edition of the packet."""

    edition: Literal["certified", "decided"]
    appeals: int
    requested_at: str
    made_at: str | None
    is_ready: bool
    copy: Literal["full", "masked"]
    sha256: str | None
    failure: str | None


class PacketFile(TypedDict):
    """One file of a packet."""

    name: str
    copy: Literal["full", "masked"]
    part: Literal["packet", "volume", "manifest"]
    number: int
    media_type: str
    size: int
    pages: int | None
    sha256: str
    code: str | None
    enclosures: list[Enclosure]
    url: str


class PacketFiles(TypedDict):
    """A packet with the files that the key's owner may take."""

    version: int
    edition: Literal["certified", "decided"]
    appeals: int
    made_at: str
    is_current: bool
    files: list[PacketFile]


class PayrollBatch(TypedDict):
    """An uploaded payroll file."""

    id: str
    state: Literal[
        "received", "validating", "proposed", "accepted", "rejected", "superseded", "withdrawn"
    ]
    quarter: str
    reference: str
    dry_run: bool
    filename: str
    sha256: str
    kept_sha256: str | None
    corrects: str | None
    needs_columns: bool
    mapping: int | None
    received_at: str
    finished_at: str | None
    rows: int
    errors: int
    warnings: int
    notices: int
    reason: str
    totals: Totals
    replaces: str | None
    url: str
    findings_url: str


class PayrollLine(TypedDict):
    """One row as it was read: an officer and a pay period."""

    row: int
    officer_id: str
    period_start: str
    period_end: str
    paid_on: str
    annual_salary: str
    regular_pay: str
    overtime_hours: str | None
    overtime_pay: str
    overtime_paid_by_others: str
    benefits: dict[str, str]
    ext: dict[str, str]


class Period(TypedDict):
    """All days of one payroll row's period: the days its shares are made of."""

    file: str
    row: int
    period_start: str
    period_end: str
    paid_on: str
    url: str | None
    days: list[Days]


class Prefill(TypedDict):
    """What a quarter's payroll can begin with."""

    quarter: str
    taken_from: str | None
    rows: list[dict[str, str | None]]
    differences: list[Difference]
    undecided: list[Undecided]


class Quarter(TypedDict):
    """One federal fiscal quarter and how far the agency is with it."""

    quarter: str
    start_on: str
    end_on: str
    is_over: bool
    has_agreement: bool
    payroll_batches: int
    claim: QuarterClaim | None


class QuarterClaim(TypedDict):
    """The claim of a quarter, in short."""

    number: str
    state: Literal[
        "draft",
        "ready",
        "submitted",
        "in_review",
        "returned",
        "recommended",
        "approved",
        "partly_approved",
        "denied",
        "paid",
        "closed",
        "withdrawn",
    ]
    nil: bool
    url: str


class QuarterList(TypedDict):
    """The quarters from the present one back to the program's first."""

    results: list[Quarter]


class Question(TypedDict):
    """One question with its answers."""

    id: int
    version: int
    officer_id: str
    category: Literal["regular", "benefits", "overtime", "award"] | Literal[""]
    text: str
    asked_at: str
    due_on: str
    closed_at: str | None
    answers: list[QuestionAnswer]
    files: list[QuestionFile]


class QuestionAnswer(TypedDict):
    """What either side wrote to a question."""

    side: Literal["agency", "federal"]
    text: str
    written_at: str


class QuestionFile(TypedDict):
    """A file that was sent with an answer. It is fetched in the portal."""

    kind: Literal["timesheet", "pay_rate", "overtime", "payment", "other"]
    filename: str
    sha256: str
    sent_at: str


class Refusal(TypedDict):
    """Why a step is not possible now, in the words and with the code that people get too."""

    code: str
    message: str
    fix: str


class Role(TypedDict):
    """Something a column or a code can be. Where `role` ends in a colon, a name may follow."""

    role: str
    label: str
    group: str


class RosterChanges(TypedDict):
    """What confirming would change, one by one."""

    new_officers: int
    changed_officers: int
    new_entries: int
    changed_entries: int
    unchanged: int
    sha256: str
    officers: list[Change]
    entries: list[EntryChange]


class RosterEntry(TypedDict):
    """One employment with at most one authorization; an officer with a gap has two."""

    hired_on: str
    separated_on: str | None
    separation_reason: str
    model: Literal["TFM", "WSO", "JEM"] | Literal[""]
    trained_on: str | None
    authorized_from: str | None
    authorized_to: str | None
    end_reason: str
    credential_number: str
    confirmation: Literal["confirmed", "unconfirmed", "contradicted"] | None


class RosterRow(TypedDict):
    """One employment of the officer, with at most one authorization in it."""

    hired_on: str
    separated_on: str | None
    model: str
    authorized_from: str | None
    authorized_to: str | None
    words: str


class RosterUpload(TypedDict):
    """An uploaded roster."""

    id: str
    state: Literal[
        "received", "validating", "proposed", "accepted", "rejected", "superseded", "withdrawn"
    ]
    quarter: str
    reference: str
    dry_run: bool
    filename: str
    sha256: str
    kept_sha256: str | None
    corrects: str | None
    needs_columns: bool
    mapping: int | None
    received_at: str
    finished_at: str | None
    rows: int
    errors: int
    warnings: int
    notices: int
    reason: str
    confirmed_at: str | None
    url: str
    findings_url: str


class RosterUploadDetail(TypedDict):
    """An uploaded roster, with what it would change while it waits to be confirmed."""

    id: str
    state: Literal[
        "received", "validating", "proposed", "accepted", "rejected", "superseded", "withdrawn"
    ]
    quarter: str
    reference: str
    dry_run: bool
    filename: str
    sha256: str
    kept_sha256: str | None
    corrects: str | None
    needs_columns: bool
    mapping: int | None
    received_at: str
    finished_at: str | None
    rows: int
    errors: int
    warnings: int
    notices: int
    reason: str
    confirmed_at: str | None
    url: str
    findings_url: str
    changes: Changes | None


class Rule(TypedDict):
    """One rule in force, with its source."""

    name: str
    title: str
    value: str
    unit: str
    value_in_words: str
    from_on: str
    source: str
    interpretation: str


class Section(TypedDict):
    """The steps to one amount."""

    key: str
    title: str
    amount: str
    outcome: str
    note: str
    steps: list[Step]


class Source(TypedDict):
    """The payroll row that a step takes its numbers from."""

    file: str
    row: int
    period_start: str
    period_end: str
    paid_on: str
    url: str | None


class Step(TypedDict):
    """One step of a calculation: its subject, the sum with its numbers, what came out."""

    key: str
    label: str
    formula: str
    amount: str | None
    operation: (
        Literal[
            "share",
            "salary_days",
            "day_weighted",
            "cap",
            "given",
            "room",
            "smaller",
            "less",
            "sum",
            "tier",
            "times",
        ]
        | None
    )
    operands: list[Operand]
    rule: str
    rule_from_on: str | None
    source: Source | None


class Totals(TypedDict):
    """Sums over the rows that could be read."""

    regular_pay: str
    benefits: str
    overtime_pay: str


class Undecided(TypedDict):
    """An officer for whom nobody knows the pay calendar."""

    officer_id: str
    name: str


class UsedBefore(TypedDict):
    """Overtime that one earlier claim of the fiscal year allows the officer."""

    quarter: str
    claim: str
    version: int
    position: int
    amount: str


class Value(TypedDict):
    """A value that can be said for the whole file."""

    name: str
    label: str
    help: str
    choices: list[str]
    value: str


class Verified(TypedDict):
    """Whether it is genuine, and whether it still counts."""

    result: Literal["genuine_current", "genuine_superseded", "unknown"]
    by: Literal["file", "sha256", "code"]

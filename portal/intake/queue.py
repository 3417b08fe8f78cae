"""The error queue of a file: what was found, in groups by officer or by rule, paged and summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from django.http import QueryDict

from portal.intake.models import Batch, BatchFinding, Justification
from portal.kernel import money
from portal.kernel.findings import Kind, Severity
from portal.web.paging import Column, Filter, Listing

SHOWN_OF_GROUP = 10
GROUPS_OF_PAGE = 20
FINDINGS_OF_PAGE = 50
SEVERITIES = [(severity.value, f"{severity.capitalize()}s") for severity in Severity]
_RANK = {severity.value: rank for rank, severity in enumerate(Severity)}


class Noted(Protocol):
    """What grouping needs to know of a finding."""

    @property
    def number(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def row(self) -> int | None: ...
    @property
    def officer_id(self) -> str: ...
    @property
    def dollars(self) -> str: ...


class Note(NamedTuple):
    """A finding without its words, of which a large file has thousands."""

    number: int
    code: str
    severity: str
    row: int | None
    officer_id: str
    dollars: str
    fingerprint: str


@dataclass(slots=True)
class Group:
    """Findings that have their rule or their officer in common. `key` is the code or the officer's id.

    `shown` are those of them on the page, whole; `cases` are they with their fields
    (`portal.intake.fixing`); `open` counts warnings without an answer.
    """

    key: str
    title: str
    why: str = ""
    findings: list[Any] = field(default_factory=list)
    shown: list[BatchFinding] = field(default_factory=list)
    cases: list[Any] = field(default_factory=list)
    open: int = 0
    url: str = ""

    @property
    def severity(self) -> str:
        """The most severe there is in the group."""
        return min((finding.severity for finding in self.findings), key=_RANK.__getitem__)

    @property
    def count(self) -> int:
        """How many findings there are in the group."""
        return len(self.findings)

    @property
    def more(self) -> int:
        """How many of them are not on the page."""
        return self.count - len(self.shown)

    @property
    def rows(self) -> set[int]:
        """The rows of the file the group is about."""
        return {finding.row for finding in self.findings if finding.row is not None}

    @property
    def same_fix(self) -> str:
        """What to do, if it is the same for all that is shown."""
        fixes = {finding.fix for finding in self.shown}
        return fixes.pop() if len(fixes) == 1 else ""

    @property
    def cents(self) -> int | None:
        """What the group's rows are about in cents, each row once; None without any amount."""
        return cents_of(self.findings)

    @property
    def dollars(self) -> str:
        """The same as it travels in files."""
        return "" if self.cents is None else money.text(self.cents)


def cents_of(findings: Iterable[Noted]) -> int | None:
    """What findings are about in cents; of several about one row the largest amount counts."""
    rows: dict[object, int] = {}
    for finding in findings:
        if finding.dollars:
            place = finding.row if finding.row is not None else ("file", finding.number)
            amount = money.cents(Decimal(finding.dollars))
            rows[place] = max(rows.get(place, 0), amount, key=abs)
    return sum(rows.values()) if rows else None


def by_rule(findings: Iterable[Noted], kinds: Mapping[str, Kind]) -> list[Group]:
    """Groups by code: what blocks first, then the most frequent."""
    groups: dict[str, Group] = {}
    for finding in findings:
        if finding.code not in groups:
            kind = kinds.get(finding.code)
            title = kind.title if kind else finding.code.replace("_", " ").capitalize()
            groups[finding.code] = Group(finding.code, title, kind.why if kind else "")
        groups[finding.code].findings.append(finding)
    return sorted(groups.values(), key=lambda group: (_RANK[group.severity], -group.count))


def by_officer(findings: Iterable[Noted]) -> list[Group]:
    """Groups by officer: what concerns nobody in particular, then who has something that blocks."""
    groups: dict[str, Group] = {}
    for finding in findings:
        if finding.officer_id not in groups:
            title = f"Officer {finding.officer_id}" if finding.officer_id else "No officer named"
            groups[finding.officer_id] = Group(finding.officer_id, title)
        groups[finding.officer_id].findings.append(finding)
    return sorted(
        groups.values(),
        key=lambda group: (_RANK[group.severity], group.key != "", -group.count, group.key),
    )


class Queue(Listing):
    """The part of a batch's findings that the query parameters ask for, in groups.

    Parameters: `by` (`rule` or `officer`), `of` (the key of one group, to see all of it), `severity`, `q`
    and `page`. `answers_of` gives the answers to warnings by fingerprint.
    """

    def __init__(
        self,
        params: QueryDict,
        batch: Batch,
        findings: Any,
        kinds: Mapping[str, Kind],
        answers_of: Callable[[int, Sequence[str]], Mapping[str, Justification]],
    ) -> None:
        super().__init__(
            params,
            findings,
            columns=[Column("Finding", "number", ("number",))],
            order="number",
            search=("officer_id", "message", "column"),
            filters=[Filter("severity", "Kind", SEVERITIES)],
            per_page=GROUPS_OF_PAGE,
        )
        self.batch = batch
        self.findings = findings
        self.kinds = kinds
        self.by = "officer" if self._read("by") == "officer" else "rule"
        self.notes = [Note(*row) for row in findings.order_by("number").values_list(*Note._fields)]
        warnings = [note.fingerprint for note in self.notes if note.severity == Severity.WARNING]
        self.answers = answers_of(batch.agency_id, warnings) if warnings else {}
        if "of" in params:
            self.per_page = FINDINGS_OF_PAGE

    @cached_property
    def groups(self) -> list[Group]:
        """All groups of what is not filtered away."""
        notes: Iterable[Note] = self.notes
        if self.is_narrowed:
            kept = set(self.queryset.values_list("number", flat=True))
            notes = [note for note in self.notes if note.number in kept]
        groups = by_officer(notes) if self.by == "officer" else by_rule(notes, self.kinds)
        for group in groups:
            group.open = sum(1 for note in group.findings if self.is_open(note))
        # Sorting is stable: among groups as severe those with a warning to be answered come first.
        return sorted(groups, key=lambda group: (_RANK[group.severity], not group.open))

    @cached_property
    def chosen_group(self) -> Group | None:
        """The one group that is shown alone, if the parameters name one there is."""
        if "of" not in self.params:
            return None
        return next((group for group in self.groups if group.key == self._read("of")), None)

    @cached_property
    def count(self) -> int:
        """How many groups there are; findings, where one group is shown alone."""
        return self.chosen_group.count if self.chosen_group else len(self.groups)

    @cached_property
    def rows(self) -> list[Group]:
        """The groups of this page with the findings shown of each."""
        start = (self.page - 1) * self.per_page
        if self.chosen_group:
            groups, first, last = [self.chosen_group], start, start + self.per_page
        else:
            groups, first, last = self.groups[start : start + self.per_page], 0, SHOWN_OF_GROUP
        wanted = {note.number for group in groups for note in group.findings[first:last]}
        whole = {f.number: f for f in self.findings.filter(number__in=wanted)} if wanted else {}
        for group in groups:
            group.shown = [whole[note.number] for note in group.findings[first:last]]
            group.url = self.url(of=group.key, page=None)
        return groups

    def is_open(self, note: Note) -> bool:
        """Whether a finding is a warning nobody has answered."""
        return note.severity == Severity.WARNING and note.fingerprint not in self.answers

    @property
    def by_rule_url(self) -> str:
        """The link to the same findings grouped by rule."""
        return self.url(by="rule", of=None, page=None)

    @property
    def by_officer_url(self) -> str:
        """The link to the same findings grouped by officer."""
        return self.url(by="officer", of=None, page=None)

    @property
    def all_groups_url(self) -> str:
        """The link from one group back to all."""
        return self.url(of=None, page=None)

    @property
    def open_warnings(self) -> int:
        """Warnings of the whole file without an answer."""
        return sum(1 for note in self.notes if self.is_open(note))

    @property
    def rows_with_errors(self) -> int:
        """How many rows of the file have an error."""
        return len({n.row for n in self._errors if n.row is not None})

    @property
    def cents_at_stake(self) -> int | None:
        """What the rows with errors ask for, in cents, as far as one can tell."""
        return cents_of(self._errors)

    @property
    def is_long(self) -> bool:
        """Whether there are more findings than the portal lists."""
        batch = self.batch
        return batch.errors + batch.warnings + batch.notices > len(self.notes)

    @property
    def _errors(self) -> list[Note]:
        return [note for note in self.notes if note.severity == Severity.ERROR]

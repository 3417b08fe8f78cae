"""The endpoints of the portal's API, one method each.

Made by make.py from the API's OpenAPI document; never edited by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Literal, cast

from portal287g import types
from portal287g.transport import Listing, Transport, place


class Portal(Transport):
    """The portal, as far as the key's scopes reach."""

    def list_claims(
        self,
        *,
        changed_since: str | None = None,
        page_size: int | None = None,
        quarter: str | None = None,
    ) -> Listing[types.Claim]:
        """List claims.

        The agency's claims in the order of their quarters; what corrects a claim follows it.
        """
        return Listing(
            self,
            "/api/v1/claims/",
            {"changed_since": changed_since, "page_size": page_size, "quarter": quarter},
        )

    def get_claim(
        self,
        number: str,
    ) -> types.ClaimDetail:
        """Look at a claim.

        Where the claim stands and what it asks for. Only a person moves it on.
        """
        return cast("types.ClaimDetail", self._read("GET", f"/api/v1/claims/{place(number)}/", {}))

    def explain_claim_amounts(
        self,
        number: str,
    ) -> types.ClaimExplanation:
        """Explain a claim's amounts.

        Each amount as a sum over officers, what people left of the total, and the fiscal
        year so far.

        A claim that was not calculated yet has no explanation.
        """
        return cast(
            "types.ClaimExplanation",
            self._read("GET", f"/api/v1/claims/{place(number)}/amounts/", {}),
        )

    def get_claim_differences(
        self,
        number: str,
    ) -> types.Differences:
        """Read what a correction changes.

        What is allowed now beside the decided claim that this one corrects, officer by
        officer.

        A claim that corrects no other has no differences, nor one that was not calculated
        yet.
        """
        return cast(
            "types.Differences",
            self._read("GET", f"/api/v1/claims/{place(number)}/differences/", {}),
        )

    def list_claim_lines(
        self,
        number: str,
        *,
        page_size: int | None = None,
    ) -> Listing[types.ListedLine]:
        """List the officers of a claim.

        One line per officer of the current version, with the amounts of the quarter.
        """
        return Listing(self, f"/api/v1/claims/{place(number)}/lines/", {"page_size": page_size})

    def get_claim_line(
        self,
        number: str,
        position: int,
    ) -> types.ExplainedLine:
        """Explain an officer's amounts.

        The officer's amounts with every step to them: days, payroll lines, cap and rules.
        """
        return cast(
            "types.ExplainedLine",
            self._read("GET", f"/api/v1/claims/{place(number)}/lines/{place(position)}/", {}),
        )

    def get_packet(
        self,
        number: str,
        *,
        copy: Literal["full", "masked"] | None = None,
        edition: Literal["certified", "decided"] | None = None,
        version: int | None = None,
    ) -> bytes:
        """Fetch the packet of a claim.

        The main PDF with the claim's data attached to it. It is made once and then stays the
        same.
        """
        return self._fetch(
            "GET",
            f"/api/v1/claims/{place(number)}/packet/",
            {"copy": copy, "edition": edition, "version": version},
        )

    def list_packet_files(
        self,
        number: str,
        *,
        edition: Literal["certified", "decided"] | None = None,
        version: int | None = None,
    ) -> types.PacketFiles:
        """List the files of a packet.

        Documents, volumes of large agencies and manifests, each with its hash.
        """
        return cast(
            "types.PacketFiles",
            self._read(
                "GET",
                f"/api/v1/claims/{place(number)}/packet/files/",
                {"edition": edition, "version": version},
            ),
        )

    def get_packet_file(
        self,
        name: str,
        number: str,
        *,
        version: int | None = None,
    ) -> bytes:
        """Fetch a file of a packet.

        The bytes of one file, by its name in the list: a PDF, or a manifest in JSON.
        """
        return self._fetch(
            "GET",
            f"/api/v1/claims/{place(number)}/packet/files/{place(name)}",
            {"version": version},
        )

    def list_claim_questions(
        self,
        number: str,
        *,
        page_size: int | None = None,
    ) -> Listing[types.Question]:
        """List the questions about a claim.

        What the federal reviewer asked, in the order of asking. Only a person answers.
        """
        return Listing(self, f"/api/v1/claims/{place(number)}/questions/", {"page_size": page_size})

    def list_column_mappings(
        self,
        *,
        kind: Literal["roster", "payroll"] | None = None,
        page_size: int | None = None,
    ) -> Listing[types.ColumnMapping]:
        """List matched columns.

        Every version of the agency's matched columns. The latest of a signature is used.
        """
        return Listing(self, "/api/v1/column-mappings/", {"kind": kind, "page_size": page_size})

    def list_ledger(
        self,
        *,
        page_size: int | None = None,
    ) -> Listing[types.LedgerEntry]:
        """List the entries of the ledger.

        What each decision made due, the oldest first. The last balance is the agency's.
        """
        return Listing(self, "/api/v1/ledger/", {"page_size": page_size})

    def list_officers(
        self,
        *,
        changed_since: str | None = None,
        page_size: int | None = None,
    ) -> Listing[types.Officer]:
        """List officers.

        The agency's officers in the order of their payroll ids, with their roster entries.

        With `changed_since`, those whom a roster file confirmed since then names, and those
        who were changed by hand. What the federal list says of them does not count as a
        change.
        """
        return Listing(
            self, "/api/v1/officers/", {"changed_since": changed_since, "page_size": page_size}
        )

    def verify_packet(
        self,
        *,
        sha256: str | None = None,
        code: str | None = None,
        file: str | os.PathLike[str] | tuple[str, bytes] | None = None,
        idempotency_key: str | None = None,
    ) -> types.Verified:
        """Verify a packet.

        Say whether the portal made a packet's file, and whether it still counts; nothing
        else.

        It needs no token. A file is hashed as it arrives and not kept.
        """
        return cast(
            "types.Verified",
            self._read(
                "POST",
                "/api/v1/packets/verify/",
                {},
                {"sha256": sha256, "code": code, "file": file},
                idempotency_key,
            ),
        )

    def list_payroll_batches(
        self,
        *,
        changed_since: str | None = None,
        page_size: int | None = None,
        quarter: str | None = None,
    ) -> Listing[types.PayrollBatch]:
        """List payroll files.

        The payroll files of the agency, trial runs included, in the order of their quarters.
        """
        return Listing(
            self,
            "/api/v1/payroll-batches/",
            {"changed_since": changed_since, "page_size": page_size, "quarter": quarter},
        )

    def send_payroll(
        self,
        *,
        quarter: str,
        file: str | os.PathLike[str] | tuple[str, bytes] | None = None,
        replaces: str | None = None,
        rows: Iterable[Mapping[str, str | int | None]] | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> types.PayrollBatch:
        """Send a payroll file.

        The file is stored and read in the background: all of it counts, or nothing.

        Without errors it becomes `accepted`, and the quarter's draft claim is calculated.
        Look at its address until `state` is neither `received` nor `validating`.
        """
        return cast(
            "types.PayrollBatch",
            self._read(
                "POST",
                "/api/v1/payroll-batches/",
                {"dry_run": dry_run},
                {
                    "quarter": quarter,
                    "file": file,
                    "replaces": replaces,
                    "rows": None if rows is None else list(rows),
                },
                idempotency_key,
            ),
        )

    def get_payroll_batch(
        self,
        id: str,
    ) -> types.PayrollBatch:
        """Look at a payroll file.

        Where the file stands, its totals, and how much was found in it.
        """
        return cast(
            "types.PayrollBatch", self._read("GET", f"/api/v1/payroll-batches/{place(id)}/", {})
        )

    def answer_payroll_warnings(
        self,
        id: str,
        *,
        text: str,
        findings: list[int] | None = None,
        code: str | None = None,
        officer_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.Answered:
        """Say why warnings of a payroll file are in order.

        Justify warnings. The same warning in a later file is answered too, until its facts
        change.
        """
        return cast(
            "types.Answered",
            self._read(
                "POST",
                f"/api/v1/payroll-batches/{place(id)}/answers/",
                {},
                {"text": text, "findings": findings, "code": code, "officer_id": officer_id},
                idempotency_key,
            ),
        )

    def get_payroll_columns(
        self,
        id: str,
    ) -> types.Columns:
        """Look at the columns of a payroll file.

        The file's own columns with some values, what they most likely are, and what they can
        be.
        """
        return cast(
            "types.Columns", self._read("GET", f"/api/v1/payroll-batches/{place(id)}/columns/", {})
        )

    def match_payroll_columns(
        self,
        id: str,
        *,
        columns: dict[str, str],
        codes: dict[str, str] | None = None,
        fixed: dict[str, str] | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.PayrollBatch:
        """Match the columns of a payroll file.

        Say what the columns are, for this file and later ones with the same columns.

        A file that waits for this is read on under its own address. Of one that was read
        there is a new upload.
        """
        return cast(
            "types.PayrollBatch",
            self._read(
                "POST",
                f"/api/v1/payroll-batches/{place(id)}/columns/",
                {},
                {"columns": columns, "codes": codes, "fixed": fixed},
                idempotency_key,
                If_Match=if_match,
            ),
        )

    def confirm_payroll(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
    ) -> None:
        """Confirm a payroll file.

        Always refused: payroll without errors counts as soon as it was read.
        """
        self._read("POST", f"/api/v1/payroll-batches/{place(id)}/confirm/", {}, {}, idempotency_key)

    def correct_payroll(
        self,
        id: str,
        *,
        edits: list[types.EditRequest] | None = None,
        leave_out: list[int] | None = None,
        quarter: str | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.PayrollBatch:
        """Correct a payroll file.

        Change cells or leave rows out: a new upload of the same bytes with these
        corrections.

        It takes the place of the file if that was accepted. `was` must be what stands in the
        cell; where it is not, the new upload is rejected with the finding
        `patch_does_not_fit`.
        """
        return cast(
            "types.PayrollBatch",
            self._read(
                "POST",
                f"/api/v1/payroll-batches/{place(id)}/corrections/",
                {},
                {"edits": edits, "leave_out": leave_out, "quarter": quarter},
                idempotency_key,
                If_Match=if_match,
            ),
        )

    def list_payroll_faulty_rows(
        self,
        id: str,
    ) -> types.FaultyRows:
        """Read the faulty rows of a payroll file.

        Rows with an error or a warning, cell by cell as they stand in the file: to correct
        them.
        """
        return cast(
            "types.FaultyRows",
            self._read("GET", f"/api/v1/payroll-batches/{place(id)}/faulty-rows/", {}),
        )

    def list_payroll_findings(
        self,
        id: str,
        *,
        page_size: int | None = None,
        severity: Literal["error", "warning", "notice"] | None = None,
    ) -> Listing[types.Finding]:
        """Read the findings of a payroll file.

        Findings, errors first. The file's counts are of all, 10,000 of them are kept.
        """
        return Listing(
            self,
            f"/api/v1/payroll-batches/{place(id)}/findings/",
            {"page_size": page_size, "severity": severity},
        )

    def list_payroll_rows(
        self,
        id: str,
        *,
        page_size: int | None = None,
    ) -> Listing[types.PayrollLine]:
        """Read the accepted lines of a payroll file.

        Every row of an accepted file as the portal understood it; none of one that never
        counted.
        """
        return Listing(self, f"/api/v1/payroll-batches/{place(id)}/rows/", {"page_size": page_size})

    def get_payroll_row(
        self,
        id: str,
        row: int,
    ) -> types.PayrollLine:
        """Read one line of a payroll file.

        One row of an accepted file as the portal understood it: where a step of an
        explanation ends.
        """
        return cast(
            "types.PayrollLine",
            self._read("GET", f"/api/v1/payroll-batches/{place(id)}/rows/{place(row)}/", {}),
        )

    def withdraw_payroll(
        self,
        id: str,
        *,
        reason: str,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.PayrollBatch:
        """Take a payroll file back.

        The lines of an accepted file no longer count; the file stays on record.
        """
        return cast(
            "types.PayrollBatch",
            self._read(
                "POST",
                f"/api/v1/payroll-batches/{place(id)}/withdraw/",
                {},
                {"reason": reason},
                idempotency_key,
                If_Match=if_match,
            ),
        )

    def list_quarters(
        self,
    ) -> types.QuarterList:
        """List fiscal quarters.

        The quarters that can be claimed, the newest first, each with its claim.
        """
        return cast("types.QuarterList", self._read("GET", "/api/v1/quarters/", {}))

    def get_coverage(
        self,
        quarter: str,
        *,
        attention: bool | None = None,
    ) -> types.Coverage:
        """See what a quarter's payroll covers.

        Every officer by pay period: paid, waiting, gaps, days paid twice, and days still to
        come.
        """
        return cast(
            "types.Coverage",
            self._read(
                "GET", f"/api/v1/quarters/{place(quarter)}/coverage/", {"attention": attention}
            ),
        )

    def get_prefill(
        self,
        quarter: str,
    ) -> types.Prefill:
        """Begin a quarter's payroll with what is known.

        Roster and rates carried over from the last quarter: rows of the periods not accepted
        yet.
        """
        return cast(
            "types.Prefill", self._read("GET", f"/api/v1/quarters/{place(quarter)}/prefill/", {})
        )

    def list_roster_uploads(
        self,
        *,
        changed_since: str | None = None,
        page_size: int | None = None,
        quarter: str | None = None,
    ) -> Listing[types.RosterUpload]:
        """List roster uploads.

        The roster files of the agency, trial runs included.
        """
        return Listing(
            self,
            "/api/v1/roster-uploads/",
            {"changed_since": changed_since, "page_size": page_size, "quarter": quarter},
        )

    def send_roster(
        self,
        *,
        quarter: str,
        file: str | os.PathLike[str] | tuple[str, bytes] | None = None,
        rows: Iterable[Mapping[str, str | int | None]] | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> types.RosterUpload:
        """Send a roster.

        The file is stored and read in the background. Without errors it becomes `proposed`.

        Nothing changes until it is confirmed; a file never ends anybody by leaving them out.
        """
        return cast(
            "types.RosterUpload",
            self._read(
                "POST",
                "/api/v1/roster-uploads/",
                {"dry_run": dry_run},
                {"quarter": quarter, "file": file, "rows": None if rows is None else list(rows)},
                idempotency_key,
            ),
        )

    def get_roster_upload(
        self,
        id: str,
    ) -> types.RosterUploadDetail:
        """Look at a roster upload.

        Where the file stands, how much was found in it, and what it would change.
        """
        return cast(
            "types.RosterUploadDetail",
            self._read("GET", f"/api/v1/roster-uploads/{place(id)}/", {}),
        )

    def answer_roster_warnings(
        self,
        id: str,
        *,
        text: str,
        findings: list[int] | None = None,
        code: str | None = None,
        officer_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.Answered:
        """Say why warnings of a roster are in order.

        Justify warnings. The same warning in a later file is answered too, until its facts
        change.
        """
        return cast(
            "types.Answered",
            self._read(
                "POST",
                f"/api/v1/roster-uploads/{place(id)}/answers/",
                {},
                {"text": text, "findings": findings, "code": code, "officer_id": officer_id},
                idempotency_key,
            ),
        )

    def get_roster_changes(
        self,
        id: str,
    ) -> types.RosterChanges:
        """See what a roster would change.

        Every difference from the roster as it stands, while the file waits to be confirmed.
        """
        return cast(
            "types.RosterChanges",
            self._read("GET", f"/api/v1/roster-uploads/{place(id)}/changes/", {}),
        )

    def get_roster_columns(
        self,
        id: str,
    ) -> types.Columns:
        """Look at the columns of a roster.

        The file's own columns with some values, what they most likely are, and what they can
        be.
        """
        return cast(
            "types.Columns", self._read("GET", f"/api/v1/roster-uploads/{place(id)}/columns/", {})
        )

    def match_roster_columns(
        self,
        id: str,
        *,
        columns: dict[str, str],
        codes: dict[str, str] | None = None,
        fixed: dict[str, str] | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.RosterUpload:
        """Match the columns of a roster.

        Say what the columns are, for this file and later ones with the same columns.

        A file that waits for this is read on under its own address. Of one that was read
        there is a new upload.
        """
        return cast(
            "types.RosterUpload",
            self._read(
                "POST",
                f"/api/v1/roster-uploads/{place(id)}/columns/",
                {},
                {"columns": columns, "codes": codes, "fixed": fixed},
                idempotency_key,
                If_Match=if_match,
            ),
        )

    def confirm_roster(
        self,
        id: str,
        *,
        changes_sha256: str | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.RosterUpload:
        """Confirm a roster.

        The roster counts from now on, and open claims are calculated again.
        """
        return cast(
            "types.RosterUpload",
            self._read(
                "POST",
                f"/api/v1/roster-uploads/{place(id)}/confirm/",
                {},
                {"changes_sha256": changes_sha256},
                idempotency_key,
                If_Match=if_match,
            ),
        )

    def correct_roster(
        self,
        id: str,
        *,
        edits: list[types.EditRequest] | None = None,
        leave_out: list[int] | None = None,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.RosterUpload:
        """Correct a roster.

        Change cells or leave rows out: a new upload of the same bytes with these
        corrections.
        """
        return cast(
            "types.RosterUpload",
            self._read(
                "POST",
                f"/api/v1/roster-uploads/{place(id)}/corrections/",
                {},
                {"edits": edits, "leave_out": leave_out},
                idempotency_key,
                If_Match=if_match,
            ),
        )

    def list_roster_faulty_rows(
        self,
        id: str,
    ) -> types.FaultyRows:
        """Read the faulty rows of a roster.

        Rows with an error or a warning, cell by cell as they stand in the file: to correct
        them.
        """
        return cast(
            "types.FaultyRows",
            self._read("GET", f"/api/v1/roster-uploads/{place(id)}/faulty-rows/", {}),
        )

    def list_roster_findings(
        self,
        id: str,
        *,
        page_size: int | None = None,
        severity: Literal["error", "warning", "notice"] | None = None,
    ) -> Listing[types.Finding]:
        """Read the findings of a roster.

        Findings, errors first. The upload's counts are of all, 10,000 of them are kept.
        """
        return Listing(
            self,
            f"/api/v1/roster-uploads/{place(id)}/findings/",
            {"page_size": page_size, "severity": severity},
        )

    def withdraw_roster(
        self,
        id: str,
        *,
        reason: str,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> types.RosterUpload:
        """Drop a roster.

        Drop a roster that waits for a confirmation; nothing of it counted.
        """
        return cast(
            "types.RosterUpload",
            self._read(
                "POST",
                f"/api/v1/roster-uploads/{place(id)}/withdraw/",
                {},
                {"reason": reason},
                idempotency_key,
                If_Match=if_match,
            ),
        )

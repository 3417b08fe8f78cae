"""Taking in the federal side's own list of authorizations."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from agreements.federal_list import FederalListRow, credential_key, parse_federal_list
from agreements.models import FederalAuthorization, FederalList
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.kernel.errors import BadInput
from portal.kernel.findings import Finding, Severity, has_errors
from portal.kernel.tabular import read_table
from portal.records import audit, storage
from portal.records.models import Document


class ListRefused(BadInput):
    """A list with errors, of which nothing is kept; `findings` say what is wrong where."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            "list_refused",
            "Nothing of this list was taken in.",
            "Correct what is named, then send the whole list again.",
        )
        self.findings = findings


def take_federal_list(*, actor: Actor, upload: Upload) -> FederalList:
    """Take a whole list in; from now on it is the one that counts. Earlier ones stay on record.

    Raises ListRefused. The file is read before it is stored: one with errors, or with data the portal must
    not hold, never reaches the disk.
    """
    actor.require(Capability.MANAGE_AGENCIES)
    content = b"".join(upload.chunks)
    rows, findings = parse_federal_list(read_table(content))
    if has_errors(findings):
        raise ListRefused([f for f in findings if f.severity is Severity.ERROR])
    return _keep(actor, upload, content, rows)


@transaction.atomic
def _keep(
    actor: Actor, upload: Upload, content: bytes, rows: Sequence[FederalListRow]
) -> FederalList:
    document = storage.keep(
        [content],
        kind=Document.Kind.FEDERAL_LIST,
        filename=upload.filename,
        media_type=upload.media_type,
        created_by=actor.user,
    )
    taken = FederalList.objects.create(document=document, rows=len(rows), uploaded_by=actor.user)
    FederalAuthorization.objects.bulk_create(
        [
            FederalAuthorization(
                federal_list=taken,
                credential_key=credential_key(row.credential_number),
                **row._asdict(),
            )
            for row in rows
        ],
        batch_size=2000,
    )
    audit.record(
        "federal_list.take",
        subject=f"federal_list/{taken.pk}",
        actor=actor,
        file=document.filename,
        sha256=document.sha256,
        rows=len(rows),
    )
    return taken

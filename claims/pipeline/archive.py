"""Pack what is on record about claims into an archive that can be checked without the portal's database."""

from __future__ import annotations

import platform
import random
import tempfile
from collections.abc import Iterator
from importlib.metadata import version as version_of
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction

from claims.archives.layout import ArchiveWriter, pieces
from claims.models import Archive, Claim
from claims.pipeline.packing import pack_quarter
from claims.pipeline.packing_files import pack_rosters
from claims.selectors.archives import claims_in
from portal.accounts.policies import Actor
from portal.accounts.roles import Role, Side
from portal.jobs.running import Progress
from portal.kernel import clock
from portal.records import audit, storage
from portal.records.models import Document

LIBRARIES = ("Django", "WeasyPrint", "psycopg")


def build(archive_id: str, progress: Progress) -> None:
    """Make one archive and keep it; one that is there stays as it is."""
    archive = Archive.objects.select_related("agency", "asked_by").get(pk=archive_id)
    if archive.document_id is not None:
        return
    reader = _reader(archive)
    claims = list(drawn(archive))
    with tempfile.TemporaryFile() as file, ArchiveWriter(file) as writer:
        done = 0
        for agency, of_agency in groupby(claims, key=attrgetter("agency")):
            pack_rosters(writer, agency, f"{agency.number}/rosters")
            for quarter, group in groupby(of_agency, key=attrgetter("quarter")):
                of_quarter = list(group)
                progress.step("Packing the claims.", done, len(claims))
                pack_quarter(writer, reader, of_quarter, f"{agency.number}/{quarter}")
                done += len(of_quarter)
        manifest_sha256 = writer.close(
            scope=scope_of(archive),
            claims=[claim.number for claim in claims],
            made_at=clock.now(),
            made_by={
                "Python": platform.python_version(),
                **{name: version_of(name) for name in LIBRARIES},
            },
        )
        file.seek(0)
        progress.step("Storing the archive.", done, len(claims))
        _keep(archive, pieces(file), manifest_sha256, len(claims), progress)


def gave_up(archive_id: str, reason: str) -> None:
    """Say why an archive could not be made, so that it can be asked for again."""
    archive = Archive.objects.filter(pk=archive_id, document=None)
    if archive.update(reason=reason[:500]):
        audit.record(
            "archive.failed", subject=f"archive/{archive_id}", agency_id=archive.get().agency_id
        )


def drawn(archive: Archive) -> Iterator[Claim]:
    """The claims of an archive, by agency and quarter; a sample is drawn by the archive's seed."""
    chosen = claims_in(_reader(archive), archive.agency, archive.quarter)
    if archive.sample is not None:
        numbers = sorted(chosen.values_list("number", flat=True))
        # Not a secret: the seed is on record so that the draw can be made again.
        lot = random.Random(archive.seed)  # noqa: S311
        size = min(archive.sample, len(numbers))
        chosen = chosen.filter(number__in=lot.sample(numbers, size))
    yield from chosen.order_by("agency__number", "quarter", "sequence")


def scope_of(archive: Archive) -> dict[str, Any]:
    """What was asked for, as the manifest names it."""
    return {
        "agency": archive.agency.number if archive.agency else None,
        "quarter": str(archive.quarter) if archive.quarter else None,
        "sample": archive.sample,
        "seed": archive.seed,
    }


def _reader(archive: Archive) -> Actor:
    """Through whose eyes the record is read: an auditor's, whatever else the person has become since."""
    return Actor(archive.asked_by, Side.FEDERAL, frozenset({Role.AUDITOR}))


def _keep(
    archive: Archive,
    content: Iterator[bytes],
    manifest_sha256: str,
    claims: int,
    progress: Progress,
) -> None:
    scope = "-".join(str(part) for part in scope_of(archive).values() if part)
    with transaction.atomic():
        progress.hold()
        document = storage.keep(
            content,
            kind=Document.Kind.ARCHIVE,
            filename=f"archive-{scope}.zip",
            media_type="application/zip",
            agency=archive.agency,
            created_by=archive.asked_by,
        )
        Archive.objects.filter(pk=archive.pk).update(
            document=document, manifest_sha256=manifest_sha256, claims=claims, reason=""
        )
        audit.record(
            "archive.made",
            subject=f"archive/{archive.pk}",
            agency_id=archive.agency_id,
            claims=claims,
            sha256=document.sha256,
            manifest_sha256=manifest_sha256,
        )

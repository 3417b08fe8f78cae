"""The files of a packet: copies, volumes, manifests; what is there stays when the making is broken off."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from claims.archives.packet_manifest import code_of, read_identity
from claims.models import Claim, Packet, PacketFile
from claims.packets import parts
from claims.packets.process import TookTooLong
from claims.packets.stack import code
from claims.pipeline import packet as pipeline
from claims.pipeline import packet_files
from claims.services.claims import retry_packet
from portal.accounts.roles import Role
from portal.jobs import running
from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.jobs.running import run, run_due
from portal.records import storage
from portal.records.models import AuditEvent
from tests.claims.packets.reading import attachments, failures, pages, text
from tests.factories import (
    PAYROLL,
    ROSTER,
    act,
    file_of,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def packet() -> Packet:
    """A packet of a submitted claim of two officers, not yet made."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return Packet.objects.get()


@pytest.fixture
def by_volumes(monkeypatch: pytest.MonkeyPatch, packet: Packet) -> Packet:
    """The same where one officer fills a volume."""
    monkeypatch.setattr(parts, "OFFICERS_PER_VOLUME", 1)
    monkeypatch.setattr(parts, "OFFICERS_IN_ONE_DOCUMENT", 1)
    return packet


def names(packet: Packet) -> list[str]:
    stem = f"{packet.version.claim.number}-v1-certified"
    return [
        file.document.filename.removeprefix(stem)
        for file in packet.files.select_related("document").order_by("pk")
    ]


def manifest_of(packet: Packet, copy: str = "full") -> dict:
    return json.loads(storage.read(file_of(packet, copy, "manifest").document))


def test_a_small_packet_is_a_document_and_a_manifest_in_two_copies(packet: Packet) -> None:
    run_due()
    assert names(packet) == [".pdf", "-manifest.json", "-masked.pdf", "-masked-manifest.json"]
    packet.refresh_from_db()
    assert packet.made_at is not None
    recorded = json.loads(AuditEvent.objects.get(action="packet.made").content)["facts"]
    kept = {f.document.filename: f.document.sha256 for f in packet.files.all()}
    assert recorded["files"] == kept
    assert recorded["sha256"] == file_of(packet).document.sha256


def test_the_manifest_names_every_file_what_is_in_it_and_what_set_it(packet: Packet) -> None:
    run_due()
    for copy in ("full", "masked"):
        said = manifest_of(packet, copy)
        (entry,) = said["files"]
        file = file_of(packet, copy)
        content = storage.read(file.document)
        assert entry["name"] == file.document.filename
        assert entry["sha256"] == hashlib.sha256(content).hexdigest() == file.document.sha256
        assert (entry["size"], entry["pages"]) == (len(content), len(pages(content)))
        inside = {name: found for name, (_, found) in attachments(content).items()}
        assert {one["name"]: one["sha256"] for one in entry["enclosures"]} == {
            name: hashlib.sha256(found).hexdigest() for name, found in inside.items()
        }
        assert entry["rendered_with"]["weasyprint"]
        assert entry["rendered_with"]["pango"].count(".") == 2
        assert entry["rendered_with"]["tzdata"]
        assert entry["code"] == code_of(read_identity(said), "packet", 0) == file.code
        assert said["calculation_sha256"] == packet.version.calculation.sha256
        assert said["closed_at"]


def test_nothing_of_the_machine_is_in_a_manifest(packet: Packet) -> None:
    run_due()
    content = storage.read(file_of(packet, "full", "manifest").document).decode()
    assert "/" not in content
    assert "\\" not in content


def test_the_masked_copy_names_no_officer_and_has_codes_of_its_own(packet: Packet) -> None:
    run_due()
    full, masked = file_of(packet), file_of(packet, "masked")
    assert "Reyes" in text(storage.read(full.document))
    content = storage.read(masked.document)
    assert "Reyes" not in text(content)
    assert all(b"Reyes" not in found for _, found in attachments(content).values())
    assert failures(content) == []
    assert len({full.code, masked.code, full.document.sha256, masked.document.sha256}) == 4


def test_the_document_of_a_large_agency_names_its_volumes(by_volumes: Packet) -> None:
    run_due()
    volumes = ["-volume-01.pdf", "-volume-02.pdf"]
    masked = [f"-masked{name}" for name in (*volumes, ".pdf", "-manifest.json")]
    assert names(by_volumes) == [*volumes, ".pdf", "-manifest.json", *masked]
    for copy in ("full", "masked"):
        main = storage.read(file_of(by_volumes, copy).document)
        said = text(main).replace(" ", "")
        for number in (1, 2):
            volume = file_of(by_volumes, copy, "volume", number).document
            assert volume.sha256 in said
            assert failures(storage.read(volume)) == []
        assert failures(main) == []
        listed = [
            (entry["part"], entry["number"]) for entry in manifest_of(by_volumes, copy)["files"]
        ]
        assert listed == [("packet", 0), ("volume", 1), ("volume", 2)]


def test_a_packet_whose_making_broke_off_goes_on_with_what_is_missing(
    by_volumes: Packet, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, seen = packet_files.Maker.make, []

    def break_off(maker, place):
        seen.append(place)
        if len(seen) == 3:
            raise ConnectionResetError("the worker was killed")
        return make(maker, place)

    with monkeypatch.context() as broken:
        broken.setattr(packet_files.Maker, "make", break_off)
        run_due()
    assert seen[2] == seen[3], "the third file is made again, the first two are not"
    assert len(seen) == len(set(seen)) + 1
    by_volumes.refresh_from_db()
    assert by_volumes.made_at is not None
    assert by_volumes.files.count() == len(set(seen)) == 8


def test_of_two_jobs_on_one_packet_the_slower_takes_over_what_the_other_kept(
    packet: Packet, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, (job,) = packet_files.Maker.make, Job.objects.filter(kind="claims.render_packet")
    other = enqueue("claims.render_packet", subject=str(packet.pk))
    turns = iter([other.pk])

    def overtaken(self: packet_files.Maker, place: packet_files.Place) -> packet_files.Made:
        found = made(self, place)
        for faster in turns:
            run(faster)
        return found

    monkeypatch.setattr(packet_files.Maker, "make", overtaken)
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == (Job.State.DONE, 1, "")
    assert packet.files.count() == 4
    assert AuditEvent.objects.filter(action="packet.made").count() == 1


def test_a_packet_of_many_files_takes_turns_with_other_work(
    by_volumes: Packet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TURN_SECONDS", 0)
    run_due()
    by_volumes.refresh_from_db()
    assert by_volumes.made_at is not None
    turns = Job.objects.filter(kind="claims.render_packet")
    assert turns.count() == by_volumes.files.count() == 8
    assert not turns.exclude(state=Job.State.DONE).exists()
    assert by_volumes.job == turns.latest("created_at")


def test_a_turn_that_was_killed_at_its_end_leaves_one_chain_of_turns(
    by_volumes: Packet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TURN_SECONDS", 0)
    (first,) = Job.objects.filter(kind="claims.render_packet")

    with monkeypatch.context() as worker:
        # A worker is killed when its work returned, as the hard limit or a kill -9 does it.
        worker.setattr(running, "_heartbeat", dying_after)
        with pytest.raises(SystemExit):
            run(first.pk)
    Job.objects.filter(pk=first.pk).update(lease_until=Now() - timedelta(seconds=1))
    for job in running.due():
        run(job.pk)
    waiting = Job.objects.filter(kind="claims.render_packet", state=Job.State.QUEUED)
    by_volumes.refresh_from_db()
    assert [job.pk for job in waiting] == [by_volumes.job_id]
    run_due()
    assert Job.objects.filter(kind="claims.render_packet").count() == by_volumes.files.count() == 8


@contextmanager
def dying_after(progress: running.Progress) -> Iterator[None]:
    """A worker that is no more when the work it was doing has returned."""
    yield
    raise SystemExit


def test_the_same_facts_give_the_same_bytes(packet: Packet) -> None:
    run_due()
    packet = Packet.objects.select_related("version__claim").get()
    maker = packet_files.Maker(packet, pipeline.load(packet))
    for place, file in maker.kept().items():
        assert maker.make(place).content == storage.read(file.document), place.words


def test_every_file_says_where_it_is_verified_as_the_snapshot_does(
    by_volumes: Packet, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    monkeypatch.setattr(pipeline, "TURN_SECONDS", 0)
    settings.PORTAL_ADDRESS = "https://first.example"
    (job,) = Job.objects.filter(kind="claims.render_packet")
    run(job.pk)
    assert by_volumes.files.count() == 1
    settings.PORTAL_ADDRESS = "https://second.example"
    run_due()
    for file in by_volumes.files.exclude(part="manifest").select_related("document"):
        said = text(storage.read(file.document))
        assert "first.example" in said, file.document.filename
        assert "second.example" not in said


def test_the_hash_of_the_code_covers_what_words_and_numbers_come_from() -> None:
    covered = {path.as_posix() for path in code()}
    for module in (
        "claims/events.py",
        "claims/packets/document.py",
        "claims/rules/explain/claim.py",
        "claims/rules/reimbursement.toml",
        "awards/rules.py",
        "agreements/rules.py",
        "portal/kernel/canonical.py",
    ):
        assert any(path.endswith(f"/{module}") for path in covered), module
    assert not any("/migrations/" in path for path in covered)


def test_a_packet_that_took_too_long_says_so_and_can_be_asked_for_again(
    packet: Packet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_: object, **__: object) -> bytes:
        raise TookTooLong

    with monkeypatch.context() as slow:
        slow.setattr(packet_files, "write_apart", too_long)
        run_due()
    packet.refresh_from_db()
    assert (packet.made_at, packet.reason) == (None, "too_long")
    assert packet.job is not None
    assert packet.job.attempts == 1, "it would take as long again"
    actor = make_person(Role.PREPARER, packet.version.claim.agency)
    retry_packet(actor=actor, packet=packet)
    retry_packet(actor=actor, packet=packet)
    assert AuditEvent.objects.filter(action="packet.retry").count() == 1
    run_due()
    packet.refresh_from_db()
    assert packet.made_at is not None
    assert packet.reason == ""
    assert PacketFile.objects.filter(packet=packet).count() == 4


def test_the_packet_of_more_than_five_hundred_officers_comes_in_volumes() -> None:
    preparer, many = make_person(Role.PREPARER, make_agency()), range(501)
    employed = "Pat,2015-01-01,TFM,2025-06-01,2025-06-01"
    paid = "2025-09-28,2025-10-11,2025-10-16,72280.00,2780.00,589.37,392.31"
    load_roster(preparer, _table(ROSTER, (f"{n:04},Name{n},{employed}" for n in many)))
    load_payroll(preparer, _table(PAYROLL, (f"{n:04},{paid}" for n in many)))
    claim = Claim.objects.get()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    run_due()
    packet = Packet.objects.get()
    assert packet.is_made
    assert packet.files.count() == 10
    for number, listed in ((1, 250), (2, 250), (3, 1)):
        content = storage.read(file_of(packet, "full", "volume", number).document)
        assert len(set(re.findall(r"Name\d+", text(content)))) == listed
    main = storage.read(file_of(packet).document)
    assert "Name7" not in text(main)
    assert failures(main) == []


def _table(like: str, rows: Iterable[str]) -> str:
    """Rows under the header of another table."""
    return "\n".join([like.splitlines()[0], *rows, ""])

"""Which packets still count, told along the lives of claims."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest

from claims.chores import request_missing_packets
from claims.models import Appeal, Packet, PacketFile, PayrollBatch
from claims.rules.lifecycle import State
from claims.selectors.genuineness import Genuineness, genuineness_by_code, genuineness_by_hash
from claims.selectors.linked import claim_in_force, claims_of
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.services.claims import EDITIONS
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from tests.claims.issued import issued, signed, take_back, with_file
from tests.claims.linked import FIRST, Office, row
from tests.factories import act, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

CURRENT, SUPERSEDED, UNKNOWN = "genuine_current", "genuine_superseded", "unknown"

LIVES = {
    "signed, taken back, returned, approved": [
        ("ready certify", {"1.1 certified": CURRENT}),
        ("withdraw", {"1.1 certified": SUPERSEDED}),
        ("correct", {"1.1 certified": SUPERSEDED}),
        ("ready certify", {"1.1 certified": SUPERSEDED, "1.2 certified": CURRENT}),
        ("start_review", {"1.1 certified": SUPERSEDED, "1.2 certified": CURRENT}),
        ("return", {"1.1 certified": SUPERSEDED, "1.2 certified": SUPERSEDED}),
        (
            "correct less ready certify start_review recommend",
            {"1.1 certified": SUPERSEDED, "1.2 certified": SUPERSEDED, "1.3 certified": CURRENT},
        ),
        (
            "approve",
            {
                "1.1 certified": SUPERSEDED,
                "1.2 certified": SUPERSEDED,
                "1.3 certified": SUPERSEDED,
                "1.3 decided": CURRENT,
            },
        ),
    ],
    "denied": [
        (
            "ready certify start_review recommend deny",
            {"1.1 certified": SUPERSEDED, "1.1 decided": CURRENT},
        ),
    ],
    "appealed": [
        ("ready certify start_review take recommend approve_partly", {"1.1 decided": CURRENT}),
        ("file", {"1.1 decided": CURRENT}),
        ("grant", {"1.1 decided": SUPERSEDED, "1.1 decided after appeal": CURRENT}),
    ],
    "appealed for nothing": [
        (
            "ready certify start_review take recommend approve_partly file refuse",
            {"1.1 decided": CURRENT},
        ),
    ],
    "amended": [
        ("ready certify start_review recommend approve", {"1.1 decided": CURRENT}),
        ("amend", {"1.1 decided": CURRENT}),
        ("drop", {"1.1 decided": CURRENT}),
        ("amend less ready certify", {"1.1 decided": CURRENT, "3.1 certified": CURRENT}),
        ("withdraw", {"1.1 decided": CURRENT, "3.1 certified": SUPERSEDED}),
        (
            "correct ready certify start_review recommend",
            {"1.1 decided": CURRENT, "3.2 certified": CURRENT},
        ),
        (
            "approve",
            {"1.1 decided": SUPERSEDED, "3.2 certified": SUPERSEDED, "3.2 decided": CURRENT},
        ),
    ],
    "amended in vain, and again": [
        ("ready certify start_review recommend approve amend less", {"1.1 decided": CURRENT}),
        (
            "ready certify start_review recommend deny",
            {"1.1 decided": CURRENT, "2.1 certified": SUPERSEDED, "2.1 decided": CURRENT},
        ),
        (
            "amend ready certify start_review recommend approve",
            {"1.1 decided": SUPERSEDED, "2.1 decided": CURRENT, "3.1 decided": CURRENT},
        ),
    ],
    "amended in vain, and appealed": [
        (
            "ready certify start_review recommend approve amend less",
            {"1.1 decided": CURRENT},
        ),
        (
            "ready certify start_review recommend deny file",
            {"1.1 decided": CURRENT, "2.1 decided": CURRENT},
        ),
        (
            "grant",
            {
                "1.1 decided": SUPERSEDED,
                "2.1 decided": SUPERSEDED,
                "2.1 decided after appeal": CURRENT,
            },
        ),
    ],
}


class Life(Office):
    """An office that walks through a life, a word at a time."""

    def go(self, words: str) -> None:
        """Steps of the lifecycle, and `amend`, `take`, `less`, `file`, `grant`, `refuse`."""
        for word in words.split():
            step = getattr(self, f"_{word}", None)
            step() if step else self.walk(FIRST, word)
        run_due()

    def _amend(self) -> None:
        in_force = claim_in_force(claims_of(self.agency, FIRST))
        act(self.preparer, in_force, "amend")

    def _take(self) -> None:
        self.take(FIRST, 500_00)

    def _less(self) -> None:
        self.replace(FIRST, row(FIRST, overtime="4000.00"))

    def _file(self) -> None:
        file_appeals(
            actor=self.certifier,
            version=self.claim(FIRST).version,
            asked={("0042", "overtime"): 500_00},
            grounds="The timesheet is attached.",
            token=uuid4(),
        )

    def _grant(self, cents: int = 500_00) -> None:
        self.rule(cents)
        run_due()

    def rule(self, cents: int) -> None:
        """Decide its appeals; the packet that shows it is left to be made."""
        version = self.claim(FIRST).version
        amounts = {appeal.pk: cents for appeal in Appeal.objects.filter(version=version)}
        propose_on_appeals(
            actor=make_person(Role.REVIEWER), version=version, amounts=amounts, proposal="Yes."
        )
        judge = proven(make_person(Role.PAYMENT_APPROVER))
        decide_appeals(actor=judge, version=version, amounts=amounts, ruling="It is so.")

    def _refuse(self) -> None:
        self._grant(0)


def standing() -> dict[str, str]:
    """What a stranger learns of each packet, by its claim, version and edition."""
    found = {}
    for file in PacketFile.objects.filter(part="packet", copy="full"):
        packet, version = file.packet, file.packet.version
        name = f"{version.claim.sequence}.{version.number} {packet.edition}"
        name += " after appeal" * packet.appeals
        found[name] = genuineness_by_hash(file.document.sha256).value
        assert genuineness_by_code(file.code) == found[name]
    return found


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_a_packet_counts_until_something_takes_its_place(life):
    office = Life()
    office.send(FIRST, row(FIRST))
    for steps, told in life:
        office.go(steps)
        assert standing().items() >= told.items(), steps


def test_every_file_of_a_packet_stands_as_its_packet_does():
    file = issued(made=False)
    manifest = with_file(file.packet, b"{}", part="manifest")
    assert manifest.code is None
    assert genuineness_by_hash(manifest.document.sha256) is Genuineness.CURRENT
    take_back(file)
    assert genuineness_by_hash(manifest.document.sha256) is Genuineness.SUPERSEDED


def test_a_decision_ends_a_packet_whether_or_not_a_newer_one_is_made():
    office = Life()
    office.send(FIRST, row(FIRST))
    office.go("ready certify start_review take recommend")
    assert standing() == {"1.1 certified": CURRENT}
    act(proven(make_person(Role.PAYMENT_APPROVER)), office.claim(FIRST), "approve_partly")
    assert not Packet.objects.get(edition="decided").is_made
    assert standing() == {"1.1 certified": SUPERSEDED}
    run_due()
    office.go("file")
    office.rule(500_00)
    assert not Packet.objects.get(appeals=1).is_made
    assert standing() == {"1.1 certified": SUPERSEDED, "1.1 decided": SUPERSEDED}


def test_a_packet_that_an_appeal_overtook_before_appeals_had_their_own_is_superseded(monkeypatch):
    office = Life()
    office.send(FIRST, row(FIRST))
    office.go("ready certify start_review take recommend approve_partly file")
    with monkeypatch.context() as before:
        before.delitem(EDITIONS, State.PARTLY_APPROVED)
        before.delitem(EDITIONS, State.APPROVED)
        office.go("grant")
    assert standing() == {"1.1 certified": SUPERSEDED, "1.1 decided": SUPERSEDED}
    request_missing_packets()
    request_missing_packets()
    run_due()
    assert standing()["1.1 decided after appeal"] == CURRENT
    assert Packet.objects.count() == 3


def test_a_packet_that_is_still_being_made_is_unknown():
    packet = Packet.objects.get(version=signed().version)
    file = with_file(packet, b"the first of its files", made=False)
    assert genuineness_by_hash(file.document.sha256) is Genuineness.UNKNOWN
    assert genuineness_by_code(file.code) is Genuineness.UNKNOWN


def test_other_files_the_portal_keeps_are_unknown():
    signed()
    payroll = PayrollBatch.objects.get()
    for sha256 in (payroll.sent_sha256, payroll.document.sha256, hashlib.sha256().hexdigest()):
        assert genuineness_by_hash(sha256) is Genuineness.UNKNOWN
    assert genuineness_by_hash("") is Genuineness.UNKNOWN
    assert genuineness_by_code("") is Genuineness.UNKNOWN

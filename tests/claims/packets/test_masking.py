"""The masked copy: nothing in it says who an officer is, and every amount is that of the full copy."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import Any

import pytest

from claims.packets.document import main_context
from claims.packets.facts import Lateness, PacketFacts
from claims.packets.masking import STAFF, WITHHELD, masked
from claims.rules.facts import PayrollLine
from tests.claims.packets.reading import attachments, failures, text
from tests.claims.packets.sample import IMPRINT, appealed, packet_facts, retold
from tests.claims.packets.test_pdf import make

OFFICERS = 3
SECRETS = ("quillfeather", "badge-", "corporal of the mounted")


@pytest.fixture(scope="module")
def facts() -> PacketFacts:
    """A decided claim with an appeal, whose every free text names an officer."""
    facts = appealed(packet_facts(OFFICERS, adjusted=True))
    stored, said = facts.calculation, facts.snapshot
    ids = {
        officer.officer_id: f"badge-{place}" for place, officer in enumerate(stored.claim.officers)
    }
    text = "Quillfeather-1 (badge-1) told us."

    def told(rows: tuple[Any, ...], *fields: str) -> tuple[Any, ...]:
        named = [dataclasses.replace(row, **dict.fromkeys(fields, text)) for row in rows]
        return tuple(
            dataclasses.replace(row, officer_id=ids.get(row.officer_id, row.officer_id))
            if hasattr(row, "officer_id")
            else row
            for row in named
        )

    officers = tuple(
        officer._replace(
            officer_id=ids[officer.officer_id],
            name=f"Quillfeather-{place}",
            title="Corporal of the Mounted",
        )
        for place, officer in enumerate(stored.claim.officers)
    )
    outcomes = tuple(
        outcome._replace(officer_id=ids[outcome.officer_id]) for outcome in stored.result.officers
    )
    details = tuple(
        detail.replace('"000', '"badge-').replace("Sample, Pat", "Quillfeather")
        for detail in stored.details
    )
    return retold(
        dataclasses.replace(
            facts,
            calculation=dataclasses.replace(
                stored,
                details=details,
                claim=dataclasses.replace(stored.claim, officers=officers),
                result=dataclasses.replace(stored.result, officers=outcomes),
            ),
        ),
        nil_reason="",
        lateness=Lateness("Another reason", text),
        rulings=told(said.rulings, "note"),
        happenings=tuple(
            dataclasses.replace(row, what=text, note=text, masked="Something happened.")
            for row in said.happenings
        ),
        files=told(said.files, "filename"),
        adjustments=told(said.adjustments, "note"),
        waivers=told(said.waivers, "reason"),
        decided_appeals=told(said.decided_appeals, "grounds", "ruling"),
        warnings=told(said.warnings, "message", "answer"),
        earlier_quarters=(),
    )


@pytest.fixture(scope="module")
def copy(facts: PacketFacts) -> bytes:
    return make(masked(facts))


def test_the_full_copy_would_name_them(facts: PacketFacts) -> None:
    content = make(facts)
    everything = text(content).lower() + str(attachments(content)).lower()
    assert all(secret in everything for secret in SECRETS)


def test_no_page_and_no_attached_file_names_an_officer(copy: bytes) -> None:
    assert failures(copy) == []
    everything = text(copy).lower()
    for name, (_, content) in attachments(copy).items():
        everything += name.lower() + content.decode().lower()
    assert [secret for secret in SECRETS if secret in everything] == []


def test_benefits_that_the_agency_named_itself_are_known_by_a_number(facts: PacketFacts) -> None:
    stored = facts.calculation

    def renamed(line: PayrollLine) -> PayrollLine:
        own = {"pension": "quillfeather_allowance", "workers_comp": "other_benefit_1"}
        return line._replace(benefits=tuple((own.get(n, n), c) for n, c in line.benefits))

    officers = tuple(
        officer._replace(lines=tuple(map(renamed, officer.lines)))
        for officer in stored.claim.officers
    )
    claim = dataclasses.replace(stored.claim, officers=officers)
    named = dataclasses.replace(facts, calculation=dataclasses.replace(stored, claim=claim))
    content = make(masked(named))
    everything = text(content) + str(attachments(content))
    assert "quillfeather" not in everything.lower()
    header = attachments(content)["payroll-lines.csv"][1].decode().splitlines()[0]
    assert "benefit_health,share_of_benefit_health,benefit_other_benefit_1," in header
    full, copy = main_context(named, IMPRINT), main_context(masked(named), IMPRINT)
    # `other_benefit_1` is a name that the agency could choose: it is the first of its own.
    for own, number in (("Other benefit 1", 1), ("Quillfeather allowance", 2)):
        row, other = (
            next(row for row in told["summary"] if row["label"] == label)
            for told, label in ((full, own), (copy, f"Other benefit {number}"))
        )
        assert row == {**other, "label": own}


def test_not_even_what_the_templates_are_told_names_an_officer(facts: PacketFacts) -> None:
    told = str(main_context(masked(facts), IMPRINT)).lower()
    assert [secret for secret in SECRETS if secret in told] == []


def test_officers_are_known_by_their_place(copy: bytes) -> None:
    said = text(copy)
    assert "As decided on appeal · Masked copy" in said
    for place in range(1, OFFICERS + 1):
        assert f"Officer {place}" in said
    assert "overtime of Officer 1 (withheld-1)" in said
    assert WITHHELD in said


def test_who_signed_and_who_decided_stay_by_name(copy: bytes) -> None:
    said = text(copy)
    for name in ("Casey Certifier", "Avery Approver", "Blair Approver", "Robin Reviewer"):
        assert name in said
    assert "Pat Preparer" not in said
    assert STAFF in said


def test_every_amount_is_that_of_the_full_copy(facts: PacketFacts) -> None:
    full, copy = main_context(facts, IMPRINT), main_context(masked(facts), IMPRINT)
    for name in ("account", "summary", "award", "rules", "sha256", "agreements"):
        assert copy[name] == full[name]
    assert [row.amounts for row in copy["officers"]] == [row.amounts for row in full["officers"]]
    assert [row["cap"] for row in copy["worksheet"]] == [row["cap"] for row in full["worksheet"]]


def test_the_attached_claim_says_what_is_left_out_of_it(copy: bytes) -> None:
    said = json.loads(attachments(copy)["claim.json"][1])
    assert said["copy"] == "masked"
    assert said["calculation"]["officers"] is None
    assert any("The full copy has them." in sentence for sentence in said["about"])
    assert [row["name"] for row in said["explanations"]["officers"]] == [
        "Officer 1",
        "Officer 2",
        "Officer 3",
    ]


def test_the_attached_lines_are_whole(facts: PacketFacts, copy: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(attachments(copy)["payroll-lines.csv"][1].decode())))
    assert len(rows) == sum(len(o.shares) for o in facts.calculation.result.officers)
    assert {row["officer_id"] for row in rows} == {"withheld-1", "withheld-2", "withheld-3"}

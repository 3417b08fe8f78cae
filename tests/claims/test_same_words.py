"""One thing is called the same on the pages and in the packet."""

from __future__ import annotations

import pytest

from claims.models import Packet
from claims.packets.facts import Edition
from claims.packets.schedule import officer_row
from claims.rules.explain import BENEFIT, explain_officer
from claims.rules.facts import TOTAL
from tests.claims.packets.sample import packet_facts, retold


@pytest.mark.parametrize(
    ("edition", "appeals"),
    [(Edition.CERTIFIED, 0), (Edition.DECIDED, 0), (Edition.DECIDED, 1), (Edition.DECIDED, 2)],
)
def test_an_edition_of_a_packet(edition: Edition, appeals: int) -> None:
    facts = retold(packet_facts(decided=True), edition=edition, appeals=appeals)
    assert Packet(edition=edition.value, appeals=appeals).label == facts.edition_label


def test_a_component_of_benefits_also_where_nobody_itemized_them() -> None:
    calculation = packet_facts().calculation
    (outcome,), (officer,) = calculation.result.officers, calculation.claim.officers
    lines = tuple(
        line._replace(
            benefits=tuple(
                (TOTAL if name == "health" else name, paid) for name, paid in line.benefits
            )
        )
        for line in officer.lines
    )
    officer = officer._replace(lines=lines)
    explained = explain_officer(calculation.claim, officer, outcome).sections
    on_pages = {section.title for section in explained if section.key.startswith(BENEFIT)}
    in_packet = {
        row.split("\u00a0")[0] for row in officer_row(1, officer, outcome).components.split("\n")
    }
    assert in_packet == on_pages
    assert "Benefits not itemized" in in_packet

"""An officer's sheet names one amount for one thing, or says why there are two."""

from __future__ import annotations

import re

import pytest

from tests.claims.linked import FIRST, SECOND, row
from tests.claims.pipeline.test_packet_snapshot import LINE, REVIEWED, SIGNED, House, house

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def overtime_of(client, house: House) -> str:
    """What the second quarter's sheet says under the heading Overtime."""
    officer = house.result(SECOND)
    claim = house.claim(SECOND)
    response = client.get(f"/claims/{claim.number}/versions/1/officers/{officer.position}/print/")
    assert response.status_code == 200
    words = " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    return words.partition(" Overtime ")[2].rpartition(" Rules ")[0]


def test_what_was_used_before_is_told_as_it_stands_today_and_as_it_was_calculated(
    browse, house: House
) -> None:
    house.send(FIRST, row(FIRST))
    first = house.go(house.claim(FIRST), *SIGNED, *REVIEWED)
    house.send(SECOND, row(SECOND))
    house.go(house.claim(SECOND), *SIGNED)
    client = browse(house.preparer)
    today = "Used before, by the claims of earlier quarters as they stand today:"
    told = overtime_of(client, house)
    assert f"{today} FY2026Q1: $8,700.00 in claim {first.claim.number}" in told
    assert "went by" not in told

    house.grant(first, LINE, 50_00)
    told = overtime_of(client, house)
    assert "Earlier quarters of the fiscal year used $8,700.00 of the cap" in told
    assert f"{today} FY2026Q1: $8,750.00 in claim {first.claim.number}" in told
    assert "Together $8,750.00." in told
    assert "went by $8,700.00: an earlier claim has changed since." in told

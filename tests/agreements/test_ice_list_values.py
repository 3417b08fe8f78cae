"""The cells of ICE's lists: what is folded is told, what is doubtful is reported."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from agreements.ice_list.counties import find_county
from portal.kernel.findings import Severity
from portal.kernel.states import STATES
from tests.agreements.ice_lists import ROW, codes, linked, only, read, row


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Texas", "TX"),
        ("TX", "TX"),
        ("VIRGINA", "VA"),
        ("WEST VIRGINA", "WV"),
        ("SOUTH CARLINA", "SC"),
        ("TENNESEE", "TN"),
        ("GUAM", "GU"),
        ("VIRGIN ISLANDS", "VI"),
        ("COMMONWEALTH OF THE NORTHERN MARIANA ISLANDS", "MP"),
        ("AKANSAS", ""),
        ("ATLANTIS", ""),
        ("?", ""),
    ],
)
def test_states_in_all_spellings(written: str, code: str) -> None:
    ice_list = read(row(state=written, county="#N/A"))
    assert only(ice_list).state == code
    assert ("unknown_state" in codes(ice_list)) == (not code)
    assert only(ice_list).is_usable == bool(code)


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("Task Force Model ", "TFM"),
        ("TASK FORCE", "TFM"),
        ("Task Froce Model", "TFM"),
        ("Warrant Service Officer Model", "WSO"),
        ("Warrant Service Offcer", "WSO"),
        ("Jail Enforcement", "JEM"),
        ("JEM", "JEM"),
        ("Jail & Task Force", ""),
        ("Jail Enforcement Model/Warrant Service Officer", ""),
        ("Tribal", ""),
    ],
)
def test_models_in_all_spellings(written: str, model: str) -> None:
    ice_list = read(row(model=written))
    assert only(ice_list).model == model
    assert ("unknown_model" in codes(ice_list)) == (not model)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("County ", "county"),
        ("Municipality", "municipal"),
        ("Muncipality", "municipal"),
        ("State Agency", "state"),
        ("State", "state"),
        ("Judicial District", "judicial_district"),
        ("#N/A", ""),
        ("Space Agency", ""),
    ],
)
def test_types_in_all_spellings(written: str, kind: str) -> None:
    ice_list = read(row(type=written))
    assert only(ice_list).agency_type == kind
    assert ("unknown_type" in codes(ice_list)) == (written == "Space Agency")


@pytest.mark.parametrize(
    ("state", "written", "county"),
    [
        ("TEXAS", "Garza", "Garza County"),
        ("TEXAS", "De Witt County", "DeWitt County"),
        ("LOUISIANA", "Saint Landry County", "St. Landry Parish"),
        ("NEW MEXICO", "Dona Ana County", "Doña Ana County"),
        ("MARYLAND", "Prince George’s County", "Prince George's County"),
        ("VIRGINIA", "Hopewell City", "Hopewell city"),
        ("VIRGINIA", "Virginia Beach", "Virginia Beach city"),
        ("VIRGINIA", "James City County", "James City County"),
        ("VIRGINIA", "Fairfax", "Fairfax County"),
        ("NEVADA", "Carson City", "Carson City"),
        ("ILLINOIS", "Rock Island", "Rock Island County"),
        ("ALASKA", "Juneau City and Borough", "Juneau City and Borough"),
        ("GUAM", "Guam", "Guam"),
    ],
)
def test_counties_are_known_whatever_word_stands_for_county(
    state: str, written: str, county: str
) -> None:
    ice_list = read(row(state=state, county=written))
    assert only(ice_list).county == county
    assert "unknown_county" not in codes(ice_list)


@pytest.mark.parametrize(
    ("state", "written", "hint"),
    [
        ("FLORIDA", "Flager County", " Is it Flagler County?"),
        ("FLORIDA", "Lake Conty", " Is it Lake County?"),
        ("VIRGINIA", "Hopewell County", " Is it Hopewell city?"),
        ("SOUTH CAROLINA", "Lackawanna County", " There is one in Pennsylvania."),
        ("TEXAS", "Gondor", ""),
    ],
)
def test_unknown_counties_are_kept_as_written_with_a_hint(
    state: str, written: str, hint: str
) -> None:
    ice_list = read(row(state=state, county=written))
    assert only(ice_list).county == written
    (finding,) = (f for f in ice_list.findings if f.code == "unknown_county")
    assert finding.message.endswith(f".{hint}")
    assert (finding.row, finding.severity) == (2, Severity.WARNING)


@pytest.mark.parametrize("written", ["#N/A", "#NA", "N/A", "na", "", None, "–", "=NA()"])
def test_an_absent_county_is_empty_and_counted(written: str | None) -> None:
    ice_list = read(row(county=written))
    assert only(ice_list).county == ""
    assert "county_not_given" in codes(ice_list)


@pytest.mark.parametrize(
    ("written", "day", "code"),
    [
        (datetime(2025, 6, 25, 14, 30), date(2025, 6, 25), None),  # noqa: DTZ001 - what a spreadsheet holds
        ("6/25/2025 ", date(2025, 6, 25), "date_folded"),
        ("6/25/25", date(2025, 6, 25), "date_folded"),
        ("2025-06-25", date(2025, 6, 25), "date_folded"),
        (45833, date(2025, 6, 25), "date_folded"),
        ("2/30/2025", None, "signed_unreadable"),
        ("13/45/2025", None, "signed_unreadable"),
        ("soon", None, "signed_unreadable"),
        (7, None, "signed_unreadable"),
        ("#N/A", None, "signed_missing"),
        (None, None, "signed_missing"),
        (date(2052, 6, 25), date(2052, 6, 25), "signed_in_future"),
        (date(1925, 6, 25), date(1925, 6, 25), "signed_too_early"),
    ],
)
def test_dates_are_read_and_impossible_ones_reported(
    written: object, day: date | None, code: str | None
) -> None:
    normal = [row(agency=f"Agency {number}", signed=date(2025, 6, 1)) for number in range(120)]
    ice_list = read(row(signed=written), *normal)
    assert ice_list.rows[0].signed_on == day
    about_dates = {"date_folded", "signed_unreadable", "signed_missing"} | {
        "signed_in_future",
        "signed_too_early",
    }
    assert set(codes(ice_list)) & about_dates == ({code} if code else set())
    assert ice_list.as_of == date(2025, 9, 2)


SAFE = (
    "https://gcc02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ice.gov%2Fa.pdf&data=05"
)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (SAFE, "https://www.ice.gov/a.pdf"),
        (
            "https://urldefense.com/v3/__https://www.ice.gov/a.pdf__;!!Ab!c$",
            "https://www.ice.gov/a.pdf",
        ),
        (
            "https://urldefense.com/v3/__https:/www.ice.gov/a*b.pdf*x__;Kys!!A!b$",
            "https://www.ice.gov/a+b.pdf+x",
        ),
        (
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.ice.gov_a.pdf&d=Dw",
            "https://www.ice.gov/a.pdf",
        ),
        ("https://www.google.com/url?q=https://www.ice.gov/a.pdf", "https://www.ice.gov/a.pdf"),
        ("chrome-extension://efaid/https:/www.ice.gov/a.pdf", "https://www.ice.gov/a.pdf"),
        (
            SAFE.replace(
                "www.ice.gov%2F", "urldefense.com%2Fv3%2F__https%3A%2F%2Fwww.ice.gov%2F"
            ).replace("a.pdf", "a.pdf__%3B!!A"),
            "https://www.ice.gov/a.pdf",
        ),
    ],
)
def test_links_lose_what_a_mail_gateway_put_around_them(address: str, kept: str) -> None:
    ice_list = read(ROW, change=linked(address))
    assert only(ice_list).moa_url == kept
    assert codes(ice_list) == ["links_unwrapped"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///C:/moa.pdf", "http://[x"])
def test_links_that_are_no_addresses_are_dropped_and_told(address: str) -> None:
    ice_list = read(ROW, change=linked(address))
    assert only(ice_list).moa_url == ""
    assert codes(ice_list) == ["link_unusable"]


def test_rows_without_a_link_are_counted() -> None:
    ice_list = read(row(moa="link pending "))
    assert codes(ice_list) == ["moa_not_linked"]


CENSUS = Path(__file__).parents[2].parent / "shared/data/reference/us_counties_fips.csv"


@pytest.mark.skipif(not CENSUS.exists(), reason="the Census Bureau's list is not on this machine")
def test_every_county_of_the_census_is_known_by_its_name() -> None:
    with CENSUS.open(encoding="utf-8") as lines:
        counties = [(line["state"], line["county"]) for line in csv.DictReader(lines)]
    unknown = [one for one in counties if one[0] in STATES and find_county(*one) != one[1]]
    assert unknown == []

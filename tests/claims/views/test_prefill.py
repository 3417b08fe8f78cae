"""A quarter begun with what is known: seen, downloaded, or typed and sent."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest

from claims.models import PayrollBatch
from claims.pay_sheet import MAX_ROWS
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from tests.factories import (
    QUARTER,
    ROSTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = pytest.mark.django_db

START = "/claims/start/FY2026Q2/"
FIRST = "/claims/start/FY2026Q1/"
CHOSEN = "?frequency=biweekly&first=2025-10-12&payday_days=5"

CHANGED_ROSTER = """officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from,authorized_to
0042,Reyes,Ana,2015-01-01,TFM,2025-06-01,2025-06-01,
A-7,Hollis,Ben,2018-05-01,TFM,2025-11-17,2025-11-17,2026-02-14
B9,Novak,Cy,2020-01-01,TFM,2026-01-05,2026-01-05,
"""


class Fields(HTMLParser):
    """What a browser would send of a page's last form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs) -> None:
        found = dict(attrs)
        if tag == "form":
            self.sent = {}
        if tag != "input" or (found.get("type") == "checkbox" and "checked" not in found):
            return
        self.sent[found["name"]] = found.get("value") or "on"
        if found.get("type") == "text":
            self.sent[found["name"]] = found.get("value") or ""


def text(response) -> str:
    return response.content.decode()


def fields(client, address: str = START) -> dict[str, str]:
    return Fields(text(client.get(address))).sent


@pytest.fixture
def preparer():
    return make_draft()[0]


def test_officers_pay_and_calendar_carry_over(browse, preparer):
    page = text(browse(preparer).get(START))
    assert "Officers, salaries and pay as they were in FY2026Q1" in page
    assert "2 officers paid every two weeks, 5 days after the period ends" in page
    assert 'value="2780.00"' in page
    assert 'value="2630.77"' in page
    assert "0042, 2025-12-21 to 2026-01-03" in page
    assert "Nothing is different from FY2026Q1" in page
    assert not PayrollBatch.objects.filter(quarter="FY2026Q2").exists()


def test_differences_are_told(browse, preparer):
    load_roster(preparer, CHANGED_ROSTER)
    page = text(browse(preparer).get(START))
    assert "Novak, Cy" in page
    assert "Fill in the amounts." in page
    assert "No rows after it." in page


def test_the_files_hold_the_rows_to_correct(browse, preparer):
    client = browse(preparer)
    answer = client.get(f"{START}payroll.csv")
    assert "attachment" in answer["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(text(answer))))
    assert {row["officer_id"] for row in found} == {"0042", "A-7"}
    assert found[0]["overtime_pay"] == ""
    assert client.get(f"{START}payroll.xlsx").content.startswith(b"PK")
    assert client.get(f"{START}payroll.pdf").status_code == 404


def test_a_downloaded_file_is_accepted_as_it_is(browse, preparer):
    content = text(browse(preparer).get(f"{START}payroll.csv"))
    batch = load_payroll(preparer, content, quarter=QUARTER.next)
    assert (batch.state, batch.errors, batch.warnings) == ("accepted", 0, 0)


def test_rows_paid_by_now_are_ticked_and_sent(browse, preparer):
    client = browse(preparer)
    sent = fields(client)
    ticked = [name for name in sent if name.startswith("paid-")]
    # Periods to 3 January are paid on the 8th; those to 17 January on the 22nd, which is to come.
    assert len(ticked) == 2
    sent["overtime_pay-0"] = "$1,000.50"
    answer = client.post(START, sent)
    batch = PayrollBatch.objects.get(quarter="FY2026Q2")
    assert answer.url == f"/payroll/{batch.pk}/"
    run_due()
    batch.refresh_from_db()
    assert (batch.state, batch.rows, batch.overtime_pay) == ("accepted", 2, 100050)
    assert batch.regular_pay == 278000 + 263077
    assert batch.benefits == 39231 + 30110


def test_what_was_sent_is_not_offered_again(browse, preparer):
    client = browse(preparer)
    before = len([name for name in fields(client) if name.startswith("row-")])
    client.post(START, fields(client))
    run_due()
    assert len([name for name in fields(client) if name.startswith("row-")]) == before - 2


def test_the_same_form_sent_twice_is_one_file(browse, preparer):
    client = browse(preparer)
    sent = fields(client)
    assert client.post(START, sent).url == client.post(START, sent).url
    assert PayrollBatch.objects.filter(quarter="FY2026Q2").count() == 1


def test_what_is_typed_wrong_comes_back_as_it_was_typed(browse, preparer):
    client = browse(preparer)
    sent = fields(client)
    number = next(name.removeprefix("paid-") for name in sent if name.startswith("paid-"))
    sent |= {
        f"regular_pay-{number}": "27x0",
        f"paid_on-{number}": "January",
        f"annual_salary-{number}": "",
        f"benefit_health-{number}": "411.00",
    }
    del sent[next(name for name in sent if name.startswith("paid-") and not name.endswith(number))]
    answer = client.post(START, sent)
    page = text(answer)
    assert answer.status_code == 422
    assert "Nothing was sent. 3 fields to correct" in page
    assert "“27x0” in Regular pay is not an amount" in page
    assert Fields(page).sent | {"token": "", "csrfmiddlewaretoken": ""} == sent | {
        "token": "",
        "csrfmiddlewaretoken": "",
    }
    assert not PayrollBatch.objects.filter(quarter="FY2026Q2").exists()


def test_rows_that_are_not_ticked_are_neither_checked_nor_sent(browse, preparer):
    client = browse(preparer)
    sent = {name: value for name, value in fields(client).items() if "paid-" not in name}
    sent["regular_pay-0"] = "later"
    answer = client.post(START, sent)
    assert answer.status_code == 422
    assert "No row is ticked as paid" in text(answer)
    assert 'value="later"' in text(answer)


def test_a_social_security_number_is_not_shown_again(browse, preparer):
    client = browse(preparer)
    answer = client.post(START, fields(client) | {"regular_pay-0": "123-45-6789"})
    assert answer.status_code == 422
    assert "looks like a social security number" in text(answer)
    assert "123-45-6789" not in text(answer)


def test_a_row_for_such_a_number_is_neither_sent_nor_shown(browse, preparer):
    client = browse(preparer)
    sent = fields(client)
    start, end, _ = sent["row-0"].split("|")
    before = PayrollBatch.objects.count()
    answer = client.post(START, sent | {"row-0": f"{start}|{end}|123-45-6789"})
    assert answer.status_code == 422
    assert "Open this page again" in text(answer)
    assert "123-45-6789" not in text(answer)
    assert PayrollBatch.objects.count() == before


def test_without_history_the_person_says_how_officers_are_paid(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    client = browse(preparer)
    page = text(client.get(FIRST))
    assert "How are your officers paid?" in page
    assert "Send these lines" not in page
    assert "Write a day like" in text(client.get(f"{FIRST}?frequency=biweekly&first=x"))
    page = text(client.get(f"{FIRST}{CHOSEN}"))
    assert "These are your pay periods" in page
    assert "Sep 28–Oct 11, Oct 12–25" in page
    sent = Fields(page).sent
    assert sent["regular_pay-0"] == ""
    assert sent["row-0"].endswith("|A-7")
    found = csv.DictReader(io.StringIO(text(client.get(f"{FIRST}payroll.csv{CHOSEN}"))))
    assert {row["officer_id"] for row in found} == {"0042", "A-7"}
    sent = {name: value for name, value in sent.items() if not name.startswith("paid-")} | {
        "paid-0": "on",
        "annual_salary-0": "68400",
        "regular_pay-0": "2630.77",
        "benefit_total-0": "301.10",
    }
    assert client.post(f"{FIRST}{CHOSEN}", sent).status_code == 302
    run_due()
    assert PayrollBatch.objects.get().state == "accepted"


def test_a_long_payroll_goes_by_file(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    people = (
        f"N{n},Name{n},Ann,2015-01-01,TFM,2025-06-01,2025-06-01" for n in range(MAX_ROWS // 6)
    )
    load_roster(preparer, "\n".join([ROSTER.strip(), *people, ""]))
    page = text(browse(preparer).get(f"{FIRST}{CHOSEN}"))
    assert "too long to be typed on a page" in page
    assert "Download for Excel" in page


def test_only_an_agencys_preparer_begins_a_quarter_that_can_be_claimed(browse, preparer):
    assert browse(make_person(Role.VIEWER, preparer.agency)).get(START).status_code == 403
    assert browse(make_person(Role.REVIEWER)).get(START).status_code == 404
    client = browse(preparer)
    assert client.get("/claims/start/FY2026Q3/").status_code == 404
    assert client.get("/claims/start/nonsense/").status_code == 404


def test_a_submitted_quarter_is_fixed(browse, preparer):
    claim = preparer.agency.claims.get()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    answer = browse(preparer).get(FIRST)
    assert answer.status_code == 409
    assert "its payroll is fixed" in text(answer)


def test_nothing_is_left_when_all_was_sent(browse, preparer):
    client = browse(preparer)
    content = text(client.get(f"{START}payroll.csv"))
    load_payroll(preparer, content, quarter=QUARTER.next)
    assert "Nothing is left to fill in" in text(client.get(START))

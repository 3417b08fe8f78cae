"""A payroll file's findings by page: grouped, counted, and open only to those they concern."""

from __future__ import annotations

import pytest

from portal.accounts.roles import Role
from portal.records.models import AuditEvent
from tests.claims.views.payroll_pages import WARNED, WRONG, address, text
from tests.factories import PAYROLL, load_payroll, make_agency, make_person

pytestmark = pytest.mark.django_db


def test_findings_stand_in_groups_by_rule_and_by_officer(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    by_rule = text(client.get(address(batch)))
    assert "<strong>2 errors</strong> in 2 of 3 rows" in by_rule
    assert "Amount that cannot be read" in by_rule
    by_officer = text(client.get(address(batch, "?by=officer")))
    assert "Officer 0042" in by_officer
    part = client.get(address(batch, "?by=officer"), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "Officer A-7" in text(part)


def test_one_group_is_seen_alone(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    alone = text(browse(preparer).get(address(batch, "?of=bad_money")))
    assert "27x0" in alone
    assert "25.12." not in alone
    assert "Back to all groups" in alone


def test_the_sum_says_how_many_rows_of_how_many(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    assert "</strong> in 2 of 3 rows" in text(browse(preparer).get(address(batch)))


def test_thousands_of_findings_take_as_few_queries_as_one(
    browse, preparer, django_assert_max_num_queries
):
    line = "0042,2025-09-28,2025-10-11,2025-10-16,72280.00,x{},589.37,392.31\n"
    head = PAYROLL.splitlines(keepends=True)[0]
    batch = load_payroll(preparer, head + "".join(line.format(n) for n in range(400)))
    client = browse(preparer)
    with django_assert_max_num_queries(16):
        client.get(address(batch))


def test_who_downloaded_the_error_workbook_is_on_record(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    client.get(address(batch, "workbook/"))
    event = AuditEvent.objects.get(action="document.read")
    assert (event.actor, event.subject) == (preparer.user, f"payroll/{batch.pk}")
    page = text(client.get(address(batch)))
    assert "File downloaded: payroll-FY2026Q1-1-findings.xlsx" in page


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        ("answer/", {"rule": "salary_zero", "text": "Ask 123-45-6789 about it."}),
        ("take-back/", {"reason": "Ask 123-45-6789 about it."}),
    ],
)
def test_a_number_in_somebodys_own_words_is_refused_and_not_shown_again(
    browse, preparer, part, sent
):
    batch = load_payroll(preparer, WARNED)
    answer = browse(preparer).post(address(batch, part), sent)
    assert answer.status_code in (400, 422)
    assert "Ask number about it." in text(answer)
    assert "123-45-6789" not in text(answer)
    assert not AuditEvent.objects.filter(content__contains="123-45-6789").exists()


@pytest.mark.parametrize(
    "part", ["fix/", "answer/", "returned/", "rows/2/", "columns/", "quarter/"]
)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.CERTIFIER])
def test_who_does_not_prepare_corrects_nothing(browse, preparer, part, role):
    batch = load_payroll(preparer, WRONG)
    client = browse(make_person(role, preparer.agency))
    assert client.post(address(batch, part), {"out-2": "yes"}).status_code == 403
    shown = text(client.get(address(batch)))
    assert "Check again" not in shown
    assert "Say why" not in shown


@pytest.mark.parametrize(
    "part", ["fix/", "answer/", "returned/", "rows/2/", "columns/", "workbook/", "quarter/"]
)
def test_for_strangers_there_is_no_such_file(browse, preparer, part):
    batch = load_payroll(preparer, WRONG)
    for stranger in (
        make_person(Role.PREPARER, make_agency("Birch Police")),
        make_person(Role.REVIEWER),
        make_person(Role.SYSTEM_ADMINISTRATOR),
    ):
        client = browse(stranger)
        assert client.get(address(batch, part)).status_code in (404, 405)
        assert client.post(address(batch, part), {"out-2": "yes"}).status_code in (404, 405)


def test_who_may_not_take_a_file_back_is_told_so_before_the_form_is_read(browse, preparer):
    batch = load_payroll(preparer)
    viewer = make_person(Role.VIEWER, preparer.agency)
    assert browse(viewer).post(address(batch, "take-back/"), {}).status_code == 403


def test_a_quarter_that_is_not_open_is_said_and_not_switched_silently(browse, preparer):
    page = text(browse(preparer).get("/payroll/upload/?quarter=FY2019Q1"))
    assert "Nothing can be sent for FY2019Q1." in page

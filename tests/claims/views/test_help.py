"""Help: printed from the tables, for everybody who has signed in."""

import io
import re

import pytest
from openpyxl import load_workbook

from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.roster_layout import ROSTER
from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.layout import PAYROLL
from claims.rules.lifecycle import LIFECYCLE
from portal.accounts.roles import Role
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(browse):
    return browse(make_person(Role.SYSTEM_ADMINISTRATOR))


def text(response) -> str:
    return response.content.decode()


def test_every_page_of_the_index_is_there(reader):
    page = text(reader.get("/help/"))
    for name in ("files", "findings", "lifecycle", "rules"):
        assert f"/help/{name}/" in page
        assert reader.get(f"/help/{name}/").status_code == 200


def test_files_names_every_column(reader):
    page = text(reader.get("/help/files/"))
    for layout in (ROSTER, PAYROLL):
        for column in layout.documentation():
            assert column.column.replace("<", "&lt;").replace(">", "&gt;") in page


def test_findings_names_every_code_once_and_leaves_no_blank_open(reader):
    page = text(reader.get("/help/findings/"))
    for code in ROSTER_FINDINGS.kinds.keys() | PAYROLL_FINDINGS.kinds.keys():
        assert page.count(f">{code}</code>") == 1
    assert not re.search(r"\{\w+\}", page.partition("<main")[2])
    assert "The overtime cap is a share of the annual salary." in page


def test_the_lifecycle_shows_every_action(reader):
    page = text(reader.get("/help/lifecycle/"))
    for action in LIFECYCLE:
        assert action.effect in page


def test_rules_come_with_source_and_reading(reader):
    page = text(reader.get("/help/rules/"))
    for words in ("25% of annual salary", "DHS release", "Reading taken", "Oct 1, 2025"):
        assert words in page


@pytest.mark.parametrize("layout", [ROSTER, PAYROLL])
def test_templates_hold_the_header_the_validator_reads(reader, layout):
    sent = reader.get(f"/help/files/{layout.slug}.csv")
    assert sent.content.decode().split() == [",".join(layout.template_header())]
    assert sent["Content-Disposition"] == f'attachment; filename="{layout.slug}-template.csv"'
    book = load_workbook(io.BytesIO(reader.get(f"/help/files/{layout.slug}.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][1]] == layout.template_header()


@pytest.mark.parametrize("name", ["claims.csv", "roster.exe", "roster.csv.csv"])
def test_other_templates_do_not_exist(reader, name):
    assert reader.get(f"/help/files/{name}").status_code == 404


def test_strangers_sign_in_first(client):
    assert client.get("/help/files/").status_code == 302

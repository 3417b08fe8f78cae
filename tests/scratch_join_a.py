"""Scratch."""
import re, os
import pytest
from datetime import UTC, datetime
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.test import Client
from portal.kernel.clock import clock_at
from portal.accounts.roles import Role
from tests.claims.office import *
from tests.factories import *

pytestmark = pytest.mark.django_db

@pytest.fixture(autouse=True)
def january():
    with clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield

def look(name, actor, claim):
    client = Client(); client.force_login(actor.user)
    claim.refresh_from_db()
    client.get(f"/claims/{claim.number}/")
    with CaptureQueriesContext(connection, ) as q:
        r = client.get(f"/claims/{claim.number}/")
    print(f"## {name}: {len(q)} status {r.status_code}")
    if os.environ.get("SHOW") in (name, "all"):
        for one in q.captured_queries:
            s = one["sql"]
            s = re.sub(r"SELECT .{60,}? FROM", "SELECT … FROM", s)
            print("   ", s[:260])

def test_counts():
    o = make_office(); p = o.people
    look("draft/preparer", p["preparer"], o.claim)
    o.walk("ready")
    look("ready/certifier", p["certifier"], o.claim)
    o.walk("certify")
    look("submitted/reviewer", p["reviewer"], o.claim)
    o.walk("start_review")
    look("review/reviewer", p["reviewer"], o.claim)
    look("review/agency", p["preparer"], o.claim)
    o.walk("adjust")
    look("adjusted/reviewer", p["reviewer"], o.claim)
    o.walk("recommend")
    look("recommended/approver", p["approver"], o.claim)
    o.walk("approve_partly")
    look("partly/agency", p["certifier"], o.claim)
    look("partly/approver", p["approver"], o.claim)
    load_payroll  # amend
    c = act(p["preparer"], o.claim, "amend").claim
    look("amendment/preparer", p["preparer"], c)

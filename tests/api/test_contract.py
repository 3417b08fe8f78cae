"""The API against its own description: generated requests, the committed document, its pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection

from claims.models import PayrollBatch
from portal.accounts.models import Agency
from portal.web.api_docs import codes, openapi, openapi_yaml
from portal.wsgi import application
from tests.api.client import Machine, make_machine
from tests.factories import PAYROLL, make_draft

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"

#: What needs no token.
OPEN = ("/api/v1/oauth/token/", "/api/v1/packets/verify/")

#: What makes sense for a payroll file that exists: all of its columns matched, a row left out.
MEANT = {
    "columns/": {
        "columns": {
            name: name.replace("benefit_", "benefit:")
            for name in PAYROLL.split("\n", 1)[0].split(",")
        },
        "codes": {},
        "fixed": {},
    },
    "corrections/": {"leave_out": [2]},
    "answers/": {"code": "unusual_hours", "text": "It was a long night."},
}

schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)


@pytest.fixture
def known(agency: Agency) -> dict[str, Any]:
    """Ids that exist, by operation, so that not every generated address leads to a 404."""
    _, claim = make_draft(agency)
    batch = PayrollBatch.objects.get(agency=agency)
    return {"claims": {"number": claim.number}, "payroll-batches": {"id": str(batch.pk)}}


@pytest.fixture
def one_connection(machine: Machine, known: dict[str, Any]) -> Iterator[None]:
    """Requests leave the test's connection, and so its transaction, open.

    After the fixtures whose test client switches this on again.
    """
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_are_answered_as_described(
    case: Case, one_connection: None, machine: Machine, known: dict[str, Any]
) -> None:
    if case.meta is not None and case.meta.generation.mode.is_positive:
        teach(case, known)
    # Over WSGI the generator loses empty form fields, and then wonders why they are accepted.
    is_form = case.media_type == "multipart/form-data"
    case.call_and_validate(
        headers={"Authorization": f"Bearer {machine.token}"},
        excluded_checks=[negative_data_rejection] if is_form else [],
    )


def teach(case: Case, known: dict[str, Any]) -> None:
    """What no generator can know: ids that exist, cursors given out, keys still unused."""
    for name, value in known.get(case.path.split("/")[3], {}).items():
        if name in case.path_parameters:
            case.path_parameters[name] = value
    if "quarter" in case.path_parameters:
        case.path_parameters["quarter"] = "FY2026Q1"
    if "If-Match" in case.headers or case.method == "POST":
        case.headers["If-Match"] = "*"
    _, _, step = case.path.rpartition("{id}/")
    if step in MEANT and case.method == "POST":
        case.body = MEANT[step]
    case.query.pop("cursor", None)
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    # JSON Schema cannot say it of a member's name: no text holds NUL (`test_bodies` sends some).
    if case.media_type == "application/json":
        case.body = without_nul(case.body)


def without_nul(value: Any) -> Any:
    """The value with NUL taken out of every text in it, names of members too."""
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {without_nul(name): without_nul(item) for name, item in value.items()}
        case list():
            return [without_nul(item) for item in value]
    return value


def test_the_committed_document_is_the_one_that_is_served() -> None:
    """Write it anew with: bin/manage spectacular --file docs/openapi.yaml"""
    assert COMMITTED.read_text(encoding="utf-8") == openapi_yaml()


def test_the_document_is_open_to_everybody() -> None:
    answer = Client().get("/api/v1/schema/")
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.")
    answer = Client().get("/api/v1/schema/", HTTP_ACCEPT="application/yaml")
    assert answer.content.startswith(b"openapi: 3.")
    answer = Client().get("/api/v1/schema/", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_every_operation_and_code_stands_on_the_page(db: None) -> None:
    answer = Client().get("/api/docs/")
    assert answer.status_code == 200
    page = answer.content.decode()
    for path, methods in openapi()["paths"].items():
        for method, said in methods.items():
            assert f"<strong>{method.upper()}</strong> {path}" in page
            assert escape(said["summary"]) in page
    for code in codes():
        assert f"<code>{code.code}</code>" in page
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_every_operation_names_its_scopes_and_problems() -> None:
    for path, methods in openapi()["paths"].items():
        for said in methods.values():
            documented = {int(status) for status in said["responses"]}
            assert {code["status"] for code in said["x-problems"]} <= documented
            assert said["description"], path
            if path not in OPEN:
                assert said["security"], path
                assert {401, 403} <= documented


def test_a_code_has_one_meaning_per_status() -> None:
    listed = [(code.code, code.status) for code in codes()]
    assert len(listed) == len(set(listed))


def test_a_scope_is_a_door_for_itself_only(agency: Agency) -> None:
    """Every operation with every scope: exactly those it names let a token in."""
    machines = {
        scope: make_machine(agency, scope)
        for scope in ("roster:write", "payroll:write", "claims:read")
    }
    unknown = "00000000-0000-0000-0000-000000000000"
    for path, methods in openapi()["paths"].items():
        if path in OPEN:
            continue
        address = path.format(
            id=unknown, number="A0-FY2026Q1", position=1, quarter="FY2026Q1", name="a.pdf", row=1
        )
        for method, said in methods.items():
            doors = {scope for way in said["security"] for scope in way["oauth"]}
            for scope, machine in machines.items():
                answer = machine.get(address) if method == "get" else machine.post(address)
                refused = answer.status_code == 403
                assert refused == (scope not in doors), (method, path, scope)

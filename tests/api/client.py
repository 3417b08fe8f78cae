"""A machine as the tests use it: a key with its token, and requests that must end in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from portal.accounts.models import Agency, ApiKey
from portal.accounts.policies import Actor
from portal.accounts.roles import SCOPES, Role
from portal.accounts.services import create_key
from portal.web.api_docs import codes
from tests.factories import PAYROLL, make_person

TOKEN = "/api/v1/oauth/token/"
FORM = "application/x-www-form-urlencoded"
ROWS = [
    {
        "officer_id": "0042",
        "period_start": "2025-10-12",
        "period_end": "2025-10-25",
        "paid_on": "2025-10-30",
        "annual_salary": "72280.00",
        "regular_pay": "2780.00",
        "overtime_pay": "589.37",
        "benefit_health": "392.31",
    }
]


@dataclass
class Machine:
    """A key of an agency and the token it got. `owner` answers for it."""

    key: ApiKey
    secret: str
    owner: Actor
    token: str = ""

    @property
    def agency(self) -> Agency:
        return self.key.agency

    def get(self, path: str, **headers: str) -> Any:
        return self._ask("GET", path, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """A JSON body; bytes go as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return self._ask("POST", path, headers, content, "application/json")

    def send_file(self, path: str, content: str | bytes = PAYROLL, **fields: Any) -> Any:
        """A form with a file; fields starting with `HTTP_` are headers."""
        data = content if isinstance(content, bytes) else content.encode()
        headers = {name: fields.pop(name) for name in [*fields] if name.startswith("HTTP_")}
        form = {"quarter": "FY2026Q1", "file": SimpleUploadedFile("rows.csv", data), **fields}
        answer = Client().post(path, form, **self._signed(headers))
        return checked(answer)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b"", kind: str = ""
    ) -> Any:
        options = {"CONTENT_TYPE": kind} if kind else {}
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        client = Client(raise_request_exception=False)
        answer = client.generic(method, path, body, **{**options, **self._signed(named)})
        return checked(answer)

    def _signed(self, headers: dict[str, str]) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.token}", **headers}


def checked(answer: HttpResponse) -> HttpResponse:
    """The answer, after a look at what holds for all of them."""
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400 and answer.request["PATH_INFO"] != TOKEN:
        assert answer["Content-Type"] == "application/problem+json", answer.content
        known = {(code.code, code.status) for code in codes()}
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert (problem["code"], problem["status"]) in known, problem
        assert problem["detail"]
    return answer


def make_machine(
    agency: Agency, scopes: str = " ".join(SCOPES), owner: Actor | None = None
) -> Machine:
    """A machine of the agency with a token of all its scopes."""
    owner = owner or make_person(Role.PREPARER, agency)
    key, secret = create_key(
        actor=make_person(Role.ADMINISTRATOR, agency),
        agency=agency,
        owner=owner.user,
        name=f"System for {scopes}",
        scopes=scopes,
    )
    machine = Machine(key, secret, owner)
    machine.token = ask_token(machine).json()["access_token"]
    return machine


def ask_token(machine: Machine, **fields: str) -> Any:
    """A request for a token with the key's id and secret in the form."""
    form = {
        "grant_type": "client_credentials",
        "client_id": machine.key.client_id,
        "client_secret": machine.secret,
        **fields,
    }
    return post_form(form)


def post_form(form: Mapping[str, str], path: str = TOKEN, **headers: str) -> Any:
    """A form sent to the token endpoint."""
    client = Client(raise_request_exception=False)
    answer = client.post(path, urlencode(form), content_type=FORM, **headers)
    return checked(answer)


def form(machine: Machine, **fields: Any) -> Any:
    """A form sent to the address of payroll files; several values of a field are a list."""
    client = Client(raise_request_exception=False)
    return checked(
        client.post(
            "/api/v1/payroll-batches/", fields, HTTP_AUTHORIZATION=f"Bearer {machine.token}"
        )
    )

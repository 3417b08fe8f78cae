"""The portal's main job, once by browser and once over REST: case 14, from empty to approved.

`bin/demo --check` runs it against the demo; `test_main_job.py` against a test server. Seven people and a
machine take part, and nobody does two of the four signatures of a claim: preparer, certifier, reviewer and
payment approver.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import running_browser

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "tests" / "cases" / "shared" / "14-whole-agency"
QUARTER = "FY2026Q1"
TOTAL = "$83,333.55"
PATIENCE_SECONDS = 60

People = Mapping[str, tuple[str, str]]
"""Who can sign in, by role: email and password. `second <role>` is another person with the role."""


@dataclass(frozen=True)
class Office:
    """A fresh agency and everybody who deals with its claim."""

    number: str
    people: People
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Outcome:
    """What one run made."""

    way: str
    claim: str
    total: str
    packet_sha256: str
    packet_size: int


def by_browser(desks: Desks, office: Office) -> Outcome:
    """The agency uploads its files in a browser."""
    report_counts(desks, office)
    page = desks.of(office.people["preparer"])
    page.goto(f"{desks.url}/officers/rosters/new/")
    page.get_by_label("Roster file").set_input_files(CASE / "roster.csv")
    page.get_by_role("button", name="Upload and check").click()
    when_read(page, page.get_by_role("button", name="Confirm these changes")).click()
    page.goto(f"{desks.url}/payroll/upload/?quarter={QUARTER}")
    page.get_by_label("Quarter").select_option(QUARTER)
    page.get_by_label("Payroll file").set_input_files(CASE / "payroll.csv")
    page.get_by_role("button", name="Upload and check").click()
    when_read(page, page.get_by_role("link", name=f"See the claim of {QUARTER}")).click()
    return sign(desks, office, "browser")


def by_rest(desks: Desks, office: Office) -> Outcome:
    """The agency's payroll system sends the same over REST; people only sign."""
    report_counts(desks, office)
    api = Client(desks.url, office)
    with (CASE / "roster.csv").open("rb") as roster:
        upload = api.post("roster-uploads/", files={"file": roster}, data={"quarter": QUARTER})
    api.wait_for(upload["url"], "proposed")
    api.post(f"roster-uploads/{upload['id']}/confirm/")
    with (CASE / "payroll.csv").open(newline="") as file:
        rows = [
            {name: value or None for name, value in row.items()} for row in csv.DictReader(file)
        ]
    body = {"quarter": QUARTER, "rows": rows}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    batch = api.post("payroll-batches/", json=body, headers=key)
    again = api.post("payroll-batches/", json=body, headers=key)
    assert again["id"] == batch["id"], "one key, one batch"
    api.wait_for(batch["url"], "accepted")
    findings = api.get(f"payroll-batches/{batch['id']}/findings/")
    assert not [one for one in findings["results"] if one["severity"] == "error"]
    outcome = sign(desks, office, "REST")
    packet = api.packet(f"claims/{outcome.claim}/packet/")
    assert hashlib.sha256(packet).hexdigest() == outcome.packet_sha256, "one packet, both ways"
    return outcome


def sign(desks: Desks, office: Office, way: str) -> Outcome:
    """Four people bring the calculated draft to an approved claim with its packet."""
    claim = f"{office.number}-{QUARTER}"
    address = f"{desks.url}/claims/{claim}/"
    page = desks.of(office.people["preparer"])
    reload_until(page, address, lambda: page.get_by_text(TOTAL).first.is_visible())
    page.get_by_role("button", name="Mark ready to certify").click()
    expect(page.get_by_text("Ready to certify").first).to_be_visible()
    page = desks.of(office.people["certifier"])
    page.goto(address)
    page.get_by_role("link", name="Certify").first.click()
    page.get_by_label("Your title").fill("Sheriff")
    if page.get_by_text("Why is this claim late?").is_visible():
        # The demo's clock runs on; weeks later its quarter is past its due date.
        page.get_by_text("Another reason").click()
    # The label covers the box it belongs to, as USWDS draws it.
    page.get_by_text("I certify this claim in the words above.").click()
    page.get_by_role("button", name="Certify and submit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Receipt")
    page = desks.of(office.people["reviewer"])
    page.goto(address)
    page.get_by_role("button", name="Start review").click()
    page.get_by_role("button", name="Recommend approval").click()
    expect(page.get_by_text("Recommended").first).to_be_visible()
    page = desks.of(office.people["payment_approver"])
    page.goto(address)
    page.get_by_role("button", name="Approve").click()
    link = page.get_by_role("link", name="Download the packet as decided")
    reload_until(page, address, lambda: link.is_visible())
    with page.expect_download() as download:
        link.click()
    packet = Path(download.value.path()).read_bytes()
    assert packet.startswith(b"%PDF")
    return Outcome(way, claim, TOTAL, hashlib.sha256(packet).hexdigest(), len(packet))


def report_counts(desks: Desks, office: Office) -> None:
    """One program manager reports the agency's two counts of the quarter, another confirms them."""
    with (CASE / "performance.csv").open(newline="") as file:
        counts = next(csv.DictReader(file))
    page = desks.of(office.people["program_manager"])
    page.goto(f"{desks.url}/counts/{office.number}/{QUARTER}/")
    page.get_by_label("Persons referred").fill(counts["referred"])
    page.get_by_label("Persons located").fill(counts["located"])
    page.get_by_role("button", name="the counts").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page = desks.of(office.people["second program_manager"])
    page.goto(f"{desks.url}/counts/waiting/?q={office.number}")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(f"for {QUARTER} count now")).to_be_visible()


class Desks:
    """Everybody's browser: one per person, in which they sign in once."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url = url
        self._browser = browser
        self._pages: dict[str, Page] = {}

    def of(self, who: tuple[str, str]) -> Page:
        """The page of the person with this email and password, signed in."""
        email, password = who
        if email not in self._pages:
            context = self._browser.new_context(
                viewport={"width": 1280, "height": 900}, accept_downloads=True
            )
            page = self._pages[email] = context.new_page()
            page.set_default_timeout(20_000)
            page.goto(f"{self.url}/account/login/")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{self.url}/")
        return self._pages[email]

    def close(self) -> None:
        """Everybody goes home."""
        for page in self._pages.values():
            page.context.close()


def when_read(page: Page, next_step: Locator) -> Locator:
    """The next step on a file's page, once the file has been read."""
    result = page.get_by_role("link", name="See the result")
    expect(result.or_(next_step).first).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    if result.is_visible():
        result.click()
    return next_step


def reload_until(page: Page, address: str, is_there: Callable[[], bool]) -> None:
    """Open a page again and again until what is being made in the background is there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    page.goto(address)
    while not is_there():
        assert time.monotonic() < deadline, f"{address} never showed what it should"
        time.sleep(0.5)
        page.goto(address)


class Client:
    """A payroll system's side of the REST door."""

    def __init__(self, url: str, office: Office) -> None:
        self.base = f"{url}/api/v1/"
        answer = requests.post(
            f"{self.base}oauth/token/",
            data={"grant_type": "client_credentials"},
            auth=(office.client_id, office.client_secret),
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def post(self, path: str, **content: Any) -> dict[str, Any]:
        """The answer to a POST; fails on any problem, showing it."""
        return self._answer(
            self.session.post(self.base + path, timeout=PATIENCE_SECONDS, **content)
        ).json()

    def get(self, path: str) -> dict[str, Any]:
        """The answer to a GET."""
        return self._answer(self.session.get(self.base + path, timeout=PATIENCE_SECONDS)).json()

    def packet(self, path: str) -> bytes:
        """The PDF behind a GET."""
        return self._answer(self.session.get(self.base + path, timeout=PATIENCE_SECONDS)).content

    def wait_for(self, url: str, state: str) -> None:
        """Ask until a batch stands in `state`; fails when it ends anywhere else."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        address = url if "://" in url else self.base.removesuffix("/api/v1/") + url
        while True:
            batch = self._answer(self.session.get(address, timeout=PATIENCE_SECONDS)).json()
            if batch["state"] == state:
                return
            assert batch["state"] in ("received", "validating"), batch
            assert time.monotonic() < deadline, batch
            time.sleep(0.3)

    @staticmethod
    def _answer(answer: requests.Response) -> requests.Response:
        assert answer.ok, (
            f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
        )
        return answer


def by_role(users: Iterable[Mapping[str, Any]]) -> People:
    """People as `load_demo` prints them, by what they are; the second of a role has that before it."""
    found: dict[str, tuple[str, str]] = {}
    for user in users:
        role = user["roles"][0]
        found[f"second {role}" if role in found else role] = (user["email"], user["password"])
    return found


def office_of(fresh: Mapping[str, Any], federal: People) -> Office:
    """An office as `load_demo --office` prints it, with the program office's people."""
    own = by_role(fresh["users"])
    return Office(
        fresh["agency"],
        {**federal, **own},
        fresh["api"][0]["client_id"],
        fresh["api"][0]["client_secret"],
    )


def main() -> None:
    """Both ways against a running demo, then a look at what they left behind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    url = parser.parse_args().url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
    django.setup()
    from claims.demo import add_office
    from claims.verification import problems
    from portal.records.models import AuditEvent

    offices = [add_office(f"{way} County Sheriff's Office") for way in WAYS]
    federal = by_role(offices[0]["federal"])
    with running_browser() as browser:
        desks = Desks(url, browser)
        for (name, way), fresh in zip(WAYS.items(), offices, strict=True):
            outcome = way(desks, office_of(fresh, federal))
            print(
                f"{name}: claim {outcome.claim}, total {outcome.total}, approved; packet of"
                f" {outcome.packet_size:,} bytes, SHA-256 {outcome.packet_sha256}",
                flush=True,
            )
        desks.close()
    found = list(problems())
    print(f"Audit events: {AuditEvent.objects.count():,}; verify found {len(found)} problems.")
    sys.exit("\n".join(found) or None)


WAYS = {"Browser": by_browser, "REST": by_rest}

if __name__ == "__main__":
    main()

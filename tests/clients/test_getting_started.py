"""“Getting started with the API”: its code, run as it stands, against a server with a worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from claims.models import Claim, PayrollBatch
from portal.accounts.models import Agency
from portal.accounts.roles import SCOPES, Role
from portal.accounts.services import create_key
from portal.web.api_start import PORTAL, blocks, code, text
from tests.factories import PAYROLL, ROSTER, make_agency, make_person

PATIENCE_SECONDS = 120


def environment(agency: Agency) -> dict[str, str]:
    """What a vendor's program finds in its environment: a fresh key of the agency."""
    key, secret = create_key(
        actor=make_person(Role.ADMINISTRATOR, agency),
        agency=agency,
        owner=make_person(Role.PREPARER, agency).user,
        name="Getting started",
        scopes=" ".join(SCOPES),
    )
    package = str(Path(settings.BASE_DIR) / "clients" / "python")
    path = {"PATH": os.environ["PATH"], "PYTHONPATH": package, "NO_PROXY": "*"}
    return {**path, "CLIENT_ID": key.client_id, "CLIENT_SECRET": secret}


def run(command: list[str], program: str, url: str, agency: Agency, folder: Path) -> str:
    """What a program of the page prints; it must end well."""
    done = subprocess.run(
        command,
        input=program.replace(PORTAL, url),
        env=environment(agency),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_curl_script_goes_from_a_key_to_a_claim(live_server: Any, tmp_path: Path) -> None:
    agency = make_agency()
    command = ["bash", "-euo", "pipefail", "-s"]
    said = run(command, code("sh"), live_server.url, agency, tmp_path)
    assert '"code":"bad_money"' in said
    assert '"gap_days"' in said
    assert "\nrejected\n" in said
    assert "\naccepted\n" in said
    assert "Nobody has certified the claim yet." in said
    assert "00418" in said
    assert Claim.objects.get(agency=agency).version.calculation.officers == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_python_program_does_the_same(live_server: Any, tmp_path: Path) -> None:
    agency = make_agency()
    said = run([sys.executable, "-"], code("python"), live_server.url, agency, tmp_path)
    assert "accepted 2780.00" in said
    assert "00417 " in said
    states = PayrollBatch.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["rejected", "accepted"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_examples_of_the_readme_run(live_server: Any, tmp_path: Path) -> None:
    agency = make_agency()
    readme = (Path(settings.BASE_DIR) / "clients" / "python" / "README.md").read_text()
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "payroll.csv").write_text(PAYROLL)
    program = f"import os\nos.environ['PORTAL'] = '{live_server.url}'\n" + code("python", readme)
    said = run([sys.executable, "-"], program, live_server.url, agency, tmp_path)
    assert "accepted {" in said
    assert f"{agency.number}-FY2026Q1 draft" in said


def test_the_page_shows_the_same_text(client: Client, db: None) -> None:
    page = client.get("/api/docs/start/")
    assert page.status_code == 200
    shown = page.context["blocks"]
    assert [block.kind for block in shown] == [block.kind for block in blocks(text())]
    own = [block.source.replace("http://testserver", PORTAL) for block in shown]
    assert own == [block.source for block in blocks(text())]
    assert "```" not in page.content.decode()
    assert PORTAL not in page.content.decode()


def test_the_client_can_be_fetched(client: Client, db: None, tmp_path: Path) -> None:
    answer = client.get("/api/docs/portal287g.zip")
    (tmp_path / "client.zip").write_bytes(answer.content)
    shutil.unpack_archive(tmp_path / "client.zip", tmp_path)
    command = [sys.executable, "-c", "import portal287g; print(portal287g.Portal.__name__)"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "Portal\n"

"""Questions over the API: read, never answered."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from claims.models import Evidence
from claims.services.asking import Attached, answer, close
from portal.accounts.models import Agency
from portal.kernel import clock
from tests.api.client import Machine
from tests.claims.reviewing import asked_about, in_review, pdf


def test_questions_are_listed_with_answers_and_files(
    agency: Agency, machine: Machine, stranger: Machine
) -> None:
    reviewed = in_review(agency)
    question = asked_about(reviewed, "0042", "overtime")
    asked_about(reviewed)
    attached = Attached(Evidence.Kind.TIMESHEET, pdf())
    answer(
        actor=reviewed.preparer, question=question, text="Storms.", token=uuid4(), attached=attached
    )
    with clock.clock_at(clock.now() + timedelta(minutes=5)):
        close(actor=reviewed.reviewer, question=question)
    address = f"/api/v1/claims/{reviewed.claim.number}/questions/"
    first, second = machine.get(address).json()["results"]
    assert (first["officer_id"], first["category"], first["version"]) == ("0042", "overtime", 1)
    assert (first["text"], first["due_on"]) == ("Why so much?", "2026-01-27")
    assert first["closed_at"]
    assert [(one["side"], one["text"]) for one in first["answers"]] == [("agency", "Storms.")]
    assert [one["filename"] for one in first["files"]] == ["timesheet.pdf"]
    assert (second["officer_id"], second["category"], second["closed_at"]) == ("", "", None)
    assert stranger.get(address).status_code == 404
    page = machine.get(f"{address}?page_size=1").json()
    assert machine.get(page["next"]).json()["results"] == [second]

"""Reading the questions that were asked about a claim, and each side's own notes."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import ClaimVersion, Question
from portal.kernel.errors import Refused


def open_questions(version: ClaimVersion) -> QuerySet[Question]:
    """The questions of a version that its reviewer has not closed."""
    return Question.objects.filter(version=version, closed_at=None)


def questions_open(version: ClaimVersion) -> Refused | None:
    """Why a version cannot be recommended: its reviewer has open questions."""
    count = open_questions(version).count()
    if not count:
        return None
    return Refused(
        "questions_open",
        f"{count} question{'s are' if count > 1 else ' is'} still open.",
        "Read the answers and close the questions, or close them without an answer.",
    )

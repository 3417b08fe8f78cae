"""What the federal reviewer asked about a claim and what was answered, for machines to read."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Evidence
from claims.models.review import CATEGORIES
from claims.selectors.claims import claim_for
from claims.selectors.questions import questions_of
from portal.accounts.api.views import ApiView
from portal.accounts.roles import Side
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import InstantField
from portal.web.api_paging import PAGE, page_of

SCOPES = ("claims:read",)
SIDES = [(side.value, side.label) for side in (Side.AGENCY, Side.FEDERAL)]


class QuestionAnswerSerializer(serializers.Serializer[Any]):
    """What either side wrote to a question."""

    side = serializers.ChoiceField(SIDES)
    text = serializers.CharField()
    written_at = InstantField()


class QuestionFileSerializer(serializers.Serializer[Any]):
    """A file that was sent with an answer. It is fetched in the portal."""

    kind = serializers.ChoiceField(Evidence.Kind.choices)
    filename = serializers.CharField(source="document.filename")
    sha256 = serializers.CharField(source="document.sha256")
    sent_at = InstantField()


class QuestionSerializer(serializers.Serializer[Any]):
    """One question with its answers."""

    id = serializers.IntegerField()
    version = serializers.IntegerField(
        source="version.number", help_text="The version it was asked about."
    )
    officer_id = serializers.CharField(help_text="Empty for the claim as a whole.")
    category = serializers.ChoiceField(
        [("", "All of it"), *CATEGORIES], help_text="Empty for the officer as a whole."
    )
    text = serializers.CharField()
    asked_at = InstantField()
    due_on = serializers.DateField(help_text="Answer by this day, in the agency's time zone.")
    closed_at = InstantField(allow_null=True, help_text="Null while it is open.")
    answers = QuestionAnswerSerializer(many=True)
    files = QuestionFileSerializer(many=True, source="evidence")


class QuestionsView(ApiView):
    """The questions about one claim."""

    @endpoint(
        "list_claim_questions",
        "List the questions about a claim",
        tag="Claims",
        scopes=SCOPES,
        query=PAGE,
        answers={200: page_of("QuestionPage", QuestionSerializer)},
        on_an_object=True,
    )
    def get(self, request: Request, number: str) -> Response:
        """What the federal reviewer asked, in the order of asking. Only a person answers."""
        return self.page(questions_of(claim_for(self.actor, number)), ("id",), QuestionSerializer)

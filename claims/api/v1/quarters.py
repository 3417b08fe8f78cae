"""The fiscal quarters an agency can claim, for machines."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models.claim import STATES
from claims.selectors.quarters import standings
from portal.accounts.api.views import ApiView
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import QuarterField


class QuarterClaimSerializer(serializers.Serializer[Any]):
    """The claim of a quarter, in short."""

    number = serializers.CharField(source="claim.number")
    state = serializers.ChoiceField(STATES)
    nil = serializers.BooleanField(help_text="It says that there is nothing to claim.")
    url: Any = serializers.HyperlinkedRelatedField(
        "api:claim", read_only=True, source="claim", lookup_field="number"
    )


class QuarterSerializer(serializers.Serializer[Any]):
    """One federal fiscal quarter and how far the agency is with it."""

    quarter = QuarterField()
    start_on = serializers.DateField(source="quarter.start")
    end_on = serializers.DateField(source="quarter.end")
    is_over = serializers.BooleanField(help_text="Only then a claim can be completed.")
    has_agreement = serializers.BooleanField(help_text="An agreement is active in the quarter.")
    payroll_batches = serializers.IntegerField(source="files", help_text="Files that count.")
    claim = QuarterClaimSerializer(
        source="version", allow_null=True, help_text="Null until payroll was accepted."
    )


class QuarterListSerializer(serializers.Serializer[Any]):
    """The quarters from the present one back to the program's first."""

    results = QuarterSerializer(many=True)


class QuartersView(ApiView):
    """The quarters there are."""

    @endpoint(
        "list_quarters",
        "List fiscal quarters",
        tag="Claims",
        scopes=("claims:read", "payroll:write", "roster:write"),
        answers={200: QuarterListSerializer},
    )
    def get(self, request: Request) -> Response:
        """The quarters that can be claimed, the newest first, each with its claim."""
        quarters = {"results": standings(self.actor, self.agency)}
        return Response(QuarterListSerializer(quarters, context={"request": request}).data)

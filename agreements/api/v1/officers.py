"""The officers of the key's agency, with their roster entries."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.selectors import officers_for
from portal.accounts.api.views import ApiView
from portal.kernel.program import MODELS
from portal.web.api_endpoint import endpoint
from portal.web.api_paging import PAGE, page_of


class RosterEntrySerializer(serializers.Serializer[Any]):
    """One employment with at most one authorization; an officer with a gap has two."""

    hired_on = serializers.DateField()
    separated_on = serializers.DateField(allow_null=True)
    separation_reason = serializers.CharField()
    model = serializers.ChoiceField([*MODELS, ""])
    trained_on = serializers.DateField(allow_null=True)
    authorized_from = serializers.DateField(allow_null=True)
    authorized_to = serializers.DateField(allow_null=True, help_text="The last payable day.")
    end_reason = serializers.CharField()
    credential_number = serializers.CharField()


class OfficerSerializer(serializers.Serializer[Any]):
    """One officer, under the agency's own payroll id."""

    officer_id = serializers.CharField(source="payroll_id")
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    title = serializers.CharField()
    entries = RosterEntrySerializer(many=True)


class OfficersView(ApiView):
    """All officers the roster knows."""

    @endpoint(
        "list_officers",
        "List officers",
        tag="Rosters",
        scopes=("roster:write", "claims:read"),
        query=PAGE,
        answers={200: page_of("OfficerPage", OfficerSerializer)},
    )
    def get(self, request: Request) -> Response:
        """The agency's officers in the order of their payroll ids, with their roster entries."""
        return self.page(officers_for(self.actor), ("payroll_id",), OfficerSerializer)

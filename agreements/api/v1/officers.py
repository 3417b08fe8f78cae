"""The officers of the key's agency, with their roster entries."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.federal_list import Confirmation
from agreements.selectors import marks_of, officers_for
from portal.accounts.api.views import ApiView
from portal.kernel import clock
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
    confirmation = serializers.ChoiceField(
        [item.value for item in Confirmation],
        allow_null=True,
        help_text="What the latest federal list of authorizations says: it covers every day "
        "(`confirmed`), says something else (`contradicted`) or does not have the credential "
        "(`unconfirmed`). Null in training, and until there is a list.",
    )


class OfficerPageSerializer(serializers.ListSerializer[Any]):
    """The officers of a page: their entries' marks are looked up together."""

    def to_representation(self, data: Any) -> Any:
        officers = list(data)
        entries = [entry for officer in officers for entry in officer.entries.all()]
        marks = marks_of(entries, clock.today())
        for entry in entries:
            mark = marks.get(entry.pk)
            entry.confirmation = mark.confirmation.value if mark else None
        return super().to_representation(officers)


class OfficerSerializer(serializers.Serializer[Any]):
    """One officer, under the agency's own payroll id."""

    officer_id = serializers.CharField(source="payroll_id")
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    title = serializers.CharField()
    entries = RosterEntrySerializer(many=True)

    class Meta:
        list_serializer_class = OfficerPageSerializer


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

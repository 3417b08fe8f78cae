"""The officers of the key's agency, with their roster entries."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.federal_list import Confirmation
from agreements.models import RosterUpload
from agreements.selectors import marks_of, officers_for
from portal.accounts.api.views import ApiView
from portal.accounts.models import Agency
from portal.kernel import clock
from portal.kernel.program import MODELS
from portal.records.models import AuditEvent
from portal.web.api_endpoint import endpoint
from portal.web.api_paging import CHANGED_SINCE, PAGE, page_of


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
        query=(CHANGED_SINCE, *PAGE),
        answers={200: page_of("OfficerPage", OfficerSerializer, changes=True)},
    )
    def get(self, request: Request) -> Response:
        """The agency's officers in the order of their payroll ids, with their roster entries.

        With `changed_since`, those whom a roster file confirmed since then names, and those who were
        changed by hand. What the federal list says of them does not count as a change.
        """
        rows = officers_for(self.actor)
        if since := self.asked["changed_since"]:
            rows = rows.filter(_changed_since(self.agency, since))
        return self.page(rows, ("payroll_id",), OfficerSerializer)


def _changed_since(agency: Agency, since: datetime) -> Q:
    subject = Concat(Value("officer/"), Cast(OuterRef("pk"), TextField()))
    by_hand = AuditEvent.objects.filter(subject=subject, at__gte=since)
    confirmed = RosterUpload.objects.filter(agency=agency, confirmed_at__gte=since)
    named = {
        row["officer_id"]
        for content in confirmed.values_list("content", flat=True)
        for row in json.loads(content)
    }
    return Q(payroll_id__in=named) | Q(Exists(by_hand))

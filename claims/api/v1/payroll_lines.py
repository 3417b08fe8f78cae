"""The lines of an accepted payroll file, as they were read."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import PayrollLine
from claims.selectors.explained import payroll_row_for
from claims.selectors.payroll import batch_with_rows_for
from portal.accounts.api.views import ApiView
from portal.kernel import money
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import MONEY_SCHEMA, MoneyField
from portal.web.api_paging import PAGE, page_of


class PayrollLineSerializer(serializers.Serializer[Any]):
    """One row as it was read: an officer and a pay period."""

    row = serializers.IntegerField(
        help_text="Of the file; of several that were added up, the first. `ext_rows` then names them."
    )
    officer_id = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    paid_on = serializers.DateField()
    annual_salary = MoneyField()
    regular_pay = MoneyField()
    overtime_hours = serializers.DecimalField(7, 2, allow_null=True)
    overtime_pay = MoneyField()
    overtime_paid_by_others = MoneyField()
    benefits = serializers.SerializerMethodField(help_text="Amounts by the name of the benefit.")
    ext = serializers.SerializerMethodField(help_text="The row's ext_ columns.")

    @extend_schema_field({"type": "object", "additionalProperties": MONEY_SCHEMA})
    def get_benefits(self, line: PayrollLine) -> dict[str, str]:
        """The benefits, as text."""
        return {name: money.text(cents) for name, cents in json.loads(line.benefits).items()}

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_ext(self, line: PayrollLine) -> Any:
        """The agency's own columns."""
        return json.loads(line.ext)


class RowsView(ApiView):
    """The lines of one payroll file."""

    @endpoint(
        "list_payroll_rows",
        "Read the accepted lines of a payroll file",
        tag="Payroll",
        scopes=("payroll:write", "claims:read"),
        query=PAGE,
        answers={200: page_of("PayrollLinePage", PayrollLineSerializer)},
        on_an_object=True,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Every row of an accepted file as the portal understood it; none of one that never counted."""
        rows = PayrollLine.objects.filter(batch=batch_with_rows_for(self.actor, pk))
        return self.page(rows, ("row",), PayrollLineSerializer)


class RowView(ApiView):
    """One line of one payroll file."""

    @endpoint(
        "get_payroll_row",
        "Read one line of a payroll file",
        tag="Payroll",
        scopes=("payroll:write", "claims:read"),
        answers={200: PayrollLineSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, pk: UUID, row: int) -> Response:
        """One row of an accepted file as the portal understood it: where a step of an explanation ends."""
        return Response(PayrollLineSerializer(payroll_row_for(self.actor, pk, row)).data)

"""The officers of a claim and how each one's amount came about, for machines."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from claims.api.v1.explanations import (
    SCOPES,
    ExplanationSerializer,
    Sources,
    UsedBeforeSerializer,
)
from claims.models import OfficerResult
from claims.models.review import CATEGORIES, REASONS
from claims.rules.explain import explanation_data
from claims.selectors.claims import version_for
from claims.selectors.explained import used_before
from claims.selectors.lines import adjustments_for, officers_by_line
from claims.selectors.results import explanation_of
from portal.accounts.api.views import ApiView
from portal.accounts.policies import found
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import InstantField, MoneyField
from portal.web.api_paging import PAGE, page_of


class AllowedSerializer(serializers.Serializer[Any]):
    """What is allowed of an officer's lines: what the rules left, less what people took away."""

    regular_pay = MoneyField(source="regular_left")
    benefits = MoneyField(source="benefits_left")
    overtime = MoneyField(source="overtime_left")
    total = MoneyField(source="left")


class LineSerializer(serializers.Serializer[Any]):
    """One officer of a claim with the amounts of the quarter."""

    position = serializers.IntegerField(help_text="The officer's place in the claim, from 1.")
    officer_id = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    eligible_days = serializers.IntegerField()
    regular_pay = MoneyField(source="regular")
    benefits = MoneyField()
    overtime_submitted = MoneyField()
    overtime_cap = MoneyField(help_text="25% of the annual salary, for the fiscal year.")
    overtime_used_before = MoneyField(help_text="By earlier quarters of the fiscal year.")
    overtime_allowed = MoneyField()
    overtime_disallowed = MoneyField()
    total = MoneyField()
    allowed = AllowedSerializer(
        source="*",
        help_text="After adjustments, which the agency learns when its claim is returned or decided.",
    )


class ListedLineSerializer(LineSerializer):
    """One officer, with the address of the explanation."""

    url = serializers.SerializerMethodField(help_text="How the amounts came about.")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, line: OfficerResult) -> str:
        """Where the amounts are explained."""
        place = {**self.context["request"].parser_context["kwargs"], "position": line.position}
        return reverse("api:line", kwargs=place, request=self.context["request"])


class AdjustmentSerializer(serializers.Serializer[Any]):
    """What a person took from a line, or gave back."""

    category = serializers.ChoiceField(CATEGORIES)
    amount = MoneyField(help_text="Negative: taken away.")
    reason = serializers.ChoiceField(REASONS)
    rule = serializers.CharField(help_text="The rule cited.")
    note = serializers.CharField()
    author = serializers.CharField(source="author.name")
    made_at = InstantField()


class ExplainedLineSerializer(LineSerializer):
    """One officer with the explanation of every amount, and what people did to it."""

    explanation = serializers.SerializerMethodField(
        help_text="From what was stored when the amounts were calculated: a program recomputes each of "
        "them from operations, operands and days alone."
    )
    used_before = serializers.SerializerMethodField(
        help_text="Earlier claims of the fiscal year with overtime for the officer, as they stand today."
    )
    adjustments = serializers.SerializerMethodField(
        help_text="In order; empty until the agency may know of them."
    )

    @extend_schema_field(AdjustmentSerializer(many=True))
    def get_adjustments(self, line: OfficerResult) -> Any:
        """Everything that was taken from the officer's lines or given back."""
        return AdjustmentSerializer(self.context["adjustments"], many=True).data

    @extend_schema_field(ExplanationSerializer)
    def get_explanation(self, line: OfficerResult) -> Any:
        """Every step, down to payroll lines and rules."""
        explanation = explanation_of(line, line.calculation)
        told = self.context["sources"].opened(explanation_data(explanation))
        return ExplanationSerializer(told).data

    @extend_schema_field(UsedBeforeSerializer(many=True))
    def get_used_before(self, line: OfficerResult) -> Any:
        """The claims behind `overtime_used_before`."""
        return UsedBeforeSerializer(self.context["used"].claims, many=True).data


class LinesView(ApiView):
    """The officers of one claim."""

    @endpoint(
        "list_claim_lines",
        "List the officers of a claim",
        tag="Claims",
        scopes=SCOPES,
        query=PAGE,
        answers={200: page_of("LinePage", ListedLineSerializer)},
        on_an_object=True,
    )
    def get(self, request: Request, number: str) -> Response:
        """One line per officer of the current version, with the amounts of the quarter."""
        rows = officers_by_line(self.actor, version_for(self.actor, number))
        return self.page(rows, ("position",), ListedLineSerializer)


class LineView(ApiView):
    """One officer of one claim."""

    @endpoint(
        "get_claim_line",
        "Explain an officer's amounts",
        tag="Claims",
        scopes=SCOPES,
        answers={200: ExplainedLineSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, number: str, position: int) -> Response:
        """The officer's amounts with every step to them: days, payroll lines, cap and rules."""
        version = version_for(self.actor, number)
        rows = officers_by_line(self.actor, version).defer(None).select_related("calculation")
        line = found(rows, "officer in this claim", position=position)
        adjustments = adjustments_for(self.actor, version).filter(officer_id=line.officer_id)
        context = {
            "adjustments": adjustments,
            "sources": Sources(request, self.actor, version),
            "used": used_before(self.actor, version, line),
        }
        return Response(ExplainedLineSerializer(line, context=context).data)

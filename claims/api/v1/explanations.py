"""How explanations travel: steps with operands from which a program recomputes every amount."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from claims.models import ClaimVersion
from claims.rules.explain import (
    Belongs,
    Operation,
    Unit,
    operations_in_words,
    rule_data,
    section_data,
)
from claims.selectors.claims import version_for
from claims.selectors.explained import changes_of, files_of
from claims.selectors.fiscal_year import year_to_date
from claims.selectors.results import claim_explanation_of, rules_of
from portal.accounts.api.views import ApiView
from portal.accounts.policies import Actor
from portal.kernel.errors import NotFound
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import MONEY_SCHEMA, InstantField, MoneyField, QuarterField

SCOPES = ("claims:read",)

#: It stands in the OpenAPI document, where programs' authors read it.
OPERATIONS = " ".join(operations_in_words())


@extend_schema_field(MONEY_SCHEMA)
class WrittenMoneyField(serializers.CharField):
    """An amount that is text already."""


class OperandSerializer(serializers.Serializer[Any]):
    """One number that goes into a step."""

    name = serializers.CharField()
    value = serializers.CharField(help_text="A decimal number as text.")
    unit = serializers.ChoiceField(
        [unit.value for unit in Unit], help_text="`money_days`: an amount times days, added up."
    )


class SourceSerializer(serializers.Serializer[Any]):
    """The payroll row that a step takes its numbers from."""

    file = serializers.CharField(help_text="The payroll file's reference.")
    row = serializers.IntegerField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    paid_on = serializers.DateField()
    url = serializers.URLField(
        allow_null=True,
        help_text="The row as it was read; null when the file is not yours to read.",
    )


class StepSerializer(serializers.Serializer[Any]):
    """One step of a calculation: its subject, the sum with its numbers, what came out."""

    key = serializers.CharField(help_text="Names a step that others stand on; else empty.")
    # The framework takes fields out of the class; its own `label` and `source` stay.
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the class's own
    formula = serializers.CharField(help_text="For people.")
    amount = WrittenMoneyField(allow_null=True)
    operation = serializers.ChoiceField(
        [operation.value for operation in Operation], allow_null=True, help_text=OPERATIONS
    )
    operands = OperandSerializer(many=True)
    rule = serializers.CharField(help_text="The name of the rule applied, if one was.")
    rule_from_on = serializers.DateField(
        allow_null=True, help_text="The day from which that value of the rule is in force."
    )
    source = SourceSerializer(allow_null=True)  # type: ignore[assignment]  # a field as well


class SectionSerializer(serializers.Serializer[Any]):
    """The steps to one amount."""

    key = serializers.CharField()
    title = serializers.CharField()
    amount = WrittenMoneyField()
    outcome = serializers.CharField(
        help_text="The key of the step that gives the amount; empty: the sum of the steps' amounts."
    )
    note = serializers.CharField(help_text="How the steps are done, for people.")
    steps = StepSerializer(many=True)


class DaysSerializer(serializers.Serializer[Any]):
    """Days in a row that are payable, or not for one reason."""

    from_on = serializers.DateField()
    to_on = serializers.DateField()
    days = serializers.IntegerField()
    is_payable = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why they are not payable; else empty.")
    belongs_to = serializers.ChoiceField(
        [belongs.value for belongs in Belongs], help_text="Seen from the claim's quarter."
    )


class PeriodSerializer(SourceSerializer):
    """All days of one payroll row's period: the days its shares are made of."""

    days = DaysSerializer(many=True)


class RosterRowSerializer(serializers.Serializer[Any]):
    """One employment of the officer, with at most one authorization in it."""

    hired_on = serializers.DateField()
    separated_on = serializers.DateField(allow_null=True)
    model = serializers.CharField(help_text="Empty for an officer in training.")
    authorized_from = serializers.DateField(allow_null=True)
    authorized_to = serializers.DateField(allow_null=True, help_text="The last payable day.")
    words = serializers.CharField()


class AgreementPeriodSerializer(serializers.Serializer[Any]):
    """One unbroken stretch of days on which the agency's agreement of a model was active."""

    model = serializers.CharField()
    active_from = serializers.DateField()
    active_to = serializers.DateField(allow_null=True)
    words = serializers.CharField()


class RuleSerializer(serializers.Serializer[Any]):
    """One rule in force, with its source."""

    name = serializers.CharField()
    title = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()
    value_in_words = serializers.CharField()
    from_on = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not the class's own
    interpretation = serializers.CharField(help_text="How a silent text is read; else empty.")


class ExplanationSerializer(serializers.Serializer[Any]):
    """How one officer's amounts came about, from what was stored when they were calculated."""

    quarter = QuarterField()
    as_of = serializers.DateField(allow_null=True, help_text="Rows paid after this day wait.")
    counted_for_award = serializers.BooleanField(help_text="The officer is in the headcount.")
    days = DaysSerializer(many=True, help_text="Of the quarter.")
    roster = RosterRowSerializer(many=True, help_text="Why days are payable: employments.")
    agreements = AgreementPeriodSerializer(many=True, help_text="And the agency's agreements.")
    periods = PeriodSerializer(many=True, help_text="The days of each payroll row that counts.")
    sections = SectionSerializer(many=True)
    waiting = StepSerializer(many=True, help_text="Payroll lines that are not paid yet.")
    rules = RuleSerializer(many=True)

    def to_representation(self, instance: Any) -> Any:
        """The explanation's data, which is JSON's own already."""
        return instance


class UsedBeforeSerializer(serializers.Serializer[Any]):
    """Overtime that one earlier claim of the fiscal year allows the officer."""

    quarter = QuarterField(source="version.claim.quarter")
    claim = serializers.CharField(source="version.claim.number")
    version = serializers.IntegerField(source="version.number")
    position = serializers.IntegerField(help_text="The officer's place in that claim.")
    amount = MoneyField()


class ClaimExplanationSerializer(serializers.Serializer[Any]):
    """How the amounts of a claim came about; the officers behind each are its lines."""

    claim = serializers.CharField()
    version = serializers.IntegerField()
    quarter = QuarterField()
    as_of = serializers.DateField()
    computed_at = InstantField()
    sha256 = serializers.CharField(help_text="Of the whole calculation.")
    sections = SectionSerializer(
        many=True,
        help_text="`claimed` is what the payroll says for payable days, before the cap (pages say "
        "“Submitted”); `total` is what the rules leave of it and what is signed (“Claimed”).",
    )
    allowed = SectionSerializer(
        allow_null=True,
        help_text="The total after each adjustment; null while there is none you may know of.",
    )
    claimed_to_date = SectionSerializer(
        help_text="What was claimed in the fiscal year up to this quarter, claim by claim."
    )
    allowed_to_date = SectionSerializer(
        help_text="What people left of that; what is not decided allows nothing yet."
    )
    rules = RuleSerializer(many=True)


class Sources:
    """The addresses of the payroll rows behind a version's steps."""

    def __init__(self, request: Request, actor: Actor, version: ClaimVersion) -> None:
        self._request = request
        self._actor = actor
        self._agency = version.claim.agency

    def opened(self, explanation: dict[str, Any]) -> dict[str, Any]:
        """The explanation's data with the address of every payroll row in it."""
        steps = [step for section in explanation["sections"] for step in section["steps"]]
        steps += explanation["waiting"]
        sources = [*explanation["periods"], *(step["source"] for step in steps if step["source"])]
        files = files_of(self._actor, self._agency, (source["file"] for source in sources))
        for source in sources:
            pk = files.get(source["file"])
            place = {"pk": pk, "row": source["row"]}
            source["url"] = pk and reverse("api:payroll-row", kwargs=place, request=self._request)
        return explanation


class ClaimAmountsView(ApiView):
    """The amounts of one claim."""

    @endpoint(
        "explain_claim_amounts",
        "Explain a claim's amounts",
        tag="Claims",
        scopes=SCOPES,
        answers={200: ClaimExplanationSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, number: str) -> Response:
        """Each amount as a sum over officers, what people left of the total, and the fiscal year so far.

        A claim that was not calculated yet has no explanation.
        """
        version = version_for(self.actor, number)
        calculation = version.calculation
        if calculation is None:
            raise NotFound("calculation")
        rules = rules_of(calculation)
        changes = changes_of(self.actor, version)
        told = {
            "claim": version.claim.number,
            "version": version.number,
            "quarter": version.claim.quarter,
            "as_of": calculation.as_of,
            "computed_at": calculation.computed_at,
            "sha256": calculation.sha256,
            "sections": [section_data(one, rules) for one in claim_explanation_of(calculation)],
            "allowed": changes and section_data(changes, rules),
            **{one.key: section_data(one, rules) for one in year_to_date(version)},
            "rules": [rule_data(rule) for rule in rules],
        }
        return Response(ClaimExplanationSerializer(told).data)

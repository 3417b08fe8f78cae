"""What a correction changes and what decisions made due, for machines to read."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Claim
from claims.selectors.claims import version_for
from claims.selectors.differences import difference_of, names_in
from claims.selectors.ledger import entries_for
from claims.selectors.linked import base_of, first_certified_at
from portal.accounts.api.views import ApiView
from portal.kernel.errors import NotFound
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import InstantField, MoneyField, QuarterField
from portal.web.api_paging import PAGE, page_of

SCOPES = ("claims:read",)


class AmountChangeSerializer(serializers.Serializer[Any]):
    """An amount before and after."""

    before = MoneyField()
    after = MoneyField()
    change = MoneyField(help_text="Negative when less is allowed than before.")


class ChangedOfficerSerializer(serializers.Serializer[Any]):
    """An officer of whom another amount is allowed than before."""

    officer_id = serializers.CharField()
    name = serializers.SerializerMethodField()
    regular_pay = AmountChangeSerializer(source="regular")
    benefits = AmountChangeSerializer()
    overtime = AmountChangeSerializer()
    total = AmountChangeSerializer()

    def get_name(self, officer: Any) -> str:
        """As the claim names them."""
        return str(self.context["names"][officer.officer_id])


class DifferencesSerializer(serializers.Serializer[Any]):
    """A linked claim beside the decided one that it corrects."""

    claim = serializers.CharField(source="base.number", help_text="The claim that is corrected.")
    first_certified_at = InstantField(help_text="When the quarter was claimed for the first time.")
    total = AmountChangeSerializer(source="changes.total")
    award = AmountChangeSerializer(source="changes.award")
    officers_unchanged = serializers.IntegerField(source="changes.unchanged")
    officers = ChangedOfficerSerializer(
        many=True, source="changes.officers", help_text="The largest difference first."
    )


class LedgerEntrySerializer(serializers.Serializer[Any]):
    """What a decision changed in what is due to the agency."""

    id = serializers.IntegerField()
    quarter = QuarterField()
    claim = serializers.CharField(source="version.claim.number")
    version = serializers.IntegerField(source="version.number")
    amount = MoneyField(help_text="Negative when less is allowed than before.")
    balance = MoneyField(help_text="After the entry: due above zero, a receivable below.")
    entered_at = InstantField()


class DifferencesView(ApiView):
    """What one linked claim changes."""

    @endpoint(
        "get_claim_differences",
        "Read what a correction changes",
        tag="Claims",
        scopes=SCOPES,
        answers={200: DifferencesSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, number: str) -> Response:
        """What is allowed now beside the decided claim that this one corrects, officer by officer.

        A claim that corrects no other has no differences, nor one that was not calculated yet.
        """
        version = version_for(self.actor, number)
        base: Claim | None = base_of(version.claim)
        if base is None or version.calculation is None:
            raise NotFound("correction")
        facts = {
            "base": base,
            "first_certified_at": first_certified_at(base),
            "changes": difference_of(self.actor, version, base),
        }
        names = names_in(base.version, version)
        return Response(DifferencesSerializer(facts, context={"names": names}).data)


class LedgerView(ApiView):
    """The agency's ledger."""

    @endpoint(
        "list_ledger",
        "List the entries of the ledger",
        tag="Claims",
        scopes=SCOPES,
        query=PAGE,
        answers={200: page_of("LedgerPage", LedgerEntrySerializer)},
    )
    def get(self, request: Request) -> Response:
        """What each decision made due, the oldest first. The last balance is the agency's."""
        return self.page(entries_for(self.actor).order_by("id"), ("id",), LedgerEntrySerializer)

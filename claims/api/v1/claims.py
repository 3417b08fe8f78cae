"""Claims for machines, to read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Claim, Hold, Packet, PacketFile
from claims.models.claim import KINDS, STATES
from claims.policies import offers
from claims.selectors.claims import claim_for, claims_for
from claims.selectors.holds import HOLDABLE, hold_on
from claims.selectors.lines import allowed_total, is_readable
from claims.selectors.packets import failure_of, main_file, own_copy, packets_of
from portal.accounts.api.views import ApiView
from portal.intake.api import QUARTER
from portal.web.api_endpoint import endpoint
from portal.web.api_fields import InstantField, MoneyField, QuarterField
from portal.web.api_paging import CHANGED_SINCE, PAGE, page_of

SCOPES = ("claims:read",)


class AwardSerializer(serializers.Serializer[Any]):
    """The performance award of the quarter."""

    status = serializers.CharField(source="award_status")
    officers = serializers.IntegerField(source="award_headcount")
    per_officer = MoneyField(source="award_per_officer")
    amount = MoneyField(source="award_amount")


class AmountsSerializer(serializers.Serializer[Any]):
    """What the version asks for, as it was calculated."""

    as_of = serializers.DateField(help_text="Lines paid after this day wait.")
    computed_at = InstantField()
    sha256 = serializers.CharField(help_text="Of the whole calculation; this is what is certified.")
    officers = serializers.IntegerField()
    waiting_lines = serializers.IntegerField(help_text="Payroll lines that are not paid yet.")
    regular_pay = MoneyField(source="regular")
    benefits = MoneyField()
    overtime_allowed = MoneyField()
    overtime_disallowed = MoneyField()
    reimbursement = MoneyField()
    award = AwardSerializer(source="*")
    total = MoneyField()


class CertificationSerializer(serializers.Serializer[Any]):
    """Who signed, as what, and exactly which calculation."""

    name = serializers.CharField()
    title = serializers.CharField()
    certified_at = InstantField()
    sha256 = serializers.CharField()
    wording_version = serializers.CharField()


class ClaimSerializer(serializers.Serializer[Any]):
    """What the agency asks for one quarter: the current version."""

    number = serializers.CharField()
    quarter = QuarterField()
    state = serializers.ChoiceField(STATES, source="version.state")
    version = serializers.IntegerField(source="version.number")
    nil = serializers.BooleanField(
        source="version.nil", help_text="The version says that there is nothing to claim."
    )
    opened_at = InstantField()
    changed_at = InstantField(source="version.changed_at")
    amounts = AmountsSerializer(
        source="version.calculation", allow_null=True, help_text="Null until it was calculated."
    )
    url = serializers.HyperlinkedIdentityField("api:claim", lookup_field="number")
    amounts_url = serializers.HyperlinkedIdentityField(
        "api:amounts", lookup_field="number", help_text="How the amounts came about."
    )
    lines_url = serializers.HyperlinkedIdentityField("api:lines", lookup_field="number")
    packet_url = serializers.HyperlinkedIdentityField("api:packet", lookup_field="number")


class PacketSerializer(serializers.Serializer[Any]):
    """One edition of the packet."""

    edition = serializers.ChoiceField(Packet.Edition.choices)
    appeals = serializers.IntegerField(help_text="Rulings on appeal that it has taken in.")
    requested_at = InstantField()
    made_at = InstantField(allow_null=True)
    is_ready = serializers.BooleanField(source="is_made", help_text="It can be fetched.")
    copy = serializers.SerializerMethodField(
        help_text="The copy that the key's owner gets unless another is asked for."
    )
    sha256 = serializers.SerializerMethodField(
        help_text="Of the PDF in that copy; null until it is made."
    )
    failure = serializers.SerializerMethodField(
        help_text="Why it could not be made; null while it may still be, and when it is there."
    )

    @extend_schema_field(serializers.ChoiceField(PacketFile.Copy.choices))
    def get_copy(self, packet: Packet) -> str:
        """By what the owner of the key may take out of the portal."""
        return own_copy(self.context["actor"]).value

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_sha256(self, packet: Packet) -> str | None:
        """The hash that the file must have."""
        file = main_file(packet, self.get_copy(packet)) if packet.is_made else None
        return None if file is None else file.document.sha256

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_failure(self, packet: Packet) -> str | None:
        """A stable code."""
        failure = failure_of(packet)
        return None if failure is None else failure.code


class HoldSerializer(serializers.Serializer[Any]):
    """Until when the claim is not decided, and why."""

    until_on = serializers.DateField(help_text="The last day of the hold; it ends by itself.")
    why = serializers.ChoiceField(Hold.Why.choices)
    note = serializers.CharField()


class RefusalSerializer(serializers.Serializer[Any]):
    """Why a step is not possible now, in the words and with the code that people get too."""

    code = serializers.CharField(help_text="Stable. Programs look at this.")
    message = serializers.CharField(help_text="What is wrong, for people.")
    fix = serializers.CharField(help_text="What to do next, for people.")


class ActionSerializer(serializers.Serializer[Any]):
    """A step of the claim's life that belongs to where it stands and to the agency's side."""

    code = serializers.CharField(source="action.code")
    label = serializers.CharField(source="action.label")  # type: ignore[assignment]  # a field, not the class's own
    possible = serializers.BooleanField(source="is_possible")
    refusal = RefusalSerializer(allow_null=True, help_text="Null when the step is possible.")

    class Meta:
        ref_name = "ClaimAction"


class ClaimDetailSerializer(ClaimSerializer):
    """One claim with its signature, what can happen to it now, and its packets."""

    kind = serializers.ChoiceField(
        KINDS, help_text="Amendments and supplements settle a difference."
    )
    follows = serializers.CharField(
        source="follows.number",
        allow_null=True,
        help_text="The number of the claim that this one corrects or adds to; null for an original.",
    )
    hold = serializers.SerializerMethodField(help_text="Null while nothing holds the claim.")
    allowed = serializers.SerializerMethodField(
        help_text="What is left of the total after the reviewers' adjustments, once the agency may read "
        "them; null until the claim was calculated."
    )
    actions = serializers.SerializerMethodField(
        help_text="The steps of the person behind the key. Only people do them: to a machine each is "
        "refused with the code person_only."
    )
    certification = serializers.SerializerMethodField(help_text="Null until somebody signed.")
    packets = serializers.SerializerMethodField(help_text="The newest first.")

    @extend_schema_field(CertificationSerializer(allow_null=True))
    def get_certification(self, claim: Claim) -> Any:
        """The signature under the current version."""
        signed = getattr(claim.version, "certification", None)
        return None if signed is None else CertificationSerializer(signed).data

    @extend_schema_field(HoldSerializer(allow_null=True))
    def get_hold(self, claim: Claim) -> Any:
        """The hold that keeps the claim from being decided today."""
        hold = hold_on(claim) if claim.version.state in HOLDABLE else None
        return None if hold is None else HoldSerializer(hold).data

    @extend_schema_field(MoneyField(allow_null=True))
    def get_allowed(self, claim: Claim) -> Any:
        """The total less what the agency may read that was taken from it."""
        version = claim.version
        if version.calculation is None:
            return None
        readable = is_readable(self.context["actor"], version)
        allowed = allowed_total(version) if readable else version.calculation.total
        return MoneyField().to_representation(allowed)

    @extend_schema_field(PacketSerializer(many=True))
    def get_packets(self, claim: Claim) -> Any:
        """The editions of the current version's packet."""
        return PacketSerializer(packets_of(claim.version), many=True, context=self.context).data

    @extend_schema_field(ActionSerializer(many=True))
    def get_actions(self, claim: Claim) -> Any:
        """What may happen to the claim now."""
        claim.version.claim = claim
        return ActionSerializer(offers(claim.version, self.context["actor"]), many=True).data


class ClaimsView(ApiView):
    """The agency's claims."""

    @endpoint(
        "list_claims",
        "List claims",
        tag="Claims",
        scopes=SCOPES,
        query=(QUARTER, CHANGED_SINCE, *PAGE),
        answers={200: page_of("ClaimPage", ClaimSerializer, changes=True)},
    )
    def get(self, request: Request) -> Response:
        """The agency's claims in the order of their quarters; what corrects a claim follows it."""
        rows = claims_for(self.actor).defer("version__calculation__content")
        if self.asked["quarter"]:
            rows = rows.filter(quarter=self.asked["quarter"])
        if since := self.asked["changed_since"]:
            rows = rows.filter(_changed_since(since))
        return self.page(rows, ("quarter", "sequence"), ClaimSerializer)


class ClaimView(ApiView):
    """One claim."""

    @endpoint(
        "get_claim",
        "Look at a claim",
        tag="Claims",
        scopes=SCOPES,
        answers={200: ClaimDetailSerializer},
        on_an_object=True,
        tagged=True,
    )
    def get(self, request: Request, number: str) -> Response:
        """Where the claim stands and what it asks for. Only a person moves it on."""
        claim = claim_for(self.actor, number)
        context = {"request": request, "actor": self.actor}
        return Response(ClaimDetailSerializer(claim, context=context).data)


def _changed_since(since: datetime) -> Q:
    """Moved on, calculated anew, or with a new packet."""
    packets = Packet.objects.filter(version=OuterRef("version"))
    new = packets.filter(Q(requested_at__gte=since) | Q(made_at__gte=since))
    return (
        Q(version__changed_at__gte=since)
        | Q(version__calculation__computed_at__gte=since)
        | Q(Exists(new))
    )

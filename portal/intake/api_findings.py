"""Findings in the API: what was found, why it matters, and the answers to warnings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from portal.intake.justifying import LONGEST, answers_of, open_warnings
from portal.intake.models import Batch, BatchFinding
from portal.kernel.errors import NotFound
from portal.kernel.findings import Kind, Severity
from portal.web.api_endpoint import Code, Parameter
from portal.web.api_fields import (
    InstantField,
    StrictSerializer,
    TextField,
    WholeField,
    one_of,
)

F = TypeVar("F", bound=BatchFinding)

MOST_ANSWERED = 1_000

SEVERITY = Parameter(
    "severity",
    "Only findings of this severity.",
    Severity,
    {"type": "string", "enum": [severity.value for severity in Severity]},
)
NOT_A_WARNING = Code("not_a_warning", 400, "Only warnings can be answered.")
NOT_KEPT_ANSWER = Code(
    "justification_not_kept", 400, "The text holds what looks like a personal number."
)
NO_TEXT = Code("justification_required", 400, "An answer needs a text.")
NO_WARNING = Code("not_found", 404, "The file has no such warning, or none without an answer.")
ANSWERING = (NOT_A_WARNING, NO_TEXT, NOT_KEPT_ANSWER, NO_WARNING)


class AnswerSerializer(serializers.Serializer[Any]):
    """Why a warning is in order."""

    text = serializers.CharField()
    by = serializers.CharField(source="user.name")
    at = InstantField()
    reference = serializers.CharField(help_text="The file it was first given for.")


class FindingPageSerializer(serializers.ListSerializer[Any]):
    """The findings of a page: their answers are looked up together."""

    def to_representation(self, data: Any) -> Any:
        found = list(data)
        asked = {finding.fingerprint for finding in found if _is_warning(finding)}
        answers = answers_of(self.context["batch"].agency_id, asked) if asked else {}
        for finding in found:
            finding.answer = answers.get(finding.fingerprint) if _is_warning(finding) else None
        return super().to_representation(found)


class FindingSerializer(serializers.Serializer[Any]):
    """One thing found in a file. Its `code` is stable; the words are for people.

    The context holds the `batch` and the `kinds` of findings there can be.
    """

    number = serializers.IntegerField(help_text="Its place in the report, from 1; errors first.")
    code = serializers.CharField()
    severity = serializers.ChoiceField([severity.value for severity in Severity])
    row = serializers.IntegerField(allow_null=True, help_text="1 is the first line of the file.")
    column = serializers.CharField()
    value = serializers.CharField(help_text="What stands there; sensitive values are masked.")
    expected = serializers.CharField()
    message = serializers.CharField()
    why = serializers.SerializerMethodField(help_text="Why it matters.")
    fix = serializers.CharField()
    dollars = serializers.CharField()
    officer_id = serializers.CharField()
    ext = serializers.DictField(child=serializers.CharField(), help_text="The row's ext_ columns.")
    answer = AnswerSerializer(allow_null=True, help_text="Null unless it is an answered warning.")

    class Meta:
        list_serializer_class = FindingPageSerializer

    @extend_schema_field(serializers.CharField())
    def get_why(self, finding: BatchFinding) -> str:
        """Why findings of this code matter; empty for one that is no longer made."""
        kinds: Mapping[str, Kind] = self.context["kinds"]
        kind = kinds.get(finding.code)
        return kind.why if kind else ""


class AnswersSerializer(StrictSerializer):
    """Which warnings are in order, and why. Say either `findings` or `code`."""

    together = one_of("findings", "code")

    text = TextField(max_length=LONGEST, help_text="Why they are in order, in a sentence or two.")
    findings = serializers.ListField(
        child=WholeField(min_value=1, max_value=BatchFinding.STORED),
        min_length=1,
        max_length=MOST_ANSWERED,
        required=False,
        help_text="The `number` of each.",
    )
    code = TextField(max_length=40, required=False, help_text="All of this code without an answer.")
    officer_id = TextField(max_length=100, required=False, help_text="Only this officer's.")

    def validate(self, attrs: Any) -> Any:
        """One way to name them, not both."""
        if ("findings" in attrs) == ("code" in attrs):
            raise ValidationError("Send either findings or code.", code="one_of")
        return attrs


class AnsweredSerializer(serializers.Serializer[Any]):
    """How many warnings of the file got an answer, and how many still wait for one."""

    answered = serializers.IntegerField()
    open = serializers.IntegerField()


def warnings_meant(batch: Batch, findings: QuerySet[F], sent: Mapping[str, Any]) -> list[F]:
    """The findings of a file that answers were sent for; NotFound if one of them does not exist."""
    if "officer_id" in sent:
        findings = findings.filter(officer_id=sent["officer_id"])
    if "findings" in sent:
        numbers = set(sent["findings"])
        meant = list(findings.filter(number__in=numbers))
        if len(meant) < len(numbers):
            raise NotFound("finding in this file")
        return meant
    if not (meant := list(open_warnings(batch.agency_id, findings).filter(code=sent["code"]))):
        raise NotFound("warning without an answer")
    return meant


def _is_warning(finding: BatchFinding) -> bool:
    return finding.severity == Severity.WARNING

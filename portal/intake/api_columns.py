"""Matched columns in the API: what a file's own columns are, and what an agency said before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.api.views import ApiView
from portal.intake.matching import Options
from portal.intake.models import Batch, ColumnMapping
from portal.kernel.errors import Refused
from portal.kernel.tabular.mapping import Gap, Mapping, Target, problems_of
from portal.web.api_endpoint import Code, Parameter, endpoint
from portal.web.api_fields import InstantField, StrictSerializer, TextField
from portal.web.api_paging import PAGE, page_of

MOST_COLUMNS, MOST_CODES = 200, 500
LONGEST = 500

NOT_AT_HAND = Code(
    "columns_not_at_hand", 409, "The file has the template's columns, or nothing of it was kept."
)
INCOMPLETE = Code("mapping_incomplete", 400, "Something needed is matched to no column.")
KIND = Parameter(
    "kind",
    "Only those of rosters, or of payroll.",
    ColumnMapping.Kind,
    {"type": "string", "enum": list(ColumnMapping.Kind.values)},
)


_TEXTS = {"type": "object", "additionalProperties": {"type": "string", "maxLength": LONGEST}}


@extend_schema_field(_TEXTS)
class _Texts(serializers.DictField):
    child = TextField(allow_blank=True, max_length=LONGEST)

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def run_child_validation(self, data: Any) -> Any:
        """The texts by name; ValidationError for too many, or for a name that is too long."""
        if len(data) > self.most or any(len(name) > LONGEST for name in data):
            raise ValidationError("There are too many of them, or a name is too long.", "too_long")
        return super().run_child_validation(data)


@extend_schema_field({**_TEXTS, "minProperties": 1, "maxProperties": MOST_COLUMNS})
class _Roles(_Texts):
    """At least one, and no more than a file has columns."""


class MatchedSerializer(StrictSerializer):
    """What each column and each pay code is. Roles are those that the GET of this address lists."""

    columns = _Roles(
        MOST_COLUMNS,
        allow_empty=False,
        help_text="The role of each of the file's columns; an empty text for one that is not needed.",
    )
    codes = _Texts(
        MOST_CODES,
        required=False,
        help_text="The role of each pay code, if there is such a column.",
    )
    fixed = _Texts(MOST_CODES, required=False, help_text="Values for the whole file.")


class ColumnSerializer(serializers.Serializer[Any]):
    """One column of the file, with some of its values."""

    name = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())
    codes = serializers.DictField(
        child=serializers.IntegerField(), help_text="Its values with their rows, if they are few."
    )
    role = serializers.CharField(help_text="What it most likely is; empty if it is not needed.")


class RoleSerializer(serializers.Serializer[Any]):
    """Something a column or a code can be. Where `role` ends in a colon, a name may follow."""

    role = serializers.CharField()
    # The framework takes fields out of the class, so its own `label` stays what it is.
    label = serializers.CharField()  # type: ignore[assignment]
    group = serializers.CharField()


class ValueSerializer(serializers.Serializer[Any]):
    """A value that can be said for the whole file."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the class's own
    help = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField(), help_text="Empty: any value.")
    value = serializers.CharField(help_text="What is said, or suggested.")


class GapSerializer(serializers.Serializer[Any]):
    """What is still missing or contradictory."""

    message = serializers.CharField(source="text")
    fix = serializers.CharField()
    column = serializers.CharField()


class ColumnsSerializer(serializers.Serializer[Any]):
    """The columns of a file, what they most likely are, and what they can be."""

    rows = serializers.IntegerField()
    columns = ColumnSerializer(many=True)
    codes = serializers.DictField(
        child=serializers.CharField(), help_text="The suggested role of each pay code."
    )
    dropped = serializers.ListField(
        child=serializers.CharField(), help_text="Sensitive columns that were not kept."
    )
    gaps = GapSerializer(many=True, help_text="What this suggestion still lacks.")
    roles = RoleSerializer(many=True)
    code_roles = RoleSerializer(many=True)
    fixed = ValueSerializer(many=True)


class ColumnMappingSerializer(serializers.Serializer[Any]):
    """One version of how the agency's own files are read."""

    kind = serializers.ChoiceField(ColumnMapping.Kind.choices)
    number = serializers.IntegerField(help_text="`mapping` of an upload names it.")
    signature = serializers.CharField(help_text="The same for the same column names.")
    columns = serializers.SerializerMethodField()
    codes = serializers.SerializerMethodField()
    fixed = serializers.SerializerMethodField()
    created_at = InstantField()
    created_by = serializers.CharField(source="created_by.name")

    def get_columns(self, stored: ColumnMapping) -> dict[str, str]:
        """The role of each column."""
        return dict(Mapping.of_json(stored.content).columns)

    def get_codes(self, stored: ColumnMapping) -> dict[str, str]:
        """The role of each pay code."""
        return dict(Mapping.of_json(stored.content).codes)

    def get_fixed(self, stored: ColumnMapping) -> dict[str, str]:
        """The values said for whole files."""
        return dict(Mapping.of_json(stored.content).fixed)


class ColumnMappingsView(ApiView):
    """How the agency's own files are read."""

    @endpoint(
        "list_column_mappings",
        "List matched columns",
        tag="Payroll",
        scopes=("payroll:write", "roster:write"),
        query=(KIND, *PAGE),
        answers={200: page_of("ColumnMappingPage", ColumnMappingSerializer)},
    )
    def get(self, request: Request) -> Response:
        """Every version of the agency's matched columns. The latest of a signature is used."""
        rows = ColumnMapping.objects.filter(agency=self.agency).select_related("created_by")
        if self.asked["kind"]:
            rows = rows.filter(kind=self.asked["kind"])
        return self.page(rows, ("kind", "number"), ColumnMappingSerializer)


def columns_of(batch: Batch, target: Target) -> dict[str, Any]:
    """What is known of a file's columns; refused when nothing is."""
    if not batch.sample:
        raise Refused(
            NOT_AT_HAND.code,
            "The columns of this file are not at hand: they are the template's own, or nothing was kept.",
            "Nothing needs to be matched, or the file must be sent again.",
        )
    sample = json.loads(batch.sample)
    likely = Mapping.of_json(
        batch.mapping.content if batch.mapping else json.dumps(sample["suggested"])
    )
    roles = dict(likely.columns)
    return {
        "rows": sample["rows"],
        "columns": [
            {
                "name": name,
                "values": sample["values"].get(name, ()),
                "codes": sample["distinct"].get(name, {}),
                "role": roles.get(name, ""),
            }
            for name in sample["header"]
        ],
        "codes": dict(likely.codes),
        "dropped": sample["dropped"],
        "gaps": _gaps(target, likely),
        "roles": _roles(target.options()),
        "code_roles": _roles(target.code_options()),
        "fixed": [
            {
                "name": fixed.name,
                "label": fixed.label,
                "help": fixed.help,
                "choices": [value for value, _ in fixed.choices],
                "value": likely.value(fixed.name),
            }
            for fixed in target.fixed
        ],
    }


def mapping_of(batch: Batch, sent: dict[str, Any]) -> Mapping:
    """What was sent as a mapping of the file, as far as its columns are known.

    Columns that were not named are not needed; ValidationError for those the file does not have.
    """
    roles: dict[str, str] = sent["columns"]
    header = json.loads(batch.sample)["header"] if batch.sample else list(roles)
    unknown = {
        name: [serializers.ErrorDetail("The file has no such column.", code="unknown_column")]
        for name in roles.keys() - set(header)
    }
    if unknown:
        raise ValidationError({"columns": unknown})
    columns = tuple((name, roles.get(name, "")) for name in header)
    try:
        return Mapping(columns, _pairs(sent.get("codes")), _pairs(sent.get("fixed")))
    except ValueError:
        raise ValidationError(
            {"codes": ["A code is named twice, in other letters."]}, code="named_twice"
        ) from None


def _pairs(texts: dict[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple((texts or {}).items())


def _gaps(target: Target, mapping: Mapping) -> list[Gap]:
    return problems_of(target, mapping)


def _roles(options: Options) -> Iterable[dict[str, str]]:
    return [
        {"role": role, "label": label, "group": group}
        for group, offered in options
        for role, label in offered
    ]

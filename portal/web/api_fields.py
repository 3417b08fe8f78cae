"""How the program's values travel in the API: quarters by name, money as text, no field unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.kernel import money
from portal.kernel.quarter import Quarter

#: Fiscal years the API takes; others are slips of the hand.
FIRST_YEAR, LAST_YEAR = 2020, 2099
QUARTER_SCHEMA = {"type": "string", "pattern": "^FY20[2-9][0-9]Q[1-4]$", "example": "FY2026Q1"}
MONEY_SCHEMA = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "example": "1234.50"}


def read_quarter(text: str) -> Quarter:
    """The quarter called `text`; ValueError when there is none the portal deals with."""
    quarter = Quarter.parse(text)
    if not FIRST_YEAR <= quarter.fiscal_year <= LAST_YEAR:
        raise ValueError(f"the portal knows the fiscal years {FIRST_YEAR} to {LAST_YEAR}")
    return quarter


@extend_schema_field(QUARTER_SCHEMA)
class QuarterField(serializers.Field[Quarter, str, str, Any]):
    """A federal fiscal quarter, `FY2026Q1`."""

    default_error_messages = {"invalid": "Write the fiscal quarter like FY2026Q1."}

    def to_internal_value(self, data: Any) -> Quarter:
        """The quarter that was named."""
        try:
            return read_quarter(data if isinstance(data, str) else "")
        except ValueError:
            self.fail("invalid")

    def to_representation(self, value: Quarter) -> str:
        """The quarter's name."""
        return str(value)


@extend_schema_field(MONEY_SCHEMA)
class MoneyField(serializers.Field[int, Any, str, Any]):
    """An amount: whole cents inside, `1234.50` outside. It is only ever sent out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: int) -> str:
        """Dollars and cents as text, so that no program reads them as a binary fraction."""
        return money.text(value)


class InstantField(serializers.DateTimeField):
    """An instant in UTC, whatever time zone a page before was shown in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class TextField(serializers.CharField):
    """Text that was sent as text; the framework would take a number for one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """The text as it is."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeField(serializers.IntegerField):
    """A whole number that was sent as one; the framework would take a text or 1.0 for it."""

    def to_internal_value(self, data: Any) -> int:
        """The number as it is."""
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


def any_of(*names: str) -> dict[str, Any]:
    """JSON Schema for at least one of these fields."""
    return {"anyOf": [{"required": [name]} for name in names]}


def one_of(*names: str) -> dict[str, Any]:
    """JSON Schema for exactly one of these fields."""
    return {"oneOf": [{"required": [name]} for name in names]}


class StrictSchema(OpenApiSerializerExtension):
    """Says in the OpenAPI document that there are no other fields, and which go with which."""

    target_class = "portal.web.api_fields.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """The object as the framework describes it, closed."""
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, **self.target.together, "additionalProperties": False}


class StrictSerializer(serializers.Serializer[Any]):
    """Input in which a field nobody knows is a mistake, not something to pass over.

    `together` is JSON Schema for which of the fields there must be.
    """

    together: ClassVar[Mapping[str, Any]] = {}

    def to_internal_value(self, data: Any) -> Any:
        """The values of the known fields; ValidationError names every other one."""
        unknown = (
            [name for name in data if name not in self.fields] if hasattr(data, "keys") else []
        )
        if unknown:
            error = serializers.ErrorDetail("There is no such field.", code="unknown_field")
            raise serializers.ValidationError({str(name)[:100]: [error] for name in unknown})
        return super().to_internal_value(data)

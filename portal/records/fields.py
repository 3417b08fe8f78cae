"""Columns for the program's own values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from portal.kernel.quarter import Quarter

if TYPE_CHECKING:
    # Django's fields are generic for the type checker only: what may be set, what is read.
    _QuarterColumn = models.CharField[Quarter | str, Quarter]
else:
    _QuarterColumn = models.CharField


class CentsField(models.BigIntegerField):
    """An amount of US dollars in whole cents."""

    description = "Whole cents"


class QuarterField(_QuarterColumn):
    """A federal fiscal quarter, stored as `FY2026Q1`; its text order is its order in time."""

    description = "Federal fiscal quarter"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 8
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_: Any) -> Quarter | None:
        return None if value is None else Quarter.parse(value)

    def to_python(self, value: Any) -> Quarter | None:
        if value is None or isinstance(value, Quarter):
            return value
        try:
            return Quarter.parse(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)

"""Long lists in pages that stay put: each page says where the next one begins."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kernel import clock
from portal.kernel.errors import BadInput
from portal.web.api_endpoint import Parameter
from portal.web.api_fields import InstantField

LARGEST_PAGE = 1000
_INTEGERS = {
    "PositiveSmallIntegerField": range(2**15),
    "PositiveIntegerField": range(2**31),
    "BigAutoField": range(2**63),
}


def _read_size(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise ValueError("write a whole number from 1")
    return LARGEST_PAGE if len(text) > 9 else min(int(text), LARGEST_PAGE)


PAGE = (
    Parameter(
        "cursor",
        "Where the page begins. Take it from `next`, or leave it away for the first page.",
        str,
        {"type": "string", "maxLength": 500},
    ),
    Parameter(
        "page_size",
        f"Rows per page; more than {LARGEST_PAGE} are {LARGEST_PAGE}.",
        _read_size,
        {"type": "integer", "minimum": 1, "default": 100},
        default=100,
    ),
)
"""The query parameters of every endpoint that answers with `page`."""

#: What is saved in a transaction that is not over yet must not be missed by the next question.
BEING_SAVED = timedelta(minutes=1)


def _read_instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write an instant like 2026-01-20T15:00:00Z") from None
    if instant.tzinfo is None:
        raise ValueError("end it with Z, or with its time zone, the + written as %2B")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("the portal knows no such year") from None


CHANGED_SINCE = Parameter(
    "changed_since",
    "Only what changed at or after this instant. Take it from `as_of` of the answer before.",
    _read_instant,
    {"type": "string", "format": "date-time", "example": "2026-01-20T15:00:00Z"},
)


def page(
    request: Request,
    asked: Mapping[str, Any],
    rows: QuerySet[Any],
    by: Sequence[str],
    serializer: type[serializers.BaseSerializer[Any]],
    context: Mapping[str, Any],
) -> Response:
    """The page of `rows` that was asked for, in the order of the columns `by`, unique together."""
    as_of = clock.now() - BEING_SAVED
    rows = rows.order_by(*by)
    if asked["cursor"] is not None:
        rows = rows.filter(_after(by, _read_cursor(asked["cursor"], rows, by)))
    found = list(rows[: asked["page_size"] + 1])
    following = None
    if len(found) > asked["page_size"]:
        found.pop()
        following = _address(request, [getattr(found[-1], name) for name in by])
    shown = serializer(found, many=True, context={"request": request, **context}).data
    told = {"as_of": InstantField().to_representation(as_of)} if CHANGED_SINCE.name in asked else {}
    return Response({"results": shown, "next": following, **told})


def page_of(
    name: str, row: type[serializers.BaseSerializer[Any]], *, changes: bool = False
) -> serializers.Serializer[Any]:
    """The schema of such a page; `changes` if one may ask for those changed since an instant."""
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {
        "results": row(many=True),
        "next": serializers.URLField(
            allow_null=True, help_text="The address of the next page; null on the last."
        ),
    }
    if changes:
        fields["as_of"] = InstantField(
            help_text="Send that of the first page as `changed_since` next time. It lies a minute back, "
            "for the sake of what was just being saved."
        )
    return inline_serializer(name, fields)


def _address(request: Request, place: Sequence[Any]) -> str:
    known = [value if isinstance(value, int) else str(value) for value in place]
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    params = request.query_params.copy()
    params["cursor"] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def _after(by: Sequence[str], place: Sequence[Any]) -> Q:
    """Later than `place` by the first column, or equal in it and later by the next, and so on."""
    later, equal = Q(), Q()
    for name, value in zip(by, place, strict=True):
        later |= equal & Q(**{f"{name}__gt": value})
        equal &= Q(**{name: value})
    return later


def _read_cursor(text: str, rows: QuerySet[Any], by: Sequence[str]) -> Sequence[Any]:
    kinds = [rows.model._meta.get_field(name).get_internal_type() for name in by]
    try:
        place = json.loads(base64.b64decode(text.encode() + b"==", altchars=b"-_"))
    except (ValueError, RecursionError):
        place = None
    if (
        not isinstance(place, list)
        or len(place) != len(by)
        or not all(map(_could_be, kinds, place))
    ):
        raise BadInput(
            "bad_parameter",
            "The query parameter cursor cannot be read.",
            "Take the address of the next page from `next`, as it is.",
        )
    return place


def _could_be(kind: str, value: Any) -> bool:
    if kind in _INTEGERS:
        return type(value) is int and value in _INTEGERS[kind]
    return isinstance(value, str) and value.isprintable()

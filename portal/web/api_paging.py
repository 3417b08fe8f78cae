"""Long lists in pages that stay put: each page says where the next one begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.web.api_endpoint import Parameter

LARGEST_PAGE = 1000
_INTEGER_LIMIT = 2**31


def _read_size(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise ValueError("write a whole number from 1")
    return min(int(text[:12]), LARGEST_PAGE)


def _read_cursor(text: str) -> str:
    try:
        place = base64.urlsafe_b64decode(text.encode("ascii") + b"==").decode()
    except (binascii.Error, UnicodeError):
        place = ""
    if not place or not place.isprintable():
        raise ValueError("take the address of the next page from `next` as it is")
    return place


PAGE = (
    Parameter(
        "cursor",
        "Where the page begins; comes with `next`.",
        _read_cursor,
        {"type": "string", "maxLength": 500},
    ),
    Parameter(
        "page_size",
        f"Rows per page, at most {LARGEST_PAGE}.",
        _read_size,
        {"type": "integer", "minimum": 1, "default": 100},
        default=100,
    ),
)
"""The query parameters of every endpoint that answers with `page`."""


def page(
    request: Request,
    asked: dict[str, Any],
    rows: QuerySet[Any],
    by: str,
    serialize: Callable[[list[Any]], Any],
) -> Response:
    """The page of `rows` that was asked for, in the order of the unique column `by`."""
    rows = rows.order_by(by)
    if asked["cursor"] is not None:
        rows = rows.filter(**{f"{by}__gt": _place(rows, by, asked["cursor"])})
    size = asked["page_size"]
    found = list(rows[: size + 1])
    following = None
    if len(found) > size:
        found.pop()
        place = base64.urlsafe_b64encode(str(getattr(found[-1], by)).encode()).decode().rstrip("=")
        params = request.query_params.copy()
        params["cursor"] = place
        following = request.build_absolute_uri(f"{request.path}?{params.urlencode()}")
    return Response({"results": serialize(found), "next": following})


def _place(rows: QuerySet[Any], by: str, cursor: str) -> str | int:
    if rows.model._meta.get_field(by).get_internal_type() != "PositiveIntegerField":
        return cursor
    # A number PostgreSQL cannot hold lies after every row; nobody was given such a cursor.
    number = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 11 else 0
    return min(number, _INTEGER_LIMIT - 1)


def page_of(name: str, row: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The schema of such a page."""
    return inline_serializer(
        name,
        {
            "results": row(many=True),
            "next": serializers.URLField(
                allow_null=True, help_text="The address of the next page; null on the last."
            ),
        },
    )

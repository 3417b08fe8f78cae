"""Long lists in pages that stay put: each page says where the next one begins."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kernel.errors import BadInput
from portal.web.api_endpoint import Parameter

LARGEST_PAGE = 1000
_INTEGERS = range(2**31)


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


def page(
    request: Request,
    asked: Mapping[str, Any],
    rows: QuerySet[Any],
    by: Sequence[str],
    serializer: type[serializers.BaseSerializer[Any]],
) -> Response:
    """The page of `rows` that was asked for, in the order of the columns `by`, unique together."""
    rows = rows.order_by(*by)
    if asked["cursor"] is not None:
        rows = rows.filter(_after(by, _read_cursor(asked["cursor"], rows, by)))
    found = list(rows[: asked["page_size"] + 1])
    following = None
    if len(found) > asked["page_size"]:
        found.pop()
        following = _address(request, [getattr(found[-1], name) for name in by])
    shown = serializer(found, many=True, context={"request": request}).data
    return Response({"results": shown, "next": following})


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
    if kind == "PositiveIntegerField":
        return type(value) is int and value in _INTEGERS
    return isinstance(value, str) and value.isprintable()

"""What a machine may send: JSON without surprises, and files that are not too large."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from itertools import chain
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.serializers import BaseSerializer

from portal.kernel.errors import Refused
from portal.kernel.tabular.table import MAX_BYTES, MAX_ROWS

#: The deepest body the API knows is an object with a list of objects; room is left for mistakes
#: that are better explained row by row.
MAX_DEPTH = 8
#: Objects and lists of the largest body: a row each, and what a mistaken program puts inside.
MAX_PARTS = 2 * MAX_ROWS + 100_000
#: Names in one object; a row has a column each.
MAX_NAMES = 10_000
#: What a multipart body may have beside its file: fields and boundaries.
ENVELOPE_BYTES = 64 * 1024

_NESTS = frozenset({dict, list})
# Escapes of characters that PostgreSQL cannot store, or that stand for no character at all.
_SUSPICIOUS = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class StrictJsonParser(BaseParser):
    """JSON in UTF-8: no key twice, no NaN, no text that cannot be stored, not too deep."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        """The document in the body; ParseError says what is wrong with it.

        The body is read through Django, which refuses too much of it, and stays readable for
        whoever keeps it as it was sent.
        """
        content_length(parser_context["request"])
        request = parser_context["request"]._request
        charset = request.content_params.get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(
                str(media_type)[:100], detail="JSON is taken in UTF-8, without another charset."
            )
        return read_json(request.body)


class BoundedMultiPartParser(MultiPartParser):
    """Forms with a file, refused before they are read when they are larger than any file may be."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        """The fields and files of the body."""
        if content_length(parser_context["request"]) > MAX_BYTES + ENVELOPE_BYTES:
            raise RequestDataTooBig
        return super().parse(stream, media_type, parser_context)


class LengthRequired(Refused):
    """A body whose length nobody said: it would be taken for an empty one."""

    status = 411


def refuse_unreadable_body(request: Any) -> None:
    """Refuse a body that comes compressed, or in chunks, which what serves the portal takes for none."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise UnsupportedMediaType(
            encoding[:60], detail="The body is compressed; the portal takes it as it is."
        )
    if request.META.get("HTTP_TRANSFER_ENCODING") and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired(
            "length_required",
            "The request has a body, but no Content-Length.",
            "Send the body in one piece, with its Content-Length.",
        )


def valid(serializer: BaseSerializer[Any]) -> dict[str, Any]:
    """The values of a body; ValidationError names the wrong ones."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def content_length(request: Any) -> int:
    """How long the body is said to be; ParseError when that is no number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise ParseError("The Content-Length is not a number.")
    return int(length[:20])


def read_json(body: bytes) -> Any:
    """The document in `body`; ParseError when it is not JSON, or JSON that means two things."""
    if body.count(b"{") + body.count(b"[") > MAX_PARTS:
        raise ParseError("The body holds more objects and lists than any file may have rows.")
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ParseError("The body is not UTF-8.") from None
    except RecursionError:
        raise ParseError("The body is nested too deeply.") from None
    except ValueError as error:
        raise ParseError(f"The body is not valid JSON: {str(error)[:200]}") from None
    _check_depth(value)
    if _SUSPICIOUS.search(text):
        _check_texts(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_NAMES:
        raise ValueError(f"an object has more than {MAX_NAMES:,} names")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has the same key twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _check_depth(value: Any) -> None:
    # One level after the other, each in one go: most bodies are ten thousand small objects.
    level, depth = _parts(value), 0
    while not _NESTS.isdisjoint(map(type, level)):
        depth += 1
        if depth == MAX_DEPTH:
            raise ParseError("The body is nested too deeply.")
        level = list(chain.from_iterable(map(_parts, level)))


def _check_texts(value: Any) -> None:
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            _check_text(one)
        elif isinstance(one, dict):
            stack += [*one, *one.values()]
        elif isinstance(one, list):
            stack += one


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ParseError("A text holds the character NUL, which nobody means to send.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ParseError("A text holds half of a surrogate pair, which is no character.") from None


def _parts(value: Any) -> Collection[Any]:
    if type(value) is dict:
        return value.values()
    return value if type(value) is list else ()

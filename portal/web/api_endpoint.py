"""What an endpoint takes and answers, said once: checked on requests and printed as OpenAPI."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from portal.kernel.errors import BadInput
from portal.web.problems import MEDIA_TYPE

Handler = TypeVar("Handler", bound=Callable[..., Any])

#: Further down one reads on with the next page.
PARAMETER_CHARACTERS = 500


class Code(NamedTuple):
    """One stable code of a problem, the status it comes with, and when it comes."""

    code: str
    status: int
    when: str


ANY = (
    Code(
        "unknown_parameter", 400, "The address has a query parameter this endpoint does not know."
    ),
    Code("bad_parameter", 400, "A query parameter has a value that cannot be read."),
    Code(
        "not_authenticated", 401, "There is no bearer token, or it is unknown, expired or revoked."
    ),
    Code("insufficient_scope", 403, "The token lacks the scope that this endpoint needs."),
    Code(
        "key_without_owner", 403, "The person who answers for the key no longer serves the agency."
    ),
    Code("not_allowed", 403, "The person who answers for the key may not do this."),
    Code("not_acceptable", 406, "The Accept header asks for a format this endpoint does not have."),
    Code(
        "too_many_requests", 429, "The minute's requests are used up; see the Retry-After header."
    ),
    Code("unavailable", 503, "The database is out of reach; nothing was saved. Try again later."),
)
ON_AN_OBJECT = (Code("not_found", 404, "There is no such thing, or it belongs to another agency."),)
WITH_A_BODY = (
    Code("malformed", 400, "The body is not what its Content-Type says, or not strict JSON."),
    Code("invalid", 400, "Fields are missing, unknown or wrong; `errors` names each of them."),
    Code("length_required", 411, "The body came in chunks, without a Content-Length."),
    Code("too_large", 413, "The body is larger than 25 MB."),
    Code(
        "unsupported_media_type",
        415,
        "The Content-Type, its charset or a Content-Encoding is not taken here.",
    ),
)
ONCE = (
    Code("bad_idempotency_key", 400, "The Idempotency-Key is empty, too long or not plain ASCII."),
    Code("idempotency_key_in_flight", 409, "The first request with this key is not finished yet."),
    Code("idempotency_key_reused", 422, "The key was used before for another request."),
)
UNLESS_CHANGED = (Code("stale", 412, "If-Match names another state of it than the present one."),)
UNLESS_SEEN = (
    *UNLESS_CHANGED,
    Code("if_match_required", 428, "The request does not say which state of it was seen."),
)
EVERYWHERE = (
    Code("bad_request", 400, "The request cannot be read at all."),
    Code("method_not_allowed", 405, "The address does not know the method; see the Allow header."),
    Code("server_error", 500, "The portal made a mistake. It is recorded; nothing was saved."),
)
"""Problems outside any one endpoint's contract."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter. `read` turns its text into a value and raises ValueError for nonsense."""

    name: str
    help: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    default: Any = None


def read_flag(text: str) -> bool:
    """`true` or `false`; ValueError for anything else."""
    if text not in ("true", "false"):
        raise ValueError("write true or false")
    return text == "true"


DRY_RUN = Parameter(
    "dry_run",
    "Only check: nothing of the file will count.",
    read_flag,
    {"type": "boolean", "default": False},
    default=False,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one method of one address takes. `scopes`: any one of them will do; none: no token.

    `queues`: it sets a job going. `tagged`: its answer has an entity tag.
    """

    scopes: Sequence[str] = ()
    query: Sequence[Parameter] = field(default_factory=tuple)
    queues: bool = False
    tagged: bool = False

    def read_query(self, params: Any) -> dict[str, Any]:
        """The values of the query parameters, read; BadInput for an unknown or unreadable one."""
        known = {parameter.name: parameter for parameter in self.query}
        unknown = sorted(set(params) - known.keys())
        if unknown:
            raise BadInput(
                "unknown_parameter",
                f"There is no query parameter {shown(unknown[0])} here.",
                f"Known are: {', '.join(known) or 'none'}.",
            )
        return {name: _value(known[name], params) for name in known}


def shown(text: str) -> str:
    """A client's own words as an answer may repeat them: short and on one line."""
    return "“" + "".join(c if c.isprintable() else "�" for c in text[:60]) + "”"


def _value(parameter: Parameter, params: Any) -> Any:
    texts = params.getlist(parameter.name)
    if not texts:
        return parameter.default
    try:
        if len(texts) > 1:
            raise ValueError("it is given more than once")
        if len(texts[0]) > PARAMETER_CHARACTERS or not texts[0].isprintable():
            raise ValueError("it is too long or has characters nobody can type")
        return parameter.read(texts[0])
    except ValueError as error:
        raise BadInput(
            "bad_parameter",
            f"The query parameter {parameter.name} cannot be read: {str(error)[:200]}.",
            parameter.help,
        ) from None


class ErrorSerializer(serializers.Serializer[Any]):
    """One wrong value of a body."""

    pointer = serializers.CharField(help_text="JSON Pointer (RFC 6901) to it; empty for the body.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField(help_text="Always about:blank; `code` tells problems apart.")
    title = serializers.CharField(help_text="The words HTTP has for the status.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable. Programs look at this.")
    detail = serializers.CharField(help_text="What happened, for people.")
    fix = serializers.CharField(required=False, help_text="What to do next, for people.")
    # The framework takes fields out of the class, so its own `errors` stays what it is.
    errors = ErrorSerializer(many=True, required=False)  # type: ignore[assignment]

    class Meta:
        ref_name = "Problem"


def endpoint(
    operation: str,
    summary: str,
    *,
    answers: Mapping[Any, Any],
    scopes: Sequence[str] = (),
    query: Sequence[Parameter] = (),
    body: Any = None,
    once: bool = False,
    on_an_object: bool = False,
    queues: bool = False,
    tagged: bool = False,
    if_match: Sequence[Code] = (),
    problems: Sequence[Code] = (),
    headers: Sequence[OpenApiParameter] = (),
    tag: str,
) -> Callable[[Handler], Handler]:
    """Say what a view's method takes and answers.

    `once`: it honours Idempotency-Key. `on_an_object`: its path names something that may not exist.
    `queues` and `tagged` as for `Endpoint`. `if_match`: UNLESS_CHANGED if it honours the header, and
    UNLESS_SEEN if it asks for it.
    """
    codes = [
        *(code for code in ANY if scopes or code.status not in (401, 403)),
        *(ON_AN_OBJECT if on_an_object else ()),
        *(WITH_A_BODY if body is not None else ()),
        *(ONCE if once else ()),
        *if_match,
        *problems,
    ]

    def mark(handler: Handler) -> Handler:
        # Read by the view.
        handler.endpoint = Endpoint(scopes, query, queues, tagged)  # type: ignore[attr-defined]
        documented = extend_schema(
            operation_id=operation,
            summary=summary,
            description=inspect.getdoc(handler) or "",
            tags=[tag],
            request=body,
            parameters=[
                *(_documented(parameter) for parameter in query),
                *([IDEMPOTENCY_KEY] if once else ()),
                *([IF_MATCH] if if_match else ()),
                *([IF_NONE_MATCH, ETAG] if tagged else ()),
                *headers,
                RETRY_AFTER,
            ],
            responses={
                **answers,
                **({304: NOT_MODIFIED} if tagged else {}),
                **_problem_answers(codes),
            },
            extensions={"x-problems": [code._asdict() for code in codes]},
        )
        return documented(handler)

    return mark


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Any unique text, such as a UUID. A repeated request gets the first one's answer.",
)

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The ETag of what was seen: if it has changed since, nothing is done (412).",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The ETag of what is known: if it is still so, the answer is 304 without a body.",
)
ETAG = OpenApiParameter(
    "ETag",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="Changes with everything the answer says.",
    response=[200, 304],
)
NOT_MODIFIED = OpenApiResponse(description="It is as If-None-Match says.")
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="Seconds to wait before the same request.",
    response=[429, 503],
)


def _documented(parameter: Parameter) -> OpenApiParameter:
    return OpenApiParameter(
        parameter.name,
        dict(parameter.schema),
        OpenApiParameter.QUERY,
        description=parameter.help,
    )


def _problem_answers(codes: Sequence[Code]) -> dict[tuple[int, str], OpenApiResponse]:
    by_status: dict[int, list[Code]] = {}
    for code in codes:
        by_status.setdefault(code.status, []).append(code)
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            ProblemSerializer,
            description="\n".join(f"- `{code.code}`: {code.when}" for code in there),
        )
        for status, there in sorted(by_status.items())
    }

"""The API's exceptions as problem+json: Django REST framework's `EXCEPTION_HANDLER`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from portal.kernel.tabular.sensitive import without_personal_numbers
from portal.web.problems import MEDIA_TYPE, Problem, problem_of

logger = logging.getLogger(__name__)

#: The stable code and what to do, for each exception of the framework.
_KNOWN: tuple[tuple[type[exceptions.APIException], str, str], ...] = (
    (exceptions.ParseError, "malformed", "Send what the API documentation shows."),
    (exceptions.NotAuthenticated, "not_authenticated", "Send a bearer token that is in force."),
    (exceptions.AuthenticationFailed, "not_authenticated", "Ask for a new token."),
    (exceptions.PermissionDenied, "not_allowed", "Use a token with the scope this needs."),
    (exceptions.NotFound, "not_found", "Check the address and the agency of your token."),
    (exceptions.MethodNotAllowed, "method_not_allowed", "Use a method the Allow header names."),
    (exceptions.NotAcceptable, "not_acceptable", "Accept application/json."),
    (
        exceptions.UnsupportedMediaType,
        "unsupported_media_type",
        "Send JSON or multipart, as it is.",
    ),
    (exceptions.Throttled, "throttled", "Wait as long as the Retry-After header says."),
)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem response for an exception raised in an API view; `None` lets it be a 500."""
    problem = _problem(error)
    if problem is None:
        return None
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("The database failed an API request.", exc_info=error)
    set_rollback()
    if request := context.get("request"):
        # A problem is JSON, whatever the client wanted to get.
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
    return Response(
        problem.as_json(),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=MEDIA_TYPE,
    )


def _problem(error: Exception) -> Problem | None:
    if isinstance(error, exceptions.ValidationError):
        return Problem(
            error.status_code,
            "invalid",
            "Some values cannot be taken.",
            "Correct the fields named in `errors`.",
            more={"errors": list(_errors("", error.get_full_details()))},
        )
    if not isinstance(error, exceptions.APIException):
        return problem_of(error)
    code, fix = next(
        ((code, fix) for kind, code, fix in _KNOWN if isinstance(error, kind)),
        (str(error.default_code), ""),
    )
    return Problem(error.status_code, code, str(error.detail), fix, headers=_headers(error))


def _errors(place: str, details: Any) -> Iterator[dict[str, str]]:
    """One entry per wrong value; `pointer` is its JSON pointer (RFC 6901) in what was sent."""
    match details:
        case {"message": message, "code": code} if isinstance(code, str):
            yield {"pointer": place, "code": code, "detail": str(message)}
        case dict():
            for name, below in details.items():
                step = "" if name == "non_field_errors" else f"/{_escaped(str(name))}"
                yield from _errors(place + step, below)
        case list():
            for position, below in enumerate(details):
                single = isinstance(below, dict) and set(below) == {"message", "code"}
                yield from _errors(place if single else f"{place}/{position}", below)


def _escaped(name: str) -> str:
    # A name may be somebody's number; a problem repeats none.
    return without_personal_numbers(name).replace("~", "~0").replace("/", "~1")


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers

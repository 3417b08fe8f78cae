"""What went wrong, said once: as RFC 9457 problem+json to machines, as a page to people.

A problem has a stable `code`, words on what happened and on what to do next. Nothing here tells a
stranger more than that: no stack, no query, no other agency's names.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.web.show import wants_fragment

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what happened (`detail`), what to do (`fix`), further JSON members (`more`)."""

    status: int
    code: str
    detail: str
    fix: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The words HTTP has for the status, as RFC 9457 asks for type `about:blank`."""
        return HTTPStatus(self.status).phrase

    def as_json(self) -> dict[str, Any]:
        """The members of the problem document."""
        document = {
            **self.more,
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        return {**document, "fix": self.fix} if self.fix else document


BAD_REQUEST = Problem(
    400,
    "bad_request",
    "The portal could not read the request.",
    "Go back, reload the page and try again.",
)
CSRF_FAILED = Problem(
    403,
    "csrf_failed",
    "This form was open too long, or your browser did not send its cookie. Nothing was saved.",
    "Go back, reload the page and send it again. Cookies must be allowed for this site.",
)
TOO_LARGE = Problem(
    413,
    "too_large",
    "What you sent is larger than the portal takes.",
    "Files may have up to 25 MB. Split a larger one by pay period.",
)
UNAVAILABLE = Problem(
    503,
    "unavailable",
    "The portal's database is busy or out of reach at the moment.",
    "Try again in a minute. Look first whether your last step was saved; earlier ones are safe.",
    headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
)
SERVER_ERROR = Problem(
    500,
    "server_error",
    "The portal made a mistake. It has been recorded.",
    "Look whether your last step was saved, then try again. If it happens again, tell the program "
    "office what you were doing and when.",
)

_NOT_ALLOWED = NotAllowed(
    "not_allowed",
    "Your role does not let you do this.",
    "Ask an administrator of your agency, or the program office.",
)


def problem_of(error: Exception) -> Problem | None:
    """The problem an exception stands for; `None` for one that nobody foresaw."""
    match error:
        case Refused():
            wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
            return Problem(error.status, error.code, error.message, error.fix, headers=wait)
        case Http404():
            return problem_of(NotFound())
        case PermissionDenied():
            return problem_of(_NOT_ALLOWED)
        case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent():
            return TOO_LARGE
        case SuspiciousOperation():
            return BAD_REQUEST
        case OperationalError():
            return UNAVAILABLE
    return None


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as the caller can take it: JSON for the API, an alert for htmx, else a page."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse(problem.as_json(), status=problem.status, content_type=MEDIA_TYPE)
    elif wants_fragment(request):
        response = HttpResponse(
            render_to_string("components/problem.html", {"problem": problem}),
            status=problem.status,
        )
    elif problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Without the request no context processor runs: what they need may be what is broken.
        response = HttpResponse(
            render_to_string("500.html", {"problem": problem}), status=problem.status
        )
    else:
        response = render(request, _page(problem), {"problem": problem}, status=problem.status)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def _page(problem: Problem) -> str:
    if problem.code == CSRF_FAILED.code:
        return "403_csrf.html"
    return f"{problem.status}.html" if problem.status in (403, 404) else "400.html"


class ProblemMiddleware:
    """Turns refusals and outages that leave a view into an answer; last in `MIDDLEWARE`."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An answer for a problem that was foreseen; the others take Django's road to a 500."""
        problem = problem_of(error)
        if problem is None:
            return None
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.error("The database failed a request.", exc_info=error)
        return answer(request, problem)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400` of the URL configuration."""
    return answer(request, problem_of(exception) or BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403` of the URL configuration."""
    return answer(request, problem_of(exception) or problem_of(_NOT_ALLOWED) or BAD_REQUEST)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler404` of the URL configuration."""
    return answer(request, problem_of(exception) or BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500` of the URL configuration; its page leans on nothing that may be broken.

    An outage that a middleware ran into, such as the session's, comes by here instead of `problem_of`.
    """
    error = sys.exc_info()[1]
    return answer(request, UNAVAILABLE if isinstance(error, OperationalError) else SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`. The reason stays out of the page: it helps only an attacker."""
    return answer(request, CSRF_FAILED)

"""What went wrong, told to a person, to htmx and to a machine."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework import exceptions, serializers

from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.web import api_problems, problems
from portal.web.problems import ProblemMiddleware, problem_of

SAME_PERSON = Refused("same_person", "You prepared this claim.", "Ask a certifier.")


def failing(error: Exception, path: str = "/claims/1/", **headers: str) -> HttpResponse | None:
    """What the middleware answers when the view at `path` raises `error`."""
    request = RequestFactory().get(path, headers=headers)
    return ProblemMiddleware(lambda request: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (SAME_PERSON, 409, "same_person"),
        (NotAllowed("not_allowed", "No."), 403, "not_allowed"),
        (NotFound("claim"), 404, "not_found"),
        (BadInput("bad_date", "Not a date."), 400, "bad_date"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_allowed"),
        (SuspiciousOperation("x"), 400, "bad_request"),
        (RequestDataTooBig("x"), 413, "too_large"),
        (OperationalError("connection refused"), 503, "unavailable"),
    ],
)
def test_each_foreseen_error_has_a_status_and_a_code(
    error: Exception, status: int, code: str
) -> None:
    problem = problem_of(error)
    assert problem is not None
    assert (problem.status, problem.code) == (status, code)


def test_an_unforeseen_error_is_nobodys_problem() -> None:
    assert problem_of(ValueError("bug")) is None
    assert failing(ValueError("bug")) is None


def test_a_machine_gets_problem_json() -> None:
    response = failing(SAME_PERSON, "/api/v1/claims/1/")
    assert response is not None
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "code": "same_person",
        "detail": "You prepared this claim.",
        "fix": "Ask a certifier.",
    }


def test_a_person_gets_a_page_with_words_and_a_way_on() -> None:
    response = failing(SAME_PERSON)
    assert response is not None
    assert response.status_code == 409
    page = response.content.decode()
    assert "<h1>You prepared this claim.</h1>" in page
    assert "Ask a certifier." in page
    assert "Skip to main content" in page


def test_htmx_gets_an_alert_without_a_page() -> None:
    response = failing(SAME_PERSON, hx_request="true")
    assert response is not None
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "<html" not in page


def test_an_outage_says_when_to_come_back_and_nothing_of_its_cause() -> None:
    response = failing(OperationalError("host=10.0.0.7 password=secret"), "/api/v1/claims/")
    assert response is not None
    assert response["Retry-After"] == "30"
    assert b"secret" not in response.content
    page = failing(OperationalError("host=10.0.0.7"))
    assert page is not None
    assert page.status_code == 503
    assert b"10.0.0.7" not in page.content


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: problems.bad_request(request, Exception()), 400),
        (lambda request: problems.permission_denied(request, PermissionDenied()), 403),
        (lambda request: problems.page_not_found(request, Http404()), 404),
        (problems.server_error, 500),
        (lambda request: problems.csrf_failure(request, reason="origin"), 403),
    ],
)
@pytest.mark.parametrize("path", ["/claims/", "/api/v1/claims/"])
def test_the_error_views_answer_in_the_callers_tongue(view, status: int, path: str) -> None:
    response = view(RequestFactory().get(path))
    assert response.status_code == status
    machine = response["Content-Type"] == "application/problem+json"
    assert machine is path.startswith("/api/")


def test_the_500_page_needs_nothing_of_the_request() -> None:
    response = problems.server_error(HttpRequest())
    assert b"The portal made a mistake" in response.content


class Row(serializers.Serializer):
    officer_id = serializers.CharField()


class Batch(serializers.Serializer):
    quarter = serializers.CharField()
    rows = Row(many=True)


def test_wrong_values_are_pointed_at() -> None:
    batch = Batch(data={"rows": [{"officer_id": "1"}, {}]})
    batch.is_valid()
    response = api_problems.handle(exceptions.ValidationError(batch.errors), {})
    assert response is not None
    assert response.status_code == 400
    assert response.data["code"] == "invalid"
    assert [(error["pointer"], error["code"]) for error in response.data["errors"]] == [
        ("/quarter", "required"),
        ("/rows/1/officer_id", "required"),
    ]


def test_an_error_of_the_whole_points_at_the_whole() -> None:
    response = api_problems.handle(exceptions.ValidationError("Send a file or rows."), {})
    assert response is not None
    assert response.data["errors"] == [
        {"pointer": "", "code": "invalid", "detail": "Send a file or rows."}
    ]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/x"), 415, "unsupported_media_type"),
        (exceptions.Throttled(wait=2.5), 429, "throttled"),
        (SAME_PERSON, 409, "same_person"),
        (Http404(), 404, "not_found"),
    ],
)
def test_the_frameworks_errors_have_codes_too(error: Exception, status: int, code: str) -> None:
    response = api_problems.handle(error, {})
    assert response is not None
    assert (response.status_code, response.data["code"]) == (status, code)


def test_who_is_throttled_learns_for_how_long() -> None:
    response = api_problems.handle(exceptions.Throttled(wait=2.5), {})
    assert response is not None
    assert response["Retry-After"] == "4"


def test_a_bug_in_the_api_is_left_to_be_a_500() -> None:
    assert api_problems.handle(ValueError("bug"), {}) is None

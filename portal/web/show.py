"""One answer for two callers: the whole page for a browser, its changing part for htmx."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

#: htmx swaps this answer in and then stops polling.
STOP_POLLING = 286


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; boosted links and history want it whole."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def show(
    request: HttpRequest,
    page: str,
    *,
    fragment: str | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render `page`, or `fragment` when htmx asks; a form with errors is shown with status 422."""
    template = fragment if fragment is not None and wants_fragment(request) else page
    response = render(request, template, context, status=status)
    if fragment is not None:
        # One address, two answers: no cache may give the part for the page (back button).
        patch_vary_headers(response, ["HX-Request"])
    return response


def show_progress(
    request: HttpRequest, fragment: str, *, ended: bool, **context: Any
) -> HttpResponse:
    """Answer one poll of a running job; the poll that finds it ended is the last."""
    status = STOP_POLLING if ended else 200
    response = render(request, fragment, {**context, "ended": ended}, status=status)
    response["Cache-Control"] = "no-store"
    return response

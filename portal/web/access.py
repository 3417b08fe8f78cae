"""Who may open a page at all: every view is for somebody signed in, and is marked as such."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from portal.kernel.errors import Refused
from portal.web.show import wants_fragment


class ActorRequest(HttpRequest):
    """A request that passed `signed_in`.

    `actor` is a `portal.accounts.policies.Actor`; this floor does not know that type.
    """

    actor: Any


View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Let a view see only people who signed in; others sign in first and come back.

    The answer is never kept by a cache: the next person at the computer must not see it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        if actor is None:
            return _sign_in(request)
        if request.method == "POST":
            _check_capacity(request, actor)
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    guarded.is_guarded = True  # type: ignore[attr-defined]  # read by the test that walks all URLs
    return guarded


def capacity(actor: Any) -> str:
    """For whom an actor acts, as forms carry it: an agency's key, or nothing off the agency side."""
    return str(actor.agency.pk) if actor.agency else ""


def _check_capacity(request: HttpRequest, actor: Any) -> None:
    """Refuse a form that was opened for one agency and sent while acting for another."""
    shown_for = request.POST.get("acting_for")
    if shown_for is not None and shown_for != capacity(actor):
        raise Refused(
            "acting_for_another",
            "You now act for another agency than the one this form was opened for. Nothing was saved.",
            "Choose the agency at the top of the page, open the form again and send it.",
        )


def _sign_in(request: HttpRequest) -> HttpResponse:
    if wants_fragment(request):
        # A part of a page cannot be swapped for the sign-in page; the browser goes there whole.
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url("account_login")})
    return redirect_to_login(request.get_full_path())
